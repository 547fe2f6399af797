//! Shapes that stand in many places.

use rpa_engine::workflow::When;
use serde_json::{Value, json};

use super::super::limits::RETRY_ATTEMPTS;
use super::super::presets::PRESETS;
use super::super::{causes, needs, retry};
use super::{object, reference, said, shared, text, words};
use crate::catalogue::SHELLS;

pub(super) fn duration() -> Value {
    json!({
        "title": "duration",
        "description": "Whole numbers with the units d, h, m, s, ms, from large to small.",
        "type": "string",
        "pattern": "^(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$",
        "examples": ["500ms", "90s", "1h30m"],
    })
}

pub(super) fn size() -> Value {
    json!({
        "title": "size",
        "description": "One whole number with a unit.",
        "type": "string",
        "pattern": "^[0-9]+(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$",
        "examples": ["64KiB", "10MB"],
    })
}

pub(super) fn expression() -> Value {
    json!({
        "title": "expression",
        "description": "Text with {{ }} in it. One {{ }} alone keeps its type.",
        "type": "string",
        "pattern": "\\{\\{",
    })
}

pub(super) fn condition() -> Value {
    json!({
        "title": "condition",
        "description": "An expression that is true or false, with or without {{ }}.",
        "type": ["string", "boolean"],
    })
}

pub(super) fn name() -> Value {
    json!({ "title": "name", "type": "string", "pattern": "^[a-z_][a-z0-9_]{0,63}$" })
}

pub(super) fn label() -> Value {
    json!({ "title": "name", "type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$" })
}

pub(super) fn shell() -> Value {
    json!({
        "title": "shell",
        "anyOf": [
            words(&SHELLS),
            { "type": "array", "items": text(), "minItems": 1, "examples": [["python3"]] },
        ],
    })
}

pub(super) fn needs() -> Value {
    let entry = json!({ "anyOf": [text(), object(&needs::KEYS, &["step"], |key| match key {
        "step" => said(text(), "The id of a step of the same list.", None),
        "when" => {
            let words = words(&When::ALL.map(When::word));
            said(words, "How it must have ended.", Some(json!(When::Completed.word())))
        }
        _ => Value::Null,
    })] });
    json!({
        "title": "needs",
        "anyOf": [entry, { "type": "array", "items": entry }],
    })
}

pub(super) fn retry() -> Value {
    let presets = PRESETS.map(|preset| preset.name);
    let map = object(&retry::KEYS, &[], |key| match key {
        "preset" => said(words(&presets), "A named policy, overridden by the other keys.", None),
        "attempts" => {
            let (low, high) = (RETRY_ATTEMPTS.start(), RETRY_ATTEMPTS.end());
            let number = json!({ "type": "integer", "minimum": low, "maximum": high });
            said(number, "Tries in all, the first included. Required without a preset.", None)
        }
        "policy" => {
            let words = words(&retry::POLICIES.map(|(word, _)| word));
            said(words, "How the pause grows.", Some(json!("fixed")))
        }
        "delay" => {
            said(reference("duration"), "The pause before the second try.", Some(json!("1s")))
        }
        "max_delay" => said(reference("duration"), "The longest pause.", Some(json!("5m"))),
        "jitter" => {
            let percent = json!({ "anyOf": [
                { "type": "boolean" },
                { "type": "string", "pattern": "^([0-9]{1,2}|100)%$" },
            ] });
            let words = "By how much each pause is longer or shorter; true means 20%.";
            said(percent, words, Some(json!(false)))
        }
        "total" => shared("duration", "No try begins later than this after the first."),
        "on" => {
            let causes = json!({ "anyOf": [
                words(&causes::WORDS),
                { "type": "string", "pattern": "^(http\\()?([1-5]xx|[1-5][0-9][0-9])\\)?$" },
                { "type": "string", "pattern": "^exit\\([0-9]{1,3}\\)$" },
                { "type": "integer", "minimum": 100, "maximum": 599 },
            ] });
            let list = json!({ "type": "array", "items": causes, "minItems": 1 });
            let words =
                "The errors that are tried again; by default all but business and invalid_input.";
            said(json!({ "anyOf": [causes, list] }), words, None)
        }
        _ => Value::Null,
    });
    json!({ "title": "retry", "anyOf": [words(&presets), map] })
}
