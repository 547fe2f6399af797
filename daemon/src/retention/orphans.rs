//! Directories in `runs/` that belong to no run: of submissions that were refused after
//! their large values had been stored, or that the daemon died on.

use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rpa_engine::RunId;
use rpa_ipc::Fault;

use super::dropping::remove_dir;
use super::{Keeper, is_known};
use crate::day::Day;
use crate::store::{Reader, StoreError};

/// A directory is made before its run is accepted: one that was changed since is let be.
const AGE: Duration = Duration::from_secs(24 * 3600);
/// Between two days, so that the disk is left to others.
const PAUSE: Duration = Duration::from_millis(50);

impl Keeper {
    pub(super) async fn sweep(&self) -> Result<(), Fault> {
        let days = self.read(|keeper, _| Ok(days(keeper.dirs.root()))).await?;
        for day in days {
            self.read(move |keeper, reader| keeper.sweep_day(reader, day)).await?;
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    fn sweep_day(&self, reader: &Reader, day: Day) -> Result<(), StoreError> {
        // its own files are being removed already
        if reader.archives()?.get(&day).is_some_and(|row| row.dropping) {
            return Ok(());
        }
        let Ok(entries) = fs::read_dir(self.dirs.day(day)) else { return Ok(()) };
        for entry in entries.filter_map(Result::ok) {
            let Some(run) = run_of(&entry, day) else { continue };
            if is_old(&entry).unwrap_or(false) && !is_known(reader, run)? {
                tracing::info!(%run, "files that belong to no run are removed");
                remove_dir(&entry.path());
            }
        }
        self.remove_day(day);
        Ok(())
    }
}

/// The days that have files of runs, oldest first. Whatever else lies there is left alone.
fn days(root: &Path) -> Vec<Day> {
    let Ok(entries) = fs::read_dir(root) else { return Vec::new() };
    let names = entries.filter_map(Result::ok).map(|entry| entry.file_name());
    let mut days: Vec<Day> = names.filter_map(|name| name.to_str()?.parse().ok()).collect();
    days.sort_unstable();
    days
}

/// The run that a directory is named after.
fn run_of(entry: &DirEntry, day: Day) -> Option<RunId> {
    let name = entry.file_name();
    let run: RunId = name.to_str()?.parse().ok()?;
    (run.to_string() == name.to_str()? && Day::of(run) == day).then_some(run)
}

fn is_old(entry: &DirEntry) -> io::Result<bool> {
    let changed = entry.metadata()?.modified()?;
    Ok(SystemTime::now().duration_since(changed).is_ok_and(|age| age >= AGE))
}
