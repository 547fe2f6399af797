//! Approvals: votes that count, votes that are refused, and the time that is given.

use super::build::*;
use super::play::{Play, state};
use crate::outcome::ErrorClass;
use crate::run::{Decided, Input, Refusal, RunStatus, StepState};
use crate::workflow::{Action, OnTimeout, Step};

fn asks_of(approvers: &[&str], quorum: u32) -> Play {
    let mut play = Play::of([approval("a", quorum), task("keep")]);
    play.takes_all(Input::Start).takes_all(approve("a", approvers));
    play
}

/// `a` asks from 1000 to 1050, needs two, and has one.
fn in_time(on_timeout: OnTimeout) -> Play {
    let mut play = Play::of([approval_within("a", 2, Some(50), on_timeout), task("keep")]);
    play.takes_all(Input::Start).takes_all(approve("a", &[])).takes_all(vote("a", "bob", true));
    play
}

/// What the step gives.
fn gives(decided: Decided, by: &[&str]) -> String {
    let fields = if by.is_empty() { "" } else { "\"f\":1" };
    let at = if by.is_empty() { "null" } else { "\"now\"" };
    format!(
        "{{\"at\":{at},\"by\":{by:?},\"comment\":\"\",\"decision\":\"{}\",\"fields\":{{{}}}}}",
        decided.word(),
        fields
    )
    .replace("\", \"", "\",\"")
}

#[test]
fn enough_people_must_approve() {
    let asks = "a asks \"may it?\" {\"n\":5} of [\"bob\", \"@ops\"] as d1";
    let mut play = Play::of([approval("a", 2)]);
    play.takes(Input::Start, &["started", "a ready", "> ask a"])
        .takes(
            approve("a", &["bob", "@ops"]),
            &[asks, "> warn a 0: waits for approval of bob, @ops: may it?"],
        )
        .is(RunStatus::Waiting)
        .wakes_at(None);
    play.takes(
        vote("a", "bob", true),
        &[
            "a approved by bob (console) {\"f\":1} \"\" at now",
            "> warn a 0: approved by bob (console)",
        ],
    )
    .takes(
        vote("a", "eva", true),
        &[
            "a approved by eva (console) {\"f\":1} \"\" at now",
            &format!("a completed 1 {}", gives(Decided::Approved, &["bob", "eva"])),
            "ended completed {}",
            "> warn a 0: approved by eva (console)",
        ],
    );
}

#[test]
fn one_rejection_is_enough() {
    let mut play = asks_of(&[], 2);
    play.takes_all(vote("a", "bob", true));
    // also by one who has approved
    play.takes(
        vote("a", "bob", false),
        &[
            "a rejected by bob (console) {\"f\":1} \"\" at now",
            &format!(
                "a failed 1 {}: business RPA0426 rejected by bob (console)",
                gives(Decided::Rejected, &["bob", "bob"])
                    .replace("\"bob\":1,\"bob\":1", "\"bob\":1")
            ),
            "> warn a 0: rejected by bob (console)",
            "> error a 1: failed: rejected by bob (console) [RPA0426]",
        ],
    );
}

#[test]
fn votes_that_do_not_count_are_refused_and_change_nothing() {
    let mut play = asks_of(&["bob", "@ops"], 2);
    let before = play.run.clone();
    // everybody here is of ops, so another group is asked
    let mut others = asks_of(&["bob", "@db"], 2);
    others.refuses(vote("a", "eva", true), Refusal::NotApprover);
    others.refuses(vote("a", "eva", false), Refusal::NotApprover);
    play.refuses(vote_on("a", "bob", true, "d2"), Refusal::OtherDigest)
        .refuses(vote("a", "ana", true), Refusal::OwnRun)
        .refuses(vote("keep", "bob", true), Refusal::NotAsking)
        .refuses(vote("nobody", "bob", true), Refusal::NoStep);
    assert_eq!(play.run, before);
    play.takes_all(vote("a", "bob", true));
    play.refuses(vote("a", "bob", true), Refusal::Voted);
    let mut other = vote("a", "eva", true);
    if let Input::Vote { vote, .. } = &mut other {
        vote.fields.insert("f".to_owned(), crate::Value::Int(2));
    }
    play.refuses(other, Refusal::OtherFields);
    play.takes_all(vote("a", "eva", true));
    play.refuses(vote("a", "udo", true), Refusal::NotAsking);
    play.takes_all(ended("keep", 1, gave(1)));
    play.refuses(vote("a", "udo", true), Refusal::RunEnded);
}

#[test]
fn who_has_started_the_run_may_reject_it_and_approve_it_where_that_is_allowed() {
    asks_of(&[], 1).takes_all(vote("a", "ana", false));
    let mut step: Step = approval("a", 1);
    if let Action::Approval(approval) = &mut step.action {
        approval.self_approval = true;
    }
    let mut play = Play::of([step]);
    play.takes_all(Input::Start).takes_all(approve("a", &[])).takes_all(vote("a", "ana", true));
    play.is(RunStatus::Completed);
}

#[test]
fn nobody_decides_in_time() {
    let decided = |play: &mut Play, expected: &[&str]| {
        play.wakes_at(Some(1050)).takes(wake(1049), &[]).takes(wake(1050), expected).wakes_at(None);
    };
    decided(
        &mut in_time(OnTimeout::Fail),
        &[
            &format!(
                "a failed 1 {}: timeout RPA0427 1 of 2 approvals within 50 ms",
                gives(Decided::TimedOut, &["bob"])
            ),
            "> error a 1: failed: 1 of 2 approvals within 50 ms [RPA0427]",
        ],
    );
    decided(
        &mut in_time(OnTimeout::Reject),
        &[
            &format!(
                "a failed 1 {}: business RPA0426 rejected: 1 of 2 approvals within 50 ms",
                gives(Decided::Rejected, &["bob"])
            ),
            "> error a 1: failed: rejected: 1 of 2 approvals within 50 ms [RPA0426]",
        ],
    );
    decided(
        &mut in_time(OnTimeout::Continue),
        &[
            &format!("a completed 1 {}", gives(Decided::Approved, &["bob"])),
            "> warn a 0: 1 of 2 approvals within 50 ms: goes on, as `on_timeout` says",
        ],
    );
}

#[test]
fn its_time_goes_on_in_a_drain_and_in_a_pause_and_so_do_votes() {
    let mut drained = in_time(OnTimeout::Fail);
    drained.held().takes_all(wake(1050));
    let mut paused = in_time(OnTimeout::Fail);
    paused.takes_all(pause());
    paused.wakes_at(Some(1050)).takes_all(vote("a", "eva", true));
    assert!(matches!(state(&paused.run, "a"), StepState::Completed { .. }));
}

#[test]
fn while_nothing_may_begin_nobody_is_asked() {
    let mut play = Play::of([approval("a", 1)]);
    play.takes_all(Input::Start)
        .takes_all(pause())
        .takes(approve("a", &[]), &[])
        .takes(resume(), &["resumed by ana (cli)", "> warn - 0: resumed by ana (cli)", "> ask a"])
        .takes_all(approve("a", &[]));
    // a second answer to one question
    play.takes(approve("a", &["bob"]), &[]).takes(Input::Recover, &[]);
}

#[test]
fn what_is_decided_by_a_recovery_is_evaluated_once() {
    let step = approval_within("a", 1, Some(50), OnTimeout::Continue).with_outputs();
    let mut play = Play::of([step]);
    play.takes_all(Input::Start).takes_all(approve("a", &[])).at(1050);
    let nobody = gives(Decided::Approved, &[]);
    play.takes(
        Input::Recover,
        &[
            &format!("a confirmed 1 {nobody}"),
            "> warn a 0: 0 of 1 approvals within 50 ms: goes on, as `on_timeout` says",
            &format!("> outputs of a 1 {nobody}"),
        ],
    );
}

#[test]
fn outputs_are_evaluated_over_the_decision() {
    let mut play = Play::of([approval("a", 1).with_outputs()]);
    play.takes_all(Input::Start).takes_all(approve("a", &[]));
    let approved = gives(Decided::Approved, &["bob"]);
    play.takes(
        vote("a", "bob", true),
        &[
            "a approved by bob (console) {\"f\":1} \"\" at now",
            &format!("a confirmed 1 {approved}"),
            "> warn a 0: approved by bob (console)",
            &format!("> outputs of a 1 {approved}"),
        ],
    );
}

#[test]
fn what_is_to_be_asked_may_fail_and_a_cancel_ends_the_question() {
    let mut play = Play::of([approval("a", 1), task("keep")]);
    play.takes_all(Input::Start).takes(
        asked("a", Err(error(ErrorClass::InvalidInput))),
        &["a failed 0: invalid_input RPA0401 it broke", "> error a 0: failed: it broke [RPA0401]"],
    );
    let mut play = asks_of(&[], 1);
    play.takes(
        cancel(),
        &[
            "cancel requested by ana (cli)",
            "a cancelled",
            "> warn - 0: cancel requested by ana (cli)",
            "> stop keep 1 for cancel",
        ],
    );
    play.refuses(vote("a", "bob", true), Refusal::NotAsking);
    // the time of the run, and that of a body
    let mut workflow = flow([approval("a", 1)]);
    workflow.timeout_ms = Some(50);
    let mut play = Play::of_workflow(workflow);
    play.takes_all(Input::Start).takes_all(approve("a", &[])).takes_all(wake(1050));
    play.is(RunStatus::Failed);
    let mut play = Play::of([group("g", [approval("a", 1)]).within(50)]);
    play.takes_all(Input::Start).takes_all(approve("g/a", &[])).takes_all(wake(1050));
    play.is(RunStatus::Failed);
}
