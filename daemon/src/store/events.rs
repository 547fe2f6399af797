//! Rows of events: who waits for which, and those that somebody looks at.
//!
//! | table | has a row for | from | to |
//! |---|---|---|---|
//! | `awaiting` | a step that waits | it began to wait | its end |
//! | `offered`, `offers` | an event and a step with a `match` | it is offered | it is declined, or the step ends |
//! | `events` | an event, whole | its publication, if it is offered to anybody | it is offered to nobody |
//! | `crowded` | a step that is offered as much as it may | `MOST_OFFERED` are offered to it | fewer are, or the step ends |
//!
//! All of it changes in the transactions of the runs' own rows, so that no end of a step,
//! whatever it is, leaves an event behind, and none is gone that a step looks at.

#[cfg(test)]
use std::collections::BTreeSet;

#[cfg(test)]
use redb::ReadableTable;
use rpa_engine::run::{EventId, Published, Run, StepState};
use rpa_engine::{Action, EventName, RunId, StepPath, Wait, WaitEvent};

use super::codec::{decode, encode};
use super::error::StoreError;
use super::parts::step_path;
use super::query::Reader;
use super::schema::{self, NamespaceId};
use super::write::Tables;

/// Under what the number of publications is in the table `meta`.
const PUBLICATIONS: &str = "publications";

/// How far a publication has come that is told in more than one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// Its number: steps that have begun to wait since it was given out are not told.
    pub number: u64,
    pub run: RunId,
    pub path: StepPath,
}

impl Tables<'_> {
    /// How many publications there were that took more than one transaction. A step that
    /// begins to wait remembers it, so that it is known which of two came first: clocks
    /// are set back, and one millisecond has room for both.
    fn publications(&self) -> Result<u64, StoreError> {
        let Some(bytes) = self.meta.get(PUBLICATIONS)? else { return Ok(0) };
        let bytes = bytes.value().try_into();
        let bytes = bytes.map_err(|_| StoreError::corrupt("its number of publications is none"))?;
        Ok(u64::from_le_bytes(bytes))
    }

    /// The number of a publication that is not over with this transaction.
    pub fn count_publication(&mut self) -> Result<u64, StoreError> {
        let number = self.publications()? + 1;
        self.meta.insert(PUBLICATIONS, number.to_le_bytes().as_slice())?;
        Ok(number)
    }

    /// Steps that wait for an event of that name, at most `most`: all, or those behind the
    /// ones that a publication has told, which waited when it began.
    pub fn awaiting(
        &self,
        namespace: NamespaceId,
        name: &EventName,
        behind: Option<&Behind>,
        most: usize,
    ) -> Result<Vec<(RunId, StepPath)>, StoreError> {
        let (run, path) = behind.map_or((0, ""), |last| (last.run.0, last.path.as_str()));
        let mut found = Vec::new();
        let from = (namespace.0, name.as_str(), run, path);
        for entry in self.awaiting.range(from..)? {
            let (key, since) = entry?;
            let (of, event, run, path) = key.value();
            if (of, event) != (namespace.0, name.as_str()) || found.len() == most {
                break;
            }
            let is_told =
                behind.is_some_and(|last| (last.run.0, last.path.as_str()) == (run, path));
            let is_later = behind.is_some_and(|last| since.value() >= last.number);
            if !is_told && !is_later {
                found.push((RunId(run), step_path(RunId(run), path)?));
            }
        }
        Ok(found)
    }

    /// A step that waits for such an event and is offered as much as it may.
    pub fn crowded(
        &self,
        namespace: NamespaceId,
        name: &EventName,
    ) -> Result<Option<(RunId, StepPath)>, StoreError> {
        let from = (namespace.0, name.as_str(), 0, "");
        let Some(entry) = self.crowded.range(from..)?.next() else { return Ok(None) };
        let (key, ()) = (entry?.0, ());
        let (of, event, run, path) = key.value();
        if (of, event) != (namespace.0, name.as_str()) {
            return Ok(None);
        }
        Ok(Some((RunId(run), step_path(RunId(run), path)?)))
    }

    /// Whether the event is offered to the step.
    pub fn is_offered(
        &self,
        event: EventId,
        run: RunId,
        path: &StepPath,
    ) -> Result<bool, StoreError> {
        Ok(self.offered.get((event.0, run.0, path.as_str()))?.is_some())
    }

    fn is_offered_to_any(&self, event: EventId) -> Result<bool, StoreError> {
        let next = self.offered.range((event.0, 0, "")..)?.next().transpose()?;
        Ok(next.is_some_and(|(key, _)| key.value().0 == event.0))
    }

    /// Keeps an event, if it is offered to anybody by now.
    pub fn keep_event(
        &mut self,
        namespace: NamespaceId,
        event: &Published,
    ) -> Result<(), StoreError> {
        let key = (namespace.0, event.id.0);
        if self.is_offered_to_any(event.id)? && self.events.get(key)?.is_none() {
            self.events.insert(key, encode(event)?.as_slice())?;
        }
        Ok(())
    }

    pub(super) fn begin_awaiting(
        &mut self,
        namespace: NamespaceId,
        run: &Run,
        path: &StepPath,
    ) -> Result<(), StoreError> {
        if let Some((name, _)) = awaited(run, path) {
            let since = self.publications()?;
            self.awaiting.insert((namespace.0, name.as_str(), run.id.0, path.as_str()), since)?;
        }
        Ok(())
    }

    /// The step is to look at the event.
    pub(super) fn offer(
        &mut self,
        namespace: NamespaceId,
        run: &Run,
        path: &StepPath,
        event: EventId,
    ) -> Result<(), StoreError> {
        self.offers.insert((run.id.0, path.as_str(), event.0), ())?;
        self.offered.insert((event.0, run.id.0, path.as_str()), ())?;
        self.count_crowd(namespace, run, path)
    }

    /// The step no longer looks at the event; whoever was the last takes it away.
    pub(super) fn withdraw(
        &mut self,
        namespace: NamespaceId,
        run: &Run,
        path: &StepPath,
        event: EventId,
    ) -> Result<(), StoreError> {
        self.offers.remove((run.id.0, path.as_str(), event.0))?;
        self.offered.remove((event.0, run.id.0, path.as_str()))?;
        if !self.is_offered_to_any(event)? {
            self.events.remove((namespace.0, event.0))?;
        }
        self.count_crowd(namespace, run, path)
    }

    /// The step waits no longer, whyever: it looks at nothing any more.
    pub(super) fn end_awaiting(
        &mut self,
        namespace: NamespaceId,
        run: &Run,
        path: &StepPath,
        awaited: &WaitEvent,
    ) -> Result<(), StoreError> {
        let key = (namespace.0, awaited.name.as_str(), run.id.0, path.as_str());
        self.awaiting.remove(key)?;
        if awaited.fits.is_none() {
            // it has taken the first that came
            return Ok(());
        }
        self.crowded.remove(key)?;
        let of = |event| (run.id.0, path.as_str(), event);
        let offers = self.offers.range(of(0)..=of(u128::MAX))?;
        let offers = offers.map(|entry| Ok(EventId(entry?.0.value().2)));
        for event in offers.collect::<Result<Vec<_>, StoreError>>()? {
            self.withdraw(namespace, run, path, event)?;
        }
        Ok(())
    }

    /// Whether the step is crowded by now.
    fn count_crowd(
        &mut self,
        namespace: NamespaceId,
        run: &Run,
        path: &StepPath,
    ) -> Result<(), StoreError> {
        let Some((name, is_crowded)) = awaited(run, path) else { return Ok(()) };
        let key = (namespace.0, name.as_str(), run.id.0, path.as_str());
        match is_crowded {
            true => self.crowded.insert(key, ()),
            false => self.crowded.remove(key),
        }
    }
}

impl Reader {
    /// An event that is offered to somebody.
    pub fn event(
        &self,
        namespace: NamespaceId,
        id: EventId,
    ) -> Result<Option<Published>, StoreError> {
        let table = self.txn.open_table(schema::EVENTS)?;
        table.get((namespace.0, id.0))?.map(|row| decode("event", row.value())).transpose()
    }
}

/// What the step at `path` waits for now, and whether it is crowded.
fn awaited<'r>(run: &'r Run, path: &StepPath) -> Option<(&'r EventName, bool)> {
    match (&run.definition_of(path)?.action, run.steps.get(path)) {
        (Action::Wait(Wait::Event(event)), Some(StepState::Awaiting(awaiting))) => {
            Some((&event.name, awaiting.is_crowded()))
        }
        _ => None,
    }
}

/// All rows of events, for tests.
#[cfg(test)]
#[derive(Debug, Default, PartialEq)]
pub struct EventRows {
    pub awaiting: BTreeSet<(RunId, StepPath)>,
    pub events: BTreeSet<EventId>,
    pub offered: BTreeSet<(EventId, RunId, StepPath)>,
    /// The same from the other table.
    pub offers: BTreeSet<(EventId, RunId, StepPath)>,
    pub crowded: BTreeSet<(RunId, StepPath)>,
}

#[cfg(test)]
impl Reader {
    pub fn event_rows(&self) -> Result<EventRows, StoreError> {
        let mut rows = EventRows::default();
        let place =
            |run, path: &str| Ok::<_, StoreError>((RunId(run), step_path(RunId(run), path)?));
        for entry in self.txn.open_table(schema::AWAITING)?.iter()? {
            let (key, _) = entry?;
            let (_, _, run, path) = key.value();
            rows.awaiting.insert(place(run, path)?);
        }
        for entry in self.txn.open_table(schema::EVENTS)?.iter()? {
            rows.events.insert(EventId(entry?.0.value().1));
        }
        for entry in self.txn.open_table(schema::OFFERED)?.iter()? {
            let (key, _) = entry?;
            let (event, run, path) = key.value();
            let (run, path) = place(run, path)?;
            rows.offered.insert((EventId(event), run, path));
        }
        for entry in self.txn.open_table(schema::OFFERS)?.iter()? {
            let (key, _) = entry?;
            let (run, path, event) = key.value();
            let (run, path) = place(run, path)?;
            rows.offers.insert((EventId(event), run, path));
        }
        for entry in self.txn.open_table(schema::CROWDED)?.iter()? {
            let (key, _) = entry?;
            let (_, _, run, path) = key.value();
            rows.crowded.insert(place(run, path)?);
        }
        Ok(rows)
    }
}
