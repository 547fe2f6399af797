//! Every table of the store, for what is done to all of them alike: a backup, a restore.
//!
//! A test holds this list against what a new store has. The tables in which each run has
//! rows of its own, under keys that begin with it, are in an archive as well.

use std::ops::Range;

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
    visit.table(schema::HEADS)?;
    visit.table(schema::RUNS)?;
    visit.table(schema::INPUTS)?;
    visit.table(schema::VARS)?;
    visit.table(schema::STEPS)?;
    visit.table(schema::JOURNAL)?;
    visit.table(schema::TIMERS)?;
    visit.table(schema::ACTIVE)?;
    visit.table(schema::QUEUED)?;
    visit.table(schema::HELD)?;
    visit.table(schema::UNDO)?;
    visit.table(schema::RUN_INDEX)?;
    visit.table(schema::SUFFIXES)?;
    visit.table(schema::COUNTS)?;
    visit.table(schema::DOUBTS)?;
    visit.table(schema::APPROVALS)?;
    visit.table(schema::AWAITING)?;
    visit.table(schema::EVENTS)?;
    visit.table(schema::OFFERED)?;
    visit.table(schema::OFFERS)?;
    visit.table(schema::CROWDED)?;
    visit.table(schema::CALLS)?;
    visit.table(schema::POOLS)?;
    visit.table(schema::CLAIMS)?;
    visit.table(schema::GATED)?;
    visit.table(schema::AT_GATE)?;
    visit.table(schema::GATES)?;
    visit.table(schema::REQUESTS)?;
    visit.table(schema::REQUEST_AGES)?;
    visit.table(schema::ARCHIVES)?;
    visit.table(schema::LEFTOVERS)
}

/// Keys that begin with a run.
pub(super) trait RunKey: Key + 'static {
    /// All keys of one run.
    fn of(run: u128) -> Range<Self::SelfType<'static>>;
}

impl RunKey for u128 {
    fn of(run: u128) -> Range<u128> {
        run..run + 1
    }
}

impl RunKey for (u128, u64) {
    fn of(run: u128) -> Range<(u128, u64)> {
        (run, 0)..(run + 1, 0)
    }
}

impl RunKey for (u128, &'static str) {
    fn of(run: u128) -> Range<(u128, &'static str)> {
        (run, "")..(run + 1, "")
    }
}

impl RunKey for (u128, &'static str, u32) {
    fn of(run: u128) -> Range<(u128, &'static str, u32)> {
        (run, "", 0)..(run + 1, "", 0)
    }
}

/// Something that is done to each table with rows of runs.
pub(super) trait EachOfRuns {
    fn table<K: RunKey, V: Value + 'static>(
        &mut self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError>;
}

pub(super) fn each_of_runs(visit: &mut impl EachOfRuns) -> Result<(), StoreError> {
    visit.table(schema::HEADS)?;
    visit.table(schema::RUNS)?;
    visit.table(schema::INPUTS)?;
    visit.table(schema::VARS)?;
    visit.table(schema::STEPS)?;
    visit.table(schema::JOURNAL)?;
    visit.table(schema::UNDO)?;
    visit.table(schema::CALLS)
}
