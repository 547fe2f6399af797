//! `days` of a schedule: calendars with `+` and `-` between them.

use rpa_engine::Label;
use rpa_engine::trigger::{Day, Days};

use super::fields::shown;
use super::limits::MAX_DAY_TERMS;
use super::node::Node;
use super::plans;
use super::problem::ProblemCode;
use super::reader::Reader;

const ALL: &str = "all";
const WEEKDAYS: &str = "weekdays";
const WEEKENDS: &str = "weekends";

const EXAMPLE: &str = "write for example \"weekdays - holidays\"";

impl<'a> Reader<'a> {
    /// None within when it is all days. Whether there is a calendar of a name only the
    /// daemon knows.
    pub(crate) fn days(&mut self, node: &'a Node) -> Option<Option<Days>> {
        let text = self.filled_text(node, "`days`")?;
        let terms = terms(text);
        if terms.len() > MAX_DAY_TERMS {
            let message = format!("`days` names more than {MAX_DAY_TERMS} calendars");
            let hint = "make one calendar of several in rpad.toml";
            self.problems.error(ProblemCode::FileLimit, node.at, message, hint);
            return None;
        }
        if terms.iter().any(|(_, word)| word.is_empty() || word.contains(char::is_whitespace)) {
            let message = format!("`days` cannot be {:?}", shown(text));
            self.wrong_type(node.at, message, EXAMPLE);
            return None;
        }
        // `weekdays-holidays` could be the name of a calendar, and is none
        if let Some((_, word)) = terms.iter().find(|(_, word)| is_glued(word)) {
            let message = format!("`days` cannot be {:?}", shown(text));
            let hint =
                format!("put blanks around the minus: {:?}", shown(&word.replace('-', " - ")));
            self.wrong_type(node.at, message, hint);
            return None;
        }
        let read = terms.into_iter().map(|(is_added, word)| {
            let day = match word {
                ALL => return Some((is_added, None)),
                WEEKDAYS => Day::Weekdays,
                WEEKENDS => Day::Weekends,
                word => {
                    let at = self.place_of(node, word);
                    Day::Calendar(self.name::<Label>(word, at, "calendar")?.to_string())
                }
            };
            Some((is_added, Some(day)))
        });
        let read: Vec<Option<(bool, Option<Day>)>> = read.collect();
        let read: Vec<(bool, Option<Day>)> = read.into_iter().collect::<Option<_>>()?;
        if read.contains(&(false, None)) {
            let message = "no day of the week is left by the schedule's days";
            self.wrong_type(node.at, message, "take one of the days out that are excluded");
            return None;
        }
        // what is added to all days changes nothing
        let is_all = read.contains(&(true, None));
        let of_days = |(is_added, day): (bool, Option<Day>)| Some((is_added, day?));
        let terms: Vec<(bool, Day)> = read.into_iter().filter_map(of_days).collect();
        let terms: Vec<(bool, Day)> =
            terms.into_iter().filter(|(is_added, _)| !(is_all && *is_added)).collect();
        let days = Days { terms };
        if let Some(error) = plans::refused_days(&days) {
            self.wrong_type(node.at, error.to_string(), error.hint());
            return None;
        }
        Some((!days.terms.is_empty()).then_some(days))
    }
}

/// The words between the signs, with whether they are added. The first may have a sign as
/// well: `- holidays` is all days but those. A hyphen within a name is no sign.
fn terms(text: &str) -> Vec<(bool, &str)> {
    let text = text.trim();
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let (mut is_added, mut from) = (true, 0);
    let mut found = Vec::new();
    for (at, sign) in text.match_indices(['+', '-']) {
        let inside = text[..at].ends_with(is_name) && text[at + 1..].starts_with(is_name);
        if sign == "-" && inside {
            continue;
        }
        if at > 0 {
            found.push((is_added, text[from..at].trim()));
        }
        (is_added, from) = (sign == "+", at + 1);
    }
    found.push((is_added, text[from..].trim()));
    found
}

/// Whether a word of ours stands in it beside others.
fn is_glued(word: &str) -> bool {
    let is_ours = |part: &str| [ALL, WEEKDAYS, WEEKENDS].contains(&part);
    word.contains('-') && word.split('-').any(is_ours)
}
