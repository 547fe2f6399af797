//! Copying finished runs into the archive of their day. Nothing of it counts before
//! they leave the live store, see `leave.rs`; a copy that is made again is the same.

use redb::{ReadOnlyTable, Table, Value, WriteTransaction};
use rpa_engine::RunId;

use super::super::error::StoreError;
use super::super::query::Reader;
use super::super::schema::{self, reversed, status_code};
use super::files::Archives;
use crate::day::Day;

type Bytes = &'static [u8];

impl Reader {
    /// Copies `runs`, all of one day, in one durable transaction of their archive.
    pub fn archive_runs(
        &self,
        archives: &Archives,
        day: Day,
        runs: &[RunId],
    ) -> Result<(), StoreError> {
        archives.write(day, |txn| {
            let mut copies = Copies::open(txn)?;
            runs.iter().try_for_each(|run| copies.add(self, *run))
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

/// The tables of an archive.
struct Copies<'t> {
    heads: Table<'t, u128, Bytes>,
    runs: Table<'t, u128, Bytes>,
    inputs: Table<'t, u128, Bytes>,
    vars: Table<'t, u128, Bytes>,
    steps: Table<'t, (u128, &'static str), Bytes>,
    journal: Table<'t, (u128, u64), Bytes>,
    undo: Table<'t, (u128, u64), Bytes>,
    calls: Table<'t, (u128, &'static str, u32), u128>,
    index: Table<'t, (u32, &'static str, u8, u128), ()>,
    suffixes: Table<'t, u128, ()>,
}

impl<'t> Copies<'t> {
    fn open(txn: &'t WriteTransaction) -> Result<Copies<'t>, StoreError> {
        Ok(Copies {
            heads: txn.open_table(schema::HEADS)?,
            runs: txn.open_table(schema::RUNS)?,
            inputs: txn.open_table(schema::INPUTS)?,
            vars: txn.open_table(schema::VARS)?,
            steps: txn.open_table(schema::STEPS)?,
            journal: txn.open_table(schema::JOURNAL)?,
            undo: txn.open_table(schema::UNDO)?,
            calls: txn.open_table(schema::CALLS)?,
            index: txn.open_table(schema::RUN_INDEX)?,
            suffixes: txn.open_table(schema::SUFFIXES)?,
        })
    }

    fn add(&mut self, reader: &Reader, run: RunId) -> Result<(), StoreError> {
        let (live, id) = (&reader.live, run.0);
        let head = live.head(run)?.ok_or_else(|| StoreError::no_run(run))?;
        let status = status_code(reader.status(&live.row(run)?)?);
        one(&live.heads, &mut self.heads, id)?;
        one(&live.runs, &mut self.runs, id)?;
        one(&live.inputs, &mut self.inputs, id)?;
        one(&live.vars, &mut self.vars, id)?;
        for entry in live.steps.range((id, "")..(id + 1, ""))? {
            let (key, row) = entry?;
            self.steps.insert(key.value(), row.value())?;
        }
        for entry in live.journal.range((id, 0)..=(id, u64::MAX))? {
            let (key, row) = entry?;
            self.journal.insert(key.value(), row.value())?;
        }
        for entry in live.undo.range((id, 0)..=(id, u64::MAX))? {
            let (key, row) = entry?;
            self.undo.insert(key.value(), row.value())?;
        }
        for entry in live.calls.range((id, "", 0)..(id + 1, "", 0))? {
            let (key, called) = entry?;
            self.calls.insert(key.value(), called.value())?;
        }
        for workflow in ["", head.workflow.name.as_str()] {
            for code in [0, status] {
                self.index.insert((head.namespace.0, workflow, code, id), ())?;
            }
        }
        self.suffixes.insert(reversed(run), ())?;
        Ok(())
    }
}

/// Copies the row of one run, if there is one.
fn one<V: Value>(
    from: &ReadOnlyTable<u128, V>,
    to: &mut Table<'_, u128, V>,
    run: u128,
) -> Result<(), StoreError> {
    if let Some(row) = from.get(run)? {
        to.insert(run, row.value())?;
    }
    Ok(())
}
