//! Rows as comma-separated values: RFC 4180, lines that end in CR LF, UTF-8.
//!
//! Nothing is `null` but empty. A list or an object is its JSON. Of a text, what a
//! terminal would obey is made visible, line breaks stay. A text that a spreadsheet
//! would take for a formula gets a `'` in front, and so that it can be told apart, one
//! that begins with `'` as well.

use csv::{Terminator, WriterBuilder};
use rpa_ipc::{FaultCode, fault};
use serde::Serialize;
use serde_json::Value;

use super::Columns;
use crate::cli::exit::Failure;
use crate::cli::text::{json_safe, sanitize};

/// The rows under a header, if there is to be one.
pub fn text<R: Serialize>(
    header: Option<&Columns>,
    columns: &Columns,
    rows: &[R],
) -> Result<Vec<u8>, Failure> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let failed = |e: &dyn std::fmt::Display| fault!(FaultCode::Io, "output-failed", error = e);
    if let Some(header) = header {
        writer.write_record(header.fields).map_err(|e| failed(&e))?;
    }
    for row in rows {
        let row = serde_json::to_value(row).map_err(|e| Failure::Output(e.into()))?;
        let cells = columns.fields.iter().map(|path| cell(field(&row, path)));
        writer.write_record(cells).map_err(|e| failed(&e))?;
    }
    writer.into_inner().map_err(|e| failed(&e).into())
}

/// `a.b` is a field of a field; what is not there is null.
fn field<'a>(row: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(row, |value, name| value.get(name).unwrap_or(&Value::Null))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => harmless(text),
        Value::Array(_) | Value::Object(_) => json_safe(value.to_string()),
    }
}

fn harmless(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(sanitize).collect();
    let text = lines.join("\n");
    match text.starts_with(['=', '+', '-', '@', '\'', '\t', '\n', '＝', '＋', '－', '＠']) {
        true => format!("'{text}"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const COLUMNS: Columns = Columns { command: "x", fields: &["a", "b.c", "d"] };

    fn written(rows: &[Value], header: bool) -> String {
        let text = text(header.then_some(&COLUMNS), &COLUMNS, rows).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn rows_stand_under_a_header_whatever_is_in_them() {
        let rows = [
            json!({"a": "one, \"two\"", "b": {"c": -5}, "d": ["x", 1]}),
            json!({"a": null, "b": null, "d": true}),
            json!({"a": "two\r\nlines", "b": {"c": {"k": "v"}}}),
        ];
        let wanted = "a,b.c,d\r\n\
                      \"one, \"\"two\"\"\",-5,\"[\"\"x\"\",1]\"\r\n\
                      ,,true\r\n\
                      \"two\nlines\",\"{\"\"k\"\":\"\"v\"\"}\",\r\n";
        assert_eq!(written(&rows, true), wanted);
        assert_eq!(written(&[], true), "a,b.c,d\r\n");
        assert_eq!(written(&[], false), "");
    }

    #[test]
    fn no_text_is_a_formula_and_none_commands_a_terminal() {
        let table = [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-x", "'-x"),
            ("'quoted", "''quoted"),
            ("\t=1", "'\t=1"),
            ("\u{1b}[31m=1", "'=1"),
            ("a\u{1b}]0;x\u{7}", "a\\e]0;x\\x07"),
            ("a=b", "a=b"),
            ("", ""),
        ];
        for (text, wanted) in table {
            assert_eq!(cell(&json!(text)), wanted, "{text:?}");
        }
    }
}
