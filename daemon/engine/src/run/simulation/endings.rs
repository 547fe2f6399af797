//! Which event of the run as a whole may come when: its end, its handlers, its undoing.

use std::collections::VecDeque;

use super::model::{Comes, Kind};
use super::witness::Witness;
use crate::name::Ident;
use crate::run::{Cx, Event, Gate, Phase, Promise, RunEnd, Stage, StepState};

impl Witness {
    pub(super) fn run_event(&mut self, cx: Cx, event: &Event) {
        match event {
            Event::Started => {
                assert_eq!(self.run.phase, Phase::Queued);
                self.saw("event: started");
            }
            Event::CancelRequested { .. } => {
                assert!(self.run.cancel.is_none(), "cancelled twice");
                assert!(self.stages.is_none(), "its end was settled");
                if self.run.paused.is_some() {
                    self.saw("event: cancelled in a pause");
                }
                self.saw("event: cancel requested");
            }
            Event::TimedOut => {
                assert!(matches!(self.run.phase, Phase::Active { .. }));
                assert!(!self.run.time.is_out && self.run.cancel.is_none());
                assert!(self.doubts.is_empty(), "timed out in doubt");
                self.saw("event: the run timed out");
            }
            Event::PauseRequested { .. } => {
                assert!(self.run.paused.is_none());
                self.saw("event: paused");
            }
            Event::Resumed { .. } => {
                assert!(self.run.paused.is_some());
                self.saw("event: resumed");
            }
            Event::Finishing => {
                assert!(matches!(self.run.phase, Phase::Active { .. }));
                assert_eq!(self.comes_to(""), Some(Comes::Good));
                assert!(self.run.cancel.is_none() && !self.run.time.is_out);
                assert!(!self.run.definition.outputs.is_empty());
                self.saw("event: finishing");
            }
            Event::StageEntered { stage, end } => {
                self.leaves(end);
                let due = self.stages.as_mut().and_then(VecDeque::pop_front);
                assert_eq!(due, Some(*stage), "left: the stage that is due");
                self.saw(match stage {
                    Stage::Undo => "event: undoes",
                    Stage::Handle => "event: handles",
                    Stage::Finally => "event: finally",
                });
            }
            Event::HandlersStopped { .. } => {
                assert!(matches!(self.run.phase, Phase::Closing { .. }) && !self.stopped);
                self.stopped = true;
                self.saw("event: handlers stopped");
            }
            Event::Ended { end } => {
                self.leaves(end);
                let left = self.stages.as_ref().is_some_and(|stages| !stages.is_empty());
                assert!(self.stopped || !left, "ended before its handlers: {:?}", self.stages);
                let _ = cx;
            }
            Event::GateWaits { .. } | Event::GatePassed { .. } | Event::TurnedAway { .. } => {
                self.gate_event(event);
            }
            Event::PromiseBroken { promise } => {
                let sla = self.run.definition.sla.expect("something is promised");
                let within_ms = match promise {
                    Promise::Start => sla.start_within_ms,
                    Promise::Finish => sla.finish_within_ms,
                };
                let at_ms = self.run.accepted_ms + within_ms.expect("it is promised");
                assert!(at_ms < cx.now_ms || self.fired_ms >= Some(at_ms), "not broken yet");
                assert!(!self.run.time.broken.contains(promise), "broken twice");
                self.saw("event: a promise is broken");
            }
            other => unreachable!("{other:?} is of a step"),
        }
    }

    /// What the run was at is done: its steps, or a stage.
    fn leaves(&mut self, end: &RunEnd) {
        let phase = self.run.phase.clone();
        match &phase {
            Phase::Closing { stage, end: settled, .. } => {
                assert_eq!(end, settled, "the end of a run does not change");
                match stage.list(end) {
                    Some(list) => assert!(self.comes_to(list).is_some(), "{list} is under way"),
                    None => {
                        assert_eq!(self.undoing, None);
                        assert!(self.stopped || self.to_undo.is_empty(), "{:?}", self.to_undo);
                    }
                }
            }
            Phase::Queued | Phase::Active { .. } | Phase::Finishing { .. } => {
                self.end_settled(&phase, end);
                self.stages = Some(self.stages_of(end));
            }
            Phase::Ended { .. } => panic!("ended twice"),
        }
    }

    fn stages_of(&self, end: &RunEnd) -> VecDeque<Stage> {
        let handlers = &self.run.definition.handlers;
        let (undo, handler) = match end {
            RunEnd::Completed { .. } => (false, &handlers.success),
            RunEnd::Failed { .. } => (!self.to_undo.is_empty(), &handlers.failure),
            RunEnd::Cancelled => (false, &handlers.cancel),
        };
        if self.run.phase == Phase::Queued {
            return VecDeque::new();
        }
        let stages = [
            (undo, Stage::Undo),
            (!handler.is_empty(), Stage::Handle),
            (!handlers.finally.is_empty(), Stage::Finally),
        ];
        stages.into_iter().filter_map(|(has_work, stage)| has_work.then_some(stage)).collect()
    }

    fn end_settled(&mut self, phase: &Phase, end: &RunEnd) {
        let what = match (phase, end) {
            (Phase::Queued, RunEnd::Failed { step: None, .. } | RunEnd::Cancelled)
                if matches!(self.run.gate, Gate::TurnedAway { .. }) =>
            {
                "end: turned away"
            }
            (Phase::Queued, RunEnd::Cancelled) => "end: cancelled in the queue",
            (Phase::Finishing { .. }, RunEnd::Failed { step: None, .. }) => {
                "end: failed by the outputs of the run"
            }
            (Phase::Finishing { .. }, RunEnd::Completed { .. }) => {
                assert!(self.run.cancel.is_none(), "called completed");
                "end: completed with outputs"
            }
            (Phase::Finishing { .. }, RunEnd::Cancelled) => {
                assert!(self.run.cancel.is_some(), "cancelled unasked");
                "end: cancelled while its outputs were evaluated"
            }
            (Phase::Active { .. }, end) => self.end_of_steps(end),
            (phase, end) => panic!("{end:?} in {phase:?}"),
        };
        self.saw(what);
    }

    fn end_of_steps(&self, end: &RunEnd) -> &'static str {
        let comes = self.comes_to("").expect("the run ended before its steps");
        let (out, asked) = (self.run.time.is_out, self.run.cancel.is_some());
        match end {
            RunEnd::Completed { .. } => {
                assert_eq!((out, asked, comes), (false, false, Comes::Good), "called completed");
                assert!(self.run.definition.outputs.is_empty());
                "end: completed"
            }
            RunEnd::Failed { step: None, error } => {
                assert!(out && error.code == "RPA0420", "failed with {error:?}");
                "end: failed by its time-out"
            }
            RunEnd::Failed { step: Some(step), error } => {
                assert_eq!((out, asked, comes), (false, false, Comes::Bad), "called failed");
                let definition = self.run.definition.clone();
                let list = self.list(&definition, "");
                let bad = |id: &Ident| self.kind("", list, id) == Some(Kind::Bad);
                let StepState::Failed { ended_ms: first, error: cause, .. } = self.state(step)
                else {
                    panic!("the run is said to have failed at {step}")
                };
                assert_eq!(error, cause);
                assert!(bad(&step.as_str().parse().expect("a name")), "nobody minds {step}");
                for other in list.iter().filter(|s| bad(&s.id)) {
                    if let StepState::Failed { ended_ms, .. } = self.state_in("", &other.id) {
                        assert!(first <= ended_ms, "{step} did not fail first");
                    }
                }
                "end: failed"
            }
            RunEnd::Cancelled => {
                assert!(!out && (asked || comes == Comes::Stopped), "cancelled unasked");
                match asked {
                    true => "end: cancelled",
                    false => "end: cancelled without a request",
                }
            }
        }
    }

    /// Completed steps of a failed run are undone one by one, the last first.
    pub(super) fn undo_event(&mut self, cx: Cx, event: &Event) {
        assert!(matches!(self.run.phase, Phase::Closing { stage: Stage::Undo, .. }));
        match event {
            Event::UndoOpened { path } => {
                assert!(!cx.hold && self.run.paused.is_none() && !self.stopped, "{path} is undone");
                assert_eq!(self.undoing, None, "two at once");
                assert_eq!(self.to_undo.pop().as_ref(), Some(path), "left: the last to complete");
                self.undoing = Some(path.clone());
                self.saw("event: a step is undone");
            }
            Event::UndoEnded { path, error } => {
                assert_eq!(self.undoing.as_ref(), Some(path));
                let comes = self.comes_to(&format!("{path}/@undo")).expect("its steps have ended");
                assert_eq!(error.is_none(), comes == Comes::Good, "{path}: {error:?}");
                self.undoing = None;
                self.saw(match comes {
                    Comes::Good => "event: a step was undone",
                    Comes::Bad | Comes::Stopped => "event: a step was not undone",
                });
            }
            other => unreachable!("{other:?} is of no undoing"),
        }
    }
}
