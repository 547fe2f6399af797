//! Slots of a schedule as they are shown, whoever has reckoned them.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use rpa_config::schedule::Change;

use super::super::super::json::{ChangeObject, PreviewDocument, SlotObject};
use super::super::super::text::{Column, Line, Look, Style, Table};

const DAY_MS: u64 = 86_400_000;

/// What is shown.
#[derive(Debug)]
pub struct Picture {
    /// The schedule in words.
    pub said: String,
    pub zone: TimeZone,
    pub slots: Vec<Shown>,
    pub changes: Vec<Change>,
}

#[derive(Debug)]
pub struct Shown {
    pub at_ms: u64,
    pub due_ms: u64,
    /// The latest that it can be, where only that is known.
    pub due_latest_ms: u64,
    /// Whether it stands for a time that the clock leaps over, where that is known.
    pub after_gap: Option<bool>,
    pub fate: Fate,
}

#[derive(Debug)]
pub enum Fate {
    /// What is added to that word.
    Fires(String),
    Passed {
        /// For programs.
        word: String,
        why: String,
    },
}

/// Whose slots they are.
#[derive(Clone, Copy, Debug)]
pub enum Of<'a> {
    Cron { cron: &'a str, timezone: &'a str },
    Trigger { workflow: &'a str, trigger: &'a str, timezone: &'a str },
}

impl Picture {
    pub fn lines(&self, look: &Look) -> Vec<Line> {
        let mut table = Table::new(&[
            Column::fixed("LOCAL TIME"),
            Column::fixed("UTC"),
            Column::wrapped("WHAT BECOMES OF IT", 12),
        ]);
        for slot in &self.slots {
            let utc = instant(slot.at_ms).strftime("%Y-%m-%d %H:%M:%S").to_string();
            let local = self.local(slot.at_ms, "%a %Y-%m-%d %H:%M:%S %:z");
            table.row(vec![local.into(), utc.into(), slot.fate.line()]);
        }
        let mut lines = vec![Line::new().push(Style::Bold, &self.said), Line::new()];
        lines.extend(table.lines(look));
        let changes: Vec<Line> = self.changes_near_by().map(told).collect();
        if !changes.is_empty() {
            lines.push(Line::new());
        }
        lines.extend(changes);
        lines
    }

    /// Changes of the clock within a day of a slot: those that may be why it is as it is.
    fn changes_near_by(&self) -> impl Iterator<Item = &Change> {
        let near = |change: &Change, slot: &Shown| slot.at_ms.abs_diff(change.at_ms) <= DAY_MS;
        self.changes.iter().filter(move |change| {
            let from = self.slots.partition_point(|slot| slot.at_ms + DAY_MS < change.at_ms);
            self.slots.get(from).is_some_and(|slot| near(change, slot))
        })
    }

    pub fn document<'a>(&'a self, of: Of<'a>) -> PreviewDocument<'a> {
        let slot = |slot: &'a Shown| SlotObject {
            at: slot.at_ms,
            local: self.local(slot.at_ms, "%Y-%m-%dT%H:%M:%S%:z"),
            due: slot.due_ms,
            due_latest: slot.due_latest_ms,
            passed: match &slot.fate {
                Fate::Fires(_) => None,
                Fate::Passed { word, .. } => Some(word),
            },
            after_gap: slot.after_gap,
        };
        let change = |change: &Change| ChangeObject {
            at: change.at_ms,
            before: shown(change.at_ms, change.before, "%Y-%m-%dT%H:%M:%S%:z"),
            after: shown(change.at_ms, change.after, "%Y-%m-%dT%H:%M:%S%:z"),
            forward: change.after > change.before,
        };
        let (cron, names, timezone) = match of {
            Of::Cron { cron, timezone } => (Some(cron), None, timezone),
            Of::Trigger { workflow, trigger, timezone } => {
                (None, Some((workflow, trigger)), timezone)
            }
        };
        PreviewDocument {
            workflow: names.map(|(workflow, _)| workflow),
            trigger: names.map(|(_, trigger)| trigger),
            cron,
            timezone,
            description: &self.said,
            slots: self.slots.iter().map(slot).collect(),
            changes: self.changes.iter().map(change).collect(),
        }
    }

    fn local(&self, at_ms: u64, form: &str) -> String {
        instant(at_ms).to_zoned(self.zone.clone()).strftime(form).to_string()
    }
}

impl Fate {
    fn line(&self) -> Line {
        match self {
            Fate::Fires(how) => Line::new().push(Style::Good, "fires").plain(how),
            Fate::Passed { why, .. } => Line::new().push(Style::Warn, format!("skipped: {why}")),
        }
    }
}

/// A change of the clock in words.
fn told(change: &Change) -> Line {
    let from = shown(change.at_ms, change.before, "%Y-%m-%d %H:%M");
    let to = shown(change.at_ms, change.after, "%H:%M %:z");
    let line = Line::of(from);
    match change.after > change.before {
        true => line.plain(format!(": the clock goes on to {to}; times between do not come")),
        false => line.plain(format!(": the clock goes back to {to}; times between come twice")),
    }
}

/// An instant as a clock with that offset shows it.
fn shown(at_ms: u64, offset: i32, form: &str) -> String {
    let zone = Offset::from_seconds(offset).unwrap_or(Offset::UTC).to_time_zone();
    instant(at_ms).to_zoned(zone).strftime(form).to_string()
}

/// Of a slot: no plan has later ones than jiff knows.
fn instant(at_ms: u64) -> Timestamp {
    let at = i64::try_from(at_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    at.unwrap_or(Timestamp::MAX)
}
