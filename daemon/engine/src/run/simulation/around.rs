//! What stands around the driver: the runner, the evaluator, the clock and people.

use super::world::{Mood, World};
use crate::name::{AttemptId, RunId, StepPath};
use crate::outcome::{ErrorClass, Outcome, StopReason};
use crate::run::tests::build::{ana, error, fields, ident, is_offered, label, request};
use crate::run::{Asked, Evaluation, Input, Purpose, Resolution, StepState};
use crate::value::Value;
use crate::workflow::{Action, Wait};

/// What a failed attempt mostly fails with.
pub(super) const EXIT: ErrorClass = ErrorClass::Exit(1);

impl World {
    // the runner

    /// One attempt begins, ends or reports once more.
    pub(super) fn runner_moves(&mut self) {
        let ids: Vec<AttemptId> = self.held.keys().cloned().collect();
        if ids.is_empty() {
            return;
        }
        let id = self.rng.pick(&ids).clone();
        let held = &self.held[&id];
        if let Some(outcome) = held.outcome.clone() {
            self.inbox.push(Input::AttemptEnded { attempt: id, outcome });
            return;
        }
        let (begun, stop) = (held.begun, held.stop);
        let outcome = if begun { Some(self.end_of(stop)) } else { self.beginning(stop) };
        if let Some(outcome) = &outcome {
            let (attempt, outcome) = (id.clone(), outcome.clone());
            self.inbox.push(Input::AttemptEnded { attempt, outcome });
        }
        let held = self.held.get_mut(&id).expect("held");
        held.outcome = outcome;
        if !held.begun && held.outcome.is_none() {
            held.begun = true;
            self.begun.insert(id, true);
        }
    }

    /// How an attempt fares before it has begun; none when it begins.
    fn beginning(&mut self, stop: Option<StopReason>) -> Option<Outcome> {
        let why = || "stopped before it had begun".to_owned();
        match self.rng.below(20) {
            _ if stop.is_some() => Some(Outcome::LostBeforeStart { why: why() }),
            0 => Some(Outcome::LostBeforeStart { why: why() }),
            1 => Some(Outcome::NeverStarted { error: error(ErrorClass::Connection) }),
            2 => Some(Outcome::NeverStarted { error: error(ErrorClass::InvalidInput) }),
            _ => None,
        }
    }

    fn end_of(&mut self, stop: Option<StopReason>) -> Outcome {
        self.results += 1;
        let result = Value::Int(self.results);
        let failed = |class| Outcome::Failed { error: error(class), output: result.clone() };
        // what a stop meets is mostly a stopped attempt
        if let Some(why) = stop.filter(|_| self.rng.percent(60)) {
            return Outcome::Stopped { why };
        }
        if let Mood::Lossy = self.mood
            && self.rng.percent(95)
        {
            return Outcome::Lost { why: "the machine went down".into() };
        }
        let worst = match self.mood {
            Mood::Kind => 1000,
            Mood::Mixed | Mood::Lossy => 100,
        };
        match self.rng.below(worst) {
            0..18 => failed(EXIT),
            18..22 => failed(ErrorClass::Business),
            22..31 => Outcome::TimedOut { after_ms: 1000 },
            31..33 => Outcome::Stopped { why: StopReason::Drain },
            // nobody asked for that
            33 => Outcome::Stopped { why: StopReason::Cancel },
            34..45 => Outcome::Lost { why: "the machine went down".into() },
            _ => Outcome::Succeeded { output: result },
        }
    }

    // the evaluator

    pub(super) fn evaluate_one(&mut self) {
        let Some(job) = self.rng.take(&mut self.evaluations) else { return };
        let fails = self.rng.percent(2);
        let failure = || error(ErrorClass::InvalidInput);
        let n = i64::try_from(self.rng.below(9)).expect("small");
        let evaluation = match job.purpose {
            Purpose::Ask { path, .. } => {
                let step = self.live.definition_of(&path).expect("defined");
                let conditional = step.condition.is_some();
                let asked = match &step.action {
                    Action::Task { .. } => Asked::Run(Value::from([("with", Value::Int(n))])),
                    Action::Set(_) => Asked::Set([(ident("x"), Value::Int(n))].into()),
                    Action::Wait(Wait::Event(_)) => Asked::Await,
                    Action::Wait(_) => Asked::Wait { until_ms: None },
                    Action::Group(_) | Action::While(_) | Action::Repeat(_) => Asked::Enter,
                    Action::ForEach(_) => {
                        let count = u32::try_from(n % 5).expect("small");
                        Asked::Items { items: Value::Int(n), count }
                    }
                    Action::Call(_) => Asked::Call { revision: 2, vars: fields(n) },
                    Action::Approval(_) => {
                        Asked::Approve(request([&[][..], &["bob", "@ops"]][self.rng.index(2)]))
                    }
                    Action::Switch(_) => Asked::Case([None, Some(0), Some(1)][self.rng.index(3)]),
                };
                let skip = conditional && self.rng.percent(40);
                let result = match (fails, skip) {
                    (true, _) => Err(failure()),
                    (false, true) => Ok(Asked::Skip),
                    (false, false) => Ok(asked),
                };
                Evaluation::Asked { path, result }
            }
            Purpose::StepOutputs { path, attempt, .. } => {
                let result = if fails { Err(failure()) } else { Ok(fields(n)) };
                Evaluation::StepOutputs { path, attempt, result }
            }
            Purpose::Again { path, turn } => {
                let result = if fails { Err(failure()) } else { Ok(self.rng.percent(50)) };
                Evaluation::Again { path, turn, result }
            }
            Purpose::BodyOutputs { path } => {
                let result = if fails { Err(failure()) } else { Ok(fields(n)) };
                Evaluation::BodyOutputs { path, result }
            }
            Purpose::Claims { path, .. } => {
                let step = self.live.definition_of(&path).expect("defined");
                let claims = step.claims.as_ref().expect("it claims");
                let result = match (fails, step.condition.is_some() && self.rng.percent(40)) {
                    (true, _) => Err(failure()),
                    (false, true) => Ok(None),
                    (false, false) => {
                        Ok(Some(claims.wanted(claims.lock.as_ref().map(|_| label("m")))))
                    }
                };
                Evaluation::Claims { path, result }
            }
            Purpose::Fits { path, event } => {
                let kept = self.others.events.get(&event).cloned();
                let offered = self.live.steps.get(&path).is_some_and(|s| is_offered(s, event));
                assert!(kept.is_some() || !offered, "an event is gone that {path} looks at");
                let result = match kept {
                    Some(event) if !fails => Ok(self.rng.percent(50).then_some(event)),
                    Some(_) | None => Err(failure()),
                };
                Evaluation::Fits { path, event, result }
            }
            Purpose::Key => {
                let result = if fails { Err(failure()) } else { Ok("k".into()) };
                Evaluation::Key { result }
            }
            Purpose::Gather { path, .. } => {
                let result = if fails { Err(failure()) } else { Ok(Value::Int(n)) };
                Evaluation::Gathered { path, result }
            }
            Purpose::RunOutputs => {
                let result = if fails { Err(failure()) } else { Ok(fields(n)) };
                Evaluation::RunOutputs { result }
            }
        };
        self.inbox.push(Input::Evaluated(evaluation));
    }

    // the clock

    pub(super) fn clock_moves(&mut self) {
        let by = self.rng.below(3000);
        self.now_ms = match self.rng.below(10) {
            0 => self.now_ms.saturating_sub(by * 100),
            1 => self.now_ms + by * 100,
            _ => self.now_ms + by,
        };
    }

    pub(super) fn person_pauses(&mut self) {
        let by = ana();
        self.inbox.push(match self.rng.percent(40) {
            true => Input::Pause { by },
            false => Input::Resume { by },
        });
    }

    /// The timer sleeps on the monotonic clock until what is due next.
    pub(super) fn timer_fires(&mut self) {
        if let Some(due_ms) = self.live.next_wake().filter(|_| !self.hold) {
            self.fire(due_ms);
        }
    }

    pub(super) fn fire(&mut self, due_ms: u64) {
        if self.rng.percent(70) {
            self.now_ms = self.now_ms.max(due_ms);
        } else if self.now_ms < due_ms {
            self.witness.saw("driver: timer fired, wall clock behind");
        }
        // what has become due in the meantime is taken along
        let late_ms = if self.rng.percent(25) { self.rng.below(6000) } else { 0 };
        self.inbox.push(Input::Wake { up_to_ms: due_ms + late_ms });
    }

    // people, and what comes late

    pub(super) fn person_decides(&mut self) {
        if self.rng.percent(60) {
            return self.resolve_a_doubt();
        }
        let mut paths: Vec<StepPath> = self.live.steps.keys().cloned().collect();
        paths.push("nobody".parse().expect("a path"));
        let path = self.rng.pick(&paths).clone();
        match self.rng.percent(80) {
            true => self.resolve(path),
            false => self.vote(path, "d1".into()),
        }
    }

    pub(super) fn resolve_a_doubt(&mut self) {
        let doubted = |(path, state): (&StepPath, &StepState)| {
            matches!(state, StepState::InDoubt { .. }).then(|| path.clone())
        };
        let mut paths: Vec<StepPath> = self.live.steps.iter().filter_map(doubted).collect();
        if let Some(path) = self.rng.take(&mut paths) {
            self.resolve(path);
        }
    }

    fn resolve(&mut self, path: StepPath) {
        let resolution = match self.rng.below(3) {
            0 => Resolution::Done { output: fields(1) },
            1 => Resolution::Retry,
            _ => Resolution::Fail,
        };
        let by = ana();
        self.inbox.push(match self.rng.below(4) {
            0 => Input::ResolveAll { below: None, resolution, by },
            1 => Input::ResolveAll { below: Some(around(&path)), resolution, by },
            _ => Input::Resolve { path, resolution, by },
        });
    }

    /// Something that came before comes again, or something that never was.
    pub(super) fn something_stale(&mut self) {
        let old = if self.history.is_empty() { None } else { Some(self.rng.pick(&self.history)) };
        let input = match (self.rng.below(5), old) {
            (0, _) => Input::Start,
            (1, _) => Input::Wake { up_to_ms: self.now_ms.saturating_sub(5000) },
            (2, Some(Input::AttemptEnded { attempt, .. })) => {
                // a result of an attempt that is not out
                let attempt = AttemptId { number: attempt.number + 1, ..attempt.clone() };
                if self.witness.state(&attempt.path).attempts() < attempt.number {
                    let outcome = Outcome::Succeeded { output: Value::Null };
                    self.step_and_commit(&Input::AttemptEnded { attempt, outcome });
                }
                return;
            }
            // the same attempt, but of another run
            (3, _) => {
                let ids: Vec<&AttemptId> = self.held.keys().collect();
                if ids.is_empty() {
                    return;
                }
                let attempt = AttemptId { run: RunId(1), ..(*self.rng.pick(&ids)).clone() };
                Input::AttemptEnded { attempt, outcome: Outcome::Succeeded { output: Value::Null } }
            }
            // a person repeats nothing by accident
            (_, Some(old))
                if !matches!(
                    old,
                    Input::Cancel { .. }
                        | Input::Pause { .. }
                        | Input::Resume { .. }
                        | Input::Vote { .. }
                ) =>
            {
                old.clone()
            }
            _ => return,
        };
        self.inbox.push(input);
    }
}

/// The step that `path` lies in: of a turn, its loop. A step of the run's own lists is
/// its own.
fn around(path: &StepPath) -> StepPath {
    let scope = path.scope().parse::<StepPath>().unwrap_or_else(|_| path.clone());
    scope.as_turn().map_or(scope, |(of, _)| of)
}
