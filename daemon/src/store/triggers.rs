//! Triggers, and the ledger of what has become of their slots.
//!
//! ```text
//! triggers   namespace, workflow, trigger       -> TriggerRow
//! slots      namespace, workflow, trigger, slot -> SlotRow
//! ```
//! A ledger keeps its newest [`LEDGER`] slots: each one more lets the oldest go, but none that
//! waits. The row of the trigger remembers up to where that was: of what is older nobody can
//! say whether it has had a run, so it is given none.

use redb::{Range, ReadableTable};
use rpa_engine::catalog::Mark;
use rpa_engine::run::RunStatus;
use rpa_engine::trigger::delivery::DeliveryState;
use rpa_engine::trigger::{Fate, How, Paused, ScheduleState, Source};
use rpa_engine::{EventName, Ident, Label, RunId, WorkflowRef};
use serde::{Deserialize, Serialize};

use super::codec::{decode, encode};
use super::error::StoreError;
use super::query::Reader;
use super::schema::{self, NamespaceId};
use super::write::Tables;

/// Slots of one trigger that are remembered, or deliveries: a year of hours, a week of minutes.
pub(super) const LEDGER: u32 = 10_000;

/// A trigger of a workflow, within its namespace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TriggerKey {
    pub namespace: NamespaceId,
    pub workflow: Label,
    pub trigger: Ident,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriggerRow {
    /// The revision whose declaration is in force; without one it is not armed.
    pub armed: Option<u32>,
    /// What comes into force when all slots before it have been taken.
    pub next: Option<Switch>,
    /// What a person has said of it, which stands over what the file says.
    pub ordered: Option<Order>,
    pub state: TriggerState,
    /// What it listens to while it is armed.
    pub topic: Option<Topic>,
    /// How many slots its ledger has, and how many deliveries.
    pub slots: u32,
    pub deliveries: u32,
    /// Slots up to this one may have been in the ledger and have gone.
    pub forgotten_ms: u64,
    /// Since when the live revision does not declare it.
    pub undeclared_ms: Option<u64>,
}

/// The state of a trigger by its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriggerState {
    Schedule(ScheduleState),
    Deliveries(DeliveryState),
}

/// What happens in the daemon itself and reaches triggers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Topic {
    /// An event of this name is published in the namespace of the trigger.
    Event(EventName),
    /// A run of this workflow has ended.
    Ended(WorkflowRef),
}

/// From this moment on the declaration of another revision is in force, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switch {
    pub to: Option<u32>,
    pub at_ms: u64,
}

/// Whether a person wants it to be armed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub enabled: bool,
    pub mark: Mark,
    pub note: String,
}

/// What a slot is for which a person wants a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// It has had none, and has none to come.
    Free,
    /// It has had one, or waits for it.
    Had,
    /// It may have had one: the ledger does not go back so far.
    Forgotten,
    /// It was not taken yet, and comes by itself.
    ToCome,
}

/// What has become of a slot, and when that was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotRow {
    pub fate: Fate,
    pub decided_ms: u64,
}

impl TriggerRow {
    /// A trigger that is not armed yet.
    pub fn new(source: &Source, now_ms: u64) -> TriggerRow {
        TriggerRow {
            armed: None,
            next: None,
            ordered: None,
            state: TriggerState::new(source, now_ms),
            topic: None,
            slots: 0,
            deliveries: 0,
            forgotten_ms: 0,
            undeclared_ms: None,
        }
    }

    /// Up to which moment slots were taken.
    fn upto_ms(&self) -> u64 {
        self.state.schedule().map_or(0, |state| state.upto_ms)
    }

    /// What becomes of a slot for which a person wants a run, with what the ledger has of it.
    pub fn wants(&self, at_ms: u64, slot: Option<&SlotRow>) -> Wanted {
        match slot {
            _ if at_ms > self.upto_ms() => Wanted::ToCome,
            Some(slot) if slot.is_free() => Wanted::Free,
            Some(_) => Wanted::Had,
            None if at_ms <= self.forgotten_ms => Wanted::Forgotten,
            None => Wanted::Free,
        }
    }

    /// Whether it is not armed, and nothing of it goes on or waits.
    pub fn is_at_rest(&self) -> bool {
        self.armed.is_none()
            && self.next.is_none()
            && match &self.state {
                TriggerState::Schedule(state) => state.open.is_empty() && state.pending.is_empty(),
                TriggerState::Deliveries(state) => state.held.is_empty(),
            }
    }
}

impl TriggerState {
    pub fn new(source: &Source, now_ms: u64) -> TriggerState {
        match source {
            Source::Schedule(_) => TriggerState::Schedule(ScheduleState::armed(now_ms)),
            Source::Webhook(_)
            | Source::FileWatch(_)
            | Source::Event(_)
            | Source::After(_)
            | Source::Manual(_) => TriggerState::Deliveries(DeliveryState::default()),
        }
    }

    /// Whether it is the state of such a trigger.
    pub fn is_of(&self, source: &Source) -> bool {
        matches!(self, TriggerState::Schedule(_)) == matches!(source, Source::Schedule(_))
    }

    pub fn schedule(&self) -> Option<&ScheduleState> {
        match self {
            TriggerState::Schedule(state) => Some(state),
            TriggerState::Deliveries(_) => None,
        }
    }

    pub fn deliveries(&self) -> Option<&DeliveryState> {
        match self {
            TriggerState::Schedule(_) => None,
            TriggerState::Deliveries(state) => Some(state),
        }
    }

    pub fn paused(&self) -> Option<&Paused> {
        match self {
            TriggerState::Schedule(state) => state.paused.as_ref(),
            TriggerState::Deliveries(state) => state.paused.as_ref(),
        }
    }

    pub fn failures(&self) -> u32 {
        match self {
            TriggerState::Schedule(state) => state.failures,
            TriggerState::Deliveries(state) => state.failures,
        }
    }
}

impl Topic {
    pub fn of(source: &Source) -> Option<Topic> {
        match source {
            Source::Event(subscription) => Some(Topic::Event(subscription.event.clone())),
            Source::After(chain) => Some(Topic::Ended(chain.workflow.clone())),
            Source::Schedule(_) | Source::Webhook(_) | Source::FileWatch(_) | Source::Manual(_) => {
                None
            }
        }
    }
}

impl SlotRow {
    /// Whether its moment has come and it was fired. A run that a person has had at that
    /// moment is none of the schedule's.
    pub fn has_had_its_run(&self) -> bool {
        matches!(self.fate, Fate::Fired { how, .. } if how != How::ByHand)
    }

    /// Whether it has had no run and has none to come.
    pub fn is_free(&self) -> bool {
        match self.fate {
            Fate::Fired { .. } | Fate::Waiting { .. } => false,
            Fate::PassedOver(_) | Fate::Skipped(_) | Fate::Refused { .. } | Fate::Missed(_) => true,
        }
    }
}

impl TriggerKey {
    /// What the jitter of a schedule comes from: the same for all its revisions.
    pub fn seed(&self) -> String {
        format!("{}/{}/{}", self.namespace.0, self.workflow, self.trigger)
    }

    pub(super) fn as_key(&self) -> (u32, &str, &str) {
        (self.namespace.0, self.workflow.as_str(), self.trigger.as_str())
    }

    pub(super) fn numbered(&self, number: u64) -> (u32, &str, &str, u64) {
        (self.namespace.0, self.workflow.as_str(), self.trigger.as_str(), number)
    }
}

impl Tables<'_> {
    /// The trigger that has fired a run by itself, and whether it was a schedule then.
    pub fn fired_by(&self, run: RunId) -> Result<Option<(TriggerKey, bool)>, StoreError> {
        let Some(head) = self.head(run)? else { return Ok(None) };
        Ok(head.lineage.fired.filter(|fired| !fired.by_hand).map(|fired| {
            let (namespace, workflow) = (head.namespace, head.workflow.name);
            (TriggerKey { namespace, workflow, trigger: fired.trigger }, fired.is_of_slot)
        }))
    }

    /// Runs of slots of this trigger that go on, the oldest first. All that goes on of its
    /// workflow is looked through.
    pub fn open_of_slots(&self, key: &TriggerKey) -> Result<Vec<RunId>, StoreError> {
        let mut open = Vec::new();
        for status in RunStatus::ALL.into_iter().filter(|status| !status.ended()) {
            let code = schema::status_code(status);
            let at = |run| (key.namespace.0, key.workflow.as_str(), code, run);
            for entry in self.index.range(at(0)..=at(u128::MAX))? {
                let run = RunId(entry?.0.value().3);
                if self.fired_by(run)?.is_some_and(|(by, is_of_slot)| is_of_slot && by == *key) {
                    open.push(run);
                }
            }
        }
        open.sort_unstable();
        Ok(open)
    }

    pub fn trigger(&self, key: &TriggerKey) -> Result<Option<TriggerRow>, StoreError> {
        let row = self.triggers.get(key.as_key())?;
        row.map(|bytes| decode("trigger", bytes.value())).transpose()
    }

    pub fn put_trigger(&mut self, key: &TriggerKey, row: &TriggerRow) -> Result<(), StoreError> {
        self.triggers.insert(key.as_key(), encode(row)?.as_slice())
    }

    /// All triggers, by namespace, workflow and name.
    pub fn all_triggers(&self) -> Result<Vec<(TriggerKey, TriggerRow)>, StoreError> {
        let mut found = Vec::new();
        for entry in self.triggers.range::<(u32, &str, &str)>(..)? {
            let (key, row) = entry?;
            found.push((key_of(key.value())?, decode("trigger", row.value())?));
        }
        Ok(found)
    }

    /// All triggers that a workflow has or has had, by name.
    pub fn triggers_of(
        &self,
        namespace: NamespaceId,
        workflow: &Label,
    ) -> Result<Vec<(TriggerKey, TriggerRow)>, StoreError> {
        let first = (namespace.0, workflow.as_str(), "");
        let is_one = |key: &TriggerKey| key.namespace == namespace && key.workflow == *workflow;
        while_of(self.triggers.range(first..)?, is_one)
    }

    pub fn slot(&self, key: &TriggerKey, at_ms: u64) -> Result<Option<SlotRow>, StoreError> {
        let row = self.slots.get(key.numbered(at_ms))?;
        row.map(|bytes| decode("slot", bytes.value())).transpose()
    }

    /// Writes the fate of a slot into the ledger of the trigger with this row, which is to
    /// be written in the same transaction.
    pub fn put_slot(
        &mut self,
        key: &TriggerKey,
        row: &mut TriggerRow,
        at_ms: u64,
        slot: &SlotRow,
    ) -> Result<(), StoreError> {
        if self.slots.get(key.numbered(at_ms))?.is_none() {
            row.slots += 1;
        }
        self.slots.insert(key.numbered(at_ms), encode(slot)?.as_slice())?;
        while row.slots > LEDGER {
            let Some(gone_ms) = self.slot_to_go(key, row, at_ms)? else { break };
            self.slots.remove(key.numbered(gone_ms))?;
            row.slots -= 1;
            if gone_ms <= row.upto_ms() {
                row.forgotten_ms = row.forgotten_ms.max(gone_ms);
            }
        }
        Ok(())
    }

    /// The oldest but `new_ms` that does not wait. When nothing is older than that one, and a
    /// clock that was ahead has left others: the farthest of these.
    fn slot_to_go(
        &self,
        key: &TriggerKey,
        row: &TriggerRow,
        new_ms: u64,
    ) -> Result<Option<u64>, StoreError> {
        let pending = row.state.schedule().map(|state| state.pending.as_slice());
        let waits = |at_ms: u64| {
            let pending = pending.unwrap_or_default();
            pending.binary_search_by_key(&at_ms, |pending| pending.slot.at_ms).is_ok()
        };
        let all = self.slots.range(key.numbered(0)..=key.numbered(u64::MAX))?;
        let mut oldest = None;
        for entry in all {
            let at_ms = entry?.0.value().3;
            if at_ms != new_ms && !waits(at_ms) {
                oldest = Some(at_ms);
                break;
            }
        }
        if oldest.is_some_and(|oldest_ms| oldest_ms < new_ms) || waits(new_ms) {
            return Ok(oldest);
        }
        let first_ms = row.upto_ms().max(new_ms).saturating_add(1);
        let mut ahead = self.slots.range(key.numbered(first_ms)..=key.numbered(u64::MAX))?;
        let farthest = ahead.next_back().transpose()?.map(|(at, _)| at.value().3);
        Ok(farthest.or(oldest))
    }

    /// Takes slots after this moment out of the ledger, but those that have had a run: the
    /// clock was ahead, and they are still to come.
    pub fn forget_slots_after(
        &mut self,
        key: &TriggerKey,
        row: &mut TriggerRow,
        after_ms: u64,
    ) -> Result<(), StoreError> {
        let first_ms = after_ms.saturating_add(1);
        let mut gone = Vec::new();
        for entry in self.slots.range(key.numbered(first_ms)..=key.numbered(u64::MAX))? {
            let (at, slot) = entry?;
            let slot: SlotRow = decode("slot", slot.value())?;
            if !matches!(slot.fate, Fate::Fired { .. }) {
                gone.push(at.value().3);
            }
        }
        for at_ms in gone {
            self.slots.remove(key.numbered(at_ms))?;
            row.slots -= 1;
        }
        row.forgotten_ms = row.forgotten_ms.min(after_ms);
        Ok(())
    }
}

impl Reader {
    /// All triggers, by namespace, workflow and name.
    pub fn triggers(&self) -> Result<Vec<(TriggerKey, TriggerRow)>, StoreError> {
        let mut found = Vec::new();
        for entry in self.open(schema::TRIGGERS)?.iter()? {
            let (key, row) = entry?;
            found.push((key_of(key.value())?, decode("trigger", row.value())?));
        }
        Ok(found)
    }

    /// All triggers in a namespace, by workflow and name.
    pub fn triggers_in(
        &self,
        namespace: NamespaceId,
    ) -> Result<Vec<(TriggerKey, TriggerRow)>, StoreError> {
        let first = (namespace.0, "", "");
        let triggers = self.open(schema::TRIGGERS)?;
        while_of(triggers.range(first..)?, |key| key.namespace == namespace)
    }

    /// All triggers that a workflow has or has had, by name.
    pub fn triggers_of(
        &self,
        namespace: NamespaceId,
        workflow: &Label,
    ) -> Result<Vec<(TriggerKey, TriggerRow)>, StoreError> {
        let first = (namespace.0, workflow.as_str(), "");
        let is_one = |key: &TriggerKey| key.namespace == namespace && key.workflow == *workflow;
        while_of(self.open(schema::TRIGGERS)?.range(first..)?, is_one)
    }

    pub fn trigger(&self, key: &TriggerKey) -> Result<Option<TriggerRow>, StoreError> {
        let row = self.open(schema::TRIGGERS)?.get(key.as_key())?;
        row.map(|bytes| decode("trigger", bytes.value())).transpose()
    }

    pub fn slot(&self, key: &TriggerKey, at_ms: u64) -> Result<Option<SlotRow>, StoreError> {
        let row = self.open(schema::SLOTS)?.get(key.numbered(at_ms))?;
        row.map(|bytes| decode("slot", bytes.value())).transpose()
    }

    /// Slots after `after_ms`, the oldest first.
    pub fn slots_after(
        &self,
        key: &TriggerKey,
        after_ms: u64,
        most: usize,
    ) -> Result<Vec<(u64, SlotRow)>, StoreError> {
        let mut found = Vec::new();
        let slots = self.open(schema::SLOTS)?;
        let first_ms = after_ms.saturating_add(1);
        for entry in slots.range(key.numbered(first_ms)..=key.numbered(u64::MAX))?.take(most) {
            let (at, row) = entry?;
            found.push((at.value().3, decode("slot", row.value())?));
        }
        Ok(found)
    }

    /// Slots before `before_ms`, the newest first.
    pub fn slots(
        &self,
        key: &TriggerKey,
        before_ms: u64,
        most: usize,
    ) -> Result<Vec<(u64, SlotRow)>, StoreError> {
        self.slots_between(key, 0, before_ms, most)
    }

    /// The same of the slots from `since_ms` on: those before it are not read.
    pub fn slots_since(
        &self,
        key: &TriggerKey,
        since_ms: u64,
        most: usize,
    ) -> Result<Vec<(u64, SlotRow)>, StoreError> {
        self.slots_between(key, since_ms, u64::MAX, most)
    }

    fn slots_between(
        &self,
        key: &TriggerKey,
        since_ms: u64,
        before_ms: u64,
        most: usize,
    ) -> Result<Vec<(u64, SlotRow)>, StoreError> {
        let mut found = Vec::new();
        let slots = self.open(schema::SLOTS)?;
        let range = key.numbered(since_ms)..key.numbered(before_ms);
        for entry in slots.range(range)?.rev().take(most) {
            let (at, row) = entry?;
            found.push((at.value().3, decode("slot", row.value())?));
        }
        Ok(found)
    }
}

/// Triggers as long as they are meant; others stand behind them.
fn while_of(
    rows: Range<'_, (u32, &'static str, &'static str), &'static [u8]>,
    is_meant: impl Fn(&TriggerKey) -> bool,
) -> Result<Vec<(TriggerKey, TriggerRow)>, StoreError> {
    let mut found = Vec::new();
    for entry in rows {
        let (key, row) = entry?;
        let key = key_of(key.value())?;
        if !is_meant(&key) {
            break;
        }
        found.push((key, decode("trigger", row.value())?));
    }
    Ok(found)
}

fn key_of(key: (u32, &str, &str)) -> Result<TriggerKey, StoreError> {
    let torn = |e| StoreError::corrupt(format!("a trigger's key: {e}"));
    Ok(TriggerKey {
        namespace: NamespaceId(key.0),
        workflow: key.1.parse().map_err(torn)?,
        trigger: key.2.parse().map_err(torn)?,
    })
}
