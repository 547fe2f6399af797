//! The rows of a text: what is read, and what is told of what is not.

use rpa_engine::Value;

use super::*;

fn rows(text: &str, format: Format) -> Vec<Vec<(String, Cell)>> {
    read(text.as_bytes(), format).expect(text).into_cells().collect()
}

fn problems(text: &[u8], format: Format) -> Vec<Problem> {
    read(text, format).expect_err("it has problems")
}

fn text(name: &str, text: &str) -> (String, Cell) {
    (name.to_owned(), Cell::Text(text.to_owned()))
}

fn typed(name: &str, value: impl Into<Value>) -> (String, Cell) {
    (name.to_owned(), Cell::Typed(value.into()))
}

#[test]
fn a_csv_has_a_header_and_texts() {
    let csv = "\u{feff}name, size\r\n\"a, b\", 7\r\n\r\n\"two\nlines\",\r\n";
    let wanted = [
        [text("name", "a, b"), text("size", " 7")],
        [text("name", "two\nlines"), text("size", "")],
    ];
    assert_eq!(rows(csv, Format::Csv), wanted);
    assert!(rows("name\n", Format::Csv).is_empty());
}

#[test]
fn lists_have_types() {
    let json = r#"[{"n": 7, "l": [1.5, null]}, {"m": "x"}]"#;
    let yaml = "- {n: 7, l: [1.5, ~]}\n- m: x\n";
    let list = Value::List(vec![Value::Float(1.5), Value::Null]);
    for (text, format) in [(json, Format::Json), (yaml, Format::Yaml)] {
        let wanted =
            [vec![typed("l", list.clone()), typed("n", Value::Int(7))], vec![typed("m", "x")]];
        assert_eq!(rows(text, format), wanted, "{format:?}");
        assert!(rows("[]", format).is_empty());
    }
    // YAML 1.2
    let words = rows("- {a: no, c: 'true', d: yes, e: 9007199254740993}", Format::Yaml);
    let wanted = [
        typed("a", "no"),
        typed("c", "true"),
        typed("d", "yes"),
        typed("e", Value::Int(9_007_199_254_740_993)),
    ];
    assert_eq!(words, [wanted]);
}

#[test]
fn every_problem_has_its_row_and_column() {
    let csv = b"good,Bad,good\n1,2,3\n1,2\n\n1,\xff,3\n1,2,3,4\n";
    let fields = |row, line, fields| Problem::Fields { row, line, fields, columns: 3 };
    let wanted = [
        Problem::Name { row: 0, column: Some(2), name: "Bad".into(), why: NameError::Ident },
        Problem::NameTwice { column: 3, name: "good".into() },
        fields(2, 3, 2),
        Problem::Encoding { row: 3, line: 5, column: "Bad".into() },
        fields(4, 6, 4),
    ];
    assert_eq!(problems(csv, Format::Csv), wanted);
    for (text, format) in [
        (r#"[{"a": 1}, 7, {"B": 1}, {"B": 2}, []]"#, Format::Json),
        ("- a: 1\n- 7\n- B: 1\n- B: 2\n- []\n", Format::Yaml),
    ] {
        let wanted = [
            Problem::NoObject { row: 2 },
            Problem::Name { row: 3, column: None, name: "B".into(), why: NameError::Ident },
            Problem::NoObject { row: 5 },
        ];
        assert_eq!(problems(text.as_bytes(), format), wanted, "{format:?}");
    }
    let deep = format!("[{{\"a\": {}1{}}}]", "[".repeat(64), "]".repeat(64));
    assert_eq!(
        problems(deep.as_bytes(), Format::Json),
        [Problem::Deep { row: 1, column: "a".into() }]
    );
}

#[test]
fn what_is_no_list_of_rows_is_told_as_such() {
    assert_eq!(problems(b"", Format::Csv), [Problem::NoHeader]);
    for format in [Format::Json, Format::Yaml] {
        for text in ["{\"a\": 1}", "7", "-7", "1.5", "\"text\"", "true", "null"] {
            assert_eq!(problems(text.as_bytes(), format), [Problem::NoList], "{format:?} {text}");
        }
        assert_eq!(problems(b"\xff", format), [Problem::NoText]);
        let broken = problems(b"[{\"a\": 1},\n {\"a\": [}]", format);
        assert!(
            matches!(&broken[..], [Problem::Syntax { error }] if error.contains("line 2")),
            "{broken:?}"
        );
    }
    assert!(matches!(&problems(b"[] []", Format::Json)[..], [Problem::Syntax { .. }]));
    assert!(matches!(&problems(b"[]\n---\n[]", Format::Yaml)[..], [Problem::Syntax { .. }]));
}

#[test]
fn a_small_text_cannot_become_a_large_one() {
    let mut bomb = String::from("- &a0 {a: [x, x, x, x, x, x, x, x, x, x]}\n");
    for i in 1..12 {
        let before = vec![format!("*a{}", i - 1); 10].join(", ");
        bomb.push_str(&format!("- &a{i} {{a: [{before}]}}\n"));
    }
    assert!(matches!(&problems(bomb.as_bytes(), Format::Yaml)[..], [Problem::Syntax { .. }]));
}

#[test]
fn many_problems_are_counted() {
    let found = problems(format!("a\n{}", "1,2\n".repeat(50)).as_bytes(), Format::Csv);
    assert_eq!(found.len(), MOST_PROBLEMS + 1);
    assert_eq!(found.last(), Some(&Problem::Further(30)));
}

#[test]
fn a_hundred_thousand_rows_are_read() {
    let csv: String = std::iter::once("a,b\n".to_owned())
        .chain((0..100_000).map(|n| format!("{n},text\n")))
        .collect();
    assert_eq!(read(csv.as_bytes(), Format::Csv).unwrap().len(), 100_000);
}
