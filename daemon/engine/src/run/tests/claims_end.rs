//! What ends a step with claims from outside: cancels, time-outs, its lease.

use super::build::*;
use super::play::Play;
use crate::outcome::StopReason;
use crate::run::{Input, Refusal, Resolution, RunEnd, RunStatus};
use crate::workflow::{Claims, EffectClass, Step};

fn three(id: &str) -> Step {
    task(id).claiming(claims(Some("m"), &[("z", 2), ("a", 1)]))
}

fn leased(step: Step) -> Step {
    step.claiming(Claims { lease_ms: Some(50), ..claims(Some("m"), &[]) })
}

const LEASE: &str = "timeout RPA0430 its lease of m ended after 50 ms";
const LEASE_OVER: &str = "> warn t 0: its lease has ended";

fn has_lease(step: Step) -> Play {
    let mut play = Play::of([leased(step), task("keep")]);
    play.takes_all(Input::Start).takes_all(granted("t", "m"));
    play
}

#[test]
fn a_cancel_gives_back_what_was_granted_and_what_is_waited_for() {
    let mut play = Play::of([three("t")]);
    play.takes_all(Input::Start).takes_all(granted("t", "a")).takes(
        cancel(),
        &[
            "cancel requested by ana (cli)",
            "t cancelled",
            "ended cancelled",
            "> warn - 0: cancel requested by ana (cli)",
            "=> release a of t",
            "=> release m of t",
        ],
    );
    // the answer was on its way
    play.takes(granted("t", "m"), &[]);
}

#[test]
fn a_cancel_before_the_names_are_known_gives_back_nothing() {
    let mut play = Play::of([task("t").claiming(claims_asked(&[]))]);
    play.takes_all(Input::Start).takes(
        cancel(),
        &[
            "cancel requested by ana (cli)",
            "t cancelled",
            "ended cancelled",
            "> warn - 0: cancel requested by ana (cli)",
        ],
    );
    play.takes(claimed_names("t", Ok(Some(vec![]))), &[]);
}

#[test]
fn a_step_that_runs_gives_back_when_it_has_been_stopped() {
    let mut play = Play::of([three("t")]);
    play.takes_all(Input::Start);
    for name in ["a", "m", "z"] {
        play.takes_all(granted("t", name));
    }
    assert_eq!(play.decide(cancel()).unwrap().messages, []);
    let stop = play.decide(ended("t", 1, stopped(StopReason::Cancel))).unwrap();
    assert_eq!(stop.messages.len(), 3);
}

#[test]
fn the_time_of_the_run_and_of_a_body_reach_those_that_claim() {
    let mut workflow = flow([three("t")]);
    workflow.timeout_ms = Some(500);
    let mut play = Play::of_workflow(workflow);
    play.takes_all(Input::Start);
    let out = play.decide(wake(1500)).unwrap();
    assert_eq!(out.messages.len(), 1);
    play.is(RunStatus::Failed);

    let mut play = Play::of([group("g", [three("t")]).within(500)]);
    play.takes_all(Input::Start).takes_all(granted("g/t", "a"));
    let out = play.decide(wake(1500)).unwrap();
    assert_eq!(out.messages.len(), 2);
    play.is(RunStatus::Failed);
}

#[test]
fn a_lease_runs_from_the_last_grant() {
    let mut play = Play::of([leased(task("t")), task("keep")]);
    play.takes_all(Input::Start).wakes_at(None).at(2000).takes(
        granted("t", "m"),
        &["t granted m", "t holds until 2050", "t started 1", "> start t 1"],
    );
    play.wakes_at(Some(2050)).takes(wake(2049), &[]);
}

#[test]
fn when_its_lease_is_over_a_running_step_is_stopped_and_fails() {
    has_lease(task("t"))
        .takes(wake(1050), &["t lease ended", LEASE_OVER, "> stop t 1 for cancel"])
        .wakes_at(None)
        // a crash may lose the stop
        .takes(Input::Recover, &["> stop t 1 for cancel"])
        .takes(
            ended("t", 1, stopped(StopReason::Cancel)),
            &[
                &format!("t failed 1: {LEASE}"),
                "> warn t 1: cancelled",
                "> error t 1: failed: its lease of m ended after 50 ms [RPA0430]",
                "=> release m of t",
            ],
        );
}

/// Both are over at once, and the inner step ends with the outer one.
#[test]
fn a_lease_within_a_lease_ends_once() {
    let inner = asking("u").claiming(Claims { lease_ms: Some(10), ..claims(Some("n"), &[]) });
    let mut play = Play::of([leased(group("t", [inner]))]);
    play.takes_all(Input::Start).takes_all(granted("t", "m")).takes_all(granted("t/u", "n"));
    play.takes(
        wake(1050),
        &[
            "t lease ended",
            "t/u cancelled",
            &format!("t failed 0: {LEASE}"),
            &format!("ended failed at t: {LEASE}"),
            LEASE_OVER,
            "> error t 0: failed: its lease of m ended after 50 ms [RPA0430]",
            "=> release n of t/u",
            "=> release m of t",
        ],
    );
}

#[test]
fn what_comes_back_after_the_lease_is_kept() {
    has_lease(task("t"))
        .takes_all(wake(1050))
        .takes(ended("t", 1, gave(1)), &["t completed 1 1", "=> release m of t"]);
    // nothing is tried again
    has_lease(task("t").with_retry(fixed(3, 10))).takes_all(wake(1050)).takes(
        ended("t", 1, broke()),
        &[
            "t failed 1: exit(1) RPA0401 it broke",
            "> error t 1: failed: it broke [RPA0401]",
            "=> release m of t",
        ],
    );
    let mut confirmed = has_lease(task("t").with_outputs());
    confirmed.takes_all(ended("t", 1, gave(1)));
    confirmed.takes(wake(1050), &["t lease ended", LEASE_OVER]).takes(
        outputs_of("t", 1, Ok(fields(2))),
        &["t completed 1 {\"n\":2,\"value\":1}", "=> release m of t"],
    );
}

#[test]
fn a_lease_ends_steps_that_are_not_at_work_at_once() {
    let fails = |attempt: u32| {
        [
            "t lease ended".to_owned(),
            format!("t failed {attempt}: {LEASE}"),
            LEASE_OVER.to_owned(),
            format!("> error t {attempt}: failed: its lease of m ended after 50 ms [RPA0430]"),
            "=> release m of t".to_owned(),
        ]
    };
    let check = |play: &mut Play, attempt: u32| {
        let fails = fails(attempt);
        let fails: Vec<&str> = fails.iter().map(String::as_str).collect();
        play.takes(wake(1050), &fails);
    };
    check(&mut has_lease(asking("t")), 0);
    let mut retrying = has_lease(task("t").with_retry(fixed(3, 1000)));
    check(retrying.takes_all(ended("t", 1, broke())), 1);
    let mut waiting = has_lease(wait("t", 1000));
    check(waiting.takes_all(asked("t", Ok(crate::run::Asked::Wait { until_ms: None }))), 0);
    let mut asking = has_lease(approval("t", 1));
    check(asking.takes_all(approve("t", &[])), 0);
    let mut awaiting =
        has_lease(wait_event("t", "paid", false, None, crate::workflow::OnTimeout::Fail));
    check(awaiting.takes_all(awaits("t")), 0);
}

#[test]
fn a_lease_ends_what_is_in_a_body() {
    let mut play = has_lease(group("t", [task("a"), asking("b"), task("c").after(&["a"])]));
    play.takes(
        wake(1050),
        &["t lease ended", "t/b cancelled", "t/c cancelled", LEASE_OVER, "> stop t/a 1 for cancel"],
    )
    .takes(
        ended("t/a", 1, stopped(StopReason::Cancel)),
        &[
            "t/a cancelled",
            &format!("t failed 0: {LEASE}"),
            "> warn t/a 1: cancelled",
            "> error t 0: failed: its lease of m ended after 50 ms [RPA0430]",
            "=> release m of t",
        ],
    );
}

#[test]
fn a_lease_cancels_the_run_that_a_step_has_called() {
    let mut play = has_lease(call("t", "w"));
    play.takes_all(calls("t"));
    let run = child("t", 1, 1000);
    play.takes(
        wake(1050),
        &[
            "t lease ended",
            LEASE_OVER,
            &format!("=> cancel {run} by run 444455556666, step t (daemon)"),
        ],
    )
    .takes(
        child_ended("t", run, RunEnd::Cancelled),
        &[
            &format!("t failed 1: {LEASE}"),
            &format!("> warn t 1: run {} is cancelled", run.short()),
            "> error t 1: failed: its lease of m ended after 50 ms [RPA0430]",
            "=> release m of t",
        ],
    );
}

#[test]
fn a_doubt_outlives_its_lease_and_keeps_the_lock() {
    let mut play = has_lease(task("t").with_effect(EffectClass::Once));
    play.takes_all(ended("t", 1, lost())).wakes_at(None).takes(wake(1050), &[]);
    play.takes(
        resolve("t", Resolution::Fail),
        &[
            "t resolved fail by ana (cli)",
            "t failed 1: business RPA0416 declared failed by ana (cli)",
            "> warn t 1: declared failed by ana (cli)",
            "=> release m of t",
        ],
    );
}

#[test]
fn a_step_whose_lock_was_taken_is_not_tried_again() {
    let taken = || Input::Unheld {
        path: path("t"),
        lock: "m".parse().unwrap(),
        by: crate::Actor { who: "eva".into(), origin: crate::Origin::Cli },
    };
    let lines =
        ["t lost m to eva", "> warn t 0: m was taken from it by eva (cli); others may hold it now"];
    // in doubt it can be declared, and not be run again
    let mut play = has_lease(task("t").with_effect(EffectClass::Once));
    play.takes_all(ended("t", 1, lost())).takes(taken(), &lines).takes(taken(), &[]);
    play.refuses(resolve("t", Resolution::Retry), Refusal::Unheld);
    play.takes_all(resolve("t", Resolution::Done { output: Default::default() }));
    // what fails is not retried
    let mut play = has_lease(task("t").with_retry(fixed(3, 10)));
    play.takes_all(taken()).takes_all(ended("t", 1, broke()));
    assert_eq!(play.run.steps[&path("t")].status(), crate::run::StepStatus::Failed);
    // nor is what was to be tried again
    let mut play = has_lease(task("t").with_retry(fixed(3, 10)));
    play.takes_all(ended("t", 1, broke())).takes_all(taken()).takes_all(wake(1_000_000));
    assert_eq!(play.run.steps[&path("t")].status(), crate::run::StepStatus::Failed);
}
