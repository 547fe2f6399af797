//! What a person types into a filter.
//!
//! Words that all must be found, whatever the case. For runs also conditions of the form
//! `word:value`, see [`WORDS`]; a `!` before one, or before a word, turns it around. All of
//! it is answered by the daemon. A text with a colon or blanks is put in double quotes.

use rpa_config::units;
use rpa_ipc::service::{RunField, RunTerm};
use rpa_ipc::view::RUN_STATUSES;

use super::RunsWant;
use crate::say;
use crate::words::Words;

/// The words of conditions on runs, as they are offered.
pub const WORDS: [&str; 10] =
    ["status", "wf", "since", "before", "ended", "by", "step", "trigger", "tag", "alike"];

/// Whether every word of `filter` stands in `text`, whatever the case.
pub fn matches_words(text: &str, filter: &str) -> bool {
    let text = text.to_lowercase();
    filter.split_whitespace().all(|word| text.contains(&word.to_lowercase()))
}

/// A filter of runs that was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunsFilter {
    /// As it was typed.
    pub text: String,
    statuses: Vec<String>,
    workflow: Option<String>,
    /// So long ago at most, in milliseconds and as it was typed.
    since: Option<Age>,
    /// So long ago at least.
    before: Option<Age>,
    /// It has ended so long ago at most.
    ended: Option<Age>,
    alike: Option<String>,
    terms: Vec<RunTerm>,
    contains: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Age {
    ms: u64,
    typed: String,
}

/// A word of a filter: what stands in double quotes is one, without them.
#[derive(Debug, PartialEq, Eq)]
struct Word {
    text: String,
    /// It stood in quotes from its beginning: it is no condition.
    quoted: bool,
    not: bool,
}

impl RunsFilter {
    /// What is wrong with it is said in a sentence.
    pub fn parse(text: &str, words: &Words) -> Result<RunsFilter, String> {
        let mut filter = RunsFilter { text: text.trim().to_owned(), ..RunsFilter::default() };
        let mut contains = Vec::new();
        for word in split(text) {
            let Word { text, quoted, not } = word;
            match text.split_once(':').filter(|_| !quoted) {
                Some((key, value)) => filter.condition(key, value, not, words)?,
                None if not => filter.term(RunField::Text, &text, not),
                None => contains.push(text),
            }
        }
        filter.contains = (!contains.is_empty()).then(|| contains.join(" "));
        Ok(filter)
    }

    fn condition(
        &mut self,
        key: &str,
        value: &str,
        not: bool,
        words: &Words,
    ) -> Result<(), String> {
        let never = || Err(say!(words, "filter-not-without", word = key));
        match key {
            // it is being typed
            _ if value.is_empty() && is_known(key) => {}
            "status" | "s" => {
                let typed = value.split(',').filter(|s| !s.is_empty());
                let named = typed.map(|s| known_status(s, words)).collect::<Result<Vec<_>, _>>()?;
                self.statuses.extend(
                    RUN_STATUSES
                        .iter()
                        .map(|s| (*s).to_owned())
                        .filter(|s| named.contains(s) != not),
                );
            }
            "wf" | "workflow" if not => self.term(RunField::Workflow, value, not),
            "wf" | "workflow" => self.workflow = Some(value.to_owned()),
            "since" | "before" | "until" | "ended" | "alike" if not => return never(),
            "since" => self.since = Some(age(key, value, words)?),
            "before" | "until" => self.before = Some(age(key, value, words)?),
            "ended" => self.ended = Some(age(key, value, words)?),
            "alike" => self.alike = Some(value.to_lowercase()),
            "by" => self.term(RunField::By, value, not),
            "step" => self.term(RunField::Step, value, not),
            "trigger" => self.term(RunField::Trigger, value, not),
            "tag" => self.term(RunField::Tag, value, not),
            _ => {
                let known = WORDS.map(|word| format!("{word}:")).join(" ");
                return Err(say!(words, "filter-unknown", word = key, known = known));
            }
        }
        Ok(())
    }

    fn term(&mut self, field: RunField, value: &str, not: bool) {
        self.terms.push(RunTerm { field, value: value.to_owned(), not });
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn want(&self, now_ms: u64, rows: usize) -> RunsWant {
        // whole minutes, so that the want is the same from one moment to the next
        let from = |age: &Age| now_ms.saturating_sub(age.ms) / 60_000 * 60_000;
        RunsWant {
            statuses: self.statuses.clone(),
            workflow: self.workflow.clone(),
            since_ms: self.since.as_ref().map(from),
            until_ms: self.before.as_ref().map(from),
            ended_since_ms: self.ended.as_ref().map(from),
            alike: self.alike.clone(),
            terms: self.terms.clone(),
            contains: self.contains.clone(),
            rows,
        }
    }

    /// The same with one more condition: only runs that failed alike.
    pub fn with_alike(&self, alike: &str) -> String {
        let others = self.text.split(' ').filter(|word| !word.starts_with("alike:"));
        let mut words: Vec<&str> = others.filter(|word| !word.is_empty()).collect();
        let alike = format!("alike:{alike}");
        words.push(&alike);
        words.join(" ")
    }

    /// The options of `rpa runs` that list the same.
    pub fn options(&self) -> String {
        let mut options = String::new();
        let mut add = |option: &str, value: &str| {
            options.push_str(&format!(" --{option} {}", crate::text::quoted(value)));
        };
        self.statuses.iter().for_each(|s| add("status", s));
        self.workflow.iter().for_each(|w| add("workflow", w));
        self.since.iter().for_each(|age| add("since", &age.typed));
        self.before.iter().for_each(|age| add("before", &age.typed));
        self.ended.iter().for_each(|age| add("ended", &age.typed));
        self.alike.iter().for_each(|alike| add("alike", alike));
        for term in &self.terms {
            let word = word_of(term.field);
            match (term.not, term.field) {
                (true, RunField::Text) => add("without", &term.value),
                (true, _) => add("without", &format!("{word}:{}", term.value)),
                (false, _) => add(word, &term.value),
            }
        }
        self.contains.iter().for_each(|t| add("contains", t));
        options
    }
}

/// The option of `rpa runs`, and what stands before the colon of `--without`.
fn word_of(field: RunField) -> &'static str {
    match field {
        RunField::Text => "contains",
        RunField::Workflow => "workflow",
        RunField::By => "by",
        RunField::Step => "step",
        RunField::Trigger => "trigger",
        RunField::Tag => "tag",
    }
}

fn is_known(key: &str) -> bool {
    WORDS.contains(&key) || matches!(key, "s" | "workflow" | "until")
}

fn age(key: &str, typed: &str, words: &Words) -> Result<Age, String> {
    match units::parse_duration_ms(typed) {
        Ok(ms) => Ok(Age { ms, typed: typed.to_owned() }),
        Err(_) => Err(say!(words, "filter-bad-age", word = key, text = typed)),
    }
}

fn split(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word: Option<Word> = None;
    let mut inside = false;
    let fresh = || Word { text: String::new(), quoted: false, not: false };
    for c in text.chars() {
        match c {
            '"' => {
                let word = word.get_or_insert_with(fresh);
                word.quoted |= !inside && word.text.is_empty();
                inside = !inside;
            }
            c if c.is_whitespace() && !inside => words.extend(word.take()),
            '!' if !inside && word.is_none() => word = Some(Word { not: true, ..fresh() }),
            c => word.get_or_insert_with(fresh).text.push(c),
        }
    }
    words.extend(word);
    words.retain(|word| !word.text.is_empty());
    words
}

/// A status by its English word or by the reader's own, or the beginning of one.
fn known_status(typed: &str, words: &Words) -> Result<String, String> {
    let typed = typed.to_lowercase().replace('-', "_");
    let own = |status: &&&str| say!(words, &format!("status-{status}")).to_lowercase();
    let exact = RUN_STATUSES.iter().find(|s| **s == typed);
    let by_word = || RUN_STATUSES.iter().find(|s| own(s) == typed.replace('_', " "));
    let begun = || {
        RUN_STATUSES
            .iter()
            .find(|s| s.starts_with(&typed) || own(s).starts_with(&typed.replace('_', " ")))
    };
    exact.or_else(by_word).or_else(begun).map(|status| (*status).to_owned()).ok_or_else(|| {
        let known = RUN_STATUSES.join(", ");
        say!(words, "filter-bad-status", text = typed, known = known)
    })
}

#[cfg(test)]
mod tests {
    use rpa_ipc::Language;

    use super::*;

    fn filter(text: &str) -> RunsFilter {
        RunsFilter::parse(text, &Words::new(Language::English)).unwrap()
    }

    #[test]
    fn fields_go_to_the_daemon_and_words_are_searched() {
        let filter = filter("status:failed,run wf:report since:2h disk full");
        let want = filter.want(10 * 3_600_000 + 5, 200);
        // in the order of all statuses
        assert_eq!(want.statuses, ["running", "failed"]);
        assert_eq!(want.workflow.as_deref(), Some("report"));
        assert_eq!(want.since_ms, Some(8 * 3_600_000));
        assert_eq!(want.contains.as_deref(), Some("disk full"));
        assert_eq!(
            filter.options(),
            " --status running --status failed --workflow report --since 2h --contains 'disk full'"
        );
        assert_eq!(self::filter(" ").want(5, 9).contains, None);
    }

    #[test]
    fn conditions_can_be_turned_around() {
        let filter = filter("!status:completed,cancelled !wf:zip by:ann !by:cron !\"a b\" !x");
        let want = filter.want(0, 1);
        assert_eq!(want.statuses, ["queued", "running", "waiting", "paused", "in_doubt", "failed"]);
        let terms: Vec<_> = want.terms.iter().map(|t| (t.field, t.value.as_str(), t.not)).collect();
        let wanted = [
            (RunField::Workflow, "zip", true),
            (RunField::By, "ann", false),
            (RunField::By, "cron", true),
            (RunField::Text, "a b", true),
            (RunField::Text, "x", true),
        ];
        assert_eq!(terms, wanted);
        let options = filter.options();
        let tail = " --without workflow:zip --by ann --without by:cron --without 'a b' --without x";
        assert!(options.ends_with(tail), "{options}");
    }

    #[test]
    fn times_steps_triggers_and_tags() {
        let filter = filter("before:1h ended:30m step:send trigger:nightly tag:ops alike:0AF");
        let want = filter.want(7_200_000, 1);
        assert_eq!((want.until_ms, want.ended_since_ms), (Some(3_600_000), Some(5_400_000)));
        assert_eq!(want.alike.as_deref(), Some("0af"));
        assert_eq!(
            filter.options(),
            " --before 1h --ended 30m --alike 0af --step send --trigger nightly --tag ops"
        );
        assert_eq!(filter.with_alike("b1").split(' ').next_back(), Some("alike:b1"));
        assert!(!filter.with_alike("b1").contains("0AF"));
    }

    #[test]
    fn a_text_with_a_colon_stands_in_quotes() {
        let want = filter("\"https://x.bg a\" b").want(0, 1);
        assert_eq!(want.contains.as_deref(), Some("https://x.bg a b"));
        assert_eq!(filter("by:\"ann b\"").want(0, 1).terms[0].value, "ann b");
        // while it is being typed
        assert_eq!(filter("tag: by:").want(0, 1).terms, []);
        assert_eq!(filter("! \"").want(0, 1), RunsWant { rows: 1, ..RunsWant::default() });
    }

    #[test]
    fn statuses_are_known_in_the_readers_language() {
        let words = Words::new(Language::Bulgarian);
        let filter = RunsFilter::parse("status:отменено", &words).unwrap();
        assert_eq!(filter.want(0, 1).statuses, ["cancelled"]);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let words = Words::new(Language::English);
        let wrong = |text: &str| RunsFilter::parse(text, &words).unwrap_err();
        assert!(wrong("status:fine").contains("fine"));
        assert!(wrong("since:soon").contains("soon"));
        assert!(wrong("before:soon").contains("before"));
        assert!(wrong("!since:2h").contains("since"));
        let unknown = wrong("agent:win-01");
        assert!(unknown.contains("agent") && unknown.contains("trigger:"), "{unknown}");
    }
}
