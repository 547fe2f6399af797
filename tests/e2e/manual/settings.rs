//! `rpad.toml`: every setting with its default, its range and its variable.

use rpa_config::settings::{CALENDAR_KEYS, CALENDARS, DEFINITIONS};

use super::{definition, section, tags};
use crate::tidy::{Names, names};

#[test]
fn every_setting_is_in_the_manual() {
    let mut documented = Names::new();
    for section_name in names(DEFINITIONS.iter().map(|d| d.section)) {
        documented.extend(tags(&section("rpad.toml.5", &format!("[{section_name}]"))));
    }
    assert_eq!(documented, names(DEFINITIONS.iter().map(|d| d.full_name())));
    for setting in DEFINITIONS {
        let name = setting.full_name();
        let text = definition(&section("rpad.toml.5", &format!("[{}]", setting.section)), &name);
        let default = match setting.default {
            "" => "default none".to_owned(),
            default => format!("default `{default}`"),
        };
        let range = setting.kind.range().replace(" to ", "` to `");
        let range = if range.is_empty() { range } else { format!("from `{range}`") };
        for fact in [default, range, format!("`{}`", setting.env_name())] {
            assert!(text.contains(&fact), "{name}: no {fact:?} in {text:?}");
        }
    }
}

#[test]
fn every_key_of_a_calendar_is_in_the_manual() {
    let documented = tags(&section("rpad.toml.5", &format!("[{CALENDARS}.NAME]")));
    assert!(CALENDAR_KEYS.iter().all(|(key, ..)| documented.contains(*key)), "{documented:?}");
}
