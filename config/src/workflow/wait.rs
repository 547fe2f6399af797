//! `wait`: for a while, until a moment, or for an event.

use jiff::{Timestamp, Zoned};
use rpa_engine::workflow::{Wait, WaitEvent};
use rpa_engine::{EventName, Expr, OnTimeout};

use super::fields::{Fields, Keys, shown};
use super::node::{Data, Node};
use super::place::Place;
use super::problem::{Pos, ProblemCode};
use super::reader::Reader;
use super::templates::Slot;

pub(crate) const KEYS: Keys = Keys {
    owner: "`wait`",
    known: &["until", "event", "match", "timeout", "on_timeout"],
    later: &[],
};

pub(crate) const ON_TIMEOUT: [(&str, OnTimeout); 2] =
    [("fail", OnTimeout::Fail), ("continue", OnTimeout::Continue)];

const EXAMPLE: &str = "\"2026-12-01T09:00[Europe/Sofia]\" or \"2026-12-01T07:00:00Z\"";

impl<'a> Reader<'a> {
    pub(crate) fn wait(&mut self, node: &'a Node, step: usize) -> Option<Wait> {
        let Data::Map(_) = node.data else {
            return self.duration_ms(node, "`wait`").map(|ms| Wait::For { ms });
        };
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        if let (Some(event), Some(until)) = (fields.entry("event"), fields.entry("until")) {
            let message = "a step waits for an event or until a moment, not for both";
            let hint = "keep one of them; an event can have a `timeout`";
            self.wrong_type(event.key_at.max(until.key_at), message, hint);
            return None;
        }
        if let Some(name) = fields.get("event") {
            return self.event(name, &fields, step).map(Wait::Event);
        }
        let of_events = ["match", "timeout", "on_timeout"].map(|key| fields.entry(key));
        for entry in of_events.into_iter().flatten() {
            self.useless_without(entry.key_at, &entry.key, "event");
        }
        if fields.entry("until").is_none() && of_events.iter().any(Option::is_some) {
            return None;
        }
        let hint =
            format!("write {{until: {EXAMPLE}}}, {{event: order.paid}}, or a duration such as 90s");
        let until = fields.require("until", &hint, &mut self.problems)?;
        self.filled_text(until, "`until`")?;
        let template = self.template(until, Slot::new(Some(step), Place::Wait));
        if let Some(text) = until.text().filter(|_| template.as_literal().is_some()) {
            self.moment(text, until)?;
        }
        Some(Wait::Until(template))
    }

    /// Each key is read before one that is wrong ends it, so that all are reported.
    fn event(&mut self, node: &'a Node, fields: &Fields<'a>, step: usize) -> Option<WaitEvent> {
        let name = self.event_name(node, "`event`");
        let fits = fields.get("match").map(|node| self.fits(node, step));
        let (timeout, on_timeout) = self.patience(fields, &ON_TIMEOUT);
        Some(WaitEvent {
            name: name?,
            // what is there and cannot be read is a problem already
            fits: fits.flatten(),
            timeout_ms: timeout?,
            on_timeout: on_timeout?,
        })
    }

    /// The name of an event; `key` is what it stands below.
    pub(crate) fn event_name(&mut self, node: &'a Node, key: &str) -> Option<EventName> {
        let text = self.filled_text(node, key)?;
        if text.contains("{{") {
            let message = format!("{key} is the name of an event, and takes no expression");
            let hint = "say with `match` which of the events of that name is meant";
            self.wrong_type(node.at, message, hint);
            return None;
        }
        self.name(text, node.at, "event")
    }

    /// The condition of an event, which has to look at it.
    fn fits(&mut self, node: &'a Node, step: usize) -> Option<Expr> {
        let slot = Slot::new(Some(step), Place::Match);
        let fits = self.test(node, "`match`", slot)?;
        if !fits.reads.roots.contains("event") {
            let message = "`match` does not look at the event";
            let hint = "write for example \"event.data.order == vars.order\"; without `match` the \
                        first event is taken";
            self.wrong_type(node.at, message, hint);
        }
        Some(fits)
    }

    /// A key that has a meaning only beside another.
    pub(crate) fn useless_without(&mut self, at: Pos, key: &str, needed: &str) {
        let message = format!("`{key}` means nothing without `{needed}`");
        let hint = format!("add `{needed}`, or take `{key}` out");
        self.problems.error(ProblemCode::MissingKey, at, message, hint);
    }

    /// A literal moment: a civil time alone would be another one on each machine.
    fn moment(&mut self, text: &str, node: &Node) -> Option<()> {
        if text.parse::<Zoned>().is_ok() || text.parse::<Timestamp>().is_ok() {
            return Some(());
        }
        let message = match text.parse::<jiff::civil::DateTime>() {
            Ok(_) if !text.contains('[') => format!("{:?} has no time zone", shown(text)),
            _ => format!("{:?} is no moment", shown(text)),
        };
        self.wrong_type(node.at, message, format!("write for example {EXAMPLE}"));
        None
    }
}

/// Whether a `wait` is one for an event.
pub(crate) fn is_for_event(node: &Node) -> bool {
    match &node.data {
        Data::Map(entries) => entries.iter().any(|entry| entry.key == "event"),
        Data::Scalar(_) | Data::List(_) => false,
    }
}
