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
    push_visible(&entry.text, out);
    out.push('\n');
}

/// The text without what a terminal would obey or a reader take for a line end:
/// colours are left out, other control characters become their symbols. The log is
/// there to be read with `tail -f`.
fn push_visible(text: &str, out: &mut String) {
    let hostile = |c: char| (c.is_control() && c != '\t') || matches!(c, '\u{2028}' | '\u{2029}');
    if !text.contains(hostile) {
        out.push_str(text);
        return;
    }
    let mut rest = text;
    while let Some(at) = rest.find(hostile) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(tail) = after_colour(rest) {
            rest = tail;
            continue;
        }
        let mut chars = rest.chars();
        match chars.next() {
            Some('\n' | '\r' | '\u{2028}' | '\u{2029}') => out.push('\u{2424}'),
            // U+2400 and following show the control characters; U+2421 is delete
            Some(c) if u32::from(c) < 0x20 => {
                out.extend(char::from_u32(0x2400 + u32::from(c)));
            }
            Some('\u{7f}') => out.push('\u{2421}'),
            _ => out.push('\u{fffd}'),
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// What follows a colour sequence (`ESC [ digits ; m` or the like) that `text` begins with.
fn after_colour(text: &str) -> Option<&str> {
    let body = text.strip_prefix("\u{1b}[")?;
    let end = body.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    body[end..].strip_prefix(['m', 'K'])
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

/// Whether a line is of `step` or of what is inside it.
pub fn is_of(raw: &[u8], step: &str) -> bool {
    // most lines of other steps are told by their second word alone
    let path = raw.splitn(3, |byte| *byte == b' ').nth(1);
    let rest = path.and_then(|path| path.strip_prefix(step.as_bytes()));
    rest.is_some_and(|rest| {
        rest.starts_with(b"#") || rest.starts_with(b"/") || rest.starts_with(b"[")
    }) && read(&String::from_utf8_lossy(raw)).is_some()
}

/// The text of a line as [`parse`] has it: all of one that is not of this form.
pub fn text_of(raw: &[u8]) -> &[u8] {
    if read(&String::from_utf8_lossy(raw)).is_none() {
        return raw;
    }
    raw.splitn(5, |byte| *byte == b' ').nth(4).unwrap_or(raw)
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
