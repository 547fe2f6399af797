//! A run as `rpa show --json` and `rpa run --wait --json` print it.

use std::borrow::Cow;

use rpa_engine::{RunId, StepPath};
use rpa_ipc::view::{ErrorView, RunDetail, RunSummary, StepView, TurnsView};
use rpa_ipc::{FaultCode, Language};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{ApprovalObject, object, time, value};

/// The fields of a run, then what only its detail has.
#[derive(Debug, Serialize)]
pub struct RunDocument<'a> {
    #[serde(flatten)]
    pub run: RunObject<'a>,
    pub variables: Map<String, Value>,
    pub outputs: Map<String, Value>,
    pub steps: Vec<StepObject<'a>>,
    pub workflow_state: &'a str,
    /// The run from which settled steps were taken over.
    pub rerun_of: Option<String>,
    /// The run and the step that have called this one.
    pub parent: Option<ParentObject<'a>>,
    /// Why it does not begin, or was turned away.
    pub gate: Option<&'a str>,
    pub log: LogObject<'a>,
}

#[derive(Debug, Serialize)]
pub struct ParentObject<'a> {
    pub run: String,
    pub path: &'a str,
}

/// A run as lists show it.
#[derive(Debug, Serialize)]
pub struct RunObject<'a> {
    pub run: String,
    pub workflow: &'a str,
    pub revision: u32,
    pub status: &'a str,
    pub accepted: Option<String>,
    pub started: Option<String>,
    pub ended: Option<String>,
    pub actor: &'a str,
    pub origin: &'a str,
    pub steps_done: u32,
    pub steps_total: u32,
    pub at_step: Option<&'a str>,
    /// Nothing more happens unless a person acts, here or in a run that it has called.
    pub needs_person: bool,
    /// What of `sla` was not kept: `start`, `finish`.
    pub broken: &'a [String],
    /// A step of another run has called it.
    pub called: bool,
    /// Why it was not let go on at all.
    pub turned_away: Option<&'a str>,
    /// Of one that has failed: the same for all that failed alike.
    pub alike: Option<&'a str>,
    /// It was open in a backup that was restored, and stands still.
    pub held: bool,
    pub error: Option<ErrorObject<'a>>,
}

#[derive(Debug, Serialize)]
pub struct StepObject<'a> {
    pub id: &'a str,
    pub path: &'a str,
    pub name: &'a str,
    pub kind: &'a str,
    pub effect: &'a str,
    pub needs: &'a [String],
    pub status: &'a str,
    pub attempts: u32,
    pub started: Option<String>,
    pub ended: Option<String>,
    pub due: Option<String>,
    pub reason: Option<&'a str>,
    pub error: Option<ErrorObject<'a>>,
    pub output: Option<Value>,
    /// How deep it lies in other steps; what is inside a step follows it.
    pub depth: u32,
    /// How far a loop is; `null` for other steps, and before it has begun.
    pub turns: Option<TurnsObject>,
    /// The run that it has called, the last of them.
    pub called: Option<String>,
    /// What it waits for people to approve.
    pub approval: Option<ApprovalObject<'a>>,
    /// Locks and pools that it holds.
    pub holds: &'a [String],
}

#[derive(Debug, Serialize)]
pub struct TurnsObject {
    /// At most so many.
    pub total: u32,
    pub begun: u32,
    pub open: u32,
    pub failed: u32,
    /// Those that are among `steps`, with `kind` `turn` and their index as `id`.
    pub shown: u32,
}

#[derive(Debug, Serialize)]
pub struct ErrorObject<'a> {
    pub code: &'a str,
    pub class: &'a str,
    pub message: &'a str,
    pub hint: Cow<'static, str>,
}

#[derive(Debug, Serialize)]
pub struct LogObject<'a> {
    pub path: &'a str,
    pub lines: u64,
}

impl<'a> RunDocument<'a> {
    pub fn of(detail: &'a RunDetail) -> RunDocument<'a> {
        RunDocument {
            run: RunObject::of(&detail.summary),
            variables: object(&detail.variables),
            outputs: object(&detail.outputs),
            steps: detail.steps.iter().map(StepObject::of).collect(),
            workflow_state: &detail.workflow_state.word,
            rerun_of: detail.rerun_of.map(|run| run.to_string()),
            parent: detail.parent.as_ref().map(ParentObject::of),
            gate: Some(detail.gate.as_str()).filter(|gate| !gate.is_empty()),
            log: LogObject { path: &detail.log_path, lines: detail.log_lines },
        }
    }
}

impl<'a> RunObject<'a> {
    pub fn of(summary: &'a RunSummary) -> RunObject<'a> {
        RunObject {
            run: summary.run.to_string(),
            workflow: &summary.workflow,
            revision: summary.revision,
            status: &summary.status,
            accepted: time(summary.accepted_ms),
            started: time(summary.started_ms),
            ended: time(summary.ended_ms),
            actor: &summary.actor,
            origin: &summary.origin,
            steps_done: summary.steps_done,
            steps_total: summary.steps_total,
            at_step: Some(summary.at_step.as_str()).filter(|step| !step.is_empty()),
            needs_person: summary.needs_person,
            broken: &summary.broken,
            called: summary.called,
            turned_away: summary.turned_away.as_deref(),
            alike: summary.alike.as_deref(),
            held: summary.held,
            error: summary.error.as_ref().map(ErrorObject::of),
        }
    }
}

impl<'a> StepObject<'a> {
    fn of(step: &'a StepView) -> StepObject<'a> {
        StepObject {
            id: &step.id,
            path: step.path.as_str(),
            name: &step.name,
            kind: &step.kind,
            effect: &step.effect,
            needs: &step.needs,
            status: &step.status,
            attempts: step.attempts,
            started: time(step.started_ms),
            ended: time(step.ended_ms),
            due: time(step.due_ms),
            reason: Some(step.reason.as_str()).filter(|reason| !reason.is_empty()),
            error: step.error.as_ref().map(ErrorObject::of),
            output: step.output.as_ref().map(value),
            depth: step.depth,
            turns: step.turns.map(TurnsObject::of),
            called: step.called.map(|run| run.to_string()),
            approval: step.approval.as_deref().map(ApprovalObject::of),
            holds: &step.holds,
        }
    }
}

impl<'a> ParentObject<'a> {
    fn of((run, path): &'a (RunId, StepPath)) -> ParentObject<'a> {
        ParentObject { run: run.to_string(), path: path.as_str() }
    }
}

impl TurnsObject {
    fn of(turns: TurnsView) -> TurnsObject {
        let TurnsView { total, begun, open, failed, shown } = turns;
        TurnsObject { total, begun, open, failed, shown }
    }
}

impl<'a> ErrorObject<'a> {
    pub fn of(error: &'a ErrorView) -> ErrorObject<'a> {
        let code = error.code.parse::<FaultCode>().ok();
        ErrorObject {
            code: &error.code,
            class: &error.class,
            message: &error.message,
            // a code of a newer daemon has no hint here
            hint: code.map(|code| code.hint(Language::English)).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn the_shape_of_a_run() {
        let detail = sample::failed();
        let json = serde_json::to_string_pretty(&RunDocument::of(&detail)).unwrap();
        insta::assert_snapshot!(json);
    }

    #[test]
    fn the_shape_of_a_loop() {
        let detail = sample::nested();
        let json = serde_json::to_string_pretty(&RunDocument::of(&detail).steps[1]).unwrap();
        insta::assert_snapshot!(json);
    }
}
