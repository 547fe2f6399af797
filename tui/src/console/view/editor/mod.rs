//! The visual editor: the steps of a draft, the form of the selected one, what is wrong.

mod choose;
mod dialogs;
mod form;

use ratatui::layout::Rect;

use super::pen::{Pen, piece};
use super::workflow::{graph, steps};
use super::{layout, names};
use crate::console::state::{Editor, EditorDialog, Pane, State, WorkflowScreen, written_lines};
use crate::console::theme::Tone;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, open: &WorkflowScreen, editor: &Editor) {
    let areas = layout::editor(state);
    title(pen, state, open, editor, areas.title);
    match &open.graph {
        _ if areas.steps.is_empty() => {}
        Some(pane) => graph::draw(pen, state, open, pane, areas.steps),
        None => steps::draw(pen, state, open, areas.steps),
    }
    form::draw(pen, state, open, editor, &areas);
    written(pen, state, areas.written_rule, areas.written);
    problems(pen, state, editor, areas.problems);
}

/// Whose draft it is, what it began with, how much was changed.
fn title(pen: &mut Pen<'_>, state: &State, open: &WorkflowScreen, editor: &Editor, area: Rect) {
    let words = &state.words;
    let from = match editor.base {
        Some(base) => say!(words, "editor-of", revision = base),
        None => say!(words, "editor-of-new"),
    };
    let mut pieces = vec![
        piece(Tone::Strong, format!(" {}", names::workflow(state, &open.name))),
        piece(Tone::Warn, format!("  {}", say!(words, "editor-title"))),
        piece(Tone::Faint, format!("  {from}")),
    ];
    if let Some(newest) = editor.overtaken(open) {
        let text = say!(words, "editor-overtaken", newest = newest);
        pieces.push(piece(Tone::Warn, format!("  {text}")));
    }
    let changed = match (editor.is_changed(), editor.changes()) {
        (false, _) => piece(Tone::Faint, say!(words, "editor-unchanged")),
        (true, 0) => piece(Tone::Busy, say!(words, "editor-changed")),
        (true, count) => piece(Tone::Busy, say!(words, "editor-changes", count = count)),
    };
    let edge = pen.right(area, &[piece(Tone::Plain, " "), changed, piece(Tone::Plain, " ")]);
    pen.line(Rect { width: edge.saturating_sub(area.x), ..area }, &pieces);
}

/// The selected step, as the text has it.
fn written(pen: &mut Pen<'_>, state: &State, rule: Rect, area: Rect) {
    if area.is_empty() {
        return;
    }
    pen.rule(rule, &[piece(Tone::Faint, say!(state.words, "editor-written"))]);
    for (y, line) in (area.y..area.bottom()).zip(written_lines(state)) {
        pen.text(Rect { y, height: 1, ..area }, line.tone, &format!(" {}", line.text));
    }
}

/// What is wrong with the draft: how much, and the first of it or the one that was gone to.
fn problems(pen: &mut Pen<'_>, state: &State, editor: &Editor, area: Rect) {
    let words = &state.words;
    let Some((at, problem)) = editor.shown_problem() else {
        pen.text(area, Tone::Good, &format!(" {}", say!(words, "editor-no-problems")));
        return;
    };
    let errors = editor.errors();
    let (tone, head) = match errors {
        0 => (Tone::Warn, say!(words, "editor-warnings", count = editor.problems.len())),
        _ => (Tone::Bad, say!(words, "editor-problems", count = errors)),
    };
    let (message, _) = rpa_ipc::fault::problem_in(words.language(), problem);
    let message = crate::text::sanitize(&message).into_owned();
    let place = match problem.line {
        0 => String::new(),
        line => format!("{} ", say!(words, "editor-line", line = line)),
    };
    let count = match editor.problems.len() {
        1 => String::new(),
        all => format!(" {}/{all}", at + 1),
    };
    pen.line(
        area,
        &[
            piece(tone, format!(" {head}{count}: ")),
            piece(Tone::Faint, place),
            piece(Tone::Plain, message),
        ],
    );
}

/// What stands over the editor.
pub fn dialog(pen: &mut Pen<'_>, state: &State, open: &EditorDialog) {
    match open {
        EditorDialog::Choose(open) => choose::draw(pen, state, open),
        EditorDialog::Typing(typing) => form::typing(pen, state, typing),
        EditorDialog::Leave(leave) => dialogs::leave(pen, state, leave),
        EditorDialog::Found(found) => dialogs::found(pen, state, found),
        EditorDialog::Remove(removal) => dialogs::remove(pen, state, removal),
    }
}

/// Whether the form has the focus.
fn on_form(open: &WorkflowScreen) -> bool {
    open.focus != Pane::Steps
}
