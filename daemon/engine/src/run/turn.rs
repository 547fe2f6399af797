//! One turn of a run: an input in, events applied as they are decided, effects
//! collected, then everything that has become possible is begun.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::Decision;
use super::calls::call_input;
use super::effect::{Effect, EvalJob, Purpose, RemarkLevel};
use super::event::Event;
use super::input::{Asked, Cx, Evaluation, Input, Refusal};
use super::message::{Message, News, Stands};
use super::state::{Phase, Run, RunEnd, StepState};
use crate::name::{Ident, StepPath};
use crate::outcome::{ErrorClass, TaskError};
use crate::value::{Map, Value};

impl Run {
    /// Takes one input. Only a person's input can be refused; anything else that
    /// no longer fits the state is stale and changes nothing.
    pub fn step(&mut self, cx: Cx, input: Input) -> Result<Decision, Refusal> {
        let mut turn = Turn {
            run: self,
            cx,
            decision: Decision::default(),
            lists: ToLookAt::default(),
            looks: BTreeMap::new(),
            loops: ToLookAt::default(),
        };
        let stood = turn.run.parent.is_some().then(|| turn.run.stands());
        match input {
            Input::Offer => turn.offer(),
            Input::Gated(answer) => turn.gated(answer),
            Input::Start => turn.start(),
            Input::Evaluated(evaluation) => turn.evaluated(evaluation),
            Input::AttemptEnded { attempt, outcome } => turn.attempt_ended(&attempt, outcome),
            Input::Wake { up_to_ms } => turn.wake(up_to_ms),
            Input::Cancel { by } => turn.cancel(by)?,
            Input::Pause { by } => turn.pause(by)?,
            Input::Resume { by } => turn.resume(by)?,
            Input::Resolve { path, resolution, by } => turn.resolve(&path, resolution, by)?,
            Input::Claimed { path, lock, answer } => turn.claimed(&path, &lock, answer),
            Input::Called { path, run, news } => turn.called(&path, run, news),
            Input::Published { path, event } => turn.published(path, &event),
            Input::Vote { path, vote, groups, digest } => {
                turn.vote(&path, vote, &groups, &digest)?;
            }
            Input::ResolveAll { below, resolution, by } => {
                turn.resolve_all(below.as_ref(), &resolution, &by)?;
            }
            Input::Unheld { path, lock, by } => turn.unheld(&path, &lock, &by),
            Input::Recover => turn.recover(),
        }
        turn.advance();
        turn.tell_caller(stood);
        Ok(turn.decision)
    }
}

/// Which steps of a list have to be looked at.
#[derive(Debug)]
pub(super) enum Look {
    All,
    /// Those that come after one of these, which have ended.
    After(BTreeSet<Ident>),
}

/// One call of [`Run::step`].
pub(super) struct Turn<'r> {
    pub(super) run: &'r mut Run,
    pub(super) cx: Cx,
    decision: Decision,
    /// Lists in which something has changed: they are looked at before the turn is over.
    lists: ToLookAt<String>,
    /// How much of each of them.
    looks: BTreeMap<String, Look>,
    /// Loops of which a turn has ended, or which may begin one.
    loops: ToLookAt<StepPath>,
}

/// What has to be looked at, each thing once, in the order in which it came up: items of
/// a loop begin in their order.
struct ToLookAt<T> {
    queue: VecDeque<T>,
    queued: BTreeSet<T>,
}

impl<T> Default for ToLookAt<T> {
    fn default() -> ToLookAt<T> {
        ToLookAt { queue: VecDeque::new(), queued: BTreeSet::new() }
    }
}

impl<T: Ord + Clone> ToLookAt<T> {
    fn add(&mut self, what: T) {
        if self.queued.insert(what.clone()) {
            self.queue.push_back(what);
        }
    }

    fn next(&mut self) -> Option<T> {
        let what = self.queue.pop_front()?;
        self.queued.remove(&what);
        Some(what)
    }
}

impl Turn<'_> {
    pub(super) fn emit(&mut self, event: Event) {
        if event.ends_step()
            && let Some(path) = event.path()
        {
            self.release(path);
        }
        if matches!(event, Event::Ended { .. }) {
            self.break_promises(self.cx.now_ms.saturating_sub(1));
            self.leave_gate();
        }
        self.run.apply(&event, self.cx.now_ms);
        self.look_at(&event);
        self.decision.events.push(event);
    }

    /// What has to be looked at again because of `event`.
    fn look_at(&mut self, event: &Event) {
        match event {
            Event::Started => self.look_at_list(""),
            Event::ScopeOpened { path, .. } => self.look_at_list(path.as_str()),
            Event::LoopOpened { path, .. } => self.look_at_loop(path.clone()),
            Event::UndoOpened { path } => self.look_at_list(&format!("{path}/@undo")),
            Event::StageEntered { stage, end } => {
                if let Some(list) = stage.list(end) {
                    self.look_at_list(list);
                }
            }
            Event::StepSkipped { path, .. }
            | Event::StepCompleted { path, .. }
            | Event::StepFailed { path, .. }
            | Event::StepCancelled { path } => match path.as_turn() {
                Some((of, _)) => self.look_at_loop(of),
                None => self.look_after(path),
            },
            Event::StepReady { .. }
            | Event::StepStarted { .. }
            | Event::StepConfirmed { .. }
            | Event::StepWaiting { .. }
            | Event::StepRetrying { .. }
            | Event::StepInDoubt { .. }
            | Event::DoubtResolved { .. }
            | Event::CancelRequested { .. }
            | Event::Finishing
            | Event::ScopeClosing { .. }
            | Event::ScopeTimedOut { .. }
            | Event::LoopAsking { .. }
            | Event::LoopPausing { .. }
            | Event::LoopGathering { .. }
            | Event::TimedOut
            | Event::PauseRequested { .. }
            | Event::Resumed { .. }
            | Event::UndoEnded { .. }
            | Event::HandlersStopped { .. }
            | Event::ClaimsAsked { .. }
            | Event::ClaimsBegun { .. }
            | Event::ClaimWaits { .. }
            | Event::ClaimGranted { .. }
            | Event::ClaimsHeld { .. }
            | Event::LeaseEnded { .. }
            | Event::StepCalled { .. }
            | Event::CallStands { .. }
            | Event::CallTimedOut { .. }
            | Event::StepAwaiting { .. }
            | Event::EventOffered { .. }
            | Event::EventDeclined { .. }
            | Event::ApprovalAsked { .. }
            | Event::ApprovalVoted { .. }
            | Event::GateWaits { .. }
            | Event::GatePassed { .. }
            | Event::TurnedAway { .. }
            | Event::PromiseBroken { .. }
            | Event::HoldBroken { .. }
            | Event::Ended { .. } => {}
        }
    }

    pub(super) fn look_at_list(&mut self, scope: &str) {
        self.lists.add(scope.to_owned());
        self.looks.insert(scope.to_owned(), Look::All);
    }

    /// What comes after the step at `path`, which has ended, may begin.
    fn look_after(&mut self, path: &StepPath) {
        let Some(id) = path.id() else { return };
        self.lists.add(path.scope().to_owned());
        match self.looks.get_mut(path.scope()) {
            Some(Look::All) => {}
            Some(Look::After(ended)) => _ = ended.insert(id),
            None => {
                let look = Look::After(BTreeSet::from([id]));
                self.looks.insert(path.scope().to_owned(), look);
            }
        }
    }

    pub(super) fn look_at_loop(&mut self, path: StepPath) {
        self.loops.add(path);
    }

    /// Everything that is under way is looked at.
    pub(super) fn look_at_all(&mut self) {
        match &self.run.phase {
            Phase::Active { .. } => self.look_at_list(""),
            Phase::Closing { .. } => self.look_at_stage(),
            Phase::Queued | Phase::Finishing { .. } | Phase::Ended { .. } => {}
        }
        let containers: Vec<(StepPath, bool)> = self
            .run
            .steps
            .iter()
            .filter_map(|(path, state)| match state {
                StepState::Open { .. } => Some((path.clone(), false)),
                StepState::Looping(_) => Some((path.clone(), true)),
                _ => None,
            })
            .collect();
        for (path, is_loop) in containers {
            match is_loop {
                true => self.look_at_loop(path),
                false => self.look_at_list(path.as_str()),
            }
        }
    }

    /// Begins everything whose needs have ended, then sees whether all has.
    ///
    /// Ends: a list is looked at again only because one of its steps has ended, and a
    /// loop because one of its turns has.
    fn advance(&mut self) {
        loop {
            if !matches!(self.run.phase, Phase::Active { .. } | Phase::Closing { .. }) {
                return;
            }
            if let Some(path) = self.loops.next() {
                self.go_round(&path);
            } else if let Some(scope) = self.lists.next() {
                let look = self.looks.remove(&scope).unwrap_or(Look::All);
                self.advance_list(&scope, look);
            } else {
                return;
            }
        }
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

    pub(super) fn remark_on_run(&mut self, text: String) {
        let level = RemarkLevel::Warn;
        self.effect(Effect::Remark { path: None, attempt: 0, level, text });
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        self.decision.effects.push(effect);
    }

    pub(super) fn message(&mut self, message: Message) {
        self.decision.messages.push(message);
    }

    /// The run that has called this one hears how it ended, or when it stands differently.
    fn tell_caller(&mut self, stood: Option<Stands>) {
        let (Some(to), Some(stood)) = (self.run.parent.clone(), stood) else { return };
        let news = match &self.run.phase {
            Phase::Ended { end, .. } => News::Ended(end.clone()),
            _ if self.run.stands() == stood => return,
            _ => News::Stands(self.run.stands()),
        };
        if !self.decision.events.is_empty() {
            let from = self.run.id;
            self.message(Message::News { to, from, news });
        }
    }

    pub(super) fn evaluate(&mut self, purpose: Purpose) {
        self.effect(Effect::Evaluate(EvalJob {
            run: self.run.id,
            revision: self.run.revision,
            definition: self.run.definition.clone(),
            started_ms: self.run.started_ms().unwrap_or(self.cx.now_ms),
            vars: self.run.vars.clone(),
            end: match &self.run.phase {
                Phase::Closing { end, .. } => Some(end.clone()),
                _ => None,
            },
            purpose,
        }));
    }

    /// Nothing new is begun.
    pub(super) fn holding(&self) -> bool {
        self.cx.hold || self.run.paused.is_some()
    }

    fn start(&mut self) {
        if self.run.is_in_line() {
            // it may be late, though nobody has been told so
            self.keep_promises(self.cx.now_ms.saturating_sub(1));
        }
        if self.run.is_in_line() {
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
                    self.close(match result {
                        Ok(outputs) => RunEnd::Completed { outputs },
                        Err(error) => RunEnd::Failed { step: None, error },
                    });
                }
            }
            Evaluation::Again { path, turn, result } => self.asked_again(&path, turn, result),
            Evaluation::BodyOutputs { path, result } => {
                if matches!(self.run.steps.get(&path), Some(StepState::Closing { .. })) {
                    match result {
                        Ok(outputs) => self.complete(&path, 0, Value::Map(outputs)),
                        Err(error) => self.fail(&path, 0, error, Value::Null),
                    }
                }
            }
            Evaluation::Gathered { path, result } => self.gathered(&path, result),
            Evaluation::Claims { path, result } => self.claims_evaluated(&path, result),
            Evaluation::Fits { path, event, result } => self.fits(&path, event, result),
            Evaluation::Key { result } => self.key_evaluated(result),
        }
    }

    /// The condition and inputs of a ready step are known.
    fn asked(&mut self, path: &StepPath, result: Result<Asked, TaskError>) {
        let action = self.run.definition_of(path).map(|step| &step.action);
        match result {
            Ok(answer) if !action.is_some_and(|action| answer.fits(action)) => {
                let message = format!("a bug in rpad: what was evaluated does not fit {path}");
                let (class, code) = (ErrorClass::System, "RPA0417".into());
                self.fail(path, 0, TaskError { class, code, message }, Value::Null);
            }
            Ok(Asked::Skip) => self.skip(path, super::SkipReason::Condition),
            Ok(Asked::Run(input)) => self.begin(path, 1, input),
            Ok(Asked::Set(set)) => {
                let output =
                    Value::Map(set.iter().map(|(name, v)| (name.to_string(), v.clone())).collect());
                self.emit(Event::StepCompleted { path: path.clone(), attempt: 1, output, set });
            }
            Ok(Asked::Wait { until_ms }) => self.begin_wait(path, until_ms),
            // stays ready, and its time does not begin to run
            Ok(
                Asked::Enter
                | Asked::Case(_)
                | Asked::Items { .. }
                | Asked::Call { .. }
                | Asked::Approve(_),
            ) if self.holding() => {}
            Ok(Asked::Call { revision, vars }) => {
                self.begin_call(path, 1, call_input(revision, vars));
            }
            Ok(Asked::Await) => self.begin_awaiting(path),
            Ok(Asked::Approve(request)) => self.begin_asking(path, request),
            Ok(Asked::Enter) => self.enter_body(path, None),
            Ok(Asked::Case(case)) => self.enter_body(path, case),
            Ok(Asked::Items { items, count }) => self.enter_loop(path, items, count),
            Err(error) => self.fail(path, 0, error, Value::Null),
        }
    }

    pub(super) fn skip(&mut self, path: &StepPath, reason: super::SkipReason) {
        self.remark(path, 0, RemarkLevel::Info, format!("skipped: {}", reason.text()));
        self.emit(Event::StepSkipped { path: path.clone(), reason });
    }

    pub(super) fn fail(&mut self, path: &StepPath, attempt: u32, error: TaskError, output: Value) {
        let text = format!("failed: {} [{}]", error.message, error.code);
        self.remark(path, attempt, RemarkLevel::Error, text);
        self.emit(Event::StepFailed { path: path.clone(), attempt, error, output });
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
}
