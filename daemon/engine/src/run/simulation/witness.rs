//! An independent account of one run, kept from what was committed.
//!
//! It folds the journal, knows what was begun and confirmed in the world, and
//! panics on the first thing that should not be.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::Seen;
use crate::name::{AttemptId, Label, RunId, StepPath};
use crate::outcome::{Outcome, StopReason};
use crate::run::verdict::MAX_LOSSES;
use crate::run::{
    Cx, Decision, Evaluation, Event, Input, Phase, Resolution, Run, Stage, StepState,
};
use crate::value::Value;
use crate::workflow::EffectClass;

/// What must become of a step whose attempt gave no result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fate {
    /// Another attempt follows, by leave of `retry`, if there is time.
    Retry,
    /// Another attempt follows.
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
    /// The journal, folded and pruned.
    pub(super) run: Run,
    /// The last state of each step that ever had one: the rows of the store.
    pub(super) ever: BTreeMap<StepPath, StepState>,
    pub(super) work: BTreeMap<StepPath, Work>,
    /// What the first attempt of each task was given, and when.
    pub(super) inputs: BTreeMap<StepPath, (u64, Value)>,
    /// Which case each switch chose.
    pub(super) cases: BTreeMap<StepPath, Option<u32>>,
    /// How many turns each loop has at most.
    pub(super) most: BTreeMap<StepPath, u32>,
    /// The answers that conditions of loops were given.
    pub(super) answers: BTreeSet<(StepPath, u32, Option<bool>)>,
    /// Steps with a body whose time has run out.
    pub(super) timed_out: BTreeSet<String>,
    /// Handlers and undoing were cancelled.
    pub(super) stopped: bool,
    /// What is to be undone should the run fail, the last to complete last.
    pub(super) to_undo: Vec<StepPath>,
    pub(super) undoing: Option<StepPath>,
    /// Stages still to come, once the run's end is settled.
    pub(super) stages: Option<VecDeque<Stage>>,
    /// Steps in doubt, since when there are any, and how long there were any before that.
    pub(super) doubts: BTreeSet<StepPath>,
    pub(super) doubt_since_ms: u64,
    pub(super) doubted_ms: u64,
    /// Votes by people, of steps that ask: the last of each.
    pub(super) votes: BTreeMap<StepPath, BTreeMap<String, bool>>,
    /// Locks that steps have asked for, granted or not.
    pub(super) asked_for: BTreeMap<StepPath, BTreeSet<Label>>,
    /// Steps whose lease has ended, and that have not.
    pub(super) leases: BTreeSet<String>,
    /// Runs that were called and are to end.
    pub(super) cancelled: BTreeSet<RunId>,
    /// What the present input says: a lock is granted or refused, an event that fits has
    /// come, timers have fired.
    pub(super) granted: Option<(StepPath, Label)>,
    pub(super) refused: Option<StepPath>,
    pub(super) came: Option<StepPath>,
    pub(super) fired_ms: Option<u64>,
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
        Witness {
            run,
            ever: BTreeMap::new(),
            work: BTreeMap::new(),
            inputs: BTreeMap::new(),
            cases: BTreeMap::new(),
            most: BTreeMap::new(),
            answers: BTreeSet::new(),
            timed_out: BTreeSet::new(),
            stopped: false,
            to_undo: Vec::new(),
            undoing: None,
            stages: None,
            doubts: BTreeSet::new(),
            doubt_since_ms: 0,
            doubted_ms: 0,
            votes: BTreeMap::new(),
            asked_for: BTreeMap::new(),
            leases: BTreeSet::new(),
            cancelled: BTreeSet::new(),
            granted: None,
            refused: None,
            came: None,
            fired_ms: None,
            due_before: BTreeMap::new(),
            seen: Seen::new(),
        }
    }

    pub(super) fn saw(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    pub(super) fn work(&self, path: &StepPath) -> Work {
        self.work.get(path).cloned().unwrap_or(Work::NotBegun)
    }

    /// `input` was taken, and `decision` about it is durable; `live` is pruned.
    pub(super) fn committed(&mut self, cx: Cx, input: &Input, decision: &Decision, live: &Run) {
        let ended = matches!(self.run.phase, Phase::Ended { .. });
        assert!(!ended || *decision == Decision::default(), "a run that had ended went on");
        self.due_before = waits(&self.run);
        let stood = self.run.stands();
        self.hears(cx, input);
        self.told(cx, input);
        for event in &decision.events {
            self.event(cx, event);
        }
        self.effects(cx, input, decision);
        self.messages(stood, decision);
        self.run.prune();
        assert_eq!(self.run, *live, "left: the journal folded, right: the live state");
        self.timely(cx, input, decision);
        self.settled(cx);
    }

    /// A person's word on a step in doubt.
    fn resolved(&mut self, path: &StepPath, resolution: &Resolution) {
        let Work::Over(n, Fate::Doubtful) = self.work(path) else {
            panic!("a word on {path} was taken, which was not in doubt")
        };
        let work = match resolution {
            Resolution::Done { output } => Work::Done { n, output: Value::Map(output.clone()) },
            Resolution::Retry => {
                assert!(!self.halted(path), "retried though halted");
                if self.step(path).effect == EffectClass::Once {
                    self.saw("world: a once step begun again by a person");
                }
                Work::Over(n, Fate::Again)
            }
            Resolution::Fail => Work::Over(n, Fate::Failed),
        };
        self.work.insert(path.clone(), work);
    }

    /// What an input says about the world, whatever the run makes of it.
    fn told(&mut self, cx: Cx, input: &Input) {
        match input {
            Input::AttemptEnded { attempt, outcome } => self.reported(cx, attempt, outcome),
            Input::Resolve { path, resolution, .. } => self.resolved(path, resolution),
            Input::ResolveAll { below, resolution, .. } => {
                for path in self.run.doubts(below.as_ref()) {
                    self.resolved(&path, resolution);
                }
            }
            Input::Evaluated(Evaluation::Again { path, turn, result }) => {
                self.answers.insert((path.clone(), *turn, result.clone().ok()));
            }
            Input::Start
            | Input::Offer
            | Input::Gated(_)
            | Input::Claimed { .. }
            | Input::Called { .. }
            | Input::Published { .. }
            | Input::Vote { .. }
            | Input::Unheld { .. }
            | Input::Evaluated(_)
            | Input::Wake { .. }
            | Input::Cancel { .. }
            | Input::Pause { .. }
            | Input::Resume { .. }
            | Input::Recover => {}
        }
    }

    /// Only the first report of the attempt that is out counts.
    fn reported(&mut self, cx: Cx, attempt: &AttemptId, outcome: &Outcome) {
        if attempt.run != self.run.id || self.work(&attempt.path) != Work::Out(attempt.number) {
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
            other => Work::Over(n, self.fate(cx, &attempt.path, n, other)),
        };
        self.work.insert(attempt.path.clone(), work);
    }

    /// The promises of design.md, section 2, written down a second time.
    pub(super) fn fate(&mut self, cx: Cx, path: &StepPath, n: u32, outcome: &Outcome) -> Fate {
        let step = self.step(path);
        let (effect, retry) = (step.effect, &step.retry);
        let harmless = matches!(effect, EffectClass::Pure | EffectClass::Idempotent);
        let halted = self.halted(path);
        let elapsed_ms = cx.now_ms.saturating_sub(self.inputs[path].0);
        // the pause is not known here, but it cannot be less than nothing
        let no_time = retry.total_ms.is_some_and(|total| elapsed_ms > total);
        let may_be_tried = n < retry.attempts && !halted && !no_time;
        let too_often = n >= retry.attempts + MAX_LOSSES;
        let again_if = |allowed: bool| {
            if allowed && may_be_tried { Fate::Retry } else { Fate::Failed }
        };
        let unseen = if halted {
            Fate::Cancelled
        } else if too_often {
            Fate::Doubtful
        } else {
            Fate::Again
        };
        let fate = match (outcome, effect) {
            (Outcome::Succeeded { .. }, _) => unreachable!("not over but done"),
            (Outcome::Failed { error, .. }, EffectClass::Once) => {
                again_if(retry.takes(error.class) && retry.declared_on_step)
            }
            (Outcome::Failed { error, .. } | Outcome::NeverStarted { error }, _) => {
                again_if(retry.takes(error.class))
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

    /// Waits end by the timer that fired, not by the clock on the wall; nothing
    /// that is due is left behind.
    fn timely(&mut self, cx: Cx, input: &Input, decision: &Decision) {
        let fired_ms = match input {
            Input::Wake { up_to_ms } => Some(*up_to_ms),
            Input::Recover | Input::Resume { .. } => Some(cx.now_ms),
            _ => None,
        };
        for event in &decision.events {
            if let Event::StepCompleted { path, .. } = event
                && let Some(until_ms) = self.due_before.get(path)
            {
                assert!(fired_ms >= Some(*until_ms), "{path} did not wait to its end");
            }
        }
        assert_eq!(self.run.next_wake(), self.next_due_ms(), "left: next wake, right: due next");
        if let Some(due_ms) = self.run.next_wake()
            && !cx.hold
        {
            let mut woken = self.run.clone();
            let wake = Input::Wake { up_to_ms: due_ms };
            let decided = woken.step(cx, wake).expect("a timer is never refused");
            assert!(!decided.events.is_empty(), "woken for nothing: {:#?}", self.run);
            if let Some(fired_ms) = fired_ms.filter(|fired_ms| *fired_ms >= due_ms) {
                self.saw("driver: due as soon as it began");
                for (path, state) in &self.ever {
                    let due = self.due_ms(state).is_some_and(|due_ms| due_ms <= fired_ms);
                    let now = decision.events.iter().any(|event| event.path() == Some(path));
                    assert!(!due || now, "{path} was left behind");
                }
            }
        }
    }
}
