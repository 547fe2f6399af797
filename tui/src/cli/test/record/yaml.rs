//! Writing a file of tests, so that people like to read it and YAML reads the same.

use rpa_config::testfile::{Ending, Given, GivenEvent, Resolve, Test, Try, Votes};
use rpa_config::units::stamp;
use rpa_engine::{Map, Value};

use super::super::judge::time;

/// Widest document that stands on one line, in characters.
const WIDE: usize = 80;

/// The file with one test. `head` are the comments at its top.
pub(super) fn write(head: &[String], workflow: Option<&str>, test: &Test) -> String {
    let mut text = String::new();
    for line in head {
        text.push_str(format!("# {}", printable(line)).trim_end());
        text.push('\n');
    }
    text.push_str("\nversion: 1\n");
    if let Some(workflow) = workflow {
        text.push_str(&format!("workflow: {}\n", scalar(workflow)));
    }
    text.push_str("tests:\n  - name: ");
    text.push_str(&scalar(&test.name.value));
    text.push('\n');
    field(&mut text, 4, "run", &test.run.map_or(Value::Null, |run| Value::text(run.to_string())));
    field(&mut text, 4, "now", &Value::text(stamp(test.now_ms)));
    let variables = test.variables.iter();
    let variables = variables.map(|(name, value)| (name.to_string(), value.value.clone()));
    map(&mut text, "variables", &variables.collect());
    let secrets = test.secrets.iter();
    map(&mut text, "secrets", &secrets.map(|(n, v)| (n.to_string(), Value::text(v))).collect());
    if let Some(ms) = test.cancel_ms {
        field(&mut text, 4, "cancel_after", &Value::text(time(ms)));
    }
    if !test.steps.is_empty() {
        text.push_str("    steps:\n");
    }
    for (pattern, given) in &test.steps {
        let results = match given {
            Given::Always(this) => result(this),
            Given::InTurn(tries) => Value::List(tries.iter().map(result).collect()),
        };
        field(&mut text, 6, &pattern.value.to_string(), &results);
    }
    expect(&mut text, test);
    text
}

fn expect(text: &mut String, test: &Test) {
    let expect = &test.expect;
    text.push_str("    expect:\n");
    field(text, 6, "status", &Value::from(expect.status.word()));
    if let Some(error) = &expect.error {
        field(text, 6, "error", &Value::Map(error.clone()));
    }
    if let Some(path) = &expect.path {
        let path = path.iter().map(|step| Value::text(step.value.as_str())).collect();
        field(text, 6, "path", &Value::List(path));
    }
    if let Some(outputs) = &expect.outputs {
        field(text, 6, "outputs", &Value::Map(outputs.clone()));
    }
}

fn map(text: &mut String, key: &str, fields: &Map) {
    if !fields.is_empty() {
        field(text, 4, key, &Value::Map(fields.clone()));
    }
}

fn result(this: &Try) -> Value {
    let mut fields = Map::new();
    match &this.ending {
        Ending::Output(output) => _ = fields.insert("output".into(), output.clone()),
        Ending::Failed { error, output, started } => {
            let mut fail = Map::from([
                ("class".to_owned(), Value::text(error.class.word())),
                ("code".to_owned(), Value::text(&error.code)),
                ("message".to_owned(), Value::text(&error.message)),
            ]);
            if !started {
                fail.insert("started".into(), Value::Bool(false));
            }
            fields.insert("fail".into(), Value::Map(fail));
            if *output != Value::Null {
                fields.insert("output".into(), output.clone());
            }
        }
        Ending::TimedOut => _ = fields.insert("timeout".into(), Value::Bool(true)),
        Ending::Lost => _ = fields.insert("lost".into(), Value::Bool(true)),
        Ending::Cancelled => _ = fields.insert("cancelled".into(), Value::Bool(true)),
        Ending::Approved(said) => _ = fields.insert("approve".into(), votes(said)),
        Ending::Rejected(said) => _ = fields.insert("reject".into(), votes(said)),
        Ending::Event(came) => _ = fields.insert("event".into(), event(came)),
    }
    if this.takes_ms > 0 {
        fields.insert("takes".into(), Value::text(time(this.takes_ms)));
    }
    if let Some(resolve) = &this.resolve {
        let word = match resolve {
            Resolve::Done(_) => "done",
            Resolve::Retry => "retry",
            Resolve::Fail => "fail",
        };
        fields.insert("resolve".into(), Value::from(word));
        if let Resolve::Done(output) = resolve {
            fields.insert("output".into(), Value::Map(output.clone()));
        }
    }
    Value::Map(fields)
}

/// `true` where nothing more is said than that.
fn votes(said: &Votes) -> Value {
    let Votes { by, fields, comment, said_at } = said;
    let mut map = Map::new();
    match &by[..] {
        [] => {}
        [one] => _ = map.insert("by".into(), Value::text(one)),
        all => {
            let all = all.iter().map(Value::text).collect();
            map.insert("by".into(), Value::List(all));
        }
    }
    if !fields.is_empty() {
        let fields = fields.iter().map(|(name, at)| (name.to_string(), at.value.clone()));
        map.insert("fields".into(), Value::Map(fields.collect()));
    }
    if !comment.is_empty() {
        map.insert("comment".into(), Value::text(comment));
    }
    map.extend(said_at.as_ref().map(|at| ("at".to_owned(), Value::text(at))));
    if map.is_empty() { Value::Bool(true) } else { Value::Map(map) }
}

fn event(came: &GivenEvent) -> Value {
    let GivenEvent { data, by, id, said_at } = came;
    let mut map = Map::new();
    if *data != Value::Null {
        map.insert("data".into(), data.clone());
    }
    map.extend(by.as_ref().map(|by| ("by".to_owned(), Value::text(by))));
    map.extend(id.map(|id| ("id".to_owned(), Value::text(id.to_string()))));
    map.extend(said_at.as_ref().map(|at| ("at".to_owned(), Value::text(at))));
    Value::Map(map)
}

/// `key: value`, on one line where that is readable. Recursive as documents are, whose
/// depth is bounded where they come from.
fn field(text: &mut String, indent: usize, key: &str, value: &Value) {
    text.push_str(&format!("{:indent$}{}:", "", scalar(key)));
    after_colon(text, indent, value);
}

/// What follows `key:` or `-`, with its line end.
fn after_colon(text: &mut String, indent: usize, value: &Value) {
    let line = flow(value);
    match value {
        Value::Text(block) if block.contains('\n') && is_plain_block(block) => {
            // what a line begins with is taken from this and not from the text
            let keep = if block.ends_with('\n') { "" } else { "-" };
            text.push_str(&format!(" |{keep}\n"));
            for line in block.lines() {
                let indent = if line.is_empty() { 0 } else { indent + 2 };
                text.push_str(&format!("{:indent$}{line}\n", ""));
            }
        }
        Value::Map(fields) if !fields.is_empty() && !fits(value, &line) => {
            text.push('\n');
            for (key, value) in fields {
                field(text, indent + 2, key, value);
            }
        }
        Value::List(items) if !items.is_empty() && !fits(value, &line) => {
            text.push('\n');
            for item in items {
                text.push_str(&format!("{:1$}-", "", indent + 2));
                match item {
                    Value::Map(fields) if !fields.is_empty() && !fits(item, &flow(item)) => {
                        let mut inner = String::new();
                        for (key, value) in fields {
                            field(&mut inner, indent + 4, key, value);
                        }
                        // the first key stands on the line of the dash
                        text.push(' ');
                        text.push_str(inner.trim_start_matches(' '));
                    }
                    item => after_colon(text, indent + 2, item),
                }
            }
        }
        _ => text.push_str(&format!(" {line}\n")),
    }
}

/// Whether the document is as well read on one line.
fn fits(value: &Value, line: &str) -> bool {
    line.chars().count() <= WIDE && !has_block(value)
}

fn has_block(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.contains('\n') && is_plain_block(text),
        Value::List(items) => items.iter().any(has_block),
        Value::Map(fields) => fields.values().any(has_block),
        _ => false,
    }
}

/// Whether a literal block gives the text back to the byte.
fn is_plain_block(text: &str) -> bool {
    let blank_end = text.ends_with("\n\n");
    let odd = |c: char| (c.is_control() && c != '\n' && c != '\t') || !is_shown(c);
    let first = text.chars().next();
    !blank_end
        && !text.contains(odd)
        && !matches!(first, Some(' ' | '\n') | None)
        && text
            .lines()
            .all(|line| line.is_empty() || !(line.starts_with('\t') || line.trim().is_empty()))
}

fn flow(value: &Value) -> String {
    match value {
        Value::Text(text) => scalar(text),
        Value::List(items) => {
            format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", "))
        }
        Value::Map(fields) => {
            let fields =
                fields.iter().map(|(key, value)| format!("{}: {}", scalar(key), flow(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// A text as a word where YAML takes it for one, else in quotes.
fn scalar(text: &str) -> String {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.split(' ').all(|part| !part.is_empty() && part.chars().all(word))
        && !reserved.contains(&text.to_ascii_lowercase().as_str());
    if is_word { text.to_owned() } else { quoted(text) }
}

/// In double quotes, with the escapes that JSON and YAML share.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() || !is_shown(c) => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Neither a line end of another kind, nor a mark that hides or turns the text around it.
fn is_shown(c: char) -> bool {
    !matches!(
        c,
        '\u{85}' | '\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    ) && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn printable(line: &str) -> String {
    line.chars().map(|c| if c.is_control() || !is_shown(c) { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use rpa_config::testfile::check_bytes;

    use super::*;

    /// What a document is when it was written and read.
    fn again(document: &Value) -> Value {
        let mut text = "version: 1\ntests:\n  - name: x\n    steps:\n".to_owned();
        let given = Value::from([("output", document.clone())]);
        field(&mut text, 6, "a", &given);
        let read = check_bytes(text.as_bytes(), "f");
        let file = read.file.unwrap_or_else(|| panic!("{:?}\n{text}", read.problems));
        match &file.tests[0].steps[0].1 {
            Given::Always(Try { ending: Ending::Output(output), .. }) => output.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_document_comes_back() {
        let texts = [
            "",
            " ",
            "a",
            "a b",
            "true",
            "No",
            "null",
            "~",
            "1",
            "1e3",
            "-",
            "- a",
            "a: b",
            "#x",
            "a #b",
            "{{ x }}",
            "x\n",
            "x\ny",
            "x\ny\n",
            "x\n\ny\n",
            "x\n\n",
            "\nx\n",
            " x\ny\n",
            "x\n  y\n\tz\n",
            "x \ny\n",
            "x\n   \ny\n",
            "\ttab\n",
            "é\u{1f600}",
            "\u{7f}\u{85}\u{200e}",
            "\u{feff}x\n",
            "a\rb\n",
            "\"'\\",
            "%x",
            "@x",
            "`x`",
            "|\n",
            "x: |\n  y\n",
            "\u{1b}[2J",
        ];
        for text in texts {
            let long = format!("{text}{}", "word ".repeat(30));
            for text in [text, long.as_str()] {
                let nested = Value::from([
                    (
                        "list",
                        Value::from(vec![
                            Value::from(text),
                            Value::from([(text, Value::from(text))]),
                        ]),
                    ),
                    ("map", Value::from([("k", Value::from(text))])),
                ]);
                for document in [Value::from(text), nested] {
                    assert_eq!(again(&document), document, "{text:?}");
                }
            }
        }
        let numbers = Value::from(vec![
            Value::Int(i64::MIN),
            Value::Float(1.5),
            Value::Float(1e300),
            Value::Bool(true),
            Value::Null,
            Value::List(Vec::new()),
            Value::Map(Map::new()),
            Value::List(vec![Value::List(vec![Value::from("x".repeat(90))])]),
        ]);
        assert_eq!(again(&numbers), numbers);
    }
}
