//! The connection to the daemon, as a state machine.
//!
//! ```text
//! Connecting --Up--> Up --Lost--> Away --retry time, or a key--> Connecting
//!     `------Lost------------------^
//! ```
//! The pause doubles with every failed try, up to [`LONGEST_MS`]: a daemon that is
//! being restarted is back within a second or two, and one that is gone for the
//! night shall not be hammered.

use rpa_ipc::Fault;

const FIRST_MS: u64 = 250;
const LONGEST_MS: u64 = 5_000;

#[derive(Clone, Debug)]
pub enum Link {
    /// A try is under way.
    Connecting {
        away: Option<Absence>,
    },
    Up,
    /// No daemon; the next try is at `retry_ms`.
    Away {
        absence: Absence,
        retry_ms: u64,
    },
}

/// What is known of a time without the daemon.
#[derive(Clone, Debug)]
pub struct Absence {
    pub since_ms: u64,
    pub tries: u32,
    pub fault: Fault,
}

impl Link {
    pub fn new(_now_ms: u64) -> Link {
        Link::Connecting { away: None }
    }

    pub fn is_up(&self) -> bool {
        matches!(self, Link::Up)
    }

    /// The time without the daemon, if there is one.
    pub fn absence(&self) -> Option<&Absence> {
        match self {
            Link::Connecting { away } => away.as_ref(),
            Link::Up => None,
            Link::Away { absence, .. } => Some(absence),
        }
    }

    pub fn up(&mut self) {
        *self = Link::Up;
    }

    pub fn lost(&mut self, fault: Fault, now_ms: u64) {
        let absence = match std::mem::replace(self, Link::Up) {
            Link::Up | Link::Connecting { away: None } => {
                Absence { since_ms: now_ms, tries: 0, fault }
            }
            Link::Connecting { away: Some(before) } | Link::Away { absence: before, .. } => {
                Absence { tries: before.tries.saturating_add(1), fault, ..before }
            }
        };
        let pause = (FIRST_MS << absence.tries.min(8)).min(LONGEST_MS);
        *self = Link::Away { absence, retry_ms: now_ms + pause };
    }

    /// Whether it is time for another try, which then begins.
    pub fn retries(&mut self, now_ms: u64, at_once: bool) -> bool {
        let Link::Away { absence, retry_ms } = self else { return false };
        if now_ms < *retry_ms && !at_once {
            return false;
        }
        *self = Link::Connecting { away: Some(absence.clone()) };
        true
    }

    /// The next change: a try, or the next second of an absence that is shown.
    pub fn wake_at(&self, now_ms: u64) -> Option<u64> {
        let next_second = |a: &Absence| now_ms + 1_000 - now_ms.saturating_sub(a.since_ms) % 1_000;
        match self {
            Link::Up | Link::Connecting { away: None } => None,
            Link::Connecting { away: Some(absence) } => Some(next_second(absence)),
            Link::Away { absence, retry_ms } => Some((*retry_ms).min(next_second(absence))),
        }
    }
}

#[cfg(test)]
mod tests {
    use rpa_ipc::FaultCode;

    use super::*;

    fn fault() -> Fault {
        Fault::new(FaultCode::Unreachable, "no daemon")
    }

    #[test]
    fn pauses_grow_to_their_bound_and_the_absence_keeps_its_beginning() {
        let mut link = Link::new(0);
        let mut now = 1_000;
        let mut pauses = Vec::new();
        for _ in 0..8 {
            link.lost(fault(), now);
            let Link::Away { retry_ms, .. } = link else { panic!("{link:?}") };
            pauses.push(retry_ms - now);
            assert!(!link.retries(retry_ms - 1, false));
            now = retry_ms;
            assert!(link.retries(now, false));
            assert!(!link.retries(now, false), "one try at a time");
        }
        assert_eq!(pauses, [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
        assert_eq!(link.absence().map(|a| a.since_ms), Some(1_000));
        link.up();
        assert!(link.absence().is_none());
        link.lost(fault(), now);
        assert_eq!(link.absence().map(|a| (a.since_ms, a.tries)), Some((now, 0)));
    }

    #[test]
    fn a_key_does_not_wait_for_the_pause() {
        let mut link = Link::new(0);
        assert!(!link.retries(0, true), "a try is under way");
        link.lost(fault(), 10);
        assert!(link.retries(11, true));
        link.up();
        assert!(!link.retries(12, true));
        assert_eq!(link.wake_at(12), None, "nothing changes by itself");
    }
}
