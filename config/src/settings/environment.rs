//! The layer of the environment: `RPAD_SECTION_KEY`.

use super::problem::{Origin, SettingsProblem};
use super::{CALENDARS, DEFINITIONS, SECTIONS, Settings};
use crate::paths;
use crate::suggest;

const PREFIX: &str = "RPAD_";

pub(super) fn apply(
    env: impl Iterator<Item = (String, String)>,
    settings: &mut Settings,
    problems: &mut Vec<SettingsProblem>,
) {
    let mut ours: Vec<_> = env.filter(|(name, _)| name.starts_with(PREFIX)).collect();
    ours.sort();
    for (name, text) in ours {
        let refusal = match DEFINITIONS.iter().find(|d| d.env_name() == name) {
            Some(definition) => match definition.kind.read_text(&text) {
                Ok(value) => {
                    settings.assign(definition, value);
                    continue;
                }
                Err(refusal) => (refusal.message, refusal.hint),
            },
            None if paths::ENVIRONMENT.contains(&name.as_str()) => continue,
            None => match unknown(&name) {
                Some(hint) => ("there is no such setting".to_owned(), hint),
                None => continue,
            },
        };
        let (message, hint) = refusal;
        problems.push(SettingsProblem { origin: Origin::Environment(name), message, hint });
    }
}

/// The hint for a variable that was meant for us: one of a section, or one that
/// is close to a setting's. Any other `RPAD_…` may be somebody else's.
fn unknown(name: &str) -> Option<String> {
    let all: Vec<String> = DEFINITIONS.iter().map(super::Definition::env_name).collect();
    let in_section = |section: &str| {
        let prefix = format!("{PREFIX}{}_", section.to_ascii_uppercase());
        name.starts_with(&prefix).then_some(prefix)
    };
    if let Some(prefix) = SECTIONS.iter().find_map(|s| in_section(s.name)) {
        let names = all.iter().map(String::as_str).filter(|n| n.starts_with(&prefix));
        return Some(suggest::hint(name, "settings", names));
    }
    if in_section(CALENDARS).is_some() {
        return Some("calendars stand in the file alone".to_owned());
    }
    suggest::nearest(name, all.iter().map(String::as_str))
        .map(|near| format!("did you mean {near}?"))
}
