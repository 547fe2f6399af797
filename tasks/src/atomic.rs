//! Files that appear whole: readers see the old one or the new one, also after a
//! power loss.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A new file, still under another name in the same directory. Dropped, it is
/// removed. Blocking: for threads outside the runtime.
#[derive(Debug)]
pub(crate) struct AtomicFile {
    temp: NamedTempFile,
    path: PathBuf,
}

impl AtomicFile {
    /// Begins a file that is to stand at the absolute `path`. A symbolic link there
    /// stays, and its target is replaced; anything but a regular file is refused,
    /// for `/dev/null` must not become one.
    pub(crate) fn create(path: &Path) -> io::Result<AtomicFile> {
        let path = match fs::symlink_metadata(path) {
            Ok(found) if found.is_symlink() => fs::canonicalize(path)?,
            Ok(_) | Err(_) => path.to_owned(),
        };
        if let Ok(found) = fs::metadata(&path)
            && !found.is_file()
        {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "is not a regular file"));
        }
        let no_name = || io::Error::new(io::ErrorKind::InvalidInput, "names no file");
        path.file_name().ok_or_else(no_name)?;
        let temp =
            tempfile::Builder::new().prefix(".rpad-").suffix(".tmp").tempfile_in(parent(&path))?;
        Ok(AtomicFile { temp, path })
    }

    pub(crate) fn file(&self) -> &File {
        self.temp.as_file()
    }

    /// Puts the file in its place, with exactly the permissions `mode`.
    pub(crate) fn commit(self, mode: u32) -> io::Result<()> {
        self.file().set_permissions(fs::Permissions::from_mode(mode))?;
        // content before name: the name must never lead to less than the whole
        self.file().sync_all()?;
        self.temp.persist(&self.path).map_err(|e| e.error)?;
        sync_dir(parent(&self.path))
    }
}

/// Creates `dir` and what is missing above it; they are on disk on return.
pub(crate) fn create_dirs(dir: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = dir.ancestors().take_while(|d| !d.exists()).collect();
    fs::create_dir_all(dir)?;
    missing.into_iter().try_for_each(|d| sync_dir(parent(d)))
}

/// The directory of an absolute path.
pub(crate) fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
}

fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}
