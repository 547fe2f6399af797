//! Where the files of a run lie.
//!
//! ```text
//! runs/<day of acceptance, UTC>/<run id>/
//!     log  log.idx              what the steps wrote, see `runlog`
//!     blobs/<hash>              documents too large for a row
//!     work/<step path>/         working directory of a step
//!     attempts/<path>#<n>       who runs an attempt, see `runner::marker`
//! ```
//! Paths are made from parsed ids only.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use rpa_engine::{AttemptId, RunId, StepPath};

use crate::day::Day;

#[derive(Clone, Debug)]
pub struct RunDirs {
    root: PathBuf,
}

impl RunDirs {
    /// `state_dir/runs`.
    pub fn new(state_dir: &Path) -> RunDirs {
        RunDirs { root: state_dir.join("runs") }
    }

    /// Where the days are.
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn day(&self, day: Day) -> PathBuf {
        self.root.join(day.to_string())
    }

    pub fn run(&self, run: RunId) -> PathBuf {
        self.day(Day::of(run)).join(run.to_string())
    }

    pub fn blobs(&self, run: RunId) -> PathBuf {
        self.run(run).join("blobs")
    }

    /// A step path holds `/` and `[ ]`; one directory level is enough for it.
    pub fn work(&self, run: RunId, path: &StepPath) -> PathBuf {
        self.run(run).join("work").join(flat(path))
    }

    pub fn attempt(&self, attempt: &AttemptId) -> PathBuf {
        let name = format!("{}#{}", flat(&attempt.path), attempt.number);
        self.run(attempt.run).join("attempts").join(name)
    }
}

/// Makes `dir` and what is above it, for the daemon's user only.
pub fn create(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Makes what was renamed or created in `dir` durable.
pub fn sync_dir(dir: &Path) -> io::Result<()> {
    fs::File::open(dir)?.sync_all()
}

/// [`sync_dir`] for `dir` and what is above it, `levels` in all: a directory that
/// was just made must itself be found again.
pub fn sync_up(dir: &Path, levels: usize) -> io::Result<()> {
    dir.ancestors().take(levels).try_for_each(sync_dir)
}

fn flat(path: &StepPath) -> String {
    path.as_str().replace('/', "~")
}
