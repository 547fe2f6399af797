//! Ledgers of several triggers in one list.

use rpa_engine::RunId;
use rpa_engine::trigger::delivery::{Outcome, Unwanted};
use rpa_engine::trigger::{Fate, How, Manual, Missed, ScheduleState, Source};

use super::*;
use crate::store::{DeliveryRow, SlotRow, Store, TriggerRow, TriggerState};

const HOUR: u64 = 3_600_000;
const LONG: Duration = Duration::from_secs(60);

fn default() -> Label {
    "default".parse().unwrap()
}

fn key(tables: &mut crate::store::Tables<'_>, workflow: &str, trigger: &str) -> TriggerKey {
    let namespace = tables.namespace(&default()).unwrap();
    TriggerKey { namespace, workflow: workflow.parse().unwrap(), trigger: trigger.parse().unwrap() }
}

/// `report/often` fires each hour, `report/rare` each 24, and every second one is missed;
/// `hooks/pushed` has something delivered each 6 hours, with a clock that was once set back.
fn store() -> Store {
    let store = Store::in_memory();
    let made = store.transact(|tables| {
        for (trigger, every) in [("often", HOUR), ("rare", 24 * HOUR)] {
            let key = key(tables, "report", trigger);
            let mut row =
                TriggerRow::new(&Source::Manual(Manual { who: vec![], variables: None }), 0);
            row.state = TriggerState::Schedule(ScheduleState::armed(100 * 24 * HOUR));
            for n in 1..=(60 * HOUR / every) {
                let (at_ms, run) = (n * every, RunId(u128::from(n)));
                let fate = match n % 2 {
                    0 => Fate::Missed(Missed::Down),
                    _ => Fate::Fired { run, how: How::InTime, by_ms: 0 },
                };
                let slot = SlotRow { fate, decided_ms: at_ms };
                tables.put_slot(&key, &mut row, at_ms, &slot)?;
            }
            tables.put_trigger(&key, &row)?;
        }
        let key = key(tables, "hooks", "pushed");
        let mut row = TriggerRow::new(&Source::Manual(Manual { who: vec![], variables: None }), 0);
        for number in 1..=10 {
            // the fifth came before the fourth, as it seems
            let at_ms = if number == 5 { 2 * HOUR } else { number * 6 * HOUR };
            let (what, outcome) = ("push to Main".into(), Outcome::Skipped(Unwanted::Condition));
            let delivery =
                DeliveryRow { at_ms, what, outcome, decided_ms: at_ms, hops: 0, data: None };
            tables.put_delivery(&key, &mut row, number, &delivery)?;
        }
        tables.put_trigger(&key, &row)
    });
    made.unwrap();
    store
}

fn query() -> LedgerQuery {
    LedgerQuery::of(default())
}

/// All pages of so many rows; `looking` is the time for each.
fn pages(store: &Store, query: &LedgerQuery, most: usize, looking: Duration) -> Vec<LedgerView> {
    let reader = store.read().unwrap();
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let (namespace, wanted) = wanted(LedgerQuery { cursor, ..query.clone() }).unwrap();
        let found = page(&reader, &namespace, &wanted, most, looking).unwrap();
        assert!(found.items.len() <= most);
        all.extend(found.items);
        cursor = found.next;
        if cursor.is_none() {
            return all;
        }
    }
}

fn at_ms(view: &LedgerView) -> u64 {
    match &view.reached {
        Reached::Slot(slot) => slot.slot_ms,
        Reached::Delivery(delivery) => delivery.at_ms,
    }
}

#[test]
fn all_of_it_comes_once_and_in_order_however_long_the_pages_are() {
    let store = store();
    let whole = pages(&store, &query(), 500, LONG);
    assert_eq!(whole.len(), 60 + 2 + 10);
    let seems: Vec<u64> = whole.iter().map(at_ms).filter(|at| *at != 2 * HOUR).collect();
    assert!(seems.is_sorted_by(|a, b| a >= b), "{seems:?}");
    let place = |number: u64| {
        let is = |view: &LedgerView| match &view.reached {
            Reached::Delivery(delivery) => delivery.number == number,
            Reached::Slot(_) => false,
        };
        whole.iter().position(is).unwrap()
    };
    assert!(place(6) < place(5) && place(5) < place(4), "a ledger keeps its order");
    for most in [1, 7, 30] {
        assert_eq!(pages(&store, &query(), most, LONG), whole, "{most}");
    }
    assert!(page_is_empty(&store, &LedgerQuery { namespace: "ops".parse().unwrap(), ..query() }));
}

fn page_is_empty(store: &Store, query: &LedgerQuery) -> bool {
    pages(store, query, 9, LONG).is_empty()
}

#[test]
fn each_part_of_a_query_counts() {
    let store = store();
    let count = |query: &LedgerQuery| {
        let found = pages(&store, query, 500, LONG);
        // without any time it takes more pages, and is the same
        assert_eq!(pages(&store, query, 3, Duration::ZERO), found);
        found.len()
    };
    let only = |text: &str| Some(text.to_owned());
    assert_eq!(count(&LedgerQuery { deliveries: false, ..query() }), 62);
    assert_eq!(count(&LedgerQuery { workflow: only("hooks"), ..query() }), 10);
    assert_eq!(count(&LedgerQuery { workflow: only("default/hooks"), ..query() }), 10);
    assert_eq!(count(&LedgerQuery { workflow: only("ops/hooks"), ..query() }), 0);
    assert_eq!(count(&LedgerQuery { trigger: only("rare"), ..query() }), 2);
    assert_eq!(count(&LedgerQuery { became: vec!["missed".into()], ..query() }), 31);
    let both = vec!["missed".into(), "skipped".into()];
    assert_eq!(count(&LedgerQuery { became: both, ..query() }), 41);
    assert_eq!(count(&LedgerQuery { contains: only("MAIN push"), ..query() }), 10);
    assert_eq!(count(&LedgerQuery { contains: only("report rare missed"), ..query() }), 1);
    assert_eq!(count(&LedgerQuery { since_ms: Some(59 * HOUR), ..query() }), 2 + 1);
    assert!(wanted(LedgerQuery { workflow: only("A B"), ..query() }).is_err());
}

#[test]
fn a_cursor_is_one_of_ours() {
    let place: Place = "7200000:d5:hooks:pushed".parse().unwrap();
    assert_eq!(place.cursor(), "7200000:d5:hooks:pushed");
    for bad in ["", "x", "1:s1", "1:x1:a:b", "1:s1:A:b", "1:s1:a:b:c", "-1:s1:a:b"] {
        assert!(bad.parse::<Place>().is_err(), "{bad}");
    }
}
