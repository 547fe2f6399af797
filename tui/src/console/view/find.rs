//! What a search over everything has found.

use ratatui::layout::Rect;

use super::pen::{Pen, piece};
use super::{dialog, layout, names};
use crate::console::state::{Find, Hit, State, error_text};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;
use crate::text::cells;

pub fn draw(pen: &mut Pen<'_>, state: &State, open: &Find) {
    let words = &state.words;
    let inner = dialog::open(pen, layout::find(state), &say!(words, "find-title"));
    if inner.is_empty() {
        return;
    }
    let row = Rect { height: 1, ..inner };
    let used = pen.line(row, &[piece(Tone::Key, "> ")]);
    let field = Rect { x: row.x + used, width: row.width.saturating_sub(used), ..row };
    let (text, at) = open.input.visible(usize::from(field.width).max(1));
    pen.text(field, Tone::Strong, text);
    if !field.is_empty() {
        pen.cursor = Some((field.x + u16::try_from(at).unwrap_or(0), field.y));
    }
    let hits = open.hits(state);
    let room = layout::find_rows(state);
    let top = (open.at + 1).saturating_sub(room);
    let kinds = ["find-workflows", "find-steps", "find-triggers", "find-runs"];
    let width = kinds.iter().map(|id| cells(&words.say(id, &[]))).max().unwrap_or(0);
    for (i, hit) in hits.iter().enumerate().skip(top).take(room) {
        let y = inner.y + 1 + u16::try_from(i - top).unwrap_or(0);
        let row = Rect { y, height: 1, ..inner }.intersection(inner);
        let begins = i == top || hits[i - 1].kind() != hit.kind();
        let kind = if begins { words.say(hit.kind(), &[]) } else { String::new() };
        let pad = " ".repeat(width - cells(&kind).min(width));
        let mut pieces = vec![piece(Tone::Faint, format!("{kind}{pad}  "))];
        pieces.extend(said(state, hit));
        pen.line(row, &pieces);
        pen.row(row, i == open.at, true);
        if i == open.at {
            pen.reverse(row);
        }
    }
    let last = Rect { y: inner.bottom().saturating_sub(1), height: inner.height.min(1), ..inner };
    let note = match (open.input.text().trim().is_empty(), open.is_looking(), hits.is_empty()) {
        (true, ..) => say!(words, "find-type"),
        (_, true, _) => say!(words, "find-looking"),
        (_, false, true) => say!(words, "find-none"),
        (_, false, false) => say!(words, "find-count", count = hits.len()),
    };
    pen.text(last, Tone::Faint, &note);
}

fn said(state: &State, hit: &Hit<'_>) -> Vec<super::pen::Piece> {
    match hit {
        Hit::Workflow(workflow) => {
            let about = workflow.description.lines().next().unwrap_or_default();
            vec![
                piece(Tone::Strong, names::workflow(state, &workflow.workflow)),
                piece(Tone::Faint, format!("  {about}")),
            ]
        }
        Hit::Step(workflow, step) => vec![
            piece(Tone::Strong, step.id.clone()),
            piece(Tone::Plain, format!("  {}", names::workflow(state, &workflow.workflow))),
            piece(Tone::Faint, format!("  {} {}", step.kind, step.name)),
        ],
        Hit::Trigger(view) => vec![
            names::status(state, &view.status),
            piece(
                Tone::Strong,
                format!("  {} {}", names::workflow(state, &view.workflow), view.trigger),
            ),
            piece(Tone::Faint, format!("  {}", names::what(state, view))),
        ],
        Hit::Run(run) => {
            let error = run.error.as_ref().map(|error| error_text(state, error).replace('\n', " "));
            vec![
                names::status(state, &run.status),
                piece(Tone::Plain, format!("  {}", run.run.short())),
                piece(Tone::Strong, format!("  {}", names::workflow(state, &run.workflow))),
                piece(Tone::Faint, format!("  {}", time::moment(state, run.accepted_ms))),
                piece(Tone::Plain, format!("  {}", error.unwrap_or_default())),
            ]
        }
    }
}
