//! Which event of a step may come when: the legality table, told by the witness.

use super::witness::{Fate, Witness, Work};
use crate::name::StepPath;
use crate::run::{Cx, Event, Phase, SkipReason, Stage, StepState};
use crate::value::Value;
use crate::workflow::{Action, Step, Wait};

impl Witness {
    /// One event of the journal: was it due?
    pub(super) fn event(&mut self, cx: Cx, event: &Event) {
        match event {
            Event::UndoOpened { .. } | Event::UndoEnded { .. } => self.undo_event(cx, event),
            _ => match event.path() {
                Some(path) => {
                    assert!(!self.state(path).ended(), "{path} had ended when {event:?} came");
                    self.in_its_time(path, event);
                    self.step_event(cx, path, event);
                }
                None => self.run_event(cx, event),
            },
        }
        self.run.apply(event, cx.now_ms);
        if let Event::CancelRequested { .. } = event {
            assert!(self.run.paused.is_none(), "a cancelled run waits for somebody to resume it");
        }
        self.remember(event);
    }

    /// Rows that this event changes.
    fn remember(&mut self, event: &Event) {
        let Some(path) = event.path() else { return };
        let of = path.as_turn().map(|(of, _)| of);
        for path in [Some(path.clone()), of].into_iter().flatten() {
            if let Some(state) = self.run.steps.get(&path) {
                self.ever.insert(path, state.clone());
            }
        }
    }

    /// Steps move only while the list they are in is under way.
    fn in_its_time(&self, path: &StepPath, event: &Event) {
        let under_way = match &self.run.phase {
            Phase::Active { .. } => !path.as_str().contains('@'),
            Phase::Closing { stage: Stage::Undo, .. } => {
                self.undoing.as_ref().is_some_and(|p| path.is_below(&format!("{p}/@undo")))
            }
            Phase::Closing { stage, end, .. } => {
                stage.list(end).is_some_and(|list| path.is_below(list))
            }
            Phase::Queued | Phase::Finishing { .. } | Phase::Ended { .. } => false,
        };
        assert!(under_way, "{event:?} in {:?}", self.run.phase);
    }

    /// Nothing new begins in the world, nor is anything new asked.
    pub(super) fn may_begin(&self, cx: Cx, path: &StepPath) {
        assert!(!cx.hold, "{path} was begun in a drain");
        assert!(self.run.paused.is_none(), "{path} was begun in a pause");
        assert!(!self.halted(path), "{path} was begun though it is to end");
    }

    fn step_event(&mut self, cx: Cx, path: &StepPath, event: &Event) {
        let definition = self.run.definition.clone();
        let step = definition.step_at(path).expect("the step is defined");
        let was = self.state(path).clone();
        let work = self.work(path);
        match event {
            Event::StepReady { .. } => {
                assert_eq!(was, StepState::Pending);
                self.may_begin(cx, path);
                self.by_its_needs(path, step);
                self.saw("event: ready");
            }
            Event::StepSkipped { reason, .. } => self.skipped(path, step, &was, reason),
            Event::StepStarted { attempt, input, .. } => {
                self.may_begin(cx, path);
                assert!(matches!(step.action, Action::Task { .. }));
                self.begun(cx, path, &was, &work, *attempt, input);
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
                match &step.action {
                    Action::Wait(_) | Action::Approval(_) => {
                        self.outside_ends(path, step, event);
                    }
                    _ => {
                        assert!(matches!(was, StepState::Running { .. } | StepState::Calling(_)));
                        assert_eq!(work, Work::Done { n: *attempt, output: output.clone() });
                    }
                }
                assert!(!step.outputs.is_empty());
                self.saw("event: confirmed");
            }
            Event::StepRetrying { attempt, due_ms, .. } => {
                self.retrying(cx, path, step, &work, *attempt, *due_ms);
            }
            Event::StepInDoubt { attempt, .. } => {
                assert!(matches!(was, StepState::Running { .. }));
                assert!(
                    matches!(&work, Work::Over(n, Fate::Doubtful) if n == attempt),
                    "{path} is doubted, but in the world: {work:?}"
                );
                self.doubt_begins(cx, path);
                self.saw("event: in doubt");
            }
            Event::DoubtResolved { .. } => {
                assert!(matches!(was, StepState::InDoubt { .. }));
                self.doubt_ends(cx, path);
                self.saw("event: doubt resolved");
            }
            Event::StepCompleted { .. }
            | Event::StepFailed { .. }
            | Event::StepCancelled { .. } => {
                self.step_ends(path, step, &was, event);
            }
            Event::ScopeOpened { .. }
            | Event::ScopeClosing { .. }
            | Event::ScopeTimedOut { .. }
            | Event::LoopOpened { .. }
            | Event::LoopAsking { .. }
            | Event::LoopPausing { .. }
            | Event::LoopGathering { .. } => {
                self.body_event(cx, path, step, &was, event);
            }
            Event::ClaimsAsked { .. }
            | Event::ClaimsBegun { .. }
            | Event::ClaimWaits { .. }
            | Event::ClaimGranted { .. }
            | Event::ClaimsHeld { .. }
            | Event::LeaseEnded { .. }
            | Event::HoldBroken { .. }
            | Event::StepCalled { .. }
            | Event::CallStands { .. }
            | Event::CallTimedOut { .. }
            | Event::StepAwaiting { .. }
            | Event::EventOffered { .. }
            | Event::EventDeclined { .. }
            | Event::ApprovalAsked { .. }
            | Event::ApprovalVoted { .. } => self.shared_event(cx, path, step, &was, event),
            Event::Started
            | Event::CancelRequested { .. }
            | Event::Finishing
            | Event::TimedOut
            | Event::PauseRequested { .. }
            | Event::Resumed { .. }
            | Event::StageEntered { .. }
            | Event::UndoOpened { .. }
            | Event::UndoEnded { .. }
            | Event::HandlersStopped { .. }
            | Event::GateWaits { .. }
            | Event::GatePassed { .. }
            | Event::TurnedAway { .. }
            | Event::PromiseBroken { .. }
            | Event::Ended { .. } => unreachable!("of no step"),
        }
    }

    pub(super) fn doubt_begins(&mut self, cx: Cx, path: &StepPath) {
        if self.doubts.is_empty() {
            self.doubt_since_ms = cx.now_ms;
        }
        self.doubts.insert(path.clone());
    }

    pub(super) fn doubt_ends(&mut self, cx: Cx, path: &StepPath) {
        if self.doubts.remove(path) && self.doubts.is_empty() {
            self.doubted_ms += cx.now_ms.saturating_sub(self.doubt_since_ms);
        }
    }

    fn step_ends(&mut self, path: &StepPath, step: &Step, was: &StepState, event: &Event) {
        let is_body = matches!(
            was,
            StepState::Open { .. } | StepState::Closing { .. } | StepState::Looping(_)
        );
        if let Event::StepCompleted { .. } = event
            && !step.compensate.is_empty()
            && path.as_turn().is_none()
            && !path.as_str().contains('@')
        {
            self.to_undo.push(path.clone());
        }
        if is_body {
            return self.body_ends(path, step, was, event);
        }
        let work = self.work(path);
        if let Event::StepFailed { error, attempt, .. } = event
            && error.code == "RPA0430"
        {
            assert!(self.leases.contains(path.as_str()), "{path} has a lease");
            assert_eq!(*attempt, was.attempts());
            let busy = matches!(was, StepState::Running { .. } | StepState::Calling(_));
            assert!(!busy || matches!(work, Work::Over(_, Fate::Cancelled)), "{path}: {work:?}");
            return self.saw("claim: failed by its lease");
        }
        match event {
            Event::StepCompleted { .. } | Event::StepFailed { attempt: 1.., .. }
                if matches!(was, StepState::Awaiting(_) | StepState::Asking(_)) =>
            {
                self.outside_ends(path, step, event);
            }
            Event::StepFailed { attempt: 0, error, .. } if *was != StepState::Ready => {
                self.claim_fails(path, was, error);
            }
            Event::StepCompleted { attempt, output, set, .. } => {
                self.completed(path, step, was, *attempt, output);
                self.saw("event: completed");
                if !set.is_empty() {
                    assert!(matches!(step.action, Action::Set(_)));
                    self.saw("event: variables set");
                }
            }
            Event::StepFailed { attempt: 0, .. } => {
                assert_eq!((was, work), (&StepState::Ready, Work::NotBegun));
                self.saw("event: failed before the first try");
            }
            Event::StepFailed { attempt, .. } => {
                let in_time = step.retry.total_ms.is_none();
                let known = match (was, &work) {
                    (
                        StepState::Running { .. }
                        | StepState::InDoubt { .. }
                        | StepState::Calling(_),
                        Work::Over(n, Fate::Failed),
                    ) => n == attempt,
                    (
                        StepState::Running { .. } | StepState::Calling(_),
                        Work::Over(n, Fate::Retry),
                    ) => {
                        self.saw("world: no time for another try");
                        n == attempt && !in_time
                    }
                    // its `outputs:` failed
                    (StepState::Confirmed { .. }, Work::Done { n, .. }) => n == attempt,
                    (StepState::Confirmed { .. }, Work::NotBegun) => {
                        matches!(step.action, Action::Wait(_) | Action::Approval(_))
                    }
                    _ => false,
                };
                assert!(known, "{path} failed from {was:?}, but in the world: {work:?}");
                self.saw("event: failed");
            }
            _ => {
                let known = match (was, &work) {
                    (
                        StepState::Pending
                        | StepState::Ready
                        | StepState::Waiting { .. }
                        | StepState::Claiming(_)
                        | StepState::Awaiting(_)
                        | StepState::Asking(_)
                        | StepState::Retrying { .. },
                        _,
                    ) => self.halted(path),
                    (
                        StepState::Running { .. } | StepState::Calling(_),
                        Work::Over(_, Fate::Cancelled),
                    ) => true,
                    _ => false,
                };
                assert!(!self.leases.contains(path.as_str()), "{path} fails by its lease");
                assert!(known, "{path} was cancelled from {was:?}, but in the world: {work:?}");
                self.saw("event: cancelled");
            }
        }
    }

    fn skipped(&mut self, path: &StepPath, step: &Step, was: &StepState, reason: &SkipReason) {
        if *reason == SkipReason::Condition {
            let claims = matches!(was, StepState::Claiming(c) if c.wanted.is_empty());
            assert!(*was == StepState::Ready || claims);
            return self.saw("event: skipped by its condition");
        }
        assert_eq!(*was, StepState::Pending);
        let definition = self.run.definition.clone();
        let list = self.list(&definition, path.scope());
        let met = self.needs_met(path.scope(), list, step);
        assert_eq!(met, Some(false), "{path} was skipped: {reason:?}");
        match reason {
            SkipReason::Needs { step: need, was: word } => {
                assert!(!step.asked_after_failure() && step.needs.contains_key(need));
                let needed = self.state_in(path.scope(), need).status().word();
                let instead = list.iter().any(|s| s.id == *need && s.fallback().is_some());
                assert!(instead || needed == word, "{need} is {needed}, not {word}");
                self.saw("event: skipped by its needs");
            }
            SkipReason::NotInvoked { step: owner } => {
                let owner = list.iter().find(|s| s.id == *owner).expect("in the list");
                assert_eq!(owner.fallback(), Some(&step.id));
                self.saw("event: a fallback not invoked");
            }
            SkipReason::Condition => {}
        }
    }

    fn retrying(
        &mut self,
        cx: Cx,
        path: &StepPath,
        step: &Step,
        work: &Work,
        attempt: u32,
        due_ms: u64,
    ) {
        assert!(!self.halted(path) && due_ms >= cx.now_ms);
        let known = match work {
            Work::Over(n, Fate::Again) => *n == attempt,
            Work::Over(n, Fate::Retry) => {
                let total = step.retry.total_ms.unwrap_or(u64::MAX);
                let elapsed = cx.now_ms.saturating_sub(self.inputs[path].0);
                assert!(elapsed.saturating_add(due_ms - cx.now_ms) <= total, "{path} is late");
                let jitter = step.retry.delay_ms * 4 * u64::from(step.retry.jitter_percent) / 100;
                let longest = step.retry.max_delay_ms.min(step.retry.delay_ms * 4) + jitter;
                assert!(due_ms - cx.now_ms <= longest, "{path} is tried late");
                *n == attempt
            }
            _ => false,
        };
        assert!(known, "{path} is to be tried again, but in the world: {work:?}");
        self.saw("event: retrying");
    }

    pub(super) fn begun(
        &mut self,
        cx: Cx,
        path: &StepPath,
        was: &StepState,
        work: &Work,
        attempt: u32,
        input: &Value,
    ) {
        match work {
            Work::NotBegun => {
                assert!(matches!(was, StepState::Pending | StepState::Ready));
                assert_eq!(attempt, 1);
                self.inputs.insert(path.clone(), (cx.now_ms, input.clone()));
                self.by_its_needs(path, self.step(path));
                self.saw("event: begun");
            }
            Work::Over(n, Fate::Again | Fate::Retry) => {
                assert_eq!(attempt, n + 1, "attempts are numbered one by one");
                assert!(matches!(
                    was,
                    StepState::Running { .. }
                        | StepState::Retrying { .. }
                        | StepState::InDoubt { .. }
                ));
                let first = self.inputs.get(path).map(|(_, input)| input);
                assert_eq!(Some(input), first, "{path} got another input");
                self.saw("event: begun again");
            }
            other => panic!("{path} was begun ({attempt}), but in the world: {other:?}"),
        }
    }

    fn completed(
        &self,
        path: &StepPath,
        step: &Step,
        was: &StepState,
        attempt: u32,
        output: &Value,
    ) {
        match &step.action {
            Action::Set(_) => assert_eq!(*was, StepState::Ready),
            Action::Wait(Wait::Event(_)) | Action::Approval(_) => {
                assert!(matches!(was, StepState::Confirmed { .. }));
            }
            Action::Wait(_) => assert!(matches!(was, StepState::Waiting { .. })),
            Action::Task { .. } | Action::Call(_) => {
                let Work::Done { n, output: given } = self.work(path) else {
                    panic!("{path} completed, but in the world: {:?}", self.work(path))
                };
                assert_eq!(attempt, n);
                match was {
                    StepState::Running { .. } | StepState::Calling(_) => {
                        assert!(step.outputs.is_empty());
                        assert_eq!(*output, given);
                    }
                    StepState::InDoubt { .. } => assert_eq!(*output, given),
                    StepState::Confirmed { .. } => {
                        assert!(super::shared::joined(output, &given), "{path} gives {output:?}");
                    }
                    other => panic!("{path} completed from {other:?}"),
                }
            }
            other => unreachable!("{other:?} has a body"),
        }
    }

    /// Nothing begins before all its needs have ended, nor after a bad end unless
    /// it says so.
    pub(super) fn by_its_needs(&self, path: &StepPath, step: &Step) {
        let definition = self.run.definition.clone();
        let list = self.list(&definition, path.scope());
        let met = self.needs_met(path.scope(), list, step);
        assert_eq!(met, Some(true), "{path} began against its needs");
    }
}
