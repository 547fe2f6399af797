//! Which consoles live: each holds a lock on a file of its own beside the drafts, so that no
//! other one takes the file of a draft away that is being written.
//!
//! A process id alone would not tell: it is given again, and says nothing of another
//! machine or container with the same home directory.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use super::{Kept, make};

/// Whoever looks whether we live holds the lock for a moment.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(5);

/// The lock of this console, from the first draft on until its end.
#[derive(Clone, Debug, Default)]
pub struct Presence(Arc<OnceLock<File>>);

impl Presence {
    /// Says that this console lives. May block for a moment, so not on the loop's thread.
    ///
    /// # Errors
    ///
    /// When the file cannot be made or locked: others then take this console for one that
    /// has ended.
    pub fn say(&self, directory: &Path, process: u32) -> io::Result<()> {
        if self.0.get().is_none() {
            make(directory)?;
            let file = held(&path(directory, process))?;
            // another thread's would be as good
            let _ = self.0.set(file);
        }
        Ok(())
    }
}

fn path(directory: &Path, process: u32) -> PathBuf {
    directory.join(format!("console.{process}.lock"))
}

fn held(path: &Path) -> io::Result<File> {
    for _ in 0..TRIES {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600);
        let file = options.open(path)?;
        match file.try_lock() {
            // it may have been removed between the two
            Ok(()) if is_at(&file, path) => return Ok(file),
            Ok(()) | Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(e)) => return Err(e),
        }
        thread::sleep(PAUSE);
    }
    Err(io::Error::from(io::ErrorKind::WouldBlock))
}

fn is_at(file: &File, path: &Path) -> bool {
    let inode = |meta: fs::Metadata| (meta.dev(), meta.ino());
    let (ours, there) = (file.metadata().map(inode).ok(), fs::metadata(path).map(inode).ok());
    ours.is_some() && ours == there
}

/// Says of each draft whether a console lives that writes it, this one too.
pub(super) fn mark(directory: &Path, kept: &mut [Kept]) {
    let mut known = BTreeMap::new();
    for kept in kept {
        let process = kept.name.process;
        kept.held = *known.entry(process).or_insert_with(|| lives(&path(directory, process)));
    }
}

/// Whether somebody holds the lock; a file that nobody holds any more goes.
fn lives(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    match file.try_lock() {
        Ok(()) => {
            let _ = fs::remove_file(path);
            false
        }
        Err(TryLockError::WouldBlock) => true,
        // where nothing can be locked, nobody is known to live
        Err(TryLockError::Error(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DraftName, DraftWork, read};
    use super::*;

    #[test]
    fn a_draft_is_held_as_long_as_its_console_lives() {
        let dir = tempfile::tempdir().unwrap();
        for process in [7, 8] {
            let workflow = "default/disk-report".to_owned();
            let name = DraftName { workflow, base: None, begun_ms: 17, process };
            let path = dir.path().join(name.file_name());
            DraftWork::Keep { path, text: String::new() }.carry_out().unwrap();
        }
        let held = || {
            let mut held: Vec<_> =
                read(dir.path()).iter().map(|kept| (kept.name.process, kept.held)).collect();
            held.sort_unstable();
            held
        };
        let presence = Presence::default();
        presence.say(dir.path(), 7).unwrap();
        presence.say(dir.path(), 7).unwrap();
        assert_eq!(held(), [(7, true), (8, false)]);
        assert_eq!(held(), [(7, true), (8, false)], "looking takes nothing away");
        // what a killed one leaves behind says nothing
        drop(presence);
        assert!(path(dir.path(), 7).exists());
        assert_eq!(held(), [(7, false), (8, false)]);
        assert!(!path(dir.path(), 7).exists());
    }
}
