//! The file of tests of a workflow, version 1: from text to [`TestFile`].
//!
//! ```text
//! text -> tree (YAML events, limits) -> fields (known keys) -> TestFile
//!      -> fit (the steps and variables that it names are the workflow's)
//! ```
//!
//! As with workflow files every problem is found, each with its place. What the tests
//! come to is not decided here.

mod expect;
mod fit;
mod given;
mod pattern;
mod read;
mod schema;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use rpa_engine::run::{Promise, RunStatus, StepStatus};
use rpa_engine::{Ident, Map, RunId, StepPath, TaskError, Value};

use crate::workflow::Pos;

pub use fit::{Called, fit, form_values, variables};
pub use given::class_of;
pub use pattern::Pattern;
pub use read::{Checked, check_bytes};
#[cfg(test)]
pub(crate) use read::{KEYS as FILE_KEYS, TEST_KEYS};
pub use schema::schema;

/// What a file of tests is called: `NAME.test.yaml` is of `NAME.yaml`.
pub const SUFFIX: &str = ".test.yaml";

/// When a test begins that does not say it: 2026-01-01T00:00:00Z.
pub const DEFAULT_NOW_MS: u64 = 1_767_225_600_000;

/// Something, and where it stands in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct At<T> {
    pub at: Pos,
    pub value: T,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TestFile {
    /// The workflow's file, beside this one; `None` for the one of the same name.
    pub workflow: Option<At<String>>,
    /// Files of workflows that it calls, beside those of their names.
    pub workflows: Vec<At<String>>,
    pub tests: Vec<Test>,
}

/// One run in a world that is written down.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    pub name: At<String>,
    /// What `run.id` is.
    pub run: Option<RunId>,
    /// What the clock shows at the start.
    pub now_ms: u64,
    pub variables: BTreeMap<Ident, At<Value>>,
    /// Stand-ins for secrets.
    pub secrets: BTreeMap<Ident, String>,
    /// Somebody cancels the run so long after its start.
    pub cancel_ms: Option<u64>,
    /// What steps give, in the order of the file.
    pub steps: Vec<(At<Pattern>, Given)>,
    pub expect: Expect,
}

/// What the attempts of a step come to.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// All of them to the same.
    Always(Try),
    /// One after the other; a further one is a mistake of the test.
    InTurn(Vec<Try>),
}

/// How one attempt ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Try {
    pub at: Pos,
    pub ending: Ending,
    pub takes_ms: u64,
    /// What a person says when the step is in doubt by this.
    pub resolve: Option<Resolve>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    Output(Value),
    /// `started` is false when nothing was begun: a refused connection.
    Failed {
        error: TaskError,
        output: Value,
        started: bool,
    },
    /// The step's own time runs out.
    TimedOut,
    /// Nobody sees the end.
    Lost,
    /// The run that the step has called is cancelled.
    Cancelled,
    Approved(Votes),
    Rejected(Votes),
    /// One that the step may wait for.
    Event(GivenEvent),
}

/// What people say to that which a step asks; all of them the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Votes {
    /// Who; nobody is named where it is not important.
    pub by: Vec<String>,
    pub fields: BTreeMap<Ident, At<Value>>,
    pub comment: String,
    /// When, for expressions; without it what the clock shows.
    pub said_at: Option<String>,
}

/// An event that is published while the step waits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GivenEvent {
    pub data: Value,
    pub by: Option<String>,
    pub id: Option<RunId>,
    /// When, for expressions; without it what the clock shows.
    pub said_at: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Resolve {
    Done(Map),
    Retry,
    Fail,
}

/// What must come of it. What is not said is not looked at, but for the status.
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    /// Without it `failed` where an error is expected, else `completed`.
    pub status: RunStatus,
    /// Fields of the error that ended the run, `step` among them.
    pub error: Option<Map>,
    /// The steps that do something, in the order in which they began; no others may.
    pub path: Option<Vec<At<StepPath>>>,
    pub steps: BTreeMap<StepPath, At<ExpectStep>>,
    /// What tasks were given (`with` and `env`), called runs (`with`), and people
    /// (`message`, `show`, `approvers`).
    pub inputs: BTreeMap<StepPath, At<Value>>,
    pub outputs: Option<Map>,
    /// The longest that the run may take, in virtual time.
    pub within_ms: Option<u64>,
    /// The promises of `sla` that are broken; no others may be.
    pub late: Option<Vec<Promise>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExpectStep {
    pub status: Option<StepStatus>,
    pub attempts: Option<u32>,
    pub output: Option<Value>,
    pub error: Option<Map>,
}
