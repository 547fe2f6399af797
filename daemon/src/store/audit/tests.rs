//! The audit itself: what the daemon makes is clean, and each planted fault is found.

use std::collections::BTreeSet;
use std::fs;
use std::mem::discriminant;

use redb::{Key, ReadableTable, Table, TableDefinition, Value, WriteTransaction};
use rpa_engine::RunId;
use rpa_engine::catalog::Entry;
use rpa_engine::run::RunStatus;

use super::*;
use crate::driver::faults::Town;
use crate::store::archive::{Departure, Rule};
use crate::store::codec::{decode, encode};
use crate::store::deliveries::DeliveryRow;
use crate::store::faults::Disk;
use crate::store::journal::JournalRow;
use crate::store::parts::{self, Part};
use crate::store::rows::{RequestRow, RestoredRow, RunRow, StepRow, WorkflowRow};
use crate::store::tests::{accept, completed, label};
use crate::store::triggers::{TriggerRow, TriggerState};

type Found = Result<bool, StoreError>;

/// A fault; whether there was anything to damage.
type Plant = fn(&WriteTransaction) -> Found;

fn found(store: &Store) -> Report {
    of(store, Depth::Journal).unwrap()
}

fn plant(store: &Store, plant: impl FnOnce(&WriteTransaction) -> Found) -> bool {
    let txn = store.handle().unwrap().begin_write().unwrap();
    let done = plant(&txn).unwrap();
    txn.commit().unwrap();
    done
}

/// Removes the first row.
fn lose<K: Key + 'static, V: Value + 'static>(
    txn: &WriteTransaction,
    table: TableDefinition<'static, K, V>,
) -> Found {
    Ok(txn.open_table(table)?.pop_first()?.is_some())
}

/// Flips a bit of the first row.
fn flip<K: Key + 'static>(
    txn: &WriteTransaction,
    table: TableDefinition<'static, K, Bytes>,
) -> Found {
    change(txn, table, |row| {
        let last = row.len() - 1;
        row[last] ^= 1;
        true
    })
}

/// Changes the first row of a part that `change` wants to.
fn change_part(
    txn: &WriteTransaction,
    part: Part<'_>,
    change: impl Fn(&mut Vec<u8>) -> bool,
) -> Found {
    change_at(txn, schema::RUN_ROWS, |key| is_of(key, part), change)
}

/// Removes the first row of a part.
fn lose_part(txn: &WriteTransaction, part: Part<'_>) -> Found {
    let mut rows = txn.open_table(schema::RUN_ROWS)?;
    let lost = rows.extract_if(|key, _| is_of(key, part))?.next().transpose()?;
    Ok(lost.is_some())
}

/// Flips a bit of the first row of a part.
fn flip_part(txn: &WriteTransaction, part: Part<'_>) -> Found {
    change_part(txn, part, |row| {
        let last = row.len() - 1;
        row[last] ^= 1;
        true
    })
}

/// Whether a key is of this part, whichever row of it.
fn is_of(key: &[u8], part: Part<'_>) -> bool {
    discriminant(&parts::read(key).unwrap().1) == discriminant(&part)
}

/// Adds a row of no use.
fn add(txn: &WriteTransaction, key: &[u8]) -> Result<(), StoreError> {
    txn.open_table(schema::RUN_ROWS)?.insert(key, encode(&0u8)?.as_slice())?;
    Ok(())
}

fn first_run(txn: &WriteTransaction) -> Result<Option<RunId>, StoreError> {
    let rows = txn.open_table(schema::RUN_ROWS)?;
    Ok(rows.first()?.and_then(|(key, _)| parts::run_of(key.value())))
}

/// Changes the row of the first workflow.
fn change_workflow(txn: &WriteTransaction, edit: impl Fn(&mut WorkflowRow)) -> Found {
    change(txn, schema::WORKFLOWS, |bytes| {
        let mut row: WorkflowRow = decode("workflow", bytes).unwrap();
        edit(&mut row);
        *bytes = encode(&row).unwrap();
        true
    })
}

/// Changes the bytes of the first row that `change` wants to.
fn change<K: Key + 'static>(
    txn: &WriteTransaction,
    table: TableDefinition<'static, K, Bytes>,
    change: impl Fn(&mut Vec<u8>) -> bool,
) -> Found {
    change_at(txn, table, |_| true, change)
}

fn change_at<K: Key + 'static>(
    txn: &WriteTransaction,
    table: TableDefinition<'static, K, Bytes>,
    is_wanted: impl Fn(&K::SelfType<'_>) -> bool,
    change: impl Fn(&mut Vec<u8>) -> bool,
) -> Found {
    let mut table: Table<'_, K, Bytes> = txn.open_table(table)?;
    let mut changed = None;
    for entry in table.iter()? {
        let (key, row) = entry?;
        if !is_wanted(&key.value()) {
            continue;
        }
        let mut row = row.value().to_vec();
        if change(&mut row) {
            changed = Some((K::as_bytes(&key.value()).as_ref().to_vec(), row));
            break;
        }
    }
    let Some((key, row)) = changed else { return Ok(false) };
    table.insert(K::from_bytes(&key), row.as_slice())?;
    Ok(true)
}

/// Changes the first row of runs that `edit` wants to.
fn change_run(txn: &WriteTransaction, edit: impl Fn(&mut RunRow) -> bool) -> Found {
    change_part(txn, Part::Row, |bytes| {
        let mut row: RunRow = decode("run", bytes).unwrap();
        let wanted = edit(&mut row);
        *bytes = encode(&row).unwrap();
        wanted
    })
}

/// What is wrong, how it is planted, and in which table it is found.
const PLANTED: &[(&str, Plant, &str)] = &[
    ("a run has no row", |txn| lose_part(txn, Part::Row), "runs"),
    ("a run has no variables", |txn| lose_part(txn, Part::Inputs), "run_inputs"),
    ("a head is gone", |txn| lose_part(txn, Part::Head), "run_heads"),
    ("a row of a run is damaged", |txn| flip_part(txn, Part::Row), "runs"),
    ("a row of a step is damaged", |txn| flip_part(txn, Part::Step("")), "steps"),
    ("an event is damaged", |txn| flip_part(txn, Part::Events(0)), "journal"),
    ("an event is lost", |txn| lose_part(txn, Part::Events(0)), "journal"),
    ("a row of a step is lost", |txn| lose_part(txn, Part::Step("")), "steps"),
    ("what is to be undone is damaged", |txn| flip_part(txn, Part::Undo(0)), "undo"),
    ("a revision is lost", |txn| lose(txn, schema::REVISIONS), "revisions"),
    ("a revision is damaged", |txn| flip(txn, schema::REVISIONS), "revisions"),
    ("a workflow is lost", |txn| lose(txn, schema::WORKFLOWS), "revisions"),
    ("a place in a list is lost", |txn| lose(txn, schema::RUN_INDEX), "run_index"),
    ("a count is lost", |txn| lose(txn, schema::COUNTS), "counts"),
    ("a timer is lost", |txn| lose(txn, schema::TIMERS), "timers"),
    ("an active run is not known", |txn| lose(txn, schema::ACTIVE), "active"),
    ("a queued run is not known", |txn| lose(txn, schema::QUEUED), "queue"),
    ("a doubt is not known", |txn| lose(txn, schema::DOUBTS), "doubts"),
    ("an approval is not known", |txn| lose(txn, schema::APPROVALS), "approvals"),
    ("a step that waits is not known", |txn| lose(txn, schema::AWAITING), "awaiting"),
    ("an event that is looked at is lost", |txn| lose(txn, schema::EVENTS), "events"),
    ("an event that is looked at is damaged", |txn| flip(txn, schema::EVENTS), "events"),
    ("who is offered an event is lost", |txn| lose(txn, schema::OFFERED), "events_offered"),
    ("what a step is offered is lost", |txn| lose(txn, schema::OFFERS), "event_offers"),
    ("a claim is lost", |txn| lose(txn, schema::CLAIMS), "claims"),
    ("a claim is damaged", |txn| flip(txn, schema::CLAIMS), "claims"),
    ("a gate forgets who has passed", |txn| lose(txn, schema::GATED), "gated"),
    ("a gate forgets who waits", |txn| lose(txn, schema::AT_GATE), "at_gate"),
    ("a gate counts nobody", |txn| lose(txn, schema::GATES), "gates"),
    ("a call is lost", |txn| lose_part(txn, Part::Call("", 0)), "calls"),
    ("a call is damaged", |txn| flip_part(txn, Part::Call("", 0)), "calls"),
    ("a trigger is damaged", |txn| flip(txn, schema::TRIGGERS), "triggers"),
    ("a trigger is lost", |txn| lose(txn, schema::TRIGGERS), "triggers"),
    ("a slot is damaged", |txn| flip(txn, schema::SLOTS), "slots"),
    ("a slot is lost", |txn| lose(txn, schema::SLOTS), "slots"),
    ("a delivery is damaged", |txn| flip(txn, schema::DELIVERIES), "deliveries"),
    ("a delivery is lost", |txn| lose(txn, schema::DELIVERIES), "deliveries"),
    (
        "a delivery is held by nobody",
        |txn| {
            change(txn, schema::TRIGGERS, |bytes| {
                let mut row: TriggerRow = decode("trigger", bytes).unwrap();
                let TriggerState::Deliveries(state) = &mut row.state else { return false };
                let held = state.held.pop().is_some();
                *bytes = encode(&row).unwrap();
                held
            })
        },
        "deliveries",
    ),
    (
        "a held delivery has lost what it carries",
        |txn| {
            change(txn, schema::DELIVERIES, |bytes| {
                let mut row: DeliveryRow = decode("delivery", bytes).unwrap();
                let had = row.data.take().is_some();
                *bytes = encode(&row).unwrap();
                had
            })
        },
        "deliveries",
    ),
    (
        "a trigger does not know of its run",
        |txn| {
            change(txn, schema::TRIGGERS, |bytes| {
                let mut row: TriggerRow = decode("trigger", bytes).unwrap();
                let TriggerState::Schedule(state) = &mut row.state else { return false };
                let knew = state.open.pop().is_some();
                *bytes = encode(&row).unwrap();
                knew
            })
        },
        "triggers",
    ),
    (
        "a slot waits for nothing",
        |txn| {
            change(txn, schema::TRIGGERS, |bytes| {
                let mut row: TriggerRow = decode("trigger", bytes).unwrap();
                let TriggerState::Schedule(state) = &mut row.state else { return false };
                let waited = state.pending.pop().is_some();
                *bytes = encode(&row).unwrap();
                waited
            })
        },
        "slots",
    ),
    ("a request is damaged", |txn| flip(txn, schema::REQUESTS), "requests"),
    (
        "nobody looks at an event",
        |txn| {
            let row = encode(&0u8)?;
            txn.open_table(schema::EVENTS)?.insert((0, 5), row.as_slice())?;
            Ok(true)
        },
        "events",
    ),
    (
        "a step is crowded by nothing",
        |txn| {
            txn.open_table(schema::CROWDED)?.insert((0, "order.paid", 5, "paid"), ())?;
            Ok(true)
        },
        "crowded",
    ),
    (
        "a step waits for what is still to come",
        |txn| {
            let mut table = txn.open_table(schema::AWAITING)?;
            let first = table.first()?.map(|(key, _)| {
                let (ns, name, run, path) = key.value();
                (ns, name.to_owned(), run, path.to_owned())
            });
            let Some((ns, name, run, path)) = first else { return Ok(false) };
            table.insert((ns, name.as_str(), run, path.as_str()), 1000)?;
            Ok(true)
        },
        "awaiting",
    ),
    (
        "a run is held, and nobody knows",
        |txn| change_run(txn, |row| !std::mem::replace(&mut row.held, true)),
        "held",
    ),
    (
        "one is held that is not",
        |txn| {
            txn.open_table(schema::HELD)?.insert(5, ())?;
            Ok(true)
        },
        "held",
    ),
    (
        "rows of nobody",
        |txn| {
            add(txn, &Part::Step("a").of(RunId(5)))?;
            Ok(true)
        },
        "run_rows",
    ),
    (
        "a row under a key of nothing",
        |txn| {
            add(txn, b"abc")?;
            Ok(true)
        },
        "run_rows",
    ),
    (
        "a row of a part that there is not",
        |txn| {
            let Some(run) = first_run(txn)? else { return Ok(false) };
            add(txn, &[run.0.to_be_bytes().as_slice(), &[99]].concat())?;
            Ok(true)
        },
        "run_rows",
    ),
    (
        "the newest run of a workflow that has left is here",
        |txn| {
            let Some(run) = first_run(txn)? else { return Ok(false) };
            change_workflow(txn, |row| row.last_left = Some(run))
        },
        "workflows",
    ),
    (
        "a run that is here is to be removed",
        |txn| {
            let Some(run) = first_run(txn)? else { return Ok(false) };
            txn.open_table(schema::LEFTOVERS)?.insert(run.0, ())?;
            Ok(true)
        },
        "leftovers",
    ),
    (
        "a timer that nobody has armed",
        |txn| {
            txn.open_table(schema::TIMERS)?.insert((1, 5), ())?;
            Ok(true)
        },
        "timers",
    ),
    (
        "what is stored of a run is not what happened",
        |txn| {
            change_run(txn, |row| {
                row.time.doubted_ms += 1;
                true
            })
        },
        "runs",
    ),
    (
        "a step has not done what its journal says",
        |txn| {
            change_part(txn, Part::Step(""), |bytes| {
                let mut row: StepRow = decode("step", bytes).unwrap();
                let had = row.output.take().is_some();
                *bytes = encode(&row).unwrap();
                had
            })
        },
        "steps",
    ),
    (
        "an event has come at another time",
        |txn| {
            change_part(txn, Part::Events(0), |bytes| {
                let mut row: JournalRow = decode("journal", bytes).unwrap();
                row.at_ms += 1;
                *bytes = encode(&row).unwrap();
                true
            })
        },
        "runs",
    ),
];

#[test]
fn each_planted_fault_is_found_in_a_town() {
    let mut left: Vec<_> = PLANTED.iter().collect();
    for seed in 1..20 {
        let mut town = Town::new(seed);
        for _ in 0..60 {
            town.round().unwrap();
            town.audit(&format!("seed {seed}"));
            let image = town.disk.image();
            left.retain(|(what, fault, table)| {
                let store = Store::on(Disk::of(image.clone())).unwrap();
                if !plant(&store, fault) {
                    return true;
                }
                let report = found(&store);
                let named = report.findings.iter().any(|finding| finding.table == *table);
                assert!(named, "{what}, seed {seed}: {report:#?}");
                false
            });
            if left.is_empty() {
                return;
            }
        }
    }
    let left: Vec<_> = left.iter().map(|(what, ..)| what).collect();
    panic!("there was nothing to damage for {left:?}");
}

#[test]
fn damage_names_its_run() {
    let mut town = Town::new(3);
    for _ in 0..40 {
        town.round().unwrap();
    }
    let reader = town.store.read().unwrap();
    let run = reader.oldest_live().unwrap().unwrap();
    drop(reader);
    plant(&town.store, |txn| flip_part(txn, Part::Row));
    let report = found(&town.store);
    let of_run = |finding: &Finding| finding.run == Some(run) && finding.kind == Kind::Unreadable;
    assert!(report.findings.iter().any(of_run), "{run}: {report:#?}");
    let unread = report.findings.iter().filter(|finding| finding.kind == Kind::Unreadable);
    assert_eq!(unread.count(), 1, "nothing is told twice: {report:#?}");
    let stray = report.findings.iter().filter(|finding| finding.kind == Kind::Stray);
    assert_eq!(stray.count(), 0, "what is its own is nobody else's: {report:#?}");
}

/// As a restore makes it.
fn hold(store: &Store) {
    let row = RestoredRow { taken_ms: 1, restored_ms: 2 };
    store.transact(|tables| tables.hold_open(&row)).unwrap();
}

#[test]
fn a_restored_store_is_clean_and_its_faults_are_found() {
    const PLANTED: &[(&str, Plant, &str)] = &[
        ("a held run is not known", |txn| lose(txn, schema::HELD), "held"),
        (
            "it is not known that it was restored",
            |txn| Ok(txn.open_table(schema::META)?.remove("restored")?.is_some()),
            "held",
        ),
        (
            "a held run would be loaded",
            |txn| {
                let Some(run) = txn.open_table(schema::HELD)?.first()?.map(|(run, _)| run.value())
                else {
                    return Ok(false);
                };
                txn.open_table(schema::ACTIVE)?.insert(run, ())?;
                Ok(true)
            },
            "active",
        ),
        (
            "a held run has a timer",
            |txn| change_run(txn, |row| row.held && row.wake_ms.replace(7).is_none()),
            "runs",
        ),
    ];
    let mut town = Town::new(5);
    for _ in 0..40 {
        town.round().unwrap();
    }
    hold(&town.store);
    assert!(town.store.read().unwrap().held_count().unwrap() > 2);
    town.audit("held");
    let image = town.disk.image();
    for (what, fault, table) in PLANTED {
        let store = Store::on(Disk::of(image.clone())).unwrap();
        assert!(plant(&store, fault), "{what}");
        let report = found(&store);
        let named = report.findings.iter().any(|finding| finding.table == *table);
        assert!(named, "{what}: {report:#?}");
    }
    // people cancel and decide meanwhile, and new runs come
    town.restart().unwrap();
    for round in 0..40 {
        town.round().unwrap();
        town.audit(&format!("held, round {round}"));
    }
    assert!(town.store.read().unwrap().held_count().unwrap() > 0);
}

const DAY: u128 = (24 * 3600 * 1000) << 80;

/// Three days of two runs each, with their requests; and one that goes on.
fn three_days() -> (tempfile::TempDir, Store, Vec<RunId>) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), 1 << 20).unwrap();
    store
        .transact(|tables| {
            let namespace = tables.namespace(&label("default"))?;
            let entry = Entry { newest: 1, live: Some(1), ..Entry::default() };
            let row = WorkflowRow { name: label("flow"), entry, last_left: None };
            tables.put_workflow(namespace, &row)
        })
        .unwrap();
    let ids: Vec<u128> = (0..6).map(|n| DAY * (20_000 + n / 2) + 0xa00 + n).collect();
    let runs: Vec<RunId> = ids.into_iter().map(|id| completed(&store, id)).collect();
    accept(&store, DAY * 20_003 + 0xfff);
    store
        .transact(|tables| {
            for run in &runs {
                let row = RequestRow::Run { run: *run, digest: [0; 32] };
                tables.put_request(&run.to_string(), &row)?;
            }
            Ok(())
        })
        .unwrap();
    (dir, store, runs)
}

/// Copies all that may leave, by day.
fn copy(store: &Store) -> BTreeMap<Day, Vec<RunId>> {
    let rule = Rule {
        ended_before_ms: u64::MAX,
        over: 0,
        most_runs: 100,
        most_rows: 10_000,
        looked_at: 100,
    };
    let reader = store.read().unwrap();
    let look = reader.may_leave(&rule, None).unwrap();
    for (day, runs) in &look.runs {
        reader.archive_runs(store.archives(), *day, runs).unwrap();
    }
    look.runs
}

fn leave(store: &Store, day: Day, runs: &[RunId]) {
    let departures: Vec<_> =
        runs.iter().map(|run| Departure { run: *run, file_bytes: 5 }).collect();
    store.transact(|tables| tables.leave(day, &departures, 2)).unwrap();
}

fn clean(store: &Store, at: &str) -> Report {
    let report = found(store);
    assert!(report.is_clean(), "{at}: {report:#?}");
    assert_eq!((report.runs, report.journals), (report.all, report.all), "{at}");
    report
}

#[test]
fn runs_on_their_way_into_archives_are_clean_at_every_step() {
    let (_dir, store, runs) = three_days();
    assert_eq!(clean(&store, "live").all, 7);
    let days = copy(&store);
    assert_eq!(clean(&store, "copied").all, 7);
    for (day, runs) in &days {
        // the first of each day, then both
        leave(&store, *day, &runs[..1]);
        clean(&store, "one has left");
        leave(&store, *day, runs);
        assert_eq!(clean(&store, "both have left").all, 7);
    }
    while store.transact(|tables| tables.clear_leftovers(3)).unwrap() {
        clean(&store, "some leftovers are gone");
    }
    clean(&store, "all leftovers are gone");
    store.archives().settle();
    store.reopen().unwrap();
    clean(&store, "opened again");
    let day = Day::of(runs[0]);
    store.transact(|tables| tables.drop_archive(day)).unwrap();
    assert_eq!(clean(&store, "dropped").all, 5);
    store.archives().remove(day).unwrap();
    clean(&store, "its file is gone");
    store.transact(|tables| tables.forget_archive(day)).unwrap();
    assert_eq!(clean(&store, "forgotten").all, 5);
    // one that went on for long: a later archive of a day whose first was dropped
    let late = completed(&store, DAY * 20_000 + 0xaaa);
    let days = copy(&store);
    assert_eq!(days[&day], [late]);
    leave(&store, day, &[late]);
    assert_eq!(clean(&store, "the day has an archive again").all, 6);
    let counts = store.read().unwrap().counts().unwrap();
    assert_eq!(counts[&RunStatus::Completed], 5);
}

/// A store of which the runs of all three days have left.
fn archived() -> (tempfile::TempDir, Store, Vec<RunId>) {
    let (dir, store, runs) = three_days();
    for (day, runs) in copy(&store) {
        leave(&store, day, &runs);
    }
    store.archives().settle();
    (dir, store, runs)
}

#[test]
fn what_is_planted_about_archives_is_found() {
    const LIVE: &[(&str, Plant, &str)] = &[
        ("a count is lost", |txn| lose(txn, schema::COUNTS), "counts"),
        ("an archive is not known", |txn| lose(txn, schema::ARCHIVES), "counts"),
        ("what is known of an archive is damaged", |txn| flip(txn, schema::ARCHIVES), "archives"),
        ("what is left is not known", |txn| lose(txn, schema::LEFTOVERS), "run_rows"),
        (
            "no run of the workflow has left",
            |txn| change_workflow(txn, |row| row.last_left = None),
            "workflows",
        ),
        (
            "an archive is to have more than it has",
            |txn| {
                change(txn, schema::ARCHIVES, |bytes| {
                    let mut row: ArchiveRow = decode("archive", bytes).unwrap();
                    row.counts.values_mut().for_each(|runs| *runs += 1);
                    *bytes = encode(&row).unwrap();
                    true
                })
            },
            "archives",
        ),
        (
            "an archive is to have fewer than it has",
            |txn| {
                change(txn, schema::ARCHIVES, |bytes| {
                    let mut row: ArchiveRow = decode("archive", bytes).unwrap();
                    row.counts.values_mut().for_each(|runs| *runs -= 1);
                    *bytes = encode(&row).unwrap();
                    true
                })
            },
            "archives",
        ),
    ];
    for (what, fault, table) in LIVE {
        let (_dir, store, _) = archived();
        assert!(plant(&store, fault), "{what}");
        let report = found(&store);
        let named = report.findings.iter().any(|finding| finding.table == *table);
        assert!(named, "{what}: {report:#?}");
    }
    const THERE: &[(&str, Plant, &str)] = &[
        (
            "a run is gone from it",
            |txn| {
                let Some(run) = first_run(txn)? else { return Ok(false) };
                let all = parts::all_of(run);
                let mut rows = txn.open_table(schema::RUN_ROWS)?;
                rows.retain_in(all.start.as_slice()..all.end.as_slice(), |_, _| false)?;
                Ok(true)
            },
            "archives",
        ),
        ("a head is gone from it", |txn| lose_part(txn, Part::Head), "run_heads"),
        ("an ending is lost", |txn| lose(txn, schema::SUFFIXES), "run_suffixes"),
        ("a row of a step is damaged", |txn| flip_part(txn, Part::Step("")), "steps"),
        ("an event is damaged", |txn| flip_part(txn, Part::Events(0)), "journal"),
        ("a row of a step is lost", |txn| lose_part(txn, Part::Step("")), "steps"),
        ("a run has no row", |txn| lose_part(txn, Part::Row), "runs"),
        ("a place in a list is lost", |txn| lose(txn, schema::RUN_INDEX), "run_index"),
    ];
    for (what, fault, table) in THERE {
        let (_dir, store, runs) = archived();
        let day = Day::of(runs[0]);
        let txn = store.archives().open_alone(day).unwrap().begin_write().unwrap();
        assert!(fault(&txn).unwrap(), "{what}");
        txn.commit().unwrap();
        let report = found(&store);
        let named = |finding: &&Finding| finding.table == *table && finding.archive == Some(day);
        let wrong = report.findings.iter().find(named);
        let wrong = wrong.unwrap_or_else(|| panic!("{what}: {report:#?}"));
        assert_eq!(wrong.run.is_some(), *table != "archives", "{what}");
    }
}

#[test]
fn an_archive_that_is_gone_or_damaged_is_told_of_and_the_others_are_looked_at() {
    let (_dir, store, runs) = archived();
    let (gone, damaged) = (Day::of(runs[0]), Day::of(runs[2]));
    store.reopen().unwrap();
    store.archives().remove(gone).unwrap();
    fs::write(store.archives().path(damaged), b"nonsense").unwrap();
    let report = found(&store);
    assert_eq!(report.gone, [(gone, 2)]);
    let wrong: BTreeSet<_> = report.findings.iter().map(|finding| finding.archive).collect();
    assert_eq!(wrong, [Some(damaged)].into(), "{report:#?}");
    assert_eq!((report.all, report.runs), (7, 3));
}

#[test]
fn an_audit_ends_in_time_and_says_how_far_it_came() {
    let (_dir, store, _) = archived();
    let report = until(&store, Depth::Journal, Some(Instant::now())).unwrap();
    assert_eq!((report.all, report.runs, report.journals, report.is_cut), (7, 0, 0, true));
    assert!(report.findings.is_empty(), "what was not looked at is not counted: {report:#?}");
}
