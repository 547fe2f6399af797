//! What a test says of people that are asked, and of events.

use std::collections::BTreeMap;

use rpa_engine::{Ident, RunId, Value};

use super::read::Tests;
use super::{At, GivenEvent, Votes};
use crate::workflow::fields::{Fields, Keys, shown};
use crate::workflow::node::{Data, Node, ScalarKind};

pub(super) const APPROVE_KEYS: Keys =
    Keys { owner: "`approve`", known: &["by", "fields", "comment", "at"], later: &[] };

/// Who rejects need not fill in what is not going to happen.
pub(super) const REJECT_KEYS: Keys =
    Keys { owner: "`reject`", known: &["by", "comment", "at"], later: &[] };

pub(super) const EVENT_KEYS: Keys =
    Keys { owner: "`event`", known: &["data", "by", "id", "at"], later: &[] };

impl<'a> Tests<'a> {
    /// `true`, or who it is and what they say.
    pub(super) fn votes(&mut self, node: &'a Node, keys: &Keys) -> Option<Votes> {
        if matches!(node.scalar().map(|s| s.kind), Some(ScalarKind::Bool(_))) {
            return self.is_true(node, keys.owner).then(Votes::default);
        }
        let fields = Fields::read(node, keys, &mut self.reader.problems)?;
        let by = match fields.get("by") {
            None => Some(Vec::new()),
            Some(node) if keys.known.contains(&"fields") => self.people(node),
            Some(node) => self.person(node).map(|name| vec![name]),
        };
        let comment = match fields.get("comment") {
            None => Some(String::new()),
            Some(node) => self.reader.text(node, "`comment`").map(str::to_owned),
        };
        let form = fields.get("fields").map(|node| self.form_fields(node));
        let said_at = self.moment(&fields);
        Some(Votes {
            by: by?,
            fields: form.unwrap_or_default(),
            comment: comment?,
            said_at: said_at?,
        })
    }

    fn people(&mut self, node: &'a Node) -> Option<Vec<String>> {
        let Data::List(items) = &node.data else { return self.person(node).map(|name| vec![name]) };
        if items.is_empty() {
            let hint = "name who approves, or take `by` out";
            self.reader.wrong_type(node.at, "`by` is empty", hint);
            return None;
        }
        let names: Vec<String> = items.iter().filter_map(|item| self.person(item)).collect();
        (names.len() == items.len()).then_some(names)
    }

    fn person(&mut self, node: &'a Node) -> Option<String> {
        self.reader.filled_text(node, "a name of `by`").map(str::to_owned)
    }

    fn form_fields(&mut self, node: &'a Node) -> BTreeMap<Ident, At<Value>> {
        let mut fields = BTreeMap::new();
        for entry in self.entries(node, "`fields`") {
            if let Some(name) = self.reader.name(&entry.key, entry.key_at, "form field") {
                fields.insert(name, At { at: entry.node.at, value: entry.node.literal() });
            }
        }
        fields
    }

    /// When it was said; the outer `None` for a mistake.
    fn moment(&mut self, fields: &Fields<'a>) -> Option<Option<String>> {
        match fields.get("at") {
            None => Some(None),
            Some(node) => self.reader.filled_text(node, "`at`").map(|text| Some(text.to_owned())),
        }
    }

    pub(super) fn event(&mut self, node: &'a Node) -> Option<GivenEvent> {
        let fields = Fields::read(node, &EVENT_KEYS, &mut self.reader.problems)?;
        let by = match fields.get("by") {
            None => None,
            Some(node) => Some(self.person(node)?),
        };
        let id = match fields.get("id") {
            None => None,
            Some(node) => Some(self.event_id(node)?),
        };
        let said_at = self.moment(&fields)?;
        let data = fields.get("data").map(Node::literal).unwrap_or_default();
        Some(GivenEvent { data, by, id, said_at })
    }

    fn event_id(&mut self, node: &'a Node) -> Option<RunId> {
        let text = self.reader.text(node, "`id`")?;
        let id = text.parse().ok();
        if id.is_none() {
            let message = format!("`id` cannot be {:?}", shown(text));
            self.reader.wrong_type(node.at, message, "write the id of an event, or take it out");
        }
        id
    }
}
