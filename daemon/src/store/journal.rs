//! The journal of a run: what has been decided, in order.
//!
//! ```text
//! key: number of the last event | row: when, and the events of one decision
//! ```
//! A decision is a row, not each of its events: rows are most of what a step costs. Under
//! the number of the last event, the last key of a journal says how many events there are.

use redb::{AccessGuard, ReadableTable};
use rpa_engine::RunId;
use rpa_engine::run::Event;
use serde::{Deserialize, Serialize};

use super::codec::decode_of;
use super::error::StoreError;
use super::parts::{self, Many, Part};
use super::write::Tables;

type Bytes = &'static [u8];
/// A row, as a table gives it.
type Found<'r> = Result<(AccessGuard<'r, Bytes>, AccessGuard<'r, Bytes>), redb::StorageError>;

/// Most events in one row: who reads a page of a journal reads little beside it.
const EVENTS: usize = 16;

/// What was decided at one moment; a decision of more than [`EVENTS`] has several rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct JournalRow<E = Vec<Event>> {
    pub(super) at_ms: u64,
    pub(super) events: E,
}

/// An event, and when it was decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub at_ms: u64,
    pub event: Event,
}

impl Tables<'_> {
    /// Appends a decision to the journal of a run, whose next event has the number `next`.
    pub(super) fn add_to_journal(
        &mut self,
        run: RunId,
        next: u64,
        events: &[Event],
        at_ms: u64,
    ) -> Result<(), StoreError> {
        let mut next = next;
        for events in events.chunks(EVENTS) {
            next += events.len() as u64;
            self.put(run, Part::Events(next - 1), &JournalRow { at_ms, events })?;
        }
        Ok(())
    }
}

/// The events of these rows with their numbers, from number `from` on. Read a row at a time,
/// from either end.
pub(super) fn entries<'r>(
    run: RunId,
    rows: impl DoubleEndedIterator<Item = Found<'r>>,
    from: u64,
) -> impl DoubleEndedIterator<Item = Result<(u64, Entry), StoreError>> {
    rows.flat_map(move |row| match entries_of(run, row) {
        Ok(mut entries) => {
            entries.retain(|(number, _)| *number >= from);
            entries.into_iter().map(Ok).collect()
        }
        Err(error) => vec![Err(error)],
    })
}

fn entries_of(run: RunId, row: Found<'_>) -> Result<Vec<(u64, Entry)>, StoreError> {
    let (key, row) = row?;
    let last = parts::number_of(key.value()).map_err(|e| e.of(run))?;
    let JournalRow { at_ms, events }: JournalRow = decode_of(run, "journal", row.value())?;
    let first = last.checked_add(1).and_then(|end| end.checked_sub(events.len() as u64));
    let first = first.ok_or_else(|| StoreError::corrupt("a journal of too many events").of(run))?;
    let entries = events.into_iter().map(|event| Entry { at_ms, event });
    Ok((first..).zip(entries).collect())
}

/// How many events there have been: the number of the next one.
pub(super) fn len(rows: &impl ReadableTable<Bytes, Bytes>, run: RunId) -> Result<u64, StoreError> {
    let journal = Many::Journal.of(run);
    let mut journal = rows.range(journal.start.as_slice()..journal.end.as_slice())?;
    match journal.next_back().transpose()? {
        Some((key, _)) => Ok(parts::number_of(key.value())? + 1),
        None => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Store;
    use super::*;

    const RUN: RunId = RunId(7);

    proptest! {
        #[test]
        fn a_journal_is_read_as_it_was_written(
            decisions in prop::collection::vec(1..3 * EVENTS, 0..9), from in 0..50u64,
        ) {
            let store = Store::in_memory();
            let mut written = Vec::new();
            for (at_ms, events) in (1..).zip(decisions) {
                let first = written.len() as u64;
                let events: Vec<Event> = (first..).take(events).map(event).collect();
                store.transact(|tables| tables.add_to_journal(RUN, first, &events, at_ms)).unwrap();
                let entries = events.into_iter().map(|event| Entry { at_ms, event });
                written.extend((first..).zip(entries));
            }
            let txn = store.begin_read().unwrap();
            let rows = txn.open_table(super::super::schema::RUN_ROWS).unwrap();
            prop_assert_eq!(len(&rows, RUN).unwrap(), written.len() as u64);
            written.retain(|(number, _)| *number >= from);
            let range = parts::events_from(RUN, from);
            let found = || rows.range(range.start.as_slice()..range.end.as_slice()).unwrap();
            let read: Vec<_> = entries(RUN, found(), from).map(Result::unwrap).collect();
            prop_assert_eq!(&read, &written);
            written.reverse();
            let read: Vec<_> = entries(RUN, found(), from).rev().map(Result::unwrap).collect();
            prop_assert_eq!(read, written);
        }
    }

    fn event(number: u64) -> Event {
        Event::StepWaiting { path: "a".parse().unwrap(), until_ms: number }
    }
}
