//! A process group that can be recognised again, even by a later daemon.

use std::fmt;
use std::fs;
use std::io;
use std::str::FromStr;
use std::sync::OnceLock;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, getpgrp, kill_process_group, test_kill_process_group};

use super::ending::Ending;
use super::stat;

/// The process group of one attempt. Its text form is one line,
/// `pgid start boot_id`.
///
/// The number of a group is used again once the group is gone, so it alone names
/// nobody. While any member lives the kernel gives the number to no new process;
/// a leader with another start time, or another boot, therefore means that the
/// group recorded here has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Also the process id of the leader; greater than 1.
    pub pgid: i32,
    /// Field 22 of the leader's `/proc/PID/stat`: clock ticks since boot.
    pub leader_start: u64,
    pub boot_id: String,
}

/// Why a text is not a [`Group`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not `pgid start boot_id`")]
pub struct GroupError;

/// What a look at a group found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Dead,
    /// A member that lives, where one could be seen.
    Alive(Option<i32>),
}

/// The id of this boot of the machine: a UUID. Read once.
pub fn boot_id() -> io::Result<&'static str> {
    static BOOT: OnceLock<String> = OnceLock::new();
    if let Some(id) = BOOT.get() {
        return Ok(id);
    }
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id")?;
    Ok(BOOT.get_or_init(|| id.trim().to_owned()))
}

impl Group {
    /// The group that the process `leader` leads, for as long as it is not reaped.
    pub fn led_by(leader: i32) -> io::Result<Group> {
        let gone = || io::Error::new(io::ErrorKind::NotFound, "the process is gone");
        let stat = stat::read(leader)?.ok_or_else(gone)?;
        Ok(Group { pgid: leader, leader_start: stat.start, boot_id: boot_id()?.to_owned() })
    }

    /// The group with this number, in which a process was just seen. Its leader may be
    /// gone; while members live the number is given to no new process.
    pub(super) fn numbered(pgid: i32) -> io::Result<Option<Group>> {
        if pgid <= 1 {
            return Ok(None);
        }
        let leader_start = stat::read(pgid)?.map_or(0, |leader| leader.start);
        Ok(Some(Group { pgid, leader_start, boot_id: boot_id()?.to_owned() }))
    }

    /// Whether a member of the group still runs; zombies do not count.
    ///
    /// Where `/proc` cannot be read it says yes: it never takes a group for dead
    /// that may live.
    pub fn alive(&self) -> bool {
        self.look(None) != Look::Dead
    }

    /// Ends the group: TERM, KILL once `grace` is over, and 5 s for that to show.
    /// Returns whether it was seen dead. Looks for its identity before each signal.
    pub async fn end(&self, grace: Duration) -> bool {
        Ending::new(self.clone(), grace).wait().await
    }

    /// [`Group::end`] for threads without a runtime.
    pub fn end_blocking(&self, grace: Duration) -> bool {
        Ending::new(self.clone(), grace).wait_blocking()
    }

    /// Waits up to `time` for the group to end by itself; whether it did.
    pub async fn ends_within(&self, time: Duration) -> bool {
        Ending::watch(self.clone(), time).wait().await
    }

    /// Looks for a living member, first at the one seen `last`, which spares most
    /// looks the walk through `/proc`.
    pub(super) fn look(&self, last: Option<i32>) -> Look {
        if boot_id().is_ok_and(|now| now != self.boot_id) {
            return Look::Dead;
        }
        if self.is_gone() {
            return Look::Dead;
        }
        match stat::read(self.pgid) {
            Ok(Some(leader)) if leader.start != self.leader_start => return Look::Dead,
            Ok(_) => {}
            Err(_) => return Look::Alive(None),
        }
        if let Some(pid) = last
            && self.is_member(pid)
        {
            return Look::Alive(Some(pid));
        }
        // twice: a member that forks and exits during one walk could hide from it
        for _ in 0..2 {
            match stat::pids() {
                Err(_) => return Look::Alive(None),
                Ok(mut pids) => {
                    if let Some(pid) = pids.find(|pid| self.is_member(*pid)) {
                        return Look::Alive(Some(pid));
                    }
                }
            }
        }
        Look::Dead
    }

    /// Whether the kernel knows no such group. It counts zombies as members, so only
    /// its "no" is an answer.
    pub(super) fn is_gone(&self) -> bool {
        self.number().is_none_or(|pgid| test_kill_process_group(pgid) == Err(Errno::SRCH))
    }

    /// Sends `signal` to all members. Whoever calls this has just looked.
    pub(super) fn signal(&self, signal: Signal) {
        if let Some(pgid) = self.number() {
            // gone meanwhile, or not permitted: the next look tells
            let _ = kill_process_group(pgid, signal);
        }
    }

    /// `None` for numbers that cannot be a step's: 0 and below mean other things
    /// to kill(2), 1 is init's, and our own group is not to be ended by ourselves.
    fn number(&self) -> Option<Pid> {
        let pgid = Pid::from_raw(self.pgid).filter(|_| self.pgid > 1)?;
        (pgid != getpgrp()).then_some(pgid)
    }

    fn is_member(&self, pid: i32) -> bool {
        match stat::read(pid) {
            Ok(Some(stat)) => stat.pgrp == self.pgid && stat::runs(pid, &stat),
            _ => false,
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.pgid, self.leader_start, self.boot_id)
    }
}

impl FromStr for Group {
    type Err = GroupError;

    fn from_str(line: &str) -> Result<Group, GroupError> {
        let fields: Vec<&str> = line.trim_end_matches('\n').split(' ').collect();
        let [pgid, start, boot_id] = fields[..] else { return Err(GroupError) };
        let pgid: i32 = pgid.parse().map_err(|_| GroupError)?;
        let leader_start = start.parse().map_err(|_| GroupError)?;
        if pgid <= 1 || boot_id.is_empty() {
            return Err(GroupError);
        }
        Ok(Group { pgid, leader_start, boot_id: boot_id.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_round_trips_and_refuses_dangerous_numbers() {
        let group = Group { pgid: 4711, leader_start: 99, boot_id: "a-b".into() };
        assert_eq!(group.to_string(), "4711 99 a-b");
        assert_eq!("4711 99 a-b\n".parse(), Ok(group));
        for bad in ["", "1 2 x", "0 2 x", "-5 2 x", "7 2", "7 2 ", "7 x y", "7 1 x y"] {
            assert_eq!(bad.parse::<Group>(), Err(GroupError), "{bad}");
        }
    }

    #[test]
    fn our_own_group_is_never_a_steps() {
        let own = getpgrp().as_raw_nonzero().get();
        let group = Group { pgid: own, ..Group::led_by(std::process::id() as i32).unwrap() };
        assert!(!group.alive());
        assert_eq!(group.number(), None);
    }
}
