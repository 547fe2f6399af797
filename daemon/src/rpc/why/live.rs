//! The steps of a run that are under way: found by going down from the list that is,
//! not by reading the rows of all turns that have been.

use rpa_engine::run::{LoopStage, StepState};
use rpa_engine::{Action, Step, StepPath};

use super::facts::Facts;
use crate::store::StoreError;

/// Turns of one loop that are looked at for those that are open, the last ones.
const LOOKED_AT: u32 = 10_000;
/// Steps that are gathered.
const MOST: usize = 200;

/// Steps that do something or wait for something, none that merely have such inside.
#[derive(Debug, Default)]
pub struct Live {
    pub steps: Vec<(StepPath, StepState)>,
}

impl Live {
    /// How many there are beside `path`.
    pub fn count(&self, path: &StepPath) -> usize {
        self.steps.iter().filter(|(place, _)| place != path).count()
    }
}

/// What is under way in the run, or in the step at `path`.
pub fn live(facts: &Facts<'_>, path: Option<&StepPath>) -> Result<Live, StoreError> {
    let mut search = Search { facts, found: Live::default() };
    match path {
        Some(path) => {
            let step = facts.definition.step_at(path);
            step.map_or(Ok(()), |step| search.step(step, path.clone()))?;
        }
        None => search.run()?,
    }
    Ok(search.found)
}

struct Search<'f> {
    facts: &'f Facts<'f>,
    found: Live,
}

impl Search<'_> {
    fn run(&mut self) -> Result<(), StoreError> {
        let definition = &self.facts.definition;
        match (self.facts.stage(), self.facts.closing_list()) {
            (None, _) => self.list("", &definition.steps),
            (Some(_), Some(list)) => {
                let steps = definition.list_at(list, |_| None).unwrap_or_default();
                self.list(list, steps)
            }
            (Some(_), None) => self.undoing(),
        }
    }

    /// What undoes the step whose turn it is.
    fn undoing(&mut self) -> Result<(), StoreError> {
        let Some(undone) = self.facts.reader.undoing(self.facts.run)? else { return Ok(()) };
        let step = self.facts.definition.step_at(&undone);
        let list = step.map(|step| step.compensate.as_slice()).unwrap_or_default();
        self.list(&format!("{undone}/@undo"), list)
    }

    fn list<'s>(
        &mut self,
        scope: &str,
        list: impl IntoIterator<Item = &'s Step>,
    ) -> Result<(), StoreError> {
        for step in list {
            if self.found.steps.len() >= MOST {
                break;
            }
            self.step(step, StepPath::within(scope, &step.id))?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Step, path: StepPath) -> Result<(), StoreError> {
        let Some(state) = self.facts.state(&path)? else { return Ok(()) };
        match &state {
            StepState::Completed { .. }
            | StepState::Failed { .. }
            | StepState::Skipped { .. }
            | StepState::Cancelled { .. } => Ok(()),
            StepState::Open { .. } => self.inside(step, path, state),
            StepState::Looping(looping)
                if looping.open > 0 && looping.stage == LoopStage::Turning =>
            {
                let (next, open) = (looping.next, looping.open);
                self.turns(step, &path, next, open)
            }
            StepState::Pending
            | StepState::Ready
            | StepState::Running { .. }
            | StepState::Waiting { .. }
            | StepState::Retrying { .. }
            | StepState::Confirmed { .. }
            | StepState::InDoubt { .. }
            | StepState::Closing { .. }
            | StepState::Looping(_)
            | StepState::Claiming(_)
            | StepState::Calling(_)
            | StepState::Awaiting(_)
            | StepState::Asking(_) => {
                self.found.steps.push((path, state));
                Ok(())
            }
        }
    }

    /// A body; itself where nothing in it is under way.
    fn inside(&mut self, step: &Step, path: StepPath, state: StepState) -> Result<(), StoreError> {
        let before = self.found.steps.len();
        self.list(path.as_str(), step.action.body())?;
        if self.found.steps.len() == before {
            self.found.steps.push((path, state));
        }
        Ok(())
    }

    fn turns(
        &mut self,
        step: &Step,
        path: &StepPath,
        next: u32,
        open: u32,
    ) -> Result<(), StoreError> {
        let is_loop =
            matches!(step.action, Action::ForEach(_) | Action::While(_) | Action::Repeat(_));
        let mut left = if is_loop { open } else { 0 };
        for turn in (next.saturating_sub(LOOKED_AT)..next).rev() {
            if left == 0 || self.found.steps.len() >= MOST {
                break;
            }
            let turn = path.turn(turn);
            match self.facts.state(&turn)? {
                Some(state) if !state.ended() => {
                    left -= 1;
                    self.inside(step, turn, state)?;
                }
                Some(_) | None => {}
            }
        }
        Ok(())
    }
}
