//! What can be wrong with the store, as far as the daemon acts on it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rpa_engine::RunId;
use rpa_ipc::{Fault, FaultCode, fault, said};

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct StoreError {
    pub problem: Problem,
    detail: String,
    /// The archive that it is about; none for the live store.
    archive: Option<PathBuf>,
    /// The run whose rows cannot be read, when nothing else is wrong.
    run: Option<RunId>,
    /// The file itself makes no sense, not just a row in it.
    structure: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The contents make no sense.
    Corrupt,
    /// Written by a later version.
    Newer,
    DiskFull,
    /// A run was asked for that is not there, or no longer.
    NoRun,
    /// Another process has it open.
    InUse,
    /// Anything else the operating system refused.
    Io,
}

/// Whether an error of the operating system means that no space is left.
pub fn is_disk_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded)
}

impl StoreError {
    pub fn new(problem: Problem, detail: impl Into<String>) -> StoreError {
        let (archive, run, structure) = (None, None, false);
        StoreError { problem, detail: detail.into(), archive, run, structure }
    }

    /// The live store is not at fault.
    pub(super) fn of_archive(self, path: &Path) -> StoreError {
        StoreError { archive: Some(path.to_owned()), ..self }
    }

    /// A row of this run cannot be read: only the run is lost by that, unless it is the
    /// file that cannot.
    pub fn of(self, run: RunId) -> StoreError {
        let concerns = self.problem == Problem::Corrupt && !self.structure;
        StoreError { run: self.run.or(concerns.then_some(run)), ..self }
    }

    /// The run of the live store whose rows cannot be read, when nothing else is wrong.
    pub fn run(&self) -> Option<RunId> {
        self.run.filter(|_| self.archive.is_none())
    }

    pub fn corrupt(detail: impl Into<String>) -> StoreError {
        StoreError::new(Problem::Corrupt, detail)
    }

    /// There is no such run, or no longer.
    pub fn no_run(run: RunId) -> StoreError {
        StoreError::new(Problem::NoRun, run.to_string())
    }

    pub(super) fn poisoned() -> StoreError {
        StoreError::new(Problem::Io, "a thread panicked while it held the store")
    }

    pub(super) fn closed() -> StoreError {
        StoreError::new(Problem::Io, "the store is being reopened after an error")
    }

    pub fn from_io(error: &std::io::Error) -> StoreError {
        let problem = if is_disk_full(error) { Problem::DiskFull } else { Problem::Io };
        StoreError::new(problem, error.to_string())
    }

    /// The fault that a caller or the operator sees.
    pub fn fault(&self, path: &Path) -> Fault {
        if let (Some(path), Problem::Corrupt) = (&self.archive, self.problem) {
            let path = path.display();
            return fault!(FaultCode::StoreCorrupt, "archive-damaged", path = path, detail = self)
                .hint(said!("hint-archive-damaged", path = path));
        }
        if let Some(run) = self.run() {
            return run_damaged(&run.short(), self).with("run", run);
        }
        let path = self.archive.as_deref().unwrap_or(path).display();
        match self.problem {
            Problem::Corrupt => {
                fault!(FaultCode::StoreCorrupt, "store-damaged", path = path, detail = self)
            }
            Problem::Newer => {
                fault!(FaultCode::StoreNewer, "store-newer", path = path, detail = self)
            }
            Problem::DiskFull => {
                fault!(FaultCode::DiskFull, "store-full", path = path, detail = self)
            }
            Problem::InUse => fault!(FaultCode::StateInUse, "store-open-elsewhere", path = path),
            Problem::NoRun => fault!(FaultCode::NoRun, "run-gone", run = self),
            Problem::Io => fault!(FaultCode::StoreIo, "store-failed", path = path, detail = self),
        }
    }
}

/// The fault of runs whose rows cannot be read.
pub fn run_damaged(runs: &str, detail: &dyn std::fmt::Display) -> Fault {
    fault!(FaultCode::RunDamaged, "store-run-damaged", run = runs, detail = detail)
}

/// redb asserts in places when a file is damaged: to us that is a damaged file.
pub(super) fn no_panic<T>(
    path: &Path,
    work: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(structure(format!("its structure cannot be read ({})", path.display())))
    })
}

fn structure(detail: String) -> StoreError {
    StoreError { structure: true, ..StoreError::corrupt(detail) }
}

impl From<redb::StorageError> for StoreError {
    fn from(e: redb::StorageError) -> StoreError {
        redb::Error::from(e).into()
    }
}
impl From<redb::DatabaseError> for StoreError {
    fn from(e: redb::DatabaseError) -> StoreError {
        redb::Error::from(e).into()
    }
}
impl From<redb::TransactionError> for StoreError {
    fn from(e: redb::TransactionError) -> StoreError {
        redb::Error::from(e).into()
    }
}
impl From<redb::TableError> for StoreError {
    fn from(e: redb::TableError) -> StoreError {
        redb::Error::from(e).into()
    }
}
impl From<redb::CompactionError> for StoreError {
    fn from(e: redb::CompactionError) -> StoreError {
        redb::Error::from(e).into()
    }
}
impl From<redb::CommitError> for StoreError {
    fn from(e: redb::CommitError) -> StoreError {
        redb::Error::from(e).into()
    }
}

impl From<redb::Error> for StoreError {
    fn from(e: redb::Error) -> StoreError {
        match e {
            redb::Error::Io(io) if io.kind() == std::io::ErrorKind::InvalidData => {
                structure(io.to_string())
            }
            // no disk says so: a page is asked for that is behind the end
            redb::Error::Io(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => {
                structure("a page lies behind the end of the file".into())
            }
            redb::Error::Io(io) => StoreError::from_io(&io),
            redb::Error::DatabaseAlreadyOpen => {
                StoreError::new(Problem::InUse, "another process has it open")
            }
            redb::Error::UpgradeRequired(v) => {
                structure(format!("its file format is {v}, which no rpad ever wrote"))
            }
            e @ (redb::Error::Corrupted(_)
            | redb::Error::TableTypeMismatch { .. }
            | redb::Error::TypeDefinitionChanged { .. }
            | redb::Error::TableIsMultimap(_)
            | redb::Error::TableIsNotMultimap(_)
            | redb::Error::TableDoesNotExist(_)) => structure(e.to_string()),
            e => StoreError::new(Problem::Io, e.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::*;

    #[test]
    fn a_page_behind_the_end_is_damage_and_a_disk_that_fails_is_not() {
        let problem = |kind| StoreError::from(redb::Error::Io(Error::from(kind))).problem;
        assert_eq!(problem(ErrorKind::UnexpectedEof), Problem::Corrupt);
        assert_eq!(problem(ErrorKind::InvalidData), Problem::Corrupt);
        assert_ne!(problem(ErrorKind::Other), Problem::Corrupt);
        assert_eq!(problem(ErrorKind::StorageFull), Problem::DiskFull);
    }
}
