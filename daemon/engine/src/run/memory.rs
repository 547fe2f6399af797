//! Which steps of a run are in memory: those of lists under way, and no others.

use std::ops::Bound;

use super::event::Event;
use super::state::{Run, StepState};
use crate::name::StepPath;

impl Run {
    /// All steps of a list that is now under way, and have no state yet, are pending.
    pub(super) fn begin_list(&mut self, scope: &str) {
        let definition = self.definition.clone();
        let list = definition.list_at(scope, |path| self.case_of(path));
        for step in list.into_iter().flatten() {
            let path = StepPath::within(scope, &step.id);
            self.steps.entry(path).or_insert(StepState::Pending);
        }
    }

    /// Forgets what is below steps that have ended by `events`, and turns that have: their
    /// rows are in the store, and nothing of them is needed to go on.
    pub fn forget(&mut self, events: &[Event]) {
        for event in events {
            match event {
                Event::StepCompleted { path, .. }
                | Event::StepFailed { path, .. }
                | Event::StepSkipped { path, .. }
                | Event::StepCancelled { path } => self.forget_below(path),
                Event::UndoEnded { path, .. } => self.forget_list(&format!("{path}/@undo")),
                _ => {}
            }
        }
    }

    /// As [`Run::forget`], for all that has ended by now.
    pub fn prune(&mut self) {
        let ended = |(path, state): (&StepPath, &StepState)| state.ended().then(|| path.clone());
        let ended: Vec<StepPath> = self.steps.iter().filter_map(ended).collect();
        for path in ended {
            self.forget_below(&path);
        }
        let undoing = self.undoing.clone();
        self.steps.retain(|path, _| match path.as_str().split_once("/@undo/") {
            Some((undone, _)) => undoing.as_ref().is_some_and(|path| path.as_str() == undone),
            None => true,
        });
    }

    /// What undoes a step stays: it begins when all around it has ended.
    fn forget_below(&mut self, path: &StepPath) {
        let below: Vec<StepPath> = self
            .below(path.as_str())
            .filter(|p| !p.as_str()[path.as_str().len()..].contains("/@undo/"))
            .cloned()
            .collect();
        for path in below {
            self.steps.remove(&path);
        }
        if path.as_turn().is_some() {
            self.steps.remove(path);
        }
    }

    fn forget_list(&mut self, scope: &str) {
        let below: Vec<StepPath> = self.below(scope).cloned().collect();
        for path in below {
            self.steps.remove(&path);
        }
    }

    /// The paths below `outer`: of its list, then of its turns. Ids that only begin alike
    /// do not stand among either, as `/` and `[` are in no id.
    fn below(&self, outer: &str) -> impl Iterator<Item = &StepPath> {
        let from = |separator: char| format!("{outer}{separator}");
        let in_list =
            self.steps.range::<str, _>((Bound::Included(from('/').as_str()), Bound::Unbounded));
        let in_turns =
            self.steps.range::<str, _>((Bound::Included(from('[').as_str()), Bound::Unbounded));
        let is_below = |path: &StepPath| path.is_below(outer);
        let list: Vec<&StepPath> = in_list.map(|(p, _)| p).take_while(|p| is_below(p)).collect();
        let turns: Vec<&StepPath> = in_turns.map(|(p, _)| p).take_while(|p| is_below(p)).collect();
        list.into_iter().chain(turns)
    }
}
