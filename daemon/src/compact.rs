//! `rpad compact`: gives the space that removed rows have left back to the file system,
//! while no daemon runs.

use std::cell::RefCell;
use std::path::Path;

use rpa_ipc::{Fault, Progress, size};

use crate::state_dir;
use crate::store::{self, Compacted};

/// Compacts the store in `dir` and its archives, and says what came of each.
pub fn run(dir: &Path, cache: usize) -> Result<(), Fault> {
    let _claim = state_dir::claim(dir)?;
    let progress = RefCell::new(Progress::stderr());
    let begins = |file: &Path, left: usize| {
        let bytes = file.metadata().map_or(0, |meta| meta.len());
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let text = || format!("compact: {name}, {}; {left} more", size(bytes));
        progress.borrow_mut().tell(text);
    };
    let said = |file: &Compacted| {
        progress.borrow_mut().clear();
        let (before, after) = (size(file.before), size(file.after));
        println!("{:<24} {before:>12} -> {after:>12}", file.name);
    };
    store::compact(dir, cache, begins, said)
}
