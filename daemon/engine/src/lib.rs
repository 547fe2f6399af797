//! The pure core of rpad.
//!
//! It decides and does nothing: no clock, no ids of its own, no randomness, no
//! files, no threads, no locks. Time and ids come in with the input; what is to
//! be done goes out as effects. Same inputs, same outputs.
//!
//! Start with [`run`]: the life of a run is what everything else serves.

pub mod actor;
pub mod calls;
pub mod catalog;
pub mod circle;
pub mod contract;
pub mod depth;
pub mod difference;
pub mod gate;
pub mod lock;
pub mod name;
pub mod notification;
pub mod outcome;
pub mod queue;
pub mod run;
pub mod template;
pub mod trigger;
pub mod value;
pub mod workflow;

#[cfg(test)]
mod simulation;

pub use actor::{Actor, Origin};
pub use name::{
    AttemptId, EventName, Ident, Label, MAX_NAME, NameError, RunId, StepPath, WorkflowRef,
};
pub use outcome::{ErrorClass, Outcome, StopReason, TaskError};
pub use template::{Expr, Piece, Reads, Template};
pub use value::{BlobRef, ContentHash, Map, Sealed, Value};
pub use workflow::{
    Action, Approval, Backoff, Call, Case, Cause, Claims, Concurrency, EffectClass, ForEach,
    Handlers, OnBreach, OnError, OnItemError, OnLimit, OnTimeout, Priority, Repeat, Retry, Sla,
    Step, Switch, Variable, VariableKind, Wait, WaitEvent, When, While, Workflow,
};
