//! Locks, gates and the queue, as the driver keeps them beside the runs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::gate::{Entry, Gate};
use crate::lock::{Claim, Claimed, Lock, circle, closes_circle};
use crate::name::{Label, RunId, WorkflowRef};
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

    pub(super) fn claim(
        &mut self,
        now_ms: u64,
        name: &Label,
        by: &Claimant,
        tokens: Tokens,
        callers: &[Parent],
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
            callers: callers.to_vec(),
        };
        let answer = match lock.claim(place, claim) {
            Claimed::Granted => ClaimAnswer::Granted,
            Claimed::Refused(error) => ClaimAnswer::Refused(error),
            Claimed::Waits { holder } => match closes_circle(&self.locks, name, by, callers) {
                false => ClaimAnswer::Waits { holder },
                true => {
                    let lock = self.locks.entry(name.clone()).or_default();
                    lock.release(by);
                    ClaimAnswer::Refused(circle(name, holder.as_ref()))
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
    pub(super) fn resize(&mut self, now_ms: u64, name: &Label, size: u32) -> Answers {
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
        answers.extend(self.grant(now_ms, name));
        answers
    }

    /// What the gate says, and the runs that are to be cancelled for it.
    pub(super) fn enter(&mut self, run: &Run, key: String) -> (GateAnswer, Vec<RunId>) {
        let rule = rule_of(run);
        let place = self.place();
        let at = self.gates.entry((run.definition.name.clone(), key.clone())).or_default();
        let count = |n: usize| u32::try_from(n).expect("few");
        let gate = Gate { active: count(at.active.len()), waiting: count(at.waiting.len()) };
        let waits = |key| GateAnswer::Waits { key, active: gate.active };
        match gate.enter(rule) {
            Entry::Passes => {
                at.active.insert(run.id);
                (GateAnswer::Passed { key }, Vec::new())
            }
            Entry::Waits => {
                at.waiting.insert((std::cmp::Reverse(run.priority), place), run.id);
                (waits(key), Vec::new())
            }
            Entry::Replaces => {
                let before = at.active.iter().chain(at.waiting.values()).copied().collect();
                at.waiting.insert((std::cmp::Reverse(run.priority), place), run.id);
                (waits(key), before)
            }
            Entry::TurnedAway { reason, fails } => {
                (GateAnswer::TurnedAway { key, reason, fails }, Vec::new())
            }
        }
    }

    pub(super) fn leave(&mut self, runs: &BTreeMap<RunId, Run>, run: &Run, key: String) -> Answers {
        let gate = (run.definition.name.clone(), key);
        let mut answers = Answers::new();
        let Some(at) = self.gates.get_mut(&gate) else { return answers };
        at.active.remove(&run.id);
        at.waiting.retain(|_, waiting| *waiting != run.id);
        while let Some((place, next)) = at.waiting.first_key_value().map(|(p, n)| (*p, *n)) {
            let active = u32::try_from(at.active.len()).expect("few");
            let waiting = u32::try_from(at.waiting.len()).expect("few");
            if !(Gate { active, waiting }).lets_pass(rule_of(&runs[&next])) {
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

fn rule_of(run: &Run) -> &Concurrency {
    run.definition.concurrency.as_ref().expect("it is limited")
}
