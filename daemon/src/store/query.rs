//! The reading side: snapshots for lists, details, evaluation.

use std::collections::BTreeMap;
use std::sync::Arc;

use redb::{
    Key, ReadOnlyTable, ReadTransaction, ReadableTable, ReadableTableMetadata, TableDefinition,
    Value,
};
use rpa_engine::run::RunStatus;
use rpa_engine::{Label, Priority, RunId, StepPath, Workflow};

use super::archive::{Archived, Archives};
use super::codec::decode;
use super::definitions::Definitions;
use super::error::StoreError;
use super::rows::{RevisionRow, RunHead, RunRow, WorkflowRow};
use super::run_rows::RunRows;
use super::schema::{self, NamespaceId, queue_key, status_of};

/// A consistent snapshot.
pub struct Reader {
    /// What no archive has, or not yet.
    pub(super) live: RunRows,
    pub(super) archived: Archived,
    pub(super) definitions: Arc<Definitions>,
    /// Each reader opens the tables that it asks for.
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
    pub(super) fn new(
        txn: ReadTransaction,
        archives: Arc<Archives>,
        definitions: Arc<Definitions>,
    ) -> Result<Reader, StoreError> {
        let live = RunRows::open(&txn)?;
        Ok(Reader { live, archived: Archived::new(archives), definitions, txn })
    }

    pub(super) fn open<K: Key + 'static, V: Value + 'static>(
        &self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<ReadOnlyTable<K, V>, StoreError> {
        Ok(self.txn.open_table(table)?)
    }

    /// The identity of this store.
    pub fn instance(&self) -> Result<[u8; 16], StoreError> {
        let bytes = self.open(schema::META)?.get("instance")?;
        bytes
            .and_then(|b| b.value().try_into().ok())
            .ok_or_else(|| StoreError::corrupt("it has no identity"))
    }

    pub fn namespace(&self, name: &Label) -> Result<Option<NamespaceId>, StoreError> {
        Ok(self.open(schema::NAMESPACES)?.get(name.as_str())?.map(|id| NamespaceId(id.value())))
    }

    pub fn namespace_names(&self) -> Result<Vec<Label>, StoreError> {
        let mut names = Vec::new();
        for entry in self.open(schema::NAMESPACES)?.iter()? {
            let name = entry?.0.value().parse();
            names.push(name.map_err(|e| StoreError::corrupt(format!("a namespace: {e}")))?);
        }
        Ok(names)
    }

    pub fn namespaces(&self) -> Result<Vec<NamespaceId>, StoreError> {
        self.open(schema::NAMESPACES)?
            .iter()?
            .map(|entry| Ok(NamespaceId(entry?.1.value())))
            .collect()
    }

    pub fn workflow(
        &self,
        namespace: NamespaceId,
        name: &Label,
    ) -> Result<Option<WorkflowRow>, StoreError> {
        let row = self.open(schema::WORKFLOWS)?.get((namespace.0, name.as_str()))?;
        row.map(|b| decode("workflow", b.value())).transpose()
    }

    /// Numbers of runs by status, over all namespaces.
    pub fn counts(&self) -> Result<BTreeMap<RunStatus, u64>, StoreError> {
        let mut sums = BTreeMap::new();
        for entry in self.open(schema::COUNTS)?.iter()? {
            let (key, count) = entry?;
            *sums.entry(status_of(key.value().1)?).or_insert(0) += count.value();
        }
        Ok(sums)
    }

    /// The same of one namespace.
    pub fn counts_of(
        &self,
        namespace: NamespaceId,
    ) -> Result<BTreeMap<RunStatus, u64>, StoreError> {
        let all = self.open(schema::COUNTS)?;
        let of = all.range((namespace.0, 0)..(namespace.0 + 1, 0))?;
        of.map(|entry| {
            let (key, count) = entry?;
            Ok((status_of(key.value().1)?, count.value()))
        })
        .collect()
    }

    pub fn workflow_count(&self) -> Result<u64, StoreError> {
        Ok(self.open(schema::WORKFLOWS)?.len()?)
    }

    /// Workflows by name, after `after`.
    pub fn workflows(
        &self,
        namespace: NamespaceId,
        after: Option<&Label>,
        most: usize,
    ) -> Result<Vec<WorkflowRow>, StoreError> {
        let from = after.map_or("", Label::as_str);
        self.open(schema::WORKFLOWS)?
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
    pub fn live_ending(&self, suffix: &str, most: usize) -> Result<Vec<RunId>, StoreError> {
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
        let row = self.open(schema::REVISIONS)?.get((namespace.0, name.as_str(), revision))?;
        let row =
            row.ok_or_else(|| StoreError::corrupt(format!("{name} has no revision {revision}")))?;
        decode("revision", row.value())
    }

    /// What a revision means. It never changes: those that are asked for often are kept.
    pub fn definition(
        &self,
        namespace: NamespaceId,
        name: &Label,
        revision: u32,
    ) -> Result<Arc<Workflow>, StoreError> {
        if let Some(known) = self.known_definition(namespace, name, revision) {
            return Ok(known);
        }
        let definition = Arc::new(self.revision(namespace, name, revision)?.definition);
        self.definitions.keep(namespace, name, revision, definition.clone());
        Ok(definition)
    }

    /// As [`Reader::definition`], where nothing has to be read for it.
    pub fn known_definition(
        &self,
        namespace: NamespaceId,
        name: &Label,
        revision: u32,
    ) -> Option<Arc<Workflow>> {
        self.definitions.get(namespace, name, revision)
    }

    /// The head of a run that is in the live store.
    pub fn live_head(&self, run: RunId) -> Result<Option<RunHead>, StoreError> {
        self.live.head(run)
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
        if self.open(schema::QUEUED)?.get(key)?.is_none() {
            return Ok(None);
        }
        let before = self.open(schema::QUEUED)?.range(..key)?.take(most);
        before.map(|entry| entry.map(|_| ())).try_fold(Some(0), |n, entry| {
            entry?;
            Ok(n.map(|n| n + 1))
        })
    }

    /// Whether a step of the run is in doubt.
    pub(super) fn has_doubt(&self, namespace: NamespaceId, run: RunId) -> Result<bool, StoreError> {
        let mut doubts = self
            .open(schema::DOUBTS)?
            .range((namespace.0, run.0, "")..(namespace.0, run.0 + 1, ""))?;
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
        for entry in
            self.open(schema::DOUBTS)?.range((namespace.0, run, path)..(namespace.0 + 1, 0, ""))?
        {
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
