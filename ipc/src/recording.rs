//! What happened in a run, as a test of its workflow needs it.

use rpa_engine::{RunId, StepPath, Value};
use serde::{Deserialize, Serialize};

use crate::view::ErrorView;

/// A run that has settled, with what its attempts gave. Secrets and sensitive values are
/// masked; documents are cut to a size that a person would still read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    pub run: RunId,
    pub workflow: String,
    pub revision: u32,
    /// The file of the revision as its user named it, and its text.
    pub file: String,
    pub source: String,
    pub status: String,
    /// What ended the run, and at which step.
    pub error: Option<ErrorView>,
    pub at_step: Option<StepPath>,
    /// When it was accepted, if it never started.
    pub started_ms: u64,
    /// Somebody cancelled it so long after its start.
    pub cancelled_after_ms: Option<u64>,
    pub inputs: Vec<(String, Value)>,
    /// Names of variables that are masked.
    pub masked: Vec<String>,
    /// In the order in which they began.
    pub tries: Vec<TryView>,
    pub outputs: Vec<(String, Value)>,
    /// Something in the inputs or outputs was cut.
    pub cut: bool,
}

/// One attempt of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TryView {
    pub path: StepPath,
    pub attempt: u32,
    pub began_ms: u64,
    pub ended_ms: Option<u64>,
    pub end: TryEnd,
    /// What a person decided: `done`, `retry` or `fail`.
    pub resolved: Option<String>,
    /// What a person gave as its output.
    pub declared: Option<Value>,
    /// Its documents were cut.
    pub cut: bool,
    /// The run that it called.
    pub called: Option<RunId>,
    /// Events that it passed over: what was in them is not kept.
    pub passed: u32,
    /// What people said to it, in their order, or the event that it took.
    pub words: Vec<WordView>,
}

/// What somebody said to a step that waited for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WordView {
    pub at_ms: u64,
    pub by: String,
    /// As expressions see it.
    pub said_at: String,
    pub word: Word,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Word {
    Approves { fields: Vec<(String, Value)>, comment: String },
    Rejects { comment: String },
    Event { id: RunId, data: Value },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TryEnd {
    /// It has not ended.
    Open,
    Output(Value),
    Failed {
        error: ErrorView,
        output: Value,
    },
    TimedOut,
    /// Nobody saw the end.
    Lost,
    /// The run that it called was cancelled, and not by this one.
    Cancelled,
    /// It was ended on request: by a cancel, or by a time-out around it.
    Stopped,
}
