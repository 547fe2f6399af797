//! What a person looks at first: what has failed, what is in doubt, what is under way.

use rpa_engine::{Label, RunId};
use serde::{Deserialize, Serialize};

use crate::view::{ErrorView, RunSummary};

/// Hours that an overview looks back, the current one included.
pub const OVERVIEW_HOURS: u64 = 24;
/// Most groups of failures in one answer.
pub const MOST_FAILURES: usize = 50;
/// Most runs in doubt, and most that are under way, in one answer.
pub const MOST_OPEN: usize = 50;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OverviewQuery {
    pub namespace: Label,
}

/// A namespace at one glance. Found in the indexes and in a bounded number of rows: what
/// was left out is said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// When the oldest of the hours began: until the hour is over, the same.
    pub since_ms: u64,
    /// Runs by status word, however old, only those that are not zero.
    pub counts: Vec<(String, u64)>,
    /// Runs that have failed since, by what and where, the group with the newest first.
    pub failures: Vec<FailureView>,
    /// Runs in all groups.
    pub failed: u64,
    /// There are more failures, which were not looked at.
    pub failures_cut: bool,
    /// Runs in doubt, the newest [`MOST_OPEN`].
    pub doubts: Vec<RunSummary>,
    /// Runs that go on or wait, likewise.
    pub open: Vec<RunSummary>,
    /// What has become of runs, by the hour in which they were accepted, the oldest hour
    /// first.
    pub hours: Vec<HourView>,
    /// Before this the hours are not, or not wholly, counted: there were too many runs.
    pub counted_from_ms: u64,
}

/// Runs of a list that have failed, by what and where.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FailuresView {
    /// The group with the newest first, at most [`MOST_FAILURES`].
    pub groups: Vec<FailureView>,
    /// Runs in all groups, those that were left out included.
    pub failed: u64,
    /// There are more failures, older ones, which were not looked at.
    pub cut: bool,
}

/// Runs of one workflow that have failed alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailureView {
    pub workflow: String,
    /// The same for all of them and for no others: see [`RunSummary::alike`].
    pub alike: String,
    /// The step that failed; empty when it was none. Of the newest.
    pub step: String,
    /// Of the newest.
    pub error: ErrorView,
    pub count: u64,
    pub newest: RunId,
    /// When the newest and the oldest of them failed.
    pub newest_ms: u64,
    pub oldest_ms: u64,
}

/// Runs that were accepted within one hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourView {
    pub from_ms: u64,
    pub completed: u64,
    pub failed: u64,
    pub cancelled: u64,
}
