//! Small workflows and inputs, in as few words as a test needs.

use std::collections::BTreeMap;

use crate::actor::{Actor, Origin};
use crate::name::{AttemptId, Ident, RunId, StepPath, WorkflowRef};
use crate::outcome::{ErrorClass, Outcome, StopReason, TaskError};
use crate::run::{Asked, Evaluation, Input, Resolution};
use crate::template::{Expr, Reads, Template};
use crate::value::{Map, Value};
use crate::workflow::{Action, Backoff, EffectClass, Retry, Step, Workflow};

pub(in crate::run) const RUN: RunId = RunId(0x0193_f2a0_1111_7222_8333_4444_5555_6666);

pub(in crate::run) fn ident(id: &str) -> Ident {
    id.parse().unwrap()
}

pub(in crate::run) fn path(path: &str) -> StepPath {
    path.parse().unwrap()
}

pub(in crate::run) fn flow(steps: impl Into<Vec<Step>>) -> Workflow {
    Workflow {
        name: WorkflowRef::parse("test", &"default".parse().unwrap()).unwrap(),
        description: String::new(),
        tags: Vec::new(),
        variables: BTreeMap::new(),
        steps: steps.into(),
        outputs: BTreeMap::new(),
    }
}

/// A task that starts without an evaluation; nobody declared its effect.
pub(in crate::run) fn task(id: &str) -> Step {
    step(id, shell(Template::Literal(Value::Null)))
}

/// A task whose input has to be evaluated first.
pub(in crate::run) fn asking(id: &str) -> Step {
    step(id, shell(Template::Expr(expr("vars.x", false))))
}

pub(in crate::run) fn set(id: &str, variable: &str) -> Step {
    let value = Template::Expr(expr("1 + 1", false));
    step(id, Action::Set(BTreeMap::from([(ident(variable), value)])))
}

pub(in crate::run) fn wait(id: &str, for_ms: u64) -> Step {
    step(id, Action::Wait { for_ms })
}

fn shell(with: Template) -> Action {
    Action::Task { kind: "shell".into(), with, env: BTreeMap::new() }
}

fn step(id: &str, action: Action) -> Step {
    Step {
        id: ident(id),
        name: String::new(),
        needs: Default::default(),
        condition: None,
        action,
        effect: EffectClass::Unknown,
        timeout_ms: None,
        retry: Retry::NONE,
        outputs: BTreeMap::new(),
    }
}

fn expr(source: &str, status: bool) -> Expr {
    Expr { source: source.into(), reads: Reads { status, ..Reads::default() } }
}

impl Step {
    pub(in crate::run) fn after(mut self, needs: &[&str]) -> Step {
        self.needs = needs.iter().map(|id| ident(id)).collect();
        self
    }

    /// `if:` without a word on how other steps ended.
    pub(in crate::run) fn only_if(mut self, source: &str) -> Step {
        self.condition = Some(expr(source, false));
        self
    }

    /// `if:` with `always()` or `failed()`.
    pub(in crate::run) fn whatever_happened(mut self) -> Step {
        self.condition = Some(expr("always()", true));
        self
    }

    pub(in crate::run) fn with_effect(mut self, effect: EffectClass) -> Step {
        self.effect = effect;
        self
    }

    pub(in crate::run) fn with_retry(mut self, retry: Retry) -> Step {
        self.retry = retry;
        self
    }

    pub(in crate::run) fn with_outputs(mut self) -> Step {
        self.outputs = run_outputs();
        self
    }
}

pub(in crate::run) fn run_outputs() -> BTreeMap<String, Template> {
    BTreeMap::from([("n".to_owned(), Template::Expr(expr("output.n", false)))])
}

/// A retry that the step itself declares.
pub(in crate::run) fn fixed(attempts: u32, delay_ms: u64) -> Retry {
    Retry {
        attempts,
        backoff: Backoff::Fixed,
        delay_ms,
        max_delay_ms: 60_000,
        declared_on_step: true,
    }
}

pub(in crate::run) fn ana() -> Actor {
    Actor { who: "ana".into(), origin: Origin::Cli }
}

pub(in crate::run) fn ended(id: &str, number: u32, outcome: Outcome) -> Input {
    Input::AttemptEnded { attempt: AttemptId { run: RUN, path: path(id), number }, outcome }
}

pub(in crate::run) fn gave(n: i64) -> Outcome {
    Outcome::Succeeded { output: Value::Int(n) }
}

/// A failure that `retry` may help.
pub(in crate::run) fn broke() -> Outcome {
    Outcome::Failed { error: error(ErrorClass::Exit(1)), output: Value::Null }
}

pub(in crate::run) fn lost() -> Outcome {
    Outcome::Lost { why: "the machine went down".into() }
}

pub(in crate::run) fn stopped(why: StopReason) -> Outcome {
    Outcome::Stopped { why }
}

pub(in crate::run) fn error(class: ErrorClass) -> TaskError {
    TaskError { class, code: "RPA0401".into(), message: "it broke".into() }
}

pub(in crate::run) fn asked(id: &str, result: Result<Asked, TaskError>) -> Input {
    Input::Evaluated(Evaluation::Asked { path: path(id), result })
}

/// The evaluated input of [`task`], which plays leave unmentioned.
pub(in crate::run) fn plain_input() -> Value {
    Value::from([("env", Value::Map(Map::new())), ("with", Value::Null)])
}

pub(in crate::run) fn runs(id: &str) -> Input {
    asked(id, Ok(Asked::Run(plain_input())))
}

pub(in crate::run) fn fields(n: i64) -> Map {
    Map::from([("n".to_owned(), Value::Int(n))])
}

pub(in crate::run) fn outputs_of(id: &str, attempt: u32, result: Result<Map, TaskError>) -> Input {
    Input::Evaluated(Evaluation::StepOutputs { path: path(id), attempt, result })
}

pub(in crate::run) fn outputs_of_run(result: Result<Map, TaskError>) -> Input {
    Input::Evaluated(Evaluation::RunOutputs { result })
}

pub(in crate::run) fn wake(up_to_ms: u64) -> Input {
    Input::Wake { up_to_ms }
}

pub(in crate::run) fn cancel() -> Input {
    Input::Cancel { by: ana() }
}

pub(in crate::run) fn resolve(id: &str, resolution: Resolution) -> Input {
    Input::Resolve { path: path(id), resolution, by: ana() }
}
