//! The dialog before steps of the class `once` are repeated.

use super::dialog::{self, Rows};
use super::layout;
use super::pen::Pen;
use crate::console::command;
use crate::console::state::{Again, Repeat, State, fault_text};
use crate::console::theme::Tone;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, repeat: &Repeat) {
    let words = &state.words;
    let area = layout::dialog(state, 76, 12);
    let mut rows = Rows::new(dialog::open(pen, area, &say!(words, "repeat-title")));
    rows.paragraph(pen, Tone::Warn, &fault_text(state, &repeat.fault));
    rows.skip();
    rows.paragraph(pen, Tone::Plain, &say!(words, "repeat-consequence"));
    let again = Again { repeat_once: true, ..repeat.again.clone() };
    let command = command::again(&state.namespace, &again);
    rows.paragraph(pen, Tone::Faint, &format!("$ {command}"));
    rows.skip();
    let (keep, go) = (say!(words, "repeat-keep"), say!(words, "repeat-do"));
    dialog::keep_or_do(pen, rows.next(), &keep, &go, repeat.yes);
}
