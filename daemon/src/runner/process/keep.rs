//! What a runner puts on disk while no daemon takes it: a file per attempt.
//!
//! ```text
//! runner/<hash of the attempt>   RPRK1, then records: length u32, BLAKE3 (8 bytes), payload
//! start | lines …                the spill of an attempt that says much
//! start | lines … | end          all that there is to say of an attempt; synced
//! ```
//! The spill alone is worth nothing to a later runner: its attempt went down with the
//! one that wrote it. A file with an end holds every line that was not acknowledged.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rpa_engine::{AttemptId, Outcome, Priority};
use rpa_ipc::codec::{decode_within, encode_within};
use serde::{Deserialize, Serialize};

use super::super::wire::Batch;
use super::super::wire::frames::MAX_MESSAGE;
use crate::rundir;

const MAGIC: &[u8; 5] = b"RPRK1";
const CHECKSUM: usize = 8;
const HEADER: usize = 4 + CHECKSUM;

#[derive(Debug, Serialize, Deserialize)]
enum Record {
    Start {
        instance: [u8; 16],
        attempt: AttemptId,
        priority: Priority,
    },
    Lines(Vec<Arc<Batch>>),
    /// With how many lines had been acknowledged, and the mark of the last of them.
    End {
        outcome: Outcome,
        lines: u64,
        mark: u64,
    },
}

/// The file of one attempt.
#[derive(Debug)]
pub struct Keep {
    path: PathBuf,
    file: File,
    /// Where the next record begins.
    bytes: u64,
    /// Records with lines that are nowhere else, the oldest first.
    records: VecDeque<(u64, usize)>,
}

/// An attempt that ended before this runner began.
#[derive(Debug)]
pub struct Kept {
    pub instance: [u8; 16],
    pub attempt: AttemptId,
    pub priority: Priority,
    pub outcome: Outcome,
    pub lines: u64,
    pub mark: u64,
    pub keep: Keep,
}

/// Where the file of an attempt lies in the runner's directory.
pub fn path(dir: &Path, attempt: &AttemptId) -> PathBuf {
    // a step's path may be longer than a name
    dir.join(&blake3::hash(attempt.to_string().as_bytes()).to_hex()[..32])
}

impl Keep {
    pub fn create(
        path: &Path,
        instance: [u8; 16],
        attempt: &AttemptId,
        priority: Priority,
    ) -> io::Result<Keep> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(path)?;
        file.write_all(MAGIC)?;
        let bytes = MAGIC.len() as u64;
        let mut keep = Keep { path: path.to_owned(), file, bytes, records: VecDeque::new() };
        keep.append(&Record::Start { instance, attempt: attempt.clone(), priority })?;
        Ok(keep)
    }

    /// Takes over lines that are kept nowhere else.
    pub fn spill(&mut self, batches: Vec<Arc<Batch>>) -> io::Result<()> {
        let record = self.append(&Record::Lines(batches))?;
        self.records.push_back(record);
        Ok(())
    }

    /// Writes the end, and before it the lines that are in memory, and syncs all of it.
    /// `older` and `newer` are apart: the lines of the file stand between them.
    pub fn end(
        &mut self,
        older: Vec<Arc<Batch>>,
        newer: Vec<Arc<Batch>>,
        outcome: &Outcome,
        lines: u64,
        mark: u64,
    ) -> io::Result<()> {
        for batches in [older, newer] {
            if !batches.is_empty() {
                self.append(&Record::Lines(batches))?;
            }
        }
        self.append(&Record::End { outcome: outcome.clone(), lines, mark })?;
        self.file.sync_all()?;
        self.path.parent().map_or(Ok(()), rundir::sync_dir)
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether there are lines in it that are nowhere else.
    pub fn has_more(&self) -> bool {
        !self.records.is_empty()
    }

    /// The oldest of these lines.
    pub fn next(&mut self) -> io::Result<Vec<Arc<Batch>>> {
        let Some((at, length)) = self.records.pop_front() else { return Ok(Vec::new()) };
        match read(&self.file, at, length)? {
            Record::Lines(batches) => Ok(batches),
            Record::Start { .. } | Record::End { .. } => Err(damaged()),
        }
    }

    pub fn remove(self) {
        discard(&self.path);
    }

    fn append(&mut self, record: &Record) -> io::Result<(u64, usize)> {
        let payload = encode_within::<MAX_MESSAGE, Record>(record)?;
        let mut bytes = Vec::with_capacity(HEADER + payload.len());
        let length = u32::try_from(payload.len()).map_err(io::Error::other)?;
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(&blake3::hash(&payload).as_bytes()[..CHECKSUM]);
        bytes.extend_from_slice(&payload);
        // at a place of its own: what was written in part is written over
        self.file.write_all_at(&bytes, self.bytes)?;
        let record = (self.bytes, bytes.len());
        self.bytes += bytes.len() as u64;
        Ok(record)
    }
}

/// All attempts that earlier runners have kept to their end. Other files are of
/// attempts that went down with their runner: they are removed.
pub fn load(dir: &Path) -> io::Result<Vec<Kept>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        match open(&path)? {
            Some(kept) => all.push(kept),
            None => {
                tracing::warn!(path = %path.display(), "lines of an attempt that was lost with its runner are dropped");
                discard(&path);
            }
        }
    }
    Ok(all)
}

fn open(path: &Path) -> io::Result<Option<Kept>> {
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    let length = file.metadata()?.len();
    let mut magic = [0; MAGIC.len()];
    if length < magic.len() as u64 {
        return Ok(None);
    }
    file.read_exact_at(&mut magic, 0)?;
    if magic != *MAGIC {
        return Ok(None);
    }
    let mut at = magic.len() as u64;
    let (mut start, mut end, mut found) = (None, None, Vec::new());
    // what does not read was being written when the runner was lost
    while let Some(size) = whole(&file, at, length)
        && let Ok(record) = read(&file, at, size)
    {
        match record {
            Record::Start { instance, attempt, priority } => {
                start = Some((instance, attempt, priority));
            }
            Record::Lines(batches) => {
                found.extend(batches.first().map(|batch| (batch.first, (at, size))));
            }
            Record::End { outcome, lines, mark } => end = Some((outcome, lines, mark)),
        }
        at += size as u64;
    }
    let (Some((instance, attempt, priority)), Some((outcome, lines, mark))) = (start, end) else {
        return Ok(None);
    };
    // what was in memory is older than what had been spilled before it
    found.sort_unstable_by_key(|(first, _)| *first);
    let records = found.into_iter().map(|(_, record)| record).collect();
    let keep = Keep { path: path.to_owned(), file, bytes: at, records };
    Ok(Some(Kept { instance, attempt, priority, outcome, lines, mark, keep }))
}

/// The size of the record at this place, if all of it is there.
fn whole(file: &File, at: u64, length: u64) -> Option<usize> {
    let mut header = [0; 4];
    file.read_exact_at(&mut header, at).ok()?;
    let size = HEADER as u64 + u64::from(u32::from_le_bytes(header));
    (at + size <= length).then_some(size)?.try_into().ok()
}

fn read(file: &File, at: u64, size: usize) -> io::Result<Record> {
    let mut bytes = vec![0; size];
    file.read_exact_at(&mut bytes, at)?;
    let (header, payload) = bytes.split_at_checked(HEADER).ok_or_else(damaged)?;
    if blake3::hash(payload).as_bytes()[..CHECKSUM] != header[4..] {
        return Err(damaged());
    }
    decode_within::<MAX_MESSAGE, Record>(payload)
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a file of the runner is damaged")
}

fn discard(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "a file of the runner stays");
    }
}
