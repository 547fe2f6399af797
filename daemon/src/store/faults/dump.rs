//! All that a store holds, as one digest for each table: two stores with the same digests
//! give the same answers to every question.

use std::collections::{BTreeMap, BTreeSet};

use redb::{Key, ReadTransaction, ReadableTable, TableDefinition, TableHandle, Value};

use crate::store::Store;
use crate::store::error::{StoreError, no_panic};
use crate::store::every::{EachTable, each_table};

/// Rows and a digest over keys and values, of each table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dump(BTreeMap<String, (u64, [u8; 32])>);

impl Dump {
    /// The tables in which two stores differ.
    pub fn differs(&self, other: &Dump) -> Vec<String> {
        let names: BTreeSet<&String> = self.0.keys().chain(other.0.keys()).collect();
        let differs = |name: &&&String| self.0.get(**name) != other.0.get(**name);
        names
            .iter()
            .filter(differs)
            .map(|name| {
                let rows = |dump: &Dump| dump.0.get(*name).map_or(0, |(rows, _)| *rows);
                format!("{name}: {} and {} rows", rows(self), rows(other))
            })
            .collect()
    }
}

pub fn dump(store: &Store) -> Result<Dump, StoreError> {
    no_panic(store.path(), || {
        let txn = store.begin_read()?;
        let mut tables = BTreeMap::new();
        each_table(&mut Sums { txn: &txn, tables: &mut tables })?;
        for stored in txn.list_tables()? {
            let known = tables.contains_key(stored.name());
            assert!(known, "the table {} is not in store/every.rs", stored.name());
        }
        Ok(Dump(tables))
    })
}

struct Sums<'a> {
    txn: &'a ReadTransaction,
    tables: &'a mut BTreeMap<String, (u64, [u8; 32])>,
}

impl EachTable for Sums<'_> {
    fn table<K: Key + 'static, V: Value + 'static>(
        &mut self,
        definition: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError> {
        let mut hasher = blake3::Hasher::new();
        let mut rows = 0;
        for entry in self.txn.open_table(definition)?.iter()? {
            let (key, value) = entry?;
            let (key, value) = (key.value(), value.value());
            for part in [K::as_bytes(&key).as_ref(), V::as_bytes(&value).as_ref()] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part);
            }
            rows += 1;
        }
        let sum = (rows, *hasher.finalize().as_bytes());
        self.tables.insert(definition.name().to_owned(), sum);
        Ok(())
    }
}
