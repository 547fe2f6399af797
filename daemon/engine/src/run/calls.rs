//! Sub-workflows: a step that is a run of another workflow.
//!
//! | the run that a step has called | the step |
//! |---|---|
//! | completes | is confirmed: it gives that run's outputs |
//! | fails | has failed with its error; `retry` calls a new run |
//! | is cancelled, and this step is to end | is cancelled |
//! | is cancelled otherwise | fails (RPA0425), which is not tried again by default |
//! | is over its time | has that run cancelled, then fails (RPA0402) |
//! | has a doubt | counts as in doubt: the time of this run stands still |
//!
//! What halts the step cancels the run; pausing and resuming reach it as well. A run that
//! was called `detached` goes its own way: its id is what the step gives.

use serde::{Deserialize, Serialize};

use super::effect::RemarkLevel;
use super::event::Event;
use super::message::{Called, ChildOrder, Message, News, Parent, Stands};
use super::state::{RunEnd, StepState};
use super::turn::Turn;
use super::verdict::human;
use crate::actor::{Actor, Origin};
use crate::name::{RunId, StepPath};
use crate::outcome::{ErrorClass, Outcome, TaskError};
use crate::value::{Map, Value};
use crate::workflow::Action;

/// A step whose run goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calling {
    pub attempt: u32,
    pub run: RunId,
    /// When the step's first run was called.
    pub since_ms: u64,
    pub deadline_ms: Option<u64>,
    pub timed_out: bool,
    pub stands: Stands,
    /// Revision and variables: every further attempt uses the same.
    pub input: Value,
}

/// The input of a step that calls: what further tries are made of.
pub(super) fn call_input(revision: u32, vars: Map) -> Value {
    Value::from([("revision", Value::Int(i64::from(revision))), ("with", Value::Map(vars))])
}

impl Turn<'_> {
    /// Calls the run of attempt `attempt`.
    pub(super) fn begin_call(&mut self, path: &StepPath, attempt: u32, input: Value) {
        let Some(step) = self.run.definition_of(path) else { return };
        let Action::Call(call) = &step.action else { return };
        let (workflow, detached) = (call.workflow.clone(), call.detached);
        let timeout_ms = step.timeout_ms;
        let Value::Map(fields) = &input else { return };
        let revision = match fields.get("revision") {
            Some(Value::Int(revision)) => u32::try_from(*revision).unwrap_or_default(),
            _ => return,
        };
        let vars = match fields.get("with") {
            Some(Value::Map(vars)) => vars.clone(),
            _ => Map::new(),
        };
        let run = self.run.id.called(path, attempt, self.cx.now_ms);
        let text = format!("calls {workflow}, revision {revision}, as run {}", run.short());
        self.remark(path, attempt, RemarkLevel::Info, text);
        self.message(Message::Call(Box::new(Called {
            run,
            workflow: workflow.clone(),
            revision,
            vars,
            by: Parent { run: self.run.id, path: path.clone() },
            detached,
            actor: self.run.actor.clone(),
            priority: self.run.priority,
        })));
        let deadline_ms = timeout_ms.map(|ms| self.cx.now_ms.saturating_add(ms));
        let path = path.clone();
        self.emit(Event::StepCalled {
            path: path.clone(),
            attempt,
            run,
            workflow,
            revision,
            input,
            deadline_ms,
        });
        if detached {
            let output = Value::from([("run", Value::Text(run.to_string()))]);
            self.confirm(&path, attempt, output);
        }
    }

    pub(super) fn called(&mut self, path: &StepPath, run: RunId, news: News) {
        let Some(StepState::Calling(calling)) = self.run.steps.get(path) else { return };
        if calling.run != run {
            return;
        }
        let before = calling.stands;
        match news {
            News::Stands(stands) if stands != before => {
                self.emit(Event::CallStands { path: path.clone(), stands });
            }
            News::Stands(_) => {}
            News::Ended(end) => {
                if before == Stands::Doubts {
                    let stands = Stands::Works;
                    self.emit(Event::CallStands { path: path.clone(), stands });
                }
                self.call_ended(path, end);
            }
        }
    }

    fn call_ended(&mut self, path: &StepPath, end: RunEnd) {
        let Some(StepState::Calling(calling)) = self.run.steps.get(path) else { return };
        let Calling { attempt, run, since_ms, timed_out, input, .. } = (**calling).clone();
        let short = run.short();
        let error = match end {
            RunEnd::Completed { outputs } => {
                let text = format!("run {short} has completed");
                self.remark(path, attempt, RemarkLevel::Info, text);
                return self.confirm(path, attempt, Value::Map(outputs));
            }
            RunEnd::Cancelled if !timed_out && self.is_halted(path) => {
                self.remark(path, attempt, RemarkLevel::Warn, format!("run {short} is cancelled"));
                return self.cancel_step(path);
            }
            RunEnd::Cancelled | RunEnd::Failed { .. } if timed_out => {
                let step = self.run.definition_of(path);
                let after = human(step.and_then(|step| step.timeout_ms).unwrap_or_default());
                TaskError {
                    class: ErrorClass::Timeout,
                    code: "RPA0402".into(),
                    message: format!("timed out after {after}; its run {short} is cancelled"),
                }
            }
            RunEnd::Cancelled => TaskError {
                class: ErrorClass::Business,
                code: "RPA0425".into(),
                message: format!("its run {short} was cancelled"),
            },
            RunEnd::Failed { step: None, error } => {
                TaskError { message: format!("run {short}: {}", error.message), ..error }
            }
            RunEnd::Failed { step: Some(step), error } => {
                TaskError { message: format!("run {short}, {step}: {}", error.message), ..error }
            }
        };
        let outcome = Outcome::Failed { error, output: Value::Null };
        self.judged(path, attempt, input, since_ms, outcome);
    }

    /// The time of the step is out: its run is cancelled, and fails it when it has ended.
    pub(super) fn call_timed_out(&mut self, path: &StepPath) {
        self.emit(Event::CallTimedOut { path: path.clone() });
        self.cancel_call(path);
    }

    pub(super) fn cancel_call(&mut self, path: &StepPath) {
        let by = match &self.run.cancel {
            Some(order) => order.by.clone(),
            None => Actor {
                who: format!("time-out in run {}, step {path}", self.run.id.short()),
                origin: Origin::Daemon,
            },
        };
        self.order(path, ChildOrder::Cancel { by });
    }

    fn order(&mut self, path: &StepPath, order: ChildOrder) {
        if let Some(StepState::Calling(calling)) = self.run.steps.get(path) {
            let run = calling.run;
            self.message(Message::Order { run, order });
        }
    }

    /// The order goes to every run that a step of this one has called.
    pub(super) fn order_all(&mut self, order: &ChildOrder) {
        let calls = |(path, state): (&StepPath, &StepState)| {
            matches!(state, StepState::Calling(_)).then(|| path.clone())
        };
        let calling: Vec<StepPath> = self.run.steps.iter().filter_map(calls).collect();
        for path in calling {
            self.order(&path, order.clone());
        }
    }
}
