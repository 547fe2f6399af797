//! The files of a log: opened with care, measured, and their index mended.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use memchr::{memchr_iter, memrchr};
use rustix::fs::OFlags;

use super::STRIDE;

/// Longer than any line that is ever written: what exceeds it is not ours.
pub(super) const LONGEST: u64 = 1024 * 1024;

/// Bytes of a log; 0 for one that is not there.
pub fn bytes(path: &Path) -> io::Result<u64> {
    Ok(open_if_there(path)?.map(|log| log.metadata()).transpose()?.map_or(0, |meta| meta.len()))
}

/// Bytes and lines of a log that nobody writes, and that is let grow to `limit`.
pub fn length(path: &Path, limit: u64) -> io::Result<(u64, u64)> {
    let Some(log) = open_if_there(path)? else { return Ok((0, 0)) };
    let bytes = log.metadata()?.len();
    within(bytes, limit)?;
    let (number, offset) = nearest(path, &log, bytes, u64::MAX)?;
    Ok((bytes, number + count_lines(&log, offset, bytes)?))
}

/// Refuses a length that no log has that is let grow to `limit`: what follows the
/// line that reached it is a remark that says so.
pub(super) fn within(bytes: u64, limit: u64) -> io::Result<()> {
    if bytes <= limit.saturating_add(2 * LONGEST) {
        return Ok(());
    }
    let text = format!("it is longer than a log may grow ({limit} bytes: runs.log_limit)");
    Err(io::Error::new(io::ErrorKind::InvalidData, text))
}

/// Makes the index fit a log of `bytes` bytes and returns its number of lines.
pub(super) fn repair_index(log: &File, index: &File, bytes: u64) -> io::Result<u64> {
    let mut sound = entries(index, bytes)?;
    let (mut number, mut offset) = (0, 0);
    // entries past the end, or not at the start of a line, are from a lost tail
    while let Some(last) = sound.checked_sub(1) {
        if let Some(at) = entry(index, last, log, bytes)? {
            (number, offset) = (last * STRIDE, at);
            break;
        }
        sound = last;
    }
    index.set_len(sound * 8)?;
    let mut reader = BufReader::with_capacity(64 * 1024, log.try_clone()?);
    reader.seek(SeekFrom::Start(offset))?;
    let mut raw = Vec::new();
    let mut first = sound > 0;
    while offset < bytes {
        if number.is_multiple_of(STRIDE) && !first {
            let mut end = index;
            io::Write::write_all(&mut end, &offset.to_le_bytes())?;
        }
        first = false;
        raw.clear();
        let read = (&mut reader).take(LONGEST).read_until(b'\n', &mut raw)?;
        if read == 0 {
            break;
        }
        if read as u64 == LONGEST && raw.last() != Some(&b'\n') {
            return Err(foreign());
        }
        offset += read as u64;
        number += 1;
    }
    Ok(number)
}

/// A step can reach its run's directory: what lies there under the log's name need
/// not be a log.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).map_err(io::Error::other)?;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(foreign()) }
}

pub(super) fn open_if_there(path: &Path) -> io::Result<Option<File>> {
    match open(path) {
        Ok(file) => Ok(Some(file)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

pub(super) fn foreign() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it is not a log that rpad wrote")
}

fn starts_line(log: &File, offset: u64, bytes: u64) -> io::Result<bool> {
    if offset >= bytes {
        return Ok(false);
    }
    if offset == 0 {
        return Ok(true);
    }
    let mut before = [0];
    log.read_exact_at(&mut before, offset - 1)?;
    Ok(before == *b"\n")
}

/// The last indexed line at or before `line`: its number and byte offset. The first
/// line when the index says what cannot be of a `log` of so many `bytes`.
pub(super) fn nearest(path: &Path, log: &File, bytes: u64, line: u64) -> io::Result<(u64, u64)> {
    let Some(index) = open_if_there(&path.with_file_name("log.idx"))? else { return Ok((0, 0)) };
    let Some(last) = entries(&index, bytes)?.checked_sub(1) else { return Ok((0, 0)) };
    let wanted = (line / STRIDE).min(last);
    let offset = entry(&index, wanted, log, bytes)?;
    Ok(offset.map_or((0, 0), |offset| (wanted * STRIDE, offset)))
}

/// How many entries can be of a log of so many `bytes`: a line has one at least.
fn entries(index: &File, bytes: u64) -> io::Result<u64> {
    Ok((index.metadata()?.len() / 8).min(bytes / STRIDE + 1))
}

/// What the index says of line `number` times [`STRIDE`], if that can be.
fn entry(index: &File, number: u64, log: &File, bytes: u64) -> io::Result<Option<u64>> {
    let mut offset = [0; 8];
    index.read_exact_at(&mut offset, number * 8)?;
    let offset = u64::from_le_bytes(offset);
    let sound = number * STRIDE <= offset && starts_line(log, offset, bytes)?;
    Ok(sound.then_some(offset))
}

/// Line ends between two offsets.
fn count_lines(log: &File, from: u64, to: u64) -> io::Result<u64> {
    let mut file = log.try_clone()?;
    file.seek(SeekFrom::Start(from))?;
    let mut file = file.take(to.saturating_sub(from));
    let mut buffer = vec![0; 64 * 1024];
    let (mut lines, mut without) = (0, 0);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(lines);
        }
        let block = &buffer[..read];
        lines += memchr_iter(b'\n', block).count() as u64;
        without = memrchr(b'\n', block).map_or(without + read, |at| read - at - 1);
        if without as u64 >= LONGEST {
            return Err(foreign());
        }
    }
}
