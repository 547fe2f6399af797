//! The lines and the end of one attempt, on their way to whichever daemon comes.
//!
//! ```text
//! task -> queue -> (file) -> flight -> daemon
//!                             `- until it is acknowledged
//! ```
//! | | a daemon takes the attempt | none does |
//! |---|---|---|
//! | a line comes | into flight, and off; waits while [`WINDOW`] is under way | into the queue; a full queue goes into the file |
//! | `ack` | leaves flight; the file, then the queue follow | begins to take it |
//! | the end | sent behind the last line | written with all lines, and synced |
//!
//! Files are read and written under the lock of the one attempt that they belong to,
//! and off the runtime.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rpa_engine::{AttemptId, Outcome, Priority};
use tokio::sync::{Notify, mpsc};

use super::super::wire::{Batch, Held, Line, Report};
use super::keep::{self, Keep, Kept};

/// Bytes of one attempt that may be under way to the daemon; and as much is queued in
/// memory while there is none.
pub const WINDOW: usize = 1024 * 1024;

/// Where reports of one connection go. Not bounded itself: of each attempt no more
/// than [`WINDOW`] and its end are under way.
pub type Reports = mpsc::UnboundedSender<Report>;

#[derive(Debug)]
pub struct Outlet {
    pub attempt: AttemptId,
    pub priority: Priority,
    instance: [u8; 16],
    path: PathBuf,
    /// Largest file in bytes. As much as the run's log may hold: what comes behind so
    /// many lines would not be kept there either.
    limit: u64,
    flow: Mutex<Flow>,
    /// Told when a task that waits with lines should look again.
    room: Notify,
}

#[derive(Debug, Default)]
struct Flow {
    reports: Option<Reports>,
    flight: Batches,
    /// How many batches of `flight` this daemon has been sent.
    sent: usize,
    keep: Option<Keep>,
    queue: Batches,
    /// The number of the last line that has come, and of the last one in flight.
    last: u64,
    flown: u64,
    acked: u64,
    mark: u64,
    end: Option<Outcome>,
    end_sent: bool,
    /// The end is on disk.
    kept: bool,
    /// The file takes nothing: lines wait in the task.
    stuck: bool,
    /// The daemon cannot write the run's log.
    deaf: Option<(bool, String)>,
}

/// Batches in order, and their size.
#[derive(Debug, Default)]
struct Batches {
    all: VecDeque<Arc<Batch>>,
    bytes: usize,
}

impl Batches {
    fn push(&mut self, batch: Arc<Batch>) {
        self.bytes += batch.size();
        self.all.push_back(batch);
    }

    fn pop(&mut self) -> Option<Arc<Batch>> {
        let batch = self.all.pop_front()?;
        self.bytes -= batch.size();
        Some(batch)
    }

    fn copy(&self) -> impl Iterator<Item = Arc<Batch>> {
        self.all.iter().cloned()
    }
}

/// What became of lines that a task has put.
enum Put {
    Taken,
    /// Taken, and the queue is to go into the file.
    Spill,
    Wait,
}

impl Outlet {
    pub fn new(
        dir: &std::path::Path,
        instance: [u8; 16],
        attempt: AttemptId,
        priority: Priority,
        limit: u64,
    ) -> Outlet {
        let path = keep::path(dir, &attempt);
        let (flow, room) = (Mutex::default(), Notify::new());
        Outlet { attempt, priority, instance, path, limit, flow, room }
    }

    /// Of an attempt that ended with an earlier runner.
    pub fn of_kept(dir: &std::path::Path, kept: Kept) -> Outlet {
        let Kept { instance, attempt, priority, outcome, lines, mark, keep } = kept;
        let outlet = Outlet::new(dir, instance, attempt, priority, 0);
        *outlet.flow() = Flow {
            keep: Some(keep),
            acked: lines,
            mark,
            end: Some(outcome),
            kept: true,
            ..Flow::default()
        };
        outlet
    }

    pub fn held(&self) -> Held {
        let flow = self.flow();
        Held {
            attempt: self.attempt.clone(),
            priority: self.priority,
            ended: flow.end.is_some(),
            lines: flow.acked,
            mark: flow.mark,
        }
    }

    pub fn has_ended(&self) -> bool {
        self.flow().end.is_some()
    }

    /// Whether losing this runner would lose nothing of the attempt.
    pub fn is_safe(&self) -> bool {
        self.flow().kept
    }

    /// Takes lines of the task; waits while there is no room for them.
    pub async fn put(self: &Arc<Outlet>, time_ms: u64, lines: Vec<Line>) -> io::Result<()> {
        let mut lines = lines;
        loop {
            let room = self.room.notified();
            tokio::pin!(room);
            room.as_mut().enable();
            match self.try_put(time_ms, &mut lines)? {
                Put::Taken => return Ok(()),
                Put::Spill => {
                    let outlet = self.clone();
                    return tokio::task::spawn_blocking(move || outlet.spill())
                        .await
                        .map_err(io::Error::other);
                }
                Put::Wait => room.await,
            }
        }
    }

    fn try_put(self: &Arc<Outlet>, time_ms: u64, lines: &mut Vec<Line>) -> io::Result<Put> {
        let mut flow = self.flow();
        if let Some((disk_full, why)) = &flow.deaf {
            return Err(match disk_full {
                true => io::Error::new(io::ErrorKind::StorageFull, why.clone()),
                false => io::Error::other(why.clone()),
            });
        }
        let is_behind = flow.has_file() || !flow.queue.all.is_empty();
        let waits = match flow.reports {
            Some(_) => is_behind || flow.flight.bytes >= WINDOW,
            None => flow.stuck && flow.queue.bytes >= WINDOW,
        };
        if waits {
            return Ok(Put::Wait);
        }
        let (first, lines) = (flow.last + 1, std::mem::take(lines));
        flow.last += lines.len() as u64;
        let batch = Batch { attempt: self.attempt.clone(), first, time_ms, lines };
        flow.queue.push(Arc::new(batch));
        if flow.reports.is_none() && flow.queue.bytes >= WINDOW {
            return Ok(Put::Spill);
        }
        self.advance(&mut flow);
        Ok(Put::Taken)
    }

    /// The attempt has come to its end; its last line was put.
    pub fn end(self: &Arc<Outlet>, outcome: Outcome) {
        let mut flow = self.flow();
        flow.end = Some(outcome);
        self.advance(&mut flow);
    }

    /// The daemon has so many lines. The first time on a connection it says by that
    /// that it takes the attempt, from there on.
    pub fn ack(self: &Arc<Outlet>, reports: &Reports, lines: u64, mark: u64) {
        let mut flow = self.flow();
        if lines >= flow.acked {
            (flow.acked, flow.mark) = (lines, mark);
        }
        let acked = flow.acked;
        while flow.flight.all.front().is_some_and(|batch| batch.last() <= acked) {
            flow.flight.pop();
            flow.sent = flow.sent.saturating_sub(1);
        }
        flow.reports.get_or_insert_with(|| reports.clone());
        flow.stuck = false;
        self.advance(&mut flow);
        drop(flow);
        self.room.notify_waiters();
    }

    /// As the first [`Outlet::ack`], for an attempt that the daemon has just offered.
    pub fn open(self: &Arc<Outlet>, reports: &Reports) {
        self.ack(reports, 0, 0);
    }

    /// The daemon has gone.
    pub fn close(&self) {
        let mut flow = self.flow();
        (flow.reports, flow.sent, flow.end_sent) = (None, 0, false);
        drop(flow);
        self.room.notify_waiters();
    }

    /// The run's log takes nothing: whoever puts lines is told.
    pub fn deafen(&self, disk_full: bool, why: String) {
        let mut flow = self.flow();
        flow.deaf = Some((disk_full, why));
        (flow.flight, flow.sent, flow.queue) = Default::default();
        if let Some(keep) = flow.keep.take() {
            flow.kept = false;
            keep.remove();
        }
        drop(flow);
        self.room.notify_waiters();
    }

    /// Whether there is an end and no daemon that takes it.
    pub fn is_to_be_kept(&self) -> bool {
        self.flow().is_to_be_kept()
    }

    /// Whether something of it is on disk.
    pub fn has_kept(&self) -> bool {
        self.flow().keep.is_some()
    }

    /// Puts the end on disk if there is one and no daemon that takes it. Blocks.
    pub fn keep_end(&self) -> io::Result<()> {
        let mut flow = self.flow();
        let flow = &mut *flow;
        let to_be_kept = flow.is_to_be_kept();
        let Some(outcome) = flow.end.as_ref().filter(|_| to_be_kept) else { return Ok(()) };
        let (older, newer) = (flow.flight.copy().collect(), flow.queue.copy().collect());
        let keep = match &mut flow.keep {
            Some(keep) => keep,
            none => none.insert(self.create()?),
        };
        keep.end(older, newer, outcome, flow.acked, flow.mark)?;
        flow.kept = true;
        Ok(())
    }

    /// The attempt is forgotten. Blocks.
    pub fn discard(&self) {
        if let Some(keep) = self.flow().keep.take() {
            keep.remove();
        }
    }

    /// Puts what is queued into the file. Blocks.
    fn spill(&self) {
        let mut flow = self.flow();
        let flow = &mut *flow;
        if flow.reports.is_some() {
            return;
        }
        let spilled = match &mut flow.keep {
            Some(keep) => Ok(keep),
            none => self.create().map(|keep| none.insert(keep)),
        };
        let batches: Vec<_> = flow.queue.copy().collect();
        let spilled = spilled.and_then(|keep| match keep.bytes() {
            bytes if bytes >= self.limit => Ok(()),
            _ => keep.spill(batches),
        });
        match spilled {
            Ok(()) => flow.queue = Batches::default(),
            Err(error) => {
                flow.stuck = true;
                tracing::error!(attempt = %self.attempt, %error, "lines cannot be kept on disk: the step waits for a daemon");
            }
        }
    }

    fn create(&self) -> io::Result<Keep> {
        Keep::create(&self.path, self.instance, &self.attempt, self.priority)
    }

    /// Sends what may be sent now.
    fn advance(self: &Arc<Outlet>, flow: &mut Flow) {
        let Some(reports) = flow.reports.clone() else { return };
        loop {
            while let Some(batch) = flow.flight.all.get(flow.sent) {
                // a connection that has broken is closed before long
                let _ = reports.send(Report::Lines(batch.clone()));
                flow.sent += 1;
            }
            if flow.flight.bytes >= WINDOW {
                return;
            }
            if flow.has_file() {
                // comes back here when it has read
                self.refill();
                return;
            }
            match flow.queue.pop() {
                Some(batch) => flow.fly(batch),
                None => break,
            }
        }
        if let Some(outcome) = flow.end.as_ref().filter(|_| !flow.end_sent) {
            let (attempt, outcome) = (self.attempt.clone(), outcome.clone());
            let _ = reports.send(Report::Ended { attempt, outcome });
            flow.end_sent = true;
        }
    }

    /// Brings the next lines from the file into flight.
    fn refill(self: &Arc<Outlet>) {
        let outlet = self.clone();
        tokio::task::spawn_blocking(move || {
            let mut flow = outlet.flow();
            if flow.reports.is_none() || flow.flight.bytes >= WINDOW {
                return;
            }
            let next = flow.keep.as_mut().map_or(Ok(Vec::new()), Keep::next);
            match next {
                Ok(batches) => batches.into_iter().for_each(|batch| flow.fly(batch)),
                Err(error) => {
                    tracing::error!(attempt = %outlet.attempt, %error, "lines that were kept on disk are lost");
                }
            }
            outlet.advance(&mut flow);
            drop(flow);
            outlet.room.notify_waiters();
        });
    }

    fn flow(&self) -> MutexGuard<'_, Flow> {
        // valid between statements, whoever panicked
        self.flow.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flow {
    fn is_to_be_kept(&self) -> bool {
        self.end.is_some() && self.reports.is_none() && !self.kept
    }

    fn has_file(&self) -> bool {
        self.keep.as_ref().is_some_and(Keep::has_more)
    }

    /// Puts a batch into flight, but for lines that have been there or are known.
    fn fly(&mut self, batch: Arc<Batch>) {
        let known = self.acked.max(self.flown);
        if batch.last() <= known {
            return;
        }
        self.flown = batch.last();
        let batch = match batch.first <= known {
            true => Arc::new(Arc::unwrap_or_clone(batch).behind(known)),
            false => batch,
        };
        self.flight.push(batch);
    }
}
