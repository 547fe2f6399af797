//! Small workflows and inputs, in as few words as a test needs.

use std::collections::BTreeMap;

use crate::actor::{Actor, Origin};
use crate::name::{AttemptId, Ident, Label, RunId, StepPath, WorkflowRef};
use crate::outcome::{ErrorClass, Outcome, StopReason, TaskError};
use crate::run::{
    ApprovalRequest, Asked, ClaimAnswer, Evaluation, EventId, Input, News, Published, Resolution,
    RunEnd, StepState, Tokens, Vote,
};
use crate::template::{Expr, Reads, Template};
use crate::value::{Map, Value};
use crate::workflow::{
    Action, Approval, Backoff, Call, Case, Claims, EffectClass, ForEach, Handlers, OnError,
    OnItemError, OnTimeout, Priority, Repeat, Retry, Step, Switch, Wait, WaitEvent, When, While,
    Workflow,
};

pub(crate) const RUN: RunId = RunId(0x0193_f2a0_1111_7222_8333_4444_5555_6666);

pub(crate) fn ident(id: &str) -> Ident {
    id.parse().unwrap()
}

pub(crate) fn path(path: &str) -> StepPath {
    path.parse().unwrap()
}

pub(crate) fn flow(steps: impl Into<Vec<Step>>) -> Workflow {
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
        triggers: Vec::new(),
    }
}

/// A task that starts without an evaluation; nobody declared its effect.
pub(crate) fn task(id: &str) -> Step {
    step(id, shell(Template::Literal(Value::Null)))
}

/// A task whose input has to be evaluated first.
pub(crate) fn asking(id: &str) -> Step {
    step(id, shell(Template::Expr(expr("vars.x", false))))
}

pub(crate) fn set(id: &str, variable: &str) -> Step {
    let value = Template::Expr(expr("1 + 1", false));
    step(id, Action::Set(BTreeMap::from([(ident(variable), value)])))
}

pub(crate) fn wait(id: &str, for_ms: u64) -> Step {
    step(id, Action::Wait(Wait::For { ms: for_ms }))
}

pub(crate) fn group(id: &str, steps: impl Into<Vec<Step>>) -> Step {
    step(id, Action::Group(steps.into()))
}

/// A loop over items that are evaluated first.
pub(crate) fn for_each(
    id: &str,
    max_parallel: u32,
    on_item_error: OnItemError,
    steps: impl Into<Vec<Step>>,
) -> Step {
    let items = Template::Expr(expr("vars.x", false));
    let (item, steps) = (ident("item"), steps.into());
    step(id, Action::ForEach(ForEach { items, item, max_parallel, on_item_error, steps }))
}

pub(crate) fn while_true(id: &str, max_iterations: u32, steps: impl Into<Vec<Step>>) -> Step {
    let condition = expr("vars.x", false);
    step(id, Action::While(While { condition, max_iterations, steps: steps.into() }))
}

/// `until` a condition that is evaluated after each turn, or none.
pub(crate) fn repeat(
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
pub(crate) fn switch(
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

/// A run of another workflow, whose variables are evaluated first.
pub(crate) fn call(id: &str, workflow: &str) -> Step {
    let with = BTreeMap::from([("n".to_owned(), Template::Expr(expr("vars.x", false)))]);
    step(id, Action::Call(Call { workflow: workflow_ref(workflow), with, detached: false }))
}

pub(crate) fn call_detached(id: &str, workflow: &str) -> Step {
    let workflow = workflow_ref(workflow);
    step(id, Action::Call(Call { workflow, with: BTreeMap::new(), detached: true }))
}

pub(crate) fn workflow_ref(name: &str) -> WorkflowRef {
    WorkflowRef::parse(name, &"default".parse().unwrap()).unwrap()
}

/// Until an event of that name that fits, where `fits` says so.
pub(crate) fn wait_event(
    id: &str,
    name: &str,
    fits: bool,
    timeout_ms: Option<u64>,
    on_timeout: OnTimeout,
) -> Step {
    let fits = fits.then(|| expr("event.data == 1", false));
    let event = WaitEvent { name: name.parse().unwrap(), fits, timeout_ms, on_timeout };
    step(id, Action::Wait(Wait::Event(event)))
}

pub(crate) fn approval(id: &str, quorum: u32) -> Step {
    approval_within(id, quorum, None, OnTimeout::Fail)
}

pub(crate) fn approval_within(
    id: &str,
    quorum: u32,
    timeout_ms: Option<u64>,
    on_timeout: OnTimeout,
) -> Step {
    let approval = Approval {
        message: Template::Expr(expr("vars.x", false)),
        show: BTreeMap::new(),
        form: BTreeMap::new(),
        approvers: Vec::new(),
        quorum,
        self_approval: false,
        timeout_ms,
        on_timeout,
    };
    step(id, Action::Approval(Box::new(approval)))
}

/// A lock of that name, and tokens of pools.
pub(crate) fn claims(lock: Option<&str>, tokens: &[(&str, u32)]) -> Claims {
    let lock = lock.map(|name| Template::Literal(Value::from(name)));
    let tokens = tokens.iter().map(|(name, count)| (label(name), *count)).collect();
    Claims { lock, tokens, lease_ms: None, wait_ms: None }
}

/// A lock whose name is evaluated.
pub(crate) fn claims_asked(tokens: &[(&str, u32)]) -> Claims {
    Claims { lock: Some(Template::Expr(expr("vars.x", false))), ..claims(None, tokens) }
}

pub(crate) fn label(name: &str) -> Label {
    name.parse().unwrap()
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
        vars: BTreeMap::new(),
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

pub(crate) fn expr(source: &str, status: bool) -> Expr {
    Expr { source: source.into(), reads: Reads { status, ..Reads::default() } }
}

impl Step {
    pub(crate) fn after(mut self, needs: &[&str]) -> Step {
        self.needs = needs.iter().map(|id| (ident(id), When::Completed)).collect();
        self
    }

    /// `if:` without a word on how other steps ended.
    pub(crate) fn only_if(mut self, source: &str) -> Step {
        self.condition = Some(expr(source, false));
        self
    }

    /// `if:` with `always()` or `failed()`.
    pub(crate) fn whatever_happened(mut self) -> Step {
        self.condition = Some(expr("always()", true));
        self
    }

    pub(crate) fn with_effect(mut self, effect: EffectClass) -> Step {
        self.effect = effect;
        self
    }

    pub(crate) fn with_retry(mut self, retry: Retry) -> Step {
        self.retry = retry;
        self
    }

    /// Needs `id`, ended as `when` says.
    pub(crate) fn when(mut self, id: &str, when: When) -> Step {
        self.needs.insert(ident(id), when);
        self
    }

    pub(crate) fn on_error(mut self, on_error: OnError) -> Step {
        self.on_error = on_error;
        self
    }

    pub(crate) fn undone_by(mut self, steps: impl Into<Vec<Step>>) -> Step {
        self.compensate = steps.into();
        self
    }

    pub(crate) fn within(mut self, timeout_ms: u64) -> Step {
        self.timeout_ms = Some(timeout_ms);
        self
    }

    pub(crate) fn claiming(mut self, claims: Claims) -> Step {
        self.claims = Some(claims);
        self
    }

    pub(crate) fn with_outputs(mut self) -> Step {
        self.outputs = run_outputs();
        self
    }
}

pub(crate) fn run_outputs() -> BTreeMap<String, Template> {
    BTreeMap::from([("n".to_owned(), Template::Expr(expr("output.n", false)))])
}

/// A retry that the step itself declares.
pub(crate) fn fixed(attempts: u32, delay_ms: u64) -> Retry {
    Retry {
        attempts,
        backoff: Backoff::Fixed,
        delay_ms,
        max_delay_ms: 60_000,
        declared_on_step: true,
        ..Retry::NONE
    }
}

pub(crate) fn ana() -> Actor {
    Actor { who: "ana".into(), origin: Origin::Cli }
}

pub(crate) fn ended(id: &str, number: u32, outcome: Outcome) -> Input {
    Input::AttemptEnded { attempt: AttemptId { run: RUN, path: path(id), number }, outcome }
}

pub(crate) fn gave(n: i64) -> Outcome {
    Outcome::Succeeded { output: Value::Int(n) }
}

/// A failure that `retry` may help.
pub(crate) fn broke() -> Outcome {
    Outcome::Failed { error: error(ErrorClass::Exit(1)), output: Value::Null }
}

pub(crate) fn lost() -> Outcome {
    Outcome::Lost { why: "the machine went down".into() }
}

pub(crate) fn stopped(why: StopReason) -> Outcome {
    Outcome::Stopped { why }
}

pub(crate) fn error(class: ErrorClass) -> TaskError {
    TaskError { class, code: "RPA0401".into(), message: "it broke".into() }
}

pub(crate) fn asked(id: &str, result: Result<Asked, TaskError>) -> Input {
    Input::Evaluated(Evaluation::Asked { path: path(id), result })
}

/// The evaluated input of [`task`], which plays leave unmentioned.
pub(crate) fn plain_input() -> Value {
    Value::from([("env", Value::Map(Map::new())), ("with", Value::Null)])
}

pub(crate) fn runs(id: &str) -> Input {
    asked(id, Ok(Asked::Run(plain_input())))
}

pub(crate) fn fields(n: i64) -> Map {
    Map::from([("n".to_owned(), Value::Int(n))])
}

pub(crate) fn outputs_of(id: &str, attempt: u32, result: Result<Map, TaskError>) -> Input {
    Input::Evaluated(Evaluation::StepOutputs { path: path(id), attempt, result })
}

pub(crate) fn outputs_of_run(result: Result<Map, TaskError>) -> Input {
    Input::Evaluated(Evaluation::RunOutputs { result })
}

pub(crate) fn wake(up_to_ms: u64) -> Input {
    Input::Wake { up_to_ms }
}

pub(crate) fn cancel() -> Input {
    Input::Cancel { by: ana() }
}

pub(crate) fn resolve(id: &str, resolution: Resolution) -> Input {
    Input::Resolve { path: path(id), resolution, by: ana() }
}

pub(in crate::run) fn resolve_all(below: Option<&str>, resolution: Resolution) -> Input {
    Input::ResolveAll { below: below.map(path), resolution, by: ana() }
}

pub(crate) fn pause() -> Input {
    Input::Pause { by: ana() }
}

pub(crate) fn resume() -> Input {
    Input::Resume { by: ana() }
}

/// A step with a body begins, or a loop that goes over nothing.
pub(crate) fn enters(id: &str) -> Input {
    asked(id, Ok(Asked::Enter))
}

/// What `for_each` goes over: the numbers from 0.
pub(crate) fn items(id: &str, count: u32) -> Input {
    let items = Value::List((0..i64::from(count)).map(Value::Int).collect());
    asked(id, Ok(Asked::Items { items, count }))
}

pub(crate) fn case(id: &str, case: Option<u32>) -> Input {
    asked(id, Ok(Asked::Case(case)))
}

pub(crate) fn again(id: &str, turn: u32, answer: bool) -> Input {
    Input::Evaluated(Evaluation::Again { path: path(id), turn, result: Ok(answer) })
}

pub(crate) fn body_outputs(id: &str, result: Result<Map, TaskError>) -> Input {
    Input::Evaluated(Evaluation::BodyOutputs { path: path(id), result })
}

pub(crate) fn gathered(id: &str, n: i64) -> Input {
    Input::Evaluated(Evaluation::Gathered { path: path(id), result: Ok(Value::Int(n)) })
}

/// What a step claims is known.
pub(crate) fn claimed_names(
    id: &str,
    result: Result<Option<Vec<(Label, Tokens)>>, TaskError>,
) -> Input {
    Input::Evaluated(Evaluation::Claims { path: path(id), result })
}

pub(crate) fn granted(id: &str, lock: &str) -> Input {
    claim_answer(id, lock, ClaimAnswer::Granted)
}

pub(crate) fn claim_answer(id: &str, lock: &str, answer: ClaimAnswer) -> Input {
    Input::Claimed { path: path(id), lock: label(lock), answer }
}

/// The id of the run that attempt `attempt` of `id` calls at `now_ms`.
pub(crate) fn child(id: &str, attempt: u32, now_ms: u64) -> RunId {
    RUN.called(&path(id), attempt, now_ms)
}

pub(crate) fn calls(id: &str) -> Input {
    asked(id, Ok(Asked::Call { revision: 2, vars: fields(7) }))
}

pub(crate) fn news(id: &str, run: RunId, news: News) -> Input {
    Input::Called { path: path(id), run, news }
}

pub(crate) fn child_ended(id: &str, run: RunId, end: RunEnd) -> Input {
    news(id, run, News::Ended(end))
}

/// What is asked, of `approvers`.
pub(crate) fn approve(id: &str, approvers: &[&str]) -> Input {
    asked(id, Ok(Asked::Approve(request(approvers))))
}

pub(crate) fn request(approvers: &[&str]) -> ApprovalRequest {
    ApprovalRequest {
        message: "may it?".into(),
        shown: fields(5),
        approvers: approvers.iter().map(|name| (*name).to_owned()).collect(),
        digest: "d1".into(),
    }
}

/// `who`, one of `ops`, says yes or no to what was shown.
pub(crate) fn vote(id: &str, who: &str, approves: bool) -> Input {
    vote_on(id, who, approves, "d1")
}

pub(crate) fn vote_on(id: &str, who: &str, approves: bool, digest: &str) -> Input {
    let by = Actor { who: who.into(), origin: Origin::Console };
    let (fields, comment, at) =
        (Map::from([("f".to_owned(), Value::Int(1))]), String::new(), "now".into());
    Input::Vote {
        path: path(id),
        vote: Vote { by, approves, fields, comment, at },
        groups: ["ops".to_owned()].into(),
        digest: digest.into(),
    }
}

/// Event `n` of that name.
fn event(name: &str, n: u128) -> Published {
    let (data, at) = (Value::Int(1), "now".into());
    let name = name.parse().unwrap();
    Published { id: EventId(n), name, data, by: ana(), at }
}

/// Whether the event is offered to a step in this state.
pub(crate) fn is_offered(state: &StepState, id: EventId) -> bool {
    matches!(state, StepState::Awaiting(awaiting) if awaiting.offered.contains(&id))
}

pub(crate) fn published(id: &str, name: &str, n: u128) -> Input {
    Input::Published { path: path(id), event: event(name, n).into() }
}

/// Whether event `n`, which is called `paid`, is the one.
pub(crate) fn fits(id: &str, n: u128, result: Result<bool, TaskError>) -> Input {
    let result = result.map(|fits| fits.then(|| event("paid", n)));
    Input::Evaluated(Evaluation::Fits { path: path(id), event: EventId(n), result })
}

pub(crate) fn awaits(id: &str) -> Input {
    asked(id, Ok(Asked::Await))
}

/// What the log says of an attempt in doubt.
pub(crate) fn doubted(attempt: &str, why: &str) -> String {
    format!("> error {attempt}: in doubt: {why}; a person must decide, see `rpa doubts`")
}
