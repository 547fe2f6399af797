//! What was promised of a run's times: broken before it begins, while it goes on, never
//! twice, and what is done about it.

use super::build::*;
use super::play::Play;
use crate::run::{Input, RunStatus};
use crate::workflow::{OnBreach, Sla};

/// To start within 2 s and to finish within 5 s of its acceptance, which was at 0.
fn promised(on_breach: OnBreach) -> Play {
    let mut workflow = flow([task("a")]);
    workflow.sla =
        Some(Sla { start_within_ms: Some(2000), finish_within_ms: Some(5000), on_breach });
    Play::of_workflow(workflow)
}

const START: &str = "> warn - 0: sla: it was to start within 2 s";
const FINISH: &str = "> warn - 0: sla: it was to finish within 5 s";
const SLA: &str = "cancel requested by sla (daemon)";
const SLA_SAID: &str = "> warn - 0: cancel requested by sla (daemon)";

#[test]
fn kept_promises_are_not_told() {
    promised(OnBreach::Cancel)
        .wakes_at(Some(2000))
        .at(2000)
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .wakes_at(Some(5000))
        .at(5000)
        .takes(ended("a", 1, gave(1)), &["a completed 1 1", "ended completed {}"])
        .wakes_at(None);
}

#[test]
fn broken_promises_are_told_once_each() {
    promised(OnBreach::Flag)
        .takes(wake(1999), &[])
        .takes(wake(2000), &["broken: to start", START])
        .takes(wake(2000), &[])
        .wakes_at(Some(5000))
        .takes_all(Input::Start)
        .takes(wake(5000), &["broken: to finish", FINISH])
        .takes(wake(9000), &[])
        .wakes_at(None)
        .is(RunStatus::Running);
}

#[test]
fn a_run_that_is_late_before_its_timer_has_fired_is_told_as_well() {
    promised(OnBreach::Flag)
        .at(2001)
        .takes(Input::Start, &["broken: to start", "started", "a started 1", START, "> start a 1"]);
    let mut late = promised(OnBreach::Flag);
    late.takes_all(Input::Start).at(5001).takes(
        ended("a", 1, gave(1)),
        &["a completed 1 1", "broken: to finish", "ended completed {}", FINISH],
    );
    let mut late = promised(OnBreach::Flag);
    late.at(6000).takes(
        cancel(),
        &[
            "cancel requested by ana (cli)",
            "broken: to start",
            "broken: to finish",
            "ended cancelled",
            "> warn - 0: cancel requested by ana (cli)",
            START,
            FINISH,
        ],
    );
}

#[test]
fn a_breach_can_cancel_the_run() {
    let ended_so = ["broken: to start", SLA, "ended cancelled", START, SLA_SAID];
    promised(OnBreach::Cancel).takes(wake(2000), &ended_so).takes(Input::Start, &[]);
    // also when nobody was told before it is to start
    promised(OnBreach::Cancel).at(2001).takes(Input::Start, &ended_so);
    promised(OnBreach::Cancel)
        .takes_all(Input::Start)
        .takes(wake(5000), &["broken: to finish", SLA, FINISH, SLA_SAID, "> stop a 1 for cancel"])
        .wakes_at(None);
}

#[test]
fn a_run_that_is_being_ended_already_is_not_cancelled_again() {
    promised(OnBreach::Cancel)
        .takes_all(Input::Start)
        .takes_all(cancel())
        .takes(wake(5000), &["broken: to finish", FINISH]);
    let mut workflow = flow([task("a")]);
    workflow.sla = Some(Sla {
        start_within_ms: None,
        finish_within_ms: Some(5000),
        on_breach: OnBreach::Cancel,
    });
    workflow.handlers.finally = vec![task("f")];
    let mut play = Play::of_workflow(workflow);
    play.takes_all(Input::Start).takes_all(ended("a", 1, gave(1)));
    play.takes(wake(5000), &["broken: to finish", FINISH]);
}
