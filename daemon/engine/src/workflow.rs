//! A validated workflow: names resolved, edges explicit, defaults applied.
//!
//! Only a checked file becomes one of these (`rpa-config`), and a revision
//! stores it, so a run never depends on how a later version reads the file.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::name::{EventName, Ident, Label, WorkflowRef};
use crate::outcome::ErrorClass;
use crate::template::{Expr, Template};
use crate::trigger::Trigger;
use crate::value::Value;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workflow {
    pub name: WorkflowRef,
    pub description: String,
    pub tags: Vec<String>,
    /// One word for people to sort by; empty when the file gives none.
    pub category: String,
    pub variables: BTreeMap<Ident, Variable>,
    /// In the order of the file; `needs` says what waits for what.
    pub steps: Vec<Step>,
    /// Evaluated when all steps have ended and none failed.
    pub outputs: BTreeMap<String, Template>,
    /// How long a run may take from its start, without the time in doubt.
    pub timeout_ms: Option<u64>,
    pub priority: Priority,
    pub concurrency: Option<Concurrency>,
    pub sla: Option<Sla>,
    pub handlers: Handlers,
    /// In the order of the file; ids are unique.
    pub triggers: Vec<Trigger>,
}

impl Workflow {
    /// All steps: those of the workflow itself, of handlers, of bodies, and what undoes
    /// steps.
    pub fn all_steps(&self) -> Vec<&Step> {
        let Handlers { success, failure, cancel, finally } = &self.handlers;
        let mut all: Vec<&Step> = Vec::new();
        let mut open: Vec<&Step> =
            [&self.steps, success, failure, cancel, finally].into_iter().flatten().collect();
        while let Some(step) = open.pop() {
            open.extend(step.action.body().chain(&step.compensate));
            all.push(step);
        }
        all
    }

    /// The workflows that its steps call.
    pub fn calls(&self) -> BTreeSet<&WorkflowRef> {
        self.all_steps()
            .into_iter()
            .filter_map(|step| match &step.action {
                Action::Call(call) => Some(&call.workflow),
                _ => None,
            })
            .collect()
    }
}

/// How many runs of the workflow go on at once, or of those that have the same key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Concurrency {
    /// At least 1.
    pub limit: u32,
    /// Runs for which it gives the same are limited together; without it all runs are.
    pub key: Option<Template>,
    pub on_limit: OnLimit,
    /// Runs that may wait for their turn.
    pub max_queue: Option<u32>,
}

/// What becomes of a run that finds the limit reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnLimit {
    /// It waits for its turn.
    #[default]
    Queue,
    /// It ends as cancelled and says why.
    Skip,
    /// Those that are there are cancelled, waiting ones too; it begins when they have ended.
    CancelRunning,
    /// It fails.
    Fail,
}

impl OnLimit {
    pub const ALL: [OnLimit; 4] =
        [OnLimit::Queue, OnLimit::Skip, OnLimit::CancelRunning, OnLimit::Fail];

    pub fn word(self) -> &'static str {
        match self {
            OnLimit::Queue => "queue",
            OnLimit::Skip => "skip",
            OnLimit::CancelRunning => "cancel_running",
            OnLimit::Fail => "fail",
        }
    }
}

/// What is promised of a run's times, counted from its acceptance. At least one of the
/// two is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sla {
    pub start_within_ms: Option<u64>,
    pub finish_within_ms: Option<u64>,
    pub on_breach: OnBreach,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnBreach {
    /// It is recorded and shown.
    #[default]
    Flag,
    /// The run is cancelled as well.
    Cancel,
}

impl OnBreach {
    pub const ALL: [OnBreach; 2] = [OnBreach::Flag, OnBreach::Cancel];

    pub fn word(self) -> &'static str {
        match self {
            OnBreach::Flag => "flag",
            OnBreach::Cancel => "cancel",
        }
    }
}

/// Which of the runs that wait is begun first, of equal ones the older; and whose
/// steps get a slot of the runner first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Priority {
    Low,
    #[default]
    Normal,
    High,
    Urgent,
}

impl Priority {
    pub const ALL: [Priority; 4] =
        [Priority::Low, Priority::Normal, Priority::High, Priority::Urgent];

    pub fn word(self) -> &'static str {
        match self {
            Priority::Low => "low",
            Priority::Normal => "normal",
            Priority::High => "high",
            Priority::Urgent => "urgent",
        }
    }
}

/// Steps that run when all others have ended: one of the first three lists, by how
/// they ended, then `finally`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Handlers {
    pub success: Vec<Step>,
    pub failure: Vec<Step>,
    pub cancel: Vec<Step>,
    pub finally: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variable {
    pub kind: VariableKind,
    pub required: bool,
    /// Literal; already of the declared type.
    pub default: Option<Value>,
    pub description: String,
    /// Shown to nobody, though it is no secret: masked in views and logs.
    pub sensitive: bool,
    /// The only values that are taken; empty for any.
    pub choices: Vec<Value>,
    /// A regular expression that the whole of a string must match.
    pub pattern: Option<String>,
    /// Bounds of a number, of the characters of a string, of the items of a list.
    pub min: Option<f64>,
    pub max: Option<f64>,
}

impl Variable {
    /// One of this type without any constraint.
    pub fn of(kind: VariableKind) -> Variable {
        Variable {
            kind,
            required: true,
            default: None,
            description: String::new(),
            sensitive: false,
            choices: Vec::new(),
            pattern: None,
            min: None,
            max: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VariableKind {
    String,
    Number,
    Boolean,
    /// Any document.
    Json,
    List,
    /// Holds the name of a secret, never its value.
    Secret,
}

impl VariableKind {
    pub const ALL: [VariableKind; 6] = [
        VariableKind::String,
        VariableKind::Number,
        VariableKind::Boolean,
        VariableKind::Json,
        VariableKind::List,
        VariableKind::Secret,
    ];

    pub fn word(self) -> &'static str {
        match self {
            VariableKind::String => "string",
            VariableKind::Number => "number",
            VariableKind::Boolean => "boolean",
            VariableKind::Json => "json",
            VariableKind::List => "list",
            VariableKind::Secret => "secret",
        }
    }

    /// Whether `value` is of this type (a secret is given by name).
    pub fn accepts(self, value: &Value) -> bool {
        match self {
            VariableKind::String => matches!(value, Value::Text(_)),
            VariableKind::Number => matches!(value, Value::Int(_) | Value::Float(_)),
            VariableKind::Boolean => matches!(value, Value::Bool(_)),
            VariableKind::Json => true,
            VariableKind::List => matches!(value, Value::List(_)),
            VariableKind::Secret => matches!(value, Value::Sealed(_)),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub id: Ident,
    /// For people; empty when the file gives none.
    pub name: String,
    /// Steps of the same list that must have ended before this one is asked, and how.
    /// Sequential files are resolved to explicit edges.
    pub needs: BTreeMap<Ident, When>,
    pub condition: Option<Expr>,
    /// Names for expressions, as `vars.NAME` over variables of the run: in the step, in
    /// its body and in what undoes it. Each sees what the step sees without these, and is
    /// evaluated wherever it is read; nothing is kept of it.
    pub vars: BTreeMap<Ident, Template>,
    pub action: Action,
    pub effect: EffectClass,
    pub timeout_ms: Option<u64>,
    pub retry: Retry,
    pub on_error: OnError,
    /// What it holds while it goes on.
    pub claims: Option<Claims>,
    /// What undoes a completed step when the run fails; steps of the last to complete
    /// first.
    pub compensate: Vec<Step>,
    /// Named fields added to the step's output, over `output`; of a step with a body
    /// its whole output, evaluated over the steps of the body.
    pub outputs: BTreeMap<String, Template>,
}

/// How a needed step must have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum When {
    /// Completed, or failed with `on_error: continue`.
    Completed,
    Failed,
    Skipped,
    Always,
}

impl When {
    pub const ALL: [When; 4] = [When::Completed, When::Failed, When::Skipped, When::Always];

    pub fn word(self) -> &'static str {
        match self {
            When::Completed => "completed",
            When::Failed => "failed",
            When::Skipped => "skipped",
            When::Always => "always",
        }
    }
}

/// What the failure of a step means for those around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnError {
    /// Steps that need it are skipped, and its list fails when all have ended.
    #[default]
    Fail,
    /// It shows as failed and counts as completed.
    Continue,
    /// That step of the same list runs then, and only then; how it ends, and what it
    /// gives, counts for this one.
    Fallback(Ident),
}

impl Step {
    /// A step whose condition calls `always()` or `failed()` is asked even when
    /// something upstream failed or was skipped.
    pub fn asked_after_failure(&self) -> bool {
        self.condition.as_ref().is_some_and(|c| c.reads.status)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// `run:` and `uses:`: an attempt by the runner.
    Task {
        /// Task type, for example `shell` or `http.request`.
        kind: String,
        /// The task's input document.
        with: Template,
        /// Additional environment of child processes, text to text.
        env: BTreeMap<String, Template>,
    },
    /// `set:` writes run variables.
    Set(BTreeMap<Ident, Template>),
    Wait(Wait),
    /// `steps:`: a list of steps as one.
    Group(Vec<Step>),
    ForEach(ForEach),
    While(While),
    Repeat(Repeat),
    Switch(Switch),
    /// `workflow:`: a run of another workflow.
    Call(Call),
    Approval(Box<Approval>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Wait {
    /// `wait: 90s`
    For { ms: u64 },
    /// `wait: {until: …}`: a moment as text, `2026-12-01T09:00[Europe/Sofia]`.
    Until(Template),
    /// `wait: {event: …}`: until an event of that name is published that fits.
    Event(WaitEvent),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitEvent {
    pub name: EventName,
    /// Asked of each event of that name, as `event`; without it the first one fits.
    pub fits: Option<Expr>,
    pub timeout_ms: Option<u64>,
    pub on_timeout: OnTimeout,
}

/// What becomes of a step that has waited long enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnTimeout {
    #[default]
    Fail,
    /// It completes: of a wait without an event, of an approval as approved by nobody.
    Continue,
    /// Of an approval: as if somebody had rejected it.
    Reject,
}

impl OnTimeout {
    pub fn word(self) -> &'static str {
        match self {
            OnTimeout::Fail => "fail",
            OnTimeout::Continue => "continue",
            OnTimeout::Reject => "reject",
        }
    }
}

/// A run of another workflow, as a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    pub workflow: WorkflowRef,
    /// Its variables; those that are not named have their defaults.
    pub with: BTreeMap<String, Template>,
    /// The step has completed when that run is accepted; its output is the run's id.
    pub detached: bool,
}

/// People are asked, and nothing goes on until enough of them have said yes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    pub message: Template,
    /// Shown with the message, resolved; by name.
    pub show: BTreeMap<String, Template>,
    /// What who approves is asked for.
    pub form: BTreeMap<Ident, Variable>,
    /// Names of users, and of groups with an `@` before; empty for everybody who may use
    /// the daemon. One may give a list.
    pub approvers: Vec<Template>,
    /// Approvals that are needed, of different people; at least 1.
    pub quorum: u32,
    /// Whether who started the run may approve.
    pub self_approval: bool,
    pub timeout_ms: Option<u64>,
    pub on_timeout: OnTimeout,
}

/// What a step holds from before its inputs are evaluated until it has ended. Names are
/// those of the run's namespace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// Gives the name of a lock, which one step at a time holds.
    pub lock: Option<Template>,
    /// So many tokens of each of these pools.
    pub tokens: BTreeMap<Label, u32>,
    /// Longest time that it is held: then what the step does is ended.
    pub lease_ms: Option<u64>,
    /// Longest time that it is waited for.
    pub wait_ms: Option<u64>,
}

/// The body once for each item of a list or an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForEach {
    pub items: Template,
    /// What an item is called in the body.
    pub item: Ident,
    /// Items under way at once; at least 1.
    pub max_parallel: u32,
    pub on_item_error: OnItemError,
    pub steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnItemError {
    /// No further item is begun, and the loop fails.
    Fail,
    /// The others go on, and the loop completes.
    Continue,
    /// As `Continue`, until so many items have failed; then as `Fail`. At least 1.
    StopAfter(u32),
}

/// The body again and again while the condition is true, asked before each turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct While {
    pub condition: Expr,
    /// More turns are a failure; at least 1.
    pub max_iterations: u32,
    pub steps: Vec<Step>,
}

/// The body `count` times, or until the condition is true, asked after each turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repeat {
    /// At least 1. With `until`, turns after which it is a failure that the condition is
    /// still false.
    pub count: u32,
    pub until: Option<Expr>,
    /// Pause between two turns.
    pub every_ms: u64,
    pub steps: Vec<Step>,
}

/// The steps of the first case whose value is that of `on`. Ids are unique over all
/// cases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Switch {
    pub on: Template,
    pub cases: Vec<Case>,
    /// When no case fits; may be empty.
    pub default: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Compared as text with the value of `on`.
    pub value: String,
    pub steps: Vec<Step>,
}

impl Action {
    /// The steps inside this one, those of all cases together.
    pub fn body(&self) -> impl Iterator<Item = &Step> {
        let lists: Vec<&[Step]> = match self {
            Action::Task { .. }
            | Action::Set(_)
            | Action::Wait(_)
            | Action::Call(_)
            | Action::Approval(_) => Vec::new(),
            Action::Group(steps)
            | Action::ForEach(ForEach { steps, .. })
            | Action::While(While { steps, .. })
            | Action::Repeat(Repeat { steps, .. }) => vec![steps],
            Action::Switch(switch) => {
                let cases = switch.cases.iter().map(|case| case.steps.as_slice());
                cases.chain([switch.default.as_slice()]).collect()
            }
        };
        lists.into_iter().flatten()
    }

    /// Whether the body is run any number of times, each with an index.
    pub fn is_loop(&self) -> bool {
        matches!(self, Action::ForEach(_) | Action::While(_) | Action::Repeat(_))
    }
}

/// What may be done with an attempt whose end nobody saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EffectClass {
    /// No outside effect: run again.
    Pure,
    /// Running again gives the same result: run again, same key.
    Idempotent,
    /// Must not be repeated: a person decides, even after a clean time-out.
    Once,
    /// Nobody declared it: a person decides when the end was not seen.
    Unknown,
}

impl EffectClass {
    pub const ALL: [EffectClass; 4] =
        [EffectClass::Pure, EffectClass::Idempotent, EffectClass::Once, EffectClass::Unknown];

    pub fn word(self) -> &'static str {
        match self {
            EffectClass::Pure => "pure",
            EffectClass::Idempotent => "idempotent",
            EffectClass::Once => "once",
            EffectClass::Unknown => "unknown",
        }
    }
}

/// When a failed attempt is tried again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retry {
    /// Tries in all, the first included; 1 means no retry.
    pub attempts: u32,
    pub backoff: Backoff,
    /// Delay before the second try, in milliseconds.
    pub delay_ms: u64,
    /// Upper bound of any delay, in milliseconds.
    pub max_delay_ms: u64,
    /// Each delay is longer or shorter by up to this part of it, in percent, at most 100.
    pub jitter_percent: u8,
    /// No try begins later than this after the first, in milliseconds.
    pub total_ms: Option<u64>,
    /// The errors that are tried again; by default all but `business` and
    /// `invalid_input`.
    pub on: Option<Vec<Cause>>,
    /// Whether the step itself declared this, rather than `defaults.retry`:
    /// only then does it apply to `once`, and to a time-out of `unknown`.
    pub declared_on_step: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Backoff {
    Fixed,
    /// Doubles each time.
    Exponential,
    /// Grows by `delay` each time.
    Linear,
}

/// A kind of error that `retry.on` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    Business,
    Timeout,
    Connection,
    RateLimited,
    System,
    /// HTTP statuses from the first to the last.
    Http(u16, u16),
    /// Any exit code, or just this one.
    Exit(Option<i32>),
}

impl Cause {
    pub fn covers(self, class: ErrorClass) -> bool {
        match (self, class) {
            (Cause::Business, ErrorClass::Business)
            | (Cause::Timeout, ErrorClass::Timeout)
            | (Cause::Connection, ErrorClass::Connection)
            | (Cause::RateLimited, ErrorClass::RateLimited)
            | (Cause::System, ErrorClass::System) => true,
            (Cause::Http(first, last), ErrorClass::Http(status)) => {
                (first..=last).contains(&status)
            }
            (Cause::Exit(code), ErrorClass::Exit(exit)) => code.is_none_or(|code| code == exit),
            _ => false,
        }
    }
}

impl Retry {
    pub const NONE: Retry = Retry {
        attempts: 1,
        backoff: Backoff::Fixed,
        delay_ms: 0,
        max_delay_ms: 0,
        jitter_percent: 0,
        total_ms: None,
        on: None,
        declared_on_step: false,
    };

    /// Whether an error of this class is tried again at all.
    pub fn takes(&self, class: ErrorClass) -> bool {
        match &self.on {
            Some(causes) => causes.iter().any(|cause| cause.covers(class)),
            None => class.retryable(),
        }
    }

    /// The pause after failed attempt `number` (from 1), or `None` when it was
    /// the last one. `lot` is a number that differs between steps and tries: it draws
    /// the jitter.
    pub fn delay_after(&self, number: u32, lot: u64) -> Option<u64> {
        if number >= self.attempts {
            return None;
        }
        let factor = match self.backoff {
            Backoff::Fixed => 1,
            Backoff::Exponential => 1u64 << (number - 1).min(32),
            Backoff::Linear => u64::from(number),
        };
        let delay = self.delay_ms.saturating_mul(factor).min(self.max_delay_ms);
        let span = u128::from(delay) * u128::from(self.jitter_percent.min(100)) / 100;
        // from `delay - span` to `delay + span`, every millisecond as likely
        let drawn = u128::from(lot) % (2 * span + 1);
        u64::try_from(u128::from(delay) + drawn - span).ok().or(Some(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_is_capped_and_ends() {
        let retry = Retry {
            attempts: 5,
            backoff: Backoff::Exponential,
            delay_ms: 100,
            max_delay_ms: 500,
            declared_on_step: true,
            ..Retry::NONE
        };
        let delays =
            |retry: &Retry| -> Vec<_> { (1..=5).map(|n| retry.delay_after(n, 7)).collect() };
        assert_eq!(delays(&retry), [Some(100), Some(200), Some(400), Some(500), None]);
        let linear = Retry { backoff: Backoff::Linear, ..retry.clone() };
        assert_eq!(delays(&linear), [Some(100), Some(200), Some(300), Some(400), None]);
        assert_eq!(Retry::NONE.delay_after(1, 7), None);
        let huge = Retry { attempts: u32::MAX, max_delay_ms: u64::MAX, ..retry };
        assert_eq!(huge.delay_after(u32::MAX - 1, 7), Some(100u64 << 32));
    }

    #[test]
    fn jitter_stays_within_its_part() {
        let retry = Retry {
            attempts: 2,
            delay_ms: 1000,
            max_delay_ms: 1000,
            jitter_percent: 20,
            ..Retry::NONE
        };
        let drawn: Vec<u64> = (0..401).filter_map(|lot| retry.delay_after(1, lot)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&800), Some(&1200)));
        let all =
            Retry { jitter_percent: 100, max_delay_ms: u64::MAX, delay_ms: u64::MAX, ..retry };
        assert!(all.delay_after(1, u64::MAX).is_some());
    }

    #[test]
    fn what_is_retried_can_be_named() {
        let all = Retry::NONE;
        assert!(all.takes(ErrorClass::Exit(3)) && !all.takes(ErrorClass::Business));
        let some = Retry {
            on: Some(vec![Cause::Http(500, 599), Cause::Exit(Some(75)), Cause::Business]),
            ..Retry::NONE
        };
        for (class, taken) in [
            (ErrorClass::Http(503), true),
            (ErrorClass::Http(404), false),
            (ErrorClass::Exit(75), true),
            (ErrorClass::Exit(1), false),
            (ErrorClass::Business, true),
            (ErrorClass::Timeout, false),
        ] {
            assert_eq!(some.takes(class), taken, "{class:?}");
        }
    }
}
