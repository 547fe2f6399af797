//! Lists of steps: who may begin, and what the list comes to.
//!
//! What a step means for those that need it:
//!
//! | it is | and its `on_error` is | it counts as |
//! |---|---|---|
//! | completed, skipped, cancelled | | that |
//! | failed | fail | failed |
//! | failed | continue | completed, and for `when: failed` failed |
//! | failed | fallback | what the fallback comes to; a skipped one saves nothing |
//!
//! A list whose steps have all ended has failed if one of them counts as failed.

use std::collections::{BTreeMap, BTreeSet};

use super::effect::Purpose;
use super::event::{Event, SkipReason};
use super::scope::owner_of_fallback;
use super::state::{Phase, RunEnd, StepState};
use super::turn::{Look, Turn};
use crate::name::{Ident, StepPath};
use crate::outcome::{ErrorClass, TaskError};
use crate::template::Template;
use crate::value::{Map, Value};
use crate::workflow::{Action, OnError, Step, Wait, When};

/// What a step that has ended means for those around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Completed,
    /// As completed, but it shows as failed.
    Tolerated,
    Failed,
    Skipped,
    Cancelled,
}

impl Standing {
    fn fulfils(self, when: When) -> bool {
        match when {
            When::Completed => matches!(self, Standing::Completed | Standing::Tolerated),
            When::Failed => matches!(self, Standing::Failed | Standing::Tolerated),
            When::Skipped => self == Standing::Skipped,
            When::Always => true,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Standing::Completed => "completed",
            Standing::Tolerated | Standing::Failed => "failed",
            Standing::Skipped => "skipped",
            Standing::Cancelled => "cancelled",
        }
    }
}

impl Turn<'_> {
    fn state_in(&self, scope: &str, id: &Ident) -> Option<&StepState> {
        // no path is made for those that are asked at every turn
        match scope {
            "" => self.run.steps.get(id.as_str()),
            scope => self.run.steps.get(&StepPath::within(scope, id)),
        }
    }

    /// As [`Turn::standing`], by id: the step itself is looked up only where it matters.
    fn standing_of(&self, scope: &str, list: &[Step], id: &Ident) -> Option<Standing> {
        match self.state_in(scope, id)? {
            StepState::Completed { .. } => Some(Standing::Completed),
            StepState::Skipped { .. } => Some(Standing::Skipped),
            StepState::Cancelled { .. } => Some(Standing::Cancelled),
            StepState::Failed { .. } => {
                self.standing(scope, list, list.iter().find(|step| step.id == *id)?)
            }
            _ => None,
        }
    }

    /// `None` as long as that is open.
    fn standing(&self, scope: &str, list: &[Step], step: &Step) -> Option<Standing> {
        let standing = match self.state_in(scope, &step.id)? {
            StepState::Completed { .. } => Standing::Completed,
            StepState::Skipped { .. } => Standing::Skipped,
            StepState::Cancelled { .. } => Standing::Cancelled,
            StepState::Failed { .. } => match &step.on_error {
                OnError::Fail => Standing::Failed,
                OnError::Continue => Standing::Tolerated,
                OnError::Fallback(target) => {
                    let target = list.iter().find(|s| s.id == *target)?;
                    match self.standing(scope, list, target)? {
                        // nothing has taken the place of what failed
                        Standing::Skipped => Standing::Failed,
                        other => other,
                    }
                }
            },
            StepState::Pending
            | StepState::Ready
            | StepState::Running { .. }
            | StepState::Waiting { .. }
            | StepState::Retrying { .. }
            | StepState::Confirmed { .. }
            | StepState::InDoubt { .. }
            | StepState::Open { .. }
            | StepState::Closing { .. }
            | StepState::Looping(_)
            | StepState::Claiming(_)
            | StepState::Calling(_)
            | StepState::Awaiting(_)
            | StepState::Asking(_) => return None,
        };
        Some(standing)
    }

    /// Begins what may begin in the list at `scope`, and ends it when all has ended.
    ///
    /// A step that has ended by this is looked after in its turn: one pass is enough.
    pub(super) fn advance_list(&mut self, scope: &str, look: Look) {
        let definition = self.run.definition.clone();
        let Some(list) = definition.list_at(scope, |path| self.run.case_of(path)) else { return };
        match look {
            Look::All => list.iter().for_each(|step| self.consider(scope, list, step)),
            Look::After(ended) => {
                let ended = with_owners(list, ended);
                let fallbacks = fallbacks_of(list, &ended);
                let comes_after = |step: &&Step| {
                    ended.iter().any(|id| step.needs.contains_key(id))
                        || fallbacks.contains(&step.id)
                };
                list.iter().filter(comes_after).for_each(|step| self.consider(scope, list, step));
            }
        }
        // from the back: what is pending mostly stands there
        let ended = |step: &Step| self.state_in(scope, &step.id).is_some_and(StepState::ended);
        if list.iter().rev().all(ended) {
            self.list_ended(scope, list);
        }
    }

    /// Moves a pending step on if its needs allow it.
    fn consider(&mut self, scope: &str, list: &[Step], step: &Step) {
        if !matches!(self.state_in(scope, &step.id), Some(StepState::Pending)) {
            return;
        }
        let path = StepPath::within(scope, &step.id);
        if self.is_halted(&path) {
            self.emit(Event::StepCancelled { path });
            return;
        }
        let mut blocked_by = None;
        for (need, when) in &step.needs {
            match self.standing_of(scope, list, need) {
                None => return,
                Some(standing) if standing.fulfils(*when) => {}
                Some(standing) => {
                    blocked_by.get_or_insert((need.clone(), standing.word()));
                }
            }
        }
        if let Some(owner) = owner_of_fallback(list, &step.id) {
            match self.state_in(scope, &owner.id) {
                Some(StepState::Failed { .. }) => {}
                Some(state) if state.ended() => {
                    self.skip(&path, SkipReason::NotInvoked { step: owner.id.clone() });
                    return;
                }
                _ => return,
            }
        }
        if let Some((need, was)) = blocked_by
            && !step.asked_after_failure()
        {
            self.skip(&path, SkipReason::Needs { step: need, was: was.to_owned() });
            return;
        }
        if self.holding() {
            return;
        }
        self.begin_step(&path, step);
    }

    /// Begins a step whose turn it is: at once where nothing has to be evaluated.
    fn begin_step(&mut self, path: &StepPath, step: &Step) {
        if let Some(claims) = &step.claims {
            return self.claim(path, step, claims);
        }
        self.begin_unclaimed(path, step);
    }

    /// The step has all that it claims.
    pub(super) fn begin_claimed(&mut self, path: &StepPath) {
        let definition = self.run.definition.clone();
        // otherwise it stays ready, and is asked when it may begin
        if let Some(step) = definition.step_at(path).filter(|_| !self.holding()) {
            self.begin_unclaimed(path, step);
        }
    }

    fn begin_unclaimed(&mut self, path: &StepPath, step: &Step) {
        if step.condition.is_none() {
            match &step.action {
                Action::Task { .. } => {
                    if let Some(input) = literal_input(step) {
                        return self.begin(path, 1, input);
                    }
                }
                Action::Group(_) | Action::While(_) | Action::Repeat(_) => {
                    return self.enter_body(path, None);
                }
                Action::Set(_)
                | Action::Wait(_)
                | Action::ForEach(_)
                | Action::Switch(_)
                | Action::Call(_)
                | Action::Approval(_) => {}
            }
        }
        if !matches!(self.run.steps.get(path), Some(StepState::Ready)) {
            self.emit(Event::StepReady { path: path.clone() });
        }
        self.ask(path);
    }

    /// `failed()` is true when a step upstream has failed; in handlers, and in what undoes
    /// steps, also when the run has.
    pub(super) fn failed_before_step(&self, path: &StepPath) -> bool {
        let run_failed =
            matches!(&self.run.phase, Phase::Closing { end: RunEnd::Failed { .. }, .. });
        run_failed || self.upstream_failed(path)
    }

    pub(super) fn ask(&mut self, path: &StepPath) {
        let failed = self.failed_before_step(path);
        self.evaluate(Purpose::Ask { path: path.clone(), failed });
    }

    /// Whether any step that `path` depends on, near or far, has failed: in its own list
    /// and in those around it.
    fn upstream_failed(&self, path: &StepPath) -> bool {
        let definition = self.run.definition.clone();
        let mut at = path.clone();
        loop {
            let scope = at.scope().to_owned();
            let list = definition.list_at(&scope, |path| self.run.case_of(path));
            let (Some(list), Some(step)) = (list, definition.step_at(&at)) else { return false };
            if self.failed_before(&scope, list, step) {
                return true;
            }
            match scope.parse() {
                Ok(outer) if !scope.ends_with("/@undo") => at = outer,
                Ok(_) | Err(_) => return false,
            }
        }
    }

    fn failed_before(&self, scope: &str, list: &[Step], step: &Step) -> bool {
        let failed =
            |step: &Step| matches!(self.state_in(scope, &step.id), Some(StepState::Failed { .. }));
        if !list.iter().any(failed) {
            return false;
        }
        let by_id: BTreeMap<&Ident, &Step> = list.iter().map(|step| (&step.id, step)).collect();
        let mut seen: BTreeSet<&Ident> = BTreeSet::new();
        let mut open: Vec<&Step> = vec![step];
        while let Some(step) = open.pop() {
            for need in step.needs.keys() {
                if !seen.insert(need) {
                    continue;
                }
                if matches!(self.state_in(scope, need), Some(StepState::Failed { .. })) {
                    return true;
                }
                open.extend(by_id.get(need).copied());
            }
        }
        false
    }

    pub(super) fn begin_wait(&mut self, path: &StepPath, until_ms: Option<u64>) {
        let Some(step) = self.run.definition_of(path) else { return };
        let Action::Wait(wait) = &step.action else { return };
        let until_ms = match wait {
            Wait::For { ms } => self.cx.now_ms.saturating_add(*ms),
            Wait::Until(_) => until_ms.unwrap_or(self.cx.now_ms),
            Wait::Event(_) => return,
        };
        self.emit(Event::StepWaiting { path: path.clone(), until_ms });
    }

    /// The body of a group or a case begins, or a loop that goes over nothing.
    pub(super) fn enter_body(&mut self, path: &StepPath, case: Option<u32>) {
        let Some(step) = self.run.definition_of(path) else { return };
        let turns = match &step.action {
            Action::While(repeated) => Some(repeated.max_iterations),
            Action::Repeat(repeated) => Some(repeated.count),
            _ => None,
        };
        match turns {
            Some(turns) => self.enter_loop(path, Value::Null, turns),
            None => {
                let deadline_ms = self.deadline_of(path);
                self.emit(Event::ScopeOpened { path: path.clone(), case, deadline_ms });
            }
        }
    }

    pub(super) fn enter_loop(&mut self, path: &StepPath, items: Value, turns: u32) {
        let deadline_ms = self.deadline_of(path);
        self.emit(Event::LoopOpened { path: path.clone(), items, turns, deadline_ms });
    }

    /// The end of the time of a step with a body.
    fn deadline_of(&self, path: &StepPath) -> Option<u64> {
        let timeout_ms = self.run.definition_of(path)?.timeout_ms?;
        Some(self.cx.now_ms.saturating_add(timeout_ms))
    }

    /// All steps of a list have ended.
    fn list_ended(&mut self, scope: &str, list: &[Step]) {
        if scope.is_empty() {
            if matches!(self.run.phase, Phase::Active { .. }) {
                self.finish(list);
            }
        } else if let Some(undone) = scope.strip_suffix("/@undo") {
            let failure = match self.failure_of(scope, list) {
                Some((_, error)) => Some(error),
                None => self.has_cancelled(scope, list).then(not_undone),
            };
            self.undone(undone, failure);
        } else if scope.starts_with('@') && !scope.contains('/') {
            self.handler_ended(scope, list);
        } else if let Ok(path) = scope.parse() {
            self.body_ended(&path, list);
        }
    }

    /// What a list has failed of: the step that failed first, and why.
    pub(super) fn failure_of(&self, scope: &str, list: &[Step]) -> Option<(StepPath, TaskError)> {
        let failed = list.iter().filter_map(|step| {
            let counts = self.standing(scope, list, step) == Some(Standing::Failed);
            match self.state_in(scope, &step.id) {
                Some(StepState::Failed { ended_ms, error, .. }) if counts => {
                    Some((*ended_ms, step, error))
                }
                _ => None,
            }
        });
        let (_, step, error) = failed.min_by_key(|(ended_ms, ..)| *ended_ms)?;
        Some((StepPath::within(scope, &step.id), error.clone()))
    }

    pub(super) fn has_cancelled(&self, scope: &str, list: &[Step]) -> bool {
        let state = |step: &Step| self.state_in(scope, &step.id);
        list.iter().any(|step| matches!(state(step), Some(StepState::Cancelled { .. })))
    }

    /// The body of a group, of a case, or of one turn of a loop has ended.
    fn body_ended(&mut self, path: &StepPath, list: &[Step]) {
        let Some(StepState::Open { timed_out, .. }) = self.run.steps.get(path) else { return };
        let timed_out = *timed_out;
        let Some(step) = self.run.definition_of(path) else { return };
        let (timeout_ms, has_outputs) = (step.timeout_ms, !step.outputs.is_empty());
        if self.is_halted_at(path.as_str()) {
            self.end_halted(path, timed_out, timeout_ms);
        } else if let Some((inner, error)) = self.failure_of(path.as_str(), list) {
            // a body inside this one has named the step already
            let named = error.message.starts_with(&format!("{inner}/"));
            let message = match path.as_turn().is_some() || named {
                true => error.message.clone(),
                false => format!("{inner}: {}", error.message),
            };
            self.emit(Event::StepFailed {
                path: path.clone(),
                attempt: 0,
                error: TaskError { message, ..error },
                output: Value::Null,
            });
        } else if self.has_cancelled(path.as_str(), list) {
            // the runner stopped it unasked: what did not happen is not called done
            self.emit(Event::StepCancelled { path: path.clone() });
        } else if has_outputs {
            self.emit(Event::ScopeClosing { path: path.clone() });
            self.evaluate(Purpose::BodyOutputs { path: path.clone() });
        } else {
            self.complete(path, 0, Value::Map(Map::new()));
        }
    }
}

/// What undoes a step was cancelled, or stopped unasked.
fn not_undone() -> TaskError {
    TaskError {
        class: ErrorClass::System,
        code: "RPA0415".into(),
        message: "cancelled before it was undone".into(),
    }
}

/// `ended`, and those whose fallback has ended: they have come to something by that.
fn with_owners(list: &[Step], mut ended: BTreeSet<Ident>) -> BTreeSet<Ident> {
    let mut open: Vec<Ident> = ended.iter().cloned().collect();
    while let Some(id) = open.pop() {
        if let Some(owner) = owner_of_fallback(list, &id)
            && ended.insert(owner.id.clone())
        {
            open.push(owner.id.clone());
        }
    }
    ended
}

/// What the steps of `ended` fall back to.
fn fallbacks_of<'d>(list: &'d [Step], ended: &BTreeSet<Ident>) -> BTreeSet<&'d Ident> {
    let fallback = |step: &'d Step| match &step.on_error {
        OnError::Fallback(target) if ended.contains(&step.id) => Some(target),
        _ => None,
    };
    list.iter().filter_map(fallback).collect()
}

/// The input of a task step in which nothing needs to be evaluated.
fn literal_input(step: &Step) -> Option<Value> {
    let Action::Task { with, env, .. } = &step.action else { return None };
    let env = env
        .iter()
        .map(|(name, t)| Some((name.clone(), Template::as_literal(t)?)))
        .collect::<Option<Map>>()?;
    Some(Value::from([("with", with.as_literal()?), ("env", Value::Map(env))]))
}
