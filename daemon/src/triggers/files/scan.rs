//! What a directory has now. Blocking; it changes nothing.
//!
//! Regular files only; symbolic links are not followed, below the directory itself. What
//! goes while it is looked at is not there; what cannot be looked at is passed over.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rpa_config::file_watch::Globs;
use rpa_engine::trigger::FileWatch;
use rustix::fs::{self, Dir, DirEntry, FileType, Stat, StatFs};
use rustix::io::Errno;

use super::below::Below;
use super::compare::Found;
use super::unread::{Trouble, Unread};
use crate::store::{Root, WatchedRow};

/// Files of one trigger, and directories: what it has seen is in memory, some 200 bytes of
/// each, and a look at all of them takes about a second.
pub(super) const MOST_FILES: usize = 100_000;
/// Names that are no text, of which people are told.
const MOST_ODD: usize = 100;
/// Largest file that is summed: it takes about a second, in one of the two places that all
/// triggers have together.
pub(super) const MOST_SUMMED: u64 = 1 << 30;
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

    /// Where all looks begin.
    fn enter(&self) -> Result<Below, ScanError> {
        Below::of(&self.directory).map_err(|e| match e {
            Errno::NOTDIR => ScanError::NoDirectory(self.directory.clone()),
            e => self.unreadable("", e),
        })
    }

    fn unreadable(&self, below: &str, error: Errno) -> ScanError {
        // nothing is joined to no path: it would get a slash at its end
        let path = match below {
            "" => self.directory.clone(),
            below => self.directory.join(below),
        };
        ScanError::Unreadable(path, error.into())
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
    /// What was passed over.
    pub unread: Unread,
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
    let mut look = Look::begin(scope, stop)?;
    while let Some(below) = look.open.pop() {
        enters(&scope.directory.join(&below), &below);
        look.directory(&below)?;
    }
    Ok(look.content)
}

/// A look that is under way.
struct Look<'a> {
    scope: &'a Scope,
    stop: &'a AtomicBool,
    root: Below,
    content: Content,
    /// Directories that are still to be read, by their paths below the first one.
    open: Vec<String>,
    directories: usize,
}

impl Look<'_> {
    fn begin<'a>(scope: &'a Scope, stop: &'a AtomicBool) -> Result<Look<'a>, ScanError> {
        let unreadable = |e| scope.unreadable("", e);
        let root = scope.enter()?;
        let (stat, system) = (root.stat(), root.file_system());
        let (stat, kind) = (stat.map_err(unreadable)?, kind(&system.map_err(unreadable)?));
        let content = Content {
            files: BTreeMap::new(),
            odd: BTreeSet::new(),
            unread: Unread::default(),
            root: Root { inode: stat.st_ino, kind: kind.into() },
            place: (stat.st_dev, stat.st_ino),
            is_remote: REMOTE.contains(&kind),
        };
        let open = vec![String::new()];
        Ok(Look { scope, stop, root, content, open, directories: 0 })
    }

    /// Reads one directory. What cannot be read of it is noted.
    fn directory(&mut self, below: &str) -> Result<(), ScanError> {
        self.directories += 1;
        let mut entries = match self.root.directory(below).and_then(Dir::new) {
            Ok(entries) => entries,
            Err(e) => return self.passes_over(below, e),
        };
        while let Some(entry) = entries.read() {
            if self.stop.load(Ordering::Relaxed) {
                return Err(ScanError::Stopped);
            }
            match entry {
                Ok(entry) => self.entry(below, &entries, &entry)?,
                // what it would have had further on is not known
                Err(e) => return self.passes_over(below, e),
            }
        }
        Ok(())
    }

    fn entry(&mut self, below: &str, of: &Dir, entry: &DirEntry) -> Result<(), ScanError> {
        let name = match entry.file_name().to_bytes() {
            b"." | b".." => return Ok(()),
            name => name,
        };
        let Ok(text) = std::str::from_utf8(name) else {
            let path = self.scope.directory.join(below).join(OsStr::from_bytes(name));
            odd(&mut self.content.odd, path.to_string_lossy().into_owned());
            return Ok(());
        };
        let path = if below.is_empty() { text.to_owned() } else { format!("{below}/{text}") };
        let kind = entry.file_type();
        let is_meant = match kind {
            FileType::Directory => self.scope.recursive,
            FileType::RegularFile => self.scope.covers(&path),
            // its file system does not say
            FileType::Unknown => self.scope.recursive || self.scope.covers(&path),
            _ => false,
        };
        if !is_meant {
            return Ok(());
        }
        if kind == FileType::Directory {
            self.open.push(path);
        } else {
            // from its directory: no path is gone along for each file
            match self.root.look_from(of, text, &path) {
                Ok(stat) => self.meets(path, &stat),
                Err(e) => self.passes_over(&path, e)?,
            }
        }
        let Content { files, unread, .. } = &self.content;
        let is_too_many = files.len() + unread.len() > MOST_FILES
            || self.directories + self.open.len() > MOST_FILES;
        match is_too_many {
            true => Err(ScanError::TooMany(self.scope.directory.clone())),
            false => Ok(()),
        }
    }

    fn meets(&mut self, path: String, stat: &Stat) {
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory if self.scope.recursive => self.open.push(path),
            FileType::RegularFile if self.scope.covers(&path) => {
                self.content.files.insert(path, found(stat));
            }
            _ => {}
        }
    }

    /// Notes what cannot be looked at, unless that is everything.
    fn passes_over(&mut self, below: &str, error: Errno) -> Result<(), ScanError> {
        match Trouble::of(below, error) {
            Trouble::Gone => Ok(()),
            Trouble::Here => {
                self.content.unread.add(below, error);
                Ok(())
            }
            Trouble::Everywhere => Err(self.scope.unreadable(below, error)),
        }
    }
}

/// Notes a name that is no text.
pub(super) fn odd(names: &mut BTreeSet<String>, name: String) {
    if names.len() < MOST_ODD {
        names.insert(name);
    }
}

/// The directory that is under this path now.
pub(super) fn place(directory: &Path) -> Option<Place> {
    let metadata = std::fs::metadata(directory).ok()?;
    metadata.is_dir().then(|| (metadata.dev(), metadata.ino()))
}

/// What one look at one file finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    File(Found),
    /// There is no regular file, or it is behind a symbolic link.
    Nothing,
    /// It is not known what there is.
    Unread(Errno),
}

/// One file, by its path below the directory.
pub(super) fn one(scope: &Scope, below: &str) -> Result<Sight, ScanError> {
    match scope.enter()?.look(below) {
        Ok(stat) if FileType::from_raw_mode(stat.st_mode).is_file() => {
            Ok(Sight::File(found(&stat)))
        }
        Ok(_) => Ok(Sight::Nothing),
        Err(e) => match Trouble::of(below, e) {
            Trouble::Gone => Ok(Sight::Nothing),
            Trouble::Here => Ok(Sight::Unread(e)),
            Trouble::Everywhere => Err(scope.unreadable(below, e)),
        },
    }
}

/// BLAKE3 of a file that is as it was found: none of one that has changed meanwhile, that
/// cannot be read, or that is larger than [`MOST_SUMMED`]. It is then compared by its time.
pub(super) fn content(
    scope: &Scope,
    below: &str,
    now: Found,
    stop: &AtomicBool,
) -> Option<[u8; 32]> {
    if now.size > MOST_SUMMED {
        return None;
    }
    let file = File::from(scope.enter().ok()?.file(below).ok()?);
    let is_same = |file: &File| {
        fs::fstat(file).is_ok_and(|stat| {
            FileType::from_raw_mode(stat.st_mode).is_file() && found(&stat) == now
        })
    };
    if !is_same(&file) {
        return None;
    }
    let sum = sum(&file, now.size, stop)?;
    is_same(&file).then_some(sum)
}

/// BLAKE3 of so many bytes: one that is written to faster than it is read has no end.
pub(super) fn sum(from: impl Read, bytes: u64, stop: &AtomicBool) -> Option<[u8; 32]> {
    let mut from = from.take(bytes);
    let mut hasher = blake3::Hasher::new();
    let mut piece = vec![0; PIECE];
    loop {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        match from.read(&mut piece) {
            Ok(0) => return Some(*hasher.finalize().as_bytes()),
            Ok(n) => hasher.update(&piece[..n]),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return None,
        };
    }
}

fn found(stat: &Stat) -> Found {
    let ns = i128::from(stat.st_mtime) * NS + i128::from(stat.st_mtime_nsec);
    // a time before 1970 is as good as none
    let modified_ns = u64::try_from(ns).unwrap_or(0);
    Found { size: u64::try_from(stat.st_size).unwrap_or(0), modified_ns }
}

/// The magic number of its file system: 32 bits, in a type that differs between machines.
fn kind(system: &StatFs) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "the numbers have 32 bits")]
    #[expect(clippy::cast_sign_loss, reason = "they are compared bit by bit")]
    let kind = system.f_type as u32;
    kind
}
