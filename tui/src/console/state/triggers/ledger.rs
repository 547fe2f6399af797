//! What has reached all triggers, and what became of it: slots and deliveries in one list, the
//! newest first.

use rpa_config::units;
use rpa_engine::RunId;
use rpa_ipc::Fault;
use rpa_ipc::fault::Said;

use super::super::filter::matches_words;
use super::super::{Cursor, State, moving, places};
use super::TriggerName;
use crate::console::command;
use crate::console::theme::Tone;
use crate::console::view::names;
use crate::say;
use crate::text::{FATES, OUTCOMES};
use crate::words::Words;

/// One slot, or one delivery.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerRow {
    pub name: TriggerName,
    /// The moment of the slot, or when it was delivered.
    pub at_ms: u64,
    /// The number of a delivery.
    pub number: Option<u64>,
    /// What was delivered; empty of a slot.
    pub what: String,
    /// A fate or an outcome.
    pub became: String,
    pub run: Option<RunId>,
    pub reason: Option<Said>,
    pub decided_ms: u64,
}

#[derive(Clone, Debug, Default)]
pub struct LedgerScreen {
    /// Whether the daemon has told it at least once.
    pub known: bool,
    /// The newest first.
    pub rows: Vec<LedgerRow>,
    /// There is something older.
    pub more: bool,
    pub fault: Option<Fault>,
    pub filter: LedgerFilter,
    pub cursor: Cursor,
}

/// Which rows are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerFilter {
    /// As it was typed.
    pub text: String,
    became: Vec<String>,
    workflow: Option<String>,
    trigger: Option<String>,
    since_ms: Option<u64>,
    words: String,
}

impl LedgerFilter {
    /// `status:missed trigger:nightly wf:report since:2h` and words. What is wrong with it is
    /// said in a sentence.
    pub fn parse(text: &str, words: &Words) -> Result<LedgerFilter, String> {
        let mut filter = LedgerFilter { text: text.trim().to_owned(), ..LedgerFilter::default() };
        let mut rest = Vec::new();
        for word in text.split_whitespace() {
            match word.split_once(':') {
                Some(("status" | "s", list)) => {
                    for word in list.split(',').filter(|word| !word.is_empty()) {
                        filter.became.push(known(word, words)?);
                    }
                }
                Some(("wf" | "workflow", name)) => filter.workflow = Some(name.to_owned()),
                Some(("trigger" | "t", name)) => filter.trigger = Some(name.to_owned()),
                Some(("since", age)) => {
                    let ms = units::parse_duration_ms(age).ok();
                    filter.since_ms =
                        Some(ms.ok_or_else(|| say!(words, "filter-bad-age", text = age))?);
                }
                _ => rest.push(word),
            }
        }
        filter.words = rest.join(" ");
        Ok(filter)
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn lets(&self, row: &LedgerRow, now_ms: u64) -> bool {
        let of = |name: &String| {
            row.name.workflow == *name || row.name.workflow.ends_with(&format!("/{name}"))
        };
        let text = || {
            let run = row.run.map(|run| run.short()).unwrap_or_default();
            let TriggerName { workflow, trigger } = &row.name;
            format!("{workflow} {trigger} {} {} {run}", row.what, row.became)
        };
        (self.became.is_empty() || self.became.contains(&row.became))
            && self.workflow.as_ref().is_none_or(of)
            && self.trigger.as_ref().is_none_or(|name| row.name.trigger == *name)
            && self.since_ms.is_none_or(|age| row.at_ms.saturating_add(age) >= now_ms)
            && (self.words.is_empty() || matches_words(&text(), &self.words))
    }
}

/// A fate or an outcome by its English word or the reader's, or the beginning of one.
fn known(typed: &str, words: &Words) -> Result<String, String> {
    let typed = typed.to_lowercase().replace('-', "_");
    let own = |word: &str| say!(words, &format!("status-{word}")).to_lowercase();
    let all = || FATES.iter().chain(&OUTCOMES);
    let exact = all().find(|word| **word == typed || own(word) == typed.replace('_', " "));
    let begun = || {
        all().find(|word| {
            word.starts_with(&typed) || own(word).starts_with(&typed.replace('_', " "))
        })
    };
    exact.or_else(begun).map(|word| (*word).to_owned()).ok_or_else(|| {
        let known: Vec<&str> = all().copied().collect();
        say!(words, "filter-bad-status", text = typed, known = known.join(", "))
    })
}

impl LedgerRow {
    fn id(&self) -> String {
        let TriggerName { workflow, trigger } = &self.name;
        format!("{workflow} {trigger} {} {:?}", self.at_ms, self.number)
    }
}

impl State {
    /// The rows of the list of slots that its filter lets through.
    pub fn ledger_rows(&self) -> Vec<&LedgerRow> {
        let LedgerScreen { rows, filter, .. } = &self.ledger;
        rows.iter().filter(|row| filter.lets(row, self.now_ms)).collect()
    }

    pub fn ledger_ids(&self) -> Vec<String> {
        self.ledger_rows().into_iter().map(LedgerRow::id).collect()
    }

    pub fn ledger_selected(&self) -> Option<&LedgerRow> {
        self.ledger_rows().get(self.ledger.cursor.index).copied()
    }
}

/// The run that it has had, or its trigger, which says why it had none.
pub fn open(state: &mut State) {
    let Some(row) = state.ledger_selected() else { return };
    let (run, name) = (row.run, row.name.clone());
    let why = row.reason.as_ref().map(|why| names::said(state, why));
    match run {
        Some(run) => places::open_run(state, run),
        None => {
            super::open(state, name.clone());
            if let Some(why) = why {
                let view = state.triggers.named(&name);
                let command = command::past(&state.namespace, &name, view);
                state.tell(Tone::Plain, why, command);
            }
        }
    }
}

pub fn got(state: &mut State, rows: Vec<LedgerRow>, more: bool) {
    let screen = &mut state.ledger;
    (screen.rows, screen.more, screen.known, screen.fault) = (rows, more, true, None);
    moving::settle(state);
}

/// The command that shows the selected row among its kind.
pub fn shown(state: &State) -> String {
    match state.ledger_selected() {
        Some(row) => command::past(&state.namespace, &row.name, state.triggers.named(&row.name)),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use rpa_ipc::Language;

    use super::*;

    fn row(trigger: &str, at_ms: u64, became: &str) -> LedgerRow {
        LedgerRow {
            name: TriggerName { workflow: "default/report".into(), trigger: trigger.into() },
            at_ms,
            number: None,
            what: String::new(),
            became: became.into(),
            run: None,
            reason: None,
            decided_ms: at_ms,
        }
    }

    #[test]
    fn each_part_of_a_filter_counts() {
        let words = Words::new(Language::English);
        let lets = |text: &str, row: &LedgerRow| {
            LedgerFilter::parse(text, &words).expect(text).lets(row, 10_000_000)
        };
        let missed = row("nightly", 9_000_000, "missed");
        for fits in
            ["", "status:missed", "status:fired,miss", "trigger:nightly", "wf:report", "since:1h"]
        {
            assert!(lets(fits, &missed), "{fits}");
        }
        assert!(lets("wf:default/report night", &missed));
        for other in ["status:fired", "trigger:other", "wf:port", "since:10m", "zzz"] {
            assert!(!lets(other, &missed), "{other}");
        }
        assert!(LedgerFilter::parse("status:nonsense", &words).is_err());
        assert!(LedgerFilter::parse("since:long", &words).is_err());
    }

    #[test]
    fn fates_are_known_in_the_readers_language() {
        let words = Words::new(Language::Bulgarian);
        let own = say!(words, "status-missed").to_lowercase().replace(' ', "_");
        let filter = LedgerFilter::parse(&format!("status:{own}"), &words).expect("a word");
        assert_eq!(filter.became, ["missed"]);
    }
}
