//! Runs that are held: open in a backup that was restored, until a person's word.

use rpa_engine::run::{Run, RunStatus, StepState};
use rpa_engine::{AttemptId, RunId};

use super::codec::{decode, encode};
use super::error::StoreError;
use super::newest::RunFilter;
use super::parts::{self, Many, Part};
use super::query::Reader;
use super::rows::{BackedUpRow, RestoredRow, RunRow, StepRow};
use super::schema::{HELD, META, NamespaceId, queue_key, status_code};
use super::write::{Shelf, Tables};

const RESTORED: &str = "restored";
/// When somebody let it go on.
const RELEASED: &str = "released";
const BACKED_UP: &str = "backed_up";

impl Tables<'_> {
    /// Holds every run that is open; says which attempts were under way.
    ///
    /// Their rows lose the boot that they were written in: it may be this very one, and
    /// that no record of an attempt is here would then mean that it had not begun.
    pub fn hold_open(&mut self, restored: &RestoredRow) -> Result<Vec<AttemptId>, StoreError> {
        self.meta.insert(RESTORED, encode(restored)?.as_slice())?;
        // the daemon that made the backup went on: nobody has gone down here
        self.end_life()?;
        let mut running = Vec::new();
        for run in self.open_runs()? {
            let missing = || StoreError::corrupt(format!("run {run} has no row"));
            let row = self.run_row(run)?.ok_or_else(missing)?;
            match Shelf::of(&row.phase, &row.gate) {
                Shelf::Line => self.queued.remove(queue_key(self.priority_of(run)?, run))?,
                Shelf::Active => self.active.remove(run.0)?,
                Shelf::None => {}
            }
            if let Some(due_ms) = row.wake_ms {
                self.timers.remove((due_ms, run.0))?;
            }
            let row = RunRow { held: true, wake_ms: None, ..row };
            self.put(run, Part::Row, &row)?;
            self.held.insert(run.0, ())?;
            running.extend(self.forget_boot(run)?);
        }
        Ok(running)
    }

    fn open_runs(&self) -> Result<Vec<RunId>, StoreError> {
        let mut open = Vec::new();
        let namespaces = self.namespaces.iter()?.map(|entry| entry.map(|(_, id)| id.value()));
        for namespace in namespaces.collect::<Result<Vec<_>, _>>()? {
            for status in RunStatus::ALL.into_iter().filter(|status| !status.ended()) {
                let key = |run| (namespace, "", status_code(status), run);
                for entry in self.index.range(key(0)..=key(u128::MAX))? {
                    open.push(RunId(entry?.0.value().3));
                }
            }
        }
        Ok(open)
    }

    fn forget_boot(&mut self, run: RunId) -> Result<Vec<AttemptId>, StoreError> {
        let mut running = Vec::new();
        for entry in self.many(run, Many::Steps)? {
            let (key, row) = entry?;
            let row: StepRow = decode("step", row.value())?;
            if let StepState::Running { attempt, .. } = row.state {
                running.push((parts::step_of(run, key.value())?, attempt, row));
            }
        }
        let mut attempts = Vec::new();
        for (path, number, row) in running {
            let row = StepRow { boot: String::new(), ..row };
            self.put(run, Part::Step(path.as_str()), &row)?;
            attempts.push(AttemptId { run, path, number });
        }
        Ok(attempts)
    }

    pub fn restored(&self) -> Result<Option<RestoredRow>, StoreError> {
        self.meta.get(RESTORED)?.map(|b| decode("restored", b.value())).transpose()
    }

    /// Nothing is held any more.
    pub fn forget_restored(&mut self, now_ms: u64) -> Result<(), StoreError> {
        self.meta.insert(RELEASED, encode(&now_ms)?.as_slice())?;
        self.meta.remove(RESTORED)
    }

    /// When somebody let a restored store go on; 0 when it never was restored.
    pub fn released_ms(&self) -> Result<u64, StoreError> {
        let row = self.meta.get(RELEASED)?;
        Ok(row.map(|b| decode("released", b.value())).transpose()?.unwrap_or(0))
    }

    /// Runs that are held, the oldest first; and whether each is being cancelled.
    pub fn held(&self) -> Result<Vec<(RunId, bool)>, StoreError> {
        let mut held = Vec::new();
        for entry in self.held.iter()? {
            let run = RunId(entry?.0.value());
            held.push((run, self.run_row(run)?.is_some_and(|row| row.cancel.is_some())));
        }
        Ok(held)
    }

    /// Puts a held run where it is looked for, with its timer.
    pub fn release(&mut self, run: &Run) -> Result<(), StoreError> {
        let missing = || StoreError::corrupt(format!("run {} has no row", run.id));
        let row = self.run_row(run.id)?.ok_or_else(missing)?;
        let wake_ms = run.next_wake();
        if let Some(due_ms) = wake_ms {
            self.timers.insert((due_ms, run.id.0), ())?;
        }
        self.shelve(run, None, Shelf::of(&row.phase, &row.gate))?;
        let row = RunRow { held: false, wake_ms, ..row };
        self.put(run.id, Part::Row, &row)?;
        self.held.remove(run.id.0)
    }

    /// Remembers a backup that was found to be good.
    pub fn put_backed_up(&mut self, row: &BackedUpRow) -> Result<(), StoreError> {
        self.meta.insert(BACKED_UP, encode(row)?.as_slice())
    }
}

impl Reader {
    pub fn restored(&self) -> Result<Option<RestoredRow>, StoreError> {
        self.open(META)?.get(RESTORED)?.map(|b| decode("restored", b.value())).transpose()
    }

    pub fn backed_up(&self) -> Result<Option<BackedUpRow>, StoreError> {
        self.open(META)?.get(BACKED_UP)?.map(|b| decode("backup", b.value())).transpose()
    }

    /// How many runs are held.
    pub fn held_count(&self) -> Result<u64, StoreError> {
        use redb::ReadableTableMetadata;
        Ok(self.open(HELD)?.len()?)
    }

    /// Runs accepted since then, counted up to `most`.
    pub fn accepted_since(
        &self,
        namespace: NamespaceId,
        since_ms: u64,
        most: usize,
    ) -> Result<usize, StoreError> {
        let from = RunId(u128::from(since_ms.min((1 << 48) - 1)) << 80);
        let filter = RunFilter { from: Some(from), ..RunFilter::default() };
        counted(self.runs(namespace, &filter)?.take(most))
    }

    /// Runs that wait, and were accepted before then, counted up to `most`.
    pub fn waiting_since(
        &self,
        namespace: NamespaceId,
        before_ms: u64,
        most: usize,
    ) -> Result<usize, StoreError> {
        let before = RunId(u128::from(before_ms.min((1 << 48) - 1)) << 80);
        let statuses = [RunStatus::Waiting, RunStatus::Paused].into();
        let filter = RunFilter { before: Some(before), statuses, ..RunFilter::default() };
        counted(self.runs(namespace, &filter)?.take(most))
    }

    /// When the newest run was accepted.
    pub fn newest_accepted_ms(&self) -> Result<Option<u64>, StoreError> {
        let mut newest = None;
        for namespace in self.namespaces()? {
            if let Some(run) = self.runs(namespace, &RunFilter::default())?.next() {
                newest = newest.max(Some(run?.accepted_ms()));
            }
        }
        Ok(newest)
    }

    /// How many runs there are, and how many of them are open.
    pub fn run_counts(&self) -> Result<(u64, u64), StoreError> {
        let counts = self.counts()?;
        let open = counts.iter().filter(|(status, _)| !status.ended()).map(|(_, n)| n).sum();
        Ok((counts.values().sum(), open))
    }

    /// Whether the run has ended; `None` for one that is not here.
    pub fn has_ended(&self, run: RunId) -> Result<Option<bool>, StoreError> {
        match self.head(run)? {
            Some(_) => Ok(Some(self.status(&self.row(run)?)?.ended())),
            None => Ok(None),
        }
    }
}

fn counted(mut runs: impl Iterator<Item = Result<RunId, StoreError>>) -> Result<usize, StoreError> {
    runs.try_fold(0, |n, run| run.map(|_| n + 1))
}

/// Whether a store has nothing that a restore could destroy.
pub fn is_empty(reader: &Reader) -> Result<bool, StoreError> {
    let names: Vec<NamespaceId> = reader.namespaces()?;
    Ok(names.is_empty() && reader.workflow_count()? == 0 && reader.run_counts()?.0 == 0)
}
