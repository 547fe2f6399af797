//! A box over the screen.

use ratatui::layout::Rect;

use super::pen::{Pen, Piece, piece};
use crate::console::theme::Tone;
use crate::text::cells;

/// Draws the frame with its title and returns what is inside, with a margin.
pub fn open(pen: &mut Pen<'_>, area: Rect, title: &str) -> Rect {
    pen.clear(area);
    pen.cover();
    if area.width < 4 || area.height < 3 {
        return Rect::default();
    }
    let (horizontal, vertical) = (pen.look.glyph("─", "-"), pen.look.glyph("│", "|"));
    let corner = |pen: &Pen<'_>, unicode| pen.look.glyph(unicode, "+");
    let line = horizontal.repeat(usize::from(area.width - 2));
    let rows = [
        (area.y, corner(pen, "┌"), corner(pen, "┐")),
        (area.bottom() - 1, corner(pen, "└"), corner(pen, "┘")),
    ];
    for (y, left, right) in rows {
        let row = Rect { y, height: 1, ..area };
        pen.text(row, Tone::Plain, &format!("{left}{line}{right}"));
    }
    for y in area.y + 1..area.bottom() - 1 {
        for x in [area.x, area.right() - 1] {
            pen.text(Rect { x, y, width: 1, height: 1 }, Tone::Plain, vertical);
        }
    }
    let head = Rect { x: area.x + 2, y: area.y, width: area.width - 4, height: 1 };
    pen.line(head, &[piece(Tone::Strong, format!(" {title} "))]);
    Rect { x: area.x + 2, y: area.y + 1, width: area.width - 4, height: area.height - 2 }
}

/// Two buttons: to leave it as it is, and what cannot be taken back.
pub fn keep_or_do(pen: &mut Pen<'_>, row: Rect, keep: &str, go: &str, yes: bool) {
    let used = pen.line(row, &[piece(Tone::Plain, format!("[ {keep} ]"))]);
    let gap = 3;
    let x = row.x + used + gap;
    let right = Rect { x, width: row.right().saturating_sub(x), ..row };
    let go_used = pen.line(right, &[piece(Tone::Bad, format!("[ {go} ]"))]);
    let focus = match yes {
        true => Rect { width: go_used, ..right },
        false => Rect { width: used, ..row },
    };
    pen.reverse(focus);
}

/// Buttons beside one another, and below where a row has no room for more. The first of each
/// is whether it has the focus.
pub fn buttons(pen: &mut Pen<'_>, area: Rect, labels: &[(bool, Tone, String)]) {
    let texts: Vec<String> = labels.iter().map(|(_, _, label)| format!("[{label}]")).collect();
    for ((focus, tone, _), (text, (x, y))) in
        labels.iter().zip(texts.iter().zip(flowed(&texts, area.width)))
    {
        let at = Rect { x: area.x + x, y: area.y + y, width: area.width - x, height: 1 };
        let at = at.intersection(area);
        let used = pen.line(at, &[piece(*tone, text.as_str())]);
        if *focus {
            pen.reverse(Rect { width: used, ..at });
        }
    }
}

/// Rows that these buttons take.
pub fn button_rows(labels: &[(bool, Tone, String)], width: u16) -> u16 {
    let texts: Vec<String> = labels.iter().map(|(_, _, label)| format!("[{label}]")).collect();
    flowed(&texts, width).last().map_or(0, |(_, y)| y + 1)
}

/// Where each text begins, a blank behind the one before it, or in a row of its own.
fn flowed(texts: &[String], width: u16) -> Vec<(u16, u16)> {
    let (mut x, mut y) = (0_u16, 0_u16);
    let place = |text: &String| {
        let cells = u16::try_from(cells(text)).unwrap_or(u16::MAX);
        if x > 0 && x.saturating_add(cells) > width {
            (x, y) = (0, y + 1);
        }
        let at = (x, y);
        x = x.saturating_add(cells).saturating_add(1).min(width);
        at
    };
    texts.iter().map(place).collect()
}

/// Rows from the top of an area, one after the other.
pub struct Rows {
    area: Rect,
}

impl Rows {
    pub fn new(area: Rect) -> Rows {
        Rows { area }
    }

    /// The next row; empty when there is none left.
    pub fn next(&mut self) -> Rect {
        let row = Rect { height: self.area.height.min(1), ..self.area };
        self.take(row.height);
        row
    }

    /// So many rows, as far as they are there.
    pub fn several(&mut self, count: u16) -> Rect {
        let rows = Rect { height: self.area.height.min(count), ..self.area };
        self.take(rows.height);
        rows
    }

    pub fn line(&mut self, pen: &mut Pen<'_>, pieces: &[Piece]) {
        let row = self.next();
        pen.line(row, pieces);
    }

    pub fn paragraph(&mut self, pen: &mut Pen<'_>, tone: Tone, text: &str) {
        let used = pen.paragraph(self.area, tone, text);
        self.take(used);
    }

    pub fn skip(&mut self) {
        self.take(1.min(self.area.height));
    }

    /// The rows that are left.
    pub fn rest(&self) -> Rect {
        self.area
    }

    fn take(&mut self, rows: u16) {
        self.area.y += rows;
        self.area.height -= rows;
    }
}
