//! Groups: a list of steps as one.

use super::build::*;
use super::play::{Play, state};
use crate::outcome::{ErrorClass, StopReason};
use crate::run::{Input, RunStatus, StepState};

fn started(steps: impl Into<Vec<crate::workflow::Step>>) -> Play {
    let mut play = Play::of(steps);
    play.decide(Input::Start).unwrap();
    play
}

#[test]
fn a_group_ends_with_its_last_step_and_then_its_dependents_begin() {
    Play::of([group("g", [task("a"), task("b").after(&["a"])]), task("c").after(&["g"])])
        .takes(Input::Start, &["started", "g opened", "g/a started 1", "> start g/a 1"])
        .is(RunStatus::Running)
        .takes(ended("g/a", 1, gave(1)), &["g/a completed 1 1", "g/b started 1", "> start g/b 1"])
        .takes(
            ended("g/b", 1, gave(2)),
            &["g/b completed 1 2", "g completed 0 {}", "c started 1", "> start c 1"],
        )
        .takes(ended("c", 1, gave(3)), &["c completed 1 3", "ended completed {}"]);
}

#[test]
fn an_empty_group_completes_at_once() {
    Play::of([group("g", [])])
        .takes(Input::Start, &["started", "g opened", "g completed 0 {}", "ended completed {}"]);
}

#[test]
fn a_group_with_a_condition_is_asked_first() {
    Play::of([group("g", [task("a")]).only_if("vars.x")])
        .takes(Input::Start, &["started", "g ready", "> ask g"])
        .takes(enters("g"), &["g opened", "g/a started 1", "> start g/a 1"])
        .takes(enters("g"), &[]);
}

#[test]
fn the_outputs_of_a_group_are_evaluated_when_its_body_has_ended() {
    let closing = || {
        let mut play = Play::of([group("g", [task("a")]).with_outputs()]);
        play.decide(Input::Start).unwrap();
        play.takes(
            ended("g/a", 1, gave(1)),
            &["g/a completed 1 1", "g closing", "> outputs of body g"],
        );
        play.is(RunStatus::Running);
        play
    };
    closing().takes(
        body_outputs("g", Ok(fields(7))),
        &["g completed 0 {\"n\":7}", "ended completed {}"],
    );
    closing().takes(
        body_outputs("g", Err(error(ErrorClass::InvalidInput))),
        &[
            "g failed 0: invalid_input RPA0401 it broke",
            "ended failed at g: invalid_input RPA0401 it broke",
            "> error g 0: failed: it broke [RPA0401]",
        ],
    );
    // asked again after a crash, and only the first answer counts
    closing()
        .takes(Input::Recover, &["> outputs of body g"])
        .takes(body_outputs("g/a", Ok(fields(7))), &[])
        .takes(body_outputs("g", Ok(fields(7))), &["g completed 0 {\"n\":7}", "ended completed {}"])
        .takes(body_outputs("g", Ok(fields(8))), &[]);
    // what its steps gave is kept when a cancel comes
    closing()
        .takes(
            cancel(),
            &["cancel requested by ana (cli)", "> warn - 0: cancel requested by ana (cli)"],
        )
        .takes(body_outputs("g", Ok(fields(7))), &["g completed 0 {\"n\":7}", "ended cancelled"]);
    closing().held().takes(
        body_outputs("g", Ok(fields(7))),
        &["g completed 0 {\"n\":7}", "ended completed {}"],
    );
}

#[test]
fn a_group_fails_by_the_step_that_failed_first_when_all_have_ended() {
    started([group("g", [task("a"), task("b"), task("c").after(&["a"])])])
        .takes(
            ended("g/b", 1, broke()),
            &[
                "g/b failed 1: exit(1) RPA0401 it broke",
                "> error g/b 1: failed: it broke [RPA0401]",
            ],
        )
        .takes(ended("g/a", 1, gave(1)), &["g/a completed 1 1", "g/c started 1", "> start g/c 1"])
        .takes(
            ended("g/c", 1, gave(1)),
            &[
                "g/c completed 1 1",
                "g failed 0: exit(1) RPA0401 g/b: it broke",
                "ended failed at g: exit(1) RPA0401 g/b: it broke",
            ],
        );
}

#[test]
fn the_failure_of_groups_within_groups_names_the_step_once() {
    started([group("g", [group("h", [task("a")])])]).takes(
        ended("g/h/a", 1, broke()),
        &[
            "g/h/a failed 1: exit(1) RPA0401 it broke",
            "g/h failed 0: exit(1) RPA0401 g/h/a: it broke",
            "g failed 0: exit(1) RPA0401 g/h/a: it broke",
            "ended failed at g: exit(1) RPA0401 g/h/a: it broke",
            "> error g/h/a 1: failed: it broke [RPA0401]",
        ],
    );
}

#[test]
fn a_cancel_ends_what_is_in_a_group() {
    started([group("g", [task("a"), asking("b"), task("c").after(&["a"]), wait("d", 500)])])
        .takes(
            cancel(),
            &[
                "cancel requested by ana (cli)",
                "g/b cancelled",
                "g/d cancelled",
                "g/c cancelled",
                "> warn - 0: cancel requested by ana (cli)",
                "> stop g/a 1 for cancel",
            ],
        )
        .takes(Input::Recover, &["> stop g/a 1 for cancel"])
        .takes(
            ended("g/a", 1, stopped(StopReason::Cancel)),
            &["g/a cancelled", "g cancelled", "ended cancelled", "> warn g/a 1: cancelled"],
        );
}

#[test]
fn a_step_stopped_unasked_cancels_its_group() {
    started([group("g", [task("a")]), task("b").after(&["g"])]).takes(
        ended("g/a", 1, stopped(StopReason::Cancel)),
        &[
            "g/a cancelled",
            "g cancelled",
            "b skipped: needs g, which was cancelled",
            "ended cancelled",
            "> warn g/a 1: cancelled",
            "> info b 0: skipped: needs g, which was cancelled",
        ],
    );
}

#[test]
fn a_doubt_in_a_group_waits_for_a_person() {
    started([group("g", [group("h", [task("a")])])])
        .takes(
            ended("g/h/a", 1, lost()),
            &[
                "g/h/a in doubt 1: the machine went down",
                &doubted("g/h/a 1", "the machine went down"),
            ],
        )
        .is(RunStatus::InDoubt)
        .takes(Input::Recover, &[])
        .takes(
            resolve("g/h/a", crate::run::Resolution::Retry),
            &[
                "g/h/a resolved retry by ana (cli)",
                "g/h/a started 2",
                "> warn g/h/a 1: to be run again, says ana (cli)",
                "> start g/h/a 2",
            ],
        )
        .takes(
            ended("g/h/a", 2, gave(1)),
            &[
                "g/h/a completed 2 1",
                "g/h completed 0 {}",
                "g completed 0 {}",
                "ended completed {}",
            ],
        );
}

#[test]
fn while_nothing_may_begin_a_group_stays_as_it_is() {
    let mut play = Play::of([group("g", [task("a").only_if("vars.x")]).only_if("vars.x")]);
    play.decide(Input::Start).unwrap();
    play.held()
        .takes(enters("g"), &[])
        .released()
        .takes(Input::Recover, &["> ask g"])
        .takes(enters("g"), &["g opened", "g/a ready", "> ask g/a"])
        .held()
        .takes(runs("g/a"), &[])
        .released()
        .takes(Input::Recover, &["> ask g/a"])
        .takes(runs("g/a"), &["g/a started 1", "> start g/a 1"]);
}

#[test]
fn bodies_that_have_ended_leave_memory() {
    let mut play = started([group("g", [group("h", [task("a")]), task("b")]), task("gg")]);
    play.decide(ended("g/h/a", 1, gave(1))).unwrap();
    play.run.prune();
    let paths: Vec<&str> = play.run.steps.keys().map(|p| p.as_str()).collect();
    assert_eq!(paths, ["g", "g/b", "g/h", "gg"]);
    play.decide(ended("g/b", 1, gave(1))).unwrap();
    play.run.prune();
    let paths: Vec<&str> = play.run.steps.keys().map(|p| p.as_str()).collect();
    assert_eq!(paths, ["g", "gg"]);
    assert!(matches!(state(&play.run, "g"), StepState::Completed { .. }));
    play.takes(ended("gg", 1, gave(1)), &["gg completed 1 1", "ended completed {}"]);
}
