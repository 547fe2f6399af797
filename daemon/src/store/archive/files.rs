//! The files of archives: opened for reading when they are asked for, a few at a time;
//! for writing only as long as runs are being moved.

use std::collections::VecDeque;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use redb::{
    Builder, Database, DatabaseError, ReadOnlyDatabase, ReadOnlyTable, ReadTransaction,
    ReadableDatabase, WriteTransaction,
};
use rpa_engine::RunId;

use super::super::error::{self, Problem, StoreError};
use super::super::run_rows::RunRows;
use super::super::schema;
use crate::day::Day;
use crate::failpoint::failpoint;
use crate::rundir;

/// Files that stay open for those who ask next. A list reads one after the other.
const OPEN: usize = 16;
/// Memory for the pages of one file, in bytes: an archive is read seldom.
const CACHE: usize = 1 << 20;
/// How long readers may keep a file from being written to.
const PATIENCE: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(5);
const SUFFIX: &str = "redb";

/// All archives below one state directory. Threads share it.
#[derive(Debug)]
pub struct Archives {
    dir: PathBuf,
    /// The one that was used last stands last.
    open: Mutex<VecDeque<(Day, Arc<File>)>>,
}

/// An open file. A reader keeps it for as long as it reads.
pub(super) enum File {
    Reading(ReadOnlyDatabase),
    Writing(Database),
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("File")
    }
}

impl File {
    fn begin_read(&self) -> Result<ReadTransaction, StoreError> {
        Ok(match self {
            File::Reading(db) => db.begin_read()?,
            File::Writing(db) => db.begin_read()?,
        })
    }
}

/// The runs of one archive, as of now.
pub(in super::super) struct View {
    pub(in super::super) rows: RunRows,
    pub(in super::super) suffixes: ReadOnlyTable<u128, ()>,
    /// After the rows, which it must outlive.
    _file: Arc<File>,
}

impl View {
    /// Runs whose id ends with `suffix` (lower-case hex digits), at most `most`.
    pub(super) fn runs_ending(&self, suffix: &str, most: usize) -> Result<Vec<RunId>, StoreError> {
        let digits = u32::try_from(suffix.len()).unwrap_or(32).min(32);
        let Ok(wanted) = u128::from_str_radix(suffix, 16) else { return Ok(Vec::new()) };
        let first = schema::reversed(RunId(wanted));
        let last = match digits {
            32 => first,
            _ => first | (u128::MAX >> (4 * digits)),
        };
        self.suffixes
            .range(first..=last)?
            .take(most)
            .map(|entry| Ok(RunId(schema::reversed(RunId(entry?.0.value())))))
            .collect()
    }
}

impl Archives {
    pub fn new(state_dir: &Path) -> Archives {
        Archives { dir: state_dir.join("archive"), open: Mutex::default() }
    }

    pub fn path(&self, day: Day) -> PathBuf {
        self.dir.join(format!("{day}.{SUFFIX}"))
    }

    /// Bytes of the file; 0 when there is none.
    pub fn bytes(&self, day: Day) -> u64 {
        fs::metadata(self.path(day)).map_or(0, |meta| meta.len())
    }

    /// The days that have a file, oldest first.
    pub fn days(&self) -> io::Result<Vec<Day>> {
        let entries = match fs::read_dir(&self.dir) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut days = Vec::new();
        for entry in entries {
            let path = entry?.path();
            let day = path.file_stem().and_then(|stem| stem.to_str()?.parse::<Day>().ok());
            days.extend(day.filter(|day| path == self.path(*day)));
        }
        days.sort_unstable();
        Ok(days)
    }

    /// The file of a day, for one who has it for himself.
    pub(in super::super) fn open_alone(&self, day: Day) -> Result<Database, StoreError> {
        open_file(&self.path(day))
    }

    /// The runs of a day; `None` when there is no file.
    pub(in super::super) fn view(&self, day: Day) -> Result<Option<View>, StoreError> {
        let Some(file) = self.file(day)? else { return Ok(None) };
        let view = error::no_panic(&self.path(day), || {
            let txn = file.begin_read()?;
            let (rows, suffixes) = (RunRows::open(&txn)?, txn.open_table(schema::SUFFIXES)?);
            Ok(View { rows, suffixes, _file: file })
        });
        view.map(Some).map_err(|e| e.of_archive(&self.path(day)))
    }

    /// Writes to the archive of a day, which is made if it is new, in one durable
    /// transaction.
    pub(super) fn write(
        &self,
        day: Day,
        work: impl FnOnce(&WriteTransaction) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let file = self.writable(day).map_err(|e| e.of_archive(&self.path(day)))?;
        let File::Writing(db) = &*file else { return Err(StoreError::closed()) };
        let written = || -> Result<(), StoreError> {
            let mut txn = db.begin_write()?;
            // few and large: the next opening is quick whenever the daemon dies
            txn.set_quick_repair(true);
            work(&txn)?;
            failpoint!("archive-before-commit");
            txn.commit()?;
            failpoint!("archive-after-commit");
            Ok(())
        };
        written().map_err(|e| {
            // after an error the handle is not used again
            self.opened().retain(|(other, _)| *other != day);
            e.of_archive(&self.path(day))
        })
    }

    /// Closes what is open for writing: nothing is moved for now.
    pub fn settle(&self) {
        self.opened()
            .retain(|(_, file)| matches!(**file, File::Reading(_)) || Arc::strong_count(file) > 1);
    }

    /// Removes the file of a day. Who reads it reads on.
    pub fn remove(&self, day: Day) -> io::Result<()> {
        self.opened().retain(|(other, _)| *other != day);
        match fs::remove_file(self.path(day)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        rundir::sync_dir(&self.dir)
    }

    fn file(&self, day: Day) -> Result<Option<Arc<File>>, StoreError> {
        let mut open = self.opened();
        if let Some(place) = open.iter().position(|(other, _)| *other == day) {
            let found = open.remove(place).ok_or_else(StoreError::closed)?;
            let file = found.1.clone();
            open.push_back(found);
            return Ok(Some(file));
        }
        let path = self.path(day);
        let file = error::no_panic(&path, || match builder().open_read_only(&path) {
            Ok(db) => Ok(Some(File::Reading(db))),
            Err(DatabaseError::Storage(redb::StorageError::Io(e)))
                if e.kind() == io::ErrorKind::NotFound =>
            {
                Ok(None)
            }
            // it was being written to when the daemon died
            Err(DatabaseError::RepairAborted) => Ok(Some(File::Writing(open_file(&path)?))),
            Err(e) => Err(e.into()),
        });
        let Some(file) = file.map_err(|e| e.of_archive(&self.path(day)))? else { return Ok(None) };
        Ok(Some(keep(&mut open, day, file)))
    }

    /// The file of a day, open for writing.
    fn writable(&self, day: Day) -> Result<Arc<File>, StoreError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut open = self.opened();
            let place = open.iter().position(|(other, _)| *other == day);
            match place.map(|place| (place, open[place].1.clone())) {
                Some((_, file)) if matches!(*file, File::Writing(_)) => return Ok(file),
                // the list's and ours: nobody reads it
                Some((place, file)) if Arc::strong_count(&file) == 2 => {
                    open.remove(place);
                }
                Some(_) if Instant::now() < deadline => {
                    drop(open);
                    std::thread::sleep(LOOK);
                    continue;
                }
                Some(_) => return Err(StoreError::new(Problem::InUse, "it is being read")),
                None => {}
            }
            let path = self.path(day);
            if !path.try_exists().map_err(|e| StoreError::from_io(&e))? {
                self.create(&path)?;
            }
            return Ok(keep(&mut open, day, File::Writing(open_file(&path)?)));
        }
    }

    /// A new file appears under its name when it is whole.
    fn create(&self, path: &Path) -> Result<(), StoreError> {
        let io = |e: io::Error| StoreError::from_io(&e);
        rundir::create(&self.dir).map_err(io)?;
        let draft = path.with_extension("new");
        match fs::remove_file(&draft) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(io(e)),
            _ => {}
        }
        let db = builder().create(&draft)?;
        let txn = db.begin_write()?;
        schema::make_archive(&txn)?;
        txn.commit()?;
        drop(db);
        fs::set_permissions(&draft, fs::Permissions::from_mode(0o600)).map_err(io)?;
        failpoint!("archive-drafted");
        fs::rename(&draft, path).map_err(io)?;
        failpoint!("archive-made");
        rundir::sync_up(&self.dir, 2).map_err(io)
    }

    fn opened(&self) -> MutexGuard<'_, VecDeque<(Day, Arc<File>)>> {
        // the list is valid whatever a panicking holder was doing
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts a file that was just opened among the open ones, of which one that nobody uses
/// is closed when they are too many.
fn keep(open: &mut VecDeque<(Day, Arc<File>)>, day: Day, file: File) -> Arc<File> {
    if open.len() >= OPEN
        && let Some(idle) = open.iter().position(|(_, file)| Arc::strong_count(file) == 1)
    {
        open.remove(idle);
    }
    let file = Arc::new(file);
    open.push_back((day, file.clone()));
    file
}

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE);
    builder
}

fn open_file(path: &Path) -> Result<Database, StoreError> {
    let db = builder().open(path)?;
    schema::check_format(schema::stored_format(&db.begin_read()?)?)?;
    Ok(db)
}
