//! What is known of a schedule's slots, and what becomes of each.
//!
//! ```text
//!                    .-- passed over: calendar, clock change, condition ---> a fate
//!  slot -- taken --+---- its time is still to come ------------------------> waits
//!                  +---- its time has long passed ---> catch-up: waits, or is missed
//!                  '---- now ---> may it start beside what runs? ---> starts, waits, skipped
//! ```
//! Slots are taken in the order of their instants, each once: `upto_ms` says how far. Each
//! that was taken has one fate that lasts, or stands among those that wait.

use serde::{Deserialize, Serialize};

use crate::name::RunId;

/// A slot that is fired so much later is told as late.
pub const LATE_MS: u64 = 5_000;
/// A slot that is so much behind was missed by its time, and is caught up or not.
pub const MISSED_MS: u64 = 60_000;
/// Most slots of one schedule that wait for their turn behind a run.
pub const MOST_QUEUED: usize = 1_000;

/// A moment that a schedule names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Its name. Of a time that the clock leaps over: the first instant after the gap.
    pub at_ms: u64,
    /// When it is to be fired: later than `at_ms` by jitter, or because it was put off to
    /// another day. Of one that is passed over: `at_ms`, or when another stands for it.
    pub due_ms: u64,
    pub passed: Option<Passed>,
}

/// Why a slot is passed over by its own schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Passed {
    /// The clock leaps over it when summer time begins.
    Gap,
    /// The clock shows it twice when summer time ends, and this is the other one.
    Fold,
    /// Its day is none of the schedule's.
    Calendar,
    /// Another slot that was put off stands for it.
    Merged,
}

impl Passed {
    pub fn word(self) -> &'static str {
        match self {
            Passed::Gap => "gap",
            Passed::Fold => "fold",
            Passed::Calendar => "calendar",
            Passed::Merged => "merged",
        }
    }
}

/// What has become of a slot. All but the first are for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    Waiting {
        due_ms: u64,
        why: WaitsFor,
    },
    Fired {
        run: RunId,
        how: How,
        by_ms: u64,
    },
    PassedOver(Passed),
    Skipped(Skipped),
    /// No run could be accepted.
    Refused {
        code: String,
        message: String,
    },
    Missed(Missed),
}

/// How a slot has come to its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum How {
    InTime,
    Late,
    CaughtUp,
    Backfilled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WaitsFor {
    /// Its time: jitter, or another day.
    Time,
    /// Its place among those that are caught up.
    CatchUp,
    /// The end of a run.
    Run,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Skipped {
    /// This run of an earlier slot was still going on.
    Overlap {
        run: RunId,
    },
    /// It waited for a run to end, and a newer slot stands for it.
    Superseded,
    /// More slots wait than may.
    QueueFull,
    Paused,
    /// Its condition was false.
    Condition,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Missed {
    /// The daemon was not there.
    Down,
    /// It was there, and the clock was set forward or the machine slept.
    Clock,
    /// It was held after a restore.
    Restore,
}
