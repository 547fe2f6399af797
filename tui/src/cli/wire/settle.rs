//! Waiting for a run by long polls.

use std::time::Duration;

use rpa_ipc::Fault;
use rpa_ipc::service::{RpadClient, RunRef};
use rpa_ipc::view::{RunDetail, RunSummary};
use tokio::sync::mpsc::Sender;

use super::{Link, Repeat};

/// How long the daemon holds one poll back when nothing happens.
const POLL_MS: u64 = 25_000;
/// Beyond the poll itself: time for the daemon to answer.
const POLL_GRACE: Duration = Duration::from_secs(10);

/// Whether nothing more will ever happen to a run.
pub fn is_over(status: &str) -> bool {
    matches!(status, "completed" | "failed" | "cancelled")
}

/// Whether nothing more happens to a run unless a person acts.
fn is_settled(run: &RunSummary) -> bool {
    is_over(&run.status) || run.status == "in_doubt" || run.needs_person
}

/// The run when it has settled. Outlives restarts of the daemon: a poll changes
/// nothing, so it may be repeated.
pub async fn settle(link: &mut Link, run: &RunRef) -> Result<RunDetail, Fault> {
    let deadline = Duration::from_millis(POLL_MS) + POLL_GRACE;
    loop {
        let poll =
            async |rpc: &RpadClient, context| rpc.settled(context, run.clone(), POLL_MS).await;
        let detail = link.repeat(Repeat::Away, deadline, poll).await?;
        if is_settled(&detail.summary) {
            return Ok(detail);
        }
    }
}

/// As [`settle`], and tells how the run stands whenever that has changed, at most once in
/// `least`. What nobody takes holds it up.
pub async fn settle_told(
    link: &mut Link,
    run: &RunRef,
    least: Duration,
    tell: Sender<RunDetail>,
) -> Result<RunDetail, Fault> {
    let deadline = Duration::from_millis(POLL_MS) + POLL_GRACE;
    let show = async |rpc: &RpadClient, context| rpc.show(context, run.clone()).await;
    let mut detail = link.repeat(Repeat::Away, deadline, show).await?;
    while !is_settled(&detail.summary) {
        let seen = detail.seq;
        // whoever listens has gone when it is dropped, and so have we
        let _ = tell.send(detail).await;
        tokio::time::sleep(least).await;
        let watch =
            async |rpc: &RpadClient, context| rpc.watch(context, run.clone(), seen, POLL_MS).await;
        detail = link.repeat(Repeat::Away, deadline, watch).await?;
    }
    Ok(detail)
}
