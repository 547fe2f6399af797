//! Cyrillic keyboard layouts on the command path.
//!
//! A terminal sends the character that was produced, so that `j` arrives as `т` on
//! one Bulgarian layout and as `й` on another. The layouts disagree, so a setting
//! says which one it is. Positions are those of xkeyboard-config, `symbols/bg`.
//! Never applied where text is typed.

use std::str::FromStr;

use super::Key;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    #[default]
    Us,
    Bds,
    Phonetic,
    BasPhonetic,
}

/// Cyrillic letters and the Latin ones on the same keys, without shift.
const BDS: (&str, &str) = ("уеишщксдзцьяаожгтнвмчюйъэфхпрлб", "wertyuiop[asdfghjkl;'zxcvbnm,./");
const PHONETIC: (&str, &str) =
    ("явертъуиопшщасдфгхйклзьцжбнмчю", "qwertyuiop[]asdfghjklzxcvbnm`\\");
const BAS_PHONETIC: (&str, &str) =
    ("чшертъуиопящасдфгхйклзжцвбнмью", "qwertyuiop[]asdfghjklzxcvbnm\\`");

impl Layout {
    pub const ALL: [Layout; 4] = [Layout::Us, Layout::Bds, Layout::Phonetic, Layout::BasPhonetic];

    /// As the setting and XKB name it.
    pub fn word(self) -> &'static str {
        match self {
            Layout::Us => "us",
            Layout::Bds => "bg-bds",
            Layout::Phonetic => "bg-phonetic",
            Layout::BasPhonetic => "bg-bas-phonetic",
        }
    }

    /// The key that stands where the pressed one does on a Latin keyboard.
    pub fn latin(self, key: Key) -> Key {
        match key {
            Key::Char(c) => Key::Char(self.latin_char(c)),
            Key::Ctrl(c) => Key::Ctrl(self.latin_char(c)),
            Key::Alt(c) => Key::Alt(self.latin_char(c)),
            other => other,
        }
    }

    fn latin_char(self, c: char) -> char {
        let (cyrillic, latin) = match self {
            Layout::Us => return c,
            Layout::Bds => BDS,
            Layout::Phonetic => PHONETIC,
            Layout::BasPhonetic => BAS_PHONETIC,
        };
        let lower = c.to_lowercase().next().unwrap_or(c);
        let Some(at) = cyrillic.chars().position(|k| k == lower) else { return c };
        let found = latin.chars().nth(at).unwrap_or(c);
        if lower == c { found } else { shifted(found) }
    }
}

/// What the key gives with shift on a Latin keyboard.
fn shifted(c: char) -> char {
    match c {
        '[' => '{',
        ']' => '}',
        ';' => ':',
        '\'' => '"',
        ',' => '<',
        '.' => '>',
        '/' => '?',
        '`' => '~',
        '\\' => '|',
        letter => letter.to_ascii_uppercase(),
    }
}

/// Whether a key can only come from a Cyrillic layout.
pub fn is_cyrillic(key: Key) -> bool {
    matches!(key, Key::Char(c) | Key::Ctrl(c) | Key::Alt(c) if ('\u{400}'..='\u{4ff}').contains(&c))
}

/// Not a layout of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is none of us, bg-bds, bg-phonetic, bg-bas-phonetic")]
pub struct UnknownLayout;

impl FromStr for Layout {
    type Err = UnknownLayout;

    fn from_str(word: &str) -> Result<Layout, UnknownLayout> {
        Layout::ALL.into_iter().find(|l| l.word() == word).ok_or(UnknownLayout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_have_a_place_for_every_letter() {
        for (cyrillic, latin) in [BDS, PHONETIC, BAS_PHONETIC] {
            assert_eq!(cyrillic.chars().count(), latin.chars().count(), "{cyrillic}");
            let mut letters: Vec<char> = cyrillic.chars().collect();
            letters.sort_unstable();
            letters.dedup();
            assert_eq!(letters.len(), cyrillic.chars().count(), "a letter twice: {cyrillic}");
        }
    }

    #[test]
    fn positions_are_those_of_each_layout() {
        let table = [
            (Layout::Us, "jт", "jт"),
            (Layout::Bds, "тнвгГяМq", "jklhHs:q"),
            (Layout::Phonetic, "йкхляЯ", "jkhlqQ"),
            (Layout::BasPhonetic, "йкхляжв", "jkhl[xv"),
        ];
        for (layout, typed, wanted) in table {
            let found: String = typed.chars().map(|c| layout.latin_char(c)).collect();
            assert_eq!(found, wanted, "{layout:?}");
        }
    }
}
