//! Moments of a trigger: shown in its time zone, and written in it.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rpa_ipc::triggers::TriggerView;

/// The time zone of a trigger; UTC where it has none, or one that this machine does not
/// know: what is shown has its offset.
pub fn zone(trigger: &TriggerView) -> TimeZone {
    TimeZone::get(&trigger.timezone).unwrap_or(TimeZone::UTC)
}

/// `2026-11-20 03:30 +02:00`, with seconds where there are some.
pub fn in_zone(ms: u64, zone: &TimeZone) -> String {
    shown(ms, zone, has_seconds(ms))
}

/// Several moments, all of them with seconds when one has some.
pub fn column(all: &[u64], zone: &TimeZone) -> Vec<String> {
    let seconds = all.iter().any(|ms| has_seconds(*ms));
    all.iter().map(|ms| shown(*ms, zone, seconds)).collect()
}

/// A moment beside another one: nothing when they are the same, `03:30` on the same day.
pub fn other(ms: u64, beside_ms: u64, zone: &TimeZone) -> String {
    let (shown, beside) = (in_zone(ms, zone), in_zone(beside_ms, zone));
    let day = |text: &str| text.split(' ').next().map(str::to_owned);
    match (ms == beside_ms, day(&shown) == day(&beside)) {
        (true, _) => String::new(),
        (false, true) => shown.split(' ').nth(1).map(str::to_owned).unwrap_or(shown),
        (false, false) => shown,
    }
}

/// `2026-11-20T01:30:00Z`: what can be typed again, whatever the time zone.
pub fn typed(ms: u64) -> String {
    instant(ms).map_or_else(|| ms.to_string(), |instant| instant.to_string())
}

fn has_seconds(ms: u64) -> bool {
    ms % 60_000 >= 1_000
}

fn shown(ms: u64, zone: &TimeZone, seconds: bool) -> String {
    let form = if seconds { "%Y-%m-%d %H:%M:%S %:z" } else { "%Y-%m-%d %H:%M %:z" };
    instant(ms).map_or_else(
        || format!("{ms} ms"),
        |instant| instant.to_zoned(zone.clone()).strftime(form).to_string(),
    )
}

fn instant(ms: u64) -> Option<Timestamp> {
    i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok())
}

/// A moment as a person writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// With an offset: the same everywhere.
    Instant(u64),
    /// What a clock on the wall shows; of which zone is known later.
    Clock(DateTime),
}

impl Moment {
    /// In milliseconds since the Unix epoch. A time that the clock leaps over is so much
    /// later, one that it shows twice is the first.
    pub fn ms(self, zone: &TimeZone) -> u64 {
        match self {
            Moment::Instant(ms) => ms,
            Moment::Clock(shown) => {
                let instant = zone.to_ambiguous_timestamp(shown).compatible();
                instant.map_or(0, since_epoch)
            }
        }
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Moment, String> {
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Ok(Moment::Instant(since_epoch(instant)));
        }
        text.parse().map(Moment::Clock).map_err(|_| {
            "write it like 2026-11-20, 2026-11-20T03:30 or 2026-11-20T03:30+02:00".to_owned()
        })
    }
}

fn since_epoch(instant: Timestamp) -> u64 {
    u64::try_from(instant.as_millisecond()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_without_an_offset_is_one_of_the_zone() {
        let sofia = TimeZone::get("Europe/Sofia").unwrap();
        let table = [
            ("2026-11-20T03:30:00+02:00", "2026-11-20T01:30:00Z"),
            ("2026-11-20T01:30Z", "2026-11-20T01:30:00Z"),
            ("2026-11-20T03:30", "2026-11-20T01:30:00Z"),
            ("2026-11-20", "2026-11-19T22:00:00Z"),
            // summer time begins, and ends
            ("2027-03-28T03:30", "2027-03-28T01:30:00Z"),
            ("2027-10-31T03:30", "2027-10-31T00:30:00Z"),
        ];
        for (text, wanted) in table {
            let moment: Moment = text.parse().expect(text);
            assert_eq!(typed(moment.ms(&sofia)), wanted, "{text}");
        }
        for bad in ["", "yesterday", "2026-13-01", "03:30", "1795138200000"] {
            assert!(bad.parse::<Moment>().is_err(), "{bad}");
        }
    }

    #[test]
    fn seconds_are_shown_where_one_has_some() {
        let sofia = TimeZone::get("Europe/Sofia").unwrap();
        let (whole, odd) = (1_795_138_200_000, 1_795_138_201_000);
        assert_eq!(in_zone(whole, &sofia), "2026-11-20 03:30 +02:00");
        assert_eq!(in_zone(odd, &sofia), "2026-11-20 03:30:01 +02:00");
        assert_eq!(column(&[odd, whole], &sofia)[1], "2026-11-20 03:30:00 +02:00");
        assert_eq!(in_zone(u64::MAX, &sofia), format!("{} ms", u64::MAX));
        assert_eq!(other(whole, whole, &sofia), "");
        assert_eq!(other(whole, odd, &sofia), "03:30");
        assert_eq!(other(whole, odd + 86_400_000, &sofia), "2026-11-20 03:30 +02:00");
    }
}
