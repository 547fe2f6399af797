//! What steps and runs give: `outputs:`, `set:` and the outputs of the run.

use super::build::*;
use super::play::Play;
use crate::name::Ident;
use crate::outcome::{ErrorClass, Outcome};
use crate::run::{Asked, Input, RunStatus};
use crate::value::{Map, Value};
use crate::workflow::Workflow;

#[test]
fn named_fields_join_what_the_attempt_gave() {
    let given = Outcome::Succeeded {
        output: Value::from([("n", Value::Int(1)), ("stdout", Value::from("x"))]),
    };
    Play::of([task("a").with_outputs(), task("b").after(&["a"])])
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(
            ended("a", 1, given),
            &[
                "a confirmed 1 {\"n\":1,\"stdout\":\"x\"}",
                "> outputs of a 1 {\"n\":1,\"stdout\":\"x\"}",
            ],
        )
        .is(RunStatus::Running)
        // a named field wins over the one that the task gave
        .takes(
            outputs_of("a", 1, Ok(fields(7))),
            &["a completed 1 {\"n\":7,\"stdout\":\"x\"}", "b started 1", "> start b 1"],
        );
}

#[test]
fn what_is_no_map_becomes_the_field_value_and_null_nothing() {
    let rows = [
        (Value::Null, "", "{\"n\":7}"),
        (Value::Int(5), " 5", "{\"n\":7,\"value\":5}"),
        (Value::from("t"), " \"t\"", "{\"n\":7,\"value\":\"t\"}"),
        (Value::Map(Map::new()), " {}", "{\"n\":7}"),
    ];
    for (output, shown, joined) in rows {
        Play::of([task("a").with_outputs()])
            .takes(Input::Start, &["started", "a started 1", "> start a 1"])
            .takes(
                ended("a", 1, Outcome::Succeeded { output }),
                &[&format!("a confirmed 1{shown}"), &format!("> outputs of a 1{shown}")],
            )
            .takes(
                outputs_of("a", 1, Ok(fields(7))),
                &[&format!("a completed 1 {joined}"), "ended completed {}"],
            );
    }
}

#[test]
fn outputs_that_fail_fail_the_step_but_never_run_it_again() {
    Play::of([task("a").with_outputs().with_retry(fixed(5, 10))])
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(ended("a", 1, gave(3)), &["a confirmed 1 3", "> outputs of a 1 3"])
        .takes(
            outputs_of("a", 1, Err(error(ErrorClass::System))),
            &[
                "a failed 1 3: system RPA0401 it broke",
                "ended failed at a: system RPA0401 it broke",
                "> error a 1: failed: it broke [RPA0401]",
            ],
        );
}

#[test]
fn recovery_evaluates_the_outputs_of_a_confirmed_step_again() {
    Play::of([task("a").with_outputs()])
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(ended("a", 1, gave(3)), &["a confirmed 1 3", "> outputs of a 1 3"])
        .takes(Input::Recover, &["> outputs of a 1 3"])
        .takes(
            outputs_of("a", 1, Ok(fields(7))),
            &["a completed 1 {\"n\":7,\"value\":3}", "ended completed {}"],
        )
        // the answer to the first question
        .takes(outputs_of("a", 1, Ok(fields(8))), &[]);
}

#[test]
fn set_writes_variables_that_later_evaluations_see() {
    let two = || [(ident("x"), Value::Int(2))].into();
    let mut play = Play::of([set("a", "x"), asking("b").after(&["a"]), set("c", "y")]);
    play.takes(Input::Start, &["started", "a ready", "c ready", "> ask a", "> ask c"]);
    // `takes` compares the variables that the question to b carries
    play.takes(
        asked("a", Ok(Asked::Set(two()))),
        &["a completed 1 {\"x\":2} set x 2", "b ready", "> ask b"],
    );
    play.takes(
        asked("c", Ok(Asked::Set([(ident("y"), Value::from("v"))].into()))),
        &["c completed 1 {\"y\":\"v\"} set y \"v\""],
    );
    let vars: Vec<_> = play.run.vars.iter().map(|(k, v)| (Ident::as_str(k), v)).collect();
    assert_eq!(vars, [("x", &Value::Int(2)), ("y", &Value::from("v"))]);
}

fn with_run_outputs() -> Workflow {
    let mut workflow = flow([task("a")]);
    workflow.outputs = run_outputs();
    workflow
}

#[test]
fn the_outputs_of_the_run_are_evaluated_when_all_steps_have_ended() {
    Play::of_workflow(with_run_outputs())
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(ended("a", 1, gave(3)), &["a completed 1 3", "finishing", "> outputs of the run"])
        .is(RunStatus::Running)
        .takes(Input::Recover, &["> outputs of the run"])
        .takes(outputs_of_run(Ok(fields(7))), &["ended completed {\"n\":7}"])
        .takes(outputs_of_run(Ok(fields(8))), &[]);
}

#[test]
fn outputs_of_the_run_that_fail_fail_it_without_naming_a_step() {
    Play::of_workflow(with_run_outputs())
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(ended("a", 1, gave(3)), &["a completed 1 3", "finishing", "> outputs of the run"])
        .takes(
            outputs_of_run(Err(error(ErrorClass::System))),
            &["ended failed: system RPA0401 it broke"],
        );
}

#[test]
fn a_failed_run_has_no_outputs() {
    Play::of_workflow(with_run_outputs())
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(
            ended("a", 1, broke()),
            &[
                "a failed 1: exit(1) RPA0401 it broke",
                "ended failed at a: exit(1) RPA0401 it broke",
                "> error a 1: failed: it broke [RPA0401]",
            ],
        );
}
