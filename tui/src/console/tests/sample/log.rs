//! A log, in windows.

use rpa_ipc::view::{LogLine, LogWindow};

use super::{HOUR, NOW, tell};
use crate::console::state::{News, State};

/// Answers what the log pane asks for, from a log of `total` lines.
pub fn log(state: &mut State, most: u64, total: u64) {
    let Some(want) = state.wants().log else { return };
    let from = match want.anchor {
        rpa_ipc::service::LogAnchor::Tail => total.saturating_sub(most),
        rpa_ipc::service::LogAnchor::Line(line) => {
            line.saturating_sub(u64::from(want.before)).min(total)
        }
    };
    let to = (from + most).min(total);
    let window = LogWindow {
        lines: (from..to).map(line).collect(),
        from,
        to,
        total,
        bytes: total * 40,
        ended: true,
    };
    tell(state, News::Log { want, window });
}

fn line(number: u64) -> LogLine {
    let (stream, level, text) = match number % 7 {
        3 => ("err", "info", "warning: /mnt/архив is 93% full".to_owned()),
        5 => (
            "rpad",
            "warn",
            "attempt 1 failed: exited with 2 [RPA0401]; next try in 5 s".to_owned(),
        ),
        _ => ("out", "info", format!("line {number} of a long log, with 東京 in it")),
    };
    LogLine {
        number,
        time_ms: NOW - HOUR + number,
        path: if number.is_multiple_of(2) { "usage".into() } else { "parse".into() },
        attempt: 1,
        stream: stream.into(),
        level: level.into(),
        text,
    }
}
