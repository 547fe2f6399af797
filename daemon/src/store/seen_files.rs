//! The files that a trigger has seen, as they were when it was told of them: the cursor of
//! a watched directory. It moves in the transaction of the delivery.
//!
//! ```text
//! seen_files   namespace, workflow, trigger, path -> SeenFile
//! watched      namespace, workflow, trigger       -> WatchedRow
//! ```
//! A trigger without a [`WatchedRow`] has not looked yet: what it finds is its baseline. One
//! with a row and no files has found an empty directory.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::codec::{decode, encode};
use super::error::StoreError;
use super::query::Reader;
use super::schema;
use super::triggers::TriggerKey;
use super::write::Tables;

/// A file as it was when it was last told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenFile {
    /// Bytes.
    pub size: u64,
    /// Since 1970.
    pub modified_ns: u64,
    /// BLAKE3 of its content, when that is compared.
    pub content: Option<[u8; 32]>,
}

/// Which files the rows of a trigger are about: those that it meant when it looked last.
/// Of others, which a new declaration means as well, it knows nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchedRow {
    pub directory: String,
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub recursive: bool,
    pub root: Root,
}

/// By what a directory is known again under its path. Numbers of devices would change
/// between two starts of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    pub inode: u64,
    /// The kind of its file system, as `statfs` has it.
    pub kind: u64,
}

impl Tables<'_> {
    pub fn put_watched(&mut self, key: &TriggerKey, row: &WatchedRow) -> Result<(), StoreError> {
        self.watched.insert(key.as_key(), encode(row)?.as_slice())
    }

    /// None for a file that has gone.
    pub fn put_seen_file(
        &mut self,
        key: &TriggerKey,
        path: &str,
        file: Option<&SeenFile>,
    ) -> Result<(), StoreError> {
        let (namespace, workflow, trigger) = key.as_key();
        let place = (namespace, workflow, trigger, path);
        match file {
            Some(file) => self.seen_files.insert(place, encode(file)?.as_slice()),
            None => self.seen_files.remove(place),
        }
    }
}

impl Reader {
    pub fn watched(&self, key: &TriggerKey) -> Result<Option<WatchedRow>, StoreError> {
        let row = self.open(schema::WATCHED)?.get(key.as_key())?;
        row.map(|bytes| decode("watched directory", bytes.value())).transpose()
    }

    /// All that a trigger has seen, by path.
    pub fn seen_files(&self, key: &TriggerKey) -> Result<BTreeMap<String, SeenFile>, StoreError> {
        let (namespace, workflow, trigger) = key.as_key();
        let mut found = BTreeMap::new();
        for entry in self.open(schema::SEEN_FILES)?.range((namespace, workflow, trigger, "")..)? {
            let (place, file) = entry?;
            let (ns, flow, id, path) = place.value();
            if (ns, flow, id) != (namespace, workflow, trigger) {
                break;
            }
            found.insert(path.to_owned(), decode("seen file", file.value())?);
        }
        Ok(found)
    }
}
