//! From one problem of a draft to the next.

use super::super::workflow::Pane;
use super::super::{State, moving};
use super::screen;
use crate::console::theme::Tone;
use crate::say;

/// Goes to the next problem: its step is selected, and its field where its line tells which.
pub fn next(state: &mut State) {
    let Some(editor) = state.editor_mut() else { return };
    if editor.problems.is_empty() {
        let text = say!(state.words, "editor-no-problems");
        return state.tell(Tone::Good, text, String::new());
    }
    // the first press shows the first
    let shown = std::mem::replace(&mut editor.visited, true);
    let count = editor.problems.len();
    editor.problem = if shown { (editor.problem + 1) % count } else { editor.problem };
    go(state);
}

/// To the problem that is shown.
pub fn go(state: &mut State) {
    let Some(editor) = state.editor() else { return };
    let Some((_, problem)) = editor.shown_problem() else { return };
    let line = problem.line;
    let Some(path) = editor.draft.step_at(line).map(str::to_owned) else { return };
    screen::select(state, &path);
    moving::settle(state);
    screen::settle(state);
    let Some(editor) = state.editor_mut() else { return };
    let fields = 0..editor.fields().len();
    let field =
        fields.into_iter().find(|at| editor.problem_at(*at).is_some_and(|p| p.line == line));
    if let Some(at) = field {
        editor.at = at;
        state.workflow.iter_mut().for_each(|open| open.focus = Pane::Step);
    }
    screen::settle(state);
}
