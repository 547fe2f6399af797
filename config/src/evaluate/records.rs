//! What an evaluation reads and writes beside its job.

use std::io;

use rpa_engine::run::{EventId, Published, StepState};
use rpa_engine::{BlobRef, RunId, StepPath, TaskError, Value, Workflow, WorkflowRef};

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

/// A workflow that a step calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Callee {
    pub revision: u32,
    /// `None` where it is not known, as in a test: whatever is given is taken.
    pub definition: Option<Workflow>,
}

/// The records of runs: rows and large documents.
pub trait Records {
    /// The step at `path`; `None` while it is pending.
    fn step(&self, run: RunId, path: &StepPath) -> Result<Option<StepRecord>, TaskError>;

    /// The loop at `path`, which no longer turns; `None` if it never did.
    fn ended_loop(&self, run: RunId, path: &StepPath) -> Result<Option<LoopRecord>, TaskError>;

    /// The revision of `workflow` that a step of `run` may call: that which the run has
    /// pinned. An error says why none may be called.
    fn callee(&self, run: RunId, workflow: &WorkflowRef) -> Result<Callee, TaskError>;

    /// An event that a step of `run` is offered; `None` once it is offered to nobody.
    fn event(&self, run: RunId, id: EventId) -> Result<Option<Published>, TaskError>;

    /// Puts a document aside whatever its size, and gives the reference.
    fn put(&self, run: RunId, value: &Value) -> io::Result<Value>;

    /// The document that was put aside.
    fn get(&self, run: RunId, blob: &BlobRef) -> io::Result<Value>;
}
