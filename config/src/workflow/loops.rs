//! `for_each`, `while` and `repeat`: steps that are run any number of times.

use std::ops::RangeInclusive;

use rpa_engine::workflow::{ForEach, OnItemError, Repeat, While};
use rpa_engine::{Action, Ident, Template};

use super::body::Body;
use super::fields::{Fields, Keys, shown};
use super::limits::{LOOP_TURNS, MAX_PARALLEL, STOP_AFTER};
use super::node::{Data, Node, ScalarKind};
use super::place::Place;
use super::problem::ProblemCode;
use super::reader::Reader;
use super::templates::Slot;
use crate::expr;

pub(crate) const REPEAT_KEYS: Keys =
    Keys { owner: "`repeat`", known: &["count", "until", "every"], later: &[] };

pub(crate) const ITEM_ERROR_KEYS: Keys =
    Keys { owner: "`on_item_error`", known: &["stop_after"], later: &[] };

/// What an item is called unless `as` says another name.
const ITEM: &str = "item";

impl<'a> Reader<'a> {
    pub(crate) fn for_each(
        &mut self,
        over: &'a Node,
        steps: &'a Node,
        fields: &Fields<'a>,
        index: usize,
    ) -> Option<Body> {
        let items = self.items(over, index);
        let item = self.checked_item_name(fields);
        let max_parallel = match fields.get("max_parallel") {
            Some(node) => self.count(node, "`max_parallel`", &MAX_PARALLEL),
            None => Some(1),
        };
        let on_item_error = match fields.get("on_item_error") {
            Some(node) => self.on_item_error(node),
            None => Some(OnItemError::Fail),
        };
        self.with_item(Some(self.item_name(fields)), |reader| {
            reader.inner_list(steps, index, "`steps`");
        });
        Some(Body::pure(Action::ForEach(ForEach {
            items: items?,
            item: item?,
            max_parallel: max_parallel?,
            on_item_error: on_item_error?,
            steps: Vec::new(),
        })))
    }

    /// What an item of the loop is called, whether or not it can be.
    pub(crate) fn item_name(&self, fields: &Fields<'a>) -> &'a str {
        fields.get("as").and_then(Node::text).unwrap_or(ITEM)
    }

    /// Reads with the name of an item known.
    pub(crate) fn with_item<T>(
        &mut self,
        item: Option<&'a str>,
        read: impl FnOnce(&mut Reader<'a>) -> T,
    ) -> T {
        let outer = self.items.len();
        self.items.extend(item);
        let result = read(self);
        self.items.truncate(outer);
        result
    }

    pub(crate) fn while_loop(
        &mut self,
        condition: &'a Node,
        steps: &'a Node,
        fields: &Fields<'a>,
        index: usize,
    ) -> Option<Body> {
        let condition = self.test(condition, "`while`", Slot::new(Some(index), Place::While));
        let hint = "a loop without bounds is refused: add for example `max_iterations: 100`";
        let limit = fields.require("max_iterations", hint, &mut self.problems);
        let limit = limit.and_then(|node| self.count(node, "`max_iterations`", &LOOP_TURNS));
        self.inner_list(steps, index, "`steps`");
        Some(Body::pure(Action::While(While {
            condition: condition?,
            max_iterations: limit?,
            steps: Vec::new(),
        })))
    }

    pub(crate) fn repeat(&mut self, node: &'a Node, steps: &'a Node, index: usize) -> Option<Body> {
        let repeat = self.repetition(node, index);
        self.inner_list(steps, index, "`steps`");
        Some(Body::pure(Action::Repeat(repeat?)))
    }

    fn repetition(&mut self, node: &'a Node, index: usize) -> Option<Repeat> {
        if let Some(ScalarKind::Int(n)) = node.scalar().map(|scalar| scalar.kind) {
            let message = "`repeat` is a map; here is a number";
            self.wrong_type(node.at, message, format!("write {{count: {n}}}"));
            return None;
        }
        let fields = Fields::read(node, &REPEAT_KEYS, &mut self.problems)?;
        let hint = "a loop without bounds is refused: write for example {count: 10}";
        let count = fields.require("count", hint, &mut self.problems);
        let count = count.and_then(|node| self.count(node, "`count`", &LOOP_TURNS));
        let until = fields.get("until");
        let slot = Slot::new(Some(index), Place::Until);
        let until = until.map(|node| self.test(node, "`until`", slot));
        let every = fields.get("every").map(|node| self.duration_ms(node, "`every`"));
        Some(Repeat {
            count: count?,
            // what is there and cannot be read is a problem already
            until: until.flatten(),
            every_ms: every.unwrap_or(Some(0))?,
            steps: Vec::new(),
        })
    }

    /// An expression, or a literal list or map.
    fn items(&mut self, node: &'a Node, index: usize) -> Option<Template> {
        let template = self.template(node, Slot::new(Some(index), Place::Items));
        match (&node.data, &template) {
            (Data::List(_) | Data::Map(_), _) | (_, Template::Expr(_)) => return Some(template),
            (Data::Scalar(_), _) if node.text().is_some_and(|text| text.contains("{{")) => {
                // an expression that cannot be read has been reported
                if template.as_literal().is_some() {
                    return None;
                }
                let message = "`for_each` is a list or a map, and this gives text";
                self.wrong_type(node.at, message, "write one expression alone: \"{{ … }}\"");
            }
            _ => {
                let message = format!(
                    "`for_each` is a list, a map or an expression; here is {}",
                    node.described()
                );
                self.wrong_type(
                    node.at,
                    message,
                    "write for example \"{{ vars.hosts }}\" or [a, b]",
                );
            }
        }
        None
    }

    /// The name of an item, which may be no other name of expressions.
    fn checked_item_name(&mut self, fields: &Fields<'a>) -> Option<Ident> {
        let name = match fields.get("as") {
            Some(node) => self.filled_text(node, "`as`")?,
            None => ITEM,
        };
        let at = fields.entry("as").or(fields.entry("for_each")).map_or(fields.at, |e| e.node.at);
        let ident = self.name(name, at, "item");
        let (message, hint) = if name != ITEM && expr::is_reserved(name) {
            let message = format!("an item cannot be called {:?}", shown(name));
            (message, "expressions have another meaning for this word: choose another name")
        } else if self.items.contains(&name) {
            let message = format!("an item of the loop around this one is called {name:?} too");
            (message, "say `as` with another name")
        } else {
            return ident;
        };
        self.problems.error(ProblemCode::BadName, at, message, hint);
        None
    }

    fn on_item_error(&mut self, node: &'a Node) -> Option<OnItemError> {
        let hint = "write fail, continue or {stop_after: 3}";
        match (&node.data, node.text()) {
            (_, Some("fail")) => Some(OnItemError::Fail),
            (_, Some("continue")) => Some(OnItemError::Continue),
            (Data::Map(_), _) => {
                let fields = Fields::read(node, &ITEM_ERROR_KEYS, &mut self.problems)?;
                let count = fields.require("stop_after", hint, &mut self.problems)?;
                self.count(count, "`stop_after`", &STOP_AFTER).map(OnItemError::StopAfter)
            }
            _ => {
                let message = "`on_item_error` is fail, continue or {stop_after: N}";
                self.wrong_type(node.at, message, hint);
                None
            }
        }
    }

    /// A whole number in `range`, which fits in 32 bits.
    pub(crate) fn count(
        &mut self,
        node: &'a Node,
        what: &str,
        range: &RangeInclusive<i64>,
    ) -> Option<u32> {
        let found = match node.scalar().map(|s| s.kind) {
            Some(ScalarKind::Int(n)) if range.contains(&n) => u32::try_from(n).ok(),
            _ => None,
        };
        if found.is_none() {
            let (low, high) = (range.start(), range.end());
            let message = format!("{what} is a whole number from {low} to {high}");
            let hint = "write digits alone; no expression is evaluated here";
            self.wrong_type(node.at, message, hint);
        }
        found
    }
}
