//! Halting: what is to end, and ending it.
//!
//! | this is halted | when |
//! |---|---|
//! | all steps of the run | it is cancelled, or its time is out |
//! | what is in the body of a step | the time of that step is out |
//! | a step with all that is in it | its lease has ended, see `claims.rs` |
//! | handlers, and what undoes steps | they are cancelled themselves, by a further cancel |
//!
//! | what is halted and | becomes |
//! |---|---|
//! | pending, claiming, ready, waiting, awaiting, asking, retrying | cancelled; failed by its own lease |
//! | running | stays so; its attempt is asked to stop |
//! | calling | stays so; the run that it has called is cancelled, once |
//! | confirmed, closing, gathering | stays so: what has come back is kept |
//! | in doubt | stays so, and cannot be run again |
//! | open, looping | when nothing is open in it: failed by its own time-out, or cancelled |

use super::event::Event;
use super::scope::scopes_around;
use super::state::{Phase, StepState};
use super::turn::Turn;
use super::verdict::human;
use crate::name::StepPath;
use crate::outcome::{ErrorClass, TaskError};
use crate::value::Value;

impl Turn<'_> {
    /// A step with a body that was ended from outside, or by its own time.
    pub(super) fn end_halted(&mut self, path: &StepPath, timed_out: bool, timeout_ms: Option<u64>) {
        match timed_out {
            true => {
                let after = human(timeout_ms.unwrap_or_default());
                let error = TaskError {
                    class: ErrorClass::Timeout,
                    code: "RPA0402".into(),
                    message: format!("timed out after {after}"),
                };
                self.fail(path, 0, error, Value::Null);
            }
            false => self.cancel_step(path),
        }
    }

    /// Whether what is at `path` is to end: the run, or a step around it.
    pub(super) fn is_halted(&self, path: &StepPath) -> bool {
        self.lease_is_over(path.as_str())
            || scopes_around(path).any(|scope| self.halts(scope))
            || self.halts_all(path.as_str())
    }

    /// As [`Turn::is_halted`], for a step with a body: its own time counts as well.
    pub(super) fn is_halted_at(&self, path: &str) -> bool {
        self.halts(path) || path.parse().is_ok_and(|path| self.is_halted(&path))
    }

    fn lease_is_over(&self, path: &str) -> bool {
        !self.run.holds.is_empty() && self.run.holds.get(path).is_some_and(|hold| hold.over)
    }

    /// As [`Turn::is_halted`], and why: how many orders and time-outs reach the step.
    pub(super) fn reasons_to_end(&self, path: &StepPath) -> usize {
        let of_run = match (&self.run.phase, path.as_str().contains('@')) {
            (Phase::Closing { stop, .. }, true) => usize::from(*stop),
            _ => usize::from(self.run.cancel.is_some()) + usize::from(self.run.time.is_out),
        };
        let own = match self.run.steps.get(path) {
            Some(StepState::Calling(calling)) => usize::from(calling.timed_out),
            _ => 0,
        };
        let leases = usize::from(self.lease_is_over(path.as_str()))
            + scopes_around(path).filter(|scope| self.lease_ends(scope)).count();
        let times = scopes_around(path).filter(|scope| self.time_ends(scope)).count();
        of_run + own + leases + times
    }

    fn halts(&self, scope: &str) -> bool {
        self.lease_ends(scope) || self.time_ends(scope)
    }

    fn lease_ends(&self, scope: &str) -> bool {
        self.lease_is_over(scope) || loop_of(scope).is_some_and(|of| self.lease_is_over(of))
    }

    fn time_ends(&self, scope: &str) -> bool {
        let out = |path: &str| match self.run.steps.get(path) {
            Some(StepState::Open { timed_out, .. }) => *timed_out,
            Some(StepState::Looping(looping)) => looping.timed_out,
            _ => false,
        };
        out(scope) || loop_of(scope).is_some_and(out)
    }

    /// Whether the run as a whole is being ended; handlers and what undoes steps are
    /// exempt until they are cancelled themselves.
    fn halts_all(&self, path: &str) -> bool {
        match (&self.run.phase, path.contains('@')) {
            (Phase::Closing { stop, .. }, true) => *stop,
            _ => self.run.cancel.is_some() || self.run.time.is_out,
        }
    }

    /// Ends what is under way below `outer`, or everything with "".
    pub(super) fn halt(&mut self, outer: &str) {
        let steps: Vec<(StepPath, StepState)> = self
            .run
            .steps
            .iter()
            .filter(|(path, _)| outer.is_empty() || path.is_below(outer))
            .map(|(path, state)| (path.clone(), state.clone()))
            .collect();
        for (path, state) in steps {
            if self.is_halted(&path) {
                self.halt_one(path, &state);
            }
        }
    }

    /// Ends the step at `path`, and what is under way in it.
    pub(super) fn halt_step(&mut self, path: &StepPath) {
        if let Some(state) = self.run.steps.get(path).cloned() {
            self.halt_one(path.clone(), &state);
        }
        self.halt(path.as_str());
    }

    fn halt_one(&mut self, path: StepPath, state: &StepState) {
        match state {
            StepState::Ready
            | StepState::Waiting { .. }
            | StepState::Retrying { .. }
            | StepState::Claiming(_)
            | StepState::Awaiting(_)
            | StepState::Asking(_) => self.cancel_step(&path),
            StepState::Running { attempt, .. } => self.stop(path, *attempt),
            // a second cancel would end the handlers of that run too
            StepState::Calling(_) if self.reasons_to_end(&path) > 1 => {}
            StepState::Calling(_) => self.cancel_call(&path),
            StepState::Open { .. } => self.look_at_list(path.as_str()),
            StepState::Looping(_) => self.look_at_loop(path),
            // pending ones are cancelled as the run advances
            StepState::Pending => self.look_at_list(path.scope()),
            // a result that came back is kept, and a doubt stays a doubt
            StepState::Confirmed { .. }
            | StepState::Closing { .. }
            | StepState::InDoubt { .. }
            | StepState::Completed { .. }
            | StepState::Failed { .. }
            | StepState::Skipped { .. }
            | StepState::Cancelled { .. } => {}
        }
    }

    /// The step ends unfinished: cancelled, unless it was its own lease that ended it.
    pub(super) fn cancel_step(&mut self, path: &StepPath) {
        self.tell_failures(path);
        match self.lease_error(path) {
            Some(error) => {
                let attempt = self.run.steps.get(path).map_or(0, StepState::attempts);
                self.fail(path, attempt, error, Value::Null);
            }
            None => self.emit(Event::StepCancelled { path: path.clone() }),
        }
    }
}

/// The loop of which `scope` is a turn.
fn loop_of(scope: &str) -> Option<&str> {
    let (of, _) = scope.strip_suffix(']')?.rsplit_once('[')?;
    Some(of)
}
