//! What comes out of a valid file.

use rpa_engine::workflow::Wait;
use rpa_engine::{Action, Backoff, EffectClass, Retry, Template, Value};

use super::{EVERY_FEATURE, checked, file, step, workflow};

#[test]
fn every_feature_is_accepted() {
    assert_eq!(checked(EVERY_FEATURE).problems, []);
    let workflow = workflow(EVERY_FEATURE);
    assert_eq!(workflow.name.to_string(), "ops/disk-report");
    assert_eq!(workflow.description, "Says which file systems are full and tells somebody.");
    assert_eq!(workflow.tags, ["disk", "nightly"]);
    assert_eq!(workflow.outputs.len(), 2);
    let ids: Vec<_> = workflow.steps.iter().map(|s| s.id.as_str()).collect();
    let expected = [
        "usage",
        "containers",
        "parse",
        "pause",
        "remember",
        "send",
        "after",
        "each_mount",
        "settle",
        "kind",
        "upload",
        "both",
        "allowed",
        "sure",
        "paid",
        "bill",
        "tell_others",
        "sap",
    ];
    assert_eq!(ids, expected);
    assert_eq!(workflow.handlers.failure.len(), 1);
}

#[test]
fn variables_are_typed() {
    let workflow = workflow(EVERY_FEATURE);
    let variable = |name: &str| &workflow.variables[&name.parse().unwrap()];
    assert_eq!(variable("limit").default, Some(Value::Int(80)));
    assert!(variable("host").required, "no default and nothing said");
    assert!(!variable("limit").required && !variable("note").required);
    for (name, variable) in &workflow.variables {
        assert!(variable.default.as_ref().is_none_or(|v| variable.kind.accepts(v)), "{name}");
    }
}

#[test]
fn defaults_reach_task_steps_that_say_nothing() {
    let usage = step(EVERY_FEATURE, "usage");
    assert_eq!(usage.timeout_ms, Some(600_000));
    let retry = Retry {
        attempts: 2,
        backoff: Backoff::Fixed,
        delay_ms: 1_000,
        max_delay_ms: 300_000,
        ..Retry::NONE
    };
    assert_eq!(usage.retry, retry);
    assert_eq!(usage.effect, EffectClass::Unknown);
    let containers = step(EVERY_FEATURE, "containers");
    assert_eq!(containers.timeout_ms, Some(5_400_000));
    assert_eq!(containers.retry, Retry { declared_on_step: true, ..Retry::NONE });
    assert_eq!(containers.effect, EffectClass::Pure);
    let pause = step(EVERY_FEATURE, "pause");
    assert_eq!((pause.timeout_ms, pause.retry), (None, Retry::NONE));
    assert_eq!(pause.action, Action::Wait(Wait::For { ms: 500 }));
}

#[test]
fn default_retry_never_reaches_once() {
    let source = file("- {id: a, run: x, effect: once}")
        .replace("steps", "defaults: {retry: {attempts: 9}}\nsteps");
    assert_eq!(step(&source, "a").retry, Retry::NONE);
}

#[test]
fn a_command_is_literal() {
    let Action::Task { kind, with, env } = step(EVERY_FEATURE, "containers").action else {
        panic!("no task")
    };
    assert_eq!(kind, "shell");
    let with = with.as_literal().unwrap();
    assert_eq!(with.get("shell").unwrap().to_string(), "[\"/bin/sh\",\"-c\"]");
    let command = with.get("command").and_then(Value::as_text).unwrap();
    assert!(command.contains("{{.Names}}"), "{command}");
    assert_eq!(env["PLAIN"], Template::Literal(Value::from("8080")));
    let after = step(EVERY_FEATURE, "after").action;
    let Action::Task { with, .. } = after else { panic!("no task") };
    assert_eq!(with.as_literal().unwrap().get("command").unwrap().to_string(), "echo '{{.}}' done");
}

#[test]
fn inputs_are_in_units_and_words_of_the_contract() {
    let Action::Task { with: Template::Map(with), .. } = step(EVERY_FEATURE, "send").action else {
        panic!("no task")
    };
    assert_eq!(with["timeout"], Template::Literal(Value::Int(20_000)));
    assert_eq!(with["method"], Template::Literal(Value::from("POST")));
    assert!(matches!(with["url"], Template::Text(_)));
}

#[test]
fn edges_are_explicit() {
    let needs = |id: &str| -> Vec<String> {
        step(EVERY_FEATURE, id).needs.into_keys().map(String::from).collect()
    };
    assert_eq!(needs("usage"), Vec::<String>::new());
    assert_eq!(needs("parse"), ["usage"]);
    assert_eq!(needs("send"), ["pause", "remember"]);
    let sequential = workflow(&file("- {id: a, run: x}\n- {id: b, run: x}\n- {id: c, run: x}"));
    let needs: Vec<_> = sequential
        .steps
        .iter()
        .map(|s| s.needs.keys().map(|n| n.as_str()).collect::<Vec<_>>())
        .collect();
    assert_eq!(needs, [vec![], vec!["a"], vec!["b"]]);
}

#[test]
fn effect_follows_the_method() {
    for (with, effect) in [
        ("url: u", EffectClass::Idempotent),
        ("url: u, method: head", EffectClass::Idempotent),
        ("url: u, method: PATCH", EffectClass::Unknown),
        ("url: u, method: \"{{ vars.m }}\"", EffectClass::Unknown),
    ] {
        let steps = format!(
            "- {{id: s, set: {{m: GET}}}}\n- {{id: a, uses: http.request, with: {{{with}}}}}"
        );
        assert_eq!(step(&file(&steps), "a").effect, effect, "{with}");
    }
}

#[test]
fn conditions_may_be_booleans() {
    let source = file("- {id: a, if: false, run: x}\n- {id: b, if: 'true', run: x}");
    assert_eq!(step(&source, "a").condition.unwrap().source, "false");
    assert_eq!(step(&source, "b").condition.unwrap().source, "true");
}

#[test]
fn the_namespace_is_the_callers_unless_the_file_says_one() {
    let plain = file("- {id: a, run: x}");
    assert_eq!(workflow(&plain).name.to_string(), "default/w");
    assert_eq!(workflow(&format!("namespace: n\n{plain}")).name.to_string(), "n/w");
}

#[test]
fn the_check_is_deterministic() {
    assert_eq!(workflow(EVERY_FEATURE), workflow(EVERY_FEATURE));
}
