//! On which days a schedule fires.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use rpa_engine::trigger::{Day, Days};

use super::error::PlanError;
use crate::calendar::{Calendar, Calendars};
use crate::suggest::nearest;

/// Days that are looked through for one that is allowed: a year, and a long holiday.
pub(super) const LOOK_AHEAD_DAYS: usize = 400;

/// Calendars that a hint lists.
const LISTED: usize = 10;

#[derive(Clone, Debug)]
pub(super) struct Allowed {
    /// Whether the days of a term are added or taken away.
    terms: Vec<(bool, Term)>,
}

#[derive(Clone, Debug)]
enum Term {
    Weekdays,
    Weekends,
    Calendar(Arc<Calendar>),
}

impl Allowed {
    pub(super) fn of(days: &Days, calendars: &Calendars) -> Result<Allowed, PlanError> {
        let term = |day: &Day| match day {
            Day::Weekdays => Ok(Term::Weekdays),
            Day::Weekends => Ok(Term::Weekends),
            Day::Calendar(name) => match calendars.get(name) {
                Some(calendar) => Ok(Term::Calendar(calendar)),
                None => Err(unknown(name, calendars)),
            },
        };
        let terms = days.terms.iter().map(|(added, day)| Ok((*added, term(day)?)));
        let allowed = Allowed { terms: terms.collect::<Result<_, PlanError>>()? };
        if allowed.never() { Err(PlanError::NoDays) } else { Ok(allowed) }
    }

    pub(super) fn has(&self, date: Date) -> bool {
        let mut added = self.terms.iter().filter(|(added, _)| *added).peekable();
        let base = added.peek().is_none() || added.any(|(_, term)| term.has(date));
        base && !self.terms.iter().any(|(added, term)| !added && term.has(date))
    }

    /// The first one behind `date`, if it is near enough.
    pub(super) fn next(&self, date: Date) -> Option<Date> {
        date.series(1.day()).skip(1).take(LOOK_AHEAD_DAYS).find(|date| self.has(*date))
    }

    /// The first of the days up to `date`, without those that are not allowed before it.
    pub(super) fn first_of_pause(&self, date: Date) -> Date {
        let earlier = date.series(-1.day()).skip(1).take(LOOK_AHEAD_DAYS);
        earlier.take_while(|date| !self.has(*date)).last().unwrap_or(date)
    }

    /// Whether the days of the week alone leave none.
    fn never(&self) -> bool {
        let by_week = |term: &Term| match term {
            Term::Weekdays | Term::Weekends => true,
            Term::Calendar(calendar) => calendar.is_weekly(),
        };
        let any_week = Date::constant(2026, 1, 5).series(1.day()).take(7);
        self.terms.iter().all(|(_, term)| by_week(term))
            && any_week.into_iter().all(|date| !self.has(date))
    }
}

impl Term {
    fn has(&self, date: Date) -> bool {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        match self {
            Term::Weekdays => !weekend,
            Term::Weekends => weekend,
            Term::Calendar(calendar) => calendar.has(date),
        }
    }
}

fn unknown(name: &str, calendars: &Calendars) -> PlanError {
    let names: Vec<&str> = calendars.names().collect();
    let list = names.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    let hint = match nearest(name, names.iter().copied()) {
        _ if names.is_empty() => {
            "rpad.toml has no calendars: add one as [calendars.NAME]".to_owned()
        }
        Some(near) => format!("did you mean {near:?}? calendars: {list}"),
        None => format!("add it to rpad.toml as [calendars.NAME]; calendars: {list}"),
    };
    PlanError::Calendar { name: name.to_owned(), hint }
}
