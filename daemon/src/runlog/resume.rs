//! How far the log got of an attempt that goes on.
//!
//! A daemon that is killed has written lines and not said so, or a line in part. Each
//! line of a step is one line of the log, so the log itself tells which ones are there.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use rpa_engine::AttemptId;
use rustix::fs::OFlags;

use super::read;

/// The streams of a step; what is said of it by the daemon is in another.
const STREAMS: [&[u8]; 3] = [b"out", b"err", b"log"];

/// See [`super::Logs::resume`].
pub(super) fn resume(path: &Path, attempt: &AttemptId, mark: u64) -> io::Result<(u64, u64)> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).map_err(io::Error::other)?;
    let log = match OpenOptions::new().read(true).write(true).custom_flags(flags).open(path) {
        Ok(log) => log,
        Err(e) if e.kind() == io::ErrorKind::NotFound && mark == 0 => return Ok((0, 0)),
        Err(e) => return Err(e),
    };
    let meta = log.metadata()?;
    if !meta.is_file() || meta.len() < mark {
        return Err(read::foreign());
    }
    let bytes = cut(&log, mark, meta.len())?;
    Ok((count(&log, attempt, mark)?, bytes))
}

/// Cuts off what follows the last line end behind `mark`; how long the log is then.
fn cut(log: &File, mark: u64, bytes: u64) -> io::Result<u64> {
    let mut end = bytes;
    let mut block = [0; 4096];
    while end > mark {
        let from = end.saturating_sub(block.len() as u64).max(mark);
        let part = &mut block[..usize::try_from(end - from).map_err(io::Error::other)?];
        log.read_exact_at(part, from)?;
        match memchr::memrchr(b'\n', part) {
            Some(at) => {
                end = from + at as u64 + 1;
                break;
            }
            None => end = from,
        }
    }
    if end < bytes {
        log.set_len(end)?;
    }
    Ok(end)
}

fn count(log: &File, attempt: &AttemptId, mark: u64) -> io::Result<u64> {
    let name = format!("{}#{}", attempt.path, attempt.number);
    let mut reader = BufReader::with_capacity(64 * 1024, log.try_clone()?);
    reader.seek(SeekFrom::Start(mark))?;
    let (mut lines, mut raw) = (0, Vec::new());
    loop {
        raw.clear();
        let read = io::Read::take(&mut reader, read::LONGEST).read_until(b'\n', &mut raw)?;
        if read == 0 {
            return Ok(lines);
        }
        if raw.last() != Some(&b'\n') {
            return Err(read::foreign());
        }
        let mut words = raw.splitn(4, |byte| *byte == b' ').skip(1);
        let is_its = words.next() == Some(name.as_bytes())
            && words.next().is_some_and(|stream| STREAMS.contains(&stream));
        lines += u64::from(is_its);
    }
}
