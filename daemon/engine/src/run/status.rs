//! The words for where a run and its steps stand, derived from the state.

use serde::{Deserialize, Serialize};

use super::loops::LoopStage;
use super::message::Stands;
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
            | StepState::Looping(_)
            | StepState::Calling(_) => StepStatus::Running,
            StepState::Waiting { .. }
            | StepState::Claiming(_)
            | StepState::Awaiting(_)
            | StepState::Asking(_) => StepStatus::Waiting,
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
            | StepState::Claiming(_)
            | StepState::Calling(_)
            | StepState::Awaiting(_)
            | StepState::Asking(_)
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
            StepState::Claiming(claiming) => claiming.wanted.is_empty(),
            StepState::Awaiting(awaiting) => !awaiting.offered.is_empty(),
            StepState::Pending
            | StepState::Calling(_)
            | StepState::Asking(_)
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

impl StepState {
    fn calls(&self, wanted: Stands) -> bool {
        matches!(self, StepState::Calling(calling) if calling.stands == wanted)
    }

    /// Whether it waits for time, for an event, or for something that others hold.
    fn is_waiting(&self) -> bool {
        match self {
            StepState::Waiting { .. } | StepState::Awaiting(_) | StepState::Claiming(_) => true,
            StepState::Looping(looping) => looping.pause_ends_ms().is_some(),
            _ => false,
        }
    }

    /// Whether people are asked for an approval, by it or by a run that it has called.
    fn asks(&self) -> bool {
        matches!(self, StepState::Asking(_)) || self.calls(Stands::Asks)
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
    /// | something is about to begin or to be tried again, or a run that it has called goes on | running |
    /// | a `wait:`, a pause between turns lasts, or a lock is not free | waiting |
    /// | a step is in doubt, here or in a run that it has called | in doubt |
    /// | people are asked for an approval, here or in a run that it has called | waiting |
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

    /// Whether it takes a place among the runs at work. One that only waits for runs that it
    /// has called takes none: they need theirs.
    pub fn is_at_work(&self) -> bool {
        let any = |wanted: fn(&StepState) -> bool| self.steps.values().any(wanted);
        // so it is with most runs whenever they are asked
        if matches!(self.phase, Phase::Active { .. }) && any(StepState::goes_on) {
            return true;
        }
        self.status() == RunStatus::Running
            && (!any(|s| s.calls(Stands::Works))
                || any(StepState::goes_on)
                || any(StepState::is_to_begin))
    }

    /// Whether it goes on by itself, or needs a person.
    pub fn stands(&self) -> Stands {
        let any = |wanted: fn(&StepState) -> bool| self.steps.values().any(wanted);
        match self.status() {
            RunStatus::InDoubt => Stands::Doubts,
            RunStatus::Waiting if !any(StepState::is_waiting) => Stands::Asks,
            RunStatus::Queued
            | RunStatus::Running
            | RunStatus::Waiting
            | RunStatus::Paused
            | RunStatus::Completed
            | RunStatus::Failed
            | RunStatus::Cancelled => Stands::Works,
        }
    }

    /// Nothing more happens to it unless a person acts.
    pub fn is_settled(&self) -> bool {
        self.status().ended() || self.stands() != Stands::Works
    }

    fn active_status(&self) -> RunStatus {
        let any = |wanted: fn(&StepState) -> bool| self.steps.values().any(wanted);
        if any(StepState::goes_on) {
            RunStatus::Running
        } else if self.paused.is_some() {
            RunStatus::Paused
        } else if any(|s| s.is_to_begin() || s.calls(Stands::Works)) {
            RunStatus::Running
        } else if any(StepState::is_waiting) {
            RunStatus::Waiting
        } else if any(StepState::is_doubtful) {
            RunStatus::InDoubt
        } else if any(StepState::asks) {
            RunStatus::Waiting
        } else {
            RunStatus::Running
        }
    }
}
