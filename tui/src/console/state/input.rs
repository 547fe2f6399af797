//! One line of typed text.

use crate::console::keys::Key;
use crate::text::{cells, is_dangerous};

/// Longest text in bytes: beyond it a file is the better place.
const LONGEST: usize = 16 * 1024;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    text: String,
    /// Byte offset of the cursor, on a character's boundary.
    at: usize,
}

impl Input {
    pub fn of(text: &str) -> Input {
        let mut input = Input::default();
        input.paste(text);
        input
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the cursor is behind the last character.
    pub fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    pub fn clear(&mut self) {
        *self = Input::default();
    }

    /// Whether the key belonged to the text.
    pub fn key(&mut self, key: Key) -> bool {
        match key {
            Key::Char(c) => self.paste(c.encode_utf8(&mut [0; 4])),
            Key::Backspace => {
                let from = self.before();
                self.text.drain(from..self.at);
                self.at = from;
            }
            Key::Delete => {
                let to = self.after();
                self.text.drain(self.at..to);
            }
            Key::Left => self.at = self.before(),
            Key::Right => self.at = self.after(),
            Key::Home => self.at = 0,
            Key::End => self.at = self.text.len(),
            Key::Ctrl('w') => {
                let kept = self.text[..self.at].trim_end();
                let from = kept.rfind(char::is_whitespace).map_or(0, |space| space + 1);
                self.text.drain(from..self.at);
                self.at = from;
            }
            Key::Ctrl('u') => {
                self.text.drain(..self.at);
                self.at = 0;
            }
            _ => return false,
        }
        true
    }

    /// Text that came at once: what a terminal would obey is left out, line ends
    /// become blanks.
    pub fn paste(&mut self, text: &str) {
        for c in text.chars() {
            let c = if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c };
            if is_dangerous(c) || self.text.len() + c.len_utf8() > LONGEST {
                continue;
            }
            self.text.insert(self.at, c);
            self.at += c.len_utf8();
        }
    }

    /// What of the text fits `width` cells with the cursor in sight, and the
    /// cursor's cell in it.
    pub fn visible(&self, width: usize) -> (&str, usize) {
        let room = width.saturating_sub(1);
        let mut from = 0;
        while cells(&self.text[from..self.at]) > room {
            from += self.text[from..].chars().next().map_or(1, char::len_utf8);
        }
        let shown = &self.text[from..];
        let mut used = 0;
        let fits = shown.char_indices().find(|(_, c)| {
            used += cells(c.encode_utf8(&mut [0; 4]));
            used > width
        });
        let end = fits.map_or(shown.len(), |(end, _)| end);
        (&shown[..end], cells(&self.text[from..self.at]))
    }

    fn before(&self) -> usize {
        self.text[..self.at].char_indices().next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        self.text[self.at..].chars().next().map_or(self.at, |c| self.at + c.len_utf8())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_edit_at_the_cursor() {
        let mut input = Input::of("да 東 é");
        for key in [Key::Left, Key::Backspace, Key::Char('x'), Key::Home, Key::Delete] {
            assert!(input.key(key));
        }
        assert_eq!(input.text(), "а 東xé");
        input.key(Key::End);
        input.key(Key::Ctrl('w'));
        assert_eq!(input.text(), "а ");
        input.key(Key::Ctrl('u'));
        assert_eq!(input.text(), "");
        assert!(!input.key(Key::Enter));
    }

    #[test]
    fn pasted_text_obeys_the_terminal_no_more() {
        assert_eq!(Input::of("a\u{1b}[2J\u{202e}b\nc\t").text(), "a[2Jb c ");
    }

    #[test]
    fn the_cursor_is_always_in_sight() {
        let input = Input::of("abcdefgh");
        assert_eq!(input.visible(20), ("abcdefgh", 8));
        assert_eq!(input.visible(4), ("fgh", 3));
        let mut start = input;
        start.key(Key::Home);
        assert_eq!(start.visible(4), ("abcd", 0));
        for width in 0..12 {
            let wide = Input::of("東京 x 東京");
            let (text, at) = wide.visible(width);
            assert!(cells(text) <= width && at <= width.max(1), "{width}");
        }
    }
}
