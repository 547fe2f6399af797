//! A row of slots: one cell for each, the newest at the right, and what the cells mean.

use ratatui::layout::Rect;

use super::super::names;
use super::super::pen::{Pen, Piece, piece};
use crate::console::state::{State, TriggerScreen};
use crate::console::theme::Tone;
use crate::text::FATES;

pub fn draw(pen: &mut Pen<'_>, state: &State, open: &TriggerScreen, row: Rect, legend: Rect) {
    let inner = Rect { x: row.x + 1.min(row.width), width: row.width.saturating_sub(2), ..row };
    let shown = usize::from(inner.width).min(open.slots.len());
    let slots = &open.slots[..shown];
    let mark = |fate: &str| {
        let mark = state.look.mark(fate);
        piece(mark.tone, mark.glyph)
    };
    let cells: Vec<Piece> = slots.iter().rev().map(|slot| mark(&slot.fate)).collect();
    pen.line(inner, &cells);
    // the selected one, as long as it is among them
    if let Some(right) = shown.checked_sub(open.cursor.index + 1) {
        let x = inner.x + u16::try_from(right).unwrap_or(0);
        pen.reverse(Rect { x, width: inner.width.min(1), ..inner });
    }
    let mut pieces = vec![piece(Tone::Plain, " ")];
    let mut fates: Vec<&str> = FATES.to_vec();
    // of a newer daemon
    for slot in slots {
        if !fates.contains(&slot.fate.as_str()) {
            fates.push(&slot.fate);
        }
    }
    // what is bad is not what is cut
    fates.sort_by_key(|fate| state.look.mark(fate).tone != Tone::Bad);
    for fate in fates {
        let count = slots.iter().filter(|slot| slot.fate == fate).count();
        if count > 0 {
            pieces.push(mark(fate));
            let word = names::status_word(state, fate);
            pieces.push(piece(Tone::Faint, format!(" {word} {}  ", names::number(count as u64))));
        }
    }
    pen.line(legend, &pieces);
}
