//! The dialog that gives a trigger a run now, or shows what would come of it.

use ratatui::layout::Rect;

use super::super::dialog::{self, Rows};
use super::super::pen::{Pen, Piece, piece};
use super::super::{layout, names};
use crate::cli::triggers::would_start;
use crate::console::state::{
    Fire, FirePurpose, FireStage, FireStop, NO_FIELDS, State, fault_hint, fault_text, fire_command,
    tested_lines,
};
use crate::console::theme::Tone;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, dialog: &Fire) {
    let words = &state.words;
    let name = names::trigger(state, &dialog.name);
    let title = match dialog.purpose {
        FirePurpose::Fire => say!(words, "fire-title", name = name),
        FirePurpose::Test => say!(words, "fire-test-title", name = name),
    };
    let inner = dialog::open(pen, layout::fire(state, dialog), &title);
    let mut rows = Rows::new(inner);
    field(pen, state, dialog, rows.next());
    note(pen, state, dialog, &mut rows);
    let (height, count) = layout::fire_rows(state, dialog);
    let top = dialog.top.min(count.saturating_sub(height));
    if let Some(tested) = dialog.tested() {
        let lines = tested_lines(state, tested, usize::from(inner.width));
        for line in lines.iter().skip(top).take(height) {
            rows.line(pen, &[piece(line.tone, line.text.clone())]);
        }
    }
    let row = rows.next();
    let edge = pen.right(row, &scrolled(state, top, count.saturating_sub(top + height)));
    buttons(pen, state, dialog, Rect { width: edge.saturating_sub(row.x), ..row });
    rows.paragraph(pen, Tone::Faint, &format!("$ {}", fire_command(state, dialog)));
}

fn field(pen: &mut Pen<'_>, state: &State, dialog: &Fire, row: Rect) {
    let focus = dialog.at == FireStop::Data;
    let tone = if focus { Tone::Strong } else { Tone::Plain };
    let sign = if focus { ">" } else { " " };
    let label = say!(state.words, "fire-data");
    let used = pen.line(row, &[piece(tone, format!("{label} {sign} "))]);
    let field = Rect { x: row.x + used, width: row.width - used, ..row };
    let (text, at) = dialog.data.visible(usize::from(field.width));
    match text {
        "" => pen.text(field, Tone::Faint, NO_FIELDS),
        text => pen.text(field, Tone::Strong, text),
    };
    if focus && !field.is_empty() {
        pen.cursor = Some((field.x + u16::try_from(at).unwrap_or(0), field.y));
    }
}

/// What is wrong, or what would come of it, or what the dialog does.
fn note(pen: &mut Pen<'_>, state: &State, dialog: &Fire, rows: &mut Rows) {
    let words = &state.words;
    let (tone, text) = match (&dialog.problem, &dialog.fault, &dialog.stage) {
        (Some(problem), ..) => (Tone::Bad, problem.clone()),
        (None, Some(fault), _) => {
            let (text, hint) = (fault_text(state, fault), fault_hint(state, fault));
            let hint = match hint.is_empty() {
                true => String::new(),
                false => format!(" {}", say!(words, "fault-hint", hint = hint)),
            };
            (Tone::Bad, format!("{text}{hint}"))
        }
        (None, None, FireStage::Typing) => match dialog.purpose {
            FirePurpose::Fire => (Tone::Faint, say!(words, "fire-about")),
            FirePurpose::Test => (Tone::Faint, say!(words, "fire-test-about")),
        },
        (None, None, FireStage::Asked(_) | FireStage::Sent(_)) => {
            (Tone::Busy, say!(words, "list-asking"))
        }
        (None, None, FireStage::Tested(tested)) => {
            let (tone, verdict) = match would_start(tested) {
                true => (Tone::Good, say!(words, "fire-would")),
                false => (Tone::Warn, say!(words, "fire-would-not")),
            };
            match tested.trigger.status.as_str() {
                "armed" => (tone, verdict),
                status => {
                    let status = names::status_word(state, status);
                    let stands = say!(words, "fire-stands", status = status);
                    (Tone::Warn, format!("{verdict} {stands}"))
                }
            }
        }
    };
    let area = rows.rest();
    let area = Rect { height: area.height.min(layout::FIRE_NOTE), ..area };
    pen.paragraph(area, tone, &text);
    (0..area.height).for_each(|_| rows.skip());
}

fn scrolled(state: &State, above: usize, below: usize) -> Vec<Piece> {
    let one = |(id, count): (&str, usize)| {
        let text = say!(state.words, id, count = count);
        (count > 0).then(|| piece(Tone::Warn, format!("  {text}")))
    };
    [("vote-above", above), ("vote-below", below)].into_iter().filter_map(one).collect()
}

fn buttons(pen: &mut Pen<'_>, state: &State, dialog: &Fire, row: Rect) {
    let words = &state.words;
    let all = [
        (FireStop::Test, Tone::Plain, say!(words, "fire-test")),
        (FireStop::Fire, Tone::Good, say!(words, "fire-start")),
        (FireStop::Close, Tone::Plain, say!(words, "vote-close")),
    ];
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
