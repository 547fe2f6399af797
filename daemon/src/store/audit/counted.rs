//! A table, and how many of its rows something else asks for.

use redb::{
    Key, Range, ReadOnlyTable, ReadTransaction, ReadableTableMetadata, TableDefinition,
    TableHandle, Value,
};

use crate::store::error::StoreError;

pub(super) struct Counted<K: Key + 'static, V: Value + 'static> {
    pub(super) table: ReadOnlyTable<K, V>,
    pub(super) name: String,
    /// Rows that are accounted for.
    pub(super) seen: u64,
}

impl<K: Key + 'static, V: Value + 'static> Counted<K, V> {
    pub(super) fn open(
        txn: &ReadTransaction,
        definition: TableDefinition<'static, K, V>,
    ) -> Result<Counted<K, V>, StoreError> {
        let name = definition.name().to_owned();
        Ok(Counted { table: txn.open_table(definition)?, name, seen: 0 })
    }

    /// All rows, which can be looked at while something is found.
    pub(super) fn all(&self) -> Result<Range<'static, K, V>, StoreError> {
        Ok(self.table.range::<K::SelfType<'_>>(..)?)
    }

    /// Whether a row is there that must be.
    pub(super) fn has<'k>(
        &mut self,
        key: impl std::borrow::Borrow<K::SelfType<'k>>,
    ) -> Result<bool, StoreError> {
        let there = self.table.get(key)?.is_some();
        self.seen += u64::from(there);
        Ok(there)
    }

    /// The table and what to say, when rows are left that nothing asks for.
    pub(super) fn extra(&self, what: &str) -> Result<Option<(String, String)>, StoreError> {
        let there = self.table.len()?;
        let text = || format!("{there} {what} are stored, {} should be", self.seen);
        Ok((there != self.seen).then(|| (self.name.clone(), text())))
    }
}
