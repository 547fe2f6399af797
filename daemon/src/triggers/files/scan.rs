//! What a directory has now. Blocking; it changes nothing.
//!
//! Regular files only; symbolic links are not followed, below the directory itself. What
//! goes while it is looked at is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rpa_config::file_watch::Globs;
use rpa_engine::trigger::FileWatch;
use rustix::fs::OFlags;

use super::compare::Found;
use crate::store::{Root, WatchedRow};

/// Files of one trigger, and directories: what it has seen is in memory, some 200 bytes of
/// each, and a look at all of them takes about a second.
pub(super) const MOST_FILES: usize = 100_000;
/// Names that are no text, of which people are told.
const MOST_ODD: usize = 100;
/// What is read at once of a file that is summed.
const PIECE: usize = 256 * 1024;
const NS: i128 = 1_000_000_000;

/// Kinds of file systems on which others may change files, and the kernel here does not
/// hear of it: NFS, SMB, CIFS, SMB2, FUSE, 9P, Ceph, AFS, kAFS, vboxsf.
const REMOTE: [u32; 10] = [
    0x6969,
    0x517b,
    0xff53_4d42,
    0xfe53_4d42,
    0x6573_5546,
    0x0102_1997,
    0x00c3_6400,
    0x5346_414f,
    0x6b41_4653,
    0x786f_4256,
];

/// Which files a trigger means.
#[derive(Debug)]
pub(super) struct Scope {
    pub directory: PathBuf,
    pub recursive: bool,
    pub globs: Globs,
}

impl Scope {
    pub(super) fn of(watch: &FileWatch) -> Option<Scope> {
        // a check has taken each pattern; what it takes does not change
        let globs = Globs::of(watch).ok()?;
        Some(Scope { directory: (&watch.directory).into(), recursive: watch.recursive, globs })
    }

    /// As it was when the trigger looked last.
    pub(super) fn before(row: &WatchedRow) -> Option<Scope> {
        let globs = Globs::new(&row.include, &row.exclude).ok()?;
        Some(Scope { directory: (&row.directory).into(), recursive: row.recursive, globs })
    }

    /// Whether a file is meant, by its path below the directory.
    pub(super) fn covers(&self, path: &str) -> bool {
        (self.recursive || !path.contains('/')) && self.globs.wants(Path::new(path))
    }
}

/// All that a trigger means.
#[derive(Debug)]
pub(super) struct Content {
    pub files: BTreeMap<String, Found>,
    /// Names that are no text: nobody could be told of them.
    pub odd: BTreeSet<String>,
    pub root: Root,
    /// The directory itself, as the kernel knows it until it starts anew.
    pub place: Place,
    /// Others may change files of it.
    pub is_remote: bool,
}

/// Device and inode.
pub(super) type Place = (u64, u64);

#[derive(Debug)]
pub(super) enum ScanError {
    Unreadable(PathBuf, io::Error),
    NoDirectory(PathBuf),
    /// More than [`MOST_FILES`].
    TooMany(PathBuf),
    /// The daemon stops.
    Stopped,
}

/// Looks at all that is meant. `enters` is told of each directory, by its path below the
/// first one, before it is read: what comes into it afterwards is its to notice.
pub(super) fn all(
    scope: &Scope,
    stop: &AtomicBool,
    mut enters: impl FnMut(&Path, &str),
) -> Result<Content, ScanError> {
    let directory = &scope.directory;
    let unreadable = |e| ScanError::Unreadable(directory.clone(), e);
    let first = fs::metadata(directory).map_err(unreadable)?;
    if !first.is_dir() {
        return Err(ScanError::NoDirectory(directory.clone()));
    }
    let kind = kind(directory).map_err(unreadable)?;
    let mut content = Content {
        files: BTreeMap::new(),
        odd: BTreeSet::new(),
        root: Root { inode: first.ino(), kind: kind.into() },
        place: (first.dev(), first.ino()),
        is_remote: REMOTE.contains(&kind),
    };
    let mut open = vec![String::new()];
    let mut directories = 0;
    while let Some(below) = open.pop() {
        let path = directory.join(&below);
        directories += 1;
        enters(&path, &below);
        let entries = match fs::read_dir(&path) {
            Err(e) if is_gone(&e) && !below.is_empty() => continue,
            read => read.map_err(|e| ScanError::Unreadable(path.clone(), e))?,
        };
        for entry in entries {
            if stop.load(Ordering::Relaxed) {
                return Err(ScanError::Stopped);
            }
            let entry = entry.map_err(|e| ScanError::Unreadable(path.clone(), e))?;
            let Ok(name) = entry.file_name().into_string() else {
                odd(&mut content.odd, entry.path().to_string_lossy().into_owned());
                continue;
            };
            let name = if below.is_empty() { name } else { format!("{below}/{name}") };
            let unreadable = |e| ScanError::Unreadable(entry.path(), e);
            let is_directory = match entry.file_type() {
                Ok(kind) if kind.is_dir() => true,
                Ok(kind) if kind.is_file() => false,
                Ok(_) => continue,
                Err(e) if is_gone(&e) => continue,
                Err(e) => return Err(unreadable(e)),
            };
            if is_directory && scope.recursive {
                open.push(name);
            } else if !is_directory && scope.covers(&name) {
                match entry.metadata() {
                    Ok(metadata) => {
                        content.files.insert(name, found(&metadata));
                    }
                    Err(e) if is_gone(&e) => {}
                    Err(e) => return Err(unreadable(e)),
                }
            }
            if content.files.len() > MOST_FILES || directories + open.len() > MOST_FILES {
                return Err(ScanError::TooMany(directory.clone()));
            }
        }
    }
    Ok(content)
}

/// Notes a name that is no text.
pub(super) fn odd(names: &mut BTreeSet<String>, name: String) {
    if names.len() < MOST_ODD {
        names.insert(name);
    }
}

/// The directory that is under this path now.
pub(super) fn place(directory: &Path) -> Option<Place> {
    let metadata = fs::metadata(directory).ok()?;
    metadata.is_dir().then(|| (metadata.dev(), metadata.ino()))
}

/// One file, by its path below the directory; none if it is no regular file, or behind a
/// symbolic link.
pub(super) fn one(scope: &Scope, below: &str) -> Result<Option<Found>, ScanError> {
    let path = scope.directory.join(below);
    let real = |path: &Path| match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(e) if is_gone(&e) => Ok(None),
        Err(e) => Err(ScanError::Unreadable(path.to_owned(), e)),
    };
    let above = path.ancestors().skip(1).take(below.matches('/').count());
    for directory in above {
        if !real(directory)?.is_some_and(|metadata| metadata.is_dir()) {
            return Ok(None);
        }
    }
    Ok(real(&path)?.filter(Metadata::is_file).map(|metadata| found(&metadata)))
}

/// BLAKE3 of a file that is as it was found: none of one that has changed meanwhile, or
/// that cannot be read. It is then compared by its time.
pub(super) fn content(path: &Path, now: Found, stop: &AtomicBool) -> Option<[u8; 32]> {
    // a pipe that has taken its place would make an opening wait
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let flags = i32::try_from(flags.bits()).ok()?;
    let mut file = OpenOptions::new().read(true).custom_flags(flags).open(path).ok()?;
    let is_same = |file: &File| {
        file.metadata().is_ok_and(|metadata| metadata.is_file() && found(&metadata) == now)
    };
    if !is_same(&file) {
        return None;
    }
    let mut hasher = blake3::Hasher::new();
    let mut piece = vec![0; PIECE];
    loop {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        match file.read(&mut piece) {
            Ok(0) => break,
            Ok(n) => hasher.update(&piece[..n]),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return None,
        };
    }
    is_same(&file).then(|| *hasher.finalize().as_bytes())
}

fn found(metadata: &Metadata) -> Found {
    let ns = i128::from(metadata.mtime()) * NS + i128::from(metadata.mtime_nsec());
    // a time before 1970 is as good as none
    Found { size: metadata.len(), modified_ns: u64::try_from(ns).unwrap_or(0) }
}

/// The magic number of its file system: 32 bits, in a type that differs between machines.
fn kind(directory: &Path) -> io::Result<u32> {
    let kind = rustix::fs::statfs(directory)?.f_type;
    #[expect(clippy::cast_possible_truncation, reason = "the numbers have 32 bits")]
    #[expect(clippy::cast_sign_loss, reason = "they are compared bit by bit")]
    Ok(kind as u32)
}

/// Gone, or something else stands in its place.
fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
