//! What comes from outside the run's own course: time, cancel, pause, a new start of
//! the daemon.

use super::effect::Purpose;
use super::event::Event;
use super::input::Refusal;
use super::message::ChildOrder;
use super::state::{Phase, RunEnd, Stage, StepState};
use super::turn::Turn;
use super::verdict::human;
use crate::actor::Actor;
use crate::name::StepPath;
use crate::value::{Map, Value};

impl Turn<'_> {
    /// Everything that is due by then goes on; deadlines first, as nothing is begun that
    /// they end.
    pub(super) fn wake(&mut self, up_to_ms: u64) {
        self.keep_promises(up_to_ms);
        if self.run.deadline_ms().is_some_and(|deadline| deadline <= up_to_ms) {
            let after = human(self.run.definition.timeout_ms.unwrap_or_default());
            self.remark_on_run(format!("the run has timed out after {after}; what runs is ended"));
            self.emit(Event::TimedOut);
            self.halt("");
            self.look_at_all();
        }
        self.time_out_bodies(up_to_ms);
        self.end_leases(up_to_ms);
        let due = |at: u64| at <= up_to_ms;
        let due: Vec<(StepPath, StepState)> = self
            .run
            .steps
            .iter()
            .filter(|(_, s)| match s {
                StepState::Waiting { until_ms, .. } => *until_ms <= up_to_ms,
                StepState::Retrying { due_ms, .. } => *due_ms <= up_to_ms,
                StepState::Looping(l) => l.pause_ends_ms().is_some_and(|at| at <= up_to_ms),
                StepState::Claiming(claiming) => claiming.until_ms.is_some_and(due),
                StepState::Awaiting(awaiting) => awaiting.until_ms.is_some_and(due),
                StepState::Asking(asking) => asking.until_ms.is_some_and(due),
                StepState::Calling(calling) => {
                    !calling.timed_out && calling.deadline_ms.is_some_and(due)
                }
                _ => false,
            })
            .map(|(path, state)| (path.clone(), state.clone()))
            .collect();
        for (path, state) in due {
            match state {
                StepState::Waiting { .. } => self.complete(&path, 1, Value::Map(Map::new())),
                StepState::Retrying { attempt, input, .. } => self.begin(&path, attempt + 1, input),
                StepState::Looping(_) => self.pause_over(&path),
                StepState::Claiming(_) => self.claimed_too_long(&path),
                StepState::Awaiting(_) => self.awaited_too_long(&path),
                StepState::Asking(_) => self.asked_too_long(&path),
                StepState::Calling(_) => self.call_timed_out(&path),
                _ => {}
            }
        }
    }

    fn time_out_bodies(&mut self, up_to_ms: u64) {
        let out = |state: &StepState| match state {
            StepState::Open { deadline_ms: Some(at), timed_out: false, .. } => *at <= up_to_ms,
            StepState::Looping(l) => l.open_deadline_ms().is_some_and(|at| at <= up_to_ms),
            _ => false,
        };
        let over: Vec<StepPath> =
            self.run.steps.iter().filter(|(_, s)| out(s)).map(|(p, _)| p.clone()).collect();
        for path in over {
            self.emit(Event::ScopeTimedOut { path: path.clone() });
            self.halt(path.as_str());
            match self.run.steps.get(&path) {
                Some(StepState::Looping(_)) => self.look_at_loop(path),
                _ => self.look_at_list(path.as_str()),
            }
        }
    }

    /// The steps of the run are ended, then its handlers run; a cancel that finds them
    /// under way, or steps being undone, ends these too. It lifts a pause.
    pub(super) fn cancel(&mut self, by: Actor) -> Result<(), Refusal> {
        if matches!(self.run.phase, Phase::Ended { .. }) {
            return Err(Refusal::RunEnded);
        }
        if let Phase::Closing { stop, stage, .. } = self.run.phase {
            if !stop {
                let what = match stage {
                    Stage::Undo => "nothing more is undone, and no handler runs",
                    Stage::Handle | Stage::Finally => "its handlers are ended",
                };
                self.remark_on_run(format!("cancel requested by {by}: {what}"));
                self.emit(Event::HandlersStopped { by });
                self.halt("");
                self.look_at_all();
            }
            return Ok(());
        }
        if self.run.cancel.is_some() {
            return Ok(());
        }
        self.remark_on_run(format!("cancel requested by {by}"));
        self.emit(Event::CancelRequested { by });
        match self.run.phase {
            // nothing has been done, so there is nobody to tell
            Phase::Queued => self.emit(Event::Ended { end: RunEnd::Cancelled }),
            Phase::Finishing { .. } => self.close(RunEnd::Cancelled),
            Phase::Active { .. } => {
                self.halt("");
                self.look_at_all();
            }
            Phase::Closing { .. } | Phase::Ended { .. } => {}
        }
        Ok(())
    }

    /// What runs goes on, waits and time-outs go on, and nothing new begins: no step, no
    /// turn of a loop, no further try, no handler.
    pub(super) fn pause(&mut self, by: Actor) -> Result<(), Refusal> {
        if matches!(self.run.phase, Phase::Ended { .. }) {
            return Err(Refusal::RunEnded);
        }
        if self.run.paused.is_some() {
            return Err(Refusal::Paused);
        }
        self.remark_on_run(format!("paused by {by}: what runs goes on, nothing new begins"));
        self.emit(Event::PauseRequested { by: by.clone() });
        self.order_all(&ChildOrder::Pause { by });
        Ok(())
    }

    pub(super) fn resume(&mut self, by: Actor) -> Result<(), Refusal> {
        if matches!(self.run.phase, Phase::Ended { .. }) {
            return Err(Refusal::RunEnded);
        }
        if self.run.paused.is_none() {
            return Err(Refusal::NotPaused);
        }
        self.remark_on_run(format!("resumed by {by}"));
        self.emit(Event::Resumed { by: by.clone() });
        self.order_all(&ChildOrder::Resume { by });
        self.wake(self.cx.now_ms);
        self.go_on();
        Ok(())
    }

    pub(super) fn recover(&mut self) {
        // the request to stop may have been lost with what was lost
        for (path, state) in self.states() {
            if let StepState::Running { attempt, .. } = state
                && self.is_halted(&path)
            {
                self.stop(path, attempt);
            }
        }
        let before = self.states();
        self.wake(self.cx.now_ms);
        // what has come about just now is being evaluated already
        let stayed =
            |(path, state): &(StepPath, StepState)| self.run.steps.get(path) == Some(state);
        let stayed: Vec<_> = before.into_iter().filter(stayed).collect();
        for (path, state) in stayed {
            match state {
                StepState::Confirmed { attempt, output, .. } => {
                    self.evaluate(Purpose::StepOutputs { path, attempt, output });
                }
                StepState::Closing { .. } => self.evaluate(Purpose::BodyOutputs { path }),
                StepState::Looping(_) => self.gather_again(&path),
                StepState::Claiming(claiming) if claiming.wanted.is_empty() => {
                    self.ask_for_claims(&path);
                }
                StepState::Awaiting(_) => self.ask_of_offers(&path),
                StepState::Pending
                | StepState::Ready
                | StepState::Running { .. }
                | StepState::Claiming(_)
                | StepState::Calling(_)
                | StepState::Asking(_)
                | StepState::Waiting { .. }
                | StepState::Retrying { .. }
                | StepState::Open { .. }
                | StepState::InDoubt { .. }
                | StepState::Completed { .. }
                | StepState::Failed { .. }
                | StepState::Skipped { .. }
                | StepState::Cancelled { .. } => {}
            }
        }
        if matches!(self.run.phase, Phase::Finishing { .. }) {
            self.evaluate(Purpose::RunOutputs);
        }
        self.offer();
        self.go_on();
    }

    /// After a time in which nothing was begun: what is ready, or the condition of a
    /// loop, is asked again, and everything is looked at.
    fn go_on(&mut self) {
        for (path, state) in self.states() {
            match state {
                StepState::Ready => self.ask(&path),
                StepState::Looping(_) => self.ask_for_condition(&path),
                StepState::Claiming(_)
                | StepState::Calling(_)
                | StepState::Awaiting(_)
                | StepState::Asking(_)
                | StepState::Pending
                | StepState::Running { .. }
                | StepState::Waiting { .. }
                | StepState::Retrying { .. }
                | StepState::Confirmed { .. }
                | StepState::InDoubt { .. }
                | StepState::Open { .. }
                | StepState::Closing { .. }
                | StepState::Completed { .. }
                | StepState::Failed { .. }
                | StepState::Skipped { .. }
                | StepState::Cancelled { .. } => {}
            }
        }
        self.look_at_all();
    }

    fn states(&self) -> Vec<(StepPath, StepState)> {
        self.run.steps.iter().map(|(path, state)| (path.clone(), state.clone())).collect()
    }
}
