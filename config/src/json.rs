//! JSON text and [`Value`], exactly: 64-bit integers stay integers.

use rpa_engine::Value;
use rpa_engine::value::MAX_DEPTH;

/// Why a text is not a document.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    #[error("is not JSON: {0}")]
    Syntax(#[from] serde_json::Error),
    #[error("nests deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

/// Reads one JSON document.
pub fn parse(text: &[u8]) -> Result<Value, JsonError> {
    from_json(serde_json::from_slice(text)?, 0)
}

pub(crate) fn from_json(json: serde_json::Value, depth: usize) -> Result<Value, JsonError> {
    if depth > MAX_DEPTH {
        return Err(JsonError::TooDeep);
    }
    Ok(match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(b) => Value::Bool(b),
        serde_json::Value::Number(n) => match n.as_i64() {
            Some(i) => Value::Int(i),
            None => Value::Float(n.as_f64().unwrap_or(f64::NAN)),
        },
        serde_json::Value::String(s) => Value::Text(s),
        serde_json::Value::Array(items) => Value::List(
            items.into_iter().map(|v| from_json(v, depth + 1)).collect::<Result<_, _>>()?,
        ),
        serde_json::Value::Object(fields) => Value::Map(
            fields
                .into_iter()
                .map(|(k, v)| Ok((k, from_json(v, depth + 1)?)))
                .collect::<Result<_, JsonError>>()?,
        ),
    })
}

/// The document as JSON. A secret is `"***"`; a large document that lies beside
/// the run is `{"$blob": hash, "bytes": size}`; what JSON has no number for is null.
pub fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(b) => (*b).into(),
        Value::Int(i) => (*i).into(),
        Value::Float(x) => (*x).into(),
        Value::Text(s) => s.as_str().into(),
        Value::List(items) => items.iter().map(to_json).collect(),
        Value::Map(map) => {
            serde_json::Value::Object(map.iter().map(|(k, v)| (k.clone(), to_json(v))).collect())
        }
        Value::Blob(blob) => serde_json::json!({"$blob": blob.hash, "bytes": blob.bytes}),
        Value::Sealed(_) => "***".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_what_they_are_and_documents_come_back() {
        let text = r#"{"a":[1,9007199254740993,1.5,true,null,"é"],"b":{}}"#;
        let value = parse(text.as_bytes()).unwrap();
        assert_eq!(
            value.get("a").unwrap().as_list().unwrap()[1],
            Value::Int(9_007_199_254_740_993)
        );
        assert_eq!(to_json(&value).to_string(), text);
        assert!(matches!(parse(b"{"), Err(JsonError::Syntax(_))));
        let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        assert!(matches!(parse(deep.as_bytes()), Err(JsonError::TooDeep)));
    }
}
