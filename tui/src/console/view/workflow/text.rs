//! A source or a difference over the whole screen.

use ratatui::layout::Rect;

use super::super::log::{from_column, marked};
use super::super::pen::{Pen, piece};
use super::super::{layout, names};
use crate::console::state::{State, TextPane, TextWhat, WorkflowScreen};
use crate::console::theme::Tone;
use crate::say;
use crate::text::fit;

/// Cells of what is looked for, beside how the search goes.
const NEEDLE: usize = 16;

pub fn draw(pen: &mut Pen<'_>, state: &State, open: &WorkflowScreen, pane: &TextPane) {
    let body = layout::body(state);
    if body.is_empty() {
        return;
    }
    title(pen, state, open, pane, Rect { height: 1, ..body });
    lines(pen, pane, Rect { y: body.y + 1, height: body.height - 1, ..body });
}

/// Its lines from the first that is shown on.
pub fn lines<W>(pen: &mut Pen<'_>, pane: &TextPane<W>, rows: Rect) {
    let shown = pane.lines.iter().enumerate().skip(pane.top);
    for (y, (at, line)) in (rows.y..rows.bottom()).zip(shown) {
        let row = Rect { y, height: 1, ..rows };
        let hit = pane.hit == Some(at);
        let text = from_column(&line.text, pane.column);
        let sign = if hit { ">" } else { " " };
        let mut pieces = vec![piece(Tone::Strong, sign)];
        pieces.extend(marked(&text, &pane.needle, line.tone));
        pen.line(row, &pieces);
        if hit {
            pen.strong(row);
        }
    }
}

fn title(pen: &mut Pen<'_>, state: &State, open: &WorkflowScreen, pane: &TextPane, area: Rect) {
    let words = &state.words;
    let name = names::workflow(state, &open.name);
    let what = match pane.what {
        TextWhat::Source(revision) => say!(words, "text-source", name = name, revision = revision),
        TextWhat::Diff(from, to) => say!(words, "text-diff", name = name, from = from, to = to),
    };
    pen.rule(area, &[piece(Tone::Strong, what)]);
    let mut right = Vec::new();
    if !pane.needle.is_empty() {
        let needle = fit(&pane.needle, NEEDLE, state.look.ellipsis());
        let (tone, text) = match pane.hit {
            Some(at) => (Tone::Good, say!(words, "search-hit", line = at + 1)),
            None => (Tone::Warn, say!(words, "search-nowhere")),
        };
        right.push(piece(tone, format!(" /{needle} {text} ")));
    }
    if pane.column > 0 {
        right.push(piece(Tone::Faint, format!(" +{} ", pane.column)));
    }
    let last = (pane.top + layout::text_rows(state)).min(pane.lines.len());
    right.push(piece(Tone::Faint, format!(" {last}/{} ", pane.lines.len())));
    pen.right(Rect { width: area.width.saturating_sub(2), ..area }, &right);
}
