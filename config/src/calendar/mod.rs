//! Calendars: days by a name, as rpad.toml has them. Schedules fire on them, or not.
//!
//! They are read once, with the settings; nothing here looks at a file again.

mod dates;
mod ical;
mod span;
mod yearly;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::{Date, Weekday};

pub use span::Span;
pub use yearly::Yearly;

/// A file of holidays has some kilobytes for each year.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// Spans and yearly days of one calendar: thirty years of a year full of holidays.
const MOST_ENTRIES: usize = 10_000;

/// So many problems of one file are told.
const MOST_PROBLEMS: usize = 20;

/// Some days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Days of each week.
    weekdays: Vec<Weekday>,
    /// In order, none touches the next.
    spans: Vec<Span>,
    yearly: Vec<Yearly>,
}

/// All calendars, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendars {
    by_name: BTreeMap<String, Arc<Calendar>>,
}

/// What is wrong with a file, or with one of its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// Counts from 1; none: the file as a whole.
    pub line: Option<u32>,
    pub message: String,
    pub hint: String,
}

impl FileProblem {
    fn of_file(message: impl Into<String>, hint: &str) -> FileProblem {
        FileProblem { line: None, message: message.into(), hint: hint.to_owned() }
    }

    fn at(line: u32, message: impl Into<String>, hint: &str) -> FileProblem {
        FileProblem { line: Some(line), message: message.into(), hint: hint.to_owned() }
    }
}

impl Calendars {
    pub fn get(&self, name: &str) -> Option<Arc<Calendar>> {
        self.by_name.get(name).cloned()
    }

    /// In order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    pub fn insert(&mut self, name: &str, calendar: Calendar) {
        self.by_name.insert(name.to_owned(), Arc::new(calendar));
    }

    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }
}

impl Calendar {
    /// Adds to it; the days may stand in any order, and more than once.
    pub fn add(&mut self, weekdays: &[Weekday], spans: Vec<Span>, yearly: Vec<Yearly>) {
        self.weekdays.extend_from_slice(weekdays);
        self.spans = span::merged(std::mem::take(&mut self.spans).into_iter().chain(spans));
        self.yearly.extend(yearly);
    }

    /// Adds the days of a file: iCalendar, or dates, one a line.
    pub fn add_file(&mut self, path: &Path) -> Result<(), Vec<FileProblem>> {
        let text = read(path).map_err(|problem| vec![problem])?;
        let text = text.trim_start_matches('\u{feff}');
        if ical::is_one(text) {
            let events = ical::read(text)?;
            self.add(&[], events.spans, events.yearly);
        } else {
            self.add(&[], dates::read(text)?, Vec::new());
        }
        Ok(())
    }

    pub fn has(&self, date: Date) -> bool {
        self.weekdays.contains(&date.weekday())
            || span::contain(&self.spans, date)
            || self.yearly.iter().any(|yearly| yearly.has(date))
    }

    /// Whether it says the same of every week.
    pub fn is_weekly(&self) -> bool {
        self.spans.is_empty() && self.yearly.is_empty()
    }
}

fn read(path: &Path) -> Result<String, FileProblem> {
    const REPAIR: &str =
        "the daemon must be able to read it; name another file, or repair this one";
    let about = std::fs::metadata(path).map_err(|e| FileProblem::of_file(e.to_string(), REPAIR))?;
    if !about.is_file() {
        return Err(FileProblem::of_file("is not a file", REPAIR));
    }
    let size = about.len();
    if size > MAX_FILE_BYTES {
        let message = format!("has {size} bytes; at most {MAX_FILE_BYTES} are read");
        return Err(FileProblem::of_file(message, "keep only the years that are to come"));
    }
    let bytes = std::fs::read(path).map_err(|e| FileProblem::of_file(e.to_string(), REPAIR))?;
    String::from_utf8(bytes).map_err(|_| FileProblem::of_file("is not UTF-8", "save it as UTF-8"))
}

/// Cut to what somebody reads.
fn told(mut problems: Vec<FileProblem>) -> Vec<FileProblem> {
    problems.truncate(MOST_PROBLEMS);
    problems
}

/// Refused where a file has too many.
fn bounded(count: usize) -> Result<(), Vec<FileProblem>> {
    if count <= MOST_ENTRIES {
        return Ok(());
    }
    let message = format!("has {count} entries; at most {MOST_ENTRIES} are read");
    Err(vec![FileProblem::of_file(message, "keep only the years that are to come")])
}

pub use dates::{parse_span, weekday};

#[cfg(test)]
mod tests;
