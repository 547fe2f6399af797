//! Who runs an attempt: a file beside the run, written before the first effect.
//!
//! It holds the process group of the attempt, or `-` for work inside the daemon.
//! It is not synced: a process that was killed leaves its files, and after a loss
//! of the machine no process is left to be found. So, while the machine has been
//! up, *no file* means that the attempt had not begun.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rpa_engine::{AttemptId, Outcome};
use rpa_tasks::Marker;
use rpa_tasks::process::Group;

use crate::rundir;

/// How often a group that does not die is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub struct FileMarker {
    path: PathBuf,
    /// Set as soon as there may be a file.
    marked: Arc<AtomicBool>,
}

impl FileMarker {
    pub fn new(path: PathBuf, marked: Arc<AtomicBool>) -> FileMarker {
        FileMarker { path, marked }
    }
}

impl Marker for FileMarker {
    fn about_to_act(&self, group: Option<&Group>) -> io::Result<()> {
        self.marked.store(true, Ordering::Release);
        if let Some(dir) = self.path.parent() {
            rundir::create(dir)?;
        }
        // written whole or not at all, so that half a line is never believed
        let draft = self.path.with_extension("new");
        let text = group.map_or_else(|| "-\n".to_owned(), |g| format!("{g}\n"));
        fs::write(&draft, text)?;
        fs::rename(&draft, &self.path)
    }
}

pub fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "a stale attempt file stays");
    }
}

/// What became of an attempt that the last daemon left behind.
pub async fn reclaim(path: &Path, id: &AttemptId, same_boot: bool, grace: Duration) -> Outcome {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound && same_boot => {
            return Outcome::LostBeforeStart {
                why: "the daemon ended before the attempt had begun".into(),
            };
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return lost("the machine went down while it ran");
        }
        Err(e) => return lost(&format!("the daemon ended while it ran, and its record: {e}")),
    };
    if let Ok(group) = text.trim().parse::<Group>() {
        let was_alive = group.alive();
        while !group.end(grace).await {
            tracing::error!(attempt = %id, %group, "a process group does not die; trying again");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        if was_alive {
            return lost("the daemon ended while it ran; its processes were ended");
        }
    }
    lost("the daemon ended while it ran")
}

fn lost(why: &str) -> Outcome {
    Outcome::Orphaned { why: why.to_owned() }
}
