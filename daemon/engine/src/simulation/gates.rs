//! Who was let pass at which gate, by the events of the runs alone.

use super::entities::{Entities, GateKey};
use super::witness::Witness;
use crate::name::RunId;
use crate::run::{Event, RunEnd};
use crate::workflow::{Concurrency, OnLimit};

impl Witness {
    fn gate_of(&self, run: RunId, key: &str) -> GateKey {
        (self.known[&run].definition.name.clone(), key.to_owned())
    }

    fn rule_of(&self, run: RunId) -> &Concurrency {
        self.known[&run].definition.concurrency.as_ref().expect("it is limited")
    }

    fn active_at(&self, gate: &GateKey) -> usize {
        self.active.get(gate).map_or(0, |active| active.len())
    }

    /// The one that passes next: of the highest priority, and of these the first that came.
    fn next_at(&self, gate: &GateKey) -> Option<RunId> {
        let waiting = self.waiting.get(gate)?.iter();
        // of equal ones `max_by_key` takes the last
        waiting.rev().max_by_key(|run| self.known[run].priority).copied()
    }

    pub(super) fn gate_event(&mut self, run: RunId, event: &Event) {
        match event {
            Event::GatePassed { key } => {
                let gate = self.gate_of(run, key);
                let limit = self.rule_of(run).limit as usize;
                assert!(self.active_at(&gate) < limit, "{gate:?}: too many");
                if let Some(next) = self.next_at(&gate) {
                    // one that has just come may stand before all that wait
                    let is_before = self.known[&run].priority > self.known[&next].priority;
                    assert!(next == run || is_before, "{run} overtook {next} at {gate:?}");
                    self.waiting.entry(gate.clone()).or_default().retain(|other| *other != run);
                    self.saw("gate: passed after it waited");
                }
                self.active.entry(gate).or_default().insert(run);
                self.known.get_mut(&run).expect("accepted").passed = true;
                self.saw("gate: passed");
            }
            Event::GateWaits { key, .. } => {
                let rule = self.rule_of(run).clone();
                let gate = self.gate_of(run, key);
                let waiting = self.waiting.entry(gate).or_default();
                assert!(matches!(rule.on_limit, OnLimit::Queue | OnLimit::CancelRunning));
                if let (OnLimit::Queue, Some(most)) = (rule.on_limit, rule.max_queue) {
                    assert!(waiting.len() < most as usize, "too many wait");
                }
                waiting.push(run);
                self.saw(match rule.on_limit {
                    OnLimit::Queue => "gate: waits",
                    _ => "gate: replaces",
                });
            }
            Event::TurnedAway { reason, .. } if reason.contains("for ever") => {
                assert!(!self.known[&run].passed);
                self.saw("gate: refused, it would wait for itself");
            }
            Event::TurnedAway { .. } => {
                assert!(!self.known[&run].passed);
                let rule = self.rule_of(run);
                self.saw(match (rule.on_limit, rule.max_queue, &rule.key) {
                    (OnLimit::Skip, ..) => "gate: skipped",
                    (OnLimit::Fail, ..) => "gate: failed",
                    (_, Some(_), _) => "gate: too many wait",
                    (_, None, Some(_)) => "gate: no key",
                    (on_limit, ..) => panic!("turned away by {on_limit:?}"),
                });
            }
            Event::Ended { end } => {
                for active in self.active.values_mut() {
                    active.remove(&run);
                }
                for waiting in self.waiting.values_mut() {
                    waiting.retain(|other| *other != run);
                }
                let known = &self.known[&run];
                let began = known.started || !matches!(end, RunEnd::Completed { .. });
                assert!(began, "completed without a beginning");
            }
            Event::Started => assert!(self.known[&run].passed, "started before its turn"),
            _ => {}
        }
    }

    /// The driver counts as many, and nobody waits where there is room.
    pub(super) fn gates_agree(&self, entities: &Entities) {
        for (gate, at) in &entities.gates {
            let active = self.active.get(gate).cloned().unwrap_or_default();
            assert_eq!(active, at.active, "left: runs that were let pass, right: that count");
        }
        for (gate, active) in &self.active {
            assert!(active.is_empty() || entities.gates.contains_key(gate), "{gate:?}");
        }
        for gate in self.waiting.keys() {
            let Some(next) = self.next_at(gate) else { continue };
            let limit = self.rule_of(next).limit as usize;
            assert!(self.active_at(gate) >= limit, "there is room at {gate:?}, and {next} waits");
            let at = entities.gates.get(gate).map(|at| at.waiting.values().copied().collect());
            let mut at: Vec<RunId> = at.unwrap_or_default();
            let mut waiting = self.waiting[gate].clone();
            at.sort();
            waiting.sort();
            assert_eq!(waiting, at, "left: runs that wait, right: the line");
        }
    }
}
