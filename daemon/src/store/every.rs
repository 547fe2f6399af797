//! Every table of the store, for what is done to all of them alike: a backup, a restore.
//!
//! A test holds this list against what a new store has.

use redb::{Key, TableDefinition, Value};

use super::error::StoreError;
use super::schema;

/// Something that is done to each table in turn, whatever is in it.
pub(super) trait EachTable {
    fn table<K: Key + 'static, V: Value + 'static>(
        &mut self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError>;
}

pub(super) fn each_table(visit: &mut impl EachTable) -> Result<(), StoreError> {
    visit.table(schema::META)?;
    visit.table(schema::NAMESPACES)?;
    visit.table(schema::WORKFLOWS)?;
    visit.table(schema::REVISIONS)?;
    visit.table(schema::RUN_ROWS)?;
    visit.table(schema::TIMERS)?;
    visit.table(schema::ACTIVE)?;
    visit.table(schema::QUEUED)?;
    visit.table(schema::HELD)?;
    visit.table(schema::RUN_INDEX)?;
    visit.table(schema::COUNTS)?;
    visit.table(schema::DOUBTS)?;
    visit.table(schema::APPROVALS)?;
    visit.table(schema::AWAITING)?;
    visit.table(schema::EVENTS)?;
    visit.table(schema::OFFERED)?;
    visit.table(schema::OFFERS)?;
    visit.table(schema::CROWDED)?;
    visit.table(schema::POOLS)?;
    visit.table(schema::CLAIMS)?;
    visit.table(schema::GATED)?;
    visit.table(schema::AT_GATE)?;
    visit.table(schema::GATES)?;
    visit.table(schema::REQUESTS)?;
    visit.table(schema::TRIGGERS)?;
    visit.table(schema::SLOTS)?;
    visit.table(schema::DELIVERIES)?;
    visit.table(schema::SEEN_FILES)?;
    visit.table(schema::WATCHED)?;
    visit.table(schema::NOTIFICATIONS)?;
    visit.table(schema::NOTIFICATION_INDEX)?;
    visit.table(schema::ARCHIVES)?;
    visit.table(schema::LEFTOVERS)
}
