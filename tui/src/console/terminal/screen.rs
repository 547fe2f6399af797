//! From what a view paints to the bytes of one frame.

use ratatui::buffer::Cell;
use ratatui::{Frame, Terminal};

use super::sink::Sink;
use crate::text::is_dangerous;

/// The differences between frames, as bytes.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<Sink>,
    /// Nobody knows what the terminal shows.
    unknown: bool,
}

impl Screen {
    pub fn new(size: (u16, u16)) -> Screen {
        Screen { terminal: Terminal::new(Sink::new(size)).expect(IN_MEMORY), unknown: true }
    }

    /// The next frame has this size, and every cell is painted.
    pub fn resize(&mut self, size: (u16, u16)) {
        self.terminal.backend_mut().size = size.into();
    }

    /// Every cell is painted by the next frame, whatever the terminal shows now.
    pub fn redraw(&mut self) {
        self.unknown = true;
    }

    /// What to write; nothing when the screen already shows it.
    pub fn paint(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> Option<Vec<u8>> {
        if std::mem::take(&mut self.unknown) {
            self.terminal.clear().expect(IN_MEMORY);
            self.terminal.backend_mut().forget();
        }
        let guarded = |frame: &mut Frame<'_>| {
            view(frame);
            frame.buffer_mut().content.iter_mut().for_each(make_harmless);
        };
        self.terminal.draw(guarded).expect(IN_MEMORY);
        self.terminal.backend_mut().take().expect(IN_MEMORY)
    }
}

const IN_MEMORY: &str = "a vector takes everything";

/// Bytes of one cell: an emoji of a family has 25. A flood of combining marks would
/// be one cell of any length.
const LONGEST_SYMBOL: usize = 64;

/// The last gate to the terminal. Texts were made harmless where they came in; a
/// view that forgets must not be able to undo that.
fn make_harmless(cell: &mut Cell) {
    if cell.symbol().contains(|c: char| c == '\t' || is_dangerous(c)) {
        cell.set_symbol("?");
    }
    if cell.symbol().len() > LONGEST_SYMBOL {
        let first = cell.symbol().chars().next().unwrap_or('?');
        cell.set_symbol(first.encode_utf8(&mut [0; 4]));
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Style};

    use super::*;

    fn text(frame: Option<Vec<u8>>) -> String {
        String::from_utf8(frame.expect("a frame")).expect("text")
    }

    #[test]
    fn an_unchanged_frame_writes_nothing() {
        let mut screen = Screen::new((20, 3));
        let view = |frame: &mut Frame<'_>| {
            frame.buffer_mut().set_string(2, 1, "Здравей", Style::new().fg(Color::Green));
        };
        let first = text(screen.paint(view));
        assert!(
            first.starts_with("\u{1b}[?2026h") && first.ends_with("\u{1b}[?2026l"),
            "{first:?}"
        );
        assert!(first.contains("\u{1b}[2;3H") && first.contains("Здравей"), "{first:?}");
        assert_eq!(screen.paint(view), None);
        screen.redraw();
        let again = text(screen.paint(view));
        assert!(again.contains("\u{1b}[2J") && again.contains("Здравей"), "{again:?}");
        assert_eq!(screen.paint(view), None);
    }

    #[test]
    fn the_cursor_is_told_only_when_it_moves() {
        let mut screen = Screen::new((10, 2));
        let at = |x: u16| move |frame: &mut Frame<'_>| frame.set_cursor_position((x, 1));
        assert!(text(screen.paint(|_| {})).contains("\u{1b}[?25l"), "it may have been visible");
        assert_eq!(text(screen.paint(at(3))), "\u{1b}[?2026h\u{1b}[2;4H\u{1b}[?25h\u{1b}[?2026l");
        assert_eq!(screen.paint(at(3)), None);
        assert!(text(screen.paint(at(4))).contains("\u{1b}[2;5H"));
        assert_eq!(text(screen.paint(|_| {})), "\u{1b}[?2026h\u{1b}[?25l\u{1b}[?2026l");
        assert_eq!(screen.paint(|_| {}), None);
    }

    #[test]
    fn another_size_paints_every_cell_at_its_place() {
        let mut screen = Screen::new((10, 2));
        let last = |frame: &mut Frame<'_>| {
            let area = frame.area();
            frame.buffer_mut().set_string(area.width - 1, area.height - 1, "x", Style::new());
        };
        assert!(text(screen.paint(last)).contains("\u{1b}[2;10H"));
        screen.resize((5, 4));
        let smaller = text(screen.paint(last));
        assert!(smaller.contains("\u{1b}[2J") && smaller.contains("\u{1b}[4;5Hx"), "{smaller:?}");
        screen.resize((0, 0));
        screen.paint(|_| {});
    }

    #[test]
    fn hostile_cells_never_reach_the_terminal() {
        let hostile =
            ["\u{1b}]0;t\u{7}", "\u{9b}2J", "a\tb", "\u{202e}", "\n", "\u{7f}", "\u{200f}"];
        for symbol in hostile {
            let mut screen = Screen::new((4, 1));
            let painted = text(screen.paint(|frame| {
                frame.buffer_mut()[(1, 0)].set_symbol(symbol);
            }));
            assert!(!painted.contains(symbol), "{painted:?}");
            assert!(painted.contains('?'), "{painted:?}");
            let body = painted.replace("\u{1b}[", "");
            assert!(!body.contains(|c: char| c == '\t' || is_dangerous(c)), "{painted:?}");
        }
    }
}
