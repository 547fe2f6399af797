//! The dialog that gives runs to slots of the past: the time, the slots, the question.

use ratatui::layout::Rect;
use rpa_ipc::triggers::Backfilled;

use super::super::dialog::{self, Rows};
use super::super::pen::{Pen, piece};
use super::super::{layout, names};
use crate::console::command;
use crate::console::state::{Backfill, BackfillStop, Stage, State, fault_hint, fault_text};
use crate::console::theme::Tone;
use crate::say;
use crate::text::{cells, moment};

pub fn draw(pen: &mut Pen<'_>, state: &State, dialog: &Backfill) {
    let words = &state.words;
    let title = say!(words, "backfill-title", name = names::trigger(state, &dialog.name));
    let inner = dialog::open(pen, layout::backfill(state, dialog), &title);
    let mut rows = Rows::new(inner);
    let zone = say!(words, "backfill-zone", zone = dialog.zone_name.as_str());
    rows.line(pen, &[piece(Tone::Faint, zone)]);
    let labels = [say!(words, "backfill-from"), say!(words, "backfill-to")];
    let width = labels.iter().map(|label| cells(label)).max().unwrap_or(0);
    let inputs = [(BackfillStop::From, &dialog.from), (BackfillStop::To, &dialog.to)];
    for ((stop, input), label) in inputs.into_iter().zip(labels) {
        let focus = dialog.at == stop;
        let row = rows.next();
        let row = match stop {
            BackfillStop::To => scrolled(pen, state, dialog, row),
            _ => row,
        };
        let sign = if focus { ">" } else { " " };
        let tone = if focus { Tone::Strong } else { Tone::Plain };
        let pad = " ".repeat(width - cells(&label));
        let used = pen.line(row, &[piece(tone, format!("{label}{pad} {sign} "))]);
        let field = Rect { x: row.x + used, width: row.width - used, ..row };
        let (text, at) = input.visible(usize::from(field.width));
        pen.text(field, Tone::Strong, text);
        if focus && !field.is_empty() {
            pen.cursor = Some((field.x + u16::try_from(at).unwrap_or(0), field.y));
        }
    }
    if let Some(filled) = dialog.shown() {
        slots(pen, dialog, filled, &mut rows, layout::backfill_rows(state, dialog));
    }
    note(pen, state, dialog, &mut rows);
    buttons(pen, state, dialog, rows.next());
    if let Stage::Shown(asking, _) | Stage::Sent(asking, _) | Stage::Asked(asking) = &dialog.stage {
        let command = command::backfill(&state.namespace, asking);
        rows.paragraph(pen, Tone::Faint, &format!("$ {command}"));
    }
}

/// How many slots lie above and below those shown; gives what is left of the row.
fn scrolled(pen: &mut Pen<'_>, state: &State, dialog: &Backfill, row: Rect) -> Rect {
    let Some(filled) = dialog.shown() else { return row };
    let height = layout::backfill_rows(state, dialog);
    let above = dialog.top.min(filled.slots.len().saturating_sub(height));
    let below = filled.slots.len().saturating_sub(above + height);
    let mut pieces = Vec::new();
    for (id, count) in [("vote-above", above), ("vote-below", below)] {
        if count > 0 {
            let text = say!(state.words, id, count = count);
            pieces.push(piece(Tone::Warn, format!("  {text}")));
        }
    }
    let edge = pen.right(row, &pieces);
    Rect { width: edge.saturating_sub(row.x), ..row }
}

fn slots(
    pen: &mut Pen<'_>,
    dialog: &Backfill,
    filled: &Backfilled,
    rows: &mut Rows,
    height: usize,
) {
    let at: Vec<u64> = filled.slots.iter().map(|slot| slot.slot_ms).collect();
    let last = at.len().saturating_sub(height);
    for at in moment::column(&at, &dialog.zone).iter().skip(dialog.top.min(last)).take(height) {
        rows.line(pen, &[piece(Tone::Plain, format!("  {at}"))]);
    }
}

/// What is wrong, or what would come of it.
fn note(pen: &mut Pen<'_>, state: &State, dialog: &Backfill, rows: &mut Rows) {
    let words = &state.words;
    let (tone, text) = match (&dialog.problem, &dialog.fault, &dialog.stage) {
        (Some(problem), ..) => (Tone::Bad, problem.clone()),
        (None, Some(fault), _) => {
            let (text, hint) = (fault_text(state, fault), fault_hint(state, fault));
            (Tone::Bad, format!("{text} {}", say!(words, "fault-hint", hint = hint)))
        }
        (None, None, Stage::Typing) => (Tone::Faint, say!(words, "backfill-about")),
        (None, None, Stage::Asked(_)) => (Tone::Busy, say!(words, "list-asking")),
        (None, None, Stage::Sent(..)) => (Tone::Busy, say!(words, "list-asking")),
        (None, None, Stage::Shown(_, filled)) => {
            let text = match filled.slots.len() {
                0 => say!(words, "backfill-none"),
                count => say!(words, "backfill-would", count = count),
            };
            let left = [
                (filled.had > 0).then(|| say!(words, "backfill-had", count = filled.had)),
                (filled.forgotten > 0)
                    .then(|| say!(words, "backfill-forgotten", count = filled.forgotten)),
                (filled.to_come > 0)
                    .then(|| say!(words, "backfill-to-come", count = filled.to_come)),
            ];
            let all = std::iter::once(text).chain(left.into_iter().flatten());
            (Tone::Warn, all.collect::<Vec<_>>().join(" "))
        }
    };
    let area = rows.rest();
    let area = Rect { height: area.height.min(layout::backfill_note(state, dialog)), ..area };
    pen.paragraph(area, tone, &text);
    (0..area.height).for_each(|_| rows.skip());
}

fn buttons(pen: &mut Pen<'_>, state: &State, dialog: &Backfill, row: Rect) {
    let words = &state.words;
    let mut all = vec![(BackfillStop::Show, Tone::Plain, say!(words, "backfill-show"))];
    if let Some(filled) = dialog.shown().filter(|_| dialog.can_start()) {
        let text = say!(words, "backfill-start", count = filled.slots.len());
        all.push((BackfillStop::Start, Tone::Good, text));
    }
    all.push((BackfillStop::Close, Tone::Plain, say!(words, "vote-close")));
    let mut rest = row;
    for (stop, tone, text) in all {
        let used = pen.line(rest, &[piece(tone, format!("[ {text} ]"))]);
        if dialog.at == stop {
            pen.reverse(Rect { width: used, ..rest });
        }
        let gap = (used + 2).min(rest.width);
        rest = Rect { x: rest.x + gap, width: rest.width - gap, ..rest };
    }
}
