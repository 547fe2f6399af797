//! Reading a run wherever it is: in the live store or in the archive of its day.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use redb::ReadableTable;
use rpa_engine::run::StepState;
use rpa_engine::{Ident, RunId, StepPath, Value};

use super::super::codec::decode;
use super::super::error::StoreError;
use super::super::journal::Entry;
use super::super::query::Reader;
use super::super::rows::{ArchiveRow, RunHead, RunRow, StepRow};
use super::super::run_rows::RunRows;
use super::super::schema;
use super::files::{Archives, View};
use crate::day::Day;

/// The archives beside one snapshot of the live store. Each is opened when it is asked
/// for, and stays as it is then for as long as the snapshot is used: a later state of
/// an archive has all that an earlier one had.
pub(in super::super) struct Archived {
    files: Arc<Archives>,
    known: OnceCell<BTreeMap<Day, ArchiveRow>>,
    views: RefCell<BTreeMap<Day, Option<Arc<View>>>>,
}

/// Where a run is.
pub(in super::super) enum Place<'r> {
    Live(&'r RunRows),
    Archived(Arc<View>),
}

impl Deref for Place<'_> {
    type Target = RunRows;

    fn deref(&self) -> &RunRows {
        match self {
            Place::Live(rows) => rows,
            Place::Archived(view) => &view.rows,
        }
    }
}

impl Archived {
    pub(in super::super) fn new(files: Arc<Archives>) -> Archived {
        Archived { files, known: OnceCell::new(), views: RefCell::default() }
    }
}

impl Reader {
    /// What the live store knows of each archive, oldest first.
    pub fn archives(&self) -> Result<&BTreeMap<Day, ArchiveRow>, StoreError> {
        if let Some(known) = self.archived.known.get() {
            return Ok(known);
        }
        let table = self.txn.open_table(schema::ARCHIVES)?;
        let rows = table.iter()?.map(|entry| {
            let (day, row) = entry?;
            Ok((Day(day.value()), decode("archive", row.value())?))
        });
        let known = rows.collect::<Result<_, StoreError>>()?;
        Ok(self.archived.known.get_or_init(|| known))
    }

    /// The archive of a day; `None` when it has no runs that have left the live store,
    /// or somebody has taken the file away.
    pub(in super::super) fn archive(&self, day: Day) -> Result<Option<Arc<View>>, StoreError> {
        if self.archives()?.get(&day).is_none_or(|row| row.dropping) {
            return Ok(None);
        }
        if let Some(view) = self.archived.views.borrow().get(&day) {
            return Ok(view.clone());
        }
        let view = self.archived.files.view(day)?.map(Arc::new);
        self.archived.views.borrow_mut().insert(day, view.clone());
        Ok(view)
    }

    /// Where the rows of a run are. Of one that is nowhere: the live store, which says so.
    fn place(&self, run: RunId) -> Result<Place<'_>, StoreError> {
        if self.live.has(run)? {
            return Ok(Place::Live(&self.live));
        }
        match self.archive(Day::of(run))? {
            Some(view) if view.rows.has(run)? => Ok(Place::Archived(view)),
            _ => Ok(Place::Live(&self.live)),
        }
    }

    /// Whether rows of runs that have left are still to be removed.
    pub fn has_leftovers(&self) -> Result<bool, StoreError> {
        Ok(self.txn.open_table(schema::LEFTOVERS)?.first()?.is_some())
    }

    /// Whether it has left the live store and can still be read.
    pub fn is_archived(&self, run: RunId) -> Result<bool, StoreError> {
        Ok(matches!(self.place(run)?, Place::Archived(_)))
    }

    /// Runs of any namespace whose id ends with `suffix` (lower-case hex digits), at
    /// most `most`.
    pub fn runs_ending(&self, suffix: &str, most: usize) -> Result<Vec<RunId>, StoreError> {
        let mut found = self.live_ending(suffix, most)?;
        let whole = suffix.len() >= 32;
        let days: Vec<Day> = match (whole, u128::from_str_radix(suffix, 16)) {
            (true, Ok(id)) => vec![Day::of(RunId(id))],
            (true, Err(_)) => Vec::new(),
            (false, _) => self.archives()?.keys().rev().copied().collect(),
        };
        for day in days {
            if found.len() >= most {
                break;
            }
            let Some(view) = self.archive(day)? else { continue };
            for run in view.runs_ending(suffix, most)? {
                if found.len() < most && !found.contains(&run) {
                    found.push(run);
                }
            }
        }
        Ok(found)
    }

    pub fn head(&self, run: RunId) -> Result<Option<RunHead>, StoreError> {
        self.place(run)?.head(run)
    }

    pub fn row(&self, run: RunId) -> Result<RunRow, StoreError> {
        self.place(run)?.row(run)
    }

    /// The variables of a run as they are now.
    pub fn variables(&self, run: RunId) -> Result<BTreeMap<Ident, Value>, StoreError> {
        self.place(run)?.variables(run)
    }

    /// The variables that a run was begun with.
    pub fn inputs(&self, run: RunId) -> Result<BTreeMap<Ident, Value>, StoreError> {
        self.place(run)?.inputs(run)
    }

    /// One step's row; `None` while it is pending.
    pub fn step(&self, run: RunId, path: &StepPath) -> Result<Option<StepRow>, StoreError> {
        self.place(run)?.step(run, path)
    }

    /// As [`Reader::step`], without what the step gave.
    pub fn state(&self, run: RunId, path: &StepPath) -> Result<Option<StepState>, StoreError> {
        self.place(run)?.state(run, path)
    }

    /// The states of those of `steps` that are no longer pending. What they gave is not
    /// read.
    pub fn top_states(
        &self,
        run: RunId,
        steps: &[Ident],
    ) -> Result<Vec<(StepPath, StepState)>, StoreError> {
        self.place(run)?.top_states(run, steps)
    }

    /// How many events a run has had: grows with every change of it.
    pub fn seq(&self, run: RunId) -> Result<u64, StoreError> {
        self.place(run)?.seq(run)
    }

    /// The rows of all completed steps of a run, by path.
    pub fn completed(&self, run: RunId) -> Result<Vec<(StepPath, StepRow)>, StoreError> {
        self.place(run)?.completed(run)
    }

    /// The journal of a run, in order: folded, it must give its state.
    pub fn journal(&self, run: RunId) -> Result<Vec<Entry>, StoreError> {
        self.place(run)?.journal(run)
    }

    /// The journal of a run with the numbers of its events, from number `from` on. Read a
    /// row at a time, from either end.
    pub fn journal_from(
        &self,
        run: RunId,
        from: u64,
    ) -> Result<impl DoubleEndedIterator<Item = Result<(u64, Entry), StoreError>>, StoreError> {
        self.place(run)?.journal_from(run, from)
    }

    /// The step that is being undone.
    pub fn undoing(&self, run: RunId) -> Result<Option<StepPath>, StoreError> {
        self.place(run)?.undoing(run)
    }

    /// The run that a step has called, the last of them.
    pub fn called(&self, run: RunId, path: &StepPath) -> Result<Option<RunId>, StoreError> {
        self.place(run)?.called(run, path)
    }
}
