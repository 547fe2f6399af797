//! The languages that people are addressed in.
//!
//! Stored data, logs, JSON and the command line's own names stay English: programs
//! read them.

use std::fmt;
use std::str::FromStr;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    English,
    Bulgarian,
}

/// Names the language of `rpa` and `rpa-tui`: `en`, `bg`, or `auto` for the locale.
pub const LANGUAGE_ENV: &str = "RPA_LANG";

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::Bulgarian];

    /// `en`, `bg` (ISO 639-1).
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Bulgarian => "bg",
        }
    }

    /// What the language calls itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::Bulgarian => "Български",
        }
    }

    /// The language of the locale; English when that is another one, or none. The
    /// first of the variables that is set decides, as in POSIX.
    pub fn of_locale(variable: impl Fn(&str) -> Option<String>) -> Language {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable);
        let locale = set.into_iter().find(|value| !value.is_empty()).unwrap_or_default();
        let name = locale.split(['_', '.', '@']).next().unwrap_or_default();
        name.parse().unwrap_or_default()
    }

    /// [`LANGUAGE_ENV`], or else the locale. An unknown word there counts as
    /// `auto`: a language is no reason to refuse work.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Language {
        let named = variable(LANGUAGE_ENV).and_then(|word| word.parse().ok());
        named.unwrap_or_else(|| Language::of_locale(variable))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Not a language of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is none of en, bg")]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(word: &str) -> Result<Language, UnknownLanguage> {
        let is = |language: &Language| language.code().eq_ignore_ascii_case(word);
        Language::ALL.into_iter().find(is).ok_or(UnknownLanguage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_names_the_language_unless_a_variable_does() {
        let table = [
            (vec![], Language::English),
            (vec![("LANG", "bg_BG.UTF-8")], Language::Bulgarian),
            (vec![("LC_ALL", ""), ("LC_MESSAGES", "bg"), ("LANG", "en_US")], Language::Bulgarian),
            (vec![("LC_ALL", "C"), ("LANG", "bg_BG.UTF-8")], Language::English),
            (vec![("LANG", "de_DE.UTF-8")], Language::English),
            (vec![("RPA_LANG", "bg"), ("LANG", "en_US")], Language::Bulgarian),
            (vec![("RPA_LANG", "EN"), ("LANG", "bg_BG")], Language::English),
            (vec![("RPA_LANG", "auto"), ("LANG", "bg_BG")], Language::Bulgarian),
        ];
        for (set, wanted) in table {
            let find = |name: &str| set.iter().find(|v| v.0 == name).map(|v| v.1.to_owned());
            assert_eq!(Language::of_environment(find), wanted, "{set:?}");
        }
    }
}
