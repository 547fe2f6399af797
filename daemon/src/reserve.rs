//! Space kept back, so that "the disk is full" itself can be committed, and the look at
//! how much is free.
//!
//! | free | new work | what is under way |
//! |---|---|---|
//! | less than `store.low_disk` or `store.low_disk_percent` | refused | goes on |
//! | nothing: a commit has failed | refused | is recorded as it ends, nothing is begun |
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

/// Below how much free space no new work is accepted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Least {
    pub bytes: u64,
    /// Of the file system.
    pub percent: u64,
}

impl Least {
    /// In bytes, on a file system of this size.
    fn of(self, size: u64) -> u64 {
        self.bytes
            .max(u64::try_from(u128::from(size) * u128::from(self.percent) / 100).unwrap_or(0))
    }
}

#[derive(Debug)]
pub struct Reserve {
    path: PathBuf,
    bytes: u64,
    least: Least,
    released: AtomicBool,
    low: AtomicBool,
}

impl Reserve {
    /// Makes the reserve if it is not there. No space for it means that the disk
    /// is full already: the daemon then starts without accepting work.
    pub fn new(dir: &Path, bytes: u64, least: Least) -> Reserve {
        let (released, low) = (AtomicBool::new(false), AtomicBool::new(false));
        let reserve = Reserve { path: dir.join(FILE), bytes, least, released, low };
        if let Err(error) = reserve.fill() {
            tracing::error!(%error, "no space for the reserve: no new work is accepted");
            reserve.release();
        }
        reserve.look();
        reserve
    }

    /// Whether new work is accepted.
    pub fn accepts(&self) -> bool {
        !self.is_released() && !self.is_low()
    }

    /// Whether less is free than should be.
    pub fn is_low(&self) -> bool {
        self.low.load(Ordering::Relaxed)
    }

    /// Looks at the free space; says whether there is too little of it now, or enough
    /// again, when that is new.
    pub fn look(&self) -> bool {
        let dir = self.path.parent().unwrap_or(Path::new("/"));
        let Ok(stat) = rustix::fs::statvfs(dir) else { return false };
        let (free, size) = (stat.f_bavail * stat.f_frsize, stat.f_blocks * stat.f_frsize);
        let least = self.least.of(size);
        let was_low = self.is_low();
        // a quarter more than too little is enough again: no coming and going
        let low = free < if was_low { least + least / 4 } else { least };
        if low != was_low {
            self.low.store(low, Ordering::Relaxed);
            if low {
                tracing::error!(free, least, "little space is free: no new work is accepted");
            } else {
                tracing::info!(free, "enough space is free again");
            }
        }
        low != was_low
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
        let reserve = Reserve::new(dir.path(), 1 << 20, Least::default());
        let file = dir.path().join(FILE);
        let blocks = |p: &Path| std::os::unix::fs::MetadataExt::blocks(&fs::metadata(p).unwrap());
        assert!(blocks(&file) * 512 >= 1 << 20);
        reserve.release();
        assert!(reserve.is_released() && !file.exists());
        assert!(reserve.restore() && file.exists() && !reserve.is_released());
    }

    #[test]
    fn little_space_is_noticed_and_so_is_its_end() {
        let dir = tempfile::tempdir().unwrap();
        let least = |bytes, percent| Least { bytes, percent };
        assert_eq!((least(10, 5).of(1000), least(100, 5).of(1000)), (50, 100));
        let more_than_there_is = least(u64::MAX / 2, 0);
        let mut reserve = Reserve::new(dir.path(), 0, more_than_there_is);
        assert!(reserve.is_low() && !reserve.accepts() && !reserve.is_released());
        assert!(!reserve.look(), "nothing new");
        reserve.least = Least::default();
        assert!(reserve.look() && reserve.accepts());
    }
}
