//! The log of each run: one append-only text file with a sparse line index.
//!
//! ```text
//! 2026-11-21T07:03:11.123Z usage#1 out info Filesystem  Use%
//! time                     step#try stream level text
//! ```
//! Each line is complete: text never holds a line end. `log.idx` holds the byte
//! offset of every [`STRIDE`]-th line as 8 bytes, little endian; it is only a
//! short cut and is made again when it does not fit. Lines are masked before they
//! come here.

mod file;
mod find;
mod line;
mod page;
mod read;
mod resume;
mod scan;
mod window;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rpa_engine::{AttemptId, RunId};
use tokio::sync::watch;

pub use find::{Search, Text, find};
pub use line::{Entry, Line};
pub use page::{Range, read_range};
pub use window::{Wanted, read_window};

use crate::rundir::RunDirs;
use file::LogFile;

/// Lines from one index entry to the next: 64 KiB or so to scan, 8 bytes to keep.
pub const STRIDE: u64 = 1024;

/// The logs of all runs. Those being written are open.
#[derive(Debug)]
pub struct Logs {
    dirs: RunDirs,
    /// Largest log in bytes; what comes after is counted, not kept.
    limit: u64,
    open: Mutex<HashMap<RunId, Arc<Open>>>,
}

#[derive(Debug)]
struct Open {
    file: Mutex<LogFile>,
    lines: watch::Sender<u64>,
}

impl Logs {
    pub fn new(dirs: RunDirs, limit: u64) -> Logs {
        Logs { dirs, limit, open: Mutex::new(HashMap::new()) }
    }

    /// Where the log of `run` lies.
    pub fn path(&self, run: RunId) -> PathBuf {
        self.dirs.run(run).join("log")
    }

    /// Appends in one write. Blocks for as long as the disk does.
    pub fn append(&self, run: RunId, entries: &[Entry]) -> io::Result<()> {
        self.append_of(run, entries, crate::driver::now_ms()).map(|_| ())
    }

    /// As [`Logs::append`], for lines of that moment; how long the log is then.
    pub fn append_of(&self, run: RunId, entries: &[Entry], time_ms: u64) -> io::Result<u64> {
        let open = self.open(run)?;
        let mut file = lock(&open.file);
        let appended = file.append(entries, time_ms);
        let bytes = file.bytes();
        drop(file);
        // after an error the file is opened and its index mended anew
        let lines = appended.inspect_err(|_| self.close(run))?;
        open.lines.send_replace(lines);
        Ok(bytes)
    }

    /// How many lines of `attempt` stand behind the byte `mark`, and how long the log
    /// is. What a killed daemon has left of a last line is cut off: it comes again.
    /// Only for a log that nobody writes yet.
    pub fn resume(&self, attempt: &AttemptId, mark: u64) -> io::Result<(u64, u64)> {
        resume::resume(&self.path(attempt.run), attempt, mark)
    }

    /// Bytes that this daemon knows to be written; 0 for a log that is not open.
    pub fn written(&self, run: RunId) -> u64 {
        lock(&self.open).get(&run).map_or(0, |open| lock(&open.file).bytes())
    }

    /// Bytes that lie under the log's name; nothing is read.
    pub fn bytes(&self, run: RunId) -> io::Result<u64> {
        read::bytes(&self.path(run))
    }

    /// Bytes and lines written so far.
    pub fn length(&self, run: RunId) -> io::Result<(u64, u64)> {
        let open = lock(&self.open).get(&run).cloned();
        // the list of all logs must not wait for the disk of this one
        if let Some(open) = open {
            let file = lock(&open.file);
            return Ok((file.bytes(), file.lines()));
        }
        read::length(&self.path(run), self.limit)
    }

    /// The number of lines as it grows; `None` while nothing is being written.
    pub fn follow(&self, run: RunId) -> Option<watch::Receiver<u64>> {
        lock(&self.open).get(&run).map(|open| open.lines.subscribe())
    }

    /// Whether something may still be appended.
    pub fn is_open(&self, run: RunId) -> bool {
        lock(&self.open).contains_key(&run)
    }

    /// Closes the logs of all runs that are not among `active`.
    pub fn close_all_but(&self, active: &[RunId]) {
        lock(&self.open).retain(|run, _| active.contains(run));
    }

    /// The run has ended: nothing will be appended.
    pub fn close(&self, run: RunId) {
        lock(&self.open).remove(&run);
    }

    fn open(&self, run: RunId) -> io::Result<Arc<Open>> {
        let mut open = lock(&self.open);
        if let Some(found) = open.get(&run) {
            return Ok(found.clone());
        }
        let file = LogFile::open(&self.dirs.run(run), self.limit)?;
        let (lines, _) = watch::channel(file.lines());
        let entry = Arc::new(Open { file: Mutex::new(file), lines });
        open.insert(run, entry.clone());
        Ok(entry)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // both maps and files are valid between statements, whoever panicked
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
