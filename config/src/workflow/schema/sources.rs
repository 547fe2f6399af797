//! What a trigger hears of other than moments, and how many runs come of it.

use rpa_engine::trigger::{Excess, FileChange, SignatureScheme};
use serde_json::{Value, json};

use super::super::limits::{
    BATCH, MAX_GLOBS, MAX_WEBHOOK_PATH, MAX_WEBHOOK_SECRETS, MAX_WHO, THROTTLE, WEBHOOK_RATE,
};
use super::super::{chain, file_watch, flow, manual, subscription, webhook};
use super::{object, reference, said, shared, text, whole, words};

/// One of these, or a list of them.
fn one_or_list(item: &Value, most: Option<usize>) -> Value {
    let mut list = json!({ "type": "array", "items": item, "minItems": 1 });
    if let Some(most) = most {
        list["maxItems"] = json!(most);
    }
    json!({ "anyOf": [item, list] })
}

fn event_name() -> Value {
    json!({ "type": "string", "pattern": "^[a-z0-9][a-z0-9_.-]{0,63}$" })
}

fn workflow_name() -> Value {
    let label = "[a-z0-9][a-z0-9_-]{0,63}";
    json!({ "type": "string", "pattern": format!("^({label}/)?{label}$") })
}

fn rate(keys: &super::super::fields::Keys, limit: &Value, about: &str) -> Value {
    let map = object(keys, &["limit", "per"], |key| match key {
        "limit" => said(limit.clone(), "How many.", None),
        "per" => shared("duration", "Within how long."),
        "excess" => said(
            words(&Excess::ALL.map(Excess::word)),
            "What becomes of a delivery that would be one run too many.",
            Some(json!(Excess::default().word())),
        ),
        _ => Value::Null,
    });
    said(map, about, None)
}

pub(super) fn webhook() -> Value {
    let map = object(&webhook::KEYS, &["path", "verify"], |key| match key {
        "path" => {
            let part = "[A-Za-z0-9_.-]+";
            let path = json!({
                "type": "string",
                "pattern": format!("^{part}(/{part})*$"),
                "maxLength": MAX_WEBHOOK_PATH,
            });
            said(path, "The path below /hooks/NAMESPACE/.", None)
        }
        "verify" => verify(),
        "max_body" => {
            said(reference("size"), "Bytes of a body, at most 1MiB.", Some(json!("256KiB")))
        }
        "rate" => rate(&webhook::RATE_KEYS, &whole(&WEBHOOK_RATE), "Most requests within a time."),
        "respond" => {
            let about = "How long the sender is kept waiting for the end of the run, whose outputs are the answer; at most 5m.";
            shared("duration", about)
        }
        _ => Value::Null,
    });
    said(map, "Something is delivered over HTTP.", None)
}

fn verify() -> Value {
    let secrets = one_or_list(&reference("name"), Some(MAX_WEBHOOK_SECRETS));
    let map = object(&webhook::VERIFY_KEYS, &[], |key| match key {
        "scheme" => said(
            words(&SignatureScheme::ALL.map(SignatureScheme::word)),
            "How the sender proves that it knows a secret.",
            Some(json!(SignatureScheme::default().word())),
        ),
        "secrets" => said(secrets.clone(), "Names of secrets; any of them may have signed.", None),
        "tolerance" => {
            let about = "How far away a signed moment may be.";
            said(reference("duration"), about, Some(json!("5m")))
        }
        _ => Value::Null,
    });
    let either = json!({ "anyOf": [{ "const": SignatureScheme::None.word() }, map] });
    said(either, "How it is known who has sent it.", None)
}

pub(super) fn file_watch() -> Value {
    let globs = one_or_list(&text(), Some(MAX_GLOBS));
    let word = |pair: (&'static str, bool)| pair.0;
    let map = object(&file_watch::KEYS, &["directory"], |key| match key {
        "directory" => {
            let path = json!({ "type": "string", "pattern": "^/" });
            said(path, "The absolute path of a directory.", None)
        }
        "include" => said(globs.clone(), "Patterns of files that are meant; by default all.", None),
        "exclude" => said(globs.clone(), "Patterns of files that are not meant.", None),
        "recursive" => {
            let about = "Whether files in directories below are meant.";
            said(json!({ "type": "boolean" }), about, Some(json!(false)))
        }
        "changes" => {
            let list = one_or_list(&words(&FileChange::ALL.map(FileChange::word)), None);
            let default = file_watch::CHANGES.map(FileChange::word);
            said(list, "What may have happened to a file.", Some(json!(default)))
        }
        "stable_for" => {
            let about = "For how long a file must not have changed.";
            said(reference("duration"), about, Some(json!("2s")))
        }
        "dedupe" => {
            let about = "By what it is known that a file was heard of before.";
            said(words(&file_watch::DEDUPE.map(word)), about, Some(json!("metadata")))
        }
        "existing" => {
            let about = "What becomes of files that are there when it is armed for the first time.";
            said(words(&file_watch::EXISTING.map(word)), about, Some(json!("ignore")))
        }
        "poll" => {
            let about = "It looks each so often, and does not ask the kernel; at least 1s.";
            shared("duration", about)
        }
        _ => Value::Null,
    });
    said(map, "Files appear, change or go.", None)
}

pub(super) fn event() -> Value {
    let map = object(&subscription::KEYS, &["name"], |key| match key {
        "name" => said(event_name(), "The name of the event.", None),
        "match" => {
            shared("condition", "Which of the events of that name is meant; sees `trigger`.")
        }
        _ => Value::Null,
    });
    said(json!({ "anyOf": [event_name(), map] }), "An event is published.", None)
}

pub(super) fn after() -> Value {
    let statuses = one_or_list(&words(&chain::STATUSES.map(|status| status.word())), None);
    let map = object(&chain::KEYS, &["workflow"], |key| match key {
        "workflow" => said(workflow_name(), "NAME or NAMESPACE/NAME.", None),
        "status" => said(statuses.clone(), "How its run has ended.", Some(json!("completed"))),
        "match" => shared("condition", "Which of these runs is meant; sees `trigger`."),
        _ => Value::Null,
    });
    said(json!({ "anyOf": [workflow_name(), map] }), "A run of another workflow has ended.", None)
}

pub(super) fn manual() -> Value {
    let filled = json!({ "type": "string", "pattern": "[^ ]" });
    let map = object(&manual::KEYS, &[], |key| match key {
        "who" => {
            let about =
                "Users, and groups with @ before them. By default everybody who may use rpad.";
            said(one_or_list(&filled, Some(MAX_WHO)), about, None)
        }
        "variables" => {
            let list = json!({ "type": "array", "items": reference("name") });
            said(list, "Variables that they may give. By default all.", None)
        }
        _ => Value::Null,
    });
    said(map, "A person starts it.", None)
}

pub(super) fn debounce() -> Value {
    let map = object(&flow::DEBOUNCE_KEYS, &["wait"], |key| match key {
        "wait" => shared("duration", "For how long no other must come."),
        "max" => shared("duration", "How long after the first it begins in any case."),
        "key" => shared("expression", "Those that have different ones are kept apart."),
        _ => Value::Null,
    });
    let either = json!({ "anyOf": [reference("duration"), map] });
    said(either, "The newest delivery stands for those before it.", None)
}

pub(super) fn batch() -> Value {
    let map = object(&flow::BATCH_KEYS, &["size", "wait"], |key| match key {
        "size" => said(whole(&BATCH), "Most deliveries of one run.", None),
        "wait" => shared("duration", "How long after the first it begins in any case."),
        _ => Value::Null,
    });
    said(map, "Several deliveries become one run.", None)
}

pub(super) fn throttle() -> Value {
    rate(&flow::THROTTLE_KEYS, &whole(&THROTTLE), "Most runs that begin within a time.")
}
