//! Messages of the catalogue read backwards: which one an English sentence is, and
//! what its arguments are.
//!
//! For sentences that were made where the catalogue is not known: by tasks and the
//! engine, whose errors and reasons are stored, and by the check of files. `words/*en.ftl` has
//! them in families, as `error-exit`; tests compare them with the sources.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, PatternElement};

use super::{Arg, Said, words};
use crate::Language;

/// The families, by the beginning of their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    /// An error of a step.
    Error,
    /// Why something stands as it does.
    Reason,
    /// What is wrong with the store.
    Store,
    /// What is wrong with settings, and what to do about it.
    Config,
    /// What is wrong with a file.
    Problem,
    /// What to do about it.
    Advice,
    /// A piece of a sentence.
    Word,
    /// What is wrong with a variable that a step gives to a run: a part of an error.
    Given,
    /// Why a workflow takes no runs.
    Callee,
}

/// These stand around errors and reasons, and are none.
const AROUND: [&str; 8] = [
    "error-of-step",
    "error-of-run",
    "error-of-run-step",
    "error-other",
    "error-turn",
    "error-turns",
    "reason-not-seen",
    "reason-turned-away",
];

/// What a person reads who starts a run, and what is stored where a step does.
const CALLEE: [&str; 4] =
    ["no-workflow", "not-published", "workflow-disabled", "workflow-archived"];

impl Family {
    fn of(id: &str) -> Option<Family> {
        match id.split_once('-')?.0 {
            _ if AROUND.contains(&id) => None,
            _ if CALLEE.contains(&id) => Some(Family::Callee),
            "error" if id.starts_with("error-given-") => Some(Family::Given),
            "error" => Some(Family::Error),
            "reason" => Some(Family::Reason),
            "store" => Some(Family::Store),
            "config" => Some(Family::Config),
            "problem" => Some(Family::Problem),
            "advice" => Some(Family::Advice),
            "word" => Some(Family::Word),
            _ => None,
        }
    }
}

/// Which message of a family says `sentence`, and about what.
pub(super) fn read(family: Family, sentence: &str) -> Option<Said> {
    forms().get(&family)?.iter().find_map(|form| form.read(sentence))
}

/// What `sentence` is about, if it is the message `id` of a family.
pub(super) fn read_as(family: Family, id: &str, sentence: &str) -> Option<Said> {
    forms().get(&family)?.iter().filter(|form| form.id == id).find_map(|form| form.read(sentence))
}

struct Form {
    id: String,
    parts: Vec<Part>,
}

enum Part {
    Text(String),
    Arg(String),
}

impl Form {
    fn read(&self, sentence: &str) -> Option<Said> {
        let mut rest = sentence;
        let mut args = Vec::new();
        let mut parts = self.parts.iter().peekable();
        while let Some(part) = parts.next() {
            match (part, parts.peek()) {
                (Part::Text(text), _) => rest = rest.strip_prefix(text.as_str())?,
                (Part::Arg(name), next) => {
                    let end = match next {
                        Some(Part::Text(text)) => rest.find(text.as_str())?,
                        Some(Part::Arg(_)) | None => rest.len(),
                    };
                    // what stands for one word is not the rest of a sentence
                    if name == "word" && rest[..end].contains(' ') {
                        return None;
                    }
                    args.push((name.clone(), Arg::Text(rest[..end].to_owned())));
                    rest = &rest[end..];
                }
            }
        }
        rest.is_empty().then(|| Said { id: self.id.clone(), args })
    }

    fn literal(&self) -> usize {
        let length = |part: &Part| match part {
            Part::Text(text) => text.len(),
            Part::Arg(_) => 0,
        };
        self.parts.iter().map(length).sum()
    }
}

/// The forms of each family, those that say most themselves first.
fn forms() -> &'static BTreeMap<Family, Vec<Form>> {
    static FORMS: OnceLock<BTreeMap<Family, Vec<Form>>> = OnceLock::new();
    FORMS.get_or_init(|| {
        let source = words::source(Language::English).to_owned();
        let resource = FluentResource::try_new(source).unwrap_or_else(|(whole, _)| whole);
        let mut forms: BTreeMap<Family, Vec<Form>> = BTreeMap::new();
        for entry in resource.entries() {
            let Entry::Message(message) = entry else { continue };
            let Some(family) = Family::of(message.id.name) else { continue };
            let elements = message.value.iter().flat_map(|pattern| &pattern.elements);
            if let Some(parts) = elements.map(part).collect::<Option<_>>() {
                let id = message.id.name.to_owned();
                forms.entry(family).or_default().push(Form { id, parts });
            }
        }
        for family in forms.values_mut() {
            family.sort_by_key(|form| std::cmp::Reverse(form.literal()));
        }
        forms
    })
}

fn part(element: &PatternElement<&str>) -> Option<Part> {
    match element {
        PatternElement::TextElement { value } => Some(Part::Text((*value).to_owned())),
        PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
            InlineExpression::VariableReference { id } => Some(Part::Arg(id.name.to_owned())),
            InlineExpression::StringLiteral { value } => Some(Part::Text((*value).to_owned())),
            _ => None,
        },
        PatternElement::Placeable { .. } => None,
    }
}
