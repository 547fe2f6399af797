//! The end of archives: whole days, the oldest first.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use rpa_engine::RunId;
use rpa_ipc::Fault;

use super::{Keeper, Limits, is_known};
use crate::day::Day;
use crate::driver::{Errand, now_ms};
use crate::failpoint::failpoint;
use crate::store::{ArchiveRow, Problem, Reader, StoreError};

/// Directories that are removed before the disk is left to others for a moment.
const AT_ONCE: usize = 100;
const PAUSE: Duration = Duration::from_millis(50);

impl Keeper {
    pub(super) async fn drop_archives(&self) -> Result<(), Fault> {
        let over = self.read(|keeper, reader| keeper.over(reader)).await?;
        for (day, why) in over {
            match why {
                Why::Gone { runs } => {
                    tracing::error!(%day, runs, "the archive of a day is gone, with its runs");
                }
                Why::Limit(limit) => {
                    tracing::info!(%day, limit, "the archive of a day is dropped");
                }
                Why::Begun => tracing::info!(%day, "the archive of a day is dropped further"),
            }
            failpoint!("archive-is-over");
            self.errand(Errand::Drop(day)).await?;
            failpoint!("archive-is-dropped");
            self.remove(day).await?;
            failpoint!("archive-is-removed");
            self.errand(Errand::Forget(day)).await?;
            failpoint!("archive-is-forgotten");
        }
        Ok(())
    }

    /// Archives whose time is over, and those that are being dropped.
    fn over(&self, reader: &Reader) -> Result<Vec<(Day, Why)>, StoreError> {
        let files = self.store.archives();
        let mut kept = BTreeMap::new();
        let mut over = Vec::new();
        for (day, row) in reader.archives()? {
            if row.dropping {
                over.push((*day, Why::Begun));
            } else if !files.path(*day).try_exists().map_err(|e| StoreError::from_io(&e))? {
                over.push((*day, Why::Gone { runs: row.runs() }));
            } else {
                kept.insert(*day, (row, files.bytes(*day)));
            }
        }
        over.extend(beyond(&self.limits, kept, now_ms()));
        Ok(over)
    }

    /// Removes the files of an archive that nobody reads any more.
    async fn remove(&self, day: Day) -> Result<(), Fault> {
        let mut after = None;
        loop {
            let next = self.read(move |keeper, reader| keeper.remove_some(reader, day, after));
            let Some(next) = next.await? else { break };
            after = Some(next);
            tokio::time::sleep(PAUSE).await;
        }
        self.read(move |keeper, _| {
            failpoint!("files-of-a-day-are-removed");
            keeper.remove_day(day);
            keeper.store.archives().remove(day).map_err(|e| StoreError::from_io(&e))
        })
        .await
    }

    /// Removes the directories of some runs of an archive; the last of them, if there may
    /// be more.
    fn remove_some(
        &self,
        reader: &Reader,
        day: Day,
        after: Option<RunId>,
    ) -> Result<Option<RunId>, StoreError> {
        let runs = match reader.in_archive(self.store.archives(), day, after, AT_ONCE) {
            // nobody can tell which they were: the sweep finds their files
            Err(error) if error.problem == Problem::Corrupt => {
                tracing::error!(%error, "an archive that is dropped cannot be read");
                return Ok(None);
            }
            runs => runs?,
        };
        for run in &runs {
            // a copy of one that is live counts for nothing
            if !is_known(reader, *run)? {
                remove_dir(&self.dirs.run(*run));
                failpoint!("files-of-a-run-are-removed");
            }
        }
        Ok(runs.last().copied().filter(|_| runs.len() == AT_ONCE))
    }
}

impl Keeper {
    /// Removes the directory of a day if nothing is in it. The present one may be in use
    /// before anything is.
    pub(super) fn remove_day(&self, day: Day) {
        if day.0 + 1 < Day::at(now_ms()).0 {
            let _ = fs::remove_dir(self.dirs.day(day));
        }
    }
}

/// Why an archive is dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// By this setting.
    Limit(&'static str),
    /// It was begun.
    Begun,
    /// Somebody has taken the file away.
    Gone { runs: u64 },
}

/// Archives that are beyond a limit. The newest is beyond none but that of age: a limit
/// is kept to within a day.
pub(super) fn beyond(
    limits: &Limits,
    archives: BTreeMap<Day, (&ArchiveRow, u64)>,
    now_ms: u64,
) -> Vec<(Day, Why)> {
    let age_ms = u64::try_from(limits.archive_age.as_millis()).unwrap_or(u64::MAX);
    let mut runs: u64 = archives.values().map(|(row, _)| row.runs()).sum();
    let mut bytes: u64 = archives.values().map(|(row, bytes)| row.file_bytes + bytes).sum();
    let newest = archives.keys().next_back().copied();
    let mut over = Vec::new();
    for (day, (row, file)) in archives {
        let is_old = row.last_end_ms.saturating_add(age_ms) < now_ms;
        let limit = match () {
            () if is_old => "retention.archive_age",
            () if Some(day) == newest => continue,
            () if runs > limits.archive_runs => "retention.archive_runs",
            () if bytes > limits.archive_bytes => "retention.archive_bytes",
            () => continue,
        };
        runs -= row.runs();
        bytes -= row.file_bytes + file;
        over.push((day, Why::Limit(limit)));
    }
    over
}

/// Removes a directory of a run with what is in it. Links in it are not followed.
pub(super) fn remove_dir(dir: &Path) {
    if let Err(error) = fs::remove_dir_all(dir)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(dir = %dir.display(), %error, "the files of a run could not be removed");
    }
}
