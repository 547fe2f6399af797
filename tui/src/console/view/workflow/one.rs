//! One workflow: how it stands, its steps, and beside them a step, its triggers or its
//! revisions.

use ratatui::layout::Rect;
use rpa_ipc::catalog::WorkflowState;

use super::super::pen::{Pen, Piece, piece};
use super::super::{banner, editor, layout, names, nothing};
use super::list::state_word;
use super::{graph, revisions, steps, text, triggers};
use crate::console::state::{Pane, State, WorkflowScreen, detail_lines, next_fire};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, open: &WorkflowScreen) {
    if let Some(edited) = &open.editor {
        return editor::draw(pen, state, open, edited);
    }
    if let Some(pane) = &open.text {
        return text::draw(pen, state, open, pane);
    }
    let body = layout::body(state);
    if open.told.is_none() {
        if let Some(fault) = &open.fault {
            return nothing::refused(pen, state, body, fault);
        }
        let text = match state.link.is_up() {
            true => say!(state.words, "list-asking"),
            false => banner::unknown(state),
        };
        return nothing::text(pen, body, &text);
    }
    let areas = layout::workflow(state);
    title(pen, state, open, areas.title);
    about(pen, state, open, areas.about);
    strip(pen, state, open, areas.strip);
    match &open.graph {
        Some(pane) => graph::draw(pen, state, open, pane, areas.steps),
        None => steps::draw(pen, state, open, areas.steps),
    }
    tabs(pen, state, open, areas.tabs);
    match open.lower {
        Pane::Steps | Pane::Step => step(pen, state, open, areas.lower),
        Pane::Triggers => triggers::draw(pen, state, open, areas.lower),
        Pane::Revisions => revisions::draw(pen, state, open, areas.lower),
    }
}

fn title(pen: &mut Pen<'_>, state: &State, open: &WorkflowScreen, area: Rect) {
    let Some(told) = &open.told else { return };
    let words = &state.words;
    let shown = told.source.revision.revision;
    let mut pieces = vec![
        piece(Tone::Strong, format!(" {}", names::workflow(state, &open.name))),
        piece(Tone::Faint, format!("  r{shown}  ")),
    ];
    pieces.extend(standing(state, &told.source.state));
    if let Some(kept) = state.drafts.of(&open.name) {
        let text = say!(words, "workflow-own-draft", moment = time::moment(state, kept.at_ms));
        pieces.push(piece(Tone::Warn, format!("  {text}")));
    }
    if let Some(ms) = told.definition.timeout_ms {
        let text = say!(words, "fact-timeout", time = time::written(words, ms));
        pieces.push(piece(Tone::Plain, format!("  {text}")));
    }
    if !matches!(told.definition.priority.as_str(), "" | "normal") {
        let text = say!(words, "workflow-priority", word = told.definition.priority.as_str());
        pieces.push(piece(Tone::Plain, format!("  {text}")));
    }
    if let Some(limit) = told.definition.concurrency {
        let text = say!(words, "workflow-at-once", count = limit);
        pieces.push(piece(Tone::Plain, format!("  {text}")));
    }
    if let Some(view) = state.workflows.named(&open.name) {
        if !view.category.is_empty() {
            pieces.push(piece(Tone::Faint, format!("  {}", view.category)));
        }
        let tags = view.tags.iter().map(|tag| format!("  #{tag}")).collect::<String>();
        pieces.push(piece(Tone::Faint, tags));
    }
    pen.line(area, &pieces);
}

/// Live, or why no run begins; and a draft that waits.
fn standing(state: &State, of: &WorkflowState) -> Vec<Piece> {
    let words = &state.words;
    let mut pieces = vec![match state_word(state, &of.word) {
        None => piece(Tone::Good, say!(words, "workflow-live")),
        Some(word) => piece(Tone::Warn, word),
    }];
    if let Some(draft) = of.draft.filter(|draft| of.live.is_some_and(|live| live != *draft)) {
        let text = say!(words, "workflow-draft-waits", revision = draft);
        pieces.push(piece(Tone::Warn, format!("  {text}")));
    }
    pieces
}

fn about(pen: &mut Pen<'_>, state: &State, open: &WorkflowScreen, area: Rect) {
    let view = state.workflows.named(&open.name);
    let text = view.map(|view| view.description.lines().next().unwrap_or_default());
    pen.text(area, Tone::Plain, &format!(" {}", text.unwrap_or_default()));
}

/// A sign for each of the last runs, the newest at the right, and what fires next.
fn strip(pen: &mut Pen<'_>, state: &State, open: &WorkflowScreen, area: Rect) {
    let Some(told) = &open.told else { return };
    let words = &state.words;
    let mut pieces = vec![piece(Tone::Faint, format!(" {} ", say!(words, "workflow-last-runs")))];
    let room = usize::from(area.width / 4);
    let shown = told.runs.iter().take(room).rev();
    pieces.extend(shown.map(|run| {
        let mark = state.look.mark(&run.status);
        piece(mark.tone, mark.glyph)
    }));
    match told.runs.first() {
        None => pieces.push(piece(Tone::Faint, say!(words, "workflow-no-runs"))),
        Some(last) => {
            pieces.push(piece(Tone::Plain, "  "));
            pieces.push(names::status(state, &last.status));
            let moment = time::moment(state, last.accepted_ms);
            pieces.push(piece(Tone::Plain, format!(" {moment}")));
        }
    }
    if let Some(slot) = next_fire(open, &state.triggers.rows) {
        let moment = time::moment(state, slot.due_ms);
        let text = say!(words, "workflow-next", trigger = slot.trigger.as_str(), moment = moment);
        pieces.push(piece(Tone::Busy, format!("   {text}")));
    }
    pen.line(area, &pieces);
}

/// The names of the lower panes, each with how much there is of it.
fn tabs(pen: &mut Pen<'_>, state: &State, open: &WorkflowScreen, area: Rect) {
    if area.is_empty() {
        return;
    }
    let words = &state.words;
    let count = |id: &str, count: usize, more: &str| match count {
        0 => say!(words, id),
        count => format!("{} {count}{more}", say!(words, id)),
    };
    let triggers = open.triggers(&state.triggers.rows).len();
    let more = if open.told.as_ref().is_some_and(|told| told.more) { "+" } else { "" };
    let tabs = [
        (Pane::Step, say!(words, "pane-step")),
        (Pane::Triggers, count("pane-triggers", triggers, "")),
        (Pane::Revisions, count("pane-revisions", open.history().len(), more)),
    ];
    let mut pieces = Vec::new();
    for (pane, name) in tabs {
        let shown = open.lower == pane || (open.lower == Pane::Steps && pane == Pane::Step);
        let text = if open.focus == pane { format!("[{name}]") } else { format!(" {name} ") };
        pieces.push(piece(if shown { Tone::Strong } else { Tone::Faint }, text));
    }
    let path = open.selected().zip(open.definition()).map(|(at, d)| d.steps[at].path.clone());
    if let Some(path) = path.filter(|_| matches!(open.lower, Pane::Step | Pane::Steps)) {
        pieces.push(piece(Tone::Plain, format!(" {path}")));
    }
    pen.rule(area, &[]);
    pen.title(area, &pieces);
}

fn step(pen: &mut Pen<'_>, state: &State, open: &WorkflowScreen, area: Rect) {
    let lines = detail_lines(state, layout::detail_width(state));
    let top = open.detail_top.min(lines.len().saturating_sub(1));
    for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(top)) {
        let row = Rect { y, height: 1, ..area };
        pen.text(row, line.tone, &format!(" {}", line.text));
    }
}
