//! The clock: whether it was set, and whether anybody keeps it right.

use std::path::Path;

use rpa_ipc::doctor::{Finding, Severity};
use rpa_ipc::said;
use rpa_ipc::service::Reply;
use rustix::time::{ClockId, clock_gettime};

use crate::driver::now_ms;
use crate::rpc::Office;

const CHECK: &str = "clock";
/// How far the clock may be from where it should have come to, before it is told of.
const DRIFT_MS: u64 = 5_000;
/// What keeps the clock right leaves one of these; systemd-timesyncd the first.
const KEEPERS: [&str; 4] = [
    "/run/systemd/timesync/synchronized",
    "/run/chrony/chronyd.sock",
    "/run/chronyd.pid",
    "/run/ntpd.pid",
];

/// Both clocks as they were when the daemon started.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    wall_ms: u64,
    boot_ms: u64,
}

impl Clock {
    pub fn now() -> Clock {
        let boot = clock_gettime(ClockId::Boottime);
        let boot_ms = u64::try_from(boot.tv_sec * 1000 + boot.tv_nsec / 1_000_000).unwrap_or(0);
        Clock { wall_ms: now_ms(), boot_ms }
    }

    /// By how much the wall clock was set since, forwards or backwards.
    fn set_since(self, now: Clock) -> (u64, bool) {
        let passed = now.boot_ms.saturating_sub(self.boot_ms);
        let should = self.wall_ms.saturating_add(passed);
        (now.wall_ms.abs_diff(should), now.wall_ms >= should)
    }
}

pub fn look(office: &Office, found: &mut Vec<Finding>) -> Reply<()> {
    let now = Clock::now();
    let finding = |severity, what| Finding::new(CHECK, severity, what);
    let (by, forwards) = office.clock.set_since(now);
    if by > DRIFT_MS {
        let by = by / 1000;
        let what = match forwards {
            true => said!("doctor-clock-forward", seconds = by),
            false => said!("doctor-clock-back", seconds = by),
        };
        found.push(finding(Severity::Warning, what).remedy(said!("doctor-keep-time")));
    }
    let reader = office.store.read().map_err(|e| e.fault(office.store.path()))?;
    let newest = reader.newest_accepted_ms().map_err(|e| e.fault(office.store.path()))?;
    if let Some(ahead) = newest.and_then(|ms| ms.checked_sub(now.wall_ms + DRIFT_MS)) {
        let what = said!("doctor-clock-before-runs", seconds = (ahead + DRIFT_MS) / 1000);
        found.push(finding(Severity::Error, what).remedy(said!("doctor-keep-time")));
    }
    let up = now.boot_ms / 60_000;
    match KEEPERS.iter().find(|path| Path::new(path).exists()) {
        Some(keeper) => {
            let what = said!("doctor-clock-kept", minutes = up);
            found.push(finding(Severity::Ok, what).at(keeper));
        }
        None => {
            let what = said!("doctor-clock-unkept", minutes = up);
            found.push(finding(Severity::Note, what).remedy(said!("doctor-keep-time")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_is_noticed() {
        let start = Clock { wall_ms: 1_000_000, boot_ms: 50_000 };
        let later = |wall_ms| Clock { wall_ms, boot_ms: 60_000 };
        assert_eq!(start.set_since(later(1_010_000)), (0, true));
        assert_eq!(start.set_since(later(1_070_000)), (60_000, true));
        assert_eq!(start.set_since(later(950_000)), (60_000, false));
    }
}
