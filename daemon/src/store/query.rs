//! The reading side: snapshots for lists, details, evaluation.

use std::collections::BTreeMap;
use std::sync::Arc;

use redb::{ReadOnlyTable, ReadTransaction, ReadableTable, ReadableTableMetadata};
use rpa_engine::run::RunStatus;
use rpa_engine::{Label, Priority, RunId, StepPath};

use super::archive::{Archived, Archives};
use super::codec::decode;
use super::error::StoreError;
use super::rows::{RequestRow, RevisionRow, RunRow, WorkflowRow};
use super::run_rows::RunRows;
use super::schema::{self, NamespaceId, queue_key, status_of};

type Bytes = &'static [u8];

/// A consistent snapshot.
pub struct Reader {
    pub(super) meta: ReadOnlyTable<&'static str, Bytes>,
    namespaces: ReadOnlyTable<&'static str, u32>,
    workflows: ReadOnlyTable<(u32, &'static str), Bytes>,
    pub(super) revisions: ReadOnlyTable<(u32, &'static str, u32), Bytes>,
    counts: ReadOnlyTable<(u32, u8), u64>,
    doubts: ReadOnlyTable<(u32, u128, &'static str), ()>,
    requests: ReadOnlyTable<&'static str, Bytes>,
    queued: ReadOnlyTable<(u8, u128), ()>,
    /// What no archive has, or not yet.
    pub(super) live: RunRows,
    pub(super) archived: Archived,
    /// For tables that few readers want.
    pub(super) txn: ReadTransaction,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reader")
    }
}

/// Where a list of steps in doubt goes on.
pub type Cursor = (RunId, StepPath);

impl Reader {
    pub(super) fn new(txn: ReadTransaction, archives: Arc<Archives>) -> Result<Reader, StoreError> {
        Ok(Reader {
            meta: txn.open_table(schema::META)?,
            namespaces: txn.open_table(schema::NAMESPACES)?,
            workflows: txn.open_table(schema::WORKFLOWS)?,
            revisions: txn.open_table(schema::REVISIONS)?,
            counts: txn.open_table(schema::COUNTS)?,
            doubts: txn.open_table(schema::DOUBTS)?,
            requests: txn.open_table(schema::REQUESTS)?,
            queued: txn.open_table(schema::QUEUED)?,
            live: RunRows::open(&txn)?,
            archived: Archived::new(archives),
            txn,
        })
    }

    /// The identity of this store.
    pub fn instance(&self) -> Result<[u8; 16], StoreError> {
        let bytes = self.meta.get("instance")?;
        bytes
            .and_then(|b| b.value().try_into().ok())
            .ok_or_else(|| StoreError::corrupt("it has no identity"))
    }

    pub fn namespace(&self, name: &Label) -> Result<Option<NamespaceId>, StoreError> {
        Ok(self.namespaces.get(name.as_str())?.map(|id| NamespaceId(id.value())))
    }

    pub fn namespaces(&self) -> Result<Vec<NamespaceId>, StoreError> {
        self.namespaces.iter()?.map(|entry| Ok(NamespaceId(entry?.1.value()))).collect()
    }

    /// What a request id was used for.
    pub fn request(&self, id: &str) -> Result<Option<RequestRow>, StoreError> {
        self.requests.get(id)?.map(|b| decode("request", b.value())).transpose()
    }

    /// Request ids behind `after` that were seen before `before_ms`, at most `most`.
    /// Looks at all of them: an index by age would cost each submission a page more.
    pub fn old_requests(
        &self,
        before_ms: u64,
        after: &str,
        most: usize,
    ) -> Result<Vec<String>, StoreError> {
        let mut old = Vec::new();
        for entry in self.requests.range(after..)? {
            let (id, row) = entry?;
            let row: RequestRow = decode("request", row.value())?;
            if row.at_ms < before_ms {
                old.push(id.value().to_owned());
            }
            if old.len() >= most {
                break;
            }
        }
        Ok(old)
    }

    pub fn workflow(
        &self,
        namespace: NamespaceId,
        name: &Label,
    ) -> Result<Option<WorkflowRow>, StoreError> {
        let row = self.workflows.get((namespace.0, name.as_str()))?;
        row.map(|b| decode("workflow", b.value())).transpose()
    }

    /// Numbers of runs by status, over all namespaces.
    pub fn counts(&self) -> Result<BTreeMap<RunStatus, u64>, StoreError> {
        let mut sums = BTreeMap::new();
        for entry in self.counts.iter()? {
            let (key, count) = entry?;
            *sums.entry(status_of(key.value().1)?).or_insert(0) += count.value();
        }
        Ok(sums)
    }

    pub fn workflow_count(&self) -> Result<u64, StoreError> {
        Ok(self.workflows.len()?)
    }

    /// Workflows by name, after `after`.
    pub fn workflows(
        &self,
        namespace: NamespaceId,
        after: Option<&Label>,
        most: usize,
    ) -> Result<Vec<WorkflowRow>, StoreError> {
        let from = after.map_or("", Label::as_str);
        self.workflows
            .range((namespace.0, from)..(namespace.0 + 1, ""))?
            .map(|entry| entry.map_err(StoreError::from))
            .filter(|entry| match entry {
                Ok((key, _)) => after.is_none() || key.value().1 != from,
                Err(_) => true,
            })
            .take(most)
            .map(|entry| decode("workflow", entry?.1.value()))
            .collect()
    }

    /// The newest run of a workflow, wherever it is.
    pub fn last_run(
        &self,
        namespace: NamespaceId,
        row: &WorkflowRow,
    ) -> Result<Option<RunId>, StoreError> {
        let key = |run| (namespace.0, row.name.as_str(), 0, run);
        let newest = self.live.index.range(key(0)..=key(u128::MAX))?.next_back().transpose()?;
        Ok(newest.map(|(key, _)| RunId(key.value().3)).max(row.last_left))
    }

    /// Runs in the live store, of any namespace, whose id ends with `suffix` (lower-case
    /// hex digits), at most `most`. Looks at all ids: an index of them by their ends would
    /// cost each run a page of its own, for what a person asks now and then.
    pub(super) fn live_ending(&self, suffix: &str, most: usize) -> Result<Vec<RunId>, StoreError> {
        let Ok(wanted) = u128::from_str_radix(suffix, 16) else { return Ok(Vec::new()) };
        if suffix.len() >= 32 {
            let run = RunId(wanted);
            return Ok(self.live.has(run)?.then_some(run).into_iter().collect());
        }
        let mask = (1 << (4 * suffix.len())) - 1;
        let mut found = Vec::new();
        for namespace in self.namespaces()? {
            let key = |run| (namespace.0, "", 0, run);
            // people mean new runs more often than old ones
            for entry in self.live.index.range(key(0)..=key(u128::MAX))?.rev() {
                let (_, _, _, run) = entry?.0.value();
                if run & mask == wanted {
                    found.push(RunId(run));
                    if found.len() >= most {
                        return Ok(found);
                    }
                }
            }
        }
        Ok(found)
    }

    pub fn revision(
        &self,
        namespace: NamespaceId,
        name: &Label,
        revision: u32,
    ) -> Result<RevisionRow, StoreError> {
        let row = self.revisions.get((namespace.0, name.as_str(), revision))?;
        let row =
            row.ok_or_else(|| StoreError::corrupt(format!("{name} has no revision {revision}")))?;
        decode("revision", row.value())
    }

    /// The status of a run whose row cannot be read, by the lists that it is in.
    pub fn listed_status(
        &self,
        namespace: NamespaceId,
        run: RunId,
    ) -> Result<Option<RunStatus>, StoreError> {
        for status in RunStatus::ALL {
            let key = (namespace.0, "", schema::status_code(status), run.0);
            if self.live.index.get(key)?.is_some() {
                return Ok(Some(status));
            }
        }
        Ok(None)
    }

    /// The status stored in a run's row.
    pub fn status(&self, row: &RunRow) -> Result<RunStatus, StoreError> {
        status_of(row.status)
    }

    /// How many runs stand in the queue before this one, counted up to `most`; `None`
    /// when it is not in the queue.
    pub fn queued_before(
        &self,
        run: RunId,
        priority: Priority,
        most: usize,
    ) -> Result<Option<usize>, StoreError> {
        let key = queue_key(priority, run);
        if self.queued.get(key)?.is_none() {
            return Ok(None);
        }
        let before = self.queued.range(..key)?.take(most);
        before.map(|entry| entry.map(|_| ())).try_fold(Some(0), |n, entry| {
            entry?;
            Ok(n.map(|n| n + 1))
        })
    }

    /// Whether a step of the run is in doubt.
    pub(super) fn has_doubt(&self, namespace: NamespaceId, run: RunId) -> Result<bool, StoreError> {
        let mut doubts =
            self.doubts.range((namespace.0, run.0, "")..(namespace.0, run.0 + 1, ""))?;
        Ok(doubts.next().transpose()?.is_some())
    }

    /// Steps in doubt, by run and path.
    pub fn doubts(
        &self,
        namespace: NamespaceId,
        after: Option<&Cursor>,
        most: usize,
    ) -> Result<Vec<Cursor>, StoreError> {
        let (run, path) = after.map_or((0, ""), |(run, path)| (run.0, path.as_str()));
        let mut found = Vec::new();
        for entry in self.doubts.range((namespace.0, run, path)..(namespace.0 + 1, 0, ""))? {
            let (key, _) = entry?;
            let (_, run, path) = key.value();
            let path: StepPath =
                path.parse().map_err(|e| StoreError::corrupt(format!("step path {e}")))?;
            let cursor = (RunId(run), path);
            if Some(&cursor) == after {
                continue;
            }
            found.push(cursor);
            if found.len() == most {
                break;
            }
        }
        Ok(found)
    }
}
