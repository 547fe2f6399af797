//! What retention asks of the live store: few rows in one transaction, so that work
//! never waits for it. See `crate::retention`.

use rpa_engine::RunId;
use rpa_engine::run::{Refusal, RunStatus};
use rpa_ipc::{Fault, FaultCode, fault};

use super::message::{Answer, Errand};
use super::take::Taken;
use super::{Driver, Outbox, refusal_fault};
use crate::store::{Departure, StoreError, Tables};

/// Rows of a run that are removed as it leaves.
const LEFT: usize = 40;
/// Rows of runs that have left that are removed in one transaction.
const CLEARED: usize = 1000;

impl Driver {
    pub(super) fn errand(
        &mut self,
        tables: &mut Tables<'_>,
        errand: &Errand,
        out: &mut Outbox,
    ) -> Taken {
        match errand {
            Errand::Leave { day, departures } => {
                // one that somebody has just asked something of is in memory
                let idle = departures.iter().filter(|one| !self.runs.contains_key(&one.run));
                let idle: Vec<Departure> = idle.copied().collect();
                if tables.leave(*day, &idle, LEFT)? {
                    return Ok(Ok(Answer::More));
                }
            }
            Errand::Clear => {
                if tables.clear_leftovers(CLEARED)? {
                    return Ok(Ok(Answer::More));
                }
            }
            Errand::Drop(day) => tables.drop_archive(*day)?,
            Errand::Forget(day) => tables.forget_archive(*day)?,
            // nothing but a commit is asked for
            Errand::Settle => {}
            Errand::Notifications { before_ms, numbers } => {
                return self.forget_notifications(tables, *before_ms, numbers, out);
            }
            Errand::Undeclared { trigger: key, before_ms } => {
                let Some(row) = tables.trigger(key)? else { return Ok(Ok(Answer::Done)) };
                let is_over = row.undeclared_ms.is_some_and(|since_ms| since_ms < *before_ms);
                if !is_over || !row.is_at_rest() || !tables.open_of_slots(key)?.is_empty() {
                    return Ok(Ok(Answer::Done));
                }
                if tables.clear_trigger(key, row, CLEARED)? {
                    return Ok(Ok(Answer::More));
                }
                let (workflow, trigger) = (&key.workflow, &key.trigger);
                tracing::info!(%workflow, %trigger, "a trigger that nothing declares is forgotten");
                out.resettled.insert(key.clone());
                out.rearmed.insert(key.clone());
            }
        }
        Ok(Ok(Answer::Done))
    }

    /// How a run that is not in the live store has ended.
    pub(super) fn archived_status(&self, run: RunId) -> Result<RunStatus, Fault> {
        let store = &self.parts.store;
        let read = || -> Result<RunStatus, StoreError> {
            let reader = store.read()?;
            reader.status(&reader.row(run)?)
        };
        read().map_err(|e| e.fault(store.path()))
    }

    /// The fault of an input to a run that is not in the live store: it has ended, or
    /// there is none. That an archive cannot be read is no fault of the store's.
    pub(super) fn absent(&self, run: RunId) -> Fault {
        let store = &self.parts.store;
        match store.read().and_then(|reader| reader.is_archived(run)) {
            Ok(true) => refusal_fault(run, Refusal::RunEnded),
            Ok(false) => fault!(FaultCode::NoRun, "run-gone", run = run),
            Err(error) => error.fault(store.path()),
        }
    }
}
