//! Several lines of typed text: a command, a document, a description.

use crate::console::keys::Key;
use crate::text::{cells, is_dangerous};

/// Longest text in bytes: what is longer is for an editor of one's own.
pub const LONGEST: usize = 256 * 1024;
/// What a tab shows as.
const TAB: &str = "    ";
/// What the Tab key types: YAML and JSON know no other way in.
const INDENT: &str = "  ";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// At least one.
    lines: Vec<String>,
    row: usize,
    /// Byte offset of the cursor in its line, on a character's boundary.
    at: usize,
    /// The first line that is shown.
    top: usize,
}

/// Whether a text can be typed on here: nothing of it would be lost.
pub fn is_typable(text: &str) -> bool {
    text.len() <= LONGEST && text.chars().all(|c| c == '\n' || !is_dangerous(c))
}

impl Area {
    /// With the cursor at the beginning.
    pub fn of(text: &str) -> Area {
        let line = |line: &str| line.chars().filter(|c| !is_dangerous(*c)).collect();
        Area { lines: text.split('\n').map(line).collect(), row: 0, at: 0, top: 0 }
    }

    pub fn text(&self) -> String {
        self.lines.join("\n")
    }

    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// Whether the key belonged to the text, of which `height` lines are shown.
    pub fn key(&mut self, key: Key, height: usize) -> bool {
        match key {
            Key::Char(c) => self.insert(c),
            Key::Enter => self.insert('\n'),
            Key::Tab => INDENT.chars().for_each(|c| self.insert(c)),
            Key::Backspace => self.back(),
            Key::Delete => self.delete(),
            Key::Left => self.left(),
            Key::Right => self.right(),
            Key::Up => self.go(self.row.saturating_sub(1)),
            Key::Down => self.go(self.row + 1),
            Key::PageUp => self.go(self.row.saturating_sub(height.max(2) - 1)),
            Key::PageDown => self.go(self.row + height.max(2) - 1),
            Key::Home => self.at = 0,
            Key::End => self.at = self.line().len(),
            Key::Ctrl('u') => {
                let at = self.at;
                self.lines[self.row].drain(..at);
                self.at = 0;
            }
            Key::Ctrl('w') => self.delete_word(),
            _ => return false,
        }
        self.show(height);
        true
    }

    /// Text that came at once; what a terminal would obey is left out.
    pub fn paste(&mut self, text: &str, height: usize) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut room = LONGEST.saturating_sub(self.size());
        let fits = |c: &char| {
            let left = room.checked_sub(c.len_utf8());
            room = left.unwrap_or(0);
            left.is_some()
        };
        let harmless = text.chars().filter(|c| *c == '\n' || !is_dangerous(*c));
        let text: String = harmless.take_while(fits).collect();
        self.put(&text);
        self.show(height);
    }

    /// Puts a text in at the cursor, which is behind it then.
    fn put(&mut self, text: &str) {
        let rest = self.lines[self.row].split_off(self.at);
        let mut parts = text.split('\n');
        self.lines[self.row].push_str(parts.next().unwrap_or_default());
        let more: Vec<String> = parts.map(str::to_owned).collect();
        let below = self.row + 1;
        self.row += more.len();
        self.lines.splice(below..below, more);
        let line = &mut self.lines[self.row];
        self.at = line.len();
        line.push_str(&rest);
    }

    /// Bytes of the text, and one more.
    fn size(&self) -> usize {
        self.lines.iter().map(|line| line.len() + 1).sum()
    }

    /// The lines in sight, each as many cells as there are, and the cell and row of the
    /// cursor among them.
    pub fn visible(&self, width: usize, height: usize) -> (Vec<String>, (usize, usize)) {
        let before = cells(&expanded(&self.line()[..self.at]));
        // sideways in one: what is above and below stays beside it
        let from = (before + 1).saturating_sub(width);
        let shown = self.lines.iter().skip(self.top).take(height);
        let lines = shown.map(|line| cut(&expanded(line), from, width)).collect();
        (lines, (before - from.min(before), self.row.saturating_sub(self.top)))
    }

    fn line(&self) -> &str {
        &self.lines[self.row]
    }

    fn insert(&mut self, c: char) {
        let room = self.size() + c.len_utf8() <= LONGEST;
        if room && (c == '\n' || !is_dangerous(c)) {
            self.put(c.encode_utf8(&mut [0; 4]));
        }
    }

    fn back(&mut self) {
        if (self.row, self.at) != (0, 0) {
            self.left();
            self.delete();
        }
    }

    fn delete(&mut self) {
        if self.at < self.line().len() {
            let at = self.at;
            self.lines[self.row].remove(at);
        } else if self.row + 1 < self.lines.len() {
            let next = self.lines.remove(self.row + 1);
            self.lines[self.row].push_str(&next);
        }
    }

    fn delete_word(&mut self) {
        let at = self.at;
        let kept = self.line()[..at].trim_end();
        let from = kept
            .rfind(char::is_whitespace)
            .map_or(0, |space| space + kept[space..].chars().next().map_or(1, char::len_utf8));
        self.lines[self.row].drain(from..at);
        self.at = from;
    }

    fn left(&mut self) {
        match self.line()[..self.at].chars().next_back() {
            Some(c) => self.at -= c.len_utf8(),
            None if self.row > 0 => {
                self.row -= 1;
                self.at = self.line().len();
            }
            None => {}
        }
    }

    fn right(&mut self) {
        match self.line()[self.at..].chars().next() {
            Some(c) => self.at += c.len_utf8(),
            None if self.row + 1 < self.lines.len() => (self.row, self.at) = (self.row + 1, 0),
            None => {}
        }
    }

    /// To another line, at about the same character.
    fn go(&mut self, row: usize) {
        let before = self.line()[..self.at].chars().count();
        self.row = row.min(self.lines.len() - 1);
        let line = self.line();
        self.at = line.char_indices().nth(before).map_or(line.len(), |(at, _)| at);
    }

    fn show(&mut self, height: usize) {
        self.top = self.top.min(self.row).max((self.row + 1).saturating_sub(height.max(1)));
    }
}

fn expanded(line: &str) -> String {
    line.replace('\t', TAB)
}

/// From a cell on, as many as there is room for; half of a wide sign is a blank.
fn cut(line: &str, from: usize, width: usize) -> String {
    let (mut at, mut kept) = (0, String::new());
    for c in line.chars() {
        let size = cells(c.encode_utf8(&mut [0; 4]));
        if at >= from && at + size <= from + width {
            kept.push(c);
        } else if width > 0 && at + size > from && at < from + width {
            kept.push(' ');
        }
        at += size;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(area: &mut Area, keys: &[Key]) {
        keys.iter().for_each(|key| {
            area.key(*key, 4);
        });
    }

    #[test]
    fn keys_edit_at_the_cursor() {
        let mut area = Area::of("да\nb 東 c");
        typed(&mut area, &[Key::Right, Key::Enter, Key::Char('x')]);
        assert_eq!(area.text(), "д\nxа\nb 東 c");
        typed(&mut area, &[Key::Down, Key::End, Key::Backspace, Key::Ctrl('w')]);
        assert_eq!(area.text(), "д\nxа\nb ");
        typed(&mut area, &[Key::Home, Key::Backspace, Key::Backspace]);
        assert_eq!(area.text(), "д\nxb ");
        typed(&mut area, &[Key::Up, Key::End, Key::Delete, Key::Tab]);
        assert_eq!(area.text(), "д  xb ");
        assert!(!area.key(Key::Esc, 4));
        area.paste("1\r\n2\u{1b}[2J\t3", 4);
        assert_eq!(area.text(), "д  1\n2[2J\t3xb ");
    }

    #[test]
    fn a_paste_of_any_length_is_put_in_at_once() {
        let mut area = Area::of("ab");
        typed(&mut area, &[Key::Right]);
        area.paste("1\n2\u{1b}\n3", 4);
        assert_eq!(area.text(), "a1\n2\n3b");
        typed(&mut area, &[Key::Char('x')]);
        assert_eq!(area.text(), "a1\n2\n3xb");
        // more than there is room for: cut, on a character's boundary
        let mut area = Area::of("ab");
        area.paste(&"щ\n".repeat(LONGEST), 4);
        let text = area.text();
        assert!(text.len() <= LONGEST && text.len() > LONGEST - 4, "{}", text.len());
        assert!(text.starts_with("щ\nщ\n") && text.ends_with("ab"));
        assert!(area.rows() > LONGEST / 4);
        area.paste("щ", 4);
        assert_eq!(area.text(), text, "there is no room");
    }

    #[test]
    fn what_would_be_lost_is_not_typed_on() {
        assert!(is_typable("a\n\tb"));
        assert!(!is_typable("a\u{1b}[0m") && !is_typable("a\u{202e}"));
    }

    #[test]
    fn the_cursor_is_always_in_sight() {
        let mut area = Area::of(&"東京 line\n".repeat(20));
        for step in 0..60 {
            area.key([Key::Down, Key::Right, Key::PageDown, Key::Up][step % 4], 5);
            for width in 0..12 {
                let (lines, (x, y)) = area.visible(width, 5);
                assert!(lines.len() <= 5 && y < 5 && x <= width, "{step} {width}");
                assert!(lines.iter().all(|line| cells(line) <= width), "{lines:?}");
            }
        }
    }
}
