//! The gate of a workflow: how many of its runs, or of those with one key, go on at once.
//!
//! | a run enters, and there is | `queue` | `skip` | `fail` | `cancel_running` |
//! |---|---|---|---|---|
//! | room, and nobody waits before it | passes | passes | passes | passes |
//! | no room | waits | turned away | turned away, failed | waits; those before it are cancelled |
//! | no room, and `max_queue` wait already | turned away, failed | | | |
//!
//! A run that has passed counts until it has ended, whatever it waits for meanwhile. When
//! one has ended, the one that waits longest passes, of the highest priority first. Runs of
//! different revisions may have different limits: each counts by its own.

use crate::circle::{Held, Shared, Wait, for_ever};
use crate::name::RunId;
use crate::outcome::{ErrorClass, TaskError};
use crate::run::Parent;
use crate::workflow::{Concurrency, OnLimit};

/// How many runs there are at the gate now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    pub active: u32,
    pub waiting: u32,
    /// Somebody that waits comes before the one that enters.
    pub is_behind: bool,
}

/// What becomes of a run that enters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Passes,
    Waits,
    /// It waits, and all that are before it are to be cancelled.
    Replaces,
    TurnedAway {
        reason: String,
        fails: bool,
    },
}

impl Gate {
    pub fn enter(self, rule: &Concurrency) -> Entry {
        if self.active < rule.limit && !self.is_behind {
            return Entry::Passes;
        }
        let limit = format!("its limit is reached: {} of {} runs go on", self.active, rule.limit);
        match rule.on_limit {
            OnLimit::Queue => match rule.max_queue {
                Some(most) if self.waiting >= most => Entry::TurnedAway {
                    reason: format!("{limit}, and {} wait, as many as may", self.waiting),
                    fails: true,
                },
                Some(_) | None => Entry::Waits,
            },
            OnLimit::Skip => Entry::TurnedAway { reason: limit, fails: false },
            OnLimit::Fail => Entry::TurnedAway { reason: limit, fails: true },
            OnLimit::CancelRunning => Entry::Replaces,
        }
    }
}

/// A run that a step has called, and that waits at a gate.
#[derive(Clone, Debug)]
pub struct CalledRun {
    pub run: RunId,
    /// The nearest first.
    pub callers: Vec<Parent>,
    /// Of its revision: it passes when fewer go on.
    pub limit: u32,
}

/// A gate as it stands for the search of circles: the runs that have passed it, and those
/// that steps have called and that wait at it. `first` is the limit of the run that is to
/// pass next, whoever has begun it: nobody passes before that one.
pub fn shared<'a>(passed: &[RunId], called: &'a [CalledRun], first: u32) -> Shared<'a> {
    let limits = || called.iter().map(|called| called.limit.min(first));
    let capacity = limits().max().unwrap_or_default();
    let wait = |(called, limit): (&'a CalledRun, u32)| Wait {
        run: called.run,
        step: None,
        callers: &called.callers,
        // who passes at a lower limit needs more to be free than its own place
        takes: capacity - limit + 1,
    };
    Shared {
        capacity,
        held: passed.iter().map(|run| Held { run: *run, step: None, takes: 1 }).collect(),
        waiting: called.iter().zip(limits()).map(wait).collect(),
    }
}

/// The error of a run that is turned away.
pub fn full(reason: String) -> TaskError {
    TaskError { class: ErrorClass::Business, code: "RPA0432".into(), message: reason }
}

/// The error of a called run that would wait at the gate for itself.
pub fn circle(passed: &[RunId]) -> TaskError {
    let runs: Vec<String> = passed.iter().take(3).map(|run| run.short()).collect();
    let more = if passed.len() > 3 { ", ..." } else { "" };
    for_ever(format!(
        "it would wait for its turn for ever: {}{more} must end first, and wait for what is held \
         around the step that calls it",
        runs.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Active and waiting at a limit of 2, then what becomes of one more by `on_limit`.
    const TABLE: &str = "
active waiting queue    skip     cancel_running fail
0      0       passes   passes   passes         passes
1      0       passes   passes   passes         passes
2      0       waits    skipped  replaces       failed
1      1       waits    skipped  replaces       failed
2      1       waits    skipped  replaces       failed
2      3       failed   skipped  replaces       failed
3      0       waits    skipped  replaces       failed
";

    #[test]
    fn the_table() {
        for line in TABLE.trim().lines().skip(1) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let (active, waiting) = (words[0].parse().unwrap(), words[1].parse().unwrap());
            let gate = Gate { active, waiting, is_behind: waiting > 0 };
            for (on_limit, expected) in OnLimit::ALL.into_iter().zip(&words[2..]) {
                let rule = Concurrency { limit: 2, key: None, on_limit, max_queue: Some(3) };
                let entry = match gate.enter(&rule) {
                    Entry::Passes => "passes",
                    Entry::Waits => "waits",
                    Entry::Replaces => "replaces",
                    Entry::TurnedAway { fails: true, .. } => "failed",
                    Entry::TurnedAway { fails: false, .. } => "skipped",
                };
                assert_eq!(entry, *expected, "{on_limit:?}: {line}");
            }
        }
    }

    #[test]
    fn who_is_turned_away_is_told_the_numbers() {
        let reason = |on_limit, max_queue| {
            let rule = Concurrency { limit: 2, key: None, on_limit, max_queue };
            match (Gate { active: 2, waiting: 3, is_behind: true }).enter(&rule) {
                Entry::TurnedAway { reason, .. } => reason,
                other => panic!("{other:?}"),
            }
        };
        let reached = "its limit is reached: 2 of 2 runs go on";
        assert_eq!(reason(OnLimit::Skip, None), reached);
        assert_eq!(reason(OnLimit::Fail, None), reached);
        let queue = reason(OnLimit::Queue, Some(3));
        assert_eq!(queue, format!("{reached}, and 3 wait, as many as may"));
    }

    #[test]
    fn without_a_limit_of_the_queue_any_number_waits() {
        let rule = Concurrency { limit: 1, key: None, on_limit: OnLimit::Queue, max_queue: None };
        let gate = Gate { active: 1, waiting: 1_000_000, is_behind: true };
        assert_eq!(gate.enter(&rule), Entry::Waits);
    }

    /// Those that wait are of a revision with a lower limit.
    #[test]
    fn who_comes_before_those_that_wait_does_not_wait_for_them() {
        let rule = Concurrency { limit: 2, key: None, on_limit: OnLimit::Queue, max_queue: None };
        let gate = |is_behind| Gate { active: 1, waiting: 1, is_behind };
        assert_eq!(gate(false).enter(&rule), Entry::Passes);
        assert_eq!(gate(true).enter(&rule), Entry::Waits);
    }
}
