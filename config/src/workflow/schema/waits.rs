//! What a step waits for: people, events, moments, and what others hold.

use serde_json::{Value, json};

use super::super::limits::{QUORUM, TOKENS};
use super::super::{approval, claims, wait};
use super::{named, object, reference, said, shared, text, whole, words};

/// Text with something in it.
fn filled() -> Value {
    json!({ "type": "string", "pattern": "[^ ]" })
}

pub(super) fn approval() -> Value {
    let mut map = object(&approval::KEYS, &["message"], |key| match key {
        "message" => said(filled(), "What people are asked.", None),
        "show" => said(named(&json!({})), "Values that are shown with it.", None),
        "form" => said(named(&reference("form_field")), "What people are asked to enter.", None),
        "approvers" => {
            let list = json!({ "type": "array", "items": filled(), "minItems": 1 });
            let words = "Users, and groups with @ before them, who may approve. By default everybody who may use rpad.";
            said(json!({ "anyOf": [filled(), list] }), words, None)
        }
        "quorum" => said(whole(&QUORUM), "How many people must approve.", Some(json!(1))),
        "self_approval" => {
            let words = "Whether who started the run may approve.";
            said(json!({ "type": "boolean" }), words, Some(json!(true)))
        }
        "timeout" => shared("duration", "How long people are waited for."),
        "on_timeout" => {
            let words = words(&approval::ON_TIMEOUT.map(|(word, _)| word));
            said(words, "What becomes of the step after that time.", Some(json!("fail")))
        }
        _ => Value::Null,
    });
    map["dependentRequired"] = json!({ "on_timeout": ["timeout"] });
    said(json!({ "anyOf": [filled(), map] }), "People are asked, and waited for.", None)
}

pub(super) fn waiting() -> Value {
    let mut map = object(&wait::KEYS, &[], |key| match key {
        "until" => said(text(), "A moment with its time zone or offset.", None),
        "event" => {
            let name = json!({ "type": "string", "pattern": "^[a-z0-9][a-z0-9_.-]{0,63}$" });
            said(name, "The name of an event.", None)
        }
        "match" => shared("condition", "Which of the events of that name is meant."),
        "timeout" => shared("duration", "How long the event is waited for."),
        "on_timeout" => {
            let words = words(&wait::ON_TIMEOUT.map(|(word, _)| word));
            said(words, "What becomes of the step after that time.", Some(json!("fail")))
        }
        _ => Value::Null,
    });
    map["oneOf"] = json!([{ "required": ["until"] }, { "required": ["event"] }]);
    map["dependentRequired"] = json!({
        "match": ["event"],
        "timeout": ["event"],
        "on_timeout": ["timeout"],
    });
    let words = "For how long, until when, or for which event.";
    said(json!({ "anyOf": [reference("duration"), map] }), words, None)
}

pub(super) fn lock() -> Value {
    let map = object(&claims::KEYS, &["name"], |key| match key {
        "name" => said(filled(), "The name of the lock.", None),
        "lease" => shared("duration", "The longest time that it is held."),
        "wait" => shared("duration", "The longest time that it is waited for."),
        _ => Value::Null,
    });
    let words = "A lock, which one step of the namespace at a time holds.";
    said(json!({ "anyOf": [filled(), map] }), words, None)
}

pub(super) fn tokens() -> Value {
    let map = json!({
        "type": "object",
        "propertyNames": reference("label"),
        "additionalProperties": whole(&TOKENS),
        "minProperties": 1,
    });
    said(map, "How many tokens of each pool the step holds.", None)
}
