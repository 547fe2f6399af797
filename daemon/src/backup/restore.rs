//! `rpad restore FILE`: a store and its files out of a backup, where no daemon runs.
//!
//! | on disk | a crash here leaves |
//! |---|---|
//! | `restoring/` is being filled | what was there before; the next restore begins anew |
//! | what was there is moved to `replaced-<time>/` | no store, and `restoring/`: no daemon starts |
//! | files, then the store take their places | the same |
//! | `restoring/` is removed | the restored store |
//!
//! While `restoring/` is there no daemon starts: half a restore is never taken for a new
//! store. All runs that were open come back held, see `driver/held.rs`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rpa_engine::AttemptId;
use rpa_ipc::backup::{self, Checked, MAX_PIECE};
use rpa_ipc::fault::{Arg, Said, count};
use rpa_ipc::{Fault, FaultCode, Progress, fault, said, size as shown};

use crate::failpoint::failpoint;
use crate::rundir::{self, RunDirs};
use crate::runner::marker;
use crate::store::{self, Loader, RestoredRow, Store, StoreError};

/// Where a restore works.
const WORKSHOP: &str = "restoring";
/// What a restore moves aside, and puts in its place: the store last.
const PLACES: [&str; 3] = ["runs", super::take::ARCHIVE, store::FILE];

/// What was done.
#[derive(Debug)]
pub struct Restored {
    pub checked: Checked,
    /// Where what was there before lies now.
    pub replaced: Option<PathBuf>,
    /// Attempts that were under way.
    pub attempts: usize,
}

impl Restored {
    /// What a person should know, and do next: a line each.
    pub fn said(&self, state_dir: &Path) -> Vec<Said> {
        let head = &self.checked.head;
        let (runs, open, taken) = (count(head.runs), head.open_runs, Arg::Moment(head.taken_ms));
        let path = state_dir.display();
        let mut said =
            vec![said!("restore-done", path = path, runs = runs, open = open, taken = taken)];
        if let Some(aside) = &self.replaced {
            said.push(said!("restore-replaced", path = aside.display()));
        }
        let damaged = self.checked.manifest.damaged_rows;
        if damaged > 0 {
            said.push(said!("restore-damaged", rows = count(damaged)));
        }
        said.push(said!("restore-identity", instance = head.instance));
        said.push(said!("restore-held", attempts = count(self.attempts)));
        said.push(said!("restore-next"));
        said
    }
}

/// A restore that was not finished keeps every daemon away.
pub fn refuse_unfinished(state_dir: &Path) -> Result<(), Fault> {
    match state_dir.join(WORKSHOP).symlink_metadata() {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        _ => {
            let path = state_dir.display();
            Err(fault!(FaultCode::RestoreUnfinished, "restore-unfinished", path = path))
        }
    }
}

/// Restores `file` into `state_dir`, which the caller has claimed.
pub fn restore(
    file: &Path,
    state_dir: &Path,
    replace: bool,
    cache_bytes: usize,
    progress: &mut Progress,
) -> Result<Restored, Fault> {
    progress.tell(|| format!("restore: {}", file.display()).escape_debug().to_string());
    let checked = backup::check(file).map_err(|bad| bad.fault(file))?;
    if checked.head.store_format > store::FORMAT {
        let (found, known) = (checked.head.store_format, store::FORMAT);
        let path = file.display();
        let code = FaultCode::StoreNewer;
        return Err(fault!(code, "backup-newer", path = path, found = found, known = known));
    }
    let unfinished = state_dir.join(WORKSHOP).exists();
    if !replace && !unfinished && !is_free(state_dir, cache_bytes)? {
        let path = state_dir.display();
        return Err(fault!(FaultCode::StoreThere, "store-there", path = path));
    }
    let workshop = state_dir.join(WORKSHOP);
    remove(&workshop)?;
    rundir::create(&workshop).map_err(|e| failed(&workshop, &e))?;
    rundir::sync_dir(state_dir).map_err(|e| failed(state_dir, &e))?;
    failpoint!("restore-begins");
    let attempts = fill(file, &workshop, &checked, cache_bytes, progress)?;
    failpoint!("restore-is-filled");
    let replaced = move_aside(state_dir)?;
    failpoint!("restore-has-moved-aside");
    for place in PLACES {
        let from = workshop.join(place);
        if from.exists() {
            let to = state_dir.join(place);
            fs::rename(&from, &to).map_err(|e| failed(&to, &e))?;
            failpoint!("restore-has-placed");
        }
    }
    store::note_format(&state_dir.join(store::FILE)).map_err(|e| e.fault(state_dir))?;
    rundir::sync_dir(state_dir).map_err(|e| failed(state_dir, &e))?;
    failpoint!("restore-is-in-place");
    remove(&workshop)?;
    failpoint!("restore-is-done");
    rundir::sync_dir(state_dir).map_err(|e| failed(state_dir, &e))?;
    Ok(Restored { checked, replaced, attempts })
}

/// Whether nothing is there that a restore would take the place of.
fn is_free(state_dir: &Path, cache_bytes: usize) -> Result<bool, Fault> {
    let path = state_dir.join(store::FILE);
    if !path.exists() {
        let runs = fs::read_dir(state_dir.join("runs"));
        return Ok(!runs.is_ok_and(|mut runs| runs.next().is_some()));
    }
    let empty = Store::open_claimed(state_dir, cache_bytes)
        .and_then(|store| store.read())
        .and_then(|reader| store::is_empty(&reader));
    // one that cannot be read may be full of runs
    Ok(empty.unwrap_or(false))
}

/// Makes the store and the files.
fn fill(
    file: &Path,
    to: &Path,
    checked: &Checked,
    cache_bytes: usize,
    progress: &mut Progress,
) -> Result<usize, Fault> {
    let path = to.join(store::FILE);
    let broken = |e: StoreError| e.fault(&path);
    let mut loader = Loader::create(&path, cache_bytes).map_err(broken)?;
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .map_err(|e| failed(&path, &e))?;
    let mut dirs = Vec::new();
    let mut done = 0;
    backup::members(file, |member, size, content| -> Result<(), Unfilled> {
        done += size;
        progress.tell(|| format!("restore: {} / {}", shown(done), shown(checked.bytes)));
        let mut parts = member.split('/');
        match parts.next() {
            Some("store") => {
                let mut piece = Vec::new();
                content.take(MAX_PIECE).read_to_end(&mut piece)?;
                let table = parts.next().unwrap_or_default();
                loader.put(table, &piece).map_err(|e| Unfilled(broken(e)))
            }
            Some("runs" | super::take::ARCHIVE) => {
                let target = to.join(member);
                let dir = target.parent().unwrap_or(to).to_owned();
                rundir::create(&dir)?;
                write(&target, size, content)?;
                dirs.push(dir);
                Ok(())
            }
            _ => Ok(()),
        }
    })
    .map_err(|Unfilled(fault)| fault)?;
    let restored =
        RestoredRow { taken_ms: checked.head.taken_ms, restored_ms: crate::driver::now_ms() };
    let running = loader.finish(|tables| tables.hold_open(&restored)).map_err(broken)?;
    mark(to, &running).map_err(|e| failed(to, &e))?;
    dirs.dedup();
    for dir in &dirs {
        // up to the workshop: day, run, blobs
        rundir::sync_up(dir, 5).map_err(|e| failed(dir, &e))?;
    }
    File::open(&path).and_then(|file| file.sync_all()).map_err(|e| failed(&path, &e))?;
    rundir::sync_dir(to).map_err(|e| failed(to, &e))?;
    Ok(running.len())
}

/// A fault, or an error of reading or writing as one.
struct Unfilled(Fault);

impl From<io::Error> for Unfilled {
    fn from(error: io::Error) -> Unfilled {
        Unfilled(super::take::write_fault(&error))
    }
}

fn write(path: &Path, size: u64, content: &mut dyn Read) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let written = io::copy(content, &mut file)?;
    if written != size {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
    }
    file.sync_all()
}

/// A record of each attempt that was under way, as of one of which only so much is known
/// that it had processes: if the backup is restored where it was taken, they may live yet,
/// and are ended before the attempt is run again or doubted.
fn mark(to: &Path, running: &[AttemptId]) -> io::Result<()> {
    let dirs = RunDirs::new(to);
    running.iter().try_for_each(|attempt| marker::leave(&dirs.attempt(attempt)))
}

/// Moves what is there into a directory of its own.
fn move_aside(state_dir: &Path) -> Result<Option<PathBuf>, Fault> {
    let there = PLACES.iter().map(|place| state_dir.join(place)).filter(|path| path.exists());
    let there: Vec<PathBuf> = there.collect();
    if there.is_empty() {
        return Ok(None);
    }
    let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S.%3fZ");
    let aside = state_dir.join(format!("replaced-{now}"));
    rundir::create(&aside).map_err(|e| failed(&aside, &e))?;
    for path in there {
        if let Some(name) = path.file_name() {
            fs::rename(&path, aside.join(name)).map_err(|e| failed(&path, &e))?;
            failpoint!("restore-moves-aside");
        }
    }
    rundir::sync_dir(&aside).map_err(|e| failed(&aside, &e))?;
    Ok(Some(aside))
}

fn remove(workshop: &Path) -> Result<(), Fault> {
    match fs::remove_dir_all(workshop) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(failed(workshop, &e)),
        _ => Ok(()),
    }
}

fn failed(path: &Path, error: &io::Error) -> Fault {
    fault!(FaultCode::Io, "file-failed", path = path.display(), error = error)
        .hint(said!("hint-restore-again"))
}
