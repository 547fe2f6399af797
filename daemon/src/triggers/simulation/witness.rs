//! Which slots a schedule has, by looking at each minute: it shares nothing with what it is
//! held against but jiff's answer what the clock of a zone shows.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rpa_engine::trigger::{DstGap, DstOverlap};

const MINUTE_MS: u64 = 60_000;
/// What a clock shows twice is nearer than that.
const NEAR_MINUTES: u64 = 240;

/// The moments that a schedule names, in a form that needs no reading.
#[derive(Clone, Debug)]
pub(super) enum Times {
    /// Each minute that is a multiple of it: time that passes.
    Minutes(u8),
    /// Each hour from the first to the last, at the minute: what a clock shows.
    Clock { minute: u8, first: u8, last: u8 },
    /// So often, from midnight of 1970 on.
    Every { period_ms: u64 },
}

/// What the clock of a zone shows in each minute of some time.
pub(super) struct Shown {
    first_ms: u64,
    /// Minutes of the first moment that is asked for and of the end.
    asked: (usize, usize),
    minutes: Vec<DateTime>,
    /// In which minutes the clock shows this.
    places: HashMap<DateTime, Vec<usize>>,
}

impl Shown {
    pub(super) fn of(zone: &TimeZone, from_ms: u64, to_ms: u64) -> Shown {
        let (first, last) = (from_ms.div_ceil(MINUTE_MS), to_ms.div_ceil(MINUTE_MS));
        let from = first - NEAR_MINUTES;
        let shown = |minute: u64| {
            let second = i64::try_from(minute * 60).expect("a time");
            zone.to_datetime(Timestamp::from_second(second).expect("a time"))
        };
        let minutes: Vec<DateTime> = (from..last + NEAR_MINUTES).map(shown).collect();
        let mut places: HashMap<DateTime, Vec<usize>> = HashMap::new();
        for (place, shown) in minutes.iter().enumerate() {
            places.entry(*shown).or_default().push(place);
        }
        let place = |minute: u64| usize::try_from(minute - from).expect("some days");
        Shown { first_ms: from * MINUTE_MS, asked: (place(first), place(last)), minutes, places }
    }
}

impl Times {
    pub(super) fn cron(&self) -> Option<String> {
        match self {
            Times::Minutes(step) => Some(format!("*/{step} * * * *")),
            Times::Clock { minute, first, last } => Some(format!("{minute} {first}-{last} * * *")),
            Times::Every { .. } => None,
        }
    }

    /// Slots from a moment up to another, and whether each is meant to fire.
    pub(super) fn slots(
        &self,
        shown: &Shown,
        (from_ms, to_ms): (u64, u64),
        (gap, fold): (DstGap, DstOverlap),
    ) -> Vec<(u64, bool)> {
        if let Times::Every { period_ms } = self {
            let periods = from_ms.div_ceil(*period_ms)..to_ms.div_ceil(*period_ms);
            return periods.map(|n| (n * period_ms, true)).collect();
        }
        let at_ms = |place: usize| shown.first_ms + place as u64 * MINUTE_MS;
        let slot = |place: usize| Some((at_ms(place), self.fate(shown, place, gap, fold)?));
        (shown.asked.0..shown.asked.1).filter_map(slot).collect()
    }

    /// Whether the minute is a slot, and whether that is meant to fire.
    fn fate(&self, shown: &Shown, place: usize, gap: DstGap, fold: DstOverlap) -> Option<bool> {
        let now = shown.minutes[place];
        let fixed = matches!(self, Times::Clock { .. });
        if self.names(now) {
            let places = &shown.places[&now];
            let meant = match fold {
                DstOverlap::First => places.first() == Some(&place),
                DstOverlap::Second => places.last() == Some(&place),
                DstOverlap::Both => true,
            };
            return Some(meant || !fixed);
        }
        let before = shown.minutes[place - 1];
        let minute = jiff::Span::new().minutes(1);
        let mut leapt = before.checked_add(minute).ok()?;
        while fixed && leapt < now {
            if self.names(leapt) {
                return Some(gap == DstGap::RunAfter);
            }
            leapt = leapt.checked_add(minute).ok()?;
        }
        None
    }

    fn names(&self, shown: DateTime) -> bool {
        let (hour, minute) = (shown.hour().unsigned_abs(), shown.minute().unsigned_abs());
        match self {
            Times::Minutes(step) => minute.is_multiple_of(*step),
            Times::Clock { minute: wanted, first, last } => {
                minute == *wanted && (*first..=*last).contains(&hour)
            }
            Times::Every { .. } => false,
        }
    }
}
