//! `rpad compact`: gives the space that removed rows have left back to the file system,
//! while no daemon runs.

use std::path::Path;

use rpa_ipc::{Fault, size};

use crate::state_dir;
use crate::store::{self, Compacted};

/// Compacts the store in `dir` and its archives, and says what came of each.
pub fn run(dir: &Path, cache: usize) -> Result<(), Fault> {
    let _claim = state_dir::claim(dir)?;
    let said = |file: &Compacted| {
        let (before, after) = (size(file.before), size(file.after));
        println!("{:<24} {before:>12} -> {after:>12}", file.name);
    };
    store::compact(dir, cache, said)
}
