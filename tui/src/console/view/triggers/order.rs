//! The dialog before a trigger is kept from firing: what comes of it, and why.

use ratatui::layout::Rect;

use super::super::dialog::{self, Rows};
use super::super::pen::{Pen, piece};
use super::super::{layout, names};
use crate::console::command;
use crate::console::state::{Noted, Order, State};
use crate::console::theme::Tone;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, order: &Order) {
    let words = &state.words;
    let name = names::trigger(state, &order.name);
    let (title, consequence) = match order.noted {
        Noted::Pause => (say!(words, "order-pause", name = name), "order-pause-consequence"),
        Noted::Disable => (say!(words, "order-disable", name = name), "order-disable-consequence"),
    };
    let inner = dialog::open(pen, layout::dialog(state, 72, 11), &title);
    let mut rows = Rows::new(inner);
    rows.paragraph(pen, Tone::Plain, &say!(words, consequence));
    rows.skip();
    let row = rows.next();
    let label = say!(words, "order-note");
    let used = pen.line(row, &[piece(Tone::Strong, format!("{label} > "))]);
    let field = Rect { x: row.x + used, width: row.width - used, ..row };
    let (text, at) = order.note.visible(usize::from(field.width));
    pen.text(field, Tone::Strong, text);
    if !field.is_empty() {
        pen.cursor = Some((field.x + u16::try_from(at).unwrap_or(0), field.y));
    }
    let row = rows.next();
    match (order.missing, order.noted) {
        (true, _) => pen.text(row, Tone::Bad, &say!(words, "order-note-missing")),
        (false, Noted::Pause) => pen.text(row, Tone::Faint, &say!(words, "order-note-wanted")),
        (false, Noted::Disable) => pen.text(row, Tone::Faint, &say!(words, "order-note-may")),
    };
    let command = command::trigger(&state.namespace, &order.name, &order.wish());
    rows.paragraph(pen, Tone::Faint, &format!("$ {command}"));
}
