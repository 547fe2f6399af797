//! Triggers: what of each is in force, and its state.
//!
//! ```text
//! triggers   namespace, workflow, trigger -> TriggerRow
//! ```
//! Their ledgers are in `slots.rs` and `deliveries.rs`.

use redb::{Range, ReadableTable};
use rpa_engine::actor::Origin;
use rpa_engine::catalog::Mark;
use rpa_engine::run::RunStatus;
use rpa_engine::trigger::delivery::DeliveryState;
use rpa_engine::trigger::{Paused, ScheduleState, Source};
use rpa_engine::{EventName, Ident, Label, RunId, WorkflowRef};
use serde::{Deserialize, Serialize};

use super::codec::{decode, encode};
use super::error::StoreError;
use super::query::Reader;
use super::schema::{self, NamespaceId};
use super::write::Tables;

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
    pub(super) fn upto_ms(&self) -> u64 {
        self.state.schedule().map_or(0, |state| state.upto_ms)
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

    /// Whether nobody has paused it but the failures of its runs.
    pub fn is_paused_by_itself(&self) -> bool {
        self.paused().is_some_and(|paused| paused.by.origin == Origin::Daemon)
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

    /// Removes what there is of a trigger, at most `most` rows and its own; whether there is
    /// more.
    pub fn clear_trigger(
        &mut self,
        key: &TriggerKey,
        row: TriggerRow,
        most: usize,
    ) -> Result<bool, StoreError> {
        let (mut row, (namespace, workflow, trigger)) = (row, key.as_key());
        let all = || key.numbered(0)..=key.numbered(u64::MAX);
        let mut slots = Vec::new();
        for entry in self.slots.range(all())?.take(most) {
            slots.push(entry?.0.value().3);
        }
        for at_ms in &slots {
            self.slots.remove(key.numbered(*at_ms))?;
            row.slots = row.slots.saturating_sub(1);
            row.forgotten_ms = row.forgotten_ms.max(*at_ms);
        }
        let mut numbers = Vec::new();
        for entry in self.deliveries.range(all())?.take(most - slots.len()) {
            numbers.push(entry?.0.value().3);
        }
        for number in &numbers {
            self.deliveries.remove(key.numbered(*number))?;
            row.deliveries = row.deliveries.saturating_sub(1);
        }
        let mut paths = Vec::new();
        let rest = most - slots.len() - numbers.len();
        for entry in self.seen_files.range((namespace, workflow, trigger, "")..)?.take(rest) {
            let (at, _) = entry?;
            let (ns, of, by, path) = at.value();
            if (ns, of, by) != (namespace, workflow, trigger) {
                break;
            }
            paths.push(path.to_owned());
        }
        for path in &paths {
            self.seen_files.remove((namespace, workflow, trigger, path.as_str()))?;
        }
        if slots.len() + numbers.len() + paths.len() == most {
            self.put_trigger(key, &row)?;
            return Ok(true);
        }
        self.watched.remove((namespace, workflow, trigger))?;
        self.triggers.remove((namespace, workflow, trigger))?;
        Ok(false)
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
