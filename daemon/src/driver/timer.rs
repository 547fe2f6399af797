//! One timer for all runs: sleeps until the earliest is due, then says so.

use std::time::Duration;

use tokio::sync::watch;

use super::message::{Inbox, Message};
use super::now_ms;

/// Longest sleep, so that a suspended machine is noticed: the monotonic clock
/// stands still while it sleeps.
const LONGEST: Duration = Duration::from_secs(60);

/// Watches the earliest due time (milliseconds since the epoch) that the driver
/// publishes. The wait itself is on the monotonic clock, and what has fired is
/// told as "up to this due time": a wall clock that jumps back delays nothing.
pub async fn keep_time(mut next_due: watch::Receiver<Option<u64>>, inbox: Inbox) {
    loop {
        let due = *next_due.borrow_and_update();
        let Some(due_ms) = due else {
            if next_due.changed().await.is_err() {
                return;
            }
            continue;
        };
        let wait = Duration::from_millis(due_ms.saturating_sub(now_ms()));
        tokio::select! {
            changed = next_due.changed() => {
                if changed.is_err() {
                    return;
                }
            }
            () = tokio::time::sleep(wait.min(LONGEST)) => {
                if wait > LONGEST {
                    continue;
                }
                inbox.tell(Message::Due { up_to_ms: due_ms }).await;
                // the driver publishes the next one after it has taken this
                if next_due.changed().await.is_err() {
                    return;
                }
            }
        }
    }
}
