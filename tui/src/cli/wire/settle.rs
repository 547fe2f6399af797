//! Waiting for a run by long polls.

use std::time::Duration;

use rpa_ipc::Fault;
use rpa_ipc::service::RunRef;
use rpa_ipc::view::{RunDetail, RunSummary};

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
        let poll = async |rpc: &rpa_ipc::service::RpadClient, context| {
            rpc.settled(context, run.clone(), POLL_MS).await
        };
        let detail = link.repeat(Repeat::Away, deadline, poll).await?;
        if is_settled(&detail.summary) {
            return Ok(detail);
        }
    }
}
