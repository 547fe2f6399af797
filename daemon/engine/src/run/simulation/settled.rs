//! What holds after every commit: effects fit the state, nothing is forgotten.

use std::collections::BTreeMap;

use super::witness::Witness;
use crate::name::StepPath;
use crate::run::{Cx, Decision, Effect, Event, Input, LoopStage, Phase, Purpose, StepState};

/// What has to be evaluated for a step in this state.
fn evaluated(state: &StepState) -> bool {
    match state {
        StepState::Ready | StepState::Confirmed { .. } | StepState::Closing { .. } => true,
        StepState::Looping(looping) => {
            matches!(looping.stage, LoopStage::Asking | LoopStage::Gathering)
        }
        StepState::Claiming(claiming) => claiming.wanted.is_empty(),
        _ => false,
    }
}

/// The step that an evaluation is for.
fn asks(purpose: &Purpose) -> Option<&StepPath> {
    match purpose {
        Purpose::Ask { path, .. }
        | Purpose::StepOutputs { path, .. }
        | Purpose::Again { path, .. }
        | Purpose::BodyOutputs { path }
        | Purpose::Claims { path, .. }
        | Purpose::Fits { path, .. }
        | Purpose::Gather { path, .. } => Some(path),
        Purpose::RunOutputs | Purpose::Key => None,
    }
}

/// Of turns that begin together the earlier comes first in the world as well.
fn turns_in_order(decision: &Decision) {
    let mut turns: Vec<(StepPath, u32, StepPath)> = Vec::new();
    let mut last: BTreeMap<StepPath, u32> = BTreeMap::new();
    for event in &decision.events {
        let Some(path) = event.path() else { continue };
        let inside = |(_, _, turn): &(StepPath, u32, StepPath)| path.is_below(turn.as_str());
        while let Some(at) = turns.iter().position(inside) {
            let (of, index, _) = turns.remove(at);
            let before = last.insert(of, index);
            assert!(before.is_none_or(|before| before < index), "{path} overtook another turn");
        }
        if let (Event::ScopeOpened { .. }, Some((of, index))) = (event, path.as_turn()) {
            turns.push((of, index, path.clone()));
        }
    }
}

impl Witness {
    /// Effects are what the state says is under way, no more and no less.
    pub(super) fn effects(&mut self, cx: Cx, input: &Input, decision: &Decision) {
        let begun: Vec<_> = decision
            .events
            .iter()
            .filter_map(|e| match e {
                Event::StepStarted { path, attempt, input } => Some((path, *attempt, input)),
                _ => None,
            })
            .collect();
        let started: Vec<_> = decision
            .effects
            .iter()
            .filter_map(|e| match e {
                Effect::Start(a) => Some((&a.id.path, a.id.number, &a.input)),
                _ => None,
            })
            .collect();
        assert_eq!(begun, started, "left: committed as begun, right: handed to the runner");
        turns_in_order(decision);
        self.evaluations(cx, input, decision);
        self.stops(input, decision);
    }

    fn evaluations(&self, cx: Cx, input: &Input, decision: &Decision) {
        let purposes: Vec<&Purpose> = decision
            .effects
            .iter()
            .filter_map(|e| match e {
                Effect::Evaluate(job) => Some(&job.purpose),
                _ => None,
            })
            .collect();
        for purpose in &purposes {
            match purpose {
                Purpose::Ask { path, failed } | Purpose::Claims { path, failed } => {
                    assert_eq!(*failed, self.failed_before(path), "what failed() says to {path}");
                }
                Purpose::Gather { path, turns } => assert_eq!(*turns, self.turns(path).begun),
                Purpose::StepOutputs { .. }
                | Purpose::Again { .. }
                | Purpose::BodyOutputs { .. }
                | Purpose::Fits { .. }
                | Purpose::Key
                | Purpose::RunOutputs => {}
            }
        }
        for (path, state) in &self.run.steps {
            let asked = purposes.iter().filter(|p| asks(p) == Some(path)).count();
            if let StepState::Awaiting(awaiting) = state {
                let offered = decision
                    .events
                    .iter()
                    .filter(|e| matches!(e, Event::EventOffered { path: p, .. } if p == path));
                let due = match input {
                    Input::Recover => awaiting.offered.len(),
                    _ => offered.count(),
                };
                assert_eq!(asked, due, "whether events fit {path}");
                continue;
            }
            let changed = decision.events.iter().any(|e| match e {
                Event::ClaimsHeld { path: p, .. } => {
                    p == path && !cx.hold && self.run.paused.is_none()
                }
                Event::StepReady { path: p }
                | Event::ClaimsAsked { path: p }
                | Event::StepConfirmed { path: p, .. }
                | Event::ScopeClosing { path: p }
                | Event::LoopAsking { path: p }
                | Event::LoopGathering { path: p } => p == path,
                _ => false,
            });
            let again = match input {
                Input::Recover => true,
                Input::Resume { .. } => match state {
                    StepState::Looping(looping) => looping.stage == LoopStage::Asking,
                    other => matches!(other, StepState::Ready),
                },
                _ => false,
            };
            let due = evaluated(state) && (changed || again);
            assert_eq!(asked, usize::from(due), "evaluation of {path}");
        }
        let finishing = matches!(self.run.phase, Phase::Finishing { .. });
        let now = decision.events.iter().any(|e| matches!(e, Event::Finishing));
        let key = purposes.iter().filter(|p| matches!(p, Purpose::Key)).count();
        let has_key = self.run.definition.concurrency.as_ref().is_some_and(|c| c.key.is_some());
        let at_gate = self.run.is_at_the_gate() && has_key;
        let asks_gate = at_gate && matches!(input, Input::Offer | Input::Recover);
        assert_eq!(key, usize::from(asks_gate), "evaluation of the key");
        let of_run = purposes.iter().filter(|p| matches!(p, Purpose::RunOutputs)).count();
        let due = finishing && (now || matches!(input, Input::Recover));
        assert_eq!(of_run, usize::from(due), "evaluation of the run's outputs");
    }

    fn stops(&mut self, input: &Input, decision: &Decision) {
        let recovering = matches!(input, Input::Recover);
        let mut again = false;
        for (path, state) in &self.run.steps {
            let stopped = decision
                .effects
                .iter()
                .any(|e| matches!(e, Effect::Stop { attempt, .. } if attempt.path == *path));
            let halted_now = decision.events.iter().any(|e| match e {
                Event::CancelRequested { .. } | Event::TimedOut | Event::HandlersStopped { .. } => {
                    true
                }
                Event::ScopeTimedOut { path: outer } => path.is_below(outer.as_str()),
                Event::LeaseEnded { path: outer } => path == outer || path.is_below(outer.as_str()),
                _ => false,
            });
            let running = matches!(state, StepState::Running { .. });
            let due = running && self.halted(path) && (halted_now || recovering);
            assert_eq!(stopped, due, "stop of {path}");
            again |= stopped && recovering;
        }
        if again {
            self.saw("driver: stop asked for again");
        }
    }

    /// What holds after every commit.
    pub(super) fn settled(&mut self, cx: Cx) {
        match &self.run.phase {
            Phase::Queued | Phase::Ended { started_ms: None, .. } => {
                assert!(self.run.steps.values().all(|s| *s == StepState::Pending));
            }
            Phase::Active { .. } => self.under_way(cx),
            Phase::Closing { .. } => {
                let main = |path: &StepPath| !path.as_str().contains('@');
                assert!(self.run.steps.iter().all(|(p, s)| !main(p) || s.ended()));
                self.under_way(cx);
            }
            Phase::Finishing { .. } | Phase::Ended { .. } => {
                assert!(self.run.steps.values().all(StepState::ended));
                assert!(self.run.holds.is_empty() && self.asked_for.is_empty());
                let promised = self.run.definition.sla.is_some();
                assert!(promised || self.run.next_wake().is_none());
            }
        }
        self.only_what_is_needed();
        self.not_stuck(cx);
    }

    /// Each step stands where it must, given all others.
    fn under_way(&self, cx: Cx) {
        let held = cx.hold || self.run.paused.is_some();
        for (path, state) in &self.run.steps {
            match state {
                StepState::Pending => {
                    assert!(!self.halted(path), "{path} is to end, and pending");
                    let definition = self.run.definition.clone();
                    let list = self.list(&definition, path.scope());
                    let may = self.needs_met(path.scope(), list, self.step(path));
                    assert!(may.is_none() || (held && may == Some(true)), "{path} was forgotten");
                }
                StepState::Ready
                | StepState::Waiting { .. }
                | StepState::Claiming(_)
                | StepState::Awaiting(_)
                | StepState::Asking(_)
                | StepState::Retrying { .. } => {
                    assert!(!self.halted(path), "{path} is to end, and {state:?}");
                }
                StepState::Open { .. } => {
                    assert_eq!(self.comes_to(path.as_str()), None, "the body of {path} has ended");
                }
                StepState::Looping(looping) => {
                    let turns = self.turns(path);
                    assert_eq!((turns.begun, turns.open), (looping.next, looping.open), "{path}");
                    let stays = turns.open > 0 || looping.stage == LoopStage::Gathering;
                    assert!(stays || !self.halted_at(path), "{path} is to end");
                    if looping.stage == LoopStage::Turning && !held && turns.open == 0 {
                        panic!("{path} does not go round");
                    }
                }
                StepState::Calling(_)
                | StepState::Running { .. }
                | StepState::Confirmed { .. }
                | StepState::InDoubt { .. }
                | StepState::Closing { .. }
                | StepState::Completed { .. }
                | StepState::Failed { .. }
                | StepState::Skipped { .. }
                | StepState::Cancelled { .. } => {}
            }
        }
    }

    /// Lists under way are in memory, and no others.
    fn only_what_is_needed(&self) {
        for (path, state) in &self.ever {
            assert!(state.ended() || self.run.steps.contains_key(path), "{path} was forgotten");
            if let StepState::Open { .. } = state {
                let definition = self.run.definition.clone();
                for step in self.list(&definition, path.as_str()) {
                    let inner = StepPath::within(path.as_str(), &step.id);
                    assert!(self.run.steps.contains_key(&inner), "{inner} was forgotten");
                }
            }
        }
        for path in self.run.steps.keys() {
            let scope = path.scope();
            let under_way = scope.is_empty()
                || scope.starts_with('@') && !scope.contains('/')
                || self.undoing.as_ref().is_some_and(|undone| scope == format!("{undone}/@undo"))
                || matches!(
                    self.run.steps.get(scope),
                    Some(StepState::Open { .. } | StepState::Closing { .. })
                );
            assert!(under_way, "{path} is still in memory");
            if path.as_turn().is_some() {
                assert!(!self.run.steps[path].ended(), "{path} is still in memory");
            }
        }
    }

    /// Somebody or something will move the run on.
    fn not_stuck(&self, cx: Cx) {
        let run = &self.run;
        let expected = run.status().ended()
            || cx.hold
            || run.paused.is_some()
            || run.next_wake().is_some()
            || matches!(run.phase, Phase::Queued | Phase::Finishing { .. })
            || run.steps.values().any(|state| {
                let waits_for_others = matches!(
                    state,
                    StepState::Running { .. }
                        | StepState::InDoubt { .. }
                        | StepState::Claiming(_)
                        | StepState::Calling(_)
                        | StepState::Awaiting(_)
                        | StepState::Asking(_)
                );
                evaluated(state) || waits_for_others
            });
        assert!(expected, "nothing will ever move this run: {run:#?}");
    }
}
