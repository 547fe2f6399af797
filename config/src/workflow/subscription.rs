//! `event` of a trigger: events of a name that are published in the namespace.

use rpa_engine::Expr;
use rpa_engine::trigger::Subscription;

use super::fields::{Fields, Keys};
use super::node::{Data, Node};
use super::reader::Reader;
use super::schedules::given;
use super::sees::{Asks, Kind, Sees, looks_at_trigger};
use super::templates::Slot;

pub(crate) const KEYS: Keys = Keys { owner: "`event`", known: &["name", "match"], later: &[] };

impl<'a> Reader<'a> {
    /// A name, or a map.
    pub(crate) fn subscription(&mut self, node: &'a Node) -> Option<Subscription> {
        let example = "write for example order.paid, or {name: order.paid, match: \"trigger.data.total > 100\"}";
        match &node.data {
            Data::Map(_) => {}
            Data::Scalar(_) if node.text().is_some() => {
                let event = self.event_name(node, "`event`")?;
                return Some(Subscription { event, fits: None });
            }
            Data::Scalar(_) | Data::List(_) => {
                let message = format!("`event` is a name or a map; here is {}", node.described());
                self.wrong_type(node.at, message, example);
                return None;
            }
        }
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        let name = fields.require("name", example, &mut self.problems);
        let name = name.and_then(|node| self.event_name(node, "`name`"));
        let fits = fields.get("match").map(|node| self.trigger_match(node, Kind::Event));
        Some(Subscription { event: name?, fits: given(fits)? })
    }

    /// Whether an event or the end of a run is meant: it has to look at it.
    pub(crate) fn trigger_match(&mut self, node: &'a Node, kind: Kind) -> Option<Expr> {
        let sees = Sees { key: Asks::Match, kind: Some(kind), batched: false };
        let fits = self.test(node, "`match`", Slot::of_trigger(sees))?;
        if !looks_at_trigger(&fits.reads) {
            let message = "`match` does not look at `trigger`";
            let example = sees.condition();
            let hint = format!("write for example {example:?}; without `match` all are taken");
            self.wrong_type(node.at, message, hint);
        }
        Some(fits)
    }
}
