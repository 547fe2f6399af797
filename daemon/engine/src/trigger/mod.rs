//! What starts runs by itself: triggers as a workflow declares them, and the state of each.
//!
//! A trigger is an entity as a run is: it is told what has happened and decides. Its own
//! state, the fate of each slot and the runs that it starts are one transaction, so a slot
//! is neither lost nor fired twice.

mod cadence;
pub mod delivery;
mod flow;
mod schedule;
mod sources;
mod state;
#[cfg(test)]
mod tests;

pub use cadence::{CADENCE_SLOTS, Cadence};
pub use flow::{Excess, Flow, Gather, Throttle};
pub use schedule::{
    Bound, CatchUp, CatchUpPolicy, Day, Days, DstGap, DstOverlap, Moments, Outside, Overlap,
    Schedule,
};
pub use sources::{
    Chain, FileChange, FileWatch, Manual, Rate, SignatureScheme, Subscription, Webhook,
};
pub use state::{
    Cx, Decision, Fate, How, Input, LATE_MS, MISSED_MS, MOST_QUEUED, Missed, Passed, Paused,
    Pending, ScheduleState, Skipped, Slot, Start, WaitsFor,
};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::name::Ident;
use crate::template::{Expr, Template};

/// A trigger of a workflow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trigger {
    /// Its state and its ledger hang on it, over all revisions of the workflow.
    pub id: Ident,
    pub description: String,
    pub source: Source,
    /// Starts nothing when it gives false; reads `trigger`.
    pub condition: Option<Expr>,
    /// Variables of the runs that it starts; templates read `trigger`.
    pub vars: BTreeMap<Ident, Template>,
    /// Of a schedule nothing: it has rules of its own.
    pub flow: Flow,
    /// Whether it is armed when the revision is published, unless a person has said
    /// otherwise.
    pub enabled: bool,
}

/// Where it hears of what starts a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Source {
    Schedule(Box<Schedule>),
    Webhook(Box<Webhook>),
    FileWatch(Box<FileWatch>),
    Event(Subscription),
    After(Chain),
    Manual(Manual),
}

impl Source {
    pub fn word(&self) -> &'static str {
        match self {
            Source::Schedule(_) => "schedule",
            Source::Webhook(_) => "webhook",
            Source::FileWatch(_) => "file_watch",
            Source::Event(_) => "event",
            Source::After(_) => "after",
            Source::Manual(_) => "manual",
        }
    }

    pub fn schedule(&self) -> Option<&Schedule> {
        match self {
            Source::Schedule(schedule) => Some(schedule),
            _ => None,
        }
    }

    pub fn webhook(&self) -> Option<&Webhook> {
        match self {
            Source::Webhook(webhook) => Some(webhook),
            _ => None,
        }
    }

    pub fn file_watch(&self) -> Option<&FileWatch> {
        match self {
            Source::FileWatch(watch) => Some(watch),
            _ => None,
        }
    }
}
