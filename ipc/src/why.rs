//! Why a run stands where it stands: what is asked, and what is told.

use rpa_engine::{RunId, StepPath};
use serde::{Deserialize, Serialize};

use crate::Language;
use crate::fault::{Said, say};
use crate::service::RunRef;
use crate::triggers::{SlotView, TriggerRef, TriggerView};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyQuery {
    pub run: RunRef,
    /// A step, and what is inside it; the whole run when none.
    pub path: Option<StepPath>,
    /// Everything that happened, and not only what was decided.
    pub all: bool,
    /// Tellings of the page, at most 1,000. Long journals are read a piece at a time:
    /// a page may have few, or none, and yet a `next`.
    pub limit: u32,
    pub cursor: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Why {
    pub run: RunId,
    pub workflow: String,
    pub path: Option<StepPath>,
    /// The status word of the step, or of the run.
    pub status: String,
    /// The run has: nothing of this will change.
    pub ended: bool,
    /// Why it stands so: the answer first, then what it comes from, the root last.
    pub now: Vec<Telling>,
    /// What happened, in order.
    pub tellings: Vec<Telling>,
    pub next: Option<String>,
}

/// One slot of a trigger.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WhySlotQuery {
    pub of: TriggerRef,
    pub at_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhySlot {
    pub trigger: TriggerView,
    /// The moment that was asked for.
    pub at_ms: u64,
    /// What the ledger has of it.
    pub slot: Option<SlotView>,
    /// Its fate and why, or why it has none; then what would change that.
    pub why: Vec<Telling>,
    /// Of a moment that is no slot: the slots beside it.
    pub before_ms: Option<u64>,
    pub after_ms: Option<u64>,
}

/// One thing that is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    pub at_ms: Option<u64>,
    /// The step that it is about.
    pub path: Option<StepPath>,
    /// What it is, for programs: `step_failed`, `run_queued`.
    pub kind: String,
    /// The sentence in English, with moments in UTC.
    pub text: String,
    /// Which message the sentence is.
    pub what: Said,
}

impl Telling {
    pub fn new(at_ms: Option<u64>, path: Option<StepPath>, what: Said) -> Telling {
        let kind = what.id.strip_prefix("why-").unwrap_or(&what.id).replace('-', "_");
        let text = say(Language::English, &what).unwrap_or_else(|| kind.clone());
        Telling { at_ms, path, kind, text, what }
    }

    /// The sentence for a person: in their language, with moments as `show` puts them.
    /// In English when this version does not know the message.
    pub fn sentence(&self, language: Language, show: &dyn Fn(u64) -> String) -> String {
        say(language, &self.what.clone().in_zone(show)).unwrap_or_else(|| self.text.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{Arg, remarks};
    use crate::said;
    use crate::view::ErrorView;

    fn failed() -> Said {
        let (code, class) = ("RPA0401".to_owned(), "exit(2)".to_owned());
        let error = ErrorView { code, class, message: "exited with 2".into() };
        said!("why-step-failed", step = "fetch", tries = Arg::Count(3), error = Arg::Error(error))
    }

    #[test]
    fn a_telling_is_said_in_the_words_and_the_time_of_its_reader() {
        let run = said!("why-run-failed", at = Arg::Moment(4_000), cause = failed());
        let telling = Telling::new(Some(4_000), None, run);
        assert_eq!(telling.kind, "run_failed");
        assert_eq!(
            telling.text,
            "the run failed at 1970-01-01T00:00:04Z, because step fetch failed after 3 tries: \
             exited with 2 [RPA0401]"
        );
        let show = |ms: u64| format!("{} s", ms / 1_000);
        let said = telling.sentence(Language::Bulgarian, &show);
        assert!(said.contains("командата завърши с код 2 [RPA0401]"), "{said}");
        assert!(said.contains("4 s") && !said.contains("1970"), "{said}");
    }

    #[test]
    fn what_a_newer_daemon_tells_is_shown_in_its_english() {
        let mut telling = Telling::new(None, None, failed());
        telling.what.id = "why-moon-is-full".into();
        assert_eq!(telling.sentence(Language::Bulgarian, &|_| String::new()), telling.text);
    }

    #[test]
    fn moments_within_remarks_are_the_readers_too() {
        let inner = said!("why-step-waits", step = "a", until = Arg::Moment(7));
        let said = said!("why-run-waits", cause = remarks(vec![inner]));
        let said = say(Language::English, &said.in_zone(&|_| "noon".to_owned())).unwrap();
        assert_eq!(said, "the run waits: step a waits until noon");
    }
}
