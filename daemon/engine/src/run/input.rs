//! What can happen to a run.

use std::collections::BTreeMap;

use crate::actor::Actor;
use crate::name::{AttemptId, Ident, StepPath};
use crate::outcome::{Outcome, TaskError};
use crate::value::{Map, Value};
use crate::workflow::Action;

/// The circumstances of one input.
#[derive(Clone, Copy, Debug)]
pub struct Cx {
    /// Milliseconds since the Unix epoch.
    pub now_ms: u64,
    /// The daemon drains: nothing new is begun.
    pub hold: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The queue admits the run.
    Start,
    Evaluated(Evaluation),
    AttemptEnded {
        attempt: AttemptId,
        outcome: Outcome,
    },
    /// Timers up to this due time have fired.
    Wake {
        up_to_ms: u64,
    },
    Cancel {
        by: Actor,
    },
    /// Begin nothing new until [`Input::Resume`].
    Pause {
        by: Actor,
    },
    Resume {
        by: Actor,
    },
    Resolve {
        path: StepPath,
        resolution: Resolution,
        by: Actor,
    },
    /// The same word on every doubt of this step and what is inside it, or of the run.
    ResolveAll {
        below: Option<StepPath>,
        resolution: Resolution,
        by: Actor,
    },
    /// The daemon has started: lost attempts have been reported; ask again for
    /// what was being evaluated, and go on.
    Recover,
}

/// The answer to an `EvalJob`.
#[derive(Clone, Debug, PartialEq)]
pub enum Evaluation {
    Asked {
        path: StepPath,
        result: Result<Asked, TaskError>,
    },
    StepOutputs {
        path: StepPath,
        attempt: u32,
        result: Result<Map, TaskError>,
    },
    RunOutputs {
        result: Result<Map, TaskError>,
    },
    /// The condition of a loop, asked for turn `turn`.
    Again {
        path: StepPath,
        turn: u32,
        result: Result<bool, TaskError>,
    },
    /// The `outputs:` of a body.
    BodyOutputs {
        path: StepPath,
        result: Result<Map, TaskError>,
    },
    /// What the turns of a loop gave, put together.
    Gathered {
        path: StepPath,
        result: Result<Value, TaskError>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// The condition is false.
    Skip,
    /// The task's input document, see [`super::Attempt`].
    Run(Value),
    Set(BTreeMap<Ident, Value>),
    /// Until then, in milliseconds since the epoch; none for a wait by duration.
    Wait {
        until_ms: Option<u64>,
    },
    /// The body, or the first turn of a loop that goes over nothing.
    Enter,
    /// What `for_each` goes over, and how many those are.
    Items {
        items: Value,
        count: u32,
    },
    /// The case that fits; none for `default`.
    Case(Option<u32>),
}

impl Asked {
    /// Whether this can be the answer for a step that does `action`.
    pub(super) fn fits(&self, action: &Action) -> bool {
        match (self, action) {
            (Asked::Skip, _)
            | (Asked::Run(_), Action::Task { .. })
            | (Asked::Set(_), Action::Set(_))
            | (Asked::Wait { .. }, Action::Wait(_))
            | (Asked::Enter, Action::Group(_) | Action::While(_) | Action::Repeat(_))
            | (Asked::Items { .. }, Action::ForEach(_)) => true,
            (Asked::Case(case), Action::Switch(switch)) => {
                case.is_none_or(|case| (case as usize) < switch.cases.len())
            }
            (
                Asked::Run(_)
                | Asked::Set(_)
                | Asked::Wait { .. }
                | Asked::Enter
                | Asked::Items { .. }
                | Asked::Case(_),
                _,
            ) => false,
        }
    }
}

/// A person's word on a step in doubt.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolution {
    Done { output: Map },
    Retry,
    Fail,
}

impl Resolution {
    pub fn word(&self) -> &'static str {
        match self {
            Resolution::Done { .. } => "done",
            Resolution::Retry => "retry",
            Resolution::Fail => "fail",
        }
    }
}

/// Why a person's input was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the run has already ended")]
    RunEnded,
    #[error("the run has no such step")]
    NoStep,
    #[error("the step is not in doubt")]
    NotInDoubt,
    #[error("nothing there is in doubt")]
    NothingInDoubt,
    #[error("the run is being cancelled, so the step cannot be run again")]
    Cancelling,
    #[error("the run is paused already")]
    Paused,
    #[error("the run is not paused")]
    NotPaused,
}
