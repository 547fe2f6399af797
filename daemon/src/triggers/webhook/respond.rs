//! Senders that wait for the end of their run.
//!
//! | the run | status |
//! |---|---|
//! | has completed in time | 200, with its outputs |
//! | has failed, or was cancelled | 500, with its status |
//! | waits for a person, or the time is over, or the daemon stops | 202 |
//!
//! 500 rather than 502: proxies put pages of their own in place of what they take for
//! failures of a server behind them. A sender that tries again is told the same of the same
//! run: it is heard once.

use std::time::Duration;

use axum::http::StatusCode;
use rpa_config::json::to_json;
use rpa_engine::RunId;
use rpa_ipc::Fault;
use rpa_ipc::view::RunDetail;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::answer::{accepted, document};
use crate::driver::Delivered;
use crate::http::{Answer, answer};
use crate::rpc::{Office, run_detail};

/// Words of a run that has ended, as `rpa show` has them.
const COMPLETED: &str = "completed";
const ENDED_BADLY: [&str; 2] = ["failed", "cancelled"];

/// Waits for the end of a run, `patience` at most.
pub async fn respond(
    office: &Office,
    delivered: &Delivered,
    run: RunId,
    patience: Duration,
    mut stop: watch::Receiver<bool>,
) -> Answer {
    let end = Instant::now() + patience;
    let watcher = office.changes.watch(run);
    // the place is taken before the look: what settles in between is not missed
    let settled = watcher.settled();
    match look(office, delivered, run).await {
        Ok(Some(ended)) => return ended,
        Ok(None) => {}
        Err(_) => return accepted(delivered),
    }
    tokio::select! {
        _ = timeout_at(end, settled) => {}
        // what is under way is not waited for: the next start goes on with it
        _ = stop.wait_for(|stop| *stop) => {}
    }
    match look(office, delivered, run).await {
        Ok(Some(ended)) => ended,
        Ok(None) | Err(_) => accepted(delivered),
    }
}

/// The answer, if the run has ended.
async fn look(office: &Office, delivered: &Delivered, run: RunId) -> Result<Option<Answer>, Fault> {
    let detail = run_detail(office, run).await?;
    let status = detail.summary.status.as_str();
    let code = match status {
        COMPLETED => StatusCode::OK,
        other if ENDED_BADLY.contains(&other) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => return Ok(None),
    };
    let mut document = document(delivered);
    document.insert("status".to_owned(), status.into());
    if code == StatusCode::OK {
        document.insert("outputs".to_owned(), outputs(&detail));
    }
    Ok(Some(answer(code, &Value::Object(document))))
}

/// As `rpa show --json` has them.
fn outputs(detail: &RunDetail) -> Value {
    Value::Object(detail.outputs.iter().map(|(k, v)| (k.clone(), to_json(v))).collect())
}
