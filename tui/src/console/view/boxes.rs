//! Boxes with lines between them, as they are placed: what of the picture is in sight.

use ratatui::layout::Rect;

use super::pen::{Pen, Piece, piece};
use crate::console::graph::{Spot, Wire};
use crate::console::state::GraphPane;
use crate::console::theme::{Look, Tone};
use crate::text::{cells, fit};

/// Paints the picture. `rows_of` gives the rows of each box, by its place among the boxes.
pub fn draw(
    pen: &mut Pen<'_>,
    pane: &GraphPane,
    area: Rect,
    focus: bool,
    rows_of: &dyn Fn(usize, &Spot) -> Vec<Vec<Piece>>,
) {
    let view = View { area, left: pane.left, top: pane.top };
    for cell in &pane.placed.cells {
        let sign = sign(cell.wire, pen.look);
        let tone = if cell.wire.arrow { Tone::Plain } else { Tone::Faint };
        view.put(pen, i32::from(cell.x), i32::from(cell.y), &[piece(tone, sign)]);
    }
    for (i, spot) in pane.placed.spots.iter().enumerate() {
        for (y, row) in (i32::from(spot.y)..).zip(&rows_of(i, spot)) {
            let drawn = view.put(pen, i32::from(spot.x), y, row);
            if i == pane.at && focus {
                pen.reverse(drawn);
            } else if i == pane.at {
                pen.strong(drawn);
            }
        }
    }
    more(pen, pane, area);
}

/// A box of one row.
pub fn name_row(look: Look, spot: &Spot, tone: Tone, text: &str) -> Vec<Piece> {
    let inner = usize::from(spot.width.saturating_sub(4));
    vec![piece(Tone::Faint, "[ "), piece(tone, padded(text, inner, look)), piece(Tone::Faint, " ]")]
}

/// A box of four rows: two of text in a frame.
pub fn card_rows(look: Look, spot: &Spot, rows: [(Tone, &str); 2]) -> Vec<Vec<Piece>> {
    let line = look.glyph("─", "-").repeat(usize::from(spot.width.saturating_sub(2)));
    let edge = |left: &str, right: &str| vec![piece(Tone::Faint, format!("{left}{line}{right}"))];
    let side = look.glyph("│", "|");
    let inner = usize::from(spot.width.saturating_sub(4));
    let [title, second] = rows.map(|(tone, text)| {
        vec![
            piece(Tone::Faint, format!("{side} ")),
            piece(tone, padded(text, inner, look)),
            piece(Tone::Faint, format!(" {side}")),
        ]
    });
    vec![
        edge(look.glyph("┌", "+"), look.glyph("┐", "+")),
        title,
        second,
        edge(look.glyph("└", "+"), look.glyph("┘", "+")),
    ]
}

/// That there is more to the sides.
fn more(pen: &mut Pen<'_>, pane: &GraphPane, area: Rect) {
    let (width, height) = (i32::from(area.width), i32::from(area.height));
    let look = pen.look;
    let signs = [
        (pane.top > 0, look.glyph("↑", "^")),
        (pane.top + height < i32::from(pane.placed.height), look.glyph("↓", "v")),
        (pane.left > 0, look.glyph("←", "<")),
        (pane.left + width < i32::from(pane.placed.width), look.glyph("→", ">")),
    ];
    let text: String = signs.iter().filter(|(is, _)| *is).map(|(_, sign)| *sign).collect();
    if !text.is_empty() && area.height > 0 {
        let last = Rect { y: area.bottom() - 1, height: 1, ..area };
        pen.right(last, &[piece(Tone::Warn, format!(" {text} "))]);
    }
}

/// The part of the picture that is in sight.
struct View {
    area: Rect,
    left: i32,
    top: i32,
}

impl View {
    /// Pieces at a place of the picture, without what is out of sight; where they came.
    fn put(&self, pen: &mut Pen<'_>, x: i32, y: i32, pieces: &[Piece]) -> Rect {
        let (x, y) = (x - self.left, y - self.top);
        let outside = y < 0 || y >= i32::from(self.area.height) || x >= i32::from(self.area.width);
        if outside {
            return Rect::default();
        }
        let hidden = usize::try_from(-x).unwrap_or(0);
        let start = u16::try_from(x.max(0)).unwrap_or(0);
        let row = u16::try_from(y).unwrap_or(0);
        let room = self.area.width - start;
        let kept = without(pieces, hidden, usize::from(room));
        let line = Rect { x: self.area.x + start, y: self.area.y + row, width: room, height: 1 };
        let used = pen.line(line, &kept);
        Rect { width: used, ..line }
    }
}

/// The pieces from a cell on, as many cells as there is room for.
fn without(pieces: &[Piece], hidden: usize, room: usize) -> Vec<Piece> {
    let (mut at, mut kept) = (0, Vec::with_capacity(pieces.len()));
    for (tone, text) in pieces {
        let mut part = String::new();
        for c in text.chars() {
            let size = cells(c.encode_utf8(&mut [0; 4]));
            // half of a wide sign is a blank
            if at >= hidden && at + size <= hidden + room {
                part.push(c);
            } else if at + size > hidden && at < hidden + room {
                part.push(' ');
            }
            at += size;
        }
        kept.push((*tone, part));
    }
    kept
}

fn padded(text: &str, width: usize, look: Look) -> String {
    let text = fit(text, width, look.ellipsis());
    let pad = width.saturating_sub(cells(&text));
    format!("{text}{}", " ".repeat(pad))
}

fn sign(wire: Wire, look: Look) -> &'static str {
    let Wire { up, down, left, right, arrow } = wire;
    if arrow {
        return look.glyph("▼", "v");
    }
    match (up, down, left, right) {
        (true, true, true, true) => look.glyph("┼", "+"),
        (true, true, true, false) => look.glyph("┤", "+"),
        (true, true, false, true) => look.glyph("├", "+"),
        (true, _, true, true) => look.glyph("┴", "+"),
        (_, true, true, true) => look.glyph("┬", "+"),
        (true, _, true, _) => look.glyph("╯", "'"),
        (true, _, _, true) => look.glyph("╰", "'"),
        (_, true, true, _) => look.glyph("╮", "."),
        (_, true, _, true) => look.glyph("╭", "."),
        (_, _, true, _) | (_, _, _, true) => look.glyph("─", "-"),
        _ => look.glyph("│", "|"),
    }
}
