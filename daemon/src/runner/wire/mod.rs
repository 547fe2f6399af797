//! What the daemon and a runner in a process of its own say to each other.
//!
//! First the [`greeting`], then messages in frames ([`frames`]) over any stream of
//! bytes: a socket here, a connection to another machine later. Nothing in a message
//! is a path of the daemon's: a runner knows its own directory.
//!
//! ```text
//! daemon -> runner   hello, then orders: offer, stop, confirm, ack, deaf, retire
//! runner -> daemon   welcome, then reports: held (once, first), lines, ended, retiring
//! ```
//!
//! | the runner | sends of an attempt |
//! |---|---|
//! | has just greeted | that it holds it, and which of its lines were acknowledged |
//! | has had its first `ack` on this connection, or its offer | the lines behind it, then its end |
//! | has had `confirm` | nothing: it has forgotten the attempt |
//!
//! All messages but [`Offer`] are the same in every version, to the byte (`tests.rs`
//! pins them): a daemon that finds a runner of another version takes back what it
//! holds, and tells it to retire.

pub mod frames;
pub mod greeting;

use std::fmt;
use std::sync::Arc;

use rpa_engine::{AttemptId, EffectClass, Outcome, Priority, StopReason, Value, WorkflowRef};
use rpa_tasks::{Inherited, LogLevel, LogLine, LogStream};
use serde::{Deserialize, Serialize};

use crate::runlog::Entry;

/// From the daemon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Order {
    /// End the attempt; its end is reported as any other.
    Stop { attempt: AttemptId, why: StopReason },
    /// The end of the attempt is durable: forget it.
    Confirm { attempt: AttemptId },
    /// So many lines of the attempt are in the run's log. `mark` is the daemon's own:
    /// it gets the last one back when it asks what is held.
    Ack { attempt: AttemptId, lines: u64, mark: u64 },
    /// The run's log cannot be written: the attempt is to end.
    Deaf { attempt: AttemptId, disk_full: bool, why: String },
    /// Begin nothing more, and end when nothing is held.
    Retire,
    /// Only between equal versions.
    Offer(Box<Offer>),
}

/// From the runner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Report {
    /// Everything that is held, in the first message of a connection.
    Held(Vec<Held>),
    /// Kept until they are acknowledged, so shared.
    Lines(Arc<Batch>),
    /// After its last line.
    Ended { attempt: AttemptId, outcome: Outcome },
    /// From now on nothing is begun.
    Retiring,
}

/// An attempt that the runner holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub attempt: AttemptId,
    pub priority: Priority,
    pub ended: bool,
    /// Lines that were acknowledged, and with which mark.
    pub lines: u64,
    pub mark: u64,
}

/// Lines of one attempt, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    pub attempt: AttemptId,
    /// The number of the first line; the attempt's very first is 1.
    pub first: u64,
    /// When they came, in milliseconds since the epoch.
    pub time_ms: u64,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub stream: Stream,
    pub level: Level,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stream {
    Out,
    Err,
    Log,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Level {
    Debug,
    Info,
    Warn,
    Error,
}

/// An attempt with all that is needed to carry it out.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    pub attempt: AttemptId,
    pub workflow: WorkflowRef,
    pub kind: String,
    pub effect: EffectClass,
    pub priority: Priority,
    /// `{"with": …, "env": …}`, nothing sealed in it any more.
    pub input: Value,
    /// Secrets, and what was derived from them: what must never come out.
    pub tainted: Vec<String>,
    pub idempotency_key: String,
    /// Of the daemon's environment, for child processes.
    pub inherited: Arc<Inherited>,
    pub timeout_ms: Option<u64>,
    pub grace_ms: u64,
    pub output_limit: u64,
    /// Bytes that are kept of its lines while no daemon takes them.
    pub log_limit: u64,
    /// Bytes that the working directories of its run may have.
    pub dir_limit: u64,
}

/// Without input and environment: there are secrets in them.
impl fmt::Debug for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Offer")
            .field("attempt", &self.attempt)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl Batch {
    /// The number of the last line.
    pub fn last(&self) -> u64 {
        (self.first + self.lines.len() as u64).saturating_sub(1)
    }

    /// Bytes that it takes, nearly.
    pub fn size(&self) -> usize {
        self.lines.iter().map(|line| line.text.len() + LINE_OVERHEAD).sum()
    }

    /// Without the lines up to `lines`.
    pub fn behind(mut self, lines: u64) -> Batch {
        let known = (lines + 1).saturating_sub(self.first).min(self.lines.len() as u64);
        self.lines.drain(..usize::try_from(known).unwrap_or(usize::MAX));
        self.first += known;
        self
    }

    pub fn entries(self) -> Vec<Entry> {
        let path = self.attempt.path.to_string();
        let attempt = self.attempt.number;
        let entry = |line: Line| Entry {
            path: path.clone(),
            attempt,
            stream: line.stream.word(),
            level: line.level.word(),
            text: line.text,
        };
        self.lines.into_iter().map(entry).collect()
    }
}

/// What a line takes beside its text, in bytes.
const LINE_OVERHEAD: usize = 32;

impl Stream {
    fn word(self) -> &'static str {
        match self {
            Stream::Out => "out",
            Stream::Err => "err",
            Stream::Log => "log",
        }
    }
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warn => "warn",
            Level::Error => "error",
        }
    }
}

impl From<LogLine> for Line {
    fn from(line: LogLine) -> Line {
        let stream = match line.stream {
            LogStream::Out => Stream::Out,
            LogStream::Err => Stream::Err,
            LogStream::Log => Stream::Log,
        };
        let level = match line.level {
            LogLevel::Debug => Level::Debug,
            LogLevel::Info => Level::Info,
            LogLevel::Warn => Level::Warn,
            LogLevel::Error => Level::Error,
        };
        Line { stream, level, text: line.text }
    }
}

#[cfg(test)]
mod tests;
