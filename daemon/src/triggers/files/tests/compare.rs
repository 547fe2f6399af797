//! What is told of is what has changed, once, and nothing else: random lives of a directory
//! beside a witness that keeps what it was told.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rpa_engine::trigger::FileChange;
use rustix::io::Errno;

use super::super::compare::{Found, Tracker};
use super::super::unread::Unread;
use crate::store::SeenFile;

const STABLE_MS: u64 = 10;

#[derive(Clone, Debug)]
enum Act {
    /// A file is made, or written to.
    Write(u8),
    Delete(u8),
    Rename(u8, u8),
    /// The daemon starts anew: what is unsettled is forgotten.
    Restart,
    /// It looks at everything, or at one file.
    LookAtAll,
    Look(u8),
    Wait(u64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let file = || 0u8..4;
    let act = prop_oneof![
        4 => file().prop_map(Act::Write),
        2 => file().prop_map(Act::Delete),
        1 => (file(), file()).prop_map(|(from, to)| Act::Rename(from, to)),
        1 => Just(Act::Restart),
        3 => Just(Act::LookAtAll),
        3 => file().prop_map(Act::Look),
        4 => (1u64..15).prop_map(Act::Wait),
    ];
    prop::collection::vec(act, 0..60)
}

fn seen(found: Found) -> SeenFile {
    SeenFile { size: found.size, modified_ns: found.modified_ns, content: None }
}

/// A directory, whoever looks at it, and what it was told.
#[derive(Default)]
struct Town {
    now_ms: u64,
    writes: u64,
    disk: BTreeMap<String, Found>,
    /// When each file was so first: what it was between two looks nobody knows.
    since_ms: BTreeMap<(String, Option<u64>), u64>,
    tracker: Tracker,
    /// The cursor, as the store has it.
    cursor: BTreeMap<String, SeenFile>,
    told: Vec<(String, FileChange, Option<Found>)>,
}

impl Town {
    fn act(&mut self, act: &Act) {
        match act {
            Act::Write(file) => {
                self.writes += 1;
                let found = Found { size: self.writes % 3, modified_ns: self.writes };
                self.put(&name(*file), Some(found));
            }
            Act::Delete(file) => self.put(&name(*file), None),
            Act::Rename(from, to) => {
                let moved = self.disk.get(&name(*from)).copied();
                if let (Some(moved), true) = (moved, from != to) {
                    self.put(&name(*from), None);
                    self.put(&name(*to), Some(moved));
                }
            }
            Act::Restart => {
                self.tracker = Tracker::default();
                self.tracker.reads(self.cursor.clone());
            }
            Act::LookAtAll => {
                self.tracker.look_at_all(&self.disk, &Unread::default(), self.now_ms);
                self.tell();
            }
            Act::Look(file) => self.look_at(&[name(*file)]),
            Act::Wait(ms) => self.now_ms += ms,
        }
    }

    fn put(&mut self, path: &str, found: Option<Found>) {
        let state = found.map(|found| found.modified_ns);
        self.since_ms.entry((path.to_owned(), state)).or_insert(self.now_ms);
        match found {
            Some(found) => self.disk.insert(path.to_owned(), found),
            None => self.disk.remove(path),
        };
    }

    /// As a watch does: what has settled is looked at once more before it is told of.
    fn look_at(&mut self, paths: &[String]) {
        let settled = self.tracker.settled(self.now_ms, STABLE_MS, usize::MAX);
        let settled = settled.into_iter().map(|(path, _)| path);
        for path in paths.iter().cloned().chain(settled).collect::<Vec<_>>() {
            self.tracker.look(&path, self.disk.get(&path).copied(), self.now_ms);
        }
        self.tell();
    }

    fn tell(&mut self) {
        for (path, now) in self.tracker.settled(self.now_ms, STABLE_MS, usize::MAX) {
            assert_eq!(now, self.disk.get(&path).copied(), "{path} is told of as it is");
            let before = self.cursor.get(&path);
            assert_ne!(before, now.map(seen).as_ref(), "{path} has not changed");
            let state = (path.clone(), now.map(|now| now.modified_ns));
            let since_ms = self.since_ms[&state];
            assert!(since_ms + STABLE_MS <= self.now_ms, "{path} is told of too early");
            let change = self.tracker.change(&path, now);
            let is_right = match (before, now) {
                (None, Some(_)) => change == FileChange::Created,
                (Some(_), Some(_)) => change == FileChange::Modified,
                (_, None) => change == FileChange::Deleted,
            };
            assert!(is_right, "{path} is {change:?}");
            match now.map(seen) {
                Some(file) => self.cursor.insert(path.clone(), file),
                None => self.cursor.remove(&path),
            };
            self.tracker.moved(&path, now.map(seen));
            self.told.push((path, change, now));
        }
    }

    /// Nothing happens any more, and it looks until it has nothing to say.
    fn settle(&mut self) {
        self.tracker.look_at_all(&self.disk, &Unread::default(), self.now_ms);
        self.tell();
        while let Some(next_ms) = self.tracker.next_ms(STABLE_MS) {
            self.now_ms = self.now_ms.max(next_ms);
            self.look_at(&[]);
        }
        let there: BTreeMap<_, _> =
            self.disk.iter().map(|(path, found)| (path.clone(), seen(*found))).collect();
        assert_eq!(self.cursor, there, "all that is there is told of");
    }
}

fn name(file: u8) -> String {
    format!("file-{file}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn each_final_state_is_told_of_once(acts in acts()) {
        let mut town = Town::default();
        for act in &acts {
            town.act(act);
        }
        town.settle();
        let told = town.told.len();
        town.settle();
        town.act(&Act::Restart);
        town.settle();
        prop_assert_eq!(town.told.len(), told, "nothing has changed since");
    }
}

fn found(size: u64) -> Option<Found> {
    Some(Found { size, modified_ns: size })
}

/// A tracker that has seen `a` of size 1.
fn tracker() -> Tracker {
    let mut tracker = Tracker::default();
    tracker.reads(BTreeMap::from([("a".to_owned(), seen(Found { size: 1, modified_ns: 1 }))]));
    tracker
}

#[test]
fn what_is_replaced_is_modified_once() {
    let mut tracker = tracker();
    tracker.look("a", None, 0);
    tracker.look("a", found(2), 4);
    assert!(tracker.settled(13, 10, 9).is_empty(), "it counts from the last change");
    assert_eq!(tracker.settled(14, 10, 9), [("a".to_owned(), found(2))]);
    assert_eq!(tracker.change("a", found(2)), FileChange::Modified);
}

#[test]
fn what_came_and_went_and_what_is_as_before_is_nothing() {
    let mut tracker = tracker();
    tracker.look("b", found(5), 0);
    tracker.look("b", None, 5);
    tracker.look("a", found(9), 0);
    tracker.look("a", found(1), 5);
    assert_eq!(tracker.next_ms(10), None);
    assert!(tracker.settled(1_000, 10, 9).is_empty());
}

#[test]
fn those_that_have_waited_longest_go_first_and_no_more_than_is_asked() {
    let mut tracker = tracker();
    for (path, at_ms) in [("d", 1), ("c", 3), ("b", 2)] {
        tracker.look(path, found(1), at_ms);
    }
    let settled: Vec<_> = tracker.settled(20, 10, 2).into_iter().map(|(path, _)| path).collect();
    assert_eq!(settled, ["d", "b"]);
    assert_eq!(tracker.next_ms(10), Some(11));
}

#[test]
fn what_cannot_be_looked_at_is_as_it_was_seen() {
    let mut tracker = tracker();
    let file = |size| seen(Found { size, modified_ns: size });
    let before = ["a", "shut/b", "gone/c"].map(|path| (path.to_owned(), file(1)));
    tracker.reads(BTreeMap::from(before));
    // it was about to be told of when its directory was shut
    tracker.look("shut/new", found(1), 0);
    let mut unread = Unread::default();
    unread.add("shut", Errno::ACCESS);
    let all = BTreeMap::from([("a".to_owned(), Found { size: 2, modified_ns: 2 })]);
    tracker.look_at_all(&all, &unread, 5);
    let settled = tracker.settled(100, 10, 9);
    assert_eq!(settled, [("a".to_owned(), found(2)), ("gone/c".to_owned(), None)]);
    // once it is open again, what came meanwhile is there
    let mut open = all.clone();
    open.insert("shut/b".to_owned(), Found { size: 1, modified_ns: 1 });
    open.insert("shut/new".to_owned(), Found { size: 1, modified_ns: 1 });
    tracker.look_at_all(&open, &Unread::default(), 200);
    let paths: Vec<_> = tracker.settled(210, 10, 9).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["a", "gone/c", "shut/new"]);
}
