//! The rows. They embed engine types, whose enums are append-only for that reason.

use std::collections::BTreeMap;

use rpa_engine::actor::Actor;
use rpa_engine::catalog::{Cause, Entry, Mark};
use rpa_engine::run::{Gate, Hold, Order, Parent, Phase, Stands, StepState, Time};
use rpa_engine::{Ident, Label, Priority, RunId, StepPath, Value, Workflow, WorkflowRef};
use serde::{Deserialize, Serialize};

use super::schema::NamespaceId;
use super::write::boot_id;

/// What never changes about a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunHead {
    pub namespace: NamespaceId,
    pub workflow: WorkflowRef,
    pub revision: u32,
    pub actor: Actor,
    pub request_id: String,
    pub accepted_ms: u64,
    /// The run from which steps were taken over.
    pub rerun_of: Option<RunId>,
    pub lineage: Lineage,
    pub priority: Priority,
}

/// Where a run comes from that no person has asked for: a step of another has called it,
/// or a trigger has fired it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lineage {
    pub parent: Option<Parent>,
    /// The step does not wait for it.
    pub detached: bool,
    /// Runs above it.
    pub depth: u8,
    /// The revisions of workflows that it may call, near or far, as they were live when
    /// the first of these runs was accepted.
    pub pins: BTreeMap<WorkflowRef, u32>,
    pub fired: Option<Fired>,
    /// Runs before it, each of which has led to the next by a trigger.
    pub hops: u8,
}

/// Which trigger of its workflow has fired a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fired {
    pub trigger: Ident,
    /// The instant of the slot in ms, or the number of the newest delivery.
    pub of: u64,
    pub is_of_slot: bool,
    /// A person has fired the trigger: the run is nobody's overlap.
    pub by_hand: bool,
}

/// What changes with each transition. Status is kept for lists that do not load
/// the steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRow {
    /// Events of the run when this row was written: most that only move a step on do
    /// not write it. The journal has the number of now, see `Reader::seq`.
    pub seq: u64,
    pub status: u8,
    pub phase: Phase,
    pub gate: Gate,
    /// Whether it goes on by itself.
    pub stands: Stands,
    /// What its steps hold.
    pub holds: BTreeMap<StepPath, Hold>,
    pub cancel: Option<Order>,
    pub paused: Option<Order>,
    pub time: Time,
    /// The armed timer, so that it can be taken back.
    pub wake_ms: Option<u64>,
    /// Length of the run's log at this transition: what is missing after a power
    /// loss can be told.
    pub log_bytes: u64,
    /// It was open in a backup that was restored, and waits for a person's word: nothing
    /// begins in it, and it is where neither recovery nor timers look.
    pub held: bool,
}

/// That the store was restored from a backup, and what was open in it is held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestoredRow {
    /// When the backup was taken: what came after it is not known here.
    pub taken_ms: u64,
    pub restored_ms: u64,
}

/// The last backup that is known to be good.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackedUpRow {
    pub taken_ms: u64,
    /// Where it lies, as whoever made it named it.
    pub file: String,
}

/// A completed step that will be undone if the run fails, or is being undone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UndoRow {
    pub path: StepPath,
    pub under_way: bool,
}

/// A step that is no longer pending, or one turn of a loop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepRow {
    pub state: StepState,
    pub output: Option<Value>,
    /// Of an attempt that runs, the boot id of the machine when it began: whether its
    /// record, which is not synced, can be believed. Empty for all others.
    pub boot: String,
}

impl StepRow {
    pub fn new(state: StepState, output: Option<Value>) -> StepRow {
        let boot = match state {
            StepState::Running { .. } => boot_id().to_owned(),
            _ => String::new(),
        };
        StepRow { state, output, boot }
    }
}

/// What lists show of a revision. All of it but `published` never changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RevisionHead {
    /// The file as the user named it.
    pub file: String,
    /// Why it was made, in the words of who made it; empty when they gave none.
    pub note: String,
    pub cause: Cause,
    pub made: Mark,
    /// When it was made live last; `None` as long as it is a draft.
    pub published: Option<Mark>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RevisionRow {
    /// First, so that lists need not read the rest.
    pub head: RevisionHead,
    /// The file as it was applied.
    pub source: String,
    /// What the file meant then: a run never depends on how it is read later.
    pub definition: Workflow,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowRow {
    pub name: Label,
    pub entry: Entry,
    /// The newest of its runs that have left the live store, whose own lists know the
    /// newer ones: see `Reader::last_run`.
    pub last_left: Option<RunId>,
}

/// What an id was used for that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestRow {
    Run {
        run: RunId,
        /// BLAKE3 over workflow and variables: the same id for something else is refused.
        digest: [u8; 32],
    },
    /// The number of a delivery to the trigger that is named in the id.
    Delivery(u64),
}

/// What the live store knows of an archive.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArchiveRow {
    /// How many of its runs have left the live store, by namespace and status.
    pub counts: BTreeMap<(NamespaceId, u8), u64>,
    /// When the last of them ended: age counts from there.
    pub last_end_ms: u64,
    /// Bytes of the files of its runs, as they were when each left.
    pub file_bytes: u64,
    /// Its time is over: it is read no more, its files are being removed.
    pub dropping: bool,
}

impl ArchiveRow {
    pub fn runs(&self) -> u64 {
        self.counts.values().sum()
    }
}
