//! A run without a world: the engine as it is, evaluations as they are, attempts that end
//! as the test says, and a clock that goes to the next moment at which something is due.
//!
//! | what is there to do | it is |
//! |---|---|
//! | an evaluation is asked for | evaluated, and its answer handed in |
//! | a step is in doubt and the test says what a person decides | decided |
//! | neither | the clock goes on: to what comes from outside, a timer, the cancel |
//! | nothing is due | over: the run has ended, or has a doubt |

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use rpa_config::evaluate::{Expressions, Records, StepRecord, large};
use rpa_config::expr::{Evaluator, SecretSource};
use rpa_config::testfile::{Called, Test, variables};
use rpa_engine::run::{
    Acceptance, ChildOrder, ClaimAnswer, Cx, Decision, Effect, EvalJob, Event, GateAnswer, Input,
    Message, Phase, Promise, Resolution, Run, RunEnd, RunStatus, StepState,
};
use rpa_engine::{
    Action, Actor, Ident, Map, Origin, Outcome, RunId, StepPath, TaskError, Value, Workflow,
};

use super::answer::NoResult;
use super::asked::NoApprover;
use super::memory::Memory;
use super::outside::UnderWay;

/// Most inputs to one run: a test of more is a loop that nobody waits for.
const MOST_INPUTS: u32 = 1_000_000;
/// What stands in for a secret of which the test says nothing.
pub(super) const STAND_IN: &str = "***";

/// What came of a run.
#[derive(Clone, Debug)]
pub(super) struct Played {
    pub(super) status: RunStatus,
    /// What ended it, and at which step.
    pub(super) error: Option<(Option<StepPath>, TaskError)>,
    pub(super) outputs: Map,
    /// The steps that did something, in the order in which they began.
    pub(super) path: Vec<StepPath>,
    pub(super) steps: BTreeMap<StepPath, StepRecord>,
    /// What tasks, called runs and people were given, with stand-ins for secrets.
    pub(super) inputs: BTreeMap<StepPath, Value>,
    pub(super) elapsed_ms: u64,
    /// The secrets that attempts have read.
    pub(super) secrets: BTreeSet<Ident>,
    /// How many results of an entry of the test were used, by its place.
    pub(super) used: BTreeMap<usize, usize>,
    /// The promises that are broken, in their order.
    pub(super) late: Vec<Promise>,
}

/// Why a run could not be played to its end.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stuck {
    NoResult(NoResult),
    NoApprover(NoApprover),
    /// These wait for what the test does not tell of, and no time-out ends it.
    Waits(Vec<StepPath>),
    /// A person's word that the engine does not take.
    Refused(String),
    Endless,
    /// A document could not be put aside or found again.
    Document(String),
}

/// Plays a run of `workflow` as `test`, which fits it, says. `called` are the workflows
/// that it calls, as far as they are known.
pub(super) fn play(
    test: &Test,
    workflow: &Arc<Workflow>,
    called: &Called,
) -> Result<Played, Stuck> {
    let id = test.run.unwrap_or(RunId(u128::from(test.now_ms) << 80 | 0x7000_8000_4444_5555_6666));
    let actor = Actor { who: "rpa test".into(), origin: Origin::Cli };
    let vars = variables(test, workflow);
    let memory = Memory::new(called.clone());
    let vars = large::spill_map(vars, &|v| Records::put(&memory, id, v));
    let run = Run::accept(Acceptance {
        id,
        revision: 1,
        definition: workflow.clone(),
        actor: actor.clone(),
        request_id: "test".into(),
        accepted_ms: test.now_ms,
        parent: None,
        priority: workflow.priority,
        vars: vars.map_err(|e| Stuck::Document(e.to_string()))?,
        kept: Vec::new(),
    });
    let play = Play {
        test,
        run,
        actor,
        now_ms: test.now_ms,
        expressions: Expressions::new(Evaluator::default(), memory),
        jobs: VecDeque::new(),
        decisions: VecDeque::new(),
        coming: Vec::new(),
        resolutions: BTreeMap::new(),
        cancel_ms: test.cancel_ms.map(|ms| test.now_ms.saturating_add(ms)),
        path: Vec::new(),
        begun: BTreeSet::new(),
        inputs: BTreeMap::new(),
        secrets: StandIns { given: &test.secrets, asked: Mutex::default() },
        events: 0,
        used: BTreeMap::new(),
        late: Vec::new(),
    };
    play.finish()
}

pub(super) struct Play<'t> {
    pub(super) test: &'t Test,
    pub(super) run: Run,
    pub(super) actor: Actor,
    pub(super) now_ms: u64,
    pub(super) expressions: Expressions<Memory>,
    pub(super) jobs: VecDeque<EvalJob>,
    /// Steps in doubt of which it is known what a person says.
    pub(super) decisions: VecDeque<(StepPath, Resolution)>,
    /// In the order in which it began: of two that end at once the older one is first.
    pub(super) coming: Vec<UnderWay>,
    pub(super) resolutions: BTreeMap<(StepPath, u32), Resolution>,
    pub(super) cancel_ms: Option<u64>,
    pub(super) path: Vec<StepPath>,
    pub(super) begun: BTreeSet<StepPath>,
    pub(super) inputs: BTreeMap<StepPath, Value>,
    pub(super) secrets: StandIns<'t>,
    /// Events that steps were told of.
    pub(super) events: u64,
    pub(super) used: BTreeMap<usize, usize>,
    pub(super) late: Vec<Promise>,
}

/// What the clock goes to next.
#[derive(Clone, Copy)]
enum Moment {
    End(usize),
    Timer(u64),
    Cancel,
}

impl Play<'_> {
    fn finish(mut self) -> Result<Played, Stuck> {
        self.hand_in(Input::Offer)?;
        self.hand_in(Input::Start)?;
        for _ in 0..MOST_INPUTS {
            if let Some(job) = self.jobs.pop_front() {
                let evaluation = self.expressions.evaluate(&job);
                self.hand_in(Input::Evaluated(evaluation))?;
            } else if let Some((path, resolution)) = self.decisions.pop_front() {
                let by = self.actor.clone();
                self.hand_in(Input::Resolve { path, resolution, by })?;
            } else if let Some(moment) = self.next_moment() {
                self.go_to(moment)?;
            } else {
                return self.played();
            }
        }
        Err(Stuck::Endless)
    }

    fn next_moment(&mut self) -> Option<Moment> {
        if matches!(self.run.phase, Phase::Ended { .. }) {
            return None;
        }
        let run = &self.run;
        self.coming.retain(|coming| coming.what.is_waited_for(run));
        let ends = self.coming.iter().enumerate();
        let ends = ends.filter_map(|(index, coming)| Some((coming.ends_ms?, index)));
        let moments = [
            ends.min_by_key(|(at_ms, _)| *at_ms).map(|(at_ms, i)| (at_ms, Moment::End(i))),
            self.run.next_wake().map(|due_ms| (due_ms, Moment::Timer(due_ms))),
            self.cancel_ms.map(|at_ms| (at_ms, Moment::Cancel)),
        ];
        // of what is due at once an attempt's end is first, then a timer
        moments.into_iter().flatten().min_by_key(|(at_ms, _)| *at_ms).map(|(_, moment)| moment)
    }

    fn go_to(&mut self, moment: Moment) -> Result<(), Stuck> {
        match moment {
            Moment::End(index) => {
                let UnderWay { ends_ms, what } = self.coming.remove(index);
                self.now_ms = self.now_ms.max(ends_ms.unwrap_or_default());
                self.arrives(what)
            }
            Moment::Timer(due_ms) => {
                self.now_ms = self.now_ms.max(due_ms);
                self.hand_in(Input::Wake { up_to_ms: due_ms })
            }
            Moment::Cancel => {
                self.now_ms = self.now_ms.max(self.cancel_ms.take().unwrap_or(self.now_ms));
                let by = self.actor.clone();
                self.hand_in(Input::Cancel { by })
            }
        }
    }

    /// Decide, keep, act: as the daemon does.
    pub(super) fn hand_in(&mut self, input: Input) -> Result<(), Stuck> {
        let cx = Cx { now_ms: self.now_ms, hold: false };
        let decided = self.run.step(cx, input);
        let Decision { events, effects, messages } =
            decided.map_err(|e| Stuck::Refused(e.to_string()))?;
        self.expressions.records().save(&self.run, &events);
        for event in &events {
            self.note(event)?;
        }
        self.run.forget(&events);
        effects.into_iter().try_for_each(|effect| self.carry_out(effect))?;
        messages.into_iter().try_for_each(|message| self.deliver(message))
    }

    /// Nobody else wants what the run claims, and no other run is at its gate.
    fn deliver(&mut self, message: Message) -> Result<(), Stuck> {
        match message {
            Message::Claim { lock, by, .. } => {
                let answer = ClaimAnswer::Granted;
                self.hand_in(Input::Claimed { path: by.path, lock, answer })
            }
            Message::Enter { key } => self.hand_in(Input::Gated(GateAnswer::Passed { key })),
            Message::Order { run, order: ChildOrder::Cancel { .. } } => {
                self.cancel_called(run);
                Ok(())
            }
            // what comes of a call was noted with its event
            Message::Call(_)
            | Message::Order {
                order: ChildOrder::Pause { .. } | ChildOrder::Resume { .. }, ..
            }
            | Message::Release { .. }
            | Message::Leave { .. }
            | Message::News { .. } => Ok(()),
        }
    }

    fn note(&mut self, event: &Event) -> Result<(), Stuck> {
        match event {
            Event::StepStarted { path, .. } | Event::StepWaiting { path, .. } => self.began(path),
            Event::StepCompleted { path, .. } => {
                let step = self.run.definition_of(path).filter(|_| path.as_turn().is_none());
                if step.is_some_and(|step| matches!(step.action, Action::Set(_))) {
                    self.began(path);
                }
            }
            Event::StepInDoubt { path, attempt, .. } => {
                if let Some(said) = self.resolutions.remove(&(path.clone(), *attempt)) {
                    self.decisions.push_back((path.clone(), said));
                }
            }
            Event::StepCalled { path, attempt, run, workflow, input, .. } => {
                self.began(path);
                self.call(path, *attempt, *run, workflow, input)?;
            }
            Event::ApprovalAsked { path, request, .. } => {
                self.began(path);
                self.ask(path, request)?;
            }
            Event::StepAwaiting { path, .. } => {
                self.began(path);
                self.wait_for_events(path)?;
            }
            Event::PromiseBroken { promise } => {
                self.late.push(*promise);
                self.late.sort_unstable();
            }
            _ => {}
        }
        Ok(())
    }

    fn began(&mut self, path: &StepPath) {
        if self.begun.insert(path.clone()) {
            self.path.push(path.clone());
        }
    }

    fn carry_out(&mut self, effect: Effect) -> Result<(), Stuck> {
        match effect {
            Effect::Evaluate(job) => {
                self.jobs.push_back(job);
                Ok(())
            }
            Effect::Start(attempt) => self.begin(attempt),
            Effect::Stop { attempt, why } => {
                self.stop(&attempt, why);
                Ok(())
            }
            // for the run's log, of which there is none
            Effect::Remark { .. } => Ok(()),
        }
    }

    /// Steps for which nothing comes any more.
    fn waiting(&self) -> Vec<StepPath> {
        let waits = |state: &StepState| {
            matches!(state, StepState::Asking(_) | StepState::Awaiting(_) | StepState::Calling(_))
        };
        let steps = self.run.steps.iter().filter(|(_, state)| waits(state));
        steps.map(|(path, _)| path.clone()).collect()
    }

    fn played(self) -> Result<Played, Stuck> {
        if !self.run.status().settled() {
            return Err(Stuck::Waits(self.waiting()));
        }
        let (outputs, error) = match &self.run.phase {
            Phase::Ended { end: RunEnd::Completed { outputs }, .. } => (outputs.clone(), None),
            Phase::Ended { end: RunEnd::Failed { step, error }, .. } => {
                (Map::new(), Some((step.clone(), error.clone())))
            }
            Phase::Ended { end: RunEnd::Cancelled, .. }
            | Phase::Queued
            | Phase::Active { .. }
            | Phase::Finishing { .. }
            | Phase::Closing { .. } => (Map::new(), None),
        };
        let mut steps = self.expressions.records().steps();
        for record in steps.values_mut() {
            record.output = record.output.take().map(|output| self.load(output)).transpose()?;
        }
        let outputs = match self.load(Value::Map(outputs))? {
            Value::Map(outputs) => outputs,
            _ => Map::new(),
        };
        Ok(Played {
            status: self.run.status(),
            error,
            outputs,
            path: self.path,
            steps,
            inputs: self.inputs,
            elapsed_ms: self.now_ms.saturating_sub(self.test.now_ms),
            secrets: self.secrets.asked(),
            used: self.used,
            late: self.late,
        })
    }

    pub(super) fn load(&self, value: Value) -> Result<Value, Stuck> {
        let memory = self.expressions.records();
        let get = |blob: &_| Records::get(memory, self.run.id, blob);
        large::load(value, &get).map_err(|e| Stuck::Document(e.to_string()))
    }

    pub(super) fn spilled_map(&self, map: Map) -> Result<Map, Stuck> {
        let memory = self.expressions.records();
        let put = |value: &_| Records::put(memory, self.run.id, value);
        large::spill_map(map, &put).map_err(|e| Stuck::Document(e.to_string()))
    }

    /// Large outputs leave the rows, as with the runner.
    pub(super) fn spilled(&self, outcome: Outcome) -> Result<Outcome, Stuck> {
        let memory = self.expressions.records();
        let put = |value: &_| Records::put(memory, self.run.id, value);
        let spill = |value| large::spill(value, &put).map_err(|e| Stuck::Document(e.to_string()));
        Ok(match outcome {
            Outcome::Succeeded { output } => Outcome::Succeeded { output: spill(output)? },
            Outcome::Failed { error, output } => Outcome::Failed { error, output: spill(output)? },
            other @ (Outcome::NeverStarted { .. }
            | Outcome::LostBeforeStart { .. }
            | Outcome::TimedOut { .. }
            | Outcome::Stopped { .. }
            | Outcome::Lost { .. }
            | Outcome::Orphaned { .. }) => other,
        })
    }
}

/// Secrets of a test: what it says, or stars.
pub(super) struct StandIns<'t> {
    given: &'t BTreeMap<Ident, String>,
    asked: Mutex<BTreeSet<Ident>>,
}

impl StandIns<'_> {
    fn asked(&self) -> BTreeSet<Ident> {
        // the set is valid whatever a panicking holder was doing
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl SecretSource for StandIns<'_> {
    fn get(&self, name: &Ident) -> Result<Option<String>, String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone());
        Ok(Some(self.given.get(name).cloned().unwrap_or_else(|| STAND_IN.to_owned())))
    }
}
