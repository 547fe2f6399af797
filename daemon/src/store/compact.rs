//! Giving free pages back to the file system, which needs the file for itself.

use std::fs;
use std::path::Path;

use redb::Database;
use rpa_ipc::{Fault, FaultCode, fault};

use super::archive::Archives;
use super::error::{self, StoreError};
use super::{FILE, open_file};

/// What came of one file; sizes in bytes.
#[derive(Clone, Debug)]
pub struct Compacted {
    pub name: String,
    pub before: u64,
    pub after: u64,
}

/// Compacts the live store in `dir`, then each archive. A daemon that is killed, or a
/// machine that goes down meanwhile, loses nothing: the next opening walks the file.
///
/// Before each file `begins` is told which it is, and how many come after it.
pub fn compact(
    dir: &Path,
    cache: usize,
    mut begins: impl FnMut(&Path, usize),
    mut said: impl FnMut(&Compacted),
) -> Result<(), Fault> {
    let live = dir.join(FILE);
    if !live.exists() {
        return Err(fault!(FaultCode::Io, "no-store-here", path = dir.display()));
    }
    let archives = Archives::new(dir);
    let days = archives.days().map_err(|e| StoreError::from_io(&e).fault(&live))?;
    begins(&live, days.len());
    let done = one(&live, || open_file(&live, cache)).map_err(|e| e.fault(&live))?;
    said(&done);
    let left = (0..days.len()).rev();
    for (day, left) in days.into_iter().zip(left) {
        let path = archives.path(day);
        begins(&path, left);
        let done = one(&path, || archives.open_alone(day)).map_err(|e| e.fault(&path))?;
        said(&done);
    }
    Ok(())
}

fn one(
    path: &Path,
    open: impl FnOnce() -> Result<Database, StoreError>,
) -> Result<Compacted, StoreError> {
    let bytes = || fs::metadata(path).map(|meta| meta.len()).map_err(|e| StoreError::from_io(&e));
    let before = bytes()?;
    error::no_panic(path, || {
        let mut db = open()?;
        // pages move a part at a time
        while db.compact()? {}
        Ok(())
    })?;
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(Compacted { name, before, after: bytes()? })
}
