//! Why a draft was not changed, in words.

use rpa_config::edit::{Mention, Refused};
use rpa_config::workflow::Problem;
use rpa_ipc::fault::problem_in;

use super::super::State;
use crate::cli::checking;
use crate::say;
use crate::text::sanitize;

pub fn refused_text(state: &State, refused: &Refused) -> String {
    let words = &state.words;
    let text = match refused {
        Refused::Unread(problems) => {
            say!(words, "refused-unread", why = first(state, problems))
        }
        Refused::Unkept(_) => say!(words, "refused-unkept"),
        Refused::NoStep { path } => say!(words, "refused-no-step", step = path.as_str()),
        Refused::NoList { of } => say!(words, "refused-no-list", step = of.as_str()),
        Refused::BadId { id } => say!(words, "refused-bad-id", id = id.as_str()),
        Refused::IdTaken { id, by } => {
            say!(words, "refused-id-taken", id = id.as_str(), step = by.as_str())
        }
        Refused::UnknownKind { kind } => say!(words, "refused-kind", kind = kind.as_str()),
        Refused::UnknownField { field } => say!(words, "refused-field", field = field.as_str()),
        Refused::BadValue { field, why } => {
            say!(words, "refused-value", field = field.as_str(), why = why.as_str())
        }
        Refused::CaseTaken { case } => say!(words, "refused-case-taken", case = case.as_str()),
        Refused::BadCase => say!(words, "refused-bad-case"),
        Refused::LastOfList { path } => say!(words, "refused-last", step = path.as_str()),
        Refused::IntoItself { path } => say!(words, "refused-into-itself", step = path.as_str()),
        Refused::ItsOwn { path } => say!(words, "refused-its-own", step = path.as_str()),
        Refused::Cycle { paths } => say!(words, "refused-cycle", steps = paths.join(" → ")),
        Refused::OtherList { from, to } => {
            say!(words, "refused-other-list", from = from.as_str(), to = to.as_str())
        }
        Refused::AlreadyLinked { from, to } => {
            say!(words, "refused-linked", from = from.as_str(), to = to.as_str())
        }
        Refused::NotLinked { from, to } => {
            say!(words, "refused-not-linked", from = from.as_str(), to = to.as_str())
        }
        Refused::Fallback { path, of } => {
            say!(words, "refused-fallback", step = path.as_str(), of = of.as_str())
        }
        Refused::Named { path, by } => {
            say!(words, "refused-named", step = path.as_str(), places = places(state, by))
        }
        Refused::Shared { path, anchor } => {
            say!(words, "refused-shared", step = path.as_str(), anchor = anchor.as_str())
        }
        Refused::Invalid(problems) => first(state, problems),
        Refused::Changed(what) => say!(words, "refused-changed", what = *what),
    };
    let lines: Vec<String> = text.lines().map(|l| sanitize(l).replace('\t', " ")).collect();
    lines.join(" ")
}

/// The first problem, and how many more there are.
fn first(state: &State, problems: &[Problem]) -> String {
    let found = problems.iter().find(|problem| !problem.warning).or(problems.first());
    let Some(found) = found.cloned().map(checking::view) else { return String::new() };
    let (message, hint) = problem_in(state.words.language(), &found);
    match hint.is_empty() {
        true => message.into_owned(),
        false => format!("{message}; {hint}"),
    }
}

/// `send (if, line 12), the workflow (outputs.rows, line 40)`
fn places(state: &State, by: &[Mention]) -> String {
    let words = &state.words;
    let place = |mention: &Mention| {
        let of = match mention.path.as_str() {
            "" => say!(words, "the-workflow"),
            path => path.to_owned(),
        };
        let (key, line) = (mention.key.as_str(), mention.line);
        say!(words, "mention", of = of, key = key, line = line)
    };
    by.iter().map(place).collect::<Vec<_>>().join(", ")
}
