//! `needs`: which steps must have ended, and how.

use rpa_engine::workflow::When;

use super::fields::{Fields, Keys};
use super::node::{Data, Node};
use super::problem::Pos;
use super::reader::Reader;

pub(crate) const KEYS: Keys =
    Keys { owner: "an entry of `needs`", known: &["step", "when"], later: &[] };

/// One entry of `needs`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need<'a> {
    /// `None` when it could not be read.
    pub(crate) id: Option<&'a str>,
    pub(crate) when: When,
    pub(crate) at: Pos,
}

impl<'a> Reader<'a> {
    pub(crate) fn needs(&mut self, node: &'a Node) -> Vec<Need<'a>> {
        match &node.data {
            Data::List(items) => items.iter().map(|item| self.need(item)).collect(),
            Data::Scalar(_) | Data::Map(_) => vec![self.need(node)],
        }
    }

    fn need(&mut self, node: &'a Node) -> Need<'a> {
        let (at, when) = (node.at, When::Completed);
        let Data::Map(_) = node.data else {
            return Need { id: self.filled_text(node, "an entry of `needs`"), when, at };
        };
        let nothing = Need { id: None, when, at };
        let Some(fields) = Fields::read(node, &KEYS, &mut self.problems) else { return nothing };
        let hint = "write for example {step: fetch, when: failed}";
        let Some(step) = fields.require("step", hint, &mut self.problems) else { return nothing };
        let id = self.filled_text(step, "the `step` of a need");
        let words = When::ALL.map(|when| (when.word(), when));
        let when = match fields.get("when") {
            Some(node) => self.choice(node, "`when`", &words),
            None => Some(When::Completed),
        };
        Need { id: when.and(id), when: when.unwrap_or(When::Completed), at: step.at }
    }
}
