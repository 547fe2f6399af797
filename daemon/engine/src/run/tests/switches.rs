//! Switches: the steps of one case.

use super::build::*;
use super::play::Play;
use crate::outcome::ErrorClass;
use crate::run::Input;

fn asked_for() -> Play {
    let mut play =
        Play::of([switch("s", [task("a")], [task("b")], [task("c")]), task("d").after(&["s"])]);
    play.takes(Input::Start, &["started", "s ready", "> ask s"]);
    play
}

#[test]
fn the_steps_of_the_chosen_case_run_and_no_others() {
    asked_for()
        .takes(case("s", Some(0)), &["s opened case 0", "s/a started 1", "> start s/a 1"])
        .takes(case("s", Some(1)), &[])
        .takes(ended("s/b", 1, gave(1)), &[])
        .takes(
            ended("s/a", 1, gave(1)),
            &["s/a completed 1 1", "s completed 0 {}", "d started 1", "> start d 1"],
        );
    asked_for().takes(case("s", Some(1)), &["s opened case 1", "s/b started 1", "> start s/b 1"]);
    asked_for().takes(case("s", None), &["s opened", "s/c started 1", "> start s/c 1"]);
}

#[test]
fn when_no_case_fits_and_there_is_no_default_it_completes() {
    let mut play = Play::of([switch("s", [task("a")], [task("b")], [])]);
    play.decide(Input::Start).unwrap();
    play.takes(case("s", None), &["s opened", "s completed 0 {}", "ended completed {}"]);
}

#[test]
fn an_answer_that_does_not_fit_fails_the_step_instead_of_leaving_it_for_ever() {
    for answer in [case("s", Some(2)), enters("s"), runs("s"), items("s", 1)] {
        asked_for().takes(
            answer,
            &[
                "s failed 0: system RPA0417 a bug in rpad: what was evaluated does not fit s",
                "d skipped: needs s, which failed",
                "ended failed at s: system RPA0417 a bug in rpad: what was evaluated does not fit s",
                "> error s 0: failed: a bug in rpad: what was evaluated does not fit s [RPA0417]",
                "> info d 0: skipped: needs s, which failed",
            ],
        );
    }
}

#[test]
fn a_value_that_cannot_be_evaluated_fails_the_switch() {
    asked_for().takes(
        asked("s", Err(error(ErrorClass::InvalidInput))),
        &[
            "s failed 0: invalid_input RPA0401 it broke",
            "d skipped: needs s, which failed",
            "ended failed at s: invalid_input RPA0401 it broke",
            "> error s 0: failed: it broke [RPA0401]",
            "> info d 0: skipped: needs s, which failed",
        ],
    );
}

#[test]
fn the_choice_is_remembered_over_a_crash() {
    let mut play = asked_for();
    play.takes(Input::Recover, &["> ask s"]);
    play.decide(case("s", Some(1))).unwrap();
    play.takes(Input::Recover, &[])
        .held()
        .takes(ended("s/b", 1, gave(1)), &["s/b completed 1 1", "s completed 0 {}"])
        .released()
        .takes(Input::Recover, &["d started 1", "> start d 1"]);
}

#[test]
fn a_drain_leaves_the_choice_for_later() {
    asked_for()
        .held()
        .takes(case("s", Some(0)), &[])
        .released()
        .takes(Input::Recover, &["> ask s"]);
}

#[test]
fn the_outputs_of_a_switch_are_evaluated_over_its_case() {
    let mut play = Play::of([switch("s", [task("a")], [], []).with_outputs()]);
    play.decide(Input::Start).unwrap();
    play.decide(case("s", Some(0))).unwrap();
    play.takes(
        ended("s/a", 1, gave(1)),
        &["s/a completed 1 1", "s closing", "> outputs of body s"],
    )
    .takes(body_outputs("s", Ok(fields(2))), &["s completed 0 {\"n\":2}", "ended completed {}"]);
}
