//! Decide, commit, act: the one thread that changes anything.
//!
//! It drains its inbox (at most [`BATCH`] messages, never waiting for more), lets
//! the engine decide each, writes all of it in one transaction, and only then
//! hands out effects and answers. After a storage error it forgets what it knew,
//! opens the store anew and recovers, as a restart would.

mod accept;
pub mod catalog;
mod changes;
pub mod circles;
mod dispatch;
mod errands;
mod events;
#[cfg(test)]
pub mod faults;
mod gates;
mod held;
mod locks;
mod message;
mod notifications;
mod numbers;
mod paths;
mod recover;
mod relay;
mod take;
mod timer;
mod triggers;
mod waits;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rpa_config::calendar::Calendars;
use rpa_config::expr::Evaluator;
use rpa_engine::queue::Queue;
use rpa_engine::run::{Cx, Effect, Input, Run};
use rpa_engine::{Label, RunId, Workflow};
use rpa_ipc::{Fault, FaultCode, fault, said};
use tokio::sync::{mpsc, watch};

pub use changes::Changes;
pub use dispatch::{Dispatch, Hands};
pub use message::{
    Answer, Application, Applied, Arrival, Change, Delivered, Envelope, Errand, Firing, HeldPlan,
    Inbox, Message, Next, Orders, Publication, Slots, Submission, TakenOver, TriggerOrder, Wish,
};
pub use notifications::{Acknowledgement, NOTIFICATIONS_AT_ONCE};
pub use timer::{keep_time, since_boot_ms};
pub use triggers::{no_room, restored};

use crate::blobs::Blobs;
use crate::failpoint::failpoint;
use crate::gathered::{Hearer, Teller, gathered};
use crate::health::{Health, State};
use crate::reserve::Reserve;
use crate::runlog::Logs;
use crate::secrets::SecretDir;
use crate::store::{
    Commit, NamespaceId, Problem, Store, StoreError, Tables, TriggerKey, run_damaged,
};

/// Messages that one transaction may carry: enough that an fsync is shared by
/// all who wait, few enough that the first of them does not wait long.
const BATCH: usize = 256;
/// Pause between attempts to open a store that failed.
const REOPEN_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// Definitions kept for runs to come; beyond that the cache is emptied.
const DEFINITIONS: usize = 1024;

/// Runs, or notifications, that are set aside and named in the daemon's state.
const ASIDE_NAMED: usize = 5;

/// What the driver needs of the daemon.
pub struct Parts {
    pub store: Arc<Store>,
    pub health: Arc<Health>,
    pub changes: Arc<Changes>,
    pub logs: Arc<Logs>,
    pub reserve: Arc<Reserve>,
    pub blobs: Blobs,
    pub dispatch: Box<dyn Hands>,
    /// The wall clock, in milliseconds since the epoch.
    pub clock: fn() -> u64,
    /// When the earliest timer is due, in milliseconds since the epoch.
    pub next_due: watch::Sender<Option<u64>>,
    /// Triggers whose rows have changed, for all who look at them.
    pub rearmed: Rearming,
    pub evaluator: Evaluator,
    pub calendars: Arc<Calendars>,
    pub secrets: SecretDir,
    pub inbox: mpsc::Receiver<Envelope>,
    pub orders: Arc<Orders>,
    /// Runs that may be active at once.
    pub max_active: u32,
}

/// The driver with what it knows; all of it can be read again from the store.
pub struct Driver {
    parts: Parts,
    queue: Queue,
    /// Runs that are neither queued nor ended.
    runs: HashMap<RunId, Active>,
    locks: locks::Locks,
    called_at_gates: waits::CalledAtGates,
    definitions: HashMap<(NamespaceId, Label, u32), Arc<Workflow>>,
    hold: bool,
    /// Of which run the message behind the one that is being taken is, too: a result of
    /// another step of the same run, most often.
    goes_on: Option<RunId>,
    /// The run whose row is put off until then, see [`Driver::run_input`].
    put_off: Option<RunId>,
    /// What a restore has left for a person to let go on.
    held: held::Held,
    looked: Looked,
    listeners: triggers::Listeners,
    holds: triggers::Holds,
    notifications: notifications::Known,
    /// It has recovered once: what is recovered again is what it has done itself.
    has_come: bool,
    /// Since when it has been there to fire what is due.
    up_since_ms: u64,
}

/// Triggers that are to be looked at anew.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rearmed {
    All,
    /// Its row has changed.
    One(TriggerKey),
    /// Another declaration, or none, is in force; it may be that of before, out of force for a
    /// moment. That its source fails is news again.
    Switched(TriggerKey),
}

/// Who hears of triggers that are to be looked at anew: of each once, however slow he is.
pub type RearmedNews = Hearer<Rearmed, ()>;

/// Tells the sources of triggers which rows have changed.
#[derive(Debug, Default)]
pub struct Rearming {
    listeners: Vec<Teller<Rearmed, ()>>,
}

impl Rearming {
    pub fn listen(&mut self) -> RearmedNews {
        let (teller, hearer) = gathered();
        self.listeners.push(teller);
        hearer
    }

    fn tell(&self, news: &Rearmed) {
        for listener in &self.listeners {
            listener.tell(news.clone(), ());
        }
    }
}

/// What was found when it was looked for last, while no transaction has changed it: a
/// table that need not be opened is a good part of a small transaction.
#[derive(Default)]
struct Looked {
    /// Nobody waits in the queue.
    is_queue_empty: bool,
    /// When the earliest timer is due, if there is one.
    next_due: Option<Option<u64>>,
}

struct Active {
    namespace: NamespaceId,
    run: Run,
}

/// What a batch leads to, once it is durable.
#[derive(Default)]
struct Outbox {
    effects: Vec<(RunId, Effect)>,
    answers: Vec<(usize, Result<Answer, Fault>)>,
    /// Runs that have changed, and whether they have settled by that.
    changed: BTreeMap<RunId, bool>,
    /// Namespaces in which a run or a workflow has changed.
    touched: BTreeSet<Label>,
    ended: BTreeSet<RunId>,
    settled: Vec<rpa_engine::AttemptId>,
    /// Attempts that were under way when a backup was taken, and are to be accounted for.
    lost: Vec<rpa_engine::AttemptId>,
    /// What the daemon says of itself has changed.
    health: bool,
    /// What is shown in every namespace has changed.
    everywhere: bool,
    rearmed: BTreeSet<TriggerKey>,
    /// Triggers that have come into force or gone out of it.
    resettled: BTreeSet<TriggerKey>,
    /// Those of them that are known to the driver; their sources are to know as well.
    switched: BTreeSet<TriggerKey>,
    mail: relay::Mail,
}

impl Outbox {
    fn changed(&mut self, run: RunId, settled: bool, namespace: &Label) {
        self.changed.insert(run, settled);
        self.touch(namespace);
    }

    fn touch(&mut self, namespace: &Label) {
        // a batch is of one or two namespaces: they are copied once, not per change
        if !self.touched.contains(namespace) {
            self.touched.insert(namespace.clone());
        }
    }
}

impl std::fmt::Debug for Driver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Driver").field("queue", &self.queue).finish_non_exhaustive()
    }
}
impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Parts")
    }
}

impl Driver {
    pub fn new(parts: Parts) -> Driver {
        Driver {
            queue: Queue::new(parts.max_active),
            up_since_ms: (parts.clock)(),
            parts,
            runs: HashMap::new(),
            locks: locks::Locks::default(),
            called_at_gates: waits::CalledAtGates::default(),
            definitions: HashMap::new(),
            hold: false,
            goes_on: None,
            put_off: None,
            held: held::Held::default(),
            looked: Looked::default(),
            listeners: triggers::Listeners::default(),
            holds: triggers::Holds::default(),
            notifications: notifications::Known::default(),
            has_come: false,
        }
    }

    /// Runs until [`Message::Stop`]. Call [`Driver::recover`] first.
    pub fn run(mut self) -> Result<(), StoreError> {
        let mut batch = Vec::with_capacity(BATCH);
        self.settle_health();
        while !self.parts.orders.is_stop() {
            let Some(first) = self.parts.inbox.blocking_recv() else { break };
            batch.push(first);
            while batch.len() < BATCH {
                match self.parts.inbox.try_recv() {
                    Ok(envelope) => batch.push(envelope),
                    Err(_) => break,
                }
            }
            let turned = match batch.iter().all(|e| matches!(e.message, Message::Pulse)) {
                true => self.pulse(&mut batch),
                false => self.turn(&mut batch),
            };
            if let Err(error) = turned {
                self.survive(error, &mut batch)?;
            }
            batch.clear();
        }
        failpoint!("before-settle");
        let settled = self.parts.store.settle();
        failpoint!("after-settle");
        settled
    }

    /// The watchdog asks whether the driver is there and can read. A commit for it would
    /// be all that an idle daemon writes.
    fn pulse(&mut self, batch: &mut [Envelope]) -> Result<(), StoreError> {
        self.parts.store.read().and_then(|reader| reader.instance())?;
        for reply in batch.iter_mut().filter_map(|envelope| envelope.reply.take()) {
            let _ = reply.send(Ok(Answer::Done));
        }
        Ok(())
    }

    /// One batch: decide, commit, act.
    fn turn(&mut self, batch: &mut [Envelope]) -> Result<(), StoreError> {
        self.hold = self.parts.orders.is_hold();
        self.queue.hold = self.hold;
        let cx = Cx { now_ms: (self.parts.clock)(), hold: self.hold };
        let store = self.parts.store.clone();
        let mut out = Outbox::default();
        failpoint!("batch-begins");
        // of a batch with anything else the commit is a usual one, which costs half
        let rests = batch.iter().all(|e| matches!(e.message, Message::Errand(Errand::Settle)));
        let kind = if rests { Commit::Settling } else { Commit::Usual };
        let next_due = store.transact_as(kind, |tables| {
            for (i, envelope) in batch.iter().enumerate() {
                let next = batch.get(i + 1).map(|next| &next.message);
                self.goes_on = next.and_then(|next| result_of(&envelope.message, next));
                let answer = self.take(tables, cx, &envelope.message, &mut out)?;
                out.answers.push((i, answer));
            }
            debug_assert!(self.put_off.is_none(), "a row was put off and never written");
            self.admit(tables, cx, &mut out)?;
            failpoint!("before-commit");
            self.looked.is_queue_empty &= !tables.queue_is_changed();
            self.next_due(tables)
        })?;
        failpoint!("after-commit");
        self.act(batch, out);
        let due = next_due.filter(|_| !self.hold);
        // the timer is woken only by news, and by the answer to what it has told, which
        // may be the same moment again: more was due than one transaction takes
        let answers = batch.iter().any(|e| matches!(e.message, Message::Due { .. }));
        let news = |known: &mut Option<u64>| std::mem::replace(known, due) != due || answers;
        self.parts.next_due.send_if_modified(news);
        Ok(())
    }

    fn next_due(&mut self, tables: &Tables<'_>) -> Result<Option<u64>, StoreError> {
        let of_runs = match self.looked.next_due.filter(|_| !tables.timers_are_changed()) {
            Some(known) => known,
            None => {
                let found = tables.next_timer()?.map(|(due_ms, _)| due_ms);
                self.looked.next_due = Some(found);
                found
            }
        };
        let of_holds = self.holds.next().filter(|_| !self.held.restored);
        Ok([of_runs, of_holds].into_iter().flatten().min())
    }

    /// The next run whose turn it is.
    fn oldest_queued(&mut self, tables: &Tables<'_>) -> Result<Option<RunId>, StoreError> {
        if self.looked.is_queue_empty && !tables.queue_is_changed() {
            return Ok(None);
        }
        let found = tables.oldest_queued()?;
        self.looked.is_queue_empty = found.is_none();
        Ok(found)
    }

    /// After the commit: effects, answers, news.
    fn act(&mut self, batch: &mut [Envelope], out: Outbox) {
        for attempt in &out.settled {
            self.parts.dispatch.confirm(attempt);
            failpoint!("attempt-confirmed");
        }
        self.reclaim(&out.lost);
        if out.health {
            self.settle_health();
        }
        for (run, effect) in out.effects {
            failpoint!("before-effect");
            self.parts.dispatch.carry_out(run, effect, self.parts.reserve.is_released());
            failpoint!("after-effect");
        }
        for (i, answer) in out.answers {
            if let Some(reply) = batch[i].reply.take() {
                failpoint!("before-answer");
                // a caller that went away is no reason to do anything
                let _ = reply.send(answer);
                failpoint!("after-answer");
            }
        }
        // a log that is closed is whole: only then its readers are told of the end
        for run in out.ended {
            self.parts.logs.close(run);
            failpoint!("log-closed");
        }
        for (run, settled) in out.changed {
            self.parts.changes.publish(run, settled);
        }
        for trigger in out.rearmed.difference(&out.switched) {
            self.parts.rearmed.tell(&Rearmed::One(trigger.clone()));
        }
        for trigger in out.switched {
            self.parts.rearmed.tell(&Rearmed::Switched(trigger));
        }
        if out.everywhere {
            self.parts.changes.publish_namespaces();
            return;
        }
        for namespace in &out.touched {
            self.parts.changes.publish_namespace(namespace);
        }
    }

    /// A transaction failed: nothing of the batch happened. Callers are told, the
    /// store is opened anew, and what the runner still holds is asked for again.
    ///
    /// Gives up when that cannot help, because the contents are at fault, and when
    /// the daemon is asked to stop.
    fn survive(&mut self, error: StoreError, batch: &mut Vec<Envelope>) -> Result<(), StoreError> {
        let mut error = error;
        let mut pause = REOPEN_PAUSE;
        let mut said = String::new();
        loop {
            let fault = error.fault(self.parts.store.path());
            if fault.message != said {
                tracing::error!(code = %fault.code, "{}", fault.message);
                said.clone_from(&fault.message);
            }
            self.parts.health.set(State::Degraded, &fault.to_string());
            refuse(batch, &fault);
            if error.problem == Problem::DiskFull {
                self.parts.reserve.release();
            }
            self.forget();
            let in_vain = matches!(error.problem, Problem::Corrupt | Problem::Newer);
            if (in_vain && !self.parts.store.set_aside(&error)) || self.parts.orders.is_stop() {
                return Err(error);
            }
            match self.parts.store.reopen().and_then(|()| self.recover()) {
                Ok(()) => break,
                Err(again) => error = again,
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
            while let Ok(envelope) = self.parts.inbox.try_recv() {
                batch.push(envelope);
            }
        }
        self.parts.changes.publish_all();
        self.parts.rearmed.tell(&Rearmed::All);
        self.settle_health();
        tracing::info!("the store is open again");
        Ok(())
    }

    /// Asks for the ends of attempts that another life of this store has begun.
    fn reclaim(&self, lost: &[rpa_engine::AttemptId]) {
        if lost.is_empty() {
            return;
        }
        let known: BTreeSet<_> = self.parts.dispatch.inventory().into_iter().collect();
        for attempt in lost.iter().filter(|attempt| !known.contains(attempt)) {
            self.parts.dispatch.reclaim(attempt.clone(), false);
        }
    }

    fn forget(&mut self) {
        self.runs.clear();
        self.held = held::Held::default();
        self.locks = locks::Locks::default();
        self.definitions.clear();
        self.queue.active = 0;
        (self.goes_on, self.put_off) = (None, None);
        self.looked = Looked::default();
        (self.listeners, self.holds) = Default::default();
        self.notifications = notifications::Known::default();
    }

    fn settle_health(&self) {
        let aside = self.aside();
        if self.hold {
            self.parts.health.set(State::Draining, "");
        } else if self.parts.reserve.is_released() {
            self.parts.health.set(State::Degraded, "the disk is full: no new work is accepted");
        } else if self.held.restored {
            self.parts.health.set(State::Held, &self.held.reason());
        } else if self.parts.reserve.is_low() {
            let reason = "the disk is nearly full: no new work is accepted";
            self.parts.health.set(State::Degraded, reason);
        } else if let Some(fault) = aside.or_else(|| self.unreadable_notifications()) {
            self.parts.health.set(State::Degraded, &fault.to_string());
        } else {
            self.parts.health.set(State::Ready, "");
        }
    }

    /// What is said of the runs that are set aside.
    fn aside(&self) -> Option<Fault> {
        let aside = self.parts.store.aside();
        let (_, why) = aside.first_key_value()?;
        Some(run_damaged(&some_of(aside.keys().map(|run| run.short())), why))
    }

    /// What is said of notifications that are.
    fn unreadable_notifications(&self) -> Option<Fault> {
        let unreadable = self.notifications.unreadable();
        let (_, why) = unreadable.first_key_value()?;
        let id = some_of(unreadable.keys().map(ToString::to_string));
        let code = FaultCode::NotificationDamaged;
        Some(fault!(code, "store-notification-damaged", id = id, detail = why))
    }

    /// The meaning of a revision, shared by all its runs.
    fn definition(
        &mut self,
        tables: &Tables<'_>,
        namespace: NamespaceId,
        workflow: &rpa_engine::WorkflowRef,
        revision: u32,
    ) -> Result<Arc<Workflow>, StoreError> {
        self.revision(tables, namespace, &workflow.name, revision)
    }

    fn revision(
        &mut self,
        tables: &Tables<'_>,
        namespace: NamespaceId,
        workflow: &Label,
        revision: u32,
    ) -> Result<Arc<Workflow>, StoreError> {
        let key = (namespace, workflow.clone(), revision);
        if let Some(found) = self.definitions.get(&key) {
            return Ok(found.clone());
        }
        let missing = || StoreError::corrupt(format!("{workflow} has no revision {revision}"));
        let stored = tables.revision(namespace, workflow, revision)?.ok_or_else(missing)?;
        let definition = Arc::new(stored.definition);
        if self.definitions.len() >= DEFINITIONS {
            self.definitions.clear();
        }
        self.definitions.insert(key, definition.clone());
        Ok(definition)
    }
}

/// Of what is set aside the first few, and how many there are when those are not all.
fn some_of(all: impl ExactSizeIterator<Item = String>) -> String {
    let count = all.len();
    let mut some: Vec<String> = all.take(ASIDE_NAMED).collect();
    if count > ASIDE_NAMED {
        some.push(format!("… ({count})"));
    }
    some.join(", ")
}

/// The run of which both are results.
fn result_of(message: &Message, next: &Message) -> Option<RunId> {
    let run = |message: &Message| match message {
        Message::Run { run, input: Input::AttemptEnded { .. } | Input::Evaluated(_) } => Some(*run),
        _ => None,
    };
    run(message).filter(|this| run(next) == Some(*this))
}

/// Tells every caller of a failed batch. Results of attempts need no answer: the
/// runner keeps them until they are confirmed.
fn refuse(batch: &mut Vec<Envelope>, fault: &Fault) {
    for mut envelope in batch.drain(..) {
        if let Some(reply) = envelope.reply.take() {
            let _ = reply.send(Err(fault.clone()));
        }
    }
}

pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let now_ms = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    #[cfg(feature = "failpoints")]
    let now_ms = crate::shift::shifted(now_ms);
    now_ms
}

/// The fault of a person's input that the engine did not take.
fn refusal_fault(run: RunId, refusal: rpa_engine::run::Refusal) -> Fault {
    use rpa_engine::run::Refusal;
    let short = run.short();
    let fault = match refusal {
        Refusal::RunEnded => fault!(FaultCode::RunEnded, "run-ended", run = short),
        Refusal::NoStep => fault!(FaultCode::NoStep, "run-without-step", run = short),
        Refusal::NotInDoubt => fault!(FaultCode::NotInDoubt, "step-not-in-doubt", run = short),
        Refusal::NothingInDoubt => fault!(FaultCode::NotInDoubt, "nothing-in-doubt", run = short),
        Refusal::Paused => fault!(FaultCode::AlreadyPaused, "run-paused", run = short),
        Refusal::NotPaused => fault!(FaultCode::NotPaused, "run-not-paused", run = short),
        Refusal::Unheld => fault!(FaultCode::NotInDoubt, "step-without-lock", run = short)
            .hint(said!("hint-done-or-fail")),
        Refusal::OtherFields => fault!(FaultCode::OtherDigest, "fields-differ", run = short),
        Refusal::NotAsking => fault!(FaultCode::NotAsking, "step-not-asking", run = short),
        Refusal::OtherDigest => fault!(FaultCode::OtherDigest, "approval-changed", run = short),
        Refusal::NotApprover => fault!(FaultCode::NotApprover, "not-an-approver", run = short),
        Refusal::OwnRun => fault!(FaultCode::OwnRun, "approval-of-own-run", run = short),
        Refusal::Voted => fault!(FaultCode::Voted, "approval-twice", run = short),
        Refusal::Cancelling => fault!(FaultCode::NotInDoubt, "run-being-cancelled", run = short)
            .hint(said!("hint-done-or-fail")),
    };
    fault.with("run", run)
}
