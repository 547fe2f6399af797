//! The lines on both sides of a place: what a screen shows.

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::time::Instant;

use super::find::Text;
use super::line::{self, Line};
use super::scan::{Place, Scan};

/// Most bytes of text on one side: both must fit a frame.
const MOST_BYTES: usize = 512 * 1024;

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The line that stands between the sides, from 0; the end when there is no such
    /// line.
    pub anchor: u64,
    /// Lines before it.
    pub before: usize,
    /// Lines from it on.
    pub after: usize,
    /// Only this step, or what is inside it.
    pub step: Option<&'a str>,
    /// Only lines that this is found in.
    pub text: Option<&'a Text>,
}

impl Wanted<'_> {
    /// Whether there are lines that are passed over.
    fn is_sparse(&self) -> bool {
        self.step.is_some() || self.text.is_some()
    }

    fn kept(&self, raw: &[u8]) -> Option<Line> {
        match self.text {
            Some(text) if !text.is_in(raw) => None,
            _ => kept(raw, self.step),
        }
    }
}

/// Lines with their numbers, and how far was looked for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    pub lines: VecDeque<(u64, Line)>,
    /// Every line from here …
    pub from: u64,
    /// … up to here was looked at.
    pub to: u64,
    /// Lines and bytes of the whole log.
    pub total: u64,
    pub bytes: u64,
}

/// Reads a window of a log of this `extent` (bytes and lines). Lines that are not wanted
/// are passed over until `deadline`, at least a block of them on each side; where all
/// are wanted nothing else is read.
pub fn read_window(
    path: &Path,
    extent: (u64, u64),
    wanted: &Wanted<'_>,
    deadline: Instant,
) -> io::Result<Window> {
    let Some(mut scan) = Scan::open(path, extent)? else { return Ok(Window::default()) };
    let (anchor, end) = (scan.place(wanted.anchor, deadline)?, scan.end());
    let mut window = Window {
        lines: VecDeque::new(),
        from: anchor.line,
        to: anchor.line,
        total: end.line,
        bytes: end.offset,
    };
    // each side has its half of the time
    let now = Instant::now();
    let half = now + deadline.saturating_duration_since(now) / 2;
    upwards(&mut scan, anchor, wanted, half, &mut window)?;
    downwards(&mut scan, anchor, wanted, deadline, &mut window)?;
    Ok(window)
}

fn upwards(
    scan: &mut Scan,
    anchor: Place,
    wanted: &Wanted<'_>,
    deadline: Instant,
    window: &mut Window,
) -> io::Result<()> {
    let mut side = Side::of(wanted.before);
    let mut place = anchor;
    while side.has_room() {
        let Some(block) = scan.before(place)? else {
            window.from = 0;
            break;
        };
        for (number, raw) in block.lines().rev() {
            if let Some(line) = wanted.kept(raw) {
                if !side.takes(raw) {
                    return Ok(());
                }
                window.lines.push_front((number, line));
            }
            window.from = number;
            if !side.has_room() {
                return Ok(());
            }
        }
        place = block.start();
        if wanted.is_sparse() && Instant::now() >= deadline {
            break;
        }
    }
    Ok(())
}

fn downwards(
    scan: &mut Scan,
    anchor: Place,
    wanted: &Wanted<'_>,
    deadline: Instant,
    window: &mut Window,
) -> io::Result<()> {
    let mut side = Side::of(wanted.after);
    let mut place = anchor;
    while side.has_room() {
        let Some(block) = scan.after(place)? else {
            window.to = window.total;
            break;
        };
        for (number, raw) in block.lines() {
            if let Some(line) = wanted.kept(raw) {
                if !side.takes(raw) {
                    return Ok(());
                }
                window.lines.push_back((number, line));
            }
            window.to = number + 1;
            if !side.has_room() {
                return Ok(());
            }
        }
        place = block.end();
        if wanted.is_sparse() && Instant::now() >= deadline {
            break;
        }
    }
    Ok(())
}

/// How much more one side takes.
struct Side {
    lines: usize,
    bytes: usize,
    empty: bool,
}

impl Side {
    fn of(lines: usize) -> Side {
        Side { lines, bytes: MOST_BYTES, empty: true }
    }

    fn has_room(&self) -> bool {
        self.lines > 0
    }

    /// The first line is taken however long it is.
    fn takes(&mut self, raw: &[u8]) -> bool {
        if raw.len() > self.bytes && !self.empty {
            return false;
        }
        self.bytes = self.bytes.saturating_sub(raw.len());
        self.lines -= 1;
        self.empty = false;
        true
    }
}

/// The line, unless it is of another step.
pub(super) fn kept(raw: &[u8], step: Option<&str>) -> Option<Line> {
    if step.is_some_and(|step| !line::is_of(raw, step)) {
        return None;
    }
    Some(line::parse(&String::from_utf8_lossy(raw)))
}
