//! What runs share: the catalogue, locks, gates, counters, requests.

use std::collections::BTreeMap;

use rpa_engine::Label;
use rpa_engine::lock::Claim;

use super::{Audit, Kind};
use crate::store::codec::{decode, decode_front};
use crate::store::error::StoreError;
use crate::store::requests;
use crate::store::rows::{RevisionHead, WorkflowRow};
use crate::store::run_rows::RunRows;

impl Audit {
    /// Every number of an entry is that of a revision, and every revision has an entry.
    pub(super) fn catalogue(&mut self, live: &RunRows) -> Result<(), StoreError> {
        let mut named: BTreeMap<u32, String> = BTreeMap::new();
        for entry in self.namespaces.all()? {
            let (name, id) = entry?;
            let (name, id) = (name.value().to_owned(), id.value());
            if let Some(other) = named.insert(id, name.clone()) {
                self.find(
                    Kind::Catalogue,
                    "namespaces",
                    None,
                    format!("{name} and {other} have one number"),
                );
            }
        }
        for entry in self.workflows.all()? {
            let (key, row) = entry?;
            let (ns, name) = key.value();
            let row = decode::<WorkflowRow>("workflow", row.value());
            let Some(row) = self.readable("workflows", None, row)? else { continue };
            if !named.contains_key(&ns) || row.name.as_str() != name {
                self.find(
                    Kind::Catalogue,
                    "workflows",
                    None,
                    format!("{name} is in the wrong place"),
                );
            }
            if let Some(run) = row.last_left {
                self.last_left.insert((ns, row.name.clone()), run);
                if live.has(run)? {
                    let text = format!("the newest run of {name} that has left is here");
                    self.find(Kind::Listed, "workflows", run, text);
                }
            }
            let entry = row.entry;
            for revision in [Some(entry.newest), entry.live, entry.draft].into_iter().flatten() {
                if revision > 0 && self.revisions.table.get((ns, name, revision))?.is_none() {
                    let text = format!("revision {revision} of {name} is missing");
                    self.find(Kind::Catalogue, "revisions", None, text);
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
                self.find(Kind::Catalogue, "revisions", None, text);
            }
        }
        Ok(())
    }

    /// Claims can be read, and are of runs that are there.
    pub(super) fn shared(&mut self, live: &RunRows) -> Result<(), StoreError> {
        for entry in self.pools.all()? {
            let (key, _) = entry?;
            if key.value().1.parse::<Label>().is_err() {
                self.find(
                    Kind::Unreadable,
                    "pools",
                    None,
                    format!("{:?} is no name", key.value().1),
                );
            }
        }
        for entry in self.claims.all()? {
            let (_, claim) = entry?;
            let claim = decode::<Claim>("claim", claim.value());
            let Some(claim) = self.readable("claims", None, claim)? else { continue };
            if !live.has(claim.by.run)? {
                self.find(
                    Kind::Astray,
                    "claims",
                    claim.by.run,
                    "a lock is claimed by a run that is not there",
                );
            }
        }
        Ok(())
    }

    /// Counters count what is there.
    pub(super) fn counters(&mut self) -> Result<(), StoreError> {
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
                self.find(Kind::Astray, "gates", None, text);
            }
        }
        let there = self.gated.seen + self.at_gate.seen;
        if gates != there {
            self.find(
                Kind::Astray,
                "gates",
                None,
                format!("gates count {gates} runs, there are {there}"),
            );
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
            let text = format!(
                "runs are counted as {stored:?}, there are {:?} (namespace, status)",
                self.statuses
            );
            self.find(Kind::Listed, "counts", None, text);
        }
        Ok(())
    }

    /// Every request that is remembered can be read; whether it came to the last. Its run
    /// may be here, in an archive, or in one that was dropped: a later archive of the
    /// same day does not have it.
    pub(super) fn requests(&mut self) -> Result<bool, StoreError> {
        for entry in self.requests.all()? {
            if self.is_over() {
                return Ok(false);
            }
            let (key, row) = entry?;
            let row = requests::check(key.value().1, row.value());
            self.readable("requests", None, row)?;
        }
        Ok(true)
    }
}
