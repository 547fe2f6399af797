//! What a run is made of at one moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::approvals::Asking;
use super::awaits::Awaiting;
use super::calls::Calling;
use super::claims::{Claiming, Hold};
use super::gating::Gate;
use super::loops::Looping;
use super::message::{Parent, Stands};
use super::sla::Promise;
use crate::actor::Actor;
use crate::name::{Ident, RunId, StepPath};
use crate::outcome::TaskError;
use crate::value::{Map, Value};
use crate::workflow::{Priority, Step, Workflow};

/// One run of one revision of a workflow.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub id: RunId,
    pub revision: u32,
    pub definition: Arc<Workflow>,
    pub actor: Actor,
    pub request_id: String,
    pub accepted_ms: u64,
    /// The step that has called it and waits for it.
    pub parent: Option<Parent>,
    /// That of its workflow, or of the run that has called it when that is higher.
    pub priority: Priority,
    pub gate: Gate,
    pub phase: Phase,
    pub cancel: Option<Order>,
    /// Somebody wants nothing new to begin.
    pub paused: Option<Order>,
    pub time: Time,
    pub vars: BTreeMap<Ident, Value>,
    /// The steps of all lists that are under way. Of lists that have ended only the step
    /// that they belong to is kept, and of turns of loops nothing, see [`Run::prune`].
    pub steps: BTreeMap<StepPath, StepState>,
    /// What steps hold, each from before it began until it has ended.
    pub holds: BTreeMap<StepPath, Hold>,
    /// Steps that have completed and can be undone, in the order in which they did.
    pub undo: Vec<StepPath>,
    /// The one of them that is being undone.
    pub undoing: Option<StepPath>,
    /// Events so far; the next event gets this number.
    pub seq: u64,
}

/// Where the run as a whole stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Phase {
    /// Accepted; waits for its turn.
    Queued,
    Active {
        started_ms: u64,
    },
    /// All steps have ended well; the run's outputs are being evaluated.
    Finishing {
        started_ms: u64,
    },
    Ended {
        started_ms: Option<u64>,
        ended_ms: u64,
        end: RunEnd,
    },
    /// How the run ends is settled; steps are undone and handlers run.
    Closing {
        started_ms: u64,
        stage: Stage,
        end: RunEnd,
        /// A cancel came when this had begun: what is left of it is cancelled.
        stop: bool,
    },
}

/// What is done when all steps of a run have ended, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Stage {
    /// The completed steps of a failed run, the last first.
    Undo,
    /// The handler for the run's end.
    Handle,
    Finally,
}

/// What the run's own clock has to know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    /// Spent with steps in doubt, without the present doubt: the time-out stands still.
    pub doubted_ms: u64,
    pub in_doubt_since_ms: Option<u64>,
    /// The run's time has run out.
    pub is_out: bool,
    /// What of `sla` has not been kept.
    pub broken: BTreeSet<Promise>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RunEnd {
    Completed {
        outputs: Map,
    },
    /// `step` is the first that failed; none when the run's outputs did.
    Failed {
        step: Option<StepPath>,
        error: TaskError,
    },
    Cancelled,
}

/// What a person has asked of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    pub by: Actor,
    pub at_ms: u64,
}

/// Where one step stands. Variants hold just what that state needs; what a step
/// gave is not here but in its row, so that ended steps cost little memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StepState {
    Pending,
    /// Its condition and inputs are being evaluated.
    Ready,
    /// Attempt `attempt` is with the runner.
    Running {
        attempt: u32,
        since_ms: u64,
        input: Value,
    },
    /// `wait:` until then.
    Waiting {
        since_ms: u64,
        until_ms: u64,
    },
    /// Attempt `attempt` failed; the next begins at `due_ms`.
    Retrying {
        attempt: u32,
        since_ms: u64,
        due_ms: u64,
        error: TaskError,
        input: Value,
    },
    /// A result came back; the step's `outputs:` are being evaluated over it.
    Confirmed {
        attempt: u32,
        since_ms: u64,
        output: Value,
    },
    /// Nobody saw how attempt `attempt` ended, and it must not be repeated blindly.
    InDoubt {
        attempt: u32,
        since_ms: u64,
        /// When it came into doubt.
        doubted_ms: u64,
        reason: String,
        input: Value,
    },
    Completed {
        attempt: u32,
        since_ms: u64,
        ended_ms: u64,
    },
    /// `attempt` is 0 when its expressions failed before the first try.
    Failed {
        attempt: u32,
        since_ms: u64,
        ended_ms: u64,
        error: TaskError,
    },
    Skipped {
        reason: super::SkipReason,
        ended_ms: u64,
    },
    Cancelled {
        attempt: u32,
        ended_ms: u64,
    },
    /// Its body is under way: of a group, of a switch, of one turn of a loop.
    Open {
        since_ms: u64,
        /// The chosen case of a switch; none for `default`.
        case: Option<u32>,
        deadline_ms: Option<u64>,
        timed_out: bool,
    },
    /// The body has ended well; its outputs are being evaluated.
    Closing {
        since_ms: u64,
    },
    Looping(Box<Looping>),
    /// It waits for locks or tokens, or their names are being evaluated.
    Claiming(Box<Claiming>),
    Calling(Box<Calling>),
    Awaiting(Box<Awaiting>),
    Asking(Box<Asking>),
}

impl StepState {
    /// Whether the step will never change again.
    pub fn ended(&self) -> bool {
        match self {
            StepState::Completed { .. }
            | StepState::Failed { .. }
            | StepState::Skipped { .. }
            | StepState::Cancelled { .. } => true,
            StepState::Pending
            | StepState::Ready
            | StepState::Running { .. }
            | StepState::Waiting { .. }
            | StepState::Retrying { .. }
            | StepState::Confirmed { .. }
            | StepState::InDoubt { .. }
            | StepState::Open { .. }
            | StepState::Closing { .. }
            | StepState::Looping(_)
            | StepState::Claiming(_)
            | StepState::Calling(_)
            | StepState::Awaiting(_)
            | StepState::Asking(_) => false,
        }
    }

    /// Whether a person has to decide before it can go on, here or in a run that it has
    /// called.
    pub fn is_doubtful(&self) -> bool {
        match self {
            StepState::InDoubt { .. } => true,
            StepState::Calling(calling) => calling.stands == Stands::Doubts,
            _ => false,
        }
    }

    /// Tries begun so far.
    pub fn attempts(&self) -> u32 {
        match self {
            StepState::Pending
            | StepState::Ready
            | StepState::Waiting { .. }
            | StepState::Open { .. }
            | StepState::Closing { .. }
            | StepState::Looping(_)
            | StepState::Claiming(_)
            | StepState::Awaiting(_)
            | StepState::Asking(_)
            | StepState::Skipped { .. } => 0,
            StepState::Calling(calling) => calling.attempt,
            StepState::Running { attempt, .. }
            | StepState::Retrying { attempt, .. }
            | StepState::Confirmed { attempt, .. }
            | StepState::InDoubt { attempt, .. }
            | StepState::Completed { attempt, .. }
            | StepState::Failed { attempt, .. }
            | StepState::Cancelled { attempt, .. } => *attempt,
        }
    }

    /// When something about it is due; while the run is `paused` only what begins nothing.
    fn due_ms(&self, paused: bool) -> Option<u64> {
        match self {
            StepState::Waiting { until_ms, .. } => Some(*until_ms),
            StepState::Retrying { due_ms, .. } => Some(*due_ms).filter(|_| !paused),
            StepState::Open { deadline_ms, timed_out: false, .. } => *deadline_ms,
            StepState::Looping(looping) => {
                let pause = looping.pause_ends_ms().filter(|_| !paused);
                [pause, looping.open_deadline_ms()].into_iter().flatten().min()
            }
            StepState::Claiming(claiming) => claiming.until_ms,
            StepState::Awaiting(awaiting) => awaiting.until_ms,
            StepState::Asking(asking) => asking.until_ms,
            StepState::Calling(calling) => calling.deadline_ms.filter(|_| !calling.timed_out),
            StepState::Pending
            | StepState::Ready
            | StepState::Running { .. }
            | StepState::Open { .. }
            | StepState::Closing { .. }
            | StepState::Confirmed { .. }
            | StepState::InDoubt { .. }
            | StepState::Completed { .. }
            | StepState::Failed { .. }
            | StepState::Skipped { .. }
            | StepState::Cancelled { .. } => None,
        }
    }
}

impl Run {
    /// The earliest moment at which a wait, a retry, a pause between turns or a time-out
    /// is due, in milliseconds since the epoch. Waking then removes it, unless the daemon
    /// drains: what would begin something stays due until the next start.
    pub fn next_wake(&self) -> Option<u64> {
        let paused = self.paused.is_some();
        let steps = self.steps.values().filter_map(|state| state.due_ms(paused)).min();
        let leases = self.holds.values().filter(|hold| !hold.over);
        let leases = leases.filter_map(|hold| hold.until_ms).min();
        let due = [steps, leases, self.deadline_ms(), self.promise_due_ms()];
        due.into_iter().flatten().min()
    }

    /// When the run's own time runs out; never while a person has to decide a doubt.
    pub(super) fn deadline_ms(&self) -> Option<u64> {
        let Phase::Active { started_ms } = self.phase else { return None };
        if self.time.is_out || self.cancel.is_some() || self.time.in_doubt_since_ms.is_some() {
            return None;
        }
        let timeout_ms = self.definition.timeout_ms?;
        Some(started_ms.saturating_add(timeout_ms).saturating_add(self.time.doubted_ms))
    }

    /// The definition of the step at `path`; of a turn, the loop's.
    pub fn definition_of(&self, path: &StepPath) -> Option<&Step> {
        self.definition.step_at(path)
    }

    pub fn ended(&self) -> Option<(u64, &RunEnd)> {
        match &self.phase {
            Phase::Ended { ended_ms, end, .. } => Some((*ended_ms, end)),
            Phase::Queued
            | Phase::Active { .. }
            | Phase::Finishing { .. }
            | Phase::Closing { .. } => None,
        }
    }

    pub fn started_ms(&self) -> Option<u64> {
        match &self.phase {
            Phase::Queued => None,
            Phase::Active { started_ms }
            | Phase::Finishing { started_ms }
            | Phase::Closing { started_ms, .. } => Some(*started_ms),
            Phase::Ended { started_ms, .. } => *started_ms,
        }
    }
}
