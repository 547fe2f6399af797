//! Ranges of a log by line number, without reading what is before.

use std::io;
use std::path::Path;
use std::time::Instant;

use super::line::Line;
use super::scan::Scan;
use super::window::kept;

/// Most bytes of text in one range: many pages may be under way at once.
const MAX_BYTES: usize = 1024 * 1024;

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Range<'a> {
    /// First line, from 0.
    pub from: u64,
    pub max: usize,
    /// Only this step, or what is inside it.
    pub step: Option<&'a str>,
}

/// Reads lines with their numbers until `deadline`, and a block of them at least;
/// and the number of the line after the last one looked at. A log that is not there
/// has no lines.
pub fn read_range(
    path: &Path,
    range: &Range<'_>,
    deadline: Instant,
) -> io::Result<(Vec<(u64, Line)>, u64)> {
    let Some(mut scan) = Scan::of_all(path)? else { return Ok((Vec::new(), 0)) };
    let mut place = scan.place(range.from, deadline)?;
    let mut lines = Vec::new();
    let mut bytes = 0;
    while let Some(block) = scan.after(place)? {
        for (number, raw) in block.lines() {
            let Some(line) = kept(raw, range.step) else { continue };
            lines.push((number, line));
            bytes += raw.len();
            if lines.len() >= range.max || bytes >= MAX_BYTES {
                return Ok((lines, number + 1));
            }
        }
        place = block.end();
        if Instant::now() >= deadline {
            break;
        }
    }
    Ok((lines, place.line))
}
