//! What the word that is being typed into a filter of runs, or of slots, may become.

use rpa_ipc::view::RUN_STATUSES;

use super::filter::WORDS;
use super::{Root, State, triggers};
use crate::console::view::names;
use crate::text::{FATES, OUTCOMES};

/// Candidates that are shown.
const MOST: usize = 12;

/// The text with its last word completed as far as that is clear, and what it may become
/// where there is a choice.
pub fn fill(state: &State, text: &str) -> (String, Vec<String>) {
    let from = text.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let (before, word) = text.split_at(from);
    let (not, word) = match word.strip_prefix('!') {
        Some(word) => ("!", word),
        None => ("", word),
    };
    let (head, typed, mut all) = match word.split_once(':') {
        Some((key, value)) => {
            // of a list of statuses the last one
            let at = value.rfind(',').filter(|_| key == "status").map_or(0, |at| at + 1);
            let (list, value) = value.split_at(at);
            (format!("{key}:{list}"), value, values(state, key))
        }
        None => {
            let words: &[&str] =
                if state.root == Root::Slots { &triggers::LEDGER_WORDS } else { &WORDS };
            (String::new(), word, words.iter().map(|word| format!("{word}:")).collect())
        }
    };
    let folded = typed.to_lowercase();
    all.retain(|value| value.to_lowercase().starts_with(&folded));
    all.sort_unstable();
    all.dedup();
    let Some(common) = common(&all) else { return (text.to_owned(), Vec::new()) };
    let end = if all.len() == 1 && !common.ends_with(':') { " " } else { "" };
    let filled = format!("{before}{not}{head}{common}{end}");
    let choice = if all.len() > 1 { all } else { Vec::new() };
    (filled, choice.into_iter().take(MOST).collect())
}

/// The longest beginning of all of them.
fn common(all: &[String]) -> Option<String> {
    let first = all.first()?;
    let shared = |other: &String| {
        let same = first.char_indices().zip(other.chars()).take_while(|((_, a), b)| a == b);
        same.last().map_or(0, |((at, c), _)| at + c.len_utf8())
    };
    let length = all.iter().map(shared).min()?;
    Some(first[..length].to_owned())
}

/// What the console knows that may stand after the colon.
fn values(state: &State, key: &str) -> Vec<String> {
    let rows = &state.runs.rows;
    let workflows = &state.workflows.rows;
    let words = |all: &[&str]| all.iter().map(|word| (*word).to_owned()).collect();
    match key {
        "status" | "s" if state.root == Root::Slots => words(&[&FATES[..], &OUTCOMES[..]].concat()),
        "status" | "s" => words(&RUN_STATUSES),
        "wf" | "workflow" => {
            workflows.iter().map(|view| names::workflow(state, &view.workflow)).collect()
        }
        "by" => {
            let actors = rows.iter().flat_map(|run| [&run.actor, &run.origin]).cloned();
            actors.filter(|who| !who.contains(char::is_whitespace)).collect()
        }
        "step" => {
            let steps = workflows.iter().flat_map(|view| &view.steps);
            steps.map(|step| step.id.clone()).collect()
        }
        "trigger" => state.triggers.rows.iter().map(|view| view.trigger.clone()).collect(),
        "tag" => workflows.iter().flat_map(|view| view.tags.clone()).collect(),
        "alike" => rows.iter().filter_map(|run| run.alike.clone()).collect(),
        "since" | "before" | "until" | "ended" => words(&["1h", "24h", "7d"]),
        _ => Vec::new(),
    }
}
