//! Which seconds of a clock on the wall a cron expression names. Of zones it knows nothing.
//!
//! A second of the clock is counted as if the clock were at UTC. croner reads the
//! expression and says which days fit; the times of a day are three sets of bits.

use croner::{CronPattern, Weekday};
use jiff::civil::Date;

use super::error::PlanError;
use super::expression;
use super::stretch::date_of;

pub(super) const DAY: i64 = 86_400;

/// The Gregorian calendar is the same again after so many days: a day that none of them is
/// will never be.
const CYCLE_DAYS: i64 = 146_097;

#[derive(Clone, Debug)]
pub(super) struct Cron {
    seconds: u64,
    minutes: u64,
    hours: u64,
    months: u64,
    pattern: CronPattern,
    /// See the table in [`super`].
    pub(super) elapsed: bool,
}

impl Cron {
    pub(super) fn read(text: &str) -> Result<Cron, PlanError> {
        let read = expression::read(text)?;
        let mut pattern = read.cron.pattern;
        // five kilobytes that say which year
        pattern.years = croner::CronComponent::default();
        let bits = |values: Vec<u16>| values.into_iter().fold(0, |bits, value| bits | 1 << value);
        let cron = Cron {
            seconds: bits(pattern.seconds.values()),
            minutes: bits(pattern.minutes.values()),
            hours: bits(pattern.hours.values()),
            months: bits(pattern.months.values()),
            pattern,
            elapsed: read.elapsed,
        };
        match cron.next(0, CYCLE_DAYS * DAY) {
            Some(_) => Ok(cron),
            None => Err(PlanError::Never { text: text.trim().to_owned() }),
        }
    }

    /// The first second that is named, from `from` on and before `before`.
    pub(super) fn next(&self, from: i64, before: i64) -> Option<i64> {
        let (mut day, mut time) = (from.div_euclid(DAY), from.rem_euclid(DAY));
        while day * DAY < before {
            let date = date_of(day)?;
            if self.months & 1 << date.month() == 0 {
                day += i64::from(date.days_in_month() - date.day()) + 1;
                time = 0;
                continue;
            }
            if self.has_day(date)
                && let Some(found) = self.time_from(time)
            {
                let at = day * DAY + found;
                return (at < before).then_some(at);
            }
            day += 1;
            time = 0;
        }
        None
    }

    fn has_day(&self, date: Date) -> bool {
        let number = |n: i8| n.unsigned_abs().into();
        let weekday = date.weekday().to_sunday_zero_offset();
        let weekday = Weekday::from_days_from_sunday(number(weekday));
        let fits = self.pattern.day_match(
            date.year().into(),
            number(date.month()),
            number(date.day()),
            weekday,
        );
        // a date that exists is no error
        fits.unwrap_or(false)
    }

    /// The first time of a day that is named, from `time` on.
    fn time_from(&self, time: i64) -> Option<i64> {
        let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
        let first = |bits: u64| i64::from(bits.trailing_zeros());
        if self.hours & 1 << hour != 0 {
            if self.minutes & 1 << minute != 0
                && let Some(second) = next_bit(self.seconds, second)
            {
                return Some(hour * 3600 + minute * 60 + second);
            }
            if let Some(minute) = next_bit(self.minutes, minute + 1) {
                return Some(hour * 3600 + minute * 60 + first(self.seconds));
            }
        }
        let hour = next_bit(self.hours, hour + 1)?;
        Some(hour * 3600 + first(self.minutes) * 60 + first(self.seconds))
    }
}

/// The lowest bit that is set, from `from`, which is at most 60, on.
fn next_bit(bits: u64, from: i64) -> Option<i64> {
    let left = bits >> from << from;
    (left != 0).then(|| left.trailing_zeros().into())
}
