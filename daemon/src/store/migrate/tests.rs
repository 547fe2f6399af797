//! Migrations, with steps that exist for these tests only.

use std::fs;

use redb::{ReadableTable, TableDefinition, WriteTransaction};

use super::*;
use crate::store::{FORMAT, Problem, Store, overlay};

const NEW: TableDefinition<'_, &str, u32> = TableDefinition::new("test_only");

fn add(txn: &WriteTransaction) -> Result<(), StoreError> {
    txn.open_table(NEW)?.insert("added", 1)?;
    Ok(())
}

fn double(txn: &WriteTransaction) -> Result<(), StoreError> {
    let mut table = txn.open_table(NEW)?;
    let before = table.get("added")?.map_or(0, |n| n.value());
    table.insert("added", before * 2)?;
    Ok(())
}

fn fails(txn: &WriteTransaction) -> Result<(), StoreError> {
    add(txn)?;
    Err(StoreError::new(Problem::Io, "the machine went down"))
}

fn step(run: fn(&WriteTransaction) -> Result<(), StoreError>) -> Step {
    Step { what: "for a test", run }
}

/// A store of this version, closed.
fn store(dir: &Path) -> PathBuf {
    drop(Store::open(dir, 1 << 20).unwrap());
    dir.join(crate::store::FILE)
}

fn copies(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let is_copy = |path: &PathBuf| path.to_string_lossy().contains(".format-");
    entries.filter(is_copy).collect()
}

fn format_of(path: &Path) -> Option<u32> {
    overlay::stored_format(path).unwrap()
}

#[test]
fn the_number_of_steps_is_the_format() {
    assert_eq!(format_after(STEPS), FORMAT);
}

#[test]
fn a_store_is_copied_and_then_goes_through_all_steps() {
    let dir = tempfile::tempdir().unwrap();
    let path = store(dir.path());
    let before = fs::read(&path).unwrap();
    let steps = [step(add), step(double)];
    let db = open(&Builder::new(), &path, &steps).unwrap();
    let txn = db.begin_read().unwrap();
    assert_eq!(schema::stored_format(&txn).unwrap(), Some(3));
    assert_eq!(txn.open_table(NEW).unwrap().get("added").unwrap().unwrap().value(), 2);
    drop((txn, db));
    let copies = copies(dir.path());
    assert_eq!(copies.len(), 1, "{copies:?}");
    assert!(copies[0].to_string_lossy().contains("rpad.redb.format-1.20"), "{copies:?}");
    assert_eq!(format_of(&copies[0]), Some(1));
    assert_eq!(fs::read(&copies[0]).unwrap().len(), before.len());
    assert_eq!(noted_format(&path), Some(3));
    // the second time nothing is to be done, and no further copy is made
    drop(open(&Builder::new(), &path, &steps).unwrap());
    assert_eq!(self::copies(dir.path()).len(), 1);
    // one more version later only its own step runs
    let db = open(&Builder::new(), &path, &[step(add), step(double), step(double)]).unwrap();
    let txn = db.begin_read().unwrap();
    assert_eq!(txn.open_table(NEW).unwrap().get("added").unwrap().unwrap().value(), 4);
}

#[test]
fn a_step_that_does_not_end_leaves_the_store_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let path = store(dir.path());
    let error = open(&Builder::new(), &path, &[step(fails)]).unwrap_err();
    assert_eq!(error.to_string(), "the machine went down");
    let db = Builder::new().open(&path).unwrap();
    let txn = db.begin_read().unwrap();
    assert_eq!(schema::stored_format(&txn).unwrap(), Some(1));
    assert!(txn.open_table(NEW).is_err(), "nothing of the step is there");
    drop((txn, db));
    drop(Store::open(dir.path(), 1 << 20).unwrap());
    drop(open(&Builder::new(), &path, &[step(add)]).unwrap());
    assert_eq!(format_of(&path), Some(2), "and the next start begins anew");
}

/// The file of a store of a later format that a kill has left, in a directory of its own.
fn newer(dir: &Path, closed: bool, note: Option<u32>) -> PathBuf {
    let path = store(dir);
    let db = Builder::new().open(&path).unwrap();
    let txn = db.begin_write().unwrap();
    apply(&txn, Some(FORMAT), &[step(add), step(double)]).unwrap();
    txn.commit().unwrap();
    let image = fs::read(&path).unwrap();
    drop(db);
    if !closed {
        fs::write(&path, image).unwrap();
        assert!(matches!(
            Builder::new().open_read_only(&path),
            Err(redb::DatabaseError::RepairAborted)
        ));
    }
    match note {
        Some(format) => note_format(&path, format).unwrap(),
        None => fs::remove_file(dir.join("rpad.redb.format")).unwrap(),
    }
    path
}

#[test]
fn an_older_version_does_not_touch_a_newer_store() {
    for (closed, note) in [(true, Some(3)), (true, None), (false, Some(3)), (false, None)] {
        let dir = tempfile::tempdir().unwrap();
        let path = newer(dir.path(), closed, note);
        let before = fs::read(&path).unwrap();
        let error = Store::open(dir.path(), 1 << 20).unwrap_err();
        assert_eq!(error.problem, Problem::Newer, "{closed} {note:?}: {error}");
        assert!(fs::read(&path).unwrap() == before, "{closed} {note:?}: it was written to");
        assert!(copies(dir.path()).is_empty());
    }
}

#[test]
fn a_store_that_was_not_closed_is_seen_as_it_will_be() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.redb");
    let db = Builder::new().create(&path).unwrap();
    for n in 0..50 {
        let txn = db.begin_write().unwrap();
        txn.open_table(NEW).unwrap().insert(format!("{n}").as_str(), n).unwrap();
        txn.commit().unwrap();
    }
    let image = fs::read(&path).unwrap();
    drop(db);
    fs::write(&path, &image).unwrap();
    let over = overlay::open(&path).unwrap();
    let txn = over.begin_read().unwrap();
    assert_eq!(txn.open_table(NEW).unwrap().get("49").unwrap().unwrap().value(), 49);
    drop((txn, over));
    assert!(fs::read(&path).unwrap() == image);
}
