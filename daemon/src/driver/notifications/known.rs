//! What is kept in memory of notifications, so that nothing is looked for when work goes well.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rpa_engine::RunId;
use rpa_engine::notification::{Kind, Standing};

use super::alike::Alike;
use crate::store::{FailedRun, MOST_NOTIFICATIONS, NotificationRow, StoreError, Tables};

/// Rows that are read at once.
const AT_ONCE: usize = 500;

/// Notifications of which more may become, by what they are about; and which may go.
#[derive(Debug, Default)]
pub(in crate::driver) struct Known {
    pub(super) numbers: HashMap<Alike, u64>,
    /// Runs that ask, or are in doubt, as it is told.
    asking: HashSet<RunId>,
    failed: Failed,
    /// The numbers of those that are done.
    done: BTreeSet<u64>,
    /// Of those that have happened and that nobody has seen.
    unseen: BTreeSet<u64>,
    /// Of those that cannot be read, and why: they stay as they are until a person has seen
    /// that they cannot.
    unreadable: BTreeMap<u64, String>,
}

/// Failed runs that no rerun has mended, with the id of what tells of each.
#[derive(Debug, Default)]
struct Failed {
    runs: HashMap<RunId, RunId>,
    /// By whose work they did.
    by_first: HashMap<RunId, BTreeSet<(u64, RunId)>>,
    /// Where what tells of them is now.
    numbers: HashMap<u64, u64>,
}

impl Failed {
    fn put(&mut self, number: u64, row: &NotificationRow) {
        for FailedRun { run, first } in &row.failed {
            self.runs.insert(*run, *first);
            self.by_first.entry(*first).or_default().insert((row.id, *run));
        }
        if !row.failed.is_empty() {
            self.numbers.insert(row.id, number);
        }
    }

    fn remove(&mut self, row: &NotificationRow) {
        for failed in &row.failed {
            self.remove_run(row.id, failed);
        }
        self.numbers.remove(&row.id);
    }

    fn remove_run(&mut self, id: u64, FailedRun { run, first }: &FailedRun) {
        self.runs.remove(run);
        if let Some(all) = self.by_first.get_mut(first) {
            all.remove(&(id, *run));
            if all.is_empty() {
                self.by_first.remove(first);
            }
        }
    }
}

impl Known {
    /// All that there are, as after a start. Those that cannot be read are set aside.
    pub fn read(tables: &Tables<'_>) -> Result<Known, StoreError> {
        let (mut known, mut from) = (Known::default(), 0);
        loop {
            let some = tables.notifications_from(from, AT_ONCE)?;
            let Some((last, _)) = some.last() else { return Ok(known) };
            from = last + 1;
            for (number, stored) in &some {
                match stored {
                    Ok(row) => known.remember(*number, row),
                    Err(error) => known.set_aside(*number, error),
                }
            }
        }
    }

    /// One that is in the store, at this number: what may become of it is remembered.
    pub(super) fn remember(&mut self, number: u64, row: &NotificationRow) {
        self.forget_place(number);
        match (row.standing(), row.stands()) {
            (Standing::Done, _) => {
                self.forget_what(number, row);
                self.done.insert(number);
                return;
            }
            (Standing::Unread | Standing::Open, true) => {}
            (Standing::Unread | Standing::Open, false) => {
                self.unseen.insert(number);
            }
        }
        if let (Kind::RunInDoubt | Kind::ApprovalWaiting, Some(run)) = (row.kind(), row.subject.run)
        {
            self.asking.insert(run);
        }
        self.failed.put(number, row);
        self.numbers.insert(Alike::of_row(row), number);
    }

    /// It is not there any more, or has another number.
    pub(super) fn forget(&mut self, number: u64, row: &NotificationRow) {
        self.forget_place(number);
        self.forget_what(number, row);
    }

    pub(super) fn forget_place(&mut self, number: u64) {
        self.done.remove(&number);
        self.unseen.remove(&number);
    }

    fn forget_what(&mut self, number: u64, row: &NotificationRow) {
        self.failed.remove(row);
        let alike = Alike::of_row(row);
        if self.numbers.get(&alike) != Some(&number) {
            return;
        }
        self.numbers.remove(&alike);
        let Some(run) = row.subject.run else { return };
        let other = match alike.kind {
            Kind::RunInDoubt => Kind::ApprovalWaiting,
            Kind::ApprovalWaiting => Kind::RunInDoubt,
            // it says nothing of whether the run asks
            _ => return,
        };
        if !self.numbers.contains_key(&Alike { kind: other, ..alike }) {
            self.asking.remove(&run);
        }
    }

    /// A failed run is told of by this one no more, which stays.
    pub(super) fn forget_failed(&mut self, id: u64, failed: &FailedRun) {
        self.failed.remove_run(id, failed);
    }

    /// Whether it was told that a run asks, or is in doubt.
    pub(super) fn asks(&self, run: RunId) -> bool {
        self.asking.contains(&run)
    }

    pub(super) fn has_failed(&self) -> bool {
        !self.failed.runs.is_empty()
    }

    /// Failed runs that did the same work as this one, or as what it was first a rerun of: by
    /// the numbers of what tells of them.
    pub(super) fn failed_with(&self, run: RunId) -> BTreeMap<u64, BTreeSet<RunId>> {
        let first = self.failed.runs.get(&run).copied();
        let mut found: BTreeMap<u64, BTreeSet<RunId>> = BTreeMap::new();
        let all = [Some(run), first].into_iter().flatten();
        for (id, run) in all.filter_map(|first| self.failed.by_first.get(&first)).flatten() {
            if let Some(number) = self.failed.numbers.get(id) {
                found.entry(*number).or_default().insert(*run);
            }
        }
        found
    }

    /// The one that goes first when there are more than are kept: of those that are done the
    /// oldest, then of those that nobody has seen. What stands never goes.
    pub(super) fn surplus(&self) -> Option<u64> {
        if self.done.len() + self.unseen.len() <= MOST_NOTIFICATIONS {
            return None;
        }
        self.done.first().or_else(|| self.unseen.first()).copied()
    }

    /// What is stored at this number cannot be read: nobody finds it any more.
    pub(super) fn set_aside(&mut self, number: u64, error: &StoreError) {
        self.forget_place(number);
        if self.unreadable.insert(number, error.to_string()).is_none() {
            tracing::error!(number, %error, "a notification cannot be read and is set aside");
        }
    }

    /// Numbers that cannot be read, and why.
    pub(in crate::driver) fn unreadable(&self) -> &BTreeMap<u64, String> {
        &self.unreadable
    }

    pub(super) fn is_gone(&mut self, number: u64) {
        self.unreadable.remove(&number);
    }
}
