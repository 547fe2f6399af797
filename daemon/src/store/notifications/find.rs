//! Notifications as they are found on a snapshot.

use std::collections::BTreeSet;
use std::iter::Peekable;

use redb::ReadOnlyTable;
use rpa_engine::notification::{Kind, Standing};

use super::super::codec::decode;
use super::super::error::StoreError;
use super::super::query::Reader;
use super::super::schema::{self, NamespaceId};
use super::super::triggers::TriggerKey;
use super::change::COUNTS;
use super::{Counts, Stored, Subject, namespace_code, standing_code, stored};

/// One list of the index, the newest first.
type List = Peekable<Box<dyn Iterator<Item = Result<u64, StoreError>>>>;

/// Some lists of the index as one, the newest first: it costs as much as is taken of it.
pub struct Found {
    rows: ReadOnlyTable<u64, &'static [u8]>,
    lists: Vec<(Standing, List)>,
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Found").field("lists", &self.lists.len()).finish_non_exhaustive()
    }
}

impl Found {
    /// The next number, with how it stands.
    fn take(&mut self) -> Option<Result<(u64, Standing), StoreError>> {
        let number = |list: &mut List| match list.peek() {
            // what is wrong is told before anything else
            Some(Err(_)) => Some(u64::MAX),
            Some(Ok(number)) => Some(*number),
            None => None,
        };
        let heads = self.lists.iter_mut().enumerate();
        let heads = heads.filter_map(|(at, (_, list))| Some((number(list)?, at)));
        let (_, at) = heads.max()?;
        let (standing, list) = self.lists.get_mut(at)?;
        Some(list.next()?.map(|number| (number, *standing)))
    }
}

impl Iterator for Found {
    type Item = Result<(u64, Standing, Stored), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (number, standing) = match self.take()? {
                Ok(next) => next,
                Err(error) => return Some(Err(error)),
            };
            match self.rows.get(number) {
                Ok(Some(row)) => {
                    return Some(stored(row.value()).map(|row| (number, standing, row)));
                }
                // the audit tells of it
                Ok(None) => {}
                Err(error) => return Some(Err(error.into())),
            }
        }
    }
}

impl Reader {
    pub fn notification_counts(&self) -> Result<Counts, StoreError> {
        let row = self.open(schema::META)?.get(COUNTS)?;
        Ok(row.map(|bytes| decode("counts", bytes.value())).transpose()?.unwrap_or_default())
    }

    /// What is shown in a namespace and stands in one of these ways, before this number and
    /// with their numbers, the newest first.
    pub fn notifications_shown(
        &self,
        namespace: Option<NamespaceId>,
        standings: &[Standing],
        before: u64,
    ) -> Result<Found, StoreError> {
        let index = self.open(schema::NOTIFICATION_INDEX)?;
        let namespaces: BTreeSet<u32> = [None, namespace].map(namespace_code).into();
        let mut lists = Vec::new();
        for namespace in namespaces {
            for standing in standings {
                let code = standing_code(*standing);
                let places = index.range((namespace, code, 0)..(namespace, code, before))?;
                let numbers = places.rev().map(|entry| Ok(entry?.0.value().2));
                let numbers: Box<dyn Iterator<Item = Result<u64, StoreError>>> = Box::new(numbers);
                lists.push((*standing, numbers.peekable()));
            }
        }
        Ok(Found { rows: self.open(schema::NOTIFICATIONS)?, lists })
    }

    /// All of them, the newest first.
    pub fn notifications(
        &self,
    ) -> Result<impl Iterator<Item = Result<(u64, Stored), StoreError>>, StoreError> {
        let rows = self.open(schema::NOTIFICATIONS)?.range::<u64>(..)?.rev();
        Ok(rows.map(|entry| {
            let (number, row) = entry?;
            Ok((number.value(), stored(row.value())?))
        }))
    }

    /// The numbers of those that do not stand and whose last happening was before that moment.
    pub fn old_notifications(&self, before_ms: u64) -> Result<Vec<u64>, StoreError> {
        let mut old = Vec::new();
        for entry in self.notifications()? {
            let (number, row) = entry?;
            // one that cannot be read has no time: it stays until a person has seen it
            if row.is_ok_and(|row| row.last_ms < before_ms && !row.stands()) {
                old.push(number);
            }
        }
        Ok(old)
    }

    /// Triggers of whose sources people are told that they fail.
    pub fn told_as_failing(&self) -> Result<BTreeSet<TriggerKey>, StoreError> {
        let mut failing = BTreeSet::new();
        for entry in self.notifications()? {
            // the driver says of one that cannot be read that it cannot
            let (_, Ok(row)) = entry? else { continue };
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
}
