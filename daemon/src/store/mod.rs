//! The store: the only module that knows redb.
//!
//! One file, `rpad.redb`. [`Store::transact`] runs one durable transaction;
//! [`Store::read`] a snapshot. After any error the handle is not used again: the
//! driver drops it, opens the file anew and recovers from what is durable.

mod archive;
pub mod audit;
mod catalog;
pub mod codec;
mod compact;
mod definitions;
mod deliveries;
mod dump;
mod entities;
mod error;
mod events;
mod every;
#[cfg(test)]
pub mod faults;
mod held;
mod journal;
mod lazy;
mod migrate;
mod newest;
mod notifications;
mod overlay;
mod parts;
mod query;
mod requests;
mod rows;
mod run_rows;
mod schema;
mod seen_files;
mod slots;
mod triggers;
mod write;

#[cfg(test)]
mod notification_bytes;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod trigger_bytes;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use redb::{Builder, Database, ReadTransaction, ReadableDatabase};
use rpa_engine::RunId;

use crate::driver::since_boot_ms;
use crate::failpoint::failpoint;
use crate::service::patience;

use definitions::Definitions;

pub use archive::{Archives, Departure, Look, Rule};
pub use compact::{Compacted, compact};
pub use deliveries::DeliveryRow;
pub use dump::{DumpError, Integrity, Loader, check_copy, forget_copies};
pub use entities::GateKey;
pub use error::{Problem, StoreError, is_disk_full, run_damaged};
pub use events::Behind;
#[cfg(test)]
pub use events::EventRows;
pub use held::is_empty;
pub use newest::RunFilter;
pub use notifications::{
    FailedRun, Life, MOST_FAILED, MOST_NOTIFICATIONS, NotificationRow, Stored, Subject, seen,
};
pub use query::Reader;
pub use rows::{
    ArchiveRow, BackedUpRow, Fired, Lineage, RequestRow, RestoredRow, RevisionHead, RevisionRow,
    RunHead, RunRow, StepRow, WorkflowRow,
};
pub use schema::{FORMAT, NamespaceId};
pub use seen_files::{Root, SeenFile, WatchedRow};
pub use slots::{SlotRow, Wanted};
pub use triggers::{Order, Switch, Topic, TriggerKey, TriggerRow, TriggerState};
pub use write::{Entered, Tables, boot_id};

/// Name of the store's file in the state directory.
pub const FILE: &str = "rpad.redb";

/// How long the file may be held by what a killed daemon left behind.
const PATIENCE: Duration = Duration::from_secs(2);

/// How a transaction is made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    Usual,
    /// Also makes the next opening quick, whatever becomes of this process, as long as
    /// nothing is committed after it. Costs twice as much.
    Settling,
}

/// Files up to this size in bytes are read and summed when they are opened, which takes
/// about a tenth of a second for the largest. In larger ones a row that is damaged is
/// noticed when it is read, everything else by an audit.
const VERIFIED: u64 = 64 * 1024 * 1024;

/// An open store. Readers and the one writer share it.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    medium: Medium,
    cache_bytes: usize,
    archives: Arc<Archives>,
    definitions: Arc<Definitions>,
    unsettled: AtomicU64,
    /// Since when the commit that is under way lasts, on the clock that nobody sets; 0
    /// while there is none.
    writing_ms: AtomicU64,
    opening: AtomicBool,
    /// `None` after an error, until it has been opened again.
    db: RwLock<Option<Arc<Database>>>,
    /// Runs whose rows cannot be read, and why. They are left as they are; everybody
    /// else goes on. Found anew by each life of the daemon.
    aside: Mutex<BTreeMap<RunId, String>>,
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
    /// A file of a newer format is refused before anything is written to it; one of an
    /// earlier format is copied and brought up to date, see `migrate.rs`.
    pub fn open(dir: &Path, cache_bytes: usize) -> Result<Store, StoreError> {
        let path = dir.join(FILE);
        let there = path.try_exists().map_err(|e| StoreError::from_io(&e))?;
        if !there {
            error::no_panic(&path, || create_file(&path))?;
        }
        let db = open_file(&path, cache_bytes)?;
        let archives = Arc::new(Archives::new(dir));
        Ok(Store {
            path,
            medium: Medium::File,
            cache_bytes,
            archives,
            definitions: Arc::default(),
            unsettled: AtomicU64::new(1),
            writing_ms: AtomicU64::new(0),
            opening: AtomicBool::new(false),
            db: RwLock::new(Some(Arc::new(db))),
            aside: Mutex::default(),
        })
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
        Ok(Store {
            archives: Arc::new(Archives::new(&path)),
            definitions: Arc::default(),
            unsettled: AtomicU64::new(0),
            writing_ms: AtomicU64::new(0),
            opening: AtomicBool::new(false),
            path,
            medium: Medium::Disk(disk),
            cache_bytes,
            db,
            aside: Mutex::default(),
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn archives(&self) -> &Archives {
        &self.archives
    }

    /// Runs `work` in one transaction and makes it durable. On any error nothing
    /// of it is kept, and the store must be reopened.
    pub fn transact<T>(
        &self,
        work: impl FnOnce(&mut Tables<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.transact_as(Commit::Usual, work)
    }

    /// As [`Store::transact`], with the commit that is wanted.
    pub fn transact_as<T>(
        &self,
        commit: Commit,
        work: impl FnOnce(&mut Tables<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let db = self.handle()?;
        let mut txn = db.begin_write()?;
        txn.set_quick_repair(commit == Commit::Settling);
        let result = {
            let aside = self.aside().keys().copied().collect();
            let mut tables = Tables::open(&txn, aside);
            work(&mut tables)?
        };
        self.writing_ms.store(since_boot_ms().max(1), Ordering::Relaxed);
        let committed = txn.commit();
        self.writing_ms.store(0, Ordering::Relaxed);
        committed?;
        match commit {
            Commit::Usual => self.unsettled.fetch_add(1, Ordering::Relaxed),
            Commit::Settling => self.unsettled.swap(0, Ordering::Relaxed),
        };
        Ok(result)
    }

    /// The last transaction before a planned stop.
    pub fn settle(&self) -> Result<(), StoreError> {
        self.transact_as(Commit::Settling, |tables| tables.end_life())
    }

    /// Commits since the last settling one: while there are any, the next opening after
    /// a kill walks the file.
    pub fn unsettled(&self) -> u64 {
        self.unsettled.load(Ordering::Relaxed)
    }

    /// How long the disk has been at work on the commit that is under way.
    pub fn writing_for(&self) -> Option<Duration> {
        let since = self.writing_ms.load(Ordering::Relaxed);
        (since > 0).then(|| Duration::from_millis(since_boot_ms().saturating_sub(since)))
    }

    /// Whether it is being opened anew after an error.
    pub fn is_opening(&self) -> bool {
        self.opening.load(Ordering::Relaxed)
    }

    /// A consistent snapshot of what is durable.
    pub fn read(&self) -> Result<Reader, StoreError> {
        Reader::new(self.begin_read()?, self.archives.clone(), self.definitions.clone())
    }

    /// As [`Store::read`]; `None` while the store is being opened anew, which may take long.
    pub fn try_read(&self) -> Option<Result<Reader, StoreError>> {
        let db = self.db.try_read().ok()?.clone()?;
        let reader = |db: &Database| {
            Reader::new(db.begin_read()?, self.archives.clone(), self.definitions.clone())
        };
        Some(reader(&db))
    }

    /// Sets the run of this error aside; `false` when it names none, or one that is.
    pub fn set_aside(&self, error: &StoreError) -> bool {
        let Some(run) = error.run() else { return false };
        let new = self.aside().insert(run, error.to_string()).is_none();
        if new {
            let fault = error.fault(&self.path);
            tracing::error!(%run, code = %fault.code, "{}", fault.message);
        }
        new
    }

    /// Runs whose rows cannot be read, and why.
    pub fn aside(&self) -> MutexGuard<'_, BTreeMap<RunId, String>> {
        // the map is valid whatever a panicking holder was doing
        self.aside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin_read(&self) -> Result<ReadTransaction, StoreError> {
        Ok(self.handle()?.begin_read()?)
    }

    /// Drops the handle and opens the file again.
    pub fn reopen(&self) -> Result<(), StoreError> {
        patience::goes_on();
        self.opening.store(true, Ordering::Relaxed);
        let opened = self.open_again();
        self.opening.store(false, Ordering::Relaxed);
        opened
    }

    fn open_again(&self) -> Result<(), StoreError> {
        let mut slot = self.db.write().map_err(|_| StoreError::poisoned())?;
        *slot = None;
        self.definitions.forget();
        // after a sync that failed, the kernel shows pages that the disk never got and
        // never will: what is read from here on is what the disk has
        match &self.medium {
            Medium::File => forget_cache(&self.path),
            #[cfg(test)]
            Medium::Disk(disk) => disk.forget_cache(),
        }
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

/// Notes the format of a store that was put in its place.
pub fn note_format(path: &Path) -> Result<(), StoreError> {
    migrate::note_format(path, FORMAT)
}

fn open_file(path: &Path, cache_bytes: usize) -> Result<Database, StoreError> {
    error::no_panic(path, || {
        refuse_newer(path)?;
        let bytes = fs::metadata(path).map_err(|e| StoreError::from_io(&e))?.len();
        open_sound(cache_bytes, bytes, |builder| migrate::open(builder, path, migrate::STEPS))
    })
}

#[cfg(test)]
fn open_disk(path: &Path, disk: &faults::Disk, cache_bytes: usize) -> Result<Database, StoreError> {
    error::no_panic(path, || {
        let bytes = disk.image().len() as u64;
        open_sound(cache_bytes, bytes, |builder| Ok(builder.create_with_backend(disk.clone())?))
    })
}

/// Opens a file, and looks at the sums of all its pages. redb itself does so only when it
/// has to repair what a kill or a loss of power has left.
fn open_sound(
    cache_bytes: usize,
    bytes: u64,
    open: impl FnOnce(&Builder) -> Result<Database, StoreError>,
) -> Result<Database, StoreError> {
    let repaired = Arc::new(AtomicBool::new(false));
    let (told, begun) = (repaired.clone(), Instant::now());
    let mut builder = Builder::new();
    builder.set_cache_size(cache_bytes);
    builder.set_repair_callback(move |repair| {
        told.store(true, Ordering::Relaxed);
        patience::goes_on();
        say_repair(bytes, begun, repair.progress());
    });
    let mut db = open(&builder)?;
    if bytes <= VERIFIED && !repaired.load(Ordering::Relaxed) && !db.check_integrity()? {
        // what redb keeps of free pages was wrong and is made anew; no row is touched by that
        tracing::warn!("the list of free pages of the store was damaged and has been made anew");
    }
    prepare(db)
}

/// The whole file is read, which takes as long as it is large: an operator who waits for
/// the daemon is to know why.
fn say_repair(bytes: u64, begun: Instant, progress: f64) {
    let (mebibytes, percent) = (bytes >> 20, (progress * 100.0) as u32);
    if percent == 0 {
        tracing::warn!(mebibytes, "the store was not closed in order: it is being walked through");
    } else {
        tracing::info!(mebibytes, percent, elapsed = ?begun.elapsed(), "walking through the store");
    }
}

/// Asks the kernel to read the file from the disk. Where it cannot, what is read may be
/// less than what is on the disk after the next loss of power, which nobody can help.
fn forget_cache(path: &Path) {
    let forgotten = fs::File::open(path)
        .and_then(|file| Ok(rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed)?));
    if let Err(error) = forgotten {
        tracing::warn!(%error, "the store may be read from memory instead of from the disk");
    }
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
    failpoint!("before-store-is-there");
    fs::hard_link(&draft, path).map_err(io)?;
    failpoint!("store-is-there");
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
        let mut tables = Tables::open(&txn, BTreeSet::new());
        tables.initialise()?;
    }
    txn.commit()?;
    Ok(db)
}
