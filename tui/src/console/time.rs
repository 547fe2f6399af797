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

/// `14:05:09.123`
pub fn precise(state: &State, ms: u64) -> String {
    zoned(state, ms)
        .map_or_else(|| "-".to_owned(), |then| then.strftime("%H:%M:%S%.3f").to_string())
}

fn zoned(state: &State, ms: u64) -> Option<jiff::Zoned> {
    let instant = jiff::Timestamp::from_millisecond(i64::try_from(ms).ok()?).ok()?;
    Some(instant.to_zoned(state.zone.clone()))
}
