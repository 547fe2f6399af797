//! The journal: what happened to a run, in order. Append-only as an enum too,
//! because its encoding is positional.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::approvals::{ApprovalRequest, Vote};
use super::awaits::EventId;
use super::message::{Claimant, Stands, Tokens};
use super::sla::Promise;
use super::state::{RunEnd, Stage};
use crate::actor::Actor;
use crate::name::{Ident, Label, RunId, StepPath, WorkflowRef};
use crate::outcome::TaskError;
use crate::value::Value;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The run was admitted from the queue.
    Started,
    /// The step's needs are met; its expressions are being evaluated.
    StepReady {
        path: StepPath,
    },
    StepSkipped {
        path: StepPath,
        reason: SkipReason,
    },
    /// Committed before the attempt is handed to the runner. `input` is what was
    /// evaluated; every further attempt uses the same.
    StepStarted {
        path: StepPath,
        attempt: u32,
        input: Value,
    },
    /// A result came back; the step's `outputs:` are not evaluated yet.
    StepConfirmed {
        path: StepPath,
        attempt: u32,
        output: Value,
    },
    /// `set` holds the run variables that a `set:` step writes.
    StepCompleted {
        path: StepPath,
        attempt: u32,
        output: Value,
        set: BTreeMap<Ident, Value>,
    },
    StepWaiting {
        path: StepPath,
        until_ms: u64,
    },
    StepRetrying {
        path: StepPath,
        attempt: u32,
        error: TaskError,
        due_ms: u64,
    },
    StepInDoubt {
        path: StepPath,
        attempt: u32,
        reason: String,
    },
    StepFailed {
        path: StepPath,
        attempt: u32,
        error: TaskError,
        output: Value,
    },
    StepCancelled {
        path: StepPath,
    },
    /// A person decided a doubt; the event that follows says what became of it.
    DoubtResolved {
        path: StepPath,
        decision: String,
        by: Actor,
    },
    CancelRequested {
        by: Actor,
    },
    /// All steps ended well; the run's outputs are being evaluated.
    Finishing,
    Ended {
        end: RunEnd,
    },
    /// The body of a group or of the chosen case is under way, or one turn of a loop.
    ScopeOpened {
        path: StepPath,
        case: Option<u32>,
        deadline_ms: Option<u64>,
    },
    /// A body has ended well; its outputs are being evaluated.
    ScopeClosing {
        path: StepPath,
    },
    /// The time of a step with a body has run out: what is in it is ended.
    ScopeTimedOut {
        path: StepPath,
    },
    /// `items` is what `for_each` goes over, `turns` how many there will be at most.
    LoopOpened {
        path: StepPath,
        items: Value,
        turns: u32,
        deadline_ms: Option<u64>,
    },
    /// The condition is being evaluated.
    LoopAsking {
        path: StepPath,
    },
    LoopPausing {
        path: StepPath,
        until_ms: u64,
    },
    /// No further turn; what the turns gave is being put together.
    LoopGathering {
        path: StepPath,
    },
    /// The run's time has run out.
    TimedOut,
    PauseRequested {
        by: Actor,
    },
    Resumed {
        by: Actor,
    },
    /// How the run ends is settled, and this is done first.
    StageEntered {
        stage: Stage,
        end: RunEnd,
    },
    /// A completed step is being undone.
    UndoOpened {
        path: StepPath,
    },
    /// It has been undone, or that has failed.
    UndoEnded {
        path: StepPath,
        error: Option<TaskError>,
    },
    /// What is left of the handlers is cancelled.
    HandlersStopped {
        by: Actor,
    },
    /// The names of what the step claims are being evaluated.
    ClaimsAsked {
        path: StepPath,
    },
    /// It asks for these, one after the other, and waits until then at most.
    ClaimsBegun {
        path: StepPath,
        wanted: Vec<(Label, Tokens)>,
        until_ms: Option<u64>,
    },
    /// The next of them is not free.
    ClaimWaits {
        path: StepPath,
        lock: Label,
        /// Who has it, or most of it.
        holder: Option<Claimant>,
    },
    ClaimGranted {
        path: StepPath,
        lock: Label,
    },
    /// It has all of them, until then at most; its inputs are being evaluated.
    ClaimsHeld {
        path: StepPath,
        until_ms: Option<u64>,
    },
    /// It has held them for too long: what it does is ended.
    LeaseEnded {
        path: StepPath,
    },
    /// Committed with the acceptance of the run that the step calls.
    StepCalled {
        path: StepPath,
        attempt: u32,
        run: RunId,
        workflow: WorkflowRef,
        revision: u32,
        input: Value,
        deadline_ms: Option<u64>,
    },
    /// Whether the run that the step has called goes on by itself.
    CallStands {
        path: StepPath,
        stands: Stands,
    },
    CallTimedOut {
        path: StepPath,
    },
    StepAwaiting {
        path: StepPath,
        until_ms: Option<u64>,
    },
    /// Whether it is what the step waits for is being evaluated.
    EventOffered {
        path: StepPath,
        event: EventId,
    },
    /// It is not what the step waits for, or `match` has `failed` for it.
    EventDeclined {
        path: StepPath,
        event: EventId,
        failed: bool,
    },
    ApprovalAsked {
        path: StepPath,
        request: ApprovalRequest,
        until_ms: Option<u64>,
    },
    ApprovalVoted {
        path: StepPath,
        vote: Vote,
    },
    /// So many runs with this key go on already: this one waits for its turn.
    GateWaits {
        key: String,
        active: u32,
    },
    /// It is one of those that may go on.
    GatePassed {
        key: String,
    },
    TurnedAway {
        key: String,
        reason: String,
    },
    PromiseBroken {
        promise: Promise,
    },
    /// A person has taken a lock from the step.
    HoldBroken {
        path: StepPath,
        lock: Label,
        by: Actor,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SkipReason {
    /// Its `if` was false.
    Condition,
    /// A step that it needs did not complete; `was` is that step's status word.
    Needs { step: Ident, was: String },
    /// It is the fallback of a step that did not fail.
    NotInvoked { step: Ident },
}

impl SkipReason {
    /// One phrase for people.
    pub fn text(&self) -> String {
        match self {
            SkipReason::Condition => "its condition was false".into(),
            SkipReason::Needs { step, was } => match was.as_str() {
                "failed" => format!("needs {step}, which failed"),
                "completed" => format!("needs {step}, which completed"),
                _ => format!("needs {step}, which was {was}"),
            },
            SkipReason::NotInvoked { step } => format!("only if {step} fails, which it did not"),
        }
    }
}

impl Event {
    /// The step that the event is about.
    pub fn path(&self) -> Option<&StepPath> {
        match self {
            Event::StepReady { path }
            | Event::StepSkipped { path, .. }
            | Event::StepStarted { path, .. }
            | Event::StepConfirmed { path, .. }
            | Event::StepCompleted { path, .. }
            | Event::StepWaiting { path, .. }
            | Event::StepRetrying { path, .. }
            | Event::StepInDoubt { path, .. }
            | Event::StepFailed { path, .. }
            | Event::StepCancelled { path }
            | Event::DoubtResolved { path, .. }
            | Event::ScopeOpened { path, .. }
            | Event::ScopeClosing { path }
            | Event::ScopeTimedOut { path }
            | Event::LoopOpened { path, .. }
            | Event::LoopAsking { path }
            | Event::LoopPausing { path, .. }
            | Event::LoopGathering { path }
            | Event::UndoOpened { path }
            | Event::UndoEnded { path, .. }
            | Event::ClaimsAsked { path }
            | Event::ClaimsBegun { path, .. }
            | Event::ClaimWaits { path, .. }
            | Event::ClaimGranted { path, .. }
            | Event::ClaimsHeld { path, .. }
            | Event::LeaseEnded { path }
            | Event::StepCalled { path, .. }
            | Event::CallStands { path, .. }
            | Event::CallTimedOut { path }
            | Event::StepAwaiting { path, .. }
            | Event::EventOffered { path, .. }
            | Event::EventDeclined { path, .. }
            | Event::ApprovalAsked { path, .. }
            | Event::ApprovalVoted { path, .. }
            | Event::HoldBroken { path, .. } => Some(path),
            Event::Started
            | Event::CancelRequested { .. }
            | Event::Finishing
            | Event::TimedOut
            | Event::PauseRequested { .. }
            | Event::Resumed { .. }
            | Event::StageEntered { .. }
            | Event::HandlersStopped { .. }
            | Event::GateWaits { .. }
            | Event::GatePassed { .. }
            | Event::TurnedAway { .. }
            | Event::PromiseBroken { .. }
            | Event::Ended { .. } => None,
        }
    }

    /// Whether the state of the step at [`Event::path`] is another afterwards.
    pub fn changes_step(&self) -> bool {
        !matches!(
            self,
            Event::DoubtResolved { .. }
                | Event::UndoOpened { .. }
                | Event::UndoEnded { .. }
                | Event::ClaimWaits { .. }
                | Event::LeaseEnded { .. }
                | Event::HoldBroken { .. }
        )
    }

    /// What the step gave, where this event settles that.
    pub fn output(&self) -> Option<&Value> {
        match self {
            Event::StepCompleted { output, .. } | Event::StepFailed { output, .. } => Some(output),
            Event::Started
            | Event::StepReady { .. }
            | Event::StepSkipped { .. }
            | Event::StepStarted { .. }
            | Event::StepConfirmed { .. }
            | Event::StepWaiting { .. }
            | Event::StepRetrying { .. }
            | Event::StepInDoubt { .. }
            | Event::StepCancelled { .. }
            | Event::DoubtResolved { .. }
            | Event::CancelRequested { .. }
            | Event::Finishing
            | Event::ScopeOpened { .. }
            | Event::ScopeClosing { .. }
            | Event::ScopeTimedOut { .. }
            | Event::LoopOpened { .. }
            | Event::LoopAsking { .. }
            | Event::LoopPausing { .. }
            | Event::LoopGathering { .. }
            | Event::TimedOut
            | Event::PauseRequested { .. }
            | Event::Resumed { .. }
            | Event::StageEntered { .. }
            | Event::UndoOpened { .. }
            | Event::UndoEnded { .. }
            | Event::HandlersStopped { .. }
            | Event::ClaimsAsked { .. }
            | Event::ClaimsBegun { .. }
            | Event::ClaimWaits { .. }
            | Event::ClaimGranted { .. }
            | Event::ClaimsHeld { .. }
            | Event::LeaseEnded { .. }
            | Event::StepCalled { .. }
            | Event::CallStands { .. }
            | Event::CallTimedOut { .. }
            | Event::StepAwaiting { .. }
            | Event::EventOffered { .. }
            | Event::EventDeclined { .. }
            | Event::ApprovalAsked { .. }
            | Event::ApprovalVoted { .. }
            | Event::GateWaits { .. }
            | Event::GatePassed { .. }
            | Event::TurnedAway { .. }
            | Event::PromiseBroken { .. }
            | Event::HoldBroken { .. }
            | Event::Ended { .. } => None,
        }
    }

    /// Whether the step at [`Event::path`] has ended by it.
    pub fn ends_step(&self) -> bool {
        matches!(
            self,
            Event::StepSkipped { .. }
                | Event::StepCompleted { .. }
                | Event::StepFailed { .. }
                | Event::StepCancelled { .. }
        )
    }
}
