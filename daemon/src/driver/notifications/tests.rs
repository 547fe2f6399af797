//! What is kept, what goes, and what cannot be read.

use std::collections::BTreeSet;

use rpa_engine::actor::{Actor, Origin};
use rpa_engine::notification::{Kind, Settled, Standing, What};
use rpa_engine::{Label, RunId, WorkflowRef};

use super::alike::Alike;
use super::known::Known;
use super::tell::{settle, tell};
use super::{Acknowledgement, Happening, NOTIFICATIONS_AT_ONCE};
use crate::driver::faults::Town;
use crate::driver::{Answer, Errand, Message, Outbox};
use crate::store::{
    MOST_NOTIFICATIONS, NamespaceId, NotificationRow, Store, Subject, Tables, seen,
};

fn default() -> Label {
    "default".parse().unwrap()
}

fn ana() -> Actor {
    Actor { who: "ana".into(), origin: Origin::Cli }
}

/// About a workflow of its own, so that no two are alike.
fn told(of: usize, what: What) -> Happening {
    let namespace = default();
    let name = format!("w{of}").parse().unwrap();
    let workflow = Some(WorkflowRef { namespace: namespace.clone(), name });
    let subject = Subject { workflow, run: Some(RunId(of as u128)), ..Subject::default() };
    Happening { namespace: Some((NamespaceId(0), namespace)), subject, what, count: 1 }
}

fn asks() -> What {
    What::ApprovalWaiting { message: "Pay?".into(), until_ms: None }
}

/// A store, and what is known of it.
struct Book {
    store: Store,
    known: Known,
}

impl Book {
    fn new() -> Book {
        Book { store: Store::in_memory(), known: Known::default() }
    }

    /// All of it in one transaction.
    fn tell(&mut self, all: impl IntoIterator<Item = Happening>) {
        let known = &mut self.known;
        let work = |tables: &mut Tables<'_>| {
            all.into_iter().try_for_each(|one| tell(known, tables, 1, one, &mut Outbox::default()))
        };
        self.store.transact(work).unwrap();
    }

    fn see(&mut self, number: u64) {
        let known = &mut self.known;
        let work = |tables: &mut Tables<'_>| {
            let mut row = tables.notification(number)?.unwrap()?;
            row.acknowledged = Some(seen(&ana(), 2));
            tables.put_notification(number, &row)?;
            known.remember(number, &row);
            Ok(())
        };
        self.store.transact(work).unwrap();
    }

    /// The newest first.
    fn rows(&self) -> Vec<(u64, NotificationRow)> {
        let reader = self.store.read().unwrap();
        let rows = reader.notifications().unwrap();
        rows.map(|entry| entry.map(|(number, row)| (number, row.unwrap())).unwrap()).collect()
    }

    fn numbers(&self) -> BTreeSet<u64> {
        self.rows().into_iter().map(|(number, _)| number).collect()
    }

    fn dropped(&self) -> Option<NotificationRow> {
        let mut rows = self.rows().into_iter().map(|(_, row)| row);
        rows.find(|row| row.kind() == Kind::NotificationsDropped)
    }
}

#[test]
fn what_is_done_goes_first_and_what_nobody_has_seen_is_told_to_have_gone() {
    let mut book = Book::new();
    // what stands is the oldest, and beside what is counted
    book.tell((1..=3).map(|of| told(of, asks())));
    book.tell((1..=MOST_NOTIFICATIONS).map(|of| told(of, What::SlotSkipped)));
    assert_eq!(
        (book.rows().len(), book.dropped()),
        (MOST_NOTIFICATIONS + 3, None),
        "all that are kept"
    );
    book.see(2);
    book.see(100);
    book.see(200);
    book.tell((1..=2).map(|of| told(of, What::DeliveryDropped)));
    assert!(book.dropped().is_none(), "what was seen has gone for them");
    let left = book.numbers();
    assert!(!left.contains(&100) && !left.contains(&200));
    assert!(left.is_superset(&(1..100).collect()), "what nobody has seen, and what stands");

    book.tell([told(3, What::DeliveryDropped)]);
    let dropped = book.dropped().expect("it is told");
    assert_eq!((dropped.count, dropped.standing()), (1, Standing::Unread));
    let left = book.numbers();
    assert!(!left.contains(&4), "the oldest that merely happened");
    assert!(left.is_superset(&(1..=3).collect()), "approvals that wait, one of them seen");
    // each further one costs one, and the row that tells of them cost one
    book.tell((4..=9).map(|of| told(of, What::DeliveryDropped)));
    assert_eq!(book.dropped().expect("one").count, 1 + 1 + 6);
    let counts = book.store.read().unwrap().notification_counts().unwrap();
    assert_eq!(counts.all, MOST_NOTIFICATIONS as u64 + 3);

    // what has ended may go
    let ended = Alike {
        namespace: Some(NamespaceId(0)),
        kind: Kind::ApprovalWaiting,
        of: RunId(1).to_string(),
    };
    let known = &mut book.known;
    let work = |tables: &mut Tables<'_>| {
        settle(known, tables, 3, &ended, Settled::Decided, &mut Outbox::default())
    };
    book.store.transact(work).unwrap();
    book.tell([told(10, What::DeliveryDropped)]);
    assert_eq!(book.dropped().expect("one").count, 9);
    let left = book.numbers();
    assert!(!left.contains(&1) && left.is_superset(&BTreeSet::from([2, 3])));
    // and a start finds the same
    let read = book.store.transact(|tables| Known::read(tables)).unwrap();
    assert_eq!(read.surplus(), book.known.surplus());
}

#[test]
fn all_that_is_old_goes_in_one_pass_however_much_of_it_stands() {
    let mut town = Town::new(1);
    town.store
        .transact(|tables| {
            let mut known = Known::default();
            let standing = (0..600).map(|of| told(of, What::TriggerPaused { failures: 1 }));
            let happened = (0..700).map(|of| told(of, What::SlotSkipped));
            for one in standing.chain(happened) {
                tell(&mut known, tables, 10, one, &mut Outbox::default())?;
            }
            tell(&mut known, tables, 50, told(1, What::DeliveryDropped), &mut Outbox::default())
        })
        .unwrap();
    town.recover().unwrap();
    let old = town.store.read().unwrap().old_notifications(50).unwrap();
    assert_eq!(old.len(), 700);
    for numbers in old.chunks(NOTIFICATIONS_AT_ONCE) {
        let errand = Errand::Notifications { before_ms: 50, numbers: numbers.to_vec() };
        assert!(matches!(
            town.turn(vec![Message::Errand(errand)]).unwrap()[..],
            [Ok(Answer::Done)]
        ));
    }
    let reader = town.store.read().unwrap();
    assert_eq!(reader.notification_counts().unwrap().all, 601);
    assert_eq!(reader.old_notifications(51).unwrap().len(), 1, "what happened later stays");
}

#[test]
fn one_that_cannot_be_read_is_set_aside_until_somebody_has_seen_that() {
    let mut town = Town::new(1);
    let first = town.store.transact(|tables| {
        let mut known = Known::default();
        for of in 1..=3 {
            tell(&mut known, tables, 10, told(of, What::SlotSkipped), &mut Outbox::default())?;
        }
        let first = tables.notifications_from(0, 1)?[0].0;
        tables.spoil_notification(first + 1)?;
        Ok(first)
    });
    let spoilt = first.unwrap() + 1;
    town.recover().expect("the others are there");
    let ack = |ids: Option<Vec<u64>>| {
        Message::Acknowledge(Box::new(Acknowledgement {
            ids,
            namespace: default(),
            workflow: None,
            upto: u64::MAX,
            from: 0,
            by: ana(),
        }))
    };
    let mut acknowledged = |ids| match town.turn(vec![ack(ids)]).unwrap().remove(0) {
        Ok(Answer::Acknowledged { count, missing, next: None }) => (count, missing),
        other => panic!("{other:?}"),
    };
    // the others that are named are seen, whatever is not there
    assert_eq!(acknowledged(Some(vec![spoilt - 1, 4711])), (1, vec![4711]));
    assert_eq!(acknowledged(Some(vec![spoilt])), (1, vec![]));
    assert_eq!(acknowledged(Some(vec![spoilt])), (0, vec![spoilt]), "it is gone by that");
    assert_eq!(acknowledged(None), (1, vec![]));
    town.audit("a notification that could not be read was removed");
}
