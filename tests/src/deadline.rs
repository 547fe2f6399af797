//! Waiting for conditions.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// Long enough for a busy machine with two cores; a sound test never gets there.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(10);

/// A moment after which waiting is a failure.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Instant);

impl Deadline {
    pub fn within(time: Duration) -> Deadline {
        Deadline(Instant::now() + time)
    }

    pub fn passed(self) -> bool {
        Instant::now() >= self.0
    }
}

/// Asks until there is an answer.
///
/// # Panics
/// When there is none in time; `what` says what was awaited.
pub fn eventually<T>(what: &str, ask: impl FnMut() -> Option<T>) -> T {
    eventually_within(PATIENCE, what, ask)
}

/// As [`eventually`], with a deadline of its own.
///
/// # Panics
/// When there is no answer in time.
pub fn eventually_within<T>(time: Duration, what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Deadline::within(time);
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(!deadline.passed(), "not within {time:?}: {what}");
        sleep(LOOK);
    }
}
