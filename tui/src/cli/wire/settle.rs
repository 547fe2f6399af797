//! Waiting for a run by long polls.

use std::time::Duration;

use rpa_ipc::Fault;
use rpa_ipc::service::RunRef;
use rpa_ipc::view::RunDetail;

use super::{Link, Repeat};

/// How long the daemon holds one poll back when nothing happens.
const POLL_MS: u64 = 25_000;
/// Beyond the poll itself: time for the daemon to answer.
const POLL_GRACE: Duration = Duration::from_secs(10);

/// Whether nothing more happens to a run unless a person acts.
pub fn is_settled(status: &str) -> bool {
    matches!(status, "completed" | "failed" | "cancelled" | "in_doubt")
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
        if is_settled(&detail.summary.status) {
            return Ok(detail);
        }
    }
}
