//! Large documents beside the run, by content hash.
//!
//! A row that refers to one is committed only after the file and its directory
//! are on disk. The hash is checked at each reading.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};

use rpa_config::evaluate::large;
use rpa_engine::{BlobRef, RunId, Value};

use crate::failpoint::failpoint;
use crate::rundir::{self, RunDirs};
use crate::store::codec;

pub use rpa_config::evaluate::large::{INLINE, size};

#[derive(Clone, Debug)]
pub struct Blobs {
    dirs: RunDirs,
}

impl Blobs {
    pub fn new(dirs: RunDirs) -> Blobs {
        Blobs { dirs }
    }

    /// Replaces what is too large by references, see [`large::spill`].
    pub fn spill(&self, run: RunId, value: Value) -> io::Result<Value> {
        large::spill(value, &|v| self.put(run, v))
    }

    /// As [`Blobs::spill`] for named fields, whose sum is bounded as well.
    pub fn spill_map<K: Ord + AsRef<str>>(
        &self,
        run: RunId,
        map: BTreeMap<K, Value>,
    ) -> io::Result<BTreeMap<K, Value>> {
        large::spill_map(map, &|v| self.put(run, v))
    }

    /// Puts referred documents back in their places.
    pub fn load(&self, run: RunId, value: Value) -> io::Result<Value> {
        large::load(value, &|blob| self.read(run, blob))
    }

    /// Puts a document into a file whatever its size, and gives the reference.
    pub fn put(&self, run: RunId, value: &Value) -> io::Result<Value> {
        let (hash, bytes) = codec::encode_blob(value).map_err(io::Error::other)?;
        let reference = BlobRef { hash, bytes: bytes.len() as u64 };
        let dir = self.dirs.blobs(run);
        let path = dir.join(reference.hash.as_str());
        rundir::create(&dir)?;
        if !path.exists() {
            // a draft of its own: the same document may be written twice at once
            let mut draft = tempfile::NamedTempFile::new_in(&dir)?;
            draft.write_all(&bytes)?;
            draft.as_file().sync_all()?;
            failpoint!("before-document");
            draft.persist(&path)?;
            failpoint!("after-document");
        }
        // also when the file was there: whoever made it may not have come so far
        rundir::sync_up(&dir, 4)?;
        Ok(Value::Blob(reference))
    }

    /// Removes what was put aside for a run that was not accepted after all.
    pub fn forget(&self, run: RunId) {
        // what cannot be removed now is in nobody's way
        let _ = fs::remove_dir_all(self.dirs.blobs(run));
        let _ = fs::remove_dir(self.dirs.run(run));
    }

    /// As [`Blobs::load`], as long as no more than `left` bytes are read from files for
    /// all that is loaded with it; what is too much is an error.
    pub fn load_some(&self, run: RunId, value: Value, left: &Cell<u64>) -> io::Result<Value> {
        large::load(value, &|blob| {
            let too_large = || io::Error::from(io::ErrorKind::FileTooLarge);
            left.set(left.get().checked_sub(blob.bytes).ok_or_else(too_large)?);
            self.read(run, blob)
        })
    }

    /// Gives what `value` refers to in the run `from` to the run `to` as well.
    pub fn share(&self, from: RunId, to: RunId, value: &Value) -> io::Result<()> {
        match value {
            Value::Blob(blob) => {
                let dir = self.dirs.blobs(to);
                rundir::create(&dir)?;
                let name = blob.hash.as_str();
                match fs::hard_link(self.dirs.blobs(from).join(name), dir.join(name)) {
                    Err(e) if e.kind() != io::ErrorKind::AlreadyExists => return Err(e),
                    _ => {}
                }
                rundir::sync_up(&dir, 4)?;
                self.share(from, to, &self.read(from, blob)?)
            }
            Value::List(items) => items.iter().try_for_each(|v| self.share(from, to, v)),
            Value::Map(fields) => fields.values().try_for_each(|v| self.share(from, to, v)),
            _ => Ok(()),
        }
    }

    /// The document in one file.
    pub fn read(&self, run: RunId, blob: &BlobRef) -> io::Result<Value> {
        let damaged = || {
            let text = format!("stored document {} is damaged", blob.hash);
            io::Error::new(io::ErrorKind::InvalidData, text)
        };
        let path = self.dirs.blobs(run).join(blob.hash.as_str());
        let meta = fs::symlink_metadata(&path)?;
        if !meta.is_file() || meta.len() != blob.bytes {
            return Err(damaged());
        }
        let bytes = fs::read(&path)?;
        if blake3::hash(&bytes).to_hex().as_str() != blob.hash.as_str() {
            return Err(damaged());
        }
        codec::decode_blob(&bytes).map_err(io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_fields_leave_and_come_back() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(RunDirs::new(dir.path()));
        let run = RunId(7 << 80);
        let document = Value::from([
            ("stdout", Value::text("x".repeat(INLINE + 1))),
            ("exit_code", Value::Int(0)),
        ]);
        let spilled = blobs.spill(run, document.clone()).unwrap();
        assert!(matches!(spilled.get("stdout"), Some(Value::Blob(_))));
        assert_eq!(spilled.get("exit_code"), Some(&Value::Int(0)));
        assert_eq!(blobs.load(run, spilled).unwrap(), document);

        let many = Value::List(vec![Value::text("y".repeat(1000)); 100]);
        let one = blobs.spill(run, many.clone()).unwrap();
        assert!(matches!(one, Value::Blob(_)));
        assert_eq!(blobs.load(run, one).unwrap(), many);
    }

    #[test]
    fn a_damaged_document_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let dirs = RunDirs::new(dir.path());
        let blobs = Blobs::new(dirs.clone());
        let run = RunId(7 << 80);
        let spilled = blobs.spill(run, Value::text("x".repeat(INLINE + 1))).unwrap();
        let Value::Blob(reference) = &spilled else { panic!("not spilled") };
        let path = dirs.blobs(run).join(reference.hash.as_str());
        let mut bytes = fs::read(&path).unwrap();
        bytes[100] ^= 1;
        fs::write(&path, bytes).unwrap();
        assert!(blobs.load(run, spilled).is_err());
    }
}
