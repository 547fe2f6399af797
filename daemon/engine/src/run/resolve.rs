//! A person decides a doubt.

use super::effect::RemarkLevel;
use super::event::Event;
use super::input::{Refusal, Resolution};
use super::state::{Phase, Run, StepState};
use super::turn::Turn;
use crate::actor::Actor;
use crate::name::StepPath;
use crate::outcome::{ErrorClass, TaskError};
use crate::value::Value;

impl Run {
    /// The steps in doubt that are `below`, or are it; all when there is none.
    pub(super) fn doubts(&self, below: Option<&StepPath>) -> Vec<StepPath> {
        let there = |path: &StepPath| {
            below.is_none_or(|outer| path == outer || path.is_below(outer.as_str()))
        };
        let doubted = |(path, state): (&StepPath, &StepState)| {
            (matches!(state, StepState::InDoubt { .. }) && there(path)).then(|| path.clone())
        };
        self.steps.iter().filter_map(doubted).collect()
    }
}

impl Turn<'_> {
    /// All or none: a refusal of one is a refusal of all. Nothing that follows from a
    /// decision happens before the last is made.
    pub(super) fn resolve_all(
        &mut self,
        below: Option<&StepPath>,
        resolution: &Resolution,
        by: &Actor,
    ) -> Result<(), Refusal> {
        let paths = self.run.doubts(below);
        if paths.is_empty() {
            return Err(match self.run.phase {
                Phase::Ended { .. } => Refusal::RunEnded,
                _ => Refusal::NothingInDoubt,
            });
        }
        if *resolution == Resolution::Retry && paths.iter().any(|path| self.is_halted(path)) {
            return Err(Refusal::Cancelling);
        }
        if *resolution == Resolution::Retry && paths.iter().any(|path| self.lacks_lock(path)) {
            return Err(Refusal::Unheld);
        }
        for path in paths {
            self.resolve(&path, resolution.clone(), by.clone())?;
        }
        Ok(())
    }

    pub(super) fn resolve(
        &mut self,
        path: &StepPath,
        resolution: Resolution,
        by: Actor,
    ) -> Result<(), Refusal> {
        let state = self.run.steps.get(path).ok_or(Refusal::NoStep)?;
        let StepState::InDoubt { attempt, input, .. } = state else {
            return Err(match self.run.phase {
                Phase::Ended { .. } => Refusal::RunEnded,
                _ => Refusal::NotInDoubt,
            });
        };
        if resolution == Resolution::Retry && self.is_halted(path) {
            return Err(Refusal::Cancelling);
        }
        if resolution == Resolution::Retry && self.lacks_lock(path) {
            return Err(Refusal::Unheld);
        }
        let (attempt, input) = (*attempt, input.clone());
        let decision = resolution.word().to_owned();
        let message = format!("declared failed by {by}");
        let said = match &resolution {
            Resolution::Done { .. } => format!("declared done by {by}"),
            Resolution::Retry => format!("to be run again, says {by}"),
            Resolution::Fail => message.clone(),
        };
        self.remark(path, attempt, RemarkLevel::Warn, said);
        self.emit(Event::DoubtResolved { path: path.clone(), decision, by });
        match resolution {
            // what a person gives stands as it is: `outputs:` would need fields
            // that only the lost attempt knew
            Resolution::Done { output } => self.complete(path, attempt, Value::Map(output)),
            Resolution::Retry => self.begin_again(path, attempt, input, "to be run again", 0),
            Resolution::Fail => {
                let error =
                    TaskError { class: ErrorClass::Business, code: "RPA0416".into(), message };
                let output = Value::Null;
                self.emit(Event::StepFailed { path: path.clone(), attempt, error, output });
            }
        }
        Ok(())
    }
}
