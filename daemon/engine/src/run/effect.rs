//! What is to be done, after the commit.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::awaits::EventId;
use super::state::RunEnd;
use crate::name::{AttemptId, Ident, RunId, StepPath, WorkflowRef};
use crate::outcome::StopReason;
use crate::value::Value;
use crate::workflow::{EffectClass, Priority, Workflow};

#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Evaluate expressions; comes back as `Input::Evaluated`.
    Evaluate(EvalJob),
    /// Hand an attempt to the runner; comes back as `Input::AttemptEnded`.
    Start(Attempt),
    /// Ask the runner to end an attempt; it still reports the end.
    Stop { attempt: AttemptId, why: StopReason },
    /// A line of the daemon's own in the run's log.
    Remark { path: Option<StepPath>, attempt: u32, level: RemarkLevel, text: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemarkLevel {
    Info,
    Warn,
    Error,
}

/// One evaluation, with everything it needs but the outputs of ended steps and the
/// events that steps are offered, which the evaluator reads from the store: they never
/// change.
#[derive(Clone, Debug, PartialEq)]
pub struct EvalJob {
    pub run: RunId,
    pub revision: u32,
    pub definition: Arc<Workflow>,
    pub started_ms: u64,
    pub vars: BTreeMap<Ident, Value>,
    /// How the run ends, for its handlers.
    pub end: Option<RunEnd>,
    pub purpose: Purpose,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// Condition and inputs of a step. `failed` is what `failed()` answers.
    Ask {
        path: StepPath,
        failed: bool,
    },
    /// The `outputs:` of a step over what its attempt gave.
    StepOutputs {
        path: StepPath,
        attempt: u32,
        output: Value,
    },
    RunOutputs,
    /// The condition of a loop: of `while` before turn `turn`, of `repeat` after it.
    Again {
        path: StepPath,
        turn: u32,
    },
    /// The `outputs:` of a body that has ended; `path` is the group's or the turn's.
    BodyOutputs {
        path: StepPath,
    },
    /// Condition of a step, and the names of what it claims.
    Claims {
        path: StepPath,
        failed: bool,
    },
    /// Whether an event is what the step waits for.
    Fits {
        path: StepPath,
        event: EventId,
    },
    /// The key by which runs are limited together.
    Key,
    /// What the turns of a loop gave: all of them in order, or the last.
    Gather {
        path: StepPath,
        turns: u32,
    },
}

/// One try at a task, as the runner gets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    pub id: AttemptId,
    pub workflow: WorkflowRef,
    pub kind: String,
    pub effect: EffectClass,
    /// Of the run: who gets a slot of the runner first.
    pub priority: Priority,
    /// `{"with": …, "env": {…}}`, with sealed parts where secrets go.
    pub input: Value,
    pub timeout_ms: Option<u64>,
}
