//! The daemon's part of one attempt: its slot before it, its output after it.

use std::io;
use std::sync::atomic::Ordering;

use rpa_config::expr::Unsealed;
use rpa_engine::run::Attempt;
use rpa_engine::{AttemptId, ErrorClass, Outcome, TaskError, Value};
use rpa_tasks::process::Tag;

use super::link::{Following, Progress, Taken};
use super::marker::{self, Carrier};
use super::pump::Sink;
use super::slots::Slot;
use super::wire::Offer;
use super::work::{Halt, file_error};
use super::{Runner, Whereabouts};
use crate::blobs;

impl Runner {
    pub(super) async fn carry_out(
        &self,
        attempt: Attempt,
        inward: bool,
        halt: Halt,
        at: Whereabouts,
    ) -> Outcome {
        let slot = tokio::select! {
            biased;
            _ = halt.ordered() => None,
            slot = self.shared.slots.acquire(attempt.id.run, attempt.priority) => slot,
        };
        let Some(_slot) = slot else { return not_begun() };
        let (id, run) = (attempt.id.clone(), attempt.id.run);
        let offer = match self.prepare(attempt).await {
            Ok(offer) => offer,
            Err(error) => return Outcome::NeverStarted { error },
        };
        let outcome = match &self.shared.link {
            Some(link) if !inward => {
                let taken = link.carry_out(offer, &halt, || at.set_outside(true)).await;
                self.settle(&id, taken, &halt, &at).await
            }
            Some(_) | None => self.inside(offer, halt, &at).await,
        };
        self.tidy(run, outcome).await
    }

    /// An attempt that went on in the runner while there was no daemon.
    pub(super) async fn go_on(
        &self,
        id: AttemptId,
        following: Following,
        progress: Progress,
        slot: Option<Slot>,
        halt: Halt,
        at: Whereabouts,
    ) -> Outcome {
        let Some(link) = &self.shared.link else { return not_begun() };
        let taken = link.resume(following, &halt, progress).await;
        drop(slot);
        let outcome = self.settle(&id, taken, &halt, &at).await;
        self.tidy(id.run, outcome).await
    }

    async fn settle(&self, id: &AttemptId, taken: Taken, halt: &Halt, at: &Whereabouts) -> Outcome {
        match taken {
            Taken::Ended(outcome) => outcome,
            Taken::Gone => {
                at.set_outside(false);
                at.marked.store(true, Ordering::Release);
                // the runner was lost, the machine was not
                self.lost(id, true).await
            }
            Taken::Inside(offer) => self.inside(*offer, halt.clone(), at).await,
            Taken::NotBegun => not_begun(),
        }
    }

    async fn inside(&self, offer: Offer, halt: Halt, at: &Whereabouts) -> Outcome {
        let sink = Sink::Log(self.shared.equipment.logs.clone(), offer.attempt.clone());
        self.shared.equipment.place.carry_out(offer, sink, halt, at.marked.clone()).await
    }

    /// Makes sure that nothing is alive of an attempt that nobody runs any more, and
    /// says what is known of its end.
    pub(super) async fn lost(&self, id: &AttemptId, same_boot: bool) -> Outcome {
        let equipment = &self.shared.equipment;
        let path = equipment.place.dirs.attempt(id);
        let tag = Tag::new(id, &key(&equipment.instance, id));
        let carrier = match self.shared.link {
            Some(_) => Carrier::Runner,
            None => Carrier::Daemon,
        };
        marker::reclaim(carrier, &path, id, &tag, same_boot, equipment.grace).await
    }

    /// The input with all that it refers to.
    async fn prepare(&self, attempt: Attempt) -> Result<Offer, TaskError> {
        let equipment = &self.shared.equipment;
        let Attempt { id, workflow, kind, effect, priority, input, timeout_ms } = attempt;
        let unsealed = match is_plain(&input) {
            true => Unsealed { value: input, tainted: Vec::new() },
            false => {
                let (equipment, run) = (equipment.clone(), id.run);
                let keeps = rpa_config::catalogue::keeps_inputs(&kind);
                // expressions and files may block
                let prepared = tokio::task::spawn_blocking(move || {
                    let input = equipment
                        .blobs
                        .load(run, input)
                        .map_err(|e| file_error("its stored input", &e))?;
                    if keeps && input.get("with").is_some_and(|with| !is_plain(with)) {
                        return Err(secret_kept());
                    }
                    equipment.expressions.unseal(&input)
                });
                prepared.await.unwrap_or_else(|panic| Err(broken(&panic.to_string())))?
            }
        };
        Ok(Offer {
            idempotency_key: key(&equipment.instance, &id),
            attempt: id,
            workflow,
            kind,
            effect,
            priority,
            input: unsealed.value,
            tainted: unsealed.tainted,
            inherited: equipment.inherited.clone(),
            timeout_ms,
            grace_ms: u64::try_from(equipment.grace.as_millis()).unwrap_or(u64::MAX),
            output_limit: equipment.output_limit,
            log_limit: equipment.log_limit,
            dir_limit: equipment.dir_limit,
        })
    }

    /// Puts large parts into files.
    async fn tidy(&self, run: rpa_engine::RunId, outcome: Outcome) -> Outcome {
        if is_small(&outcome) {
            return outcome;
        }
        let blobs = self.shared.equipment.blobs.clone();
        let tidied = tokio::task::spawn_blocking(move || match outcome {
            Outcome::Succeeded { output } => match blobs.spill(run, output) {
                Ok(output) => Outcome::Succeeded { output },
                Err(e) => Outcome::Failed { error: output_error(&e), output: Value::Null },
            },
            Outcome::Failed { error, output } => {
                Outcome::Failed { error, output: blobs.spill(run, output).unwrap_or_default() }
            }
            other @ (Outcome::NeverStarted { .. }
            | Outcome::Lost { .. }
            | Outcome::LostBeforeStart { .. }
            | Outcome::Orphaned { .. }
            | Outcome::TimedOut { .. }
            | Outcome::Stopped { .. }) => other,
        });
        tidied.await.unwrap_or_else(|panic| Outcome::Lost { why: panic.to_string() })
    }
}

impl Whereabouts {
    fn set_outside(&self, outside: bool) {
        self.outside.store(outside, Ordering::Release);
    }
}

/// A secret has come by a way that the check of the workflow does not see.
fn secret_kept() -> TaskError {
    let message = "what it is given is stored and shown to people: there is a secret in it";
    TaskError { class: ErrorClass::InvalidInput, code: "RPA0409".into(), message: message.into() }
}

fn not_begun() -> Outcome {
    Outcome::LostBeforeStart { why: "stopped before it had begun".into() }
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

/// The same for every attempt at one step of one run, and for no other step.
pub(super) fn key(instance: &[u8; 16], id: &AttemptId) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(instance);
    hasher.update(&id.run.0.to_be_bytes());
    hasher.update(id.path.as_str().as_bytes());
    hasher.finalize().to_hex()[..32].to_owned()
}

/// The work itself was done, so `retry` must not do it again.
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
