//! Time between two changes of a zone's offset. In it the clock on the wall goes as time
//! does, and all questions about gaps and overlaps are sums and comparisons.
//!
//! ```text
//!       before       |          offset            |     after
//!  ------------------+----------------------------+----------------
//!                  start                         end        seconds since 1970
//! ```

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::cron::DAY;

/// Beyond all that jiff reckons with, and far from the ends of 64 bits.
const NEVER: i64 = i64::MAX / 4;

#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) start: i64,
    /// Not in it.
    pub(super) end: i64,
    /// What the clock shows is so many seconds ahead of UTC.
    pub(super) offset: i64,
    before: i64,
    after: i64,
}

/// Which of two showings of the same time on the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Showing {
    Only,
    First,
    Second,
}

impl Stretch {
    pub(super) fn around(zone: &TimeZone, second: i64) -> Stretch {
        let offset = offset_at(zone, second);
        // some changes are but of the zone's abbreviation
        let started = zone
            .preceding(timestamp(second + 1))
            .find(|change| offset_at(zone, change.timestamp().as_second() - 1) != offset);
        let ends = zone
            .following(timestamp(second))
            .find(|change| i64::from(change.offset().seconds()) != offset);
        let start = started.as_ref().map_or(-NEVER, |change| change.timestamp().as_second());
        let end = ends.as_ref().map_or(NEVER, |change| change.timestamp().as_second());
        Stretch {
            start,
            end,
            offset,
            before: started.map_or(offset, |_| offset_at(zone, start - 1)),
            after: ends.map_or(offset, |change| change.offset().seconds().into()),
        }
    }

    /// What the clock leaps over at the start: seconds as it would have shown them, empty
    /// where it does not.
    pub(super) fn gap(&self) -> std::ops::Range<i64> {
        self.start + self.before..self.start + self.offset
    }

    /// Which showing of what the clock shows `second` is.
    pub(super) fn showing(&self, second: i64) -> Showing {
        let shown = second + self.offset;
        if self.before > self.offset && shown < self.start + self.before {
            Showing::Second
        } else if self.after < self.offset && shown >= self.end + self.after {
            Showing::First
        } else {
            Showing::Only
        }
    }
}

fn offset_at(zone: &TimeZone, second: i64) -> i64 {
    zone.to_offset(timestamp(second)).seconds().into()
}

/// Clamped to what jiff reckons with, which no schedule reaches.
pub(super) fn timestamp(second: i64) -> Timestamp {
    let limit = if second < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(second).unwrap_or(limit)
}

/// A day counted from 1970-01-01.
pub(super) fn date_of(day: i64) -> Option<Date> {
    let midnight = Timestamp::from_second(day.checked_mul(DAY)?).ok()?;
    Some(Offset::UTC.to_datetime(midnight).date())
}

/// The instant at which the clock shows `shown`; of two the later one when `later`; of
/// none, the first after the gap.
pub(super) fn instant(zone: &TimeZone, shown: DateTime, later: bool) -> Option<Timestamp> {
    match zone.to_ambiguous_timestamp(shown).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(shown).ok(),
        AmbiguousOffset::Fold { before, after } => {
            if later { after } else { before }.to_timestamp(shown).ok()
        }
        AmbiguousOffset::Gap { before, after } => {
            // by the clock after the gap `shown` was before it
            let early = after.to_timestamp(shown).ok()?;
            let leaps = zone.following(early).map(|change| (change.timestamp(), change.offset()));
            let late = before.to_timestamp(shown).ok()?;
            let leap = leaps
                .take_while(|(at, _)| *at <= late)
                .find(|(at, offset)| offset.to_datetime(*at) > shown);
            Some(leap.map_or(late, |(at, _)| at))
        }
    }
}
