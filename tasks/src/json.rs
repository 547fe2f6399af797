//! JSON text to documents and back.

use rpa_engine::value::MAX_DEPTH;
use rpa_engine::{Map, Value};
use serde_json::Number;

/// Why a text is no document.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JsonError {
    #[error("is not JSON: {0}")]
    Syntax(#[from] serde_json::Error),
    #[error("nests deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

pub(crate) fn parse(text: &[u8]) -> Result<Value, JsonError> {
    from_json(serde_json::from_slice(text)?, 0)
}

pub(crate) fn to_json(value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Value::Null => Json::Null,
        Value::Bool(b) => Json::Bool(*b),
        Value::Int(i) => Json::Number((*i).into()),
        // JSON knows neither NaN nor infinity
        Value::Float(x) => Number::from_f64(*x).map_or(Json::Null, Json::Number),
        Value::Text(text) => Json::String(text.clone()),
        Value::List(items) => Json::Array(items.iter().map(to_json).collect()),
        Value::Map(map) => Json::Object(map.iter().map(|(k, v)| (k.clone(), to_json(v))).collect()),
        // the runner has replaced both before a task is asked
        Value::Blob(_) | Value::Sealed(_) => Json::String(value.to_string()),
    }
}

fn from_json(json: serde_json::Value, depth: usize) -> Result<Value, JsonError> {
    use serde_json::Value as Json;
    if depth > MAX_DEPTH {
        return Err(JsonError::TooDeep);
    }
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(b),
        Json::Number(n) => match n.as_i64() {
            Some(i) => Value::Int(i),
            // without the feature arbitrary_precision every number is one of both
            None => Value::Float(n.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::Text(text),
        Json::Array(items) => {
            let items = items.into_iter().map(|item| from_json(item, depth + 1));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        Json::Object(fields) => {
            let fields = fields.into_iter().map(|(k, v)| Ok((k, from_json(v, depth + 1)?)));
            Value::Map(fields.collect::<Result<Map, JsonError>>()?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_and_keeps_integers_exact() {
        let text = r#"{"a":[1,9223372036854775807,1.5,true,null],"b":{"c":"€"}}"#;
        let value = parse(text.as_bytes()).unwrap();
        assert_eq!(value.get("a").unwrap().as_list().unwrap()[1], Value::Int(i64::MAX));
        assert_eq!(to_json(&value).to_string(), text);
        assert_eq!(
            parse(b"18446744073709551615").unwrap(),
            Value::Float(18_446_744_073_709_551_615.0)
        );
    }

    #[test]
    fn refuses_what_no_document_may_be() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(parse(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert!(matches!(parse(nested(MAX_DEPTH + 2).as_bytes()), Err(JsonError::TooDeep)));
        assert!(matches!(parse(b"{"), Err(JsonError::Syntax(_))));
    }
}
