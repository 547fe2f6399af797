//! A schedule made ready to be reckoned with, and its slots.

use std::collections::BTreeSet;
use std::iter::Peekable;

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rpa_engine::trigger::{DstOverlap, Outside, Passed, Schedule, Slot};

use super::days::Allowed;
use super::error::PlanError;
use super::raw::{Moving, Source};
use super::stretch::instant;
use super::zone;
use crate::calendar::Calendars;

/// Slots are looked for so far ahead: a 29 February that is a Monday may be 40 years away.
const LOOK_AHEAD_MS: u64 = 41 * 366 * DAY_MS;

const DAY_MS: u64 = 86_400_000;

/// The slots of a schedule.
#[derive(Clone, Debug)]
pub struct Plan {
    source: Source,
    zone: TimeZone,
    later: bool,
    start_ms: u64,
    end_ms: u64,
    days: Option<Allowed>,
    outside: Outside,
    jitter_ms: u64,
    key: [u8; 32],
}

/// A change of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub at_ms: u64,
    /// Seconds ahead of UTC.
    pub before: i32,
    pub after: i32,
}

impl Plan {
    /// `key` says whose jitter it is: two schedules with the same moments and other keys
    /// are not fired together.
    pub fn new(schedule: &Schedule, key: &str, calendars: &Calendars) -> Result<Plan, PlanError> {
        let zone = zone::find(&schedule.timezone)?;
        let source = Source::of(&schedule.moments, &zone, schedule.gap, schedule.fold)?;
        let days = schedule.days.as_ref().map(|days| Allowed::of(days, calendars)).transpose()?;
        Ok(Plan {
            source,
            zone,
            later: schedule.fold == DstOverlap::Second,
            start_ms: schedule.start.as_ref().map_or(0, |start| start.at_ms),
            end_ms: schedule.end.as_ref().map_or(u64::MAX, |end| end.at_ms),
            days,
            outside: schedule.outside,
            jitter_ms: schedule.jitter_ms,
            key: *blake3::hash(key.as_bytes()).as_bytes(),
        })
    }

    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// All slots with `at_ms > after_ms`, in order, no two of one instant. They end where
    /// the schedule does, or 41 years ahead.
    pub fn after(&self, after_ms: u64) -> Slots<'_> {
        let first_ms = self.start_ms.max(after_ms.saturating_add(1));
        let before_ms = self.end_ms.min(first_ms.saturating_add(LOOK_AHEAD_MS));
        let from_ms = self.start_ms.max(self.remembered(first_ms));
        let mut slots = Slots {
            plan: self,
            raw: self.source.between(from_ms, before_ms).peekable(),
            due: BTreeSet::new(),
            day: None,
        };
        while slots.raw.peek().is_some_and(|(at_ms, _)| *at_ms < first_ms) {
            slots.next();
        }
        slots
    }

    /// Changes of the clock from `from_ms` to `to_ms`.
    pub fn changes(&self, from_ms: u64, to_ms: u64) -> impl Iterator<Item = Change> + '_ {
        let changes = self.zone.following(stamp(from_ms).unwrap_or(Timestamp::MAX));
        let changes = changes.map_while(move |change| {
            let at = change.timestamp();
            let at_ms = u64::try_from(at.as_millisecond()).ok().filter(|ms| *ms <= to_ms)?;
            let before = self.zone.to_offset(at.checked_sub(1.second()).ok()?).seconds();
            Some(Change { at_ms, before, after: change.offset().seconds() })
        });
        changes.filter(|change| change.before != change.after)
    }

    /// From where on slots have to be looked at to know what stands for one at `at_ms`:
    /// those that are put off come to the end of the days on which none is fired.
    fn remembered(&self, at_ms: u64) -> u64 {
        let (Some(days), Outside::Defer) = (&self.days, self.outside) else { return at_ms };
        let Some(date) = self.date(at_ms) else { return at_ms };
        // a day more, as the clock may go back over midnight
        let first = days.first_of_pause(date).yesterday().unwrap_or(date);
        let midnight = self.zone.to_ambiguous_timestamp(first.at(0, 0, 0, 0)).compatible();
        let midnight = midnight.ok().and_then(|at| u64::try_from(at.as_millisecond()).ok());
        midnight.unwrap_or(0).min(at_ms)
    }

    fn date(&self, at_ms: u64) -> Option<Date> {
        Some(self.zone.to_datetime(stamp(at_ms)?).date())
    }

    /// The day on which a slot of `date` is fired, if on any.
    fn fires_on(&self, days: &Allowed, date: Date) -> Option<Date> {
        match self.outside {
            _ if days.has(date) => Some(date),
            Outside::Skip => None,
            Outside::Defer => days.next(date),
        }
    }

    /// When a slot is fired that is put off: at the same time of another day.
    fn put_off(&self, day: Date, at_ms: u64) -> Option<u64> {
        let time = self.zone.to_datetime(stamp(at_ms)?).time();
        let due = instant(&self.zone, day.to_datetime(time), self.later)?;
        u64::try_from(due.as_millisecond()).ok().map(|due_ms| due_ms.max(at_ms))
    }

    fn jitter(&self, at_ms: u64) -> u64 {
        if self.jitter_ms == 0 {
            return 0;
        }
        let hash = blake3::keyed_hash(&self.key, &at_ms.to_le_bytes());
        let (number, _) = hash.as_bytes().split_first_chunk().expect("it has 32 bytes");
        u64::from_le_bytes(*number) % self.jitter_ms.saturating_add(1)
    }
}

/// See [`Plan::after`].
#[derive(Debug)]
pub struct Slots<'a> {
    plan: &'a Plan,
    raw: Peekable<Moving<'a>>,
    /// When slots that come now, or are put off, are fired.
    due: BTreeSet<u64>,
    /// The last day that was looked at, and on which one its slots are fired.
    day: Option<(Date, Option<Date>)>,
}

impl Iterator for Slots<'_> {
    type Item = Slot;

    fn next(&mut self) -> Option<Slot> {
        let (at_ms, passed) = self.raw.next()?;
        let (due_ms, passed) = match passed {
            Some(passed) => (at_ms, Some(passed)),
            None => self.due(at_ms),
        };
        let jitter_ms = if passed.is_none() { self.plan.jitter(at_ms) } else { 0 };
        Some(Slot { at_ms, due_ms: due_ms.saturating_add(jitter_ms), passed })
    }
}

impl Slots<'_> {
    fn due(&mut self, at_ms: u64) -> (u64, Option<Passed>) {
        let Some(days) = &self.plan.days else { return (at_ms, None) };
        let due_ms = self.plan.date(at_ms).and_then(|date| match self.fires_on(days, date)? {
            day if day == date => Some(at_ms),
            day => self.plan.put_off(day, at_ms),
        });
        let Some(due_ms) = due_ms else { return (at_ms, Some(Passed::Calendar)) };
        while self.due.first().is_some_and(|due_ms| *due_ms < at_ms) {
            self.due.pop_first();
        }
        (due_ms, (!self.due.insert(due_ms)).then_some(Passed::Merged))
    }

    fn fires_on(&mut self, days: &Allowed, date: Date) -> Option<Date> {
        match self.day {
            Some((known, fires)) if known == date => fires,
            _ => {
                let fires = self.plan.fires_on(days, date);
                self.day = Some((date, fires));
                fires
            }
        }
    }
}

fn stamp(at_ms: u64) -> Option<Timestamp> {
    Timestamp::from_millisecond(i64::try_from(at_ms).ok()?).ok()
}
