//! Copying finished runs into the archive of their day. Nothing of it counts before
//! they leave the live store, see `leave.rs`; a copy that is made again is the same.

use redb::{ReadTransaction, TableDefinition, Value, WriteTransaction};
use rpa_engine::RunId;

use super::super::error::StoreError;
use super::super::every::{EachOfRuns, RunKey, each_of_runs};
use super::super::query::Reader;
use super::super::schema::{self, reversed, status_code};
use super::files::Archives;
use crate::day::Day;

impl Reader {
    /// Copies `runs`, all of one day, in one durable transaction of their archive.
    pub fn archive_runs(
        &self,
        archives: &Archives,
        day: Day,
        runs: &[RunId],
    ) -> Result<(), StoreError> {
        archives.write(day, |txn| {
            each_of_runs(&mut Copy { from: &self.txn, to: txn, runs })?;
            let mut index = txn.open_table(schema::RUN_INDEX)?;
            let mut suffixes = txn.open_table(schema::SUFFIXES)?;
            for run in runs {
                let head = self.live.head(*run)?.ok_or_else(|| StoreError::no_run(*run))?;
                let status = status_code(self.status(&self.live.row(*run)?)?);
                for workflow in ["", head.workflow.name.as_str()] {
                    for code in [0, status] {
                        index.insert((head.namespace.0, workflow, code, run.0), ())?;
                    }
                }
                suffixes.insert(reversed(*run), ())?;
            }
            Ok(())
        })
    }

    /// Runs of which an archive has a copy, behind `after`, at most `most`: also of one
    /// that is read no more.
    pub fn in_archive(
        &self,
        archives: &Archives,
        day: Day,
        after: Option<RunId>,
        most: usize,
    ) -> Result<Vec<RunId>, StoreError> {
        let Some(view) = archives.view(day)? else { return Ok(Vec::new()) };
        let from = after.map_or(0, |run| run.0.saturating_add(1));
        let heads = view.rows.heads.range(from..)?.take(most);
        heads.map(|entry| Ok(RunId(entry?.0.value()))).collect()
    }
}

/// Makes the tables of a new archive, and gives it its format.
pub(super) fn make(txn: &WriteTransaction) -> Result<(), StoreError> {
    txn.open_table(schema::META)?.insert("format", schema::FORMAT.to_le_bytes().as_slice())?;
    txn.open_table(schema::RUN_INDEX)?;
    txn.open_table(schema::SUFFIXES)?;
    each_of_runs(&mut Make { txn })
}

struct Make<'t> {
    txn: &'t WriteTransaction,
}

impl EachOfRuns for Make<'_> {
    fn table<K: RunKey, V: Value + 'static>(
        &mut self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError> {
        self.txn.open_table(table)?;
        Ok(())
    }
}

/// The rows of some runs, table by table.
struct Copy<'c> {
    from: &'c ReadTransaction,
    to: &'c WriteTransaction,
    runs: &'c [RunId],
}

impl EachOfRuns for Copy<'_> {
    fn table<K: RunKey, V: Value + 'static>(
        &mut self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError> {
        let (from, mut to) = (self.from.open_table(table)?, self.to.open_table(table)?);
        for run in self.runs {
            for entry in from.range(K::of(run.0))? {
                let (key, row) = entry?;
                to.insert(key.value(), row.value())?;
            }
        }
        Ok(())
    }
}
