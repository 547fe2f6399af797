//! A file that appears under its name only when it is whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// What drafts end with: whoever keeps a directory of backups may remove them.
pub const PART: &str = ".part";

/// The file as it is being written, beside the name that it is to have, for its owner's
/// eyes only. Removed when it is dropped.
#[derive(Debug)]
pub struct Draft {
    file: File,
    path: PathBuf,
    target: PathBuf,
}

impl Draft {
    pub fn create(target: &Path) -> io::Result<Draft> {
        let name =
            target.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::IsADirectory))?;
        let name = format!(".{}.{}{PART}", name.to_string_lossy(), std::process::id());
        let path = target.with_file_name(name);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        Ok(Draft { file, path, target: target.to_owned() })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything that was written is on the disk.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }

    /// Gives it its name. What is there already is replaced only by `force`.
    pub fn keep(self, force: bool) -> io::Result<()> {
        if force {
            fs::rename(&self.path, &self.target)?;
        } else {
            // a link, because a rename would replace what somebody else put there
            match fs::hard_link(&self.path, &self.target) {
                Ok(()) => {}
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Err(e),
                // a file system without links
                Err(_) if !self.target.exists() => fs::rename(&self.path, &self.target)?,
                Err(_) => return Err(io::Error::from(io::ErrorKind::AlreadyExists)),
            }
        }
        let dir = self.target.parent().filter(|dir| !dir.as_os_str().is_empty());
        File::open(dir.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // renamed, it is gone already
        let _ = fs::remove_file(&self.path);
    }
}
