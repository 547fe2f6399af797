//! Evaluating expressions off the driver's thread: who is asked, how many at once, and
//! what is done while the store is being opened anew. How it is done is in
//! `rpa_config::evaluate`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rpa_config::evaluate::{self, Callee, LoopRecord, Records, StepRecord};
use rpa_config::expr::{Evaluator, SecretSource, Unsealed};
use rpa_engine::run::{EvalJob, Evaluation, Event, EventId, Input, Published};
use rpa_engine::{BlobRef, ErrorClass, RunId, StepPath, TaskError, Value, WorkflowRef};
use tokio::sync::{Semaphore, mpsc};

use crate::blobs::Blobs;
use crate::driver::{Inbox, Message};
use crate::store::{Store, StoreError};

/// Evaluations at once: they are short and use the processor.
const AT_ONCE: usize = 4;

/// Runs above a run that a step has called: more is taken for a circle.
const MOST_DEPTH: u8 = 16;

/// The fault of a store that cannot be read, and that of a run that cannot.
const STORE: &str = "RPA0204";
const RUN: &str = "RPA0225";
/// How long a store may take to come back, and how often it is asked.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(200);

/// A job on its way to the evaluator.
#[derive(Debug)]
pub struct Job(pub EvalJob);

/// Expressions over the store, with the secrets that they may name.
pub struct Expressions {
    expressions: evaluate::Expressions<Kept>,
    secrets: Box<dyn SecretSource>,
}

/// Rows in the store, large documents in files.
struct Kept {
    store: Arc<Store>,
    blobs: Blobs,
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
            let evaluation = evaluated.unwrap_or_else(|panic| {
                evaluate::failed(purpose, &evaluate::bug(&panic.to_string()))
            });
            inbox.tell(Message::Run { run, input: Input::Evaluated(evaluation) }).await;
        });
    }
}

impl Expressions {
    pub fn new(
        evaluator: Evaluator,
        secrets: Box<dyn SecretSource>,
        store: Arc<Store>,
        blobs: Blobs,
    ) -> Expressions {
        let kept = Kept { store, blobs };
        Expressions { expressions: evaluate::Expressions::new(evaluator, kept), secrets }
    }

    /// Puts secrets into a task's input, for one attempt.
    pub fn unseal(&self, input: &Value) -> Result<Unsealed, TaskError> {
        self.expressions.unseal(input, self.secrets.as_ref())
    }

    pub fn evaluate(&self, job: &EvalJob) -> Evaluation {
        self.expressions.evaluate(job)
    }

    /// Whether it only says that the store could not be read.
    pub fn is_unread(evaluation: &Evaluation) -> bool {
        evaluate::error_in(evaluation) == Some(STORE)
    }

    /// A store that fails is being opened anew: that is no answer to give, as the
    /// step would fail for it.
    pub(crate) fn evaluate_patiently(&self, job: &EvalJob) -> Evaluation {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let evaluation = self.evaluate(job);
            if !Self::is_unread(&evaluation) || Instant::now() >= deadline {
                return evaluation;
            }
            std::thread::sleep(PAUSE);
        }
    }
}

impl Records for Kept {
    fn step(&self, run: RunId, path: &StepPath) -> Result<Option<StepRecord>, TaskError> {
        let read = || -> Result<_, StoreError> { self.store.read()?.step(run, path) };
        let row = read().map_err(|e| unread(&e))?;
        Ok(row.map(|row| StepRecord { state: row.state, output: row.output }))
    }

    fn ended_loop(&self, run: RunId, path: &StepPath) -> Result<Option<LoopRecord>, TaskError> {
        let read = || -> Result<_, StoreError> { self.store.read()?.journal(run) };
        let journal = read().map_err(|e| unread(&e))?;
        Ok(journal.into_iter().find_map(|row| match row.event {
            Event::LoopOpened { path: p, items, turns, .. } if p == *path => {
                Some(LoopRecord { items, turns })
            }
            _ => None,
        }))
    }

    fn callee(&self, run: RunId, workflow: &WorkflowRef) -> Result<Callee, TaskError> {
        let refused = |code: &str, message: String| {
            Err(TaskError { class: ErrorClass::InvalidInput, code: code.into(), message })
        };
        let read = || -> Result<_, StoreError> {
            let reader = self.store.read()?;
            let lineage = reader.head(run)?.map(|head| head.lineage).unwrap_or_default();
            if lineage.depth >= MOST_DEPTH {
                let message = format!("runs call runs at most {MOST_DEPTH} levels deep");
                return Ok(refused("RPA0424", message));
            }
            let row = match reader.namespace(&workflow.namespace)? {
                Some(namespace) => {
                    reader.workflow(namespace, &workflow.name)?.map(|row| (namespace, row))
                }
                None => None,
            };
            let Some((namespace, row)) = row else {
                return Ok(refused("RPA0423", format!("there is no workflow {workflow}")));
            };
            let live = match row.entry.admit() {
                Ok(live) => live,
                Err(refusal) => {
                    let fault = crate::driver::catalog::refused(workflow, &refusal);
                    return Ok(refused("RPA0423", fault.message));
                }
            };
            // one that was not live when the run was accepted is taken as it is now
            let revision = lineage.pins.get(workflow).copied().unwrap_or(live);
            let definition = reader.revision(namespace, &workflow.name, revision)?.definition;
            Ok(Ok(Callee { revision, definition: Some(definition) }))
        };
        read().map_err(|e| unread(&e))?
    }

    fn event(&self, run: RunId, id: EventId) -> Result<Option<Published>, TaskError> {
        let read = || -> Result<_, StoreError> {
            let reader = self.store.read()?;
            match reader.head(run)? {
                Some(head) => reader.event(head.namespace, id),
                None => Ok(None),
            }
        };
        read().map_err(|e| unread(&e))
    }

    fn put(&self, run: RunId, value: &Value) -> std::io::Result<Value> {
        self.blobs.put(run, value)
    }

    fn get(&self, run: RunId, blob: &BlobRef) -> std::io::Result<Value> {
        self.blobs.read(run, blob)
    }
}

/// Waiting does not mend rows that are damaged.
fn unread(error: &StoreError) -> TaskError {
    let code = if error.run().is_some() { RUN } else { STORE };
    evaluate::system(code, &format!("the store: {error}"))
}
