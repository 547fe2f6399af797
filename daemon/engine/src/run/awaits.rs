//! `wait: {event: …}`: until an event that fits is published.
//!
//! | a step that awaits, and | becomes |
//! |---|---|
//! | an event of that name is published, and `match` is not there | completed |
//! | …, and there is a `match` | awaiting, the event is offered until that is evaluated |
//! | `match` is true of an event | completed; other events that were offered are dropped |
//! | `match` is false, or fails | awaiting, without the event |
//! | its time has come | failed, or with `on_timeout: continue` completed |
//!
//! Events that are published before the step waits are not seen by it: who publishes
//! tells only those that waited then.
//!
//! Of an event that is offered the run knows the id and nothing else: a thousand steps may
//! be offered one event. Whoever keeps the store keeps the event, once, as long as it is
//! offered to anybody; the answer that it fits brings it back. A step to which
//! [`MOST_OFFERED`] are offered is *crowded*: no further event of its name is published
//! until some of them have been looked at. That passes by itself, because whether events
//! fit is evaluated in a drain and in a pause as well.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::effect::{Purpose, RemarkLevel};
use super::event::Event;
use super::state::StepState;
use super::turn::Turn;
use super::verdict::human;
use crate::actor::Actor;
use crate::name::{EventName, StepPath};
use crate::outcome::{ErrorClass, TaskError};
use crate::value::{Map, Value};
use crate::workflow::{Action, OnTimeout, Wait, WaitEvent};

/// Events that one step may be offered at once, and then no more are published: what waits
/// to be evaluated is bounded. Publications that have begun by then are brought to their
/// end, so it may be some more.
pub const MOST_OFFERED: usize = 1000;

/// Lines in a run's log about events of which the `match` of one step failed; further ones
/// are counted.
const MOST_LINES: u32 = 10;

/// Of one publication; a UUID of version 7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventId(pub u128);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::name::RunId(self.0).fmt(f)
    }
}

/// An event that somebody has published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Published {
    pub id: EventId,
    pub name: EventName,
    pub data: Value,
    pub by: Actor,
    /// When, as text for expressions: RFC 3339, UTC.
    pub at: String,
}

impl Published {
    /// What expressions see as `event`, and what the step gives.
    pub fn facts(&self) -> Map {
        Map::from([
            ("id".to_owned(), Value::Text(self.id.to_string())),
            ("name".to_owned(), Value::Text(self.name.to_string())),
            ("data".to_owned(), self.data.clone()),
            ("by".to_owned(), Value::Text(self.by.who.clone())),
            ("at".to_owned(), Value::Text(self.at.clone())),
        ])
    }
}

/// A step that waits for an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Awaiting {
    pub since_ms: u64,
    pub until_ms: Option<u64>,
    /// Events that may fit, in the order in which they came.
    pub offered: Vec<EventId>,
    /// Of how many others `match` failed.
    pub failed: u32,
}

impl Awaiting {
    /// So many events wait to be looked at that no more are to come.
    pub fn is_crowded(&self) -> bool {
        self.offered.len() >= MOST_OFFERED
    }
}

impl Turn<'_> {
    fn awaited(&self, path: &StepPath) -> Option<WaitEvent> {
        match &self.run.definition_of(path)?.action {
            Action::Wait(Wait::Event(event)) => Some(event.clone()),
            _ => None,
        }
    }

    pub(super) fn begin_awaiting(&mut self, path: &StepPath) {
        let Some(awaited) = self.awaited(path) else { return };
        self.remark(path, 0, RemarkLevel::Info, format!("waits for an event {}", awaited.name));
        let until_ms = awaited.timeout_ms.map(|ms| self.cx.now_ms.saturating_add(ms));
        self.emit(Event::StepAwaiting { path: path.clone(), until_ms });
    }

    pub(super) fn published(&mut self, path: StepPath, event: &Arc<Published>) {
        let Some(awaited) = self.awaited(&path) else { return };
        let Some(StepState::Awaiting(awaiting)) = self.run.steps.get(&path) else { return };
        if awaiting.offered.contains(&event.id) || awaited.name != event.name {
            return;
        }
        if awaited.fits.is_none() {
            self.has_come(&path, event);
            return;
        }
        self.emit(Event::EventOffered { path: path.clone(), event: event.id });
        self.evaluate(Purpose::Fits { path, event: event.id });
    }

    /// Asks anew what was being evaluated when the daemon ended.
    pub(super) fn ask_of_offers(&mut self, path: &StepPath) {
        let Some(StepState::Awaiting(awaiting)) = self.run.steps.get(path) else { return };
        for event in awaiting.offered.clone() {
            self.evaluate(Purpose::Fits { path: path.clone(), event });
        }
    }

    /// What `match` says of the event `id`: the event itself, when it fits.
    pub(super) fn fits(
        &mut self,
        path: &StepPath,
        id: EventId,
        result: Result<Option<Published>, TaskError>,
    ) {
        let Some(StepState::Awaiting(awaiting)) = self.run.steps.get(path) else { return };
        if !awaiting.offered.contains(&id) {
            return;
        }
        let before = awaiting.failed;
        let failed = match result {
            Ok(Some(event)) => return self.has_come(path, &event),
            Ok(None) => false,
            // an event of another shape is none that is waited for
            Err(error) => {
                self.tell_of_failure(path, before, id, &error);
                true
            }
        };
        self.emit(Event::EventDeclined { path: path.clone(), event: id, failed });
    }

    /// The first failures of `match` have a line each, and then there is one more line:
    /// whoever publishes does not fill the log of who waits.
    fn tell_of_failure(&mut self, path: &StepPath, before: u32, id: EventId, error: &TaskError) {
        if before < MOST_LINES {
            let text = format!("event {id} is passed over: {} [{}]", error.message, error.code);
            self.remark(path, 0, RemarkLevel::Warn, text);
        } else if before == MOST_LINES {
            let text = format!(
                "`match` failed for more than {MOST_LINES} events: from here on they are counted, \
                 and how many there were is said when the wait is over"
            );
            self.remark(path, 0, RemarkLevel::Warn, text);
        }
    }

    /// The wait is over: says for how many events `match` failed, where not each has a line.
    pub(super) fn tell_failures(&mut self, path: &StepPath) {
        let Some(StepState::Awaiting(awaiting)) = self.run.steps.get(path) else { return };
        let failed = awaiting.failed;
        if failed > MOST_LINES {
            let text = format!("{failed} events were passed over because `match` failed for them");
            self.remark(path, 0, RemarkLevel::Warn, text);
        }
    }

    fn has_come(&mut self, path: &StepPath, event: &Published) {
        self.tell_failures(path);
        let text = format!("event {} has come: {}, by {}", event.name, event.id, event.by);
        self.remark(path, 0, RemarkLevel::Info, text);
        self.confirm(path, 1, Value::Map(event.facts()));
    }

    /// Nothing that fits was published in time.
    pub(super) fn awaited_too_long(&mut self, path: &StepPath) {
        let Some(awaited) = self.awaited(path) else { return };
        self.tell_failures(path);
        let after = human(awaited.timeout_ms.unwrap_or_default());
        let message = format!("no event {} that fits within {after}", awaited.name);
        match awaited.on_timeout {
            OnTimeout::Continue => {
                self.remark(path, 0, RemarkLevel::Warn, message);
                let none = ["id", "name", "data", "by", "at"].map(|f| (f.to_owned(), Value::Null));
                self.confirm(path, 1, Value::Map(Map::from(none)));
            }
            OnTimeout::Fail | OnTimeout::Reject => {
                let (class, code) = (ErrorClass::Timeout, "RPA0402".into());
                self.fail(path, 1, TaskError { class, code, message }, Value::Null);
            }
        }
    }
}
