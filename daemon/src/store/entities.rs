//! Rows of what runs share: locks and pools, gates, and who waits for what. Those of events
//! are in `events.rs`.

use std::collections::BTreeMap;

use rpa_engine::lock::{Claim, Lock};
use rpa_engine::run::{Claimant, Event, Run};
use rpa_engine::{Action, Label, Priority, RunId, Wait};

use super::codec::{decode, encode};
use super::error::StoreError;
use super::parts::{Part, step_path};
use super::query::{Cursor, Reader};
use super::schema::{self, NamespaceId, priority_key};
use super::write::Tables;

/// The gate of a workflow, for the runs with one key.
#[derive(Clone, Copy, Debug)]
pub struct GateKey<'k> {
    pub namespace: NamespaceId,
    pub workflow: &'k str,
    pub key: &'k str,
}

impl Tables<'_> {
    /// All locks and pools of all namespaces.
    pub fn locks(&self) -> Result<Locks, StoreError> {
        let pools = self.pools.iter()?.map(|entry| {
            let (key, size) = entry?;
            let (namespace, name) = key.value();
            Ok((namespace, label(name)?, size.value()))
        });
        let claims = self.claims.iter()?.map(|entry| {
            let (key, claim) = entry?;
            let (namespace, name, place) = key.value();
            Ok((namespace, label(name)?, place, decode("claim", claim.value())?))
        });
        gathered(pools, claims)
    }

    pub fn put_pool(
        &mut self,
        namespace: NamespaceId,
        name: &Label,
        size: Option<u32>,
    ) -> Result<(), StoreError> {
        let key = (namespace.0, name.as_str());
        match size {
            Some(size) => self.pools.insert(key, size),
            None => self.pools.remove(key),
        }
    }

    /// The claim at a place; none when it is gone.
    pub fn put_claim(
        &mut self,
        namespace: NamespaceId,
        name: &Label,
        place: u64,
        claim: Option<&Claim>,
    ) -> Result<(), StoreError> {
        let key = (namespace.0, name.as_str(), place);
        match claim {
            Some(claim) => self.claims.insert(key, encode(claim)?.as_slice()),
            None => self.claims.remove(key),
        }
    }

    /// How many runs have passed a gate and go on, and how many wait at it.
    pub fn gate(&self, gate: GateKey<'_>) -> Result<(u32, u32), StoreError> {
        let key = (gate.namespace.0, gate.workflow, gate.key);
        Ok(self.gates.get(key)?.map_or((0, 0), |counts| counts.value()))
    }

    fn count_gate(&mut self, gate: GateKey<'_>, by: (i32, i32)) -> Result<(), StoreError> {
        let (active, waiting) = self.gate(gate)?;
        let now = (active.saturating_add_signed(by.0), waiting.saturating_add_signed(by.1));
        let key = (gate.namespace.0, gate.workflow, gate.key);
        match now {
            (0, 0) => self.gates.remove(key),
            now => self.gates.insert(key, now),
        }
    }

    pub fn pass_gate(&mut self, gate: GateKey<'_>, run: RunId) -> Result<(), StoreError> {
        self.gated.insert((gate.namespace.0, gate.workflow, gate.key, run.0), ())?;
        self.count_gate(gate, (1, 0))
    }

    pub fn wait_at_gate(
        &mut self,
        gate: GateKey<'_>,
        run: RunId,
        priority: Priority,
    ) -> Result<(), StoreError> {
        let priority = priority_key(priority);
        self.at_gate.insert((gate.namespace.0, gate.workflow, gate.key, priority, run.0), ())?;
        self.count_gate(gate, (0, 1))
    }

    /// A run that has passed has ended.
    pub fn leave_gate(&mut self, gate: GateKey<'_>, run: RunId) -> Result<(), StoreError> {
        self.gated.remove((gate.namespace.0, gate.workflow, gate.key, run.0))?;
        self.count_gate(gate, (-1, 0))
    }

    pub fn has_passed(&self, gate: GateKey<'_>, run: RunId) -> Result<bool, StoreError> {
        let key = (gate.namespace.0, gate.workflow, gate.key, run.0);
        Ok(self.gated.get(key)?.is_some())
    }

    /// A run no longer waits.
    pub fn leave_queue(
        &mut self,
        gate: GateKey<'_>,
        run: RunId,
        priority: Priority,
    ) -> Result<(), StoreError> {
        let priority = priority_key(priority);
        self.at_gate.remove((gate.namespace.0, gate.workflow, gate.key, priority, run.0))?;
        self.count_gate(gate, (0, -1))
    }

    /// The runs that have passed a gate, then those that wait at it, in their order; of
    /// each at most `most`.
    pub fn at_gate(
        &self,
        gate: GateKey<'_>,
        most: usize,
    ) -> Result<(Vec<RunId>, Vec<RunId>), StoreError> {
        let GateKey { namespace: NamespaceId(namespace), workflow, key } = gate;
        let passed = self
            .gated
            .range((namespace, workflow, key, 0)..=(namespace, workflow, key, u128::MAX))?;
        let passed = passed.take(most).map(|entry| Ok(RunId(entry?.0.value().3)));
        let passed = passed.collect::<Result<_, StoreError>>()?;
        let first = (namespace, workflow, key, 0, 0);
        let waiting = self.at_gate.range(first..=(namespace, workflow, key, u8::MAX, u128::MAX))?;
        let waiting = waiting.map(|entry| Ok(RunId(entry?.0.value().4)));
        let there =
            |run: &Result<RunId, StoreError>| run.as_ref().map_or(true, |run| !self.is_aside(*run));
        let waiting = waiting.filter(there).take(most);
        Ok((passed, waiting.collect::<Result<_, StoreError>>()?))
    }

    /// Calls `each` with every run that waits at a gate.
    pub fn each_at_gate(
        &self,
        mut each: impl FnMut(GateKey<'_>, RunId) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        for entry in self.at_gate.iter()? {
            let (key, ()) = (entry?.0, ());
            let (namespace, workflow, key, _, run) = key.value();
            each(GateKey { namespace: NamespaceId(namespace), workflow, key }, RunId(run))?;
        }
        Ok(())
    }

    /// What the step at the path of `event` waits for, or no longer does.
    pub(super) fn save_waits(
        &mut self,
        namespace: NamespaceId,
        run: &Run,
        event: &Event,
    ) -> Result<(), StoreError> {
        let (ns, id) = (namespace.0, run.id.0);
        match event {
            Event::StepCalled { path, attempt, run: called, .. } => {
                self.put(run.id, Part::Call(path.as_str(), *attempt), called)?;
            }
            Event::ApprovalAsked { path, .. } => {
                self.approvals.insert((ns, id, path.as_str()), ())?;
            }
            Event::StepAwaiting { path, .. } => self.begin_awaiting(namespace, run, path)?,
            Event::EventOffered { path, event } => self.offer(namespace, run, path, *event)?,
            Event::EventDeclined { path, event, .. } => {
                self.withdraw(namespace, run, path, *event)?;
            }
            Event::StepConfirmed { path, .. }
            | Event::StepCompleted { path, .. }
            | Event::StepFailed { path, .. }
            | Event::StepCancelled { path } => {
                match run.definition_of(path).map(|step| &step.action) {
                    Some(Action::Approval(_)) => {
                        self.approvals.remove((ns, id, path.as_str()))?;
                    }
                    Some(Action::Wait(Wait::Event(event))) => {
                        self.end_awaiting(namespace, run, path, event)?;
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        Ok(())
    }
}

impl Reader {
    /// The locks and pools of a namespace, by name.
    pub fn locks(&self, namespace: NamespaceId) -> Result<BTreeMap<Label, Lock>, StoreError> {
        let NamespaceId(ns) = namespace;
        let pools = self.txn.open_table(schema::POOLS)?;
        let claims = self.txn.open_table(schema::CLAIMS)?;
        let pools = pools.range((ns, "")..(ns + 1, ""))?.map(|entry| {
            let (key, size) = entry?;
            Ok((ns, label(key.value().1)?, size.value()))
        });
        let claims = claims.range((ns, "", 0)..(ns + 1, "", 0))?.map(|entry| {
            let (key, claim) = entry?;
            let (_, name, place) = key.value();
            Ok((ns, label(name)?, place, decode("claim", claim.value())?))
        });
        Ok(gathered(pools, claims)?.remove(&namespace).unwrap_or_default())
    }

    /// Whether `by` has been granted what it has claimed of the lock, and has it still.
    pub fn has_lock(
        &self,
        namespace: NamespaceId,
        name: &Label,
        by: &Claimant,
    ) -> Result<bool, StoreError> {
        let (ns, name) = (namespace.0, name.as_str());
        let claims = self.txn.open_table(schema::CLAIMS)?;
        for entry in claims.range((ns, name, 0)..=(ns, name, u64::MAX))? {
            let claim: Claim = decode("claim", entry?.1.value())?;
            if claim.by == *by {
                return Ok(claim.granted_ms.is_some());
            }
        }
        Ok(false)
    }

    /// One lock or pool; an idle one when nobody has asked for it.
    pub fn lock(&self, namespace: NamespaceId, name: &Label) -> Result<Lock, StoreError> {
        let (ns, name) = (namespace.0, name.as_str());
        let pools = self.txn.open_table(schema::POOLS)?;
        let claims = self.txn.open_table(schema::CLAIMS)?;
        let claims = claims.range((ns, name, 0)..=(ns, name, u64::MAX))?.map(|entry| {
            let (key, claim) = entry?;
            Ok((key.value().2, decode("claim", claim.value())?))
        });
        let claims = claims.collect::<Result<Vec<_>, StoreError>>()?;
        Ok(Lock::restore(pools.get((ns, name))?.map(|size| size.value()), claims))
    }

    /// How many runs have passed a gate and go on.
    pub fn active_at(&self, gate: GateKey<'_>) -> Result<u32, StoreError> {
        let gates = self.txn.open_table(schema::GATES)?;
        let key = (gate.namespace.0, gate.workflow, gate.key);
        Ok(gates.get(key)?.map_or(0, |counts| counts.value().0))
    }

    /// The runs that have passed a gate and go on, the oldest first, at most `most`.
    pub fn passed(&self, gate: GateKey<'_>, most: usize) -> Result<Vec<RunId>, StoreError> {
        let GateKey { namespace: NamespaceId(ns), workflow, key } = gate;
        let table = self.txn.open_table(schema::GATED)?;
        let passed = table.range((ns, workflow, key, 0)..=(ns, workflow, key, u128::MAX))?;
        passed.take(most).map(|entry| Ok(RunId(entry?.0.value().3))).collect()
    }

    /// How many runs wait at a gate before this one, counted up to `most`.
    pub fn waits_before(
        &self,
        gate: GateKey<'_>,
        run: RunId,
        priority: Priority,
        most: usize,
    ) -> Result<usize, StoreError> {
        let GateKey { namespace: NamespaceId(ns), workflow, key } = gate;
        let table = self.txn.open_table(schema::AT_GATE)?;
        let here = (ns, workflow, key, priority_key(priority), run.0);
        let before = table.range((ns, workflow, key, 0, 0)..here)?.take(most);
        before.map(|entry| entry.map(|_| ())).try_fold(0, |n, entry| {
            entry?;
            Ok(n + 1)
        })
    }

    /// Steps that ask for an approval, by run and path.
    pub fn approvals(
        &self,
        namespace: NamespaceId,
        after: Option<&Cursor>,
        most: usize,
    ) -> Result<Vec<Cursor>, StoreError> {
        let (run, path) = after.map_or((0, ""), |(run, path)| (run.0, path.as_str()));
        let table = self.txn.open_table(schema::APPROVALS)?;
        let mut found = Vec::new();
        for entry in table.range((namespace.0, run, path)..(namespace.0 + 1, 0, ""))? {
            let (key, ()) = (entry?.0, ());
            let (_, run, path) = key.value();
            let cursor = (RunId(run), step_path(RunId(run), path)?);
            if Some(&cursor) != after {
                found.push(cursor);
            }
            if found.len() == most {
                break;
            }
        }
        Ok(found)
    }
}

/// A size, and claims by their places.
type Pieces = (Option<u32>, Vec<(u64, Claim)>);
type Locks = BTreeMap<NamespaceId, BTreeMap<Label, Lock>>;

/// Puts pools and claims together.
fn gathered(
    pools: impl Iterator<Item = Result<(u32, Label, u32), StoreError>>,
    claims: impl Iterator<Item = Result<(u32, Label, u64, Claim), StoreError>>,
) -> Result<Locks, StoreError> {
    let mut found: BTreeMap<(u32, Label), Pieces> = BTreeMap::new();
    for pool in pools {
        let (namespace, name, size) = pool?;
        found.entry((namespace, name)).or_default().0 = Some(size);
    }
    for claim in claims {
        let (namespace, name, place, claim) = claim?;
        found.entry((namespace, name)).or_default().1.push((place, claim));
    }
    let mut locks = Locks::new();
    for ((namespace, name), (size, claims)) in found {
        let lock = Lock::restore(size, claims);
        locks.entry(NamespaceId(namespace)).or_default().insert(name, lock);
    }
    Ok(locks)
}

fn label(name: &str) -> Result<Label, StoreError> {
    name.parse().map_err(|e| StoreError::corrupt(format!("the name of a lock {e}")))
}
