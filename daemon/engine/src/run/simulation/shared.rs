//! Which event of a step that claims, calls, awaits or asks may come when, and which
//! messages belong to it.

use std::collections::BTreeSet;

use super::witness::{Fate, Witness, Work};
use crate::name::{Label, StepPath};
use crate::outcome::{ErrorClass, Outcome, TaskError};
use crate::run::tests::build::error;
use crate::run::{
    ChildOrder, ClaimAnswer, Cx, Decision, Evaluation, Event, Input, Message, News, Phase, RunEnd,
    Stands, StepState,
};
use crate::value::{Map, Value};
use crate::workflow::{Action, Approval, OnTimeout, Step, Wait, WaitEvent};

fn awaited(step: &Step) -> &WaitEvent {
    match &step.action {
        Action::Wait(Wait::Event(event)) => event,
        other => panic!("it awaits nothing: {other:?}"),
    }
}

fn approval(step: &Step) -> &Approval {
    match &step.action {
        Action::Approval(approval) => approval,
        other => panic!("it asks nobody: {other:?}"),
    }
}

impl Witness {
    /// The run that a step has called has ended: as the end of an attempt.
    pub(super) fn call_reported(&mut self, cx: Cx, path: &StepPath, end: &RunEnd) {
        let StepState::Calling(calling) = self.state(path).clone() else { return };
        let n = calling.attempt;
        assert_eq!(self.work(path), Work::Out(n), "{path} has called");
        let failed = |class| Outcome::Failed { error: error(class), output: Value::Null };
        let outcome = match end {
            RunEnd::Completed { outputs } => {
                let output = Value::Map(outputs.clone());
                self.saw("call: completed");
                self.work.insert(path.clone(), Work::Done { n, output });
                return;
            }
            RunEnd::Cancelled if !calling.timed_out && self.halted(path) => {
                self.saw("call: cancelled");
                self.work.insert(path.clone(), Work::Over(n, Fate::Cancelled));
                return;
            }
            _ if calling.timed_out => {
                self.saw("call: timed out");
                failed(ErrorClass::Timeout)
            }
            RunEnd::Cancelled => {
                self.saw("call: its run was cancelled");
                failed(ErrorClass::Business)
            }
            RunEnd::Failed { error, .. } => {
                self.saw("call: failed");
                failed(error.class)
            }
        };
        let fate = self.fate(cx, path, n, &outcome);
        self.work.insert(path.clone(), Work::Over(n, fate));
    }

    pub(super) fn shared_event(
        &mut self,
        cx: Cx,
        path: &StepPath,
        step: &Step,
        was: &StepState,
        event: &Event,
    ) {
        let after = |ms: Option<u64>| ms.map(|ms| cx.now_ms + ms);
        match event {
            Event::StepCalled { attempt, run, input, deadline_ms, .. } => {
                self.may_begin(cx, path);
                let Action::Call(call) = &step.action else { panic!("{path} calls nobody") };
                let work = self.work(path);
                self.begun(cx, path, was, &work, *attempt, input);
                assert_eq!(*deadline_ms, after(step.timeout_ms));
                let output = Value::from([("run", Value::Text(run.to_string()))]);
                self.work.insert(
                    path.clone(),
                    match call.detached {
                        true => Work::Done { n: *attempt, output },
                        false => Work::Out(*attempt),
                    },
                );
                self.saw(if call.detached { "call: detached" } else { "call: called" });
            }
            Event::CallStands { stands, .. } => {
                let StepState::Calling(calling) = was else { panic!("{path} has called nobody") };
                assert_ne!(calling.stands, *stands);
                match stands {
                    Stands::Doubts => self.doubt_begins(cx, path),
                    Stands::Works | Stands::Asks => self.doubt_ends(cx, path),
                }
                self.saw("call: stands otherwise");
            }
            Event::CallTimedOut { .. } => {
                let StepState::Calling(calling) = was else { panic!("{path} has called nobody") };
                assert!(!calling.timed_out && calling.deadline_ms.is_some());
            }
            Event::StepAwaiting { until_ms, .. } => {
                assert_eq!(*was, StepState::Ready);
                assert_eq!(*until_ms, after(awaited(step).timeout_ms));
                self.saw("event: awaits");
            }
            Event::EventOffered { event, .. } => {
                let StepState::Awaiting(awaiting) = was else { panic!("{path} does not await") };
                assert!(!awaiting.offered.contains(event));
                assert!(awaited(step).fits.is_some());
                self.saw("event: offered");
            }
            Event::EventDeclined { event, .. } => {
                let StepState::Awaiting(awaiting) = was else { panic!("{path} does not await") };
                assert!(awaiting.offered.contains(event));
                self.saw("event: declined");
            }
            Event::ApprovalAsked { until_ms, .. } => {
                self.may_begin(cx, path);
                assert_eq!(*was, StepState::Ready);
                assert_eq!(*until_ms, after(approval(step).timeout_ms));
                self.votes.remove(path);
                self.saw("event: asks people");
            }
            Event::ApprovalVoted { vote, .. } => {
                assert!(matches!(was, StepState::Asking(_)));
                let votes = self.votes.entry(path.clone()).or_default();
                let fresh = votes.insert(vote.by.who.clone(), vote.approves) != Some(true);
                assert!(fresh || !vote.approves, "{} votes twice", vote.by);
                assert!(!vote.approves || vote.by.who != self.run.actor.who, "the own run");
                self.saw(if vote.approves { "event: approved" } else { "event: rejected" });
            }
            _ => self.claim_event(cx, path, step, was, event),
        }
    }

    fn claim_event(
        &mut self,
        cx: Cx,
        path: &StepPath,
        step: &Step,
        was: &StepState,
        event: &Event,
    ) {
        let claims = step.claims.as_ref().expect("it claims");
        let after = |ms: Option<u64>| ms.map(|ms| cx.now_ms + ms);
        let claiming = || match was {
            StepState::Claiming(claiming) => claiming,
            other => panic!("{path} does not claim: {other:?}"),
        };
        match event {
            Event::ClaimsAsked { .. } => {
                assert_eq!(*was, StepState::Pending);
                self.may_begin(cx, path);
                self.by_its_needs(path, step);
                self.saw("claim: names are asked for");
            }
            Event::ClaimsBegun { wanted, until_ms, .. } => {
                if *was == StepState::Pending {
                    self.may_begin(cx, path);
                    self.by_its_needs(path, step);
                } else {
                    assert!(claiming().wanted.is_empty());
                }
                assert_eq!(*until_ms, after(claims.wait_ms));
                let names: BTreeSet<&Label> = wanted.iter().map(|(name, _)| name).collect();
                let in_order = wanted.iter().map(|(name, _)| name).eq(names.iter().copied());
                assert!(in_order && claims.tokens.keys().all(|pool| names.contains(pool)));
                self.saw("claim: begun");
            }
            Event::ClaimWaits { lock, .. } | Event::ClaimGranted { lock, .. } => {
                let next = claiming().wanted.get(claiming().granted);
                assert_eq!(next.map(|(name, _)| name), Some(lock));
                if let Event::ClaimGranted { .. } = event {
                    assert_eq!(self.granted, Some((path.clone(), lock.clone())), "not granted");
                    self.saw("claim: granted");
                } else {
                    self.saw("claim: waits");
                }
            }
            Event::ClaimsHeld { until_ms, .. } => {
                assert_eq!(claiming().granted, claiming().wanted.len(), "{path} has not all");
                assert_eq!(*until_ms, after(claims.lease_ms));
                self.saw("claim: holds");
            }
            Event::LeaseEnded { .. } => {
                assert!(self.leases.insert(path.to_string()), "its lease ended twice");
                self.saw("claim: a lease ended");
            }
            other => unreachable!("{other:?} is of no claim"),
        }
    }

    /// Whether a step that awaits or asks may complete, or fail, by what has come.
    pub(super) fn outside_ends(&mut self, path: &StepPath, step: &Step, event: &Event) {
        let waited_since = match self.state(path) {
            StepState::Awaiting(awaiting) => awaiting.until_ms,
            StepState::Asking(asking) => asking.until_ms,
            other => panic!("{path} waits for nobody: {other:?}"),
        };
        let late = waited_since.is_some_and(|until_ms| self.fired_ms >= Some(until_ms));
        let failed = match event {
            Event::StepFailed { error, .. } => Some(error.code.as_str()),
            _ => None,
        };
        let known = match &step.action {
            Action::Approval(approval) => {
                let votes = self.votes.get(path).cloned().unwrap_or_default();
                let rejected = votes.values().any(|approves| !approves);
                let enough = votes.len() >= approval.quorum as usize;
                match failed {
                    None if enough => !rejected,
                    None => late && approval.on_timeout == OnTimeout::Continue,
                    Some("RPA0426") => rejected || late && approval.on_timeout == OnTimeout::Reject,
                    Some("RPA0427") => late && approval.on_timeout == OnTimeout::Fail,
                    Some(_) => false,
                }
            }
            _ => {
                let awaited = awaited(step);
                match failed {
                    None if self.came.as_ref() == Some(path) => true,
                    None => late && awaited.on_timeout == OnTimeout::Continue,
                    Some("RPA0402") => late && awaited.on_timeout != OnTimeout::Continue,
                    Some(_) => false,
                }
            }
        };
        assert!(known, "{path}: {event:?}");
        self.saw(match (failed, late) {
            (None, true) => "event: goes on though nobody has answered",
            (None, false) => "event: answered",
            (Some(_), true) => "event: nobody has answered",
            (Some(_), false) => "event: rejected by one",
        });
    }

    /// Whether a step that claims may fail so.
    pub(super) fn claim_fails(&mut self, path: &StepPath, was: &StepState, error: &TaskError) {
        let StepState::Claiming(claiming) = was else { panic!("{path} does not claim") };
        match error.code.as_str() {
            "RPA0429" => {
                assert!(claiming.until_ms.is_some_and(|until_ms| self.fired_ms >= Some(until_ms)));
                self.saw("claim: not free in time");
            }
            _ if claiming.wanted.is_empty() => self.saw("claim: no names"),
            _ => {
                assert!(self.refused.as_ref() == Some(path), "{path} was not refused");
                self.saw("claim: refused");
            }
        }
    }

    /// What this input says, for the events that follow.
    pub(super) fn hears(&mut self, cx: Cx, input: &Input) {
        self.granted = None;
        self.refused = None;
        self.came = None;
        self.fired_ms = match input {
            Input::Wake { up_to_ms } => Some(*up_to_ms),
            Input::Recover | Input::Resume { .. } => Some(cx.now_ms),
            _ => None,
        };
        match input {
            Input::Claimed { path, lock, answer: ClaimAnswer::Granted } => {
                self.granted = Some((path.clone(), lock.clone()));
            }
            Input::Claimed { path, answer: ClaimAnswer::Refused(_), .. } => {
                self.refused = Some(path.clone());
            }
            Input::Called { path, run, news: News::Ended(end) } => {
                if matches!(self.state(path), StepState::Calling(c) if c.run == *run) {
                    self.call_reported(cx, path, end);
                }
            }
            Input::Published { path, .. } if self.step(path).action.waits_for_any() => {
                self.came = Some(path.clone());
            }
            Input::Evaluated(Evaluation::Fits { path, event, result: Ok(Some(_)) }) => {
                if let StepState::Awaiting(awaiting) = self.state(path)
                    && awaiting.offered.contains(event)
                {
                    self.came = Some(path.clone());
                }
            }
            _ => {}
        }
    }

    /// Messages are what the events say, no more and no less.
    pub(super) fn messages(&mut self, before: Stands, decision: &Decision) {
        let mut claims = Vec::new();
        let mut called = Vec::new();
        for event in &decision.events {
            match event {
                Event::ClaimsBegun { path, .. } | Event::ClaimGranted { path, .. } => {
                    claims.push(path);
                }
                Event::StepCalled { run, .. } => called.push(*run),
                _ => {}
            }
        }
        let (mut releases, mut calls) = (BTreeSet::new(), Vec::new());
        let (mut news, mut paused, mut resumed) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        for message in &decision.messages {
            match message {
                Message::Call(call) => calls.push(call.run),
                Message::Claim { lock, by, .. } => {
                    assert!(claims.contains(&&by.path), "{} claims unasked", by.path);
                    self.asked_for.entry(by.path.clone()).or_default().insert(lock.clone());
                }
                Message::Release { lock, by } => {
                    assert!(releases.insert((by.path.clone(), lock.clone())), "released twice");
                }
                Message::News { news: told, .. } => news.push(told.clone()),
                Message::Order { run, order } => match order {
                    ChildOrder::Cancel { .. } => {
                        assert!(self.cancelled.insert(*run), "{run} is cancelled twice");
                    }
                    ChildOrder::Pause { .. } => _ = paused.insert(*run),
                    ChildOrder::Resume { .. } => _ = resumed.insert(*run),
                },
                Message::Enter { .. } | Message::Leave { .. } => {}
            }
        }
        assert_eq!(calls, called, "left: runs wanted, right: steps that call");
        let mut due = BTreeSet::new();
        for event in &decision.events {
            if event.ends_step()
                && let Some(path) = event.path()
            {
                self.leases.remove(path.as_str());
                let asked_for = self.asked_for.remove(path).unwrap_or_default();
                due.extend(asked_for.into_iter().map(|lock| (path.clone(), lock)));
            }
        }
        assert_eq!(releases, due, "left: given back, right: what ended steps had asked for");
        self.caller_hears(before, decision, &news);
        for (path, state) in &self.run.steps {
            let StepState::Calling(calling) = state else { continue };
            let is_to_end = self.halted(path) || calling.timed_out;
            assert_eq!(self.cancelled.contains(&calling.run), is_to_end, "cancel of {path}");
            let ordered = |what: fn(&Event) -> bool| decision.events.iter().any(what);
            let pause = ordered(|e| matches!(e, Event::PauseRequested { .. }));
            let resume = ordered(|e| matches!(e, Event::Resumed { .. }));
            let now = called.contains(&calling.run);
            assert_eq!(paused.contains(&calling.run), pause && !now, "pause of {path}");
            assert_eq!(resumed.contains(&calling.run), resume && !now, "resumption of {path}");
        }
    }

    fn caller_hears(&mut self, before: Stands, decision: &Decision, news: &[News]) {
        let ended = decision.events.iter().find_map(|event| match event {
            Event::Ended { end } => Some(News::Ended(end.clone())),
            _ => None,
        });
        let now = self.run.stands();
        let expected = match (&self.run.parent, ended) {
            (None, _) => None,
            (Some(_), Some(ended)) => Some(ended),
            (Some(_), None) => (now != before).then_some(News::Stands(now)),
        };
        assert_eq!(news, expected.as_slice(), "left: told, right: what the caller has to know");
        if expected.is_some() {
            self.saw("call: the caller is told");
        }
    }

    pub(super) fn gate_event(&mut self, event: &Event) {
        assert_eq!(self.run.phase, Phase::Queued);
        self.saw(match event {
            Event::GateWaits { .. } => "gate: waits",
            Event::GatePassed { .. } => "gate: passed",
            _ => "gate: turned away",
        });
    }
}

impl Action {
    fn waits_for_any(&self) -> bool {
        matches!(self, Action::Wait(Wait::Event(event)) if event.fits.is_none())
    }
}

/// What a step gives with its `outputs:`, where it gave `given` without.
pub(super) fn joined(output: &Value, given: &Value) -> bool {
    match (output, given) {
        (Value::Map(all), Value::Map(given)) => {
            let same =
                |(name, value): (&String, &Value)| name == "n" || all.get(name) == Some(value);
            Map::iter(given).all(same)
        }
        (_, given) => output.get("value") == Some(given),
    }
}
