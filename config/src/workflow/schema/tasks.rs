//! `uses` and the `with` that belongs to it, from the catalogue.

use rpa_engine::contract::{Field, FieldKind, TaskContract};
use serde_json::{Map, Value, json};

use super::{reference, text};
use crate::catalogue::{self, CATALOGUE};

/// The task types, each with what it is for.
pub(super) fn uses() -> Value {
    let kinds = CATALOGUE
        .iter()
        .map(|contract| json!({ "const": contract.kind, "description": contract.summary }));
    json!({ "description": "A task type.", "oneOf": kinds.collect::<Vec<_>>() })
}

/// What `with` is, for each task type.
pub(super) fn inputs() -> Vec<Value> {
    CATALOGUE.iter().map(rule).collect()
}

fn rule(contract: &TaskContract) -> Value {
    let fields = contract.inputs.iter();
    let properties: Map<String, Value> =
        fields.clone().map(|field| (field.name.to_owned(), input(field))).collect();
    let required: Vec<&str> = fields.filter(|f| f.required).map(|f| f.name).collect();
    let mut with = json!({
        "type": "object",
        "title": format!("the inputs of {}", contract.kind),
        "properties": properties,
        "additionalProperties": false,
    });
    let mut then = json!({ "properties": { "with": Value::Null } });
    if !required.is_empty() {
        with["required"] = json!(required);
        then["required"] = json!(["with"]);
    }
    let needed = catalogue::dependent_inputs(contract.kind);
    if !needed.is_empty() {
        let needed: Map<String, Value> =
            needed.iter().map(|(name, other)| ((*name).to_owned(), json!([other]))).collect();
        with["dependentRequired"] = Value::Object(needed);
    }
    then["properties"]["with"] = with;
    json!({
        "if": { "properties": { "uses": { "const": contract.kind } }, "required": ["uses"] },
        "then": then,
    })
}

fn input(field: &Field) -> Value {
    let literal = match field.kind {
        FieldKind::Any => json!({}),
        FieldKind::Text => text(),
        FieldKind::Number => json!({ "type": "number" }),
        FieldKind::Boolean => json!({ "type": "boolean" }),
        FieldKind::List => json!({ "type": "array" }),
        FieldKind::TextMap => json!({
            "type": "object",
            "additionalProperties": { "type": ["string", "number", "boolean"] },
        }),
        FieldKind::Duration => reference("duration"),
        FieldKind::Size => reference("size"),
        FieldKind::Choice(words) => {
            let any_case: Vec<String> =
                words.iter().flat_map(|w| [(*w).to_owned(), w.to_lowercase()]).collect();
            let mut words: Vec<&str> = Vec::new();
            for word in &any_case {
                if !words.contains(&word.as_str()) {
                    words.push(word);
                }
            }
            json!({ "enum": words })
        }
    };
    let mut schema = match field.kind {
        FieldKind::Any | FieldKind::Text => literal,
        _ => json!({ "anyOf": [literal, reference("expression")] }),
    };
    schema["description"] = json!(field.summary);
    if !field.default.is_empty() {
        schema["default"] = json!(field.default);
    }
    schema
}
