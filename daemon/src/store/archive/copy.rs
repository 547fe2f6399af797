//! Copying finished runs into the archive of their day. Nothing of it counts before
//! they leave the live store, see `leave.rs`; a copy that is made again is the same.

use redb::{Table, WriteTransaction};
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
        let mut runs = Vec::new();
        let mut next = after.map_or(Some(0), |run| run.0.checked_add(1));
        while let Some(from) = next.filter(|_| runs.len() < most) {
            let run = view.rows.next_run(RunId(from))?;
            runs.extend(run);
            next = run.and_then(|run| run.0.checked_add(1));
        }
        Ok(runs)
    }
}

/// The tables of an archive.
struct Copies<'t> {
    rows: Table<'t, Bytes, Bytes>,
    index: Table<'t, (u32, &'static str, u8, u128), ()>,
    suffixes: Table<'t, u128, ()>,
}

impl<'t> Copies<'t> {
    fn open(txn: &'t WriteTransaction) -> Result<Copies<'t>, StoreError> {
        Ok(Copies {
            rows: txn.open_table(schema::RUN_ROWS)?,
            index: txn.open_table(schema::RUN_INDEX)?,
            suffixes: txn.open_table(schema::SUFFIXES)?,
        })
    }

    fn add(&mut self, reader: &Reader, run: RunId) -> Result<(), StoreError> {
        let live = &reader.live;
        let head = live.head(run)?.ok_or_else(|| StoreError::no_run(run))?;
        let status = status_code(reader.status(&live.row(run)?)?);
        for entry in live.all_of(run)? {
            let (key, row) = entry?;
            self.rows.insert(key.value(), row.value())?;
        }
        for workflow in ["", head.workflow.name.as_str()] {
            for code in [0, status] {
                self.index.insert((head.namespace.0, workflow, code, run.0), ())?;
            }
        }
        self.suffixes.insert(reversed(run), ())?;
        Ok(())
    }
}
