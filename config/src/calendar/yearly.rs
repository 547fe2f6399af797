//! Days that come again each year, as `RRULE:FREQ=YEARLY` has them.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Span;

/// The days of `span`, and the same ones of later years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Yearly {
    pub span: Span,
    /// Each so many years; at least 1.
    pub interval: u16,
    /// It begins no later than on this day.
    pub until: Option<Date>,
    /// How often it comes at most.
    pub count: Option<u32>,
}

impl Yearly {
    pub fn has(&self, date: Date) -> bool {
        let length = self.span.first.until(self.span.last).map_or(0, |span| span.get_days());
        // what has begun in the year before may go on
        [0, 1].into_iter().any(|back| {
            self.begins(date.year() - back)
                .and_then(|first| Some(first..=first.checked_add(length.days()).ok()?))
                .is_some_and(|days| days.contains(&date))
        })
    }

    /// Its first day in a year; a 29 February is in leap years only.
    fn begins(&self, year: i16) -> Option<Date> {
        let first = self.span.first;
        let passed = u16::try_from(year.checked_sub(first.year())?).ok()?;
        let begins = Date::new(year, first.month(), first.day()).ok()?;
        if passed % self.interval != 0 || self.until.is_some_and(|until| begins > until) {
            return None;
        }
        let turns = |years: u16| (0..=years / self.interval).map(|turn| turn * self.interval);
        let exists = |later: &u16| {
            let year = first.year().checked_add_unsigned(*later);
            year.is_some_and(|year| Date::new(year, first.month(), first.day()).is_ok())
        };
        let counted = |count: u32| turns(passed).filter(exists).count() <= count as usize;
        self.count.is_none_or(counted).then_some(begins)
    }
}
