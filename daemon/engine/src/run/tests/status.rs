//! The status of a run, derived: running before waiting before in doubt.

use super::build::*;
use super::play::Play;
use crate::outcome::StopReason;
use crate::run::{Asked, Input, Resolution, RunStatus};

#[test]
fn running_hides_waiting_and_waiting_hides_a_doubt() {
    let mut play = Play::of([task("a"), wait("b", 100), task("c")]);
    let mut then = |input: Input, status: RunStatus| {
        play.decide(input).unwrap();
        play.is(status);
    };
    then(Input::Start, RunStatus::Running);
    then(ended("a", 1, lost()), RunStatus::Running);
    then(asked("b", Ok(Asked::Wait { until_ms: None })), RunStatus::Running);
    then(ended("c", 1, gave(1)), RunStatus::Waiting);
    then(wake(1100), RunStatus::InDoubt);
    then(resolve("a", Resolution::Retry), RunStatus::Running);
    then(ended("a", 2, gave(1)), RunStatus::Completed);
}

#[test]
fn each_active_step_counts_as_running() {
    let mut ready = Play::of([asking("a"), task("b")]);
    ready.decide(Input::Start).unwrap();
    ready.decide(ended("b", 1, lost())).unwrap();
    ready.is(RunStatus::Running);

    let mut retrying = Play::of([task("a").with_retry(fixed(2, 100)), task("b")]);
    retrying.decide(Input::Start).unwrap();
    retrying.decide(ended("a", 1, broke())).unwrap();
    retrying.decide(ended("b", 1, lost())).unwrap();
    retrying.is(RunStatus::Running);

    let mut confirmed = Play::of([task("a").with_outputs(), task("b")]);
    confirmed.decide(Input::Start).unwrap();
    confirmed.decide(ended("a", 1, gave(1))).unwrap();
    confirmed.decide(ended("b", 1, lost())).unwrap();
    confirmed.is(RunStatus::Running);
}

#[test]
fn loops_run_while_they_ask_and_wait_while_they_pause() {
    let mut play = Play::of([repeat("r", 2, true, 500, [task("a")]), task("b")]);
    let mut then = |input: Input, status: RunStatus| {
        play.decide(input).unwrap();
        play.is(status);
    };
    then(Input::Start, RunStatus::Running);
    then(ended("b", 1, lost()), RunStatus::Running);
    then(ended("r[0]/a", 1, gave(1)), RunStatus::Running);
    then(again("r", 0, false), RunStatus::Waiting);
    then(pause(), RunStatus::Paused);
    then(wake(1500), RunStatus::Paused);
    then(resume(), RunStatus::Waiting);
    then(wake(1500), RunStatus::Running);
    then(ended("r[1]/a", 1, lost()), RunStatus::InDoubt);
    then(pause(), RunStatus::Paused);
    then(cancel(), RunStatus::InDoubt);
}

#[test]
fn a_paused_run_runs_as_long_as_something_comes_to_its_end() {
    let mut play = Play::of([group("g", [task("a")]).with_outputs(), task("b")]);
    let mut then = |input: Input, status: RunStatus| {
        play.decide(input).unwrap();
        play.is(status);
    };
    then(Input::Start, RunStatus::Running);
    then(pause(), RunStatus::Running);
    then(ended("b", 1, lost()), RunStatus::Running);
    then(ended("g/a", 1, gave(1)), RunStatus::Running);
    then(body_outputs("g", Ok(fields(1))), RunStatus::Paused);
    then(resume(), RunStatus::InDoubt);
}

#[test]
fn a_drained_run_with_nothing_begun_is_running() {
    Play::of([task("a")]).held().takes(Input::Start, &["started"]).is(RunStatus::Running);
}

#[test]
fn an_ended_run_says_how() {
    let end = |inputs: [Input; 3]| {
        let mut play = Play::of([task("a")]);
        for input in inputs {
            play.decide(input).unwrap();
        }
        let status = play.run.status();
        assert!(status.ended());
        status
    };
    let stop = ended("a", 1, stopped(StopReason::Cancel));
    assert_eq!(end([Input::Start, ended("a", 1, gave(1)), wake(1)]), RunStatus::Completed);
    assert_eq!(end([Input::Start, ended("a", 1, broke()), wake(1)]), RunStatus::Failed);
    assert_eq!(end([Input::Start, cancel(), stop]), RunStatus::Cancelled);
}

#[test]
fn words_are_read_back() {
    for status in RunStatus::ALL {
        assert_eq!(RunStatus::from_word(status.word()), Some(status));
    }
    assert_eq!(RunStatus::from_word("done"), None);
}
