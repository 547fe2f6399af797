//! Which steps of a run are in memory: those of lists under way, and no others.

use std::collections::BTreeSet;
use std::ops::Bound;

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

    /// For a run that is read from its rows: `steps` then holds the state that each step
    /// came to that ever had one. Puts in the steps that have not been touched in lists
    /// under way, which are pending, and forgets what [`Run::prune`] would have forgotten.
    pub fn restore_lists(&mut self) {
        let mut scopes: Vec<String> = vec![String::new()];
        for (path, state) in &self.steps {
            if matches!(state, StepState::Open { .. }) {
                scopes.push(path.to_string());
            }
            if let Some((undone, _)) = path.as_str().split_once("/@undo/") {
                scopes.push(format!("{undone}/@undo"));
            }
        }
        if let Phase::Closing { stage, end, .. } = &self.phase {
            scopes.extend(stage.list(end).map(str::to_owned));
        }
        for scope in scopes {
            self.begin_list(&scope);
        }
        self.prune();
    }

    /// Forgets what is below steps that have ended, and turns that have: their rows are
    /// in the store, and nothing of them is needed to go on. What undoes a step stays, for
    /// that begins when all around it has ended.
    pub fn prune(&mut self) {
        let ended: Vec<StepPath> = self
            .steps
            .iter()
            .filter(|(_, state)| state.ended())
            .map(|(path, _)| path.clone())
            .collect();
        for path in ended {
            for below in self.below(&path) {
                self.steps.remove(&below);
            }
            if path.as_turn().is_some() {
                self.steps.remove(&path);
            }
        }
        self.prune_undone();
    }

    /// What is in the body of a step, or in its turns.
    fn below(&self, path: &StepPath) -> Vec<StepPath> {
        let mut found = Vec::new();
        // in the order of paths others may stand between the two
        for start in [format!("{path}/"), format!("{path}[")] {
            let from = (Bound::Included(start.as_str()), Bound::Unbounded);
            let below = self.steps.range::<str, _>(from).map(|(path, _)| path);
            let below = below.take_while(|p| p.as_str().starts_with(&start));
            let undoes = |p: &StepPath| p.as_str()[path.as_str().len()..].contains("/@undo/");
            found.extend(below.filter(|p| !undoes(p)).cloned());
        }
        found
    }

    /// What has undone a step is forgotten as soon as it has ended, see
    /// [`super::Event::UndoEnded`]: it can only have come from rows.
    fn prune_undone(&mut self) {
        let undone = |path: &StepPath| Some(path.as_str().split_once("/@undo/")?.0.to_owned());
        let open: BTreeSet<String> = self
            .steps
            .iter()
            .filter(|(_, state)| !state.ended())
            .filter_map(|(path, _)| undone(path))
            .collect();
        self.steps.retain(|path, _| undone(path).is_none_or(|undone| open.contains(&undone)));
    }
}
