//! The words for where a run and its steps stand, derived from the state.

use serde::{Deserialize, Serialize};

use super::loops::LoopStage;
use super::state::{Phase, Run, RunEnd, StepState};

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
            StepState::Running { .. }
            | StepState::Confirmed { .. }
            | StepState::Open { .. }
            | StepState::Closing { .. }
            | StepState::Looping(_) => StepStatus::Running,
            StepState::Waiting { .. } => StepStatus::Waiting,
            StepState::Retrying { .. } => StepStatus::Retrying,
            StepState::InDoubt { .. } => StepStatus::InDoubt,
            StepState::Completed { .. } => StepStatus::Completed,
            StepState::Failed { .. } => StepStatus::Failed,
            StepState::Skipped { .. } => StepStatus::Skipped,
            StepState::Cancelled { .. } => StepStatus::Cancelled,
        }
    }

    /// Whether it comes to an end even while nothing may begin.
    fn goes_on(&self) -> bool {
        match self {
            StepState::Running { .. } | StepState::Confirmed { .. } | StepState::Closing { .. } => {
                true
            }
            StepState::Looping(looping) => looping.stage == LoopStage::Gathering,
            StepState::Pending
            | StepState::Ready
            | StepState::Waiting { .. }
            | StepState::Retrying { .. }
            | StepState::InDoubt { .. }
            | StepState::Open { .. }
            | StepState::Completed { .. }
            | StepState::Failed { .. }
            | StepState::Skipped { .. }
            | StepState::Cancelled { .. } => false,
        }
    }

    /// Whether it begins something by itself as soon as that is allowed.
    fn is_to_begin(&self) -> bool {
        match self {
            StepState::Ready | StepState::Retrying { .. } => true,
            StepState::Looping(looping) => looping.stage == LoopStage::Asking,
            StepState::Pending
            | StepState::Running { .. }
            | StepState::Waiting { .. }
            | StepState::Confirmed { .. }
            | StepState::InDoubt { .. }
            | StepState::Open { .. }
            | StepState::Closing { .. }
            | StepState::Completed { .. }
            | StepState::Failed { .. }
            | StepState::Skipped { .. }
            | StepState::Cancelled { .. } => false,
        }
    }
}

impl Run {
    /// The run's status, derived: *in doubt* and *waiting* only when nothing
    /// else goes on, so that they mean "it needs a person" and "it needs time".
    ///
    /// | of these the first that fits | it is |
    /// |---|---|
    /// | an attempt runs, or what has been done is being put together | running |
    /// | a person has paused it | paused |
    /// | something is about to begin or to be tried again | running |
    /// | a `wait:` or a pause between turns lasts | waiting |
    /// | a step is in doubt | in doubt |
    /// | none of these: the daemon drains | running |
    pub fn status(&self) -> RunStatus {
        match &self.phase {
            Phase::Queued => RunStatus::Queued,
            Phase::Finishing { .. } => RunStatus::Running,
            Phase::Ended { end, .. } => match end {
                RunEnd::Completed { .. } => RunStatus::Completed,
                RunEnd::Failed { .. } => RunStatus::Failed,
                RunEnd::Cancelled => RunStatus::Cancelled,
            },
            Phase::Active { .. } | Phase::Closing { .. } => self.active_status(),
        }
    }

    fn active_status(&self) -> RunStatus {
        let any = |wanted: fn(&StepState) -> bool| self.steps.values().any(wanted);
        if any(StepState::goes_on) {
            RunStatus::Running
        } else if self.paused.is_some() {
            RunStatus::Paused
        } else if any(StepState::is_to_begin) {
            RunStatus::Running
        } else if any(|s| {
            matches!(s, StepState::Waiting { .. })
                || matches!(s, StepState::Looping(l) if l.pause_ends_ms().is_some())
        }) {
            RunStatus::Waiting
        } else if any(|s| matches!(s, StepState::InDoubt { .. })) {
            RunStatus::InDoubt
        } else {
            RunStatus::Running
        }
    }
}
