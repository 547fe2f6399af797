//! The rows of runs, as they are read: tables of the same names and keys in the live
//! store and in each archive.

use std::collections::BTreeMap;
use std::ops::Bound;

use redb::{Range, ReadOnlyTable, ReadTransaction};
use rpa_engine::run::StepState;
use rpa_engine::{Ident, RunId, StepPath, Value};
use serde::de::DeserializeOwned;

use super::codec::{decode_front, decode_of};
use super::error::StoreError;
use super::journal::{self, Entry};
use super::parts::{self, Many, Part};
use super::rows::{RunHead, RunRow, StepRow, UndoRow};
use super::schema;

type Bytes = &'static [u8];

/// A consistent snapshot of the runs in one file.
pub(super) struct RunRows {
    pub(super) rows: ReadOnlyTable<Bytes, Bytes>,
    pub(super) index: ReadOnlyTable<(u32, &'static str, u8, u128), ()>,
}

impl RunRows {
    pub(super) fn open(txn: &ReadTransaction) -> Result<RunRows, StoreError> {
        Ok(RunRows {
            rows: txn.open_table(schema::RUN_ROWS)?,
            index: txn.open_table(schema::RUN_INDEX)?,
        })
    }

    pub(super) fn has(&self, run: RunId) -> Result<bool, StoreError> {
        Ok(self.rows.get(Part::Head.of(run).as_slice())?.is_some())
    }

    /// The first run of this id or a later one.
    pub(super) fn next_run(&self, from: RunId) -> Result<Option<RunId>, StoreError> {
        let mut from = from;
        loop {
            let first = Part::Head.of(from);
            let next = self.rows.range(first.as_slice()..)?.next().transpose()?;
            let Some((key, _)) = next else { return Ok(None) };
            match parts::read(key.value())? {
                (run, Part::Head) => return Ok(Some(run)),
                // what is left of one that has gone into an archive
                (run, _) => match run.0.checked_add(1) {
                    Some(next) => from = RunId(next),
                    None => return Ok(None),
                },
            }
        }
    }

    /// The last id before this one of which there are rows: also one that has left, or of
    /// which the head is lost. All of them, when there is none to begin with.
    pub(super) fn last_before(&self, before: Option<RunId>) -> Result<Option<RunId>, StoreError> {
        let mut end = before.map(|run| parts::all_of(run).start);
        loop {
            let bound = match &end {
                Some(key) => Bound::Excluded(key.as_slice()),
                None => Bound::Unbounded,
            };
            let mut rows = self.rows.range::<&[u8]>((Bound::Unbounded, bound))?;
            let Some((key, _)) = rows.next_back().transpose()? else { return Ok(None) };
            match parts::run_of(key.value()) {
                Some(run) => return Ok(Some(run)),
                // not a key of any run
                None => end = Some(key.value().to_vec()),
            }
        }
    }

    pub(super) fn head(&self, run: RunId) -> Result<Option<RunHead>, StoreError> {
        self.row_of(run, Part::Head, "run head")
    }

    /// `what` names the row where it cannot be read.
    fn row_of<T: DeserializeOwned>(
        &self,
        run: RunId,
        part: Part<'_>,
        what: &str,
    ) -> Result<Option<T>, StoreError> {
        let row = self.rows.get(part.of(run).as_slice())?;
        row.map(|bytes| decode_of(run, what, bytes.value())).transpose()
    }

    pub(super) fn many(
        &self,
        run: RunId,
        many: Many,
    ) -> Result<Range<'static, Bytes, Bytes>, StoreError> {
        self.between(&many.of(run))
    }

    /// All rows of a run.
    pub(super) fn all_of(&self, run: RunId) -> Result<Range<'static, Bytes, Bytes>, StoreError> {
        self.between(&parts::all_of(run))
    }

    fn between(
        &self,
        range: &std::ops::Range<parts::Key>,
    ) -> Result<Range<'static, Bytes, Bytes>, StoreError> {
        Ok(self.rows.range(range.start.as_slice()..range.end.as_slice())?)
    }

    pub(super) fn row(&self, run: RunId) -> Result<RunRow, StoreError> {
        match self.row_of(run, Part::Row, "run")? {
            Some(row) => Ok(row),
            None => Err(self.missing(run, "row")?),
        }
    }

    /// The variables of a run as they are now.
    pub(super) fn variables(&self, run: RunId) -> Result<BTreeMap<Ident, Value>, StoreError> {
        match self.row_of(run, Part::Vars, "variables")? {
            Some(vars) => Ok(vars),
            None => self.inputs(run),
        }
    }

    /// The variables that a run was begun with.
    pub(super) fn inputs(&self, run: RunId) -> Result<BTreeMap<Ident, Value>, StoreError> {
        match self.row_of(run, Part::Inputs, "variables")? {
            Some(inputs) => Ok(inputs),
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
        self.row_of(run, Part::Step(path.as_str()), "step")
    }

    /// As [`Reader::step`], without what the step gave.
    pub(super) fn state(
        &self,
        run: RunId,
        path: &StepPath,
    ) -> Result<Option<StepState>, StoreError> {
        let row = self.rows.get(Part::Step(path.as_str()).of(run).as_slice())?;
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
            if let Some(row) = self.rows.get(Part::Step(id.as_str()).of(run).as_slice())? {
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
        journal::len(&self.rows, run)
    }

    /// The rows of all completed steps of a run, by path.
    pub(super) fn completed(&self, run: RunId) -> Result<Vec<(StepPath, StepRow)>, StoreError> {
        let mut completed = Vec::new();
        for entry in self.many(run, Many::Steps)? {
            let (key, row) = entry?;
            let state: StepState = decode_front("step", row.value()).map_err(|e| e.of(run))?;
            if matches!(state, StepState::Completed { .. }) {
                let path = parts::step_of(run, key.value())?;
                completed.push((path, decode_of(run, "step", row.value())?));
            }
        }
        Ok(completed)
    }

    /// The journal of a run, in order: folded, it must give its state.
    pub(super) fn journal(&self, run: RunId) -> Result<Vec<Entry>, StoreError> {
        self.journal_from(run, 0)?.map(|entry| Ok(entry?.1)).collect()
    }

    /// The journal of a run with the numbers of its events, from number `from` on. Read a
    /// row at a time, from either end.
    pub(super) fn journal_from(
        &self,
        run: RunId,
        from: u64,
    ) -> Result<impl DoubleEndedIterator<Item = Result<(u64, Entry), StoreError>> + use<>, StoreError>
    {
        let rows = self.between(&parts::events_from(run, from))?;
        Ok(journal::entries(run, rows, from))
    }

    /// The step that is being undone.
    pub(super) fn undoing(&self, run: RunId) -> Result<Option<StepPath>, StoreError> {
        for entry in self.many(run, Many::Undo)? {
            let row: UndoRow = decode_of(run, "undo", entry?.1.value())?;
            if row.under_way {
                return Ok(Some(row.path));
            }
        }
        Ok(None)
    }

    /// The run that a step has called, the last of them.
    pub(super) fn called(&self, run: RunId, path: &StepPath) -> Result<Option<RunId>, StoreError> {
        let last = self.between(&parts::calls_of(run, path))?.next_back().transpose()?;
        last.map(|(_, called)| decode_of(run, "call", called.value())).transpose()
    }
}
