//! A key as a terminal reports it, without what terminals disagree about.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// As produced: upper case is with shift.
    Char(char),
    Ctrl(char),
    Alt(char),
    F(u8),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    ShiftUp,
    ShiftDown,
    ShiftLeft,
    ShiftRight,
    AltLeft,
    AltRight,
    PageUp,
    PageDown,
    Home,
    End,
}

impl Key {
    /// Those that have a name and no character.
    const NAMED: [Key; 21] = [
        Key::Enter,
        Key::Esc,
        Key::Tab,
        Key::BackTab,
        Key::Backspace,
        Key::Delete,
        Key::Up,
        Key::Down,
        Key::Left,
        Key::Right,
        Key::ShiftUp,
        Key::ShiftDown,
        Key::ShiftLeft,
        Key::ShiftRight,
        Key::AltLeft,
        Key::AltRight,
        Key::PageUp,
        Key::PageDown,
        Key::Home,
        Key::End,
        Key::Char(' '),
    ];

    /// The key that is shown as `text`; names in whatever case.
    pub fn parse(text: &str) -> Option<Key> {
        let one = |text: &str| {
            let mut chars = text.chars();
            chars.next().filter(|c| chars.next().is_none() && !c.is_control())
        };
        if let Some(c) = one(text) {
            return Some(Key::Char(c));
        }
        let named = Key::NAMED.into_iter().find(|key| key.to_string().eq_ignore_ascii_case(text));
        let function = || {
            let number = text.strip_prefix(['F', 'f'])?.parse().ok()?;
            (1..=24).contains(&number).then_some(Key::F(number))
        };
        let held = || {
            let (with, key) = text.split_once('-')?;
            match (with.to_ascii_lowercase().as_str(), one(key)?) {
                ("ctrl", c) => Some(Key::Ctrl(c.to_ascii_lowercase())),
                ("alt", c) => Some(Key::Alt(c)),
                _ => None,
            }
        };
        named.or_else(function).or_else(held)
    }

    /// The key of an event; `None` for releases and for keys that nothing uses.
    pub fn of(event: &KeyEvent) -> Option<Key> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        let shift = event.modifiers.contains(KeyModifiers::SHIFT);
        Some(match event.code {
            KeyCode::Left if alt => Key::AltLeft,
            KeyCode::Right if alt => Key::AltRight,
            KeyCode::Up if shift => Key::ShiftUp,
            KeyCode::Down if shift => Key::ShiftDown,
            KeyCode::Left if shift => Key::ShiftLeft,
            KeyCode::Right if shift => Key::ShiftRight,
            KeyCode::Char(c) if ctrl => Key::Ctrl(c.to_ascii_lowercase()),
            KeyCode::Char(c) if alt => Key::Alt(c),
            KeyCode::Char(c) => Key::Char(c),
            KeyCode::F(n) => Key::F(n),
            KeyCode::Enter => Key::Enter,
            KeyCode::Esc => Key::Esc,
            KeyCode::Tab => Key::Tab,
            KeyCode::BackTab => Key::BackTab,
            KeyCode::Backspace => Key::Backspace,
            KeyCode::Delete => Key::Delete,
            KeyCode::Up => Key::Up,
            KeyCode::Down => Key::Down,
            KeyCode::Left => Key::Left,
            KeyCode::Right => Key::Right,
            KeyCode::PageUp => Key::PageUp,
            KeyCode::PageDown => Key::PageDown,
            KeyCode::Home => Key::Home,
            KeyCode::End => Key::End,
            _ => return None,
        })
    }
}

/// As hints and help show it. Names of keys are what stands on them.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Char(' ') => f.write_str("Space"),
            Key::Char(c) => write!(f, "{c}"),
            Key::Ctrl(c) => write!(f, "Ctrl-{}", c.to_ascii_uppercase()),
            Key::Alt(c) => write!(f, "Alt-{c}"),
            Key::F(n) => write!(f, "F{n}"),
            Key::BackTab => f.write_str("Shift-Tab"),
            Key::ShiftUp => f.write_str("Shift-Up"),
            Key::ShiftDown => f.write_str("Shift-Down"),
            Key::ShiftLeft => f.write_str("Shift-Left"),
            Key::AltLeft => f.write_str("Alt-Left"),
            Key::AltRight => f.write_str("Alt-Right"),
            Key::ShiftRight => f.write_str("Shift-Right"),
            Key::PageUp => f.write_str("PgUp"),
            Key::PageDown => f.write_str("PgDn"),
            Key::Delete => f.write_str("Del"),
            Key::Enter
            | Key::Esc
            | Key::Tab
            | Key::Backspace
            | Key::Up
            | Key::Down
            | Key::Left
            | Key::Right
            | Key::Home
            | Key::End => write!(f, "{self:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::keys::TABLE;

    #[test]
    fn every_key_is_read_as_it_is_shown() {
        let used = TABLE.iter().flat_map(|binding| binding.keys.iter().copied());
        for key in used.chain(Key::NAMED).chain([Key::Char('-'), Key::Alt('-'), Key::Ctrl('x')]) {
            assert_eq!(Key::parse(&key.to_string()), Some(key), "{key}");
        }
        assert_eq!(Key::parse("pgup"), Some(Key::PageUp));
        assert_eq!(Key::parse("ctrl-X"), Some(Key::Ctrl('x')));
        for wrong in ["", "Ctrl-", "F0", "F25", "Hyper-x", "ab", "Ctrl-Up", "\u{7}"] {
            assert_eq!(Key::parse(wrong), None, "{wrong:?}");
        }
    }
}
