//! Whole lines of a log, a block at a time, in either direction, without what lies
//! between: the cost is that of what is looked at, however long the log is.
//!
//! A log is looked at as it was at one moment; what is appended meanwhile is not
//! seen. What lies there need not be a log that rpad wrote (a step can reach its
//! run's directory), and then a block is an error or holds nonsense, but each block
//! comes nearer to its end.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use memchr::{memchr, memchr_iter, memrchr};

use super::STRIDE;
use super::read::{self, LONGEST, foreign};

/// Bytes read at once: a few thousand lines. Tests see more borders.
const BLOCK: u64 = if cfg!(test) { 4 * 1024 } else { 256 * 1024 };

/// The beginning of a line, or the end of the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub line: u64,
    pub offset: u64,
}

/// Reads the blocks.
#[derive(Debug)]
pub struct Scan {
    path: PathBuf,
    file: File,
    buffer: Vec<u8>,
    end: Place,
}

/// Whole lines, each with its end; never empty.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    start: Place,
    bytes: &'a [u8],
}

impl Scan {
    /// Looks at a log that has so many `bytes` and `lines` by now. `None` for one
    /// that is not there.
    pub fn open(path: &Path, (bytes, lines): (u64, u64)) -> io::Result<Option<Scan>> {
        let Some(file) = read::open_if_there(path)? else { return Ok(None) };
        // somebody has cut it: its own length counts
        let (bytes, line) = match file.metadata()?.len() {
            here if here < bytes => read::length(path, here)?,
            _ => (bytes, lines),
        };
        Scan::until(path, file, Place { line, offset: bytes }).map(Some)
    }

    /// Looks at a log as long as it is, with no notion of its number of lines.
    pub fn of_all(path: &Path) -> io::Result<Option<Scan>> {
        let Some(file) = read::open_if_there(path)? else { return Ok(None) };
        let end = Place { line: u64::MAX, offset: file.metadata()?.len() };
        Scan::until(path, file, end).map(Some)
    }

    fn until(path: &Path, file: File, end: Place) -> io::Result<Scan> {
        let mut scan = Scan { path: path.to_owned(), file, buffer: Vec::new(), end };
        scan.end.offset = scan.without_torn_line(end.offset)?;
        Ok(scan)
    }

    /// The end of the last whole line.
    pub fn end(&self) -> Place {
        self.end
    }

    /// The beginning of `line`, or the end when there is no such line. An index that
    /// fits leads to within [`STRIDE`] lines of it; with another one it is looked for
    /// until `deadline`.
    pub fn place(&mut self, line: u64, deadline: Instant) -> io::Result<Place> {
        if line >= self.end.line {
            return Ok(self.end);
        }
        let (near, offset) = read::nearest(&self.path, &self.file, self.end.offset, line)?;
        let mut place = Place { line: near, offset };
        while place.line < line {
            // the next entry may be under way
            if place.line - near > 2 * STRIDE && Instant::now() >= deadline {
                return Err(astray());
            }
            let Some(block) = self.after(place)? else {
                // it has fewer lines than was said: somebody has been there
                self.end = place;
                return Ok(self.end);
            };
            let last = usize::try_from(line - place.line - 1).unwrap_or(usize::MAX);
            if let Some(at) = memchr_iter(b'\n', block.bytes).nth(last) {
                return Ok(Place { line, offset: place.offset + at as u64 + 1 });
            }
            place = block.end();
        }
        Ok(place)
    }

    /// The lines that follow `place`; `None` at the end.
    pub fn after(&mut self, place: Place) -> io::Result<Option<Block<'_>>> {
        let lines = self.end.line.saturating_sub(place.line);
        let room = self.end.offset.saturating_sub(place.offset);
        if lines == 0 || room == 0 {
            return Ok(None);
        }
        let mut size = BLOCK;
        loop {
            let read = self.fill(place.offset, size.min(room))?;
            if let Some(last) = memrchr(b'\n', &self.buffer[..read]) {
                return Ok(Some(Block::beginning_at(place, &self.buffer[..=last], lines)));
            }
            if (read as u64) < size.min(room) || size >= room {
                return Ok(None);
            }
            size = longer(size)?;
        }
    }

    /// The lines that lead up to `place`; `None` at the beginning.
    pub fn before(&mut self, place: Place) -> io::Result<Option<Block<'_>>> {
        let room = place.offset;
        if place.line == 0 || room == 0 {
            return Ok(None);
        }
        let mut size = BLOCK;
        loop {
            let start = room.saturating_sub(size);
            let read = self.fill(start, room - start)?;
            // what is ended by the last byte need not begin here
            let first = match start {
                0 => Some(0),
                _ => memchr(b'\n', &self.buffer[..read.saturating_sub(1)]).map(|at| at + 1),
            };
            if let Some(first) = first.filter(|_| read as u64 == room - start) {
                let bytes = &self.buffer[first..read];
                return Ok(Some(Block::ending_at(place, bytes)));
            }
            size = longer(size)?;
        }
    }

    /// Reads as many of `size` bytes as there are.
    fn fill(&mut self, offset: u64, size: u64) -> io::Result<usize> {
        let size = usize::try_from(size).map_err(io::Error::other)?;
        if self.buffer.len() < size {
            self.buffer.resize(size, 0);
        }
        let mut filled = 0;
        while filled < size {
            let to = &mut self.buffer[filled..size];
            match self.file.read_at(to, offset + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(filled)
    }

    /// Where the last line ends that has an end.
    fn without_torn_line(&mut self, bytes: u64) -> io::Result<u64> {
        let start = bytes.saturating_sub(LONGEST);
        let mut last = [0];
        if bytes == 0 || (self.file.read_at(&mut last, bytes - 1)? == 1 && last == *b"\n") {
            return Ok(bytes);
        }
        let read = self.fill(start, bytes - start)?;
        match memrchr(b'\n', &self.buffer[..read]) {
            Some(at) => Ok(start + at as u64 + 1),
            None if start == 0 => Ok(0),
            None => Err(foreign()),
        }
    }
}

fn astray() -> io::Error {
    let text = "its line index does not fit, and it is too long to be read without";
    io::Error::new(io::ErrorKind::InvalidData, text)
}

/// The size to try when a line is longer than a block.
fn longer(size: u64) -> io::Result<u64> {
    if size < LONGEST { Ok(size * 2) } else { Err(foreign()) }
}

impl<'a> Block<'a> {
    /// At most so many lines.
    fn beginning_at(start: Place, bytes: &'a [u8], lines: u64) -> Block<'a> {
        let last = usize::try_from(lines - 1).unwrap_or(usize::MAX);
        let end = memchr_iter(b'\n', bytes).nth(last).map_or(bytes.len(), |at| at + 1);
        Block { start, bytes: &bytes[..end] }
    }

    fn ending_at(place: Place, bytes: &'a [u8]) -> Block<'a> {
        let lines = memchr_iter(b'\n', bytes).count() as u64;
        // more lines than there can be: the index is not ours
        let excess = usize::try_from(lines.saturating_sub(place.line)).unwrap_or(usize::MAX);
        let last = excess.checked_sub(1).and_then(|n| memchr_iter(b'\n', bytes).nth(n));
        let bytes = &bytes[last.map_or(0, |at| at + 1)..];
        let offset = place.offset - bytes.len() as u64;
        Block { start: Place { line: place.line.saturating_sub(lines), offset }, bytes }
    }

    pub fn start(&self) -> Place {
        self.start
    }

    pub fn end(&self) -> Place {
        let lines = memchr_iter(b'\n', self.bytes).count() as u64;
        let offset = self.start.offset + self.bytes.len() as u64;
        Place { line: self.start.line + lines, offset }
    }

    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The lines without their ends, with their numbers.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = (u64, &'a [u8])> {
        let bytes = self.bytes;
        let mut begins = 0;
        let ends: Vec<_> = memchr_iter(b'\n', bytes)
            .map(|end| (std::mem::replace(&mut begins, end + 1), end))
            .collect();
        let first = self.start.line;
        let numbered = ends.into_iter().enumerate();
        numbered.map(move |(i, (from, to))| (first + i as u64, &bytes[from..to]))
    }
}
