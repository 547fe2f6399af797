//! The reading side: snapshots for lists, details, evaluation.

use std::collections::BTreeMap;

use redb::{ReadOnlyTable, ReadTransaction, ReadableTable, ReadableTableMetadata};
use rpa_engine::run::{RunStatus, StepState};
use rpa_engine::{Ident, Label, Priority, RunId, StepPath, Value};

use super::codec::{decode, decode_front, decode_of};
use super::error::StoreError;
use super::rows::{
    JournalRow, RequestRow, RevisionRow, RunHead, RunRow, StepRow, UndoRow, WorkflowRow,
};
use super::schema::{self, NamespaceId, queue_key, status_of};
use super::write::next_seq;

type Bytes = &'static [u8];

/// A consistent snapshot.
pub struct Reader {
    meta: ReadOnlyTable<&'static str, Bytes>,
    namespaces: ReadOnlyTable<&'static str, u32>,
    workflows: ReadOnlyTable<(u32, &'static str), Bytes>,
    pub(super) revisions: ReadOnlyTable<(u32, &'static str, u32), Bytes>,
    heads: ReadOnlyTable<u128, Bytes>,
    runs: ReadOnlyTable<u128, Bytes>,
    inputs: ReadOnlyTable<u128, Bytes>,
    vars: ReadOnlyTable<u128, Bytes>,
    steps: ReadOnlyTable<(u128, &'static str), Bytes>,
    journal: ReadOnlyTable<(u128, u64), Bytes>,
    pub(super) index: ReadOnlyTable<(u32, &'static str, u8, u128), ()>,
    suffixes: ReadOnlyTable<u128, ()>,
    counts: ReadOnlyTable<(u32, u8), u64>,
    doubts: ReadOnlyTable<(u32, u128, &'static str), ()>,
    requests: ReadOnlyTable<&'static str, Bytes>,
    queued: ReadOnlyTable<(u8, u128), ()>,
    undo: ReadOnlyTable<(u128, u64), Bytes>,
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
    pub(super) fn new(txn: ReadTransaction) -> Result<Reader, StoreError> {
        Ok(Reader {
            meta: txn.open_table(schema::META)?,
            namespaces: txn.open_table(schema::NAMESPACES)?,
            workflows: txn.open_table(schema::WORKFLOWS)?,
            revisions: txn.open_table(schema::REVISIONS)?,
            heads: txn.open_table(schema::HEADS)?,
            runs: txn.open_table(schema::RUNS)?,
            inputs: txn.open_table(schema::INPUTS)?,
            vars: txn.open_table(schema::VARS)?,
            steps: txn.open_table(schema::STEPS)?,
            journal: txn.open_table(schema::JOURNAL)?,
            index: txn.open_table(schema::RUN_INDEX)?,
            suffixes: txn.open_table(schema::SUFFIXES)?,
            counts: txn.open_table(schema::COUNTS)?,
            doubts: txn.open_table(schema::DOUBTS)?,
            requests: txn.open_table(schema::REQUESTS)?,
            queued: txn.open_table(schema::QUEUED)?,
            undo: txn.open_table(schema::UNDO)?,
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

    /// Runs of a namespace whose id ends with `suffix` (lower-case hex digits), at
    /// most `most`.
    pub fn runs_ending(&self, suffix: &str, most: usize) -> Result<Vec<RunId>, StoreError> {
        let digits = u32::try_from(suffix.len()).unwrap_or(32).min(32);
        let Ok(wanted) = u128::from_str_radix(suffix, 16) else { return Ok(Vec::new()) };
        let first = schema::reversed(RunId(wanted));
        let last = match digits {
            32 => first,
            _ => first | (u128::MAX >> (4 * digits)),
        };
        self.suffixes
            .range(first..=last)?
            .take(most)
            .map(|entry| Ok(RunId(schema::reversed(RunId(entry?.0.value())))))
            .collect()
    }

    pub fn head(&self, run: RunId) -> Result<Option<RunHead>, StoreError> {
        self.heads.get(run.0)?.map(|b| decode_of(run, "run head", b.value())).transpose()
    }

    pub fn row(&self, run: RunId) -> Result<RunRow, StoreError> {
        let row = self.runs.get(run.0)?;
        let missing = || StoreError::corrupt(format!("run {run} has no row")).of(run);
        decode_of(run, "run", row.ok_or_else(missing)?.value())
    }

    /// The status of a run whose row cannot be read, by the lists that it is in.
    pub fn listed_status(
        &self,
        namespace: NamespaceId,
        run: RunId,
    ) -> Result<Option<RunStatus>, StoreError> {
        for status in RunStatus::ALL {
            if self.index.get((namespace.0, "", schema::status_code(status), run.0))?.is_some() {
                return Ok(Some(status));
            }
        }
        Ok(None)
    }

    /// The status stored in a run's row.
    pub fn status(&self, row: &RunRow) -> Result<RunStatus, StoreError> {
        status_of(row.status)
    }

    /// The variables of a run as they are now.
    pub fn variables(&self, run: RunId) -> Result<BTreeMap<Ident, Value>, StoreError> {
        match self.vars.get(run.0)? {
            Some(vars) => decode_of(run, "variables", vars.value()),
            None => self.inputs(run),
        }
    }

    /// The variables that a run was begun with.
    pub fn inputs(&self, run: RunId) -> Result<BTreeMap<Ident, Value>, StoreError> {
        let inputs = self.inputs.get(run.0)?;
        let inputs = inputs
            .ok_or_else(|| StoreError::corrupt(format!("run {run} has no variables")).of(run))?;
        decode_of(run, "variables", inputs.value())
    }

    /// One step's row; `None` while it is pending.
    pub fn step(&self, run: RunId, path: &StepPath) -> Result<Option<StepRow>, StoreError> {
        self.steps
            .get((run.0, path.as_str()))?
            .map(|b| decode_of(run, "step", b.value()))
            .transpose()
    }

    /// As [`Reader::step`], without what the step gave.
    pub fn state(&self, run: RunId, path: &StepPath) -> Result<Option<StepState>, StoreError> {
        let row = self.steps.get((run.0, path.as_str()))?;
        // the first field of a `StepRow`
        row.map(|b| decode_front("step", b.value()).map_err(|e| e.of(run))).transpose()
    }

    /// The states of those of `steps` that are no longer pending. What they
    /// gave is not read.
    pub fn top_states(
        &self,
        run: RunId,
        steps: &[Ident],
    ) -> Result<Vec<(StepPath, StepState)>, StoreError> {
        let mut states = Vec::new();
        for id in steps {
            if let Some(row) = self.steps.get((run.0, id.as_str()))? {
                // the first field of a `StepRow`
                let state = decode_front("step", row.value()).map_err(|e| e.of(run))?;
                states.push((StepPath::top(id), state));
            }
        }
        Ok(states)
    }

    /// How many events a run has had: grows with every change of it.
    pub fn seq(&self, run: RunId) -> Result<u64, StoreError> {
        next_seq(&self.journal, run)
    }

    /// The rows of all completed steps of a run, by path.
    pub fn completed(&self, run: RunId) -> Result<Vec<(StepPath, StepRow)>, StoreError> {
        let mut completed = Vec::new();
        for entry in self.steps.range((run.0, "")..(run.0 + 1, ""))? {
            let (key, row) = entry?;
            let state: StepState = decode_front("step", row.value()).map_err(|e| e.of(run))?;
            if matches!(state, StepState::Completed { .. }) {
                let path = key.value().1.parse();
                let path = path.map_err(|e| StoreError::corrupt(format!("step path {e}")))?;
                completed.push((path, decode_of(run, "step", row.value())?));
            }
        }
        Ok(completed)
    }

    /// All journal rows of a run, in order: folded, they must give its state.
    pub fn journal(&self, run: RunId) -> Result<Vec<JournalRow>, StoreError> {
        self.journal
            .range((run.0, 0)..=(run.0, u64::MAX))?
            .map(|entry| decode_of(run, "journal", entry?.1.value()))
            .collect()
    }

    /// The journal rows of a run with their numbers, from number `from` on. Read one at
    /// a time, from either end.
    pub fn journal_from(
        &self,
        run: RunId,
        from: u64,
    ) -> Result<impl DoubleEndedIterator<Item = Result<(u64, JournalRow), StoreError>>, StoreError>
    {
        let rows = self.journal.range((run.0, from)..=(run.0, u64::MAX))?;
        Ok(rows.map(move |entry| {
            let (key, row) = entry?;
            Ok((key.value().1, decode_of(run, "journal", row.value())?))
        }))
    }

    /// The step that is being undone.
    pub fn undoing(&self, run: RunId) -> Result<Option<StepPath>, StoreError> {
        for entry in self.undo.range((run.0, 0)..=(run.0, u64::MAX))? {
            let row: UndoRow = decode_of(run, "undo", entry?.1.value())?;
            if row.under_way {
                return Ok(Some(row.path));
            }
        }
        Ok(None)
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
