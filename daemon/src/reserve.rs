//! Space kept back, so that "the disk is full" itself can be committed.
//!
//! A file of real blocks lies in the state directory. When a commit finds no
//! space, the file is removed: that gives the store room to record how running
//! steps ended. It is made again when there is plenty.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

const FILE: &str = "reserve";
/// Free space, in multiples of the reserve, at which work is accepted again.
const PLENTY: u64 = 4;

#[derive(Debug)]
pub struct Reserve {
    path: PathBuf,
    bytes: u64,
    released: AtomicBool,
}

impl Reserve {
    /// Makes the reserve if it is not there. No space for it means that the disk
    /// is full already: the daemon then starts without accepting work.
    pub fn new(dir: &Path, bytes: u64) -> Reserve {
        let reserve = Reserve { path: dir.join(FILE), bytes, released: AtomicBool::new(false) };
        if let Err(error) = reserve.fill() {
            tracing::error!(%error, "no space for the reserve: no new work is accepted");
            reserve.release();
        }
        reserve
    }

    pub fn is_released(&self) -> bool {
        self.released.load(Ordering::Relaxed)
    }

    pub fn release(&self) {
        self.released.store(true, Ordering::Relaxed);
        if let Err(error) = fs::remove_file(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::error!(%error, "the reserve cannot be removed");
        }
    }

    /// Takes the space back once there is plenty; says whether it did.
    pub fn restore(&self) -> bool {
        let dir = self.path.parent().unwrap_or(Path::new("/"));
        let plenty = free_bytes(dir).is_ok_and(|free| free >= self.bytes * PLENTY);
        if plenty && self.fill().is_ok() {
            self.released.store(false, Ordering::Relaxed);
            tracing::info!("there is space again: work is accepted");
            return true;
        }
        false
    }

    fn fill(&self) -> io::Result<()> {
        if fs::metadata(&self.path).is_ok_and(|m| m.len() == self.bytes) {
            return Ok(());
        }
        // real bytes: a sparse file would reserve nothing
        let mut file = fs::File::create(&self.path)?;
        let block = vec![0x5a; 64 * 1024];
        let mut left = self.bytes;
        while left > 0 {
            let part = usize::try_from(left).unwrap_or(block.len()).min(block.len());
            if let Err(error) = file.write_all(&block[..part]) {
                let _ = fs::remove_file(&self.path);
                return Err(error);
            }
            left -= part as u64;
        }
        file.sync_all()
    }
}

/// Bytes that an unprivileged process may still use on the file system of `path`.
pub fn free_bytes(path: &Path) -> io::Result<u64> {
    let stat = rustix::fs::statvfs(path)?;
    Ok(stat.f_bavail * stat.f_frsize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_real_blocks_and_gives_them_back() {
        let dir = tempfile::tempdir().unwrap();
        let reserve = Reserve::new(dir.path(), 1 << 20);
        let file = dir.path().join(FILE);
        let blocks = |p: &Path| std::os::unix::fs::MetadataExt::blocks(&fs::metadata(p).unwrap());
        assert!(blocks(&file) * 512 >= 1 << 20);
        reserve.release();
        assert!(reserve.is_released() && !file.exists());
        assert!(reserve.restore() && file.exists() && !reserve.is_released());
    }
}
