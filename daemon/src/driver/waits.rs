//! Whether a claim, or a run at a gate, would wait for ever: see `rpa_engine::circle`.

use std::collections::BTreeMap;

use rpa_engine::circle::{Shared, Wait, is_for_ever};
use rpa_engine::gate::{self, CalledRun};
use rpa_engine::run::Claimant;
use rpa_engine::{Label, RunId};

use super::Driver;
use crate::store::{GateKey, NamespaceId, StoreError, Tables};

/// Runs that have passed one gate, as far as they are looked at: a limit is far below.
const PASSED: usize = 10_000;

/// The gate of a workflow, for the runs with one key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct GateName {
    namespace: NamespaceId,
    workflow: String,
    key: String,
}

impl GateName {
    fn of(gate: GateKey<'_>) -> GateName {
        GateName {
            namespace: gate.namespace,
            workflow: gate.workflow.to_owned(),
            key: gate.key.to_owned(),
        }
    }

    fn key(&self) -> GateKey<'_> {
        GateKey { namespace: self.namespace, workflow: &self.workflow, key: &self.key }
    }
}

/// Runs that steps have called and that wait at gates. Others that wait hold nothing.
#[derive(Debug, Default)]
pub(super) struct CalledAtGates {
    by_gate: BTreeMap<GateName, Vec<CalledRun>>,
}

impl CalledAtGates {
    pub(super) fn waits(&mut self, gate: GateKey<'_>, run: CalledRun) {
        if !run.callers.is_empty() {
            self.by_gate.entry(GateName::of(gate)).or_default().push(run);
        }
    }

    pub(super) fn waits_no_more(&mut self, gate: GateKey<'_>, run: RunId) {
        let name = GateName::of(gate);
        if let Some(called) = self.by_gate.get_mut(&name) {
            called.retain(|waiting| waiting.run != run);
            if called.is_empty() {
                self.by_gate.remove(&name);
            }
        }
    }
}

/// What is asked about.
enum Asked<'a> {
    Claim { namespace: NamespaceId, lock: &'a Label, by: &'a Claimant },
    Run { gate: &'a GateName, run: RunId },
}

impl Driver {
    pub(super) fn claim_is_for_ever(
        &mut self,
        tables: &Tables<'_>,
        namespace: NamespaceId,
        lock: &Label,
        by: &Claimant,
    ) -> Result<bool, StoreError> {
        // who waits for ever stands in something that others wait for
        let around = tables.callers(by.run)?.into_iter().map(|caller| caller.run);
        let holds = around.chain([by.run]).any(|run| self.locks.holds(run));
        if !holds && self.called_at_gates.by_gate.is_empty() {
            return Ok(false);
        }
        self.waits_for_ever(tables, &Asked::Claim { namespace, lock, by })
    }

    /// Whether the run, which waits at the gate already, does so for ever.
    pub(super) fn turn_is_for_ever(
        &mut self,
        tables: &Tables<'_>,
        gate: GateKey<'_>,
        run: RunId,
    ) -> Result<bool, StoreError> {
        let gate = GateName::of(gate);
        if !self.called_at_gates.by_gate.contains_key(&gate) {
            return Ok(false);
        }
        self.waits_for_ever(tables, &Asked::Run { gate: &gate, run })
    }

    fn waits_for_ever(
        &mut self,
        tables: &Tables<'_>,
        asked: &Asked<'_>,
    ) -> Result<bool, StoreError> {
        let names: Vec<GateName> = self.called_at_gates.by_gate.keys().cloned().collect();
        let mut gates = Vec::with_capacity(names.len());
        for name in &names {
            let (passed, waiting) = tables.at_gate(name.key(), PASSED)?;
            let first = match waiting.first() {
                Some(run) => self.rule_of(tables, *run)?.map(|rule| rule.limit),
                None => None,
            };
            gates.push((passed, first.unwrap_or(u32::MAX)));
        }
        let mut all: Vec<Shared<'_>> = Vec::new();
        let mut of = None;
        for (namespace, name, lock) in self.locks.all() {
            let shared = lock.shared();
            if let Asked::Claim { namespace: asked, lock, by } = asked
                && (*asked, *lock) == (namespace, name)
            {
                let is_it = |wait: &Wait<'_>| wait.run == by.run && wait.step == Some(&by.path);
                of = shared.waiting.iter().position(is_it).map(|place| (all.len(), place));
            }
            all.push(shared);
        }
        for ((name, called), (passed, first)) in self.called_at_gates.by_gate.iter().zip(&gates) {
            let shared = gate::shared(passed, called, *first);
            if let Asked::Run { gate, run } = asked
                && *gate == name
            {
                let place = called.iter().position(|called| called.run == *run);
                of = place.map(|place| (all.len(), place));
            }
            all.push(shared);
        }
        Ok(of.is_some_and(|(of, place)| is_for_ever(&all, of, place)))
    }
}
