//! How many runs the deliveries of a trigger become, as a workflow declares it.

use serde::{Deserialize, Serialize};

use super::sources::Rate;
use crate::template::Template;

/// What is between a delivery and its run. Without anything each is one run at once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    pub gather: Option<Gather>,
    pub throttle: Option<Throttle>,
    /// Runs that fail one after the other until it pauses by itself; at least 1.
    pub pause_on_failure: Option<u32>,
}

/// Several deliveries become one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Gather {
    /// The newest stands for those before it, when no other has come for `wait_ms`, or
    /// `max_ms` after the first. Those of which `key` gives different texts have nothing to
    /// do with each other.
    Debounce { wait_ms: u64, max_ms: Option<u64>, key: Option<Template> },
    /// All of them go to one run, when there are `size`, or `wait_ms` after the first.
    Batch { size: u32, wait_ms: u64 },
}

/// Most runs that begin within a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Throttle {
    pub rate: Rate,
    pub excess: Excess,
}

/// What becomes of a delivery that would be one run too many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Excess {
    #[default]
    Wait,
    Skip,
}

impl Excess {
    pub const ALL: [Excess; 2] = [Excess::Wait, Excess::Skip];

    pub fn word(self) -> &'static str {
        match self {
            Excess::Wait => "wait",
            Excess::Skip => "skip",
        }
    }
}
