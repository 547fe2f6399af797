//! One line, as it is written and read back.

use std::fmt::Write;

/// What is to be logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Step path, or `-` for the run as a whole.
    pub path: String,
    pub attempt: u32,
    /// `out`, `err`, `log` or `rpad`.
    pub stream: &'static str,
    pub level: &'static str,
    /// Line ends in it are replaced.
    pub text: String,
}

/// A line read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub time_ms: u64,
    pub path: String,
    pub attempt: u32,
    pub stream: String,
    pub level: String,
    pub text: String,
}

/// Appends the line of `entry`, with its end, to `out`.
pub fn format(entry: &Entry, time: &str, out: &mut String) {
    // writing into a String does not fail
    let _ =
        write!(out, "{time} {}#{} {} {} ", entry.path, entry.attempt, entry.stream, entry.level);
    if entry.text.contains(['\n', '\r']) {
        out.push_str(&entry.text.replace(['\n', '\r'], "\u{2424}"));
    } else {
        out.push_str(&entry.text);
    }
    out.push('\n');
}

pub fn time(now_ms: u64) -> String {
    let ms = i64::try_from(now_ms).unwrap_or(i64::MAX);
    let stamp = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::MAX);
    format!("{stamp:.3}")
}

/// Reads one line without its end. A line that is not of this form, for example
/// one that was torn by a power loss, comes back as text of the daemon's own.
pub fn parse(raw: &str) -> Line {
    read(raw).unwrap_or_else(|| Line {
        time_ms: 0,
        path: "-".into(),
        attempt: 0,
        stream: "rpad".into(),
        level: "warn".into(),
        text: raw.to_owned(),
    })
}

fn read(raw: &str) -> Option<Line> {
    let mut parts = raw.splitn(5, ' ');
    let stamp: jiff::Timestamp = parts.next()?.parse().ok()?;
    let (path, attempt) = parts.next()?.rsplit_once('#')?;
    Some(Line {
        time_ms: u64::try_from(stamp.as_millisecond()).ok()?,
        path: path.to_owned(),
        attempt: attempt.parse().ok()?,
        stream: parts.next()?.to_owned(),
        level: parts.next()?.to_owned(),
        text: parts.next()?.to_owned(),
    })
}
