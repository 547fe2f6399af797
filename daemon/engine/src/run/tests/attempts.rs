//! One attempt after another: retries, losses, and the fence against late results.

use super::build::*;
use super::play::{Play, state};
use crate::outcome::{ErrorClass, Outcome};
use crate::run::verdict::MAX_LOSSES;
use crate::run::{Asked, Input, RunStatus, StepState};
use crate::value::Value;
use crate::workflow::{Backoff, Cause, EffectClass, Retry};

#[test]
fn a_fixed_retry_pauses_the_same_each_time_and_ends() {
    Play::of([task("a").with_retry(fixed(3, 500))])
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(
            ended("a", 1, broke()),
            &[
                "a retrying 1 at 1500: exit(1) RPA0401 it broke",
                "> warn a 1: attempt 1 failed: it broke [RPA0401]; next try in 500 ms",
            ],
        )
        .is(RunStatus::Running)
        .wakes_at(Some(1500))
        .at(1500)
        .takes(wake(1500), &["a started 2", "> start a 2"])
        .wakes_at(None)
        .at(2000)
        .takes(
            ended("a", 2, broke()),
            &[
                "a retrying 2 at 2500: exit(1) RPA0401 it broke",
                "> warn a 2: attempt 2 failed: it broke [RPA0401]; next try in 500 ms",
            ],
        )
        .at(2500)
        .takes(wake(2500), &["a started 3", "> start a 3"])
        .takes(
            ended("a", 3, broke()),
            &[
                "a failed 3: exit(1) RPA0401 it broke",
                "ended failed at a: exit(1) RPA0401 it broke",
                "> error a 3: failed: it broke [RPA0401]",
            ],
        );
}

#[test]
fn an_exponential_retry_doubles_its_pause_up_to_the_bound() {
    let retry = Retry {
        attempts: 5,
        backoff: Backoff::Exponential,
        delay_ms: 100,
        max_delay_ms: 300,
        ..Retry::NONE
    };
    let mut play = Play::of([task("a").with_retry(retry)]);
    play.takes(Input::Start, &["started", "a started 1", "> start a 1"]);
    for (number, due_ms) in [(1, 1100), (2, 1200), (3, 1300), (4, 1300)] {
        play.at(1000).decide(ended("a", number, broke())).unwrap();
        play.wakes_at(Some(due_ms)).at(due_ms).takes(
            wake(due_ms),
            &[&format!("a started {}", number + 1), &format!("> start a {}", number + 1)],
        );
    }
    play.decide(ended("a", 5, broke())).unwrap();
    play.is(RunStatus::Failed);
}

#[test]
fn every_attempt_gets_the_input_that_the_first_one_got() {
    let input = Value::from([("with", Value::from("x"))]);
    Play::of([asking("a").with_retry(fixed(2, 0)).with_effect(EffectClass::Pure)])
        .takes(Input::Start, &["started", "a ready", "> ask a"])
        .takes(asked("a", Ok(Asked::Run(input))), &["a started 1 {\"with\":\"x\"}", "> start a 1"])
        .takes(
            ended("a", 1, broke()),
            &[
                "a retrying 1 at 1000: exit(1) RPA0401 it broke",
                "> warn a 1: attempt 1 failed: it broke [RPA0401]; next try in 0 ms",
            ],
        )
        .takes(wake(1000), &["a started 2 {\"with\":\"x\"}", "> start a 2"])
        .takes(
            ended("a", 2, lost()),
            &[
                "a retrying 2 at 2000: system RPA0413 the machine went down",
                "> warn a 2: the machine went down; it is run again",
            ],
        )
        .takes(wake(2000), &["a started 3 {\"with\":\"x\"}", "> start a 3"]);
}

#[test]
fn a_late_result_of_an_earlier_attempt_changes_nothing() {
    Play::of([task("a").with_effect(EffectClass::Idempotent)])
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(
            ended("a", 1, lost()),
            &["a started 2", "> warn a 1: the machine went down; it is run again", "> start a 2"],
        )
        .takes(ended("a", 1, gave(1)), &[])
        .takes(ended("a", 1, lost()), &[])
        .takes(ended("a", 3, gave(3)), &[])
        .takes(ended("a", 2, gave(2)), &["a completed 2 2", "ended completed {}"])
        .takes(ended("a", 2, broke()), &[]);
}

#[test]
fn what_never_began_is_run_again_whatever_its_effect() {
    for effect in EffectClass::ALL {
        Play::of([task("a").with_effect(effect)])
            .takes(Input::Start, &["started", "a started 1", "> start a 1"])
            .takes(
                ended("a", 1, Outcome::LostBeforeStart { why: "no runner".into() }),
                &["a started 2", "> warn a 1: no runner; it is run again", "> start a 2"],
            );
    }
}

#[test]
fn a_step_that_is_lost_again_and_again_is_doubted_in_the_end() {
    let mut play = Play::of([task("a").with_effect(EffectClass::Pure)]);
    play.takes(Input::Start, &["started", "a started 1", "> start a 1"]);
    play.takes(
        ended("a", 1, lost()),
        &["a started 2", "> warn a 1: the machine went down; it is run again", "> start a 2"],
    );
    let mut now_ms = 1000;
    for number in 2..=MAX_LOSSES {
        // 1 s, 2 s, 4 s and so on, at most a minute
        let due_ms = now_ms + (500u64 << (number - 1)).min(60_000);
        play.takes(
            ended("a", number, lost()),
            &[
                &format!("a retrying {number} at {due_ms}: system RPA0413 the machine went down"),
                &format!("> warn a {number}: the machine went down; it is run again"),
            ],
        );
        play.at(due_ms).takes(
            wake(due_ms),
            &[&format!("a started {}", number + 1), &format!("> start a {}", number + 1)],
        );
        now_ms = due_ms;
    }
    let reason = "the machine went down; its end was not seen 21 times";
    play.takes(
        ended("a", MAX_LOSSES + 1, lost()),
        &[
            &format!("a in doubt 21: {reason}"),
            &format!("> error a 21: in doubt: {reason}; a person must decide, see `rpa doubts`"),
        ],
    )
    .is(RunStatus::InDoubt);
}

#[test]
fn a_restart_of_the_daemon_costs_no_pause() {
    let orphaned = || Outcome::Orphaned { why: "the daemon ended".into() };
    let mut play = Play::of([task("a").with_effect(EffectClass::Idempotent)]);
    play.takes(Input::Start, &["started", "a started 1", "> start a 1"]);
    for number in 1..5 {
        let next = number + 1;
        play.takes(
            ended("a", number, orphaned()),
            &[
                &format!("a started {next}"),
                &format!("> warn a {number}: the daemon ended; it is run again"),
                &format!("> start a {next}"),
            ],
        );
    }
}

#[test]
fn since_is_the_beginning_of_the_first_attempt() {
    let mut play = Play::of([task("a").with_retry(fixed(2, 10))]);
    play.decide(Input::Start).unwrap();
    play.at(5000).decide(ended("a", 1, broke())).unwrap();
    play.at(6000).decide(wake(5010)).unwrap();
    let running = StepState::Running { attempt: 2, since_ms: 1000, input: plain_input() };
    assert_eq!(*state(&play.run, "a"), running);
    play.at(7000).decide(ended("a", 2, gave(1))).unwrap();
    let completed = StepState::Completed { attempt: 2, since_ms: 1000, ended_ms: 7000 };
    assert_eq!(*state(&play.run, "a"), completed);
}

/// `a` has begun at 1000 and fails at `at_ms`.
fn fails_at(at_ms: u64, retry: Retry, class: ErrorClass, expected: &[&str]) {
    let mut play = Play::of([task("a").with_retry(retry)]);
    play.decide(Input::Start).unwrap();
    let outcome = Outcome::Failed { error: error(class), output: Value::Null };
    play.at(at_ms).takes(ended("a", 1, outcome), expected);
}

#[test]
fn linear_pauses_grow_by_the_same_each_time() {
    let retry = Retry { backoff: Backoff::Linear, ..fixed(4, 100) };
    let mut play = Play::of([task("a").with_retry(retry)]);
    play.decide(Input::Start).unwrap();
    for (attempt, due_ms) in [(1, 1100), (2, 1200), (3, 1300)] {
        play.decide(ended("a", attempt, broke())).unwrap();
        play.wakes_at(Some(due_ms));
        play.decide(wake(due_ms)).unwrap();
    }
    play.takes(
        ended("a", 4, broke()),
        &[
            "a failed 4: exit(1) RPA0401 it broke",
            "ended failed at a: exit(1) RPA0401 it broke",
            "> error a 4: failed: it broke [RPA0401]",
        ],
    );
}

#[test]
fn no_try_begins_later_than_the_total_after_the_first() {
    let retry = || Retry { total_ms: Some(250), ..fixed(9, 100) };
    let class = ErrorClass::Exit(1);
    fails_at(
        1150,
        retry(),
        class,
        &[
            "a retrying 1 at 1250: exit(1) RPA0401 it broke",
            "> warn a 1: attempt 1 failed: it broke [RPA0401]; next try in 100 ms",
        ],
    );
    fails_at(
        1151,
        retry(),
        class,
        &[
            "a failed 1: exit(1) RPA0401 it broke",
            "ended failed at a: exit(1) RPA0401 it broke",
            "> error a 1: failed: it broke [RPA0401]",
        ],
    );
}

#[test]
fn only_the_named_errors_are_tried_again() {
    let retry = || Retry { on: Some(vec![Cause::Exit(Some(75)), Cause::Business]), ..fixed(2, 9) };
    for class in [ErrorClass::Exit(75), ErrorClass::Business] {
        let cause = class.word();
        fails_at(
            1000,
            retry(),
            class,
            &[
                &format!("a retrying 1 at 1009: {cause} RPA0401 it broke"),
                "> warn a 1: attempt 1 failed: it broke [RPA0401]; next try in 9 ms",
            ],
        );
    }
    fails_at(
        1000,
        retry(),
        ErrorClass::Exit(1),
        &[
            "a failed 1: exit(1) RPA0401 it broke",
            "ended failed at a: exit(1) RPA0401 it broke",
            "> error a 1: failed: it broke [RPA0401]",
        ],
    );
}

#[test]
fn jitter_differs_between_steps_and_stays_within_its_part() {
    let retry = Retry { jitter_percent: 50, ..fixed(2, 1000) };
    let ids: Vec<String> = (b'a'..=b'z').map(|c| char::from(c).to_string()).collect();
    let steps: Vec<_> = ids.iter().map(|id| task(id).with_retry(retry.clone())).collect();
    let mut play = Play::of(steps);
    play.decide(Input::Start).unwrap();
    let mut due = std::collections::BTreeSet::new();
    for id in &ids {
        play.decide(ended(id, 1, broke())).unwrap();
        let StepState::Retrying { due_ms, .. } = state(&play.run, id) else { panic!("{id}") };
        due.insert(*due_ms);
    }
    assert!(due.len() > 20, "hardly any two steps are tried again at once: {due:?}");
    assert!(due.iter().all(|due_ms| (1500..=2500).contains(due_ms)), "{due:?}");
}
