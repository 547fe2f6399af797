//! What stands around the driver: the runner, the evaluator, the clock and people.

use std::collections::BTreeSet;

use super::driver::{Town, Work};
use super::random::{EVENTS, LARGEST_POOL, LOCKS, POOLS};
use crate::actor::{Actor, Origin};
use crate::name::{AttemptId, RunId, StepPath};
use crate::outcome::{ErrorClass, Outcome, StopReason};
use crate::run::tests::build::{ana, error, fields, ident, is_offered, label};
use crate::run::{
    ApprovalRequest, Asked, Evaluation, EventId, Input, Published, Purpose, Resolution, Run,
    StepState, Vote,
};
use crate::value::{Map, Value};
use crate::workflow::{Action, Step, Wait};

impl Town {
    pub(super) fn trouble(&mut self) {
        match self.rng.below(100) {
            0..22 => _ = self.carry_out_next(),
            22..38 => _ = self.evaluate_one(),
            38..52 => self.runner_moves(),
            52..70 => _ = self.drive(),
            70..72 => self.clock_moves(),
            72..77 => _ = self.hold || self.fire_next(),
            77..84 => self.submit(),
            84..88 => self.person_decides(),
            88..90 => self.publish(),
            90..92 => self.order(|by| Input::Cancel { by }),
            92..94 => self.order(|by| Input::Pause { by }),
            94..97 => self.order(|by| Input::Resume { by }),
            97 => self.resize(),
            98 if self.rng.percent(30) => self.drain(),
            99 if self.rng.percent(60) => {
                self.witness.saw("driver: crash after the commit");
                self.restart();
            }
            _ => {}
        }
    }

    // the runner

    /// One attempt begins, ends or reports once more.
    pub(super) fn runner_moves(&mut self) {
        let ids: Vec<AttemptId> = self.held.keys().cloned().collect();
        if ids.is_empty() {
            return;
        }
        let id = self.rng.pick(&ids).clone();
        let (begun, stop, known) = {
            let held = &self.held[&id];
            (held.begun, held.stop, held.outcome.clone())
        };
        let outcome = match (known, begun) {
            (Some(outcome), _) => Some(outcome),
            (None, true) => Some(self.end_of(stop)),
            (None, false) if stop.is_some() => {
                Some(Outcome::LostBeforeStart { why: "stopped before it had begun".into() })
            }
            (None, false) => None,
        };
        if let Some(outcome) = &outcome {
            let (attempt, outcome) = (id.clone(), outcome.clone());
            self.inbox.push((id.run, Input::AttemptEnded { attempt, outcome }));
        }
        let held = self.held.get_mut(&id).expect("held");
        held.begun = true;
        held.outcome = outcome;
    }

    fn end_of(&mut self, stop: Option<StopReason>) -> Outcome {
        self.results += 1;
        let result = Value::Int(self.results);
        if let Some(why) = stop.filter(|_| self.rng.percent(70)) {
            return Outcome::Stopped { why };
        }
        let failed = |class| Outcome::Failed { error: error(class), output: result.clone() };
        match self.rng.below(100) {
            0..12 => failed(ErrorClass::Exit(1)),
            12..15 => failed(ErrorClass::Business),
            15..17 => Outcome::TimedOut { after_ms: 1000 },
            17 => Outcome::Stopped { why: StopReason::Cancel },
            18..22 => Outcome::Lost { why: "the machine went down".into() },
            _ => Outcome::Succeeded { output: result },
        }
    }

    // the evaluator

    pub(super) fn evaluate_one(&mut self) -> bool {
        let Some(job) = self.rng.take(&mut self.evaluations) else { return false };
        let (run, definition) = (job.run, job.definition);
        let failure = || error(ErrorClass::InvalidInput);
        let fails = self.rng.percent(2);
        let n = i64::try_from(self.rng.below(9)).expect("small");
        let map = || if fails { Err(failure()) } else { Ok(fields(n)) };
        let evaluation = match job.purpose {
            Purpose::Ask { path, .. } => {
                let step = definition.step_at(&path).expect("defined");
                let asked = self.answer(run, &path, step, n);
                let skip = step.condition.is_some() && self.rng.percent(30);
                let result = match (fails, skip, asked) {
                    (false, true, _) => Ok(Asked::Skip),
                    (false, false, Some(asked)) => Ok(asked),
                    (true, ..) | (false, false, None) => Err(failure()),
                };
                Evaluation::Asked { path, result }
            }
            Purpose::StepOutputs { path, attempt, .. } => {
                Evaluation::StepOutputs { path, attempt, result: map() }
            }
            Purpose::Again { path, turn } => {
                Evaluation::Again { path, turn, result: Ok(self.rng.percent(50)) }
            }
            Purpose::BodyOutputs { path } => Evaluation::BodyOutputs { path, result: map() },
            Purpose::Gather { path, .. } => {
                let result = if fails { Err(failure()) } else { Ok(Value::Int(n)) };
                Evaluation::Gathered { path, result }
            }
            Purpose::RunOutputs => Evaluation::RunOutputs { result: map() },
            Purpose::Claims { path, .. } => {
                let step = definition.step_at(&path).expect("defined");
                let claims = step.claims.as_ref().expect("it claims");
                let lock = claims.lock.as_ref().map(|lock| match lock.as_literal() {
                    Some(Value::Text(name)) => label(&name),
                    _ => label(self.rng.pick::<&str>(&LOCKS)),
                });
                let skip = step.condition.is_some() && self.rng.percent(30);
                let result = match (fails, skip) {
                    (true, _) => Err(failure()),
                    (false, true) => Ok(None),
                    (false, false) => Ok(Some(claims.wanted(lock))),
                };
                Evaluation::Claims { path, result }
            }
            Purpose::Fits { path, event } => {
                let kept = self.events.get(&event).cloned();
                let offered = self.runs[&run].steps.get(&path);
                let offered = offered.is_some_and(|state| is_offered(state, event));
                assert!(kept.is_some() || !offered, "an event is gone that {path} looks at");
                let result = match kept {
                    Some(event) if !fails => Ok(self.rng.percent(60).then_some(event)),
                    Some(_) | None => Err(failure()),
                };
                Evaluation::Fits { path, event, result }
            }
            Purpose::Key => {
                let result = if fails { Err(failure()) } else { Ok((n % 2).to_string()) };
                Evaluation::Key { result }
            }
        };
        self.inbox.push((run, Input::Evaluated(evaluation)));
        true
    }

    /// What the expressions of a step give; none when they cannot be evaluated.
    fn answer(&mut self, run: RunId, path: &StepPath, step: &Step, n: i64) -> Option<Asked> {
        Some(match &step.action {
            Action::Task { .. } => Asked::Run(Value::from([("with", Value::Int(n))])),
            Action::Set(_) => Asked::Set([(ident("x"), Value::Int(n))].into()),
            Action::Wait(Wait::Event(_)) => Asked::Await,
            Action::Wait(_) => Asked::Wait { until_ms: None },
            Action::Group(_) | Action::While(_) | Action::Repeat(_) => Asked::Enter,
            Action::ForEach(_) => {
                let count = u32::try_from(n % 4).expect("small");
                Asked::Items { items: Value::Int(n), count }
            }
            Action::Switch(_) => Asked::Case(None),
            Action::Call(_) if self.is_full() => return None,
            Action::Call(call) => {
                let revisions = self.workflows.iter().find(|w| w[0].name == call.workflow)?;
                let revision = self.rng.index(revisions.len());
                Asked::Call { revision: u32::try_from(revision).ok()?, vars: Map::new() }
            }
            Action::Approval(_) => Asked::Approve(ApprovalRequest {
                message: "may it?".into(),
                shown: Map::new(),
                approvers: [vec![], vec!["bob".to_owned(), "@ops".to_owned()]][self.rng.index(2)]
                    .clone(),
                digest: format!("{} {path}", run.0),
            }),
        })
    }

    // the clock

    fn clock_moves(&mut self) {
        let by = self.rng.below(3000);
        self.now_ms = match self.rng.below(10) {
            0 => self.now_ms.saturating_sub(by * 10),
            1 => self.now_ms + by * 10,
            _ => self.now_ms + by,
        };
    }

    /// The timer sleeps until what is due next, of all runs.
    pub(super) fn fire_next(&mut self) -> bool {
        let due = self.open_runs().filter_map(|run| Some((run.next_wake()?, run.id)));
        let Some((due_ms, run)) = due.min() else { return false };
        self.now_ms = self.now_ms.max(due_ms);
        self.transact(Work::Input(run, Input::Wake { up_to_ms: due_ms }));
        true
    }

    // people

    fn any_open(&mut self) -> Option<RunId> {
        let mut open = self.open();
        self.rng.take(&mut open)
    }

    fn order(&mut self, order: impl FnOnce(Actor) -> Input) {
        if let Some(run) = self.any_open() {
            self.inbox.push((run, order(ana())));
        }
    }

    fn resize(&mut self) {
        let size = 1 + u32::try_from(self.rng.below(LARGEST_POOL)).expect("small");
        let pool = label(self.rng.pick::<&str>(&POOLS));
        self.transact(Work::Resize(pool, size));
    }

    pub(super) fn publish(&mut self) {
        let name = *self.rng.pick(&EVENTS);
        self.publish_one(name);
    }

    pub(super) fn publish_one(&mut self, name: &str) {
        self.results += 1;
        let id = EventId(self.results.unsigned_abs().into());
        let (data, at) = (Value::Int(self.results), "now".to_owned());
        let name = name.parse().expect("a name");
        self.transact(Work::Publish(Published { id, name, data, by: ana(), at }));
    }

    pub(super) fn person_decides(&mut self) {
        let Some(run) = self.any_open() else { return };
        let paths: Vec<StepPath> = self.runs[&run].steps.keys().cloned().collect();
        if !paths.is_empty() {
            let path = self.rng.pick(&paths).clone();
            self.decide_on(run, path);
        }
    }

    /// A person does what can be done about a step.
    pub(super) fn decide_on(&mut self, run: RunId, path: StepPath) {
        let input = match &self.runs[&run].steps[&path] {
            StepState::Asking(asking) => {
                let digest = match self.rng.percent(95) {
                    true => asking.request.digest.clone(),
                    false => "another".to_owned(),
                };
                let who = *self.rng.pick(&["ana", "bob", "bob", "eva", "eva"]);
                let groups = match who {
                    "eva" => BTreeSet::from(["ops".to_owned()]),
                    _ => BTreeSet::new(),
                };
                let vote = Vote {
                    by: Actor { who: who.into(), origin: Origin::Console },
                    approves: self.rng.percent(80),
                    fields: Map::new(),
                    comment: String::new(),
                    at: "now".into(),
                };
                Input::Vote { path, vote, groups, digest }
            }
            _ => {
                let resolution = match self.rng.below(3) {
                    0 => Resolution::Done { output: fields(1) },
                    1 => Resolution::Retry,
                    _ => Resolution::Fail,
                };
                Input::Resolve { path, resolution, by: ana() }
            }
        };
        self.transact(Work::Input(run, input));
    }

    /// The steps of a run that wait for somebody, or something, from outside.
    pub(super) fn waits_outside(run: &Run) -> Vec<StepPath> {
        let outside = |(path, state): (&StepPath, &StepState)| {
            let outside = matches!(
                state,
                StepState::Asking(_) | StepState::Awaiting(_) | StepState::InDoubt { .. }
            );
            outside.then(|| path.clone())
        };
        run.steps.iter().filter_map(outside).collect()
    }
}
