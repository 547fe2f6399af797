//! The runner: carries out attempts and knows about each until its end is
//! durable.
//!
//! It speaks in attempt ids only: *offer*, *stop*, *confirm* come in, log lines and
//! one result go out. It decides nothing about retries. Here it lives in the
//! daemon's process; what it does is written so that it can live in another.

mod attempt;
mod growth;
pub mod marker;
pub mod mask;
mod pump;
mod slots;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context as Poll, Waker};
use std::time::Duration;

use rpa_engine::run::{Attempt, Input};
use rpa_engine::{AttemptId, ErrorClass, Outcome, StopReason, TaskError};
use rpa_tasks::process::Tag;
use rpa_tasks::{Registry, Task};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use self::slots::Slots;
use crate::blobs::Blobs;
use crate::driver::{Inbox, Message};
use crate::evaluate::Expressions;
use crate::failpoint::failpoint;
use crate::rundir::RunDirs;
use crate::runlog::Logs;

/// What the runner needs of the daemon.
#[derive(Clone)]
pub struct Equipment {
    pub registry: Arc<Registry>,
    pub expressions: Arc<Expressions>,
    pub dirs: RunDirs,
    pub blobs: Blobs,
    pub logs: Arc<Logs>,
    pub inbox: Inbox,
    pub instance: [u8; 16],
    pub grace: Duration,
    pub output_limit: usize,
    /// Bytes that the working directories of one run may have.
    pub dir_limit: u64,
    pub inherit_env: Vec<String>,
    /// Attempts at once.
    pub slots: usize,
}

/// Cheap to clone; all clones are one runner.
#[derive(Clone)]
pub struct Runner {
    shared: Arc<Shared>,
}

struct Shared {
    equipment: Equipment,
    slots: Slots,
    attempts: Mutex<HashMap<AttemptId, Entry>>,
    idle: Notify,
    runtime: Handle,
}

struct Entry {
    stop: CancellationToken,
    why: Option<StopReason>,
    /// Set when the attempt has ended and its end is not durable yet.
    outcome: Option<Outcome>,
    /// Whether the attempt may have a marker file, which most never make.
    marked: Arc<AtomicBool>,
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("attempts", &self.held().len()).finish()
    }
}
impl std::fmt::Debug for Equipment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Equipment")
    }
}

impl Runner {
    pub fn new(equipment: Equipment, runtime: Handle) -> Runner {
        let slots = Slots::new(equipment.slots);
        let shared = Shared {
            equipment,
            slots,
            attempts: Mutex::new(HashMap::new()),
            idle: Notify::new(),
            runtime,
        };
        Runner { shared: Arc::new(shared) }
    }

    /// Takes an attempt. Its end comes to the inbox, exactly as often as needed.
    pub fn offer(&self, attempt: Attempt, disk_full: bool) {
        let id = attempt.id.clone();
        let stop = CancellationToken::new();
        let marked = Arc::new(AtomicBool::new(false));
        let entry = Entry { stop: stop.clone(), why: None, outcome: None, marked: marked.clone() };
        if self.held().insert(id.clone(), entry).is_some() {
            tracing::error!(attempt = %id, "offered twice");
        }
        let runner = self.clone();
        let inward = self.is_inward(&attempt);
        let mut work = Box::pin(async move {
            let outcome = if disk_full {
                Outcome::NeverStarted { error: disk_full_error() }
            } else {
                runner.carry_out(attempt, stop, marked).await
            };
            runner.ended(&id, outcome).await;
        });
        // what ends at the first look costs no switch of threads; what does not is
        // polled again by the runtime, with its own waker
        if inward && work.as_mut().poll(&mut Poll::from_waker(Waker::noop())).is_ready() {
            return;
        }
        self.shared.runtime.spawn(work);
    }

    /// Whether the attempt needs nothing but a moment of the processor.
    fn is_inward(&self, attempt: &Attempt) -> bool {
        self.is_inward_kind(&attempt.kind) && attempt::is_plain(&attempt.input)
    }

    fn is_inward_kind(&self, kind: &str) -> bool {
        self.shared.equipment.registry.get(kind).is_some_and(Task::is_inward)
    }

    /// Asks an attempt to end; its end is reported as any other.
    pub fn stop(&self, id: &AttemptId, why: StopReason) {
        if let Some(entry) = self.held().get_mut(id) {
            entry.why.get_or_insert(why);
            entry.stop.cancel();
        }
    }

    /// Attempts that wait for a slot are not begun any more.
    pub fn begin_no_more(&self) {
        self.shared.slots.close();
    }

    pub fn stop_all(&self, why: StopReason) {
        for entry in self.held().values_mut() {
            entry.why.get_or_insert(why);
            entry.stop.cancel();
        }
    }

    /// The end of the attempt is durable: it can be forgotten.
    pub fn confirm(&self, id: &AttemptId) {
        let known = {
            let mut held = self.held();
            match held.get(id) {
                Some(entry) if entry.outcome.is_none() => None,
                _ => held.remove(id),
            }
        };
        if known.is_some_and(|entry| entry.marked.load(Ordering::Acquire)) {
            marker::remove(&self.shared.equipment.dirs.attempt(id));
        }
        self.shared.idle.notify_waiters();
    }

    /// Attempts that are running or whose end is not durable.
    pub fn inventory(&self) -> Vec<AttemptId> {
        self.held().keys().cloned().collect()
    }

    /// Attempts that have not ended.
    pub fn running(&self) -> usize {
        self.held().values().filter(|e| e.outcome.is_none()).count()
    }

    /// Reports every end again that was not confirmed.
    pub fn resend(&self) {
        let ended: Vec<(AttemptId, Outcome)> = self
            .held()
            .iter()
            .filter_map(|(id, entry)| Some((id.clone(), entry.outcome.clone()?)))
            .collect();
        let inbox = self.shared.equipment.inbox.clone();
        self.shared.runtime.spawn(async move {
            for (attempt, outcome) in ended {
                tell(&inbox, attempt, outcome).await;
            }
        });
    }

    /// An attempt of an earlier life of the daemon: makes sure that nothing of it
    /// is alive, then reports what is known of its end.
    pub fn reclaim(&self, id: AttemptId, same_boot: bool) {
        let runner = self.clone();
        let marked = Arc::new(AtomicBool::new(true));
        let entry = Entry { stop: CancellationToken::new(), why: None, outcome: None, marked };
        self.held().insert(id.clone(), entry);
        self.shared.runtime.spawn(async move {
            let path = runner.shared.equipment.dirs.attempt(&id);
            let grace = runner.shared.equipment.grace;
            let tag = Tag::new(&id, &attempt::key(&runner.shared.equipment.instance, &id));
            let outcome = marker::reclaim(&path, &id, &tag, same_boot, grace).await;
            runner.ended(&id, outcome).await;
        });
    }

    /// Resolves when every attempt has ended and is confirmed.
    pub async fn idle(&self) {
        loop {
            let notified = self.shared.idle.notified();
            tokio::pin!(notified);
            notified.as_mut().enable();
            if self.held().is_empty() {
                return;
            }
            notified.await;
        }
    }

    async fn ended(&self, id: &AttemptId, outcome: Outcome) {
        failpoint!("attempt-ended");
        if let Some(entry) = self.held().get_mut(id) {
            entry.outcome = Some(outcome.clone());
        }
        tell(&self.shared.equipment.inbox, id.clone(), outcome).await;
        failpoint!("end-is-told");
    }

    fn why(&self, id: &AttemptId) -> Option<StopReason> {
        self.held().get(id).and_then(|entry| entry.why)
    }

    fn held(&self) -> MutexGuard<'_, HashMap<AttemptId, Entry>> {
        // entries are valid between statements, whoever panicked
        self.shared.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work_dir(&self, id: &AttemptId) -> PathBuf {
        self.shared.equipment.dirs.work(id.run, &id.path)
    }
}

async fn tell(inbox: &Inbox, attempt: AttemptId, outcome: Outcome) {
    let run = attempt.run;
    inbox.tell(Message::Run { run, input: Input::AttemptEnded { attempt, outcome } }).await;
}

fn disk_full_error() -> TaskError {
    TaskError {
        // no class that `retry` applies to: the run is to end and say why
        class: ErrorClass::InvalidInput,
        code: "RPA0411".into(),
        message: "not begun: the disk that holds the state directory is full".into(),
    }
}
