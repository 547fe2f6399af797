//! What each event of the journal is in words. The match is exhaustive: an event
//! that has no sentence does not compile.

use rpa_engine::run::{
    ApprovalRequest, Claimant, Event, Promise, RunEnd, SkipReason, Stage, Stands, Tokens, Vote,
};
use rpa_engine::{Action, Label, StepPath, TaskError, Template, Workflow};
use rpa_ipc::fault::{Said, count};
use rpa_ipc::said;

use super::facts::{at, error, error_of_run, reason, turned_away};
use super::waits::{awaited, question};

/// One event in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub what: Said,
    /// Whether something was decided by it, and not only gone on with.
    pub decision: bool,
}

fn decision(what: Said) -> Told {
    Told { what, decision: true }
}

fn course(what: Said) -> Told {
    Told { what, decision: false }
}

pub fn tell(event: &Event, definition: &Workflow) -> Told {
    match event {
        Event::Started => decision(said!("why-started")),
        Event::StepReady { path } => course(said!("why-step-asked", step = path)),
        Event::StepSkipped { path, reason } => decision(skipped(path, reason, definition)),
        Event::StepStarted { path, attempt, input: _ } => Told {
            what: said!("why-step-started", step = path, attempt = attempt),
            // of the first it is the usual thing
            decision: *attempt > 1,
        },
        Event::StepConfirmed { path, attempt, output: _ } => {
            course(said!("why-step-confirmed", step = path, attempt = attempt))
        }
        Event::StepCompleted { path, attempt, output: _, set: _ } => {
            course(said!("why-step-completed", step = path, tries = count(*attempt)))
        }
        Event::StepWaiting { path, until_ms } => {
            decision(said!("why-step-waits", step = path, until = at(*until_ms)))
        }
        Event::StepRetrying { path, attempt, error, due_ms } => {
            decision(retrying(path, *attempt, error, *due_ms))
        }
        Event::StepInDoubt { path, attempt, reason: why } => decision(said!(
            "why-step-doubted",
            step = path,
            attempt = attempt,
            reason = reason(why)
        )),
        Event::StepFailed { path, attempt, error, output: _ } => Told {
            what: failed(path, *attempt, error),
            // the step in it that has failed is told, and so is the loop
            decision: path.as_turn().is_none(),
        },
        Event::StepCancelled { path } => decision(said!("why-step-cancelled", step = path)),
        Event::DoubtResolved { path, decision: decided, by } => {
            decision(said!("why-doubt-resolved", by = by, step = path, decision = decided))
        }
        Event::CancelRequested { by } => decision(said!("why-cancel-asked", by = by)),
        Event::Finishing => course(said!("why-finishing")),
        Event::Ended { end } => decision(ended(end)),
        Event::ScopeOpened { path, case, deadline_ms: _ } => opened(path, *case, definition),
        Event::ScopeClosing { path } => course(said!("why-body-ended", step = path)),
        Event::ScopeTimedOut { path } => decision(said!("why-time-of-step-out", step = path)),
        Event::LoopOpened { path, items: _, turns, deadline_ms: _ } => {
            decision(said!("why-loop-began", step = path, turns = count(*turns)))
        }
        Event::LoopAsking { path } => course(said!("why-loop-asks", step = path)),
        Event::LoopPausing { path, until_ms } => {
            course(said!("why-loop-pauses", step = path, until = at(*until_ms)))
        }
        Event::LoopGathering { path } => course(said!("why-loop-gathers", step = path)),
        Event::TimedOut => decision(said!("why-time-of-run-out")),
        Event::PauseRequested { by } => decision(said!("why-pause-asked", by = by)),
        Event::Resumed { by } => decision(said!("why-resumed", by = by)),
        Event::StageEntered { stage, end } => decision(stage_entered(*stage, end)),
        Event::UndoOpened { path } => decision(said!("why-undo-began", step = path)),
        Event::UndoEnded { path, error: None } => decision(said!("why-undone", step = path)),
        Event::UndoEnded { path, error: Some(e) } => {
            decision(said!("why-not-undone", step = path, error = error(e)))
        }
        Event::HandlersStopped { by } => decision(said!("why-handlers-stopped", by = by)),
        Event::ClaimsAsked { path } => course(said!("why-claims-asked", step = path)),
        Event::ClaimsBegun { path, wanted, until_ms: _ } => {
            course(said!("why-claims-begun", step = path, locks = claimed(wanted)))
        }
        Event::ClaimWaits { path, lock, holder } => {
            decision(claim_waits(path, lock, holder.as_ref()))
        }
        Event::ClaimGranted { path, lock } => {
            course(said!("why-claim-granted", step = path, lock = lock))
        }
        Event::ClaimsHeld { path, until_ms: None } => course(said!("why-claims-held", step = path)),
        Event::ClaimsHeld { path, until_ms: Some(until_ms) } => {
            course(said!("why-claims-held-until", step = path, until = at(*until_ms)))
        }
        Event::LeaseEnded { path } => decision(said!("why-lease-ended", step = path)),
        Event::HoldBroken { path, lock, by } => {
            decision(said!("why-hold-broken", step = path, lock = lock, by = by))
        }
        Event::StepCalled { path, attempt, run, workflow, revision, input: _, deadline_ms: _ } => {
            decision(said!(
                "why-step-called",
                step = path,
                run = run.short(),
                workflow = workflow,
                revision = revision,
                tries = count(*attempt)
            ))
        }
        Event::CallStands { path, stands } => {
            let word = match stands {
                Stands::Works => "works",
                Stands::Asks => "asks",
                Stands::Doubts => "doubts",
            };
            decision(said!("why-call-stands", step = path, stands = word))
        }
        Event::CallTimedOut { path } => decision(said!("why-call-timed-out", step = path)),
        Event::StepAwaiting { path, until_ms } => {
            decision(step_awaits(path, *until_ms, definition))
        }
        Event::EventOffered { path, event } => {
            course(said!("why-event-offered", step = path, event = event))
        }
        Event::EventDeclined { path, event, failed: false } => {
            course(said!("why-event-declined", step = path, event = event))
        }
        Event::EventDeclined { path, event, failed: true } => {
            course(said!("why-event-failed", step = path, event = event))
        }
        Event::ApprovalAsked { path, request, until_ms: _ } => decision(asked(path, request)),
        Event::ApprovalVoted { path, vote } => decision(voted(path, vote)),
        Event::GateWaits { key, active } => decision(said!(
            "why-gate-waits",
            active = count(*active),
            keyed = count(key.chars().count()),
            key = key
        )),
        Event::GatePassed { key: _ } => course(said!("why-gate-passed")),
        Event::TurnedAway { key, reason } => decision(not_let_in(key, reason, definition)),
        Event::PromiseBroken { promise } => decision(match promise {
            Promise::Start => said!("why-start-promise-broken"),
            Promise::Finish => said!("why-finish-promise-broken"),
        }),
    }
}

/// `sap, mails (3)`
fn claimed(wanted: &[(Label, Tokens)]) -> String {
    let names = wanted.iter().map(|(name, tokens)| match tokens {
        Tokens::Lock => name.to_string(),
        Tokens::Some(count) => format!("{name} ({count})"),
    });
    names.collect::<Vec<_>>().join(", ")
}

fn claim_waits(path: &StepPath, lock: &Label, holder: Option<&Claimant>) -> Said {
    match holder {
        Some(Claimant { run, path: holder }) => {
            let run = run.short();
            said!("why-claim-waits", step = path, lock = lock, holder = holder, run = run)
        }
        None => said!("why-claim-waits-in-line", step = path, lock = lock),
    }
}

fn step_awaits(path: &StepPath, until_ms: Option<u64>, definition: &Workflow) -> Said {
    let name = awaited(definition, path).map(|event| event.name.to_string()).unwrap_or_default();
    match until_ms {
        Some(until_ms) => {
            said!("why-step-awaits-until", step = path, event = name, until = at(until_ms))
        }
        None => said!("why-step-awaits", step = path, event = name),
    }
}

fn asked(path: &StepPath, request: &ApprovalRequest) -> Said {
    said!(
        "why-approval-asked",
        step = path,
        named = count(request.approvers.len()),
        approvers = request.approvers.join(", "),
        message = question(&request.message)
    )
}

fn voted(path: &StepPath, vote: &Vote) -> Said {
    let comment = question(&vote.comment);
    let length = count(comment.len());
    let by = &vote.by;
    match vote.approves {
        true => said!("why-approved", step = path, by = by, length = length, comment = comment),
        false => said!("why-rejected", step = path, by = by, length = length, comment = comment),
    }
}

/// The limit of the workflow let the run not begin; or its key could not be evaluated,
/// which is empty then.
fn not_let_in(key: &str, why: &str, definition: &Workflow) -> Said {
    let rule = definition.concurrency.as_ref().and_then(|rule| rule.key.as_ref());
    match (key, rule) {
        ("", Some(Template::Literal(_)) | None) => {
            said!("why-turned-away", error = turned_away(why))
        }
        ("", Some(_)) => said!("why-no-key", reason = reason(why)),
        _ => said!("why-turned-away", error = turned_away(why)),
    }
}

pub fn skipped(path: &StepPath, why: &SkipReason, definition: &Workflow) -> Said {
    let condition = definition.step_at(path).and_then(|step| step.condition.as_ref());
    match (why, condition) {
        (SkipReason::Condition, Some(condition)) => {
            let condition = condition.source.trim();
            said!("why-step-skipped-by-condition", step = path, condition = condition)
        }
        (SkipReason::Condition, None)
        | (SkipReason::Needs { .. } | SkipReason::NotInvoked { .. }, _) => {
            said!("why-step-skipped", step = path, reason = reason(&why.text()))
        }
    }
}

/// Attempt 0 are expressions, and steps with a body.
pub fn failed(path: &StepPath, attempt: u32, why: &TaskError) -> Said {
    said!("why-step-failed", step = path, tries = count(attempt), error = error(why))
}

/// Codes of attempts that do not count because their end is not known, or was a stop
/// of the daemon's.
const LOST: [&str; 2] = ["RPA0413", "RPA0414"];

pub fn retrying(path: &StepPath, attempt: u32, why: &TaskError, due_ms: u64) -> Said {
    let due = at(due_ms);
    match LOST.contains(&why.code.as_str()) {
        true => {
            let why = error(why);
            said!("why-step-again", step = path, attempt = attempt, error = why, due = due)
        }
        false => {
            let why = error(why);
            said!("why-step-retries", step = path, attempt = attempt, error = why, due = due)
        }
    }
}

fn ended(end: &RunEnd) -> Said {
    match end {
        RunEnd::Completed { outputs: _ } => said!("why-ended-completed"),
        RunEnd::Failed { step, error } => {
            said!("why-ended-failed", error = error_of_run(step.as_ref(), error))
        }
        RunEnd::Cancelled => said!("why-ended-cancelled"),
    }
}

/// A body begins: of a group or a turn as usual, of a switch by what was chosen.
fn opened(path: &StepPath, case: Option<u32>, definition: &Workflow) -> Told {
    if let Some((of, turn)) = path.as_turn() {
        return course(said!("why-turn-began", turn = turn, step = of));
    }
    match definition.step_at(path).map(|step| &step.action) {
        Some(Action::Switch(switch)) => {
            let chosen = case.and_then(|case| switch.cases.get(case as usize));
            match chosen {
                Some(case) => decision(said!("why-case-chosen", step = path, case = case.value)),
                // in a loop that is mostly so
                None => course(said!("why-no-case-fits", step = path)),
            }
        }
        Some(
            Action::Task { .. }
            | Action::Set(_)
            | Action::Wait(_)
            | Action::Group(_)
            | Action::ForEach(_)
            | Action::While(_)
            | Action::Repeat(_)
            | Action::Call(_)
            | Action::Approval(_),
        )
        | None => course(said!("why-body-began", step = path)),
    }
}

fn stage_entered(stage: Stage, end: &RunEnd) -> Said {
    match (stage, stage.list(end)) {
        (Stage::Undo, _) => said!("why-undo-stage"),
        (Stage::Handle | Stage::Finally, handler) => {
            let handler = handler.unwrap_or_default().trim_start_matches('@');
            said!("why-handler-stage", end = word(end), handler = handler)
        }
    }
}

/// The status word of a run that has ended so.
pub fn word(end: &RunEnd) -> &'static str {
    match end {
        RunEnd::Completed { .. } => "completed",
        RunEnd::Failed { .. } => "failed",
        RunEnd::Cancelled => "cancelled",
    }
}
