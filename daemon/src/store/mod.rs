//! The store: the only module that knows redb.
//!
//! One file, `rpad.redb`. [`Store::transact`] runs one durable transaction;
//! [`Store::read`] a snapshot. After any error the handle is not used again: the
//! driver drops it, opens the file anew and recovers from what is durable.

mod catalog;
pub mod codec;
mod dump;
mod entities;
mod error;
mod every;
mod held;
mod lazy;
mod migrate;
mod newest;
mod overlay;
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

use redb::{Builder, Database, ReadableDatabase};

pub use dump::{DumpError, Integrity, Loader, check_copy, forget_copies};
pub use entities::GateKey;
pub use error::{Problem, StoreError, is_disk_full};
pub use held::is_empty;
pub use newest::RunFilter;
pub use query::Reader;
pub use rows::{
    BackedUpRow, Lineage, RequestRow, RestoredRow, RevisionHead, RevisionRow, RunHead, RunRow,
    StepRow, WorkflowRow,
};
pub use schema::{FORMAT, NamespaceId};
pub use write::{Entered, Tables, boot_id};

/// Name of the store's file in the state directory.
pub const FILE: &str = "rpad.redb";

/// How long the file may be held by what a killed daemon left behind.
const PATIENCE: Duration = Duration::from_secs(2);

/// An open store. Readers and the one writer share it.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    cache_bytes: usize,
    /// `None` after an error, until it has been opened again.
    db: RwLock<Option<Arc<Database>>>,
}

impl Store {
    /// Opens or creates the store in `dir`.
    ///
    /// A file of a newer format is refused before anything is written to it; one of an
    /// earlier format is copied and brought up to date, see `migrate.rs`.
    pub fn open(dir: &Path, cache_bytes: usize) -> Result<Store, StoreError> {
        let path = dir.join(FILE);
        let there = path.try_exists().map_err(|e| StoreError::from_io(&e))?;
        if !there {
            error::no_panic(&path, || create_file(&path))?;
        }
        let db = open_file(&path, cache_bytes)?;
        Ok(Store { path, cache_bytes, db: RwLock::new(Some(Arc::new(db))) })
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
        let db = Builder::new()
            .create_with_backend(redb::backends::InMemoryBackend::new())
            .expect("memory does not fail");
        let db = prepare(db).expect("memory does not fail");
        Store {
            path: PathBuf::from(":memory:"),
            cache_bytes: 0,
            db: RwLock::new(Some(Arc::new(db))),
        }
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
        Reader::new(self.handle()?.begin_read()?)
    }

    /// Drops the handle and opens the file again.
    pub fn reopen(&self) -> Result<(), StoreError> {
        let mut slot = self.db.write().map_err(|_| StoreError::poisoned())?;
        *slot = None;
        *slot = Some(Arc::new(open_file(&self.path, self.cache_bytes)?));
        Ok(())
    }

    fn handle(&self) -> Result<Arc<Database>, StoreError> {
        let slot = self.db.read().map_err(|_| StoreError::poisoned())?;
        slot.clone().ok_or_else(StoreError::closed)
    }
}

/// Notes the format of a store that was put in its place.
pub fn note_format(path: &Path) -> Result<(), StoreError> {
    migrate::note_format(path, FORMAT)
}

fn open_file(path: &Path, cache_bytes: usize) -> Result<Database, StoreError> {
    error::no_panic(path, || {
        refuse_newer(path)?;
        let mut builder = Builder::new();
        builder.set_cache_size(cache_bytes);
        prepare(migrate::open(&builder, path, migrate::STEPS)?)
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
    migrate::note_format(path, FORMAT)?;
    fs::set_permissions(&draft, fs::Permissions::from_mode(0o600)).map_err(io)?;
    // a link, because a rename would replace what somebody else put there
    fs::hard_link(&draft, path).map_err(io)?;
    fs::remove_file(&draft).map_err(io)?;
    crate::rundir::sync_dir(dir).map_err(io)
}

/// Looks at the format without writing. A file that was not closed cannot be opened so:
/// then what was noted beside it counts, and where that says nothing the file is
/// repaired in memory, which takes as long as the repair itself.
fn refuse_newer(path: &Path) -> Result<(), StoreError> {
    let found = match Builder::new().open_read_only(path) {
        Ok(db) => schema::stored_format(&db.begin_read()?)?,
        Err(redb::DatabaseError::RepairAborted) => match migrate::noted_format(path) {
            Some(noted) if noted <= FORMAT => return Ok(()),
            _ => overlay::stored_format(path)?,
        },
        Err(e) => {
            // whatever it is, the real opening says it better
            tracing::debug!(error = %e, "store cannot be opened for reading only");
            return Ok(());
        }
    };
    schema::check_format(found)
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
