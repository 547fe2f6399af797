//! Which keyboard is it? Asked once, at the first Cyrillic key that is a command.

use super::dialog::{self, Rows};
use super::layout;
use super::pen::{Pen, piece};
use crate::console::keys::Layout;
use crate::console::state::State;
use crate::console::theme::Tone;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, at: usize) {
    let words = &state.words;
    let area = layout::dialog(state, 66, 12);
    let mut rows = Rows::new(dialog::open(pen, area, &say!(words, "keyboard-title")));
    rows.paragraph(pen, Tone::Plain, &say!(words, "keyboard-why"));
    rows.skip();
    for (i, layout) in Layout::ALL.iter().enumerate() {
        let row = rows.next();
        let about = words.say(&format!("keyboard-{}", layout.word()), &[]);
        pen.line(
            row,
            &[piece(Tone::Strong, format!(" {:<16}", layout.word())), piece(Tone::Plain, about)],
        );
        if i == at {
            pen.reverse(row);
        }
    }
}
