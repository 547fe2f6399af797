//! A run as it is found in a store: rows of steps, put back into their lists.

use super::state::{Phase, Run, StepState};
use crate::name::StepPath;

impl Run {
    /// Puts back what the store has of the steps. `rows` are those of all steps that ever
    /// left *pending*. The phase, [`Run::undo`] and [`Run::undoing`] are in place already.
    ///
    /// What belongs to bodies that have ended is dropped, see [`Run::prune`]; steps of
    /// lists under way that have no row are pending.
    pub fn restore(&mut self, rows: impl IntoIterator<Item = (StepPath, StepState)>) {
        self.steps.extend(rows);
        let open = |(path, state): (&StepPath, &StepState)| {
            matches!(state, StepState::Open { .. }).then(|| path.to_string())
        };
        let mut lists: Vec<String> = self.steps.iter().filter_map(open).collect();
        lists.extend(self.undoing.as_ref().map(|path| format!("{path}/@undo")));
        if let Phase::Closing { stage, end, .. } = &self.phase {
            lists.extend(stage.list(end).map(str::to_owned));
        }
        for list in lists {
            self.begin_list(&list);
        }
        self.prune();
    }
}
