//! Which seconds of a clock on the wall a cron expression names. Of zones it knows nothing.
//!
//! A second of the clock is counted as if the clock were at UTC. croner reads the
//! expression and says which days fit; what it says is kept as sets of bits, for it holds a
//! kilobyte for each expression, and a daemon may have thousands of them.

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
    days: Days,
    /// See the table in [`super`].
    pub(super) elapsed: bool,
}

impl Cron {
    pub(super) fn read(text: &str) -> Result<Cron, PlanError> {
        let read = expression::read(text)?;
        let pattern = read.cron.pattern;
        let bits = |values: Vec<u16>| values.into_iter().fold(0, |bits, value| bits | 1 << value);
        let cron = Cron {
            seconds: bits(pattern.seconds.values()),
            minutes: bits(pattern.minutes.values()),
            hours: bits(pattern.hours.values()),
            months: bits(pattern.months.values()),
            days: if read.every_day { Days::ALL } else { Days::of(&pattern) },
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
            if self.days.has(date)
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

/// Which days of a month are named: that depends on how long it is, and on the day of the
/// week on which it begins, and on nothing else. Bit 1 is the first.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Days([[u32; 7]; LENGTHS.len()]);

/// Months of each length with each beginning: a year, and its month.
const LENGTHS: [(i8, i16, i8); 4] = [(28, 2027, 2), (29, 2028, 2), (30, 2027, 4), (31, 2027, 1)];

impl Days {
    const ALL: Days = Days([[u32::MAX; 7]; LENGTHS.len()]);

    fn of(pattern: &CronPattern) -> Days {
        Days(LENGTHS.map(|(length, year, month)| {
            std::array::from_fn(|first| {
                let named = |day: &i8| {
                    // a day of the week counted from the Sunday before the month
                    let weekday = number(*day) - 1 + u32::try_from(first).unwrap_or_default();
                    let weekday = Weekday::from_days_from_sunday(weekday % 7);
                    let fits = pattern.day_match(year.into(), number(month), number(*day), weekday);
                    // a day that exists is no error
                    fits.unwrap_or(false)
                };
                (1..=length).filter(named).fold(0, |bits, day| bits | 1 << day)
            })
        }))
    }

    fn has(&self, date: Date) -> bool {
        let length = usize::from(date.days_in_month().unsigned_abs()).saturating_sub(28);
        let first = date.first_of_month().weekday();
        let first = usize::from(first.to_sunday_zero_offset().unsigned_abs());
        self.0[length.min(LENGTHS.len() - 1)][first] & 1 << date.day() != 0
    }
}

fn number(n: i8) -> u32 {
    n.unsigned_abs().into()
}

/// The lowest bit that is set, from `from`, which is at most 60, on.
fn next_bit(bits: u64, from: i64) -> Option<i64> {
    let left = bits >> from << from;
    (left != 0).then(|| left.trailing_zeros().into())
}
