//! Cancelling in every state.

use super::build::*;
use super::play::Play;
use crate::outcome::{ErrorClass, Outcome, StopReason};
use crate::run::{Asked, Input, Refusal, Resolution, RunStatus};
use crate::workflow::EffectClass;

const ASKED: &str = "cancel requested by ana (cli)";
const NOTED: &str = "> warn - 0: cancel requested by ana (cli)";

fn play(steps: impl Into<Vec<crate::workflow::Step>>) -> Play {
    let mut play = Play::of(steps);
    play.decide(Input::Start).unwrap();
    play
}

#[test]
fn a_queued_run_ends_at_once() {
    Play::of([task("a")])
        .takes(cancel(), &[ASKED, "ended cancelled", NOTED])
        .is(RunStatus::Cancelled)
        .refuses(cancel(), Refusal::RunEnded)
        .takes(Input::Start, &[]);
}

#[test]
fn a_running_step_is_asked_to_stop_and_the_run_ends_with_it() {
    play([task("a"), task("b").after(&["a"]), task("c").after(&["b"]).whatever_happened()])
        .takes(cancel(), &[ASKED, "b cancelled", "c cancelled", NOTED, "> stop a 1 for cancel"])
        .is(RunStatus::Running)
        // once is enough
        .takes(cancel(), &[])
        .takes(
            ended("a", 1, stopped(StopReason::Cancel)),
            &["a cancelled", "ended cancelled", "> warn a 1: cancelled"],
        )
        .is(RunStatus::Cancelled);
}

#[test]
fn a_stop_that_was_lost_in_a_crash_is_asked_for_again() {
    let mut play = play([task("a"), task("b").with_effect(EffectClass::Once)]);
    play.decide(cancel()).unwrap();
    play.takes(Input::Recover, &["> stop a 1 for cancel", "> stop b 1 for cancel"]);
}

#[test]
fn what_has_not_begun_is_cancelled_at_once() {
    play([asking("a")]).takes(cancel(), &[ASKED, "a cancelled", "ended cancelled", NOTED]);

    let mut waiting = play([wait("a", 500)]);
    waiting.decide(asked("a", Ok(Asked::Wait { until_ms: None }))).unwrap();
    waiting
        .takes(cancel(), &[ASKED, "a cancelled", "ended cancelled", NOTED])
        .wakes_at(None)
        .takes(wake(1500), &[]);

    let mut retrying = play([task("a").with_retry(fixed(3, 100))]);
    retrying.decide(ended("a", 1, broke())).unwrap();
    retrying
        .takes(cancel(), &[ASKED, "a cancelled", "ended cancelled", NOTED])
        .wakes_at(None)
        .takes(wake(1100), &[]);
}

#[test]
fn a_result_that_came_back_is_kept() {
    play([task("a"), task("b").after(&["a"])])
        .takes(cancel(), &[ASKED, "b cancelled", NOTED, "> stop a 1 for cancel"])
        .takes(ended("a", 1, gave(1)), &["a completed 1 1", "ended cancelled"]);

    let mut confirmed = play([task("a").with_outputs()]);
    confirmed.decide(ended("a", 1, gave(1))).unwrap();
    confirmed.takes(cancel(), &[ASKED, NOTED]).is(RunStatus::Running).takes(
        outputs_of("a", 1, Ok(fields(2))),
        &["a completed 1 {\"n\":2,\"value\":1}", "ended cancelled"],
    );
}

#[test]
fn nothing_is_tried_or_run_again() {
    let rows = [
        (
            broke(),
            "a failed 1: exit(1) RPA0401 it broke",
            "> error a 1: failed: it broke [RPA0401]",
        ),
        (
            Outcome::NeverStarted { error: error(ErrorClass::Connection) },
            "a failed 1: connection RPA0401 it broke",
            "> error a 1: failed: it broke [RPA0401]",
        ),
        (
            Outcome::TimedOut { after_ms: 90_000 },
            "a failed 1: timeout RPA0402 timed out after 90 s",
            "> error a 1: failed: timed out after 90 s [RPA0402]",
        ),
        (lost(), "a cancelled", "> warn a 1: cancelled"),
        (
            Outcome::LostBeforeStart { why: "no runner".into() },
            "a cancelled",
            "> warn a 1: cancelled",
        ),
        (stopped(StopReason::Drain), "a cancelled", "> warn a 1: cancelled"),
        (stopped(StopReason::Cancel), "a cancelled", "> warn a 1: cancelled"),
    ];
    for (outcome, event, remark) in rows {
        play([task("a").with_effect(EffectClass::Idempotent).with_retry(fixed(9, 100))])
            .takes(cancel(), &[ASKED, NOTED, "> stop a 1 for cancel"])
            .takes(ended("a", 1, outcome), &[event, "ended cancelled", remark]);
    }
}

#[test]
fn the_end_of_a_cancelled_run_is_not_a_failure() {
    let mut play = play([task("a"), task("b")]);
    play.decide(ended("a", 1, broke())).unwrap();
    play.takes(cancel(), &[ASKED, NOTED, "> stop b 1 for cancel"])
        .takes(ended("b", 1, gave(1)), &["b completed 1 1", "ended cancelled"]);
}

#[test]
fn a_run_that_evaluates_its_outputs_ends_at_once() {
    let mut workflow = flow([task("a")]);
    workflow.outputs = run_outputs();
    let mut play = Play::of_workflow(workflow);
    play.decide(Input::Start).unwrap();
    play.decide(ended("a", 1, gave(1))).unwrap();
    play.takes(cancel(), &[ASKED, "ended cancelled", NOTED])
        .takes(outputs_of_run(Ok(fields(1))), &[]);
}

#[test]
fn a_doubt_stays_a_doubt_until_a_person_decides_it() {
    let doubted = || {
        let mut play = play([task("a"), task("b").after(&["a"])]);
        play.decide(ended("a", 1, lost())).unwrap();
        play.takes(cancel(), &[ASKED, "b cancelled", NOTED])
            .is(RunStatus::InDoubt)
            .refuses(resolve("a", Resolution::Retry), Refusal::Cancelling);
        play
    };
    doubted().takes(
        resolve("a", Resolution::Done { output: fields(1) }),
        &[
            "a resolved done by ana (cli)",
            "a completed 1 {\"n\":1}",
            "ended cancelled",
            "> warn a 1: declared done by ana (cli)",
        ],
    );
    doubted().takes(
        resolve("a", Resolution::Fail),
        &[
            "a resolved fail by ana (cli)",
            "a failed 1: business RPA0416 declared failed by ana (cli)",
            "ended cancelled",
            "> warn a 1: declared failed by ana (cli)",
        ],
    );
}

#[test]
fn a_step_that_may_run_only_once_is_in_doubt_when_it_was_stopped() {
    let reason = "stopped by a cancel while it ran";
    play([task("a").with_effect(EffectClass::Once)])
        .takes(cancel(), &[ASKED, NOTED, "> stop a 1 for cancel"])
        .takes(
            ended("a", 1, stopped(StopReason::Cancel)),
            &[
                &format!("a in doubt 1: {reason}"),
                &format!("> error a 1: in doubt: {reason}; a person must decide, see `rpa doubts`"),
            ],
        )
        .is(RunStatus::InDoubt);
}
