//! A day, UTC: what files of runs and archives are kept by.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use rpa_engine::RunId;

const DAY_MS: u64 = 24 * 3600 * 1000;
/// The last day that an id can name: its time has 48 bits.
const LAST: u32 = ((1u64 << 48) / DAY_MS) as u32;
/// Bits of an id behind its time.
const RANDOM_BITS: u32 = 80;

/// Days since 1970-01-01. Written as `2026-11-21`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub u32);

impl Day {
    /// The day on which the id of `run` was made.
    pub fn of(run: RunId) -> Day {
        Day::at(run.accepted_ms())
    }

    pub fn at(ms: u64) -> Day {
        Day(u32::try_from(ms / DAY_MS).unwrap_or(LAST).min(LAST))
    }

    /// All ids that are made on this day.
    pub fn ids(self) -> RangeInclusive<RunId> {
        let begin = |day: u32| u128::from(u64::from(day) * DAY_MS) << RANDOM_BITS;
        let last = if self.0 < LAST { begin(self.0 + 1) - 1 } else { u128::MAX };
        RunId(begin(self.0.min(LAST)))..=RunId(last)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = i64::try_from(u64::from(self.0) * DAY_MS).unwrap_or(0);
        let day = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        write!(f, "{}", day.strftime("%Y-%m-%d"))
    }
}

/// What is no day of the form in which [`Day`] is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDay;

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Day, NoDay> {
        let date: jiff::civil::Date = text.parse().map_err(|_| NoDay)?;
        let first = jiff::civil::date(1970, 1, 1);
        let days = first.until(date).map_err(|_| NoDay)?.get_days();
        let day = Day(u32::try_from(days).map_err(|_| NoDay)?);
        // other ways to write a date are none of ours
        if day.to_string() == text { Ok(day) } else { Err(NoDay) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_written() {
        let run = RunId(1_795_137_004_000u128 << RANDOM_BITS | 7);
        let day = Day::of(run);
        assert_eq!(day.to_string(), "2026-11-20");
        assert_eq!("2026-11-20".parse(), Ok(day));
        assert!(day.ids().contains(&run));
        for other in ["20261120", "2026-11-20T00", "1969-12-31", "x", "", "2026-11-20/.."] {
            assert_eq!(other.parse::<Day>(), Err(NoDay), "{other}");
        }
    }

    #[test]
    fn each_id_is_of_one_day() {
        let (one, next) = (Day(20_000), Day(20_001));
        assert_eq!(one.ids().end().0 + 1, next.ids().start().0);
        assert_eq!((Day::of(*one.ids().end()), Day::of(*next.ids().start())), (one, next));
        assert_eq!(Day::of(RunId(u128::MAX)), Day(LAST));
    }
}
