//! What has reached all triggers, and what became of it: slots and deliveries in one list, the
//! newest first.

use rpa_config::units;
use rpa_engine::RunId;
use rpa_ipc::Fault;
use rpa_ipc::fault::Said;

use super::super::filter::matches_words;
use super::super::{Cursor, LedgerWant, State, moving, places};
use super::TriggerName;
use crate::console::command;
use crate::console::theme::Tone;
use crate::console::view::names;
use crate::say;
use crate::text::{FATES, OUTCOMES};
use crate::words::Words;

/// The words of conditions, as they are offered.
pub const WORDS: [&str; 4] = ["status", "wf", "trigger", "since"];
/// Rows asked for at a time.
const STEP: usize = 200;
/// Rows below the selected one that are known before they are needed.
const AHEAD: usize = 100;
/// Most rows: what is older is found with a filter.
const MOST: usize = 5_000;

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
    /// So long ago at most, in milliseconds and as it was typed.
    since: Option<(u64, String)>,
    words: String,
}

impl LedgerScreen {
    pub fn want(&self, now_ms: u64) -> LedgerWant {
        let rows = (self.cursor.index + AHEAD).div_ceil(STEP) * STEP;
        self.filter.want(now_ms, rows.clamp(STEP, MOST))
    }
}

impl LedgerFilter {
    /// `status:missed trigger:nightly wf:report since:2h` and words. What is wrong with it is
    /// said in a sentence.
    pub fn parse(text: &str, words: &Words) -> Result<LedgerFilter, String> {
        let mut filter = LedgerFilter { text: text.trim().to_owned(), ..LedgerFilter::default() };
        let mut rest = Vec::new();
        for word in text.split_whitespace() {
            match word.split_once(':') {
                // it is being typed
                Some((key, "")) if is_known(key) => {}
                Some(("status" | "s", list)) => {
                    for word in list.split(',').filter(|word| !word.is_empty()) {
                        filter.became.push(known(word, words)?);
                    }
                }
                Some(("wf" | "workflow", name)) => filter.workflow = Some(name.to_owned()),
                Some(("trigger" | "t", name)) => filter.trigger = Some(name.to_owned()),
                Some(("since", age)) => {
                    let ms = units::parse_duration_ms(age)
                        .map_err(|_| say!(words, "filter-bad-age", word = "since", text = age))?;
                    filter.since = Some((ms, age.to_owned()));
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

    fn want(&self, now_ms: u64, rows: usize) -> LedgerWant {
        LedgerWant {
            became: self.became.clone(),
            workflow: self.workflow.clone(),
            trigger: self.trigger.clone(),
            // whole minutes, so that the want is the same from one moment to the next
            since_ms: self
                .since
                .as_ref()
                .map(|(ms, _)| now_ms.saturating_sub(*ms) / 60_000 * 60_000),
            contains: Some(self.words.clone()).filter(|words| !words.is_empty()),
            rows,
        }
    }

    /// What `rpa slots` is given to list the same slots.
    pub fn options(&self) -> String {
        let mut options = String::new();
        let mut add = |option: &str, value: &str| {
            options.push_str(&format!("{option} {}", crate::text::quoted(value)));
        };
        self.workflow.iter().for_each(|name| add("", name));
        // a name of a trigger alone is looked for among all
        let trigger = self.trigger.as_deref().unwrap_or_default();
        let (place, words) = match self.workflow.is_some() {
            true => (trigger, self.words.clone()),
            false => ("", format!("{trigger} {}", self.words).trim().to_owned()),
        };
        Some(place).filter(|name| !name.is_empty()).iter().for_each(|name| add("", name));
        let fates: Vec<&str> =
            self.became.iter().map(String::as_str).filter(|word| FATES.contains(word)).collect();
        Some(fates.join(",")).filter(|f| !f.is_empty()).iter().for_each(|f| add(" --fate", f));
        self.since.iter().for_each(|(_, typed)| add(" --since", typed));
        Some(words).filter(|text| !text.is_empty()).iter().for_each(|t| add(" --contains", t));
        options
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
            && self.since.as_ref().is_none_or(|(age, _)| row.at_ms.saturating_add(*age) >= now_ms)
            && (self.words.is_empty() || matches_words(&text(), &self.words))
    }
}

fn is_known(key: &str) -> bool {
    WORDS.contains(&key) || matches!(key, "s" | "workflow" | "t")
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

pub fn got(state: &mut State, want: &LedgerWant, rows: Vec<LedgerRow>, more: bool) {
    // not the answer to a filter that is no longer the one
    if !want.asks_the_same(&state.ledger.want(state.now_ms)) {
        return;
    }
    let screen = &mut state.ledger;
    (screen.rows, screen.more, screen.known, screen.fault) = (rows, more, true, None);
    moving::settle(state);
}

/// The command that lists the same slots.
pub fn shown(state: &State) -> String {
    command::ledger(&state.namespace, &state.ledger.filter.options())
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
    fn the_daemon_and_the_command_are_asked_for_the_same() {
        let words = Words::new(Language::English);
        let of = |text: &str| LedgerFilter::parse(text, &words).expect(text);
        let filter = of("status:missed,started wf:report t:nightly since:2h disk a");
        let want = filter.want(10 * 3_600_000 + 5, 200);
        assert_eq!(want.became, ["missed", "started"]);
        assert_eq!(
            (want.workflow.as_deref(), want.trigger.as_deref()),
            (Some("report"), Some("nightly"))
        );
        assert_eq!(
            (want.since_ms, want.contains.as_deref()),
            (Some(8 * 3_600_000), Some("disk a"))
        );
        let wanted = " report nightly --fate missed --since 2h --contains 'disk a'";
        assert_eq!(filter.options(), wanted);
        assert_eq!(of("trigger:nightly").options(), " --contains nightly");
        // while it is being typed
        assert_eq!(
            of("wf: status: t:").want(0, 1),
            LedgerWant { rows: 1, ..LedgerWant::default() }
        );
    }

    #[test]
    fn fates_are_known_in_the_readers_language() {
        let words = Words::new(Language::Bulgarian);
        let own = say!(words, "status-missed").to_lowercase().replace(' ', "_");
        let filter = LedgerFilter::parse(&format!("status:{own}"), &words).expect("a word");
        assert_eq!(filter.became, ["missed"]);
    }
}
