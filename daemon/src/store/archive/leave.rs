//! Leaving the live store, and the end of an archive: what one transaction of the live
//! store does about them.

use std::collections::BTreeMap;

use rpa_engine::run::Phase;
use rpa_engine::{Label, RunId};

use super::super::codec::{decode, encode};
use super::super::error::StoreError;
use super::super::parts;
use super::super::rows::ArchiveRow;
use super::super::schema::{NamespaceId, status_of};
use super::super::write::Tables;
use crate::day::Day;

/// A run whose copy is durable.
#[derive(Clone, Copy, Debug)]
pub struct Departure {
    pub run: RunId,
    /// Bytes of its files.
    pub file_bytes: u64,
}

impl Tables<'_> {
    /// Takes runs out of the live store whose copies are in the archive of `day`: from
    /// now on they are found there. Of a run with more rows than `at_once`, at least
    /// one, the others are left for [`Tables::clear_leftovers`]; says whether there is such
    /// a run. Those that have left, or go on, are passed over.
    pub fn leave(
        &mut self,
        day: Day,
        departures: &[Departure],
        at_once: usize,
    ) -> Result<bool, StoreError> {
        let mut archive = self.archive(day)?.unwrap_or_default();
        if archive.dropping {
            return Ok(false);
        }
        let mut is_left = false;
        let mut newest = BTreeMap::new();
        for departure in departures {
            let run = departure.run;
            let Some(head) = self.head(run)? else { continue };
            let Some(row) = self.run_row(run)? else { continue };
            let Phase::Ended { ended_ms, .. } = row.phase else { continue };
            let (namespace, id) = (head.namespace, run.0);
            let last = newest.entry((namespace, head.workflow.name.clone())).or_insert(run);
            *last = run.max(*last);
            for workflow in ["", head.workflow.name.as_str()] {
                for code in [0, row.status] {
                    self.index.remove((namespace.0, workflow, code, id))?;
                }
            }
            // its head is the first of its rows: without it, the run is not here
            if self.clear_run(run, at_once)? == 0 {
                self.leftovers.insert(id, ())?;
                is_left = true;
            }
            *archive.counts.entry((namespace, row.status)).or_default() += 1;
            archive.last_end_ms = archive.last_end_ms.max(ended_ms);
            archive.file_bytes = archive.file_bytes.saturating_add(departure.file_bytes);
        }
        for ((namespace, name), run) in newest {
            self.note_left(namespace, &name, run)?;
        }
        self.put_archive(day, &archive)?;
        Ok(is_left)
    }

    /// Removes at most about `most` rows of runs that have left; says whether there may
    /// be more.
    pub fn clear_leftovers(&mut self, most: usize) -> Result<bool, StoreError> {
        let mut left = most;
        loop {
            let first = self.leftovers.iter()?.next().transpose()?.map(|(key, _)| key.value());
            let Some(id) = first else { return Ok(false) };
            left = self.clear_run(RunId(id), left)?;
            if left == 0 {
                return Ok(true);
            }
            self.leftovers.remove(id)?;
            left -= 1;
        }
    }

    /// Removes rows of one run; how many more may be.
    fn clear_run(&mut self, run: RunId, most: usize) -> Result<usize, StoreError> {
        let all = parts::all_of(run);
        let rows = self.rows.range(all.start.as_slice()..all.end.as_slice())?.take(most);
        let keys = rows.map(|entry| Ok(entry?.0.value().to_vec()));
        let keys = keys.collect::<Result<Vec<Vec<u8>>, StoreError>>()?;
        for key in &keys {
            self.rows.remove(key.as_slice())?;
        }
        Ok(most - keys.len())
    }

    /// The newest run of a workflow that has left is still told of in lists.
    fn note_left(
        &mut self,
        namespace: NamespaceId,
        name: &Label,
        run: RunId,
    ) -> Result<(), StoreError> {
        if let Some(mut workflow) = self.workflow(namespace, name)?
            && workflow.last_left < Some(run)
        {
            workflow.last_left = Some(run);
            self.put_workflow(namespace, &workflow)?;
        }
        Ok(())
    }

    /// The time of an archive is over: from now on its runs are not there any more.
    pub fn drop_archive(&mut self, day: Day) -> Result<(), StoreError> {
        let Some(mut row) = self.archive(day)?.filter(|row| !row.dropping) else { return Ok(()) };
        for ((namespace, status), runs) in &row.counts {
            status_of(*status)?;
            let key = (namespace.0, *status);
            let now = self.counts.get(key)?.map_or(0, |count| count.value());
            self.counts.insert(key, now.saturating_sub(*runs))?;
        }
        row.dropping = true;
        self.put_archive(day, &row)
    }

    /// Nothing is left of an archive.
    pub fn forget_archive(&mut self, day: Day) -> Result<(), StoreError> {
        self.archives.remove(day.0)
    }

    fn archive(&self, day: Day) -> Result<Option<ArchiveRow>, StoreError> {
        self.archives.get(day.0)?.map(|row| decode("archive", row.value())).transpose()
    }

    fn put_archive(&mut self, day: Day, row: &ArchiveRow) -> Result<(), StoreError> {
        self.archives.insert(day.0, encode(row)?.as_slice())
    }
}
