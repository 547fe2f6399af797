//! `variables`.

use rpa_engine::VariableKind;
use serde_json::{Value, json};

use super::super::variables::KEYS;
use super::{object, said, text, words};

pub(super) fn variable() -> Value {
    object(&KEYS, &["type"], |key| match key {
        "type" => said(words(&VariableKind::ALL.map(VariableKind::word)), "Its type.", None),
        "required" => {
            let words = "Whether a value must be given. By default it must without a `default`.";
            said(json!({ "type": "boolean" }), words, None)
        }
        "default" => said(json!({}), "A literal of the type; of a secret, its name.", None),
        "description" => said(text(), "Text for people.", None),
        "sensitive" => {
            let words = "Whether the value is masked in views and logs.";
            said(json!({ "type": "boolean" }), words, Some(json!(false)))
        }
        "enum" => {
            let list = json!({ "type": "array", "minItems": 1 });
            said(list, "The only values that are taken.", None)
        }
        "pattern" => {
            let words = "A regular expression that the whole of a string must match.";
            said(json!({ "type": "string", "format": "regex" }), words, None)
        }
        "min" => said(
            json!({ "type": "number" }),
            "The least number, or the fewest characters of a string or items of a list.",
            None,
        ),
        "max" => said(
            json!({ "type": "number" }),
            "The largest number, or the most characters of a string or items of a list.",
            None,
        ),
        _ => Value::Null,
    })
}
