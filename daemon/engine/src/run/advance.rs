//! One turn of a run: an input in, events applied as they are decided, effects
//! collected, then everything that has become possible is begun.

use std::collections::BTreeSet;

use super::Decision;
use super::effect::{Attempt, Effect, EvalJob, Purpose, RemarkLevel};
use super::event::{Event, SkipReason};
use super::input::{Asked, Cx, Evaluation, Input, Refusal};
use super::state::{Phase, Run, RunEnd, StepState};
use super::verdict::{self, Try, Verdict};
use crate::name::{AttemptId, Ident, StepPath};
use crate::outcome::{ErrorClass, Outcome, StopReason, TaskError};
use crate::template::Template;
use crate::value::{Map, Value};
use crate::workflow::{Action, EffectClass, Retry, Step, Wait};

impl Run {
    /// Takes one input. Only a person's input can be refused; anything else that
    /// no longer fits the state is stale and changes nothing.
    pub fn step(&mut self, cx: Cx, input: Input) -> Result<Decision, Refusal> {
        let mut turn = Turn { run: self, cx, decision: Decision::default() };
        match input {
            Input::Start => turn.start(),
            Input::Evaluated(evaluation) => turn.evaluated(evaluation),
            Input::AttemptEnded { attempt, outcome } => turn.attempt_ended(&attempt, outcome),
            Input::Wake { up_to_ms } => turn.wake(up_to_ms),
            Input::Cancel { by } => turn.cancel(by)?,
            Input::Resolve { path, resolution, by } => turn.resolve(&path, resolution, by)?,
            Input::Recover => turn.recover(),
        }
        turn.advance();
        Ok(turn.decision)
    }
}

/// One call of [`Run::step`].
pub(super) struct Turn<'r> {
    pub(super) run: &'r mut Run,
    pub(super) cx: Cx,
    decision: Decision,
}

impl Turn<'_> {
    pub(super) fn emit(&mut self, event: Event) {
        self.run.apply(&event, self.cx.now_ms);
        self.decision.events.push(event);
    }

    pub(super) fn cancelling(&self) -> bool {
        self.run.cancel.is_some()
    }

    pub(super) fn remark(
        &mut self,
        path: &StepPath,
        attempt: u32,
        level: RemarkLevel,
        text: String,
    ) {
        self.decision.effects.push(Effect::Remark {
            path: Some(path.clone()),
            attempt,
            level,
            text,
        });
    }

    fn start(&mut self) {
        if self.run.phase == Phase::Queued {
            self.emit(Event::Started);
        }
    }

    fn evaluated(&mut self, evaluation: Evaluation) {
        match evaluation {
            Evaluation::Asked { path, result } => {
                if matches!(self.run.steps.get(&path), Some(StepState::Ready)) {
                    self.asked(&path, result);
                }
            }
            Evaluation::StepOutputs { path, attempt, result } => {
                if let Some(StepState::Confirmed { attempt: confirmed, output, .. }) =
                    self.run.steps.get(&path)
                    && *confirmed == attempt
                {
                    let output = output.clone();
                    self.outputs_evaluated(&path, attempt, output, result);
                }
            }
            Evaluation::RunOutputs { result } => {
                if matches!(self.run.phase, Phase::Finishing { .. }) {
                    let end = match result {
                        Ok(outputs) => RunEnd::Completed { outputs },
                        Err(error) => RunEnd::Failed { step: None, error },
                    };
                    self.emit(Event::Ended { end });
                }
            }
        }
    }

    /// The condition and inputs of a ready step are known.
    fn asked(&mut self, path: &StepPath, result: Result<Asked, TaskError>) {
        match result {
            Ok(Asked::Skip) => self.skip(path, SkipReason::Condition),
            Ok(Asked::Run(input)) => self.begin(path, 1, input),
            Ok(Asked::Set(set)) => {
                let output =
                    Value::Map(set.iter().map(|(name, v)| (name.to_string(), v.clone())).collect());
                self.emit(Event::StepCompleted { path: path.clone(), attempt: 1, output, set });
            }
            Ok(Asked::Wait) => {
                if let Some(Action::Wait(Wait::For { ms: for_ms })) = self.action_of(path) {
                    let until_ms = self.cx.now_ms.saturating_add(for_ms);
                    self.emit(Event::StepWaiting { path: path.clone(), until_ms });
                }
            }
            Err(error) => self.fail(path, 0, error, Value::Null),
        }
    }

    fn action_of(&self, path: &StepPath) -> Option<Action> {
        self.run.definition_of(path).map(|s| s.action.clone())
    }

    fn skip(&mut self, path: &StepPath, reason: SkipReason) {
        self.remark(path, 0, RemarkLevel::Info, format!("skipped: {}", reason.text()));
        self.emit(Event::StepSkipped { path: path.clone(), reason });
    }

    fn fail(&mut self, path: &StepPath, attempt: u32, error: TaskError, output: Value) {
        let text = format!("failed: {} [{}]", error.message, error.code);
        self.remark(path, attempt, RemarkLevel::Error, text);
        self.emit(Event::StepFailed { path: path.clone(), attempt, error, output });
    }

    /// Begins attempt `attempt`. While nothing may be begun it is left for later:
    /// a first attempt stays ready, a further one becomes due at the next start.
    fn begin(&mut self, path: &StepPath, attempt: u32, input: Value) {
        if self.cx.hold {
            return;
        }
        let Some(step) = self.run.definition_of(path) else { return };
        let Action::Task { kind, .. } = &step.action else { return };
        let start = Effect::Start(Attempt {
            id: AttemptId { run: self.run.id, path: path.clone(), number: attempt },
            workflow: self.run.definition.name.clone(),
            kind: kind.clone(),
            effect: step.effect,
            input: input.clone(),
            timeout_ms: step.timeout_ms,
        });
        self.emit(Event::StepStarted { path: path.clone(), attempt, input });
        self.decision.effects.push(start);
    }

    /// Begins the attempt after `attempt`, whose end is settled: after a pause, or
    /// at the next start while nothing may be begun.
    pub(super) fn begin_again(
        &mut self,
        path: &StepPath,
        attempt: u32,
        input: Value,
        why: &str,
        pause_ms: u64,
    ) {
        if !self.cx.hold && pause_ms == 0 {
            self.begin(path, attempt + 1, input);
            return;
        }
        let error = TaskError {
            class: ErrorClass::System,
            code: if self.cx.hold { "RPA0414" } else { "RPA0413" }.into(),
            message: why.to_owned(),
        };
        let due_ms = self.cx.now_ms.saturating_add(pause_ms);
        self.emit(Event::StepRetrying { path: path.clone(), attempt, error, due_ms });
    }

    fn attempt_ended(&mut self, id: &AttemptId, outcome: Outcome) {
        let Some(StepState::Running { attempt, input, .. }) = self.run.steps.get(&id.path) else {
            return;
        };
        if *attempt != id.number || id.run != self.run.id {
            return;
        }
        let (path, attempt, input) = (&id.path, *attempt, input.clone());
        let (effect, retry) = self
            .run
            .definition_of(path)
            .map_or((EffectClass::Unknown, Retry::NONE), |s| (s.effect, s.retry.clone()));
        let pause_ms = verdict::pause_before_again(&outcome, attempt);
        let this = Try { number: attempt, elapsed_ms: 0, lot: 0, halted: self.cancelling() };
        match verdict::judge(effect, &retry, this, outcome) {
            Verdict::Confirm { output } => self.confirm(path, attempt, output),
            Verdict::Fail { error, output } => self.fail(path, attempt, error, output),
            Verdict::Retry { error, delay_ms } => {
                let due_ms = self.cx.now_ms.saturating_add(delay_ms);
                let text = format!(
                    "attempt {attempt} failed: {} [{}]; next try in {}",
                    error.message,
                    error.code,
                    verdict::human(delay_ms)
                );
                self.remark(path, attempt, RemarkLevel::Warn, text);
                self.emit(Event::StepRetrying { path: path.clone(), attempt, error, due_ms });
            }
            Verdict::RunAgain { why } => {
                self.remark(path, attempt, RemarkLevel::Warn, format!("{why}; it is run again"));
                self.begin_again(path, attempt, input, &why, pause_ms);
            }
            Verdict::Doubt { reason } => {
                let text = format!("in doubt: {reason}; a person must decide, see `rpa doubts`");
                self.remark(path, attempt, RemarkLevel::Error, text);
                self.emit(Event::StepInDoubt { path: path.clone(), attempt, reason });
            }
            Verdict::Cancel => {
                self.remark(path, attempt, RemarkLevel::Warn, "cancelled".into());
                self.emit(Event::StepCancelled { path: path.clone() });
            }
        }
    }

    /// A result came back: the step is done, or its `outputs:` are asked for.
    pub(super) fn confirm(&mut self, path: &StepPath, attempt: u32, output: Value) {
        let has_outputs = self.run.definition_of(path).is_some_and(|s| !s.outputs.is_empty());
        if has_outputs {
            self.emit(Event::StepConfirmed { path: path.clone(), attempt, output: output.clone() });
            self.evaluate(Purpose::StepOutputs { path: path.clone(), attempt, output });
        } else {
            self.complete(path, attempt, output);
        }
    }

    pub(super) fn complete(&mut self, path: &StepPath, attempt: u32, output: Value) {
        let set = Default::default();
        self.emit(Event::StepCompleted { path: path.clone(), attempt, output, set });
    }

    /// Named fields join what the attempt gave.
    fn outputs_evaluated(
        &mut self,
        path: &StepPath,
        attempt: u32,
        output: Value,
        result: Result<Map, TaskError>,
    ) {
        match result {
            Ok(named) => {
                let mut fields = match output {
                    Value::Map(fields) => fields,
                    Value::Null => Map::new(),
                    other => Map::from([("value".to_owned(), other)]),
                };
                fields.extend(named);
                self.complete(path, attempt, Value::Map(fields));
            }
            Err(error) => self.fail(path, attempt, error, output),
        }
    }

    fn wake(&mut self, up_to_ms: u64) {
        let due: Vec<(StepPath, StepState)> = self
            .run
            .steps
            .iter()
            .filter(|(_, s)| match s {
                StepState::Waiting { until_ms, .. } => *until_ms <= up_to_ms,
                StepState::Retrying { due_ms, .. } => *due_ms <= up_to_ms,
                _ => false,
            })
            .map(|(path, state)| (path.clone(), state.clone()))
            .collect();
        for (path, state) in due {
            match state {
                StepState::Waiting { .. } => self.complete(&path, 1, Value::Map(Map::new())),
                StepState::Retrying { attempt, input, .. } => self.begin(&path, attempt + 1, input),
                _ => {}
            }
        }
    }

    fn cancel(&mut self, by: crate::actor::Actor) -> Result<(), Refusal> {
        if matches!(self.run.phase, Phase::Ended { .. }) {
            return Err(Refusal::RunEnded);
        }
        if self.cancelling() {
            return Ok(());
        }
        self.decision.effects.push(Effect::Remark {
            path: None,
            attempt: 0,
            level: RemarkLevel::Warn,
            text: format!("cancel requested by {by}"),
        });
        self.emit(Event::CancelRequested { by });
        if matches!(self.run.phase, Phase::Queued | Phase::Finishing { .. }) {
            self.emit(Event::Ended { end: RunEnd::Cancelled });
            return Ok(());
        }
        let steps: Vec<_> = self.run.steps.iter().map(|(p, s)| (p.clone(), s.clone())).collect();
        for (path, state) in steps {
            match state {
                StepState::Ready | StepState::Waiting { .. } | StepState::Retrying { .. } => {
                    self.emit(Event::StepCancelled { path });
                }
                StepState::Running { attempt, .. } => self.stop(path, attempt),
                // a result that came back is kept, and a doubt stays a doubt
                StepState::Confirmed { .. } | StepState::InDoubt { .. } => {}
                // pending ones are cancelled as the run advances
                StepState::Pending
                | StepState::Completed { .. }
                | StepState::Failed { .. }
                | StepState::Skipped { .. }
                | StepState::Cancelled { .. } => {}
            }
        }
        Ok(())
    }

    fn stop(&mut self, path: StepPath, number: u32) {
        let attempt = AttemptId { run: self.run.id, path, number };
        self.decision.effects.push(Effect::Stop { attempt, why: StopReason::Cancel });
    }

    fn recover(&mut self) {
        let now_ms = self.cx.now_ms;
        let steps: Vec<_> = self.run.steps.iter().map(|(p, s)| (p.clone(), s.clone())).collect();
        for (path, state) in steps {
            match state {
                StepState::Ready => self.ask(&path),
                StepState::Confirmed { attempt, output, .. } => {
                    self.evaluate(Purpose::StepOutputs { path, attempt, output });
                }
                // the request to stop may have been lost with what was lost
                StepState::Running { attempt, .. } if self.cancelling() => {
                    self.stop(path, attempt);
                }
                StepState::Pending
                | StepState::Running { .. }
                | StepState::Waiting { .. }
                | StepState::Retrying { .. }
                | StepState::InDoubt { .. }
                | StepState::Completed { .. }
                | StepState::Failed { .. }
                | StepState::Skipped { .. }
                | StepState::Cancelled { .. } => {}
            }
        }
        if matches!(self.run.phase, Phase::Finishing { .. }) {
            self.evaluate(Purpose::RunOutputs);
        }
        self.wake(now_ms);
    }

    /// Begins everything whose needs have ended, then sees whether all has.
    fn advance(&mut self) {
        if !matches!(self.run.phase, Phase::Active { .. }) {
            return;
        }
        let definition = self.run.definition.clone();
        // ends: each round settles at least one pending step
        loop {
            let mut changed = false;
            for step in &definition.steps {
                changed |= self.consider(step);
            }
            if !changed {
                break;
            }
        }
        if self.run.steps.values().all(StepState::ended) {
            self.finish();
        }
    }

    /// Moves a pending step on if its needs allow it; says whether it moved.
    fn consider(&mut self, step: &Step) -> bool {
        // asked of every step at every turn: no path is made before it is needed
        if !matches!(self.run.steps.get(step.id.as_str()), Some(StepState::Pending)) {
            return false;
        }
        if self.cancelling() {
            self.emit(Event::StepCancelled { path: StepPath::top(&step.id) });
            return true;
        }
        let mut blocked_by = None;
        for need in step.needs.keys() {
            match self.run.steps.get(need.as_str()) {
                Some(state) if !state.ended() => return false,
                Some(StepState::Completed { .. }) => {}
                Some(state) => {
                    blocked_by.get_or_insert((need.clone(), state.status().word()));
                }
                None => return false,
            }
        }
        let path = StepPath::top(&step.id);
        if let Some((need, was)) = blocked_by
            && !step.asked_after_failure()
        {
            self.skip(&path, SkipReason::Needs { step: need, was: was.to_owned() });
            return true;
        }
        if self.cx.hold {
            return false;
        }
        match literal_input(step) {
            Some(input) => self.begin(&path, 1, input),
            None => {
                self.emit(Event::StepReady { path: path.clone() });
                self.ask(&path);
            }
        }
        true
    }

    fn ask(&mut self, path: &StepPath) {
        let failed = self.upstream_failed(path);
        self.evaluate(Purpose::Ask { path: path.clone(), failed });
    }

    fn evaluate(&mut self, purpose: Purpose) {
        self.decision.effects.push(Effect::Evaluate(EvalJob {
            run: self.run.id,
            revision: self.run.revision,
            definition: self.run.definition.clone(),
            started_ms: self.run.started_ms().unwrap_or(self.cx.now_ms),
            vars: self.run.vars.clone(),
            purpose,
        }));
    }

    /// Whether any step that `path` depends on, near or far, has failed.
    fn upstream_failed(&self, path: &StepPath) -> bool {
        let mut seen: BTreeSet<&Ident> = BTreeSet::new();
        let mut open: Vec<&Step> = self.run.definition_of(path).into_iter().collect();
        while let Some(step) = open.pop() {
            for need in step.needs.keys() {
                if !seen.insert(need) {
                    continue;
                }
                if matches!(self.run.steps.get(need.as_str()), Some(StepState::Failed { .. })) {
                    return true;
                }
                open.extend(self.run.definition.steps.iter().find(|s| s.id == *need));
            }
        }
        false
    }

    /// All steps have ended.
    fn finish(&mut self) {
        if self.cancelling() {
            self.emit(Event::Ended { end: RunEnd::Cancelled });
        } else if let Some((step, error)) = self.run.first_failure() {
            let end = RunEnd::Failed { step: Some(step.clone()), error: error.clone() };
            self.emit(Event::Ended { end });
        } else if self.run.steps.values().any(|s| matches!(s, StepState::Cancelled { .. })) {
            // the runner stopped it unasked: what did not happen is not called done
            self.emit(Event::Ended { end: RunEnd::Cancelled });
        } else if self.run.definition.outputs.is_empty() {
            self.emit(Event::Ended { end: RunEnd::Completed { outputs: Map::new() } });
        } else {
            self.emit(Event::Finishing);
            self.evaluate(Purpose::RunOutputs);
        }
    }
}

/// The input of a task step in which nothing needs to be evaluated.
fn literal_input(step: &Step) -> Option<Value> {
    let Action::Task { with, env, .. } = &step.action else { return None };
    if step.condition.is_some() {
        return None;
    }
    let env = env
        .iter()
        .map(|(name, t)| Some((name.clone(), Template::as_literal(t)?)))
        .collect::<Option<Map>>()?;
    Some(Value::from([("with", with.as_literal()?), ("env", Value::Map(env))]))
}
