//! The schema and the reader know the same keys, and the schema takes what the reader
//! takes.

use serde_json::{Value, json};

use super::super::{
    approval, catch_up, chain, check, claims, concurrency, file, file_watch, flow, handlers, loops,
    manual, needs, on_error, retry, schedules, schema, sla, step, subscription, tree, triggers,
    variables, wait, webhook,
};
use super::{EVERY_FEATURE, namespace};
use crate::json;

/// What `value` has that `schema` does not allow, by its path. Knows the keywords that
/// our schema uses, and stops at any other.
fn faults(root: &Value, schema: &Value, value: &Value, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    let valid = |schema: &Value| faults(root, schema, value, path).is_empty();
    let list = |value: &Value| value.as_array().unwrap().clone();
    for (keyword, rule) in schema.as_object().unwrap() {
        let fits = match keyword.as_str() {
            "title" | "description" | "default" | "examples" | "$defs" | "$schema" | "$id"
            | "format" | "then" => true,
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix('#').unwrap();
                found.extend(faults(root, root.pointer(name).unwrap(), value, path));
                true
            }
            "type" => {
                let types = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                types.iter().any(|name| is_a(name.as_str().unwrap(), value))
            }
            "const" => rule == value,
            "enum" => list(rule).contains(value),
            "pattern" => value.as_str().is_none_or(|text| {
                // our regular expressions have no look-ahead; it only refuses the empty text
                let pattern = rule.as_str().unwrap().replace("(?=[0-9])", "");
                !text.is_empty() && regex::Regex::new(&pattern).unwrap().is_match(text)
            }),
            "minimum" => value.as_f64().is_none_or(|n| n >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|n| n <= rule.as_f64().unwrap()),
            "minItems" => value.as_array().is_none_or(|v| v.len() as u64 >= rule.as_u64().unwrap()),
            "maxItems" => value.as_array().is_none_or(|v| v.len() as u64 <= rule.as_u64().unwrap()),
            "maxLength" => value.as_str().is_none_or(|v| v.len() as u64 <= rule.as_u64().unwrap()),
            "minProperties" => {
                value.as_object().is_none_or(|v| v.len() as u64 >= rule.as_u64().unwrap())
            }
            "items" => {
                for (n, item) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(faults(root, rule, item, &format!("{path}[{n}]")));
                }
                true
            }
            "properties" => {
                for (key, inner) in value.as_object().into_iter().flatten() {
                    if let Some(rule) = rule.get(key) {
                        found.extend(faults(root, rule, inner, &format!("{path}.{key}")));
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = schema.get("properties");
                for (key, inner) in value.as_object().into_iter().flatten() {
                    match rule {
                        _ if known.is_some_and(|known| known.get(key).is_some()) => {}
                        Value::Bool(false) => found.push(format!("{path}.{key}: unknown")),
                        rule => found.extend(faults(root, rule, inner, &format!("{path}.{key}"))),
                    }
                }
                true
            }
            "propertyNames" => {
                let names = value.as_object().into_iter().flatten();
                names.into_iter().all(|(key, _)| faults(root, rule, &json!(key), path).is_empty())
            }
            "required" => value
                .as_object()
                .is_none_or(|v| list(rule).iter().all(|key| v.contains_key(key.as_str().unwrap()))),
            "dependentRequired" => value.as_object().is_none_or(|v| {
                let rules = rule.as_object().unwrap();
                rules.iter().filter(|(key, _)| v.contains_key(*key)).all(|(_, others)| {
                    list(others).iter().all(|other| v.contains_key(other.as_str().unwrap()))
                })
            }),
            "allOf" => {
                list(rule).iter().for_each(|rule| found.extend(faults(root, rule, value, path)));
                true
            }
            "anyOf" => list(rule).iter().any(valid),
            "oneOf" => list(rule).iter().filter(|rule| valid(rule)).count() == 1,
            "not" => !valid(rule),
            "if" => {
                if valid(rule) {
                    found.extend(faults(root, &schema["then"], value, path));
                }
                true
            }
            other => panic!("the keyword {other} is not known here"),
        };
        if !fits {
            found.push(format!("{path}: {keyword}"));
        }
    }
    found
}

fn is_a(name: &str, value: &Value) -> bool {
    match name {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type {other}"),
    }
}

fn faults_of(source: &str) -> Vec<String> {
    let mut problems = super::super::problem::Problems::new("f");
    let root = tree::parse(source, &mut problems).unwrap();
    let schema = schema();
    faults(&schema, &schema, &json::to_json(&root.literal()), "")
}

#[test]
fn what_the_reader_takes_fits() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let mut sources = vec![EVERY_FEATURE.to_owned()];
    for entry in std::fs::read_dir(examples).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.ends_with(".yaml") && !name.ends_with(".test.yaml") {
            sources.push(std::fs::read_to_string(path).unwrap());
        }
    }
    assert!(sources.len() > 3);
    for source in &sources {
        assert!(check(source, "f", &namespace()).workflow.is_some());
        assert_eq!(faults_of(source), [""; 0]);
    }
}

#[test]
fn the_file_with_every_feature_has_every_key() {
    let tables = [&file::KEYS, &file::DEFAULT_KEYS, &step::KEYS, &retry::KEYS, &variables::KEYS];
    let more = [&handlers::KEYS, &needs::KEYS, &on_error::KEYS, &wait::KEYS, &loops::REPEAT_KEYS];
    let last =
        [&approval::KEYS, &claims::KEYS, &concurrency::KEYS, &sla::KEYS, &loops::ITEM_ERROR_KEYS];
    let of_triggers = [&triggers::KEYS, &schedules::KEYS, &schedules::DST_KEYS, &catch_up::KEYS];
    let sources = [
        &webhook::KEYS,
        &webhook::VERIFY_KEYS,
        &webhook::RATE_KEYS,
        &file_watch::KEYS,
        &subscription::KEYS,
        &chain::KEYS,
        &manual::KEYS,
        &flow::DEBOUNCE_KEYS,
        &flow::BATCH_KEYS,
        &flow::THROTTLE_KEYS,
    ];
    let tables = tables.into_iter().chain(more).chain(last).chain(of_triggers);
    for keys in tables.chain(sources) {
        for key in keys.known {
            let text = format!("{key}: ");
            let has = EVERY_FEATURE
                .lines()
                .any(|line| line.ends_with(&format!("{key}:")) || line.contains(&text));
            assert!(has, "{}: {key}", keys.owner);
        }
    }
}

#[test]
fn what_the_reader_refuses_does_not_fit() {
    for steps in [
        "[]",
        "[{id: a}]",
        "[{id: a, run: x, wait: 1s}]",
        "[{id: a, run: x, neds: b}]",
        "[{id: a-b, run: x}]",
        "[{id: a, uses: nope}]",
        "[{id: a, uses: file.read}]",
        "[{id: a, uses: file.read, with: {pth: x}}]",
        "[{id: a, uses: data.transform, with: {value: 1, where: true}}]",
        "[{id: a, run: x, retry: often}]",
        "[{id: a, run: x, retry: {attempts: 1}}]",
        "[{id: a, run: x, timeout: 30}]",
        "[{id: a, wait: {until: 5}}]",
        "[{id: a, while: x, steps: [{id: b, run: x}]}]",
        "[{id: a, for_each: [1], while: x, max_iterations: 1, steps: [{id: b, run: x}]}]",
        "[{id: a, for_each: x, steps: [{id: b, run: x}]}]",
        "[{id: a, repeat: {until: x}, steps: [{id: b, run: x}]}]",
        "[{id: a, switch: '{{ 1 }}'}]",
        "[{id: a, steps: [{id: b}]}]",
        "[{id: a, run: x, on_error: {fallback: 5}}]",
        "[{id: a, run: x, needs: [{when: failed}]}]",
        "[{id: a, workflow: x/y/z}]",
        "[{id: a, workflow: x, detached: maybe}]",
        "[{id: a, run: x, detached: true}]",
        "[{id: a, run: x, with: {a: 1}}]",
        "[{id: a, approval: {show: {}}}]",
        "[{id: a, approval: ' '}]",
        "[{id: a, approval: {message: x, form: {f: {type: secret}}}}]",
        "[{id: a, approval: {message: x, approvers: []}}]",
        "[{id: a, approval: {message: x, quorum: 0}}]",
        "[{id: a, approval: {message: x, on_timeout: reject}}]",
        "[{id: a, approval: {message: x, timeout: 1h, on_timeout: continue}}]",
        "[{id: a, wait: {event: e, until: '2026-12-01T07:00:00Z'}}]",
        "[{id: a, wait: {event: Order}}]",
        "[{id: a, wait: {until: '2026-12-01T07:00:00Z', timeout: 1h}}]",
        "[{id: a, wait: {event: e, timeout: 1h, on_timeout: reject}}]",
        "[{id: a, run: x, lock: {lease: 1h}}]",
        "[{id: a, run: x, lock: [a]}]",
        "[{id: a, run: x, tokens: {}}]",
        "[{id: a, run: x, tokens: {a: 0}}]",
        "[{id: a, run: x, tokens: {A: 1}}]",
        "[{id: a, run: x, vars: {}}]",
        "[{id: a, run: x, vars: [b]}]",
        "[{id: a, run: x, vars: {B: 1}}]",
    ] {
        let source = format!("{{version: 1, name: w, steps: {steps}}}");
        assert!(!faults_of(&source).is_empty(), "{steps}");
        assert!(check(&source, "f", &namespace()).workflow.is_none(), "{steps}");
    }
    for top in ["priority: high", "timeout: 1h", "handlers: {finally: [{id: a, run: x}]}"] {
        assert_eq!(
            faults_of(&format!("{{version: 1, name: w, steps: [{{id: b, run: x}}], {top}}}")),
            [""; 0]
        );
    }
    for top in [
        "priority: no",
        "handlers: {}",
        "triggers: {}",
        "triggers: [{id: a}]",
        "triggers: [{webhook: {}}]",
        "triggers: [{id: A, schedule: {cron: '@daily'}}]",
        "triggers: [{schedule: {}}]",
        "triggers: [{schedule: {cron: '@daily', every: 1h}}]",
        "triggers: [{schedule: {cron: '@daily', dts: {}}}]",
        "triggers: [{schedule: {cron: '@daily', dst: {gap: leap}}}]",
        "triggers: [{schedule: {every: 1h, dst: {gap: skip}}}]",
        "triggers: [{schedule: {cron: '@daily', from: '2026-12-01'}}]",
        "triggers: [{schedule: {cron: '@daily', outside: skip}}]",
        "triggers: [{schedule: {cron: '@daily', overlap: wait}}]",
        "triggers: [{schedule: {cron: '@daily', catch_up: often}}]",
        "triggers: [{schedule: {cron: '@daily', catch_up: {max: 0}}}]",
        "triggers: [{schedule: {cron: '@daily', pause_on_failure: 0}}]",
        "triggers: [{schedule: {at: []}}]",
        "triggers: [{webhook: {path: a}}]",
        "triggers: [{webhook: {path: a, verify: github}}]",
        "triggers: [{webhook: {path: /a, verify: none}}]",
        "triggers: [{webhook: {path: 'a b', verify: none}}]",
        "triggers: [{webhook: {path: a, verify: {scheme: md5, secrets: [k]}}}]",
        "triggers: [{webhook: {path: a, verify: {secrets: []}}}]",
        "triggers: [{webhook: {path: a, verify: {secrets: [A]}}}]",
        "triggers: [{webhook: {path: a, verify: none, max_body: 5}}]",
        "triggers: [{webhook: {path: a, verify: none, rate: {limit: 0, per: 1m}}}]",
        "triggers: [{webhook: {path: a, verify: none, rate: {limit: 1}}}]",
        "triggers: [{webhook: {path: a, verify: none}, manual: {}}]",
        "triggers: [{file_watch: {}}]",
        "triggers: [{file_watch: {directory: in}}]",
        "triggers: [{file_watch: {directory: /in, include: []}}]",
        "triggers: [{file_watch: {directory: /in, changes: []}}]",
        "triggers: [{file_watch: {directory: /in, changes: renamed}}]",
        "triggers: [{file_watch: {directory: /in, dedupe: name}}]",
        "triggers: [{file_watch: {directory: /in, existing: true}}]",
        "triggers: [{file_watch: {directory: /in, poll: 30}}]",
        "triggers: [{event: Order}]",
        "triggers: [{event: {match: trigger.data.x}}]",
        "triggers: [{after: a/b/c}]",
        "triggers: [{after: {workflow: a, status: running}}]",
        "triggers: [{after: {workflow: a, status: []}}]",
        "triggers: [{manual: {who: []}}]",
        "triggers: [{manual: {variables: limit}}]",
        "triggers: [{event: e, debounce: 5}]",
        "triggers: [{event: e, debounce: {max: 1m}}]",
        "triggers: [{event: e, debounce: {wait: 1s, key: same}}]",
        "triggers: [{event: e, batch: {size: 0, wait: 1s}}]",
        "triggers: [{event: e, batch: {size: 5}}]",
        "triggers: [{event: e, debounce: 1s, batch: {size: 5, wait: 1s}}]",
        "triggers: [{event: e, throttle: {limit: 5, per: 1m, excess: drop}}]",
        "triggers: [{event: e, throttle: {limit: 10001, per: 1m}}]",
        "triggers: [{schedule: {cron: '@daily'}, throttle: {limit: 1, per: 1m}}]",
        "triggers: [{manual: {}, debounce: 5s}]",
        "variables: {a: {typ: x}}",
        "category: Big Things",
        "concurrency: 0",
        "concurrency: {key: '{{ run.id }}'}",
        "concurrency: {limit: 1, on_limit: wait}",
        "concurrency: {limit: 1, key: same}",
        "sla: {}",
        "sla: {on_breach: flag}",
        "sla: {finish_within: 60}",
    ] {
        let source = format!("{{version: 1, name: w, steps: [{{id: b, run: x}}], {top}}}");
        assert!(!faults_of(&source).is_empty(), "{top}");
        assert!(check(&source, "f", &namespace()).workflow.is_none(), "{top}");
    }
}

/// Each object of the schema with its properties.
fn properties(schema: &Value, visit: &mut dyn FnMut(&str, &Value)) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::Object(properties)) = map.get("properties")
                && let Some(title) = map.get("title").and_then(Value::as_str)
            {
                properties.iter().for_each(|(key, value)| visit(&format!("{title}: {key}"), value));
            }
            map.values().for_each(|value| properties(value, visit));
        }
        Value::Array(items) => items.iter().for_each(|item| properties(item, visit)),
        _ => {}
    }
}

#[test]
fn every_key_is_described() {
    let mut count = 0;
    properties(&schema(), &mut |key, value| {
        count += 1;
        assert!(value.is_object(), "{key} has no schema");
        let described = value.get("description").and_then(Value::as_str);
        assert!(described.is_some_and(|text| !text.is_empty()), "{key} has no words");
    });
    assert!(count > 70, "{count}");
}
