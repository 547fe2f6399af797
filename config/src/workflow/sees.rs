//! What the expressions of a trigger see: `trigger`, and nothing else. What it has depends
//! on the kind of the trigger.

use rpa_engine::Reads;
use rpa_engine::trigger::Source;

use super::fields::shown;
use super::reader::{Fact, Reader, Use};
use crate::suggest;

/// The name that stands bare in expressions of a trigger, and nowhere else.
pub(crate) const BARE: &[&str] = &["trigger"];

/// What there is of all deliveries that have come to one run, oldest first.
const EVENTS: &str = "events";

/// The kinds of trigger, each a key of it and its `id` when it says none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Schedule,
    Webhook,
    FileWatch,
    Event,
    After,
    Manual,
}

impl Kind {
    pub(crate) const ALL: [Kind; 6] =
        [Kind::Schedule, Kind::Webhook, Kind::FileWatch, Kind::Event, Kind::After, Kind::Manual];

    pub(crate) const WORDS: [&str; 6] =
        ["schedule", "webhook", "file_watch", "event", "after", "manual"];

    pub(crate) fn word(self) -> &'static str {
        Kind::WORDS[self as usize]
    }

    /// What a message calls it.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Kind::Schedule => "a schedule",
            Kind::Webhook => "a webhook",
            Kind::FileWatch => "a file watch",
            Kind::Event => "an event",
            Kind::After => "the end of a run",
            Kind::Manual => "a manual trigger",
        }
    }

    fn of(source: &Source) -> Kind {
        match source {
            Source::Schedule(_) => Kind::Schedule,
            Source::Webhook(_) => Kind::Webhook,
            Source::FileWatch(_) => Kind::FileWatch,
            Source::Event(_) => Kind::Event,
            Source::After(_) => Kind::After,
            Source::Manual(_) => Kind::Manual,
        }
    }

    /// Of a schedule: `slot` in ms since 1970, `scheduled_at` and `due_at` as RFC 3339 in
    /// the schedule's zone. Of the others `number` is the delivery's, `at` is RFC 3339.
    #[rustfmt::skip] // a line for each kind
    fn fields(self) -> &'static [&'static str] {
        match self {
            Kind::Schedule => &["id", "kind", "slot", "scheduled_at", "due_at", "caught_up"],
            Kind::Webhook => &[
                "id", "kind", "number", "at", "body", "headers", "query", "path",
            ],
            Kind::FileWatch => &[
                "id", "kind", "number", "at",
                "path", "name", "directory", "change", "size", "modified_at",
            ],
            Kind::Event => &[
                "id", "kind", "number", "at", "event", "event_id", "data", "by", "published_at",
            ],
            Kind::After => &[
                "id", "kind", "number", "at",
                "workflow", "run", "status", "outputs", "step", "error", "started_at", "ended_at",
            ],
            Kind::Manual => &["id", "kind", "number", "at", "by", "data"],
        }
    }

    /// Something that may be read, for hints.
    fn value(self) -> &'static str {
        match self {
            Kind::Schedule => "trigger.scheduled_at",
            Kind::Webhook => "trigger.body",
            Kind::FileWatch => "trigger.path",
            Kind::Event => "trigger.data",
            Kind::After => "trigger.outputs",
            Kind::Manual => "trigger.by",
        }
    }

    /// Something that is true or false, for hints.
    fn condition(self) -> &'static str {
        match self {
            Kind::Schedule => "not trigger.caught_up",
            Kind::Webhook => "trigger.body.ref == 'refs/heads/main'",
            Kind::FileWatch => "trigger.size > 0",
            Kind::Event => "trigger.data.total > 100",
            Kind::After => "trigger.outputs.rows > 0",
            Kind::Manual => "trigger.by != 'root'",
        }
    }
}

/// What `trigger` has in the expressions of a trigger of this source. `events` comes with a
/// batch, in `vars`.
pub fn trigger_fields(source: &Source) -> &'static [&'static str] {
    Kind::of(source).fields()
}

/// Whether an expression looks at what has come; otherwise it gives the same each time.
pub(crate) fn looks_at_trigger(reads: &Reads) -> bool {
    BARE.iter().any(|root| reads.roots.contains(*root))
}

/// An expression of a trigger, by its key and what the trigger is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sees {
    pub(crate) key: Asks,
    /// None of one that does not say what it is.
    pub(crate) kind: Option<Kind>,
    /// Several deliveries come to one run.
    pub(crate) batched: bool,
}

/// The keys of a trigger that take expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
    If,
    Vars,
    /// Of an event or a run that has ended: whether it is meant at all.
    Match,
    /// Of `debounce`.
    Key,
}

impl Asks {
    /// For messages.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Asks::If => "the `if` of a trigger",
            Asks::Vars => "the `vars` of a trigger",
            Asks::Match => "the `match` of a trigger",
            Asks::Key => "the `key` of `debounce`",
        }
    }
}

impl Sees {
    pub(crate) fn asked(self, key: Asks) -> Sees {
        Sees { key, ..self }
    }

    /// What one could write for something that is true or false.
    pub(crate) fn condition(self) -> &'static str {
        self.kind.unwrap_or(Kind::Schedule).condition()
    }

    /// What one could write for a value.
    pub(crate) fn value(self) -> &'static str {
        self.kind.unwrap_or(Kind::Schedule).value()
    }

    fn has(self, name: &str) -> bool {
        let of_batch = self.batched && self.key == Asks::Vars && name == EVENTS;
        of_batch || self.kind.is_none_or(|kind| kind.fields().contains(&name))
    }
}

impl<'a> Reader<'a> {
    /// Names in the expressions of a trigger, which is asked before there is a run.
    pub(crate) fn trigger_names(&mut self, used: &Use<'a>, sees: Sees) {
        let reads = &used.reads;
        reads.secrets.iter().for_each(|name| self.secret_reference(used, name));
        let vars = reads.vars.iter().map(|name| format!("vars.{name}"));
        let steps = reads.steps.iter().map(|name| format!("steps.{name}"));
        let roots = reads.roots.iter().filter(|root| !BARE.contains(&root.as_str())).cloned();
        let status = reads.status.then(|| "failed()".to_owned());
        let hint = format!("there is no run yet: it sees `trigger`, for example {}", sees.value());
        for name in vars.chain(steps).chain(roots).chain(status) {
            let message = format!("`{name}` is not known in {}", sees.key.words());
            self.undefined(used.node, &name, &message, &hint);
        }
        let facts = used.facts.iter().filter(|fact| BARE.contains(&fact.root));
        facts.for_each(|fact| self.trigger_fact(used, sees, fact));
    }

    fn trigger_fact(&mut self, used: &Use<'a>, sees: Sees, fact: &Fact) {
        let Some(name) = fact.path.first() else { return };
        if !sees.has(name) {
            let message = format!("`trigger` has no {:?}", shown(name));
            let hint = match (name.as_str(), sees.batched) {
                (EVENTS, true) => {
                    "each delivery is asked by itself: only `vars` sees those of a batch".to_owned()
                }
                (EVENTS, false) => "add `batch`: without it each run has one delivery".to_owned(),
                _ => {
                    let known = sees.kind.map_or(&[][..], Kind::fields).iter().copied();
                    let batch = (sees.batched && sees.key == Asks::Vars).then_some(EVENTS);
                    suggest::hint(name, "it has", known.chain(batch))
                }
            };
            return self.undefined(used.node, &format!("trigger.{name}"), &message, &hint);
        }
        if let ("headers", Some(header)) = (name.as_str(), fact.path.get(1))
            && header.contains(|c: char| c.is_ascii_uppercase())
        {
            let message = format!("`trigger.headers` has no {:?}", shown(header));
            let small = header.to_ascii_lowercase();
            let hint = format!("names of headers are in small letters: write {:?}", shown(&small));
            self.undefined(used.node, header, &message, &hint);
        }
    }
}
