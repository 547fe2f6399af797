//! The slots of a schedule.

use serde::{Serialize, Serializer};

use super::time;

#[derive(Debug, Serialize)]
pub struct PreviewDocument<'a> {
    pub cron: &'a str,
    pub timezone: &'a str,
    pub description: &'a str,
    pub slots: Vec<SlotObject>,
    pub changes: Vec<ChangeObject>,
}

#[derive(Debug, Serialize)]
pub struct SlotObject {
    #[serde(serialize_with = "instant")]
    pub at: u64,
    /// With the offset from UTC.
    pub local: String,
    #[serde(serialize_with = "instant")]
    pub due: u64,
    /// With all of its jitter.
    #[serde(serialize_with = "instant")]
    pub due_latest: u64,
    /// Why it is not fired.
    pub passed: Option<&'static str>,
    /// It stands for a time that the clock leaps over.
    pub after_gap: bool,
}

/// A change of the clock: what it shows before and after it.
#[derive(Debug, Serialize)]
pub struct ChangeObject {
    #[serde(serialize_with = "instant")]
    pub at: u64,
    pub before: String,
    pub after: String,
    pub forward: bool,
}

fn instant<S: Serializer>(ms: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    time(*ms).serialize(serializer)
}
