//! A schedule in words.

use rpa_engine::trigger::{Moments, Schedule};

use super::expression;

/// A period from large to small units.
const UNITS: [(u64, &str); 5] =
    [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s"), (1, "ms")];

/// A schedule in a few English words; a cron expression that cannot be read stands as it
/// is written.
pub fn describe(schedule: &Schedule) -> String {
    match &schedule.moments {
        Moments::Cron(text) => {
            let said = expression::words(text).unwrap_or_else(|| text.trim().to_owned());
            format!("{said} ({})", schedule.timezone)
        }
        // that is where periods begin if nobody says otherwise
        Moments::Every { period_ms, from } if from.at_ms == 0 => {
            format!("Every {}", period(*period_ms))
        }
        Moments::Every { period_ms, from } => {
            format!("Every {} from {}", period(*period_ms), from.text)
        }
        Moments::At(moments) => match moments.as_slice() {
            [] => "Never".to_owned(),
            [only] => format!("Once, at {}", only.text),
            [first, .., last] => {
                format!("{} times, from {} to {}", moments.len(), first.text, last.text)
            }
        },
    }
}

/// As a workflow file has it: `1h30m`.
pub fn period(ms: u64) -> String {
    let mut left = ms;
    let mut text = String::new();
    for (size, unit) in UNITS {
        if left >= size {
            text += &format!("{}{unit}", left / size);
            left %= size;
        }
    }
    text
}
