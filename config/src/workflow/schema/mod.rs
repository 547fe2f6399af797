//! The format as a JSON Schema (2020-12), for editors and for those who generate
//! files.
//!
//! The keys come from the tables of the reader, so a key without words here is a test
//! that fails. The schema says what a file looks like; only the check knows whether
//! steps, names and expressions fit together.

mod parts;
mod sources;
mod step;
mod tasks;
mod top;
mod triggers;
mod variable;
mod waits;

use std::ops::RangeInclusive;

use serde_json::{Map, Value, json};

use super::fields::Keys;

/// The schema of a workflow file.
pub fn schema() -> Value {
    let mut schema = top::workflow();
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["$id"] = json!("urn:rpad:workflow:1");
    schema["title"] = json!("rpad workflow, version 1");
    schema["$defs"] = json!({
        "duration": parts::duration(),
        "size": parts::size(),
        "expression": parts::expression(),
        "condition": parts::condition(),
        "name": parts::name(),
        "label": parts::label(),
        "shell": parts::shell(),
        "retry": parts::retry(),
        "needs": parts::needs(),
        "steps": step::steps(),
        "step": step::step(),
        "variable": variable::variable(),
        "form_field": variable::form_field(),
    });
    schema
}

/// A map with the keys of a table and no others.
fn object(keys: &Keys, required: &[&str], property: impl Fn(&str) -> Value) -> Value {
    let properties: Map<String, Value> =
        keys.known.iter().map(|key| ((*key).to_owned(), property(key))).collect();
    let mut object = json!({
        "type": "object",
        "title": keys.owner,
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

/// What has its shape under `$defs`.
fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// The same with words of its own.
fn shared(name: &str, description: &str) -> Value {
    said(reference(name), description, None)
}

/// `schema` with words, and with its default if it has one.
fn said(mut schema: Value, description: &str, default: Option<Value>) -> Value {
    schema["description"] = json!(description);
    if let Some(default) = default {
        schema["default"] = default;
    }
    schema
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn words(words: &[&str]) -> Value {
    json!({ "enum": words })
}

/// A map of names to anything.
fn named(value: &Value) -> Value {
    json!({
        "type": "object",
        "propertyNames": reference("name"),
        "additionalProperties": value,
    })
}

fn whole(range: &RangeInclusive<i64>) -> Value {
    json!({ "type": "integer", "minimum": range.start(), "maximum": range.end() })
}
