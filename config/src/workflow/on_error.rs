//! `on_error`: what the failure of a step means.

use super::fields::{Fields, Keys};
use super::node::{Data, Node};
use super::problem::Pos;
use super::reader::Reader;

pub(crate) const KEYS: Keys = Keys { owner: "`on_error`", known: &["fallback"], later: &[] };

const HINT: &str = "write fail, continue, or {fallback: ID} with the id of a step of the same list";

/// `on_error`, its step not looked up yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnFailure<'a> {
    Fail,
    Continue,
    Fallback(&'a str, Pos),
}

impl<'a> Reader<'a> {
    pub(crate) fn on_failure(&mut self, node: &'a Node) -> OnFailure<'a> {
        match (&node.data, node.text()) {
            (_, Some("fail")) => return OnFailure::Fail,
            (_, Some("continue")) => return OnFailure::Continue,
            (Data::Map(_), _) => {}
            _ => {
                let message = "`on_error` is fail, continue or {fallback: ID}";
                self.wrong_type(node.at, message, HINT);
                return OnFailure::Fail;
            }
        }
        let fallback = Fields::read(node, &KEYS, &mut self.problems)
            .and_then(|fields| fields.require("fallback", HINT, &mut self.problems))
            .and_then(|node| Some((self.filled_text(node, "`fallback`")?, node.at)));
        fallback.map_or(OnFailure::Fail, |(id, at)| OnFailure::Fallback(id, at))
    }
}
