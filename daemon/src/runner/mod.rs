//! The runner: carries out attempts and knows about each until its end is durable.
//!
//! It speaks in attempt ids only: *offer*, *stop*, *confirm* come in, log lines and
//! one result go out. It decides nothing about retries.
//!
//! [`Runner`] is the daemon's end: who has a slot, what an attempt is given, what
//! becomes of its lines and its output. The work itself ([`work`]) is the same code in
//! two places:
//!
//! | where | what | a `kill -9` of the daemon |
//! |---|---|---|
//! | inside the daemon | what has no effect outside; all of it with `runner.process = false` | ends it; its effect class decides |
//! | in a process of its own ([`process`]), over the protocol in [`wire`] | everything else | leaves it alone: the next daemon takes it back ([`link`]) |

mod attempt;
mod build;
mod growth;
mod link;
pub mod marker;
pub mod mask;
pub mod process;
mod pump;
mod slots;
pub mod socket;
mod wire;
mod work;

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context as Poll, Waker};
use std::time::Duration;

use rpa_engine::run::{Attempt, Input};
use rpa_engine::{AttemptId, ErrorClass, Outcome, StopReason, TaskError};
use rpa_tasks::{Inherited, Task};
use tokio::runtime::Handle;
use tokio::sync::Notify;

use self::link::Progress;
pub use self::link::{Conversation, Link, Plan, View};
use self::slots::Slots;
use self::work::Halt;
pub use self::work::Place;
use crate::blobs::Blobs;
use crate::driver::{Inbox, Message};
use crate::evaluate::Expressions;
use crate::failpoint::failpoint;
use crate::runlog::Logs;

/// What the runner needs of the daemon.
#[derive(Clone)]
pub struct Equipment {
    pub place: Place,
    pub expressions: Arc<Expressions>,
    pub blobs: Blobs,
    pub logs: Arc<Logs>,
    pub inbox: Inbox,
    pub instance: [u8; 16],
    pub grace: Duration,
    pub output_limit: u64,
    /// Bytes that the working directories of one run may have.
    pub dir_limit: u64,
    pub log_limit: u64,
    /// Of the daemon's environment, for commands.
    pub inherited: Arc<Inherited>,
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
    /// The runner in a process of its own, if there is one.
    link: Option<Link>,
    slots: Slots,
    attempts: Mutex<HashMap<AttemptId, Entry>>,
    idle: Notify,
    runtime: Handle,
}

struct Entry {
    halt: Halt,
    /// Set when the attempt has ended and its end is not durable yet.
    outcome: Option<Outcome>,
    at: Whereabouts,
}

/// Where an attempt is, as far as it is known.
#[derive(Clone, Debug, Default)]
struct Whereabouts {
    /// Whether the attempt may have a marker file of the daemon's, which most never make.
    marked: Arc<AtomicBool>,
    /// Whether the runner in its own process may have it.
    outside: Arc<AtomicBool>,
}

impl Whereabouts {
    fn is_outside(&self) -> bool {
        self.outside.load(Ordering::Acquire)
    }
}

/// Which attempts are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    All,
    /// Those that would end with the daemon.
    Inside,
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
    pub fn new(equipment: Equipment, link: Option<Link>, runtime: Handle) -> Runner {
        let slots = Slots::new(equipment.slots);
        let shared = Shared {
            equipment,
            link,
            slots,
            attempts: Mutex::new(HashMap::new()),
            idle: Notify::new(),
            runtime,
        };
        Runner { shared: Arc::new(shared) }
    }

    /// Takes back what went on while there was no daemon, then keeps the connection.
    /// Before anything is written into a log. Blocks.
    pub fn take_back(&self, first: Conversation) {
        let Some(link) = &self.shared.link else { return };
        for held in &first.held {
            let id = held.attempt.clone();
            let following = link.adopt(held);
            let progress = Progress::of(link, held);
            let slot = (!held.ended).then(|| self.shared.slots.occupy(id.run, held.priority));
            let at = Whereabouts::default();
            at.outside.store(true, Ordering::Release);
            let halt = Halt::default();
            let entry = Entry { halt: halt.clone(), outcome: None, at: at.clone() };
            self.held().insert(id.clone(), entry);
            let runner = self.clone();
            self.shared.runtime.spawn(async move {
                let outcome = runner.go_on(id.clone(), following, progress, slot, halt, at).await;
                runner.ended(&id, outcome).await;
            });
        }
        link.keep(first);
    }

    /// Takes an attempt. Its end comes to the inbox, exactly as often as needed.
    pub fn offer(&self, attempt: Attempt, disk_full: bool) {
        let id = attempt.id.clone();
        let (halt, at) = (Halt::default(), Whereabouts::default());
        let entry = Entry { halt: halt.clone(), outcome: None, at: at.clone() };
        if self.held().insert(id.clone(), entry).is_some() {
            tracing::error!(attempt = %id, "offered twice");
        }
        let runner = self.clone();
        let inward = self.is_inward(&attempt);
        let at_once = inward && attempt::is_plain(&attempt.input);
        let mut work = Box::pin(async move {
            let outcome = if disk_full {
                Outcome::NeverStarted { error: disk_full_error() }
            } else {
                runner.carry_out(attempt, inward, halt, at).await
            };
            runner.ended(&id, outcome).await;
        });
        // what ends at the first look costs no switch of threads; what does not is
        // polled again by the runtime, with its own waker
        if at_once && work.as_mut().poll(&mut Poll::from_waker(Waker::noop())).is_ready() {
            return;
        }
        self.shared.runtime.spawn(work);
    }

    /// Whether the attempt does nothing outside the daemon.
    fn is_inward(&self, attempt: &Attempt) -> bool {
        self.shared.equipment.place.registry.get(&attempt.kind).is_some_and(Task::is_inward)
    }

    /// Asks an attempt to end; its end is reported as any other.
    pub fn stop(&self, id: &AttemptId, why: StopReason) {
        if let Some(entry) = self.held().get(id) {
            entry.halt.order(why);
        }
    }

    /// Of attempts that the store does not know as running, those that run are ended:
    /// nobody waits for them.
    pub fn stop_all_but(&self, running: &BTreeSet<AttemptId>) {
        for (id, entry) in self.held().iter() {
            if !running.contains(id) && entry.outcome.is_none() {
                tracing::warn!(attempt = %id, "a step runs that the store knows nothing of: it is ended");
                entry.halt.order(StopReason::Cancel);
            }
        }
    }

    /// Attempts that wait for a slot, or for the runner, are not begun any more.
    pub fn begin_no_more(&self) {
        self.shared.slots.close();
        if let Some(link) = &self.shared.link {
            link.begin_no_more();
        }
    }

    pub fn stop_all(&self, which: Which, why: StopReason) {
        for entry in self.held().values().filter(|entry| entry.is(which)) {
            entry.halt.order(why);
        }
    }

    /// Whether steps go on without this daemon.
    pub fn outlives(&self) -> bool {
        self.shared.link.as_ref().is_some_and(Link::is_kept)
    }

    /// The runner in a process of its own, for people.
    pub fn view(&self) -> Option<View> {
        let link = self.shared.link.as_ref()?;
        Some(link.view()).filter(|view| link.is_kept() || view.present.is_some())
    }

    /// Has the runner in its own process end, when it holds nothing more.
    pub async fn retire(&self, patience: Duration) {
        if let Some(link) = &self.shared.link {
            link.retire(patience).await;
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
        if let Some(entry) = known {
            if entry.at.is_outside()
                && let Some(link) = &self.shared.link
            {
                link.confirm(id);
            }
            if entry.at.marked.load(Ordering::Acquire) {
                marker::remove(&self.shared.equipment.place.dirs.attempt(id));
            }
        }
        self.shared.idle.notify_waiters();
    }

    /// Attempts that are running or whose end is not durable.
    pub fn inventory(&self) -> Vec<AttemptId> {
        self.held().keys().cloned().collect()
    }

    /// Attempts that have not ended.
    pub fn running(&self, which: Which) -> usize {
        self.held().values().filter(|e| e.outcome.is_none() && e.is(which)).count()
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
        let at = Whereabouts::default();
        at.marked.store(true, Ordering::Release);
        let entry = Entry { halt: Halt::default(), outcome: None, at };
        self.held().insert(id.clone(), entry);
        self.shared.runtime.spawn(async move {
            let outcome = runner.lost(&id, same_boot).await;
            runner.ended(&id, outcome).await;
        });
    }

    /// Resolves when every attempt that is meant has ended and is confirmed.
    pub async fn idle(&self, which: Which) {
        loop {
            let notified = self.shared.idle.notified();
            tokio::pin!(notified);
            notified.as_mut().enable();
            if !self.held().values().any(|entry| entry.is(which)) {
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

    fn held(&self) -> MutexGuard<'_, HashMap<AttemptId, Entry>> {
        // entries are valid between statements, whoever panicked
        self.shared.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn is(&self, which: Which) -> bool {
        match which {
            Which::All => true,
            Which::Inside => !self.at.is_outside(),
        }
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
