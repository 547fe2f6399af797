//! Backups that the daemon makes by itself, `[backup]` in `rpad.toml`.
//!
//! The files in the directory say what was done: a restart of the daemon neither forgets
//! a backup nor makes one too many.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rpa_config::settings::Backup;
use rpa_ipc::backup::{self, Draft, PART};
use rpa_ipc::fault::Said;
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::Backups;
use super::take::{Source, write_fault};
use crate::driver::{self, Inbox, Message};
use crate::failpoint::failpoint;
use crate::reserve::free_bytes;
use crate::store::{BackedUpRow, Store};

/// How often it is looked whether one is due, at most.
const LOOK: Duration = Duration::from_secs(30);
/// How long after one that failed the next is tried, at most.
const AGAIN: Duration = Duration::from_secs(600);
/// Free space that a backup has to leave, in bytes: the store goes before.
const LEFT_OVER: u64 = 64 << 20;

#[derive(Clone, Debug)]
pub struct Schedule {
    pub every: Duration,
    pub keep: Duration,
    pub directory: PathBuf,
}

impl Schedule {
    /// Nothing is made without a directory.
    pub fn of(settings: &Backup) -> Option<Schedule> {
        let directory = settings.directory.clone()?;
        Some(Schedule { every: settings.every, keep: settings.keep, directory })
    }
}

/// What a scheduled backup needs of the daemon.
#[derive(Clone, Debug)]
pub struct Parts {
    pub backups: Arc<Backups>,
    pub store: Arc<Store>,
    pub state_dir: PathBuf,
    pub inbox: Inbox,
}

/// Makes backups as they become due, until the daemon ends.
pub async fn keep_making(parts: Parts) {
    let Some(schedule) = parts.backups.scheduled.clone() else { return };
    let mut failed_ms = None::<u64>;
    let look = LOOK.min(schedule.every / 4).max(Duration::from_millis(100));
    let again = u64::try_from(AGAIN.min(schedule.every).as_millis()).unwrap_or(u64::MAX);
    loop {
        let now = driver::now_ms();
        let pause = failed_ms.is_some_and(|at| now.saturating_sub(at) < again);
        if !pause && is_due(&schedule, now) {
            // one that a person has asked for is waited for
            if let Ok(seat) = parts.backups.begin() {
                let (inbox, backups) = (parts.inbox.clone(), parts.backups.clone());
                let (parts, schedule) = (parts.clone(), schedule.clone());
                let made = tokio::task::spawn_blocking(move || {
                    let _seat = seat;
                    let made = make(&parts, &schedule);
                    prune(&schedule);
                    made.inspect_err(|fault| told(&parts, fault)).map(|row| (parts, row))
                });
                match made.await {
                    Ok(Ok((parts, row))) => {
                        tracing::info!(file = row.file, "backup made");
                        *parts.backups.failed() = None;
                        failed_ms = None;
                        parts.inbox.tell(Message::BackedUp(row)).await;
                    }
                    Ok(Err(fault)) => {
                        failed_ms = Some(now);
                        if !backups.is_over() {
                            inbox.tell(Message::BackupFailed(fault.message)).await;
                        }
                    }
                    Err(_) => failed_ms = Some(now),
                }
            }
        }
        tokio::time::sleep(look).await;
    }
}

fn told(parts: &Parts, fault: &Fault) {
    if parts.backups.is_over() {
        return;
    }
    tracing::error!(code = %fault.code, "no backup was made: {}", fault.message);
    *parts.backups.failed() = Some((driver::now_ms(), fault.clone()));
}

/// Whether the newest one is old enough, or from a time to come: the clock was set.
fn is_due(schedule: &Schedule, now_ms: u64) -> bool {
    let every = u64::try_from(schedule.every.as_millis()).unwrap_or(u64::MAX);
    match newest(&schedule.directory) {
        None => true,
        Some(last) => last > now_ms.saturating_add(every) || last.saturating_add(every) <= now_ms,
    }
}

fn make(parts: &Parts, schedule: &Schedule) -> Result<BackedUpRow, Fault> {
    let unusable = |e: std::io::Error| {
        fault!(FaultCode::Io, "file-failed", path = schedule.directory.display(), error = e)
            .hint(said!("hint-backup-directory"))
    };
    crate::rundir::create(&schedule.directory).map_err(unusable)?;
    let source = Source::open(&parts.store, &parts.state_dir, false)?;
    let free = free_bytes(&schedule.directory).map_err(unusable)?;
    let needed = source.bytes() + LEFT_OVER;
    if free < needed {
        let (directory, free, needed) = (schedule.directory.display(), free >> 20, needed >> 20);
        let fault = fault!(
            FaultCode::DiskFull,
            "backup-needs-space",
            directory = directory,
            free = free,
            needed = needed
        );
        return Err(fault.hint(said!("hint-backup-directory")));
    }
    let taken_ms = source.taken_ms();
    let target = schedule.directory.join(name(taken_ms));
    let mut draft = Draft::create(&target).map_err(unusable)?;
    failpoint!("backup-is-begun");
    let mut to = std::io::BufWriter::with_capacity(1 << 20, &mut draft);
    source.write(&mut to, &parts.backups)?;
    to.flush().map_err(|e| write_fault(&e))?;
    drop(to);
    draft.sync().map_err(|e| write_fault(&e))?;
    backup::check(draft.path()).map_err(|bad| bad.fault(draft.path()))?;
    failpoint!("backup-is-written");
    draft.keep(false).map_err(|e| write_fault(&e))?;
    failpoint!("backup-is-kept");
    Ok(BackedUpRow { taken_ms, file: target.display().to_string() })
}

const BEFORE: &str = "rpad-";
const AFTER: &str = ".tar";
const STAMP: &str = "%Y%m%dT%H%M%S.%3fZ";

fn name(taken_ms: u64) -> String {
    let at = jiff::Timestamp::from_millisecond(i64::try_from(taken_ms).unwrap_or(0));
    format!("{BEFORE}{}{AFTER}", at.unwrap_or(jiff::Timestamp::UNIX_EPOCH).strftime(STAMP))
}

/// When the backup of that name was taken; `None` for what is none of ours.
fn taken(name: &str) -> Option<u64> {
    let stamp = name.strip_prefix(BEFORE)?.strip_suffix(AFTER)?;
    let time = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%S%.fZ", stamp).ok()?;
    let at = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond();
    u64::try_from(at).ok()
}

fn all(directory: &Path) -> Vec<(u64, PathBuf)> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let of = |entry: fs::DirEntry| Some((taken(entry.file_name().to_str()?)?, entry.path()));
    let mut all: Vec<(u64, PathBuf)> = entries.filter_map(of).collect();
    all.sort_unstable();
    all
}

/// When the newest scheduled backup was taken.
pub fn newest(directory: &Path) -> Option<u64> {
    all(directory).last().map(|(taken, _)| *taken)
}

/// Removes backups that are old enough, but for the newest; and drafts that a daemon which
/// was killed has left.
fn prune(schedule: &Schedule) {
    let keep = u64::try_from(schedule.keep.as_millis()).unwrap_or(u64::MAX);
    let before = driver::now_ms().saturating_sub(keep);
    let mut all = all(&schedule.directory);
    all.pop();
    let mut old: Vec<PathBuf> =
        all.into_iter().filter(|(taken, _)| *taken < before).map(|(_, path)| path).collect();
    let entries = fs::read_dir(&schedule.directory).into_iter().flatten().flatten();
    let is_draft = |entry: &fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with(&format!(".{BEFORE}")) && name.ends_with(PART)
    };
    old.extend(entries.filter(is_draft).map(|entry| entry.path()));
    for path in old {
        if let Err(error) = fs::remove_file(&path) {
            tracing::warn!(path = %path.display(), %error, "an old backup stays");
        }
    }
}

/// Why scheduled backups are to be looked at, for `rpa doctor`.
pub fn overdue(backups: &Backups, now_ms: u64) -> Option<Said> {
    let schedule = backups.scheduled.as_ref()?;
    let every = u64::try_from(schedule.every.as_millis()).unwrap_or(u64::MAX);
    let newest = newest(&schedule.directory);
    let late = newest.is_none_or(|last| last.saturating_add(every.saturating_mul(2)) < now_ms);
    let directory = schedule.directory.display();
    late.then(|| said!("doctor-backup-late", directory = directory))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_when_and_old_ones_go() {
        let dir = tempfile::tempdir().unwrap();
        let now = driver::now_ms();
        assert_eq!(taken(&name(now)), Some(now));
        for other in ["rpad.tar", "rpad-.tar", "rpad-20261121.tar", "x-20261121T070311.000Z.tar"] {
            assert_eq!(taken(other), None, "{other}");
        }
        let day = 24 * 3600 * 1000;
        let schedule = Schedule {
            every: Duration::from_secs(24 * 3600),
            keep: Duration::from_secs(7 * 24 * 3600),
            directory: dir.path().to_owned(),
        };
        assert!(is_due(&schedule, now));
        for age in [10, 8, 6] {
            fs::write(dir.path().join(name(now - age * day)), "").unwrap();
        }
        fs::write(dir.path().join("notes"), "").unwrap();
        fs::write(dir.path().join(format!(".{}.7{PART}", name(now))), "").unwrap();
        prune(&schedule);
        let left: Vec<u64> = all(dir.path()).into_iter().map(|(taken, _)| taken).collect();
        assert_eq!(left, [now - 6 * day]);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
        prune(&Schedule { keep: Duration::ZERO, ..schedule.clone() });
        assert_eq!(newest(dir.path()), Some(now - 6 * day), "the last one is never removed");
        assert!(is_due(&schedule, now));
        assert!(!is_due(&schedule, now - 6 * day + 1));
        assert!(is_due(&schedule, now - 100 * day), "the clock was set back");
    }
}
