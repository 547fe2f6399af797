//! From the format of an earlier version to that of this one, step by step.
//!
//! | at | there is |
//! |---|---|
//! | before | the store, format n |
//! | copied | beside it `rpad.redb.format-n.<time>`, kept until a person removes it |
//! | noted | in `rpad.redb.format` the number that the store will have |
//! | committed | the store, of the new format: all steps are one transaction |
//!
//! A crash before the commit leaves the store as it was, and the next start begins anew.
//! The note is only for a version that is older: it finds a store that was not closed,
//! cannot look into it without repairing it, and must not touch what is newer.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use redb::{Builder, Database, ReadableDatabase, WriteTransaction};

use super::error::StoreError;
use super::schema;

/// One step: what changes from one format to the next.
#[derive(Clone, Copy)]
pub struct Step {
    /// What is done, for the log.
    pub what: &'static str,
    pub run: fn(&WriteTransaction) -> Result<(), StoreError>,
}

/// The steps of all versions: the first is from format 1 to 2, and so on. A step is never
/// changed once a version with it was released, and never taken away.
pub const STEPS: &[Step] = &[];

/// The format that a store has after all of `steps`.
pub const fn format_after(steps: &[Step]) -> u32 {
    1 + steps.len() as u32
}

/// Opens the store at `path`, and brings it up to date where it is of an earlier format.
pub fn open(builder: &Builder, path: &Path, steps: &[Step]) -> Result<Database, StoreError> {
    let db = builder.open(path)?;
    let found = schema::stored_format(&db.begin_read()?)?;
    let Some(before) = found.filter(|found| *found < format_after(steps)) else { return Ok(db) };
    if before == 0 {
        return Err(StoreError::corrupt("its format is 0"));
    }
    // closed, so that the copy is one of a store that was closed
    drop(db);
    let copy = copy(path, before)?;
    note_format(path, format_after(steps))?;
    tracing::info!(from = before, to = format_after(steps), copy = %copy.display(), "migrating the store");
    let db = builder.open(path)?;
    let mut txn = db.begin_write()?;
    txn.set_quick_repair(true);
    apply(&txn, found, steps)?;
    txn.commit()?;
    Ok(db)
}

/// Runs the steps that a store of the format `found` lacks, and writes the new number.
pub fn apply(txn: &WriteTransaction, found: Option<u32>, steps: &[Step]) -> Result<(), StoreError> {
    let Some(found) = found.filter(|found| *found < format_after(steps)) else { return Ok(()) };
    let done = (found as usize).saturating_sub(1);
    for (number, step) in (found + 1..).zip(&steps[done.min(steps.len())..]) {
        tracing::info!(to = number, what = step.what, "migrating the store");
        (step.run)(txn)?;
    }
    let mut meta = txn.open_table(schema::META)?;
    meta.insert("format", format_after(steps).to_le_bytes().as_slice())?;
    Ok(())
}

/// A copy of the file, whole before it has its name.
fn copy(path: &Path, format: u32) -> Result<PathBuf, StoreError> {
    let io = |e: io::Error| StoreError::from_io(&e);
    let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
    let copy = beside(path, &format!("format-{format}.{now}"));
    let draft = beside(path, "copy");
    fs::copy(path, &draft).map_err(io)?;
    fs::set_permissions(&draft, fs::Permissions::from_mode(0o600)).map_err(io)?;
    fs::File::open(&draft).and_then(|file| file.sync_all()).map_err(io)?;
    fs::rename(&draft, &copy).map_err(io)?;
    crate::rundir::sync_dir(path.parent().unwrap_or(Path::new("."))).map_err(io)?;
    Ok(copy)
}

/// The format that is noted beside the store; `None` where there is no such note.
pub fn noted_format(path: &Path) -> Option<u32> {
    fs::read_to_string(beside(path, "format")).ok()?.trim().parse().ok()
}

/// Notes the format that the store has, or is about to have.
pub fn note_format(path: &Path, format: u32) -> Result<(), StoreError> {
    let io = |e: io::Error| StoreError::from_io(&e);
    let (note, draft) = (beside(path, "format"), beside(path, "format.new"));
    fs::write(&draft, format!("{format}\n")).map_err(io)?;
    fs::File::open(&draft).and_then(|file| file.sync_all()).map_err(io)?;
    fs::rename(&draft, &note).map_err(io)?;
    crate::rundir::sync_dir(path.parent().unwrap_or(Path::new("."))).map_err(io)
}

fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(what);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests;
