//! Who has called whom, and whether callers hear what becomes of it.

use std::collections::BTreeMap;

use super::witness::Witness;
use crate::name::{RunId, StepPath};
use crate::outcome::TaskError;
use crate::run::{Event, Phase, Run, RunEnd, StepState};
use crate::value::Value;
use crate::workflow::Action;

/// Whether a run has ended, or is to.
pub(super) fn is_going(run: &Run) -> bool {
    let closing = matches!(run.phase, Phase::Closing { .. } | Phase::Ended { .. });
    closing || run.cancel.is_some()
}

impl Witness {
    pub(super) fn call_event(&mut self, run: RunId, event: &Event) {
        if let Event::Ended { end } = event
            && let Some(parent) = self.known[&run].parent.clone()
        {
            let told = (run, end.clone());
            let fresh = self.owed.insert((parent.run, parent.path), told).is_none();
            assert!(fresh, "it ended twice");
        }
        let Some(path) = event.path() else { return };
        let at = (run, path.clone());
        match event {
            Event::StepCalled { run: child, .. } => {
                let step = self.known[&run].definition.step_at(path).expect("defined");
                let Action::Call(call) = &step.action else { panic!("{path} calls nobody") };
                if !call.detached {
                    let fresh = self.calling.insert(at, *child).is_none();
                    assert!(fresh, "{path} has called two");
                }
            }
            Event::CallStands { .. } => self.saw("call: stands otherwise"),
            Event::CallTimedOut { .. } | Event::LeaseEnded { .. } => {}
            _ => {
                let Some(child) = self.calling.remove(&at) else { return };
                let heard = self.owed.remove(&at);
                let (from, end) = heard.unwrap_or_else(|| panic!("{path} went on too early"));
                assert_eq!(from, child);
                self.hears(path, &end, event);
            }
        }
    }

    /// The step becomes what the run that it has called has become.
    fn hears(&mut self, path: &StepPath, end: &RunEnd, event: &Event) {
        let own = |error: &TaskError| ["RPA0402", "RPA0430"].contains(&error.code.as_str());
        let agrees = match (end, event) {
            (
                RunEnd::Completed { outputs },
                Event::StepConfirmed { output, .. } | Event::StepCompleted { output, .. },
            ) => {
                self.saw("call: completed");
                *output == Value::Map(outputs.clone())
            }
            (
                RunEnd::Failed { error: cause, .. },
                Event::StepFailed { error, .. } | Event::StepRetrying { error, .. },
            ) => {
                self.saw("call: failed");
                error.code == cause.code && error.class == cause.class || own(error)
            }
            (
                RunEnd::Cancelled,
                Event::StepFailed { error, .. } | Event::StepRetrying { error, .. },
            ) => {
                self.saw(match own(error) {
                    true => "call: failed by time",
                    false => "call: failed, its run was cancelled",
                });
                error.code == "RPA0425" || own(error)
            }
            (RunEnd::Cancelled, Event::StepCancelled { .. }) => {
                self.saw("call: cancelled");
                true
            }
            _ => false,
        };
        assert!(agrees, "{path}: its run came to {end:?}, and it to {event:?}");
        if let Event::StepRetrying { .. } = event {
            self.saw("call: called again");
        }
    }

    /// Callers and called are both there, or neither is.
    pub(super) fn calls_agree(&self, runs: &BTreeMap<RunId, Run>) {
        assert!(self.owed.is_empty(), "nobody was told: {:?}", self.owed);
        for ((caller, path), child) in &self.calling {
            let run = &runs[caller];
            let Some(StepState::Calling(calling)) = run.steps.get(path) else {
                panic!("{path} has called {child:?} and goes on")
            };
            assert_eq!(calling.run, *child);
            assert!(self.known[child].end.is_none(), "{path} waits for a run that has ended");
            let inner = path.as_str().contains('@');
            let ordered = match (&run.phase, inner) {
                (Phase::Closing { stop, .. }, true) => *stop,
                _ => run.cancel.is_some() || run.time.is_out,
            };
            let is_to_end = ordered || calling.timed_out;
            assert!(!is_to_end || is_going(&runs[child]), "{path} is to end, its run is not");
        }
        for id in &self.open {
            if let Some(parent) = &self.known[id].parent {
                let called = self.calling.get(&(parent.run, parent.path.clone()));
                assert_eq!(called, Some(id), "a run whose caller has forgotten it");
            }
        }
    }

    /// Runs that it has called pause with it.
    pub(super) fn pause_reaches(&mut self, run: &Run, runs: &BTreeMap<RunId, Run>) {
        if run.paused.is_none() {
            return;
        }
        for state in run.steps.values() {
            if let StepState::Calling(calling) = state {
                assert!(runs[&calling.run].paused.is_some(), "it goes on in a pause");
                self.saw("call: paused");
            }
        }
    }
}
