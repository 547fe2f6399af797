//! How a run ends: its steps, its outputs, then what is undone and who is told.
//!
//! | all steps have ended, and | the run ends | before that |
//! |---|---|---|
//! | the run's time is out | failed (RPA0420) | steps undone, `handlers.failure`, `finally` |
//! | it was cancelled | cancelled | `handlers.cancel`, `finally` |
//! | one counts as failed | failed | steps undone, `handlers.failure`, `finally` |
//! | one was stopped unasked | cancelled | `handlers.cancel`, `finally` |
//! | none of these | completed, or failed by its `outputs:` | `handlers.success`, `finally` |
//!
//! What fails in a handler, or in undoing, is told and changes the run's end no more.

use super::effect::{Purpose, RemarkLevel};
use super::event::Event;
use super::state::{Phase, RunEnd, Stage};
use super::turn::Turn;
use super::verdict::human;
use crate::outcome::{ErrorClass, TaskError};
use crate::value::Map;
use crate::workflow::Step;

impl Stage {
    /// The list of steps that this stage runs; none for [`Stage::Undo`], which has many.
    pub fn list(self, end: &RunEnd) -> Option<&'static str> {
        match (self, end) {
            (Stage::Undo, _) => None,
            (Stage::Handle, RunEnd::Completed { .. }) => Some("@success"),
            (Stage::Handle, RunEnd::Failed { .. }) => Some("@failure"),
            (Stage::Handle, RunEnd::Cancelled) => Some("@cancel"),
            (Stage::Finally, _) => Some("@finally"),
        }
    }

    fn next(self) -> Option<Stage> {
        match self {
            Stage::Undo => Some(Stage::Handle),
            Stage::Handle => Some(Stage::Finally),
            Stage::Finally => None,
        }
    }
}

impl Turn<'_> {
    /// All steps have ended.
    pub(super) fn finish(&mut self, list: &[Step]) {
        if self.run.time.is_out {
            let after = human(self.run.definition.timeout_ms.unwrap_or_default());
            let error = TaskError {
                class: ErrorClass::Timeout,
                code: "RPA0420".into(),
                message: format!("the run timed out after {after}"),
            };
            self.close(RunEnd::Failed { step: None, error });
        } else if self.run.cancel.is_some() {
            self.close(RunEnd::Cancelled);
        } else if let Some((step, error)) = self.failure_of("", list) {
            self.close(RunEnd::Failed { step: Some(step), error });
        } else if self.has_cancelled("", list) {
            // the runner stopped it unasked: what did not happen is not called done
            self.close(RunEnd::Cancelled);
        } else if self.run.definition.outputs.is_empty() {
            self.close(RunEnd::Completed { outputs: Map::new() });
        } else {
            self.emit(Event::Finishing);
            self.evaluate(Purpose::RunOutputs);
        }
    }

    /// The run's end is settled.
    pub(super) fn close(&mut self, end: RunEnd) {
        self.enter_from(Some(Stage::Undo), end);
    }

    /// Enters the next stage from `stage` on that has something to do, or ends the run.
    fn enter_from(&mut self, stage: Option<Stage>, end: RunEnd) {
        let mut stage = stage;
        while let Some(this) = stage {
            let has_work = match this.list(&end) {
                None => matches!(end, RunEnd::Failed { .. }) && !self.run.undo.is_empty(),
                Some(list) => {
                    let list = self.run.definition.list_at(list, |_| None);
                    list.is_some_and(|steps| !steps.is_empty())
                }
            };
            if has_work {
                self.emit(Event::StageEntered { stage: this, end });
                self.look_at_stage();
                return;
            }
            stage = this.next();
        }
        self.emit(Event::Ended { end });
    }

    fn leave_stage(&mut self) {
        if let Phase::Closing { stage, end, stop, .. } = &self.run.phase {
            let (next, end) = (if *stop { None } else { stage.next() }, end.clone());
            self.enter_from(next, end);
        }
    }

    /// Goes on with what the run is closing with.
    pub(super) fn look_at_stage(&mut self) {
        let Phase::Closing { stage, end, stop, .. } = &self.run.phase else { return };
        if let Some(list) = stage.list(end) {
            self.look_at_list(list);
            return;
        }
        let stop = *stop;
        match (self.run.undoing.clone(), self.run.undo.last().cloned()) {
            (Some(path), _) => self.look_at_list(&format!("{path}/@undo")),
            (None, Some(path)) if !stop && !self.holding() => {
                self.remark(&path, 0, RemarkLevel::Info, "is being undone".into());
                self.emit(Event::UndoOpened { path });
            }
            (None, Some(_)) if !stop => {}
            (None, _) => self.leave_stage(),
        }
    }

    /// What undoes a step has ended.
    pub(super) fn undone(&mut self, path: &str, error: Option<TaskError>) {
        let Some(path) = self.run.undoing.clone().filter(|p| p.as_str() == path) else { return };
        if let Some(error) = &error {
            let text = format!("could not be undone: {} [{}]", error.message, error.code);
            self.remark(&path, 0, RemarkLevel::Error, text);
        }
        self.emit(Event::UndoEnded { path, error });
        self.look_at_stage();
    }

    pub(super) fn handler_ended(&mut self, scope: &str, list: &[Step]) {
        let Phase::Closing { stage, end, .. } = &self.run.phase else { return };
        if stage.list(end) != Some(scope) {
            return;
        }
        if let Some((path, error)) = self.failure_of(scope, list) {
            let text = format!("a handler failed: {} [{}]", error.message, error.code);
            self.remark(&path, 0, RemarkLevel::Error, text);
        }
        self.leave_stage();
    }
}
