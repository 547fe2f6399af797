//! `triggers`: what starts runs of the workflow by itself.

use std::collections::BTreeMap;

use rpa_engine::Ident;
use rpa_engine::trigger::{Source, Trigger};

use super::fields::{Fields, Keys};
use super::limits::MAX_TRIGGERS;
use super::node::{Data, Entry, Node};
use super::problem::{Pos, ProblemCode};
use super::reader::Reader;
use super::sees::{Asks, Kind, Sees};
use super::templates::Slot;
use super::variables::Variables;

pub(crate) const KEYS: Keys = Keys {
    owner: "a trigger",
    known: &[
        "id",
        "description",
        "enabled",
        "if",
        "vars",
        "debounce",
        "batch",
        "throttle",
        "pause_on_failure",
        "schedule",
        "webhook",
        "file_watch",
        "event",
        "after",
        "manual",
    ],
    later: &[],
};

const EXAMPLE: &str = "schedule: {cron: \"0 7 * * MON-FRI\", timezone: Europe/Sofia}";

/// What a trigger has that no other of the file may have, by what it is and where.
type Taken = BTreeMap<(&'static str, String), Pos>;

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
        let mut taken = Taken::new();
        items.iter().filter_map(|item| self.trigger(item, items, variables, &mut taken)).collect()
    }

    fn trigger(
        &mut self,
        node: &'a Node,
        all: &'a [Node],
        variables: &Variables,
        taken: &mut Taken,
    ) -> Option<Trigger> {
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        let (kind, source) = self.source(&fields, variables);
        let id = self.trigger_id(&fields, all, taken);
        if let (Some(kind), Some(source)) = (kind, &source) {
            self.is_alone(kind, source, &fields, taken);
        }
        let description =
            fields.get("description").and_then(|node| self.text(node, "`description`"));
        let enabled = fields.get("enabled").map(|node| self.boolean(node, "`enabled`"));
        let sees = Sees { key: Asks::If, kind, batched: fields.get("batch").is_some() };
        let slot = Slot::of_trigger(sees);
        let condition = fields.get("if").map(|node| self.test(node, "`if`", slot));
        let vars = self.trigger_vars(&fields, variables, sees.asked(Asks::Vars), source.as_ref());
        let flow = self.flow(&fields, sees.asked(Asks::Key));
        // what is there and cannot be read is a problem already
        Some(Trigger {
            id: id?,
            description: description.unwrap_or_default().to_owned(),
            source: source?,
            condition: condition.flatten(),
            vars,
            flow: flow?,
            enabled: enabled.flatten().unwrap_or(true),
        })
    }

    /// What it is, if it says that in one way, and the source, if that can be read.
    fn source(
        &mut self,
        fields: &Fields<'a>,
        variables: &Variables,
    ) -> (Option<Kind>, Option<Source>) {
        let found =
            Kind::ALL.into_iter().filter_map(|kind| Some((kind, fields.entry(kind.word())?)));
        let found: Vec<_> = found.collect();
        // each is read, so that all that is wrong with it is told
        let read = found.iter().map(|(kind, entry)| self.source_of(*kind, entry, variables));
        let mut read: Vec<_> = read.collect();
        match &found[..] {
            [(kind, _)] => (Some(*kind), read.pop().flatten()),
            // what another tool calls it, or a slip, has been refused by name
            [] if fields.has_habit_for(&Kind::WORDS)
                || fields.has_slip_for(&Kind::WORDS, &KEYS) =>
            {
                (None, None)
            }
            [] => {
                let message = "the trigger does not say what starts a run";
                let (last, others) = Kind::WORDS.split_last().unwrap_or((&"", &[]));
                let hint = format!(
                    "say it with one of {} and {last}, for example {EXAMPLE}",
                    others.join(", ")
                );
                self.problems.error(ProblemCode::MissingKey, fields.at, message, hint);
                (None, None)
            }
            [.., (first, _), (second, _)] => {
                let (first, second) = (first.word(), second.word());
                let message =
                    format!("the trigger has `{first}` and `{second}`; it can have only one");
                self.wrong_type(fields.at, message, "make a trigger of each");
                (None, None)
            }
        }
    }

    fn source_of(&mut self, kind: Kind, entry: &'a Entry, variables: &Variables) -> Option<Source> {
        let node = &entry.node;
        Some(match kind {
            Kind::Schedule => Source::Schedule(Box::new(self.schedule(node)?)),
            Kind::Webhook => Source::Webhook(Box::new(self.webhook(node)?)),
            Kind::FileWatch => Source::FileWatch(Box::new(self.file_watch(node)?)),
            Kind::Event => Source::Event(self.subscription(node)?),
            Kind::After => Source::After(self.chain(node)?),
            Kind::Manual => Source::Manual(self.manual(node, variables)?),
        })
    }

    /// Its `id`, or what it is called without one: its kind, when no other is of it.
    fn trigger_id(
        &mut self,
        fields: &Fields<'a>,
        all: &[Node],
        taken: &mut Taken,
    ) -> Option<Ident> {
        let kind = Kind::WORDS.into_iter().find(|kind| fields.get(kind).is_some());
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
        if let Some(first) = taken.insert(("id", id.to_string()), at) {
            let message =
                format!("the trigger id {:?} is used on line {} already", id.as_str(), first.line);
            let hint = "give each trigger an id of its own";
            self.problems.error(ProblemCode::Duplicate, at, message, hint);
            return None;
        }
        Some(id)
    }

    /// A path leads to one trigger, and one says who may start a workflow by hand.
    fn is_alone(&mut self, kind: Kind, source: &Source, fields: &Fields<'a>, taken: &mut Taken) {
        let (name, hint) = match source {
            Source::Webhook(webhook) => {
                let hint = "give each webhook a path of its own, or tell them apart in a step";
                (webhook.path.clone(), hint)
            }
            Source::Manual(_) => {
                let hint = "keep one, with all users and groups in its `who`";
                (String::new(), hint)
            }
            Source::Schedule(_) | Source::FileWatch(_) | Source::Event(_) | Source::After(_) => {
                return;
            }
        };
        let at = fields.entry(kind.word()).map_or(fields.at, |entry| entry.key_at);
        let Some(first) = taken.insert((kind.word(), name.clone()), at) else { return };
        let message = match kind {
            Kind::Webhook => {
                format!("the path {name:?} has a webhook on line {} already", first.line)
            }
            _ => format!("there is a manual trigger on line {} already", first.line),
        };
        self.problems.error(ProblemCode::Duplicate, at, message, hint);
    }
}

fn has_key(node: &Node, key: &str) -> bool {
    match &node.data {
        Data::Map(entries) => entries.iter().any(|entry| entry.key == key),
        Data::Scalar(_) | Data::List(_) => false,
    }
}
