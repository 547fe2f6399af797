//! What can be put into the driver's inbox.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rpa_engine::actor::Actor;
use rpa_engine::catalog::{self, Cause, Entry, Stage};
use rpa_engine::run::{Claimant, Input, Published, RunStatus, StepState};
use rpa_engine::trigger::Slot;
use rpa_engine::trigger::delivery::Outcome;
use rpa_engine::{Ident, Label, Map, RunId, StepPath, Value, Workflow, WorkflowRef};
use rpa_ipc::fault::count;
use rpa_ipc::{Fault, FaultCode, fault};
use tokio::sync::{mpsc, oneshot};

use super::notifications::Acknowledgement;
use crate::day::Day;
use crate::store::{BackedUpRow, Behind, Departure, RevisionRow, SeenFile, TriggerKey, WatchedRow};

/// Messages that may wait for the driver. A full inbox makes callers wait and,
/// after [`PATIENCE`], sends people away with "busy" rather than growing.
pub const INBOX: usize = 4096;
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone, Debug)]
pub enum Message {
    /// No two of one workflow; all become revisions, or none.
    Apply(Vec<Application>),
    Change(Box<Change>),
    Submit(Box<Submission>),
    Run {
        run: RunId,
        input: Input,
    },
    Publish(Box<Publication>),
    /// A pool of tokens is made, changed, or without a size taken away.
    SizePool {
        namespace: Label,
        name: Label,
        size: Option<u32>,
    },
    /// A person takes from a step what it holds.
    BreakLock {
        namespace: Label,
        name: Label,
        holder: Claimant,
        by: Actor,
    },
    /// Timers up to this due time have fired.
    Due {
        up_to_ms: u64,
    },
    /// The clock has come to slots of a schedule, or to what waits in it.
    Slots(Box<Slots>),
    /// Something from outside has reached a trigger.
    Deliver(Box<Arrival>),
    /// Files that a trigger need not be told of: they were there before it, or have gone.
    Seen {
        trigger: TriggerKey,
        files: Vec<(String, Option<SeenFile>)>,
        /// From now on its files are those.
        watched: Option<Box<WatchedRow>>,
    },
    /// A person says something of a trigger.
    Trigger(Box<TriggerOrder>),
    /// A person wants the run of a trigger now.
    Fire(Box<Firing>),
    /// A look at the free space, and at old request ids.
    Housekeep,
    /// Runs that are held after a restore go on, some of them.
    Release,
    /// What would become of held runs after this one, if they went on.
    PlanRelease {
        after: Option<RunId>,
    },
    /// A backup was made, and found to be good.
    BackedUp(BackedUpRow),
    /// A scheduled backup did not come about, and why.
    BackupFailed(String),
    /// The source of a trigger fails, with the code and the message of a fault; or works.
    Source {
        trigger: TriggerKey,
        failing: Option<(String, String)>,
    },
    /// A person has seen notifications.
    Acknowledge(Box<Acknowledgement>),
    /// A piece of retention's work.
    Errand(Errand),
    /// The watchdog's question: nothing but an answer is wanted.
    Pulse,
    /// Look at the [`Orders`]: begin nothing new.
    Drain,
    /// Look at the [`Orders`]: settle the store and end.
    Stop,
}

/// An event for all triggers that listen to it, and all steps that wait for one of its
/// name, or those of them that it has not been told yet.
#[derive(Clone, Debug)]
pub struct Publication {
    pub namespace: Label,
    pub event: Arc<Published>,
    /// The run of which a step publishes it.
    pub from: Option<RunId>,
    pub behind: Option<Behind>,
}

/// Slots of a schedule, in the order of their instants.
#[derive(Clone, Debug)]
pub struct Slots {
    pub trigger: TriggerKey,
    /// The revision whose declaration names them.
    pub revision: u32,
    pub slots: Vec<Slot>,
    /// There are no others up to this instant.
    pub upto_ms: u64,
}

/// Something that has reached a trigger.
#[derive(Clone, Debug)]
pub struct Arrival {
    pub trigger: TriggerKey,
    /// The declaration by which it was let in, when that was asked: another one may not
    /// let it in.
    pub revision: Option<u32>,
    /// What the sender calls it: under one id only the first is taken.
    pub id: Option<String>,
    /// A few words for people: the path of a file, the name of an event.
    pub what: String,
    /// What expressions of the trigger read of it, beside what all deliveries have.
    pub data: Map,
    /// Runs before it, each of which has led to the next by a trigger.
    pub hops: u8,
    /// How far it moves the cursor of its source.
    pub seen: Vec<(String, Option<SeenFile>)>,
}

/// What has become of an arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    pub number: u64,
    /// Not known any more of one that came long ago.
    pub outcome: Option<Outcome>,
    /// It has come before, under the same id.
    pub repeated: bool,
}

/// A run that a person wants of a trigger.
#[derive(Clone, Debug)]
pub struct Firing {
    pub workflow: WorkflowRef,
    pub trigger: Ident,
    /// What expressions of the trigger read, beside what all have.
    pub data: Map,
    pub actor: Actor,
    pub request_id: String,
    /// What the request was for, see `RequestRow`.
    pub digest: [u8; 32],
}

/// What a person wants of a trigger.
#[derive(Clone, Debug)]
pub struct TriggerOrder {
    pub workflow: WorkflowRef,
    pub trigger: Ident,
    pub wish: Wish,
    pub actor: Actor,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    Enable,
    Disable {
        note: String,
    },
    Pause {
        note: String,
    },
    Resume,
    /// Runs of slots that have had none.
    Backfill(Vec<Slot>),
}

/// What retention asks for. Each is done again when it is not answered.
#[derive(Clone, Debug)]
pub enum Errand {
    /// Their copies are durable in the archive of the day.
    Leave { day: Day, departures: Vec<Departure> },
    /// Remove rows that are left of runs in archives.
    Clear,
    /// The time of an archive is over.
    Drop(Day),
    /// Nothing is left of its files.
    Forget(Day),
    /// Nothing happens for now: a commit that makes the next opening quick.
    Settle,
    /// Remove rows of a trigger that nothing has declared since before this moment.
    Undeclared { trigger: TriggerKey, before_ms: u64 },
    /// Forget those of these notifications that are of what happened before this moment, at
    /// most [`super::NOTIFICATIONS_AT_ONCE`] of them.
    Notifications { before_ms: u64, numbers: Vec<u64> },
}

/// What the driver is told to do, whatever becomes of a message: a store that fails
/// answers every message, but must not swallow an order to stop.
#[derive(Debug, Default)]
pub struct Orders {
    hold: AtomicBool,
    stop: AtomicBool,
}

impl Orders {
    pub fn hold(&self) {
        self.hold.store(true, Ordering::SeqCst);
    }

    pub fn stop(&self) {
        self.stop.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_hold(&self) -> bool {
        self.hold.load(Ordering::SeqCst)
    }

    pub(super) fn is_stop(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }
}

/// A checked workflow file that is to become a revision.
#[derive(Clone, Debug)]
pub struct Application {
    pub workflow: Workflow,
    pub source: String,
    pub file: String,
    pub note: String,
    pub cause: Cause,
    pub stage: Stage,
    /// See `ApplyRequest`.
    pub base: Option<u32>,
    pub actor: Actor,
}

impl Application {
    /// Whether the content is that of a stored revision.
    pub fn is(&self, row: &RevisionRow) -> bool {
        row.source == self.source && row.definition == self.workflow
    }
}

/// What is to become of a workflow that is there.
#[derive(Clone, Debug)]
pub struct Change {
    pub workflow: WorkflowRef,
    pub input: catalog::Input,
    pub actor: Actor,
}

/// A run to be accepted, its variables already of the declared types.
#[derive(Clone, Debug)]
pub struct Submission {
    pub run: RunId,
    pub workflow: WorkflowRef,
    pub revision: u32,
    pub vars: BTreeMap<Ident, Value>,
    pub request_id: String,
    /// What the request was for, see `RequestRow`.
    pub digest: [u8; 32],
    pub actor: Actor,
    pub taken_over: Option<TakenOver>,
}

/// Steps that an earlier run has settled.
#[derive(Clone, Debug)]
pub struct TakenOver {
    pub from: RunId,
    /// Variables that the steps have set.
    pub set: BTreeMap<Ident, Value>,
    /// With what they gave.
    pub steps: Vec<(Ident, StepState, Option<Value>)>,
}

/// What a caller gets to know once it is durable.
#[derive(Clone, Debug)]
pub enum Answer {
    Done,
    /// So many doubts of a run were decided.
    Decided(u32),
    /// There is more of the same to be done.
    More,
    /// In the order of the applications.
    Applied(Vec<Applied>),
    Changed {
        entry: Box<Entry>,
        changed: bool,
    },
    Accepted {
        run: RunId,
        status: RunStatus,
        repeated: bool,
    },
    /// So many held runs go on.
    Released {
        was_restored: bool,
        runs: u32,
        more: bool,
    },
    Delivered(Delivered),
    Planned(HeldPlan),
    /// So many notifications that were unread; of these ids there is none; there may be more
    /// from this number on.
    Acknowledged {
        count: u64,
        missing: Vec<u64>,
        next: Option<u64>,
    },
    /// So many steps took it, so many look whether it fits; there may be more behind the
    /// last of them.
    Published {
        /// Triggers that were told of it.
        triggers: u32,
        took: u32,
        looking: u32,
        behind: Option<Behind>,
    },
}

/// What some held runs would do.
#[derive(Clone, Debug)]
pub struct HeldPlan {
    /// Whether the store is one that was restored and is held.
    pub restored: bool,
    pub runs: Vec<(RunId, Vec<GoesOn>)>,
    /// There are more, after this one.
    pub next: Option<RunId>,
}

/// What a step of a held run would do first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoesOn {
    pub path: StepPath,
    pub next: Next,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It has not been begun before.
    Begins,
    /// It was under way, and is begun again.
    Again,
    /// It was under way, and nobody knows how far it came.
    Doubt,
    Fails,
}

/// What became of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    pub revision: u32,
    /// Not when the content was there already, as this revision.
    pub changed: bool,
    /// The revision is not live.
    pub draft: bool,
}

#[derive(Debug)]
pub struct Envelope {
    pub message: Message,
    pub reply: Option<oneshot::Sender<Result<Answer, Fault>>>,
}

/// The sending end of the inbox. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Inbox {
    sender: mpsc::Sender<Envelope>,
}

impl Inbox {
    pub fn new() -> (Inbox, mpsc::Receiver<Envelope>) {
        let (sender, receiver) = mpsc::channel(INBOX);
        (Inbox { sender }, receiver)
    }

    /// For what must not be lost: waits for room. When the driver has ended there
    /// is nobody left to tell; the next start recovers from the store.
    pub async fn tell(&self, message: Message) {
        let _ = self.sender.send(Envelope { message, reply: None }).await;
    }

    /// For callers: the answer comes after the commit.
    pub async fn ask(&self, message: Message) -> Result<Answer, Fault> {
        let (reply, answer) = oneshot::channel();
        let envelope = Envelope { message, reply: Some(reply) };
        match self.sender.send_timeout(envelope, PATIENCE).await {
            Ok(()) => answer.await.unwrap_or_else(|_| Err(gone())),
            Err(mpsc::error::SendTimeoutError::Timeout(_)) => {
                Err(fault!(FaultCode::Busy, "inbox-full", count = count(INBOX)))
            }
            Err(mpsc::error::SendTimeoutError::Closed(_)) => Err(gone()),
        }
    }
}

fn gone() -> Fault {
    fault!(FaultCode::Draining, "daemon-stopped")
}
