//! Names as they are shown.

use rpa_config::schedule::in_bulgarian;
use rpa_ipc::Language;
use rpa_ipc::fault::Said;
use rpa_ipc::triggers::TriggerView;

use super::pen::Piece;
use crate::console::state::{State, TriggerName};
use crate::console::time;
use crate::say;
pub use crate::text::number;
use crate::words::Words;

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
pub fn what(state: &State, view: &TriggerView) -> String {
    let (words, english) = (&state.words, view.what.as_str());
    let begins = |text: &str| english.strip_prefix(text);
    match view.kind.as_str() {
        "file_watch" => return files(words, english).unwrap_or_else(|| english.to_owned()),
        "after" => return after(state, english).unwrap_or_else(|| english.to_owned()),
        "schedule" if words.language() == Language::Bulgarian => {
            let cron = view.cron.as_deref().and_then(in_bulgarian);
            if let Some(cron) = cron {
                return format!("{cron} ({})", view.timezone);
            }
        }
        _ => {}
    }
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

/// `files in and below DIRECTORY: PATTERN but PATTERN created, modified`
fn files(words: &Words, english: &str) -> Option<String> {
    let rest = english.strip_prefix("files in ")?;
    let (id, rest) = match rest.strip_prefix("and below ") {
        Some(rest) => ("what-files-below", rest),
        None => ("what-files", rest),
    };
    let mut place = rest;
    let mut changes = Vec::new();
    for (word, id) in [
        ("deleted", "change-deleted"),
        ("modified", "change-modified"),
        ("created", "change-created"),
    ] {
        let last = place.trim_end_matches(',').strip_suffix(word);
        if let Some(before) = last.and_then(|before| before.strip_suffix(' ')) {
            changes.insert(0, words.say(id, &[]));
            place = before;
        }
    }
    let place = place.trim_end_matches(',');
    let changes = changes.join(", ");
    Some(say!(words, id, place = place, changes = changes))
}

/// `after WORKFLOW failed or cancelled`
fn after(state: &State, english: &str) -> Option<String> {
    let (workflow, statuses) = english.strip_prefix("after ")?.split_once(' ')?;
    let or = state.words.say("what-or", &[]);
    let statuses: Vec<String> =
        statuses.split(" or ").map(|status| status_word(state, status)).collect();
    let statuses = statuses.join(&format!(" {or} "));
    Some(say!(state.words, "what-after", workflow = workflow, statuses = statuses))
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
