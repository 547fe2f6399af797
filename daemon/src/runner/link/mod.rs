//! The daemon's end of the seam: attempts that are in a runner of its own.
//!
//! One connection at a time, kept by [`Link::keep`]; when it breaks, the next one is
//! made at once, with a runner that is started if none answers.
//!
//! | after a connection was made | an attempt of ours that the runner |
//! |---|---|
//! | holds | goes on: its lines from the last one that was written |
//! | does not hold | is gone: its process group is seen to, its effect class decides |
//!
//! | standing | offers |
//! |---|---|
//! | `Open` | go to the runner |
//! | `Away` | wait for the next connection |
//! | `Closed` | are not begun: the daemon stops |
//! | `Inside` | are carried out by the daemon: the runner is of another version, or only asked for what it holds |

mod connect;
mod follow;
mod start;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use connect::PATIENCE;
use rpa_engine::{AttemptId, Outcome, StopReason};
use rpa_ipc::Fault;
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::Instant;

pub use connect::{Conversation, Plan};
pub use follow::Progress;

use super::build;
use super::wire::frames::Sender;
use super::wire::greeting::PROTOCOL;
use super::wire::{Batch, Held, Offer, Order, Report};
use super::work::Halt;
use crate::runlog::Logs;

/// Pause after a runner could not be reached; it grows to the longest.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Cheap to clone; all clones are one.
#[derive(Clone, Debug)]
pub struct Link {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    plan: Plan,
    logs: Arc<Logs>,
    state: Mutex<State>,
    standing: watch::Sender<Standing>,
    /// Told when a connection has ended for good.
    over: Notify,
    runtime: Handle,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Open,
    Away,
    Inside,
    Closed,
}

#[derive(Debug, Default)]
struct State {
    orders: Option<mpsc::UnboundedSender<Order>>,
    /// Attempts that the runner has, or has had, until their end is confirmed.
    ours: HashMap<AttemptId, Ours>,
    runner: Option<Present>,
    /// Why there is no runner.
    fault: Option<Fault>,
    /// The runner has been told to begin nothing more.
    retired: bool,
    /// The daemon stops: no other runner is started.
    closing: bool,
}

/// The runner at the other end.
#[derive(Clone, Debug)]
pub struct Present {
    pub pid: u32,
    pub release: String,
}

#[derive(Debug)]
enum Ours {
    Followed(mpsc::UnboundedSender<Piece>),
    /// Its end has come and is not confirmed.
    Ended,
}

/// News of one attempt.
#[derive(Debug)]
enum Piece {
    Lines(Arc<Batch>),
    Ended(Outcome),
    /// Another connection, and the runner holds it.
    Resumed,
    /// Another connection, and the runner does not hold it.
    Gone,
}

/// What `rpa status` says of the runner.
#[derive(Clone, Debug)]
pub struct View {
    pub present: Option<Present>,
    pub fault: Option<Fault>,
    pub held: usize,
    pub takes_offers: bool,
}

/// Whether an attempt was taken by the runner.
#[derive(Debug)]
pub enum Taken {
    Ended(Outcome),
    /// The runner does not have it any more, and nobody saw how it ended.
    Gone,
    /// It is to be carried out inside.
    Inside(Box<Offer>),
    /// It was told to stop before any runner had it.
    NotBegun,
}

impl Link {
    /// Looks for the runner, or starts one. [`Link::keep`] goes on with what it gives.
    pub async fn open(plan: Plan, logs: Arc<Logs>) -> Result<(Link, Conversation), Fault> {
        let mut first = plan.connect(PATIENCE).await?;
        let is_idle = first.held.is_empty() && plan.offers;
        if is_idle && (first.welcome.build != build::id() || first.welcome.protocol != PROTOCOL) {
            // it does nothing: this is the moment to have one of our own build
            tracing::info!(pid = first.welcome.pid, "a runner of another build is replaced");
            first = replace(&plan, first).await?;
        }
        let shared = Shared {
            plan,
            logs,
            state: Mutex::default(),
            standing: watch::Sender::new(Standing::Away),
            over: Notify::new(),
            runtime: Handle::current(),
        };
        Ok((Link { shared: Arc::new(shared) }, first))
    }

    /// Keeps a connection from now on. What the first one holds has been followed.
    pub fn keep(&self, first: Conversation) {
        let link = self.clone();
        self.shared.runtime.spawn(async move {
            let mut next = Some(first);
            let mut pause = Duration::ZERO;
            loop {
                let talk = match next.take() {
                    Some(talk) => Ok(talk),
                    None => link.shared.plan.connect(Duration::ZERO).await,
                };
                let began = Instant::now();
                match talk {
                    Ok(talk) => link.talk(talk).await,
                    Err(fault) => {
                        // said once, and not with each look for another one
                        if link.state().fault.replace(fault.clone()).as_ref() != Some(&fault) {
                            tracing::error!(code = %fault.code, "{}", fault.message);
                        }
                    }
                }
                // the next one at once, unless this one was none
                if began.elapsed() > LONGEST_PAUSE {
                    pause = Duration::ZERO;
                }
                if link.is_over() {
                    link.stand(Standing::Inside);
                    link.shared.over.notify_waiters();
                    return;
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).clamp(PAUSE, LONGEST_PAUSE);
            }
        });
    }

    /// Hands an attempt to the runner and stays with it to its end.
    /// `outside` is called as soon as a runner may have it.
    pub async fn carry_out(&self, offer: Offer, halt: &Halt, outside: impl FnOnce()) -> Taken {
        let id = offer.attempt.clone();
        let mut offer = Box::new(offer);
        let mut standing = self.shared.standing.subscribe();
        let pieces = loop {
            let known = *standing.borrow_and_update();
            match known {
                Standing::Inside => return Taken::Inside(offer),
                Standing::Closed => return Taken::NotBegun,
                Standing::Open => match self.offer(offer) {
                    Ok(pieces) => break pieces,
                    // the connection broke this moment
                    Err(back) => offer = back,
                },
                Standing::Away => {}
            }
            tokio::select! {
                biased;
                _ = halt.ordered() => return Taken::NotBegun,
                changed = standing.changed() => if changed.is_err() { return Taken::NotBegun },
            }
        };
        outside();
        self.follow(&id, pieces, halt, Progress::default()).await
    }

    /// Takes over an attempt that the runner holds, before [`Link::keep`].
    pub fn adopt(&self, held: &Held) -> Following {
        let (sender, pieces) = mpsc::unbounded_channel();
        self.state().ours.insert(held.attempt.clone(), Ours::Followed(sender));
        Following { attempt: held.attempt.clone(), pieces }
    }

    /// Stays with an attempt that was taken over.
    pub async fn resume(&self, following: Following, halt: &Halt, progress: Progress) -> Taken {
        self.follow(&following.attempt, following.pieces, halt, progress).await
    }

    /// The end of the attempt is durable: the runner can forget it.
    pub fn confirm(&self, id: &AttemptId) {
        let mut state = self.state();
        state.ours.remove(id);
        state.send(Order::Confirm { attempt: id.clone() });
    }

    /// Attempts that wait for a connection are not begun any more.
    pub fn begin_no_more(&self) {
        self.shared.standing.send_replace(Standing::Closed);
    }

    /// Tells the runner to end when it holds nothing more, and waits until it has.
    pub async fn retire(&self, patience: Duration) {
        let over = self.shared.over.notified();
        tokio::pin!(over);
        over.as_mut().enable();
        {
            let mut state = self.state();
            state.closing = true;
            state.retired = true;
            if state.orders.is_none() {
                return;
            }
            state.send(Order::Retire);
        }
        if tokio::time::timeout(patience, over).await.is_err() {
            tracing::warn!("the runner has not ended yet");
        }
    }

    /// Whether the runner goes on when this daemon ends.
    pub fn is_kept(&self) -> bool {
        self.shared.plan.offers
    }

    pub fn view(&self) -> View {
        let state = self.state();
        View {
            present: state.runner.clone(),
            fault: state.fault.clone(),
            held: state.ours.len(),
            takes_offers: *self.shared.standing.borrow() == Standing::Open,
        }
    }

    /// Registers and sends an offer; gives it back when there is nobody to take it.
    fn offer(&self, offer: Box<Offer>) -> Result<mpsc::UnboundedReceiver<Piece>, Box<Offer>> {
        let mut state = self.state();
        if state.orders.is_none() || state.retired {
            return Err(offer);
        }
        let (sender, pieces) = mpsc::unbounded_channel();
        state.ours.insert(offer.attempt.clone(), Ours::Followed(sender));
        state.send(Order::Offer(offer));
        Ok(pieces)
    }

    /// One connection, from its first message to its end.
    async fn talk(&self, talk: Conversation) {
        let Conversation { welcome, held, sender, mut receiver, child } = talk;
        let (orders, mut waiting) = mpsc::unbounded_channel();
        self.begin(&welcome, orders, &held);
        let mut writer = self.shared.runtime.spawn(async move { send(&mut waiting, sender).await });
        loop {
            tokio::select! {
                report = receiver.next::<Report>() => match report {
                    Ok(Some(report)) => self.take(report),
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(%error, "the runner cannot be understood");
                        break;
                    }
                },
                _ = &mut writer => break,
            }
        }
        writer.abort();
        let mut state = self.state();
        state.orders = None;
        let lost = state.ours.len();
        let (retired, pid) = (state.retired, welcome.pid);
        state.runner = None;
        drop(state);
        self.stand(Standing::Away);
        match retired && lost == 0 {
            true => tracing::info!(pid, "the runner has ended"),
            false => tracing::warn!(pid, attempts = lost, "the runner has gone"),
        }
        if let Some(mut child) = child {
            // reaped whenever it ends
            self.shared.runtime.spawn(async move { child.wait().await });
        }
    }

    /// A connection begins: what each attempt has to know.
    fn begin(
        &self,
        welcome: &super::wire::greeting::Welcome,
        orders: mpsc::UnboundedSender<Order>,
        held: &[Held],
    ) {
        let is_equal = welcome.protocol == PROTOCOL;
        let offers = self.shared.plan.offers && is_equal;
        let mut state = self.state();
        state.orders = Some(orders);
        state.fault = None;
        state.retired = !offers;
        state.runner = Some(Present { pid: welcome.pid, release: welcome.release.clone() });
        for held in held {
            match state.ours.get(&held.attempt) {
                Some(Ours::Followed(pieces)) => _ = pieces.send(Piece::Resumed),
                Some(Ours::Ended) => {}
                None => state.turn_away(held),
            }
        }
        let held: BTreeSet<&AttemptId> = held.iter().map(|held| &held.attempt).collect();
        state.ours.retain(|id, ours| match ours {
            Ours::Followed(pieces) if !held.contains(id) => {
                let _ = pieces.send(Piece::Gone);
                false
            }
            Ours::Followed(_) | Ours::Ended => true,
        });
        if !offers {
            if self.shared.plan.offers {
                tracing::warn!(
                    pid = welcome.pid,
                    release = welcome.release,
                    attempts = held.len(),
                    "the runner is of another version: it is let come to its end; until then \
                     steps run inside the daemon"
                );
            }
            state.send(Order::Retire);
        }
        drop(state);
        tracing::info!(pid = welcome.pid, attempts = held.len(), "connected to the runner");
        self.stand(if offers { Standing::Open } else { Standing::Inside });
    }

    fn take(&self, report: Report) {
        let mut state = self.state();
        match report {
            Report::Held(_) => tracing::error!("the runner said twice what it holds"),
            Report::Lines(batch) => match state.ours.get(&batch.attempt) {
                Some(Ours::Followed(pieces)) => _ = pieces.send(Piece::Lines(batch)),
                // of an attempt that was turned away: nobody's lines
                Some(Ours::Ended) | None => {
                    let (attempt, lines) = (batch.attempt.clone(), batch.last());
                    state.send(Order::Ack { attempt, lines, mark: 0 });
                }
            },
            Report::Ended { attempt, outcome } => {
                match state.ours.get_mut(&attempt) {
                    Some(ours @ Ours::Followed(_)) => {
                        let followed = std::mem::replace(ours, Ours::Ended);
                        if let Ours::Followed(pieces) = followed {
                            let _ = pieces.send(Piece::Ended(outcome));
                        }
                    }
                    Some(Ours::Ended) => {}
                    None => state.send(Order::Confirm { attempt }),
                };
            }
            Report::Retiring => {
                state.retired = true;
                drop(state);
                // of its own will: the next one takes what waits
                if *self.shared.standing.borrow() == Standing::Open {
                    self.stand(Standing::Away);
                }
            }
        }
    }

    fn send(&self, order: Order) {
        self.state().send(order);
    }

    fn stand(&self, standing: Standing) {
        let standing = match self.shared.plan.offers {
            true => standing,
            false => Standing::Inside,
        };
        self.shared.standing.send_if_modified(|now| {
            // closed is for good
            *now != Standing::Closed && std::mem::replace(now, standing) != standing
        });
    }

    /// Whether no further connection is wanted.
    fn is_over(&self) -> bool {
        let state = self.state();
        state.closing || (!self.shared.plan.offers && state.ours.is_empty())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // valid between statements, whoever panicked
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An attempt that was taken over, before anybody stays with it.
#[derive(Debug)]
pub struct Following {
    attempt: AttemptId,
    pieces: mpsc::UnboundedReceiver<Piece>,
}

impl State {
    /// Without a connection the order is not needed: the next one begins with what is
    /// held.
    fn send(&mut self, order: Order) {
        if let Some(orders) = &self.orders {
            let _ = orders.send(order);
        }
    }

    /// An attempt that the runner holds and nobody here knows.
    fn turn_away(&mut self, held: &Held) {
        let attempt = held.attempt.clone();
        if held.ended {
            return self.send(Order::Confirm { attempt });
        }
        tracing::warn!(%attempt, "the runner works on a step that nobody waits for: it is ended");
        self.send(Order::Stop { attempt: attempt.clone(), why: StopReason::Cancel });
        self.send(Order::Ack { attempt, lines: held.lines, mark: held.mark });
    }
}

/// Has a runner that holds nothing end, and starts another.
async fn replace(plan: &Plan, mut old: Conversation) -> Result<Conversation, Fault> {
    let ended = async {
        old.sender.feed(&Order::Retire).await?;
        old.sender.flush().await?;
        while old.receiver.next::<Report>().await?.is_some() {}
        std::io::Result::Ok(())
    };
    // one that does not end is found by the next connection
    let _ = tokio::time::timeout(LONGEST_PAUSE, ended).await;
    plan.connect(PATIENCE).await
}

/// Writes orders, all that wait in one go.
async fn send<W: tokio::io::AsyncWrite + Unpin>(
    orders: &mut mpsc::UnboundedReceiver<Order>,
    mut sender: Sender<W>,
) -> std::io::Result<()> {
    while let Some(order) = orders.recv().await {
        sender.feed(&order).await?;
        while let Ok(order) = orders.try_recv() {
            sender.feed(&order).await?;
        }
        sender.flush().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
