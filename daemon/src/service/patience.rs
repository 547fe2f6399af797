//! A start may take long: a large store that was not closed in order is walked through.
//! The manager is asked for more time for as long as something goes on, and no longer: a
//! start that hangs is ended by it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::notify;
use crate::driver::since_boot_ms;

/// How often more time is asked for.
const EVERY: Duration = Duration::from_secs(5);
/// How much.
const MORE: Duration = Duration::from_secs(30);
/// How long after the last sign that something goes on it is still asked for: a disk may
/// take that long for one piece of its work.
const SIGN: Duration = Duration::from_secs(300);

/// When something went on last, on the clock that nobody sets.
static LAST_MS: AtomicU64 = AtomicU64::new(0);

/// A piece of a long work is done.
pub fn goes_on() {
    LAST_MS.store(since_boot_ms(), Ordering::Relaxed);
}

/// How long ago [`goes_on`] was called last.
pub fn since_last() -> Duration {
    Duration::from_millis(since_boot_ms().saturating_sub(LAST_MS.load(Ordering::Relaxed)))
}

/// Asks for time until it is dropped.
#[derive(Debug)]
pub struct Asking {
    over: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// From the first moment of a start on.
pub fn ask() -> Asking {
    goes_on();
    if !notify::is_heard() {
        return Asking { over: None, thread: None };
    }
    let (over, ended) = channel();
    let thread = std::thread::spawn(move || {
        while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
            if since_last() < SIGN {
                notify::extend(MORE, "starting: looking through the store");
            }
        }
    });
    Asking { over: Some(over), thread: Some(thread) }
}

impl Drop for Asking {
    fn drop(&mut self) {
        // a request for time after READY=1 would be one for the time of the whole service
        drop(self.over.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
