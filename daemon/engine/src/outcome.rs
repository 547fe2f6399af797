//! How an attempt ended, as the runner reports it.

use serde::{Deserialize, Serialize};

use crate::value::Value;

/// The end of one attempt. Closed: the table in `run::verdict` decides each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// A result came back.
    Succeeded { output: Value },
    /// An error came back, a non-zero exit included: the work is known to have
    /// ended. `output` is what there was of it.
    Failed { error: TaskError, output: Value },
    /// Nothing was begun: spawn failed, connection refused.
    NeverStarted { error: TaskError },
    /// The runner or the machine was lost before the attempt had begun.
    LostBeforeStart { why: String },
    /// The step's time ran out, and its process group was seen dead.
    TimedOut { after_ms: u64 },
    /// Ended on request, and its process group was seen dead.
    Stopped { why: StopReason },
    /// Nobody saw the end, though the runner lives: a connection was lost.
    Lost { why: String },
    /// Nobody saw the end: the runner or the machine was lost while it ran.
    Orphaned { why: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StopReason {
    /// The run was cancelled.
    Cancel,
    /// The daemon was shut down and the step did not end in time.
    Drain,
}

/// Why a task failed, in a form that `retry` and people can act on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct TaskError {
    pub class: ErrorClass,
    /// A fault code such as `RPA0401`, explained by `rpa explain`.
    pub code: String,
    /// One sentence, without secrets; control sequences are stripped at display.
    pub message: String,
}

/// Closed list of error classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ErrorClass {
    /// The work itself said no; never retried by default.
    Business,
    Timeout,
    Connection,
    RateLimited,
    /// An HTTP status that counts as failure.
    Http(u16),
    /// A process's exit code; 128 + signal when a signal ended it.
    Exit(i32),
    /// The input is unusable; trying again cannot help.
    InvalidInput,
    System,
}

impl ErrorClass {
    /// Whether `retry` may apply at all.
    pub fn retryable(self) -> bool {
        match self {
            ErrorClass::Business | ErrorClass::InvalidInput => false,
            ErrorClass::Timeout
            | ErrorClass::Connection
            | ErrorClass::RateLimited
            | ErrorClass::Http(_)
            | ErrorClass::Exit(_)
            | ErrorClass::System => true,
        }
    }

    pub fn word(self) -> String {
        match self {
            ErrorClass::Business => "business".into(),
            ErrorClass::Timeout => "timeout".into(),
            ErrorClass::Connection => "connection".into(),
            ErrorClass::RateLimited => "rate_limited".into(),
            ErrorClass::Http(status) => format!("http({status})"),
            ErrorClass::Exit(code) => format!("exit({code})"),
            ErrorClass::InvalidInput => "invalid_input".into(),
            ErrorClass::System => "system".into(),
        }
    }
}
