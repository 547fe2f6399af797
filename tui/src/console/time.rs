//! Times and durations as the console shows them: short, in the reader's words.

use super::state::State;
use crate::say;
use crate::words::Words;

/// `350ms`, `1.2s`, `3m04s`, `2h05m`, `3d04h`.
pub fn duration(words: &Words, ms: u64) -> String {
    let seconds = ms / 1_000;
    let unit = |id: &str| say!(words, id);
    match seconds {
        0 => format!("{ms}{}", unit("unit-ms")),
        1..60 => format!("{seconds}.{}{}", ms % 1_000 / 100, unit("unit-s")),
        60..3_600 => {
            format!("{}{}{:02}{}", seconds / 60, unit("unit-m"), seconds % 60, unit("unit-s"))
        }
        3_600..86_400 => {
            format!(
                "{}{}{:02}{}",
                seconds / 3_600,
                unit("unit-h"),
                seconds % 3_600 / 60,
                unit("unit-m")
            )
        }
        _ => format!(
            "{}{}{:02}{}",
            seconds / 86_400,
            unit("unit-d"),
            seconds % 86_400 / 3_600,
            unit("unit-h")
        ),
    }
}

/// A duration that somebody has written: without the tenths that nobody wrote.
pub fn written(words: &Words, ms: u64) -> String {
    if ms < 1_000 { duration(words, ms) } else { elapsed(words, ms) }
}

/// A duration that is still growing: whole seconds, so that it changes once a second.
pub fn elapsed(words: &Words, ms: u64) -> String {
    let whole = ms / 1_000 * 1_000;
    match whole {
        0 => format!("0{}", say!(words, "unit-s")),
        1..60_000 => format!("{}{}", whole / 1_000, say!(words, "unit-s")),
        _ => duration(words, whole),
    }
}

/// How long something took, or has taken until now; `-` before it began.
pub fn took(words: &Words, started: Option<u64>, ended: Option<u64>, now: u64) -> String {
    match (started, ended) {
        (None, _) => "-".to_owned(),
        (Some(started), Some(ended)) => duration(words, ended.saturating_sub(started)),
        (Some(started), None) => elapsed(words, now.saturating_sub(started)),
    }
}

/// `14:05:09` today, `20.11 14:05` (or `11-20 14:05`) on another day, in the time
/// zone of whoever reads.
pub fn moment(state: &State, ms: u64) -> String {
    let (Some(then), Some(now)) = (zoned(state, ms), zoned(state, state.now_ms)) else {
        return "-".to_owned();
    };
    if then.date() == now.date() {
        return then.strftime("%H:%M:%S").to_string();
    }
    then.strftime(&say!(state.words, "date-short")).to_string()
}

/// How long it is until something: `42s`, `51m`, `2h05m`, `3d04h`; `now` when it has come.
pub fn countdown(words: &Words, due_ms: u64, now_ms: u64) -> String {
    match due_ms.saturating_sub(now_ms) {
        0 => say!(words, "countdown-now"),
        ms @ ..60_000 => format!("{}{}", ms.div_ceil(1_000), say!(words, "unit-s")),
        ms @ ..3_600_000 => format!("{}{}", ms / 60_000, say!(words, "unit-m")),
        ms => duration(words, ms / 60_000 * 60_000),
    }
}

/// When that says something else next: once a second in the last minute, before that once
/// a minute.
pub fn countdown_changes(due_ms: u64, now_ms: u64) -> Option<u64> {
    let left = due_ms.checked_sub(now_ms).filter(|left| *left > 0)?;
    Some(match left {
        ..60_000 => now_ms + (left - 1) % 1_000 + 1,
        _ => now_ms + left % 60_000 + 1,
    })
}

/// The hour in which a moment lies: `14:00` today, `11-22 03:00` on another day.
pub fn hour(state: &State, ms: u64) -> String {
    let (Some(then), Some(now)) = (zoned(state, ms), zoned(state, state.now_ms)) else {
        return "-".to_owned();
    };
    match then.date() == now.date() {
        true => then.strftime("%H:%M").to_string(),
        false => then.strftime(&say!(state.words, "date-short")).to_string(),
    }
}

/// `14:05`, with seconds where there are some.
pub fn clock(state: &State, ms: u64) -> String {
    let form = if ms % 60_000 < 1_000 { "%H:%M" } else { "%H:%M:%S" };
    zoned(state, ms).map_or_else(|| "-".to_owned(), |then| then.strftime(form).to_string())
}

/// `14:05:09.123`
pub fn precise(state: &State, ms: u64) -> String {
    zoned(state, ms)
        .map_or_else(|| "-".to_owned(), |then| then.strftime("%H:%M:%S%.3f").to_string())
}

fn zoned(state: &State, ms: u64) -> Option<jiff::Zoned> {
    let instant = jiff::Timestamp::from_millisecond(i64::try_from(ms).ok()?).ok()?;
    Some(instant.to_zoned(state.zone.clone()))
}

#[cfg(test)]
mod tests {
    use rpa_ipc::Language;

    use super::*;

    #[test]
    fn a_countdown_changes_when_it_is_said_to() {
        let words = Words::new(Language::English);
        let due = 200_000_000;
        for (left, wanted) in [
            (0, "now"),
            (1, "1s"),
            (59_001, "60s"),
            (60_000, "1m"),
            (3_599_999, "59m"),
            (7_500_000, "2h05m"),
            (180_000_000, "2d02h"),
        ] {
            assert_eq!(countdown(&words, due, due - left), wanted, "{left}");
        }
        for left in [1, 999, 1_000, 1_001, 59_999, 60_000, 60_001, 61_000, 119_999, 120_000] {
            let now = due - left;
            let at = countdown_changes(due, now).expect("it has not come");
            let said = |now| countdown(&words, due, now);
            assert_eq!(said(now), said(at - 1), "{left}: no earlier");
            assert_ne!(said(now), said(at), "{left}: and then");
        }
        assert_eq!(countdown_changes(due, due + 5), None);
    }
}
