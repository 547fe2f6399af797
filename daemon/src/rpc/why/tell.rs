//! What each event of the journal is in words. The match is exhaustive: an event
//! that has no sentence does not compile.

use rpa_engine::run::{Event, RunEnd, SkipReason, Stage};
use rpa_engine::{Action, StepPath, TaskError, Workflow};
use rpa_ipc::fault::{Said, count};
use rpa_ipc::said;

use super::facts::{at, error, error_of_run, reason};

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
            | Action::Repeat(_),
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
