//! One timer for all runs: sleeps until the earliest is due, then says so.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use tokio::sync::watch;

use super::message::{Inbox, Message};
use super::now_ms;
use crate::failpoint::failpoint;

/// Longest sleep: the clock that sleeps are on stands still while the machine is
/// suspended, so what came due meanwhile is found this much later at most.
const LONGEST: Duration = Duration::from_secs(60);

/// The earliest timer, and when it fires on the clock that nobody sets.
#[derive(Clone, Copy, Debug)]
struct Armed {
    due_ms: u64,
    fires_ms: u64,
}

/// Watches the earliest due time (milliseconds since the epoch) that the driver
/// publishes. How long it is until then is reckoned once, when the timer becomes the
/// earliest; from there on a wall clock that is set changes nothing. What has fired
/// is told as "up to this due time".
pub async fn keep_time(mut next_due: watch::Receiver<Option<u64>>, inbox: Inbox) {
    let mut armed = None::<Armed>;
    loop {
        armed = match (*next_due.borrow_and_update(), armed) {
            (Some(due_ms), Some(before)) if before.due_ms == due_ms => Some(before),
            (Some(due_ms), _) => {
                let fires_ms = since_boot_ms() + due_ms.saturating_sub(now_ms());
                Some(Armed { due_ms, fires_ms })
            }
            (None, _) => None,
        };
        let Some(Armed { due_ms, fires_ms }) = armed else {
            if next_due.changed().await.is_err() {
                return;
            }
            continue;
        };
        let wait = Duration::from_millis(fires_ms.saturating_sub(since_boot_ms()));
        if !wait.is_zero() {
            tokio::select! {
                changed = next_due.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(wait.min(LONGEST)) => {}
            }
            continue;
        }
        failpoint!("timer-fires");
        inbox.tell(Message::Due { up_to_ms: due_ms }).await;
        armed = None;
        // the driver publishes the next one after it has taken this
        if next_due.changed().await.is_err() {
            return;
        }
    }
}

/// Milliseconds since the machine was started, suspension included.
pub fn since_boot_ms() -> u64 {
    let time = clock_gettime(ClockId::Boottime);
    let ms = time.tv_sec * 1000 + time.tv_nsec / 1_000_000;
    u64::try_from(ms).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_timer_fires_once_for_each_due_time() {
        let (due, next_due) = watch::channel(None);
        let (inbox, mut messages) = Inbox::new();
        let keeper = tokio::spawn(keep_time(next_due, inbox));
        let first = now_ms() + 30;
        due.send_replace(Some(first + 600_000));
        due.send_replace(Some(first));
        let message = messages.recv().await.unwrap().message;
        assert!(matches!(message, Message::Due { up_to_ms } if up_to_ms == first), "{message:?}");
        assert!(now_ms() >= first);
        // the driver found more that is due by then
        due.send_replace(Some(first));
        assert!(matches!(messages.recv().await.unwrap().message, Message::Due { .. }));
        due.send_replace(None);
        drop(due);
        keeper.await.unwrap();
        assert!(messages.try_recv().is_err());
    }
}
