//! Which event may come when: the legality table, told by the witness.

use super::witness::{Fate, Witness, Work};
use crate::name::StepPath;
use crate::run::{Cx, Event, Phase, RunEnd, SkipReason, StepState};
use crate::value::Value;
use crate::workflow::{Action, Step, Wait};

impl Witness {
    /// One event of the journal: was it due?
    pub(super) fn event(&mut self, cx: Cx, event: &Event) {
        if let Some(path) = event.path() {
            assert!(!self.run.steps[path].ended(), "{path} had ended when {event:?} came");
            self.step_event(cx, path, event);
        } else {
            self.run_event(event);
        }
        self.run.apply(event, cx.now_ms);
    }

    fn run_event(&mut self, event: &Event) {
        match event {
            Event::Started => {
                assert_eq!(self.run.phase, Phase::Queued);
                self.saw("event: started");
            }
            Event::CancelRequested { .. } => {
                assert!(self.run.cancel.is_none(), "cancelled twice");
                self.saw("event: cancel requested");
            }
            Event::Finishing => {
                assert!(matches!(self.run.phase, Phase::Active { .. }));
                assert!(self.run.steps.values().all(StepState::ended));
                assert!(self.run.cancel.is_none());
                self.saw("event: finishing");
            }
            Event::Ended { end } => self.run_ended(end),
            _ => unreachable!("has no path"),
        }
    }

    fn run_ended(&mut self, end: &RunEnd) {
        let steps = &self.run.steps;
        let any = |wanted: fn(&StepState) -> bool| steps.values().any(wanted);
        let queued = self.run.phase == Phase::Queued;
        assert!(queued || !any(|s| !s.ended()), "the run ended before its steps");
        let failed = any(|s| matches!(s, StepState::Failed { .. }));
        let cancelled = any(|s| matches!(s, StepState::Cancelled { .. }));
        let asked = self.run.cancel.is_some();
        let what = match end {
            RunEnd::Completed { .. } => {
                assert!(!asked && !failed && !cancelled, "called completed");
                "end: completed"
            }
            RunEnd::Failed { step: Some(step), error } => {
                let StepState::Failed { ended_ms: first, error: cause, .. } = &steps[step] else {
                    panic!("the run is said to have failed at {step}")
                };
                assert_eq!(error, cause);
                for state in steps.values() {
                    if let StepState::Failed { ended_ms, .. } = state {
                        assert!(first <= ended_ms, "{step} did not fail first");
                    }
                }
                assert!(!asked);
                "end: failed"
            }
            RunEnd::Failed { step: None, .. } => {
                assert!(matches!(self.run.phase, Phase::Finishing { .. }));
                "end: failed by the outputs of the run"
            }
            RunEnd::Cancelled => {
                assert!(asked || (cancelled && !failed), "cancelled unasked");
                match (queued, asked) {
                    (true, _) => "end: cancelled in the queue",
                    (false, true) => "end: cancelled",
                    (false, false) => "end: cancelled without a request",
                }
            }
        };
        self.saw(what);
    }

    fn step_event(&mut self, cx: Cx, path: &StepPath, event: &Event) {
        assert!(matches!(self.run.phase, Phase::Active { .. }), "{event:?} in no active run");
        let step = self.step(path).clone();
        let was = self.run.steps[path].clone();
        let work = self.work[path].clone();
        let asked_to_cancel = self.run.cancel.is_some();
        match event {
            Event::StepReady { .. } => {
                assert_eq!(was, StepState::Pending);
                assert!(!asked_to_cancel && !cx.hold);
                self.needs_met(&step);
                self.saw("event: ready");
            }
            Event::StepSkipped { reason: SkipReason::Condition, .. } => {
                assert_eq!(was, StepState::Ready);
                self.saw("event: skipped by its condition");
            }
            Event::StepSkipped { reason: SkipReason::Needs { step: need, was: word }, .. } => {
                assert_eq!(was, StepState::Pending);
                assert!(!step.asked_after_failure() && step.needs.contains_key(need));
                let needed = &self.run.steps[&StepPath::top(need)];
                assert!(needed.ended() && !matches!(needed, StepState::Completed { .. }));
                assert_eq!(needed.status().word(), word);
                self.saw("event: skipped by its needs");
            }
            Event::StepStarted { attempt, input, .. } => {
                assert!(!asked_to_cancel, "{path} was begun in a cancelled run");
                assert!(!cx.hold, "{path} was begun in a drain");
                assert!(matches!(step.action, Action::Task { .. }));
                self.begun(&step, &was, &work, *attempt, input);
                self.work.insert(path.clone(), Work::Out(*attempt));
            }
            Event::StepWaiting { until_ms, .. } => {
                assert_eq!(was, StepState::Ready);
                let Action::Wait(Wait::For { ms: for_ms }) = step.action else {
                    panic!("{path} is no wait")
                };
                assert_eq!(*until_ms, cx.now_ms + for_ms);
                self.saw("event: waiting");
            }
            Event::StepConfirmed { attempt, output, .. } => {
                assert!(matches!(was, StepState::Running { .. }));
                assert_eq!(work, Work::Done { n: *attempt, output: output.clone() });
                assert!(!step.outputs.is_empty());
                self.saw("event: confirmed");
            }
            Event::StepCompleted { attempt, output, set, .. } => {
                self.completed(&step, &was, &work, *attempt, output);
                self.saw("event: completed");
                if !set.is_empty() {
                    assert!(matches!(step.action, Action::Set(_)));
                    self.saw("event: variables set");
                }
            }
            Event::StepRetrying { attempt, due_ms, .. } => {
                assert!(!asked_to_cancel && *due_ms >= cx.now_ms);
                assert!(
                    matches!(&work, Work::Over(n, Fate::Again) if n == attempt),
                    "{path} is to be tried again, but in the world: {work:?}"
                );
                self.saw("event: retrying");
            }
            Event::StepInDoubt { attempt, .. } => {
                assert!(matches!(was, StepState::Running { .. }));
                assert!(
                    matches!(&work, Work::Over(n, Fate::Doubtful) if n == attempt),
                    "{path} is doubted, but in the world: {work:?}"
                );
                self.saw("event: in doubt");
            }
            Event::StepFailed { attempt: 0, .. } => {
                assert_eq!((was, work), (StepState::Ready, Work::NotBegun));
                self.saw("event: failed before the first try");
            }
            Event::StepFailed { attempt, .. } => {
                let known = match (&was, &work) {
                    (
                        StepState::Running { .. } | StepState::InDoubt { .. },
                        Work::Over(n, Fate::Failed),
                    ) => n == attempt,
                    // its `outputs:` failed
                    (StepState::Confirmed { .. }, Work::Done { n, .. }) => n == attempt,
                    _ => false,
                };
                assert!(known, "{path} failed from {was:?}, but in the world: {work:?}");
                self.saw("event: failed");
            }
            Event::StepCancelled { .. } => {
                let known = match (&was, &work) {
                    (
                        StepState::Pending
                        | StepState::Ready
                        | StepState::Waiting { .. }
                        | StepState::Retrying { .. },
                        _,
                    ) => asked_to_cancel,
                    (StepState::Running { .. }, Work::Over(_, Fate::Cancelled)) => true,
                    _ => false,
                };
                assert!(known, "{path} was cancelled from {was:?}, but in the world: {work:?}");
                self.saw("event: cancelled");
            }
            Event::DoubtResolved { .. } => {
                assert!(matches!(was, StepState::InDoubt { .. }));
                self.saw("event: doubt resolved");
            }
            Event::Started
            | Event::CancelRequested { .. }
            | Event::Finishing
            | Event::Ended { .. } => unreachable!("has a path"),
            other => unreachable!("{other:?} is not made here"),
        }
    }

    fn begun(&mut self, step: &Step, was: &StepState, work: &Work, attempt: u32, input: &Value) {
        let path = StepPath::top(&step.id);
        match work {
            Work::NotBegun => {
                assert!(matches!(was, StepState::Pending | StepState::Ready));
                assert_eq!(attempt, 1);
                self.inputs.insert(path, input.clone());
                self.needs_met(step);
                self.saw("event: begun");
            }
            Work::Over(n, Fate::Again) => {
                assert_eq!(attempt, n + 1, "attempts are numbered one by one");
                assert!(matches!(
                    was,
                    StepState::Running { .. }
                        | StepState::Retrying { .. }
                        | StepState::InDoubt { .. }
                ));
                let first = self.inputs.get(&path);
                assert_eq!(Some(input), first, "{path} got another input");
                self.saw("event: begun again");
            }
            other => panic!("{} was begun ({attempt}), but in the world: {other:?}", step.id),
        }
    }

    fn completed(&self, step: &Step, was: &StepState, work: &Work, attempt: u32, output: &Value) {
        match &step.action {
            Action::Set(_) => assert_eq!(*was, StepState::Ready),
            Action::Wait(_) => assert!(matches!(was, StepState::Waiting { .. })),
            Action::Task { .. } => {
                let Work::Done { n, output: given } = work else {
                    panic!("{} completed, but in the world: {work:?}", step.id)
                };
                assert_eq!(attempt, *n);
                match was {
                    StepState::Running { .. } => {
                        assert!(step.outputs.is_empty());
                        assert_eq!(output, given);
                    }
                    StepState::InDoubt { .. } => assert_eq!(output, given),
                    StepState::Confirmed { .. } => assert_eq!(output.get("value"), Some(given)),
                    other => panic!("{} completed from {other:?}", step.id),
                }
            }
            other => unreachable!("{other:?} is not made here"),
        }
    }

    /// Nothing begins before all its needs have ended, nor after a bad end unless
    /// it says so.
    fn needs_met(&self, step: &Step) {
        for need in step.needs.keys() {
            let state = &self.run.steps[&StepPath::top(need)];
            let met = if step.asked_after_failure() {
                state.ended()
            } else {
                matches!(state, StepState::Completed { .. })
            };
            assert!(met, "{} began while {need} was {state:?}", step.id);
        }
    }
}
