//! A person decides a doubt.

use super::effect::RemarkLevel;
use super::event::Event;
use super::input::{Refusal, Resolution};
use super::state::{Phase, StepState};
use super::turn::Turn;
use crate::actor::Actor;
use crate::name::StepPath;
use crate::outcome::{ErrorClass, TaskError};
use crate::value::Value;

impl Turn<'_> {
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
