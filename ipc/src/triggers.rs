//! Triggers, and the ledger of their slots.

use rpa_engine::{Label, Map, RunId};
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, Said};

/// Most slots of one answer.
pub const MOST_SLOTS: u32 = 500;

/// Slots or deliveries, the newest, of which it is counted how many were missed: each list
/// of triggers looks at them.
pub const MOST_MISSED: usize = 200;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TriggersQuery {
    pub namespace: Label,
}

/// A trigger as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriggerView {
    pub workflow: String,
    pub trigger: String,
    pub description: String,
    /// `schedule`, `webhook`, `file_watch`, `event`, `after`, `manual`; empty when nothing
    /// declares it.
    pub kind: String,
    /// What it waits for, in a few words; empty when no live revision declares it.
    pub what: String,
    /// The cron expression of a schedule that has one, to be said in another language.
    pub cron: Option<String>,
    pub timezone: String,
    /// `armed`, `paused`, `disabled`, `held`, `gone`, `broken`, `failing`.
    pub status: String,
    /// Why it is not armed, with who, when and the note.
    pub why: Option<Said>,
    /// It is paused, and by the daemon: its runs have failed.
    pub paused_by_itself: bool,
    pub revision: Option<u32>,
    /// The next moment that will not be passed over.
    pub next: Option<ComingSlot>,
    pub last: Option<SlotView>,
    /// Slots of the last 24 hours that were missed or refused, or deliveries that were
    /// refused, among the newest [`MOST_MISSED`].
    pub missed: u32,
    /// Runs that have failed one after the other.
    pub failures: u32,
    /// Runs of it that go on.
    pub open: Vec<RunId>,
    /// Slots that wait for their time or for a run to end, or deliveries that are held.
    pub waiting: u32,
    /// What was delivered to it so far.
    pub deliveries: u64,
    /// Why its source hears nothing for now.
    pub failing: Option<FailingView>,
    /// What its source has turned away since the daemon started.
    pub rejected: Option<RejectedView>,
    /// It fires less often, or later, than it is written to: how, and what has become of
    /// the other slots.
    pub cadence: Option<Said>,
}

/// A source that hears nothing for now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailingView {
    pub since_ms: u64,
    pub attempts: u32,
    /// When it tries again.
    pub next_ms: Option<u64>,
}

/// What a source has turned away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RejectedView {
    pub count: u64,
    pub last_ms: u64,
    /// Why the last one was.
    pub why: Said,
}

/// A slot that is still to come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComingSlot {
    pub workflow: String,
    pub trigger: String,
    pub slot_ms: u64,
    /// When it fires: later than the slot by jitter, a clock change, or another day.
    pub due_ms: u64,
    /// Why it will be passed over.
    pub passed: Option<Said>,
    /// It stands for others of the same stretch as well.
    pub folded: Option<Folded>,
    /// Among what comes of all triggers: how many more of this one are left out behind it.
    pub more: Option<LeftOut>,
}

/// Slots of one trigger within one stretch of time, of which the first is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folded {
    /// With the one that is shown; two or more.
    pub count: u64,
    /// When the last of them is due.
    pub last_due_ms: u64,
    /// There are more of them: so many were counted.
    pub at_least: bool,
}

/// Stretches of time that begin where a clock on the wall shows so: hours, days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretches {
    pub length_ms: u64,
    /// By how much that clock is ahead of UTC, modulo the length.
    pub ahead_ms: u64,
}

impl Stretches {
    /// `offset_s` is how many seconds the clock is ahead of UTC.
    pub fn of(length_ms: u64, offset_s: i32) -> Stretches {
        let length = i64::try_from(length_ms).unwrap_or(i64::MAX).max(1);
        let ahead = (i64::from(offset_s) * 1_000).rem_euclid(length);
        Stretches { length_ms, ahead_ms: u64::try_from(ahead).unwrap_or(0) }
    }

    /// Where the next stretch begins after the one in which that moment lies.
    pub fn end_ms(self, at_ms: u64) -> u64 {
        let length_ms = self.length_ms.max(1);
        let past_ms = at_ms.saturating_add(self.ahead_ms) % length_ms;
        at_ms.saturating_add(length_ms - past_ms)
    }
}

/// Slots that are counted, and not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    pub count: u64,
    /// Counted up to here.
    pub until_ms: u64,
}

/// What has become of a slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SlotView {
    pub slot_ms: u64,
    /// `fired`, `late`, `caught_up`, `backfilled`, `by_hand`, `waiting`, `skipped`, `suppressed`,
    /// `refused`, `missed`.
    pub fate: String,
    pub run: Option<RunId>,
    pub reason: Option<Said>,
    /// So much after its time.
    pub by_ms: u64,
    pub decided_ms: u64,
}

/// Which trigger of a workflow is meant: without a name the only one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TriggerRef {
    pub namespace: Label,
    pub workflow: String,
    pub trigger: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SlotsQuery {
    pub of: TriggerRef,
    /// Slots before this one; without it the newest.
    pub before_ms: Option<u64>,
    /// At most [`MOST_SLOTS`].
    pub limit: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SlotPage {
    pub trigger: TriggerView,
    /// The newest first.
    pub slots: Vec<SlotView>,
    /// The slot before which there is more.
    pub next_ms: Option<u64>,
}

/// What has reached all triggers of a namespace: slots, and deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerQuery {
    pub namespace: Label,
    /// Only those of this workflow: `NAME`, or `NAMESPACE/NAME` of another namespace.
    pub workflow: Option<String>,
    /// Only those of triggers of this name.
    pub trigger: Option<String>,
    /// Only those that have become this: fates of [`SlotView::fate`], outcomes of
    /// [`DeliveryView::outcome`]; all when empty.
    pub became: Vec<String>,
    /// Only those of this time or later.
    pub since_ms: Option<u64>,
    /// Only those with all these words in their workflow, trigger, fate, run or what was
    /// delivered, whatever the case. Long ledgers are searched a piece at a time: a page
    /// may have few rows, or none, and yet a `next`.
    pub contains: Option<String>,
    /// Deliveries as well as slots.
    pub deliveries: bool,
    /// At most [`MOST_SLOTS`].
    pub limit: u32,
    pub cursor: Option<String>,
}

impl LedgerQuery {
    /// The newest [`MOST_SLOTS`] slots and deliveries of a namespace.
    pub fn of(namespace: Label) -> LedgerQuery {
        LedgerQuery {
            namespace,
            workflow: None,
            trigger: None,
            became: Vec::new(),
            since_ms: None,
            contains: None,
            deliveries: true,
            limit: MOST_SLOTS,
            cursor: None,
        }
    }
}

/// One thing that has reached a trigger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LedgerView {
    pub workflow: String,
    pub trigger: String,
    pub reached: Reached,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reached {
    Slot(SlotView),
    Delivery(DeliveryView),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TriggerRequest {
    pub of: TriggerRef,
    pub wish: TriggerWish,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriggerWish {
    Enable,
    Disable { note: String },
    Pause { note: String },
    Resume,
}

/// What comes of one trigger, whatever its state is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PreviewQuery {
    pub of: TriggerRef,
    pub after_ms: u64,
    /// At most [`MOST_SLOTS`].
    pub limit: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    pub trigger: TriggerView,
    pub slots: Vec<ComingSlot>,
}

/// What comes of all triggers that are armed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UpcomingQuery {
    pub namespace: Label,
    pub until_ms: u64,
    /// Slots of one trigger within one of these are one, so that one that fires often
    /// leaves room for the rest of the time.
    pub fold: Option<Stretches>,
    /// At most [`MOST_SLOTS`].
    pub limit: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BackfillRequest {
    pub of: TriggerRef,
    pub from_ms: u64,
    /// Slots before it.
    pub to_ms: u64,
    /// More slots than this are refused; at most [`MOST_SLOTS`].
    pub max: u32,
    /// Nothing is changed.
    pub dry_run: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Backfilled {
    /// Slots of that time that have had no run, the oldest first.
    pub slots: Vec<ComingSlot>,
    /// Slots of that time that have had one, or wait for it.
    pub had: u32,
    /// Slots that are older than all that is remembered: they may have had one, and are given
    /// none.
    pub forgotten: u32,
    /// Slots that have passed and were not taken yet: they come by themselves.
    pub to_come: u32,
}

/// What has become of something that was delivered to a trigger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryView {
    pub number: u64,
    pub at_ms: u64,
    /// A few words: the path of a file, the name of an event.
    pub what: String,
    /// `started`, `held`, `merged`, `skipped`, `refused`.
    pub outcome: String,
    pub run: Option<RunId>,
    pub reason: Option<Said>,
    pub decided_ms: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeliveriesQuery {
    pub of: TriggerRef,
    /// Deliveries before this number; without it the newest.
    pub before: Option<u64>,
    /// At most [`MOST_SLOTS`].
    pub limit: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryPage {
    pub trigger: TriggerView,
    /// The newest first.
    pub deliveries: Vec<DeliveryView>,
    /// The number before which there is more.
    pub next: Option<u64>,
}

/// A run of a trigger now, whatever it waits for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FireRequest {
    pub of: TriggerRef,
    /// What its expressions read as `trigger`, beside what all triggers have.
    pub data: Map,
    pub request_id: String,
}

/// What a trigger would do with this, if it came now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TestRequest {
    pub of: TriggerRef,
    pub data: Map,
}

/// Nothing was started.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    pub trigger: TriggerView,
    /// Whether its `match` is for it, when it has one.
    pub fits: Option<Result<bool, Fault>>,
    /// Whether its `if` is for it, when it has one.
    pub wanted: Option<Result<bool, Fault>>,
    /// The variables of its run, as JSON, or why there would be none.
    pub variables: Result<Vec<(String, String)>, Fault>,
    /// What expressions of the trigger read as `trigger`, as JSON.
    pub facts: String,
}
