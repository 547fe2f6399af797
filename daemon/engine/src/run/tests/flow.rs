//! What follows what: sequences, joins, skips and conditions.

use super::build::*;
use super::play::Play;
use crate::outcome::{ErrorClass, Outcome};
use crate::run::{Asked, Input, RunStatus};
use crate::value::Value;
use crate::workflow::Step;

const BROKE: &str = "> error a 1: failed: it broke [RPA0401]";

#[test]
fn a_sequence_begins_each_step_when_the_one_before_has_completed() {
    Play::of([task("a"), task("b").after(&["a"])])
        .is(RunStatus::Queued)
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(ended("a", 1, gave(1)), &["a completed 1 1", "b started 1", "> start b 1"])
        .is(RunStatus::Running)
        .takes(ended("b", 1, gave(2)), &["b completed 1 2", "ended completed {}"])
        .is(RunStatus::Completed);
}

#[test]
fn a_run_without_steps_completes_at_once() {
    Play::of([]).takes(Input::Start, &["started", "ended completed {}"]);
}

#[test]
fn steps_without_needs_begin_together() {
    Play::of([task("a"), asking("b"), task("c")])
        .takes(
            Input::Start,
            &[
                "started",
                "a started 1",
                "b ready",
                "c started 1",
                "> start a 1",
                "> ask b",
                "> start c 1",
            ],
        )
        .takes(ended("c", 1, gave(3)), &["c completed 1 3"])
        .takes(runs("b"), &["b started 1", "> start b 1"])
        .takes(ended("a", 1, gave(1)), &["a completed 1 1"])
        .takes(ended("b", 1, gave(2)), &["b completed 1 2", "ended completed {}"]);
}

/// d stands first in the file: the order of the file is not the order of the run.
fn diamond() -> [Step; 4] {
    [task("d").after(&["b", "c"]), task("a"), task("b").after(&["a"]), task("c").after(&["a"])]
}

#[test]
fn a_join_waits_for_all_its_needs() {
    Play::of(diamond())
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(
            ended("a", 1, gave(1)),
            &["a completed 1 1", "b started 1", "c started 1", "> start b 1", "> start c 1"],
        )
        .takes(ended("c", 1, gave(3)), &["c completed 1 3"])
        .takes(ended("b", 1, gave(2)), &["b completed 1 2", "d started 1", "> start d 1"])
        .takes(ended("d", 1, gave(4)), &["d completed 1 4", "ended completed {}"]);
}

#[test]
fn a_join_after_a_failed_branch_is_skipped_once_the_other_has_ended() {
    Play::of(diamond())
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(
            ended("a", 1, gave(1)),
            &["a completed 1 1", "b started 1", "c started 1", "> start b 1", "> start c 1"],
        )
        .takes(
            ended("c", 1, broke()),
            &["c failed 1: exit(1) RPA0401 it broke", "> error c 1: failed: it broke [RPA0401]"],
        )
        .takes(
            ended("b", 1, gave(2)),
            &[
                "b completed 1 2",
                "d skipped: needs c, which failed",
                "ended failed at c: exit(1) RPA0401 it broke",
                "> info d 0: skipped: needs c, which failed",
            ],
        );
}

#[test]
fn a_failure_skips_the_whole_chain_behind_it_and_nothing_else() {
    Play::of([
        task("c").after(&["b"]),
        task("b").after(&["a"]),
        task("a"),
        task("x"),
        task("y").after(&["x"]),
    ])
    .takes(Input::Start, &["started", "a started 1", "x started 1", "> start a 1", "> start x 1"])
    .takes(
        ended("a", 1, broke()),
        &[
            "a failed 1: exit(1) RPA0401 it broke",
            "b skipped: needs a, which failed",
            "c skipped: needs b, which was skipped",
            BROKE,
            "> info b 0: skipped: needs a, which failed",
            "> info c 0: skipped: needs b, which was skipped",
        ],
    )
    .takes(ended("x", 1, gave(1)), &["x completed 1 1", "y started 1", "> start y 1"])
    .takes(
        ended("y", 1, gave(2)),
        &["y completed 1 2", "ended failed at a: exit(1) RPA0401 it broke"],
    )
    .is(RunStatus::Failed);
}

#[test]
fn the_run_fails_by_the_step_that_failed_first() {
    Play::of([task("a"), task("b"), task("c")])
        .takes(
            Input::Start,
            &[
                "started",
                "a started 1",
                "b started 1",
                "c started 1",
                "> start a 1",
                "> start b 1",
                "> start c 1",
            ],
        )
        .at(2000)
        .takes(
            ended("c", 1, broke()),
            &["c failed 1: exit(1) RPA0401 it broke", "> error c 1: failed: it broke [RPA0401]"],
        )
        .takes(
            ended("b", 1, broke()),
            &["b failed 1: exit(1) RPA0401 it broke", "> error b 1: failed: it broke [RPA0401]"],
        )
        .at(3000)
        // of two in the same millisecond the first by name
        .takes(
            ended("a", 1, broke()),
            &[
                "a failed 1: exit(1) RPA0401 it broke",
                "ended failed at b: exit(1) RPA0401 it broke",
                BROKE,
            ],
        );
}

#[test]
fn what_there_was_of_a_failed_output_is_kept() {
    let outcome = Outcome::Failed {
        error: error(ErrorClass::Business),
        output: Value::from([("exit_code", Value::Int(1))]),
    };
    Play::of([task("a")]).takes(Input::Start, &["started", "a started 1", "> start a 1"]).takes(
        ended("a", 1, outcome),
        &[
            "a failed 1 {\"exit_code\":1}: business RPA0401 it broke",
            "ended failed at a: business RPA0401 it broke",
            BROKE,
        ],
    );
}

#[test]
fn a_false_condition_skips_the_step_and_what_needs_it_and_the_run_completes() {
    Play::of([task("a").only_if("vars.x > 1"), task("b").after(&["a"])])
        .takes(Input::Start, &["started", "a ready", "> ask a"])
        .takes(
            asked("a", Ok(Asked::Skip)),
            &[
                "a skipped: its condition was false",
                "b skipped: needs a, which was skipped",
                "ended completed {}",
                "> info a 0: skipped: its condition was false",
                "> info b 0: skipped: needs a, which was skipped",
            ],
        )
        .is(RunStatus::Completed);
}

#[test]
fn a_step_that_needs_nothing_more_than_a_look_is_asked_after_its_needs() {
    let input = Value::from([("with", Value::from("x"))]);
    Play::of([task("a"), asking("b").after(&["a"])])
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(ended("a", 1, gave(1)), &["a completed 1 1", "b ready", "> ask b"])
        .takes(asked("b", Ok(Asked::Run(input))), &["b started 1 {\"with\":\"x\"}", "> start b 1"]);
}

#[test]
fn an_expression_that_fails_fails_the_step_before_its_first_try() {
    Play::of([asking("a"), task("b").after(&["a"])])
        .takes(Input::Start, &["started", "a ready", "> ask a"])
        .takes(
            asked("a", Err(error(ErrorClass::InvalidInput))),
            &[
                "a failed 0: invalid_input RPA0401 it broke",
                "b skipped: needs a, which failed",
                "ended failed at a: invalid_input RPA0401 it broke",
                "> error a 0: failed: it broke [RPA0401]",
                "> info b 0: skipped: needs a, which failed",
            ],
        );
}

#[test]
fn after_a_failure_only_always_and_failed_are_asked() {
    Play::of([
        task("a"),
        task("plain").after(&["a"]).only_if("true"),
        task("near").after(&["a"]).whatever_happened(),
        task("far").after(&["plain"]).whatever_happened(),
        task("apart").whatever_happened(),
    ])
    .takes(Input::Start, &["started", "a started 1", "apart ready", "> start a 1", "> ask apart"])
    .takes(runs("apart"), &["apart started 1", "> start apart 1"])
    .takes(
        ended("a", 1, broke()),
        &[
            "a failed 1: exit(1) RPA0401 it broke",
            "plain skipped: needs a, which failed",
            "near ready",
            "far ready",
            BROKE,
            "> info plain 0: skipped: needs a, which failed",
            "> ask near, failed",
            "> ask far, failed",
        ],
    )
    .takes(runs("near"), &["near started 1", "> start near 1"])
    .takes(
        asked("far", Ok(Asked::Skip)),
        &["far skipped: its condition was false", "> info far 0: skipped: its condition was false"],
    )
    .takes(ended("apart", 1, gave(1)), &["apart completed 1 1"])
    // the handler's success does not undo the failure
    .takes(
        ended("near", 1, gave(2)),
        &["near completed 1 2", "ended failed at a: exit(1) RPA0401 it broke"],
    );
}

#[test]
fn after_a_mere_skip_always_is_asked_and_failed_is_false() {
    Play::of([task("a").only_if("false"), task("b").after(&["a"]).whatever_happened()])
        .takes(Input::Start, &["started", "a ready", "> ask a"])
        .takes(
            asked("a", Ok(Asked::Skip)),
            &[
                "a skipped: its condition was false",
                "b ready",
                "> info a 0: skipped: its condition was false",
                "> ask b",
            ],
        )
        .takes(runs("b"), &["b started 1", "> start b 1"])
        .takes(ended("b", 1, gave(1)), &["b completed 1 1", "ended completed {}"]);
}

#[test]
fn always_still_waits_for_all_its_needs() {
    Play::of([task("a"), task("b"), task("c").after(&["a", "b"]).whatever_happened()])
        .takes(
            Input::Start,
            &["started", "a started 1", "b started 1", "> start a 1", "> start b 1"],
        )
        .takes(ended("a", 1, broke()), &["a failed 1: exit(1) RPA0401 it broke", BROKE])
        .takes(ended("b", 1, gave(2)), &["b completed 1 2", "c ready", "> ask c, failed"]);
}

/// The runner says so only after a request; should it ever do so without one, the
/// run must not claim to have completed.
#[test]
fn a_step_cancelled_without_a_request_does_not_let_the_run_complete() {
    use crate::outcome::StopReason;
    Play::of([task("a"), task("b").after(&["a"])])
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(
            ended("a", 1, stopped(StopReason::Cancel)),
            &[
                "a cancelled",
                "b skipped: needs a, which was cancelled",
                "ended cancelled",
                "> warn a 1: cancelled",
                "> info b 0: skipped: needs a, which was cancelled",
            ],
        );
}
