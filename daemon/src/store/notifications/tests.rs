//! Rows, their places in the index and the counts change together.

use std::collections::BTreeSet;

use rpa_engine::actor::Origin;

use super::super::Store;
use super::*;

fn row(namespace: Option<u32>, what: What) -> NotificationRow {
    NotificationRow {
        id: 0,
        namespace: namespace.map(NamespaceId),
        subject: Subject::default(),
        what,
        count: 1,
        mended: 0,
        failed: Vec::new(),
        first_ms: 1,
        last_ms: 1,
        acknowledged: None,
        settled: None,
    }
}

fn add(store: &Store, before: Option<u64>, new: NotificationRow) -> u64 {
    let mut new = new;
    store.transact(|tables| tables.add_notification(before, &mut new)).unwrap()
}

fn by_ana(row: NotificationRow) -> NotificationRow {
    let acknowledged = Some(seen(&Actor { who: "ana".into(), origin: Origin::Cli }, 5));
    NotificationRow { acknowledged, ..row }
}

fn unfinished(store: &Store, namespace: u32) -> (u64, u64) {
    let counts = store.read().unwrap().notification_counts().unwrap();
    let Unfinished { unread, open } = counts.shown_in(Some(NamespaceId(namespace)));
    (unread, open)
}

/// Numbers that are shown, the newest first.
fn shown(store: &Store, namespace: u32, standings: &[Standing], before: u64) -> Vec<u64> {
    let reader = store.read().unwrap();
    let found = reader.notifications_shown(Some(NamespaceId(namespace)), standings, before);
    let numbers = found.unwrap().map(|entry| {
        let (number, standing, row) = entry.unwrap();
        assert_eq!(row.unwrap().standing(), standing);
        number
    });
    numbers.collect()
}

#[test]
fn one_that_happens_again_keeps_its_id_and_becomes_the_newest() {
    let store = Store::in_memory();
    let first = add(&store, None, row(Some(1), What::SlotSkipped));
    let second = add(&store, None, row(None, What::DiskLow));
    assert_eq!((unfinished(&store, 1), unfinished(&store, 2)), ((2, 2), (1, 1)));
    let again = NotificationRow { id: first, count: 2, ..row(Some(1), What::SlotSkipped) };
    let third = add(&store, Some(first), again);
    let reader = store.read().unwrap();
    let rows: Vec<_> = reader.notifications().unwrap().map(Result::unwrap).collect();
    let rows: Vec<_> = rows.into_iter().map(|(number, row)| (number, row.unwrap())).collect();
    let told: Vec<_> = rows.iter().map(|(number, row)| (*number, row.id, row.count)).collect();
    assert_eq!(told, [(third, first, 2), (second, second, 1)]);
    assert_eq!(unfinished(&store, 1), (2, 2));
    let seen = by_ana(rows[1].1.clone());
    store.transact(|tables| tables.put_notification(second, &seen)).unwrap();
    assert_eq!(unfinished(&store, 1), (1, 2), "the disk is still low");
    let all = BTreeSet::from([first, second, 77]);
    let found = store.transact(|tables| tables.notifications_of(&all)).unwrap();
    assert_eq!(found.iter().map(|(_, row)| row.id).collect::<Vec<_>>(), [second, first]);
    let one = BTreeSet::from([first]);
    let found = store.transact(|tables| tables.notifications_of(&one)).unwrap().remove(0);
    assert_eq!(found.0, third);
}

#[test]
fn a_page_is_put_together_from_the_lists_that_it_has() {
    let store = Store::in_memory();
    let own = add(&store, None, row(Some(1), What::SlotSkipped));
    let other = add(&store, None, row(Some(2), What::SlotSkipped));
    let disk = add(&store, None, row(None, What::DiskLow));
    let newest = add(&store, None, row(Some(1), What::DeliveryDropped));
    let all = [Standing::Unread, Standing::Open, Standing::Done];
    let unread = [Standing::Unread];
    assert_eq!(shown(&store, 1, &all, u64::MAX), [newest, disk, own]);
    assert_eq!(shown(&store, 2, &all, u64::MAX), [disk, other]);
    assert_eq!(shown(&store, 1, &unread, newest), [disk, own]);
    for (number, of) in [(own, row(Some(1), What::SlotSkipped)), (disk, row(None, What::DiskLow))] {
        let seen = by_ana(NotificationRow { id: number, ..of });
        store.transact(|tables| tables.put_notification(number, &seen)).unwrap();
    }
    assert_eq!(shown(&store, 1, &unread, u64::MAX), [newest]);
    assert_eq!(shown(&store, 1, &[Standing::Unread, Standing::Open], u64::MAX), [newest, disk]);
    assert_eq!(shown(&store, 1, &all, u64::MAX), [newest, disk, own]);
    store.transact(|tables| tables.remove_notification(newest)).unwrap();
    assert_eq!(shown(&store, 1, &all, u64::MAX), [disk, own]);
    assert_eq!(unfinished(&store, 1), (0, 1));
}
