//! Does everything in the store agree with everything else?
//!
//! Rows of runs are the truth; indexes, counters, timers, queues, claims and gates must
//! be what follows from them, and they what follows from the journal. The audit reads a
//! snapshot, changes nothing, and keeps in memory one run at a time, beside a few numbers.
//! What it finds are [`Finding`]s, at most [`MOST_FINDINGS`]; a row that cannot be read is
//! one as well. An error means that the file itself cannot be read.
//!
//! | what | follows from |
//! |---|---|
//! | lists; endings of ids, in an archive | the run is here |
//! | the newest run that has left | the runs in archives |
//! | `active`, `queue`, `timers`, gates | phase, gate and next timer of a run that is not held |
//! | `held` | the flag in the run's row: such a run is in none of the above |
//! | claims, doubts, approvals, `awaiting` | the state of a step |
//! | `offers`, `offered`, `events`, `crowded` | what a step that waits is offered |
//! | `notifications` | counted and listed as they are; those of approvals and doubts, the steps of runs |
//! | `counts` | the runs here, and those that archives have taken over |
//! | rows of a run without its head | `leftovers`, whose run is in an archive |
//! | an archive | its row in `archives`: so many runs of each status, none of them here |
//!
//! The order is that of what it is worth: first what is shared and where every run stands,
//! then journals, the newest runs first, then archives. When its time is over it ends, and
//! the report says how far it came.

mod archives;
mod counted;
mod events;
mod fold;
mod notifications;
mod run;
mod shared;
mod triggers;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Instant;

use redb::{ReadTransaction, ReadableTableMetadata};
use rpa_engine::{Label, RunId, Workflow, WorkflowRef};

use self::counted::Counted;
use super::codec::decode;
use super::error::{StoreError, no_panic};
use super::rows::{ArchiveRow, RevisionRow, RunHead};
use super::run_rows::RunRows;
use super::schema::{self, NamespaceId};
use super::{Problem, Store};
use crate::day::Day;

/// Findings that a report keeps: more of them say nothing new.
pub const MOST_FINDINGS: usize = 100;
/// Definitions kept while runs are looked at; beyond that they are read again.
const DEFINITIONS: usize = 64;

/// How far an audit goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Rows against indexes.
    Rows,
    /// Also each run's journal, folded, against its rows.
    Journal,
}

/// What a finding means for whoever has to do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A row cannot be read.
    Unreadable,
    /// Something is not where it is looked for: it may wait for ever.
    Astray,
    /// The rows of a run say one thing, its journal or another run says another.
    Contradiction,
    /// A workflow, or one of its revisions.
    Catalogue,
    /// Lists and counts show it wrong; work is not touched by that.
    Listed,
    /// Rows that belong to nothing.
    Stray,
}

/// One thing that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub kind: Kind,
    /// The archive in which it is; the live store when there is none.
    pub archive: Option<Day>,
    /// The table in which it is.
    pub table: String,
    /// The run that it concerns, where it is one.
    pub run: Option<RunId>,
    /// What is wrong, in English.
    pub text: String,
}

/// What an audit has seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Runs that there are, in the live store and in archives.
    pub all: u64,
    /// Those whose rows and places were looked at.
    pub runs: u64,
    /// Those whose journals were looked at as well.
    pub journals: u64,
    pub findings: Vec<Finding>,
    /// Findings that are not listed.
    pub more: u64,
    /// Its time was over before it had looked at all of them.
    pub is_cut: bool,
    /// Archives whose files are not there, and how many runs they had.
    pub gone: Vec<(Day, u64)>,
}

impl Report {
    #[cfg(test)]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.gone.is_empty() && !self.is_cut
    }
}

/// Looks at everything in the store.
#[cfg(test)]
pub fn of(store: &Store, depth: Depth) -> Result<Report, StoreError> {
    until(store, depth, None)
}

/// Looks at what is in the store, as far as it comes until then.
pub fn until(store: &Store, depth: Depth, until: Option<Instant>) -> Result<Report, StoreError> {
    no_panic(store.path(), || {
        let txn = store.begin_read()?;
        let live = RunRows::open(&txn)?;
        let mut audit = Audit::new(&txn, depth, until)?;
        audit.archive_rows()?;
        // each run is in four lists
        audit.report.all = live.index.len()?.div_ceil(4);
        audit.report.all += audit.kept.values().map(ArchiveRow::runs).sum::<u64>();
        audit.meta(&txn)?;
        audit.catalogue(&live)?;
        let mut whole = audit.runs(&live)?;
        whole &= audit.leftovers(&live)?;
        audit.shared(&live)?;
        audit.events()?;
        whole &= audit.requests()?;
        audit.notifications(&txn)?;
        audit.triggers(whole && audit.unread == 0)?;
        if whole {
            audit.own_totals(&live)?;
        }
        // what else there is may belong to runs that cannot be read
        if whole && audit.unread == 0 {
            audit.counters()?;
            audit.totals(&live)?;
        }
        audit.journals(&live)?;
        audit.archives(store, &live)?;
        Ok(audit.report)
    })
}

type Bytes = &'static [u8];
type Str = &'static str;

/// Rows of the live store that are accounted for, where archives have such tables too.
#[derive(Debug, Default)]
struct Own {
    rows: u64,
    index: u64,
}

/// One audit under way.
struct Audit {
    depth: Depth,
    until: Option<Instant>,
    report: Report,
    /// Rows that cannot be read have been found before.
    is_told: bool,
    /// Runs of the live store that cannot be read: what belongs to them is not known.
    unread: u64,
    /// The archive that is being looked at.
    archive: Option<Day>,
    /// Runs of each status.
    statuses: BTreeMap<(u32, u8), u64>,
    definitions: HashMap<(NamespaceId, WorkflowRef, u32), Arc<Workflow>>,
    own: Own,
    /// Archives that are there, and are not being dropped.
    kept: BTreeMap<Day, ArchiveRow>,
    /// Of each workflow the newest run that is said to have left.
    last_left: BTreeMap<(u32, Label), RunId>,
    /// Runs that go on, by the trigger that has fired them.
    fired: BTreeMap<triggers::Key, BTreeSet<RunId>>,
    /// How many publications took more than one transaction.
    publications: u64,
    namespaces: Counted<Str, u32>,
    workflows: Counted<(u32, Str), Bytes>,
    revisions: Counted<(u32, Str, u32), Bytes>,
    counts: Counted<(u32, u8), u64>,
    timers: Counted<(u64, u128), ()>,
    active: Counted<u128, ()>,
    queued: Counted<(u8, u128), ()>,
    held: Counted<u128, ()>,
    doubts: Counted<(u32, u128, Str), ()>,
    approvals: Counted<(u32, u128, Str), ()>,
    awaiting: Counted<(u32, Str, u128, Str), u64>,
    events: Counted<(u32, u128), Bytes>,
    offered: Counted<(u128, u128, Str), ()>,
    offers: Counted<(u128, Str, u128), ()>,
    crowded: Counted<(u32, Str, u128, Str), ()>,
    pools: Counted<(u32, Str), u32>,
    claims: Counted<(u32, Str, u64), Bytes>,
    gated: Counted<(u32, Str, Str, u128), ()>,
    at_gate: Counted<(u32, Str, Str, u8, u128), ()>,
    gates: Counted<(u32, Str, Str), (u32, u32)>,
    requests: Counted<(u32, Str), Bytes>,
    triggers: Counted<(u32, Str, Str), Bytes>,
    slots: Counted<(u32, Str, Str, u64), Bytes>,
    deliveries: Counted<(u32, Str, Str, u64), Bytes>,
    seen_files: Counted<(u32, Str, Str, Str), Bytes>,
    watched: Counted<(u32, Str, Str), Bytes>,
    notifications: Counted<u64, Bytes>,
    notification_index: Counted<(u32, u8, u64), ()>,
    archives: Counted<u32, Bytes>,
    leftovers: Counted<u128, ()>,
}

impl Audit {
    fn new(
        txn: &ReadTransaction,
        depth: Depth,
        until: Option<Instant>,
    ) -> Result<Audit, StoreError> {
        Ok(Audit {
            depth,
            until,
            report: Report::default(),
            is_told: false,
            unread: 0,
            archive: None,
            statuses: BTreeMap::new(),
            definitions: HashMap::new(),
            own: Own::default(),
            kept: BTreeMap::new(),
            last_left: BTreeMap::new(),
            fired: BTreeMap::new(),
            publications: 0,
            namespaces: Counted::open(txn, schema::NAMESPACES)?,
            workflows: Counted::open(txn, schema::WORKFLOWS)?,
            revisions: Counted::open(txn, schema::REVISIONS)?,
            counts: Counted::open(txn, schema::COUNTS)?,
            timers: Counted::open(txn, schema::TIMERS)?,
            active: Counted::open(txn, schema::ACTIVE)?,
            queued: Counted::open(txn, schema::QUEUED)?,
            held: Counted::open(txn, schema::HELD)?,
            doubts: Counted::open(txn, schema::DOUBTS)?,
            approvals: Counted::open(txn, schema::APPROVALS)?,
            awaiting: Counted::open(txn, schema::AWAITING)?,
            events: Counted::open(txn, schema::EVENTS)?,
            offered: Counted::open(txn, schema::OFFERED)?,
            offers: Counted::open(txn, schema::OFFERS)?,
            crowded: Counted::open(txn, schema::CROWDED)?,
            pools: Counted::open(txn, schema::POOLS)?,
            claims: Counted::open(txn, schema::CLAIMS)?,
            gated: Counted::open(txn, schema::GATED)?,
            at_gate: Counted::open(txn, schema::AT_GATE)?,
            gates: Counted::open(txn, schema::GATES)?,
            requests: Counted::open(txn, schema::REQUESTS)?,
            triggers: Counted::open(txn, schema::TRIGGERS)?,
            slots: Counted::open(txn, schema::SLOTS)?,
            deliveries: Counted::open(txn, schema::DELIVERIES)?,
            seen_files: Counted::open(txn, schema::SEEN_FILES)?,
            watched: Counted::open(txn, schema::WATCHED)?,
            notifications: Counted::open(txn, schema::NOTIFICATIONS)?,
            notification_index: Counted::open(txn, schema::NOTIFICATION_INDEX)?,
            archives: Counted::open(txn, schema::ARCHIVES)?,
            leftovers: Counted::open(txn, schema::LEFTOVERS)?,
        })
    }

    fn is_over(&mut self) -> bool {
        self.report.is_cut |= self.until.is_some_and(|until| Instant::now() >= until);
        self.report.is_cut
    }

    fn find(
        &mut self,
        kind: Kind,
        table: &str,
        run: impl Into<Option<RunId>>,
        text: impl Into<String>,
    ) {
        if self.report.findings.len() < MOST_FINDINGS {
            let (archive, table) = (self.archive, table.to_owned());
            let (run, text) = (run.into(), text.into());
            self.report.findings.push(Finding { kind, archive, table, run, text });
        } else {
            self.report.more += 1;
        }
    }

    /// A row that cannot be read is found; a file that cannot be read ends the audit.
    fn readable<T>(
        &mut self,
        table: &str,
        run: impl Into<Option<RunId>>,
        read: Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match read {
            Ok(row) => Ok(Some(row)),
            Err(error) if error.problem == Problem::Corrupt && self.is_told => Ok(None),
            Err(error) if error.problem == Problem::Corrupt => {
                self.find(Kind::Unreadable, table, run, error.to_string());
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn definition(
        &mut self,
        run: RunId,
        head: &RunHead,
    ) -> Result<Option<Arc<Workflow>>, StoreError> {
        let key = (head.namespace, head.workflow.clone(), head.revision);
        if let Some(known) = self.definitions.get(&key) {
            return Ok(Some(known.clone()));
        }
        let of = (head.namespace.0, head.workflow.name.as_str(), head.revision);
        let row = self.revisions.table.get(of)?;
        let row = row.map(|row| decode::<RevisionRow>("revision", row.value()));
        let Some(row) = row else {
            let text = format!("revision {} of {} is missing", head.revision, head.workflow);
            if !self.is_told {
                self.find(Kind::Catalogue, "revisions", run, text);
            }
            return Ok(None);
        };
        let Some(row) = self.readable("revisions", run, row)? else { return Ok(None) };
        if self.definitions.len() >= DEFINITIONS {
            self.definitions.clear();
        }
        let definition = Arc::new(row.definition);
        self.definitions.insert(key, definition.clone());
        Ok(Some(definition))
    }

    /// Every row of a run has its run.
    fn own_totals(&mut self, live: &RunRows) -> Result<(), StoreError> {
        self.compare_total("run_rows", live.rows.len()?, self.own.rows, "rows of runs");
        Ok(())
    }

    fn compare_total(&mut self, table: &str, there: u64, seen: u64, what: &str) {
        if there != seen {
            let text = format!("{there} {what} are stored, {seen} should be");
            self.find(Kind::Stray, table, None, text);
        }
    }

    /// Nothing is stored that no run asks for.
    fn totals(&mut self, live: &RunRows) -> Result<(), StoreError> {
        self.compare_total("run_index", live.index.len()?, self.own.index, "places in lists");
        let extra = [
            self.timers.extra("timers")?,
            self.active.extra("active runs")?,
            self.queued.extra("places in the queue")?,
            self.held.extra("held runs")?,
            self.doubts.extra("doubts")?,
            self.approvals.extra("approvals")?,
            self.awaiting.extra("steps that wait for an event")?,
            self.offered.extra("events that are offered")?,
            self.offers.extra("offers to steps")?,
            self.crowded.extra("crowded steps")?,
            self.claims.extra("claims")?,
            self.gated.extra("runs past a gate")?,
            self.at_gate.extra("runs at a gate")?,
        ];
        for (table, text) in extra.into_iter().flatten() {
            self.find(Kind::Stray, &table, None, text);
        }
        Ok(())
    }
}
