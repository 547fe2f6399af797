//! From a pipe of the command to the log and into the output.

use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::io::ioctl_fionread;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::lines::Lines;
use crate::context::{Context, LogLevel, LogLine, LogStream};
use crate::text;

/// What is read at once: as much as a pipe holds by default.
const CHUNK: usize = 64 * 1024;
/// How long a process that has left the group may hold the output open after the
/// group has ended: some hand over in good faith, none is waited for for ever.
const HELD_OPEN: Duration = Duration::from_secs(2);
/// How long an emptied pipe may take to show that it is closed.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(50);
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

/// One pipe.
#[derive(Debug)]
pub(super) struct Pump<'a> {
    tap: &'a Tap<'a>,
    stream: LogStream,
    lines: Lines,
    /// The beginning of the stream, up to the output limit and the mask's reach.
    kept: Vec<u8>,
    truncated: bool,
    last_line: String,
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

impl<'a> Pump<'a> {
    pub(super) fn new(tap: &'a Tap<'a>, stream: LogStream) -> Pump<'a> {
        let (kept, last_line) = (Vec::new(), String::new());
        Pump { tap, stream, lines: Lines::default(), kept, truncated: false, last_line }
    }

    /// Reads until the pipe is closed by all, or until [`HELD_OPEN`] after the
    /// group's end; what is in the pipe by then is read all the same, however slow
    /// the log.
    pub(super) async fn run(mut self, mut pipe: impl AsyncRead + AsFd + Unpin) -> Captured {
        let gone = self.tap.gone.clone();
        let overdue = async {
            gone.cancelled().await;
            sleep(HELD_OPEN).await;
        };
        tokio::pin!(overdue);
        let mut chunk = vec![0; CHUNK];
        let held = loop {
            tokio::select! {
                biased;
                () = &mut overdue => break self.drain(&mut pipe, &mut chunk).await,
                // an error of a pipe means as much as its end
                read = pipe.read(&mut chunk) => match read {
                    Ok(0) | Err(_) => break false,
                    Ok(n) => self.take(&chunk[..n]).await,
                },
            }
        };
        self.finish(held).await
    }

    /// Reads exactly what is in the pipe now; whether somebody still holds it.
    async fn drain(
        &mut self,
        pipe: &mut (impl AsyncRead + AsFd + Unpin),
        chunk: &mut [u8],
    ) -> bool {
        let mut left = ioctl_fionread(&*pipe).unwrap_or(0) as usize;
        while left > 0 {
            let room = left.min(chunk.len());
            match pipe.read(&mut chunk[..room]).await {
                Ok(0) | Err(_) => return false,
                Ok(n) => {
                    left -= n;
                    self.take(&chunk[..n]).await;
                }
            }
        }
        !matches!(timeout(CLOSE_TIMEOUT, pipe.read(chunk)).await, Ok(Ok(0)))
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

    async fn finish(mut self, held: bool) -> Captured {
        for line in std::mem::take(&mut self.lines).finish() {
            self.log(line).await;
        }
        let ctx = self.tap.ctx;
        if self.truncated {
            let end = ctx.mask.cut(&self.kept, ctx.output_limit);
            self.kept.truncate(end);
        }
        let (text, truncated) = text::capped(&self.kept, self.truncated, ctx.output_limit);
        let last_line = ctx.mask.mask(self.last_line);
        Captured { text, truncated, last_line, held }
    }
}
