//! Why a directory cannot be watched, for whoever has to mend it.

use std::io;
use std::path::Path;

use rpa_ipc::fault::{count, quoted};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::kernel::Refusal;
use super::scan::{MOST_FILES, ScanError};
use super::unread::Unread;

/// Letters of a path that somebody else has made.
const LONGEST_SHOWN: usize = 200;
const CODE: FaultCode = FaultCode::DirectoryUnwatched;

pub(super) fn scan(error: &ScanError) -> Fault {
    match error {
        ScanError::Unreadable(path, error) => unreadable(path, error),
        ScanError::NoDirectory(path) => {
            fault!(CODE, "watch-no-directory", directory = shown(path))
        }
        ScanError::TooMany(path) => {
            fault!(CODE, "watch-too-many", directory = shown(path), most = count(MOST_FILES))
                .hint(said!("hint-watch-too-many"))
        }
        ScanError::Stopped => fault!(FaultCode::Draining, "daemon-stopped"),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::NotFound => {
            fault!(CODE, "watch-absent", directory = shown(path))
        }
        _ => fault!(CODE, "watch-unreadable", path = shown(path), error = error)
            .hint(said!("hint-watch-unreadable", path = shown(path))),
    }
}

/// Something below the directory is passed over, if anything is.
pub(super) fn unread(directory: &Path, unread: &Unread) -> Option<Fault> {
    let (below, error) = unread.first()?;
    let path = shortened(&directory.join(below));
    let error = io::Error::from(error);
    let fault = match unread.len() - 1 {
        0 => fault!(CODE, "watch-place-unread", path = path, error = error),
        more => {
            fault!(CODE, "watch-places-unread", path = path, error = error, more = count(more))
        }
    };
    Some(fault.hint(said!("hint-watch-place-unread", path = path)))
}

/// The kernel does not tell of changes: they are looked for every so often.
pub(super) fn refused(directory: &Path, refusal: &Refusal, poll_ms: u64) -> Fault {
    let (directory, seconds) = (shown(directory), poll_ms / 1000);
    match refusal {
        Refusal::Watches => fault!(CODE, "watch-limit", directory = directory, seconds = seconds)
            .hint(said!("hint-watch-limit")),
        Refusal::Instances => {
            fault!(CODE, "watch-instances", directory = directory, seconds = seconds)
                .hint(said!("hint-watch-instances"))
        }
        Refusal::Other(error) => {
            fault!(CODE, "watch-refused", directory = directory, seconds = seconds, error = error)
        }
    }
}

/// All files are gone, and the directory is not the one that had them.
pub(super) fn other_directory(directory: &Path, seen: usize) -> Fault {
    fault!(CODE, "watch-other-directory", directory = shown(directory), count = count(seen))
        .hint(said!("hint-watch-other-directory"))
}

/// One that is too long to be read is too long to be said.
fn shortened(path: &Path) -> String {
    let text = path.to_string_lossy();
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", quoted(&text[..end])),
        None => quoted(&text),
    }
}

fn shown(path: &Path) -> String {
    quoted(&path.to_string_lossy())
}
