//! Writing a backup from front to back.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use super::{HEAD, Head, MANIFEST, Manifest, Member, SEAL};

/// A backup that is being written to `W`.
pub struct Writer<W: Write> {
    tar: tar::Builder<W>,
    manifest: Manifest,
    mtime: u64,
}

impl<W: Write> std::fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("members", &self.manifest.members.len()).finish()
    }
}

impl<W: Write> Writer<W> {
    pub fn new(to: W, head: &Head) -> io::Result<Writer<W>> {
        let mtime = head.taken_ms / 1000;
        let mut writer =
            Writer { tar: tar::Builder::new(to), manifest: Manifest::default(), mtime };
        let mut json = serde_json::to_vec_pretty(head)?;
        json.push(b'\n');
        writer.bytes(HEAD, &json)?;
        Ok(writer)
    }

    /// A member from memory.
    pub fn bytes(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let hash = blake3::hash(bytes);
        append(&mut self.tar, path, bytes.len() as u64, self.mtime, bytes)?;
        self.listed(path, bytes.len() as u64, &hash);
        Ok(())
    }

    /// A piece of a table.
    pub fn piece(&mut self, table: &str, number: u32, rows: u64, bytes: &[u8]) -> io::Result<()> {
        self.bytes(&format!("store/{table}/{number:06}"), bytes)?;
        *self.manifest.tables.entry(table.to_owned()).or_default() += rows;
        Ok(())
    }

    /// A member of exactly `size` bytes; a file that has grown meanwhile gives its first.
    pub fn file(&mut self, path: &str, size: u64, from: impl Read) -> io::Result<()> {
        let mut hashed = Hashed { from: from.take(size), hasher: blake3::Hasher::new(), read: 0 };
        append(&mut self.tar, path, size, self.mtime, &mut hashed)?;
        let Hashed { hasher, read, .. } = hashed;
        if read != size {
            let text = format!("{path} became shorter while it was copied");
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, text));
        }
        self.listed(path, size, &hasher.finalize());
        Ok(())
    }

    /// Remarks about what was copied.
    pub fn remark(&mut self, damaged_rows: u64, gone: u64) {
        self.manifest.damaged_rows += damaged_rows;
        self.manifest.gone += gone;
    }

    /// The manifest and its seal: without them it is no backup.
    pub fn finish(mut self) -> io::Result<Manifest> {
        let mut json = serde_json::to_vec(&self.manifest)?;
        json.push(b'\n');
        let seal = format!("{}\n", blake3::hash(&json).to_hex());
        append(&mut self.tar, MANIFEST, json.len() as u64, self.mtime, json.as_slice())?;
        append(&mut self.tar, SEAL, seal.len() as u64, self.mtime, seal.as_bytes())?;
        self.tar.into_inner()?.flush()?;
        Ok(self.manifest)
    }

    /// Rows of each table by now.
    pub fn tables(&self) -> &BTreeMap<String, u64> {
        &self.manifest.tables
    }

    fn listed(&mut self, path: &str, bytes: u64, hash: &blake3::Hash) {
        let blake3 = hash.to_hex().to_string();
        self.manifest.members.push(Member { path: path.to_owned(), bytes, blake3 });
    }
}

fn append<W: Write>(
    tar: &mut tar::Builder<W>,
    path: &str,
    size: u64,
    mtime: u64,
    from: impl Read,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    // what is in it is nobody else's business, wherever it is unpacked
    header.set_mode(0o600);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_mtime(mtime);
    tar.append_data(&mut header, path, from)
}

struct Hashed<R> {
    from: R,
    hasher: blake3::Hasher,
    read: u64,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        self.read += read as u64;
        Ok(read)
    }
}
