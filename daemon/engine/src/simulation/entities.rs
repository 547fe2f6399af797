//! Locks, gates and the queue, as the driver keeps them beside the runs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::circle::{Shared, is_for_ever};
use crate::gate::{self, CalledRun, Entry, Gate};
use crate::lock::{self, Claim, Claimed, Lock};
use crate::name::{Label, RunId, WorkflowRef};
use crate::outcome::TaskError;
use crate::run::{ClaimAnswer, Claimant, GateAnswer, Input, Parent, Run, Tokens};
use crate::workflow::{Concurrency, Priority};

/// Who is limited together.
pub(super) type GateKey = (WorkflowRef, String);

/// The runs at one gate.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct AtGate {
    pub(super) active: BTreeSet<RunId>,
    /// The next to pass first: the highest priority, then the order of coming.
    pub(super) waiting: BTreeMap<(std::cmp::Reverse<Priority>, u64), RunId>,
}

/// All that is durable but for the runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Entities {
    pub(super) locks: BTreeMap<Label, Lock>,
    pub(super) gates: BTreeMap<GateKey, AtGate>,
    /// The next place in any line.
    next_place: u64,
}

/// Runs that steps have called, by the gates at which they wait.
type Called = BTreeMap<GateKey, Vec<CalledRun>>;

/// Answers, in the order in which they are to be delivered.
pub(super) type Answers = VecDeque<(RunId, Input)>;

fn claimed(by: &Claimant, lock: &Label, answer: ClaimAnswer) -> (RunId, Input) {
    (by.run, Input::Claimed { path: by.path.clone(), lock: lock.clone(), answer })
}

impl Entities {
    pub(super) fn place(&mut self) -> u64 {
        self.next_place += 1;
        self.next_place
    }

    pub(super) fn next_place(&self) -> u64 {
        self.next_place
    }

    pub(super) fn restore(
        locks: BTreeMap<Label, Lock>,
        gates: BTreeMap<GateKey, AtGate>,
        next_place: u64,
    ) -> Entities {
        Entities { locks, gates, next_place }
    }

    /// All that is shared, the locks first.
    fn shared<'a>(&'a self, runs: &BTreeMap<RunId, Run>, called: &'a Called) -> Vec<Shared<'a>> {
        let locks = self.locks.values().map(Lock::shared);
        let gates = self.gates.iter().map(|(key, at)| {
            let passed: Vec<RunId> = at.active.iter().copied().collect();
            let first = at.waiting.values().next().map_or(1, |run| rule_of(&runs[run]).limit);
            gate::shared(&passed, &called[key], first)
        });
        locks.chain(gates).collect()
    }

    /// The called runs that wait at each gate.
    fn called(&self, runs: &BTreeMap<RunId, Run>) -> Called {
        let called_run = |run: &RunId| CalledRun {
            run: *run,
            callers: callers_of(runs, *run),
            limit: rule_of(&runs[run]).limit,
        };
        let at = |at: &AtGate| {
            let waiting = at.waiting.values().map(called_run);
            waiting.filter(|called| !called.callers.is_empty()).collect()
        };
        self.gates.iter().map(|(key, gate)| (key.clone(), at(gate))).collect()
    }

    /// Whether the claim waits for ever.
    fn closes_circle(&self, runs: &BTreeMap<RunId, Run>, name: &Label, by: &Claimant) -> bool {
        let called = self.called(runs);
        let of = self.locks.keys().position(|lock| lock == name).expect("it is claimed");
        let waiting = self.locks[name].waiting().position(|(_, claim)| claim.by == *by);
        is_for_ever(&self.shared(runs, &called), of, waiting.expect("it waits"))
    }

    pub(super) fn claim(
        &mut self,
        now_ms: u64,
        runs: &BTreeMap<RunId, Run>,
        name: &Label,
        by: &Claimant,
        tokens: Tokens,
    ) -> Answers {
        let place = self.place();
        let lock = self.locks.entry(name.clone()).or_default();
        if let Some(error) = lock.refusal(name, tokens) {
            return Answers::from([claimed(by, name, ClaimAnswer::Refused(error))]);
        }
        let claim = Claim {
            by: by.clone(),
            tokens,
            since_ms: now_ms,
            granted_ms: None,
            callers: callers_of(runs, by.run),
        };
        let answer = match lock.claim(place, claim) {
            Claimed::Granted => ClaimAnswer::Granted,
            Claimed::Refused(error) => ClaimAnswer::Refused(error),
            Claimed::Waits { holder } => match self.closes_circle(runs, name, by) {
                false => ClaimAnswer::Waits { holder },
                true => {
                    let lock = self.locks.entry(name.clone()).or_default();
                    lock.release(by);
                    ClaimAnswer::Refused(lock::circle(name, holder.as_ref()))
                }
            },
        };
        Answers::from([claimed(by, name, answer)])
    }

    pub(super) fn release(&mut self, now_ms: u64, name: &Label, by: &Claimant) -> Answers {
        self.locks.entry(name.clone()).or_default().release(by);
        self.grant(now_ms, name)
    }

    fn grant(&mut self, now_ms: u64, name: &Label) -> Answers {
        let lock = self.locks.entry(name.clone()).or_default();
        let granted = lock.grant(now_ms);
        let granted = granted.into_iter().filter_map(|place| lock.claim_at(place));
        granted.map(|claim| claimed(&claim.by, name, ClaimAnswer::Granted)).collect()
    }

    /// A person says how many tokens there are.
    pub(super) fn resize(
        &mut self,
        now_ms: u64,
        runs: &BTreeMap<RunId, Run>,
        name: &Label,
        size: u32,
    ) -> Answers {
        let lock = self.locks.entry(name.clone()).or_default();
        lock.size = Some(size);
        let waiting = lock.claims().filter(|(_, claim)| claim.granted_ms.is_none());
        let hopeless: Vec<_> = waiting
            .filter_map(|(_, c)| Some((c.by.clone(), lock.refusal(name, c.tokens)?)))
            .collect();
        let mut answers = Answers::new();
        for (by, error) in hopeless {
            lock.release(&by);
            answers.push_back(claimed(&by, name, ClaimAnswer::Refused(error)));
        }
        // with fewer tokens there may be circles that there were not
        let waiting: Vec<_> =
            self.locks[name].waiting().map(|(_, claim)| claim.by.clone()).collect();
        for by in waiting {
            if self.closes_circle(runs, name, &by) {
                let lock = self.locks.entry(name.clone()).or_default();
                let error = lock::circle(name, lock.holder().as_ref());
                lock.release(&by);
                answers.push_back(claimed(&by, name, ClaimAnswer::Refused(error)));
            }
        }
        answers.extend(self.grant(now_ms, name));
        answers
    }

    /// What the gate says, and the runs that are to be cancelled for it.
    pub(super) fn enter(
        &mut self,
        runs: &BTreeMap<RunId, Run>,
        run: &Run,
        key: String,
    ) -> (GateAnswer, Vec<RunId>) {
        let rule = rule_of(run);
        let place = self.place();
        let gate_key = (run.definition.name.clone(), key.clone());
        let at = self.gates.entry(gate_key.clone()).or_default();
        let count = |n: usize| u32::try_from(n).expect("few");
        let place = (std::cmp::Reverse(run.priority), place);
        let gate = Gate {
            active: count(at.active.len()),
            waiting: count(at.waiting.len()),
            is_behind: at.waiting.first_key_value().is_some_and(|(first, _)| *first < place),
        };
        let waits = |key| GateAnswer::Waits { key, active: gate.active };
        match gate.enter(rule) {
            Entry::Passes => {
                at.active.insert(run.id);
                (GateAnswer::Passed { key }, Vec::new())
            }
            Entry::Waits => {
                at.waiting.insert(place, run.id);
                let passed: Vec<RunId> = at.active.iter().copied().collect();
                match self.gate_closes_circle(runs, &gate_key, run.id) {
                    false => (waits(key), Vec::new()),
                    true => {
                        self.gates.entry(gate_key).or_default().waiting.remove(&place);
                        let error = gate::circle(&passed);
                        (GateAnswer::TurnedAway { key, error, fails: true }, Vec::new())
                    }
                }
            }
            Entry::Replaces => {
                let before = at.active.iter().chain(at.waiting.values()).copied().collect();
                at.waiting.insert(place, run.id);
                (waits(key), before)
            }
            Entry::TurnedAway { reason, fails } => {
                let error = gate::full(reason);
                (GateAnswer::TurnedAway { key, error, fails }, Vec::new())
            }
        }
    }

    /// The error of a run that waits for others that were cancelled for it, and do not
    /// end: it is in their way.
    pub(super) fn replaces_for_ever(
        &mut self,
        runs: &BTreeMap<RunId, Run>,
        gate: &GateKey,
        run: RunId,
    ) -> Option<TaskError> {
        let at = self.gates.get(gate).filter(|at| at.waiting.values().any(|w| *w == run))?;
        let passed: Vec<RunId> = at.active.iter().copied().collect();
        if !self.gate_closes_circle(runs, gate, run) {
            return None;
        }
        self.gates.get_mut(gate)?.waiting.retain(|_, waiting| *waiting != run);
        Some(gate::circle(&passed))
    }

    fn gate_closes_circle(&self, runs: &BTreeMap<RunId, Run>, key: &GateKey, run: RunId) -> bool {
        let called = self.called(runs);
        let of = self.locks.len() + self.gates.keys().position(|gate| gate == key).expect("here");
        let place = called[key].iter().position(|waiting| waiting.run == run);
        let Some(place) = place else { return false };
        is_for_ever(&self.shared(runs, &called), of, place)
    }

    pub(super) fn leave(&mut self, runs: &BTreeMap<RunId, Run>, run: &Run, key: String) -> Answers {
        let gate = (run.definition.name.clone(), key);
        let mut answers = Answers::new();
        let Some(at) = self.gates.get_mut(&gate) else { return answers };
        at.active.remove(&run.id);
        at.waiting.retain(|_, waiting| *waiting != run.id);
        while let Some((place, next)) = at.waiting.first_key_value().map(|(p, n)| (*p, *n)) {
            let active = u32::try_from(at.active.len()).expect("few");
            if active >= rule_of(&runs[&next]).limit {
                break;
            }
            at.waiting.remove(&place);
            at.active.insert(next);
            let key = gate.1.clone();
            answers.push_back((next, Input::Gated(GateAnswer::Passed { key })));
        }
        if at.active.is_empty() && at.waiting.is_empty() {
            self.gates.remove(&gate);
        }
        answers
    }

    /// What has no row is no more.
    pub(super) fn tidy(&mut self) {
        self.locks.retain(|_, lock| !lock.is_idle());
    }
}

/// The steps that have called the run, the nearest first.
fn callers_of(runs: &BTreeMap<RunId, Run>, run: RunId) -> Vec<Parent> {
    let parent = |run: RunId| runs[&run].parent.clone();
    std::iter::successors(parent(run), |caller| parent(caller.run)).collect()
}

fn rule_of(run: &Run) -> &Concurrency {
    run.definition.concurrency.as_ref().expect("it is limited")
}
