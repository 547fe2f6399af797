//! Deliveries to triggers, and what has become of each.
//!
//! ```text
//! deliveries   namespace, workflow, trigger, number -> DeliveryRow
//! ```
//! As of slots, a trigger keeps the newest; but none goes that is still held.

use rpa_engine::Map;
use rpa_engine::trigger::delivery::Outcome;
use serde::{Deserialize, Serialize};

use super::codec::{decode, encode};
use super::error::StoreError;
use super::query::Reader;
use super::schema;
use super::slots::LEDGER;
use super::triggers::{TriggerKey, TriggerRow};
use super::write::Tables;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryRow {
    pub at_ms: u64,
    /// A few words for people: the path of a file, the name of an event.
    pub what: String,
    pub outcome: Outcome,
    pub decided_ms: u64,
    /// Runs before it, each of which has led to the next by a trigger.
    pub hops: u8,
    /// What `trigger` has, while it is held.
    pub data: Option<Map>,
}

impl Tables<'_> {
    pub fn delivery(
        &self,
        key: &TriggerKey,
        number: u64,
    ) -> Result<Option<DeliveryRow>, StoreError> {
        let row = self.deliveries.get(key.numbered(number))?;
        row.map(|bytes| decode("delivery", bytes.value())).transpose()
    }

    /// Writes a delivery into the ledger of the trigger with this row, which is to be
    /// written in the same transaction.
    pub fn put_delivery(
        &mut self,
        key: &TriggerKey,
        row: &mut TriggerRow,
        number: u64,
        delivery: &DeliveryRow,
    ) -> Result<(), StoreError> {
        if self.deliveries.get(key.numbered(number))?.is_none() {
            row.deliveries += 1;
        }
        self.deliveries.insert(key.numbered(number), encode(delivery)?.as_slice())?;
        while row.deliveries > LEDGER {
            let Some(oldest) = self.oldest_delivery(key, row)? else { break };
            self.deliveries.remove(key.numbered(oldest))?;
            row.deliveries -= 1;
        }
        Ok(())
    }

    /// The number of the newest in the ledger of a trigger; 0 when there is none.
    pub fn newest_delivery(&self, key: &TriggerKey) -> Result<u64, StoreError> {
        let mut all = self.deliveries.range(key.numbered(0)..=key.numbered(u64::MAX))?;
        let newest = all.next_back().transpose()?;
        Ok(newest.map_or(0, |(at, _)| at.value().3))
    }

    /// The oldest that is not held. What is held may be large: its rows are not read.
    fn oldest_delivery(
        &self,
        key: &TriggerKey,
        row: &TriggerRow,
    ) -> Result<Option<u64>, StoreError> {
        let held = row.state.deliveries().map(|state| state.held.as_slice()).unwrap_or_default();
        for entry in self.deliveries.range(key.numbered(0)..=key.numbered(u64::MAX))? {
            let number = entry?.0.value().3;
            if held.binary_search_by_key(&number, |held| held.number).is_err() {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }
}

impl Reader {
    /// Deliveries before this number, the newest first.
    pub fn deliveries(
        &self,
        key: &TriggerKey,
        before: u64,
        most: usize,
    ) -> Result<Vec<(u64, DeliveryRow)>, StoreError> {
        let mut found = Vec::new();
        let deliveries = self.open(schema::DELIVERIES)?;
        for entry in deliveries.range(key.numbered(0)..key.numbered(before))?.rev().take(most) {
            let (at, row) = entry?;
            found.push((at.value().3, decode("delivery", row.value())?));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use rpa_engine::trigger::delivery::{Held, HeldFor, Unwanted};
    use rpa_engine::trigger::{Manual, Source};

    use super::super::schema::NamespaceId;
    use super::super::{Store, TriggerState};
    use super::*;

    #[test]
    fn what_is_held_is_neither_read_nor_forgotten_when_the_ledger_is_full() {
        let store = Store::in_memory();
        let (workflow, trigger) = ("w".parse().unwrap(), "t".parse().unwrap());
        let key = TriggerKey { namespace: NamespaceId(1), workflow, trigger };
        let manual = Source::Manual(Manual { who: Vec::new(), variables: None });
        let mut row = TriggerRow::new(&manual, 0);
        let why = HeldFor::Gathering;
        let held = Held { number: 1, key: None, at_ms: 0, since_ms: 0, why, bytes: 0 };
        let TriggerState::Deliveries(state) = &mut row.state else { panic!("no deliveries") };
        state.held.push(held);
        let (what, outcome) = (String::new(), Outcome::Skipped(Unwanted::Condition));
        let delivery = DeliveryRow { at_ms: 0, what, outcome, decided_ms: 0, hops: 0, data: None };
        let (held, newest) = store
            .transact(|tables| {
                assert_eq!(tables.newest_delivery(&key)?, 0);
                // whoever reads it is told that it is damaged
                tables.deliveries.insert(key.numbered(1), [0; 9].as_slice())?;
                row.deliveries = 1;
                for number in 2..=u64::from(LEDGER) + 3 {
                    tables.put_delivery(&key, &mut row, number, &delivery)?;
                }
                for gone in 2..=4 {
                    assert_eq!(tables.delivery(&key, gone)?, None, "{gone}");
                }
                let is_held = tables.deliveries.get(key.numbered(1))?.is_some();
                Ok((is_held, tables.newest_delivery(&key)?))
            })
            .unwrap();
        assert!(held, "what is held was forgotten");
        assert_eq!((row.deliveries, newest), (LEDGER, u64::from(LEDGER) + 3));
    }
}
