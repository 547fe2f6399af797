//! The entities that the run talks to, as far as they matter to it: locks that are free or
//! not, runs that it has called, the gate of its workflow, and its caller. They are durable
//! with the run: a message is neither lost nor seen twice, and so is its answer.

use std::collections::{BTreeMap, BTreeSet};

use super::around::EXIT;
use super::world::World;
use crate::gate;
use crate::name::{Label, RunId, StepPath};
use crate::outcome::ErrorClass;
use crate::run::tests::build::{ana, error, fields, is_offered};
use crate::run::{
    ChildOrder, ClaimAnswer, EventId, GateAnswer, Input, Message, News, Published, RunEnd, Stands,
    StepState, Vote,
};
use crate::value::{Map, Value};
use crate::workflow::{Action, Wait};

/// A run that was called.
struct Child {
    path: StepPath,
    cancelled: bool,
    stands: Stands,
}

#[derive(Default)]
pub(super) struct Others {
    claims: BTreeSet<(StepPath, Label)>,
    waiting: Vec<(StepPath, Label)>,
    children: BTreeMap<RunId, Child>,
    /// The key with which it is at the gate.
    gate: Option<String>,
    gate_waits: bool,
    /// Events that steps are offered, and no others.
    pub(super) events: BTreeMap<EventId, Published>,
}

impl World {
    /// What the messages of one decision lead to at once.
    pub(super) fn deliver(&mut self, messages: Vec<Message>) {
        let mut answers = Vec::new();
        for message in messages {
            match message {
                Message::Call(called) => {
                    let child =
                        Child { path: called.by.path, cancelled: false, stands: Stands::Works };
                    let fresh =
                        called.detached || self.others.children.insert(called.run, child).is_none();
                    assert!(fresh, "called twice");
                }
                Message::Order { run, order } => {
                    let child = self.others.children.get_mut(&run).expect("a run it has called");
                    if let ChildOrder::Cancel { .. } = order {
                        assert!(!child.cancelled, "cancelled twice");
                        child.cancelled = true;
                    }
                }
                Message::News { .. } => {}
                Message::Claim { lock, by, .. } => {
                    let fresh = self.others.claims.insert((by.path.clone(), lock.clone()));
                    assert!(fresh, "{} claims {lock} twice", by.path);
                    let answer = match self.rng.below(20) {
                        0 => ClaimAnswer::Refused(error(ErrorClass::InvalidInput)),
                        1..7 => {
                            self.others.waiting.push((by.path.clone(), lock.clone()));
                            ClaimAnswer::Waits { holder: None }
                        }
                        _ => ClaimAnswer::Granted,
                    };
                    answers.push(Input::Claimed { path: by.path, lock, answer });
                }
                Message::Release { lock, by } => {
                    let claim = (by.path, lock);
                    assert!(self.others.claims.remove(&claim), "{claim:?} is given back twice");
                    self.others.waiting.retain(|waiting| *waiting != claim);
                }
                Message::Enter { key } => {
                    assert_eq!(self.others.gate, None, "it is at the gate already");
                    let said = match self.rng.below(10) {
                        0 => {
                            let fails = self.rng.percent(50);
                            GateAnswer::TurnedAway {
                                key,
                                error: gate::full("no room".into()),
                                fails,
                            }
                        }
                        1..4 => {
                            self.others.gate_waits = true;
                            self.others.gate = Some(key.clone());
                            GateAnswer::Waits { key, active: 1 }
                        }
                        _ => {
                            self.others.gate = Some(key.clone());
                            GateAnswer::Passed { key }
                        }
                    };
                    answers.push(Input::Gated(said));
                }
                Message::Leave { key } => {
                    assert_eq!(self.others.gate.take(), Some(key), "it is at no such gate");
                    self.others.gate_waits = false;
                }
            }
        }
        for answer in answers {
            self.step_and_commit(&answer);
        }
    }

    /// A lock becomes free, a run that it has called goes on, or the gate lets it pass;
    /// whether there was anything.
    pub(super) fn others_move(&mut self, to_the_end: bool) -> bool {
        if self.others.gate_waits {
            self.others.gate_waits = false;
            let key = self.others.gate.clone().expect("it waits there");
            self.step_and_commit(&Input::Gated(GateAnswer::Passed { key }));
            return true;
        }
        if self.rng.percent(50)
            && let Some((path, lock)) = self.rng.take(&mut self.others.waiting)
        {
            let answer = ClaimAnswer::Granted;
            self.step_and_commit(&Input::Claimed { path, lock, answer });
            return true;
        }
        let runs: Vec<RunId> = self.others.children.keys().copied().collect();
        if runs.is_empty() {
            return !self.others.waiting.is_empty();
        }
        let run = *self.rng.pick(&runs);
        let child = &self.others.children[&run];
        let (path, cancelled, stands) = (child.path.clone(), child.cancelled, child.stands);
        let news = if !to_the_end && self.rng.percent(40) {
            let all = [Stands::Works, Stands::Asks, Stands::Doubts];
            let others: Vec<Stands> = all.into_iter().filter(|other| *other != stands).collect();
            let stands = *self.rng.pick(&others);
            self.others.children.get_mut(&run).expect("called").stands = stands;
            News::Stands(stands)
        } else {
            self.others.children.remove(&run);
            News::Ended(self.end_of_child(cancelled))
        };
        self.step_and_commit(&Input::Called { path, run, news });
        true
    }

    fn end_of_child(&mut self, cancelled: bool) -> RunEnd {
        self.results += 1;
        let failed = |class| RunEnd::Failed { step: None, error: error(class) };
        match self.rng.below(20) {
            0..14 if cancelled => RunEnd::Cancelled,
            0..2 => RunEnd::Cancelled,
            2..6 => failed(EXIT),
            6 => failed(ErrorClass::Business),
            _ => RunEnd::Completed {
                outputs: Map::from([("r".to_owned(), Value::Int(self.results))]),
            },
        }
    }

    // people, and what is published

    /// Somebody votes, or publishes, as a step waits for it; whether one does.
    pub(super) fn somebody_answers(&mut self) -> bool {
        let waits = |(path, state): (&StepPath, &StepState)| match state {
            StepState::Asking(_) | StepState::Awaiting(_) => Some(path.clone()),
            _ => None,
        };
        let mut waiting: Vec<StepPath> = self.live.steps.iter().filter_map(waits).collect();
        let Some(path) = self.rng.take(&mut waiting) else { return false };
        match &self.live.steps[&path] {
            StepState::Asking(asking) => {
                let digest = match self.rng.percent(90) {
                    true => asking.request.digest.clone(),
                    false => "another".to_owned(),
                };
                self.vote(path, digest);
            }
            _ => self.publish(path),
        }
        true
    }

    pub(super) fn vote(&mut self, path: StepPath, digest: String) {
        let mut by = ana();
        by.who = (*self.rng.pick(&["ana", "bob", "eva", "udo"])).to_owned();
        let approves = self.rng.percent(80);
        let (fields, comment, at) = (fields(1), String::new(), "now".into());
        let vote = Vote { by, approves, fields, comment, at };
        let groups = match self.rng.percent(50) {
            true => ["ops".to_owned()].into(),
            false => BTreeSet::new(),
        };
        self.inbox.push(Input::Vote { path, vote, groups, digest });
    }

    /// Each event is offered once to each step that awaits when it is published.
    fn publish(&mut self, path: StepPath) {
        let Action::Wait(Wait::Event(awaited)) = &self.witness.step(&path).action else {
            panic!("{path} waits for no event")
        };
        let name = awaited.name.clone();
        self.results += 1;
        let id = EventId(self.results.unsigned_abs().into());
        let data = Value::Int(self.results);
        let event = Published { id, name, data, by: ana(), at: "now".into() };
        self.others.events.insert(id, event.clone());
        self.step_and_commit(&Input::Published { path, event: event.into() });
    }

    /// What nobody is offered any more is gone with the commit.
    pub(super) fn drop_events(&mut self) {
        let offered = |id: &EventId| self.live.steps.values().any(|state| is_offered(state, *id));
        self.others.events.retain(|id, _| offered(id));
    }
}
