//! What runs share: the catalogue, locks, gates, counters, requests.

use std::collections::BTreeMap;

use rpa_engine::Label;
use rpa_engine::lock::Claim;

use super::Audit;
use crate::store::codec::{decode, decode_front};
use crate::store::error::StoreError;
use crate::store::rows::{RequestRow, RevisionHead, WorkflowRow};

impl Audit {
    /// Every number of an entry is that of a revision, and every revision has an entry.
    pub(super) fn catalogue(&mut self) -> Result<(), StoreError> {
        let mut named: BTreeMap<u32, String> = BTreeMap::new();
        for entry in self.namespaces.all()? {
            let (name, id) = entry?;
            let (name, id) = (name.value().to_owned(), id.value());
            if let Some(other) = named.insert(id, name.clone()) {
                self.find("namespaces", None, format!("{name} and {other} have one number"));
            }
        }
        for entry in self.workflows.all()? {
            let (key, row) = entry?;
            let (ns, name) = key.value();
            let row = decode::<WorkflowRow>("workflow", row.value());
            let Some(row) = self.readable("workflows", None, row)? else { continue };
            if !named.contains_key(&ns) || row.name.as_str() != name {
                self.find("workflows", None, format!("{name} is in the wrong place"));
            }
            let entry = row.entry;
            for revision in [Some(entry.newest), entry.live, entry.draft].into_iter().flatten() {
                if revision > 0 && self.revisions.table.get((ns, name, revision))?.is_none() {
                    let text = format!("revision {revision} of {name} is missing");
                    self.find("revisions", None, text);
                }
            }
        }
        for entry in self.revisions.all()? {
            let (key, row) = entry?;
            let (ns, name, revision) = key.value();
            let head = decode_front::<RevisionHead>("revision", row.value());
            self.readable("revisions", None, head)?;
            if self.workflows.table.get((ns, name))?.is_none() {
                let text = format!("revision {revision} is of {name}, which is not there");
                self.find("revisions", None, text);
            }
        }
        Ok(())
    }

    /// Claims can be read, and counters count what is there.
    pub(super) fn shared(&mut self) -> Result<(), StoreError> {
        for entry in self.pools.all()? {
            let (key, _) = entry?;
            if key.value().1.parse::<Label>().is_err() {
                self.find("pools", None, format!("{:?} is no name", key.value().1));
            }
        }
        for entry in self.claims.all()? {
            let (_, claim) = entry?;
            let claim = decode::<Claim>("claim", claim.value());
            let Some(claim) = self.readable("claims", None, claim)? else { continue };
            if !self.live.has(claim.by.run)? {
                self.find("claims", claim.by.run, "a lock is claimed by a run that is not there");
            }
        }
        self.gates()?;
        self.statuses()
    }

    fn gates(&mut self) -> Result<(), StoreError> {
        let mut gates = 0;
        for entry in self.gates.all()? {
            let (key, counted) = entry?;
            let (ns, workflow, key) = key.value();
            let passed = (ns, workflow, key, 0)..=(ns, workflow, key, u128::MAX);
            let waiting = (ns, workflow, key, 0, 0)..=(ns, workflow, key, u8::MAX, u128::MAX);
            let passed = self.gated.table.range(passed)?.count();
            let waiting = self.at_gate.table.range(waiting)?.count();
            let (active, at) = counted.value();
            gates += u64::from(active) + u64::from(at);
            if (passed, waiting) != (active as usize, at as usize) {
                let text = format!(
                    "the gate {key:?} of {workflow} counts {active} and {at} runs, there are \
                     {passed} and {waiting}"
                );
                self.find("gates", None, text);
            }
        }
        let there = self.gated.seen + self.at_gate.seen;
        if gates != there {
            self.find("gates", None, format!("gates count {gates} runs, there are {there}"));
        }
        Ok(())
    }

    fn statuses(&mut self) -> Result<(), StoreError> {
        let mut stored = BTreeMap::new();
        for entry in self.counts.all()? {
            let (key, count) = entry?;
            if count.value() > 0 {
                stored.insert(key.value(), count.value());
            }
        }
        if stored != self.statuses {
            let text = format!("runs are counted as {stored:?}, there are {:?}", self.statuses);
            self.find("counts", None, text);
        }
        Ok(())
    }

    /// Every request that is remembered can be read.
    pub(super) fn requests(&mut self) -> Result<(), StoreError> {
        for entry in self.requests.all()? {
            let (_, row) = entry?;
            let row = decode::<RequestRow>("request", row.value());
            self.readable("requests", None, row)?;
        }
        Ok(())
    }
}
