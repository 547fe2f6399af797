//! The life of one run.
//!
//! A driver owns the clock, the store and the runner, and uses a [`Run`] so:
//!
//! 1. it hands one [`Input`] with the present time to [`Run::step`];
//! 2. it writes the [`Event`]s and the changed rows in one transaction;
//! 3. only when that is durable it carries out the [`Effect`]s, whose results
//!    come back as inputs;
//! 4. it asks [`Run::next_wake`] when to hand in [`Input::Wake`].
//!
//! Effects may be lost (then [`Input::Recover`] asks for them again) or repeated,
//! and inputs may be stale: what no longer fits the state changes nothing.
//!
//! | step state | left by | to |
//! |---|---|---|
//! | pending | its needs have ended, see `lists.rs` | ready, running, open, looping, skipped |
//! | ready | its expressions are evaluated | running, waiting, open, looping, completed (`set`), skipped, failed |
//! | running | its attempt has ended, see [`verdict`] | running (again), confirmed, completed, retrying, in doubt, failed, cancelled |
//! | confirmed | its `outputs:` are evaluated | completed, failed |
//! | waiting | its time has come | completed |
//! | retrying | its time has come | running |
//! | in doubt | a person decides | completed, running (retrying in a drain or a pause), failed |
//! | open | all steps of its body have ended | closing (`outputs:`), completed, failed, cancelled |
//! | closing | its `outputs:` are evaluated | completed, failed |
//! | looping | see `loops.rs` | completed, failed, cancelled |
//! | pending, ready, waiting, retrying | the run, or a body around it, is halted | cancelled |
//!
//! *Halted* is what is to end, see `halting.rs`: attempts that run are asked to stop, what
//! has come back is kept, a doubt stays one.
//!
//! While the daemon drains or the run is paused nothing begins: pending steps stay so,
//! ready ones are asked again afterwards, retries and pauses of loops that fall due wait.
//! Waits and time-outs go on, and what has run is brought to its end. The time of the run
//! stands still as long as a step is in doubt, that of a body does not.

mod apply;
mod attempts;
mod effect;
mod ending;
mod event;
mod halting;
mod input;
mod lists;
mod loops;
mod memory;
mod orders;
pub mod rerun;
mod resolve;
pub mod scope;
mod state;
mod status;
mod turn;
pub mod verdict;

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

pub use apply::Acceptance;
pub use effect::{Attempt, Effect, EvalJob, Purpose, RemarkLevel};
pub use event::{Event, SkipReason};
pub use input::{Asked, Cx, Evaluation, Input, Refusal, Resolution};
pub use loops::{LoopStage, Looping};
pub use state::{Order, Phase, Run, RunEnd, Stage, StepState, Time};
pub use status::{RunStatus, StepStatus};

/// What one step of a run led to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    pub events: Vec<Event>,
    pub effects: Vec<Effect>,
}
