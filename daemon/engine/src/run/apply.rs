//! Folding events into the state: the only place where a run's state changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::approvals::Asking;
use super::awaits::Awaiting;
use super::calls::Calling;
use super::claims::{Claiming, Hold};
use super::event::Event;
use super::gating::Gate;
use super::loops::{Looping, TurnEnd};
use super::message::{Parent, Stands, Tokens};
use super::state::{Order, Phase, Run, RunEnd, Stage, StepState, Time};
use crate::actor::Actor;
use crate::name::{Ident, Label, RunId, StepPath};
use crate::value::{Map, Value};
use crate::workflow::{Priority, Workflow};

/// What a run is begun with.
#[derive(Clone, Debug, PartialEq)]
pub struct Acceptance {
    pub id: RunId,
    pub revision: u32,
    pub definition: Arc<Workflow>,
    pub actor: Actor,
    pub request_id: String,
    pub accepted_ms: u64,
    pub parent: Option<Parent>,
    pub priority: Priority,
    pub vars: BTreeMap<Ident, Value>,
    /// Steps of the workflow's own list that an earlier run has settled.
    pub kept: Vec<(Ident, StepState)>,
}

impl Run {
    /// A run as it is at the moment of its acceptance: queued, all steps pending.
    /// Those that are kept have their states, and can be undone as if they had completed
    /// in this run.
    pub fn accept(acceptance: Acceptance) -> Run {
        let mut steps: BTreeMap<StepPath, StepState> = acceptance
            .definition
            .steps
            .iter()
            .map(|s| (StepPath::top(&s.id), StepState::Pending))
            .collect();
        let mut undo = Vec::new();
        for (id, state) in acceptance.kept {
            let path = StepPath::top(&id);
            let step = acceptance.definition.step_at(&path);
            if let StepState::Completed { ended_ms, .. } = state
                && step.is_some_and(|step| !step.compensate.is_empty())
            {
                undo.push((ended_ms, path.clone()));
            }
            steps.insert(path, state);
        }
        // what completed last is undone first, whichever run it completed in
        undo.sort();
        let undo = undo.into_iter().map(|(_, path)| path).collect();
        let gate = match acceptance.definition.concurrency {
            Some(_) => Gate::Asking,
            None => Gate::Open,
        };
        Run {
            id: acceptance.id,
            revision: acceptance.revision,
            definition: acceptance.definition,
            actor: acceptance.actor,
            request_id: acceptance.request_id,
            accepted_ms: acceptance.accepted_ms,
            parent: acceptance.parent,
            priority: acceptance.priority,
            gate,
            phase: Phase::Queued,
            cancel: None,
            paused: None,
            time: Time::default(),
            vars: acceptance.vars,
            steps,
            holds: BTreeMap::new(),
            undo,
            undoing: None,
            seq: 0,
        }
    }

    /// Applies one event of this run's journal, written at `at_ms`.
    pub fn apply(&mut self, event: &Event, at_ms: u64) {
        self.seq += 1;
        if event.ends_step()
            && let Some(path) = event.path()
        {
            self.holds.remove(path);
        }
        match event {
            Event::Started => self.phase = Phase::Active { started_ms: at_ms },
            Event::Finishing => {
                self.phase = Phase::Finishing { started_ms: self.started_ms().unwrap_or(at_ms) };
            }
            Event::Ended { end } => {
                self.phase = Phase::Ended {
                    started_ms: self.started_ms(),
                    ended_ms: at_ms,
                    end: end.clone(),
                };
            }
            Event::CancelRequested { by } => {
                self.cancel = Some(Order { by: by.clone(), at_ms });
                // a run that is to end does not wait for somebody to let it
                self.paused = None;
            }
            Event::TimedOut => self.time.is_out = true,
            Event::PauseRequested { by } => {
                self.paused = Some(Order { by: by.clone(), at_ms });
            }
            Event::Resumed { .. } => self.paused = None,
            Event::StageEntered { stage, end } => self.enter(*stage, end, at_ms),
            Event::HandlersStopped { .. } => {
                if let Phase::Closing { stop, .. } = &mut self.phase {
                    *stop = true;
                }
            }
            Event::DoubtResolved { path, .. } => self.doubt_ends(path, at_ms),
            Event::StepCompleted { path, attempt, set, .. } => {
                self.vars.extend(set.iter().map(|(k, v)| (k.clone(), v.clone())));
                let since_ms = self.since(path, at_ms);
                self.turn_ends(path, TurnEnd::Completed);
                if self.can_be_undone(path) {
                    self.undo.push(path.clone());
                }
                self.put(
                    path,
                    StepState::Completed { attempt: *attempt, since_ms, ended_ms: at_ms },
                );
            }
            Event::StepReady { path } => self.put(path, StepState::Ready),
            Event::StepSkipped { path, reason } => {
                self.put(path, StepState::Skipped { reason: reason.clone(), ended_ms: at_ms });
            }
            Event::StepStarted { path, attempt, input } => {
                let since_ms = self.since(path, at_ms);
                let input = input.clone();
                self.put(path, StepState::Running { attempt: *attempt, since_ms, input });
            }
            Event::StepConfirmed { path, attempt, output } => {
                let since_ms = self.since(path, at_ms);
                let output = output.clone();
                self.put(path, StepState::Confirmed { attempt: *attempt, since_ms, output });
            }
            Event::StepWaiting { path, until_ms } => {
                self.put(path, StepState::Waiting { since_ms: at_ms, until_ms: *until_ms });
            }
            Event::StepRetrying { path, attempt, error, due_ms } => {
                let since_ms = self.since(path, at_ms);
                let state = StepState::Retrying {
                    attempt: *attempt,
                    since_ms,
                    due_ms: *due_ms,
                    error: error.clone(),
                    input: self.take_input(path),
                };
                self.put(path, state);
            }
            Event::StepInDoubt { path, attempt, reason } => {
                let since_ms = self.since(path, at_ms);
                let state = StepState::InDoubt {
                    attempt: *attempt,
                    since_ms,
                    doubted_ms: at_ms,
                    reason: reason.clone(),
                    input: self.take_input(path),
                };
                self.time.in_doubt_since_ms.get_or_insert(at_ms);
                // a person decides, however long that takes
                if let Some(hold) = self.holds.get_mut(path) {
                    hold.until_ms = None;
                }
                self.put(path, state);
            }
            Event::StepFailed { path, attempt, error, .. } => {
                let state = StepState::Failed {
                    attempt: *attempt,
                    since_ms: self.since(path, at_ms),
                    ended_ms: at_ms,
                    error: error.clone(),
                };
                self.turn_ends(path, TurnEnd::Failed(error));
                self.put(path, state);
            }
            Event::StepCancelled { path } => {
                self.turn_ends(path, TurnEnd::Cancelled);
                let attempt = self.steps.get(path).map_or(0, StepState::attempts);
                self.put(path, StepState::Cancelled { attempt, ended_ms: at_ms });
            }
            Event::ScopeOpened { path, case, deadline_ms } => {
                if let Some((of, _)) = path.as_turn()
                    && let Some(looping) = self.looping_mut(&of)
                {
                    looping.turn_begins();
                }
                let state = StepState::Open {
                    since_ms: at_ms,
                    case: *case,
                    deadline_ms: *deadline_ms,
                    timed_out: false,
                };
                self.put(path, state);
                self.begin_list(path.as_str());
            }
            Event::ScopeClosing { path } => {
                let since_ms = self.since(path, at_ms);
                self.put(path, StepState::Closing { since_ms });
            }
            Event::ScopeTimedOut { path } => match self.steps.get_mut(path) {
                Some(StepState::Open { timed_out, .. }) => *timed_out = true,
                Some(StepState::Looping(looping)) => looping.time_out(),
                _ => {}
            },
            Event::LoopOpened { path, items, turns, deadline_ms } => {
                let looping = Looping::begin(at_ms, items.clone(), *turns, *deadline_ms);
                self.put(path, StepState::Looping(Box::new(looping)));
            }
            Event::LoopAsking { path } => {
                if let Some(looping) = self.looping_mut(path) {
                    looping.ask();
                }
            }
            Event::LoopPausing { path, until_ms } => {
                if let Some(looping) = self.looping_mut(path) {
                    looping.pause(*until_ms);
                }
            }
            Event::LoopGathering { path } => {
                if let Some(looping) = self.looping_mut(path) {
                    looping.gather();
                }
            }
            Event::UndoOpened { path } => {
                self.undo.retain(|p| p != path);
                self.undoing = Some(path.clone());
                self.begin_list(&format!("{path}/@undo"));
            }
            Event::UndoEnded { .. } => self.undoing = None,
            Event::ClaimsAsked { path } => self.claims(path, at_ms, Vec::new(), None),
            Event::ClaimsBegun { path, wanted, until_ms } => {
                self.claims(path, at_ms, wanted.clone(), *until_ms);
            }
            Event::ClaimWaits { .. } => {}
            Event::ClaimGranted { path, .. } => {
                if let Some(StepState::Claiming(claiming)) = self.steps.get_mut(path) {
                    claiming.granted += 1;
                }
            }
            Event::ClaimsHeld { path, until_ms } => {
                let locks = match self.steps.get(path) {
                    Some(StepState::Claiming(claiming)) => {
                        claiming.wanted.iter().map(|(lock, _)| lock.clone()).collect()
                    }
                    _ => Vec::new(),
                };
                let hold = Hold {
                    locks,
                    since_ms: at_ms,
                    until_ms: *until_ms,
                    over: false,
                    broken: false,
                };
                self.holds.insert(path.clone(), hold);
                self.put(path, StepState::Ready);
            }
            Event::LeaseEnded { path } => {
                if let Some(hold) = self.holds.get_mut(path) {
                    hold.over = true;
                }
            }
            Event::StepCalled { path, attempt, run, input, deadline_ms, .. } => {
                let calling = Calling {
                    attempt: *attempt,
                    run: *run,
                    since_ms: self.since(path, at_ms),
                    deadline_ms: *deadline_ms,
                    timed_out: false,
                    stands: Stands::Works,
                    input: input.clone(),
                };
                self.put(path, StepState::Calling(Box::new(calling)));
            }
            Event::CallStands { path, stands } => {
                if let Some(StepState::Calling(calling)) = self.steps.get_mut(path) {
                    calling.stands = *stands;
                }
                match stands {
                    Stands::Doubts => _ = self.time.in_doubt_since_ms.get_or_insert(at_ms),
                    Stands::Works | Stands::Asks => self.doubt_ends(path, at_ms),
                }
            }
            Event::CallTimedOut { path } => {
                if let Some(StepState::Calling(calling)) = self.steps.get_mut(path) {
                    calling.timed_out = true;
                }
            }
            Event::StepAwaiting { path, until_ms } => {
                let awaiting = Awaiting {
                    since_ms: at_ms,
                    until_ms: *until_ms,
                    offered: Vec::new(),
                    failed: 0,
                };
                self.put(path, StepState::Awaiting(Box::new(awaiting)));
            }
            Event::EventOffered { path, event } => {
                if let Some(StepState::Awaiting(awaiting)) = self.steps.get_mut(path) {
                    awaiting.offered.push(*event);
                }
            }
            Event::EventDeclined { path, event, failed } => {
                if let Some(StepState::Awaiting(awaiting)) = self.steps.get_mut(path) {
                    awaiting.offered.retain(|offered| offered != event);
                    awaiting.failed = awaiting.failed.saturating_add(u32::from(*failed));
                }
            }
            Event::ApprovalAsked { path, request, until_ms } => {
                let asking = Asking {
                    since_ms: at_ms,
                    until_ms: *until_ms,
                    request: request.clone(),
                    votes: Vec::new(),
                };
                self.put(path, StepState::Asking(Box::new(asking)));
            }
            Event::ApprovalVoted { path, vote } => {
                if let Some(StepState::Asking(asking)) = self.steps.get_mut(path) {
                    asking.votes.push(vote.clone());
                }
            }
            Event::GateWaits { key, .. } => self.gate = Gate::Waiting { key: key.clone() },
            Event::GatePassed { key } => self.gate = Gate::Held { key: key.clone() },
            Event::TurnedAway { reason, .. } => {
                self.gate = Gate::TurnedAway { reason: reason.clone() };
            }
            Event::HoldBroken { path, lock, .. } => {
                if let Some(hold) = self.holds.get_mut(path) {
                    hold.locks.retain(|held| held != lock);
                    hold.broken = true;
                }
            }
            Event::PromiseBroken { promise } => _ = self.time.broken.insert(*promise),
        }
    }

    fn claims(
        &mut self,
        path: &StepPath,
        at_ms: u64,
        wanted: Vec<(Label, Tokens)>,
        until_ms: Option<u64>,
    ) {
        let since_ms = self.since(path, at_ms);
        let claiming = Claiming { since_ms, until_ms, wanted, granted: 0 };
        self.put(path, StepState::Claiming(Box::new(claiming)));
    }

    fn enter(&mut self, stage: Stage, end: &RunEnd, at_ms: u64) {
        let started_ms = self.started_ms().unwrap_or(at_ms);
        self.phase = Phase::Closing { started_ms, stage, end: end.clone(), stop: false };
        if let Some(list) = stage.list(end) {
            self.begin_list(list);
        }
    }

    /// Which case of a switch is under way; `None` when it is not a switch under way.
    pub(super) fn case_of(&self, path: &StepPath) -> Option<Option<u32>> {
        match self.steps.get(path)? {
            StepState::Open { case, .. } => Some(*case),
            _ => None,
        }
    }

    fn looping_mut(&mut self, path: &StepPath) -> Option<&mut Looping> {
        match self.steps.get_mut(path)? {
            StepState::Looping(looping) => Some(looping),
            _ => None,
        }
    }

    /// The loop counts its turns.
    fn turn_ends(&mut self, path: &StepPath, end: TurnEnd<'_>) {
        if let Some((of, index)) = path.as_turn()
            && let Some(looping) = self.looping_mut(&of)
        {
            looping.turn_ends(index, end);
        }
    }

    fn can_be_undone(&self, path: &StepPath) -> bool {
        path.as_turn().is_none()
            && !path.as_str().contains('@')
            && self.definition_of(path).is_some_and(|step| !step.compensate.is_empty())
    }

    fn doubt_ends(&mut self, path: &StepPath, at_ms: u64) {
        let others = |(p, s): (&StepPath, &StepState)| p != path && s.is_doubtful();
        if !self.steps.iter().any(others)
            && let Some(since_ms) = self.time.in_doubt_since_ms.take()
        {
            self.time.doubted_ms += at_ms.saturating_sub(since_ms);
        }
    }

    fn put(&mut self, path: &StepPath, state: StepState) {
        self.steps.insert(path.clone(), state);
    }

    /// When the step's first attempt (or its wait) began.
    fn since(&self, path: &StepPath, otherwise: u64) -> u64 {
        match self.steps.get(path) {
            Some(
                StepState::Running { since_ms, .. }
                | StepState::Waiting { since_ms, .. }
                | StepState::Retrying { since_ms, .. }
                | StepState::Confirmed { since_ms, .. }
                | StepState::InDoubt { since_ms, .. }
                | StepState::Open { since_ms, .. }
                | StepState::Closing { since_ms },
            ) => *since_ms,
            Some(StepState::Looping(looping)) => looping.since_ms,
            Some(StepState::Calling(calling)) => calling.since_ms,
            Some(StepState::Awaiting(awaiting)) => awaiting.since_ms,
            Some(StepState::Asking(asking)) => asking.since_ms,
            Some(StepState::Claiming(claiming)) => claiming.since_ms,
            _ => otherwise,
        }
    }

    fn take_input(&mut self, path: &StepPath) -> Value {
        match self.steps.get_mut(path) {
            Some(
                StepState::Running { input, .. }
                | StepState::Retrying { input, .. }
                | StepState::InDoubt { input, .. },
            ) => std::mem::take(input),
            Some(StepState::Calling(calling)) => std::mem::take(&mut calling.input),
            _ => Value::Map(Map::new()),
        }
    }
}
