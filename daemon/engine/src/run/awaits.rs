//! `wait: {event: …}`: until an event that fits is published.
//!
//! | a step that awaits, and | becomes |
//! |---|---|
//! | an event of that name is published, and `match` is not there | completed |
//! | …, and there is a `match` | awaiting, the event is kept until that is evaluated |
//! | `match` is true of an event | completed; other events that were kept are dropped |
//! | `match` is false, or fails | awaiting, without the event |
//! | its time has come | failed, or with `on_timeout: continue` completed |
//!
//! Events that are published before the step waits are not seen by it.

use std::fmt;

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
    pub offered: Vec<Published>,
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

    pub(super) fn published(&mut self, path: StepPath, event: Published) {
        let Some(awaited) = self.awaited(&path) else { return };
        let Some(StepState::Awaiting(awaiting)) = self.run.steps.get(&path) else { return };
        let known = awaiting.offered.iter().any(|offered| offered.id == event.id);
        if known || awaited.name != event.name {
            return;
        }
        if awaited.fits.is_none() {
            self.has_come(&path, &event);
            return;
        }
        self.emit(Event::EventOffered { path: path.clone(), event: event.clone() });
        self.evaluate(Purpose::Fits { path, event });
    }

    /// Asks anew what was being evaluated when the daemon ended.
    pub(super) fn ask_of_offers(&mut self, path: &StepPath) {
        let Some(StepState::Awaiting(awaiting)) = self.run.steps.get(path) else { return };
        for event in awaiting.offered.clone() {
            self.evaluate(Purpose::Fits { path: path.clone(), event });
        }
    }

    pub(super) fn fits(&mut self, path: &StepPath, id: EventId, result: Result<bool, TaskError>) {
        let Some(StepState::Awaiting(awaiting)) = self.run.steps.get(path) else { return };
        let Some(event) = awaiting.offered.iter().find(|event| event.id == id).cloned() else {
            return;
        };
        match result {
            Ok(true) => return self.has_come(path, &event),
            Ok(false) => {}
            // an event of another shape is none that is waited for
            Err(error) => {
                let text = format!("event {id} is passed over: {} [{}]", error.message, error.code);
                self.remark(path, 0, RemarkLevel::Warn, text);
            }
        }
        self.emit(Event::EventDeclined { path: path.clone(), event: id });
    }

    fn has_come(&mut self, path: &StepPath, event: &Published) {
        let text = format!("event {} has come: {}, by {}", event.name, event.id, event.by);
        self.remark(path, 0, RemarkLevel::Info, text);
        self.confirm(path, 1, Value::Map(event.facts()));
    }

    /// Nothing that fits was published in time.
    pub(super) fn awaited_too_long(&mut self, path: &StepPath) {
        let Some(awaited) = self.awaited(path) else { return };
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
