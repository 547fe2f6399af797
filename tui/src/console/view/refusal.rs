//! Something was refused, or did not get through: why, and what can be done.

use rpa_ipc::Fault;

use super::dialog::{self, Rows};
use super::layout;
use super::pen::{Pen, piece};
use crate::console::state::{State, fault_hint, fault_text};
use crate::console::theme::Tone;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, fault: &Fault) {
    let words = &state.words;
    let area = layout::dialog(state, 76, 12);
    let title = fault.code.title(words.language());
    let mut rows = Rows::new(dialog::open(pen, area, &title));
    rows.paragraph(pen, Tone::Bad, &fault_text(state, fault));
    for (name, value) in fault.context_in(words.language()) {
        rows.line(pen, &[piece(Tone::Faint, format!("{name}: ")), piece(Tone::Plain, value)]);
    }
    rows.skip();
    let hint = fault_hint(state, fault);
    if !hint.is_empty() {
        rows.paragraph(pen, Tone::Plain, &say!(words, "fault-hint", hint = hint));
    }
    rows.line(pen, &[piece(Tone::Faint, format!("$ rpa explain {}", fault.code))]);
}
