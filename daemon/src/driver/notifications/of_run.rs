//! What of a run's events is to be told, and what has ended by them.

use rpa_engine::notification::{self, Kind, Settled, What};
use rpa_engine::run::{Event, Run, RunEnd, StepState};
use rpa_engine::{Action, RunId, StepPath, TaskError};

use super::alike::Alike;
use super::known::Known;
use super::tell::{settle, settle_at, stored, tell};
use super::{Active, Happening, Outbox};
use crate::store::{StoreError, Subject, Tables};

/// What an approval fails with that was not given in time.
const OVER_TIME: [&str; 2] = ["RPA0426", "RPA0427"];
/// Reruns of reruns that are followed back to the run that failed first.
const MOST_RERUNS: usize = 32;

/// What of a run's events is to be told, and what has ended by them.
struct OfRun {
    told: Vec<(What, Option<StepPath>)>,
    ended: Vec<(Kind, Settled)>,
    completed: bool,
}

/// `events` are applied to `run`; `asks` is whether it was told to ask or to be in doubt.
fn of_run(run: &Run, events: &[Event], asks: bool) -> Option<OfRun> {
    let mut found = OfRun { told: Vec::new(), ended: Vec::new(), completed: false };
    let (mut votes, mut resolved, mut over_time) = (false, false, None);
    for event in events {
        match event {
            Event::StepInDoubt { path, reason, .. } => {
                let reason = notification::cut(reason);
                found.told.push((What::RunInDoubt { reason }, Some(path.clone())));
            }
            Event::ApprovalAsked { path, request, until_ms } => {
                let (message, until_ms) = (notification::cut(&request.message), *until_ms);
                let what = What::ApprovalWaiting { message, until_ms };
                found.told.push((what, Some(path.clone())));
            }
            Event::ApprovalVoted { .. } => votes = true,
            Event::DoubtResolved { .. } => resolved = true,
            // nobody has voted, and it is decided
            Event::StepConfirmed { path, .. } if asks && !votes && is_approval(run, path) => {
                over_time = Some(path.clone());
            }
            Event::StepFailed { path, error, .. }
                if asks && !votes && OVER_TIME.contains(&error.code.as_str()) =>
            {
                over_time = Some(path.clone());
            }
            Event::PromiseBroken { promise } => {
                found.told.push((What::SlaBroken { promise: *promise }, None));
            }
            Event::Ended { end: RunEnd::Failed { step, error } } if run.parent.is_none() => {
                let message = notification::cut(&error.message);
                let error = TaskError { message, ..error.clone() };
                let what = match run.time.is_out {
                    true => What::RunTimedOut { error },
                    false => What::RunFailed { error },
                };
                found.told.push((what, step.clone()));
            }
            Event::Ended { end: RunEnd::Completed { .. } } => found.completed = true,
            _ => {}
        }
    }
    if asks {
        let ended = run.status().ended();
        let has = |is: fn(&StepState) -> bool| !ended && run.steps.values().any(is);
        let end = if ended { Settled::Ended } else { Settled::Decided };
        if !has(|state| matches!(state, StepState::InDoubt { .. })) {
            let end = if resolved { Settled::Decided } else { end };
            found.ended.push((Kind::RunInDoubt, end));
        }
        if !has(|state| matches!(state, StepState::Asking(_))) {
            let end = match (&over_time, votes) {
                (Some(_), _) => Settled::TimedOut,
                (None, true) => Settled::Decided,
                (None, false) => end,
            };
            found.ended.push((Kind::ApprovalWaiting, end));
        }
    }
    found.told.extend(over_time.map(|path| (What::ApprovalTimedOut, Some(path))));
    let is_any = !found.told.is_empty() || !found.ended.is_empty() || found.completed;
    is_any.then_some(found)
}

fn is_approval(run: &Run, path: &StepPath) -> bool {
    run.definition_of(path).is_some_and(|step| matches!(step.action, Action::Approval(_)))
}

impl Known {
    /// What events of a run, which are applied to it, tell people.
    pub(in crate::driver) fn of_run(
        &mut self,
        tables: &mut Tables<'_>,
        now_ms: u64,
        active: &Active,
        events: &[Event],
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let Active { namespace, run } = active;
        let Some(found) = of_run(run, events, self.asks(run.id)) else { return Ok(()) };
        for (kind, how) in found.ended {
            let alike = Alike { namespace: Some(*namespace), kind, of: run.id.to_string() };
            settle(self, tables, now_ms, &alike, how, out)?;
        }
        let workflow = &run.definition.name;
        for (what, step) in found.told {
            let (of, run) = (Some(workflow.clone()), Some(run.id));
            let subject = Subject { workflow: of, run, step, ..Subject::default() };
            let namespace = Some((*namespace, workflow.namespace.clone()));
            tell(self, tables, now_ms, Happening { namespace, subject, what, count: 1 }, out)?;
        }
        if found.completed && self.has_failed() {
            self.mend(tables, now_ms, run.id, out)?;
        }
        Ok(())
    }

    /// A run has completed: the failed ones of which it is a rerun need nobody any more, nor
    /// do failed reruns of these. What tells of others as well stays, and says how many of
    /// them are mended.
    fn mend(
        &mut self,
        tables: &mut Tables<'_>,
        now_ms: u64,
        id: RunId,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        for before in reruns_back(tables, id)? {
            for (number, runs) in self.failed_with(before) {
                let Some(mut row) = stored(self, tables, number, out)? else { continue };
                for failed in row.failed.extract_if(.., |failed| runs.contains(&failed.run)) {
                    self.forget_failed(row.id, &failed);
                    row.mended += 1;
                }
                if let Some(newest) = row.failed.last() {
                    row.subject.run = Some(newest.run);
                }
                tables.put_notification(number, &row)?;
                self.remember(number, &row);
                if row.mended >= row.count {
                    settle_at(self, tables, now_ms, number, Settled::Rerun, out)?;
                }
            }
        }
        Ok(())
    }
}

/// The runs of which this one is a rerun, of one of another, the first of them last.
pub(super) fn reruns_back(tables: &Tables<'_>, id: RunId) -> Result<Vec<RunId>, StoreError> {
    let (mut run, mut found) = (id, Vec::new());
    while found.len() < MOST_RERUNS
        && let Some(before) = tables.rerun_of(run)?
    {
        found.push(before);
        run = before;
    }
    Ok(found)
}
