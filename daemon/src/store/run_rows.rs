//! The rows of runs, as they are read: tables of the same names and keys in the live
//! store and in each archive.

use std::collections::BTreeMap;

use redb::{ReadOnlyTable, ReadTransaction};
use rpa_engine::run::StepState;
use rpa_engine::{Ident, RunId, StepPath, Value};

use super::codec::{decode_front, decode_of};
use super::error::StoreError;
use super::rows::{JournalRow, RunHead, RunRow, StepRow, UndoRow};
use super::schema;
use super::write::next_seq;

type Bytes = &'static [u8];

/// A consistent snapshot of the runs in one file.
pub(super) struct RunRows {
    pub(super) heads: ReadOnlyTable<u128, Bytes>,
    pub(super) runs: ReadOnlyTable<u128, Bytes>,
    pub(super) inputs: ReadOnlyTable<u128, Bytes>,
    pub(super) vars: ReadOnlyTable<u128, Bytes>,
    pub(super) steps: ReadOnlyTable<(u128, &'static str), Bytes>,
    pub(super) journal: ReadOnlyTable<(u128, u64), Bytes>,
    pub(super) undo: ReadOnlyTable<(u128, u64), Bytes>,
    pub(super) calls: ReadOnlyTable<(u128, &'static str, u32), u128>,
    pub(super) index: ReadOnlyTable<(u32, &'static str, u8, u128), ()>,
    pub(super) suffixes: ReadOnlyTable<u128, ()>,
}

impl RunRows {
    pub(super) fn open(txn: &ReadTransaction) -> Result<RunRows, StoreError> {
        Ok(RunRows {
            heads: txn.open_table(schema::HEADS)?,
            runs: txn.open_table(schema::RUNS)?,
            inputs: txn.open_table(schema::INPUTS)?,
            vars: txn.open_table(schema::VARS)?,
            steps: txn.open_table(schema::STEPS)?,
            journal: txn.open_table(schema::JOURNAL)?,
            undo: txn.open_table(schema::UNDO)?,
            calls: txn.open_table(schema::CALLS)?,
            index: txn.open_table(schema::RUN_INDEX)?,
            suffixes: txn.open_table(schema::SUFFIXES)?,
        })
    }

    pub(super) fn has(&self, run: RunId) -> Result<bool, StoreError> {
        Ok(self.heads.get(run.0)?.is_some())
    }

    /// Runs whose id ends with `suffix` (lower-case hex digits), at most `most`.
    pub(super) fn runs_ending(&self, suffix: &str, most: usize) -> Result<Vec<RunId>, StoreError> {
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

    pub(super) fn head(&self, run: RunId) -> Result<Option<RunHead>, StoreError> {
        self.heads.get(run.0)?.map(|b| decode_of(run, "run head", b.value())).transpose()
    }

    pub(super) fn row(&self, run: RunId) -> Result<RunRow, StoreError> {
        match self.runs.get(run.0)? {
            Some(row) => decode_of(run, "run", row.value()),
            None => Err(self.missing(run, "row")?),
        }
    }

    /// The variables of a run as they are now.
    pub(super) fn variables(&self, run: RunId) -> Result<BTreeMap<Ident, Value>, StoreError> {
        match self.vars.get(run.0)? {
            Some(vars) => decode_of(run, "variables", vars.value()),
            None => self.inputs(run),
        }
    }

    /// The variables that a run was begun with.
    pub(super) fn inputs(&self, run: RunId) -> Result<BTreeMap<Ident, Value>, StoreError> {
        match self.inputs.get(run.0)? {
            Some(inputs) => decode_of(run, "variables", inputs.value()),
            None => Err(self.missing(run, "variables")?),
        }
    }

    /// What it means that a run has no row of a kind that each run has.
    fn missing(&self, run: RunId, what: &str) -> Result<StoreError, StoreError> {
        Ok(match self.has(run)? {
            true => StoreError::corrupt(format!("run {run} has no {what}")).of(run),
            false => StoreError::no_run(run),
        })
    }

    /// One step's row; `None` while it is pending.
    pub(super) fn step(&self, run: RunId, path: &StepPath) -> Result<Option<StepRow>, StoreError> {
        self.steps
            .get((run.0, path.as_str()))?
            .map(|b| decode_of(run, "step", b.value()))
            .transpose()
    }

    /// As [`Reader::step`], without what the step gave.
    pub(super) fn state(
        &self,
        run: RunId,
        path: &StepPath,
    ) -> Result<Option<StepState>, StoreError> {
        let row = self.steps.get((run.0, path.as_str()))?;
        // the first field of a `StepRow`
        row.map(|b| decode_front("step", b.value()).map_err(|e| e.of(run))).transpose()
    }

    /// The states of those of `steps` that are no longer pending. What they
    /// gave is not read.
    pub(super) fn top_states(
        &self,
        run: RunId,
        steps: &[Ident],
    ) -> Result<Vec<(StepPath, StepState)>, StoreError> {
        let mut states = Vec::new();
        for id in steps {
            if let Some(row) = self.steps.get((run.0, id.as_str()))? {
                // the first field of a `StepRow`
                states.push((
                    StepPath::top(id),
                    decode_front("step", row.value()).map_err(|e| e.of(run))?,
                ));
            }
        }
        Ok(states)
    }

    /// How many events a run has had: grows with every change of it.
    pub(super) fn seq(&self, run: RunId) -> Result<u64, StoreError> {
        next_seq(&self.journal, run)
    }

    /// The rows of all completed steps of a run, by path.
    pub(super) fn completed(&self, run: RunId) -> Result<Vec<(StepPath, StepRow)>, StoreError> {
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
    pub(super) fn journal(&self, run: RunId) -> Result<Vec<JournalRow>, StoreError> {
        self.journal
            .range((run.0, 0)..=(run.0, u64::MAX))?
            .map(|entry| decode_of(run, "journal", entry?.1.value()))
            .collect()
    }

    /// The journal rows of a run with their numbers, from number `from` on. Read one at
    /// a time, from either end.
    pub(super) fn journal_from(
        &self,
        run: RunId,
        from: u64,
    ) -> Result<
        impl DoubleEndedIterator<Item = Result<(u64, JournalRow), StoreError>> + use<>,
        StoreError,
    > {
        let rows = self.journal.range((run.0, from)..=(run.0, u64::MAX))?;
        Ok(rows.map(move |entry| {
            let (key, row) = entry?;
            Ok((key.value().1, decode_of(run, "journal", row.value())?))
        }))
    }

    /// The step that is being undone.
    pub(super) fn undoing(&self, run: RunId) -> Result<Option<StepPath>, StoreError> {
        for entry in self.undo.range((run.0, 0)..=(run.0, u64::MAX))? {
            let row: UndoRow = decode_of(run, "undo", entry?.1.value())?;
            if row.under_way {
                return Ok(Some(row.path));
            }
        }
        Ok(None)
    }

    /// The run that a step has called, the last of them.
    pub(super) fn called(&self, run: RunId, path: &StepPath) -> Result<Option<RunId>, StoreError> {
        let key = |attempt| (run.0, path.as_str(), attempt);
        let last = self.calls.range(key(0)..=key(u32::MAX))?.next_back().transpose()?;
        Ok(last.map(|(_, called)| RunId(called.value())))
    }
}
