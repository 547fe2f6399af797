//! What can happen to a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::approvals::{ApprovalRequest, Vote};
use super::awaits::{EventId, Published};
use super::claims::ClaimAnswer;
use super::gating::GateAnswer;
use super::message::{News, Tokens};
use crate::actor::Actor;
use crate::name::{AttemptId, Ident, Label, RunId, StepPath};
use crate::outcome::{Outcome, TaskError};
use crate::value::{Map, Value};
use crate::workflow::{Action, Wait};

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
    /// It was accepted: it asks for its turn, where runs of its workflow are limited.
    Offer,
    /// What the gate of its workflow says.
    Gated(GateAnswer),
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
    /// A lock that the step at `path` has claimed.
    Claimed {
        path: StepPath,
        lock: Label,
        answer: ClaimAnswer,
    },
    /// Of the run that the step at `path` has called.
    Called {
        path: StepPath,
        run: RunId,
        news: News,
    },
    /// An event of the name that the step at `path` waits for.
    Published {
        path: StepPath,
        event: Arc<Published>,
    },
    /// A person approves or rejects. `groups` are those of the person, `digest` is that of
    /// what the person has seen.
    Vote {
        path: StepPath,
        vote: Vote,
        groups: BTreeSet<String>,
        digest: String,
    },
    /// The same word on every doubt of this step and what is inside it, or of the run.
    ResolveAll {
        below: Option<StepPath>,
        resolution: Resolution,
        by: Actor,
    },
    /// A person has taken a lock from the step at `path`.
    Unheld {
        path: StepPath,
        lock: Label,
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
    /// What a step claims; none when its condition is false.
    Claims {
        path: StepPath,
        result: Result<Option<Vec<(Label, Tokens)>>, TaskError>,
    },
    /// The event itself, when it is what the step waits for.
    Fits {
        path: StepPath,
        event: EventId,
        result: Result<Option<Published>, TaskError>,
    },
    Key {
        result: Result<String, TaskError>,
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
    /// The revision of the workflow that is called, and the variables of its run.
    Call {
        revision: u32,
        vars: Map,
    },
    /// Wait for an event.
    Await,
    Approve(ApprovalRequest),
}

impl Asked {
    /// Whether this can be the answer for a step that does `action`.
    pub(super) fn fits(&self, action: &Action) -> bool {
        match (self, action) {
            (Asked::Skip, _)
            | (Asked::Run(_), Action::Task { .. })
            | (Asked::Set(_), Action::Set(_))
            | (Asked::Wait { .. }, Action::Wait(Wait::For { .. } | Wait::Until(_)))
            | (Asked::Await, Action::Wait(Wait::Event(_)))
            | (Asked::Call { .. }, Action::Call(_))
            | (Asked::Approve(_), Action::Approval(_))
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
                | Asked::Case(_)
                | Asked::Await
                | Asked::Call { .. }
                | Asked::Approve(_),
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
    #[error("what the step held was taken from it, so it cannot be run again")]
    Unheld,
    #[error("others have approved other fields")]
    OtherFields,
    #[error("the step does not wait for an approval")]
    NotAsking,
    #[error("what is to be approved is something else by now")]
    OtherDigest,
    #[error("is not among the approvers")]
    NotApprover,
    #[error("nobody approves what they have started themselves")]
    OwnRun,
    #[error("has decided already")]
    Voted,
}
