//! An independent account of a town, kept from what was committed. It panics on the first
//! thing that should not be.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Seen;
use super::entities::{Entities, GateKey};
use crate::name::{Label, RunId, StepPath};
use crate::run::{
    Claimant, Event, Input, Parent, Phase, Published, Refusal, Run, RunEnd, StepState, Tokens,
};
use crate::workflow::{Priority, Workflow};

/// What happened in a transaction, in order.
pub(super) enum Fact {
    Accepted {
        run: RunId,
        definition: Arc<Workflow>,
        priority: Priority,
        parent: Option<Parent>,
        by: Option<Parent>,
    },
    Event(RunId, Event),
    Claimed(Label, Claimant, Tokens),
    Released(Label, Claimant),
    Resized(Label, u32),
    Published(Published),
    /// Runs at a gate have to go for another.
    Replaced(Vec<RunId>),
    /// The queue lets it begin, beside so many that are at work.
    Admitted(RunId, u32),
}

/// What is known of a run.
pub(super) struct Known {
    pub(super) definition: Arc<Workflow>,
    pub(super) priority: Priority,
    pub(super) parent: Option<Parent>,
    /// In the order of acceptance.
    pub(super) order: usize,
    pub(super) passed: bool,
    pub(super) started: bool,
    pub(super) end: Option<RunEnd>,
}

#[derive(Default)]
pub(super) struct Witness {
    pub(super) limit: u32,
    pub(super) known: BTreeMap<RunId, Known>,
    /// Of these the runs that have not ended.
    pub(super) open: BTreeSet<RunId>,
    // locks.rs
    pub(super) sizes: BTreeMap<Label, u32>,
    pub(super) wanted: BTreeMap<Claimant, BTreeMap<Label, Tokens>>,
    pub(super) holders: BTreeMap<Label, BTreeMap<Claimant, Tokens>>,
    pub(super) in_line: BTreeMap<Label, Vec<(Claimant, Tokens)>>,
    /// Of whose end a release has to tell.
    pub(super) to_release: BTreeSet<(Label, Claimant)>,
    // gates.rs
    pub(super) active: BTreeMap<GateKey, BTreeSet<RunId>>,
    pub(super) waiting: BTreeMap<GateKey, Vec<RunId>>,
    // calls.rs
    pub(super) calling: BTreeMap<(RunId, StepPath), RunId>,
    /// Calls whose runs have ended, which their steps have not heard of.
    pub(super) owed: BTreeMap<(RunId, StepPath), (RunId, RunEnd)>,
    /// Steps that wait for an event, with the event's name, and whether any fits.
    pub(super) awaiting: BTreeMap<(RunId, StepPath), (String, bool)>,
    pub(super) seen: Seen,
}

impl Witness {
    pub(super) fn new(limit: u32) -> Witness {
        Witness { limit, ..Witness::default() }
    }

    pub(super) fn saw(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    pub(super) fn refused(&mut self, input: &Input, refusal: Refusal) {
        assert!(matches!(
            input,
            Input::Cancel { .. }
                | Input::Pause { .. }
                | Input::Resume { .. }
                | Input::Resolve { .. }
                | Input::Vote { .. }
        ));
        self.saw(match refusal {
            Refusal::NotApprover => "refused: not an approver",
            Refusal::OwnRun => "refused: the own run",
            Refusal::OtherDigest => "refused: another digest",
            Refusal::Voted => "refused: voted already",
            _ => return,
        });
    }

    /// A transaction is durable, and has led to `runs` and `entities`.
    pub(super) fn committed(
        &mut self,
        hold: bool,
        facts: &[Fact],
        runs: &BTreeMap<RunId, Run>,
        entities: &Entities,
    ) {
        let mut replaced: Vec<RunId> = Vec::new();
        let mut paused: Vec<RunId> = Vec::new();
        for fact in facts {
            match fact {
                Fact::Accepted { run, definition, priority, parent, by } => {
                    self.accepted(*run, definition, *priority, parent.as_ref(), by.as_ref());
                }
                Fact::Event(run, event) => {
                    if let Event::PauseRequested { .. } = event {
                        paused.push(*run);
                    }
                    self.event(*run, event);
                }
                Fact::Claimed(lock, by, tokens) => self.claims(lock, by, *tokens),
                Fact::Released(lock, by) => self.releases(lock, by),
                Fact::Resized(pool, size) => self.resized(pool, *size),
                Fact::Published(event) => self.published(event, runs),
                Fact::Replaced(before) => replaced.extend(before),
                Fact::Admitted(run, at_work) => self.admitted(*run, *at_work),
            }
        }
        self.locks_agree(entities);
        self.gates_agree(entities);
        self.calls_agree(runs);
        self.runs_agree(hold, runs);
        for run in replaced {
            let going = super::calls::is_going(&runs[&run]);
            assert!(going, "a newer run waits for this one to end: {:#?}", runs[&run]);
        }
        for run in paused {
            self.pause_reaches(&runs[&run], runs);
        }
    }

    fn accepted(
        &mut self,
        run: RunId,
        definition: &Arc<Workflow>,
        priority: Priority,
        parent: Option<&Parent>,
        by: Option<&Parent>,
    ) {
        if let Some(by) = by {
            let caller = self.known[&by.run].priority;
            assert_eq!(priority, caller.max(definition.priority), "priority is handed down");
            self.saw(match parent {
                Some(_) => "call: a run is called",
                None => "call: a run is called detached",
            });
        }
        let known = Known {
            definition: definition.clone(),
            priority,
            parent: parent.cloned(),
            order: self.known.len(),
            passed: definition.concurrency.is_none(),
            started: false,
            end: None,
        };
        let fresh = self.known.insert(run, known).is_none();
        assert!(fresh, "accepted twice");
        self.open.insert(run);
        self.saw("run: accepted");
    }

    fn event(&mut self, run: RunId, event: &Event) {
        assert!(self.known[&run].end.is_none(), "{event:?} of a run that has ended");
        self.lock_event(run, event);
        self.gate_event(run, event);
        self.call_event(run, event);
        self.wait_event(run, event);
        match event {
            Event::Started => {
                self.saw("run: started");
                self.known.get_mut(&run).expect("accepted").started = true;
            }
            Event::Ended { end } => {
                self.saw(match end {
                    RunEnd::Completed { .. } => "run: completed",
                    RunEnd::Failed { .. } => "run: failed",
                    RunEnd::Cancelled => "run: cancelled",
                });
                self.known.get_mut(&run).expect("accepted").end = Some(end.clone());
                self.open.remove(&run);
            }
            Event::PromiseBroken { .. } => self.saw("run: broke a promise"),
            Event::ApprovalVoted { vote, .. } => self.saw(match vote.approves {
                true => "people: approved",
                false => "people: rejected",
            }),
            Event::StepInDoubt { .. } => self.saw("run: a step in doubt"),
            _ => {}
        }
    }

    /// Started in order: no run of a higher priority waits, nor an older one of the same.
    fn admitted(&mut self, run: RunId, at_work: u32) {
        assert!(at_work < self.limit, "{at_work} runs are at work already");
        let this = &self.known[&run];
        assert!(this.passed && !this.started && this.end.is_none());
        for other in &self.open {
            let known = &self.known[other];
            let in_line = known.passed && !known.started && *other != run;
            let before = (std::cmp::Reverse(known.priority), known.order)
                < (std::cmp::Reverse(this.priority), this.order);
            assert!(!(in_line && before), "a run overtook another in the queue");
        }
    }

    fn wait_event(&mut self, run: RunId, event: &Event) {
        let Some(path) = event.path() else { return };
        let at = (run, path.clone());
        if let Event::StepAwaiting { .. } = event {
            let definition = &self.known[&run].definition;
            let step = definition.step_at(path).expect("defined");
            let crate::workflow::Action::Wait(crate::workflow::Wait::Event(awaited)) = &step.action
            else {
                panic!("{path} waits for no event")
            };
            let what = (awaited.name.to_string(), awaited.fits.is_none());
            self.awaiting.insert(at, what);
        } else if !matches!(event, Event::EventOffered { .. } | Event::EventDeclined { .. }) {
            self.awaiting.remove(&at);
        }
    }

    /// Everybody who waits for such an event has got it.
    fn published(&mut self, event: &Published, runs: &BTreeMap<RunId, Run>) {
        self.saw("event: published");
        let waiting = self.awaiting.clone();
        for ((run, path), (name, any)) in waiting {
            if name != event.name.as_str() {
                continue;
            }
            match &runs[&run].steps.get(&path) {
                Some(StepState::Awaiting(awaiting)) => {
                    let offered = awaiting.offered.iter().filter(|id| **id == event.id).count();
                    assert!(!any && offered == 1, "{path} was not offered the event");
                    self.saw("event: offered");
                }
                _ => self.saw("event: came"),
            }
        }
    }

    /// At the end of everything nothing is left.
    pub(super) fn over(&mut self, runs: &BTreeMap<RunId, Run>, entities: &Entities) {
        assert!(self.known.values().all(|known| known.end.is_some()));
        assert!(runs.values().all(|run| matches!(run.phase, Phase::Ended { .. })));
        assert!(self.holders.values().all(BTreeMap::is_empty), "{:?}", self.holders);
        assert!(self.in_line.values().all(Vec::is_empty), "{:?}", self.in_line);
        assert!(self.calling.is_empty() && self.owed.is_empty());
        assert!(entities.locks.values().all(|lock| lock.claims().next().is_none()));
        assert!(entities.gates.is_empty(), "{:?}", entities.gates);
        assert!(runs.values().all(|run| run.holds.is_empty() && run.next_wake().is_none()));
    }
}
