//! What a run is made of at one moment.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::name::{Ident, RunId, StepPath};
use crate::outcome::TaskError;
use crate::value::{Map, Value};
use crate::workflow::{Step, Workflow};

/// One run of one revision of a workflow.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub id: RunId,
    pub revision: u32,
    pub definition: Arc<Workflow>,
    pub actor: Actor,
    pub request_id: String,
    pub accepted_ms: u64,
    pub phase: Phase,
    pub cancel: Option<CancelRequest>,
    pub vars: BTreeMap<Ident, Value>,
    pub steps: BTreeMap<StepPath, StepState>,
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

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CancelRequest {
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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RunStatus {
    Queued,
    Running,
    Waiting,
    Paused,
    InDoubt,
    Completed,
    Failed,
    Cancelled,
}

impl RunStatus {
    pub const ALL: [RunStatus; 8] = [
        RunStatus::Queued,
        RunStatus::Running,
        RunStatus::Waiting,
        RunStatus::Paused,
        RunStatus::InDoubt,
        RunStatus::Completed,
        RunStatus::Failed,
        RunStatus::Cancelled,
    ];

    pub fn word(self) -> &'static str {
        match self {
            RunStatus::Queued => "queued",
            RunStatus::Running => "running",
            RunStatus::Waiting => "waiting",
            RunStatus::Paused => "paused",
            RunStatus::InDoubt => "in_doubt",
            RunStatus::Completed => "completed",
            RunStatus::Failed => "failed",
            RunStatus::Cancelled => "cancelled",
        }
    }

    pub fn from_word(word: &str) -> Option<RunStatus> {
        RunStatus::ALL.into_iter().find(|s| s.word() == word)
    }

    /// Nothing will ever happen to such a run again.
    pub fn ended(self) -> bool {
        matches!(self, RunStatus::Completed | RunStatus::Failed | RunStatus::Cancelled)
    }

    /// Nothing more happens to such a run unless a person acts.
    pub fn settled(self) -> bool {
        self.ended() || self == RunStatus::InDoubt
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepStatus {
    Pending,
    Ready,
    Running,
    Waiting,
    Retrying,
    InDoubt,
    Completed,
    Failed,
    Skipped,
    Cancelled,
}

impl StepStatus {
    pub fn word(self) -> &'static str {
        match self {
            StepStatus::Pending => "pending",
            StepStatus::Ready => "ready",
            StepStatus::Running => "running",
            StepStatus::Waiting => "waiting",
            StepStatus::Retrying => "retrying",
            StepStatus::InDoubt => "in_doubt",
            StepStatus::Completed => "completed",
            StepStatus::Failed => "failed",
            StepStatus::Skipped => "skipped",
            StepStatus::Cancelled => "cancelled",
        }
    }
}

impl StepState {
    pub fn status(&self) -> StepStatus {
        match self {
            StepState::Pending => StepStatus::Pending,
            StepState::Ready => StepStatus::Ready,
            StepState::Running { .. } | StepState::Confirmed { .. } => StepStatus::Running,
            StepState::Waiting { .. } => StepStatus::Waiting,
            StepState::Retrying { .. } => StepStatus::Retrying,
            StepState::InDoubt { .. } => StepStatus::InDoubt,
            StepState::Completed { .. } => StepStatus::Completed,
            StepState::Failed { .. } => StepStatus::Failed,
            StepState::Skipped { .. } => StepStatus::Skipped,
            StepState::Cancelled { .. } => StepStatus::Cancelled,
        }
    }

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
            | StepState::InDoubt { .. } => false,
        }
    }

    /// Tries begun so far.
    pub fn attempts(&self) -> u32 {
        match self {
            StepState::Pending
            | StepState::Ready
            | StepState::Waiting { .. }
            | StepState::Skipped { .. } => 0,
            StepState::Running { attempt, .. }
            | StepState::Retrying { attempt, .. }
            | StepState::Confirmed { attempt, .. }
            | StepState::InDoubt { attempt, .. }
            | StepState::Completed { attempt, .. }
            | StepState::Failed { attempt, .. }
            | StepState::Cancelled { attempt, .. } => *attempt,
        }
    }

    fn due_ms(&self) -> Option<u64> {
        match self {
            StepState::Waiting { until_ms, .. } => Some(*until_ms),
            StepState::Retrying { due_ms, .. } => Some(*due_ms),
            StepState::Pending
            | StepState::Ready
            | StepState::Running { .. }
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
    /// The run's status, derived: *in doubt* and *waiting* only when nothing
    /// else goes on, so that they mean "it needs a person" and "it needs time".
    pub fn status(&self) -> RunStatus {
        match &self.phase {
            Phase::Queued => RunStatus::Queued,
            Phase::Finishing { .. } => RunStatus::Running,
            Phase::Ended { end, .. } => match end {
                RunEnd::Completed { .. } => RunStatus::Completed,
                RunEnd::Failed { .. } => RunStatus::Failed,
                RunEnd::Cancelled => RunStatus::Cancelled,
            },
            Phase::Active { .. } => self.active_status(),
        }
    }

    fn active_status(&self) -> RunStatus {
        let any = |wanted: fn(&StepState) -> bool| self.steps.values().any(wanted);
        if any(|s| {
            matches!(
                s,
                StepState::Ready
                    | StepState::Running { .. }
                    | StepState::Retrying { .. }
                    | StepState::Confirmed { .. }
            )
        }) {
            RunStatus::Running
        } else if any(|s| matches!(s, StepState::Waiting { .. })) {
            RunStatus::Waiting
        } else if any(|s| matches!(s, StepState::InDoubt { .. })) {
            RunStatus::InDoubt
        } else {
            RunStatus::Running
        }
    }

    /// The earliest moment at which a wait or a retry is due, in milliseconds
    /// since the epoch.
    pub fn next_wake(&self) -> Option<u64> {
        self.steps.values().filter_map(StepState::due_ms).min()
    }

    /// The definition of the step at `path`.
    pub fn definition_of(&self, path: &StepPath) -> Option<&Step> {
        self.definition.steps.iter().find(|s| s.id.as_str() == path.as_str())
    }

    pub fn started_ms(&self) -> Option<u64> {
        match &self.phase {
            Phase::Queued => None,
            Phase::Active { started_ms } | Phase::Finishing { started_ms } => Some(*started_ms),
            Phase::Ended { started_ms, .. } => *started_ms,
        }
    }

    /// The step that failed first, and why.
    pub(super) fn first_failure(&self) -> Option<(&StepPath, &TaskError)> {
        self.steps
            .iter()
            .filter_map(|(path, state)| match state {
                StepState::Failed { ended_ms, error, .. } => Some((ended_ms, path, error)),
                _ => None,
            })
            .min_by_key(|(at, path, _)| (**at, (*path).clone()))
            .map(|(_, path, error)| (path, error))
    }
}
