//! From the live store into archives.

use std::fs;
use std::io;
use std::path::Path;

use rpa_engine::RunId;
use rpa_ipc::Fault;

use super::Keeper;
use crate::day::Day;
use crate::driver::{Answer, Errand, now_ms};
use crate::failpoint::failpoint;
use crate::store::{Departure, Look, Reader, Rule, StoreError};

/// Runs that are copied in one transaction of an archive, and rows for them: a second
/// of work or less, that nobody waits for.
const COPIED: usize = 512;
const COPIED_ROWS: u64 = 20_000;
/// Runs that are looked at for that.
const LOOKED_AT: usize = 5_000;
/// Runs that leave in one transaction of the live store: about a thousand small rows, see
/// `driver::errands`.
const LEAVE: usize = 64;

impl Keeper {
    pub(super) async fn move_runs(&self) -> Result<(), Fault> {
        // rows that were left when the daemon died
        if self.read(|_, reader| reader.has_leftovers()).await? {
            self.clear().await?;
        }
        let mut after = None;
        loop {
            let found = self.read(move |keeper, reader| keeper.copy(reader, after)).await?;
            for (day, departures) in found.copied {
                for some in departures.chunks(LEAVE) {
                    let departures = some.to_vec();
                    failpoint!("runs-are-copied");
                    let left = self.errand(Errand::Leave { day, departures }).await?;
                    failpoint!("runs-have-left");
                    if let Answer::More = left {
                        self.clear().await?;
                    }
                    failpoint!("leftovers-are-gone");
                }
            }
            after = found.next;
            if after.is_none() {
                break;
            }
        }
        self.read(|keeper, _| {
            keeper.store.archives().settle();
            Ok(())
        })
        .await
    }

    async fn clear(&self) -> Result<(), Fault> {
        while let Answer::More = self.errand(Errand::Clear).await? {}
        Ok(())
    }
}

/// Runs whose copies are durable.
#[derive(Debug)]
struct Copied {
    copied: Vec<(Day, Vec<Departure>)>,
    next: Option<RunId>,
}

impl Keeper {
    fn copy(&self, reader: &Reader, after: Option<RunId>) -> Result<Copied, StoreError> {
        let age_ms = u64::try_from(self.limits.live_age.as_millis()).unwrap_or(u64::MAX);
        let rule = Rule {
            ended_before_ms: now_ms().saturating_sub(age_ms),
            over: reader.live_ended()?.saturating_sub(self.limits.live_runs),
            most_runs: COPIED,
            most_rows: COPIED_ROWS,
            looked_at: LOOKED_AT,
        };
        let Look { runs, next } = reader.may_leave(&rule, after)?;
        let mut copied = Vec::new();
        for (day, mut runs) in runs {
            // its last line may still be on its way
            runs.retain(|run| !self.logs.is_open(*run));
            if runs.is_empty() {
                continue;
            }
            reader.archive_runs(self.store.archives(), day, &runs)?;
            let departures = runs.into_iter().map(|run| Departure {
                run,
                file_bytes: bytes_below(&self.dirs.run(run)).unwrap_or(0),
            });
            copied.push((day, departures.collect()));
        }
        Ok(Copied { copied, next })
    }
}

/// Bytes of the files in a directory, what is further below included.
fn bytes_below(dir: &Path) -> io::Result<u64> {
    let entries = match fs::read_dir(dir) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut bytes = 0;
    for entry in entries {
        let entry = entry?;
        // of a link itself, never of what it points to
        let meta = entry.metadata()?;
        bytes += if meta.is_dir() { bytes_below(&entry.path())? } else { meta.len() };
    }
    Ok(bytes)
}
