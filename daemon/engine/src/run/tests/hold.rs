//! While the daemon drains nothing is begun; the next start goes on from there.

use super::build::*;
use super::play::{Play, state};
use crate::outcome::{Outcome, StopReason};
use crate::run::{Asked, Input, Resolution, StepStatus};
use crate::workflow::EffectClass;

#[test]
fn what_is_pending_stays_so_and_begins_at_the_next_start() {
    Play::of([task("a"), asking("b")])
        .held()
        .takes(Input::Start, &["started"])
        .takes(Input::Recover, &[])
        .released()
        .takes(Input::Recover, &["a started 1", "b ready", "> start a 1", "> ask b"]);
}

#[test]
fn results_are_still_taken_but_begin_nothing() {
    let mut play = Play::of([task("a"), task("b").after(&["a"])]);
    play.decide(Input::Start).unwrap();
    play.held()
        .takes(ended("a", 1, gave(1)), &["a completed 1 1"])
        .released()
        .takes(Input::Recover, &["b started 1", "> start b 1"]);
}

#[test]
fn a_ready_step_stays_ready_and_is_asked_again() {
    let mut play = Play::of([asking("a")]);
    play.decide(Input::Start).unwrap();
    play.held().takes(runs("a"), &[]);
    assert_eq!(state(&play.run, "a").status(), StepStatus::Ready);
    play.released()
        .takes(Input::Recover, &["> ask a"])
        .takes(runs("a"), &["a started 1", "> start a 1"]);
}

#[test]
fn what_begins_nothing_in_the_world_goes_on() {
    let mut play = Play::of([
        set("a", "x"),
        wait("b", 10),
        task("c").only_if("false"),
        task("d").after(&["c"]),
        task("e").after(&["a"]),
    ]);
    play.decide(Input::Start).unwrap();
    play.held()
        .takes(asked("a", Ok(Asked::Set([].into()))), &["a completed 1 {}"])
        .takes(asked("b", Ok(Asked::Wait { until_ms: None })), &["b waiting until 1010"])
        .takes(wake(1010), &["b completed 1 {}"])
        .takes(
            asked("c", Ok(Asked::Skip)),
            &[
                "c skipped: its condition was false",
                "d skipped: needs c, which was skipped",
                "> info c 0: skipped: its condition was false",
                "> info d 0: skipped: needs c, which was skipped",
            ],
        )
        .released()
        .takes(Input::Recover, &["e started 1", "> start e 1"]);
}

#[test]
fn a_retry_that_falls_due_waits_for_the_next_start() {
    let mut play = Play::of([task("a").with_retry(fixed(2, 100))]);
    play.decide(Input::Start).unwrap();
    play.held()
        .takes(
            ended("a", 1, broke()),
            &[
                "a retrying 1 at 1100: exit(1) RPA0401 it broke",
                "> warn a 1: attempt 1 failed: it broke [RPA0401]; next try in 100 ms",
            ],
        )
        .at(1100)
        .takes(wake(1100), &[])
        .wakes_at(Some(1100))
        .released()
        .takes(Input::Recover, &["a started 2", "> start a 2"]);
}

#[test]
fn what_is_to_run_again_at_once_is_due_now() {
    let before = Outcome::LostBeforeStart { why: "no runner".into() };
    let rows = [
        (EffectClass::Pure, stopped(StopReason::Drain), "stopped by a shutdown of the daemon"),
        (EffectClass::Idempotent, lost(), "the machine went down"),
        (EffectClass::Once, before, "no runner"),
    ];
    for (effect, outcome, why) in rows {
        let mut play = Play::of([task("a").with_effect(effect)]);
        play.decide(Input::Start).unwrap();
        play.held()
            .at(2000)
            .takes(
                ended("a", 1, outcome),
                &[
                    &format!("a retrying 1 at 2000: system RPA0414 {why}"),
                    &format!("> warn a 1: {why}; it is run again"),
                ],
            )
            .released()
            .takes(Input::Recover, &["a started 2", "> start a 2"]);
    }
}

#[test]
fn a_person_may_ask_for_a_retry_and_gets_it_at_the_next_start() {
    let mut play = Play::of([task("a")]);
    play.decide(Input::Start).unwrap();
    play.decide(ended("a", 1, lost())).unwrap();
    play.held()
        .takes(
            resolve("a", Resolution::Retry),
            &[
                "a resolved retry by ana (cli)",
                "a retrying 1 at 1000: system RPA0414 to be run again",
                "> warn a 1: to be run again, says ana (cli)",
            ],
        )
        .released()
        .takes(Input::Recover, &["a started 2", "> start a 2"]);
}

#[test]
fn a_cancel_is_carried_out() {
    Play::of([task("a"), asking("b")]).held().takes(Input::Start, &["started"]).takes(
        cancel(),
        &[
            "cancel requested by ana (cli)",
            "a cancelled",
            "b cancelled",
            "ended cancelled",
            "> warn - 0: cancel requested by ana (cli)",
        ],
    );
}
