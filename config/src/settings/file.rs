//! The layer of the file, `rpad.toml`.

use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::calendars;
use super::problem::{Origin, SettingsProblem};
use super::{DEFINITIONS, Definition, SECTIONS, Settings};
use crate::suggest;

/// The shipped file has 4 KiB; this is for what nobody meant to be one.
const MAX_FILE_BYTES: u64 = 1 << 20;

pub(super) fn apply(path: &Path, settings: &mut Settings, problems: &mut Vec<SettingsProblem>) {
    match read(path) {
        Ok(source) => Layer { path, source: &source, problems }.apply(settings),
        Err(message) => problems.push(SettingsProblem {
            origin: Origin::Unreadable(path.to_owned()),
            message,
            hint: "name another file with --config or RPAD_CONFIG, or repair this one".to_owned(),
        }),
    }
}

fn read(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|e| e.to_string())?.len();
    if size > MAX_FILE_BYTES {
        return Err(format!("has {size} bytes; at most {MAX_FILE_BYTES} are read"));
    }
    std::fs::read_to_string(path).map_err(|e| e.to_string())
}

pub(super) struct Layer<'a> {
    path: &'a Path,
    source: &'a str,
    pub(super) problems: &'a mut Vec<SettingsProblem>,
}

impl Layer<'_> {
    fn apply(&mut self, settings: &mut Settings) {
        let (root, errors) = DeTable::parse_recoverable(self.source);
        for error in &errors {
            let span = error.span().unwrap_or_default();
            self.report(&span, error.message(), "write `key = value` under a `[section]`");
        }
        // what recovery makes of a broken file is not what was meant
        let readable = errors.is_empty();
        for (key, value) in root.get_ref().iter().filter(|_| readable) {
            if key.get_ref() == calendars::SECTION {
                self.calendars(&key.span(), value.get_ref(), &mut settings.calendars);
                continue;
            }
            self.section(key.get_ref(), &key.span(), value.get_ref(), settings);
        }
        // other files come behind this one
        self.problems.sort_by_key(|problem| match &problem.origin {
            Origin::File { path, line, column } => (path != self.path, *line, *column),
            _ => (true, 0, 0),
        });
    }

    fn section(
        &mut self,
        name: &str,
        at: &Range<usize>,
        value: &DeValue<'_>,
        settings: &mut Settings,
    ) {
        let known = SECTIONS.iter().map(|section| section.name).chain([calendars::SECTION]);
        if !known.clone().any(|section| section == name) {
            let home = DEFINITIONS.iter().find(|d| d.name == name && !value.is_table());
            let hint = match home {
                Some(d) => format!("it belongs under [{}]", d.section),
                None => suggest::hint(name, "sections", known),
            };
            self.report(at, format!("there is no section {name:?}"), hint);
            return;
        }
        let Some(table) = value.as_table() else {
            let message = format!("{name} is a section, not a {}", value.type_str());
            self.report(at, message, format!("write [{name}] on a line of its own"));
            return;
        };
        let definitions: Vec<_> = DEFINITIONS.iter().filter(|d| d.section == name).collect();
        for (key, value) in table.iter() {
            match definitions.iter().find(|d| d.name == key.get_ref().as_ref()) {
                Some(definition) => {
                    self.setting(definition, &value.span(), value.get_ref(), settings);
                }
                None => {
                    let message = format!("unknown key {:?} in [{name}]", key.get_ref());
                    let names = definitions.iter().map(|d| d.name);
                    self.report(&key.span(), message, suggest::hint(key.get_ref(), "keys", names));
                }
            }
        }
    }

    fn setting(
        &mut self,
        definition: &Definition,
        at: &Range<usize>,
        value: &DeValue<'_>,
        settings: &mut Settings,
    ) {
        match definition.kind.read_toml(value) {
            Ok(value) => settings.assign(definition, value),
            Err(e) => self.report(at, format!("{}: {}", definition.full_name(), e.message), e.hint),
        }
    }

    pub(super) fn report(
        &mut self,
        at: &Range<usize>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let before = self.source.get(..at.start).unwrap_or(self.source);
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let origin = Origin::File {
            path: self.path.to_owned(),
            line: 1 + count(before.matches('\n').count()),
            column: 1 + count(before[line_start..].chars().count()),
        };
        self.problems.push(SettingsProblem { origin, message: message.into(), hint: hint.into() });
    }
}
