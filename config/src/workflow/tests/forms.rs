//! Exactly one form, and only the keys that it has a use for.

use super::{codes, file, report};

#[test]
fn a_step_has_one_form() {
    insta::assert_snapshot!(report(&file("- {id: a}\n- {id: b, run: x, wait: 1s}\n- {id: c, set: {v: 1}, uses: log, run: x}")), @"
    4:3 RPA0308 the step does nothing
        say what it does with one of run, uses, set, wait, steps, switch, workflow, approval
    5:19 RPA0308 the step has `run` and `wait`; it can have only one
        make a step of each
    6:35 RPA0308 the step has `run` and `uses` and `set`; it can have only one
        make a step of each
    ");
}

#[test]
fn keys_without_a_meaning_are_refused() {
    for step in [
        "run: x, with: {a: 1}",
        "uses: noop, shell: sh",
        "uses: noop, env: {A: b}",
        "wait: 1s, timeout: 2s",
        "wait: 1s, retry: none",
        "wait: 1s, effect: pure",
        "wait: 1s, outputs: {a: 1}",
        "set: {a: 1}, env: {A: b}",
        "set: {a: 1}, with: {}",
        "set: {a: 1}, shell: sh",
    ] {
        assert_eq!(codes(&format!("- {{id: a, {step}}}")), ["RPA0308"], "{step}");
    }
    insta::assert_snapshot!(report(&file("- {id: a, wait: 1s, timeout: 2s}")), @"
    4:21 RPA0308 `timeout` has no meaning on a `wait` step
        take it out
    ");
}

#[test]
fn a_command_takes_no_expressions() {
    let source = file(
        "- id: a\n  run: |\n    echo fine\n    echo {{ vars.limit }}\n\
         - {id: b, run: \"docker ps --format '{{.Names}}'\"}\n\
         - {id: c, uses: shell, with: {command: 'echo ${{ steps.a.output.stdout }}'}}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    7:13 RPA0314 {{ vars.limit }} is not replaced in a command
        pass it as `env: {LIMIT: "{{ vars.limit }}"}` and write "$LIMIT"
    9:50 RPA0314 {{ steps.a.output.stdout }} is not replaced in a command
        pass it as `env: {STDOUT: "{{ steps.a.output.stdout }}"}` and write "$STDOUT"
    "#);
}

#[test]
fn shells_and_durations_take_no_expressions() {
    for (step, code) in [
        ("run: x, shell: [python3, '{{ vars.x }}']", "RPA0314"),
        ("wait: '{{ vars.x }}s'", "RPA0304"),
        ("run: x, timeout: '{{ vars.x }}'", "RPA0304"),
        ("run: x, retry: {attempts: 2, delay: '{{ 5 }}s'}", "RPA0304"),
    ] {
        assert_eq!(codes(&format!("- {{id: a, {step}}}")), [code], "{step}");
    }
}
