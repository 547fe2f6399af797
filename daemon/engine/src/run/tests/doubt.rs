//! Steps in doubt, and what a person may say about them.

use super::build::*;
use super::play::Play;
use crate::run::{Asked, Input, Refusal, Resolution, RunStatus};
use crate::value::Value;

const DOUBT: &str =
    "> error a 1: in doubt: the machine went down; a person must decide, see `rpa doubts`";

fn doubted() -> Play {
    let mut play = Play::of([task("a").with_outputs(), task("b").after(&["a"]), task("x")]);
    play.takes(
        Input::Start,
        &["started", "a started 1", "x started 1", "> start a 1", "> start x 1"],
    )
    .takes(ended("a", 1, lost()), &["a in doubt 1: the machine went down", DOUBT])
    // other branches go on, joins wait
    .is(RunStatus::Running)
    .takes(ended("x", 1, gave(1)), &["x completed 1 1"])
    .is(RunStatus::InDoubt)
    .wakes_at(None);
    play
}

#[test]
fn nothing_but_a_person_moves_a_doubt() {
    doubted()
        .takes(ended("a", 1, gave(1)), &[])
        .takes(ended("a", 1, lost()), &[])
        .takes(ended("a", 2, gave(1)), &[])
        .takes(wake(u64::MAX), &[])
        .takes(Input::Recover, &[])
        .takes(Input::Start, &[])
        .is(RunStatus::InDoubt);
}

#[test]
fn done_completes_the_step_with_what_the_person_gives() {
    doubted().takes(
        resolve("a", Resolution::Done { output: fields(5) }),
        &[
            "a resolved done by ana (cli)",
            "a completed 1 {\"n\":5}",
            "b started 1",
            "> warn a 1: declared done by ana (cli)",
            "> start b 1",
        ],
    );
}

#[test]
fn retry_runs_the_step_again_with_the_next_number() {
    doubted()
        .takes(
            resolve("a", Resolution::Retry),
            &[
                "a resolved retry by ana (cli)",
                "a started 2",
                "> warn a 1: to be run again, says ana (cli)",
                "> start a 2",
            ],
        )
        .takes(ended("a", 1, gave(1)), &[])
        .takes(ended("a", 2, gave(2)), &["a confirmed 2 2", "> outputs of a 2 2"])
        .takes(outputs_of("a", 1, Ok(fields(1))), &[])
        .refuses(resolve("a", Resolution::Retry), Refusal::NotInDoubt);
}

#[test]
fn a_retry_gets_the_input_that_the_lost_attempt_got() {
    let input = Value::from([("with", Value::from("x"))]);
    let mut play = Play::of([asking("a")]);
    play.decide(Input::Start).unwrap();
    play.decide(asked("a", Ok(Asked::Run(input)))).unwrap();
    play.decide(ended("a", 1, lost())).unwrap();
    play.takes(
        resolve("a", Resolution::Retry),
        &[
            "a resolved retry by ana (cli)",
            "a started 2 {\"with\":\"x\"}",
            "> warn a 1: to be run again, says ana (cli)",
            "> start a 2",
        ],
    );
}

#[test]
fn fail_fails_the_step_and_names_who_said_so() {
    doubted().takes(
        resolve("a", Resolution::Fail),
        &[
            "a resolved fail by ana (cli)",
            "a failed 1: business RPA0416 declared failed by ana (cli)",
            "b skipped: needs a, which failed",
            "ended failed at a: business RPA0416 declared failed by ana (cli)",
            "> warn a 1: declared failed by ana (cli)",
            "> info b 0: skipped: needs a, which failed",
        ],
    );
}

#[test]
fn a_word_on_anything_else_is_refused() {
    let words = [Resolution::Done { output: fields(1) }, Resolution::Retry, Resolution::Fail];
    for word in words {
        let mut play = Play::of([task("a")]);
        play.refuses(resolve("a", word.clone()), Refusal::NotInDoubt)
            .refuses(resolve("nobody", word.clone()), Refusal::NoStep);
        play.decide(Input::Start).unwrap();
        play.refuses(resolve("a", word.clone()), Refusal::NotInDoubt);
        play.decide(ended("a", 1, gave(1))).unwrap();
        play.is(RunStatus::Completed).refuses(resolve("a", word), Refusal::RunEnded);
    }
}

#[test]
fn each_doubt_is_decided_on_its_own() {
    let mut play = Play::of([task("a"), task("b"), task("c").after(&["a", "b"])]);
    play.decide(Input::Start).unwrap();
    play.decide(ended("a", 1, lost())).unwrap();
    play.decide(ended("b", 1, lost())).unwrap();
    play.takes(
        resolve("b", Resolution::Done { output: fields(2) }),
        &[
            "b resolved done by ana (cli)",
            "b completed 1 {\"n\":2}",
            "> warn b 1: declared done by ana (cli)",
        ],
    )
    .is(RunStatus::InDoubt)
    .takes(
        resolve("a", Resolution::Retry),
        &[
            "a resolved retry by ana (cli)",
            "a started 2",
            "> warn a 1: to be run again, says ana (cli)",
            "> start a 2",
        ],
    )
    .takes(ended("a", 2, gave(1)), &["a completed 2 1", "c started 1", "> start c 1"]);
}
