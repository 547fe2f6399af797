//! `handlers`: steps that run when all others have ended.

use super::fields::{Fields, Keys};
use super::node::Node;
use super::outline::{Event, Part};
use super::problem::ProblemCode;
use super::reader::Reader;

pub(crate) const KEYS: Keys =
    Keys { owner: "`handlers`", known: &["success", "failure", "cancel", "finally"], later: &[] };

impl<'a> Reader<'a> {
    /// The list of each handler that the file has.
    pub(crate) fn handlers(&mut self, node: &'a Node) -> Vec<(Event, usize)> {
        let Some(fields) = Fields::read(node, &KEYS, &mut self.problems) else {
            return Vec::new();
        };
        let mut lists = Vec::new();
        for event in Event::ALL {
            let word = event.word();
            if let Some(node) = fields.get(word) {
                let list = self.list(node, Part::Handler(event), &format!("`{word}`"));
                lists.push((event, list));
            }
        }
        if fields.is_empty() {
            let hint = "write one of success, failure, cancel, finally with a list of steps";
            self.problems.error(ProblemCode::MissingKey, node.at, "`handlers` is empty", hint);
        }
        lists
    }
}
