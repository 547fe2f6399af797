//! The last look at a task's input, once its expressions have been evaluated.
//!
//! `rpa check` can judge only literals; this judges what came out, and turns
//! durations and sizes into milliseconds and bytes as the check does.

use rpa_engine::contract::{Field, FieldKind, TaskContract};
use rpa_engine::{Map, Value};

use crate::units;

/// Why a task cannot be given its input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the input `{field}` of {kind} {why}")]
pub struct InputError {
    pub kind: &'static str,
    pub field: &'static str,
    pub why: String,
}

/// The input document as the task expects it.
///
/// An optional input that came out as null is left out. Numbers and booleans
/// become text where text is wanted. Sealed and spilled values pass as they are:
/// what is in them is not known here.
pub fn admit(contract: &TaskContract, mut input: Map) -> Result<Map, InputError> {
    let mut admitted = Map::new();
    for field in contract.inputs {
        let error = |why: String| InputError { kind: contract.kind, field: field.name, why };
        match input.remove(field.name) {
            None | Some(Value::Null) if field.required && field.kind != FieldKind::Any => {
                return Err(error("is missing".to_owned()));
            }
            None => {}
            Some(Value::Null) if field.kind != FieldKind::Any => {}
            Some(value) => {
                admitted.insert(field.name.to_owned(), read(field, value).map_err(error)?);
            }
        }
    }
    Ok(admitted)
}

fn read(field: &Field, value: Value) -> Result<Value, String> {
    if field.per_item || matches!(value, Value::Sealed(_) | Value::Blob(_)) {
        return Ok(value);
    }
    let refused = format!("is a {}, not a {}", value.type_name(), field.kind.word());
    match (field.kind, value) {
        (FieldKind::Any, value) => Ok(value),
        (FieldKind::Text, value) => text(value).ok_or(refused),
        (FieldKind::Number, value @ (Value::Int(_) | Value::Float(_)))
        | (FieldKind::Boolean, value @ Value::Bool(_))
        | (FieldKind::List, value @ Value::List(_)) => Ok(value),
        (FieldKind::Duration | FieldKind::Size, Value::Int(n)) if n >= 0 => Ok(Value::Int(n)),
        (FieldKind::Duration, Value::Text(written)) => number(units::parse_duration_ms(&written)),
        (FieldKind::Size, Value::Text(written)) => number(units::parse_size(&written)),
        (FieldKind::TextMap, Value::Map(entries)) => {
            let entries = entries.into_iter().map(|(key, value)| Some((key, text(value)?)));
            entries.collect::<Option<Map>>().map(Value::Map).ok_or(refused)
        }
        (FieldKind::Choice(words), Value::Text(written)) => {
            let word = words.iter().find(|word| word.eq_ignore_ascii_case(&written));
            word.map(|word| Value::from(*word))
                .ok_or_else(|| format!("is {written:?}, not one of {}", words.join(", ")))
        }
        _ => Err(refused),
    }
}

fn text(value: Value) -> Option<Value> {
    match value {
        Value::Text(_) | Value::Sealed(_) | Value::Blob(_) => Some(value),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) => Some(Value::Text(value.to_string())),
        Value::Null | Value::List(_) | Value::Map(_) => None,
    }
}

fn number(read: Result<u64, units::UnitError>) -> Result<Value, String> {
    let number = read.map_err(|error| format!("cannot be read: {error}"))?;
    Ok(Value::Int(i64::try_from(number).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::*;

    fn http<const N: usize>(fields: [(&str, Value); N]) -> Result<Map, String> {
        let input = fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        admit(find("http.request").unwrap(), input).map_err(|e| e.to_string())
    }

    #[test]
    fn values_take_the_form_of_the_contract() {
        let headers = Value::from([("n", Value::Int(3))]);
        let admitted = http([
            ("url", Value::Int(5)),
            ("method", Value::from("post")),
            ("timeout", Value::from("1m")),
            ("headers", headers),
            ("body", Value::Null),
            ("json", Value::Null),
        ])
        .unwrap();
        let expected = Value::from([
            ("url", Value::from("5")),
            ("method", Value::from("POST")),
            ("timeout", Value::Int(60_000)),
            ("headers", Value::from([("n", Value::from("3"))])),
            ("json", Value::Null),
        ]);
        assert_eq!(Value::Map(admitted), expected);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let url = ("url", Value::from("u"));
        for (field, error) in [
            (("url", Value::Null), "the input `url` of http.request is missing"),
            (("method", Value::from("GTE")), "the input `method` of http.request is \"GTE\", not"),
            (("timeout", Value::from("5")), "the input `timeout` of http.request cannot be read"),
            (("timeout", Value::Int(-1)), "the input `timeout` of http.request is a number, not"),
            (("follow_redirects", Value::from("no")), "the input `follow_redirects` of"),
            (("headers", Value::from([("a", Value::Null)])), "the input `headers` of http"),
        ] {
            let message = http([url.clone(), field]).unwrap_err();
            assert!(message.starts_with(error), "{message}");
        }
    }
}
