//! The one document type: what variables, step inputs and outputs are made of.
//!
//! It mirrors JSON, but is closed and externally tagged so that it survives a
//! positional codec, and it has two variants JSON lacks: a reference to a large
//! document on disk and an expression that waits for its secrets.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::depth;
use crate::template::Template;

/// A map with its keys sorted: equal documents have equal bytes.
pub type Map = BTreeMap<String, Value>;

/// A document. Numbers keep 64-bit integers exact; everything else is a float.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(#[serde(deserialize_with = "depth::bounded")] Vec<Value>),
    Map(#[serde(deserialize_with = "depth::bounded")] Map),
    /// A document too large for a row, stored beside the run by content hash.
    Blob(BlobRef),
    /// A template that names a secret: evaluated by the runner for one attempt,
    /// at the last moment, and never stored in its evaluated form.
    Sealed(#[serde(deserialize_with = "depth::bounded")] Box<Sealed>),
}

/// Where a spilled document lies: `blobs/<hash>` in the run's directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobRef {
    /// BLAKE3 of the encoded document.
    pub hash: ContentHash,
    /// Size of the encoded document in bytes.
    pub bytes: u64,
}

/// 64 lower-case hex digits: it names a file, so it is parsed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentHash(String);

/// Not a content hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a content hash of 64 hex digits")]
pub struct HashError;

impl ContentHash {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ContentHash {
    type Error = HashError;
    fn try_from(text: String) -> Result<ContentHash, HashError> {
        let hex = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if hex && text.len() == 64 { Ok(ContentHash(text)) } else { Err(HashError) }
    }
}

impl From<ContentHash> for String {
    fn from(hash: ContentHash) -> String {
        hash.0
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A template together with everything it reads except the secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sealed {
    pub template: Template,
    /// Values of the namespaces that the template reads, without `secrets`.
    pub scope: Map,
}

/// How deep documents may nest; deeper input is refused where it enters.
pub const MAX_DEPTH: usize = 64;

impl Value {
    pub fn text(s: impl Into<String>) -> Value {
        Value::Text(s.into())
    }

    /// Whether this is a document such as JSON has: nothing sealed, and nothing that
    /// lies in a file. Only such may come from outside.
    pub fn is_plain(&self) -> bool {
        match self {
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => true,
            Value::List(items) => items.iter().all(Value::is_plain),
            Value::Map(map) => map.values().all(Value::is_plain),
            Value::Blob(_) | Value::Sealed(_) => false,
        }
    }

    /// The first reference to a document in a file, wherever it stands.
    pub fn blob(&self) -> Option<&BlobRef> {
        match self {
            Value::Blob(blob) => Some(blob),
            Value::List(items) => items.iter().find_map(Value::blob),
            Value::Map(map) => map.values().find_map(Value::blob),
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Sealed(_) => None,
        }
    }

    /// The JSON name of the value's type, for messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Int(_) | Value::Float(_) => "number",
            Value::Text(_) => "string",
            Value::List(_) => "list",
            Value::Map(_) => "map",
            Value::Blob(_) => "large document",
            Value::Sealed(_) => "secret",
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(s) => Some(s),
            _ => None,
        }
    }

    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(m) => Some(m),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(l) => Some(l),
            _ => None,
        }
    }

    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(i) => Some(*i),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// The field `key` of a map; `None` when absent or when this is no map.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map().and_then(|m| m.get(key))
    }
}

impl From<&str> for Value {
    fn from(s: &str) -> Value {
        Value::Text(s.to_owned())
    }
}
impl From<String> for Value {
    fn from(s: String) -> Value {
        Value::Text(s)
    }
}
impl From<i64> for Value {
    fn from(i: i64) -> Value {
        Value::Int(i)
    }
}
impl From<bool> for Value {
    fn from(b: bool) -> Value {
        Value::Bool(b)
    }
}
impl From<f64> for Value {
    fn from(f: f64) -> Value {
        Value::Float(f)
    }
}
impl From<Map> for Value {
    fn from(m: Map) -> Value {
        Value::Map(m)
    }
}
impl From<Vec<Value>> for Value {
    fn from(l: Vec<Value>) -> Value {
        Value::List(l)
    }
}
impl<const N: usize> From<[(&str, Value); N]> for Value {
    fn from(fields: [(&str, Value); N]) -> Value {
        Value::Map(fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
    }
}

/// Text as a person expects it: strings bare, everything else as compact JSON.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(s) => f.write_str(s),
            other => write_json(other, f),
        }
    }
}

fn write_json(value: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        Value::Null => f.write_str("null"),
        Value::Bool(b) => write!(f, "{b}"),
        Value::Int(i) => write!(f, "{i}"),
        Value::Float(x) if x.is_finite() => write!(f, "{x:?}"),
        Value::Float(_) => f.write_str("null"),
        Value::Text(s) => write_json_text(s, f),
        Value::List(items) => {
            f.write_str("[")?;
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    f.write_str(",")?;
                }
                write_json(item, f)?;
            }
            f.write_str("]")
        }
        Value::Map(map) => {
            f.write_str("{")?;
            for (i, (key, item)) in map.iter().enumerate() {
                if i > 0 {
                    f.write_str(",")?;
                }
                write_json_text(key, f)?;
                f.write_str(":")?;
                write_json(item, f)?;
            }
            f.write_str("}")
        }
        Value::Blob(b) => write!(f, "\"<{} bytes stored as {}>\"", b.bytes, b.hash),
        Value::Sealed(_) => f.write_str("\"***\""),
    }
}

fn write_json_text(s: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("\"")?;
    for c in s.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if (c as u32) < 0x20 => write!(f, "\\u{:04x}", c as u32)?,
            c => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_is_bare_text_or_compact_json() {
        assert_eq!(Value::from("a b").to_string(), "a b");
        let doc = Value::from([
            ("n", Value::Int(3)),
            ("l", Value::from(vec![Value::Null, Value::from("q\"\n\u{1}")])),
            ("f", Value::Float(1.0)),
        ]);
        assert_eq!(doc.to_string(), r#"{"f":1.0,"l":[null,"q\"\n\u0001"],"n":3}"#);
    }
}
