//! When nothing moves by itself: everything that has not ended waits for a person or for
//! an event, or for a run that does. Then one of these is done.

use std::collections::{BTreeMap, BTreeSet};

use super::driver::{Town, Work};
use crate::name::RunId;
use crate::run::tests::build::ana;
use crate::run::{Gate, Input, Phase, Run, StepState};
use crate::workflow::{Action, Wait};

/// Runs that this one cannot go on without; none of them has ended.
fn waits_for(town: &Town, run: &Run) -> BTreeSet<RunId> {
    let mut others = BTreeSet::new();
    for state in run.steps.values() {
        match state {
            StepState::Calling(calling) => _ = others.insert(calling.run),
            StepState::Claiming(claiming) => {
                let wanted = claiming.wanted.get(claiming.granted);
                let lock = wanted.and_then(|(lock, _)| town.entities.locks.get(lock));
                let claims = lock.into_iter().flat_map(|lock| lock.claims());
                others.extend(claims.map(|(_, claim)| claim.by.run));
            }
            _ => {}
        }
    }
    if let (Phase::Queued, Gate::Waiting { key }) = (&run.phase, &run.gate) {
        let gate = (run.definition.name.clone(), key.clone());
        let at = &town.entities.gates[&gate];
        others.extend(at.active.iter().chain(at.waiting.values()));
    }
    others
}

/// What a run waits for and holds, in a few lines.
fn told(town: &Town, run: &Run) -> String {
    let mut lines =
        format!("{} {} {:?} {:?}\n", run.id.short(), run.definition.name, run.phase, run.gate);
    if let Gate::Waiting { key } | Gate::Held { key } = &run.gate {
        let at = &town.entities.gates[&(run.definition.name.clone(), key.clone())];
        let limit = run.definition.concurrency.as_ref().map(|rule| rule.limit);
        let ids = |ids: Vec<&RunId>| ids.iter().map(|id| id.short()).collect::<Vec<_>>().join(" ");
        let (active, waiting) =
            (ids(at.active.iter().collect()), ids(at.waiting.values().collect()));
        lines += &format!("  at the gate, limit {limit:?}: passed {active}; wait {waiting}\n");
    }
    for (path, hold) in &run.holds {
        lines += &format!("  {path} holds {:?}\n", hold.locks);
    }
    for (path, state) in &run.steps {
        match state {
            StepState::Calling(calling) => {
                lines += &format!("  {path} calls {}\n", calling.run.short());
            }
            StepState::Claiming(claiming) => {
                let wanted = claiming.wanted.get(claiming.granted);
                let lock = wanted.and_then(|(lock, _)| town.entities.locks.get(lock));
                let claims = lock.into_iter().flat_map(|lock| lock.claims());
                let claims = claims.map(|(_, claim)| {
                    let sign = if claim.granted_ms.is_some() { "has" } else { "waits" };
                    format!("{} {} {sign}", claim.by.run.short(), claim.by.path)
                });
                let claims = claims.collect::<Vec<_>>().join(", ");
                lines += &format!("  {path} claims {wanted:?}: {claims}\n");
            }
            other => lines += &format!("  {path} {}\n", other.status().word()),
        }
    }
    lines
}

impl Town {
    /// Nothing is under way, and no timer runs.
    pub(super) fn only_people_can_help(&mut self) {
        let at_work = super::agree::at_work(&self.open, &self.runs);
        assert_eq!(at_work, 0, "at work, but nothing is done: {:#?}", self.runs);
        let open = self.open();
        let needs_person = |run: &Run| run.paused.is_some() || !Town::waits_outside(run).is_empty();
        let roots: BTreeSet<RunId> =
            open.iter().filter(|id| needs_person(&self.runs[id])).copied().collect();
        let waits: BTreeMap<RunId, BTreeSet<RunId>> =
            open.iter().map(|id| (*id, waits_for(self, &self.runs[id]))).collect();
        let mut excused = roots.clone();
        loop {
            let more = |id: &&RunId| {
                !excused.contains(id) && waits[id].iter().any(|other| excused.contains(other))
            };
            let more: Vec<RunId> = open.iter().filter(more).copied().collect();
            if more.is_empty() {
                break;
            }
            excused.extend(more);
        }
        let stuck: Vec<RunId> = open.iter().filter(|id| !excused.contains(id)).copied().collect();
        assert!(
            stuck.is_empty(),
            "they wait for each other:\n{}",
            stuck.iter().map(|id| told(self, &self.runs[id])).collect::<String>()
        );
        let mut roots: Vec<RunId> = roots.into_iter().collect();
        let run = self.rng.take(&mut roots).expect("somebody can do something");
        self.help(run);
    }

    fn help(&mut self, id: RunId) {
        let run = &self.runs[&id];
        let mut outside = Town::waits_outside(run);
        let paused = run.paused.is_some();
        let Some(path) = self.rng.take(&mut outside).filter(|_| !paused) else {
            return self.transact(Work::Input(id, Input::Resume { by: ana() }));
        };
        match &self.runs[&id].definition_of(&path).expect("defined").action {
            Action::Wait(Wait::Event(event)) => {
                let name = event.name.to_string();
                self.publish_one(&name);
            }
            _ => self.decide_on(id, path),
        }
    }
}
