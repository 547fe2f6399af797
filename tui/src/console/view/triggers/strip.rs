//! A row of slots or deliveries: one cell for each, the newest at the right, and what the
//! cells mean.

use ratatui::layout::Rect;

use super::super::names;
use super::super::pen::{Pen, Piece, piece};
use crate::console::state::{State, TriggerScreen};
use crate::console::theme::Tone;

pub fn draw(pen: &mut Pen<'_>, state: &State, open: &TriggerScreen, row: Rect, legend: Rect) {
    let inner = Rect { x: row.x + 1.min(row.width), width: row.width.saturating_sub(2), ..row };
    let shown = usize::from(inner.width).min(open.past.len());
    let newest = open.past.words(shown);
    let mark = |word: &str| {
        let mark = state.look.mark(word);
        piece(mark.tone, mark.glyph)
    };
    let cells: Vec<Piece> = newest.iter().rev().map(|word| mark(word)).collect();
    pen.line(inner, &cells);
    // the selected one, as long as it is among them
    if let Some(right) = shown.checked_sub(open.cursor.index + 1) {
        let x = inner.x + u16::try_from(right).unwrap_or(0);
        pen.reverse(Rect { x, width: inner.width.min(1), ..inner });
    }
    let mut pieces = vec![piece(Tone::Plain, " ")];
    let mut all: Vec<&str> = open.past.known_words().to_vec();
    // of a newer daemon
    for word in &newest {
        if !all.contains(word) {
            all.push(word);
        }
    }
    // what is bad is not what is cut
    all.sort_by_key(|word| state.look.mark(word).tone != Tone::Bad);
    for word in all {
        let count = newest.iter().filter(|one| **one == word).count();
        if count > 0 {
            pieces.push(mark(word));
            let word = names::status_word(state, word);
            pieces.push(piece(Tone::Faint, format!(" {word} {}  ", names::number(count as u64))));
        }
    }
    pen.line(legend, &pieces);
}
