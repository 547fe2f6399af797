//! Which steps of a run are in memory: those of lists under way, and no others.

use std::ops::Bound;

use super::event::Event;
use super::state::{Phase, Run, StepState};
use crate::name::StepPath;

impl Run {
    /// All steps of a list that is now under way are pending.
    pub(super) fn begin_list(&mut self, scope: &str) {
        let definition = self.definition.clone();
        let list = definition.list_at(scope, |path| self.case_of(path));
        for step in list.into_iter().flatten() {
            let path = StepPath::within(scope, &step.id);
            self.steps.entry(path).or_insert(StepState::Pending);
        }
    }

    /// For a run that is read from its rows, those of all steps that ever left *pending*;
    /// everything else of it is in place. Steps that have not been touched in lists under
    /// way are pending; what [`Run::prune`] would have forgotten is forgotten.
    pub fn restore(&mut self, rows: impl IntoIterator<Item = (StepPath, StepState)>) {
        self.steps.extend(rows);
        let mut scopes: Vec<String> = vec![String::new()];
        let open = |(path, state): (&StepPath, &StepState)| {
            matches!(state, StepState::Open { .. }).then(|| path.to_string())
        };
        scopes.extend(self.steps.iter().filter_map(open));
        scopes.extend(self.undoing.as_ref().map(|path| format!("{path}/@undo")));
        if let Phase::Closing { stage, end, .. } = &self.phase {
            scopes.extend(stage.list(end).map(str::to_owned));
        }
        for scope in scopes {
            self.begin_list(&scope);
        }
        self.prune();
    }

    /// Forgets what is below steps that have ended by `events`, and turns that have: their
    /// rows are in the store, and nothing of them is needed to go on. What undoes a step
    /// stays, for that begins when all around it has ended.
    pub fn forget(&mut self, events: &[Event]) {
        for event in events {
            match event {
                Event::StepCompleted { path, .. }
                | Event::StepFailed { path, .. }
                | Event::StepSkipped { path, .. }
                | Event::StepCancelled { path } => self.forget_below(path),
                Event::UndoEnded { path, .. } => {
                    for path in self.below(&format!("{path}/@undo")) {
                        self.steps.remove(&path);
                    }
                }
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

    fn forget_below(&mut self, path: &StepPath) {
        for below in self.below(path.as_str()) {
            if !below.as_str()[path.as_str().len()..].contains("/@undo/") {
                self.steps.remove(&below);
            }
        }
        if path.as_turn().is_some() {
            self.steps.remove(path);
        }
    }

    /// What is in the list at `outer`, or in its turns.
    fn below(&self, outer: &str) -> Vec<StepPath> {
        let mut found = Vec::new();
        // in the order of paths others may stand between the two
        for start in [format!("{outer}/"), format!("{outer}[")] {
            let from = (Bound::Included(start.as_str()), Bound::Unbounded);
            let below = self.steps.range::<str, _>(from).map(|(path, _)| path);
            found.extend(below.take_while(|p| p.as_str().starts_with(&start)).cloned());
        }
        found
    }
}
