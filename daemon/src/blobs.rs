//! Large documents beside the run, by content hash.
//!
//! A row that refers to one is committed only after the file and its directory
//! are on disk. The hash is checked at each reading.

use std::fs;
use std::io::{self, Write};

use rpa_engine::{BlobRef, Map, RunId, Value};

use crate::rundir::{self, RunDirs};
use crate::store::codec;

/// A document above this many bytes does not travel through rows and the journal.
pub const INLINE: usize = 64 * 1024;

#[derive(Clone, Debug)]
pub struct Blobs {
    dirs: RunDirs,
}

impl Blobs {
    pub fn new(dirs: RunDirs) -> Blobs {
        Blobs { dirs }
    }

    /// Replaces what is too large by references: first large fields of a map, then
    /// the whole if it still is.
    pub fn spill(&self, run: RunId, value: Value) -> io::Result<Value> {
        if size(&value) <= INLINE {
            return Ok(value);
        }
        let Value::Map(fields) = value else { return self.write(run, &value) };
        let mut small = Map::new();
        for (key, field) in fields {
            let field = if size(&field) > INLINE { self.spill(run, field)? } else { field };
            small.insert(key, field);
        }
        let map = Value::Map(small);
        if size(&map) > INLINE { self.write(run, &map) } else { Ok(map) }
    }

    pub fn spill_map(&self, run: RunId, map: Map) -> io::Result<Map> {
        map.into_iter().map(|(k, v)| Ok((k, self.spill(run, v)?))).collect()
    }

    /// Puts referred documents back in their places.
    pub fn load(&self, run: RunId, value: Value) -> io::Result<Value> {
        Ok(match value {
            Value::Blob(blob) => self.load(run, self.read(run, &blob)?)?,
            Value::List(items) => Value::List(
                items.into_iter().map(|v| self.load(run, v)).collect::<io::Result<_>>()?,
            ),
            Value::Map(map) => Value::Map(
                map.into_iter()
                    .map(|(k, v)| Ok((k, self.load(run, v)?)))
                    .collect::<io::Result<_>>()?,
            ),
            other @ (Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Sealed(_)) => other,
        })
    }

    fn write(&self, run: RunId, value: &Value) -> io::Result<Value> {
        let (hash, bytes) = codec::encode_blob(value).map_err(io::Error::other)?;
        let reference = BlobRef { hash, bytes: bytes.len() as u64 };
        let dir = self.dirs.blobs(run);
        let path = dir.join(&reference.hash);
        if !path.exists() {
            rundir::create(&dir)?;
            let draft = dir.join(format!("{}.new", reference.hash));
            let mut file = fs::File::create(&draft)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&draft, &path)?;
            rundir::sync_dir(&dir)?;
        }
        Ok(Value::Blob(reference))
    }

    fn read(&self, run: RunId, blob: &BlobRef) -> io::Result<Value> {
        let bytes = fs::read(self.dirs.blobs(run).join(&blob.hash))?;
        if blake3::hash(&bytes).to_hex().as_str() != blob.hash {
            let damaged = format!("stored document {} is damaged", blob.hash);
            return Err(io::Error::new(io::ErrorKind::InvalidData, damaged));
        }
        codec::decode_blob(&bytes).map_err(io::Error::other)
    }
}

/// Roughly the encoded size of a document in bytes.
fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 1,
        Value::Int(_) | Value::Float(_) => 9,
        Value::Text(s) => s.len() + 3,
        Value::List(items) => 3 + items.iter().map(size).sum::<usize>(),
        Value::Map(map) => 3 + map.iter().map(|(k, v)| k.len() + 3 + size(v)).sum::<usize>(),
        Value::Blob(_) => 80,
        Value::Sealed(sealed) => {
            256 + sealed.scope.iter().map(|(k, v)| k.len() + size(v)).sum::<usize>()
        }
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
        let path = dirs.blobs(run).join(&reference.hash);
        let mut bytes = fs::read(&path).unwrap();
        bytes[100] ^= 1;
        fs::write(&path, bytes).unwrap();
        assert!(blobs.load(run, spilled).is_err());
    }
}
