//! An independent account of one run, kept from what was committed.
//!
//! It folds the journal, knows what was begun and confirmed in the world, and
//! panics on the first thing that should not be.

use std::collections::BTreeMap;

use super::Seen;
use crate::name::{AttemptId, StepPath};
use crate::outcome::{Outcome, StopReason};
use crate::run::verdict::MAX_LOSSES;
use crate::run::{Cx, Decision, Effect, Event, Input, Phase, Purpose, Resolution, Run, StepState};
use crate::value::Value;
use crate::workflow::{EffectClass, Step};

/// What must become of a step whose attempt gave no result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fate {
    /// Another attempt may follow.
    Again,
    Failed,
    /// Only a person can tell.
    Doubtful,
    Cancelled,
}

/// What is known about a task in the world.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Work {
    NotBegun,
    /// Attempt `n` was handed to the runner and has not reported.
    Out(u32),
    /// Attempt `n` is over.
    Over(u32, Fate),
    /// Done, by result or by a person's word: never again.
    Done {
        n: u32,
        output: Value,
    },
}

pub(super) struct Witness {
    /// The journal, folded.
    pub(super) run: Run,
    pub(super) work: BTreeMap<StepPath, Work>,
    /// What the first attempt of each task was given.
    pub(super) inputs: BTreeMap<StepPath, Value>,
    /// When the waits of the state before this commit end.
    due_before: BTreeMap<StepPath, u64>,
    pub(super) seen: Seen,
}

fn waits(run: &Run) -> BTreeMap<StepPath, u64> {
    let wait = |(path, state): (&StepPath, &StepState)| match state {
        StepState::Waiting { until_ms, .. } => Some((path.clone(), *until_ms)),
        _ => None,
    };
    run.steps.iter().filter_map(wait).collect()
}

impl Witness {
    pub(super) fn new(run: Run) -> Witness {
        let work = run.steps.keys().map(|path| (path.clone(), Work::NotBegun)).collect();
        Witness {
            run,
            work,
            inputs: BTreeMap::new(),
            due_before: BTreeMap::new(),
            seen: Seen::new(),
        }
    }

    pub(super) fn saw(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    /// `input` was taken, and `decision` about it is durable.
    pub(super) fn committed(&mut self, cx: Cx, input: &Input, decision: &Decision, live: &Run) {
        let ended = matches!(self.run.phase, Phase::Ended { .. });
        assert!(!ended || *decision == Decision::default(), "a run that had ended went on");
        self.due_before = waits(&self.run);
        self.told(input);
        for event in &decision.events {
            self.event(cx, event);
        }
        assert_eq!(self.run, *live, "left: the journal folded, right: the live state");
        self.effects(input, decision);
        self.timely(cx, input, decision);
        self.settled();
    }

    /// What an input says about the world, whatever the run makes of it.
    fn told(&mut self, input: &Input) {
        match input {
            Input::AttemptEnded { attempt, outcome } => self.reported(attempt, outcome),
            Input::Resolve { path, resolution, .. } => {
                let Some(Work::Over(n, Fate::Doubtful)) = self.work.get(path) else {
                    panic!("a word on {path} was taken, which was not in doubt")
                };
                let n = *n;
                let work = match resolution {
                    Resolution::Done { output } => {
                        Work::Done { n, output: Value::Map(output.clone()) }
                    }
                    Resolution::Retry => {
                        assert!(self.run.cancel.is_none(), "retried though cancelled");
                        if self.step(path).effect == EffectClass::Once {
                            self.saw("world: a once step begun again by a person");
                        }
                        Work::Over(n, Fate::Again)
                    }
                    Resolution::Fail => Work::Over(n, Fate::Failed),
                };
                self.work.insert(path.clone(), work);
            }
            Input::Start
            | Input::Evaluated(_)
            | Input::Wake { .. }
            | Input::Cancel { .. }
            | Input::Pause { .. }
            | Input::Resume { .. }
            | Input::Recover => {}
        }
    }

    /// Only the first report of the attempt that is out counts.
    fn reported(&mut self, attempt: &AttemptId, outcome: &Outcome) {
        if attempt.run != self.run.id
            || self.work.get(&attempt.path) != Some(&Work::Out(attempt.number))
        {
            return self.saw("stale: a result");
        }
        self.saw(match outcome {
            Outcome::Succeeded { .. } => "outcome: succeeded",
            Outcome::Failed { .. } => "outcome: failed",
            Outcome::NeverStarted { .. } => "outcome: never started",
            Outcome::LostBeforeStart { .. } => "outcome: lost before start",
            Outcome::TimedOut { .. } => "outcome: timed out",
            Outcome::Stopped { why: StopReason::Cancel } => "outcome: stopped by cancel",
            Outcome::Stopped { why: StopReason::Drain } => "outcome: stopped by drain",
            Outcome::Lost { .. } => "outcome: lost",
            Outcome::Orphaned { .. } => "outcome: orphaned",
        });
        let n = attempt.number;
        let work = match outcome {
            Outcome::Succeeded { output } => Work::Done { n, output: output.clone() },
            other => Work::Over(n, self.fate(&attempt.path, n, other)),
        };
        self.work.insert(attempt.path.clone(), work);
    }

    /// The promises of design.md, section 2, written down a second time.
    fn fate(&mut self, path: &StepPath, n: u32, outcome: &Outcome) -> Fate {
        let step = self.step(path);
        let (effect, retry) = (step.effect, &step.retry);
        let harmless = matches!(effect, EffectClass::Pure | EffectClass::Idempotent);
        let cancelling = self.run.cancel.is_some();
        let may_be_tried = n < retry.attempts && !cancelling;
        let too_often = n >= retry.attempts + MAX_LOSSES;
        let again_if = |allowed: bool| {
            if allowed && may_be_tried { Fate::Again } else { Fate::Failed }
        };
        let unseen = if cancelling {
            Fate::Cancelled
        } else if too_often {
            Fate::Doubtful
        } else {
            Fate::Again
        };
        let fate = match (outcome, effect) {
            (Outcome::Succeeded { .. }, _) => unreachable!("not over but done"),
            (Outcome::Failed { error, .. }, EffectClass::Once) => {
                again_if(error.class.retryable() && retry.declared_on_step)
            }
            (Outcome::Failed { error, .. } | Outcome::NeverStarted { error }, _) => {
                again_if(error.class.retryable())
            }
            (Outcome::LostBeforeStart { .. }, _) => unseen,
            (Outcome::TimedOut { .. }, EffectClass::Unknown) => again_if(retry.declared_on_step),
            (_, EffectClass::Once) => Fate::Doubtful,
            (Outcome::TimedOut { .. }, _) => again_if(true),
            (Outcome::Stopped { why: StopReason::Cancel }, _) => Fate::Cancelled,
            (Outcome::Stopped { why: StopReason::Drain }, EffectClass::Unknown) => Fate::Failed,
            (
                Outcome::Stopped { why: StopReason::Drain }
                | Outcome::Lost { .. }
                | Outcome::Orphaned { .. },
                _,
            ) if harmless => unseen,
            (Outcome::Stopped { .. } | Outcome::Lost { .. } | Outcome::Orphaned { .. }, _) => {
                Fate::Doubtful
            }
        };
        if harmless && fate == Fate::Doubtful {
            self.saw("world: lost too often");
        }
        fate
    }

    /// Effects are what the state says is under way, no more and no less.
    fn effects(&mut self, input: &Input, decision: &Decision) {
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

        let recovering = matches!(input, Input::Recover);
        let cancelled_now =
            decision.events.iter().any(|e| matches!(e, Event::CancelRequested { .. }));
        let cancelling = self.run.cancel.is_some();
        for (path, state) in &self.run.steps {
            let changed = decision.events.iter().any(|e| e.path() == Some(path));
            let asked = decision.effects.iter().any(|e| match e {
                Effect::Evaluate(job) => match &job.purpose {
                    Purpose::Ask { path: p, failed } => {
                        assert_eq!(*failed, self.failed_before(p), "what failed() says to {p}");
                        p == path
                    }
                    Purpose::StepOutputs { path: p, .. } => p == path,
                    Purpose::RunOutputs => false,
                    other => unreachable!("{other:?} is not made here"),
                },
                _ => false,
            });
            let evaluating = matches!(state, StepState::Ready | StepState::Confirmed { .. });
            assert_eq!(asked, evaluating && (changed || recovering), "evaluation of {path}");
            let stopped = decision
                .effects
                .iter()
                .any(|e| matches!(e, Effect::Stop { attempt, .. } if attempt.path == *path));
            let running = matches!(state, StepState::Running { .. });
            let stop_due = running && (cancelled_now || (recovering && cancelling));
            assert_eq!(stopped, stop_due, "stop of {path}");
        }
        if recovering && decision.effects.iter().any(|e| matches!(e, Effect::Stop { .. })) {
            self.saw("driver: stop asked for again");
        }
    }

    /// Waits end by the timer that fired, not by the clock on the wall; nothing
    /// that is due is left behind.
    fn timely(&self, cx: Cx, input: &Input, decision: &Decision) {
        let fired_ms = match input {
            Input::Wake { up_to_ms } => Some(*up_to_ms),
            Input::Recover => Some(cx.now_ms),
            _ => None,
        };
        for event in &decision.events {
            if let Event::StepCompleted { path, .. } = event
                && let Some(until_ms) = self.due_before.get(path)
            {
                assert!(fired_ms >= Some(*until_ms), "{path} did not wait to its end");
            }
        }
        if let Some(fired_ms) = fired_ms
            && !cx.hold
        {
            assert!(self.run.next_wake().is_none_or(|due| due > fired_ms), "left behind");
        }
    }

    /// What holds after every commit.
    fn settled(&self) {
        let run = &self.run;
        let due = run
            .steps
            .values()
            .filter_map(|s| match s {
                StepState::Waiting { until_ms, .. } => Some(*until_ms),
                StepState::Retrying { due_ms, .. } => Some(*due_ms),
                _ => None,
            })
            .min();
        assert_eq!(run.next_wake(), due, "left: next wake, right: the earliest due time");
        match run.phase {
            Phase::Queued => {
                assert!(run.steps.values().all(|s| *s == StepState::Pending));
            }
            Phase::Active { .. } => {
                assert!(!run.steps.values().all(StepState::ended), "active, with nothing left");
                if run.cancel.is_some() {
                    assert!(run.steps.values().all(|s| s.ended()
                        || matches!(
                            s,
                            StepState::Running { .. }
                                | StepState::Confirmed { .. }
                                | StepState::InDoubt { .. }
                        )));
                }
            }
            Phase::Finishing { .. } | Phase::Closing { .. } | Phase::Ended { .. } => {
                assert_eq!(due, None);
            }
        }
    }

    /// Whether a step failed that `path` depends on, near or far.
    fn failed_before(&self, path: &StepPath) -> bool {
        self.step(path).needs.keys().map(StepPath::top).any(|need| {
            matches!(self.run.steps[&need], StepState::Failed { .. }) || self.failed_before(&need)
        })
    }

    pub(super) fn step(&self, path: &StepPath) -> &Step {
        self.run.definition_of(path).expect("the step is defined")
    }
}
