//! A step: its keys, and which of them go together.

use rpa_engine::EffectClass;
use serde_json::{Value, json};

use super::super::form::FORMS;
use super::super::limits::{LOOP_TURNS, MAX_PARALLEL, MAX_STEPS, STOP_AFTER};
use super::super::step::KEYS;
use super::super::{loops, on_error};
use super::{named, object, reference, said, shared, tasks, text, waits, whole, words};

pub(super) fn steps() -> Value {
    json!({
        "title": "steps",
        "description": "One after the other, unless any of them has `needs`.",
        "type": "array",
        "items": reference("step"),
        "minItems": 1,
        "maxItems": MAX_STEPS,
    })
}

pub(super) fn step() -> Value {
    let mut step = object(&KEYS, &["id"], property);
    let form = |key: &str| json!({ "required": [key] });
    step["oneOf"] = json!(FORMS.map(form));
    step["dependentRequired"] = json!({
        "detached": ["workflow"],
        "shell": ["run"],
        "for_each": ["steps"],
        "as": ["for_each"],
        "max_parallel": ["for_each"],
        "on_item_error": ["for_each"],
        "while": ["steps", "max_iterations"],
        "max_iterations": ["while"],
        "repeat": ["steps"],
        "switch": ["cases"],
        "cases": ["switch"],
        "default": ["switch"],
    });
    let two = |one: &str, other: &str| json!({ "required": [one, other] });
    step["not"] = json!({ "anyOf": [
        two("for_each", "while"), two("for_each", "repeat"), two("while", "repeat"),
    ] });
    let mut rules = tasks::inputs();
    rules.push(json!({
        "if": { "required": ["with"] },
        "then": { "anyOf": [form("uses"), form("workflow")] },
    }));
    step["allOf"] = json!(rules);
    step
}

fn property(key: &str) -> Value {
    match key {
        "id" => shared("name", "What the step is called in expressions, logs and paths."),
        "name" => said(text(), "Text for people.", None),
        "needs" => shared("needs", "The steps that must have ended before."),
        "if" => shared("condition", "When it is false, the step is skipped."),
        "vars" => {
            let mut map = named(&json!({}));
            map["minProperties"] = json!(1);
            let words = "Names for values, as vars.NAME in the step and inside of it.";
            said(map, words, None)
        }
        "on_error" => on_error(),
        "timeout" => {
            shared("duration", "How long one attempt may take, or all of a step with steps in it.")
        }
        "lock" => waits::lock(),
        "tokens" => waits::tokens(),
        "outputs" => {
            let words = "Names and values: added to the output of a task, and all that a step with steps in it gives.";
            said(named(&json!({})), words, None)
        }
        "compensate" => {
            let one_or_more = json!({ "anyOf": [reference("step"), reference("steps")] });
            said(one_or_more, "What undoes the step when it has completed and the run fails.", None)
        }
        _ => of_a_form(key),
    }
}

fn of_a_form(key: &str) -> Value {
    match key {
        "run" => said(text(), "A command, in a shell.", None),
        "shell" => said(reference("shell"), "The shell of the command.", Some(json!("sh"))),
        "uses" => tasks::uses(),
        "with" => {
            let words = "The inputs of the task, or the variables of the workflow.";
            said(json!({ "type": "object" }), words, None)
        }
        "env" => {
            let value = json!({ "type": ["string", "number", "boolean"] });
            let map = json!({ "type": "object", "additionalProperties": value });
            said(map, "Environment variables of the command.", None)
        }
        "effect" => {
            let words = words(&EffectClass::ALL.map(EffectClass::word));
            said(
                words,
                "What its repetition would do. By default it depends on the task type.",
                None,
            )
        }
        "retry" => shared("retry", "When a failed attempt is tried again."),
        "set" => {
            let mut map = named(&json!({}));
            map["minProperties"] = json!(1);
            said(map, "Variables of the run and their values.", None)
        }
        "wait" => waits::waiting(),
        "steps" => shared("steps", "Steps as one step; under for_each, while or repeat, the body."),
        "switch" => shared("expression", "The value that chooses a case."),
        "cases" => {
            let cases = json!({
                "type": "object",
                "additionalProperties": reference("steps"),
                "minProperties": 1,
            });
            said(cases, "The steps for each value, which is compared as text.", None)
        }
        "default" => shared("steps", "The steps when no case fits."),
        "workflow" => {
            let name = "[a-z0-9][a-z0-9_-]{0,63}";
            let pattern = format!("^({name}/)?{name}$");
            let text = json!({ "type": "string", "pattern": pattern });
            said(text, "A workflow that is run: NAME, or NAMESPACE/NAME.", None)
        }
        "detached" => {
            let words = "Whether the step has ended when that run is accepted.";
            said(json!({ "type": "boolean" }), words, Some(json!(false)))
        }
        "approval" => waits::approval(),
        _ => of_a_loop(key),
    }
}

fn of_a_loop(key: &str) -> Value {
    match key {
        "for_each" => {
            let items = json!({ "anyOf": [
                reference("expression"), { "type": "array" }, { "type": "object" },
            ] });
            said(items, "The steps are run for each item of a list or a map.", None)
        }
        "as" => said(reference("name"), "What an item is called.", Some(json!("item"))),
        "max_parallel" => {
            said(whole(&MAX_PARALLEL), "How many items may be under way at once.", Some(json!(1)))
        }
        "on_item_error" => {
            let map = object(&loops::ITEM_ERROR_KEYS, &["stop_after"], |key| match key {
                "stop_after" => {
                    said(whole(&STOP_AFTER), "So many failed items end the loop.", None)
                }
                _ => Value::Null,
            });
            let schema = json!({ "anyOf": [words(&["fail", "continue"]), map] });
            said(schema, "What a failed item means for the loop.", Some(json!("fail")))
        }
        "while" => {
            shared("condition", "The steps are run while it is true, asked before each turn.")
        }
        "max_iterations" => said(whole(&LOOP_TURNS), "More turns are a failure.", None),
        "repeat" => {
            let map = object(&loops::REPEAT_KEYS, &["count"], |key| match key {
                "count" => said(whole(&LOOP_TURNS), "How many turns, at most.", None),
                "until" => shared("condition", "Asked after each turn; true ends the loop."),
                "every" => {
                    said(reference("duration"), "The pause between two turns.", Some(json!("0s")))
                }
                _ => Value::Null,
            });
            said(map, "The steps are run a number of times.", None)
        }
        _ => Value::Null,
    }
}

fn on_error() -> Value {
    let map = object(&on_error::KEYS, &["fallback"], |key| match key {
        "fallback" => shared("name", "The step of the same list that runs instead."),
        _ => Value::Null,
    });
    let schema = json!({ "anyOf": [words(&["fail", "continue"]), map] });
    said(schema, "What the failure of the step means.", Some(json!("fail")))
}
