//! Which fields a step has: from the keys of the format, the contract of its task type, and
//! the words of the schema.

use std::sync::OnceLock;

use rpa_engine::EffectClass;
use rpa_engine::contract::{FieldKind, TaskContract};
use serde_json::Value;

use super::form::{Kind, Source};
use crate::catalogue;
use crate::workflow::node::Node;
use crate::workflow::step_keys::{About, about};
use crate::workflow::{PRESETS, approval, form, retry, schema, wait};

/// A field as a step of some kind may have it.
#[derive(Clone, Debug)]
pub(super) struct Spec {
    pub(super) key: String,
    pub(super) kind: Kind,
    pub(super) source: Source,
    pub(super) required: bool,
    pub(super) default: String,
    pub(super) summary: String,
    pub(super) takes_expressions: bool,
}

/// Inputs of tasks that are longer than a line.
const LONG: [&str; 4] = ["command", "body", "content", "message"];

/// The fields of a step. `ids` are those of the other steps of its list.
pub(super) fn specs(step: &Node, ids: &[String]) -> Vec<Spec> {
    let present = |key: &str| super::sheet::entry(step, key).is_some();
    let useful = form::useful_keys(step);
    let may = |key: &str| match &useful {
        Some(keys) => keys.contains(&key),
        None => present(key) || about(About::Common).any(|common| common == key),
    };
    let mut specs = vec![one("id", "id"), one("name", "name")];
    let word = super::rows::word(step);
    let contract = word.as_deref().filter(|_| present("uses")).and_then(catalogue::find);
    for key in about(About::Action).filter(|key| may(key)) {
        match contract.filter(|_| key == "with") {
            Some(contract) => specs.extend(inputs(contract)),
            None => specs.extend(of_key(key, ids)),
        }
    }
    let rest = [About::Common, About::How, About::Claims, About::Outcome];
    for key in rest.into_iter().flat_map(about).filter(|key| may(key)) {
        specs.extend(of_key(key, ids));
    }
    specs
}

fn inputs(contract: &'static TaskContract) -> impl Iterator<Item = Spec> {
    contract.inputs.iter().map(move |field| Spec {
        key: format!("with.{}", field.name),
        kind: match field.kind {
            FieldKind::Text if LONG.contains(&field.name) => Kind::Lines,
            FieldKind::Text => Kind::Text,
            FieldKind::Number => Kind::Number,
            FieldKind::Boolean => Kind::Boolean,
            FieldKind::Duration => Kind::Duration,
            FieldKind::Size => Kind::Size,
            FieldKind::List => Kind::List,
            FieldKind::TextMap => Kind::Map,
            FieldKind::Any => Kind::Document,
            FieldKind::Choice(words) => choice(words),
        },
        source: Source::Task,
        required: field.required,
        default: field.default.to_owned(),
        summary: field.summary.to_owned(),
        takes_expressions: contract.kind != "shell",
    })
}

/// A key of the format as one field, or as one for each key of its map.
fn of_key(key: &str, ids: &[String]) -> Vec<Spec> {
    let parts: &[&str] = match key {
        "lock" => &["lock.name", "lock.lease", "lock.wait"],
        "on_item_error" => &["on_item_error", "on_item_error.stop_after"],
        "repeat" => &["repeat.count", "repeat.until", "repeat.every"],
        "wait" => {
            &["wait", "wait.until", "wait.event", "wait.match", "wait.timeout", "wait.on_timeout"]
        }
        "approval" => &[
            "approval.message",
            "approval.show",
            "approval.form",
            "approval.approvers",
            "approval.quorum",
            "approval.self_approval",
            "approval.timeout",
            "approval.on_timeout",
        ],
        "retry" => &[
            "retry.preset",
            "retry.attempts",
            "retry.policy",
            "retry.delay",
            "retry.max_delay",
            "retry.jitter",
            "retry.total",
            "retry.on",
        ],
        "on_error" => &["on_error", "on_error.fallback"],
        _ => return vec![one(key, key)],
    };
    let mut specs: Vec<Spec> = parts.iter().map(|part| one(key, part)).collect();
    if let Some(fallback) = specs.iter_mut().find(|spec| spec.key == "on_error.fallback") {
        fallback.kind = Kind::Choice(ids.to_vec());
    }
    specs
}

fn one(key: &str, path: &str) -> Spec {
    let (summary, default) = said(path);
    Spec {
        key: path.to_owned(),
        kind: kind(path),
        source: match key {
            _ if about(About::Action).any(|action| action == key) => Source::Action,
            _ => Source::Step,
        },
        required: matches!(
            path,
            "id" | "run"
                | "switch"
                | "for_each"
                | "while"
                | "max_iterations"
                | "repeat.count"
                | "workflow"
                | "set"
                | "approval.message"
        ),
        default,
        summary,
        takes_expressions: matches!(
            path,
            "if" | "vars"
                | "lock.name"
                | "for_each"
                | "while"
                | "repeat.until"
                | "switch"
                | "set"
                | "wait"
                | "wait.until"
                | "wait.match"
                | "approval.message"
                | "approval.show"
                | "approval.approvers"
                | "with"
                | "env"
                | "outputs"
        ),
    }
}

fn kind(path: &str) -> Kind {
    match path {
        "id" => Kind::Id,
        "needs" => Kind::Needs,
        "run" | "approval.message" => Kind::Lines,
        "if" | "while" | "repeat.until" | "wait.match" => Kind::Condition,
        "switch" => Kind::Expression,
        "detached" | "approval.self_approval" => Kind::Boolean,
        "max_parallel"
        | "max_iterations"
        | "repeat.count"
        | "approval.quorum"
        | "retry.attempts"
        | "on_item_error.stop_after" => Kind::Number,
        "timeout" | "wait" | "wait.timeout" | "approval.timeout" | "repeat.every"
        | "lock.lease" | "lock.wait" | "retry.delay" | "retry.max_delay" | "retry.total" => {
            Kind::Duration
        }
        "effect" => choice(&EffectClass::ALL.map(EffectClass::word)),
        "on_error" | "on_item_error" => choice(&["fail", "continue"]),
        "retry.preset" => choice(&PRESETS.map(|preset| preset.name)),
        "retry.policy" => choice(&retry::POLICIES.map(|(word, _)| word)),
        "wait.on_timeout" => choice(&wait::ON_TIMEOUT.map(|(word, _)| word)),
        "approval.on_timeout" => choice(&approval::ON_TIMEOUT.map(|(word, _)| word)),
        "vars" | "set" | "env" | "outputs" | "tokens" | "with" | "approval.show"
        | "approval.form" => Kind::Map,
        "for_each" | "approval.approvers" | "retry.on" => Kind::List,
        "shell" => Kind::Document,
        _ => Kind::Text,
    }
}

fn choice(words: &[&str]) -> Kind {
    Kind::Choice(words.iter().map(|word| (*word).to_owned()).collect())
}

/// What the schema says of a key of a step, or of a key below it, and its default.
fn said(path: &str) -> (String, String) {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    let schema = SCHEMA.get_or_init(schema);
    let (key, below) = path.split_once('.').map_or((path, None), |(key, below)| (key, Some(below)));
    let whole = &schema["$defs"]["step"]["properties"][key];
    let found = match below {
        None => Some(whole),
        Some(below) => property(schema, whole, below),
    };
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let found = found.unwrap_or(&Value::Null);
    // a choice that may be a map as well has its default there, not below
    (text(&found["description"]), text(&found["default"]))
}

/// A property of a map, which may be one of several shapes, or stand elsewhere.
fn property<'s>(schema: &'s Value, of: &'s Value, key: &str) -> Option<&'s Value> {
    if let Some(found) = of["properties"].get(key) {
        return Some(found);
    }
    if let Some(name) = of["$ref"].as_str().and_then(|at| at.strip_prefix("#/$defs/")) {
        return property(schema, &schema["$defs"][name], key);
    }
    of["anyOf"].as_array()?.iter().find_map(|of| property(schema, of, key))
}
