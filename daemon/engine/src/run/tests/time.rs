//! Waits, due times and a wall clock that jumps.

use super::build::*;
use super::play::{Play, state};
use crate::run::{Asked, Input, RunStatus, StepStatus};

fn waiting() -> Play {
    let mut play = Play::of([wait("a", 500), task("b").after(&["a"])]);
    play.takes(Input::Start, &["started", "a ready", "> ask a"])
        .takes(asked("a", Ok(Asked::Wait { until_ms: None })), &["a waiting until 1500"])
        .is(RunStatus::Waiting)
        .wakes_at(Some(1500));
    play
}

const OVER: [&str; 3] = ["a completed 1 {}", "b started 1", "> start b 1"];

#[test]
fn a_wait_is_over_exactly_when_it_is_due() {
    waiting().at(1499).takes(wake(1499), &[]).at(1500).takes(wake(1500), &OVER).wakes_at(None);
}

#[test]
fn a_timer_that_has_fired_counts_even_if_the_wall_clock_jumped_back() {
    waiting().at(200).takes(wake(1500), &OVER);
}

#[test]
fn the_wall_clock_alone_ends_no_wait() {
    waiting().at(9000).takes(wake(1499), &[]);
}

#[test]
fn recovery_ends_what_is_due_by_the_wall_clock() {
    waiting().at(1499).takes(Input::Recover, &[]);
    waiting().at(1500).takes(Input::Recover, &OVER);
}

#[test]
fn a_wait_of_nothing_is_due_at_once_but_through_the_timer() {
    Play::of([wait("a", 0)])
        .takes(Input::Start, &["started", "a ready", "> ask a"])
        .takes(asked("a", Ok(Asked::Wait { until_ms: None })), &["a waiting until 1000"])
        .takes(wake(1000), &["a completed 1 {}", "ended completed {}"]);
}

#[test]
fn a_wait_beyond_the_end_of_time_does_not_overflow() {
    Play::of([wait("a", u64::MAX)]).takes(Input::Start, &["started", "a ready", "> ask a"]).takes(
        asked("a", Ok(Asked::Wait { until_ms: None })),
        &["a waiting until 18446744073709551615"],
    );
}

#[test]
fn one_firing_takes_all_that_is_due_and_leaves_the_rest() {
    let mut play =
        Play::of([wait("late", 900), wait("early", 500), task("again").with_retry(fixed(2, 600))]);
    play.decide(Input::Start).unwrap();
    play.decide(asked("late", Ok(Asked::Wait { until_ms: None }))).unwrap();
    play.decide(asked("early", Ok(Asked::Wait { until_ms: None }))).unwrap();
    play.decide(ended("again", 1, broke())).unwrap();
    play.wakes_at(Some(1500))
        .at(1600)
        .takes(wake(1600), &["again started 2", "early completed 1 {}", "> start again 2"])
        .wakes_at(Some(1900));
    assert_eq!(state(&play.run, "late").status(), StepStatus::Waiting);
}

#[test]
fn a_retry_waits_for_its_due_time_too() {
    let mut play = Play::of([task("a").with_retry(fixed(2, 100))]);
    play.decide(Input::Start).unwrap();
    play.decide(ended("a", 1, broke())).unwrap();
    play.at(5000)
        .takes(wake(1099), &[])
        .at(0)
        .takes(wake(1100), &["a started 2", "> start a 2"])
        .takes(wake(1100), &[]);
}
