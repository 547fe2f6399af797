//! What runs ask of people and of each other: approvals, locks and tokens, events.

use rpa_engine::{Label, RunId, StepPath, Value};
use serde::{Deserialize, Serialize};

use crate::service::{GivenValue, RunRef};
use crate::view::VariableView;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApprovalsQuery {
    pub namespace: Label,
    pub limit: u32,
    pub cursor: Option<String>,
}

/// A step that waits for people to approve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApprovalView {
    pub run: RunId,
    pub workflow: String,
    pub path: StepPath,
    /// Who started the run.
    pub started_by: String,
    pub since_ms: u64,
    pub due_ms: Option<u64>,
    pub message: String,
    /// Exactly what is approved, by name.
    pub shown: Vec<(String, Value)>,
    /// What who approves is asked for.
    pub form: Vec<VariableView>,
    /// Users, and groups with an `@` before; empty for everybody.
    pub approvers: Vec<String>,
    pub quorum: u32,
    /// Whether who started the run may approve.
    pub self_approval: bool,
    pub votes: Vec<VoteView>,
    /// Of message and values: a vote carries it.
    pub digest: String,
}

/// One approval that has been given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VoteView {
    pub by: String,
    /// RFC 3339, UTC.
    pub at: String,
    pub comment: String,
    /// What was given for the form: those who approve after it approve just that.
    pub fields: Vec<(String, Value)>,
}

/// Approves or rejects.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VoteRequest {
    pub run: RunRef,
    pub path: StepPath,
    pub approves: bool,
    pub fields: Vec<(String, GivenValue)>,
    /// At most 1,000 characters.
    pub comment: String,
    /// That of the [`ApprovalView`] that the person has seen.
    pub digest: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LocksQuery {
    pub namespace: Label,
}

/// A lock or a pool of tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LockView {
    pub name: String,
    /// Tokens of a pool; none for a lock.
    pub size: Option<u32>,
    /// Tokens that are held; of a lock 1 when it is.
    pub taken: u32,
    pub holders: Vec<ClaimView>,
    /// In their order, the first 100.
    pub waiting: Vec<ClaimView>,
    /// All that wait.
    pub waits: u32,
}

/// A step that holds something, or waits for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimView {
    pub run: RunId,
    pub workflow: String,
    pub path: StepPath,
    /// None for a lock.
    pub tokens: Option<u32>,
    /// When it was asked for.
    pub since_ms: u64,
    pub granted_ms: Option<u64>,
    /// The end of its lease.
    pub until_ms: Option<u64>,
    /// The status word of the step.
    pub status: String,
}

/// Makes a pool of tokens, or changes its size; without a size takes it away.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PoolRequest {
    pub namespace: Label,
    pub name: String,
    pub size: Option<u32>,
}

/// Takes from a step what it holds: the step goes on, and others may hold it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BreakRequest {
    pub run: RunRef,
    pub path: StepPath,
    pub lock: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EventRequest {
    pub namespace: Label,
    pub name: String,
    /// At most 64 KiB.
    pub data: Value,
}

/// The durable acceptance of an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventPublished {
    pub id: String,
    /// Triggers that were told of it.
    pub triggers: u32,
    /// Steps that waited for an event of that name.
    pub waited: u32,
    /// Of these, those that take any: they have it.
    pub took: u32,
    /// Of these, those with a `match`: it is yet to be seen whether it fits them.
    pub looking: u32,
}
