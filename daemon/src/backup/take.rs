//! What goes into a backup.
//!
//! | in it | left out |
//! |---|---|
//! | the store as of one moment | secrets, and `rpad.toml`: they have their own places |
//! | documents beside runs (`blobs`) | working directories of steps |
//! | logs of open runs | logs of ended runs and archives, unless asked for |
//!
//! The snapshot is taken first: a document is on disk before the row that names it, so
//! every file that the rows need is there. What was removed meanwhile belongs to runs
//! that had ended, and is counted.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rpa_engine::RunId;
use rpa_ipc::backup::{FORMAT, Head, Manifest, Writer};
use rpa_ipc::{Fault, FaultCode, fault};
use rustix::fs::OFlags;

use super::Backups;
use crate::rundir::RunDirs;
use crate::store::{self, DumpError, Reader, Store, StoreError, is_disk_full};

/// Where archives of ended runs lie in the state directory.
pub const ARCHIVE: &str = "archive";

/// A backup that is about to be written.
#[derive(Debug)]
pub struct Source {
    reader: Reader,
    head: Head,
    files: Vec<Wanted>,
    store: PathBuf,
}

/// A file that belongs to it.
#[derive(Debug)]
struct Wanted {
    /// In the backup.
    path: String,
    here: PathBuf,
    bytes: u64,
}

impl Source {
    /// Takes the snapshot, and looks for the files that belong to it.
    pub fn open(store: &Store, state_dir: &Path, history: bool) -> Result<Source, Fault> {
        let broken = |e: StoreError| e.fault(store.path());
        let reader = store.read().map_err(broken)?;
        // after the snapshot: what is durable by then is in it
        let taken_ms = crate::driver::now_ms();
        let (runs, open_runs) = reader.run_counts().map_err(broken)?;
        let head = Head {
            format: FORMAT,
            store_format: store::FORMAT,
            version: env!("CARGO_PKG_VERSION").into(),
            instance: uuid::Uuid::from_bytes(reader.instance().map_err(broken)?).to_string(),
            taken_ms,
            runs,
            open_runs,
            history,
        };
        let files = Files { reader: &reader, dirs: RunDirs::new(state_dir), found: Vec::new() };
        let files = files.look(state_dir, history)?;
        Ok(Source { reader, head, files, store: store.path().to_owned() })
    }

    /// About how many bytes it will have: more rather than less.
    pub fn bytes(&self) -> u64 {
        let store = fs::metadata(&self.store).map_or(0, |meta| meta.len());
        store + self.files.iter().map(|file| file.bytes + 1024).sum::<u64>()
    }

    pub fn taken_ms(&self) -> u64 {
        self.head.taken_ms
    }

    /// Writes all of it. `to` may refuse a write; that ends it.
    pub fn write(self, to: impl Write, backups: &Backups) -> Result<Manifest, Fault> {
        let failed = |e: io::Error| write_fault(&e);
        let mut writer = Writer::new(Guarded { to, backups }, &self.head).map_err(failed)?;
        let mut damaged = 0;
        let pieces = self.reader.pieces(&mut |piece| {
            damaged += piece.damaged;
            writer.piece(piece.table, piece.number, piece.rows, piece.bytes)
        });
        match pieces {
            Ok(()) => {}
            Err(DumpError::Sink(e)) => return Err(failed(e)),
            Err(DumpError::Store(e)) => return Err(e.fault(&self.store)),
        }
        // from here on the store may reclaim what was only for this snapshot
        drop(self.reader);
        let mut gone = 0;
        for wanted in &self.files {
            match open_plain(&wanted.here) {
                Ok((file, bytes)) => writer.file(&wanted.path, bytes, file).map_err(failed)?,
                Err(e) if e.kind() == io::ErrorKind::NotFound => gone += 1,
                Err(e) => return Err(file_fault(&wanted.here, &e)),
            }
        }
        writer.remark(damaged, gone);
        writer.finish().map_err(failed)
    }
}

/// The fault of a backup that could not be written to where it goes.
pub fn write_fault(error: &io::Error) -> Fault {
    match is_disk_full(error) {
        true => fault!(FaultCode::DiskFull, "backup-no-space", error = error),
        false => fault!(FaultCode::Io, "backup-not-written", error = error),
    }
}

fn file_fault(path: &Path, error: &io::Error) -> Fault {
    fault!(FaultCode::Io, "file-failed", path = path.display(), error = error)
}

/// A file and its length. A step may have put there what is none.
fn open_plain(path: &Path) -> io::Result<(File, u64)> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is no file"));
    }
    Ok((file, meta.len()))
}

/// Breaks off when the daemon ends.
struct Guarded<'b, W> {
    to: W,
    backups: &'b Backups,
}

impl<W: Write> Write for Guarded<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.backups.is_over() {
            return Err(io::Error::other("the daemon is being stopped"));
        }
        self.to.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

struct Files<'r> {
    reader: &'r Reader,
    dirs: RunDirs,
    found: Vec<Wanted>,
}

impl Files<'_> {
    fn look(mut self, state_dir: &Path, history: bool) -> Result<Vec<Wanted>, Fault> {
        let runs = state_dir.join("runs");
        for day in names(&runs)? {
            for name in names(&runs.join(&day))? {
                if let Ok(run) = name.parse::<RunId>() {
                    self.run(run, &format!("runs/{day}/{name}"), history)?;
                }
            }
        }
        if history {
            let archive = state_dir.join(ARCHIVE);
            for name in names(&archive)? {
                self.add(format!("{ARCHIVE}/{name}"), archive.join(&name))?;
            }
        }
        Ok(self.found)
    }

    fn run(&mut self, run: RunId, path: &str, history: bool) -> Result<(), Fault> {
        let broken =
            |e: StoreError| fault!(FaultCode::StoreCorrupt, "run-unread", run = run, detail = e);
        // one that was accepted since is not in the snapshot
        let Some(ended) = self.reader.has_ended(run).map_err(broken)? else { return Ok(()) };
        let blobs = self.dirs.blobs(run);
        for hash in names(&blobs)? {
            // a draft has another name
            if hash.len() == 64 {
                self.add(format!("{path}/blobs/{hash}"), blobs.join(&hash))?;
            }
        }
        if history || !ended {
            self.add(format!("{path}/log"), self.dirs.run(run).join("log"))?;
        }
        Ok(())
    }

    fn add(&mut self, path: String, here: PathBuf) -> Result<(), Fault> {
        match fs::symlink_metadata(&here) {
            Ok(meta) if meta.is_file() => {
                self.found.push(Wanted { path, here, bytes: meta.len() });
                Ok(())
            }
            Ok(_) => Ok(()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(e) => Err(file_fault(&here, &e)),
        }
    }
}

/// The names in a directory, in order; none where there is none.
fn names(dir: &Path) -> Result<Vec<String>, Fault> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(e) => return Err(file_fault(dir, &e)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|e| file_fault(dir, &e))?;
        // names of ours are plain
        names.extend(entry.file_name().into_string().ok());
    }
    names.sort_unstable();
    Ok(names)
}
