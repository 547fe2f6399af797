//! Request ids, and what each was used for.
//!
//! ```text
//! key: age, id | RequestRow
//!      age, "" | when the age began
//! ```
//! The ids of an age lie together. There are the current age, into which ids are written,
//! and the one before it. An age gives way to the next when it is as old as ids are to be
//! remembered: then no id of the one before it can be younger, and all of them go, a few
//! rows at a time. So nobody ever looks for old ids among all others, and no index of them
//! costs each submission a page. Ages are counted, not reckoned from the clock: one that is
//! set forward and back makes nobody forget what was just accepted.

use redb::ReadableTable;

use super::codec::{decode, encode};
use super::error::StoreError;
use super::query::Reader;
use super::rows::RequestRow;
use super::schema;
use super::write::Tables;

type Bytes = &'static [u8];
type Key = (u32, &'static str);

/// The id of the row that says when an age began; no request has it.
const BEGAN: &str = "";

impl Tables<'_> {
    /// What a request id was used for.
    pub fn request(&self, id: &str) -> Result<Option<RequestRow>, StoreError> {
        find(self.requests.open()?, id)
    }

    pub fn put_request(&mut self, id: &str, row: &RequestRow) -> Result<(), StoreError> {
        let age = current(self.requests.open()?)?;
        self.requests.insert((age, id), encode(row)?.as_slice())
    }

    /// Forgets ids that were last seen more than `memory_ms` ago, at most `most`; whether
    /// there may be more.
    pub fn forget_requests(
        &mut self,
        now_ms: u64,
        memory_ms: u64,
        most: usize,
    ) -> Result<bool, StoreError> {
        let age = current(self.requests.open()?)?;
        let over = self.requests.range(..(age.saturating_sub(1), BEGAN))?.take(most);
        let over: Vec<(u32, String)> = over
            .map(|entry| entry.map(|(key, _)| (key.value().0, key.value().1.to_owned())))
            .collect::<Result<_, _>>()?;
        for (age, id) in &over {
            self.requests.remove((*age, id.as_str()))?;
        }
        if over.len() == most {
            return Ok(true);
        }
        let began_ms = match self.requests.get((age, BEGAN))? {
            Some(bytes) => Some(decode::<u64>("age of requests", bytes.value())?),
            None => None,
        };
        match began_ms {
            Some(began_ms) if now_ms.saturating_sub(began_ms) >= memory_ms => {
                self.begin_age(age + 1, now_ms)?;
                Ok(age > 0)
            }
            // a clock that was set back would keep the age for as long as it was ahead
            Some(began_ms) if began_ms <= now_ms => Ok(false),
            _ => self.begin_age(age, now_ms).map(|()| false),
        }
    }

    fn begin_age(&mut self, age: u32, now_ms: u64) -> Result<(), StoreError> {
        self.requests.insert((age, BEGAN), encode(&now_ms)?.as_slice())
    }
}

impl Reader {
    /// What a request id was used for.
    pub fn request(&self, id: &str) -> Result<Option<RequestRow>, StoreError> {
        find(&self.open(schema::REQUESTS)?, id)
    }
}

/// Whether a row can be read, whichever it is.
pub(super) fn check(id: &str, row: &[u8]) -> Result<(), StoreError> {
    match id {
        BEGAN => decode::<u64>("age of requests", row).map(drop),
        _ => decode::<RequestRow>("request", row).map(drop),
    }
}

fn current(requests: &impl ReadableTable<Key, Bytes>) -> Result<u32, StoreError> {
    Ok(requests.last()?.map_or(0, |(key, _)| key.value().0))
}

fn find(
    requests: &impl ReadableTable<Key, Bytes>,
    id: &str,
) -> Result<Option<RequestRow>, StoreError> {
    let age = current(requests)?;
    for age in [Some(age), age.checked_sub(1)].into_iter().flatten() {
        if let Some(row) = requests.get((age, id))? {
            return decode("request", row.value()).map(Some);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rpa_engine::RunId;

    use super::super::Store;
    use super::*;

    const MEMORY_MS: u64 = 100;

    fn row(n: usize) -> RequestRow {
        RequestRow::Run { run: RunId(n as u128), digest: [0; 32] }
    }

    /// Forgets all that is old, at most two in a transaction.
    fn forget(store: &Store, now_ms: u64) {
        while store.transact(|tables| tables.forget_requests(now_ms, MEMORY_MS, 2)).unwrap() {}
    }

    proptest! {
        #[test]
        fn no_id_is_forgotten_too_early_and_each_one_some_day(
            pauses in prop::collection::vec(0..80u64, 1..40),
        ) {
            let store = Store::in_memory();
            let mut now_ms = 1000;
            let mut seen = Vec::new();
            forget(&store, now_ms);
            for (n, pause) in pauses.into_iter().enumerate() {
                let id = format!("{:x}", n.wrapping_mul(0x9e37_79b9));
                store.transact(|tables| tables.put_request(&id, &row(n))).unwrap();
                seen.push((id, now_ms));
                now_ms += pause;
                forget(&store, now_ms);
                let reader = store.read().unwrap();
                for (n, (id, at_ms)) in seen.iter().enumerate() {
                    let found = reader.request(id).unwrap();
                    if now_ms - at_ms <= MEMORY_MS {
                        prop_assert_eq!(found, Some(row(n)), "{} of {} at {}", id, at_ms, now_ms);
                    } else {
                        prop_assert!(found.as_ref().is_none_or(|found| *found == row(n)));
                        // two ages, and the longest pause in each
                        prop_assert!(found.is_none() || now_ms - at_ms < 2 * (MEMORY_MS + 80));
                    }
                }
            }
        }
    }

    #[test]
    fn a_clock_that_is_set_forgets_nothing_and_keeps_nothing_for_ever() {
        let store = Store::in_memory();
        forget(&store, 1000);
        store.transact(|tables| tables.put_request("a", &row(1))).unwrap();
        let known = || store.read().unwrap().request("a").unwrap().is_some();
        forget(&store, 1_000_000_000);
        assert!(known());
        for later in [0, MEMORY_MS - 1] {
            forget(&store, 1001 + later);
            assert!(known());
        }
        forget(&store, 1001 + MEMORY_MS);
        assert!(!known());
    }
}
