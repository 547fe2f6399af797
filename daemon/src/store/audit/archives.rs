//! Runs that have left the live store, and the archives that have them.
//!
//! An archive is another file, and goes on changing behind the snapshot of the live store:
//! runs come, and a day may be dropped. So what is said of it holds whatever happens
//! meanwhile: all runs that had left by the snapshot are there, and no more than have left
//! by a later one.

use std::collections::BTreeMap;

use rpa_engine::RunId;
use rpa_engine::run::Phase;

use super::run::{Kept, is_stored, step_of};
use super::{Audit, Depth, Kind};
use crate::day::Day;
use crate::store::archive::View;
use crate::store::codec::decode;
use crate::store::error::{StoreError, no_panic};
use crate::store::parts::Many;
use crate::store::rows::ArchiveRow;
use crate::store::run_rows::RunRows;
use crate::store::schema;
use crate::store::{Problem, Store};

/// Runs of an archive that are looked at before its file is let go for a moment: whoever
/// wants to write to it waits for so long.
const AT_ONCE: usize = 64;

impl Audit {
    /// What is known of archives, and how many runs they have taken over.
    pub(super) fn archive_rows(&mut self) -> Result<(), StoreError> {
        for entry in self.archives.all()? {
            let (day, row) = entry?;
            let day = Day(day.value());
            self.archive = Some(day);
            let row = decode::<ArchiveRow>("archive", row.value());
            let row = self.readable("archives", None, row);
            self.archive = None;
            let Some(row) = row?.filter(|row| !row.dropping) else { continue };
            for ((namespace, status), runs) in &row.counts {
                *self.statuses.entry((namespace.0, *status)).or_default() += runs;
            }
            self.kept.insert(day, row);
        }
        Ok(())
    }

    /// Rows that are left of runs which have left; whether it came to the last. Their
    /// archive may have been dropped before they are removed.
    pub(super) fn leftovers(&mut self, live: &RunRows) -> Result<bool, StoreError> {
        for entry in self.leftovers.all()? {
            if self.is_over() {
                return Ok(false);
            }
            let run = RunId(entry?.0.value());
            if live.has(run)? {
                let text = "its rows are to be removed, though it is here";
                self.find(Kind::Contradiction, "leftovers", run, text);
                continue;
            }
            self.own.rows += self.own_rows(live, run)?;
        }
        Ok(true)
    }

    /// All archives, the newest day first.
    pub(super) fn archives(&mut self, store: &Store, live: &RunRows) -> Result<(), StoreError> {
        let days: Vec<Day> = self.kept.keys().rev().copied().collect();
        for day in days {
            if self.is_over() {
                return Ok(());
            }
            let path = store.archives().path(day);
            self.archive = Some(day);
            let looked = no_panic(&path, || self.one(store, live, day));
            if let Err(error) = looked
                && self.is_kept_still(store, day)?
            {
                self.find(Kind::Unreadable, "", None, error.to_string());
            }
            self.archive = None;
        }
        Ok(())
    }

    /// Whether an archive was not dropped meanwhile.
    fn is_kept_still(&self, store: &Store, day: Day) -> Result<bool, StoreError> {
        Ok(store.read()?.archives()?.get(&day).is_some_and(|row| !row.dropping))
    }

    fn one(&mut self, store: &Store, live: &RunRows, day: Day) -> Result<(), StoreError> {
        let mut there: BTreeMap<(u32, u8), u64> = BTreeMap::new();
        let (mut before, mut all_read) = (None, true);
        'all: loop {
            let Some(view) = store.archives().view(day)? else {
                if self.is_kept_still(store, day)? {
                    let runs = self.kept.get(&day).map_or(0, ArchiveRow::runs);
                    self.report.gone.push((day, runs));
                }
                return Ok(());
            };
            for _ in 0..AT_ONCE {
                let Some(run) = view.rows.last_before(before)? else { break 'all };
                before = Some(run);
                if self.is_over() {
                    return Ok(());
                }
                // a copy of one that has not left is nobody's
                if self.is_here(live, run)? {
                    continue;
                }
                match self.archived(store, &view, run)? {
                    Some(status) => *there.entry(status).or_default() += 1,
                    None => all_read = false,
                }
            }
        }
        if all_read {
            self.compare_counts(store, day, &there)?;
        }
        Ok(())
    }

    /// One run of an archive; its namespace and status.
    fn archived(
        &mut self,
        store: &Store,
        view: &View,
        run: RunId,
    ) -> Result<Option<(u32, u8)>, StoreError> {
        let rows = &view.rows;
        self.own_rows(rows, run)?;
        if !rows.has(run)? && !is_stored(rows, run)? {
            let text = format!("rows of {run}, which is not in it");
            self.find(Kind::Stray, "run_rows", run, text);
            return Ok(None);
        }
        self.report.runs += 1;
        let Some(kept) = self.gather(rows, run)? else { return Ok(None) };
        if view.suffixes.get(schema::reversed(run))?.is_none() {
            let text = "it is not found by the end of its id";
            self.find(Kind::Listed, "run_suffixes", run, text);
        }
        self.lists(rows, &kept)?;
        self.has_left(store, &kept)?;
        if !matches!(kept.row.phase, Phase::Ended { .. }) {
            let text = "it is in an archive, and has not ended";
            self.find(Kind::Contradiction, "runs", run, text);
        }
        for entry in rows.many(run, Many::Steps)? {
            let (key, row) = entry?;
            self.readable("steps", run, step_of(run, key.value(), row.value()))?;
        }
        if self.depth == Depth::Journal {
            self.fold(rows, &kept)?;
            self.report.journals += 1;
        }
        Ok(Some((kept.head.namespace.0, kept.row.status)))
    }

    /// Its workflow knows of it, or of a later one. The run may have left since the
    /// snapshot was taken.
    fn has_left(&mut self, store: &Store, kept: &Kept) -> Result<(), StoreError> {
        let (namespace, name) = (kept.head.namespace, &kept.head.workflow.name);
        if self.last_left.get(&(namespace.0, name.clone())) >= Some(&kept.id) {
            return Ok(());
        }
        let reader = store.read()?;
        let row = match reader.workflow(namespace, name) {
            // that it cannot be read has been told of
            Err(error) if error.problem == Problem::Corrupt => return Ok(()),
            row => row?,
        };
        let is_older = row.is_some_and(|row| row.last_left < Some(kept.id));
        if is_older && !reader.live.has(kept.id)? {
            let text = format!("lists take an older run of {name} for the newest that has left");
            // not its archive is wrong
            let archive = self.archive.take();
            self.find(Kind::Listed, "workflows", kept.id, text);
            self.archive = archive;
        }
        Ok(())
    }

    fn compare_counts(
        &mut self,
        store: &Store,
        day: Day,
        there: &BTreeMap<(u32, u8), u64>,
    ) -> Result<(), StoreError> {
        let Some(row) = self.kept.get(&day).cloned() else { return Ok(()) };
        for ((namespace, status), runs) in &row.counts {
            let found = there.get(&(namespace.0, *status)).copied().unwrap_or(0);
            if found < *runs && self.is_kept_still(store, day)? {
                let text = format!(
                    "{runs} runs of status {status} in namespace {} have left for it, {found} \
                     are there",
                    namespace.0
                );
                self.find(Kind::Contradiction, "archives", None, text);
            }
        }
        if there.values().sum::<u64>() > row.runs()
            && let Some((found, left)) = too_many(store, day)?
        {
            let text = format!("{left} runs have left for it, {found} are there");
            self.find(Kind::Contradiction, "archives", None, text);
        }
        Ok(())
    }
}

/// Runs of an archive that are not in the live store, and how many have left for it; none
/// when these are no fewer. The archive is looked at before the live store is.
fn too_many(store: &Store, day: Day) -> Result<Option<(u64, u64)>, StoreError> {
    let Some(view) = store.archives().view(day)? else { return Ok(None) };
    let reader = store.read()?;
    let Some(row) = reader.archives()?.get(&day).filter(|row| !row.dropping) else {
        return Ok(None);
    };
    let mut found = 0;
    let mut before = None;
    while let Some(run) = view.rows.last_before(before)? {
        before = Some(run);
        found += u64::from(view.rows.has(run)? && !reader.live.has(run)?);
    }
    Ok((found > row.runs()).then(|| (found, row.runs())))
}
