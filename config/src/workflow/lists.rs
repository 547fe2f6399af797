//! Lists of steps, wherever they stand: how many and how deep.

use super::limits::{MAX_LEVELS, MAX_STEPS};
use super::node::{Data, Node};
use super::outline::Part;
use super::problem::ProblemCode;
use super::reader::Reader;

impl<'a> Reader<'a> {
    /// Reads the steps of `node`, which is the value of `key`.
    pub(crate) fn list(&mut self, node: &'a Node, part: Part, key: &str) -> usize {
        let list = self.outline.add_list(part);
        self.fill_list(list, node, key);
        list
    }

    /// The same for a list that is there already.
    pub(crate) fn fill_list(&mut self, list: usize, node: &'a Node, key: &str) {
        let items = match &node.data {
            Data::List(items) if !items.is_empty() => items,
            Data::List(_) => {
                let message = format!("{key} is empty");
                let hint = format!("write at least one step: {EXAMPLE}");
                self.problems.error(ProblemCode::MissingKey, node.at, message, hint);
                return;
            }
            Data::Scalar(_) | Data::Map(_) => {
                let message = format!("{key} is a list of steps; here is {}", node.described());
                self.wrong_type(node.at, message, format!("write a list: {EXAMPLE}"));
                return;
            }
        };
        for item in items {
            if !self.has_room(list, item) {
                break;
            }
            self.step(item, list);
        }
    }

    /// Whether a step at `node` may still be added to `list`; reports it when not.
    pub(crate) fn has_room(&mut self, list: usize, node: &Node) -> bool {
        let (message, hint) = if self.outline.lists[list].depth > MAX_LEVELS {
            let message = format!("steps are nested deeper than {MAX_LEVELS} levels");
            (message, "move the innermost steps into a list further out")
        } else if self.outline.drafts.len() < MAX_STEPS {
            return true;
        } else if std::mem::replace(&mut self.has_too_many_steps, true) {
            // said once: each list after it would say the same
            return false;
        } else {
            let message = format!("more than {MAX_STEPS} steps, those inside of others included");
            (message, "split the workflow")
        };
        self.problems.error(ProblemCode::FileLimit, node.at, message, hint);
        false
    }
}

const EXAMPLE: &str = "`- {id: hello, run: echo hello}`";
