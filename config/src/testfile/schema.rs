//! The JSON Schema of files of tests, for editors.

use rpa_engine::run::{Promise, RunStatus, StepStatus};
use serde_json::{Value, json};

use super::expect::{PROMISE_WORDS, RUN_WORDS, STEP_WORDS};

/// The schema; every table of keys of the reader is in it (a test).
pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tests of a workflow of rpad",
        "type": "object",
        "required": ["version", "tests"],
        "additionalProperties": false,
        "properties": {
            "version": { "const": 1 },
            "workflow": {
                "type": "string",
                "description": "The workflow's file, beside this one; by default the one of the same name."
            },
            "workflows": {
                "type": "array",
                "description": "Files of workflows that it calls; those of their names beside this one are found.",
                "items": { "type": "string" }
            },
            "tests": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/test" } }
        },
        "$defs": {
            "duration": { "type": "string", "examples": ["500ms", "90s", "1h30m"] },
            "test": test(),
            "result": result(),
            "expect": expect(),
            "error": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "code": { "type": "string" },
                    "class": { "type": "string" },
                    "message": { "type": "string" },
                    "step": { "type": "string" }
                }
            }
        }
    })
}

fn test() -> Value {
    json!({
        "type": "object",
        "required": ["name"],
        "additionalProperties": false,
        "properties": {
            "name": { "type": "string" },
            "run": { "type": "string", "description": "What run.id is." },
            "now": { "type": "string", "description": "What the clock shows at the start." },
            "variables": { "type": "object" },
            "secrets": {
                "type": "object",
                "description": "Stand-ins for secrets.",
                "additionalProperties": { "type": "string" }
            },
            "cancel_after": { "$ref": "#/$defs/duration" },
            "steps": {
                "type": "object",
                "description": "What steps give, by path; [*] stands for every turn of a loop.",
                "additionalProperties": {
                    "anyOf": [
                        { "$ref": "#/$defs/result" },
                        { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/result" } }
                    ]
                }
            },
            "expect": { "$ref": "#/$defs/expect" }
        }
    })
}

fn result() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "output": {},
            "fail": {
                "type": "object",
                "required": ["class"],
                "additionalProperties": false,
                "properties": {
                    "class": { "type": "string" },
                    "code": { "type": "string" },
                    "message": { "type": "string" },
                    "started": { "type": "boolean" }
                }
            },
            "exit": { "type": "integer", "minimum": 1, "maximum": 255 },
            "http": { "type": "integer", "minimum": 100, "maximum": 599 },
            "business": { "type": "string" },
            "timeout": { "const": true },
            "lost": { "const": true },
            "cancelled": {
                "const": true,
                "description": "The run that the step has called is cancelled."
            },
            "approve": { "anyOf": [{ "const": true }, votes(true)] },
            "reject": { "anyOf": [{ "const": true }, votes(false)] },
            "event": {
                "type": "object",
                "description": "An event that is published while the step waits.",
                "additionalProperties": false,
                "properties": {
                    "data": {},
                    "by": { "type": "string" },
                    "id": { "type": "string" },
                    "at": { "type": "string" }
                }
            },
            "resolve": { "enum": ["done", "retry", "fail"] },
            "takes": { "$ref": "#/$defs/duration" }
        }
    })
}

/// Of people that are asked; only who approves fills in the form.
fn votes(approves: bool) -> Value {
    let name = json!({ "type": "string" });
    let mut properties = json!({
        "comment": { "type": "string" },
        "at": { "type": "string", "description": "When, for expressions." }
    });
    match approves {
        true => {
            let names = json!({ "type": "array", "minItems": 1, "items": name });
            properties["by"] = json!({ "anyOf": [name, names] });
            properties["fields"] = json!({ "type": "object" });
        }
        false => properties["by"] = name,
    }
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn expect() -> Value {
    let steps = STEP_WORDS.map(StepStatus::word);
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "status": { "enum": RUN_WORDS.map(RunStatus::word) },
            "error": { "$ref": "#/$defs/error" },
            "path": {
                "type": "array",
                "description": "The steps that do something, in the order in which they began.",
                "items": { "type": "string" }
            },
            "steps": {
                "type": "object",
                "additionalProperties": {
                    "anyOf": [
                        { "enum": steps },
                        {
                            "type": "object",
                            "additionalProperties": false,
                            "properties": {
                                "status": { "enum": steps },
                                "attempts": { "type": "integer", "minimum": 0 },
                                "output": {},
                                "error": { "$ref": "#/$defs/error" }
                            }
                        }
                    ]
                }
            },
            "inputs": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {
                        "with": { "type": "object" },
                        "env": { "type": "object" },
                        "message": { "type": "string" },
                        "show": { "type": "object" },
                        "approvers": { "type": "array", "items": { "type": "string" } }
                    }
                }
            },
            "outputs": { "type": "object" },
            "within": { "$ref": "#/$defs/duration" },
            "late": {
                "type": "array",
                "description": "The promises of sla that are broken.",
                "items": { "enum": PROMISE_WORDS.map(Promise::word) }
            }
        }
    })
}
