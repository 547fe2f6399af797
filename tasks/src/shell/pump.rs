//! From the pipes of the command to the log and into the output.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::lines::Lines;
use super::pipes::{Pipes, Side};
use crate::context::{Context, LogLevel, LogLine, LogStream};
use crate::text;

/// What is read at once: as much as a pipe holds by default.
const CHUNK: usize = 64 * 1024;
/// How long a process that has left the group may hold the output open after the
/// group has ended: some hand over in good faith, none is waited for for ever.
const HELD_OPEN: Duration = Duration::from_secs(2);
/// How long an emptied pipe may take to show that it is closed.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(50);
const CLOSE_LOOK: Duration = Duration::from_millis(5);
/// After a cancel, how long one line may wait for a log that takes nothing.
const LOG_TIMEOUT: Duration = Duration::from_secs(5);

/// The way into the log, common to both pipes.
///
/// A full log makes the command wait, and nothing is lost. Only when the step was
/// cancelled and its group is gone, a log that does not move for [`LOG_TIMEOUT`]
/// is given up: a cancel always comes to its end.
#[derive(Debug)]
pub(super) struct Tap<'a> {
    ctx: &'a Context,
    gone: CancellationToken,
    deaf: AtomicBool,
}

/// What is done with what comes from one pipe.
#[derive(Debug)]
struct Pump<'a> {
    tap: &'a Tap<'a>,
    stream: LogStream,
    lines: Lines,
    /// The beginning of the stream, up to the output limit and the mask's reach.
    kept: Vec<u8>,
    truncated: bool,
    last_line: String,
    /// Somebody outside the group still holds the pipe.
    held: bool,
}

/// What one pipe gave.
#[derive(Debug)]
pub(super) struct Captured {
    pub(super) text: String,
    pub(super) truncated: bool,
    /// The last line that was not blank, masked: it will be cut.
    pub(super) last_line: String,
    /// Somebody outside the group still holds the pipe.
    pub(super) held: bool,
}

impl<'a> Tap<'a> {
    /// `gone` fires when the process group has ended.
    pub(super) fn new(ctx: &'a Context, gone: CancellationToken) -> Tap<'a> {
        Tap { ctx, gone, deaf: AtomicBool::new(false) }
    }

    pub(super) async fn line(&self, stream: LogStream, level: LogLevel, text: String) {
        if self.deaf.load(Ordering::Relaxed) {
            return;
        }
        let line = LogLine { stream, level, text };
        tokio::select! {
            biased;
            // a closed log is the runner's to notice: it cancels the step
            _ = self.ctx.log.send(line) => {}
            () = self.out_of_patience() => {
                tracing::warn!(attempt = %self.ctx.attempt, "the log takes no lines; the rest of a cancelled step's output is dropped");
                self.deaf.store(true, Ordering::Relaxed);
            }
        }
    }

    async fn out_of_patience(&self) {
        self.gone.cancelled().await;
        self.ctx.cancel.cancelled().await;
        sleep(LOG_TIMEOUT).await;
    }
}

/// Reads both until they are closed by all, or until [`HELD_OPEN`] after the group's end; what
/// is in them by then is read all the same, however slow the log. Gives what came from standard
/// output, and from standard error.
pub(super) async fn pump(tap: &Tap<'_>, pipes: Pipes) -> (Captured, Captured) {
    let mut pipes = pipes;
    let (mut out, mut err) = (Pump::new(tap, LogStream::Out), Pump::new(tap, LogStream::Err));
    let gone = tap.gone.clone();
    let overdue = async {
        gone.cancelled().await;
        sleep(HELD_OPEN).await;
    };
    tokio::pin!(overdue);
    let mut chunk = vec![0; CHUNK];
    while pipes.is_open() {
        let (side, read) = tokio::select! {
            biased;
            () = &mut overdue => {
                for (side, pump) in [(Side::Out, &mut out), (Side::Err, &mut err)] {
                    pump.drain(side, &mut pipes, &mut chunk).await;
                }
                break;
            }
            next = pipes.next(&mut chunk) => next,
        };
        let pump = match side {
            Side::Out => &mut out,
            Side::Err => &mut err,
        };
        match read {
            0 => pump.end().await,
            read => pump.take(&chunk[..read]).await,
        }
    }
    (out.finish().await, err.finish().await)
}

impl<'a> Pump<'a> {
    fn new(tap: &'a Tap<'a>, stream: LogStream) -> Pump<'a> {
        let (kept, last_line) = (Vec::new(), String::new());
        let (lines, truncated, held) = (Lines::default(), false, false);
        Pump { tap, stream, lines, kept, truncated, last_line, held }
    }

    /// Reads exactly what is in the pipe now, and looks whether somebody still holds it.
    async fn drain(&mut self, side: Side, pipes: &mut Pipes, chunk: &mut [u8]) {
        let mut left = pipes.filled(side);
        while left > 0 {
            let room = left.min(chunk.len());
            let Some(read) = pipes.read(side, &mut chunk[..room]).filter(|read| *read > 0) else {
                break;
            };
            left -= read;
            self.take(&chunk[..read]).await;
        }
        let closes = async {
            while pipes.has(side) {
                match pipes.read(side, chunk) {
                    // more of it came: somebody is there
                    Some(1..) => return false,
                    Some(0) => {}
                    None => sleep(CLOSE_LOOK).await,
                }
            }
            true
        };
        self.held = !matches!(timeout(CLOSE_TIMEOUT, closes).await, Ok(true));
    }

    async fn take(&mut self, bytes: &[u8]) {
        let ctx = self.tap.ctx;
        // as much more as decides whether a secret stands across the limit
        self.truncated |= self.kept.len() + bytes.len() > ctx.output_limit;
        let room = ctx.output_limit + ctx.mask.reach() - self.kept.len();
        self.kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
        for line in self.lines.push(bytes, ctx.mask.as_ref()) {
            self.log(line).await;
        }
    }

    async fn log(&mut self, line: String) {
        if !line.trim().is_empty() {
            self.last_line.clone_from(&line);
        }
        self.tap.line(self.stream, LogLevel::Info, line).await;
    }

    /// Nothing comes after it: half a line is one.
    async fn end(&mut self) {
        for line in std::mem::take(&mut self.lines).finish() {
            self.log(line).await;
        }
    }

    async fn finish(mut self) -> Captured {
        self.end().await;
        let ctx = self.tap.ctx;
        if self.truncated {
            let end = ctx.mask.cut(&self.kept, ctx.output_limit);
            self.kept.truncate(end);
        }
        let (text, truncated) = text::capped(&self.kept, self.truncated, ctx.output_limit);
        let last_line = ctx.mask.mask(self.last_line);
        Captured { text, truncated, last_line, held: self.held }
    }
}
