//! `--var`, `--vars-file` and `--output`: names with values.
//!
//! Text stays text: the daemon knows the declared types and converts.

use std::collections::BTreeMap;

use rpa_engine::value::MAX_DEPTH;
use rpa_engine::{Ident, Value};
use rpa_ipc::service::GivenValue;
use rpa_ipc::{Fault, FaultCode};

use super::input;

/// Everything that was given, by name. A `--var` stands over the same name in
/// the file. All that is wrong is said at once.
pub fn collect(given: &[String], file: Option<&str>) -> Result<Vec<(String, GivenValue)>, Fault> {
    let mut problems = Vec::new();
    let mut values = file.map_or_else(BTreeMap::new, |path| from_file(path, &mut problems));
    let mut seen = BTreeMap::new();
    for word in given {
        match assignment(word) {
            Ok((name, _)) if seen.contains_key(&name) => {
                problems.push((name, "is given twice".to_owned()));
            }
            Ok((name, value)) => {
                seen.insert(name, GivenValue::Text(value));
            }
            Err(problem) => problems.push(problem),
        }
    }
    values.extend(seen);
    if problems.is_empty() { Ok(values.into_iter().collect()) } else { Err(fault(problems)) }
}

/// A name, or a piece of the command line, and what is wrong with it.
type Problem = (String, String);

fn fault(mut problems: Vec<Problem>) -> Fault {
    let hint = "write NAME=VALUE, or NAME=@FILE for the content of a file";
    if problems.len() == 1 {
        let (what, why) = problems.remove(0);
        return Fault::new(FaultCode::BadVariable, format!("{what}: {why}")).hint(hint);
    }
    let count = format!("{} values cannot be used", problems.len());
    let fault = Fault::new(FaultCode::BadVariable, count).hint(hint);
    problems.into_iter().fold(fault, |fault, (what, why)| fault.with(&what, why))
}

fn assignment(word: &str) -> Result<(String, String), Problem> {
    let Some((name, value)) = word.split_once('=') else {
        return Err((word.to_owned(), "has no `=`".to_owned()));
    };
    if let Err(e) = name.parse::<Ident>() {
        return Err((name.to_owned(), format!("the name {e}")));
    }
    match value.strip_prefix('@') {
        None => Ok((name.to_owned(), value.to_owned())),
        Some(path) => match input::read_text(path) {
            Ok(text) => Ok((name.to_owned(), without_line_end(text))),
            Err(e) => Err((name.to_owned(), format!("{path} cannot be read: {e}"))),
        },
    }
}

/// Editors and `echo` end a file with a line break that nobody means.
fn without_line_end(mut text: String) -> String {
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    text
}

fn from_file(path: &str, problems: &mut Vec<Problem>) -> BTreeMap<String, GivenValue> {
    let mut problem = |why: String| problems.push((path.to_owned(), why));
    let read = input::read(path).map_err(|e| format!("cannot be read: {e}"));
    let parsed = read.and_then(|bytes| {
        serde_json::from_slice(&bytes).map_err(|e| format!("is not valid JSON: {e}"))
    });
    let object = match parsed {
        Ok(serde_json::Value::Object(object)) => object,
        Ok(_) => {
            problem("must be a JSON object of names and values".to_owned());
            return BTreeMap::new();
        }
        Err(why) => {
            problem(why);
            return BTreeMap::new();
        }
    };
    let mut values = BTreeMap::new();
    for (name, json) in object {
        match (name.parse::<Ident>(), typed(json, 1)) {
            (Err(e), _) => problem(format!("the name {name:?} {e}")),
            (_, None) => problem(format!("{name} nests deeper than {MAX_DEPTH} levels")),
            (Ok(_), Some(value)) => {
                values.insert(name, GivenValue::Typed(value));
            }
        }
    }
    values
}

/// JSON as a document of ours; `None` when it nests too deep.
fn typed(json: serde_json::Value, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    Some(match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(b) => Value::Bool(b),
        serde_json::Value::Number(n) => match n.as_i64() {
            Some(i) => Value::Int(i),
            None => Value::Float(n.as_f64()?),
        },
        serde_json::Value::String(s) => Value::Text(s),
        serde_json::Value::Array(items) => Value::List(
            items.into_iter().map(|item| typed(item, depth + 1)).collect::<Option<_>>()?,
        ),
        serde_json::Value::Object(fields) => Value::Map(
            fields
                .into_iter()
                .map(|(name, field)| Some((name, typed(field, depth + 1)?)))
                .collect::<Option<_>>()?,
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        file
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn values_come_as_text_from_a_file_or_typed() {
        let text = file("two\nlines\r\n");
        let vars = file(r#"{"limit": 80, "rate": 0.5, "hosts": ["a", null], "day": "sunday"}"#);
        let given = words(&["day=a=b", &format!("text=@{}", text.path().display()), "none="]);
        let all = collect(&given, vars.path().to_str()).unwrap();
        let wanted = [
            ("day", GivenValue::Text("a=b".into())),
            ("hosts", GivenValue::Typed(Value::List(vec!["a".into(), Value::Null]))),
            ("limit", GivenValue::Typed(Value::Int(80))),
            ("none", GivenValue::Text(String::new())),
            ("rate", GivenValue::Typed(Value::Float(0.5))),
            ("text", GivenValue::Text("two\nlines".into())),
        ];
        assert_eq!(all, wanted.map(|(name, value)| (name.to_owned(), value)));
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let vars = file(r#"{"Bad": 1}"#);
        let given = words(&["day", "a-b=1", "x=1", "x=2", "t=@/nope"]);
        let fault = collect(&given, vars.path().to_str()).unwrap_err();
        assert_eq!(fault.code, FaultCode::BadVariable);
        assert_eq!(fault.message, "5 values cannot be used");
        let named: Vec<&str> = fault.context.iter().map(|(what, _)| what.as_str()).collect();
        assert_eq!(named[1..], ["day", "a-b", "x", "t"]);
    }

    #[test]
    fn one_problem_is_the_message() {
        let fault = collect(&words(&["day"]), None).unwrap_err();
        assert_eq!(fault.message, "day: has no `=`");
        let fault = collect(&[], Some("/nope")).unwrap_err();
        assert!(fault.message.starts_with("/nope: cannot be read: No such file"), "{fault}");
        let list = file("[1]");
        let fault = collect(&[], list.path().to_str()).unwrap_err();
        assert!(fault.message.ends_with("must be a JSON object of names and values"), "{fault}");
    }

    #[test]
    fn deep_documents_are_refused_where_they_enter() {
        let levels = |n: usize| format!(r#"{{"deep": {}1{}}}"#, "[".repeat(n), "]".repeat(n));
        assert!(collect(&[], file(&levels(63)).path().to_str()).is_ok());
        let fault = collect(&[], file(&levels(64)).path().to_str()).unwrap_err();
        assert!(fault.message.contains("deeper than 64"), "{fault}");
    }
}
