//! Waits for events: those that fit, those that do not, and none in time.

use super::build::*;
use super::play::{Play, state};
use crate::outcome::ErrorClass;
use crate::run::{EventId, Input, MOST_OFFERED, RunStatus, StepState, StepStatus};
use crate::workflow::{OnTimeout, Step};

const CAME: &str =
    "> info e 0: event paid has come: 00000000-0000-0000-0000-000000000001, by ana (cli)";
const GIVES: &str = "{\"at\":\"now\",\"by\":\"ana\",\"data\":1,\
    \"id\":\"00000000-0000-0000-0000-000000000001\",\"name\":\"paid\"}";

fn any() -> Step {
    wait_event("e", "paid", false, None, OnTimeout::Fail)
}

fn fitting() -> Step {
    wait_event("e", "paid", true, None, OnTimeout::Fail)
}

fn waits(step: Step) -> Play {
    let mut play = Play::of([step, task("keep")]);
    play.takes_all(Input::Start).takes_all(awaits("e"));
    play
}

#[test]
fn the_first_event_of_the_name_will_do() {
    let mut play = Play::of([any()]);
    play.takes(published("e", "paid", 1), &[])
        .takes(Input::Start, &["started", "e ready", "> ask e"])
        // what is published before it waits is not seen
        .takes(published("e", "paid", 1), &[])
        .takes(awaits("e"), &["e awaiting", "> info e 0: waits for an event paid"])
        .is(RunStatus::Waiting)
        .wakes_at(None)
        .takes(awaits("e"), &[])
        .takes(published("e", "sent", 1), &[])
        .takes(
            published("e", "paid", 1),
            &[&format!("e completed 1 {GIVES}"), "ended completed {}", CAME],
        )
        .takes(published("e", "paid", 2), &[]);
}

#[test]
fn an_event_is_kept_until_it_is_known_whether_it_fits() {
    let mut play = waits(fitting());
    play.takes(published("e", "paid", 1), &["e offered 1", "> whether e fits 1"])
        .is(RunStatus::Running)
        // offered twice
        .takes(published("e", "paid", 1), &[])
        .takes(published("e", "paid", 2), &["e offered 2", "> whether e fits 2"])
        .takes(fits("e", 2, Ok(false)), &["e declined 2"])
        .takes(fits("e", 2, Ok(true)), &[])
        .takes(fits("e", 1, Ok(true)), &[&format!("e completed 1 {GIVES}"), CAME])
        .takes(fits("e", 1, Ok(true)), &[]);
}

#[test]
fn an_event_of_another_shape_is_passed_over() {
    waits(fitting()).takes_all(published("e", "paid", 1)).takes(
        fits("e", 1, Err(error(ErrorClass::InvalidInput))),
        &[
            "e declined 1, failed",
            "> warn e 0: event 00000000-0000-0000-0000-000000000001 is passed over: \
             it broke [RPA0401]",
        ],
    );
}

#[test]
fn lines_about_failures_are_bounded_and_the_rest_is_counted() {
    let mut play = waits(fitting());
    let fails = |n| fits("e", n, Err(error(ErrorClass::InvalidInput)));
    for n in 1..=10 {
        let line = format!("> warn e 0: event {} is passed over: it broke [RPA0401]", EventId(n));
        play.takes_all(published("e", "paid", n))
            .takes(fails(n), &[&format!("e declined {n}, failed"), &line]);
    }
    play.takes_all(published("e", "paid", 11)).takes(
        fails(11),
        &[
            "e declined 11, failed",
            "> warn e 0: `match` failed for more than 10 events: from here on they are \
             counted, and how many there were is said when the wait is over",
        ],
    );
    play.takes_all(published("e", "paid", 12)).takes(fails(12), &["e declined 12, failed"]);
    let told = "> warn e 0: 12 events were passed over because `match` failed for them";
    let mut cancelled = Play::of([]);
    cancelled.run = play.run.clone();
    cancelled.takes(
        cancel(),
        &[
            "cancel requested by ana (cli)",
            "e cancelled",
            "> warn - 0: cancel requested by ana (cli)",
            told,
            "> stop keep 1 for cancel",
        ],
    );
    play.takes_all(published("e", "paid", 1))
        .takes(fits("e", 1, Ok(true)), &[&format!("e completed 1 {GIVES}"), told, CAME]);
}

#[test]
fn a_step_is_crowded_until_some_of_its_events_are_looked_at() {
    let mut play = waits(fitting());
    let is_crowded = |play: &Play| match state(&play.run, "e") {
        StepState::Awaiting(awaiting) => awaiting.is_crowded(),
        other => panic!("{other:?}"),
    };
    for n in 1..=MOST_OFFERED as u128 {
        assert!(!is_crowded(&play), "before event {n}");
        play.takes_all(published("e", "paid", n));
    }
    assert!(is_crowded(&play));
    // one that was on its way is not lost
    play.takes_all(published("e", "paid", 5000)).takes_all(fits("e", 7, Ok(false)));
    assert!(is_crowded(&play));
    play.takes_all(fits("e", 5000, Ok(false)));
    assert!(!is_crowded(&play));
}

#[test]
fn when_one_fits_the_others_are_dropped() {
    let mut play = waits(fitting().with_outputs());
    play.takes_all(published("e", "paid", 1)).takes_all(published("e", "paid", 2)).takes(
        fits("e", 1, Ok(true)),
        &[&format!("e confirmed 1 {GIVES}"), CAME, &format!("> outputs of e 1 {GIVES}")],
    );
    play.takes(fits("e", 2, Ok(true)), &[]);
}

#[test]
fn after_a_crash_it_is_asked_again_of_all_that_were_offered() {
    waits(fitting())
        .takes_all(published("e", "paid", 1))
        .takes_all(published("e", "paid", 2))
        .takes(Input::Recover, &["> whether e fits 1", "> whether e fits 2"])
        .takes_all(fits("e", 1, Ok(false)))
        .takes(Input::Recover, &["> whether e fits 2"]);
}

#[test]
fn nothing_comes_in_time() {
    let step = |on_timeout| wait_event("e", "paid", true, Some(50), on_timeout);
    for on_timeout in [OnTimeout::Fail, OnTimeout::Reject] {
        waits(step(on_timeout))
            .wakes_at(Some(1050))
            // what is still looked at comes too late
            .takes_all(published("e", "paid", 1))
            .takes(wake(1049), &[])
            .takes(
                wake(1050),
                &[
                    "e failed 1: timeout RPA0402 no event paid that fits within 50 ms",
                    "> error e 1: failed: no event paid that fits within 50 ms [RPA0402]",
                ],
            )
            .takes(fits("e", 1, Ok(true)), &[])
            .wakes_at(None);
    }
    waits(step(OnTimeout::Continue)).takes(
        wake(1050),
        &[
            "e completed 1 {\"at\":null,\"by\":null,\"data\":null,\"id\":null,\"name\":null}",
            "> warn e 0: no event paid that fits within 50 ms",
        ],
    );
}

#[test]
fn it_waits_on_in_a_drain_and_in_a_pause() {
    let mut play = Play::of([any(), task("keep")]);
    play.takes_all(Input::Start)
        .held()
        .takes_all(awaits("e"))
        .takes_all(published("e", "paid", 1))
        .takes(Input::Recover, &[]);
    assert_eq!(state(&play.run, "e").status(), StepStatus::Completed);
    waits(fitting())
        .takes_all(pause())
        .takes_all(published("e", "paid", 1))
        .takes(fits("e", 1, Ok(true)), &[&format!("e completed 1 {GIVES}"), CAME]);
}

#[test]
fn cancels_and_time_outs_around_it_end_it() {
    waits(fitting())
        .takes_all(published("e", "paid", 1))
        .takes(
            cancel(),
            &[
                "cancel requested by ana (cli)",
                "e cancelled",
                "> warn - 0: cancel requested by ana (cli)",
                "> stop keep 1 for cancel",
            ],
        )
        .takes(fits("e", 1, Ok(true)), &[])
        .takes(published("e", "paid", 2), &[]);
    let mut workflow = flow([any()]);
    workflow.timeout_ms = Some(50);
    let mut play = Play::of_workflow(workflow);
    play.takes_all(Input::Start).takes_all(awaits("e")).takes_all(wake(1050));
    play.is(RunStatus::Failed);
    let mut play = Play::of([group("g", [any()]).within(50)]);
    play.takes_all(Input::Start).takes_all(awaits("g/e")).takes_all(wake(1050));
    play.is(RunStatus::Failed);
}
