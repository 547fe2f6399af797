//! The helper of these tables: it plays inputs to one run and compares all that
//! the run decides, as one line of text per event, (after `> `) per effect, and (after
//! `=> `) per message to another entity.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::build::{RUN, ana, flow, path, plain_input};
use crate::name::{Ident, RunId, StepPath};
use crate::outcome::{StopReason, TaskError};
use crate::run::{
    Acceptance, ApprovalRequest, Called, ChildOrder, Cx, Decision, Effect, Event, Input, Message,
    News, Parent, Purpose, Refusal, RemarkLevel, Run, RunEnd, RunStatus, StepState, Tokens, Vote,
};
use crate::value::Value;
use crate::workflow::{Action, Priority, Step, Workflow};

pub(super) struct Play {
    pub(super) run: Run,
    cx: Cx,
}

impl Play {
    pub(super) fn of(steps: impl Into<Vec<Step>>) -> Play {
        Play::of_workflow(flow(steps))
    }

    pub(super) fn of_workflow(definition: Workflow) -> Play {
        Play::of_acceptance(definition, None, Vec::new())
    }

    /// Of steps of which an earlier run has settled some.
    pub(super) fn of_kept(steps: impl Into<Vec<Step>>, kept: Vec<(Ident, StepState)>) -> Play {
        Play::of_acceptance(flow(steps), None, kept)
    }

    /// A run that the step `call` of another has called.
    pub(super) fn of_called(definition: Workflow) -> Play {
        let parent = Parent { run: RunId(1), path: path("call") };
        Play::of_acceptance(definition, Some(parent), Vec::new())
    }

    fn of_acceptance(
        definition: Workflow,
        parent: Option<Parent>,
        kept: Vec<(Ident, StepState)>,
    ) -> Play {
        let run = Run::accept(Acceptance {
            id: RUN,
            revision: 3,
            definition: Arc::new(definition),
            actor: ana(),
            request_id: "request".into(),
            accepted_ms: 0,
            parent,
            priority: Priority::Normal,
            vars: BTreeMap::new(),
            kept,
        });
        Play { run, cx: Cx { now_ms: 1000, hold: false } }
    }

    /// What follows happens at `now_ms`; plays begin at 1000.
    pub(super) fn at(&mut self, now_ms: u64) -> &mut Play {
        self.cx.now_ms = now_ms;
        self
    }

    /// From here on the daemon drains.
    pub(super) fn held(&mut self) -> &mut Play {
        self.cx.hold = true;
        self
    }

    /// The daemon has been started again after a drain.
    pub(super) fn released(&mut self) -> &mut Play {
        self.cx.hold = false;
        self
    }

    /// Hands in `input`, which must lead to exactly the `expected` lines. All
    /// the same it must decide the same again, and its events folded into the
    /// earlier state must give the later one.
    #[track_caller]
    pub(super) fn takes(&mut self, input: Input, expected: &[&str]) -> &mut Play {
        let decision = self.decide(input).expect("the input is taken");
        let lines = self.lines(&decision);
        assert_eq!(lines, expected, "left: decided, right: expected");
        self
    }

    /// Hands in what other tests look at.
    #[track_caller]
    pub(super) fn takes_all(&mut self, input: Input) -> &mut Play {
        let decision = self.decide(input).expect("the input is taken");
        assert_ne!(decision, Decision::default(), "it came to nothing");
        self
    }

    #[track_caller]
    pub(super) fn refuses(&mut self, input: Input, refusal: Refusal) -> &mut Play {
        assert_eq!(self.decide(input), Err(refusal));
        self
    }

    #[track_caller]
    pub(super) fn is(&mut self, status: RunStatus) -> &mut Play {
        assert_eq!(self.run.status(), status);
        self
    }

    #[track_caller]
    pub(super) fn wakes_at(&mut self, due_ms: Option<u64>) -> &mut Play {
        assert_eq!(self.run.next_wake(), due_ms);
        self
    }

    /// Hands in `input` and looks at what must hold whatever comes of it.
    #[track_caller]
    pub(super) fn decide(&mut self, input: Input) -> Result<Decision, Refusal> {
        let before = self.run.clone();
        let result = self.run.step(self.cx, input.clone());
        let mut again = before.clone();
        assert_eq!(again.step(self.cx, input.clone()), result, "decided otherwise the second time");
        assert_eq!(again, self.run, "came to another state the second time");
        let mut pruned = before.clone();
        pruned.prune();
        if pruned != before {
            assert_eq!(pruned.step(self.cx, input), result, "decided otherwise once pruned");
            let mut after = self.run.clone();
            after.prune();
            pruned.prune();
            assert_eq!(pruned, after, "left: pruned before, right: only afterwards");
        }
        let mut folded = before;
        for event in result.iter().flat_map(|d| &d.events) {
            folded.apply(event, self.cx.now_ms);
        }
        assert_eq!(folded, self.run, "left: events folded, right: the live state");
        result
    }

    fn lines(&self, decision: &Decision) -> Vec<String> {
        let events = decision.events.iter().map(event_line);
        let effects = decision.effects.iter().map(|e| format!("> {}", self.effect_line(e)));
        let messages = decision.messages.iter().map(|m| format!("=> {}", message_line(m)));
        events.chain(effects).chain(messages).collect()
    }

    fn effect_line(&self, effect: &Effect) -> String {
        match effect {
            Effect::Evaluate(job) => {
                assert_eq!((job.run, job.revision), (self.run.id, self.run.revision));
                assert!(Arc::ptr_eq(&job.definition, &self.run.definition));
                assert_eq!(job.started_ms, self.run.started_ms().unwrap_or(self.cx.now_ms));
                assert_eq!(job.vars, self.run.vars);
                match &job.purpose {
                    Purpose::Ask { path, failed: false } => format!("ask {path}"),
                    Purpose::Ask { path, failed: true } => format!("ask {path}, failed"),
                    Purpose::StepOutputs { path, attempt, output } => {
                        format!("outputs of {path} {attempt}{}", value(output))
                    }
                    Purpose::RunOutputs => "outputs of the run".into(),
                    Purpose::Again { path, turn } => format!("condition of {path} {turn}"),
                    Purpose::Claims { path, failed: false } => format!("claims of {path}"),
                    Purpose::Claims { path, failed: true } => format!("claims of {path}, failed"),
                    Purpose::Fits { path, event } => format!("whether {path} fits {}", event.0),
                    Purpose::Key => "key".into(),
                    Purpose::BodyOutputs { path } => format!("outputs of body {path}"),
                    Purpose::Gather { path, turns } => format!("gather {path} {turns}"),
                }
            }
            Effect::Start(attempt) => {
                let step = self.run.definition_of(&attempt.id.path).unwrap();
                let Action::Task { kind, .. } = &step.action else { panic!("not a task") };
                assert_eq!(attempt.id.run, self.run.id);
                assert_eq!(attempt.workflow, self.run.definition.name);
                assert_eq!((&attempt.kind, attempt.effect), (kind, step.effect));
                assert_eq!(attempt.timeout_ms, step.timeout_ms);
                let Some(StepState::Running { input, .. }) = self.run.steps.get(&attempt.id.path)
                else {
                    panic!("{} is started but not running", attempt.id.path)
                };
                assert_eq!(attempt.input, *input);
                format!("start {} {}", attempt.id.path, attempt.id.number)
            }
            Effect::Stop { attempt, why } => {
                assert_eq!(attempt.run, self.run.id);
                let why = match why {
                    StopReason::Cancel => "cancel",
                    StopReason::Drain => "drain",
                };
                format!("stop {} {} for {why}", attempt.path, attempt.number)
            }
            Effect::Remark { path, attempt, level, text } => {
                let level = match level {
                    RemarkLevel::Info => "info",
                    RemarkLevel::Warn => "warn",
                    RemarkLevel::Error => "error",
                };
                let path = path.as_ref().map_or("-", StepPath::as_str);
                format!("{level} {path} {attempt}: {text}")
            }
        }
    }
}

/// The state of the step `id`.
pub(super) fn state<'r>(run: &'r Run, id: &str) -> &'r StepState {
    &run.steps[&path(id)]
}

/// Every field of an event is in its line, so that none goes unasserted.
fn event_line(event: &Event) -> String {
    match event {
        Event::Started => "started".into(),
        Event::StepReady { path } => format!("{path} ready"),
        Event::StepSkipped { path, reason } => format!("{path} skipped: {}", reason.text()),
        Event::StepStarted { path, attempt, input } if *input == plain_input() => {
            format!("{path} started {attempt}")
        }
        Event::StepStarted { path, attempt, input } => {
            format!("{path} started {attempt}{}", value(input))
        }
        Event::StepConfirmed { path, attempt, output } => {
            format!("{path} confirmed {attempt}{}", value(output))
        }
        Event::StepCompleted { path, attempt, output, set } => {
            let mut line = format!("{path} completed {attempt}{}", value(output));
            for (name, v) in set {
                let _ = write!(line, " set {name}{}", value(v));
            }
            line
        }
        Event::StepWaiting { path, until_ms } => format!("{path} waiting until {until_ms}"),
        Event::StepRetrying { path, attempt, error, due_ms } => {
            format!("{path} retrying {attempt} at {due_ms}{}", cause(error))
        }
        Event::StepInDoubt { path, attempt, reason } => {
            format!("{path} in doubt {attempt}: {reason}")
        }
        Event::StepFailed { path, attempt, error, output } => {
            format!("{path} failed {attempt}{}{}", value(output), cause(error))
        }
        Event::StepCancelled { path } => format!("{path} cancelled"),
        Event::DoubtResolved { path, decision, by } => {
            format!("{path} resolved {decision} by {by}")
        }
        Event::CancelRequested { by } => format!("cancel requested by {by}"),
        Event::Finishing => "finishing".into(),
        Event::Ended { end } => format!("ended {}", run_end(end)),
        Event::ScopeOpened { path, case, deadline_ms } => {
            let case = case.map_or_else(String::new, |case| format!(" case {case}"));
            format!("{path} opened{case}{}", until(*deadline_ms))
        }
        Event::ScopeClosing { path } => format!("{path} closing"),
        Event::ScopeTimedOut { path } => format!("{path} timed out"),
        Event::LoopOpened { path, items, turns, deadline_ms } => {
            format!("{path} loops {turns}{}{}", value(items), until(*deadline_ms))
        }
        Event::LoopAsking { path } => format!("{path} asking"),
        Event::LoopPausing { path, until_ms } => format!("{path} pausing until {until_ms}"),
        Event::LoopGathering { path } => format!("{path} gathering"),
        Event::TimedOut => "timed out".into(),
        Event::PauseRequested { by } => format!("pause requested by {by}"),
        Event::Resumed { by } => format!("resumed by {by}"),
        Event::StageEntered { stage, end } => format!("enters {stage:?}, {}", run_end(end)),
        Event::UndoOpened { path } => format!("{path} is undone"),
        Event::UndoEnded { path, error: None } => format!("{path} was undone"),
        Event::UndoEnded { path, error: Some(error) } => {
            format!("{path} was not undone{}", cause(error))
        }
        Event::HandlersStopped { by } => format!("handlers stopped by {by}"),
        Event::ClaimsAsked { .. }
        | Event::ClaimsBegun { .. }
        | Event::ClaimWaits { .. }
        | Event::ClaimGranted { .. }
        | Event::ClaimsHeld { .. }
        | Event::LeaseEnded { .. }
        | Event::HoldBroken { .. } => claim_line(event),
        Event::StepCalled { path, attempt, run, workflow, revision, input, deadline_ms } => {
            let (until, input) = (until(*deadline_ms), value(input));
            format!("{path} called {attempt} {run} {workflow} {revision}{input}{until}")
        }
        Event::CallStands { path, stands } => format!("{path} call stands {stands:?}"),
        Event::CallTimedOut { path } => format!("{path} call timed out"),
        Event::StepAwaiting { path, until_ms } => format!("{path} awaiting{}", until(*until_ms)),
        Event::EventOffered { path, event } => {
            format!("{path} offered {}", event.0)
        }
        Event::EventDeclined { path, event, failed } => {
            let failed = if *failed { ", failed" } else { "" };
            format!("{path} declined {}{failed}", event.0)
        }
        Event::ApprovalAsked { path, request, until_ms } => {
            let ApprovalRequest { message, shown, approvers, digest } = request;
            let (shown, until) = (value(&Value::Map(shown.clone())), until(*until_ms));
            format!("{path} asks {message:?}{shown} of {approvers:?} as {digest}{until}")
        }
        Event::ApprovalVoted { path, vote } => {
            let Vote { by, approves, fields, comment, at } = vote;
            let fields = value(&Value::Map(fields.clone()));
            let word = if *approves { "approved" } else { "rejected" };
            format!("{path} {word} by {by}{fields} {comment:?} at {at}")
        }
        Event::GateWaits { key, active } => format!("waits at {key:?}, {active} active"),
        Event::GatePassed { key } => format!("passes {key:?}"),
        Event::TurnedAway { key, reason } => format!("turned away from {key:?}: {reason}"),
        Event::PromiseBroken { promise } => format!("broken: to {}", promise.word()),
    }
}

fn claim_line(event: &Event) -> String {
    match event {
        Event::ClaimsAsked { path } => format!("{path} asks what it claims"),
        Event::ClaimsBegun { path, wanted, until_ms } => {
            let wanted = wanted.iter().map(|(lock, tokens)| format!(" {lock}{}", count(*tokens)));
            format!("{path} claims{}{}", wanted.collect::<String>(), until(*until_ms))
        }
        Event::ClaimWaits { path, lock, holder } => {
            let holder = holder.as_ref().map_or_else(String::new, |by| format!(" of {}", by.path));
            format!("{path} waits for {lock}{holder}")
        }
        Event::ClaimGranted { path, lock } => format!("{path} granted {lock}"),
        Event::ClaimsHeld { path, until_ms } => format!("{path} holds{}", until(*until_ms)),
        Event::LeaseEnded { path } => format!("{path} lease ended"),
        Event::HoldBroken { path, lock, by } => format!("{path} lost {lock} to {}", by.who),
        other => unreachable!("{other:?} is of no claim"),
    }
}

fn count(tokens: Tokens) -> String {
    match tokens {
        Tokens::Lock => String::new(),
        Tokens::Some(count) => format!("*{count}"),
    }
}

/// Every field of a message is in its line, but for the run that it comes from.
fn message_line(message: &Message) -> String {
    match message {
        Message::Call(called) => {
            let Called { run, workflow, revision, vars, by, detached, actor, priority } = &**called;
            let vars = value(&Value::Map(vars.clone()));
            let detached = if *detached { ", detached" } else { "" };
            let by = &by.path;
            format!(
                "call {run} {workflow} {revision}{vars} by {by}, {actor}, {priority:?}{detached}"
            )
        }
        Message::Order { run, order } => match order {
            ChildOrder::Cancel { by } => format!("cancel {run} by {by}"),
            ChildOrder::Pause { by } => format!("pause {run} by {by}"),
            ChildOrder::Resume { by } => format!("resume {run} by {by}"),
        },
        Message::News { to, news: News::Stands(stands), .. } => {
            format!("{} stands {stands:?}", to.path)
        }
        Message::News { to, news: News::Ended(end), .. } => {
            format!("{} ended {}", to.path, run_end(end))
        }
        Message::Claim { lock, by, tokens } => {
            format!("claim {lock}{} for {}", count(*tokens), by.path)
        }
        Message::Release { lock, by } => format!("release {lock} of {}", by.path),
        Message::Enter { key } => format!("enter {key:?}"),
        Message::Leave { key } => format!("leave {key:?}"),
    }
}

fn run_end(end: &RunEnd) -> String {
    match end {
        RunEnd::Completed { outputs } => {
            format!("completed{}", value(&Value::Map(outputs.clone())))
        }
        RunEnd::Failed { step: Some(step), error } => format!("failed at {step}{}", cause(error)),
        RunEnd::Failed { step: None, error } => format!("failed{}", cause(error)),
        RunEnd::Cancelled => "cancelled".into(),
    }
}

fn until(deadline_ms: Option<u64>) -> String {
    deadline_ms.map_or_else(String::new, |at| format!(" until {at}"))
}

/// As JSON, so that the text "1" is not the number 1; nothing for null.
fn value(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) => format!(" {text:?}"),
        other => format!(" {other}"),
    }
}

fn cause(error: &TaskError) -> String {
    format!(": {} {} {}", error.class.word(), error.code, error.message)
}
