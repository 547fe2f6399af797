//! The order in which slots are given, against the rule as it is written.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use proptest::prelude::*;

use super::*;

const RANKS: [Priority; 4] = Priority::ALL;

/// Asks for `slots` slots in this order, then releases held ones, oldest first, and
/// says who was given each.
fn order(slots: usize, asks: &[(u128, Priority)]) -> Vec<u128> {
    let mut table = Table::new(slots);
    let mut held = std::collections::VecDeque::new();
    for (run, priority) in asks {
        if table.ask(RunId(*run), *priority) == Asked::Held {
            held.push_back(RunId(*run));
        }
    }
    let mut order = Vec::new();
    while let Some(run) = held.pop_front() {
        if let Some((run, _)) = table.release(run) {
            held.push_back(run);
            order.push(run.0);
        }
    }
    assert_eq!((table.free, table.runs.len(), table.turns.len()), (slots, 0, 0));
    order
}

/// What it shows, how many slots, who asks in turn, who gets a slot in turn.
type Case<'a> = (&'a str, usize, &'a [(u128, Priority)], &'a [u128]);

#[test]
fn the_next_slot_goes_by_priority_then_by_share_then_by_age() {
    use Priority::{High, Low, Normal, Urgent};
    let n = |run| (run, Normal);
    let table: [Case<'_>; 6] = [
        ("first come, first served", 1, &[n(1), n(2), n(3), n(4)], &[2, 3, 4]),
        ("one run, in its order", 1, &[n(1), n(1), n(1)], &[1, 1]),
        ("urgent passes all", 1, &[n(1), n(1), n(1), (2, Urgent)], &[2, 1, 1]),
        ("every rank", 1, &[n(9), (1, Low), n(2), (3, High), (4, Urgent)], &[4, 3, 2, 1]),
        ("who holds less is first", 2, &[n(1), n(1), n(1), n(1), n(2)], &[2, 1, 1]),
        ("low waits, however little it holds", 2, &[n(1), n(1), (2, Low), n(1)], &[1, 2]),
    ];
    for (what, slots, asks, wanted) in table {
        assert_eq!(order(slots, asks), wanted, "{what}");
    }
}

#[test]
fn who_leaves_is_passed_over() {
    let mut table = Table::new(1);
    let (one, two) = (RunId(1), RunId(2));
    assert_eq!(table.ask(one, Priority::Normal), Asked::Held);
    let Asked::Waits(urgent) = table.ask(two, Priority::Urgent) else { panic!("it waits") };
    let Asked::Waits(next) = table.ask(one, Priority::Normal) else { panic!("it waits") };
    table.leave(two, urgent);
    table.leave(two, urgent);
    assert_eq!(table.release(one), Some((one, next)));
    assert_eq!(table.release(one), None);
    assert_eq!(table.ask(two, Priority::Low), Asked::Held);
}

#[test]
fn nothing_is_given_once_closed() {
    let mut table = Table::new(1);
    let (one, two) = (RunId(1), RunId(2));
    table.ask(one, Priority::Normal);
    table.ask(two, Priority::Normal);
    table.close();
    assert_eq!(table.ask(two, Priority::Urgent), Asked::Closed);
    assert_eq!(table.release(one), None);
    assert_eq!(table.ask(one, Priority::Urgent), Asked::Closed, "nor when one is free");
}

/// The rule as it is written, over a list: what the table must agree with.
#[derive(Default)]
struct Witness {
    held: Vec<u128>,
    waiting: Vec<(u128, Ticket)>,
}

impl Witness {
    fn held_by(&self, run: u128) -> usize {
        self.held.iter().filter(|r| **r == run).count()
    }

    fn next(&self) -> Option<usize> {
        let key = |(run, ticket): (u128, Ticket)| (Reverse(rank(run)), self.held_by(run), ticket);
        (0..self.waiting.len()).min_by_key(|at| key(self.waiting[*at]))
    }
}

fn rank(run: u128) -> Priority {
    RANKS[usize::try_from(run).unwrap() % RANKS.len()]
}

proptest! {
    /// Steps: (what, which); asks of twelve runs, three of each rank.
    #[test]
    fn the_table_keeps_the_rule(
        slots in 1usize..6,
        steps in prop::collection::vec((0u8..8, 0usize..12), 0..200),
    ) {
        let mut table = Table::new(slots);
        let mut witness = Witness::default();
        for (what, which) in steps {
            match what {
                0..=3 => {
                    let run = which as u128;
                    match table.ask(RunId(run), rank(run)) {
                        Asked::Held => witness.held.push(run),
                        Asked::Waits(ticket) => witness.waiting.push((run, ticket)),
                        Asked::Closed => prop_assert!(false, "it is open"),
                    }
                }
                4 if !witness.waiting.is_empty() => {
                    let (run, ticket) = witness.waiting.remove(which % witness.waiting.len());
                    table.leave(RunId(run), ticket);
                }
                5.. if !witness.held.is_empty() => {
                    let run = witness.held.remove(which % witness.held.len());
                    let wanted = witness.next().map(|at| witness.waiting.remove(at));
                    witness.held.extend(wanted.map(|(run, _)| run));
                    let got = table.release(RunId(run)).map(|(run, ticket)| (run.0, ticket));
                    prop_assert_eq!(got, wanted);
                }
                _ => {}
            }
            prop_assert_eq!(table.free, slots - witness.held.len());
            prop_assert!(table.free == 0 || witness.waiting.is_empty());
            let known: BTreeSet<u128> = witness.held.iter().copied()
                .chain(witness.waiting.iter().map(|(run, _)| *run)).collect();
            prop_assert_eq!(table.runs.len(), known.len(), "no run is kept that has nothing");
        }
    }
}

/// What a future says when it is looked at once.
fn look<T>(future: std::pin::Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn ready<T>(poll: Poll<T>) -> T {
    match poll {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it should have come"),
    }
}

#[test]
fn a_slot_given_back_goes_to_who_waits() {
    let slots = Slots::new(1);
    let first = ready(look(pin!(slots.acquire(RunId(1), Priority::Normal))));
    let mut late = pin!(slots.acquire(RunId(2), Priority::Normal));
    let mut urgent = pin!(slots.acquire(RunId(3), Priority::Urgent));
    assert!(look(late.as_mut()).is_pending());
    assert!(look(urgent.as_mut()).is_pending());
    drop(first);
    assert!(look(late.as_mut()).is_pending());
    drop(ready(look(urgent)));
    assert!(ready(look(late)).is_some());
}

#[test]
fn who_stops_to_wait_loses_no_slot() {
    let slots = Slots::new(1);
    let first = ready(look(pin!(slots.acquire(RunId(1), Priority::Normal))));
    {
        // one leaves before it was given a slot, one after, without having seen it
        let mut before = pin!(slots.acquire(RunId(2), Priority::Urgent));
        assert!(look(before.as_mut()).is_pending());
    }
    {
        let mut after = pin!(slots.acquire(RunId(3), Priority::Urgent));
        assert!(look(after.as_mut()).is_pending());
        drop(first);
    }
    let queue = slots.queue();
    assert_eq!((queue.table.free, queue.table.runs.len(), queue.waiting.len()), (1, 0, 0));
}

#[test]
fn closing_ends_the_wait() {
    let slots = Slots::new(1);
    let held = ready(look(pin!(slots.acquire(RunId(1), Priority::Normal))));
    let mut waits = pin!(slots.acquire(RunId(2), Priority::Urgent));
    assert!(look(waits.as_mut()).is_pending());
    slots.close();
    assert!(ready(look(waits)).is_none());
    drop(held);
    assert!(ready(look(pin!(slots.acquire(RunId(3), Priority::Urgent)))).is_none());
}

/// What goes on from an earlier daemon holds slots, more than there are if need be.
#[tokio::test]
async fn what_runs_already_holds_a_slot() {
    let slots = Slots::new(2);
    let (first, second) = (RunId(1), RunId(2));
    let taken: Vec<Slot> = (0..3).map(|_| slots.occupy(first, Priority::Normal)).collect();
    let mut waits = pin!(slots.acquire(second, Priority::Urgent));
    let mut context = Context::from_waker(Waker::noop());
    assert!(waits.as_mut().poll(&mut context).is_pending());
    let mut taken = taken.into_iter();
    // the first to come back is the one too many
    drop(taken.next());
    assert!(waits.as_mut().poll(&mut context).is_pending());
    drop(taken.next());
    assert!(matches!(waits.as_mut().poll(&mut context), Poll::Ready(Some(_))));
    drop(taken);
    assert_eq!(slots.queue().table.free, 2, "the last one and that of the second");
}
