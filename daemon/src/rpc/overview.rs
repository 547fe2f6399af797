//! A namespace at one glance, from indexes and a bounded number of rows.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rpa_engine::run::{Phase, RunEnd, RunStatus};
use rpa_engine::{RunId, StepPath};
use rpa_ipc::overview::{
    FailureView, HourView, MOST_FAILURES, MOST_OPEN, OVERVIEW_HOURS, Overview, OverviewQuery,
};
use rpa_ipc::service::Reply;
use rpa_ipc::view::{ErrorView, RunSummary};

use super::alike::{self, Groups};
use super::runs::oldest_id;
use super::summary::{self, Summaries};
use super::views::read;
use super::{Office, views};
use crate::driver::now_ms;
use crate::store::{NamespaceId, Reader, RunFilter, RunRow, StoreError};

const HOUR_MS: u64 = 3_600_000;
/// How long before the window a run may have been accepted that fails within it.
const LONGEST_MS: u64 = 7 * 24 * HOUR_MS;
/// Failed runs whose rows are looked at, and for how long.
const LOOKED_AT: usize = 2_000;
/// Ids that are counted: a third of a microsecond each.
const COUNTED: usize = 200_000;
/// For each of both.
const LOOKING: Duration = Duration::from_millis(40);

pub async fn overview(office: &Office, query: OverviewQuery) -> Reply<Overview> {
    let now_ms = now_ms();
    read(office, move |reader| {
        let since_ms = since_ms(now_ms);
        let Some(namespace) = reader.namespace(&query.namespace)? else {
            let hours = empty_hours(since_ms);
            let counted_from_ms = since_ms;
            return Ok(Overview { since_ms, counted_from_ms, hours, ..Overview::default() });
        };
        let limits = Limits { looked_at: LOOKED_AT, counted: COUNTED, looking: LOOKING };
        of(reader, namespace, since_ms, &limits)
    })
    .await
}

/// When the oldest hour began: the same for a whole hour, so that an answer changes only
/// when something has.
fn since_ms(now_ms: u64) -> u64 {
    (now_ms / HOUR_MS + 1).saturating_sub(OVERVIEW_HOURS) * HOUR_MS
}

/// How much is looked at.
struct Limits {
    looked_at: usize,
    counted: usize,
    looking: Duration,
}

fn of(
    reader: &Reader,
    namespace: NamespaceId,
    since_ms: u64,
    limits: &Limits,
) -> Result<Overview, StoreError> {
    let counts = reader.counts_of(namespace)?.into_iter().filter(|(_, count)| *count > 0);
    let counts = counts.map(|(status, count)| (status.word().to_owned(), count)).collect();
    let (hours, counted_from_ms) = hours(reader, namespace, since_ms, limits)?;
    let Failures { groups, failed, cut } = failures(reader, namespace, since_ms, limits)?;
    Ok(Overview {
        since_ms,
        counts,
        failures: groups,
        failed,
        failures_cut: cut,
        doubts: newest(reader, namespace, &[RunStatus::InDoubt])?,
        open: newest(reader, namespace, &[RunStatus::Running, RunStatus::Waiting])?,
        hours,
        counted_from_ms,
    })
}

/// Runs of some statuses, however old.
fn newest(
    reader: &Reader,
    namespace: NamespaceId,
    statuses: &[RunStatus],
) -> Result<Vec<RunSummary>, StoreError> {
    let filter = RunFilter { statuses: statuses.iter().copied().collect(), ..RunFilter::default() };
    let mut summaries = Summaries::new(reader);
    let mut items = Vec::new();
    for run in reader.runs(namespace, &filter)?.take(MOST_OPEN) {
        let run = run?;
        match summaries.of(run) {
            Ok(item) => items.extend(item),
            Err(error) if error.run() == Some(run) => {
                items.push(summary::damaged(reader, namespace, run, &error)?);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(items)
}

fn empty_hours(since_ms: u64) -> Vec<HourView> {
    let hour = |n| HourView { from_ms: since_ms + n * HOUR_MS, ..HourView::default() };
    (0..OVERVIEW_HOURS).map(hour).collect()
}

/// From the index alone. Whatever makes it stop, it has then counted whole stretches: from
/// the moment that it returns on.
fn hours(
    reader: &Reader,
    namespace: NamespaceId,
    since_ms: u64,
    limits: &Limits,
) -> Result<(Vec<HourView>, u64), StoreError> {
    let mut hours = empty_hours(since_ms);
    let mut counted_from_ms = since_ms;
    let deadline = Instant::now() + limits.looking;
    let share = limits.counted / 3;
    for status in [RunStatus::Failed, RunStatus::Cancelled, RunStatus::Completed] {
        let from = Some(RunId(u128::from(since_ms) << 80));
        let filter = RunFilter { statuses: BTreeSet::from([status]), from, ..RunFilter::default() };
        for (counted, run) in reader.runs(namespace, &filter)?.enumerate() {
            let at_ms = run?.accepted_ms();
            if counted >= share || (counted % 256 == 255 && Instant::now() >= deadline) {
                counted_from_ms = counted_from_ms.max(at_ms + 1);
                break;
            }
            let hour = usize::try_from(at_ms.saturating_sub(since_ms) / HOUR_MS);
            // an id from a clock that went ahead belongs to no hour yet
            let Some(hour) = hour.ok().and_then(|hour| hours.get_mut(hour)) else { continue };
            match status {
                RunStatus::Failed => hour.failed += 1,
                RunStatus::Cancelled => hour.cancelled += 1,
                _ => hour.completed += 1,
            }
        }
    }
    Ok((hours, counted_from_ms))
}

struct Failures {
    groups: Vec<FailureView>,
    failed: u64,
    cut: bool,
}

fn failures(
    reader: &Reader,
    namespace: NamespaceId,
    since_ms: u64,
    limits: &Limits,
) -> Result<Failures, StoreError> {
    let from = Some(oldest_id(since_ms.saturating_sub(LONGEST_MS)));
    let statuses = BTreeSet::from([RunStatus::Failed]);
    let filter = RunFilter { statuses, from, ..RunFilter::default() };
    let deadline = Instant::now() + limits.looking;
    let mut groups = Groups::default();
    let mut cut = false;
    for (looked_at, run) in reader.runs(namespace, &filter)?.enumerate() {
        let run = run?;
        if looked_at >= limits.looked_at || (looked_at > 0 && Instant::now() >= deadline) {
            // what is older has hardly failed since, and is not worth a remark
            cut = run.accepted_ms() >= since_ms;
            break;
        }
        let Some(failure) = failure(reader, namespace, run)? else { continue };
        if failure.newest_ms < since_ms {
            continue;
        }
        groups.add(failure);
    }
    let failed = groups.runs();
    Ok(Failures { groups: groups.newest(MOST_FAILURES), failed, cut })
}

/// One failed run as a group of its own.
pub(super) fn failure(
    reader: &Reader,
    namespace: NamespaceId,
    run: RunId,
) -> Result<Option<FailureView>, StoreError> {
    let found = reader.head(run).and_then(|head| Ok((head, reader.row(run)?)));
    let (workflow, (step, error, at_ms)) = match found {
        Ok((Some(head), row)) => match ended(&row) {
            Some(ended) => (head.workflow.to_string(), ended),
            None => return Ok(None),
        },
        Ok((None, _)) => return Ok(None),
        Err(error) if error.run() == Some(run) => {
            let damaged = summary::damaged(reader, namespace, run, &error)?;
            let Some(error) = damaged.error else { return Ok(None) };
            (damaged.workflow, (String::new(), error, damaged.accepted_ms))
        }
        Err(error) => return Err(error),
    };
    let (newest_ms, oldest_ms) = (at_ms, at_ms);
    let alike = alike::key(&workflow, &step, &error);
    let newest = run;
    Ok(Some(FailureView { workflow, alike, step, error, count: 1, newest, newest_ms, oldest_ms }))
}

/// Where it failed, of what, and when.
fn ended(row: &RunRow) -> Option<(String, ErrorView, u64)> {
    let Phase::Ended { end: RunEnd::Failed { step, error }, ended_ms, .. } = &row.phase else {
        return None;
    };
    let step = step.as_ref().map_or_else(String::new, StepPath::to_string);
    Some((step, views::error_view(error), *ended_ms))
}
