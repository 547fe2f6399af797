//! The form for the arguments of a command.

use ratatui::layout::Rect;

use super::dialog::{self, Rows};
use super::layout;
use super::pen::{Pen, piece};
use crate::console::state::{Composer, ComposerSlot, State};
use crate::console::theme::Tone;
use crate::say;
use crate::text::{cells, fit};

/// Rows below the fields: a note of three, the button, a command of two.
const BELOW: u16 = 6;
/// Most cells of a field's name.
const LABEL: usize = 22;

pub fn draw(pen: &mut Pen<'_>, state: &State, form: &Composer) {
    let words = &state.words;
    let wanted = u16::try_from(form.slots.len()).unwrap_or(u16::MAX).saturating_add(BELOW + 3);
    let area = layout::dialog(state, 84, wanted);
    let title = format!("rpa {}: {}", form.leaf.path, words.say(&form.leaf.about(), &[]));
    let room = usize::from(area.width.saturating_sub(6)).max(1);
    let inner = dialog::open(pen, area, &fit(&title, room, state.look.ellipsis()));
    let below = BELOW.min(inner.height);
    let fields = Rect { height: inner.height - below, ..inner };
    let shown = usize::from(fields.height);
    let top = (form.at.min(form.slots.len().saturating_sub(1)) + 1).saturating_sub(shown);
    let label = form.slots.iter().map(|s| cells(&s.arg.label())).max().unwrap_or(0).min(LABEL);
    let mut rows = Rows::new(fields);
    for (i, slot) in form.slots.iter().enumerate().skip(top).take(shown) {
        let row = rows.next();
        field(pen, state, slot, label, i == form.at, row);
        pen.row(row, i == form.at, true);
    }
    let rest = Rect { y: inner.y + fields.height, height: below, ..inner };
    let note = Rect { height: rest.height.min(3), ..rest };
    match &form.problem {
        Some(problem) => pen.paragraph(note, Tone::Bad, problem),
        None => pen.paragraph(note, Tone::Faint, &form.note(state)),
    };
    let mut rows =
        Rows::new(Rect { y: rest.y + note.height, height: rest.height - note.height, ..rest });
    let row = rows.next();
    let button = match form.is_for_shells() {
        true => say!(words, "composer-copy"),
        false => say!(words, "composer-run"),
    };
    let tone = if form.leaf.changes { Tone::Warn } else { Tone::Good };
    let used = pen.line(row, &[piece(tone, format!("[ {button} ]"))]);
    if form.at == form.button() {
        pen.reverse(Rect { width: used, ..row });
    }
    rows.paragraph(pen, Tone::Faint, &format!("$ {}", form.command(state)));
}

fn field(
    pen: &mut Pen<'_>,
    state: &State,
    slot: &ComposerSlot,
    label: usize,
    focus: bool,
    row: Rect,
) {
    let star = if slot.arg.required { "*" } else { " " };
    let name = fit(&slot.arg.label(), label, state.look.ellipsis());
    let pad = " ".repeat(label.saturating_sub(cells(&name)));
    let tone = if focus { Tone::Strong } else { Tone::Plain };
    let sign = if focus { ">" } else { " " };
    let used = pen.line(
        row,
        &[
            piece(Tone::Warn, star),
            piece(tone, format!("{name}{pad} ")),
            piece(Tone::Strong, format!("{sign} ")),
        ],
    );
    let value = Rect { x: row.x + used, width: row.width.saturating_sub(used), ..row };
    if slot.arg.is_switch() {
        pen.text(value, tone, if slot.on { "[x]" } else { "[ ]" });
        return;
    }
    let (text, at) = slot.input.visible(usize::from(value.width).max(1));
    if slot.input.text().is_empty() {
        pen.text(value, Tone::Faint, &slot.arg.value);
    } else {
        pen.text(value, Tone::Strong, text);
    }
    if focus && !value.is_empty() {
        pen.cursor = Some((value.x + u16::try_from(at).unwrap_or(0), value.y));
    }
}
