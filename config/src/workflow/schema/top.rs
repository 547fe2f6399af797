//! The top level, `concurrency`, `sla`, `defaults` and `handlers`.

use rpa_engine::workflow::{OnBreach, OnLimit, Priority};
use serde_json::{Value, json};

use super::super::limits::{CONCURRENCY, MAX_QUEUE};
use super::super::{concurrency, file, handlers, sla};
use super::triggers::triggers;
use super::{named, object, reference, said, shared, text, whole, words};

pub(super) fn workflow() -> Value {
    object(&file::KEYS, &["version", "name", "steps"], |key| match key {
        "version" => said(json!({ "const": 1 }), "The version of the format.", None),
        "namespace" => {
            said(reference("label"), "Where the workflow belongs.", Some(json!("default")))
        }
        "name" => shared("label", "With the namespace it identifies the workflow."),
        "description" => said(text(), "Text for people.", None),
        "tags" => said(json!({ "type": "array", "items": text() }), "Words to find it by.", None),
        "category" => shared("label", "One word to sort by."),
        "variables" => said(named(&reference("variable")), "What a run takes from outside.", None),
        "triggers" => triggers(),
        "priority" => said(
            words(&Priority::ALL.map(Priority::word)),
            "Which of the runs that wait is begun first.",
            Some(json!(Priority::Normal.word())),
        ),
        "timeout" => shared("duration", "How long a run may take."),
        "concurrency" => concurrency(),
        "sla" => sla(),
        "defaults" => defaults(),
        "steps" => shared("steps", "What is done."),
        "outputs" => said(named(&json!({})), "What a run gives: names and values.", None),
        "handlers" => handlers(),
        _ => Value::Null,
    })
}

fn concurrency() -> Value {
    let map = object(&concurrency::KEYS, &["limit"], |key| match key {
        "limit" => said(whole(&CONCURRENCY), "How many runs go on at once.", None),
        "key" => shared("expression", "Runs that have the same are limited together."),
        "on_limit" => said(
            words(&OnLimit::ALL.map(OnLimit::word)),
            "What becomes of a run that finds the limit reached.",
            Some(json!(OnLimit::Queue.word())),
        ),
        "max_queue" => said(whole(&MAX_QUEUE), "How many runs may wait for their turn.", None),
        _ => Value::Null,
    });
    let either = json!({ "anyOf": [whole(&CONCURRENCY), map] });
    said(either, "How many runs of the workflow go on at once.", None)
}

fn sla() -> Value {
    let mut map = object(&sla::KEYS, &[], |key| match key {
        "start_within" => shared("duration", "The longest time until a run begins."),
        "finish_within" => shared("duration", "The longest time until a run has ended."),
        "on_breach" => said(
            words(&OnBreach::ALL.map(OnBreach::word)),
            "What becomes of a run that is late.",
            Some(json!(OnBreach::Flag.word())),
        ),
        _ => Value::Null,
    });
    let one = |key: &str| json!({ "required": [key] });
    map["anyOf"] = json!([one("start_within"), one("finish_within")]);
    said(map, "What is promised of a run's times, counted from its acceptance.", None)
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
