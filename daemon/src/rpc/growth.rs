//! Waiting until a run's log has grown.

use std::time::Duration;

use rpa_engine::RunId;
use rpa_ipc::service::Reply;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};

use super::{Office, logs};

/// Lines are gathered for so long before they are sent, so that a fast step makes
/// large pages rather than many.
pub const GATHER: Duration = Duration::from_millis(20);
/// How often a run that writes nothing is looked at all the same.
const LOOK: Duration = Duration::from_secs(2);
/// The same for a run whose log nobody has begun to write.
const LOOK_FOR_FIRST: Duration = Duration::from_millis(100);

/// Returns when the log has another number of lines than `seen`, when no line will
/// follow, or at the deadline. Under a flood that is once in [`GATHER`].
pub async fn growth(office: &Office, run: RunId, seen: u64, deadline: Instant) -> Reply<()> {
    let watcher = office.changes.watch(run);
    loop {
        // both before the look: what comes in between is not missed
        let changed = watcher.changed();
        let lines = office.logs.follow(run);
        let (_, whole) = logs::standing(office, run, None).await?;
        if logs::length(office, run).await? != seen {
            if !whole {
                sleep(GATHER).await;
            }
            return Ok(());
        }
        if whole || timeout_at(deadline, news(lines, seen, changed)).await.is_err() {
            return Ok(());
        }
    }
}

/// Resolves when the log has grown past `from`, when `changed` does, and after a
/// while in any case.
pub async fn news(
    lines: Option<watch::Receiver<u64>>,
    from: u64,
    changed: impl Future<Output = ()>,
) {
    let look = if lines.is_some() { LOOK } else { LOOK_FOR_FIRST };
    tokio::select! {
        () = changed => {}
        () = more(lines, from) => {}
        () = sleep(look) => {}
    }
}

async fn more(lines: Option<watch::Receiver<u64>>, from: u64) {
    let grown = match lines {
        Some(mut lines) => lines.wait_for(|n| *n > from).await.is_ok(),
        None => false,
    };
    if !grown {
        // nobody writes: the run's end, or the next look, tells
        std::future::pending::<()>().await;
    }
}
