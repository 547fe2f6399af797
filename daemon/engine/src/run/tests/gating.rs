//! A run's turn at the gate of its workflow.

use super::build::*;
use super::play::Play;
use crate::gate;
use crate::outcome::ErrorClass;
use crate::run::{Evaluation, Gate, GateAnswer, Input, RunStatus};
use crate::template::Template;
use crate::value::Value;
use crate::workflow::{Concurrency, OnLimit};

fn limited(key: Option<Template>) -> Play {
    let mut workflow = flow([task("a")]);
    workflow.concurrency =
        Some(Concurrency { limit: 1, key, on_limit: OnLimit::Queue, max_queue: None });
    Play::of_workflow(workflow)
}

fn passed(key: &str) -> Input {
    Input::Gated(GateAnswer::Passed { key: key.into() })
}

fn waits(key: &str) -> Input {
    Input::Gated(GateAnswer::Waits { key: key.into(), active: 1 })
}

fn turned_away(fails: bool) -> Input {
    Input::Gated(GateAnswer::TurnedAway {
        key: "k".into(),
        error: gate::full("no room".into()),
        fails,
    })
}

fn key(result: Result<&str, ErrorClass>) -> Input {
    let result = result.map(str::to_owned).map_err(error);
    Input::Evaluated(Evaluation::Key { result })
}

fn expression() -> Option<Template> {
    Some(Template::Expr(expr("vars.x", false)))
}

const CANCELLED: [&str; 3] = [
    "cancel requested by ana (cli)",
    "ended cancelled",
    "> warn - 0: cancel requested by ana (cli)",
];

#[test]
fn without_a_limit_there_is_no_gate() {
    let mut play = Play::of([task("a")]);
    assert!(play.run.is_in_line() && !play.run.is_at_the_gate());
    play.takes(Input::Offer, &[])
        .takes(passed(""), &[])
        .takes(waits(""), &[])
        .takes(turned_away(true), &[])
        .takes(Input::Start, &["started", "a started 1", "> start a 1"]);
}

#[test]
fn a_run_asks_for_its_turn_and_leaves_when_it_has_ended() {
    let mut play = limited(None);
    assert!(!play.run.is_in_line() && play.run.is_at_the_gate());
    play.takes(Input::Start, &[])
        .takes(Input::Offer, &["=> enter \"\""])
        .takes(passed(""), &["passes \"\""])
        .takes(Input::Offer, &[])
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(ended("a", 1, gave(1)), &["a completed 1 1", "ended completed {}", "=> leave \"\""]);
}

#[test]
fn its_key_is_evaluated_first() {
    limited(Some(Template::Literal(Value::from("k")))).takes(Input::Offer, &["=> enter \"k\""]);
    limited(expression())
        .takes(Input::Offer, &["> key"])
        // a crash loses the evaluation
        .takes(Input::Recover, &["> key"])
        .takes(key(Ok("k")), &["=> enter \"k\""])
        .takes(passed("k"), &["passes \"k\""])
        .takes(key(Ok("other")), &[]);
    limited(expression()).takes_all(Input::Offer).takes(
        key(Err(ErrorClass::InvalidInput)),
        &["turned away from \"\": it broke", "ended failed: invalid_input RPA0401 it broke"],
    );
}

#[test]
fn a_run_waits_until_one_of_the_others_has_ended() {
    let mut play = limited(None);
    play.takes_all(Input::Offer)
        .takes(waits(""), &["waits at \"\", 1 active"])
        .is(RunStatus::Queued)
        .takes(waits(""), &[])
        .takes(Input::Start, &[])
        .takes(Input::Recover, &[])
        .takes(passed(""), &["passes \"\""])
        .takes(turned_away(true), &[])
        .takes(passed(""), &[])
        .takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(passed(""), &[]);
}

#[test]
fn a_run_that_is_turned_away_ends_and_has_no_place_to_leave() {
    limited(None)
        .takes_all(Input::Offer)
        .takes(
            turned_away(true),
            &[
                "turned away from \"k\": no room",
                "ended failed: business RPA0432 no room",
                "> warn - 0: turned away: no room",
            ],
        )
        .is(RunStatus::Failed);
    let mut skipped = limited(None);
    skipped
        .takes_all(Input::Offer)
        .takes(
            turned_away(false),
            &[
                "turned away from \"k\": no room",
                "ended cancelled",
                "> warn - 0: turned away: no room",
            ],
        )
        .is(RunStatus::Cancelled);
    assert_eq!(skipped.run.gate, Gate::TurnedAway { reason: "no room".into() });
}

#[test]
fn a_cancelled_run_leaves_the_line_and_its_place() {
    let leaves = [&CANCELLED[..], &["=> leave \"\""]].concat();
    limited(None).takes_all(Input::Offer).takes_all(waits("")).takes(cancel(), &leaves);
    limited(None).takes_all(Input::Offer).takes_all(passed("")).takes(cancel(), &leaves);
}

#[test]
fn a_run_that_ends_before_it_hears_leaves_when_it_hears() {
    let asking = || {
        let mut play = limited(None);
        play.takes_all(Input::Offer).takes(cancel(), &CANCELLED);
        play
    };
    asking().takes(passed("k"), &["=> leave \"k\""]);
    asking().takes(waits("k"), &["=> leave \"k\""]);
    asking().takes(turned_away(true), &[]);
    // one that waited has left already
    let mut waited = limited(None);
    waited.takes_all(Input::Offer).takes_all(waits("")).takes_all(cancel());
    waited.takes(passed(""), &[]);
}
