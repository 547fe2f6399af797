//! What the steps of a run write into their working directories, against
//! `runs.dir_limit`.
//!
//! While an attempt runs, the directories of its run are looked at again and again, and
//! seldom where a look takes long; when it has ended, its own is. What is above the limit
//! ends the attempt: what it wrote stays, and is a person's to look at.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rpa_engine::{ErrorClass, TaskError};

/// How often it is looked, at most.
const LOOK: Duration = Duration::from_secs(1);
/// Looking takes one part in so many of the time.
const SHARE: u32 = 20;
/// Entries that one look counts: what is beyond is found when it is below.
const ENTRIES: usize = 200_000;

/// Resolves when what is in `dir` has more than `limit` bytes.
pub async fn beyond(dir: PathBuf, limit: u64) {
    let mut pause = LOOK;
    loop {
        tokio::time::sleep(pause).await;
        let (begun, dir) = (Instant::now(), dir.clone());
        let found = tokio::task::spawn_blocking(move || bytes(&dir));
        if found.await.is_ok_and(|bytes| bytes > limit) {
            return;
        }
        pause = LOOK.max(begun.elapsed() * SHARE);
    }
}

/// Whether the attempt has left more than `limit` bytes there. Most leave nothing.
pub async fn is_beyond(dir: PathBuf, limit: u64) -> bool {
    let is_empty = |dir: &Path| fs::read_dir(dir).map_or(true, |mut all| all.next().is_none());
    if is_empty(&dir) {
        return false;
    }
    tokio::task::spawn_blocking(move || bytes(&dir) > limit).await.unwrap_or(false)
}

/// Bytes on the disk of all files below `dir`; links are not followed.
fn bytes(dir: &Path) -> u64 {
    let mut sum = 0u64;
    let mut left = ENTRIES;
    let mut open = vec![dir.to_owned()];
    while let Some(dir) = open.pop() {
        // what a step removes meanwhile is nothing to worry about
        for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
            let Some(fewer) = left.checked_sub(1) else { return sum };
            left = fewer;
            let Ok(meta) = entry.path().symlink_metadata() else { continue };
            match meta.is_dir() {
                true => open.push(entry.path()),
                // a file with holes takes less than it is long
                false => sum += std::os::unix::fs::MetadataExt::blocks(&meta) * 512,
            }
        }
    }
    sum
}

/// The work may have been done, so `retry` must not do it again.
pub fn error(limit: u64) -> TaskError {
    TaskError {
        class: ErrorClass::InvalidInput,
        code: "RPA0440".into(),
        message: format!(
            "the working directories of the run have more than {limit} bytes (runs.dir_limit)"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_below_is_counted_and_links_are_not_followed() -> std::io::Result<()> {
        let dir = tempfile::tempdir()?;
        let outside = tempfile::tempdir()?;
        fs::write(outside.path().join("large"), vec![1; 1 << 20])?;
        std::os::unix::fs::symlink(outside.path(), dir.path().join("link"))?;
        assert!(!is_beyond(dir.path().to_owned(), 1 << 16).await);
        fs::create_dir_all(dir.path().join("a/b"))?;
        fs::write(dir.path().join("a/b/c"), vec![1; 1 << 17])?;
        fs::File::create(dir.path().join("holes"))?.set_len(1 << 30)?;
        assert!(is_beyond(dir.path().to_owned(), 1 << 16).await);
        assert!(!is_beyond(dir.path().to_owned(), 1 << 18).await);
        assert!(!is_beyond(dir.path().join("nowhere"), 0).await);
        beyond(dir.path().to_owned(), 1 << 16).await;
        Ok(())
    }
}
