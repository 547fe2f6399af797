//! Which steps hide what is inside of them.
//!
//! Loops do, unless somebody must know: something inside has failed or is in doubt, and
//! the loop has not dealt with it. Whoever folds or unfolds a step has the last word.

use std::collections::BTreeMap;

use rpa_ipc::view::StepView;

use super::{State, moving};
use crate::steps::{Row, is_loop, parents};

/// What a person has folded and unfolded, by path.
#[derive(Clone, Debug, Default)]
pub struct Folds {
    chosen: BTreeMap<String, bool>,
}

impl Folds {
    /// What is inside of the step at `path` is shown from now on.
    pub fn unfold(&mut self, path: &str) {
        self.chosen.insert(path.to_owned(), false);
    }

    /// Says of each step, by its index, whether it is folded.
    pub fn of(&self, steps: &[StepView]) -> impl Fn(usize) -> bool + use<> {
        let parents = parents(steps);
        let inside = has_inside(steps);
        let mut folded: Vec<bool> =
            steps.iter().zip(&inside).map(|(step, inside)| *inside && is_loop(step)).collect();
        for at in (0..steps.len()).filter(|at| is_telling(&steps[*at].status)) {
            let mut around = parents[at];
            while let Some(at) = around.filter(|at| !is_done(&steps[*at].status)) {
                folded[at] = false;
                around = parents[at];
            }
        }
        for (at, step) in steps.iter().enumerate().filter(|(at, _)| inside[*at]) {
            if let Some(chosen) = self.chosen.get(step.path.as_str()) {
                folded[at] = *chosen;
            }
        }
        move |at| folded.get(at).copied().unwrap_or(false)
    }
}

/// Whether there is something inside of each step to be shown.
pub fn has_inside(steps: &[StepView]) -> Vec<bool> {
    let left_out = |step: &StepView| step.turns.is_some_and(|turns| turns.begun > turns.shown);
    let deeper = |at: usize| steps.get(at + 1).is_some_and(|s| s.depth > steps[at].depth);
    (0..steps.len()).map(|at| deeper(at) || left_out(&steps[at])).collect()
}

fn is_telling(status: &str) -> bool {
    matches!(status, "failed" | "in_doubt")
}

fn is_done(status: &str) -> bool {
    matches!(status, "completed" | "skipped")
}

/// Hides what is inside of the selected step. Where nothing is, or it is hidden, goes to
/// the step around it.
pub fn fold(state: &mut State) {
    let Some((at, inside, folded)) = selected(state) else { return };
    let around = around(state, at);
    match (inside && !folded, around) {
        (true, _) => choose(state, at, true),
        (false, Some(around)) => {
            let row = state
                .run
                .as_ref()
                .and_then(|run| run.rows.iter().position(|row| *row == Row::Step(around)));
            row.into_iter().for_each(|row| moving::select_step(state, row));
        }
        (false, None) => {}
    }
}

/// Shows what is inside of the selected step.
pub fn unfold(state: &mut State) {
    let Some((at, inside, folded)) = selected(state) else { return };
    if inside && folded {
        choose(state, at, false);
    }
}

/// Whether the selected step hides something.
pub fn can_unfold(state: &State) -> bool {
    selected(state).is_some_and(|(_, inside, folded)| inside && folded)
}

/// The selected step's index, whether something is inside, and whether it is hidden. A
/// row of turns that are left out has nothing inside and lies in its loop.
fn selected(state: &State) -> Option<(usize, bool, bool)> {
    let run = state.run.as_ref()?;
    let steps = &run.detail.as_ref()?.steps;
    let row = run.rows.get(run.steps.index)?;
    let at = row.index();
    let inside = matches!(row, Row::Step(_)) && has_inside(steps)[at];
    Some((at, inside, run.folds.of(steps)(at)))
}

fn around(state: &State, at: usize) -> Option<usize> {
    let run = state.run.as_ref()?;
    match run.rows.get(run.steps.index)? {
        Row::Step(_) => parents(&run.detail.as_ref()?.steps)[at],
        Row::More { of, .. } => Some(*of),
    }
}

fn choose(state: &mut State, at: usize, folded: bool) {
    let Some(run) = &mut state.run else { return };
    let Some(detail) = &run.detail else { return };
    run.folds.chosen.insert(detail.steps[at].path.to_string(), folded);
    run.refold();
    moving::settle(state);
}
