//! What has reached all triggers of a namespace: their slots and deliveries in one list, the
//! newest first, a page at a time.
//!
//! Each ledger is read from its newest on, some rows at a time; the next row of the list is
//! the newest of all that come next. While a clock was behind, a delivery looks older than the
//! one before it: it then stands at the time of that one, so that each ledger is in order,
//! nothing before it is hidden, and a page goes on where the one before it has ended.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};
use std::str::FromStr;
use std::time::{Duration, Instant};

use rpa_engine::{Ident, Label, WorkflowRef};
use rpa_ipc::Fault;
use rpa_ipc::service::Reply;
use rpa_ipc::triggers::{LedgerQuery, LedgerView, MOST_SLOTS, Reached};
use rpa_ipc::view::Page;

use super::slots::slot_view;
use crate::rpc::Office;
use crate::rpc::deliveries;
use crate::rpc::views::{bad_cursor, bad_name, read};
use crate::store::{Reader, StoreError, TriggerKey};

/// Rows that are looked at for one page of a search, and for how long.
const LOOKED_AT: usize = 10_000;
const LOOKING: Duration = Duration::from_millis(50);
/// Rows of one ledger that are read at once, at first and later: of most nothing more is
/// wanted than their newest.
const FIRST: usize = 8;
const FURTHER: usize = 256;

/// Which kind of ledger, in the order of rows of the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Slots,
    Deliveries,
}

impl Kind {
    fn letter(self) -> &'static str {
        match self {
            Kind::Slots => "s",
            Kind::Deliveries => "d",
        }
    }
}

/// Where a row stands in the list: the first of two is the lesser one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    at_ms: Reverse<u64>,
    workflow: Label,
    trigger: Ident,
    kind: Kind,
    number: Reverse<u64>,
}

impl Place {
    /// As a page's `next` has it. Names have no colons.
    fn cursor(&self) -> String {
        let Place { at_ms, workflow, trigger, kind, number } = self;
        format!("{}:{}{}:{workflow}:{trigger}", at_ms.0, kind.letter(), number.0)
    }
}

impl FromStr for Place {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Place, Fault> {
        let read = || {
            let mut parts = text.split(':');
            let at_ms = Reverse(parts.next()?.parse().ok()?);
            let numbered = parts.next()?;
            let (kind, number) = match (numbered.strip_prefix('s'), numbered.strip_prefix('d')) {
                (Some(number), _) => (Kind::Slots, number),
                (_, Some(number)) => (Kind::Deliveries, number),
                _ => return None,
            };
            let number = Reverse(number.parse().ok()?);
            let (workflow, trigger) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            let ends = parts.next().is_none();
            ends.then_some(Place { at_ms, workflow, trigger, kind, number })
        };
        read().ok_or_else(bad_cursor)
    }
}

/// What is asked for.
#[derive(Debug, Default)]
struct Wanted {
    workflow: Option<Label>,
    trigger: Option<String>,
    became: BTreeSet<String>,
    since_ms: u64,
    /// In lower case.
    words: Vec<String>,
    deliveries: bool,
    after: Option<Place>,
}

impl Wanted {
    fn is_search(&self) -> bool {
        !self.became.is_empty() || !self.words.is_empty()
    }

    fn is_of(&self, key: &TriggerKey) -> bool {
        self.workflow.as_ref().is_none_or(|name| *name == key.workflow)
            && self.trigger.as_ref().is_none_or(|name| name == key.trigger.as_str())
    }

    fn lets(&self, view: &LedgerView) -> bool {
        let (became, what, run) = match &view.reached {
            Reached::Slot(slot) => (&slot.fate, "", slot.run),
            Reached::Delivery(delivery) => (&delivery.outcome, &*delivery.what, delivery.run),
        };
        let text = || {
            let run = run.map(|run| run.short()).unwrap_or_default();
            let LedgerView { workflow, trigger, .. } = view;
            format!("{workflow} {trigger} {what} {became} {run}").to_lowercase()
        };
        (self.became.is_empty() || self.became.contains(became))
            && (self.words.is_empty() || {
                let text = text();
                self.words.iter().all(|word| text.contains(word))
            })
    }
}

pub async fn ledger(office: &Office, query: LedgerQuery) -> Reply<Page<LedgerView>> {
    let most = query.limit.clamp(1, MOST_SLOTS) as usize;
    let (namespace, wanted) = wanted(query)?;
    let seat = match wanted.is_search() {
        true => Some(office.lookers.seat().await?),
        false => None,
    };
    read(office, move |reader| {
        let _seat = seat;
        page(reader, &namespace, &wanted, most, LOOKING)
    })
    .await
}

fn wanted(query: LedgerQuery) -> Result<(Label, Wanted), Fault> {
    let (namespace, workflow) = match &query.workflow {
        None => (query.namespace, None),
        Some(name) => {
            let of = WorkflowRef::parse(name, &query.namespace).map_err(|e| bad_name(name, &e))?;
            (of.namespace, Some(of.name))
        }
    };
    let words = query.contains.unwrap_or_default();
    let after = query.cursor.as_deref().map(str::parse).transpose()?;
    Ok((
        namespace,
        Wanted {
            workflow,
            trigger: query.trigger,
            became: query.became.into_iter().collect(),
            since_ms: query.since_ms.unwrap_or(0),
            words: words.split_whitespace().map(str::to_lowercase).collect(),
            deliveries: query.deliveries,
            after,
        },
    ))
}

/// The next rows that are wanted; at least one is looked at.
fn page(
    reader: &Reader,
    namespace: &Label,
    wanted: &Wanted,
    most: usize,
    looking: Duration,
) -> Result<Page<LedgerView>, StoreError> {
    let mut streams = streams(reader, namespace, wanted)?;
    let mut next = BinaryHeap::new();
    for (at, stream) in streams.iter_mut().enumerate() {
        next.extend(stream.place(reader)?.map(|place| Reverse((place, at))));
    }
    // finding where the page before has ended is no part of it
    let deadline = Instant::now() + looking;
    let mut items = Vec::new();
    let mut last: Option<Place> = None;
    let mut looked_at = 0;
    while let Some(Reverse((place, at))) = next.pop() {
        let tired = wanted.is_search() && (looked_at >= LOOKED_AT || Instant::now() >= deadline);
        if let Some(last) = last.as_ref().filter(|_| items.len() == most || tired) {
            return Ok(Page { items, next: Some(last.cursor()) });
        }
        looked_at += 1;
        last = Some(place);
        let stream = &mut streams[at];
        items.extend(stream.take(namespace).filter(|view| wanted.lets(view)));
        next.extend(stream.place(reader)?.map(|place| Reverse((place, at))));
    }
    Ok(Page { items, next: None })
}

/// The ledgers in which something may be wanted.
fn streams(reader: &Reader, namespace: &Label, wanted: &Wanted) -> Result<Vec<Stream>, StoreError> {
    let Some(id) = reader.namespace(namespace)? else { return Ok(Vec::new()) };
    let mut streams = Vec::new();
    for (key, row) in reader.triggers_in(id)?.into_iter().filter(|(key, _)| wanted.is_of(key)) {
        if row.slots > 0 {
            streams.push(Stream::new(key.clone(), Kind::Slots, wanted));
        }
        // one that has become another kind has both
        if row.deliveries > 0 && wanted.deliveries {
            streams.push(Stream::new(key, Kind::Deliveries, wanted));
        }
    }
    Ok(streams)
}

/// One ledger, from its newest row on.
struct Stream {
    key: TriggerKey,
    kind: Kind,
    /// Where the page before has ended.
    after: Option<Place>,
    since_ms: u64,
    /// Rows before this are not read yet; `None` when all are.
    before: Option<u64>,
    read: usize,
    /// As it counts in the list, with the row's number.
    rows: VecDeque<(u64, u64, Reached)>,
    /// The time of the last row that was read.
    last_ms: u64,
}

impl Stream {
    fn new(key: TriggerKey, kind: Kind, wanted: &Wanted) -> Stream {
        let mut before = u64::MAX;
        if let (Kind::Slots, Some(after)) = (kind, &wanted.after) {
            // their time is their number: what lies before the page is not read at all
            before = after.at_ms.0.saturating_add(1);
        }
        Stream {
            key,
            kind,
            after: wanted.after.clone(),
            since_ms: wanted.since_ms,
            before: Some(before),
            read: FIRST,
            rows: VecDeque::new(),
            last_ms: u64::MAX,
        }
    }

    /// Where its next row stands; `None` when there is none.
    fn place(&mut self, reader: &Reader) -> Result<Option<Place>, StoreError> {
        loop {
            while let Some((at_ms, number)) = self.rows.front().map(|row| (row.0, row.1)) {
                let place = self.at(at_ms, number);
                if at_ms < self.since_ms {
                    (self.before, self.rows) = (None, VecDeque::new());
                } else if self.after.as_ref().is_some_and(|after| place <= *after) {
                    self.rows.pop_front();
                } else {
                    return Ok(Some(place));
                }
            }
            let Some(before) = self.before else { return Ok(None) };
            self.fill(reader, before)?;
        }
    }

    fn at(&self, at_ms: u64, number: u64) -> Place {
        Place {
            at_ms: Reverse(at_ms),
            workflow: self.key.workflow.clone(),
            trigger: self.key.trigger.clone(),
            kind: self.kind,
            number: Reverse(number),
        }
    }

    fn fill(&mut self, reader: &Reader, before: u64) -> Result<(), StoreError> {
        let most = std::mem::replace(&mut self.read, FURTHER);
        let mut rows: Vec<(u64, u64, Reached)> = match self.kind {
            Kind::Slots => {
                let rows = reader.slots(&self.key, before, most)?.into_iter();
                rows.map(|(at, row)| (at, at, Reached::Slot(slot_view(at, row)))).collect()
            }
            Kind::Deliveries => {
                let rows = reader.deliveries(&self.key, before, most)?.into_iter();
                let row = |(number, row)| {
                    let view = deliveries::view(number, row);
                    (view.at_ms, number, Reached::Delivery(view))
                };
                rows.map(row).collect()
            }
        };
        self.before = rows.last().filter(|_| rows.len() == most).map(|(_, number, _)| *number);
        let mut before_ms = 0;
        for (at_ms, ..) in rows.iter_mut().rev() {
            *at_ms = before_ms.max(*at_ms);
            before_ms = *at_ms;
        }
        for (at_ms, number, reached) in rows {
            self.last_ms = at_ms.min(self.last_ms);
            self.rows.push_back((self.last_ms, number, reached));
        }
        Ok(())
    }

    fn take(&mut self, namespace: &Label) -> Option<LedgerView> {
        let (_, _, reached) = self.rows.pop_front()?;
        let workflow = format!("{namespace}/{}", self.key.workflow);
        Some(LedgerView { workflow, trigger: self.key.trigger.to_string(), reached })
    }
}
