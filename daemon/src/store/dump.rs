//! All tables as pieces of bytes, and a store made of them again.
//!
//! ```text
//! piece: row, row, …     row: key length (u32, little endian) | key | value length | value
//! ```
//! Keys and values are the bytes that redb keeps. A piece is of one table; the pieces of
//! a table are in the order of its keys, so that making a store of them only appends.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use redb::{
    Builder, Database, Durability, Key, ReadTransaction, ReadableDatabase, ReadableTable,
    TableDefinition, TableError, TableHandle, Value, WriteTransaction,
};

use super::Store;
use super::codec;
use super::error::{StoreError, no_panic};
use super::every::{EachTable, each_table};
use super::migrate;
use super::query::Reader;
use super::schema;
use super::write::Tables;

/// Bytes of a piece, but for a row that is larger by itself: small enough to be held
/// twice, large enough that its name and checksum weigh nothing.
const PIECE: usize = 1 << 20;

/// Rows of one table.
#[derive(Debug)]
pub struct Piece<'p> {
    pub table: &'p str,
    /// From 0, in each table.
    pub number: u32,
    pub rows: u64,
    /// Of these, rows that do not match their own checksum: damage that was there before.
    pub damaged: u64,
    pub bytes: &'p [u8],
}

/// Why a copy was not made.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Whoever takes the pieces could not go on.
    #[error(transparent)]
    Sink(#[from] std::io::Error),
}

impl Reader {
    /// Gives every table, piece by piece.
    pub fn pieces(
        &self,
        sink: &mut dyn FnMut(Piece<'_>) -> std::io::Result<()>,
    ) -> Result<(), DumpError> {
        let mut dump = Dump { txn: &self.txn, sink, failed: None };
        let done = each_table(&mut dump);
        match dump.failed.take() {
            Some(error) => Err(error.into()),
            None => Ok(done?),
        }
    }
}

struct Dump<'d> {
    txn: &'d ReadTransaction,
    sink: &'d mut dyn FnMut(Piece<'_>) -> std::io::Result<()>,
    /// What the sink said, which is no error of the store.
    failed: Option<std::io::Error>,
}

impl EachTable for Dump<'_> {
    fn table<K: Key + 'static, V: Value + 'static>(
        &mut self,
        definition: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError> {
        let table = match self.txn.open_table(definition) {
            Ok(table) => table,
            // a store of an earlier version
            Err(TableError::TableDoesNotExist(_)) => return Ok(()),
            Err(e) => return Err(e.into()),
        };
        let name = definition.name();
        // rows of META are plain bytes
        let has_checksums = V::type_name() == <&[u8]>::type_name() && name != schema::META.name();
        let (mut number, mut rows, mut damaged) = (0, 0, 0);
        let mut bytes = Vec::new();
        for entry in table.iter()? {
            let (key, value) = entry?;
            let (key, value) = (key.value(), value.value());
            let (key, value) = (K::as_bytes(&key), V::as_bytes(&value));
            put(&mut bytes, key.as_ref())?;
            put(&mut bytes, value.as_ref())?;
            rows += 1;
            damaged += u64::from(has_checksums && !codec::is_sound(value.as_ref()));
            if bytes.len() >= PIECE {
                let piece = Piece { table: name, number, rows, damaged, bytes: &bytes };
                self.give(piece)?;
                bytes.clear();
                (number, rows, damaged) = (number + 1, 0, 0);
            }
        }
        if rows > 0 {
            self.give(Piece { table: name, number, rows, damaged, bytes: &bytes })?;
        }
        Ok(())
    }
}

impl Dump<'_> {
    fn give(&mut self, piece: Piece<'_>) -> Result<(), StoreError> {
        (self.sink)(piece).map_err(|e| {
            let error = StoreError::from_io(&e);
            self.failed = Some(e);
            error
        })
    }
}

fn put(bytes: &mut Vec<u8>, part: &[u8]) -> Result<(), StoreError> {
    let length = u32::try_from(part.len())
        .map_err(|_| StoreError::corrupt(format!("a row of {} bytes", part.len())))?;
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(part);
    Ok(())
}

/// A store that is being made of pieces. It lies under a name that no daemon opens, and
/// is whole only after [`Loader::finish`].
#[derive(Debug)]
pub struct Loader {
    path: PathBuf,
    db: Database,
}

impl Loader {
    /// `path` must not be there.
    pub fn create(path: &Path, cache_bytes: usize) -> Result<Loader, StoreError> {
        let mut builder = Builder::new();
        builder.set_cache_size(cache_bytes);
        Ok(Loader { path: path.to_owned(), db: builder.create(path)? })
    }

    /// Rows of the table of that name.
    pub fn put(&mut self, table: &str, piece: &[u8]) -> Result<(), StoreError> {
        let mut txn = self.db.begin_write()?;
        // nobody looks for the file before it is whole
        txn.set_durability(Durability::None).map_err(|e| StoreError::corrupt(e.to_string()))?;
        let mut load = Load { txn: &txn, wanted: table, piece, found: false };
        // a key that is none makes redb panic
        no_panic(&self.path, || each_table(&mut load))?;
        if !load.found {
            return Err(StoreError::corrupt(format!("table {table:?} is of no rpad")));
        }
        txn.commit()?;
        Ok(())
    }

    /// The last transaction, which makes everything durable.
    pub fn finish<T>(
        self,
        last: impl FnOnce(&mut Tables<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let found = schema::stored_format(&self.db.begin_read()?)?;
        schema::check_format(found)?;
        let mut txn = self.db.begin_write()?;
        txn.set_quick_repair(true);
        migrate::apply(&txn, found, migrate::STEPS)?;
        let result = {
            let mut tables = Tables::open(&txn, BTreeSet::new());
            tables.initialise()?;
            last(&mut tables)?
        };
        txn.commit()?;
        Ok(result)
    }
}

/// What a look at a copy of the store gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Integrity {
    pub rows: u64,
    /// Rows that do not match their checksums.
    pub damaged: u64,
    /// Whether redb finds its own structures in order.
    pub sound: bool,
}

/// What copies are called while they are looked at.
const CHECKING: &str = "checking-";

/// Removes copies that a daemon which was killed has left. Nobody else may be making one.
pub fn forget_copies(dir: &Path) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(CHECKING) {
            // one that stays is in nobody's way, and is tried again
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// Copies the store into a file that is gone afterwards, and looks at that.
pub fn check_copy(store: &Store, dir: &Path) -> Result<Integrity, StoreError> {
    let io = |e: std::io::Error| StoreError::from_io(&e);
    let workshop = tempfile::Builder::new().prefix(CHECKING).tempdir_in(dir).map_err(io)?;
    let path = workshop.path().join(super::FILE);
    let mut loader = Loader::create(&path, store.cache_bytes)?;
    let (mut rows, mut damaged) = (0, 0);
    let reader = store.read()?;
    let mut failed = None;
    let copied = reader.pieces(&mut |piece| {
        rows += piece.rows;
        damaged += piece.damaged;
        loader.put(piece.table, piece.bytes).map_err(|e| {
            let text = e.to_string();
            failed = Some(e);
            std::io::Error::other(text)
        })
    });
    match (failed, copied) {
        (Some(error), _) | (None, Err(DumpError::Store(error))) => return Err(error),
        (None, Err(DumpError::Sink(error))) => return Err(io(error)),
        (None, Ok(())) => {}
    }
    drop(reader);
    let mut db = loader.db;
    // the pieces were not made durable one by one
    db.begin_write()?.commit()?;
    let sound = no_panic(&path, || Ok(db.check_integrity()?))?;
    Ok(Integrity { rows, damaged, sound })
}

struct Load<'l> {
    txn: &'l WriteTransaction,
    wanted: &'l str,
    piece: &'l [u8],
    found: bool,
}

impl EachTable for Load<'_> {
    fn table<K: Key + 'static, V: Value + 'static>(
        &mut self,
        definition: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError> {
        if definition.name() != self.wanted {
            return Ok(());
        }
        self.found = true;
        let mut table = self.txn.open_table(definition)?;
        let mut rest = self.piece;
        while !rest.is_empty() {
            let key = part(&mut rest)?;
            let value = part(&mut rest)?;
            fits::<K>(key)?;
            fits::<V>(value)?;
            table.insert(K::from_bytes(key), V::from_bytes(value))?;
        }
        Ok(())
    }
}

fn fits<T: Value>(bytes: &[u8]) -> Result<(), StoreError> {
    match T::fixed_width() {
        Some(width) if width != bytes.len() => Err(torn()),
        _ => Ok(()),
    }
}

fn part<'p>(rest: &mut &'p [u8]) -> Result<&'p [u8], StoreError> {
    let (length, after) = rest.split_first_chunk::<4>().ok_or_else(torn)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (part, after) = after.split_at_checked(length).ok_or_else(torn)?;
    *rest = after;
    Ok(part)
}

fn torn() -> StoreError {
    StoreError::corrupt("a piece of a table is torn")
}

#[cfg(test)]
mod tests;
