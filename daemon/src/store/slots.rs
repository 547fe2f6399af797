//! The ledger of what has become of the slots of schedules.
//!
//! ```text
//! slots   namespace, workflow, trigger, slot in ms -> SlotRow
//! ```
//! A ledger keeps its newest [`LEDGER`] slots: each one more lets the oldest go, but none that
//! waits. The row of the trigger remembers up to where that was: of what is older nobody can
//! say whether it has had a run, so it is given none.

use rpa_engine::trigger::{Fate, How};
use serde::{Deserialize, Serialize};

use super::codec::{decode, encode};
use super::error::StoreError;
use super::query::Reader;
use super::schema;
use super::triggers::{TriggerKey, TriggerRow};
use super::write::Tables;

/// Slots of one trigger that are remembered, or deliveries: a year of hours, a week of minutes.
pub(super) const LEDGER: u32 = 10_000;

/// What has become of a slot, and when that was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotRow {
    pub fate: Fate,
    pub decided_ms: u64,
}

/// What a slot is for which a person wants a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// It has had none, and has none to come.
    Free,
    /// It has had one, or waits for it.
    Had,
    /// It may have had one: the ledger does not go back so far.
    Forgotten,
    /// It was not taken yet, and comes by itself.
    ToCome,
}

impl SlotRow {
    /// Whether its moment has come and it was fired. A run that a person has had at that
    /// moment is none of the schedule's.
    pub fn has_had_its_run(&self) -> bool {
        matches!(self.fate, Fate::Fired { how, .. } if how != How::ByHand)
    }

    /// Whether it has had no run and has none to come.
    pub fn is_free(&self) -> bool {
        match self.fate {
            Fate::Fired { .. } | Fate::Waiting { .. } => false,
            Fate::PassedOver(_) | Fate::Skipped(_) | Fate::Refused { .. } | Fate::Missed(_) => true,
        }
    }
}

impl TriggerRow {
    /// What becomes of a slot for which a person wants a run, with what the ledger has of it.
    pub fn wants(&self, at_ms: u64, slot: Option<&SlotRow>) -> Wanted {
        match slot {
            _ if at_ms > self.upto_ms() => Wanted::ToCome,
            Some(slot) if slot.is_free() => Wanted::Free,
            Some(_) => Wanted::Had,
            None if at_ms <= self.forgotten_ms => Wanted::Forgotten,
            None => Wanted::Free,
        }
    }
}

impl Tables<'_> {
    pub fn slot(&self, key: &TriggerKey, at_ms: u64) -> Result<Option<SlotRow>, StoreError> {
        let row = self.slots.get(key.numbered(at_ms))?;
        row.map(|bytes| decode("slot", bytes.value())).transpose()
    }

    /// Writes the fate of a slot into the ledger of the trigger with this row, which is to
    /// be written in the same transaction.
    pub fn put_slot(
        &mut self,
        key: &TriggerKey,
        row: &mut TriggerRow,
        at_ms: u64,
        slot: &SlotRow,
    ) -> Result<(), StoreError> {
        if self.slots.get(key.numbered(at_ms))?.is_none() {
            row.slots += 1;
        }
        self.slots.insert(key.numbered(at_ms), encode(slot)?.as_slice())?;
        while row.slots > LEDGER {
            let Some(gone_ms) = self.slot_to_go(key, row, at_ms)? else { break };
            self.slots.remove(key.numbered(gone_ms))?;
            row.slots -= 1;
            if gone_ms <= row.upto_ms() {
                row.forgotten_ms = row.forgotten_ms.max(gone_ms);
            }
        }
        Ok(())
    }

    /// The oldest that does not wait, or the farthest that a clock which was ahead has left,
    /// if that is farther from now; never the one that has just come.
    fn slot_to_go(
        &self,
        key: &TriggerKey,
        row: &TriggerRow,
        new_ms: u64,
    ) -> Result<Option<u64>, StoreError> {
        let pending = row.state.schedule().map(|state| state.pending.as_slice());
        let waits = |at_ms: u64| {
            let pending = pending.unwrap_or_default();
            pending.binary_search_by_key(&at_ms, |pending| pending.slot.at_ms).is_ok()
        };
        let mut oldest = None;
        for entry in self.slots.range(key.numbered(0)..=key.numbered(u64::MAX))? {
            let at_ms = entry?.0.value().3;
            if at_ms != new_ms && !waits(at_ms) {
                oldest = Some(at_ms);
                break;
            }
        }
        let Some(oldest_ms) = oldest else { return Ok(None) };
        let upto_ms = row.upto_ms();
        let ahead = key.numbered(upto_ms.saturating_add(1))..=key.numbered(u64::MAX);
        let farthest = self.slots.range(ahead)?.next_back().transpose()?;
        let farthest = farthest.map(|(at, _)| at.value().3).filter(|at_ms| *at_ms != new_ms);
        let behind_ms = upto_ms.saturating_sub(oldest_ms);
        Ok(farthest.filter(|at_ms| at_ms - upto_ms > behind_ms).or(oldest))
    }

    /// Takes slots after this moment out of the ledger, but those that have had a run: the
    /// clock was ahead, and they are still to come.
    pub fn forget_slots_after(
        &mut self,
        key: &TriggerKey,
        row: &mut TriggerRow,
        after_ms: u64,
    ) -> Result<(), StoreError> {
        let first_ms = after_ms.saturating_add(1);
        let mut gone = Vec::new();
        for entry in self.slots.range(key.numbered(first_ms)..=key.numbered(u64::MAX))? {
            let (at, slot) = entry?;
            let slot: SlotRow = decode("slot", slot.value())?;
            if !matches!(slot.fate, Fate::Fired { .. }) {
                gone.push(at.value().3);
            }
        }
        for at_ms in gone {
            self.slots.remove(key.numbered(at_ms))?;
            row.slots -= 1;
        }
        row.forgotten_ms = row.forgotten_ms.min(after_ms);
        Ok(())
    }
}

impl Reader {
    pub fn slot(&self, key: &TriggerKey, at_ms: u64) -> Result<Option<SlotRow>, StoreError> {
        let row = self.open(schema::SLOTS)?.get(key.numbered(at_ms))?;
        row.map(|bytes| decode("slot", bytes.value())).transpose()
    }

    /// Slots after `after_ms`, the oldest first.
    pub fn slots_after(
        &self,
        key: &TriggerKey,
        after_ms: u64,
        most: usize,
    ) -> Result<Vec<(u64, SlotRow)>, StoreError> {
        let mut found = Vec::new();
        let slots = self.open(schema::SLOTS)?;
        let first_ms = after_ms.saturating_add(1);
        for entry in slots.range(key.numbered(first_ms)..=key.numbered(u64::MAX))?.take(most) {
            let (at, row) = entry?;
            found.push((at.value().3, decode("slot", row.value())?));
        }
        Ok(found)
    }

    /// Slots before `before_ms`, the newest first.
    pub fn slots(
        &self,
        key: &TriggerKey,
        before_ms: u64,
        most: usize,
    ) -> Result<Vec<(u64, SlotRow)>, StoreError> {
        self.slots_between(key, 0, before_ms, most)
    }

    /// The same of the slots from `since_ms` on: those before it are not read.
    pub fn slots_since(
        &self,
        key: &TriggerKey,
        since_ms: u64,
        most: usize,
    ) -> Result<Vec<(u64, SlotRow)>, StoreError> {
        self.slots_between(key, since_ms, u64::MAX, most)
    }

    fn slots_between(
        &self,
        key: &TriggerKey,
        since_ms: u64,
        before_ms: u64,
        most: usize,
    ) -> Result<Vec<(u64, SlotRow)>, StoreError> {
        let mut found = Vec::new();
        let slots = self.open(schema::SLOTS)?;
        let range = key.numbered(since_ms)..key.numbered(before_ms);
        for entry in slots.range(range)?.rev().take(most) {
            let (at, row) = entry?;
            found.push((at.value().3, decode("slot", row.value())?));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use rpa_engine::RunId;
    use rpa_engine::trigger::{Missed, ScheduleState};

    use super::super::{NamespaceId, Store, TriggerState};
    use super::*;

    fn key() -> TriggerKey {
        let (workflow, trigger) = ("w".parse().unwrap(), "t".parse().unwrap());
        TriggerKey { namespace: NamespaceId(1), workflow, trigger }
    }

    fn row(upto_ms: u64) -> TriggerRow {
        TriggerRow {
            armed: Some(1),
            next: None,
            ordered: None,
            state: TriggerState::Schedule(ScheduleState::armed(upto_ms)),
            topic: None,
            slots: 0,
            deliveries: 0,
            forgotten_ms: 0,
            undeclared_ms: None,
        }
    }

    fn fired(run: u128) -> SlotRow {
        let fate = Fate::Fired { run: RunId(run), how: How::InTime, by_ms: 0 };
        SlotRow { fate, decided_ms: 0 }
    }

    #[test]
    fn the_present_has_room_in_a_ledger_of_the_future() {
        let (store, key, mut row) = (Store::in_memory(), key(), row(1_000));
        let (first, last) = (5_000, 5_000 + u64::from(LEDGER));
        let write = |tables: &mut Tables<'_>| {
            for at_ms in first..last {
                tables.put_slot(&key, &mut row, at_ms, &fired(at_ms.into()))?;
            }
            for at_ms in 1_001..1_004 {
                let TriggerState::Schedule(state) = &mut row.state else { unreachable!() };
                state.upto_ms = at_ms;
                tables.put_slot(&key, &mut row, at_ms, &fired(at_ms.into()))?;
            }
            Ok(())
        };
        store.transact(write).unwrap();
        let reader = store.read().unwrap();
        let known = |at_ms| reader.slot(&key, at_ms).unwrap().is_some();
        assert!((1_001..1_004).all(known), "what is fired now is remembered");
        assert!(known(first) && known(last - 4) && !known(last - 3), "the farthest goes");
        assert_eq!((row.slots, row.forgotten_ms), (LEDGER, 0));
    }

    #[test]
    fn what_goes_is_forgotten_and_nothing_that_waits_goes() {
        let (store, key, mut row) = (Store::in_memory(), key(), row(0));
        let write = |tables: &mut Tables<'_>| {
            for at_ms in 1..=u64::from(LEDGER) + 5 {
                let TriggerState::Schedule(state) = &mut row.state else { unreachable!() };
                state.upto_ms = at_ms;
                tables.put_slot(&key, &mut row, at_ms, &fired(at_ms.into()))?;
            }
            Ok(())
        };
        store.transact(write).unwrap();
        assert_eq!((row.slots, row.forgotten_ms), (LEDGER, 5));
        let wants =
            |at_ms| row.wants(at_ms, store.read().unwrap().slot(&key, at_ms).unwrap().as_ref());
        assert_eq!((wants(5), wants(6)), (Wanted::Forgotten, Wanted::Had));
        assert_eq!(wants(u64::from(LEDGER) + 6), Wanted::ToCome);
        let missed = SlotRow { fate: Fate::Missed(Missed::Down), decided_ms: 0 };
        assert_eq!(row.wants(3, Some(&missed)), Wanted::Free);
    }
}
