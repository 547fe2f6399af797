//! What the service manager is told, one datagram for each piece of news.

use std::sync::OnceLock;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;

use sd_notify::NotifyState;

/// News that may wait for the manager to read; further ones are left out.
const UNREAD: usize = 64;

static TELLER: OnceLock<SyncSender<String>> = OnceLock::new();

/// Whether anybody listens.
pub fn is_heard() -> bool {
    std::env::var_os("NOTIFY_SOCKET").is_some_and(|socket| !socket.is_empty())
}

pub fn ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(&one_line(status))]);
}

pub fn status(status: &str) {
    tell(&[NotifyState::Status(&one_line(status))]);
}

/// More time than was asked for, from now on; for a start or a stop.
pub fn extend(by: Duration, status: &str) {
    tell(&[NotifyState::ExtendTimeoutUsec(usec(by)), NotifyState::Status(&one_line(status))]);
}

pub fn alive() {
    tell(&[NotifyState::Watchdog]);
}

/// Followed by [`ready`], whatever came of it. The manager waits for the time of the clock
/// that nobody sets, in the same datagram.
pub fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(error) => tracing::warn!(%error, "the manager is not told of the reload"),
    }
}

/// `within`: how long it may take.
pub fn stopping(within: Duration, status: &str) {
    tell(&[
        NotifyState::Stopping,
        NotifyState::ExtendTimeoutUsec(usec(within)),
        NotifyState::Status(&one_line(status)),
    ]);
}

/// Handed to a thread of its own: a manager that does not read makes whoever speaks to it
/// wait, and nobody else is to.
fn tell(news: &[NotifyState<'_>]) {
    if !is_heard() {
        return;
    }
    let text = news.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    if TELLER.get_or_init(teller).try_send(text).is_err() {
        tracing::warn!("the service manager does not read what it is told");
    }
}

fn teller() -> SyncSender<String> {
    let (sender, news) = sync_channel::<String>(UNREAD);
    std::thread::spawn(move || {
        for text in news {
            if let Err(error) = sd_notify::notify(&[NotifyState::Custom(&text)]) {
                // a manager that hears nothing does what it does then; the log says why
                tracing::warn!(%error, "the service manager cannot be told");
            }
        }
    });
    sender
}

/// A status is a line: another one would be another piece of news.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn usec(time: Duration) -> u32 {
    // an hour and some minutes at most
    u32::try_from(time.as_micros()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_one_line_and_long_times_are_cut() {
        assert_eq!(one_line("RPA0203: full\nREADY=1"), "RPA0203: full READY=1");
        assert_eq!(usec(Duration::from_secs(30)), 30_000_000);
        assert_eq!(usec(Duration::from_secs(86_400)), u32::MAX);
    }
}
