//! What differs between what a trigger has seen and what is there now, and since when it
//! has been as it is. It reads no clock and no file.
//!
//! | seen | now | is |
//! |---|---|---|
//! | no | a file | created |
//! | a file | another size or time | modified |
//! | a file | no | deleted |
//! | both the same, or neither | | nothing, whatever it was between two looks |
//!
//! A difference is told of when it has not changed for as long as the trigger says: a file
//! that is being written is told of once, one that is replaced is modified, and one that
//! came and went is nothing.

use std::collections::{BTreeMap, BTreeSet};

use rpa_engine::trigger::FileChange;

use super::unread::Unread;
use crate::store::SeenFile;

/// A file as a look finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Bytes.
    pub size: u64,
    /// Since 1970.
    pub modified_ns: u64,
}

/// What is known of the files of one trigger.
#[derive(Debug, Default)]
pub(super) struct Tracker {
    seen: BTreeMap<String, SeenFile>,
    unsettled: BTreeMap<String, Unsettled>,
}

/// A file that is not as it was seen.
#[derive(Debug)]
struct Unsettled {
    now: Option<Found>,
    /// When it was found so first.
    since_ms: u64,
}

impl Tracker {
    /// The cursor as the store has it. What was found unsettled stays so.
    pub(super) fn reads(&mut self, seen: BTreeMap<String, SeenFile>) {
        self.seen = seen;
        let seen = &self.seen;
        self.unsettled.retain(|path, file| !is_same(seen.get(path), file.now));
    }

    pub(super) fn seen(&self) -> &BTreeMap<String, SeenFile> {
        &self.seen
    }

    /// A file is so now.
    pub(super) fn look(&mut self, path: &str, now: Option<Found>, at_ms: u64) {
        if is_same(self.seen.get(path), now) {
            self.unsettled.remove(path);
            return;
        }
        match self.unsettled.get_mut(path) {
            Some(file) if file.now == now => {}
            Some(file) => *file = Unsettled { now, since_ms: at_ms },
            None => {
                self.unsettled.insert(path.to_owned(), Unsettled { now, since_ms: at_ms });
            }
        }
    }

    /// These are all files that are there now, but for those that could not be looked at:
    /// of them it stays with what was seen.
    pub(super) fn look_at_all(
        &mut self,
        all: &BTreeMap<String, Found>,
        unread: &Unread,
        at_ms: u64,
    ) {
        for (path, now) in all {
            self.look(path, Some(*now), at_ms);
        }
        let known = self.seen.keys().chain(self.unsettled.keys());
        let gone: BTreeSet<String> =
            known.filter(|path| !all.contains_key(*path)).cloned().collect();
        for path in gone {
            match unread.covers(&path) {
                true => self.forget(&path),
                false => self.look(&path, None, at_ms),
            }
        }
    }

    /// A file cannot be looked at: whatever else it was found to be than it was seen is not
    /// told of before it can be.
    pub(super) fn forget(&mut self, path: &str) {
        self.unsettled.remove(path);
    }

    /// Files that have not changed for so long, those that have waited longest first, `most`
    /// of them.
    pub(super) fn settled(
        &self,
        at_ms: u64,
        stable_ms: u64,
        most: usize,
    ) -> Vec<(String, Option<Found>)> {
        let is_settled = |file: &Unsettled| file.since_ms.saturating_add(stable_ms) <= at_ms;
        let settled = self.unsettled.iter().filter(|(_, file)| is_settled(file));
        let mut settled: Vec<_> = settled.collect();
        settled.sort_by_key(|(_, file)| file.since_ms);
        settled.into_iter().take(most).map(|(path, file)| (path.clone(), file.now)).collect()
    }

    /// When the next file will have been unchanged for so long.
    pub(super) fn next_ms(&self, stable_ms: u64) -> Option<u64> {
        let first = self.unsettled.values().map(|file| file.since_ms).min();
        first.map(|since_ms| since_ms.saturating_add(stable_ms))
    }

    /// What has become of a file, as it was seen before.
    pub(super) fn change(&self, path: &str, now: Option<Found>) -> FileChange {
        match (self.seen.contains_key(path), now) {
            (_, None) => FileChange::Deleted,
            (true, Some(_)) => FileChange::Modified,
            (false, Some(_)) => FileChange::Created,
        }
    }

    /// The cursor of a file has moved.
    pub(super) fn moved(&mut self, path: &str, file: Option<SeenFile>) {
        if let Some(unsettled) = self.unsettled.get(path)
            && is_same(file.as_ref(), unsettled.now)
        {
            self.unsettled.remove(path);
        }
        match file {
            Some(file) => self.seen.insert(path.to_owned(), file),
            None => self.seen.remove(path),
        };
    }
}

fn is_same(seen: Option<&SeenFile>, now: Option<Found>) -> bool {
    match (seen, now) {
        (Some(seen), Some(now)) => (seen.size, seen.modified_ns) == (now.size, now.modified_ns),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}
