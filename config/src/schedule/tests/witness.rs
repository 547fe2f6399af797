//! A witness: what a cron expression names, by looking at each minute. It shares nothing
//! with what it is held against but jiff's answer what the clock shows at an instant.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::*;

/// The fields of an expression, by the plainest reading.
pub(super) struct Witness {
    minutes: Vec<bool>,
    hours: Vec<bool>,
    months: Vec<bool>,
    day: String,
    weekday: String,
    elapsed: bool,
}

impl Witness {
    pub(super) fn of(text: &str) -> Witness {
        let fields: Vec<&str> = text.split(' ').collect();
        let set = |text: &str, base, most| (0..=most).map(|n| fits(text, base, n)).collect();
        Witness {
            minutes: set(fields[0], 0, 59),
            hours: set(fields[1], 0, 23),
            months: set(fields[3], 1, 12),
            day: fields[2].to_owned(),
            weekday: fields[4].to_owned(),
            elapsed: format!("{}{}", fields[0], fields[1]).contains(['*', '/']),
        }
    }

    fn names(&self, shown: DateTime) -> bool {
        let index = |n: i8| usize::try_from(n).unwrap();
        self.minutes[index(shown.minute())]
            && self.hours[index(shown.hour())]
            && self.months[index(shown.month())]
            && self.names_day(shown.date())
    }

    fn names_day(&self, date: Date) -> bool {
        let weekday = usize::try_from(date.weekday().to_sunday_zero_offset()).unwrap();
        let nth = (date.day() - 1) / 7 + 1;
        let last = date.day() + 7 > date.days_in_month();
        let by_week = match self.weekday.split_once('#') {
            Some((day, n)) => day == weekday.to_string() && n == nth.to_string(),
            None if self.weekday.ends_with('L') => last && self.weekday == format!("{weekday}L"),
            None => fits(&self.weekday, 0, weekday) || (weekday == 0 && fits(&self.weekday, 0, 7)),
        };
        let by_month = match self.day.as_str() {
            "L" => date.day() == date.days_in_month(),
            day => fits(day, 1, usize::try_from(date.day()).unwrap()),
        };
        match self.day.starts_with('*') || self.weekday.starts_with('*') {
            true => by_month && by_week,
            false => by_month || by_week,
        }
    }

    /// What becomes of each minute from `from` to `to` that is named, in seconds.
    pub(super) fn slots(
        &self,
        zone: &TimeZone,
        (from, to): (i64, i64),
        gap: DstGap,
        fold: DstOverlap,
    ) -> Vec<(i64, Option<Passed>)> {
        // what is shown twice is within a day
        let minutes: Vec<i64> = (from - 86_400..to + 86_400).step_by(60).collect();
        let shown = |at: &i64| zone.to_datetime(Timestamp::from_second(*at).unwrap());
        let clock: Vec<DateTime> = minutes.iter().map(shown).collect();
        let again = |i: usize| {
            // only where the clock has gone back near by
            let mut near = i.saturating_sub(200)..(i + 200).min(clock.len());
            let other = near.find(|j| *j != i && clock[*j] == clock[i]);
            other.map(|j| if j > i { DstOverlap::First } else { DstOverlap::Second })
        };
        let mut slots = Vec::new();
        for i in 1..minutes.len() {
            if !(from..to).contains(&minutes[i]) {
                continue;
            }
            if self.names(clock[i]) {
                let meant = fold == DstOverlap::Both || self.elapsed;
                let other = !meant && again(i).is_some_and(|showing| showing != fold);
                slots.push((minutes[i], other.then_some(Passed::Fold)));
            } else if !self.elapsed {
                let leapt = clock[i - 1].checked_add(1.minute()).unwrap();
                let leapt = leapt.series(1.minute()).take_while(|shown| *shown < clock[i]);
                if leapt.into_iter().any(|shown| self.names(shown)) {
                    slots.push((minutes[i], (gap == DstGap::Skip).then_some(Passed::Gap)));
                }
            }
        }
        slots
    }
}

/// `*`, numbers, ranges and steps; `*` begins with `base`.
fn fits(text: &str, base: usize, number: usize) -> bool {
    text.split(',').any(|item| {
        let (range, step) = item.split_once('/').unwrap_or((item, "1"));
        let step: usize = step.parse().unwrap();
        let (first, last) = match range {
            "*" => (base, usize::MAX),
            range => {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                let Ok(first) = first.parse::<usize>() else { return false };
                (first, last.parse().unwrap())
            }
        };
        number >= first && number <= last && (number - first).is_multiple_of(step)
    })
}
