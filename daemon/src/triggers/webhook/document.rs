//! The body of a request as a document.
//!
//! | type | document |
//! |---|---|
//! | `application/json`, `…+json` | JSON; what is none is refused |
//! | none | JSON where it is, else text |
//! | `application/x-www-form-urlencoded` | a map |
//! | any other | text |
//!
//! No type has anything else done with a body: there are no files and no parts of one.

use axum::http::{HeaderMap, header};
use rpa_config::json::{self, JsonError};
use rpa_engine::{Map, Value};

#[derive(Debug)]
pub enum Unreadable {
    Json(JsonError),
    /// Neither JSON nor a text in UTF-8.
    NotText,
}

enum Kind {
    Json,
    Unsaid,
    Form,
    Text,
}

pub fn read(headers: &HeaderMap, body: &[u8]) -> Result<Value, Unreadable> {
    match kind(headers) {
        Kind::Json if body.is_empty() => Ok(Value::Null),
        Kind::Json => json::parse(body).map_err(Unreadable::Json),
        Kind::Unsaid if body.is_empty() => Ok(Value::Null),
        Kind::Unsaid => match json::parse(body) {
            Ok(document) => Ok(document),
            Err(JsonError::Syntax(_)) => text(body),
            // it is JSON, and no text that would do instead
            Err(error @ JsonError::TooDeep) => Err(Unreadable::Json(error)),
        },
        Kind::Form => Ok(pairs(body).into()),
        Kind::Text => text(body),
    }
}

/// Names and values of a form, or of what stands behind the `?`: of a name that is there
/// several times the list of its values.
pub fn pairs(encoded: &[u8]) -> Map {
    let mut map = Map::new();
    for (name, value) in form_urlencoded::parse(encoded) {
        let value = Value::text(value);
        match map.get_mut(name.as_ref()) {
            None => {
                map.insert(name.into_owned(), value);
            }
            Some(Value::List(values)) => values.push(value),
            Some(first) => {
                let values = vec![std::mem::take(first), value];
                *first = Value::List(values);
            }
        }
    }
    map
}

/// Without what stands behind a `;`; of a type that cannot be read what it says is text.
pub fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?;
    let text = value.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    Some(essence.to_ascii_lowercase())
}

fn kind(headers: &HeaderMap) -> Kind {
    match media_type(headers).as_deref() {
        None | Some("") => Kind::Unsaid,
        Some("application/json") => Kind::Json,
        Some(other) if other.ends_with("+json") => Kind::Json,
        Some("application/x-www-form-urlencoded") => Kind::Form,
        Some(_) => Kind::Text,
    }
}

fn text(body: &[u8]) -> Result<Value, Unreadable> {
    std::str::from_utf8(body).map(Value::text).map_err(|_| Unreadable::NotText)
}
