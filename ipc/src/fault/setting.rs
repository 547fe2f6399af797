//! Problems of settings as messages of the catalogue.
//!
//! The settings say them in English, in a crate that knows no words; the `config-*`
//! messages are read backwards to tell which one a sentence is.

use super::Said;
use super::form::{self, Family};
use crate::said;

/// What is wrong at a place, and what to do about it, which may be empty.
pub fn setting_said(place: &str, message: &str, hint: &str) -> Said {
    let (place, problem) = (remark(place), problem(message));
    match hint {
        "" => said!("settings-line", place = place, problem = problem),
        hint => {
            said!("settings-line-hint", place = place, problem = problem, hint = remark(hint))
        }
    }
}

/// One sentence about settings; one that is nobody's of ours is said as it is.
pub fn remark(sentence: &str) -> Said {
    form::read(Family::Config, sentence).unwrap_or_else(|| said!("settings-other", text = sentence))
}

/// What is wrong, after the name of the setting where that is said.
fn problem(message: &str) -> Said {
    // names of calendars are people's own
    let in_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-".contains(c);
    match message.split_once(": ") {
        Some((setting, problem)) if setting.contains('.') && setting.chars().all(in_name) => {
            said!("settings-of", setting = setting, problem = remark(problem))
        }
        _ => remark(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;
    use crate::fault::say;

    #[test]
    fn problems_of_settings_are_said_in_bulgarian() {
        let table = [
            (
                ("a.toml:4:7", "daemon.log: is empty", "write for example \"info\""),
                "a.toml:4:7: daemon.log: няма стойност (напишете например \"info\")",
            ),
            (
                ("a.toml:8:16", "runs.output_limit: 1GiB is out of range", "write 1KiB to 64MiB"),
                "a.toml:8:16: runs.output_limit: 1GiB е извън границите (напишете от 1KiB до 64MiB)",
            ),
            (
                ("environment variable RPAD_STORE_CACHE", "\"lots\" is not a size", ""),
                "променлива на средата RPAD_STORE_CACHE: „lots“ не е размер",
            ),
            (
                ("a.toml:9:1", "store.cache: cannot be a boolean", ""),
                "a.toml:9:1: store.cache: не може да е булева стойност",
            ),
            (("a.toml:1:8", "unclosed table", ""), "a.toml:1:8: unclosed table"),
        ];
        for ((place, message, hint), wanted) in table {
            let said = setting_said(place, message, hint);
            assert_eq!(say(Language::Bulgarian, &said).as_deref(), Some(wanted));
            let english = match hint {
                "" => format!("{place}: {message}"),
                hint => format!("{place}: {message} ({hint})"),
            };
            assert_eq!(say(Language::English, &said), Some(english));
        }
    }
}
