//! A table that a transaction opens when it is first used.
//!
//! Most transactions touch three or four of the tables, and opening one costs about
//! as much as writing a row.

use std::borrow::Borrow;
use std::cell::OnceCell;
use std::ops::RangeBounds;

use redb::{
    AccessGuard, Key, Range, ReadableTable, Table, TableDefinition, Value, WriteTransaction,
};

use super::error::StoreError;

/// One table of one write transaction. The methods are redb's.
pub(super) struct Lazy<'t, K: Key + 'static, V: Value + 'static> {
    txn: &'t WriteTransaction,
    definition: TableDefinition<'static, K, V>,
    table: OnceCell<Table<'t, K, V>>,
    changed: bool,
}

impl<'t, K: Key + 'static, V: Value + 'static> Lazy<'t, K, V> {
    pub(super) fn new(
        txn: &'t WriteTransaction,
        definition: TableDefinition<'static, K, V>,
    ) -> Lazy<'t, K, V> {
        Lazy { txn, definition, table: OnceCell::new(), changed: false }
    }

    /// The table itself; made if it is not there.
    pub(super) fn open(&self) -> Result<&Table<'t, K, V>, StoreError> {
        if let Some(table) = self.table.get() {
            return Ok(table);
        }
        let table = self.txn.open_table(self.definition)?;
        Ok(self.table.get_or_init(|| table))
    }

    /// Whether the transaction has written to it.
    pub(super) fn is_changed(&self) -> bool {
        self.changed
    }

    fn open_mut(&mut self) -> Result<&mut Table<'t, K, V>, StoreError> {
        self.open()?;
        self.changed = true;
        self.table.get_mut().ok_or_else(StoreError::closed)
    }

    pub(super) fn get<'k>(
        &self,
        key: impl Borrow<K::SelfType<'k>>,
    ) -> Result<Option<AccessGuard<'_, V>>, StoreError> {
        Ok(self.open()?.get(key)?)
    }

    pub(super) fn insert<'k, 'v>(
        &mut self,
        key: impl Borrow<K::SelfType<'k>>,
        value: impl Borrow<V::SelfType<'v>>,
    ) -> Result<(), StoreError> {
        self.open_mut()?.insert(key, value)?;
        Ok(())
    }

    pub(super) fn remove<'k>(
        &mut self,
        key: impl Borrow<K::SelfType<'k>>,
    ) -> Result<(), StoreError> {
        self.open_mut()?.remove(key)?;
        Ok(())
    }

    pub(super) fn range<'k, R: Borrow<K::SelfType<'k>> + 'k>(
        &self,
        range: impl RangeBounds<R> + 'k,
    ) -> Result<Range<'_, K, V>, StoreError> {
        Ok(self.open()?.range(range)?)
    }

    pub(super) fn iter(&self) -> Result<Range<'_, K, V>, StoreError> {
        Ok(self.open()?.iter()?)
    }
}
