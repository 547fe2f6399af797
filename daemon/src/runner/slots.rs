//! Who has a slot, and who gets the next one that is free.
//!
//! [`Table`] decides and knows nothing of threads; [`Slots`] lets attempts wait for
//! what it says. The next free slot goes to
//!
//! | | of the attempts that wait, those | so that |
//! |---|---|---|
//! | 1 | of the runs of the highest priority | `urgent` is what it says |
//! | 2 | of the run that holds the fewest slots now | a wide loop leaves room to others |
//! | 3 | which came first | nobody of equal right is overtaken |
//!
//! Priority is strict: while attempts of a higher one wait, none of a lower one
//! begins. A slot that is held is never taken away.
//!
//! | | a slot is free | none is free | closed |
//! |---|---|---|---|
//! | `ask` | held | waits | refused |
//! | `leave` | | waits no more | |
//! | `release` | one more is free | the next has it | one more is free |
//! | `occupy` | held | held: the next that comes back is not given on | as before |
//! | `close` | closed | closed, all that wait are refused | |

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rpa_engine::{Priority, RunId};
use tokio::sync::oneshot;

/// An attempt that waits; in the order in which they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Ticket(u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Held,
    Waits(Ticket),
    Closed,
}

/// The runs that hold slots or wait for one.
#[derive(Debug)]
struct Table {
    free: usize,
    /// Slots that are held beyond their number: of attempts that went on while the
    /// daemon was away, under another setting.
    over: usize,
    closed: bool,
    next: Ticket,
    runs: HashMap<RunId, Share>,
    /// The runs of which an attempt waits, the one whose turn it is first.
    turns: BTreeSet<Place>,
}

/// What one run has of the slots.
#[derive(Debug)]
struct Share {
    priority: Priority,
    held: usize,
    waiting: BTreeSet<Ticket>,
}

/// Where a run stands among those that wait: its fields, in this order, are the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    priority: Reverse<Priority>,
    held: usize,
    first: Ticket,
    run: RunId,
}

impl Table {
    fn new(slots: usize) -> Table {
        Table {
            free: slots,
            over: 0,
            closed: false,
            next: Ticket(0),
            runs: HashMap::new(),
            turns: BTreeSet::new(),
        }
    }

    fn ask(&mut self, run: RunId, priority: Priority) -> Asked {
        if self.closed {
            return Asked::Closed;
        }
        // a slot is free only when nobody waits
        if self.free > 0 {
            self.free -= 1;
            self.change(run, priority, |share| share.held += 1);
            return Asked::Held;
        }
        let ticket = self.next;
        self.next = Ticket(ticket.0 + 1);
        self.change(run, priority, |share| _ = share.waiting.insert(ticket));
        Asked::Waits(ticket)
    }

    /// An attempt runs already: it holds a slot, whether one is free or not.
    fn occupy(&mut self, run: RunId, priority: Priority) {
        match self.free.checked_sub(1) {
            Some(free) => self.free = free,
            None => self.over += 1,
        }
        self.change(run, priority, |share| share.held += 1);
    }

    /// Whoever waits with this ticket does not want the slot any more. Nothing when
    /// it has been given one.
    fn leave(&mut self, run: RunId, ticket: Ticket) {
        self.change_known(run, |share| _ = share.waiting.remove(&ticket));
    }

    /// A slot that the run holds comes back; who has it now, if anybody waits.
    fn release(&mut self, run: RunId) -> Option<(RunId, Ticket)> {
        self.change_known(run, |share| share.held = share.held.saturating_sub(1));
        if let Some(over) = self.over.checked_sub(1) {
            self.over = over;
            return None;
        }
        let Some(Place { run, first, .. }) = self.turns.first().copied() else {
            self.free += 1;
            return None;
        };
        self.change_known(run, |share| {
            share.waiting.remove(&first);
            share.held += 1;
        });
        Some((run, first))
    }

    /// Nobody waits any more, and nobody gets a slot.
    fn close(&mut self) {
        self.closed = true;
        self.turns.clear();
        self.runs.retain(|_, share| {
            share.waiting.clear();
            share.held > 0
        });
    }

    /// Changes what a run has, and its place with it.
    fn change(&mut self, run: RunId, priority: Priority, change: impl FnOnce(&mut Share)) {
        let none = || Share { priority, held: 0, waiting: BTreeSet::new() };
        let share = self.runs.entry(run).or_insert_with(none);
        let before = share.place(run);
        change(share);
        let after = share.place(run);
        let idle = share.held == 0 && share.waiting.is_empty();
        if before != after {
            before.map(|place| self.turns.remove(&place));
            self.turns.extend(after);
        }
        if idle {
            self.runs.remove(&run);
        }
    }

    fn change_known(&mut self, run: RunId, change: impl FnOnce(&mut Share)) {
        if let Some(priority) = self.runs.get(&run).map(|share| share.priority) {
            self.change(run, priority, change);
        }
    }
}

impl Share {
    fn place(&self, run: RunId) -> Option<Place> {
        let first = *self.waiting.first()?;
        Some(Place { priority: Reverse(self.priority), held: self.held, first, run })
    }
}

/// The slots of the runner. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Slots {
    queue: Arc<Mutex<Queue>>,
}

struct Queue {
    table: Table,
    /// How those who wait are told. The slot itself is sent: one that nobody
    /// receives any more gives itself back.
    waiting: BTreeMap<Ticket, oneshot::Sender<Slot>>,
}

/// The right to run one attempt; given back when dropped.
pub struct Slot {
    slots: Slots,
    run: RunId,
}

/// An attempt that waits; it stops to when dropped.
struct Waiting<'a> {
    slots: &'a Slots,
    run: RunId,
    ticket: Ticket,
    granted: oneshot::Receiver<Slot>,
}

impl Slots {
    pub fn new(slots: usize) -> Slots {
        let queue = Queue { table: Table::new(slots), waiting: BTreeMap::new() };
        Slots { queue: Arc::new(Mutex::new(queue)) }
    }

    /// Waits for a slot; `None` when there are no more to be had.
    pub async fn acquire(&self, run: RunId, priority: Priority) -> Option<Slot> {
        let mut waiting = {
            let mut queue = self.queue();
            let ticket = match queue.table.ask(run, priority) {
                Asked::Held => return Some(Slot { slots: self.clone(), run }),
                Asked::Closed => return None,
                Asked::Waits(ticket) => ticket,
            };
            let (grant, granted) = oneshot::channel();
            queue.waiting.insert(ticket, grant);
            Waiting { slots: self, run, ticket, granted }
        };
        (&mut waiting.granted).await.ok()
    }

    /// A slot for an attempt that runs already.
    pub fn occupy(&self, run: RunId, priority: Priority) -> Slot {
        self.queue().table.occupy(run, priority);
        Slot { slots: self.clone(), run }
    }

    /// Those who wait get none, and those who ask.
    pub fn close(&self) {
        let mut queue = self.queue();
        queue.table.close();
        queue.waiting.clear();
    }

    fn release(&self, run: RunId) {
        let next = {
            let mut queue = self.queue();
            queue.table.release(run).map(|(run, ticket)| (run, queue.waiting.remove(&ticket)))
        };
        // not under the lock: a slot that nobody receives comes straight back
        if let Some((run, grant)) = next {
            let slot = Slot { slots: self.clone(), run };
            drop(grant.map(|grant| grant.send(slot)));
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // nothing in here panics between two changes that belong together
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.slots.release(self.run);
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut queue = self.slots.queue();
        queue.table.leave(self.run, self.ticket);
        queue.waiting.remove(&self.ticket);
    }
}

#[cfg(test)]
mod tests;
