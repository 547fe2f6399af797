//! Filters, tests and functions.

use std::collections::BTreeSet;

use super::{error_of, value_of};
use crate::expr::filters::environment;
use crate::expr::{FILTERS, FUNCTIONS, TESTS};

const ROWS: &str = r#"{"x": [{"h": "b", "n": 2}, {"h": "a", "n": 1}, {"h": "b", "n": 3}]}"#;

fn check(cases: &[(&str, &str)], scope: &str) {
    for (source, value) in cases {
        assert_eq!(value_of(source, scope), *value, "{source}");
    }
}

#[test]
fn the_tables_are_what_is_registered() {
    // minijinja lists neither filters nor tests except in its debug output
    let shown = format!("{:?}", environment());
    let names = |section: &str| -> BTreeSet<String> {
        let (_, rest) = shown.split_once(&format!("{section}: [")).expect(section);
        let (list, _) = rest.split_once(']').expect("end");
        list.split(',').map(|name| name.trim().trim_matches('"').to_owned()).collect()
    };
    let table = |table: &[(&str, &str)]| -> BTreeSet<String> {
        table.iter().map(|(name, _)| (*name).to_owned()).collect()
    };
    let mut filters = names("filters");
    for guard in ["_cat", "_num", "_slice", "_term"] {
        assert!(filters.remove(guard), "{guard}");
    }
    assert_eq!(filters, table(FILTERS));
    assert_eq!(names("tests"), table(TESTS));
    let globals: BTreeSet<_> = environment().globals().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(globals, table(FUNCTIONS));
}

#[test]
fn examples_of_the_table_hold() {
    let mut checked = 0;
    for (_, doc) in FILTERS.iter().chain(FUNCTIONS) {
        let Some((_, rest)) = doc.split_once('`') else { continue };
        let Some((source, after)) = rest.split_once('`') else { continue };
        let Some(value) = after.strip_prefix(" is ") else { continue };
        let value = value.split(" (").next().unwrap_or(value);
        let value = value.split(';').next().unwrap_or(value);
        assert_eq!(value_of(source, "{}"), value_of(value, "{}"), "{doc}");
        checked += 1;
    }
    assert!(checked > 40, "only {checked} have an example");
}

#[test]
fn text() {
    check(
        &[
            ("'a\nb\r\n\nc\n' | lines", r#"["a","b","","c"]"#),
            ("'' | lines", "[]"),
            ("' a  b ' | split", r#"["a","b"]"#),
            ("'a,b,c' | split(',', 1)", r#"["a","b,c"]"#),
            ("' a  b c' | split(none, 1)", r#"["a","b c"]"#),
            ("'a b\tc' | columns", r#"["a","b","c"]"#),
            ("'xaxa' | replace('a', 'b')", r#""xbxb""#),
            ("'xaxa' | replace('a', 'b', 1)", r#""xbxa""#),
            ("'aa' | replace('', '-')", r#""-a-a-""#),
            ("'--a-' | trim('-')", r#""a""#),
            ("[1, 'a', none, true, [2]] | join(', ')", r#""1, a, , true, [2]""#),
            ("[1, 2] | join(d='')", r#""12""#),
            ("[1] | string ~ 1.0 | string", r#""[1]1.0""#),
            ("true | upper", r#""TRUE""#),
            ("['b', 'A'] | map('upper') | join", r#""BA""#),
            ("'é/ü' | urlencode", r#""%C3%A9/%C3%BC""#),
            ("'abc' | reverse", r#""cba""#),
            ("'ab' | list", r#"["a","b"]"#),
            ("'abc' | first ~ 'abc' | last", r#""ac""#),
            ("'0x1f' | int(base=16) + '7' | int + 'z' | int(default=1)", "39"),
            ("'éa' | length", "2"),
        ],
        "{}",
    );
}

#[test]
fn lists_and_maps() {
    check(
        &[
            ("x | map(attribute='n') | list", "[2,1,3]"),
            ("x | sort(attribute='n') | map(attribute='h') | join", r#""abb""#),
            ("x | sort(attribute='n', reverse=true) | first", r#"{"h":"b","n":3}"#),
            ("x | sum(attribute='n')", "6"),
            ("[1, 2.5] | sum", "3.5"),
            ("[] | sum", "0"),
            ("x | selectattr('n', 'gt', 1) | list | length", "2"),
            ("x | rejectattr('h', 'eq', 'b')", r#"[{"h":"a","n":1}]"#),
            ("[1, 2, 3] | select('odd') | list", "[1,3]"),
            ("[1, 2, 3] | reject('in', [1])", "[2,3]"),
            ("['ab', 'b'] | select('startingwith', 'a')", r#"["ab"]"#),
            ("['a1', 'b'] | select('matching', '[0-9]')", r#"["a1"]"#),
            (
                "x | groupby('h')",
                r#"[{"grouper":"a","list":[{"h":"a","n":1}]},{"grouper":"b","list":[{"h":"b","n":2},{"h":"b","n":3}]}]"#,
            ),
            ("x | map(attribute='h') | unique | sort", r#"["a","b"]"#),
            ("x | map(attribute='z', default=0) | sum", "0"),
            ("x | max(attribute='n') == x | last", "true"),
            ("[3, 1] | min", "1"),
            ("x[0] | items", r#"[["h","b"],["n",2]]"#),
            ("x[0] | dictsort(by='value') | first", r#"["n",2]"#),
            ("x[0] | keys + x[0] | values", r#"["h","n","b",2]"#),
            ("[1, 2, 3] | batch(2, 0)", "[[1,2],[3,0]]"),
            ("[1, 2, 3, 4] | slice(3)", "[[1,2],[3],[4]]"),
            ("[1, 2] | zip(['a', 'b', 'c'], [true, false])", r#"[[1,"a",true],[2,"b",false]]"#),
            ("range(1, 10, 4) + range(3, 0, -2)", "[1,5,9,3,1]"),
            ("dict(a=1, b=x[0].n)", r#"{"a":1,"b":2}"#),
            ("{'a': 1} | attr('a')", "1"),
            ("[[1, 2], [3]] | map('length') | list", "[2,1]"),
            ("x is sequence and x[0] is mapping and x[0].h is string", "true"),
        ],
        ROWS,
    );
}

#[test]
fn data() {
    check(
        &[
            ("{'b': [1, none], 'a': 'q\"'} | tojson", r#""{\"a\":\"q\\\"\",\"b\":[1,null]}""#),
            ("'a' | tojson", r#""\"a\"""#),
            ("[1] | tojson(indent=true)", r#""[\n  1\n]""#),
            (r#"'{"a": [1, 1.5, true, null]}' | fromjson"#, r#"{"a":[1,1.5,true,null]}"#),
            ("'18446744073709551615' | fromjson", "1.8446744073709552e19"),
            ("x | tocsv", r#""h,n\nb,2\na,1\nb,3\n""#),
            ("x | tocsv(columns=['n'])", r#""n\n2\n1\n3\n""#),
            ("[[1, 'a,b'], [none, 'q\"']] | tocsv", r#""1,\"a,b\"\n,\"q\"\"\"\n""#),
            ("[] | tocsv", r#""""#),
            ("'h,n\na,1\n\"b,c\",2\n' | fromcsv", r#"[{"h":"a","n":"1"},{"h":"b,c","n":"2"}]"#),
            ("'a;1\nb;2' | fromcsv(header=false, delimiter=';')", r#"[["a","1"],["b","2"]]"#),
            ("'' | fromcsv", "[]"),
            ("'héllo' | b64encode | b64decode", r#""héllo""#),
        ],
        ROWS,
    );
    for source in ["'{' | fromjson", "'a,b\n1' | fromcsv", "'!' | b64decode", "1 | fromjson"] {
        error_of(source, "{}");
    }
}

#[test]
fn patterns() {
    check(
        &[
            ("'a12b3' | regex_find('[0-9]+')", r#""12""#),
            ("'abc' | regex_find('[0-9]+')", "null"),
            ("'k=v' | regex_captures('(\\\\w)=(\\\\w)(z)?')", r#"["k=v","k","v",null]"#),
            ("'k=v' | regex_captures('(?P<key>\\\\w)=')", r#"{"key":"k"}"#),
            ("'abc' | regex_captures('x')", "null"),
            ("'a1b22' | regex_replace('([0-9]+)', '<$1>')", r#""a<1>b<22>""#),
            ("'a, b;c' | regex_split('[,;] *')", r#"["a","b","c"]"#),
            ("'abc' | regex_test('^b') or 'abc' is matching '^a'", "true"),
            ("'Zürich' | regex_test('^\\\\w+$')", "true"),
        ],
        "{}",
    );
    let message = error_of("'a' | regex_find('(')", "{}").to_string();
    assert!(message.contains("unclosed group"), "{message}");
}

#[test]
fn paths_sizes_and_times() {
    check(
        &[
            ("['/a/b.txt', 'b', '/', '/a/', ''] | map('basename')", r#"["b.txt","b","/","a",""]"#),
            (
                "['/a/b.txt', 'b', '/', '/a/', '/a//b'] | map('dirname')",
                r#"["/a",".","/","/","/a"]"#,
            ),
            (
                "[0, 1023, 1024, 1536, 1048570, 5e9] | map('filesizeformat')",
                r#"["0 bytes","1023 bytes","1.0 KiB","1.5 KiB","1.0 MiB","4.7 GiB"]"#,
            ),
            (
                "'2026-01-31T12:30:00+02:00' | strftime('%d.%m.%Y %H:%M %z')",
                r#""31.01.2026 12:30 +0200""#,
            ),
            ("'2026-01-31T12:30:00Z' | strftime('%H:%M')", r#""12:30""#),
            ("'2026-01-31T12:30:00' | timestamp", "1769862600"),
            ("'2026-01-31' | strftime('%A')", r#""Saturday""#),
            ("'2026-07-01T12:00[Europe/Sofia]' | timestamp", "1782896400"),
            ("60 | strftime('%H:%M:%S')", r#""00:01:00""#),
        ],
        "{}",
    );
    for source in ["'soon' | timestamp", "'2026-01-01' | strftime('%')", "[] | strftime('%Y')"] {
        error_of(source, "{}");
    }
}
