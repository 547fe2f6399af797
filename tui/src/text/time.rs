//! Times and durations for people. Everything on the wire is milliseconds UTC.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `3 m ago`; `in 20 s` for what is to come.
pub fn ago(then_ms: u64, now_ms: u64) -> String {
    let distance = coarse(then_ms.abs_diff(now_ms));
    match (distance.as_str(), then_ms > now_ms) {
        ("0 s", _) => "now".to_owned(),
        (_, true) => format!("in {distance}"),
        (_, false) => format!("{distance} ago"),
    }
}

/// `350 ms`, `1.2 s`, `3 m 04 s`, `2 h 05 m`, `3 d 04 h`.
pub fn duration(ms: u64) -> String {
    let seconds = ms / 1_000;
    match seconds {
        0 => format!("{ms} ms"),
        1..60 => format!("{seconds}.{} s", ms % 1_000 / 100),
        60..3_600 => format!("{} m {:02} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {:02} m", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {:02} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

/// How long something took, or has taken until now; empty before it began.
pub fn took(started_ms: Option<u64>, ended_ms: Option<u64>, now_ms: u64) -> String {
    started_ms.map_or_else(String::new, |started| {
        duration(ended_ms.unwrap_or(now_ms).saturating_sub(started))
    })
}

/// `12:03:04`, in the time zone of whoever reads.
pub fn clock(ms: u64) -> String {
    format(ms, "%H:%M:%S")
}

/// `2026-11-20 03:10:04 +02:00`, in the time zone of whoever reads.
pub fn local(ms: u64) -> String {
    format(ms, "%Y-%m-%d %H:%M:%S %:z")
}

fn format(ms: u64, pattern: &str) -> String {
    let instant = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    instant.map_or_else(
        || format!("{ms} ms"),
        |instant| instant.to_zoned(TimeZone::system()).strftime(pattern).to_string(),
    )
}

fn coarse(ms: u64) -> String {
    let seconds = ms / 1_000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} m", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_keep_two_units_at_most() {
        let table = [
            (0, "0 ms"),
            (999, "999 ms"),
            (1_234, "1.2 s"),
            (59_999, "59.9 s"),
            (184_000, "3 m 04 s"),
            (7_500_000, "2 h 05 m"),
            (273_600_000, "3 d 04 h"),
        ];
        for (ms, wanted) in table {
            assert_eq!(duration(ms), wanted);
        }
    }

    #[test]
    fn distances_look_both_ways() {
        let now = 1_000_000_000;
        let table = [
            (now, "now"),
            (now - 999, "now"),
            (now - 5_000, "5 s ago"),
            (now - 200_000, "3 m ago"),
            (now - 90_000_000, "1 d ago"),
            (now + 20_000, "in 20 s"),
        ];
        for (then, wanted) in table {
            assert_eq!(ago(then, now), wanted);
        }
        assert_eq!(took(Some(now - 1_500), None, now), "1.5 s");
        assert_eq!(took(None, None, now), "");
    }

    #[test]
    fn a_time_out_of_range_is_shown_and_does_not_panic() {
        assert_eq!(local(u64::MAX), format!("{} ms", u64::MAX));
    }
}
