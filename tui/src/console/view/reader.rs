//! What a command has printed.

use ratatui::layout::Rect;

use super::pen::{Pen, piece};
use super::{layout, workflow};
use crate::console::state::{Reader, State};
use crate::console::theme::Tone;
use crate::say;
use crate::text::fit;

/// Cells of what is looked for, beside how the search goes.
const NEEDLE: usize = 16;

pub fn draw(pen: &mut Pen<'_>, state: &State, open: &Reader) {
    let body = layout::body(state);
    if body.is_empty() {
        return;
    }
    pen.clear(body);
    pen.cover();
    title(pen, state, open, Rect { height: 1, ..body });
    let rows = Rect { y: body.y + 1, height: body.height - 1, ..body };
    workflow::text::lines(pen, &open.pane, rows);
    if open.pane.lines.is_empty() {
        let id = if open.running { "reader-waits" } else { "reader-nothing" };
        let inner =
            Rect { x: rows.x + 2.min(rows.width), width: rows.width.saturating_sub(2), ..rows };
        pen.paragraph(inner, Tone::Faint, &say!(state.words, id));
    }
    if let Some(input) = &open.typed {
        let [row, _] = layout::foot(state);
        pen.clear(row);
        let label = say!(state.words, "prompt-search");
        let used = pen.line(row, &[piece(Tone::Key, format!(" {label} /"))]);
        let rest = Rect { x: row.x + used, width: row.width - used, ..row };
        let (text, at) = input.visible(usize::from(rest.width).max(1));
        pen.text(rest, Tone::Strong, text);
        if !rest.is_empty() {
            pen.cursor = Some((rest.x + u16::try_from(at).unwrap_or(0), rest.y));
        }
    }
}

fn title(pen: &mut Pen<'_>, state: &State, open: &Reader, area: Rect) {
    let words = &state.words;
    let pane = &open.pane;
    pen.rule(area, &[piece(Tone::Strong, format!("$ {}", pane.what))]);
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
    if open.cut {
        right.push(piece(Tone::Warn, format!(" {} ", say!(words, "reader-cut"))));
    }
    match (open.running, open.code) {
        (true, _) => right.push(piece(Tone::Busy, format!(" {} ", say!(words, "reader-runs")))),
        (false, Some(0)) => {}
        (false, Some(code)) => {
            right.push(piece(Tone::Bad, format!(" {} ", say!(words, "reader-exit", code = code))));
        }
        (false, None) => {
            right.push(piece(Tone::Bad, format!(" {} ", say!(words, "reader-ended"))));
        }
    }
    let last = (pane.top + layout::reader_rows(state)).min(pane.lines.len());
    right.push(piece(Tone::Faint, format!(" {last}/{} ", pane.lines.len())));
    pen.right(Rect { width: area.width.saturating_sub(2), ..area }, &right);
}
