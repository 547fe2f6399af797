//! Triggers: each slot has one fate, what waits is told as waiting, and the runs that a
//! trigger says go on are those that go on.

use std::collections::{BTreeMap, BTreeSet};

use rpa_engine::RunId;
use rpa_engine::trigger::Fate;
use rpa_engine::trigger::delivery::Outcome;

use super::run::Kept;
use super::{Audit, Kind};
use crate::store::codec::decode;
use crate::store::deliveries::DeliveryRow;
use crate::store::error::StoreError;
use crate::store::rows::{RevisionRow, WorkflowRow};
use crate::store::schema::status_of;
use crate::store::seen_files::{SeenFile, WatchedRow};
use crate::store::slots::SlotRow;
use crate::store::triggers::TriggerRow;

/// Namespace, workflow, trigger.
pub(super) type Key = (u32, String, String);

/// What the ledgers of one trigger have.
#[derive(Default)]
struct Ledger {
    slots: u32,
    waiting: BTreeSet<u64>,
    deliveries: u32,
    held: BTreeSet<u64>,
    newest: u64,
}

impl Audit {
    /// A run that goes on, which a trigger may have fired.
    pub(super) fn fired(&mut self, kept: &Kept) -> Result<(), StoreError> {
        let Some(fired) = &kept.head.lineage.fired else { return Ok(()) };
        let is_told = !fired.by_hand && fired.is_of_slot;
        if is_told && !status_of(kept.row.status)?.ended() {
            let head = &kept.head;
            let workflow = head.workflow.name.to_string();
            let key = (head.namespace.0, workflow, fired.trigger.to_string());
            self.fired.entry(key).or_default().insert(kept.id);
        }
        Ok(())
    }

    /// All triggers with their ledgers. Which runs go on is known when all could be read.
    pub(super) fn triggers(&mut self, knows_runs: bool) -> Result<(), StoreError> {
        let mut ledgers = self.ledgers()?;
        let mut fired = std::mem::take(&mut self.fired);
        for entry in self.triggers.all()? {
            let (key, row) = entry?;
            let (ns, workflow, trigger) = key.value();
            let key: Key = (ns, workflow.to_owned(), trigger.to_owned());
            let ledger = ledgers.remove(&key).unwrap_or_default();
            let open = fired.remove(&key).unwrap_or_default();
            let row = decode::<TriggerRow>("trigger", row.value());
            let Some(row) = self.readable("triggers", None, row)? else { continue };
            let revisions = [row.armed, row.next.and_then(|switch| switch.to)];
            for revision in revisions.into_iter().flatten() {
                if self.revisions.table.get((ns, workflow, revision))?.is_none() {
                    let text = format!(
                        "{workflow}/{trigger} is armed by revision {revision}, which is missing"
                    );
                    self.find(Kind::Catalogue, "triggers", None, text);
                }
            }
            self.compare_ledger(&key, &row, &ledger, knows_runs.then_some(&open));
        }
        self.declared()?;
        self.seen_files()?;
        for (_, workflow, trigger) in ledgers.keys() {
            let text = format!("what reached {workflow}/{trigger}, which is no trigger");
            self.find(Kind::Stray, "slots", None, text);
        }
        for ((_, workflow, trigger), runs) in fired {
            let text = format!("it was fired by {workflow}/{trigger}, which is no trigger");
            self.find(Kind::Contradiction, "triggers", runs.first().copied(), text);
        }
        Ok(())
    }

    /// Each trigger of a live revision is known.
    fn declared(&mut self) -> Result<(), StoreError> {
        for entry in self.workflows.all()? {
            let (key, row) = entry?;
            let (ns, name) = key.value();
            // what cannot be read has been told of
            let Ok(row) = decode::<WorkflowRow>("workflow", row.value()) else { continue };
            let Some(live) = row.entry.live else { continue };
            let Some(stored) = self.revisions.table.get((ns, name, live))? else { continue };
            let Ok(stored) = decode::<RevisionRow>("revision", stored.value()) else { continue };
            for trigger in stored.definition.triggers {
                if self.triggers.table.get((ns, name, trigger.id.as_str()))?.is_none() {
                    let text = format!("trigger {} of {name} is missing", trigger.id);
                    self.find(Kind::Catalogue, "triggers", None, text);
                }
            }
        }
        Ok(())
    }

    /// What watched directories had is of triggers that are known.
    fn seen_files(&mut self) -> Result<(), StoreError> {
        for entry in self.seen_files.all()? {
            let (key, row) = entry?;
            let (ns, workflow, trigger, path) = key.value();
            let row = decode::<SeenFile>("seen file", row.value());
            self.readable("seen_files", None, row)?;
            if self.triggers.table.get((ns, workflow, trigger))?.is_none() {
                let text = format!("{path} was seen by {workflow}/{trigger}, which is no trigger");
                self.find(Kind::Stray, "seen_files", None, text);
            }
        }
        for entry in self.watched.all()? {
            let (key, row) = entry?;
            let row = decode::<WatchedRow>("watched directory", row.value());
            self.readable("watched", None, row)?;
            if self.triggers.table.get(key.value())?.is_none() {
                let (_, workflow, trigger) = key.value();
                let text = format!("what {workflow}/{trigger} watched, which is no trigger");
                self.find(Kind::Stray, "watched", None, text);
            }
        }
        Ok(())
    }

    fn ledgers(&mut self) -> Result<BTreeMap<Key, Ledger>, StoreError> {
        let mut ledgers: BTreeMap<Key, Ledger> = BTreeMap::new();
        for entry in self.slots.all()? {
            let (key, row) = entry?;
            let (ns, workflow, trigger, at_ms) = key.value();
            let ledger = ledgers.entry((ns, workflow.to_owned(), trigger.to_owned())).or_default();
            ledger.slots += 1;
            let row = decode::<SlotRow>("slot", row.value());
            let Some(row) = self.readable("slots", None, row)? else { continue };
            if matches!(row.fate, Fate::Waiting { .. }) {
                ledger.waiting.insert(at_ms);
            }
        }
        for entry in self.deliveries.all()? {
            let (key, row) = entry?;
            let (ns, workflow, trigger, number) = key.value();
            let ledger = ledgers.entry((ns, workflow.to_owned(), trigger.to_owned())).or_default();
            ledger.deliveries += 1;
            ledger.newest = number;
            let row = decode::<DeliveryRow>("delivery", row.value());
            let Some(row) = self.readable("deliveries", None, row)? else { continue };
            let is_held = matches!(row.outcome, Outcome::Held(_));
            if is_held {
                ledger.held.insert(number);
            }
            if is_held != row.data.is_some() {
                let text = format!("delivery {number} of {workflow}/{trigger} is not whole");
                self.find(Kind::Contradiction, "deliveries", None, text);
            }
        }
        Ok(ledgers)
    }

    fn compare_ledger(
        &mut self,
        (_, workflow, trigger): &Key,
        row: &TriggerRow,
        ledger: &Ledger,
        open: Option<&BTreeSet<RunId>>,
    ) {
        let name = format!("{workflow}/{trigger}");
        if row.slots != ledger.slots {
            let text = format!("{name} has {} slots and says {}", ledger.slots, row.slots);
            self.find(Kind::Listed, "slots", None, text);
        }
        if row.deliveries != ledger.deliveries {
            let text =
                format!("{name} has {} deliveries and says {}", ledger.deliveries, row.deliveries);
            self.find(Kind::Listed, "deliveries", None, text);
        }
        let (schedule, deliveries) = (row.state.schedule(), row.state.deliveries());
        let held = deliveries.into_iter().flat_map(|state| &state.held).map(|held| held.number);
        let newest = deliveries.map_or(u64::MAX, |state| state.last);
        if held.collect::<BTreeSet<_>>() != ledger.held || newest < ledger.newest {
            let text = format!("what {name} holds is not what its ledger says");
            self.find(Kind::Contradiction, "deliveries", None, text);
        }
        let pending = schedule.into_iter().flat_map(|state| &state.pending);
        let waiting: BTreeSet<u64> = pending.map(|pending| pending.slot.at_ms).collect();
        if waiting != ledger.waiting {
            let text = format!("what waits of {name} is not what its ledger says");
            self.find(Kind::Contradiction, "slots", None, text);
        }
        // of runs of slots a trigger that has become another knows nothing
        let Some(schedule) = schedule else { return };
        let said: BTreeSet<RunId> = schedule.open.iter().copied().collect();
        if let Some(open) = open.filter(|open| **open != said) {
            let differs = open.symmetric_difference(&said).next().copied();
            let text = format!("{name} does not know which of its runs go on");
            self.find(Kind::Contradiction, "triggers", differs, text);
        }
    }
}
