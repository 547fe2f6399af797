//! Reading ranges of a log by line number, without reading what is before.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use super::STRIDE;
use super::line::{self, Line};

/// Most bytes of text in one range: many pages may be under way at once.
const MAX_BYTES: usize = 1024 * 1024;
/// Longer than any line that is ever written: what exceeds it is not ours.
pub(super) const LONGEST: u64 = 1024 * 1024;

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Range<'a> {
    /// First line, from 0.
    pub from: u64,
    pub max: usize,
    /// Only this step, or what is inside it.
    pub step: Option<&'a str>,
}

/// Reads lines with their numbers, and the number of the line after the last one
/// looked at. A log that is not there has no lines.
pub fn read_range(path: &Path, range: &Range<'_>) -> io::Result<(Vec<(u64, Line)>, u64)> {
    let mut file = match open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), 0)),
        Err(e) => return Err(e),
    };
    let (mut number, offset) = nearest(path, range.from)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut reader = BufReader::with_capacity(64 * 1024, file);
    let mut lines = Vec::new();
    let mut raw = Vec::new();
    let mut bytes = 0;
    while lines.len() < range.max && bytes < MAX_BYTES {
        raw.clear();
        let read = (&mut reader).take(LONGEST).read_until(b'\n', &mut raw)?;
        if raw.pop() != Some(b'\n') {
            if read as u64 == LONGEST {
                return Err(foreign());
            }
            // a line without its end is still being written
            break;
        }
        let is_of_step = || range.step.is_none_or(|step| line::is_of(&raw, step));
        if number >= range.from && is_of_step() {
            bytes += raw.len();
            lines.push((number, line::parse(&String::from_utf8_lossy(&raw))));
        }
        number += 1;
    }
    Ok((lines, number))
}

/// Bytes and lines of a log that nobody writes.
pub fn length(path: &Path) -> io::Result<(u64, u64)> {
    let log = match open(path) {
        Ok(log) => log,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok((0, 0)),
        Err(e) => return Err(e),
    };
    let bytes = log.metadata()?.len();
    let (number, offset) = nearest(path, u64::MAX)?;
    Ok((bytes, number + count_lines(&log, offset)?))
}

/// Makes the index fit a log of `bytes` bytes and returns its number of lines.
pub(super) fn repair_index(log: &File, index: &File, bytes: u64) -> io::Result<u64> {
    let entries = index.metadata()?.len() / 8;
    let mut sound = entries;
    // entries past the end, or not at the start of a line, are from a lost tail
    while sound > 0 && !starts_line(log, entry(index, sound - 1)?, bytes)? {
        sound -= 1;
    }
    let (mut number, mut offset) = match sound {
        0 => (0, 0),
        n => ((n - 1) * STRIDE, entry(index, n - 1)?),
    };
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

pub(super) fn foreign() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it is not a log that rpad wrote")
}

pub(super) fn starts_line(log: &File, offset: u64, bytes: u64) -> io::Result<bool> {
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

/// The last indexed line at or before `line`: its number and byte offset.
pub(super) fn nearest(log: &Path, line: u64) -> io::Result<(u64, u64)> {
    let index = match open(&log.with_file_name("log.idx")) {
        Ok(index) => index,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok((0, 0)),
        Err(e) => return Err(e),
    };
    let entries = index.metadata()?.len() / 8;
    let Some(last) = entries.checked_sub(1) else { return Ok((0, 0)) };
    let wanted = (line / STRIDE).min(last);
    Ok((wanted * STRIDE, entry(&index, wanted)?))
}

fn entry(index: &File, number: u64) -> io::Result<u64> {
    let mut bytes = [0; 8];
    index.read_exact_at(&mut bytes, number * 8)?;
    Ok(u64::from_le_bytes(bytes))
}

fn count_lines(log: &File, offset: u64) -> io::Result<u64> {
    let mut file = log.try_clone()?;
    file.seek(SeekFrom::Start(offset))?;
    let mut buffer = vec![0; 64 * 1024];
    let mut lines = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(lines);
        }
        lines += buffer[..read].iter().filter(|b| **b == b'\n').count() as u64;
    }
}
