//! Which archives are beyond a limit.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Limits;
use super::dropping::{Why, beyond};
use crate::day::Day;
use crate::store::{ArchiveRow, NamespaceId};

/// An archive of so many runs; the last ended at this time; it and its files have as many
/// bytes.
fn row(runs: u64, last_end_ms: u64, file_bytes: u64) -> ArchiveRow {
    let counts = [((NamespaceId(0), 6), runs)].into();
    ArchiveRow { counts, last_end_ms, file_bytes, dropping: false }
}

fn dropped(limits: &Limits, rows: &[(u32, ArchiveRow)], now_ms: u64) -> Vec<(u32, &'static str)> {
    let archives: BTreeMap<_, _> = rows.iter().map(|(day, row)| (Day(*day), (row, 10))).collect();
    let reason = |(Day(day), why)| match why {
        Why::Limit(limit) => (day, limit),
        other => panic!("{other:?}"),
    };
    beyond(limits, archives, now_ms).into_iter().map(reason).collect()
}

#[test]
fn what_is_old_goes_and_then_the_oldest_of_what_is_too_much() {
    let limits = Limits {
        live_age: Duration::ZERO,
        live_runs: 0,
        archive_age: Duration::from_millis(100),
        archive_runs: 1000,
        archive_bytes: 1000,
    };
    let (age, runs, bytes) =
        ("retention.archive_age", "retention.archive_runs", "retention.archive_bytes");
    let rows =
        |each: u64, size| [1, 2, 3].map(|day: u32| (day, row(each, u64::from(day) * 100, size)));
    assert_eq!(dropped(&limits, &rows(1, 1), 200), []);
    assert_eq!(dropped(&limits, &rows(1, 1), 201), [(1, age)]);
    assert_eq!(dropped(&limits, &rows(1, 1), 401), [(1, age), (2, age), (3, age)]);
    assert_eq!(dropped(&limits, &rows(333, 1), 0), []);
    assert_eq!(dropped(&limits, &rows(334, 1), 0), [(1, runs)]);
    assert_eq!(dropped(&limits, &rows(1000, 1), 0), [(1, runs), (2, runs)]);
    assert_eq!(dropped(&limits, &rows(9999, 1), 0), [(1, runs), (2, runs)], "never the newest");
    assert_eq!(dropped(&limits, &rows(1, 323), 0), []);
    assert_eq!(dropped(&limits, &rows(1, 324), 0), [(1, bytes)], "with the archives themselves");
    // one of an early day in which a run has ended late is kept by age
    let late = [(1, row(1, 300, 1)), (2, row(1, 200, 1)), (3, row(1, 300, 1))];
    assert_eq!(dropped(&limits, &late, 350), [(2, age)]);
}
