//! Does everything in the store agree with everything else?
//!
//! Rows of runs are the truth; indexes, counters, timers, queues, claims and gates must
//! be what follows from them, and they what follows from the journal. The audit reads a
//! snapshot, changes nothing, and keeps in memory one run at a time, beside a few numbers.
//! What it finds are [`Finding`]s, at most [`MOST_FINDINGS`]; a row that cannot be read is
//! one as well. An error means that the file itself cannot be read.

mod counted;
mod run;
mod shared;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use redb::ReadTransaction;
use rpa_engine::{RunId, Workflow, WorkflowRef};

use self::counted::Counted;
use super::codec::decode;
use super::error::{StoreError, no_panic};
use super::rows::{RevisionRow, RunHead};
use super::run_rows::RunRows;
use super::schema::{self, NamespaceId};
use super::{Problem, Store};

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

/// One thing that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
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
    pub runs: u64,
    pub findings: Vec<Finding>,
    /// Findings that are not listed.
    pub more: u64,
}

impl Report {
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Looks at everything in the store.
pub fn of(store: &Store, depth: Depth) -> Result<Report, StoreError> {
    no_panic(store.path(), || {
        let txn = store.begin_read()?;
        let mut audit = Audit::new(&txn, depth)?;
        audit.catalogue()?;
        audit.runs()?;
        audit.shared()?;
        audit.requests()?;
        audit.totals()?;
        Ok(audit.report)
    })
}

type Bytes = &'static [u8];
type Str = &'static str;

/// One audit under way.
struct Audit {
    depth: Depth,
    report: Report,
    /// Runs of each status.
    statuses: BTreeMap<(u32, u8), u64>,
    definitions: HashMap<(NamespaceId, WorkflowRef, u32), Arc<Workflow>>,
    namespaces: Counted<Str, u32>,
    workflows: Counted<(u32, Str), Bytes>,
    revisions: Counted<(u32, Str, u32), Bytes>,
    live: RunRows,
    rows: Counted<Bytes, Bytes>,
    index: Counted<(u32, Str, u8, u128), ()>,
    counts: Counted<(u32, u8), u64>,
    timers: Counted<(u64, u128), ()>,
    active: Counted<u128, ()>,
    queued: Counted<(u8, u128), ()>,
    doubts: Counted<(u32, u128, Str), ()>,
    approvals: Counted<(u32, u128, Str), ()>,
    awaiting: Counted<(u32, Str, u128, Str), u64>,
    pools: Counted<(u32, Str), u32>,
    claims: Counted<(u32, Str, u64), Bytes>,
    gated: Counted<(u32, Str, Str, u128), ()>,
    at_gate: Counted<(u32, Str, Str, u8, u128), ()>,
    gates: Counted<(u32, Str, Str), (u32, u32)>,
    requests: Counted<Str, Bytes>,
}

impl Audit {
    fn new(txn: &ReadTransaction, depth: Depth) -> Result<Audit, StoreError> {
        Ok(Audit {
            depth,
            report: Report::default(),
            statuses: BTreeMap::new(),
            definitions: HashMap::new(),
            namespaces: Counted::open(txn, schema::NAMESPACES)?,
            workflows: Counted::open(txn, schema::WORKFLOWS)?,
            revisions: Counted::open(txn, schema::REVISIONS)?,
            live: RunRows::open(txn)?,
            rows: Counted::open(txn, schema::RUN_ROWS)?,
            index: Counted::open(txn, schema::RUN_INDEX)?,
            counts: Counted::open(txn, schema::COUNTS)?,
            timers: Counted::open(txn, schema::TIMERS)?,
            active: Counted::open(txn, schema::ACTIVE)?,
            queued: Counted::open(txn, schema::QUEUED)?,
            doubts: Counted::open(txn, schema::DOUBTS)?,
            approvals: Counted::open(txn, schema::APPROVALS)?,
            awaiting: Counted::open(txn, schema::AWAITING)?,
            pools: Counted::open(txn, schema::POOLS)?,
            claims: Counted::open(txn, schema::CLAIMS)?,
            gated: Counted::open(txn, schema::GATED)?,
            at_gate: Counted::open(txn, schema::AT_GATE)?,
            gates: Counted::open(txn, schema::GATES)?,
            requests: Counted::open(txn, schema::REQUESTS)?,
        })
    }

    fn find(&mut self, table: &str, run: impl Into<Option<RunId>>, text: impl Into<String>) {
        if self.report.findings.len() < MOST_FINDINGS {
            let (table, run, text) = (table.to_owned(), run.into(), text.into());
            self.report.findings.push(Finding { table, run, text });
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
            Err(error) if error.problem == Problem::Corrupt => {
                self.find(table, run, error.to_string());
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
            self.find("revisions", run, text);
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

    /// Nothing is stored that no run asks for.
    fn totals(&mut self) -> Result<(), StoreError> {
        let extra = [
            self.rows.extra("rows of runs")?,
            self.index.extra("places in lists")?,
            self.timers.extra("timers")?,
            self.active.extra("active runs")?,
            self.queued.extra("places in the queue")?,
            self.doubts.extra("doubts")?,
            self.approvals.extra("approvals")?,
            self.awaiting.extra("steps that wait for an event")?,
            self.claims.extra("claims")?,
            self.gated.extra("runs past a gate")?,
            self.at_gate.extra("runs at a gate")?,
        ];
        for (table, text) in extra.into_iter().flatten() {
            self.find(&table, None, text);
        }
        Ok(())
    }
}
