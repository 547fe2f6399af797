//! Writing on the screen: never outside an area, always in the theme's styles.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::console::keys::Key;
use crate::console::state::State;
use crate::console::theme::{Look, Tone};
use crate::text::{cells, fit, wrapped};

/// A piece of text with its tone.
pub type Piece = (Tone, String);

/// What a click on a cell is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// What the key does.
    Key(Key),
    /// A row of a list.
    Row {
        /// Its place among the rows with the focus that are painted.
        at: usize,
        selected: bool,
        /// Whether its list has the focus.
        focus: bool,
    },
}

pub struct Pen<'a> {
    pub buffer: &'a mut Buffer,
    pub look: Look,
    /// Where text is being typed.
    pub cursor: Option<(u16, u16)>,
    /// What can be clicked, in the order of painting: what is painted later lies above.
    pub spots: Vec<(Rect, Spot)>,
}

impl<'a> Pen<'a> {
    pub fn new(buffer: &'a mut Buffer, state: &State) -> Pen<'a> {
        Pen { buffer, look: state.look, cursor: None, spots: Vec::new() }
    }

    /// A row that can be clicked.
    pub fn row(&mut self, area: Rect, selected: bool, focus: bool) {
        let in_focus = |spot: &&(Rect, Spot)| matches!(spot.1, Spot::Row { focus: true, .. });
        let at = self.spots.iter().filter(in_focus).count();
        self.spots.push((area, Spot::Row { at, selected, focus }));
    }

    /// A place where a click is a key.
    pub fn key(&mut self, area: Rect, key: Key) {
        self.spots.push((area, Spot::Key(key)));
    }

    /// A dialog lies over the rows so far.
    pub fn cover(&mut self) {
        self.spots.retain(|(_, spot)| matches!(spot, Spot::Key(_)));
    }

    /// One line of pieces in the first row of `area`; what does not fit is cut, and
    /// the cut is seen. Returns the cells that were used.
    pub fn line(&mut self, area: Rect, pieces: &[Piece]) -> u16 {
        let area = area.intersection(self.buffer.area);
        if area.is_empty() {
            return 0;
        }
        let mut room = usize::from(area.width);
        let mut x = area.x;
        let last = pieces.iter().rposition(|(_, text)| !text.is_empty());
        for (i, (tone, text)) in pieces.iter().enumerate() {
            let whole = cells(text);
            let ends = Some(i) == last;
            // one cell is kept for the sign that something follows
            let text = if whole > room || (whole == room && !ends && self.follows(pieces, i)) {
                let cut = if whole == room { format!("{text} ") } else { text.clone() };
                fit(&cut, room, self.look.ellipsis())
            } else {
                text.clone()
            };
            let style = self.look.style(*tone);
            let (after, _) = self.buffer.set_stringn(x, area.y, &text, room, style);
            room -= usize::from(after - x);
            x = after;
            if room == 0 {
                break;
            }
        }
        x - area.x
    }

    fn follows(&self, pieces: &[Piece], i: usize) -> bool {
        pieces[i + 1..].iter().any(|(_, text)| !text.trim().is_empty())
    }

    pub fn text(&mut self, area: Rect, tone: Tone, text: &str) -> u16 {
        self.line(area, &[(tone, text.to_owned())])
    }

    /// Aligned to the right end of the first row; returns where it begins.
    pub fn right(&mut self, area: Rect, pieces: &[Piece]) -> u16 {
        let wanted: usize = pieces.iter().map(|(_, text)| cells(text)).sum();
        let width = area.width.min(u16::try_from(wanted).unwrap_or(u16::MAX));
        let x = area.x + area.width - width;
        self.line(Rect { x, width, ..area }, pieces);
        x
    }

    /// The text broken into rows at blanks; returns the rows that were used.
    pub fn paragraph(&mut self, area: Rect, tone: Tone, text: &str) -> u16 {
        let mut row = 0;
        for line in text.lines().flat_map(|line| wrapped(line, usize::from(area.width))) {
            if row >= area.height {
                break;
            }
            self.text(Rect { y: area.y + row, height: 1, ..area }, tone, &line);
            row += 1;
        }
        row
    }

    /// What is selected, on terminals with and without colours.
    pub fn reverse(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        self.buffer.set_style(area, Style::new().add_modifier(Modifier::REVERSED));
    }

    pub fn strong(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        self.buffer.set_style(area, Style::new().add_modifier(Modifier::BOLD));
    }

    /// A horizontal line with a title in it.
    pub fn rule(&mut self, area: Rect, pieces: &[Piece]) {
        let area = Rect { height: area.height.min(1), ..area };
        let line = self.look.glyph("─", "-").repeat(usize::from(area.width));
        self.text(area, Tone::Faint, &line);
        if !pieces.is_empty() {
            self.title(area, pieces);
        }
    }

    /// What stands in a rule, with a blank on both sides.
    pub fn title(&mut self, area: Rect, pieces: &[Piece]) {
        let inner =
            Rect { x: area.x + 2.min(area.width), width: area.width.saturating_sub(4), ..area };
        let mut spaced = vec![(Tone::Plain, " ".to_owned())];
        spaced.extend_from_slice(pieces);
        spaced.push((Tone::Plain, " ".to_owned()));
        self.line(inner, &spaced);
    }

    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for position in area.positions() {
            self.buffer[position].reset();
        }
    }
}

/// Pieces of one tone with blanks between.
pub fn piece(tone: Tone, text: impl Into<String>) -> Piece {
    (tone, text.into())
}
