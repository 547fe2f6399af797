//! Folding events into the state: the only place where a run's state changes.

use std::sync::Arc;

use super::event::Event;
use super::state::{CancelRequest, Phase, Run, StepState};
use crate::actor::Actor;
use crate::name::{RunId, StepPath};
use crate::value::{Map, Value};
use crate::workflow::Workflow;

/// What a run is begun with.
#[derive(Clone, Debug, PartialEq)]
pub struct Acceptance {
    pub id: RunId,
    pub revision: u32,
    pub definition: Arc<Workflow>,
    pub actor: Actor,
    pub request_id: String,
    pub accepted_ms: u64,
    pub vars: std::collections::BTreeMap<crate::name::Ident, Value>,
}

impl Run {
    /// A run as it is at the moment of its acceptance: queued, all steps pending.
    pub fn accept(acceptance: Acceptance) -> Run {
        let steps = acceptance
            .definition
            .steps
            .iter()
            .map(|s| (StepPath::top(&s.id), StepState::Pending))
            .collect();
        Run {
            id: acceptance.id,
            revision: acceptance.revision,
            definition: acceptance.definition,
            actor: acceptance.actor,
            request_id: acceptance.request_id,
            accepted_ms: acceptance.accepted_ms,
            phase: Phase::Queued,
            cancel: None,
            vars: acceptance.vars,
            steps,
            seq: 0,
        }
    }

    /// Applies one event of this run's journal, written at `at_ms`.
    pub fn apply(&mut self, event: &Event, at_ms: u64) {
        self.seq += 1;
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
                self.cancel = Some(CancelRequest { by: by.clone(), at_ms });
            }
            Event::DoubtResolved { .. } => {}
            Event::StepCompleted { path, attempt, set, .. } => {
                self.vars.extend(set.iter().map(|(k, v)| (k.clone(), v.clone())));
                let since_ms = self.since(path, at_ms);
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
                self.put(path, state);
            }
            Event::StepFailed { path, attempt, error, .. } => {
                let state = StepState::Failed {
                    attempt: *attempt,
                    since_ms: self.since(path, at_ms),
                    ended_ms: at_ms,
                    error: error.clone(),
                };
                self.put(path, state);
            }
            Event::StepCancelled { path } => {
                let attempt = self.steps.get(path).map_or(0, StepState::attempts);
                self.put(path, StepState::Cancelled { attempt, ended_ms: at_ms });
            }
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
                | StepState::InDoubt { since_ms, .. },
            ) => *since_ms,
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
            _ => Value::Map(Map::new()),
        }
    }
}
