//! The file of a backup: what is in it, how it is written, and how it is checked.
//!
//! ```text
//! a plain tar file
//!     backup.json               what it is: `Head`
//!     store/<table>/<number>    rows of one table: key length (u32, little endian),
//!                               key, value length, value, and so on
//!     runs/<day>/<run>/blobs/<hash>, runs/<day>/<run>/log, archive/<file>
//!     manifest.json             every member with its size and BLAKE3: `Manifest`
//!     manifest.b3               the BLAKE3 of the manifest
//! ```
//! It is written from front to back by whoever has the store, over the wire or into a
//! file, and no member is larger than memory. It is not compressed: a checksum names the
//! member that is damaged, and any tar reads the rest. The daemon and the command line
//! have one code for it, so that a backup can be checked where no daemon is.

mod check;
mod draft;
mod stream;
mod write;

#[cfg(test)]
mod tests;

pub use check::{Checked, check, members};
pub use draft::{Draft, PART};
pub use stream::{BackupRequest, BackupStream, Frame, Kept, Part, frame_of_data, frame_of_end};
pub use write::Writer;

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};

use crate::fault::{Said, quoted};
use crate::{Fault, FaultCode, fault, said};

/// Version of this format; another one is refused.
pub const FORMAT: u32 = 1;

pub(crate) const HEAD: &str = "backup.json";
pub(crate) const MANIFEST: &str = "manifest.json";
pub(crate) const SEAL: &str = "manifest.b3";
/// Largest piece of a table in bytes: the largest row that the daemon stores, and what
/// may stand before it.
pub const MAX_PIECE: u64 = 66 << 20;
/// Largest manifest in bytes: some two million members.
const MAX_MANIFEST: u64 = 256 << 20;
const MAX_HEAD: u64 = 64 << 10;

/// What a backup is: its first member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub format: u32,
    /// Version of the store's own format.
    pub store_format: u32,
    /// Version of the daemon that made it.
    pub version: String,
    /// The identity of the store: idempotency keys come from it.
    pub instance: String,
    /// Milliseconds since the Unix epoch: all that was durable by then is in it.
    pub taken_ms: u64,
    pub runs: u64,
    /// Of these, runs that had not ended.
    pub open_runs: u64,
    /// Whether logs of ended runs and archives are in it as well.
    pub history: bool,
}

/// What is in a backup: its last member but one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// In the order of the file.
    pub members: Vec<Member>,
    /// Rows of each table.
    pub tables: BTreeMap<String, u64>,
    /// Rows that did not match their own checksums when they were copied: the store was
    /// damaged before.
    pub damaged_rows: u64,
    /// Files that were removed while they were being copied.
    pub gone: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub path: String,
    pub bytes: u64,
    /// In hex.
    pub blake3: String,
}

/// What is wrong with a file that should be a backup.
#[derive(Debug, thiserror::Error)]
pub enum BadBackup {
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("it is no backup of rpad")]
    Foreign,
    #[error("its format is {0}")]
    Format(u32),
    #[error("it breaks off after {0}")]
    Torn(String),
    #[error("{0}: other content")]
    Content(String),
    #[error("{0}: not in the manifest, or not where it belongs")]
    Place(String),
    #[error("{0}: missing")]
    Missing(String),
    #[error("{0}: cannot be read: {1}")]
    Unreadable(String, String),
}

impl BadBackup {
    /// The same as a piece of a fault's sentence.
    pub fn said(&self) -> Said {
        match self {
            BadBackup::Io(error) => said!("backup-unread", error = error),
            BadBackup::Foreign => said!("backup-foreign"),
            BadBackup::Format(found) => said!("backup-format", found = found, known = FORMAT),
            BadBackup::Torn(after) => said!("backup-torn", after = quoted(after)),
            BadBackup::Content(path) => said!("backup-content", path = quoted(path)),
            BadBackup::Place(path) => said!("backup-place", path = quoted(path)),
            BadBackup::Missing(path) => said!("backup-missing", path = quoted(path)),
            BadBackup::Unreadable(path, error) => {
                said!("backup-member-unread", path = quoted(path), error = error)
            }
        }
    }

    /// The fault of the file at `path`.
    pub fn fault(&self, path: &std::path::Path) -> Fault {
        let (file, why) = (path.display(), self.said());
        match self {
            BadBackup::Io(error) => {
                fault!(FaultCode::Io, "file-failed", path = file, error = error)
            }
            _ => fault!(FaultCode::BadBackup, "backup-bad", file = file, why = why),
        }
    }
}
