//! The overview: status, workflows, approvals, runs; each again when the daemon says that
//! something has changed.

use std::time::Duration;

use rpa_ipc::Fault;
use rpa_ipc::asking::{ApprovalView, ApprovalsQuery, LockView, LocksQuery};
use rpa_ipc::overview::{FailuresView, Overview, OverviewQuery};
use rpa_ipc::service::{RpadClient, RunsQuery, WorkflowsQuery};
use rpa_ipc::view::{RunSummary, WorkflowView};

use tokio::time::sleep;

use super::desk::{Desk, End, POLL_MS, Pace};
use super::triggers::now_ms;
use crate::console::state::{News, RunsWant};

/// Between two rounds: faster changes of a list cannot be read.
const LEAST: Duration = Duration::from_millis(150);
/// The most that the daemon gives at once.
const PAGE: u32 = 1_000;
/// So many workflows are shown at most.
const MOST_WORKFLOWS: usize = 1_000;
/// So many approvals: each comes with all that is shown.
const MOST_APPROVALS: u32 = 100;
/// Pages of a search: the daemon looks through a piece of the history for each, and
/// a rare text must not keep it at that for ever.
const MOST_PAGES: usize = 20;

pub(super) async fn overview(desk: Desk, workflows: bool) {
    let ended = keep_overview(&desk, workflows).await;
    desk.give_up(ended).await;
}

async fn keep_overview(desk: &Desk, workflows: bool) -> Result<(), End> {
    let mut pace = Pace::new(LEAST);
    let (mut shown_status, mut shown_rows, mut shown_asked) = (None, None, None);
    let mut seen = changes(desk, 0, 0).await?;
    let mut changed = true;
    loop {
        pace.begin();
        // each time: how full the disk is makes no change of a run
        let status = desk.ask(|rpc, context| async move { rpc.status(context).await }).await?;
        if shown_status.as_ref() != Some(&status) {
            desk.tell(News::Status(status.clone())).await;
            shown_status = Some(status);
        }
        if workflows && changed {
            match all_workflows(desk).await {
                Ok(rows) if shown_rows.as_ref() == Some(&rows) => {}
                Ok(rows) => {
                    desk.tell(News::Workflows(rows.clone())).await;
                    shown_rows = Some(rows);
                }
                // the status may still be had
                Err(End::Refused(fault)) => desk.tell(News::RunsRefused(fault)).await,
                Err(End::Lost) => return Err(End::Lost),
            }
        }
        if changed {
            match all_asked(desk).await {
                Ok(asked) if shown_asked.as_ref() == Some(&asked) => {}
                Ok(asked) => {
                    let (rows, more) = asked.clone();
                    desk.tell(News::Asked { rows, more }).await;
                    shown_asked = Some(asked);
                }
                Err(End::Refused(fault)) => desk.tell(News::AskedRefused(fault)).await,
                Err(End::Lost) => return Err(End::Lost),
            }
        }
        pace.pause().await;
        let number = changes(desk, seen, POLL_MS).await?;
        changed = number != seen;
        seen = number;
    }
}

/// Between two looks at what is on the dashboard: the daemon looks at many rows for one.
const GLANCED: Duration = Duration::from_millis(500);
/// The hours of a day begin anew.
const HOUR_MS: u64 = 3_600_000;

pub(super) async fn glance(desk: Desk, _: bool) {
    loop {
        let ended = keep_glancing(&desk).await;
        let refusal: fn(Fault) -> News = News::OverviewRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn keep_glancing(desk: &Desk) -> Result<(), End> {
    let mut pace = Pace::new(GLANCED);
    let mut shown = None;
    let mut seen = changes(desk, 0, 0).await?;
    loop {
        pace.begin();
        let query = OverviewQuery { namespace: desk.post.namespace.clone() };
        let call = |rpc: RpadClient, context| async move { rpc.overview(context, query).await };
        let overview: Overview = desk.ask(call).await?;
        if shown.as_ref() != Some(&overview) {
            desk.tell(News::Overview(overview.clone())).await;
            shown = Some(overview);
        }
        pace.pause().await;
        // without a change it is another answer when the hour is over
        let hour = now_ms() / HOUR_MS;
        loop {
            let left = (hour + 1).saturating_mul(HOUR_MS).saturating_sub(now_ms());
            let number = changes(desk, seen, left.clamp(1_000, POLL_MS)).await?;
            if number != seen || now_ms() / HOUR_MS != hour {
                seen = number;
                break;
            }
        }
    }
}

pub(super) async fn locks(desk: Desk, _: bool) {
    loop {
        let ended = keep_locks(&desk).await;
        let refusal: fn(Fault) -> News = News::LocksRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn keep_locks(desk: &Desk) -> Result<(), End> {
    let mut pace = Pace::new(LEAST);
    let mut shown = None;
    let mut seen = changes(desk, 0, 0).await?;
    loop {
        pace.begin();
        let query = LocksQuery { namespace: desk.post.namespace.clone() };
        let call = |rpc: RpadClient, context| async move { rpc.locks(context, query).await };
        let locks: Vec<LockView> = desk.ask(call).await?;
        if shown.as_ref() != Some(&locks) {
            desk.tell(News::Locks(locks.clone())).await;
            shown = Some(locks);
        }
        pace.pause().await;
        seen = changed(desk, seen).await?;
    }
}

/// Until a person has stopped typing: each question lets the daemon look through a piece
/// of the history.
const TYPING: Duration = Duration::from_millis(250);

/// Looks once, and tells after each page: what was found stays where it stands.
pub(super) async fn search(desk: Desk, want: RunsWant) {
    sleep(TYPING).await;
    let mut rows = Vec::new();
    let mut cursor = None;
    for page in 1..=MOST_PAGES {
        let query = query(&desk, &want, rows.len(), cursor.take());
        let call = |rpc: RpadClient, context| async move { rpc.runs(context, query).await };
        let Ok(found) = desk.ask(call).await else {
            // what was found before stands, and the others are there as well
            let done = true;
            return desk.tell(News::FoundRuns { want, rows, done }).await;
        };
        let before = rows.len();
        rows.extend(found.items);
        rows.truncate(want.rows);
        cursor = found.next;
        let done = cursor.is_none() || rows.len() >= want.rows || page == MOST_PAGES;
        if done || rows.len() > before {
            let (want, rows) = (want.clone(), rows.clone());
            desk.tell(News::FoundRuns { want, rows, done }).await;
        }
        if done {
            return;
        }
    }
}

fn query(desk: &Desk, want: &RunsWant, had: usize, cursor: Option<String>) -> RunsQuery {
    let missing = u32::try_from(want.rows - had).unwrap_or(PAGE);
    RunsQuery {
        namespace: desk.post.namespace.clone(),
        statuses: want.statuses.clone(),
        workflow: want.workflow.clone(),
        since_ms: want.since_ms,
        until_ms: want.until_ms,
        ended_since_ms: want.ended_since_ms,
        alike: want.alike.clone(),
        terms: want.terms.clone(),
        contains: want.contains.clone(),
        limit: missing.clamp(1, PAGE),
        cursor,
    }
}

pub(super) async fn runs(desk: Desk, want: RunsWant) {
    loop {
        let ended = keep_runs(&desk, &want).await;
        let refusal: fn(Fault) -> News = News::RunsRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn keep_runs(desk: &Desk, want: &RunsWant) -> Result<(), End> {
    let mut pace = Pace::new(LEAST);
    let mut shown = None;
    // before the rows: what changes while they are read is read again
    let mut seen = changes(desk, 0, 0).await?;
    loop {
        pace.begin();
        let found = newest_runs(desk, want).await?;
        if shown.as_ref() != Some(&found) {
            let (rows, more) = found.clone();
            desk.tell(News::Runs { want: want.clone(), rows, more }).await;
            shown = Some(found);
        }
        pace.pause().await;
        seen = changed(desk, seen).await?;
    }
}

/// Between two looks at groups of failures: the daemon looks at many rows for one.
const GROUPED: Duration = Duration::from_secs(1);

pub(super) async fn failures(desk: Desk, want: RunsWant) {
    loop {
        let ended = keep_failures(&desk, &want).await;
        let refusal: fn(Fault) -> News = News::RunsRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn keep_failures(desk: &Desk, want: &RunsWant) -> Result<(), End> {
    let mut pace = Pace::new(GROUPED);
    let mut shown = None;
    let mut seen = changes(desk, 0, 0).await?;
    loop {
        pace.begin();
        let query = query(desk, want, 0, None);
        let call = |rpc: RpadClient, context| async move { rpc.failures(context, query).await };
        let view: FailuresView = desk.ask(call).await?;
        if shown.as_ref() != Some(&view) {
            desk.tell(News::Failures { want: want.clone(), view: view.clone() }).await;
            shown = Some(view);
        }
        pace.pause().await;
        seen = changed(desk, seen).await?;
    }
}

/// Waits for the next change, however long.
pub(super) async fn changed(desk: &Desk, seen: u64) -> Result<u64, End> {
    loop {
        let number = changes(desk, seen, POLL_MS).await?;
        if number != seen {
            return Ok(number);
        }
    }
}

pub(super) async fn changes(desk: &Desk, seen: u64, wait_ms: u64) -> Result<u64, End> {
    let namespace = desk.post.namespace.clone();
    let call = |rpc: RpadClient, context| async move {
        rpc.changes(context, namespace, seen, wait_ms).await
    };
    desk.poll(call).await
}

async fn all_workflows(desk: &Desk) -> Result<Vec<WorkflowView>, End> {
    let mut rows = Vec::new();
    let mut cursor = None;
    loop {
        let namespace = desk.post.namespace.clone();
        let (tag, category) = (None, None);
        let query =
            WorkflowsQuery { namespace, tag, category, archived: false, limit: PAGE, cursor };
        let call = |rpc: RpadClient, context| async move { rpc.workflows(context, query).await };
        let page = desk.ask(call).await?;
        rows.extend(page.items);
        cursor = page.next;
        if cursor.is_none() || rows.len() >= MOST_WORKFLOWS {
            rows.truncate(MOST_WORKFLOWS);
            return Ok(rows);
        }
    }
}

/// What people are asked, and whether that is not all.
async fn all_asked(desk: &Desk) -> Result<(Vec<ApprovalView>, bool), End> {
    let namespace = desk.post.namespace.clone();
    let query = ApprovalsQuery { namespace, limit: MOST_APPROVALS, cursor: None };
    let call = |rpc: RpadClient, context| async move { rpc.approvals(context, query).await };
    let page = desk.ask(call).await?;
    Ok((page.items, page.next.is_some()))
}

/// The rows, and whether older ones follow.
async fn newest_runs(desk: &Desk, want: &RunsWant) -> Result<(Vec<RunSummary>, bool), End> {
    let mut rows = Vec::new();
    let mut cursor = None;
    for _ in 0..MOST_PAGES {
        let query = query(desk, want, rows.len(), cursor);
        let call = |rpc: RpadClient, context| async move { rpc.runs(context, query).await };
        let page = desk.ask(call).await?;
        rows.extend(page.items);
        cursor = page.next;
        if cursor.is_none() || rows.len() >= want.rows {
            break;
        }
    }
    let more = cursor.is_some() || rows.len() > want.rows;
    rows.truncate(want.rows);
    Ok((rows, more))
}
