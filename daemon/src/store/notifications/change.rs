//! What one transaction does to notifications. The rows, their places in the index and the
//! counts change together.

use std::collections::BTreeSet;

use super::super::codec::{decode, encode};
use super::super::error::StoreError;
use super::super::write::Tables;
use super::{Counts, Life, NotificationRow, Stored, namespace_of, standing_of, stored};

/// The row of [`Counts`] in `meta`.
pub(super) const COUNTS: &str = "notifications";
/// The row of [`Life`] in `meta`: it is there while a daemon works on the store.
const LIFE: &str = "life";

impl Tables<'_> {
    fn counts(&self) -> Result<Counts, StoreError> {
        let row = self.meta.get(COUNTS)?;
        Ok(row.map(|bytes| decode("counts", bytes.value())).transpose()?.unwrap_or_default())
    }

    fn put_counts(&mut self, counts: &Counts) -> Result<(), StoreError> {
        self.meta.insert(COUNTS, encode(counts)?.as_slice())
    }

    /// The one at a number; one that cannot be read is an error within.
    pub fn notification(&self, number: u64) -> Result<Option<Stored>, StoreError> {
        let row = self.notifications.get(number)?;
        row.map(|bytes| stored(bytes.value())).transpose()
    }

    /// A new one, or one that was at `before` and is `row` by this happening. Gives its number.
    pub fn add_notification(
        &mut self,
        before: Option<u64>,
        row: &mut NotificationRow,
    ) -> Result<u64, StoreError> {
        let mut counts = self.counts()?;
        counts.last += 1;
        let number = counts.last;
        let old = match before {
            Some(before) => self.notification(before)?.map(|old| (before, old)),
            None => None,
        };
        match old {
            Some((before, Ok(old))) => self.take_out(&mut counts, before, &old)?,
            Some((_, Err(_))) | None => row.id = number,
        }
        self.put_in(&mut counts, number, row)?;
        self.put_counts(&counts)?;
        Ok(number)
    }

    /// What has become of one without anything new having happened.
    pub fn put_notification(
        &mut self,
        number: u64,
        row: &NotificationRow,
    ) -> Result<(), StoreError> {
        let mut counts = self.counts()?;
        if let Some(Ok(old)) = self.notification(number)? {
            self.take_out(&mut counts, number, &old)?;
        }
        self.put_in(&mut counts, number, row)?;
        self.put_counts(&counts)
    }

    /// Removes one, whether it can be read or not.
    pub fn remove_notification(&mut self, number: u64) -> Result<(), StoreError> {
        let mut counts = self.counts()?;
        match self.notification(number)? {
            None => return Ok(()),
            Some(Ok(old)) => self.take_out(&mut counts, number, &old)?,
            Some(Err(_)) => self.take_out_unread(&mut counts, number)?,
        }
        self.put_counts(&counts)
    }

    fn put_in(
        &mut self,
        counts: &mut Counts,
        number: u64,
        row: &NotificationRow,
    ) -> Result<(), StoreError> {
        counts.enter(row.namespace, row.standing());
        self.notifications.insert(number, encode(row)?.as_slice())?;
        self.notification_index.insert(row.place(number), ())
    }

    fn take_out(
        &mut self,
        counts: &mut Counts,
        number: u64,
        row: &NotificationRow,
    ) -> Result<(), StoreError> {
        counts.leave(row.namespace, row.standing());
        self.notifications.remove(number)?;
        self.notification_index.remove(row.place(number))
    }

    /// Its place is known by the index alone, which is looked through for it.
    fn take_out_unread(&mut self, counts: &mut Counts, number: u64) -> Result<(), StoreError> {
        self.notifications.remove(number)?;
        let place = self.place_of(number)?;
        if let Some((namespace, standing, _)) = place {
            if let Some(standing) = standing_of(standing) {
                counts.leave(namespace_of(namespace), standing);
            }
            self.notification_index.remove((namespace, standing, number))?;
        }
        Ok(())
    }

    /// Damages one.
    #[cfg(test)]
    pub fn spoil_notification(&mut self, number: u64) -> Result<(), StoreError> {
        self.notifications.insert(number, [7, 7, 7].as_slice())
    }

    fn place_of(&self, number: u64) -> Result<Option<(u32, u8, u64)>, StoreError> {
        for entry in self.notification_index.iter()? {
            let place = entry?.0.value();
            if place.2 == number {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// With their numbers from this one on, the oldest first.
    pub fn notifications_from(
        &self,
        number: u64,
        most: usize,
    ) -> Result<Vec<(u64, Stored)>, StoreError> {
        let rows = self.notifications.range(number..)?.take(most);
        rows.map(|entry| {
            let (number, row) = entry?;
            Ok((number.value(), stored(row.value())?))
        })
        .collect()
    }

    /// Those with these ids, in the order of their numbers, none of which is below its id.
    /// Those that cannot be read have none.
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
            let Ok(row) = stored(row.value())? else { continue };
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
    pub(in crate::store) fn end_life(&mut self) -> Result<(), StoreError> {
        self.meta.remove(LIFE)
    }
}
