//! The way down from a directory, never through a symbolic link.
//!
//! Each step is taken from the directory before it, not from a path: whoever puts a link in
//! the place of a directory between two looks leads nobody out of it.

use std::ffi::OsStr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use rustix::fs::{self, AtFlags, Dir, Mode, OFlags, Stat, StatFs};
use rustix::io::Errno;

/// Bytes of a whole path that the kernel takes, its end included (`PATH_MAX`): what is
/// deeper could be reached from here, but not by a run that is told of it.
const LONGEST_PATH: usize = 4096;

/// A directory, by whatever path; a link to it is followed.
#[derive(Debug)]
pub(super) struct Below {
    root: OwnedFd,
    /// Bytes of its path.
    length: usize,
}

impl Below {
    pub(super) fn of(directory: &Path) -> Result<Below, Errno> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = fs::open(directory, flags, Mode::empty())?;
        Ok(Below { root, length: directory.as_os_str().len() })
    }

    pub(super) fn stat(&self) -> Result<Stat, Errno> {
        fs::fstat(&self.root)
    }

    pub(super) fn file_system(&self) -> Result<StatFs, Errno> {
        fs::fstatfs(&self.root)
    }

    /// A directory to be read; of no path the first one.
    pub(super) fn directory(&self, below: &str) -> Result<OwnedFd, Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY;
        match below {
            "" => fs::openat(&self.root, c".", flags | OFlags::CLOEXEC, Mode::empty()),
            below => self.open(below, flags),
        }
    }

    /// A file to be read. A pipe that has taken its place would make an opening wait: it
    /// does not.
    pub(super) fn file(&self, below: &str) -> Result<OwnedFd, Errno> {
        self.open(below, OFlags::RDONLY | OFlags::NONBLOCK)
    }

    /// What stands there, be it a link.
    pub(super) fn look(&self, below: &str) -> Result<Stat, Errno> {
        self.at(below, |above, name| fs::statat(above, name, AtFlags::SYMLINK_NOFOLLOW))
    }

    /// The same of a path whose directory is open.
    pub(super) fn look_from(&self, of: &Dir, name: &str, below: &str) -> Result<Stat, Errno> {
        self.measure(below)?;
        fs::statat(of.fd()?, name, AtFlags::SYMLINK_NOFOLLOW)
    }

    fn open(&self, below: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        self.at(below, |above, name| fs::openat(above, name, flags, Mode::empty()))
    }

    /// Does something with the last name of a path, in the directory that has it.
    fn at<T>(
        &self,
        below: &str,
        act: impl FnOnce(BorrowedFd<'_>, &OsStr) -> Result<T, Errno>,
    ) -> Result<T, Errno> {
        self.measure(below)?;
        let (above, name) = below.rsplit_once('/').unwrap_or(("", below));
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut last: Option<OwnedFd> = None;
        for part in above.split('/').filter(|part| !part.is_empty()) {
            let from = last.as_ref().map_or(self.root.as_fd(), AsFd::as_fd);
            last = Some(fs::openat(from, part, flags, Mode::empty())?);
        }
        act(last.as_ref().map_or(self.root.as_fd(), AsFd::as_fd), OsStr::new(name))
    }

    fn measure(&self, below: &str) -> Result<(), Errno> {
        match self.length + 1 + below.len() < LONGEST_PATH {
            true => Ok(()),
            false => Err(Errno::NAMETOOLONG),
        }
    }
}
