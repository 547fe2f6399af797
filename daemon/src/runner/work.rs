//! The work of one attempt, from what was offered to its end: the same in the daemon
//! and in a runner of its own. It knows no store and no driver.

use std::any::Any;
use std::collections::BTreeMap;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::FutureExt;
use rpa_engine::{AttemptId, EffectClass, ErrorClass, Map, Outcome, StopReason, TaskError, Value};
use rpa_tasks::{Context, Ended, Publisher, Registry, Task};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::growth;
use super::marker::FileMarker;
use super::mask::Mask;
use super::pump::{self, Sink};
use super::wire::Offer;
use crate::rundir::{self, RunDirs};

/// Where attempts are carried out.
#[derive(Clone, Debug)]
pub struct Place {
    pub registry: Arc<Registry>,
    pub publisher: Arc<dyn Publisher>,
    pub dirs: RunDirs,
}

/// How an attempt is told to end, and why. Cheap to clone; all clones are one.
#[derive(Clone, Debug, Default)]
pub struct Halt {
    token: CancellationToken,
    why: Arc<OnceLock<StopReason>>,
}

impl Halt {
    /// The first reason counts.
    pub fn order(&self, why: StopReason) {
        self.why.get_or_init(|| why);
        self.token.cancel();
    }

    pub async fn ordered(&self) -> StopReason {
        self.token.cancelled().await;
        self.why()
    }

    pub fn why(&self) -> StopReason {
        self.why.get().copied().unwrap_or(StopReason::Cancel)
    }
}

/// Why a running attempt was told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stopped {
    TimeOut,
    LogLost,
    DirFull,
    Asked,
}

impl Place {
    pub fn work_dir(&self, id: &AttemptId) -> PathBuf {
        self.dirs.work(id.run, &id.path)
    }

    /// Carries the attempt out. What it gives is masked, and so is what goes into the
    /// `sink`. `marked` is set as soon as there may be a marker file.
    pub async fn carry_out(
        &self,
        offer: Offer,
        sink: Sink,
        halt: Halt,
        marked: Arc<AtomicBool>,
    ) -> Outcome {
        let Offer { attempt: id, workflow, kind, effect, input, tainted, timeout_ms, .. } = offer;
        let task = self.registry.get(&kind);
        let inward = task.is_some_and(Task::is_inward);
        if !inward && let Err(error) = self.make_work_dir(&id).await {
            return Outcome::NeverStarted { error };
        }
        let mask = Arc::new(Mask::new(&tainted));
        let (log, lines) = mpsc::channel(pump::CHANNEL);
        let mut pump = pin!(pump::pump(lines, sink, mask.clone()));
        let cancel = CancellationToken::new();
        let (with, env) = split(input);
        let context = Context {
            attempt: id.clone(),
            workflow,
            idempotency_key: offer.idempotency_key,
            dir: self.work_dir(&id),
            env,
            inherited: offer.inherited,
            cancel: cancel.clone(),
            grace: Duration::from_millis(offer.grace_ms),
            log,
            publisher: self.publisher.clone(),
            marker: Arc::new(FileMarker::new(self.dirs.attempt(&id), marked)),
            mask: mask.clone(),
            output_limit: usize::try_from(offer.output_limit).unwrap_or(usize::MAX),
        };
        let (limit, own_dir) = (offer.dir_limit, context.dir.clone());
        let run_dir = own_dir.parent().unwrap_or(&own_dir).to_owned();
        let mut beyond = pin!(growth::beyond(run_dir, limit));
        let deadline = timeout_ms.map(|ms| Instant::now() + Duration::from_millis(ms));
        let mut stopped = None;
        let mut log_result = None;
        let ended = {
            let work = async {
                match task {
                    Some(task) => task.run(&context, with).await,
                    None => Ended::NeverStarted(no_task(&kind)),
                }
            };
            // a task that panics breaks its own attempt and nothing else
            let mut work = pin!(AssertUnwindSafe(work).catch_unwind());
            loop {
                tokio::select! {
                    biased;
                    ended = &mut work => break ended,
                    _ = halt.ordered(), if stopped.is_none() => {
                        stopped = Some(Stopped::Asked);
                        cancel.cancel();
                    }
                    result = &mut pump, if log_result.is_none() => {
                        // the pump ends before the task only when it cannot write
                        log_result = Some(result);
                        if stopped.is_none() {
                            stopped = Some(Stopped::LogLost);
                            cancel.cancel();
                        }
                    }
                    () = &mut beyond, if stopped.is_none() && !inward => {
                        stopped = Some(Stopped::DirFull);
                        cancel.cancel();
                    }
                    () = at(deadline), if stopped.is_none() => {
                        stopped = Some(Stopped::TimeOut);
                        cancel.cancel();
                    }
                }
            }
        };
        // the last end of the log's channel: now the pump comes to its own
        drop(context);
        let log_result = match log_result {
            Some(result) => result,
            None => pump.await,
        };
        let outcome = match ended {
            Ok(ended) => outcome(ended, stopped, halt.why(), timeout_ms, effect),
            Err(panic) => Outcome::Lost { why: format!("the task broke: {}", words(&*panic)) },
        };
        let outcome = match outcome {
            Outcome::Stopped { .. } if stopped == Some(Stopped::DirFull) => {
                Outcome::Failed { error: growth::error(limit), output: Value::Null }
            }
            Outcome::Succeeded { output } if !inward && growth::is_beyond(own_dir, limit).await => {
                Outcome::Failed { error: growth::error(limit), output }
            }
            outcome => outcome,
        };
        let outcome = match (log_result, outcome) {
            (Err(error), Outcome::Succeeded { output } | Outcome::Failed { output, .. }) => {
                Outcome::Failed { error: log_error(&error), output }
            }
            (Err(error), Outcome::Stopped { .. }) if stopped == Some(Stopped::LogLost) => {
                Outcome::Failed { error: log_error(&error), output: Value::Null }
            }
            (_, outcome) => outcome,
        };
        masked(outcome, mask).await
    }

    async fn make_work_dir(&self, id: &AttemptId) -> Result<(), TaskError> {
        let dir = self.work_dir(id);
        // of most steps its neighbours are there: one call, which costs less than a switch
        // of threads
        if DirBuilder::new().mode(0o700).create(&dir).is_ok() {
            return Ok(());
        }
        let made = tokio::task::spawn_blocking(move || rundir::create(&dir)).await;
        let made = made.map_err(io::Error::other).flatten();
        made.map_err(|e| file_error("its working directory", &e))
    }
}

/// What the task's end means, given why it was told to stop.
fn outcome(
    ended: Ended,
    stopped: Option<Stopped>,
    why: StopReason,
    timeout_ms: Option<u64>,
    effect: EffectClass,
) -> Outcome {
    let repeatable = matches!(effect, EffectClass::Pure | EffectClass::Idempotent);
    let after_ms = timeout_ms.unwrap_or_default();
    match (ended, stopped) {
        (Ended::Succeeded(output), _) => Outcome::Succeeded { output },
        (Ended::Failed { error, output }, _) => Outcome::Failed { error, output },
        (Ended::NeverStarted(error), _) => Outcome::NeverStarted { error },
        // what may be repeated has timed out, whatever became of the last try
        (Ended::NoAnswer { after, .. }, _) if repeatable => {
            Outcome::TimedOut { after_ms: u64::try_from(after.as_millis()).unwrap_or(u64::MAX) }
        }
        (Ended::Lost(_), Some(Stopped::TimeOut)) if repeatable => Outcome::TimedOut { after_ms },
        (Ended::Lost(why) | Ended::NoAnswer { why, .. }, _) => Outcome::Lost { why },
        (Ended::Stopped, Some(Stopped::TimeOut)) => Outcome::TimedOut { after_ms },
        (Ended::Stopped, _) => Outcome::Stopped { why },
    }
}

/// Nothing that the mask knows leaves with the outcome.
async fn masked(outcome: Outcome, mask: Arc<Mask>) -> Outcome {
    if mask.is_empty() {
        return outcome;
    }
    // megabytes, perhaps
    let masked = tokio::task::spawn_blocking(move || {
        let error = |e: TaskError| TaskError { message: mask.text(e.message), ..e };
        match outcome {
            Outcome::Succeeded { output } => Outcome::Succeeded { output: mask.value(output) },
            Outcome::Failed { error: e, output } => {
                Outcome::Failed { error: error(e), output: mask.value(output) }
            }
            Outcome::NeverStarted { error: e } => Outcome::NeverStarted { error: error(e) },
            Outcome::Lost { why } => Outcome::Lost { why: mask.text(why) },
            other @ (Outcome::LostBeforeStart { .. }
            | Outcome::Orphaned { .. }
            | Outcome::TimedOut { .. }
            | Outcome::Stopped { .. }) => other,
        }
    });
    masked.await.unwrap_or_else(|panic| Outcome::Lost { why: panic.to_string() })
}

async fn at(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}

/// `{"with": …, "env": …}` as the task takes it.
fn split(input: Value) -> (Map, BTreeMap<String, String>) {
    let Value::Map(mut input) = input else { return (Map::new(), BTreeMap::new()) };
    let map = |value: Option<Value>| match value {
        Some(Value::Map(map)) => map,
        _ => Map::new(),
    };
    let with = map(input.remove("with"));
    let env = map(input.remove("env")).into_iter().map(|(k, v)| (k, env_text(&v))).collect();
    (with, env)
}

/// A variable that is not given is empty, as in text.
fn env_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn no_task(kind: &str) -> TaskError {
    TaskError {
        class: ErrorClass::InvalidInput,
        code: "RPA0409".into(),
        message: format!("this rpad has no task type {kind:?}"),
    }
}

pub fn file_error(what: &str, error: &io::Error) -> TaskError {
    let full = crate::store::is_disk_full(error);
    TaskError {
        class: if full { ErrorClass::InvalidInput } else { ErrorClass::System },
        code: if full { "RPA0411" } else { "RPA0410" }.into(),
        message: format!("{what}: {error}"),
    }
}

/// The work itself was done, so `retry` must not do it again.
fn log_error(error: &io::Error) -> TaskError {
    let error = file_error("the run's log could not be written", error);
    TaskError { class: ErrorClass::InvalidInput, ..error }
}
