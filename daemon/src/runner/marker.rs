//! Who runs an attempt: a file beside the run, written before the first effect.
//!
//! It holds `-` for work inside the runner; for work in processes `?`, and in the next
//! line their group as soon as there is one. A runner that was killed between the two
//! has left processes that are found by what their environment says.
//!
//! It is not synced: a process that was killed leaves its files, and after a loss
//! of the machine no process is left to be found. So, while the machine has been
//! up, *no file* means that the attempt had not begun.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rpa_engine::{AttemptId, Outcome};
use rpa_tasks::process::{Group, Tag};
use rpa_tasks::{Footprint, Marker};

use crate::rundir;

/// How often a group that does not die is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

const INSIDE: &str = "-\n";
const PROCESSES: &str = "?\n";

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
    fn about_to_act(&self, footprint: Footprint) -> io::Result<()> {
        self.marked.store(true, Ordering::Release);
        if let Some(dir) = self.path.parent() {
            rundir::create(dir)?;
        }
        let text = match footprint {
            Footprint::Inside => INSIDE,
            Footprint::Processes => PROCESSES,
        };
        fs::write(&self.path, text)
    }

    fn began(&self, group: &Group) -> io::Result<()> {
        // a second line: half of it has no end and is not believed
        let mut file = fs::OpenOptions::new().append(true).open(&self.path)?;
        file.write_all(format!("{group}\n").as_bytes())
    }
}

/// A record as of an attempt of which is known only that it may have begun: whoever
/// accounts for it looks for its processes.
pub fn leave(path: &Path) -> io::Result<()> {
    if let Some(dir) = path.parent() {
        rundir::create(dir)?;
    }
    fs::write(path, PROCESSES)
}

pub fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "a stale attempt file stays");
    }
}

/// Who has carried out an attempt and is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    Daemon,
    /// The runner in a process of its own.
    Runner,
}

/// What became of an attempt that its carrier has left behind.
pub async fn reclaim(
    carrier: Carrier,
    path: &Path,
    id: &AttemptId,
    tag: &Tag,
    same_boot: bool,
    grace: Duration,
) -> Outcome {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound && same_boot => {
            return match carrier {
                Carrier::Daemon => before("the daemon ended before the attempt had begun"),
                Carrier::Runner => before("the runner ended before the attempt had begun"),
            };
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return lost("the machine went down while it ran");
        }
        Err(e) => {
            return match carrier {
                Carrier::Daemon => {
                    lost(&format!("the daemon ended while it ran, and its record: {e}"))
                }
                Carrier::Runner => {
                    lost(&format!("the runner ended while it ran, and its record: {e}"))
                }
            };
        }
    };
    let mut was_alive = false;
    loop {
        let (text, tag) = (text.clone(), tag.clone());
        // a look walks /proc: off the runtime
        let found = tokio::task::spawn_blocking(move || groups(&text, &tag)).await;
        let groups = match found.map_err(io::Error::other).flatten() {
            Ok(groups) => groups,
            Err(error) => {
                tracing::error!(attempt = %id, %error, "processes cannot be looked for; trying again");
                tokio::time::sleep(LOOK_AGAIN).await;
                continue;
            }
        };
        let alive: Vec<Group> = groups.into_iter().filter(Group::alive).collect();
        if alive.is_empty() {
            break;
        }
        was_alive = true;
        for group in alive {
            if !group.end(grace).await {
                tracing::error!(attempt = %id, %group, "a process group does not die; trying again");
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        }
    }
    match (carrier, was_alive) {
        (Carrier::Daemon, true) => lost("the daemon ended while it ran; its processes were ended"),
        (Carrier::Daemon, false) => lost("the daemon ended while it ran"),
        (Carrier::Runner, true) => lost("the runner ended while it ran; its processes were ended"),
        (Carrier::Runner, false) => lost("the runner ended while it ran"),
    }
}

fn before(why: &str) -> Outcome {
    Outcome::LostBeforeStart { why: why.to_owned() }
}

/// The groups that a record means: the one that it names; where it does not come to
/// that, those that can be found.
fn groups(text: &str, tag: &Tag) -> io::Result<Vec<Group>> {
    if text == INSIDE {
        return Ok(Vec::new());
    }
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    match whole.lines().last().and_then(|line| line.parse().ok()) {
        Some(group) => Ok(vec![group]),
        None => tag.groups(),
    }
}

fn lost(why: &str) -> Outcome {
    Outcome::Orphaned { why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use rpa_engine::RunId;
    use rpa_tasks::process::{Environment, Running};

    use super::*;

    const GRACE: Duration = Duration::from_secs(10);

    fn sleeper(id: &AttemptId, dir: &Path) -> Running {
        let mut env = Environment::new();
        for (name, value) in [
            ("RPA_RUN_ID", id.run.to_string()),
            ("RPA_STEP", id.path.to_string()),
            ("RPA_ATTEMPT", id.number.to_string()),
            ("RPA_IDEMPOTENCY_KEY", dir.display().to_string()),
        ] {
            env.insert(name.into(), value.into());
        }
        Running::start(&["sleep".into(), "1000".into()], &env, dir).unwrap()
    }

    /// The daemon may be killed at any moment around the start of a process.
    #[tokio::test]
    async fn whatever_came_onto_the_record_no_process_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("attempts/a#1");
        let id = AttemptId { run: RunId(7), path: "a".parse().unwrap(), number: 1 };
        let tag = Tag::new(&id, &dir.path().display().to_string());
        let marker = FileMarker::new(path.clone(), Arc::default());
        let reclaim = || reclaim(Carrier::Daemon, &path, &id, &tag, true, GRACE);

        assert!(matches!(reclaim().await, Outcome::LostBeforeStart { .. }));
        marker.about_to_act(Footprint::Processes).unwrap();
        assert_eq!(reclaim().await, lost("the daemon ended while it ran"));

        let halves = ["", "?", "?\n", "?\n4711 9", "?\n4711 9 boot"];
        for torn in halves {
            let running = sleeper(&id, dir.path());
            fs::write(&path, torn).unwrap();
            let ended = lost("the daemon ended while it ran; its processes were ended");
            assert_eq!(reclaim().await, ended, "{torn:?}");
            assert!(!running.group.alive(), "{torn:?}");
        }

        let (running, other) = (sleeper(&id, dir.path()), sleeper(&id, dir.path()));
        marker.about_to_act(Footprint::Processes).unwrap();
        marker.began(&running.group).unwrap();
        reclaim().await;
        assert!(!running.group.alive());
        assert!(other.group.alive(), "what is on record is what is ended");
        assert!(other.group.end(GRACE).await);
    }

    #[tokio::test]
    async fn work_inside_the_daemon_ended_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a#1");
        let id = AttemptId { run: RunId(7), path: "a".parse().unwrap(), number: 1 };
        let running = sleeper(&id, dir.path());
        FileMarker::new(path.clone(), Arc::default()).about_to_act(Footprint::Inside).unwrap();
        let tag = Tag::new(&id, &dir.path().display().to_string());
        reclaim(Carrier::Daemon, &path, &id, &tag, true, GRACE).await;
        assert!(running.group.alive(), "nothing was looked for");
        assert!(running.group.end(GRACE).await);
    }
}
