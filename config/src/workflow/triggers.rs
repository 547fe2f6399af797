//! `triggers`: what starts runs of the workflow by itself.

use std::collections::BTreeMap;

use rpa_engine::Ident;
use rpa_engine::trigger::{Flow, Source, Trigger};

use super::fields::{Fields, Keys};
use super::limits::MAX_TRIGGERS;
use super::node::{Data, Node};
use super::place::Place;
use super::problem::{Pos, ProblemCode};
use super::reader::Reader;
use super::templates::Slot;
use super::trigger_vars::BARE;
use super::variables::Variables;

pub(crate) const KEYS: Keys = Keys {
    owner: "a trigger",
    known: &["id", "description", "enabled", "if", "vars", "schedule"],
    later: &["webhook", "file_watch", "event", "after", "manual"],
};

/// The kinds of trigger, each a key of it and its `id` when it says none.
const KINDS: [&str; 1] = ["schedule"];

const EXAMPLE: &str = "schedule: {cron: \"0 7 * * MON-FRI\", timezone: Europe/Sofia}";

impl<'a> Reader<'a> {
    pub(crate) fn triggers(&mut self, node: &'a Node, variables: &Variables) -> Vec<Trigger> {
        let Data::List(items) = &node.data else {
            let message = format!("`triggers` is a list; here is {}", node.described());
            self.wrong_type(node.at, message, format!("write a list: [{{{EXAMPLE}}}]"));
            return Vec::new();
        };
        if let Some(item) = items.get(MAX_TRIGGERS) {
            let message = format!("more than {MAX_TRIGGERS} triggers");
            self.problems.error(ProblemCode::FileLimit, item.at, message, "split the workflow");
        }
        let items = &items[..items.len().min(MAX_TRIGGERS)];
        let mut ids = BTreeMap::new();
        items.iter().filter_map(|item| self.trigger(item, items, variables, &mut ids)).collect()
    }

    fn trigger(
        &mut self,
        node: &'a Node,
        all: &'a [Node],
        variables: &Variables,
        ids: &mut BTreeMap<Ident, Pos>,
    ) -> Option<Trigger> {
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        let source = self.source(&fields);
        let id = self.trigger_id(&fields, all, ids);
        let description =
            fields.get("description").and_then(|node| self.text(node, "`description`"));
        let enabled = fields.get("enabled").map(|node| self.boolean(node, "`enabled`"));
        let slot = Slot { bare: BARE, ..Slot::new(None, Place::TriggerIf) };
        let condition = fields.get("if").map(|node| self.test(node, "`if`", slot));
        let vars = self.trigger_vars(&fields, variables);
        // what is there and cannot be read is a problem already
        Some(Trigger {
            id: id?,
            description: description.unwrap_or_default().to_owned(),
            source: source?,
            condition: condition.flatten(),
            vars,
            flow: Flow::default(),
            enabled: enabled.flatten().unwrap_or(true),
        })
    }

    fn source(&mut self, fields: &Fields<'a>) -> Option<Source> {
        if let Some(node) = fields.get("schedule") {
            return self.schedule(node).map(|schedule| Source::Schedule(Box::new(schedule)));
        }
        // a kind of a later version, or of another tool, has been refused by name
        let is_said = KEYS.later.iter().any(|key| fields.get(key).is_some());
        if !is_said && !fields.has_habit_for(&KINDS) {
            let message = "the trigger does not say what starts a run";
            let hint = format!("write for example {EXAMPLE}");
            self.problems.error(ProblemCode::MissingKey, fields.at, message, hint);
        }
        None
    }

    /// Its `id`, or what it is called without one: its kind, when no other is of it.
    fn trigger_id(
        &mut self,
        fields: &Fields<'a>,
        all: &[Node],
        ids: &mut BTreeMap<Ident, Pos>,
    ) -> Option<Ident> {
        let kind = KINDS.into_iter().find(|kind| fields.get(kind).is_some());
        let (id, at) = match (fields.get("id"), kind) {
            (Some(node), _) => {
                let text = self.filled_text(node, "`id`")?;
                (self.name::<Ident>(text, node.at, "trigger id")?, node.at)
            }
            (None, Some(kind)) if all.iter().filter(|node| has_key(node, kind)).count() > 1 => {
                let message = "the required key `id` is missing";
                let hint =
                    "of several triggers of a kind each has an id, for example `id: weekdays`";
                self.problems.error(ProblemCode::MissingKey, fields.at, message, hint);
                return None;
            }
            (None, kind) => (kind?.parse().ok()?, fields.at),
        };
        if let Some(first) = ids.get(&id) {
            let message =
                format!("the trigger id {:?} is used on line {} already", id.as_str(), first.line);
            let hint = "give each trigger an id of its own";
            self.problems.error(ProblemCode::Duplicate, at, message, hint);
            return None;
        }
        ids.insert(id.clone(), at);
        Some(id)
    }
}

fn has_key(node: &Node, key: &str) -> bool {
    match &node.data {
        Data::Map(entries) => entries.iter().any(|entry| entry.key == key),
        Data::Scalar(_) | Data::List(_) => false,
    }
}
