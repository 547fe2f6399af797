//! What people are told of triggers: slots and deliveries of which nothing came, though they
//! were wanted, and triggers that were paused by the failures of their runs.

use rpa_engine::WorkflowRef;
use rpa_engine::notification::{self, Kind, Settled, What};
use rpa_engine::trigger::delivery::{Outcome, Unwanted};
use rpa_engine::trigger::{Fate, Skipped};

use super::super::notifications::Happening;
use super::super::{Driver, Outbox};
use crate::store::{StoreError, Tables, TriggerKey, TriggerRow, TriggerState};

/// What was lost in one transaction, told when it is over: an outage of a day is one row
/// that is written once, and not a row that is written for each of its slots.
#[derive(Debug, Default)]
pub(super) struct Lost(Vec<Happening>);

impl Lost {
    pub(super) fn slot(&mut self, key: &TriggerKey, of: &WorkflowRef, at_ms: u64, fate: &Fate) {
        let what = match fate {
            Fate::Missed(why) => What::SlotMissed { why: *why },
            Fate::Skipped(Skipped::QueueFull) => What::SlotSkipped,
            Fate::Refused { code, message } => {
                What::SlotRefused { code: code.clone(), message: notification::cut(message) }
            }
            Fate::Fired { .. }
            | Fate::Waiting { .. }
            | Fate::PassedOver(_)
            | Fate::Skipped(
                Skipped::Overlap { .. }
                | Skipped::Superseded
                | Skipped::Paused
                | Skipped::Condition
                | Skipped::Disarmed,
            ) => return,
        };
        let mut told = Happening::of_trigger(key, of, what);
        told.subject.slot_ms = Some(at_ms);
        self.add(told);
    }

    pub(super) fn delivery(&mut self, key: &TriggerKey, of: &WorkflowRef, outcome: &Outcome) {
        let what = match outcome {
            Outcome::Skipped(Unwanted::TooManyHeld) => What::DeliveryDropped,
            Outcome::Refused { code, message } => {
                What::DeliveryRefused { code: code.clone(), message: notification::cut(message) }
            }
            Outcome::Held(_)
            | Outcome::Started(_)
            | Outcome::Merged { .. }
            | Outcome::Skipped(
                Unwanted::Condition
                | Unwanted::Throttle
                | Unwanted::Disarmed
                | Unwanted::Restored
                | Unwanted::Changed,
            ) => return,
        };
        self.add(Happening::of_trigger(key, of, what));
    }

    fn add(&mut self, told: Happening) {
        let is_alike = |other: &&mut Happening| {
            let of = |told: &Happening| (told.what.kind(), told.what.fault().to_owned());
            of(other) == of(&told) && other.subject.trigger == told.subject.trigger
        };
        match self.0.iter_mut().find(is_alike) {
            Some(known) => {
                let count = known.count.saturating_add(told.count);
                *known = Happening { count, ..told };
            }
            None => self.0.push(told),
        }
    }
}

impl Driver {
    pub(super) fn notify_of_lost(
        &mut self,
        tables: &mut Tables<'_>,
        now_ms: u64,
        lost: Lost,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        for told in lost.0 {
            self.notify(tables, now_ms, told, out)?;
        }
        Ok(())
    }

    /// Whether a trigger stands still as its runs have failed is told when that is another
    /// than before.
    pub(super) fn notify_of_pause(
        &mut self,
        tables: &mut Tables<'_>,
        now_ms: u64,
        (key, workflow): (&TriggerKey, &WorkflowRef),
        (was_paused, state): (bool, &TriggerState),
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        match (was_paused, state.is_paused_by_itself()) {
            (false, true) => {
                let what = What::TriggerPaused { failures: state.failures() };
                self.notify(tables, now_ms, Happening::of_trigger(key, workflow, what), out)
            }
            (true, false) => self.goes_on(tables, now_ms, key, out),
            (true, true) | (false, false) => Ok(()),
        }
    }

    /// A trigger has come into force or gone out of it: what was told of the one before is
    /// over.
    pub(super) fn notify_of_switch(
        &mut self,
        tables: &mut Tables<'_>,
        now_ms: u64,
        key: &TriggerKey,
        row: Option<&TriggerRow>,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let armed = row.filter(|row| row.armed.is_some());
        if !armed.is_some_and(|row| row.state.is_paused_by_itself()) {
            self.goes_on(tables, now_ms, key, out)?;
        }
        // a source that still fails says so again
        let of = (key, Kind::TriggerFailing);
        self.settle_of_trigger(tables, now_ms, of, Settled::Over, out)
    }

    /// Nobody needs to let the trigger go on any more.
    pub(super) fn goes_on(
        &mut self,
        tables: &mut Tables<'_>,
        now_ms: u64,
        key: &TriggerKey,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        self.settle_of_trigger(tables, now_ms, (key, Kind::TriggerPaused), Settled::Resumed, out)
    }
}
