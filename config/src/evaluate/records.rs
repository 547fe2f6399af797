//! What an evaluation reads and writes beside its job.

use std::io;

use rpa_engine::run::StepState;
use rpa_engine::{BlobRef, RunId, StepPath, TaskError, Value};

/// What is kept of a step that is no longer pending, or of one turn of a loop.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRecord {
    pub state: StepState,
    pub output: Option<Value>,
}

/// What a loop goes over, and how many turns that makes.
#[derive(Clone, Debug, PartialEq)]
pub struct LoopRecord {
    pub items: Value,
    pub turns: u32,
}

/// The records of runs: rows and large documents.
pub trait Records {
    /// The step at `path`; `None` while it is pending.
    fn step(&self, run: RunId, path: &StepPath) -> Result<Option<StepRecord>, TaskError>;

    /// The loop at `path`, which no longer turns; `None` if it never did.
    fn ended_loop(&self, run: RunId, path: &StepPath) -> Result<Option<LoopRecord>, TaskError>;

    /// Puts a document aside whatever its size, and gives the reference.
    fn put(&self, run: RunId, value: &Value) -> io::Result<Value>;

    /// The document that was put aside.
    fn get(&self, run: RunId, blob: &BlobRef) -> io::Result<Value>;
}
