//! The overview as `rpa overview --json` prints it.

use std::collections::BTreeMap;

use rpa_ipc::overview::{FailureView, FailuresView, HourView};
use serde::Serialize;

use super::super::overview::Seen;
use super::run::ErrorObject;
use super::triggers::ComingObject;
use super::{ApprovalObject, NotificationObject, RunObject, TriggerObject, time};

#[derive(Debug, Serialize)]
pub struct OverviewDocument<'a> {
    pub since: Option<String>,
    pub runs: BTreeMap<&'a str, u64>,
    /// Notifications that are not done: what wants a person.
    pub attention: Vec<NotificationObject<'a>>,
    /// There are more of them.
    pub attention_cut: bool,
    pub failures: Vec<FailureObject<'a>>,
    pub failed: u64,
    /// There are more, which were not looked at.
    pub failures_cut: bool,
    pub doubts: Vec<RunObject<'a>>,
    pub approvals: Vec<ApprovalObject<'a>>,
    /// Those that want a person.
    pub triggers: Vec<TriggerObject<'a>>,
    pub open: Vec<RunObject<'a>>,
    pub upcoming: Vec<ComingObject<'a>>,
    pub hours: Vec<HourObject>,
    /// Before this the hours are not wholly counted.
    pub counted_from: Option<String>,
}

/// Runs of one workflow that have failed alike.
#[derive(Debug, Serialize)]
pub struct FailureObject<'a> {
    pub workflow: &'a str,
    /// The same for all of them and for no others.
    pub alike: &'a str,
    pub step: Option<&'a str>,
    pub error: ErrorObject<'a>,
    pub count: u64,
    pub run: String,
    pub newest: Option<String>,
    pub oldest: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct HourObject {
    pub from: Option<String>,
    pub completed: u64,
    pub failed: u64,
    pub cancelled: u64,
}

impl<'a> OverviewDocument<'a> {
    pub fn of(seen: &'a Seen) -> OverviewDocument<'a> {
        let view = &seen.overview;
        OverviewDocument {
            since: time(view.since_ms),
            runs: view.counts.iter().map(|(word, n)| (word.as_str(), *n)).collect(),
            attention: seen.told.iter().map(NotificationObject::of).collect(),
            attention_cut: seen.more,
            failures: view.failures.iter().map(FailureObject::of).collect(),
            failed: view.failed,
            failures_cut: view.failures_cut,
            doubts: view.doubts.iter().map(RunObject::of).collect(),
            approvals: seen.approvals.iter().map(ApprovalObject::of).collect(),
            triggers: seen.triggers.iter().map(TriggerObject::of).collect(),
            open: view.open.iter().map(RunObject::of).collect(),
            upcoming: seen.upcoming.iter().map(ComingObject::of).collect(),
            hours: view.hours.iter().map(HourObject::of).collect(),
            counted_from: time(view.counted_from_ms),
        }
    }
}

/// As `rpa runs --group --json` prints them.
#[derive(Debug, Serialize)]
pub struct FailuresDocument<'a> {
    pub failures: Vec<FailureObject<'a>>,
    pub failed: u64,
    /// There are older ones, which were not looked at.
    pub failures_cut: bool,
}

impl<'a> FailuresDocument<'a> {
    pub fn of(view: &'a FailuresView) -> FailuresDocument<'a> {
        FailuresDocument {
            failures: view.groups.iter().map(FailureObject::of).collect(),
            failed: view.failed,
            failures_cut: view.cut,
        }
    }
}

impl<'a> FailureObject<'a> {
    fn of(view: &'a FailureView) -> FailureObject<'a> {
        FailureObject {
            workflow: &view.workflow,
            alike: &view.alike,
            step: Some(view.step.as_str()).filter(|step| !step.is_empty()),
            error: ErrorObject::of(&view.error),
            count: view.count,
            run: view.newest.to_string(),
            newest: time(view.newest_ms),
            oldest: time(view.oldest_ms),
        }
    }
}

impl HourObject {
    fn of(hour: &HourView) -> HourObject {
        let HourView { from_ms, completed, failed, cancelled } = *hour;
        HourObject { from: time(from_ms), completed, failed, cancelled }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::overview;

    #[test]
    fn the_shape_of_the_overview() {
        let mut seen = overview::sample();
        // as the others
        (seen.overview.hours).truncate(1);
        (seen.told).truncate(1);
        (seen.triggers).truncate(1);
        let document = OverviewDocument::of(&seen);
        insta::assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
    }
}
