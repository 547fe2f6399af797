//! `variables`, and the form of an approval.

use rpa_engine::VariableKind;
use serde_json::{Value, json};

use super::super::fields::Keys;
use super::super::variables::{FORM_KEYS, KEYS};
use super::{object, said, text, words};

pub(super) fn variable() -> Value {
    declared(&KEYS, &VariableKind::ALL)
}

pub(super) fn form_field() -> Value {
    let kinds = VariableKind::ALL.into_iter().filter(|kind| *kind != VariableKind::Secret);
    declared(&FORM_KEYS, &kinds.collect::<Vec<_>>())
}

fn declared(keys: &Keys, kinds: &[VariableKind]) -> Value {
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
    object(keys, &["type"], |key| match key {
        "type" => said(words(&kinds), "Its type.", None),
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
