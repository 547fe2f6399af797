//! Which event of a step with a body may come when.

use super::model::Comes;
use super::witness::Witness;
use crate::name::StepPath;
use crate::run::{Cx, Event, LoopStage, Looping, StepState};
use crate::workflow::{Action, Step};

impl Step {
    pub(super) fn fallback(&self) -> Option<&crate::name::Ident> {
        match &self.on_error {
            crate::workflow::OnError::Fallback(id) => Some(id),
            crate::workflow::OnError::Fail | crate::workflow::OnError::Continue => None,
        }
    }
}

fn looping(was: &StepState) -> &Looping {
    match was {
        StepState::Looping(looping) => looping,
        other => panic!("no loop: {other:?}"),
    }
}

impl Witness {
    pub(super) fn body_event(
        &mut self,
        cx: Cx,
        path: &StepPath,
        step: &Step,
        was: &StepState,
        event: &Event,
    ) {
        let held = cx.hold || self.run.paused.is_some();
        let deadline = step.timeout_ms.map(|ms| cx.now_ms + ms);
        match event {
            Event::ScopeOpened { case, deadline_ms, .. } => {
                assert!(!held, "{path} was opened while nothing may begin");
                assert!(!self.halted(path), "{path} was opened though it is to end");
                if let Some((of, index)) = path.as_turn() {
                    assert_eq!((*case, *deadline_ms), (None, None));
                    return self.turn_opens(&of, index);
                }
                assert!(matches!(was, StepState::Pending | StepState::Ready));
                self.by_its_needs(path, step);
                assert_eq!(*deadline_ms, deadline);
                match &step.action {
                    Action::Group(_) => self.saw("event: a group begins"),
                    Action::Switch(_) => self.saw("event: a switch begins"),
                    other => panic!("{path} was opened: {other:?}"),
                }
                self.cases.insert(path.clone(), *case);
            }
            Event::ScopeClosing { .. } => {
                assert!(matches!(was, StepState::Open { .. }));
                assert!(!step.outputs.is_empty() && !self.halted_at(path));
                assert_eq!(self.comes_to(path.as_str()), Some(Comes::Good));
                self.saw("event: a body closes");
            }
            Event::ScopeTimedOut { .. } => {
                match was {
                    StepState::Looping(looping) => assert_ne!(looping.stage, LoopStage::Gathering),
                    was => assert!(matches!(was, StepState::Open { .. })),
                }
                assert!(self.timed_out.insert(path.to_string()), "{path} timed out twice");
                self.saw(match was {
                    StepState::Looping(_) => "event: a loop times out",
                    _ => "event: a body times out",
                });
            }
            Event::LoopOpened { turns, deadline_ms, .. } => {
                assert!(!held, "{path} was begun while nothing may begin");
                assert!(!self.halted(path), "{path} was begun though it is to end");
                assert!(matches!(was, StepState::Pending | StepState::Ready));
                assert!(step.action.is_loop());
                self.by_its_needs(path, step);
                assert_eq!(*deadline_ms, deadline);
                match &step.action {
                    Action::While(body) => assert_eq!(*turns, body.max_iterations),
                    Action::Repeat(body) => assert_eq!(*turns, body.count),
                    _ if *turns == 0 => self.saw("event: a loop over nothing"),
                    _ => {}
                }
                self.most.insert(path.clone(), *turns);
                self.saw("event: a loop begins");
            }
            Event::LoopAsking { .. } => {
                assert!(!held && !self.halted_at(path), "{path} asks");
                assert_eq!(looping(was).stage, LoopStage::Turning);
                let turns = self.turns(path);
                assert_eq!((turns.open, turns.failed + turns.stopped), (0, 0), "{path} asks");
                match &step.action {
                    Action::While(_) => {}
                    Action::Repeat(body) => assert!(body.until.is_some() && turns.begun > 0),
                    other => panic!("{path} asks: {other:?}"),
                }
                self.saw("event: a loop asks");
            }
            Event::LoopPausing { until_ms, .. } => {
                let Action::Repeat(body) = &step.action else { panic!("{path} pauses") };
                let turns = self.turns(path);
                assert!(turns.begun > 0 && turns.begun < self.most[path]);
                assert_eq!((turns.open, turns.failed + turns.stopped), (0, 0), "{path} pauses");
                self.goes_on(path, step, turns.begun);
                assert_eq!(*until_ms, cx.now_ms + body.every_ms);
                self.saw("event: a loop pauses");
            }
            Event::LoopGathering { .. } => {
                let turns = self.turns(path);
                assert!(!self.gone_wrong(path) && !self.halted_at(path));
                assert_eq!((turns.open, turns.stopped), (0, 0), "{path} gathers");
                let all = turns.begun == self.most[path];
                let enough = match &step.action {
                    Action::ForEach(_) => all,
                    Action::While(_) => {
                        self.answers.contains(&(path.clone(), turns.begun, Some(false)))
                    }
                    Action::Repeat(body) if body.until.is_some() => {
                        self.answers.contains(&(path.clone(), turns.begun - 1, Some(true)))
                    }
                    _ => all,
                };
                assert!(enough, "{path} gathers too early: {turns:?}");
                if turns.failed > 0 {
                    self.saw("event: a loop completes though turns failed");
                }
                self.saw("event: a loop gathers");
            }
            other => unreachable!("{other:?} is of no body"),
        }
    }

    /// Turns begin in order, and never too many at once.
    fn turn_opens(&mut self, of: &StepPath, index: u32) {
        let step = self.step(of).clone();
        let turns = self.turns(of);
        assert_eq!(index, turns.begun, "turns of {of} begin in order");
        assert!(index < self.most[of], "one turn of {of} too many");
        assert!(!self.gone_wrong(of), "{of} goes on though turns failed");
        let room = match &step.action {
            Action::ForEach(each) => each.max_parallel,
            _ => 1,
        };
        assert!(turns.open < room, "too many turns of {of} at once: {turns:?}");
        if turns.open > 0 {
            self.saw("event: turns side by side");
        }
        if let Action::Repeat(body) = &step.action
            && body.every_ms > 0
            && index > 0
        {
            let stage = looping(self.state(of)).stage;
            assert!(matches!(stage, LoopStage::Pausing { .. }), "{of} did not pause");
        }
        self.goes_on(of, &step, index);
        self.saw("event: a turn begins");
    }

    /// The condition, where there is one, has said that turn `next` follows.
    fn goes_on(&self, of: &StepPath, step: &Step, next: u32) {
        let said = match &step.action {
            Action::While(_) => self.answers.contains(&(of.clone(), next, Some(true))),
            Action::Repeat(body) if body.until.is_some() && next > 0 => {
                self.answers.contains(&(of.clone(), next - 1, Some(false)))
            }
            _ => true,
        };
        assert!(said, "turn {next} of {of}: its condition did not say so");
    }

    pub(super) fn body_ends(
        &mut self,
        path: &StepPath,
        step: &Step,
        was: &StepState,
        event: &Event,
    ) {
        match was {
            StepState::Looping(looping) => self.loop_ends(path, step, looping, event),
            StepState::Closing { .. } => {
                assert!(!matches!(event, Event::StepCancelled { .. }), "{path} was closing");
                self.saw("event: a body has closed");
            }
            _ => self.open_body_ends(path, step, event),
        }
    }

    fn open_body_ends(&mut self, path: &StepPath, step: &Step, event: &Event) {
        let comes = self.comes_to(path.as_str());
        let comes = comes.unwrap_or_else(|| panic!("{path} ended before its steps"));
        let leased = self.leases.contains(path.as_str());
        let expected = match (self.timed_out.contains(path.as_str()), comes) {
            (true, _) => "timeout",
            (false, _) if leased => "lease",
            (false, _) if self.halted(path) => "cancelled",
            (false, Comes::Bad) => "failed",
            (false, Comes::Stopped) => "cancelled",
            (false, Comes::Good) => "completed",
        };
        let came = match event {
            Event::StepFailed { error, .. } if error.code == "RPA0402" && expected == "timeout" => {
                "timeout"
            }
            Event::StepFailed { error, .. } if error.code == "RPA0430" && expected == "lease" => {
                "lease"
            }
            Event::StepFailed { .. } => "failed",
            Event::StepCancelled { .. } => "cancelled",
            _ => "completed",
        };
        assert_eq!(came, expected, "{path}");
        assert!(came != "completed" || step.outputs.is_empty(), "{path} has outputs");
        self.saw(match came {
            "timeout" => "event: a body has timed out",
            "lease" => "event: a body failed by its lease",
            "failed" => "event: a body failed",
            "cancelled" => "event: a body was cancelled",
            _ => "event: a body completed",
        });
    }

    fn loop_ends(&mut self, path: &StepPath, step: &Step, was: &Looping, event: &Event) {
        let turns = self.turns(path);
        assert_eq!(turns.open, 0, "{path} ended before its turns");
        let all = turns.begun == self.most[path];
        let error = match event {
            Event::StepFailed { error, .. } => Some(error),
            _ => None,
        };
        if self.halted_at(path) && was.stage != LoopStage::Gathering {
            let timed_out = self.timed_out.contains(path.as_str());
            let leased = self.leases.contains(path.as_str());
            assert_eq!(error.is_some(), timed_out || leased, "{path}: {event:?}");
            assert!(!matches!(event, Event::StepCompleted { .. }), "{path} was to end");
            return self.saw("event: a loop was ended");
        }
        match (was.stage, event) {
            (LoopStage::Gathering, Event::StepCompleted { .. }) => {
                self.saw("event: a loop completed");
            }
            (LoopStage::Gathering, Event::StepFailed { .. }) => {
                self.saw("event: a loop failed by its outputs");
            }
            (LoopStage::Asking, Event::StepFailed { error, .. }) => {
                let asked = match &step.action {
                    Action::While(_) => turns.begun,
                    _ => turns.begun - 1,
                };
                let said = |answer| self.answers.contains(&(path.clone(), asked, answer));
                let too_often = match &step.action {
                    Action::While(_) => said(Some(true)),
                    _ => said(Some(false)),
                };
                let known = match error.code.as_str() {
                    "RPA0419" => all && too_often,
                    _ => said(None),
                };
                assert!(known, "{path} failed: {error:?}");
                self.saw("event: a loop failed by its condition");
            }
            (LoopStage::Turning, Event::StepFailed { error, .. }) => {
                assert!(turns.failed > 0 && self.gone_wrong(path), "{path}: {turns:?}");
                let first = error.message.strip_prefix("turn ").and_then(|m| m.split(':').next());
                let first = first.and_then(|index| index.parse().ok()).expect("an index");
                let failed = self.state(&path.turn(first));
                assert!(matches!(failed, StepState::Failed { .. }), "turn {first} of {path}");
                self.saw("event: a loop failed by a turn");
            }
            (LoopStage::Turning, Event::StepCancelled { .. }) => {
                assert!(turns.stopped > 0, "{path} was cancelled unasked");
                let wrong = self.gone_wrong(path);
                assert!(if wrong { turns.failed == 0 } else { all }, "{path}: {turns:?}");
                self.saw("event: a loop was stopped unasked");
            }
            (stage, event) => panic!("{path} was {stage:?} when {event:?} came"),
        }
    }
}
