//! What a runner holds, and the one daemon that it works for.
//!
//! | | nobody | the same daemon | a later start of it | an earlier one | another daemon |
//! |---|---|---|---|---|---|
//! | greets | is taken | takes over | takes over | refused | refused, unless nothing is held |
//!
//! Whoever takes over closes the connection that was before. An order counts only if it
//! came over the connection of the moment, and what is held is told at the moment at
//! which that one begins: no order of an earlier connection can come between.

use std::collections::HashMap;
use std::collections::hash_map;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rpa_engine::{AttemptId, Outcome, StopReason};
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::super::marker;
use super::super::pump::Sink;
use super::super::wire::greeting::{Hello, Verdict};
use super::super::wire::{Offer, Order, Report};
use super::super::work::{Halt, Place};
use super::keep::Kept;
use super::outlet::{Outlet, Reports};

/// Between two tries to put an end on disk.
const KEEP_AGAIN: Duration = Duration::from_secs(5);

/// Cheap to clone; all clones are one.
#[derive(Clone, Debug)]
pub struct Floor {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    place: Place,
    /// Where files are kept while there is no daemon.
    dir: PathBuf,
    state: Mutex<State>,
    /// Told when something ends or a daemon goes.
    changed: Notify,
    runtime: Handle,
}

#[derive(Debug)]
struct State {
    instance: Option<[u8; 16]>,
    epoch: u64,
    session: Option<Session>,
    sessions: u64,
    held: HashMap<AttemptId, Attempt>,
    retiring: bool,
    /// Since when there is no daemon.
    alone_since: Instant,
}

#[derive(Debug)]
struct Session {
    number: u64,
    reports: Reports,
    closed: CancellationToken,
}

#[derive(Debug)]
struct Attempt {
    outlet: Arc<Outlet>,
    halt: Halt,
    marked: Arc<AtomicBool>,
    grace: Duration,
}

/// A connection that was taken.
#[derive(Debug)]
pub struct Seat {
    pub number: u64,
    pub reports: mpsc::UnboundedReceiver<Report>,
    /// Fires when another connection takes over.
    pub closed: CancellationToken,
}

/// When a runner that nobody needs goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    Now,
    At(Instant),
    NotYet,
}

impl Floor {
    pub fn new(place: Place, dir: PathBuf, kept: Vec<Kept>, runtime: Handle) -> Floor {
        let instance = kept.first().map(|kept| kept.instance);
        let (kept, of_others): (Vec<_>, Vec<_>) =
            kept.into_iter().partition(|kept| Some(kept.instance) == instance);
        for kept in of_others {
            tracing::warn!(attempt = %kept.attempt, "the end of a step of another store is left on disk");
        }
        let held = kept.into_iter().map(|kept| {
            let outlet = Arc::new(Outlet::of_kept(&dir, kept));
            let attempt = Attempt {
                outlet: outlet.clone(),
                halt: Halt::default(),
                marked: Arc::new(AtomicBool::new(true)),
                grace: Duration::ZERO,
            };
            (outlet.attempt.clone(), attempt)
        });
        let state = State {
            instance,
            epoch: 0,
            session: None,
            sessions: 0,
            held: held.collect(),
            retiring: false,
            alone_since: Instant::now(),
        };
        let (state, changed) = (Mutex::new(state), Notify::new());
        Floor { shared: Arc::new(Shared { place, dir, state, changed, runtime }) }
    }

    /// The highest epoch that was seen.
    pub fn epoch(&self) -> u64 {
        self.state().epoch
    }

    /// A daemon has greeted. Its first report says what is held.
    pub fn take_over(&self, hello: &Hello) -> Result<Seat, Verdict> {
        let mut state = self.state();
        let is_known = state.instance == Some(hello.instance);
        let is_free = state.instance.is_none() || state.held.is_empty() && state.session.is_none();
        if !is_known && !is_free {
            return Err(Verdict::OtherInstance);
        }
        if is_known && hello.epoch < state.epoch {
            return Err(Verdict::OlderEpoch);
        }
        if let Some(before) = state.session.take() {
            before.closed.cancel();
        }
        (state.instance, state.epoch) = (Some(hello.instance), hello.epoch);
        state.sessions += 1;
        let (number, closed) = (state.sessions, CancellationToken::new());
        let (sender, reports) = mpsc::unbounded_channel();
        let mut held = Vec::with_capacity(state.held.len());
        for attempt in state.held.values() {
            attempt.outlet.close();
            held.push(attempt.outlet.held());
        }
        // the receiver is in hand: it takes them
        let _ = sender.send(Report::Held(held));
        if state.retiring {
            let _ = sender.send(Report::Retiring);
        }
        state.session = Some(Session { number, reports: sender, closed: closed.clone() });
        Ok(Seat { number, reports, closed })
    }

    /// An order from the connection `number`.
    pub fn take(&self, number: u64, order: Order) {
        let mut state = self.state();
        let Some(reports) = state.reports(number) else { return };
        match order {
            Order::Offer(offer) if state.retiring => {
                let why = "the runner ended before the attempt had begun".into();
                let outcome = Outcome::LostBeforeStart { why };
                let _ = reports.send(Report::Ended { attempt: offer.attempt, outcome });
            }
            Order::Offer(offer) => self.begin(&mut state, *offer, &reports),
            Order::Stop { attempt, why } => {
                if let Some(attempt) = state.held.get(&attempt) {
                    attempt.halt.order(why);
                }
            }
            Order::Ack { attempt, lines, mark } => {
                if let Some(attempt) = state.held.get(&attempt) {
                    attempt.outlet.ack(&reports, lines, mark);
                }
            }
            Order::Deaf { attempt, disk_full, why } => {
                if let Some(attempt) = state.held.get(&attempt) {
                    attempt.outlet.deafen(disk_full, why);
                }
            }
            Order::Confirm { attempt } => {
                let ended = |attempt: &Attempt| attempt.outlet.has_ended();
                if let hash_map::Entry::Occupied(entry) = state.held.entry(attempt)
                    && ended(entry.get())
                {
                    let (id, attempt) = entry.remove_entry();
                    self.forget(&id, attempt);
                }
            }
            Order::Retire => {
                state.retiring = true;
                let _ = reports.send(Report::Retiring);
            }
        }
        drop(state);
        self.shared.changed.notify_waiters();
    }

    /// The connection `number` has come to its end.
    pub fn left(&self, number: u64) {
        let mut state = self.state();
        if state.session.as_ref().is_none_or(|session| session.number != number) {
            return;
        }
        self.alone(&mut state);
        drop(state);
        self.shared.changed.notify_waiters();
    }

    /// How long the slowest of the steps that are held may take to end.
    pub fn grace(&self) -> Duration {
        self.state().grace()
    }

    /// Begins nothing more, and ends what runs; resolves when nothing does, or does
    /// not end, and all that nobody has confirmed is on disk.
    pub async fn close(&self, after_kill: Duration, farewell: Duration) {
        let patience = {
            let mut state = self.state();
            state.retiring = true;
            if let Some(session) = &state.session {
                let _ = session.reports.send(Report::Retiring);
            }
            for attempt in state.held.values() {
                attempt.halt.order(StopReason::Drain);
            }
            state.grace() + after_kill
        };
        let ended = self.until(|state| state.held.values().all(|a| a.outlet.has_ended()));
        if tokio::time::timeout(patience, ended).await.is_err() {
            tracing::error!("some steps did not end; the daemon sees to them");
        }
        let confirmed = self.until(|state| state.session.is_none() || state.held.is_empty());
        let _ = tokio::time::timeout(farewell, confirmed).await;
        let outlets: Vec<_> = {
            let mut state = self.state();
            self.alone(&mut state);
            state.held.values().map(|attempt| attempt.outlet.clone()).collect()
        };
        let all = async {
            for outlet in &outlets {
                keep(outlet).await;
            }
        };
        if tokio::time::timeout(after_kill, all).await.is_err() {
            tracing::error!("the ends of some steps are not on disk; the daemon must ask itself");
        }
    }

    /// Resolves when the runner is not needed any more.
    pub async fn until_needless(&self, idle: Option<Duration>) {
        loop {
            let changed = self.shared.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            match self.leave(idle) {
                Leave::Now => return,
                Leave::NotYet => changed.await,
                Leave::At(time) => tokio::select! {
                    () = changed => {}
                    () = tokio::time::sleep_until(time) => {}
                },
            }
        }
    }

    pub(super) fn leave(&self, idle: Option<Duration>) -> Leave {
        let state = self.state();
        if state.retiring && state.held.is_empty() {
            return Leave::Now;
        }
        let is_safe = state.held.values().all(|attempt| attempt.outlet.is_safe());
        match idle {
            Some(idle) if state.session.is_none() && is_safe => {
                let time = state.alone_since + idle;
                if time <= Instant::now() { Leave::Now } else { Leave::At(time) }
            }
            _ => Leave::NotYet,
        }
    }

    async fn until(&self, holds: impl Fn(&State) -> bool) {
        loop {
            let changed = self.shared.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if holds(&self.state()) {
                return;
            }
            changed.await;
        }
    }

    fn begin(&self, state: &mut State, offer: Offer, reports: &Reports) {
        let id = offer.attempt.clone();
        if state.held.contains_key(&id) {
            tracing::error!(attempt = %id, "offered twice");
            return;
        }
        let Some(instance) = state.instance else { return };
        let (dir, limit) = (&self.shared.dir, offer.log_limit);
        let outlet = Arc::new(Outlet::new(dir, instance, id.clone(), offer.priority, limit));
        outlet.open(reports);
        let attempt = Attempt {
            outlet: outlet.clone(),
            halt: Halt::default(),
            marked: Arc::new(AtomicBool::new(false)),
            grace: Duration::from_millis(offer.grace_ms),
        };
        let (halt, marked) = (attempt.halt.clone(), attempt.marked.clone());
        state.held.insert(id, attempt);
        let floor = self.clone();
        self.shared.runtime.spawn(async move {
            let sink = Sink::Outlet(outlet.clone());
            let outcome = floor.shared.place.carry_out(offer, sink, halt, marked).await;
            outlet.end(outcome);
            keep(&outlet).await;
            floor.shared.changed.notify_waiters();
        });
    }

    /// There is no daemon any more: what has ended goes on disk.
    fn alone(&self, state: &mut State) {
        if let Some(session) = state.session.take() {
            session.closed.cancel();
            state.alone_since = Instant::now();
        }
        for attempt in state.held.values() {
            attempt.outlet.close();
            if attempt.outlet.has_ended() {
                let (floor, outlet) = (self.clone(), attempt.outlet.clone());
                self.shared.runtime.spawn(async move {
                    keep(&outlet).await;
                    floor.shared.changed.notify_waiters();
                });
            }
        }
    }

    fn forget(&self, id: &AttemptId, attempt: Attempt) {
        if attempt.marked.load(Ordering::Acquire) {
            marker::remove(&self.shared.place.dirs.attempt(id));
        }
        if attempt.outlet.has_kept() {
            self.shared.runtime.spawn_blocking(move || attempt.outlet.discard());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // valid between statements, whoever panicked
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn grace(&self) -> Duration {
        self.held.values().map(|attempt| attempt.grace).max().unwrap_or_default()
    }

    /// Where reports go, if `number` is the connection of the moment.
    fn reports(&self, number: u64) -> Option<Reports> {
        self.session.as_ref().filter(|s| s.number == number).map(|s| s.reports.clone())
    }
}

/// Puts the end of an attempt on disk for as long as no daemon takes it.
async fn keep(outlet: &Arc<Outlet>) {
    while outlet.is_to_be_kept() {
        let blocking = outlet.clone();
        match tokio::task::spawn_blocking(move || blocking.keep_end()).await {
            Ok(Err(error)) => {
                tracing::error!(attempt = %outlet.attempt, %error, "the end of a step cannot be kept on disk; trying again");
                tokio::time::sleep(KEEP_AGAIN).await;
            }
            Ok(Ok(())) | Err(_) => return,
        }
    }
}
