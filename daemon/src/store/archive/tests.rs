//! Runs that leave the live store, wherever the daemon dies.

use std::collections::BTreeSet;

use rpa_engine::RunId;
use rpa_engine::run::RunStatus;

use super::super::tests::{accept, completed, label};
use super::super::{Departure, NamespaceId, Reader, Rule, RunFilter, Store};
use super::*;
use crate::day::Day;

const DAY: u128 = (24 * 3600 * 1000) << 80;

/// Everything may leave.
const ALL: Rule =
    Rule { ended_before_ms: u64::MAX, over: 0, most_runs: 100, most_rows: 10_000, looked_at: 100 };

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), 1 << 20).unwrap();
    (dir, store)
}

/// Three days, of two runs each; ids as [`rpa_engine::RunId`] sorts them.
fn three_days(store: &Store) -> Vec<RunId> {
    let ids: Vec<u128> = (0..6).map(|n| DAY * (20_000 + n / 2) + 0xa00 + n).collect();
    ids.into_iter().map(|id| completed(store, id)).collect()
}

fn namespace(reader: &Reader) -> NamespaceId {
    reader.namespace(&label("default")).unwrap().unwrap()
}

fn listed(store: &Store, filter: &RunFilter) -> Vec<RunId> {
    let reader = store.read().unwrap();
    reader.runs(namespace(&reader), filter).unwrap().map(Result::unwrap).collect()
}

/// All that can be asked of one run.
fn told(store: &Store, run: RunId) -> impl PartialEq + std::fmt::Debug + use<> {
    let reader = store.read().unwrap();
    let path = "a".parse().unwrap();
    (
        (reader.head(run).unwrap(), reader.row(run).unwrap(), reader.seq(run).unwrap()),
        (reader.inputs(run).unwrap(), reader.variables(run).unwrap()),
        (reader.step(run, &path).unwrap(), reader.state(run, &path).unwrap()),
        (reader.completed(run).unwrap(), reader.journal(run).unwrap()),
        reader.journal_from(run, 1).unwrap().rev().map(Result::unwrap).collect::<Vec<_>>(),
        reader.undoing(run).unwrap(),
        reader.runs_ending(&format!("{:x}", run.0 & 0xfff), 9).unwrap(),
    )
}

fn copy(store: &Store, rule: &Rule) -> Look {
    let reader = store.read().unwrap();
    let look = reader.may_leave(rule, None).unwrap();
    for (day, runs) in &look.runs {
        reader.archive_runs(store.archives(), *day, runs).unwrap();
    }
    look
}

fn leave(store: &Store, look: &Look) {
    for (day, runs) in &look.runs {
        let departures: Vec<_> =
            runs.iter().map(|run| Departure { run: *run, file_bytes: 5 }).collect();
        store.transact(|tables| tables.leave(*day, &departures, 2)).unwrap();
    }
}

fn clear(store: &Store, most: usize) {
    while store.transact(|tables| tables.clear_leftovers(most)).unwrap() {}
}

#[test]
fn what_is_told_of_a_run_is_the_same_wherever_it_is() {
    let (_dir, store) = store();
    let runs = three_days(&store);
    let all = RunFilter::default();
    let (list, before) = (listed(&store, &all), runs.iter().map(|r| told(&store, *r)));
    let (before, counts) = (before.collect::<Vec<_>>(), store.read().unwrap().counts().unwrap());
    assert_eq!(list.len(), 6);
    let same = |store: &Store, at: &str| {
        assert_eq!(listed(store, &all), list, "{at}");
        let now: Vec<_> = runs.iter().map(|run| told(store, *run)).collect();
        assert_eq!(now, before, "{at}");
        assert_eq!(store.read().unwrap().counts().unwrap(), counts, "{at}");
    };
    let look = copy(&store, &ALL);
    assert_eq!(look.runs.len(), 3, "an archive for each day");
    same(&store, "copied");
    // a crash here: it is all done again
    assert_eq!(copy(&store, &ALL).runs, look.runs);
    same(&store, "copied twice");
    leave(&store, &look);
    same(&store, "left");
    assert_eq!(store.read().unwrap().live_ended().unwrap(), 0);
    leave(&store, &look);
    same(&store, "left twice");
    assert!(store.read().unwrap().has_leftovers().unwrap());
    clear(&store, 2);
    same(&store, "cleared");
    assert!(!store.read().unwrap().has_leftovers().unwrap());
    store.archives().settle();
    store.reopen().unwrap();
    same(&store, "opened again");
}

#[test]
fn lists_go_on_from_the_live_store_into_archives() {
    let (_dir, store) = store();
    let runs = three_days(&store);
    // the second run of each day stays
    let mut look = copy(&store, &ALL);
    look.runs.values_mut().for_each(|runs| runs.truncate(1));
    leave(&store, &look);
    clear(&store, 1000);
    let newest: Vec<RunId> = runs.iter().rev().copied().collect();
    let ids = |filter: RunFilter| listed(&store, &filter);
    let completed: BTreeSet<_> = [RunStatus::Completed].into();
    let failed: BTreeSet<_> = [RunStatus::Failed].into();
    for workflow in [None, Some(label("flow"))] {
        for statuses in [BTreeSet::new(), completed.clone(), &completed | &failed] {
            let filter = RunFilter { workflow: workflow.clone(), statuses, ..Default::default() };
            assert_eq!(ids(filter.clone()), newest);
            for (at, run) in newest.iter().enumerate() {
                let before = RunFilter { before: Some(*run), ..filter.clone() };
                assert_eq!(ids(before), newest[at + 1..], "before {at}");
                let from = RunFilter { from: Some(*run), ..filter.clone() };
                assert_eq!(ids(from), newest[..=at], "from {at}");
            }
        }
        let filter = RunFilter {
            workflow: workflow.clone(),
            statuses: failed.clone(),
            ..Default::default()
        };
        assert_eq!(ids(filter), []);
    }
    let other = RunFilter { workflow: Some(label("other")), ..Default::default() };
    assert_eq!(ids(other), []);
}

#[test]
fn a_list_opens_no_archive_that_it_does_not_show() {
    let (dir, store) = store();
    let runs = three_days(&store);
    let look = copy(&store, &ALL);
    leave(&store, &look);
    store.archives().settle();
    // the oldest is damaged: who does not come so far does not notice
    let oldest = store.archives().path(Day::of(runs[0]));
    assert!(oldest.starts_with(dir.path()));
    std::fs::write(&oldest, b"nonsense").unwrap();
    let reader = store.read().unwrap();
    let mut list = reader.runs(namespace(&reader), &RunFilter::default()).unwrap();
    for run in runs.iter().rev().take(4) {
        assert_eq!(list.next().unwrap().unwrap(), *run);
    }
    let error = list.next().unwrap().unwrap_err();
    let fault = error.fault(store.path());
    assert!(fault.message.contains(&oldest.display().to_string()), "{fault}");
    assert!(reader.head(runs[5]).unwrap().is_some());
    assert!(reader.head(runs[0]).is_err());
    // one that somebody has taken away is not there
    std::fs::remove_file(&oldest).unwrap();
    assert_eq!(listed(&store, &RunFilter::default()).len(), 4);
    assert_eq!(store.read().unwrap().head(runs[0]).unwrap(), None);
}

#[test]
fn only_what_is_old_or_too_much_leaves() {
    let (_dir, store) = store();
    let runs = three_days(&store);
    let open = accept(&store, DAY * 20_000 + 0xfff);
    let reader = store.read().unwrap();
    let found = |rule: Rule, after| {
        let look = reader.may_leave(&rule, after).unwrap();
        (look.runs.into_values().flatten().collect::<Vec<_>>(), look.next)
    };
    assert_eq!(found(Rule { ended_before_ms: 0, ..ALL }, None), (vec![], None));
    let rule = Rule { ended_before_ms: 0, over: 2, ..ALL };
    assert_eq!(found(rule, None).0, runs[..2], "the oldest, whatever their age");
    let rule = Rule { most_runs: 4, ..ALL };
    assert_eq!(found(rule, None), (runs[..4].to_vec(), Some(runs[3])));
    assert_eq!(found(rule, Some(runs[3])), (runs[4..].to_vec(), None));
    assert_eq!(found(Rule { looked_at: 1, ..ALL }, None), (vec![runs[0]], Some(runs[0])));
    assert_eq!(found(Rule { most_rows: 1, ..ALL }, None).0, [runs[0]]);
    assert!(!found(ALL, None).0.contains(&open.id), "one that has not ended stays");
}

#[test]
fn a_dropped_archive_is_not_there_and_counts_no_more() {
    let (_dir, store) = store();
    let runs = three_days(&store);
    let look = copy(&store, &ALL);
    leave(&store, &look);
    clear(&store, 1000);
    let day = Day::of(runs[0]);
    store.transact(|tables| tables.drop_archive(day)).unwrap();
    let told = |store: &Store| {
        let reader = store.read().unwrap();
        let counts = reader.counts().unwrap()[&RunStatus::Completed];
        (counts, reader.head(runs[0]).unwrap().is_some(), listed(store, &RunFilter::default()))
    };
    let rest: Vec<RunId> = runs[2..].iter().rev().copied().collect();
    assert_eq!(told(&store), (4, false, rest.clone()));
    // a crash here: it is begun again
    store.transact(|tables| tables.drop_archive(day)).unwrap();
    assert_eq!(told(&store), (4, false, rest.clone()));
    let reader = store.read().unwrap();
    assert_eq!(reader.in_archive(store.archives(), day, None, 9).unwrap(), runs[..2]);
    assert_eq!(reader.in_archive(store.archives(), day, Some(runs[0]), 9).unwrap(), runs[1..2]);
    drop(reader);
    store.archives().remove(day).unwrap();
    store.transact(|tables| tables.forget_archive(day)).unwrap();
    assert!(!store.read().unwrap().archives().unwrap().contains_key(&day));
    assert_eq!(told(&store), (4, false, rest));
}

#[test]
fn one_that_is_live_is_never_read_from_an_archive() {
    let (_dir, store) = store();
    let runs = three_days(&store);
    let mut look = copy(&store, &ALL);
    let first = look.runs.first_entry().unwrap().into_mut();
    first.truncate(1);
    leave(&store, &look);
    // the second of that day has a copy and has not left
    let reader = store.read().unwrap();
    assert!(!reader.is_archived(runs[1]).unwrap());
    assert!(reader.is_archived(runs[0]).unwrap());
    let list = listed(&store, &RunFilter::default());
    assert_eq!(list.iter().filter(|run| **run == runs[1]).count(), 1);
}

#[test]
fn readers_and_the_writer_of_an_archive_do_not_hinder_each_other() {
    let (_dir, store) = store();
    let runs = three_days(&store);
    let look = copy(&store, &ALL);
    leave(&store, &look);
    store.archives().settle();
    let reader = store.read().unwrap();
    assert!(reader.head(runs[0]).unwrap().is_some());
    // opened for reading: the writer waits, and gives up in the end
    let more = completed(&store, DAY * 20_000 + 0xaaa);
    let copied = || {
        let reader = store.read().unwrap();
        reader.archive_runs(store.archives(), Day::of(more), &[more])
    };
    assert!(copied().is_err());
    drop(reader);
    copied().unwrap();
    // opened for writing: who reads shares it
    let reader = store.read().unwrap();
    assert!(reader.head(runs[0]).unwrap().is_some());
    copied().unwrap();
    store.archives().settle();
    assert!(reader.head(runs[1]).unwrap().is_some(), "it stays open for the reader");
}
