//! The files that a trigger has seen, as they were when it was told of them: the cursor of
//! a watched directory. It moves in the transaction of the delivery.
//!
//! ```text
//! seen_files   namespace, workflow, trigger, path -> SeenFile
//! ```

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

impl Tables<'_> {
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
