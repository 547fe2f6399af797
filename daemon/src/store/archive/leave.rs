//! Leaving the live store, and the end of an archive: what one transaction of the live
//! store does about them.

use rpa_engine::RunId;
use rpa_engine::run::Phase;

use super::super::codec::{decode, encode};
use super::super::error::StoreError;
use super::super::rows::ArchiveRow;
use super::super::schema::{reversed, status_of};
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
    /// now on they are found there. Rows that may be many are left for
    /// [`Tables::clear_leftovers`]. Those that have left, or go on, are passed over.
    pub fn leave(&mut self, day: Day, departures: &[Departure]) -> Result<(), StoreError> {
        let mut archive = self.archive(day)?.unwrap_or_default();
        if archive.dropping {
            return Ok(());
        }
        for departure in departures {
            let run = departure.run;
            let Some(head) = self.head(run)? else { continue };
            let Some(row) = self.run_row(run)? else { continue };
            let Phase::Ended { ended_ms, .. } = row.phase else { continue };
            let (namespace, id) = (head.namespace, run.0);
            self.heads.remove(id)?;
            self.runs.remove(id)?;
            self.inputs.remove(id)?;
            self.vars.remove(id)?;
            self.suffixes.remove(reversed(run))?;
            for workflow in ["", head.workflow.name.as_str()] {
                for code in [0, row.status] {
                    self.index.remove((namespace.0, workflow, code, id))?;
                }
            }
            self.leftovers.insert(id, ())?;
            *archive.counts.entry((namespace, row.status)).or_default() += 1;
            archive.last_end_ms = archive.last_end_ms.max(ended_ms);
            archive.file_bytes = archive.file_bytes.saturating_add(departure.file_bytes);
        }
        self.put_archive(day, &archive)
    }

    /// Removes at most about `most` rows of runs that have left; says whether there may
    /// be more.
    pub fn clear_leftovers(&mut self, most: usize) -> Result<bool, StoreError> {
        let mut left = most;
        loop {
            let first = self.leftovers.iter()?.next().transpose()?.map(|(key, _)| key.value());
            let Some(id) = first else { return Ok(false) };
            left = self.clear_run(id, left)?;
            if left == 0 {
                return Ok(true);
            }
            self.leftovers.remove(id)?;
            left -= 1;
        }
    }

    /// Removes rows of one run; how many more may be.
    fn clear_run(&mut self, id: u128, most: usize) -> Result<usize, StoreError> {
        let mut left = most;
        let events = self.journal.range((id, 0)..=(id, u64::MAX))?;
        let events = events.take(left).map(|entry| Ok(entry?.0.value().1));
        for seq in events.collect::<Result<Vec<u64>, StoreError>>()? {
            self.journal.remove((id, seq))?;
            left -= 1;
        }
        let steps = self.steps.range((id, "")..(id + 1, ""))?;
        let steps = steps.take(left).map(|entry| Ok(entry?.0.value().1.to_owned()));
        for path in steps.collect::<Result<Vec<String>, StoreError>>()? {
            self.steps.remove((id, path.as_str()))?;
            left -= 1;
        }
        let undo = self.undo.range((id, 0)..=(id, u64::MAX))?;
        let undo = undo.take(left).map(|entry| Ok(entry?.0.value().1));
        for number in undo.collect::<Result<Vec<u64>, StoreError>>()? {
            self.undo.remove((id, number))?;
            left -= 1;
        }
        let calls = self.calls.range((id, "", 0)..(id + 1, "", 0))?;
        let calls = calls.take(left).map(|entry| {
            let (key, _) = entry?;
            let (_, path, attempt) = key.value();
            Ok((path.to_owned(), attempt))
        });
        for (path, attempt) in calls.collect::<Result<Vec<_>, StoreError>>()? {
            self.calls.remove((id, path.as_str(), attempt))?;
            left -= 1;
        }
        Ok(left)
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
