//! Evaluating the expressions of a run.
//!
//! A job names what it wants; the scope is put together from the run's variables
//! and from what is kept of ended steps, which never changes. Who keeps that is behind
//! [`Records`]: the daemon has a store and files, a test of a workflow a map. What an
//! evaluation gives is journaled with what it decided, so nothing is evaluated twice
//! for one decision.
//!
//! Nothing here waits, decides or changes a state.

mod asks;
pub mod large;
mod locals;
mod loops;
mod records;
mod scope;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rpa_engine::run::{Asked, EvalJob, Evaluation, Purpose};
use rpa_engine::{
    Action, ErrorClass, Ident, Map, RunId, Step, StepPath, TaskError, Template, Value, Wait,
};

use crate::catalogue;
use crate::expr::{EvalError, Evaluator, SecretSource, Unsealed};
use large::{check_total, size};
use locals::Locals;
use scope::{At, Lists};

pub use records::{Callee, LoopRecord, Records, StepRecord};

/// Expressions over the records of runs. Cheap to share: one per process.
#[derive(Debug)]
pub struct Expressions<R> {
    evaluator: Evaluator,
    records: R,
    lists: Lists,
}

impl<R: Records> Expressions<R> {
    pub fn new(evaluator: Evaluator, records: R) -> Expressions<R> {
        Expressions { evaluator, records, lists: Lists::default() }
    }

    pub fn records(&self) -> &R {
        &self.records
    }

    /// Puts secrets into a task's input, for one attempt.
    pub fn unseal(&self, input: &Value, secrets: &dyn SecretSource) -> Result<Unsealed, TaskError> {
        self.evaluator.unseal(input, secrets).map_err(|e| error_of(&e))
    }

    /// Does one job. What goes wrong is part of the answer.
    pub fn evaluate(&self, job: &EvalJob) -> Evaluation {
        match &job.purpose {
            Purpose::Ask { path, failed } => {
                Evaluation::Asked { path: path.clone(), result: self.ask(job, path, *failed) }
            }
            Purpose::StepOutputs { path, attempt, output } => Evaluation::StepOutputs {
                path: path.clone(),
                attempt: *attempt,
                result: self.step_outputs(job, path, output),
            },
            Purpose::RunOutputs => Evaluation::RunOutputs { result: self.run_outputs(job) },
            Purpose::Again { path, turn } => Evaluation::Again {
                path: path.clone(),
                turn: *turn,
                result: self.again(job, path, *turn),
            },
            Purpose::BodyOutputs { path } => {
                Evaluation::BodyOutputs { path: path.clone(), result: self.body_outputs(job, path) }
            }
            Purpose::Gather { path, turns } => {
                Evaluation::Gathered { path: path.clone(), result: self.gather(job, path, *turns) }
            }
            Purpose::Claims { path, failed } => {
                Evaluation::Claims { path: path.clone(), result: self.claims(job, path, *failed) }
            }
            Purpose::Fits { path, event } => Evaluation::Fits {
                path: path.clone(),
                event: *event,
                result: self.fits(job, path, *event),
            },
            Purpose::Key => Evaluation::Key { result: self.key(job) },
        }
    }

    fn ask(&self, job: &EvalJob, path: &StepPath, failed: bool) -> Result<Asked, TaskError> {
        let (step, at) = (step_of(job, path)?, At::Step(path));
        if !self.is_met(job, step, at, failed)? {
            return Ok(Asked::Skip);
        }
        match &step.action {
            Action::Wait(Wait::For { .. }) => Ok(Asked::Wait { until_ms: None }),
            Action::Wait(Wait::Until(moment)) => {
                let moment = self.eval(job, at, "wait.until", moment)?;
                Ok(Asked::Wait { until_ms: Some(until(&moment)?) })
            }
            Action::Wait(Wait::Event(_)) => Ok(Asked::Await),
            Action::Call(call) => self.call(job, at, call),
            Action::Approval(approval) => self.approval(job, at, path, approval),
            Action::Group(_) | Action::While(_) | Action::Repeat(_) => Ok(Asked::Enter),
            Action::ForEach(each) => self.items_of(job, at, each),
            Action::Switch(switch) => {
                let on = self.eval(job, at, "switch", &switch.on)?.to_string();
                let case = switch.cases.iter().position(|case| case.value == on);
                Ok(Asked::Case(case.and_then(|case| u32::try_from(case).ok())))
            }
            Action::Set(fields) => {
                let mut set = Map::new();
                for (name, template) in fields {
                    let value = self.eval(job, at, &format!("set.{name}"), template)?;
                    held(job, name, &value)?;
                    set.insert(name.to_string(), value);
                }
                let set = self.spill_map(job.run, set)?;
                let kept = job.vars.iter().filter(|(name, _)| !set.contains_key(name.as_str()));
                let kept: usize = kept.map(|(name, v)| name.as_str().len() + size(v)).sum();
                let new: usize = set.iter().map(|(name, v)| name.len() + size(v)).sum();
                check_total(kept + new).map_err(|e| stored(&e))?;
                let named = |(name, value): (String, Value)| Some((name.parse().ok()?, value));
                Ok(Asked::Set(set.into_iter().filter_map(named).collect()))
            }
            Action::Task { kind, with, env } => {
                let with = self.with(job, at, kind, with)?;
                let env = self.fields(job, at, "env", env, &Map::new())?;
                let input = Value::from([("with", with), ("env", Value::Map(env))]);
                Ok(Asked::Run(self.spill(job.run, input)?))
            }
        }
    }

    /// Whether the condition of a step holds.
    fn is_met(
        &self,
        job: &EvalJob,
        step: &Step,
        at: At<'_>,
        failed: bool,
    ) -> Result<bool, TaskError> {
        let Some(condition) = &step.condition else { return Ok(true) };
        let mut scope = self.scope(job, at, &condition.reads)?;
        scope.insert("_failed".into(), Value::Bool(failed));
        self.evaluator.condition(condition, &scope).map_err(|e| in_field("if", &e))
    }

    fn eval(
        &self,
        job: &EvalJob,
        at: At<'_>,
        field: &str,
        template: &Template,
    ) -> Result<Value, TaskError> {
        let scope = self.scope(job, at, &template.reads())?;
        self.evaluator.eval(template, &scope).map_err(|e| in_field(field, &e))
    }

    fn with(
        &self,
        job: &EvalJob,
        at: At<'_>,
        kind: &str,
        with: &Template,
    ) -> Result<Value, TaskError> {
        let scope = self.scope(job, at, &with.reads())?;
        let Some(contract) = catalogue::find(kind) else {
            return self.evaluator.eval(with, &scope).map_err(|e| in_field("with", &e));
        };
        let input = self.evaluator.eval_with(contract, with, &scope);
        match input.map_err(|e| in_field("with", &e))? {
            Value::Map(input) => {
                catalogue::admit(contract, input).map(Value::Map).map_err(|e| unfit(&e))
            }
            // sealed as a whole: the task looks at it when it is opened
            other => Ok(other),
        }
    }

    fn step_outputs(
        &self,
        job: &EvalJob,
        path: &StepPath,
        output: &Value,
    ) -> Result<Map, TaskError> {
        let step = step_of(job, path)?;
        let output = self.load(job.run, output.clone())?;
        let mut bare = match &output {
            Value::Map(fields) => fields.clone(),
            _ => Map::new(),
        };
        bare.insert("output".into(), output);
        let named = self.fields(job, At::Step(path), "outputs", &step.outputs, &bare)?;
        self.spill_map(job.run, named)
    }

    fn run_outputs(&self, job: &EvalJob) -> Result<Map, TaskError> {
        let templates = &job.definition.outputs;
        let outputs = self.fields(job, At::Run, "outputs", templates, &Map::new())?;
        self.spill_map(job.run, outputs)
    }

    /// Evaluates named templates; `extra` are further roots of their scope.
    fn fields(
        &self,
        job: &EvalJob,
        at: At<'_>,
        block: &str,
        templates: &BTreeMap<String, Template>,
        extra: &Map,
    ) -> Result<Map, TaskError> {
        let (mut values, mut locals) = (Map::new(), Locals::default());
        for (name, template) in templates {
            let mut scope = self.scope_with(job, at, &template.reads(), &mut locals)?;
            // the fields of a task's output stand over an item of the same name
            scope.extend(extra.clone());
            let value = self
                .evaluator
                .eval(template, &scope)
                .map_err(|e| in_field(&format!("{block}.{name}"), &e))?;
            values.insert(name.clone(), value);
        }
        Ok(values)
    }

    fn spill(&self, run: RunId, value: Value) -> Result<Value, TaskError> {
        large::spill(value, &|v| self.records.put(run, v)).map_err(|e| stored(&e))
    }

    fn spill_map(&self, run: RunId, map: Map) -> Result<Map, TaskError> {
        large::spill_map(map, &|v| self.records.put(run, v)).map_err(|e| stored(&e))
    }
}

fn step_of<'j>(job: &'j EvalJob, path: &StepPath) -> Result<&'j Step, TaskError> {
    job.definition.step_at(path).ok_or_else(|| bug(&format!("no step {path}")))
}

/// The answer that `purpose` failed: for a job that could not be done at all.
pub fn failed(purpose: Purpose, error: &TaskError) -> Evaluation {
    let error = error.clone();
    match purpose {
        Purpose::Ask { path, .. } => Evaluation::Asked { path, result: Err(error) },
        Purpose::StepOutputs { path, attempt, .. } => {
            Evaluation::StepOutputs { path, attempt, result: Err(error) }
        }
        Purpose::RunOutputs => Evaluation::RunOutputs { result: Err(error) },
        Purpose::Again { path, turn } => Evaluation::Again { path, turn, result: Err(error) },
        Purpose::BodyOutputs { path } => Evaluation::BodyOutputs { path, result: Err(error) },
        Purpose::Gather { path, .. } => Evaluation::Gathered { path, result: Err(error) },
        Purpose::Claims { path, .. } => Evaluation::Claims { path, result: Err(error) },
        Purpose::Fits { path, event } => Evaluation::Fits { path, event, result: Err(error) },
        Purpose::Key => Evaluation::Key { result: Err(error) },
    }
}

/// The moment that a `wait` is for: `2026-12-01T09:00[Europe/Sofia]`, or with an offset.
fn until(moment: &Value) -> Result<u64, TaskError> {
    let text = moment.to_string();
    let parsed = text
        .parse::<jiff::Zoned>()
        .map(|zoned| zoned.timestamp())
        .or_else(|_| text.parse::<jiff::Timestamp>());
    let wrong = |e: jiff::Error| TaskError {
        class: ErrorClass::InvalidInput,
        code: "RPA0421".into(),
        message: format!("wait.until: {text:?} is no moment with a zone: {e}"),
    };
    // what has passed is over at once
    Ok(u64::try_from(parsed.map_err(wrong)?.as_millisecond()).unwrap_or(0))
}

fn in_field(field: &str, error: &EvalError) -> TaskError {
    let error = error_of(error);
    TaskError { message: format!("{field}: {}", error.message), ..error }
}

/// A declared variable takes from a step no more than from a person.
fn held(job: &EvalJob, name: &Ident, value: &Value) -> Result<(), TaskError> {
    let Some(variable) = job.definition.variables.get(name) else { return Ok(()) };
    let wrong = |message: String| TaskError {
        class: ErrorClass::InvalidInput,
        code: "RPA0409".into(),
        message,
    };
    if matches!(value, Value::Null | Value::Sealed(_) | Value::Blob(_)) {
        return Ok(());
    }
    if !variable.kind.accepts(value) {
        let (expected, got) = (variable.kind.word(), value.type_name());
        return Err(wrong(format!("set.{name}: expected {expected}, got {got}")));
    }
    match crate::workflow::unfit(variable, value) {
        Some(why) => Err(wrong(format!("set.{name}: the value {why}"))),
        None => Ok(()),
    }
}

fn unfit(error: &catalogue::InputError) -> TaskError {
    TaskError {
        class: ErrorClass::InvalidInput,
        code: "RPA0409".into(),
        message: error.to_string(),
    }
}

fn error_of(error: &EvalError) -> TaskError {
    let code = match error {
        EvalError::Failed(_) => "RPA0404",
        EvalError::Limit(_) => "RPA0405",
        EvalError::NoSecret(_) | EvalError::Secret { .. } => "RPA0406",
    };
    TaskError { class: ErrorClass::InvalidInput, code: code.into(), message: error.to_string() }
}

/// The code of the error that `evaluation` has come to.
pub fn error_in(evaluation: &Evaluation) -> Option<&str> {
    let error = match evaluation {
        Evaluation::Asked { result, .. } => result.as_ref().err(),
        Evaluation::StepOutputs { result, .. }
        | Evaluation::RunOutputs { result }
        | Evaluation::BodyOutputs { result, .. } => result.as_ref().err(),
        Evaluation::Again { result, .. } => result.as_ref().err(),
        Evaluation::Fits { result, .. } => result.as_ref().err(),
        Evaluation::Claims { result, .. } => result.as_ref().err(),
        Evaluation::Key { result } => result.as_ref().err(),
        Evaluation::Gathered { result, .. } => result.as_ref().err(),
    };
    error.map(|e| e.code.as_str())
}

fn stored(error: &std::io::Error) -> TaskError {
    if error.kind() == std::io::ErrorKind::FileTooLarge {
        return TaskError {
            class: ErrorClass::InvalidInput,
            code: "RPA0405".into(),
            message: format!("the values are too large: {error}"),
        };
    }
    let full =
        matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
    let code = if full { "RPA0411" } else { "RPA0410" };
    system(code, &format!("a stored document: {error}"))
}

/// An error that is nobody's input's fault.
pub fn system(code: &str, message: &str) -> TaskError {
    TaskError { class: ErrorClass::System, code: code.into(), message: message.into() }
}

/// What should never be.
pub fn bug(detail: &str) -> TaskError {
    system("RPA0417", &format!("a bug in rpad: {detail}"))
}
