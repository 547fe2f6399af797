//! How the processes of an attempt are found that nobody has on record.
//!
//! Between the start of a process and the record of its group the daemon may be
//! killed. What was started then carries its attempt in its environment, from its
//! first instruction on. And it has begun before anybody looks for it: until its
//! program runs, a child holds the files of the process that made it, and with them
//! its lock.

use std::fs;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use rpa_engine::AttemptId;

use super::group::Group;
use super::stat;

const RUN_ID: &str = "RPA_RUN_ID";
const STEP: &str = "RPA_STEP";
const ATTEMPT: &str = "RPA_ATTEMPT";
const KEY: &str = "RPA_IDEMPOTENCY_KEY";

/// How long a process may be without an environment before it counts as one that has
/// none.
const LONGEST_EXEC: Duration = Duration::from_secs(2);
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// What the environment of every process of an attempt says, unless the process
/// has been given another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// `NAME=value`.
    entries: [String; 4],
}

impl Tag {
    pub fn new(attempt: &AttemptId, idempotency_key: &str) -> Tag {
        let entries = [
            format!("{RUN_ID}={}", attempt.run),
            format!("{STEP}={}", attempt.path),
            format!("{ATTEMPT}={}", attempt.number),
            format!("{KEY}={idempotency_key}"),
        ];
        Tag { entries }
    }

    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().filter_map(|entry| entry.split_once('='))
    }

    /// The process groups in which a process with this tag runs. Processes of other
    /// users cannot be looked into; a step's are the daemon's own.
    ///
    /// Blocks, for as long as it takes the kernel to put new programs into place.
    pub fn groups(&self) -> io::Result<Vec<Group>> {
        let deadline = Instant::now() + LONGEST_EXEC;
        loop {
            let (groups, between) = self.look()?;
            if !between || Instant::now() >= deadline {
                return Ok(groups);
            }
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// The groups, and whether there was a process that has no environment yet.
    fn look(&self) -> io::Result<(Vec<Group>, bool)> {
        let mut groups: Vec<Group> = Vec::new();
        let mut between = false;
        for pid in stat::pids()? {
            // gone meanwhile, or another user's
            let Ok(environment) = fs::read(format!("/proc/{pid}/environ")) else { continue };
            between |= environment.is_empty() && is_between_programs(pid);
            if !self.stands_in(&environment) {
                continue;
            }
            let Ok(Some(process)) = stat::read(pid) else { continue };
            if groups.iter().all(|group| group.pgid != process.pgrp) {
                groups.extend(Group::numbered(process.pgrp)?);
            }
        }
        Ok((groups, between))
    }

    fn stands_in(&self, environment: &[u8]) -> bool {
        let holds = |entry: &String| environment.split(|b| *b == 0).any(|e| e == entry.as_bytes());
        self.entries.iter().all(holds)
    }
}

/// Whether execve(2) is putting another program into the process: it has let the files
/// of the old one go, and the new one has neither arguments nor environment yet. Threads
/// of the kernel have no program, and the dead are not looked for.
fn is_between_programs(pid: i32) -> bool {
    let empty = |file: &str| fs::read(format!("/proc/{pid}/{file}")).is_ok_and(|b| b.is_empty());
    empty("cmdline")
        && fs::read_link(format!("/proc/{pid}/exe")).is_ok()
        && matches!(stat::read(pid), Ok(Some(stat)) if stat::runs(pid, &stat))
}

#[cfg(test)]
mod tests {
    use rpa_engine::RunId;

    use super::*;

    #[test]
    fn a_tag_is_the_whole_of_its_entries() {
        let attempt = AttemptId { run: RunId(7), path: "only".parse().unwrap(), number: 2 };
        let tag = Tag::new(&attempt, "k");
        let environment = |n: &str| {
            let run = RunId(7);
            format!(
                "PATH=/bin\0RPA_RUN_ID={run}\0RPA_STEP=only\0RPA_ATTEMPT={n}\0RPA_IDEMPOTENCY_KEY=k\0"
            )
        };
        assert!(tag.stands_in(environment("2").as_bytes()));
        assert!(!tag.stands_in(environment("22").as_bytes()));
        assert!(!tag.stands_in(b""));
    }
}
