//! The sentence of every event.

use std::collections::{BTreeMap, BTreeSet};

use rpa_engine::actor::{Actor, Origin};
use rpa_engine::run::{
    ApprovalRequest, Claimant, Event, EventId, Promise, RunEnd, SkipReason, Stage, Stands, Tokens,
    Vote,
};
use rpa_engine::{ErrorClass, Map, RunId, StepPath, TaskError, Value, Workflow};
use rpa_ipc::Language;
use rpa_ipc::fault::say;

use super::facts::Around;
use super::tell::tell;

const FILE: &str = "version: 1\nname: w\nsteps:\n  \
    - {id: fetch, if: \"1 > 2\", run: echo}\n  \
    - id: kind\n    switch: \"{{ 'x' }}\"\n    cases: {x: [{id: one, run: echo}]}\n    \
    default: [{id: other, run: echo}]\n  \
    - {id: each, for_each: [1, 2], steps: [{id: send, run: echo}]}\n  \
    - {id: paid, wait: {event: order.paid, timeout: 1h}}\n";

fn workflow() -> Workflow {
    let checked = rpa_config::workflow::check(FILE, "w.yaml", &"default".parse().unwrap());
    checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems))
}

fn path(text: &str) -> StepPath {
    text.parse().unwrap()
}

fn error(code: &str, message: &str) -> TaskError {
    TaskError { class: ErrorClass::Exit(2), code: code.into(), message: message.into() }
}

fn skipped(step: &str, reason: SkipReason) -> Event {
    Event::StepSkipped { path: path(step), reason }
}

fn retrying(code: &str, message: &str) -> Event {
    let error = error(code, message);
    Event::StepRetrying { path: path("fetch"), attempt: 2, error, due_ms: 5_000 }
}

fn failed(step: &str, attempt: u32) -> Event {
    let (error, output) = (error("RPA0401", "exited with 2"), Value::Null);
    Event::StepFailed { path: path(step), attempt, error, output }
}

fn opened(step: &str, case: Option<u32>) -> Event {
    Event::ScopeOpened { path: path(step), case, deadline_ms: None }
}

fn staged(stage: Stage, end: RunEnd) -> Event {
    Event::StageEntered { stage, end }
}

fn started(attempt: u32) -> Event {
    Event::StepStarted { path: path("fetch"), attempt, input: Value::Null }
}

fn completed(step: &str, attempt: u32) -> Event {
    let (output, set) = (Value::Null, BTreeMap::new());
    Event::StepCompleted { path: path(step), attempt, output, set }
}

const RUN: RunId = RunId(0x6666_6666_6666);

/// Why a run was turned away, as it is stored.
const FULL: &str = "its limit is reached: 1 of 1 runs go on";

fn by() -> Actor {
    Actor { who: "ann".into(), origin: Origin::Cli }
}

fn begun(wanted: &[(&str, Tokens)]) -> Event {
    let wanted = wanted.iter().map(|(name, tokens)| (name.parse().unwrap(), *tokens)).collect();
    Event::ClaimsBegun { path: path("fetch"), wanted, until_ms: None }
}

fn claim_waits(holder: Option<Claimant>) -> Event {
    Event::ClaimWaits { path: path("fetch"), lock: "sap".parse().unwrap(), holder }
}

fn called(attempt: u32) -> Event {
    Event::StepCalled {
        path: path("fetch"),
        attempt,
        run: RUN,
        workflow: rpa_engine::WorkflowRef::parse("ops/bill", &"x".parse().unwrap()).unwrap(),
        revision: 3,
        input: Value::Null,
        deadline_ms: None,
    }
}

fn stands(stands: Stands) -> Event {
    Event::CallStands { path: path("fetch"), stands }
}

fn awaits(until_ms: Option<u64>) -> Event {
    Event::StepAwaiting { path: path("paid"), until_ms }
}

fn offered() -> Event {
    Event::EventOffered { path: path("paid"), event: EventId(0x42) }
}

fn declined(failed: bool) -> Event {
    Event::EventDeclined { path: path("paid"), event: EventId(0x42), failed }
}

fn asked(approvers: &[&str]) -> Event {
    let approvers = approvers.iter().map(|who| (*who).to_owned()).collect();
    let (message, shown, digest) = ("2 + 2?\nmore".into(), Map::new(), String::new());
    let request = ApprovalRequest { message, shown, approvers, digest };
    Event::ApprovalAsked { path: path("fetch"), request, until_ms: None }
}

fn voted(approves: bool, comment: &str) -> Event {
    let (fields, comment, at) = (Map::new(), comment.into(), String::new());
    let vote = Vote { by: by(), approves, fields, comment, at };
    Event::ApprovalVoted { path: path("fetch"), vote }
}

/// The rows of what a run asks of others.
fn table_of_asking() -> Vec<(Event, bool, &'static str)> {
    let fetch = || path("fetch");
    let sap = || "sap".parse().unwrap();
    let holder = || Some(Claimant { run: RUN, path: path("each[1]") });
    let waits = |key: &str, active| Event::GateWaits { key: key.into(), active };
    let away = |key: &str| Event::TurnedAway { key: key.into(), reason: FULL.into() };
    vec![
        (
            Event::ClaimsAsked { path: fetch() },
            false,
            "step fetch is about to ask for what it claims: the names are evaluated",
        ),
        (
            begun(&[("each", Tokens::Some(3)), ("sap", Tokens::Lock)]),
            false,
            "step fetch asks for each (3), sap",
        ),
        (
            claim_waits(holder()),
            true,
            "step fetch waits for sap, which step each[1] of run 666666666666 holds",
        ),
        (claim_waits(None), true, "step fetch waits for sap: others stand before it"),
        (Event::ClaimGranted { path: fetch(), lock: sap() }, false, "step fetch got sap"),
        (
            Event::ClaimsHeld { path: fetch(), until_ms: None },
            false,
            "step fetch holds all that it claims",
        ),
        (
            Event::ClaimsHeld { path: fetch(), until_ms: Some(5_000) },
            false,
            "step fetch holds all that it claims, until 1970-01-01T00:00:05Z at most",
        ),
        (
            Event::LeaseEnded { path: fetch() },
            true,
            "the lease of step fetch ended: what it does is ended",
        ),
        (
            Event::HoldBroken { path: fetch(), lock: "sap".parse().unwrap(), by: by() },
            true,
            "sap was taken from step fetch by ann (cli): it is not tried again without it",
        ),
        (called(1), true, "step fetch called run 666666666666 (ops/bill, revision 3)"),
        (called(2), true, "step fetch called run 666666666666 (ops/bill, revision 3) with try 2"),
        (stands(Stands::Works), true, "the run that step fetch has called goes on"),
        (stands(Stands::Asks), true, "the run that step fetch has called waits for an approval"),
        (
            stands(Stands::Doubts),
            true,
            "the run that step fetch has called waits for a person to decide a doubt",
        ),
        (
            Event::CallTimedOut { path: fetch() },
            true,
            "the time of step fetch ran out: the run that it has called is cancelled",
        ),
        (awaits(None), true, "step paid waits for an event order.paid"),
        (
            awaits(Some(5_000)),
            true,
            "step paid waits for an event order.paid, until 1970-01-01T00:00:05Z at most",
        ),
        (
            offered(),
            false,
            "event 00000000-0000-0000-0000-000000000042 may be what step paid waits for: its \
             `match` is evaluated",
        ),
        (
            declined(false),
            false,
            "event 00000000-0000-0000-0000-000000000042 is not what step paid waits for",
        ),
        (
            declined(true),
            false,
            "event 00000000-0000-0000-0000-000000000042 is passed over by step paid: its \
             `match` failed for it",
        ),
        (asked(&[]), true, "step fetch asks for approval: \"2 + 2?…\""),
        (asked(&["ann", "@x"]), true, "step fetch asks for approval of ann, @x: \"2 + 2?…\""),
        (voted(true, ""), true, "ann (cli) approved step fetch"),
        (voted(true, "1\""), true, "ann (cli) approved step fetch: \"1\\\"\""),
        (voted(false, ""), true, "ann (cli) rejected step fetch"),
        (voted(false, "2"), true, "ann (cli) rejected step fetch: \"2\""),
        (waits("", 1), true, "the run waits for its turn: 1 run of its workflow goes on"),
        (
            waits("x", 2),
            true,
            "the run waits for its turn: 2 runs of its workflow go on with the key x",
        ),
        (
            Event::GatePassed { key: String::new() },
            false,
            "the limit of its workflow's concurrency lets the run go on",
        ),
        (
            away(""),
            true,
            "the run was turned away: its limit is reached: 1 of 1 runs go on [RPA0432]",
        ),
        (
            Event::PromiseBroken { promise: Promise::Start },
            true,
            "the time in which the run was to start by its sla is over",
        ),
        (
            Event::PromiseBroken { promise: Promise::Finish },
            true,
            "the time in which the run was to finish by its sla is over",
        ),
    ]
}

/// The name of each kind of event. It does not compile with one that is not here, and
/// those that are here have a row.
macro_rules! kinds {
    ($($kind:ident)*) => {
        const KINDS: &[&str] = &[$(stringify!($kind)),*];

        fn kind(event: &Event) -> &'static str {
            match event {
                $(Event::$kind { .. } => stringify!($kind),)*
            }
        }
    };
}

kinds! {
    Started StepReady StepSkipped StepStarted StepConfirmed StepCompleted StepWaiting
    StepRetrying StepInDoubt StepFailed StepCancelled DoubtResolved CancelRequested Finishing
    Ended ScopeOpened ScopeClosing ScopeTimedOut LoopOpened LoopAsking LoopPausing LoopGathering
    TimedOut PauseRequested Resumed StageEntered UndoOpened UndoEnded HandlersStopped ClaimsAsked
    ClaimsBegun ClaimWaits ClaimGranted ClaimsHeld LeaseEnded HoldBroken StepCalled CallStands CallTimedOut
    StepAwaiting EventOffered EventDeclined ApprovalAsked ApprovalVoted GateWaits GatePassed
    TurnedAway PromiseBroken
}

#[test]
fn every_kind_of_event_has_a_row() {
    let told: BTreeSet<&str> = all().iter().map(|(event, ..)| kind(event)).collect();
    let missing: Vec<_> = KINDS.iter().filter(|kind| !told.contains(**kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn all() -> Vec<(Event, bool, &'static str)> {
    table().into_iter().chain(table_of_asking()).collect()
}

/// Events, whether something was decided by them, and what is said of them.
fn table() -> Vec<(Event, bool, &'static str)> {
    let by = by();
    let fetch = || path("fetch");
    let each = || path("each");
    let needs = SkipReason::Needs { step: "fetch".parse().unwrap(), was: "failed".into() };
    let not_invoked = SkipReason::NotInvoked { step: "fetch".parse().unwrap() };
    let run_failed =
        || RunEnd::Failed { step: Some(path("fetch")), error: error("RPA0401", "exited with 2") };
    let done = || RunEnd::Completed { outputs: BTreeMap::new() };
    let doubt = |decision: &str| Event::DoubtResolved {
        path: path("fetch"),
        decision: decision.into(),
        by: self::by(),
    };
    vec![
        (Event::Started, true, "the run began"),
        (
            Event::StepReady { path: fetch() },
            false,
            "step fetch may begin: its condition and its input are evaluated",
        ),
        (
            skipped("fetch", SkipReason::Condition),
            true,
            "step fetch was skipped: its condition `1 > 2` was false",
        ),
        (
            skipped("kind", SkipReason::Condition),
            true,
            "step kind was skipped: its condition was false",
        ),
        (skipped("kind", needs), true, "step kind was skipped: needs fetch, which failed"),
        (
            skipped("kind", not_invoked),
            true,
            "step kind was skipped: only if fetch fails, which it did not",
        ),
        (started(1), false, "try 1 of step fetch began"),
        (started(2), true, "try 2 of step fetch began"),
        (
            Event::StepConfirmed { path: fetch(), attempt: 1, output: Value::Null },
            false,
            "the result of try 1 of step fetch came back; its outputs are evaluated",
        ),
        (completed("fetch", 1), false, "step fetch completed"),
        (completed("fetch", 3), false, "step fetch completed with try 3"),
        (completed("each", 0), false, "step each completed"),
        (
            Event::StepWaiting { path: fetch(), until_ms: 5_000 },
            true,
            "step fetch waits until 1970-01-01T00:00:05Z",
        ),
        (
            retrying("RPA0401", "exited with 2"),
            true,
            "try 2 of step fetch failed: exited with 2 [RPA0401]; the next begins at \
             1970-01-01T00:00:05Z",
        ),
        (
            retrying("RPA0413", "the machine went down while it ran"),
            true,
            "try 2 of step fetch does not count: the machine went down while it ran [RPA0413]; \
             the next begins at 1970-01-01T00:00:05Z",
        ),
        (
            Event::StepInDoubt {
                path: fetch(),
                attempt: 1,
                reason: "stopped by a cancel while it ran".into(),
            },
            true,
            "step fetch came into doubt with try 1: stopped by a cancel while it ran; a person \
             must decide",
        ),
        (failed("fetch", 0), true, "step fetch failed: exited with 2 [RPA0401]"),
        (failed("fetch", 1), true, "step fetch failed after 1 try: exited with 2 [RPA0401]"),
        (failed("fetch", 3), true, "step fetch failed after 3 tries: exited with 2 [RPA0401]"),
        (failed("each[1]", 0), false, "step each[1] failed: exited with 2 [RPA0401]"),
        (Event::StepCancelled { path: fetch() }, true, "step fetch was cancelled"),
        (doubt("done"), true, "ann (cli) decided the doubt of step fetch: it was done"),
        (
            doubt("retry"),
            true,
            "ann (cli) decided the doubt of step fetch: it was not done and runs again",
        ),
        (doubt("fail"), true, "ann (cli) decided the doubt of step fetch: it failed"),
        (Event::CancelRequested { by: by.clone() }, true, "ann (cli) cancelled the run"),
        (
            Event::Finishing,
            false,
            "all steps have ended well; the outputs of the run are being put together",
        ),
        (Event::Ended { end: done() }, true, "the run completed"),
        (
            Event::Ended { end: run_failed() },
            true,
            "the run failed: step fetch: exited with 2 [RPA0401]",
        ),
        (Event::Ended { end: RunEnd::Cancelled }, true, "the run ended as cancelled"),
        (opened("each[1]", None), false, "turn 1 of each began"),
        (opened("kind", Some(0)), true, "step kind chose the case \"x\""),
        (opened("kind", None), false, "step kind found no case that fits, and took the default"),
        (opened("fetch", None), false, "the steps of fetch began"),
        (
            Event::ScopeClosing { path: each() },
            false,
            "the steps of each have ended well; its outputs are evaluated",
        ),
        (
            Event::ScopeTimedOut { path: each() },
            true,
            "the time of each ran out: what is in it is ended",
        ),
        (
            Event::LoopOpened { path: each(), items: Value::Null, turns: 2, deadline_ms: None },
            true,
            "loop each began, with 2 turns at most",
        ),
        (
            Event::LoopAsking { path: each() },
            false,
            "loop each asks whether it goes on: its condition is evaluated",
        ),
        (
            Event::LoopPausing { path: each(), until_ms: 5_000 },
            false,
            "loop each waits with its next turn until 1970-01-01T00:00:05Z",
        ),
        (
            Event::LoopGathering { path: each() },
            false,
            "loop each has no further turn: what its turns gave is put together",
        ),
        (Event::TimedOut, true, "the time of the run ran out: what runs is ended"),
        (Event::PauseRequested { by: by.clone() }, true, "ann (cli) paused the run"),
        (Event::Resumed { by: by.clone() }, true, "ann (cli) let the run go on"),
        (
            staged(Stage::Undo, run_failed()),
            true,
            "the run is to end as failed: what it had completed is undone, the last first",
        ),
        (
            staged(Stage::Handle, run_failed()),
            true,
            "the run is to end as failed: its handler `failure` begins",
        ),
        (
            staged(Stage::Handle, RunEnd::Cancelled),
            true,
            "the run is to end as cancelled: its handler `cancel` begins",
        ),
        (
            staged(Stage::Finally, done()),
            true,
            "the run is to end as completed: its handler `finally` begins",
        ),
        (Event::UndoOpened { path: fetch() }, true, "step fetch is being undone"),
        (Event::UndoEnded { path: fetch(), error: None }, true, "step fetch was undone"),
        (
            Event::UndoEnded {
                path: fetch(),
                error: Some(error("RPA0415", "cancelled before it was undone")),
            },
            true,
            "step fetch could not be undone: cancelled before it was undone [RPA0415]",
        ),
        (
            Event::HandlersStopped { by },
            true,
            "ann (cli) cancelled once more: what is left of undoing and of the handlers is ended",
        ),
    ]
}

#[test]
fn every_event_has_its_sentence() {
    let workflow = workflow();
    for (event, decision, wanted) in all() {
        let told = tell(&event, &workflow);
        assert_eq!(say(Language::English, &told.what).as_deref(), Some(wanted), "{event:?}");
        assert_eq!(told.decision, decision, "{event:?}");
    }
}

#[test]
fn every_event_is_said_in_bulgarian() {
    let workflow = workflow();
    for (event, _, english) in all() {
        let said = say(Language::Bulgarian, &tell(&event, &workflow).what).unwrap();
        // names, commands and codes stay as they are
        const KEPT: [&str; 17] = [
            FULL,
            "order.paid",
            "ops/bill",
            "sap",
            "paid",
            "fetch",
            "kind",
            "each",
            "ann",
            "cli",
            "failure",
            "cancel",
            "finally",
            "RPA",
            "x",
            "T",
            "Z",
        ];
        let mut left = said.clone();
        KEPT.iter().for_each(|word| left = left.replace(word, ""));
        let latin = left.chars().any(|c| c.is_ascii_alphabetic());
        assert!(!latin, "{english}: {said}");
    }
}

#[test]
fn what_stands_around_a_step() {
    let table = [
        ("a", Around::Top),
        ("g/a", Around::Body(path("g"))),
        ("each[3]", Around::Loop(path("each"), 3)),
        ("each[3]/a", Around::Body(path("each[3]"))),
        ("@failure/tell", Around::Handler("@failure".into())),
        ("@failure/g/tell", Around::Body(path("@failure/g"))),
        ("pay/@undo/refund", Around::Undo(path("pay"))),
    ];
    for (of, wanted) in table {
        assert_eq!(Around::of(&path(of)), wanted, "{of}");
    }
}
