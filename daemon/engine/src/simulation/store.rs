//! What is durable: a header and the rows of steps for each run, claims, gates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::driver::{Town, Tx};
use super::entities::{AtGate, Entities, GateKey};
use crate::actor::Actor;
use crate::lock::{Claim, Lock};
use crate::name::{Ident, Label, RunId, StepPath};
use crate::run::{Acceptance, Gate, Hold, Order, Parent, Phase, Run, StepState, Time};
use crate::value::Value;
use crate::workflow::{Priority, Workflow};

/// The row of a run: all of it but its steps.
#[derive(Clone)]
struct Header {
    revision: u32,
    definition: Arc<Workflow>,
    actor: Actor,
    request_id: String,
    accepted_ms: u64,
    parent: Option<Parent>,
    priority: Priority,
    gate: Gate,
    phase: Phase,
    cancel: Option<Order>,
    paused: Option<Order>,
    time: Time,
    vars: BTreeMap<Ident, Value>,
    holds: BTreeMap<StepPath, Hold>,
    undo: Vec<StepPath>,
    undoing: Option<StepPath>,
    seq: u64,
}

impl Header {
    fn of(run: &Run) -> Header {
        let run = run.clone();
        Header {
            revision: run.revision,
            definition: run.definition,
            actor: run.actor,
            request_id: run.request_id,
            accepted_ms: run.accepted_ms,
            parent: run.parent,
            priority: run.priority,
            gate: run.gate,
            phase: run.phase,
            cancel: run.cancel,
            paused: run.paused,
            time: run.time,
            vars: run.vars,
            holds: run.holds,
            undo: run.undo,
            undoing: run.undoing,
            seq: run.seq,
        }
    }

    fn run(&self, id: RunId, rows: &BTreeMap<StepPath, StepState>) -> Run {
        let header = self.clone();
        let mut run = Run::accept(Acceptance {
            id,
            revision: header.revision,
            definition: header.definition,
            actor: header.actor,
            request_id: header.request_id,
            accepted_ms: header.accepted_ms,
            parent: header.parent,
            priority: header.priority,
            vars: header.vars,
            kept: Vec::new(),
        });
        run.gate = header.gate;
        run.phase = header.phase;
        run.cancel = header.cancel;
        run.paused = header.paused;
        run.time = header.time;
        run.holds = header.holds;
        run.undo = header.undo;
        run.undoing = header.undoing;
        run.seq = header.seq;
        run.restore(rows.clone());
        run
    }
}

#[derive(Default)]
pub(super) struct Store {
    headers: BTreeMap<RunId, Header>,
    rows: BTreeMap<RunId, BTreeMap<StepPath, StepState>>,
    /// The order of acceptance.
    order: BTreeMap<RunId, u64>,
    sizes: BTreeMap<Label, u32>,
    claims: BTreeMap<(Label, u64), Claim>,
    gates: BTreeMap<GateKey, AtGate>,
    next_place: u64,
}

impl Store {
    /// One transaction.
    pub(super) fn save(&mut self, town: &Town, tx: &Tx) {
        for id in &tx.touched {
            self.headers.insert(*id, Header::of(&town.runs[id]));
        }
        for ((id, path), state) in &tx.rows {
            self.rows.entry(*id).or_default().insert(path.clone(), state.clone());
        }
        self.order.clone_from(&town.order);
        self.sizes.clear();
        self.claims.clear();
        for (name, lock) in &town.entities.locks {
            self.sizes.extend(lock.size.map(|size| (name.clone(), size)));
            let claims = lock.claims();
            self.claims.extend(claims.map(|(at, c)| ((name.clone(), at), c.clone())));
        }
        self.gates.clone_from(&town.entities.gates);
        self.next_place = town.entities.next_place();
    }

    pub(super) fn runs(&self) -> BTreeMap<RunId, Run> {
        let none = BTreeMap::new();
        let rows = |id| self.rows.get(id).unwrap_or(&none);
        self.headers.iter().map(|(id, header)| (*id, header.run(*id, rows(id)))).collect()
    }

    pub(super) fn order(&self) -> BTreeMap<RunId, u64> {
        self.order.clone()
    }

    pub(super) fn entities(&self) -> Entities {
        let names = self.sizes.keys().chain(self.claims.keys().map(|(name, _)| name));
        let names: BTreeSet<&Label> = names.collect();
        let lock = |name: &Label| {
            let claims = self.claims.iter().filter(|((of, _), _)| of == name);
            let claims = claims.map(|((_, place), claim)| (*place, claim.clone()));
            Lock::restore(self.sizes.get(name).copied(), claims)
        };
        let locks = names.into_iter().map(|name| (name.clone(), lock(name))).collect();
        Entities::restore(locks, self.gates.clone(), self.next_place)
    }
}
