//! How a process group is ended: TERM, a time of grace, KILL.
//!
//! ```text
//! Asked --TERM, CONT--> Terminated --grace is over: KILL--> Killed --5 s--> given up
//!     `----------------------+------- seen dead ---------------+---> dead
//! ```
//!
//! A group that is only watched is sent nothing: `Watched` ends by its own death
//! or by its time.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::group::{Group, Look};

/// Between two looks: short enough that a quick end costs a step nothing.
const POLL: Duration = Duration::from_millis(15);
/// How long a killed process may take to vanish; longer means that it hangs in
/// the kernel, and waiting does not help.
const KILL_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Ending {
    group: Group,
    phase: Phase,
    /// A member that lived at the last look.
    last: Option<i32>,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    Watched { until: Instant },
    Asked { grace: Duration },
    Terminated { kill_at: Instant },
    Killed { give_up_at: Instant },
}

impl Ending {
    pub(super) fn new(group: Group, grace: Duration) -> Ending {
        Ending { group, phase: Phase::Asked { grace }, last: None }
    }

    pub(super) fn watch(group: Group, time: Duration) -> Ending {
        Ending { group, phase: Phase::Watched { until: Instant::now() + time }, last: None }
    }

    /// Whether the group was seen dead in the end.
    pub(super) async fn wait(mut self) -> bool {
        // most groups have ended with their leader, and the kernel says so at once
        if self.group.is_gone() {
            return true;
        }
        loop {
            // a look walks /proc: off the runtime
            let look = tokio::task::spawn_blocking(move || {
                let end = self.step(Instant::now());
                (self, end)
            });
            // fails only while the runtime shuts down: then nobody has seen it
            let Ok((ending, end)) = look.await else { return false };
            match end {
                Some(dead) => return dead,
                None => self = ending,
            }
            tokio::time::sleep(POLL).await;
        }
    }

    pub(super) fn wait_blocking(mut self) -> bool {
        loop {
            if let Some(dead) = self.step(Instant::now()) {
                return dead;
            }
            thread::sleep(POLL);
        }
    }

    /// One look and at most one signal; `None` asks to be called again.
    fn step(&mut self, now: Instant) -> Option<bool> {
        match self.group.look(self.last) {
            Look::Dead => return Some(true),
            Look::Alive(member) => self.last = member,
        }
        match self.phase {
            Phase::Watched { until } if now >= until => return Some(false),
            Phase::Asked { grace } => {
                self.group.signal(Signal::TERM);
                // a stopped process acts on TERM only once it goes on
                self.group.signal(Signal::CONT);
                self.phase = Phase::Terminated { kill_at: now + grace };
            }
            Phase::Terminated { kill_at } if now >= kill_at => {
                self.group.signal(Signal::KILL);
                self.phase = Phase::Killed { give_up_at: now + KILL_TIMEOUT };
            }
            Phase::Killed { give_up_at } if now >= give_up_at => return Some(false),
            Phase::Watched { .. } | Phase::Terminated { .. } | Phase::Killed { .. } => {}
        }
        None
    }
}
