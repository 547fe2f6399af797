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
            let Some(oldest) = self.oldest_delivery(key)? else { break };
            self.deliveries.remove(key.numbered(oldest))?;
            row.deliveries -= 1;
        }
        Ok(())
    }

    /// The oldest that is not held.
    fn oldest_delivery(&self, key: &TriggerKey) -> Result<Option<u64>, StoreError> {
        for entry in self.deliveries.range(key.numbered(0)..=key.numbered(u64::MAX))? {
            let (at, row) = entry?;
            let row: DeliveryRow = decode("delivery", row.value())?;
            if !matches!(row.outcome, Outcome::Held(_)) {
                return Ok(Some(at.value().3));
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
