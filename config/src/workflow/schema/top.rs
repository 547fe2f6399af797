//! The top level, `defaults` and `handlers`.

use rpa_engine::workflow::Priority;
use serde_json::{Value, json};

use super::super::{file, handlers};
use super::{named, object, reference, said, shared, text, words};

pub(super) fn workflow() -> Value {
    object(&file::KEYS, &["version", "name", "steps"], |key| match key {
        "version" => said(json!({ "const": 1 }), "The version of the format.", None),
        "namespace" => {
            said(reference("label"), "Where the workflow belongs.", Some(json!("default")))
        }
        "name" => shared("label", "With the namespace it identifies the workflow."),
        "description" => said(text(), "Text for people.", None),
        "tags" => said(json!({ "type": "array", "items": text() }), "Words to find it by.", None),
        "variables" => said(named(&reference("variable")), "What a run takes from outside.", None),
        "priority" => said(
            words(&Priority::ALL.map(Priority::word)),
            "Which of the runs that wait is begun first.",
            Some(json!(Priority::Normal.word())),
        ),
        "timeout" => shared("duration", "How long a run may take."),
        "defaults" => defaults(),
        "steps" => shared("steps", "What is done."),
        "outputs" => said(named(&json!({})), "What a run gives: names and values.", None),
        "handlers" => handlers(),
        _ => Value::Null,
    })
}

fn defaults() -> Value {
    let map = object(&file::DEFAULT_KEYS, &[], |key| match key {
        "timeout" => shared("duration", "How long one attempt of a task may take."),
        "retry" => shared("retry", "When a failed task is tried again."),
        "shell" => shared("shell", "The shell of commands."),
        _ => Value::Null,
    });
    said(map, "What holds for each task that does not say its own.", None)
}

fn handlers() -> Value {
    let map = object(&handlers::KEYS, &[], |key| match key {
        "success" => shared("steps", "Run when no step has failed."),
        "failure" => shared("steps", "Run when the run has failed."),
        "cancel" => shared("steps", "Run when the run was cancelled."),
        "finally" => shared("steps", "Run last, whatever happened."),
        _ => Value::Null,
    });
    let mut map = said(map, "Steps that run when all others have ended.", None);
    map["minProperties"] = json!(1);
    map
}
