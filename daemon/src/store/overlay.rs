//! A store file that is looked into without a byte of it being written.
//!
//! redb repairs a file that was not closed when it opens it. Here what it writes stays in
//! memory, over the file, and is forgotten.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::{Builder, Database, ReadableDatabase, StorageBackend};

use super::error::StoreError;
use super::schema;

/// Bytes that are kept as one piece when any of them is written.
const PAGE: u64 = 4096;

/// The format of the store at `path`, whatever state its file is in.
pub fn stored_format(path: &Path) -> Result<Option<u32>, StoreError> {
    schema::stored_format(&open(path)?.begin_read()?)
}

/// The store as it would be after a repair. What is written to it is lost.
pub fn open(path: &Path) -> Result<Database, StoreError> {
    let file = File::open(path).map_err(|e| StoreError::from_io(&e))?;
    let length = file.metadata().map_err(|e| StoreError::from_io(&e))?.len();
    let over = Mutex::new(Over { length, pages: BTreeMap::new() });
    Ok(Builder::new().create_with_backend(Overlay { file, over })?)
}

#[derive(Debug)]
struct Overlay {
    file: File,
    over: Mutex<Over>,
}

/// What differs from the file.
#[derive(Debug)]
struct Over {
    length: u64,
    pages: BTreeMap<u64, Box<[u8]>>,
}

impl Overlay {
    fn over(&self) -> MutexGuard<'_, Over> {
        // pages are whole between statements, whoever panicked
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A page as the file has it; what is behind its end is zero.
    fn original(&self, page: u64) -> io::Result<Box<[u8]>> {
        let mut bytes = vec![0; PAGE as usize].into_boxed_slice();
        let mut filled = 0;
        while filled < bytes.len() {
            match self.file.read_at(&mut bytes[filled..], page * PAGE + filled as u64)? {
                0 => break,
                n => filled += n,
            }
        }
        Ok(bytes)
    }
}

/// Pages that a range touches: number, where it begins in the page, and how much of it.
fn pages(offset: u64, length: usize) -> impl Iterator<Item = (u64, usize, usize)> {
    let end = offset + length as u64;
    (offset / PAGE..end.div_ceil(PAGE)).map(move |page| {
        let from = offset.max(page * PAGE);
        let to = end.min((page + 1) * PAGE);
        (page, (from - page * PAGE) as usize, (to - from) as usize)
    })
}

impl StorageBackend for Overlay {
    fn len(&self) -> io::Result<u64> {
        Ok(self.over().length)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let over = self.over();
        if offset + out.len() as u64 > over.length {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        let mut done = 0;
        for (page, from, length) in pages(offset, out.len()) {
            let part = &mut out[done..done + length];
            match over.pages.get(&page) {
                Some(bytes) => part.copy_from_slice(&bytes[from..from + length]),
                None => part.copy_from_slice(&self.original(page)?[from..from + length]),
            }
            done += length;
        }
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut over = self.over();
        // what comes back behind a cut is zero
        for page in length.div_ceil(PAGE)..over.length.div_ceil(PAGE) {
            over.pages.insert(page, vec![0; PAGE as usize].into_boxed_slice());
        }
        over.length = length;
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut over = self.over();
        let mut done = 0;
        for (page, from, length) in pages(offset, data.len()) {
            let bytes = match over.pages.entry(page) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(free) => free.insert(self.original(page)?),
            };
            bytes[from..from + length].copy_from_slice(&data[done..done + length]);
            done += length;
        }
        over.length = over.length.max(offset + data.len() as u64);
        Ok(())
    }
}
