//! Every table into pieces and back.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// The bytes of every row.
fn rows(reader: &Reader) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::<String, Vec<u8>>::new();
    let each = &mut |piece: Piece<'_>| {
        all.entry(piece.table.to_owned()).or_default().extend_from_slice(piece.bytes);
        Ok(())
    };
    reader.pieces(each).unwrap();
    all
}

struct Names(BTreeSet<String>);

impl EachTable for Names {
    fn table<K: Key + 'static, V: Value + 'static>(
        &mut self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError> {
        assert!(self.0.insert(table.name().to_owned()), "{} stands there twice", table.name());
        Ok(())
    }
}

#[test]
fn no_table_is_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), 1 << 20).unwrap();
    let reader = store.read().unwrap();
    let there = reader.txn.list_tables().unwrap().map(|table| table.name().to_owned());
    let mut names = Names(BTreeSet::new());
    each_table(&mut names).unwrap();
    assert_eq!(names.0, there.collect());
}

/// A store with many rows of several shapes, larger than one piece.
fn filled(dir: &Path) -> Store {
    let store = Store::open(dir, 1 << 20).unwrap();
    store
        .transact(|tables| {
            for n in 0..3000u32 {
                let name = format!("namespace-{n}").parse().map_err(|_| torn())?;
                tables.namespace(&name)?;
                let run = rpa_engine::RunId(u128::from(n));
                let row = super::super::RequestRow::Run { run, digest: [7; 32] };
                tables.put_request(&format!("{n}-{}", "x".repeat(1000)), &row)?;
            }
            Ok(())
        })
        .unwrap();
    store
}

#[test]
fn what_was_copied_is_the_same_store() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    let reader = store.read().unwrap();
    let path = dir.path().join("copy.redb");
    let mut loader = Loader::create(&path, 1 << 20).unwrap();
    let mut pieces = 0;
    let copied = reader.pieces(&mut |piece| {
        pieces += 1;
        assert_eq!(piece.damaged, 0);
        assert!(piece.bytes.len() < 2 * PIECE);
        loader.put(piece.table, piece.bytes).map_err(|e| std::io::Error::other(e.to_string()))
    });
    copied.unwrap();
    assert!(pieces > 3, "{pieces}");
    loader.finish(|_| Ok(())).unwrap();
    std::fs::create_dir(dir.path().join("other")).unwrap();
    std::fs::rename(&path, dir.path().join("other").join(super::super::FILE)).unwrap();
    let other = Store::open(&dir.path().join("other"), 1 << 20).unwrap();
    assert!(rows(&reader) == rows(&other.read().unwrap()));
    let found = check_copy(&other, dir.path()).unwrap();
    assert_eq!((found.damaged, found.sound), (0, true));
    assert!(found.rows > 5000, "{found:?}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 3, "the copy is gone");
}

#[test]
fn damage_that_was_there_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    let db = store.handle().unwrap();
    let txn = db.begin_write().unwrap();
    txn.open_table(schema::REQUESTS).unwrap().insert((0, "bad"), [1; 40].as_slice()).unwrap();
    txn.commit().unwrap();
    drop(db);
    assert_eq!(check_copy(&store, dir.path()).unwrap().damaged, 1);
}

#[test]
fn torn_and_foreign_pieces_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut loader = Loader::create(&dir.path().join("a.redb"), 1 << 20).unwrap();
    for (table, piece) in [
        ("active", &[1, 0, 0][..]),
        ("active", &[16, 0, 0, 0, 1]),
        ("active", &[1, 0, 0, 0, 7, 0, 0, 0, 0]),
        ("namespaces", &[1, 0, 0, 0, b'a', 1, 0, 0, 0, 7]),
        ("workflows", &[3, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0]),
        ("no such table", &[]),
    ] {
        assert!(loader.put(table, piece).is_err(), "{table} {piece:?}");
    }
    assert!(loader.finish(|_| Ok(())).is_ok(), "and leave nothing behind");
}

#[test]
fn a_sink_that_fails_ends_it_with_its_own_error() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
    match store.read().unwrap().pieces(&mut |_| Err(full())).unwrap_err() {
        DumpError::Sink(error) => assert_eq!(error.kind(), std::io::ErrorKind::StorageFull),
        DumpError::Store(error) => panic!("{error}"),
    }
}
