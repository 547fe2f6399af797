//! One line of output, made of styled pieces.

use super::{Look, cells, sanitize, wrapped};

/// Meaning, not colour: what the terminal's own 16 colours show it as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    #[default]
    Plain,
    Bold,
    /// Beside the point: labels, headers.
    Dim,
    Good,
    Bad,
    /// Wants attention.
    Warn,
    /// Going on.
    Busy,
}

impl Style {
    /// The SGR parameters (ECMA-48, 8.3.117).
    fn sgr(self) -> Option<&'static str> {
        match self {
            Style::Plain => None,
            Style::Bold => Some("1"),
            Style::Dim => Some("2"),
            Style::Good => Some("32"),
            Style::Bad => Some("31"),
            Style::Warn => Some("33"),
            Style::Busy => Some("36"),
        }
    }
}

/// A line without its line break. Every piece is sanitized as it comes in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pieces: Vec<(Style, String)>,
}

impl Line {
    pub fn new() -> Line {
        Line::default()
    }

    pub fn of(text: impl AsRef<str>) -> Line {
        Line::new().plain(text)
    }

    pub fn plain(self, text: impl AsRef<str>) -> Line {
        self.push(Style::Plain, text)
    }

    pub fn push(mut self, style: Style, text: impl AsRef<str>) -> Line {
        self.pieces.push((style, sanitize(text.as_ref()).into_owned()));
        self
    }

    pub fn is_empty(&self) -> bool {
        self.pieces.iter().all(|(_, text)| text.is_empty())
    }

    pub fn cells(&self) -> usize {
        self.pieces.iter().map(|(_, text)| cells(text)).sum()
    }

    /// The text alone.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|(_, text)| text.as_str()).collect()
    }

    /// The text with colours, where `look` has them.
    pub fn render(&self, look: &Look) -> String {
        let mut rendered = String::new();
        for (style, text) in &self.pieces {
            match style.sgr().filter(|_| look.colour && !text.is_empty()) {
                Some(sgr) => rendered.extend(["\u{1b}[", sgr, "m", text, "\u{1b}[0m"]),
                None => rendered.push_str(text),
            }
        }
        rendered
    }

    /// At most `width` cells of the line.
    pub fn fit(mut self, width: usize, ellipsis: &str) -> Line {
        if self.cells() <= width {
            return self;
        }
        let mut room = width;
        let mut kept = Vec::new();
        for (style, text) in self.pieces.drain(..) {
            let size = cells(&text);
            if size < room {
                room -= size;
                kept.push((style, text));
                continue;
            }
            // one cell too many makes `fit` cut, so that the cut is seen
            let longer = if size == room { format!("{text} ") } else { text };
            kept.push((style, super::fit(&longer, room, ellipsis)));
            break;
        }
        Line { pieces: kept }
    }

    /// The line in as many as it needs at that width. What has one style keeps it.
    pub fn broken(self, width: usize) -> Vec<Line> {
        if self.cells() <= width {
            return vec![self];
        }
        let style = match self.pieces.as_slice() {
            [(style, _)] => *style,
            _ => Style::Plain,
        };
        let pieces = wrapped(&self.text(), width).into_iter();
        pieces.map(|piece| Line::new().push(style, piece)).collect()
    }

    /// The line with blanks after it, up to `width` cells.
    pub fn pad(self, width: usize) -> Line {
        let missing = width.saturating_sub(self.cells());
        self.plain(" ".repeat(missing))
    }

    /// The line with blanks before it, up to `width` cells.
    pub fn pad_left(mut self, width: usize) -> Line {
        let missing = width.saturating_sub(self.cells());
        self.pieces.insert(0, (Style::Plain, " ".repeat(missing)));
        self
    }

    /// The line with blanks for tabs, whose width depends on where they stand.
    pub fn untabbed(mut self) -> Line {
        for (_, text) in &mut self.pieces {
            if text.contains('\t') {
                *text = text.replace('\t', " ");
            }
        }
        self
    }

    pub fn append(mut self, other: Line) -> Line {
        self.pieces.extend(other.pieces);
        self
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Line {
        Line::of(text)
    }
}
impl From<String> for Line {
    fn from(text: String) -> Line {
        Line::of(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLOUR: Look = Look { colour: true, ..Look::PLAIN };

    #[test]
    fn colour_is_ours_and_theirs_is_gone() {
        let line = Line::new().push(Style::Bad, "\u{1b}[32mfailed").plain(" x");
        assert_eq!(line.render(&Look::PLAIN), "failed x");
        assert_eq!(line.render(&COLOUR), "\u{1b}[31mfailed\u{1b}[0m x");
    }

    #[test]
    fn a_cut_line_keeps_its_styles_and_shows_the_cut() {
        let line = Line::new().push(Style::Good, "abc").plain("defgh");
        assert_eq!(line.clone().fit(8, "…").text(), "abcdefgh");
        assert_eq!(line.clone().fit(5, "…").text(), "abcd…");
        assert_eq!(line.clone().fit(3, "…").text(), "ab…");
        assert_eq!(line.fit(5, "…").render(&COLOUR), "\u{1b}[32mabc\u{1b}[0md…");
    }
}
