//! What a run and other entities tell each other.
//!
//! A [`Message`] is delivered in the transaction of the change that it comes from: it is
//! neither lost nor seen twice. The answer comes as an input.
//!
//! | message | to | answered by |
//! |---|---|---|
//! | call | a new run | news of it, see [`News`] |
//! | order | a run that this one has called | |
//! | news | the run that has called this one | |
//! | claim | a lock | `Input::Claimed`, now or when it is free |
//! | release | a lock | |
//! | enter | the gate of the workflow | `Input::Gated`, now or when there is room |
//! | leave | the gate of the workflow | |

use serde::{Deserialize, Serialize};

use super::state::RunEnd;
use crate::actor::Actor;
use crate::name::{Label, RunId, StepPath, WorkflowRef};
use crate::value::Map;
use crate::workflow::Priority;

#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    Call(Box<Called>),
    Order {
        run: RunId,
        order: ChildOrder,
    },
    /// `from` is the run that tells it.
    News {
        to: Parent,
        from: RunId,
        news: News,
    },
    Claim {
        lock: Label,
        by: Claimant,
        tokens: Tokens,
    },
    /// Of what was granted, or is waited for.
    Release {
        lock: Label,
        by: Claimant,
    },
    Enter {
        key: String,
    },
    Leave {
        key: String,
    },
}

/// A run that a step wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Called {
    pub run: RunId,
    pub workflow: WorkflowRef,
    pub revision: u32,
    pub vars: Map,
    pub by: Parent,
    pub detached: bool,
    pub actor: Actor,
    /// At least this.
    pub priority: Priority,
}

/// The step that has called a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Parent {
    pub run: RunId,
    pub path: StepPath,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChildOrder {
    Cancel { by: Actor },
    Pause { by: Actor },
    Resume { by: Actor },
}

/// What the run that a step has called has come to.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    Stands(Stands),
    Ended(RunEnd),
}

/// Whether a run goes on by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stands {
    #[default]
    Works,
    /// It waits for people to approve something.
    Asks,
    /// A person has to decide a doubt.
    Doubts,
}

/// Who holds a lock, or waits for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Claimant {
    pub run: RunId,
    pub path: StepPath,
}

/// How much is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tokens {
    /// A lock: all of it.
    Lock,
    /// So many tokens of a pool; at least 1.
    Some(u32),
}
