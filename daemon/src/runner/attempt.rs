//! One attempt from its offer to its end.

use std::any::Any;
use std::collections::BTreeMap;
use std::io;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use futures::FutureExt;
use rpa_config::expr::Unsealed;
use rpa_engine::run::Attempt;
use rpa_engine::{AttemptId, EffectClass, ErrorClass, Map, Outcome, StopReason, TaskError, Value};
use rpa_tasks::{Context, Ended};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::marker::FileMarker;
use super::mask::Mask;
use super::{Runner, growth, pump};
use crate::{blobs, rundir};

/// Why a running attempt was told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stopped {
    TimeOut,
    LogLost,
    DirFull,
    Asked,
}

impl Runner {
    pub(super) async fn carry_out(
        &self,
        attempt: Attempt,
        stop: CancellationToken,
        marked: Arc<AtomicBool>,
    ) -> Outcome {
        let slot = tokio::select! {
            biased;
            () = stop.cancelled() => None,
            slot = self.shared.slots.acquire(attempt.id.run, attempt.priority) => slot,
        };
        let Some(_slot) = slot else {
            return Outcome::LostBeforeStart { why: "stopped before it had begun".into() };
        };
        match self.prepare(&attempt).await {
            Ok(unsealed) => {
                let Unsealed { value, tainted } = unsealed;
                self.run_task(attempt, value, &tainted, stop, marked).await
            }
            Err(error) => Outcome::NeverStarted { error },
        }
    }

    /// The working directory, and the input with all that it refers to.
    async fn prepare(&self, attempt: &Attempt) -> Result<Unsealed, TaskError> {
        let equipment = &self.shared.equipment;
        let (id, input) = (attempt.id.clone(), attempt.input.clone());
        if self.is_inward(attempt) {
            return Ok(Unsealed { value: input, tainted: Vec::new() });
        }
        let (equipment, dir) = (equipment.clone(), self.work_dir(&id));
        // expressions and files may block
        let prepared = tokio::task::spawn_blocking(move || {
            rundir::create(&dir).map_err(|e| file_error("its working directory", &e))?;
            let input = equipment
                .blobs
                .load(id.run, input)
                .map_err(|e| file_error("its stored input", &e))?;
            equipment.expressions.unseal(&input)
        });
        prepared.await.unwrap_or_else(|panic| Err(broken(&panic.to_string())))
    }

    async fn run_task(
        &self,
        attempt: Attempt,
        input: Value,
        tainted: &[String],
        stop: CancellationToken,
        marked: Arc<AtomicBool>,
    ) -> Outcome {
        let equipment = &self.shared.equipment;
        let id = attempt.id.clone();
        let mask = Arc::new(Mask::new(tainted));
        let (log, lines) = mpsc::channel(pump::CHANNEL);
        let mut pump = pin!(pump::pump(lines, equipment.logs.clone(), id.clone(), mask.clone()));
        let cancel = CancellationToken::new();
        let (with, env) = split(input);
        let context = Context {
            attempt: id.clone(),
            workflow: attempt.workflow,
            idempotency_key: key(&equipment.instance, &id),
            dir: self.work_dir(&id),
            env,
            inherit_env: equipment.inherit_env.clone(),
            cancel: cancel.clone(),
            grace: equipment.grace,
            log,
            marker: Arc::new(FileMarker::new(equipment.dirs.attempt(&id), marked)),
            mask: mask.clone(),
            output_limit: equipment.output_limit,
        };
        let limit = equipment.dir_limit;
        let (inward, own_dir) = (self.is_inward_kind(&attempt.kind), context.dir.clone());
        let run_dir = own_dir.parent().unwrap_or(&own_dir).to_owned();
        let mut beyond = pin!(growth::beyond(run_dir, limit));
        let deadline = attempt.timeout_ms.map(|ms| Instant::now() + Duration::from_millis(ms));
        let mut stopped = None;
        let mut log_result = None;
        let ended = {
            let work = async {
                match equipment.registry.get(&attempt.kind) {
                    Some(task) => task.run(&context, with).await,
                    None => Ended::NeverStarted(no_task(&attempt.kind)),
                }
            };
            // a task that panics breaks its own attempt and nothing else
            let mut work = pin!(AssertUnwindSafe(work).catch_unwind());
            loop {
                tokio::select! {
                    biased;
                    ended = &mut work => break ended,
                    () = stop.cancelled(), if stopped.is_none() => {
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
            Ok(ended) => self.outcome(&id, ended, stopped, attempt.timeout_ms, attempt.effect),
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
        self.tidy(&id, outcome, &mask).await
    }

    /// What the task's end means, given why it was told to stop.
    fn outcome(
        &self,
        id: &AttemptId,
        ended: Ended,
        stopped: Option<Stopped>,
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
            (Ended::Lost(_), Some(Stopped::TimeOut)) if repeatable => {
                Outcome::TimedOut { after_ms }
            }
            (Ended::Lost(why) | Ended::NoAnswer { why, .. }, _) => Outcome::Lost { why },
            (Ended::Stopped, Some(Stopped::TimeOut)) => Outcome::TimedOut { after_ms },
            (Ended::Stopped, _) => {
                Outcome::Stopped { why: self.why(id).unwrap_or(StopReason::Cancel) }
            }
        }
    }

    /// Masks what came out and puts large parts into files.
    async fn tidy(&self, id: &AttemptId, outcome: Outcome, mask: &Arc<Mask>) -> Outcome {
        if mask.is_empty() && is_small(&outcome) {
            return outcome;
        }
        let (blobs, run, mask) = (self.shared.equipment.blobs.clone(), id.run, mask.clone());
        let tidied = tokio::task::spawn_blocking(move || {
            let masked = |e: TaskError| TaskError { message: mask.text(e.message), ..e };
            match outcome {
                Outcome::Succeeded { output } => match blobs.spill(run, mask.value(output)) {
                    Ok(output) => Outcome::Succeeded { output },
                    Err(e) => Outcome::Failed { error: output_error(&e), output: Value::Null },
                },
                Outcome::Failed { error, output } => Outcome::Failed {
                    error: masked(error),
                    output: blobs.spill(run, mask.value(output)).unwrap_or_default(),
                },
                Outcome::NeverStarted { error } => Outcome::NeverStarted { error: masked(error) },
                Outcome::Lost { why } => Outcome::Lost { why: mask.text(why) },
                other @ (Outcome::LostBeforeStart { .. }
                | Outcome::Orphaned { .. }
                | Outcome::TimedOut { .. }
                | Outcome::Stopped { .. }) => other,
            }
        });
        tidied.await.unwrap_or_else(|panic| Outcome::Lost { why: panic.to_string() })
    }
}

async fn at(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// Whether nothing has to be read or opened before a document can be used.
pub(super) fn is_plain(value: &Value) -> bool {
    match value {
        Value::List(items) => items.iter().all(is_plain),
        Value::Map(map) => map.values().all(is_plain),
        Value::Blob(_) | Value::Sealed(_) => false,
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => true,
    }
}

/// Whether what an attempt gave goes into a row as it is.
fn is_small(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Succeeded { output } | Outcome::Failed { output, .. } => {
            blobs::size(output) <= blobs::INLINE
        }
        Outcome::NeverStarted { .. }
        | Outcome::Lost { .. }
        | Outcome::LostBeforeStart { .. }
        | Outcome::Orphaned { .. }
        | Outcome::TimedOut { .. }
        | Outcome::Stopped { .. } => true,
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

/// The same for every attempt at one step of one run, and for no other step.
pub(super) fn key(instance: &[u8; 16], id: &AttemptId) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(instance);
    hasher.update(&id.run.0.to_be_bytes());
    hasher.update(id.path.as_str().as_bytes());
    hasher.finalize().to_hex()[..32].to_owned()
}

fn no_task(kind: &str) -> TaskError {
    TaskError {
        class: ErrorClass::InvalidInput,
        code: "RPA0409".into(),
        message: format!("this rpad has no task type {kind:?}"),
    }
}

fn file_error(what: &str, error: &io::Error) -> TaskError {
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

/// As [`log_error`].
fn output_error(error: &io::Error) -> TaskError {
    let error = file_error("its output could not be stored", error);
    TaskError { class: ErrorClass::InvalidInput, ..error }
}

fn broken(detail: &str) -> TaskError {
    TaskError {
        class: ErrorClass::InvalidInput,
        code: "RPA0417".into(),
        message: format!("a bug in rpad: {detail}"),
    }
}
