//! Small workflows and inputs, in as few words as a test needs.

use std::collections::BTreeMap;

use crate::actor::{Actor, Origin};
use crate::name::{AttemptId, Ident, RunId, StepPath, WorkflowRef};
use crate::outcome::{ErrorClass, Outcome, StopReason, TaskError};
use crate::run::{Asked, Evaluation, Input, Resolution};
use crate::template::{Expr, Reads, Template};
use crate::value::{Map, Value};
use crate::workflow::{
    Action, Backoff, Case, EffectClass, ForEach, Handlers, OnError, OnItemError, Priority, Repeat,
    Retry, Step, Switch, Wait, When, While, Workflow,
};

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
        timeout_ms: None,
        priority: Priority::Normal,
        category: String::new(),
        concurrency: None,
        sla: None,
        handlers: Handlers::default(),
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
    step(id, Action::Wait(Wait::For { ms: for_ms }))
}

pub(in crate::run) fn group(id: &str, steps: impl Into<Vec<Step>>) -> Step {
    step(id, Action::Group(steps.into()))
}

/// A loop over items that are evaluated first.
pub(in crate::run) fn for_each(
    id: &str,
    max_parallel: u32,
    on_item_error: OnItemError,
    steps: impl Into<Vec<Step>>,
) -> Step {
    let items = Template::Expr(expr("vars.x", false));
    let (item, steps) = (ident("item"), steps.into());
    step(id, Action::ForEach(ForEach { items, item, max_parallel, on_item_error, steps }))
}

pub(in crate::run) fn while_true(
    id: &str,
    max_iterations: u32,
    steps: impl Into<Vec<Step>>,
) -> Step {
    let condition = expr("vars.x", false);
    step(id, Action::While(While { condition, max_iterations, steps: steps.into() }))
}

/// `until` a condition that is evaluated after each turn, or none.
pub(in crate::run) fn repeat(
    id: &str,
    count: u32,
    until: bool,
    every_ms: u64,
    steps: impl Into<Vec<Step>>,
) -> Step {
    let until = until.then(|| expr("vars.x", false));
    step(id, Action::Repeat(Repeat { count, until, every_ms, steps: steps.into() }))
}

/// Two cases, `a` and `b`, and a default.
pub(in crate::run) fn switch(
    id: &str,
    a: impl Into<Vec<Step>>,
    b: impl Into<Vec<Step>>,
    default: impl Into<Vec<Step>>,
) -> Step {
    let cases = vec![
        Case { value: "a".into(), steps: a.into() },
        Case { value: "b".into(), steps: b.into() },
    ];
    let on = Template::Expr(expr("vars.x", false));
    step(id, Action::Switch(Switch { on, cases, default: default.into() }))
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
        on_error: OnError::Fail,
        claims: None,
        compensate: Vec::new(),
        outputs: BTreeMap::new(),
    }
}

fn expr(source: &str, status: bool) -> Expr {
    Expr { source: source.into(), reads: Reads { status, ..Reads::default() } }
}

impl Step {
    pub(in crate::run) fn after(mut self, needs: &[&str]) -> Step {
        self.needs = needs.iter().map(|id| (ident(id), When::Completed)).collect();
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

    /// Needs `id`, ended as `when` says.
    pub(in crate::run) fn when(mut self, id: &str, when: When) -> Step {
        self.needs.insert(ident(id), when);
        self
    }

    pub(in crate::run) fn on_error(mut self, on_error: OnError) -> Step {
        self.on_error = on_error;
        self
    }

    pub(in crate::run) fn undone_by(mut self, steps: impl Into<Vec<Step>>) -> Step {
        self.compensate = steps.into();
        self
    }

    pub(in crate::run) fn within(mut self, timeout_ms: u64) -> Step {
        self.timeout_ms = Some(timeout_ms);
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
        ..Retry::NONE
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

pub(in crate::run) fn pause() -> Input {
    Input::Pause { by: ana() }
}

pub(in crate::run) fn resume() -> Input {
    Input::Resume { by: ana() }
}

/// A step with a body begins, or a loop that goes over nothing.
pub(in crate::run) fn enters(id: &str) -> Input {
    asked(id, Ok(Asked::Enter))
}

/// What `for_each` goes over: the numbers from 0.
pub(in crate::run) fn items(id: &str, count: u32) -> Input {
    let items = Value::List((0..i64::from(count)).map(Value::Int).collect());
    asked(id, Ok(Asked::Items { items, count }))
}

pub(in crate::run) fn case(id: &str, case: Option<u32>) -> Input {
    asked(id, Ok(Asked::Case(case)))
}

pub(in crate::run) fn again(id: &str, turn: u32, answer: bool) -> Input {
    Input::Evaluated(Evaluation::Again { path: path(id), turn, result: Ok(answer) })
}

pub(in crate::run) fn body_outputs(id: &str, result: Result<Map, TaskError>) -> Input {
    Input::Evaluated(Evaluation::BodyOutputs { path: path(id), result })
}

pub(in crate::run) fn gathered(id: &str, n: i64) -> Input {
    Input::Evaluated(Evaluation::Gathered { path: path(id), result: Ok(Value::Int(n)) })
}

/// What the log says of an attempt in doubt.
pub(in crate::run) fn doubted(attempt: &str, why: &str) -> String {
    format!("> error {attempt}: in doubt: {why}; a person must decide, see `rpa doubts`")
}
