//! A schedule as a workflow declares it. Which moments it names is reckoned outside of the
//! engine, which knows no time zones.

use serde::{Deserialize, Serialize};

/// Each moment that a schedule names is a *slot*, called by its instant, whatever becomes
/// of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    pub moments: Moments,
    /// IANA name of the time zone in which moments, days and bounds are meant.
    pub timezone: String,
    pub gap: DstGap,
    pub fold: DstOverlap,
    /// A slot is fired so much later at most; how much is the same each time it is asked.
    pub jitter_ms: u64,
    /// Slots before it, and from `end` on, are none.
    pub start: Option<Bound>,
    pub end: Option<Bound>,
    /// Days on which it fires; without it on all.
    pub days: Option<Days>,
    pub outside: Outside,
    pub catch_up: CatchUp,
    pub overlap: Overlap,
    /// Runs that fail one after the other until it pauses by itself; at least 1.
    pub pause_on_failure: Option<u32>,
}

/// The moments of a schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Moments {
    /// Five fields, or six with seconds first; or `@daily` and its like.
    Cron(String),
    /// From `from_ms` on, in steps of elapsed time; at least a second.
    Every { period_ms: u64, from: Bound },
    /// Each of them once, in order.
    At(Vec<Bound>),
}

/// A moment as it was written, and its instant in ms since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    pub text: String,
    pub at_ms: u64,
}

/// What becomes of a moment that the clock leaps over when summer time begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DstGap {
    /// It fires at the first instant after the gap.
    #[default]
    RunAfter,
    Skip,
}

/// Which of two instants is meant by a moment that the clock shows twice when summer time
/// ends. Moments that come each hour or more often are elapsed time, and meant both times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DstOverlap {
    #[default]
    First,
    Second,
    Both,
}

/// Days, from calendars: of all days without `include`, those of all of `include`, without
/// those of `exclude`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Days {
    /// Terms in the order in which they were written, `true` for those that are added.
    pub terms: Vec<(bool, Day)>,
}

/// Some days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Day {
    /// A calendar of the settings, by name: what it says may change after the workflow was
    /// published.
    Calendar(String),
    Weekdays,
    Weekends,
}

/// What becomes of a slot on another day than those of the schedule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outside {
    #[default]
    Skip,
    /// It is fired on the next day that is one, at the same time of the day; of several
    /// that come to the same instant one.
    Defer,
}

/// What becomes of slots that have passed while nobody was there to fire them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatchUp {
    pub policy: CatchUpPolicy,
    /// Slots that are older are missed.
    pub window_ms: Option<u64>,
    /// Most slots, the newest ones; the others are missed.
    pub max: u32,
    /// Time between two that are caught up.
    pub spread_ms: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CatchUpPolicy {
    None,
    /// The newest of them stands for all.
    #[default]
    Last,
    All,
}

/// What becomes of a slot while the run of an earlier one goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Overlap {
    #[default]
    Skip,
    /// It waits for that run to end; of several only the newest.
    QueueOne,
    QueueAll,
    /// That run is cancelled; the slot's begins when it has ended.
    CancelRunning,
    /// They run beside each other.
    Allow,
}

impl CatchUpPolicy {
    pub const ALL: [CatchUpPolicy; 3] =
        [CatchUpPolicy::None, CatchUpPolicy::Last, CatchUpPolicy::All];

    pub fn word(self) -> &'static str {
        match self {
            CatchUpPolicy::None => "none",
            CatchUpPolicy::Last => "last",
            CatchUpPolicy::All => "all",
        }
    }
}

impl Overlap {
    pub const ALL: [Overlap; 5] = [
        Overlap::Skip,
        Overlap::QueueOne,
        Overlap::QueueAll,
        Overlap::CancelRunning,
        Overlap::Allow,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Overlap::Skip => "skip",
            Overlap::QueueOne => "queue_one",
            Overlap::QueueAll => "queue_all",
            Overlap::CancelRunning => "cancel_running",
            Overlap::Allow => "allow",
        }
    }
}

impl DstGap {
    pub const ALL: [DstGap; 2] = [DstGap::RunAfter, DstGap::Skip];

    pub fn word(self) -> &'static str {
        match self {
            DstGap::RunAfter => "run_after",
            DstGap::Skip => "skip",
        }
    }
}

impl DstOverlap {
    pub const ALL: [DstOverlap; 3] = [DstOverlap::First, DstOverlap::Both, DstOverlap::Second];

    pub fn word(self) -> &'static str {
        match self {
            DstOverlap::First => "first",
            DstOverlap::Both => "both",
            DstOverlap::Second => "second",
        }
    }
}

impl Outside {
    pub const ALL: [Outside; 2] = [Outside::Skip, Outside::Defer];

    pub fn word(self) -> &'static str {
        match self {
            Outside::Skip => "skip",
            Outside::Defer => "defer",
        }
    }
}
