//! What was promised of a run's times: `sla`.
//!
//! | the moment has come, and the run | the promise |
//! |---|---|
//! | has not begun | to start is broken |
//! | has not ended | to finish is broken |
//!
//! A broken promise is recorded, and with `on_breach: cancel` the run is cancelled.

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::state::{Phase, Run};
use super::turn::Turn;
use super::verdict::human;
use crate::actor::{Actor, Origin};
use crate::workflow::OnBreach;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Promise {
    Start,
    Finish,
}

impl Promise {
    pub fn word(self) -> &'static str {
        match self {
            Promise::Start => "start",
            Promise::Finish => "finish",
        }
    }
}

impl Run {
    /// The promises that can still be broken, with their moments.
    fn promises(&self) -> impl Iterator<Item = (Promise, u64, u64)> {
        let sla = self.definition.sla;
        let of = move |promise: Promise| {
            let sla = sla?;
            let within_ms = match promise {
                Promise::Start => sla.start_within_ms?,
                Promise::Finish => sla.finish_within_ms?,
            };
            Some((promise, within_ms, self.accepted_ms.saturating_add(within_ms)))
        };
        [Promise::Start, Promise::Finish].into_iter().filter_map(of).filter(|(promise, ..)| {
            !self.time.broken.contains(promise)
                && match promise {
                    Promise::Start => self.phase == Phase::Queued,
                    Promise::Finish => !matches!(self.phase, Phase::Ended { .. }),
                }
        })
    }

    /// The next moment at which a promise is broken.
    pub(super) fn promise_due_ms(&self) -> Option<u64> {
        self.definition.sla?;
        self.promises().map(|(_, _, at_ms)| at_ms).min()
    }
}

impl Turn<'_> {
    /// Records what is broken by then; whether the run is to be cancelled for it.
    pub(super) fn break_promises(&mut self, up_to_ms: u64) -> bool {
        let Some(sla) = self.run.definition.sla else { return false };
        let broken: Vec<_> =
            self.run.promises().filter(|(_, _, at_ms)| *at_ms <= up_to_ms).collect();
        for (promise, within_ms, _) in &broken {
            let (word, within) = (promise.word(), human(*within_ms));
            self.remark_on_run(format!("sla: it was to {word} within {within}"));
            self.emit(Event::PromiseBroken { promise: *promise });
        }
        !broken.is_empty() && sla.on_breach == OnBreach::Cancel
    }

    pub(super) fn keep_promises(&mut self, up_to_ms: u64) {
        let begun_to_end =
            self.run.cancel.is_some() || matches!(self.run.phase, Phase::Closing { .. });
        if self.break_promises(up_to_ms) && !begun_to_end {
            let by = Actor { who: "sla".into(), origin: Origin::Daemon };
            // one that has ended needs no cancel
            let _ = self.cancel(by);
        }
    }
}
