//! What a person types into a filter.
//!
//! Words that all must be found, whatever the case. For runs also `status:failed,
//! running`, `wf:NAME` and `since:2h`: these the daemon answers from its indexes.

use rpa_config::units;
use rpa_ipc::view::RUN_STATUSES;

use super::RunsWant;
use crate::say;
use crate::words::Words;

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
    since: Option<(u64, String)>,
    contains: Option<String>,
}

impl RunsFilter {
    /// What is wrong with it is said in a sentence.
    pub fn parse(text: &str, words: &Words) -> Result<RunsFilter, String> {
        let mut filter = RunsFilter { text: text.trim().to_owned(), ..RunsFilter::default() };
        let mut contains = Vec::new();
        for word in text.split_whitespace() {
            match word.split_once(':') {
                Some(("status" | "s", list)) => {
                    for status in list.split(',').filter(|s| !s.is_empty()) {
                        filter.statuses.push(known_status(status, words)?);
                    }
                }
                Some(("wf" | "workflow", name)) if !name.is_empty() => {
                    filter.workflow = Some(name.to_owned());
                }
                Some(("since", age)) => {
                    let ms = units::parse_duration_ms(age).ok();
                    let ms = ms.ok_or_else(|| say!(words, "filter-bad-age", text = age))?;
                    filter.since = Some((ms, age.to_owned()));
                }
                _ => contains.push(word),
            }
        }
        filter.contains = (!contains.is_empty()).then(|| contains.join(" "));
        Ok(filter)
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn want(&self, now_ms: u64, rows: usize) -> RunsWant {
        // whole minutes, so that the want is the same from one moment to the next
        let from = |age: u64| now_ms.saturating_sub(age) / 60_000 * 60_000;
        RunsWant {
            statuses: self.statuses.clone(),
            workflow: self.workflow.clone(),
            since_ms: self.since.as_ref().map(|(age, _)| from(*age)),
            contains: self.contains.clone(),
            rows,
        }
    }

    /// The options of `rpa runs` that list the same.
    pub fn options(&self) -> String {
        let mut options = String::new();
        let mut add = |option: &str, value: &str| {
            options.push_str(&format!(" --{option} {}", crate::text::quoted(value)));
        };
        self.statuses.iter().for_each(|s| add("status", s));
        self.workflow.iter().for_each(|w| add("workflow", w));
        self.since.iter().for_each(|(_, typed)| add("since", typed));
        self.contains.iter().for_each(|t| add("contains", t));
        options
    }
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

    #[test]
    fn fields_go_to_the_daemon_and_words_are_searched() {
        let words = Words::new(Language::English);
        let filter =
            RunsFilter::parse("status:failed,run wf:report since:2h disk full", &words).unwrap();
        let want = filter.want(10 * 3_600_000 + 5, 200);
        assert_eq!(want.statuses, ["failed", "running"]);
        assert_eq!(want.workflow.as_deref(), Some("report"));
        assert_eq!(want.since_ms, Some(8 * 3_600_000));
        assert_eq!(want.contains.as_deref(), Some("disk full"));
        assert_eq!(
            filter.options(),
            " --status failed --status running --workflow report --since 2h --contains 'disk full'"
        );
        assert_eq!(RunsFilter::parse(" ", &words).unwrap().want(5, 9).contains, None);
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
        assert!(RunsFilter::parse("status:fine", &words).unwrap_err().contains("fine"));
        assert!(RunsFilter::parse("since:long", &words).unwrap_err().contains("long"));
    }
}
