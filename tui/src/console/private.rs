//! Files that nobody else can read: what is handed to an editor or a pager.
//!
//! Each lies in a directory of its own, so that what a program puts beside it (backups,
//! swap files) is private too.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// How the directories of such files begin.
const PREFIX: &str = "rpa-tui-";

/// A new, empty file of that name in a new directory.
pub fn file(name: &str) -> io::Result<(PathBuf, File)> {
    // of its own for each: the name of one that was kept is not taken again
    let directory = std::env::temp_dir().join(format!("{PREFIX}{}", uuid::Uuid::now_v7()));
    // fails where somebody has put something there
    DirBuilder::new().mode(0o700).create(&directory)?;
    let path = directory.join(name);
    let file = new(&path)?;
    Ok((path, file))
}

/// A new file that only its owner reads; fails where there is one already.
pub fn new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Removes a file of ours with its directory.
pub fn discard(path: &Path) {
    let Some(directory) = path.parent() else { return };
    let ours = directory.file_name().and_then(|name| name.to_str());
    // never a directory that was not made here
    if ours.is_some_and(|name| name.starts_with(PREFIX)) {
        let _ = fs::remove_dir_all(directory);
    }
}
