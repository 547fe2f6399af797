//! Names as they are shown.

use rpa_ipc::fault::Said;

use super::pen::Piece;
use crate::console::state::{State, TriggerName};
use crate::console::time;
use crate::say;
pub use crate::text::number;

/// A workflow without its namespace where that is the one that is looked at.
pub fn workflow(state: &State, full: &str) -> String {
    let prefix = format!("{}/", state.namespace);
    full.strip_prefix(&prefix).unwrap_or(full).to_owned()
}

/// `disk-report nightly`
pub fn trigger(state: &State, name: &TriggerName) -> String {
    format!("{} {}", workflow(state, &name.workflow), name.trigger)
}

/// The kind of a trigger in the reader's language; a newer daemon's as it comes.
pub fn kind(state: &State, kind: &str) -> String {
    state.words.find(&format!("kind-{kind}")).unwrap_or_else(|| kind.to_owned())
}

/// What a trigger waits for, which the daemon says in a few English words: in the reader's
/// language, where it is known how that is said.
pub fn what(state: &State, english: &str) -> String {
    let words = &state.words;
    let begins = |text: &str| english.strip_prefix(text);
    // `Every minute` is the beginning of what a cron expression means
    let period =
        |text: &&str| text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(' ');
    if let Some((every, from)) = begins("Every ").and_then(|rest| rest.split_once(" from ")) {
        return match period(&every) {
            true => say!(words, "what-every-from", period = every, from = from),
            false => english.to_owned(),
        };
    }
    if let Some(every) = begins("Every ").filter(period) {
        return say!(words, "what-every", period = every);
    }
    if let Some(at) = begins("Once, at ") {
        return say!(words, "what-once", at = at);
    }
    if let Some((count, (from, to))) = times(english) {
        return say!(words, "what-times", count = count, from = from, to = to);
    }
    if let Some(name) = begins("event ") {
        return say!(words, "what-event", name = name);
    }
    match (english, begins("by hand")) {
        ("Never", _) => say!(words, "what-never"),
        (_, Some(who)) => say!(words, "what-by-hand", who = who),
        _ => english.to_owned(),
    }
}

/// `3 times, from A to B`
fn times(english: &str) -> Option<(&str, (&str, &str))> {
    let (count, rest) = english.split_once(" times, from ")?;
    let is_number = count.chars().all(|c| c.is_ascii_digit());
    Some((count, rest.split_once(" to ")?)).filter(|_| is_number)
}

/// Why something is so, in the reader's language.
pub fn said(state: &State, said: &Said) -> String {
    crate::text::reason(state.words.language(), said, &|ms| time::moment(state, ms))
}

/// Glyph and word of a status.
pub fn status(state: &State, status: &str) -> Piece {
    let mark = state.look.mark(status);
    (mark.tone, format!("{} {}", mark.glyph, status_word(state, status)))
}

/// The word of a status in the reader's language; a newer daemon's as it comes.
pub fn status_word(state: &State, status: &str) -> String {
    let known = state.words.find(&format!("status-{status}"));
    known.unwrap_or_else(|| status.to_owned())
}

/// `1.9 MB`: decimal units, one digit behind the point.
pub fn bytes(state: &State, n: u64) -> String {
    let units = ["unit-b", "unit-kb", "unit-mb", "unit-gb"];
    let mut value = n as f64;
    let mut unit = 0;
    while value >= 1_000.0 && unit + 1 < units.len() {
        value /= 1_000.0;
        unit += 1;
    }
    let unit_word = say!(state.words, units[unit]);
    if unit == 0 { format!("{n} {unit_word}") } else { format!("{value:.1} {unit_word}") }
}
