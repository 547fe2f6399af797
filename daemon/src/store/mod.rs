//! The store: the only module that knows redb.
//!
//! One file, `rpad.redb`. [`Store::transact`] runs one durable transaction;
//! [`Store::read`] a snapshot. After any error the handle is not used again: the
//! driver drops it, opens the file anew and recovers from what is durable.

pub mod audit;
mod catalog;
pub mod codec;
mod entities;
mod error;
#[cfg(test)]
pub mod faults;
mod lazy;
mod newest;
mod query;
mod rows;
mod schema;
mod write;

#[cfg(test)]
mod tests;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use redb::{Builder, Database, ReadTransaction, ReadableDatabase};

pub use entities::GateKey;
pub use error::{Problem, StoreError, is_disk_full};
pub use newest::RunFilter;
pub use query::Reader;
pub use rows::{
    Lineage, RequestRow, RevisionHead, RevisionRow, RunHead, RunRow, StepRow, WorkflowRow,
};
pub use schema::NamespaceId;
pub use write::{Entered, Tables, boot_id};

/// Name of the store's file in the state directory.
pub const FILE: &str = "rpad.redb";

/// How long the file may be held by what a killed daemon left behind.
const PATIENCE: Duration = Duration::from_secs(2);

/// An open store. Readers and the one writer share it.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    medium: Medium,
    cache_bytes: usize,
    /// `None` after an error, until it has been opened again.
    db: RwLock<Option<Arc<Database>>>,
}

/// What the store lies on.
#[derive(Debug)]
enum Medium {
    File,
    #[cfg(test)]
    Disk(faults::Disk),
}

impl Store {
    /// Opens or creates the store in `dir`.
    ///
    /// A file of a newer format is refused before anything is written to it.
    pub fn open(dir: &Path, cache_bytes: usize) -> Result<Store, StoreError> {
        let path = dir.join(FILE);
        let there = path.try_exists().map_err(|e| StoreError::from_io(&e))?;
        if !there {
            error::no_panic(&path, || create_file(&path))?;
        }
        let db = open_file(&path, cache_bytes)?;
        let db = RwLock::new(Some(Arc::new(db)));
        Ok(Store { path, medium: Medium::File, cache_bytes, db })
    }

    /// As [`Store::open`], for the owner of the directory's claim: that the file is
    /// in use then means that a process of a killed daemon is about to let it go.
    pub fn open_claimed(dir: &Path, cache_bytes: usize) -> Result<Store, StoreError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match Store::open(dir, cache_bytes) {
                Err(e) if e.problem == Problem::InUse && Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                result => return result,
            }
        }
    }

    /// A store in memory, for tests.
    #[cfg(test)]
    pub fn in_memory() -> Store {
        Store::on(faults::Disk::empty()).expect("memory does not fail")
    }

    /// A store on a disk that can fail, for tests.
    #[cfg(test)]
    pub fn on(disk: faults::Disk) -> Result<Store, StoreError> {
        let path = PathBuf::from(":memory:");
        // small, so that the disk is read as well
        let cache_bytes = 256 * 1024;
        let db = RwLock::new(Some(Arc::new(open_disk(&path, &disk, cache_bytes)?)));
        Ok(Store { path, medium: Medium::Disk(disk), cache_bytes, db })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` in one transaction and makes it durable. On any error nothing
    /// of it is kept, and the store must be reopened.
    pub fn transact<T>(
        &self,
        work: impl FnOnce(&mut Tables<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let db = self.handle()?;
        let txn = db.begin_write()?;
        let result = {
            let mut tables = Tables::open(&txn);
            work(&mut tables)?
        };
        txn.commit()?;
        Ok(result)
    }

    /// The last transaction before a planned stop: it also makes the next
    /// opening quick.
    pub fn settle(&self) -> Result<(), StoreError> {
        let db = self.handle()?;
        let mut txn = db.begin_write()?;
        txn.set_quick_repair(true);
        txn.commit()?;
        Ok(())
    }

    /// A consistent snapshot of what is durable.
    pub fn read(&self) -> Result<Reader, StoreError> {
        Reader::new(self.begin_read()?)
    }

    fn begin_read(&self) -> Result<ReadTransaction, StoreError> {
        Ok(self.handle()?.begin_read()?)
    }

    /// Drops the handle and opens the file again.
    pub fn reopen(&self) -> Result<(), StoreError> {
        let mut slot = self.db.write().map_err(|_| StoreError::poisoned())?;
        *slot = None;
        let db = match &self.medium {
            Medium::File => open_file(&self.path, self.cache_bytes)?,
            #[cfg(test)]
            Medium::Disk(disk) => open_disk(&self.path, disk, self.cache_bytes)?,
        };
        *slot = Some(Arc::new(db));
        Ok(())
    }

    fn handle(&self) -> Result<Arc<Database>, StoreError> {
        let slot = self.db.read().map_err(|_| StoreError::poisoned())?;
        slot.clone().ok_or_else(StoreError::closed)
    }
}

fn open_file(path: &Path, cache_bytes: usize) -> Result<Database, StoreError> {
    error::no_panic(path, || {
        refuse_newer(path)?;
        let mut builder = Builder::new();
        builder.set_cache_size(cache_bytes);
        prepare(builder.open(path)?)
    })
}

#[cfg(test)]
fn open_disk(
    path: &Path,
    disk: &faults::Disk,
    cache_bytes: usize,
) -> Result<Database, StoreError> {
    error::no_panic(path, || {
        let mut builder = Builder::new();
        builder.set_cache_size(cache_bytes);
        prepare(builder.create_with_backend(disk.clone())?)
    })
}

/// A new store appears under its name only when it is whole: a file that is there
/// and empty is damage, never a reason to start from nothing.
fn create_file(path: &Path) -> Result<(), StoreError> {
    let io = |e: std::io::Error| StoreError::from_io(&e);
    let dir = path.parent().unwrap_or(Path::new("."));
    if fs::read_dir(dir.join("runs")).is_ok_and(|mut runs| runs.next().is_some()) {
        return Err(StoreError::corrupt("it is missing, though files of its runs are there"));
    }
    let draft = path.with_extension("new");
    match fs::remove_file(&draft) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(io(e)),
        _ => {}
    }
    drop(prepare(Builder::new().create(&draft)?)?);
    fs::set_permissions(&draft, fs::Permissions::from_mode(0o600)).map_err(io)?;
    // a link, because a rename would replace what somebody else put there
    fs::hard_link(&draft, path).map_err(io)?;
    fs::remove_file(&draft).map_err(io)?;
    crate::rundir::sync_dir(dir).map_err(io)
}

/// Looks at the format without writing. A file that needs repair cannot be
/// opened so; it is checked after the repair.
fn refuse_newer(path: &Path) -> Result<(), StoreError> {
    match Builder::new().open_read_only(path) {
        Ok(db) => {
            let found = schema::stored_format(&db.begin_read()?)?;
            schema::check_format(found)
        }
        Err(redb::DatabaseError::RepairAborted) => Ok(()),
        Err(e) => {
            // whatever it is, the real opening says it better
            tracing::debug!(error = %e, "store cannot be opened for reading only");
            Ok(())
        }
    }
}

/// Checks the format and creates what is missing.
fn prepare(db: Database) -> Result<Database, StoreError> {
    schema::check_format(schema::stored_format(&db.begin_read()?)?)?;
    let txn = db.begin_write()?;
    {
        let mut tables = Tables::open(&txn);
        tables.initialise()?;
    }
    txn.commit()?;
    Ok(db)
}
