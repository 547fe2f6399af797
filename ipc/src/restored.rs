//! What was open in a backup that was restored, and is held until a person's word.

use rpa_engine::{RunId, StepPath};
use serde::{Deserialize, Serialize};

use crate::view::RunSummary;

/// That the store was restored, and nobody has let it go on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestoredView {
    /// When the backup was taken: what was done after it is not known.
    pub taken_ms: u64,
    pub restored_ms: u64,
    /// How many runs are held.
    pub held: u64,
}

/// Some of the runs that are held, the oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldPage {
    pub restored: Option<RestoredView>,
    pub runs: Vec<HeldRun>,
    /// There are more, after this one.
    pub next: Option<RunId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldRun {
    pub summary: RunSummary,
    /// What it would do first if it went on now; nothing where it waits for something.
    pub steps: Vec<GoesOn>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoesOn {
    pub path: StepPath,
    pub effect: String,
    /// `begins`, `again`, `doubt` or `fails`.
    pub next: String,
}

/// How many runs go on; with `more`, it is to be asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    pub runs: u64,
    pub more: bool,
}
