//! The life of one run.
//!
//! A driver owns the clock, the store and the runner, and uses a [`Run`] so:
//!
//! 1. it hands one [`Input`] with the present time to [`Run::step`];
//! 2. it delivers the [`Message`]s to other entities, and writes the [`Event`]s and the
//!    changed rows of all of them, in one transaction;
//! 3. only when that is durable it carries out the [`Effect`]s, whose results
//!    come back as inputs;
//! 4. it asks [`Run::next_wake`] when to hand in [`Input::Wake`].
//!
//! Effects may be lost (then [`Input::Recover`] asks for them again) or repeated,
//! and inputs may be stale: what no longer fits the state changes nothing.
//!
//! | step state | left by | to |
//! |---|---|---|
//! | pending | its needs have ended, see `lists.rs` | ready, claiming, running, open, looping, skipped |
//! | claiming | it has all that it claims, see `claims.rs` | ready |
//! | ready | its expressions are evaluated | running, waiting, awaiting, asking, calling, open, looping, completed (`set`), skipped, failed |
//! | running | its attempt has ended, see [`verdict`] | running (again), confirmed, completed, retrying, in doubt, failed, cancelled |
//! | confirmed | its `outputs:` are evaluated | completed, failed |
//! | waiting | its time has come | completed |
//! | awaiting | an event that fits, or its time has come, see `awaits.rs` | completed, failed |
//! | asking | enough people have approved, one has rejected, or its time has come, see `approvals.rs` | completed, failed |
//! | calling | the run that it has called has ended, see `calls.rs` | confirmed, completed, retrying, failed, cancelled |
//! | retrying | its time has come | running |
//! | in doubt | a person decides | completed, running (retrying in a drain or a pause), failed |
//! | open | all steps of its body have ended | closing (`outputs:`), completed, failed, cancelled |
//! | closing | its `outputs:` are evaluated | completed, failed |
//! | looping | see `loops.rs` | completed, failed, cancelled |
//! | pending, claiming, ready, waiting, awaiting, asking, retrying | the run, or a body around it, is halted | cancelled |
//!
//! *Halted* is what is to end, see `halting.rs`: attempts that run are asked to stop, what
//! has come back is kept, a doubt stays one.
//!
//! While the daemon drains or the run is paused nothing begins: pending steps stay so,
//! ready ones are asked again afterwards, retries and pauses of loops that fall due wait.
//! Waits and time-outs go on, and what has run is brought to its end. The time of the run
//! stands still as long as a step is in doubt, that of a body does not.

mod apply;
mod approvals;
mod attempts;
mod awaits;
mod calls;
mod claims;
mod effect;
mod ending;
mod event;
mod gating;
mod halting;
mod input;
mod lists;
mod loops;
mod memory;
pub mod message;
mod orders;
pub mod rerun;
mod resolve;
pub mod scope;
mod sla;
mod state;
mod status;
mod turn;
pub mod verdict;

#[cfg(test)]
pub(crate) mod simulation;
#[cfg(test)]
pub(crate) mod tests;

pub use apply::Acceptance;
pub use approvals::{ApprovalRequest, Asking, Decided, Vote};
pub use awaits::{Awaiting, EventId, MOST_OFFERED, Published};
pub use calls::Calling;
pub use claims::{ClaimAnswer, Claiming, Hold};
pub use effect::{Attempt, Effect, EvalJob, Purpose, RemarkLevel};
pub use event::{Event, SkipReason};
pub use gating::{Gate, GateAnswer};
pub use input::{Asked, Cx, Evaluation, Input, Refusal, Resolution};
pub use loops::{LoopStage, Looping};
pub use message::{Called, ChildOrder, Claimant, Message, News, Parent, Stands, Tokens};
pub use sla::Promise;
pub use state::{Order, Phase, Run, RunEnd, Stage, StepState, Time};
pub use status::{RunStatus, StepStatus};

/// What one step of a run led to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    pub events: Vec<Event>,
    pub effects: Vec<Effect>,
    /// To other entities, in the same transaction.
    pub messages: Vec<Message>,
}
