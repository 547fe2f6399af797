//! The dialog before something is done to runs.

use super::dialog::{self, Rows};
use super::pen::{Pen, piece};
use super::{layout, names};
use crate::console::command;
use crate::console::state::{Confirm, State};
use crate::console::theme::Tone;
use crate::say;

/// Runs that are named; of the others there is the number.
const NAMED: usize = 5;

pub fn draw(pen: &mut Pen<'_>, state: &State, confirm: &Confirm) {
    let words = &state.words;
    let count = confirm.runs.len();
    let named = u16::try_from(count.min(NAMED + 1)).unwrap_or(1);
    let verb = confirm.verb.word();
    let title = format!("{verb}-title");
    let area = layout::dialog(state, 72, named + 9);
    let inner = dialog::open(pen, area, &say!(words, &title, count = count));
    let mut rows = Rows::new(inner);
    for (run, workflow) in confirm.runs.iter().take(NAMED) {
        let name = names::workflow(state, workflow);
        rows.line(
            pen,
            &[piece(Tone::Strong, run.short()), piece(Tone::Plain, format!("  {name}"))],
        );
    }
    if count > NAMED {
        let more = say!(words, "cancel-more", count = count - NAMED);
        rows.line(pen, &[piece(Tone::Faint, more)]);
    }
    rows.skip();
    rows.paragraph(pen, Tone::Plain, &say!(words, &format!("{verb}-consequence")));
    let command = command::each(&state.namespace, verb, &confirm.ids()[..1]);
    rows.line(pen, &[piece(Tone::Faint, format!("$ {command}"))]);
    rows.skip();
    if confirm.is_typed() {
        let row = rows.next();
        let ask = say!(words, "cancel-type", count = count);
        let used = pen.line(row, &[piece(Tone::Warn, format!("{ask} "))]);
        let field = ratatui::layout::Rect { x: row.x + used, width: row.width - used, ..row };
        let (text, at) = confirm.typed.visible(usize::from(field.width));
        pen.text(field, Tone::Strong, text);
        pen.cursor = Some((field.x + u16::try_from(at).unwrap_or(0), field.y));
        return;
    }
    let (keep, end) = (say!(words, "cancel-keep"), say!(words, "cancel-do"));
    dialog::keep_or_do(pen, rows.next(), &keep, &end, confirm.yes);
}
