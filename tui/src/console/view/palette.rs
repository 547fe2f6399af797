//! The palette: what was typed, and what fits it.

use ratatui::layout::Rect;

use super::dialog::{self, Rows};
use super::layout;
use super::pen::{Pen, piece};
use crate::console::state::{Palette, State};
use crate::console::theme::Tone;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, palette: &Palette) {
    let words = &state.words;
    let area = layout::dialog(state, 96, 20);
    let inner = dialog::open(pen, area, &say!(words, "palette-title"));
    let mut rows = Rows::new(inner);
    let field = rows.next();
    let used = pen.line(field, &[piece(Tone::Key, ": ")]);
    let field = Rect { x: field.x + used, width: field.width - used, ..field };
    let (text, at) = palette.input.visible(usize::from(field.width));
    pen.text(field, Tone::Strong, text);
    pen.cursor = Some((field.x + u16::try_from(at).unwrap_or(0), field.y));
    rows.skip();
    let list = rows.rest();
    let found = palette.rows(state);
    if found.is_empty() {
        pen.text(list, Tone::Faint, &say!(words, "palette-nothing"));
    }
    let top = (palette.at + 1).saturating_sub(usize::from(list.height));
    for (y, (i, entry)) in (list.y..list.bottom()).zip(found.iter().enumerate().skip(top)) {
        let row = Rect { y, height: 1, ..list };
        let key = entry.key(state).map(|k| format!("  {k}")).unwrap_or_default();
        let edge = pen.right(row, &[piece(Tone::Key, key)]);
        let left = Rect { width: edge.saturating_sub(row.x), ..row };
        pen.line(
            left,
            &[
                piece(Tone::Strong, format!("{:<26} ", entry.word(state))),
                piece(Tone::Faint, entry.about(state)),
            ],
        );
        pen.row(row, i == palette.at, true);
        if i == palette.at {
            pen.reverse(row);
        }
    }
}
