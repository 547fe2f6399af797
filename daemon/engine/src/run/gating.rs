//! A run's turn, where runs of its workflow are limited: `concurrency`.
//!
//! | a queued run | becomes |
//! |---|---|
//! | is accepted, and there is no limit | open |
//! | is accepted | asking: its key is evaluated, then it enters the gate |
//! | there is room | held: it counts until it has ended, and waits for nothing but the daemon |
//! | there is none, and `on_limit` lets it wait | waiting, until one of the others has ended |
//! | there is none otherwise | ended: cancelled with `skip`, else failed (RPA0432) |
//! | it would wait for ever, as those before it wait for what its callers hold | failed (RPA0431) |
//! | its key cannot be evaluated | failed |
//! | ends before it has heard what the gate says | as it has ended, and leaves the gate when it hears |
//!
//! What the gate itself decides is in [`crate::gate`].

use serde::{Deserialize, Serialize};

use super::effect::Purpose;
use super::event::Event;
use super::message::Message;
use super::state::{Phase, Run, RunEnd};
use super::turn::Turn;
use crate::outcome::TaskError;
use crate::template::Template;

/// Where a run stands with the gate of its workflow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gate {
    /// There is none.
    #[default]
    Open,
    /// Its key is not known yet.
    Asking,
    Waiting {
        key: String,
    },
    Held {
        key: String,
    },
    TurnedAway {
        reason: String,
    },
}

/// What the gate says.
#[derive(Clone, Debug, PartialEq)]
pub enum GateAnswer {
    Passed {
        key: String,
    },
    Waits {
        key: String,
        active: u32,
    },
    /// Without `fails` it is cancelled.
    TurnedAway {
        key: String,
        error: TaskError,
        fails: bool,
    },
}

impl Run {
    /// Whether it waits for nothing but room among all runs.
    pub fn is_in_line(&self) -> bool {
        self.phase == Phase::Queued && matches!(self.gate, Gate::Open | Gate::Held { .. })
    }

    /// Whether something of it is being evaluated before it may wait in line.
    pub fn is_at_the_gate(&self) -> bool {
        self.phase == Phase::Queued && self.gate == Gate::Asking
    }
}

impl Turn<'_> {
    /// Asks for its turn.
    pub(super) fn offer(&mut self) {
        if !self.run.is_at_the_gate() {
            return;
        }
        let key = self.run.definition.concurrency.as_ref().map(|limit| limit.key.clone());
        match key.flatten() {
            None => self.message(Message::Enter { key: String::new() }),
            Some(Template::Literal(key)) => self.message(Message::Enter { key: key.to_string() }),
            Some(_) => self.evaluate(Purpose::Key),
        }
    }

    pub(super) fn key_evaluated(&mut self, result: Result<String, TaskError>) {
        if !self.run.is_at_the_gate() {
            return;
        }
        match result {
            Ok(key) => self.message(Message::Enter { key }),
            Err(error) => {
                let (key, reason) = (String::new(), error.message.clone());
                self.emit(Event::TurnedAway { key, reason });
                self.emit(Event::Ended { end: RunEnd::Failed { step: None, error } });
            }
        }
    }

    pub(super) fn gated(&mut self, answer: GateAnswer) {
        match (&self.run.gate, answer) {
            // it has ended before it heard, and has not known what it had to give back
            (Gate::Asking, GateAnswer::Passed { key } | GateAnswer::Waits { key, .. })
                if self.run.phase != Phase::Queued =>
            {
                self.message(Message::Leave { key });
            }
            _ if self.run.phase != Phase::Queued => {}
            (Gate::Asking | Gate::Waiting { .. }, GateAnswer::Passed { key }) => {
                self.emit(Event::GatePassed { key });
            }
            (Gate::Asking, GateAnswer::Waits { key, active }) => {
                self.emit(Event::GateWaits { key, active });
            }
            (Gate::Asking | Gate::Waiting { .. }, GateAnswer::TurnedAway { key, error, fails }) => {
                let reason = error.message.clone();
                self.remark_on_run(format!("turned away: {reason}"));
                self.emit(Event::TurnedAway { key, reason });
                self.emit(Event::Ended {
                    end: match fails {
                        true => RunEnd::Failed { step: None, error },
                        false => RunEnd::Cancelled,
                    },
                });
            }
            (
                Gate::Open | Gate::Waiting { .. } | Gate::Held { .. } | Gate::TurnedAway { .. },
                _,
            ) => {}
        }
    }

    /// The run ends: its place is free.
    pub(super) fn leave_gate(&mut self) {
        if let Gate::Waiting { key } | Gate::Held { key } = &self.run.gate {
            let key = key.clone();
            self.message(Message::Leave { key });
        }
    }
}
