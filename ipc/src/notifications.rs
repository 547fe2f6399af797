//! What deserves a person's attention: each once, until it was seen or is over.

use rpa_engine::{Label, RunId, StepPath};
use serde::{Deserialize, Serialize};

use crate::fault::Said;

/// The words a notification's `state` can be.
pub const NOTIFICATION_STATES: [&str; 3] = ["unread", "open", "done"];
/// The words of its `severity`.
pub const SEVERITIES: [&str; 4] = ["information", "warning", "question", "error"];
/// The kind of one that is stored and cannot be read. Whoever has seen it removes it.
pub const UNREADABLE: &str = "unreadable";
/// Most ids in one request.
pub const MOST_ACKNOWLEDGED: usize = 1_000;

/// Which of them a list has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotificationFilter {
    Unread,
    /// Those that are not done: unread, or seen while what they are about still stands.
    #[default]
    Open,
    All,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationsQuery {
    /// Those about the daemon itself belong to each namespace.
    pub namespace: Label,
    pub filter: NotificationFilter,
    /// `NAME` or `NAMESPACE/NAME`.
    pub workflow: Option<String>,
    /// At most 1,000.
    pub limit: u32,
    pub cursor: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NotificationPage {
    /// What happened last, first.
    pub items: Vec<NotificationView>,
    pub next: Option<String>,
    /// In the whole namespace, whatever was asked for.
    pub unread: u64,
    /// Likewise those that are not done.
    pub open: u64,
    /// The number of the last happening when this was read, for an [`AckRequest`].
    pub newest: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotificationView {
    pub id: u64,
    /// The number of its last happening: greater than the id when it has happened again.
    pub number: u64,
    /// What it is about, as `run_failed`; [`UNREADABLE`] for one that is stored and cannot be
    /// read.
    pub kind: String,
    /// One of [`SEVERITIES`].
    pub severity: String,
    /// One of [`NOTIFICATION_STATES`].
    pub state: String,
    /// As `NAMESPACE/NAME`; empty when it is about the daemon.
    pub workflow: String,
    /// Of several alike the newest; of failed runs the newest that no rerun has mended.
    pub run: Option<RunId>,
    pub step: Option<StepPath>,
    /// Empty when it is about no trigger.
    pub trigger: String,
    /// Of several the last.
    pub slot_ms: Option<u64>,
    /// Of the last.
    pub what: Said,
    /// How many alike.
    pub count: u64,
    /// So many of them were failures of runs of which a rerun has completed.
    pub mended: u64,
    pub first_ms: u64,
    pub last_ms: u64,
    /// When a person has seen it, and who.
    pub acknowledged: Option<(u64, String)>,
    /// When it came to its end by itself, and how: `decided`, `timed_out`, `ended`, `rerun`,
    /// `resumed`, `released`, `over`.
    pub settled: Option<(u64, String)>,
}

/// A person has seen notifications. Those that are seen or done are left as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AckRequest {
    pub namespace: Label,
    /// At most [`MOST_ACKNOWLEDGED`]; without them all of the namespace.
    pub ids: Option<Vec<u64>>,
    /// Without ids: only those of this workflow.
    pub workflow: Option<String>,
    /// What has happened after this number stays unread: nobody has seen it yet.
    pub upto: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// How many were unread.
    pub count: u64,
    /// Ids of which there is no notification in the namespace. All others were seen.
    pub missing: Vec<u64>,
}
