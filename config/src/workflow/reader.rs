//! What every part of the reader shares: the source, the problems, and the
//! expressions that are checked once all steps are known.

use std::str::FromStr;

use rpa_engine::{Ident, Label, NameError, Reads, Template, WorkflowRef};

use super::call::Site;
use super::fields::shown;
use super::locate;
use super::node::Node;
use super::outline::Outline;
use super::place::Place;
use super::problem::{Pos, ProblemCode, Problems};
use super::step::Defaults;
use crate::suggest;
use crate::units;

#[derive(Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) source: &'a str,
    pub(crate) problems: Problems,
    /// Every string with expressions in it.
    pub(crate) uses: Vec<Use<'a>>,
    /// Every variable that a `set` writes.
    pub(crate) writes: Vec<Write<'a>>,
    pub(crate) outline: Outline<'a>,
    pub(crate) defaults: Defaults,
    /// The namespace of a workflow file; where that cannot be read, the caller's.
    pub(crate) namespace: Option<Label>,
    /// What the workflow is called, if that can be read.
    pub(crate) own_name: Option<WorkflowRef>,
    /// Every call of a workflow.
    pub(crate) sites: Vec<Site<'a>>,
    /// What an item is called in each `for_each` around what is being read.
    pub(crate) items: Vec<&'a str>,
    /// Whether steps were left out because there are too many, and it was said.
    pub(crate) has_too_many_steps: bool,
    /// Patterns of variables that were compiled.
    pub(crate) patterns: usize,
}

/// A string with expressions, and where it stands.
#[derive(Debug)]
pub(crate) struct Use<'a> {
    pub(crate) node: &'a Node,
    /// Index of the step; `None` in what belongs to the run: its outputs, its `key`.
    pub(crate) step: Option<usize>,
    pub(crate) place: Place,
    pub(crate) reads: Reads,
    /// What is read of the roots whose members differ from place to place.
    pub(crate) facts: Vec<Fact>,
    /// The steps whose output is looked into, and how deep.
    pub(crate) parts: Vec<(String, usize)>,
}

/// A plain reference below a root, such as `loop.parent.index` or
/// `steps.ok.output.decision`.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    pub(crate) root: &'static str,
    pub(crate) path: Vec<String>,
}

/// One variable that a `set` step writes.
#[derive(Debug)]
pub(crate) struct Write<'a> {
    pub(crate) step: usize,
    pub(crate) variable: Ident,
    pub(crate) at: Pos,
    pub(crate) node: &'a Node,
    pub(crate) template: Template,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(source: &'a str, problems: Problems) -> Reader<'a> {
        Reader {
            source,
            problems,
            uses: Vec::new(),
            writes: Vec::new(),
            outline: Outline::default(),
            defaults: Defaults::default(),
            namespace: None,
            own_name: None,
            sites: Vec::new(),
            items: Vec::new(),
            has_too_many_steps: false,
            patterns: 0,
        }
    }

    /// The place of `needle` in a scalar, for messages about a part of it.
    pub(crate) fn place_of(&self, node: &Node, needle: &str) -> Pos {
        locate::word(self.source, node, needle)
    }

    pub(crate) fn wrong_type(
        &mut self,
        at: Pos,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.problems.error(ProblemCode::WrongType, at, message, hint);
    }

    /// A string; `what` names it in messages, with its article.
    pub(crate) fn text(&mut self, node: &'a Node, what: &str) -> Option<&'a str> {
        let text = node.text();
        if text.is_none() {
            let hint = match node.scalar() {
                Some(scalar) if !node.is_null() => {
                    format!("write it in quotes: {:?}", shown(&scalar.text))
                }
                _ => "write a string".to_owned(),
            };
            let message = format!("{what} is a string; here is {}", node.described());
            self.wrong_type(node.at, message, hint);
        }
        text
    }

    /// A string with something in it.
    pub(crate) fn filled_text(&mut self, node: &'a Node, what: &str) -> Option<&'a str> {
        let text = self.text(node, what)?;
        if text.trim().is_empty() {
            self.wrong_type(node.at, format!("{what} is empty"), "write something or take it out");
            return None;
        }
        Some(text)
    }

    /// One of `words`.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        node: &'a Node,
        what: &str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let allowed = words.iter().map(|(word, _)| *word);
        let text = self.text(node, what)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let hint = suggest::hint(text, "allowed", allowed);
            self.wrong_type(node.at, format!("{what} cannot be {:?}", shown(text)), hint);
        }
        found
    }

    /// A duration such as `90s`, in milliseconds.
    pub(crate) fn duration_ms(&mut self, node: &'a Node, what: &str) -> Option<u64> {
        self.unit(node, what, "90s or 1h30m", units::parse_duration_ms)
    }

    /// A duration of more than nothing.
    pub(crate) fn timeout_ms(&mut self, node: &'a Node, what: &str) -> Option<u64> {
        let ms = self.duration_ms(node, what)?;
        if ms == 0 {
            self.wrong_type(
                node.at,
                format!("{what} of nothing"),
                "write more than 0, or take it out",
            );
            return None;
        }
        Some(ms)
    }

    /// A size such as `64KiB`, in bytes.
    pub(crate) fn size(&mut self, node: &'a Node, what: &str) -> Option<u64> {
        self.unit(node, what, "64KiB or 10MB", units::parse_size)
    }

    pub(crate) fn boolean(&mut self, node: &'a Node, what: &str) -> Option<bool> {
        let found = node.literal().as_bool();
        if found.is_none() {
            let message = format!("{what} is a boolean; here is {}", node.described());
            self.wrong_type(node.at, message, "write true or false");
        }
        found
    }

    /// A name of the engine's; `what` names it in messages, without an article.
    pub(crate) fn name<T: FromStr<Err = NameError>>(
        &mut self,
        text: &str,
        at: Pos,
        what: &str,
    ) -> Option<T> {
        let error = match text.parse() {
            Ok(name) => return Some(name),
            Err(error) => error,
        };
        let (why, hint) = match &error {
            NameError::Hyphen(fixed) => (
                "has a hyphen, which an expression reads as a minus".to_owned(),
                format!("write {fixed}"),
            ),
            NameError::Empty => (error.to_string(), "give it a name".to_owned()),
            NameError::TooLong => (error.to_string(), "shorten it".to_owned()),
            NameError::Ident => (
                error.to_string(),
                "use small letters, digits and _, for example disk_2".to_owned(),
            ),
            NameError::EventName => (
                error.to_string(),
                "use small letters, digits, ., - and _, for example order.paid".to_owned(),
            ),
            _ => (error.to_string(), "use small letters, digits, - and _".to_owned()),
        };
        let message = format!("the {what} {:?} {why}", shown(text));
        self.problems.error(ProblemCode::BadName, at, message, hint);
        None
    }

    fn unit(
        &mut self,
        node: &'a Node,
        what: &str,
        example: &str,
        parse: impl Fn(&str) -> Result<u64, units::UnitError>,
    ) -> Option<u64> {
        let Some(scalar) = node.scalar().filter(|_| !node.is_null()) else {
            let message = format!("{what} is text such as {example}; here is {}", node.described());
            self.wrong_type(node.at, message, format!("write for example {example}"));
            return None;
        };
        if scalar.text.contains("{{") {
            self.problems.error(
                ProblemCode::NotSupported,
                node.at,
                format!("{what} takes no expression in this version"),
                format!("write for example {example}"),
            );
            return None;
        }
        match parse(&scalar.text) {
            Ok(number) => Some(number),
            Err(error) => {
                self.wrong_type(node.at, format!("{what}: {error}"), error.hint());
                None
            }
        }
    }
}
