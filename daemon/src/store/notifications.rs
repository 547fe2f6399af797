//! What deserves a person's attention, with who has seen it.
//!
//! ```text
//! notifications   number of the last happening -> NotificationRow
//! meta            `notifications`              -> Counts
//! ```
//! Numbers are counted up with each happening, so that the newest stands last. The id of a
//! notification is the number of its first: it stays when more of the same is counted in it.
//! The newest [`MOST`] are kept.

use std::collections::{BTreeMap, BTreeSet};

use redb::ReadableTable;
use rpa_engine::actor::Actor;
use rpa_engine::catalog::Mark;
use rpa_engine::notification::{Kind, Settled, Standing, What};
use rpa_engine::{Ident, RunId, StepPath, WorkflowRef};
use serde::{Deserialize, Serialize};

use super::codec::{decode, encode};
use super::error::StoreError;
use super::query::Reader;
use super::schema::{self, NamespaceId};
use super::triggers::TriggerKey;
use super::write::Tables;

/// Notifications that are kept: a hundred a day for a quarter of a year. All of them are
/// read at a start, in a tenth of a second.
pub const MOST: u64 = 10_000;

/// The row of [`Counts`] in `meta`.
const COUNTS: &str = "notifications";
/// The row of [`Life`] in `meta`: it is there while a daemon works on the store.
const LIFE: &str = "life";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotificationRow {
    /// The number of its first happening.
    pub id: u64,
    /// None for one about the daemon itself, which is shown in all of them.
    pub namespace: Option<NamespaceId>,
    pub subject: Subject,
    /// Of the last happening.
    pub what: What,
    pub count: u64,
    pub first_ms: u64,
    pub last_ms: u64,
    pub acknowledged: Option<Mark>,
    pub settled: Option<(u64, Settled)>,
}

/// Whom a notification concerns: of several alike the newest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    pub workflow: Option<WorkflowRef>,
    pub run: Option<RunId>,
    pub step: Option<StepPath>,
    pub trigger: Option<Ident>,
    pub slot_ms: Option<u64>,
}

/// How many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The number of the last happening.
    pub last: u64,
    pub all: u64,
    pub of: BTreeMap<Option<NamespaceId>, Unfinished>,
}

/// Of one namespace: those that nobody has seen, and all that are not done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    pub unread: u64,
    pub open: u64,
}

/// The life of a daemon that has not been stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// The kernel's id of the boot in which it began; empty when that cannot be told.
    pub boot: String,
    pub since_ms: u64,
}

impl NotificationRow {
    pub fn kind(&self) -> Kind {
        self.what.kind()
    }

    pub fn standing(&self) -> Standing {
        Standing::of(self.kind(), self.acknowledged.is_some(), self.settled.is_some())
    }

    fn counted(&self) -> Unfinished {
        match self.standing() {
            Standing::Unread => Unfinished { unread: 1, open: 1 },
            Standing::Open => Unfinished { unread: 0, open: 1 },
            Standing::Done => Unfinished::default(),
        }
    }
}

impl Counts {
    /// One more, or one that is another now.
    pub(super) fn enter(&mut self, row: &NotificationRow) {
        let (of, new) = (self.of.entry(row.namespace).or_default(), row.counted());
        (of.unread, of.open) = (of.unread + new.unread, of.open + new.open);
        self.all += 1;
    }

    fn leave(&mut self, row: &NotificationRow) {
        let old = row.counted();
        if let Some(of) = self.of.get_mut(&row.namespace) {
            of.unread = of.unread.saturating_sub(old.unread);
            of.open = of.open.saturating_sub(old.open);
            if *of == Unfinished::default() {
                self.of.remove(&row.namespace);
            }
        }
        self.all = self.all.saturating_sub(1);
    }

    /// What is shown in a namespace: its own, and what concerns the daemon.
    pub fn shown_in(&self, namespace: Option<NamespaceId>) -> Unfinished {
        let own = namespace.and_then(|namespace| self.of.get(&Some(namespace)));
        let all = self.of.get(&None);
        [own, all].into_iter().flatten().fold(Unfinished::default(), |sum, of| Unfinished {
            unread: sum.unread + of.unread,
            open: sum.open + of.open,
        })
    }
}

impl Tables<'_> {
    fn counts(&self) -> Result<Counts, StoreError> {
        let row = self.meta.get(COUNTS)?;
        Ok(row.map(|bytes| decode("counts", bytes.value())).transpose()?.unwrap_or_default())
    }

    fn put_counts(&mut self, counts: &Counts) -> Result<(), StoreError> {
        self.meta.insert(COUNTS, encode(counts)?.as_slice())
    }

    pub fn notification(&self, number: u64) -> Result<Option<NotificationRow>, StoreError> {
        let row = self.notifications.get(number)?;
        row.map(|bytes| decode("notification", bytes.value())).transpose()
    }

    /// A new one, or at `before` one of which `row` is what it has become by this happening.
    /// Gives its number, and the one that had to go for it.
    pub fn add_notification(
        &mut self,
        before: Option<u64>,
        row: NotificationRow,
    ) -> Result<(u64, Option<(u64, NotificationRow)>), StoreError> {
        let mut row = row;
        let mut counts = self.counts()?;
        counts.last += 1;
        if let Some(before) = before
            && let Some(old) = self.notification(before)?
        {
            counts.leave(&old);
            self.notifications.remove(before)?;
        } else {
            row.id = counts.last;
        }
        counts.enter(&row);
        self.notifications.insert(counts.last, encode(&row)?.as_slice())?;
        let mut gone = None;
        if counts.all > MOST
            && let Some((oldest, old)) = self.notifications_from(0, 1)?.pop()
        {
            counts.leave(&old);
            self.notifications.remove(oldest)?;
            gone = Some((oldest, old));
        }
        self.put_counts(&counts)?;
        Ok((counts.last, gone))
    }

    /// What has become of one without anything new having happened.
    pub fn put_notification(
        &mut self,
        number: u64,
        row: &NotificationRow,
    ) -> Result<(), StoreError> {
        let mut counts = self.counts()?;
        if let Some(old) = self.notification(number)? {
            counts.leave(&old);
        }
        counts.enter(row);
        self.notifications.insert(number, encode(row)?.as_slice())?;
        self.put_counts(&counts)
    }

    pub fn remove_notification(&mut self, number: u64) -> Result<(), StoreError> {
        let Some(old) = self.notification(number)? else { return Ok(()) };
        let mut counts = self.counts()?;
        counts.leave(&old);
        self.notifications.remove(number)?;
        self.put_counts(&counts)
    }

    /// With their numbers from this one on, the oldest first.
    pub fn notifications_from(
        &self,
        number: u64,
        most: usize,
    ) -> Result<Vec<(u64, NotificationRow)>, StoreError> {
        let rows = self.notifications.range(number..)?.take(most);
        rows.map(|entry| {
            let (number, row) = entry?;
            Ok((number.value(), decode("notification", row.value())?))
        })
        .collect()
    }

    /// Those with these ids, in the order of their numbers, none of which is below its id.
    pub fn notifications_of(
        &self,
        ids: &BTreeSet<u64>,
    ) -> Result<Vec<(u64, NotificationRow)>, StoreError> {
        let (mut found, mut left) = (Vec::new(), ids.len());
        let Some(first) = ids.first() else { return Ok(found) };
        for entry in self.notifications.range(*first..)? {
            if left == 0 {
                break;
            }
            let (number, row) = entry?;
            let row: NotificationRow = decode("notification", row.value())?;
            if ids.contains(&row.id) {
                found.push((number.value(), row));
                left -= 1;
            }
        }
        Ok(found)
    }

    /// A daemon works on this store from now on; gives the one that did and has not been
    /// stopped.
    pub fn begin_life(&mut self, life: &Life) -> Result<Option<Life>, StoreError> {
        let before = self.meta.get(LIFE)?;
        let before = before.map(|bytes| decode("life", bytes.value())).transpose()?;
        self.meta.insert(LIFE, encode(life)?.as_slice())?;
        Ok(before)
    }

    /// The daemon stops.
    pub(super) fn end_life(&mut self) -> Result<(), StoreError> {
        self.meta.remove(LIFE)
    }
}

impl Reader {
    pub fn notification_counts(&self) -> Result<Counts, StoreError> {
        let row = self.open(schema::META)?.get(COUNTS)?;
        Ok(row.map(|bytes| decode("counts", bytes.value())).transpose()?.unwrap_or_default())
    }

    /// With their numbers before this one, the newest first.
    pub fn notifications(
        &self,
        before: u64,
    ) -> Result<impl Iterator<Item = Result<(u64, NotificationRow), StoreError>>, StoreError> {
        let rows = self.open(schema::NOTIFICATIONS)?.range(..before)?.rev();
        Ok(rows.map(|entry| {
            let (number, row) = entry?;
            Ok((number.value(), decode("notification", row.value())?))
        }))
    }

    /// Triggers of whose sources people are told that they fail.
    pub fn told_as_failing(&self) -> Result<BTreeSet<TriggerKey>, StoreError> {
        let mut failing = BTreeSet::new();
        for entry in self.notifications(u64::MAX)? {
            let (_, row) = entry?;
            let is_open = row.kind() == Kind::TriggerFailing && row.settled.is_none();
            let Subject { workflow, trigger, .. } = row.subject;
            if let (true, Some(namespace), Some(workflow), Some(trigger)) =
                (is_open, row.namespace, workflow, trigger)
            {
                failing.insert(TriggerKey { namespace, workflow: workflow.name, trigger });
            }
        }
        Ok(failing)
    }

    /// When the oldest happened last.
    pub fn oldest_notification_ms(&self) -> Result<Option<u64>, StoreError> {
        let table = self.open(schema::NOTIFICATIONS)?;
        let Some((_, row)) = table.first()? else { return Ok(None) };
        let row: NotificationRow = decode("notification", row.value())?;
        Ok(Some(row.last_ms))
    }
}

/// Whether the counts say what the rows are; for the audit.
pub(super) fn count<'r>(rows: impl Iterator<Item = &'r NotificationRow>) -> Counts {
    let mut counts = Counts::default();
    rows.for_each(|row| counts.enter(row));
    counts
}

/// Seen by `by` at that moment.
pub fn seen(by: &Actor, at_ms: u64) -> Mark {
    Mark { at_ms, by: by.clone() }
}

#[cfg(test)]
mod tests {
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
            first_ms: 1,
            last_ms: 1,
            acknowledged: None,
            settled: None,
        }
    }

    fn unfinished(store: &Store, namespace: u32) -> (u64, u64) {
        let counts = store.read().unwrap().notification_counts().unwrap();
        let Unfinished { unread, open } = counts.shown_in(Some(NamespaceId(namespace)));
        (unread, open)
    }

    #[test]
    fn one_that_happens_again_keeps_its_id_and_becomes_the_newest() {
        let store = Store::in_memory();
        let add = |before, new| {
            let added = store.transact(|tables| tables.add_notification(before, new));
            added.unwrap().0
        };
        let first = add(None, row(Some(1), What::SlotSkipped));
        let second = add(None, row(None, What::DiskLow));
        assert_eq!((unfinished(&store, 1), unfinished(&store, 2)), ((2, 2), (1, 1)));
        let again = NotificationRow { id: first, count: 2, ..row(Some(1), What::SlotSkipped) };
        let third = add(Some(first), again);
        let reader = store.read().unwrap();
        let rows: Vec<_> = reader.notifications(u64::MAX).unwrap().map(Result::unwrap).collect();
        let told: Vec<_> = rows.iter().map(|(number, row)| (*number, row.id, row.count)).collect();
        assert_eq!(told, [(third, first, 2), (second, second, 1)]);
        assert_eq!(unfinished(&store, 1), (2, 2));
        let seen = NotificationRow {
            acknowledged: Some(seen(&Actor { who: "ana".into(), origin: Origin::Cli }, 5)),
            ..rows[1].1.clone()
        };
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
    fn the_oldest_goes_when_there_are_too_many() {
        let store = Store::in_memory();
        let fill = |tables: &mut Tables<'_>| {
            for _ in 0..MOST {
                let (_, gone) = tables.add_notification(None, row(Some(1), What::SlotSkipped))?;
                assert!(gone.is_none());
            }
            let (_, gone) = tables.add_notification(None, row(Some(1), What::DeliveryDropped))?;
            Ok(gone)
        };
        let (number, gone) = store.transact(fill).unwrap().expect("the oldest");
        assert_eq!((number, gone.id), (1, 1));
        assert_eq!(unfinished(&store, 1), (MOST, MOST));
        assert_eq!(store.read().unwrap().notification_counts().unwrap().all, MOST);
    }
}
