//! `--var`, `--vars-file` and `--output`: names with values.
//!
//! Text stays text: the daemon knows the declared types and converts.

use std::collections::BTreeMap;

use rpa_engine::value::MAX_DEPTH;
use rpa_engine::{Ident, Value};
use rpa_ipc::fault::{Said, count, lines, quoted};
use rpa_ipc::service::GivenValue;
use rpa_ipc::{Fault, FaultCode, fault, said};

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
                problems.push(said!("value-twice", name = name));
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

fn fault(problems: Vec<Said>) -> Fault {
    let (number, problems) = (count(problems.len()), lines(problems));
    fault!(FaultCode::BadVariable, "values-unusable", count = number, problems = problems)
        .hint(said!("hint-values"))
}

fn assignment(word: &str) -> Result<(String, String), Said> {
    let Some((name, value)) = word.split_once('=') else {
        return Err(said!("value-no-equals", word = word));
    };
    if let Err(e) = name.parse::<Ident>() {
        return Err(said!("value-name", name = name, why = Said::of_name(&e)));
    }
    match value.strip_prefix('@') {
        None => Ok((name.to_owned(), value.to_owned())),
        Some(path) => match input::read_text(path) {
            Ok(text) => Ok((name.to_owned(), without_line_end(text))),
            Err(e) => Err(said!("value-unread", name = name, path = path, error = e)),
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

fn from_file(path: &str, problems: &mut Vec<Said>) -> BTreeMap<String, GivenValue> {
    let object = match object(path) {
        Ok(object) => object,
        Err(problem) => {
            problems.push(problem);
            return BTreeMap::new();
        }
    };
    let mut values = BTreeMap::new();
    for (name, json) in object {
        match (name.parse::<Ident>(), typed(json, 1)) {
            (Err(e), _) => {
                let (name, why) = (quoted(&name), Said::of_name(&e));
                problems.push(said!("value-file-name", path = path, name = name, why = why));
            }
            (_, None) => {
                problems.push(said!("value-file-deep", path = path, name = name, most = MAX_DEPTH));
            }
            (Ok(_), Some(value)) => {
                values.insert(name, GivenValue::Typed(value));
            }
        }
    }
    values
}

fn object(path: &str) -> Result<serde_json::Map<String, serde_json::Value>, Said> {
    let bytes =
        input::read(path).map_err(|e| said!("value-file-unread", path = path, error = e))?;
    match serde_json::from_slice(&bytes) {
        Ok(serde_json::Value::Object(object)) => Ok(object),
        Ok(_) => Err(said!("value-file-no-object", path = path)),
        Err(e) => Err(said!("value-file-no-json", path = path, error = e)),
    }
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
    use rpa_ipc::Language;

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
        let said: Vec<&str> = fault.message.lines().collect();
        assert_eq!(said[0], "5 values cannot be used");
        assert!(said[1].ends_with(": the name \"Bad\" must match [a-z_][a-z0-9_]*"), "{said:?}");
        let named: Vec<&str> = said[2..].iter().filter_map(|l| l.split(':').next()).collect();
        assert_eq!(named, ["day", "a-b", "x", "t"]);
        let bulgarian = fault.message_in(Language::Bulgarian);
        assert!(bulgarian.starts_with("5 стойности не могат да се използват\n"), "{bulgarian}");
        assert_eq!(bulgarian.lines().count(), 6, "{bulgarian}");
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
