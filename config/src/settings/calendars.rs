//! `[calendars.NAME]`: sections that people name themselves, which the table of settings
//! cannot have.

use std::ops::Range;
use std::path::PathBuf;

use jiff::civil::Weekday;
use rpa_engine::Label;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::Layer;
use super::kind::{Kind, Refusal, Setting};
use super::problem::{Origin, SettingsProblem};
use crate::calendar::{Calendar, Calendars, FileProblem, Span, parse_span, weekday};
use crate::suggest;

/// The name of the section.
pub const SECTION: &str = "calendars";

/// Its keys, what each takes, and what it is for: the manual has them as well.
pub const CALENDAR_KEYS: [(&str, &str, &str); 3] = [
    ("days", r#"["sat", "sun"]"#, "Days of each week."),
    (
        "dates",
        r#"["2026-12-24", "2026-12-31..2027-01-02"]"#,
        "Dates, and days from one to another, both ends among them.",
    ),
    (
        "file",
        r#""/etc/rpad/holidays.ics""#,
        "A file of days: iCalendar, or dates as above, one a line. It may have 1 MiB.",
    ),
];

pub(super) const DOC: &str = "Calendars, by names of your own: days on which schedules fire, \
     or do not. Each has at least one of these keys. Files are read when the daemon starts.";

/// These are there by themselves.
const BUILT_IN: [&str; 3] = ["all", "weekdays", "weekends"];

/// What one calendar says.
#[derive(Default)]
struct Said {
    weekdays: Vec<Weekday>,
    spans: Vec<Span>,
    file: Option<PathBuf>,
}

impl Layer<'_> {
    pub(super) fn calendars(
        &mut self,
        at: &Range<usize>,
        value: &DeValue<'_>,
        calendars: &mut Calendars,
    ) {
        let Some(table) = value.as_table() else {
            let message = format!("{SECTION} is a section, not a {}", value.type_str());
            return self.report(at, message, "write [calendars.NAME] on a line of its own");
        };
        for (name, value) in table.iter() {
            let (at, name) = (name.span(), name.get_ref().as_ref());
            if let Err(e) = admit(name) {
                self.report(&at, e.message, e.hint);
                continue;
            }
            match value.get_ref().as_table() {
                Some(table) => {
                    if let Some(calendar) = self.calendar(name, &at, table) {
                        calendars.insert(name, calendar);
                    }
                }
                None => {
                    let got = value.get_ref().type_str();
                    let message = format!("{SECTION}.{name} is a section, not a {got}");
                    self.report(&at, message, "write [calendars.NAME] on a line of its own");
                }
            }
        }
    }

    /// None when something is wrong with it, which was reported.
    fn calendar(&mut self, name: &str, at: &Range<usize>, table: &DeTable<'_>) -> Option<Calendar> {
        let before = self.problems.len();
        let mut said = Said::default();
        for (key, value) in table.iter() {
            let word = key.get_ref().as_ref();
            let refusals = match word {
                "days" => each(value, "mon", |text| {
                    said.weekdays.push(weekday(text).ok_or_else(|| no_weekday(text))?);
                    Ok(())
                }),
                "dates" => each(value, "2026-12-24", |text| {
                    let span =
                        parse_span(text).map_err(|(message, hint)| Refusal { message, hint });
                    said.spans.push(span?);
                    Ok(())
                }),
                "file" => match Kind::Path.read_toml(value.get_ref()) {
                    Ok(Setting::Path(path)) => {
                        said.file = path;
                        Vec::new()
                    }
                    Ok(other) => unreachable!("{other:?} for a path"),
                    Err(refusal) => vec![(value.span(), refusal)],
                },
                _ => {
                    let message = format!("unknown key {word:?} in [{SECTION}.{name}]");
                    let keys = CALENDAR_KEYS.iter().map(|(key, ..)| *key);
                    self.report(&key.span(), message, suggest::hint(word, "keys", keys));
                    continue;
                }
            };
            for (at, refusal) in refusals {
                let message = format!("{SECTION}.{name}.{word}: {}", refusal.message);
                self.report(&at, message, refusal.hint);
            }
        }
        if self.problems.len() == before && said.is_empty() {
            let message = format!("{SECTION}.{name}: names no day");
            self.report(at, message, "write days, dates or file below it");
        }
        let mut calendar = Calendar::default();
        calendar.add(&said.weekdays, said.spans, Vec::new());
        if let Some(path) = said.file
            && let Err(problems) = calendar.add_file(&path)
        {
            self.problems.extend(problems.into_iter().map(|problem| of_file(&path, problem)));
        }
        (self.problems.len() == before).then_some(calendar)
    }
}

impl Said {
    fn is_empty(&self) -> bool {
        self.weekdays.is_empty() && self.spans.is_empty() && self.file.is_none()
    }
}

fn admit(name: &str) -> Result<(), Refusal> {
    if BUILT_IN.contains(&name) {
        let message = format!("the calendar {name:?} is there by itself");
        return Err(Refusal { message, hint: "choose another name".to_owned() });
    }
    match name.parse::<Label>() {
        Ok(_) => Ok(()),
        Err(_) => Err(Refusal {
            message: format!("{name:?} is no name of a calendar"),
            hint: "use up to 64 lower-case letters, digits, - and _".to_owned(),
        }),
    }
}

/// Each text of a list, and where the ones stand that are refused.
fn each(
    value: &Spanned<DeValue<'_>>,
    example: &str,
    mut take: impl FnMut(&str) -> Result<(), Refusal>,
) -> Vec<(Range<usize>, Refusal)> {
    let no_list = |at| {
        let hint = format!("write for example [{example:?}]");
        vec![(at, Refusal { message: "is not a list of strings".to_owned(), hint })]
    };
    let Some(items) = value.get_ref().as_array() else { return no_list(value.span()) };
    let mut refusals = Vec::new();
    for item in items {
        match item.get_ref().as_str() {
            Some(text) => refusals.extend(take(text).err().map(|e| (item.span(), e))),
            None => return no_list(item.span()),
        }
    }
    refusals
}

fn no_weekday(text: &str) -> Refusal {
    Refusal {
        message: format!("{text:?} is no day of the week"),
        hint: "write mon, tue, wed, thu, fri, sat or sun".to_owned(),
    }
}

/// A problem of a calendar's file, where it stands.
fn of_file(path: &std::path::Path, problem: FileProblem) -> SettingsProblem {
    let path = path.to_owned();
    let origin = match problem.line {
        Some(line) => Origin::File { path, line, column: 1 },
        None => Origin::Unreadable(path),
    };
    SettingsProblem { origin, message: problem.message, hint: problem.hint }
}
