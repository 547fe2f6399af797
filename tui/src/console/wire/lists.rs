//! The overview: status, workflows, runs; each again when the daemon says that
//! something has changed.

use std::time::Duration;

use rpa_ipc::Fault;
use rpa_ipc::service::{RpadClient, RunsQuery, WorkflowsQuery};
use rpa_ipc::view::{RunSummary, WorkflowView};

use super::desk::{Desk, End, POLL_MS, Pace};
use crate::console::state::{News, RunsWant};

/// Between two rounds: faster changes of a list cannot be read.
const LEAST: Duration = Duration::from_millis(150);
/// The most that the daemon gives at once.
const PAGE: u32 = 1_000;
/// So many workflows are shown at most.
const MOST_WORKFLOWS: usize = 1_000;
/// Pages of a search: the daemon looks through a piece of the history for each, and
/// a rare text must not keep it at that for ever.
const MOST_PAGES: usize = 20;

pub(super) async fn overview(desk: Desk, workflows: bool) {
    let ended = keep_overview(&desk, workflows).await;
    desk.give_up(ended).await;
}

async fn keep_overview(desk: &Desk, workflows: bool) -> Result<(), End> {
    let mut pace = Pace::new(LEAST);
    let (mut shown_status, mut shown_rows) = (None, None);
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
        pace.pause().await;
        let number = changes(desk, seen, POLL_MS).await?;
        changed = number != seen;
        seen = number;
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

/// The rows, and whether older ones follow.
async fn newest_runs(desk: &Desk, want: &RunsWant) -> Result<(Vec<RunSummary>, bool), End> {
    let mut rows = Vec::new();
    let mut cursor = None;
    for _ in 0..MOST_PAGES {
        let missing = u32::try_from(want.rows - rows.len()).unwrap_or(PAGE);
        let query = RunsQuery {
            namespace: desk.post.namespace.clone(),
            statuses: want.statuses.clone(),
            workflow: want.workflow.clone(),
            since_ms: want.since_ms,
            contains: want.contains.clone(),
            limit: missing.clamp(1, PAGE),
            cursor,
        };
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
