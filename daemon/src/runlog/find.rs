//! The next line that holds a text, in either direction.

use std::io;
use std::path::Path;
use std::time::Instant;

use memchr::{memchr, memchr_iter, memrchr};
use regex::bytes::{Regex, RegexBuilder};

use super::line;
use super::scan::{Block, Scan};

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Text {
    pattern: Regex,
    /// It is what stands before the text of a line, rather than in it.
    is_head: bool,
}

/// The head of a line on stderr, or of one of a level that is worse than `info`.
const TROUBLE: &str = r"(?m)^\S+ \S+ (?:err \S+|\S+ (?:warn|error)) ";

impl Text {
    /// Of either case when `text` is all lower case, in every script. `None` when
    /// there is nothing to look for, or far too much.
    pub fn new(text: &str) -> Option<Text> {
        if text.is_empty() {
            return None;
        }
        let any_case = !text.chars().any(char::is_uppercase);
        let mut builder = RegexBuilder::new(&regex::escape(text));
        let pattern = builder.case_insensitive(any_case).build().ok()?;
        Some(Text { pattern, is_head: false })
    }

    /// Lines that tell of trouble, whatever they say.
    pub fn troubles() -> Text {
        let pattern =
            Regex::new(TROUBLE).expect("a sound pattern: it is a constant, and tests use it");
        Text { pattern, is_head: true }
    }

    /// Whether it is found in a raw line.
    pub(super) fn is_in(&self, raw: &[u8]) -> bool {
        self.pattern.is_match(if self.is_head { raw } else { line::text_of(raw) })
    }
}

/// Where, and in what.
#[derive(Clone, Debug)]
pub struct Search<'a> {
    pub text: &'a Text,
    /// Only lines of this step, or of what is inside it.
    pub step: Option<&'a str>,
    /// The first line looked at.
    pub from: u64,
    /// Towards the beginning.
    pub backwards: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub line: Option<u64>,
    /// Where to go on.
    pub next: u64,
    /// There is nothing to go on with.
    pub done: bool,
}

/// Looks in a log of this `extent` (bytes and lines) until `deadline`, and at a
/// block of lines at least.
pub fn find(
    path: &Path,
    extent: (u64, u64),
    search: &Search<'_>,
    deadline: Instant,
) -> io::Result<Found> {
    match Scan::open(path, extent)? {
        None => Ok(Found { line: None, next: 0, done: true }),
        Some(scan) if search.backwards => backwards(scan, search, deadline),
        Some(scan) => forwards(scan, search, deadline),
    }
}

fn forwards(mut scan: Scan, search: &Search<'_>, deadline: Instant) -> io::Result<Found> {
    let mut place = scan.place(search.from, deadline)?;
    let total = scan.end().line;
    while let Some(block) = scan.after(place)? {
        if let Some(line) = hits(&block, search).next() {
            return Ok(Found { line: Some(line), next: line + 1, done: line + 1 >= total });
        }
        place = block.end();
        if Instant::now() >= deadline && place.line < total {
            return Ok(Found { line: None, next: place.line, done: false });
        }
    }
    Ok(Found { line: None, next: total, done: true })
}

fn backwards(mut scan: Scan, search: &Search<'_>, deadline: Instant) -> io::Result<Found> {
    let mut place = scan.place(search.from.saturating_add(1), deadline)?;
    while let Some(block) = scan.before(place)? {
        if let Some(line) = hits(&block, search).last() {
            return Ok(Found { line: Some(line), next: line.saturating_sub(1), done: line == 0 });
        }
        place = block.start();
        if Instant::now() >= deadline && place.line > 0 {
            return Ok(Found { line: None, next: place.line - 1, done: false });
        }
    }
    Ok(Found { line: None, next: 0, done: true })
}

/// Numbers of the lines that are wanted. The block is searched as a whole, which is
/// many times faster than line by line; only lines with a hit are looked at.
fn hits<'a>(block: &Block<'a>, search: &'a Search<'a>) -> impl Iterator<Item = u64> + 'a {
    let bytes = block.bytes();
    let (mut at, mut counted, mut number) = (0, 0, block.start().line);
    std::iter::from_fn(move || {
        while let Some(hit) = search.text.pattern.find_at(bytes, at) {
            let begins = memrchr(b'\n', &bytes[..hit.start()]).map_or(0, |end| end + 1);
            let ends = memchr(b'\n', &bytes[hit.start()..]).map(|n| hit.start() + n);
            let ends = ends.unwrap_or(bytes.len());
            at = (ends + 1).min(bytes.len());
            let raw = &bytes[begins..ends];
            let of_step = search.step.is_none_or(|step| line::is_of(raw, step));
            if of_step && search.text.is_in(raw) {
                number += memchr_iter(b'\n', &bytes[counted..begins]).count() as u64;
                counted = begins;
                return Some(number);
            }
        }
        None
    })
}
