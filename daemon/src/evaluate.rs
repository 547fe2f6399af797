//! Evaluating expressions, outside the engine and off the driver's thread.
//!
//! A job names what it wants; the scope is put together from the run's variables
//! and from the rows of ended steps, which never change. The result is journaled
//! with what it decided, so nothing is evaluated twice for one decision.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rpa_config::catalogue;
use rpa_config::expr::{EvalError, Evaluator, SecretSource, Unsealed};
use rpa_engine::run::{Asked, EvalJob, Evaluation, Input, Purpose, StepState};
use rpa_engine::{
    Action, ErrorClass, Ident, Map, Reads, RunId, Step, StepPath, TaskError, Template, Value,
};
use tokio::sync::{Semaphore, mpsc};

use crate::blobs::{Blobs, check_total, size};
use crate::driver::{Inbox, Message};
use crate::runlog::line_time;
use crate::store::{Store, StoreError};

/// Evaluations at once: they are short and use the processor.
const AT_ONCE: usize = 4;

/// The fault of a store that cannot be read.
const STORE: &str = "RPA0204";
/// How long a store may take to come back, and how often it is asked.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(200);

/// A job on its way to the evaluator.
#[derive(Debug)]
pub struct Job(pub EvalJob);

/// Expressions with the secrets that they may name.
pub struct Expressions {
    pub evaluator: Evaluator,
    pub secrets: Box<dyn SecretSource>,
    pub store: Arc<Store>,
    pub blobs: Blobs,
}

impl std::fmt::Debug for Expressions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Expressions")
    }
}

/// Answers jobs until the sender is gone.
pub async fn serve(
    expressions: Arc<Expressions>,
    mut jobs: mpsc::UnboundedReceiver<Job>,
    inbox: Inbox,
) {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    while let Some(Job(job)) = jobs.recv().await {
        let Ok(slot) = slots.clone().acquire_owned().await else { return };
        let (expressions, inbox) = (expressions.clone(), inbox.clone());
        tokio::spawn(async move {
            let run = job.run;
            let purpose = job.purpose.clone();
            let evaluated =
                tokio::task::spawn_blocking(move || expressions.evaluate_patiently(&job)).await;
            drop(slot);
            let evaluation =
                evaluated.unwrap_or_else(|panic| failed(purpose, &bug(&panic.to_string())));
            inbox.tell(Message::Run { run, input: Input::Evaluated(evaluation) }).await;
        });
    }
}

impl Expressions {
    /// Puts secrets into a task's input, for one attempt.
    pub fn unseal(&self, input: &Value) -> Result<Unsealed, TaskError> {
        self.evaluator.unseal(input, self.secrets.as_ref()).map_err(|e| error_of(&e))
    }

    /// A store that fails is being opened anew: that is no answer to give, as the
    /// step would fail for it.
    fn evaluate_patiently(&self, job: &EvalJob) -> Evaluation {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let evaluation = self.evaluate(job);
            if error_in(&evaluation) != Some(STORE) || Instant::now() >= deadline {
                return evaluation;
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn evaluate(&self, job: &EvalJob) -> Evaluation {
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
        }
    }

    fn ask(&self, job: &EvalJob, path: &StepPath, failed: bool) -> Result<Asked, TaskError> {
        let step = step_of(job, path)?;
        if let Some(condition) = &step.condition {
            let mut scope = self.scope(job, &condition.reads)?;
            scope.insert("_failed".into(), Value::Bool(failed));
            let met = self.evaluator.condition(condition, &scope);
            if !met.map_err(|e| in_field("if", &e))? {
                return Ok(Asked::Skip);
            }
        }
        match &step.action {
            Action::Wait { .. } => Ok(Asked::Wait),
            Action::Set(fields) => {
                let mut set = Map::new();
                for (name, template) in fields {
                    let scope = self.scope(job, &template.reads())?;
                    let value = self
                        .evaluator
                        .eval(template, &scope)
                        .map_err(|e| in_field(&format!("set.{name}"), &e))?;
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
                let with = self.with(job, kind, with)?;
                let env = self.fields(job, "env", env, &Map::new())?;
                let input = Value::from([("with", with), ("env", Value::Map(env))]);
                Ok(Asked::Run(self.spill(job.run, input)?))
            }
        }
    }

    fn with(&self, job: &EvalJob, kind: &str, with: &Template) -> Result<Value, TaskError> {
        let scope = self.scope(job, &with.reads())?;
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
        let named = self.fields(job, "outputs", &step.outputs, &bare)?;
        self.spill_map(job.run, named)
    }

    fn run_outputs(&self, job: &EvalJob) -> Result<Map, TaskError> {
        let outputs = self.fields(job, "outputs", &job.definition.outputs, &Map::new())?;
        self.spill_map(job.run, outputs)
    }

    /// Evaluates named templates; `extra` are further roots of their scope.
    fn fields(
        &self,
        job: &EvalJob,
        block: &str,
        templates: &BTreeMap<String, Template>,
        extra: &Map,
    ) -> Result<Map, TaskError> {
        let mut values = Map::new();
        for (name, template) in templates {
            let mut scope = extra.clone();
            scope.extend(self.scope(job, &template.reads())?);
            let value = self
                .evaluator
                .eval(template, &scope)
                .map_err(|e| in_field(&format!("{block}.{name}"), &e))?;
            values.insert(name.clone(), value);
        }
        Ok(values)
    }

    /// The namespaces that `reads` names, and no more.
    fn scope(&self, job: &EvalJob, reads: &Reads) -> Result<Map, TaskError> {
        let mut scope = Map::new();
        if !reads.vars.is_empty() {
            let mut vars = Map::new();
            for name in &reads.vars {
                if let Some(value) = job.vars.get(name) {
                    vars.insert(name.to_string(), self.load(job.run, value.clone())?);
                }
            }
            scope.insert("vars".into(), Value::Map(vars));
        }
        if !reads.steps.is_empty() {
            let mut steps = Map::new();
            for id in &reads.steps {
                steps.insert(id.to_string(), self.step_facts(job.run, id)?);
            }
            scope.insert("steps".into(), Value::Map(steps));
        }
        if reads.roots.contains("run") {
            scope.insert("run".into(), run_facts(job));
        }
        if reads.roots.contains("workflow") {
            scope.insert("workflow".into(), workflow_facts(job));
        }
        Ok(scope)
    }

    /// `steps.ID`: status, output, error.
    fn step_facts(&self, run: RunId, id: &Ident) -> Result<Value, TaskError> {
        let read = || -> Result<_, StoreError> { self.store.read()?.step(run, &StepPath::top(id)) };
        let row = read().map_err(|e| system(STORE, &format!("the store: {e}")))?;
        let Some(row) = row else {
            return Ok(Value::from([("status", Value::from("pending"))]));
        };
        let error = match &row.state {
            StepState::Failed { error, .. } => Value::from([
                ("code", Value::text(&error.code)),
                ("class", Value::text(error.class.word())),
                ("message", Value::text(&error.message)),
            ]),
            _ => Value::Null,
        };
        let output = self.load(run, row.output.unwrap_or_default())?;
        Ok(Value::from([
            ("status", Value::from(row.state.status().word())),
            ("output", output),
            ("error", error),
        ]))
    }

    fn load(&self, run: RunId, value: Value) -> Result<Value, TaskError> {
        self.blobs.load(run, value).map_err(|e| stored(&e))
    }

    fn spill(&self, run: RunId, value: Value) -> Result<Value, TaskError> {
        self.blobs.spill(run, value).map_err(|e| stored(&e))
    }

    fn spill_map(&self, run: RunId, map: Map) -> Result<Map, TaskError> {
        self.blobs.spill_map(run, map).map_err(|e| stored(&e))
    }
}

fn step_of<'j>(job: &'j EvalJob, path: &StepPath) -> Result<&'j Step, TaskError> {
    job.definition
        .steps
        .iter()
        .find(|s| s.id.as_str() == path.as_str())
        .ok_or_else(|| bug(&format!("no step {path}")))
}

fn run_facts(job: &EvalJob) -> Value {
    Value::from([
        ("id", Value::text(job.run.to_string())),
        ("short", Value::text(job.run.short())),
        ("started_at", Value::text(line_time(job.started_ms))),
    ])
}

fn workflow_facts(job: &EvalJob) -> Value {
    Value::from([
        ("name", Value::from(job.definition.name.name.as_str())),
        ("namespace", Value::from(job.definition.name.namespace.as_str())),
        ("revision", Value::Int(i64::from(job.revision))),
    ])
}

fn failed(purpose: Purpose, error: &TaskError) -> Evaluation {
    let error = error.clone();
    match purpose {
        Purpose::Ask { path, .. } => Evaluation::Asked { path, result: Err(error) },
        Purpose::StepOutputs { path, attempt, .. } => {
            Evaluation::StepOutputs { path, attempt, result: Err(error) }
        }
        Purpose::RunOutputs => Evaluation::RunOutputs { result: Err(error) },
    }
}

fn in_field(field: &str, error: &EvalError) -> TaskError {
    let error = error_of(error);
    TaskError { message: format!("{field}: {}", error.message), ..error }
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

fn error_in(evaluation: &Evaluation) -> Option<&str> {
    let error = match evaluation {
        Evaluation::Asked { result, .. } => result.as_ref().err(),
        Evaluation::StepOutputs { result, .. } | Evaluation::RunOutputs { result } => {
            result.as_ref().err()
        }
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
    let code = if crate::store::is_disk_full(error) { "RPA0411" } else { "RPA0410" };
    system(code, &format!("a stored document: {error}"))
}

fn system(code: &str, message: &str) -> TaskError {
    TaskError { class: ErrorClass::System, code: code.into(), message: message.into() }
}

fn bug(detail: &str) -> TaskError {
    system("RPA0417", &format!("a bug in rpad: {detail}"))
}
