//! The catalogue on the wire: what is asked of workflows and their revisions, and
//! what is shown of them.

use rpa_engine::Label;
use serde::{Deserialize, Serialize};

use crate::view::ProblemView;

/// The words a workflow's `state` can be.
pub const WORKFLOW_STATES: [&str; 4] = ["live", "draft", "disabled", "archived"];

/// The words a revision's `state` can be.
pub const REVISION_STATES: [&str; 3] = ["live", "draft", "published"];

/// Most bytes of a note: a sentence or two.
pub const MAX_NOTE: usize = 500;

/// Most files of one bundle, and most bytes of them together: it is one request, and
/// must fit a frame.
pub const MAX_BUNDLE_FILES: usize = 1_000;
pub const MAX_BUNDLE_BYTES: usize = 6 * 1024 * 1024;

/// A workflow as a person names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowName {
    /// For a name without one.
    pub namespace: Label,
    /// `NAME` or `NAMESPACE/NAME`.
    pub name: String,
}

/// A revision of a workflow; without a number the one that the call is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionName {
    pub workflow: WorkflowName,
    pub revision: Option<u32>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApplyRequest {
    /// For a file that names no namespace.
    pub namespace: Label,
    /// Name of the file as the user gave it: for messages only, never opened.
    pub file: String,
    pub source: String,
    /// Why, for the history; at most [`MAX_NOTE`] bytes, on one line.
    pub note: String,
    /// Not live before it is published.
    pub draft: bool,
    /// Refused ([`FaultCode::Overtaken`](crate::FaultCode::Overtaken)) unless this is the
    /// newest revision, live or not; 0: unless there is none. A text that is what is there
    /// already is never refused.
    pub base: Option<u32>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HistoryQuery {
    pub workflow: WorkflowName,
    /// At most 1,000.
    pub limit: u32,
    pub cursor: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RollbackRequest {
    pub workflow: WorkflowName,
    /// The revision that is brought back, as a new one.
    pub revision: u32,
    pub note: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CloneRequest {
    pub workflow: WorkflowName,
    /// `NAME`, in the namespace of the workflow, or `NAMESPACE/NAME`.
    pub new: String,
    pub note: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlanRequest {
    /// For a file that names no namespace.
    pub namespace: Label,
    pub file: String,
    pub source: String,
}

/// Files that become revisions together, or none of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportRequest {
    pub files: Vec<ImportFile>,
    pub note: String,
    pub draft: bool,
    /// Check and compare, and change nothing.
    pub dry_run: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportFile {
    /// What it must turn out to be: namespace and name.
    pub namespace: Label,
    pub name: Label,
    pub file: String,
    pub source: String,
}

/// When something was done, by whom, and how it came: `cli`, `console`, `http`, …
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    pub at_ms: u64,
    pub who: String,
    pub origin: String,
}

/// How a workflow stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowState {
    /// One of [`WORKFLOW_STATES`]; of several the last.
    pub word: String,
    /// Who disabled or archived it, or took that back, and when.
    pub change: Option<Trace>,
    /// The revision that new runs are of.
    pub live: Option<u32>,
    /// The draft that waits to be published.
    pub draft: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionView {
    pub workflow: String,
    pub revision: u32,
    /// One of [`REVISION_STATES`]: `published` was live once.
    pub state: String,
    pub made: Trace,
    /// When it was made live last.
    pub published: Option<Trace>,
    pub file: String,
    /// Empty when there is none.
    pub note: String,
    pub cause: CauseView,
}

/// What a revision came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseView {
    /// `apply`, `rollback`, `clone`, `import`.
    pub word: String,
    /// Of a clone: the workflow.
    pub workflow: Option<String>,
    /// Of a rollback and of a clone: the revision.
    pub revision: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceView {
    pub revision: RevisionView,
    pub source: String,
    /// How the workflow stands.
    pub state: WorkflowState,
}

/// How a workflow stands after a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub workflow: String,
    pub state: WorkflowState,
    /// Not when it was so before.
    pub changed: bool,
}

/// What an apply of a file would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Planned {
    Plan(Box<PlanView>),
    /// The file cannot be applied.
    Refused {
        problems: Vec<ProblemView>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanView {
    pub workflow: String,
    /// `new`, `changed` or `unchanged`.
    pub word: String,
    /// How the workflow stands; `None` for a new one.
    pub state: Option<WorkflowState>,
    /// Keys of the top level that differ.
    pub keys: Vec<String>,
    pub steps: Vec<ItemChange>,
    pub variables: Vec<ItemChange>,
    pub triggers: Vec<ItemChange>,
    /// When those of them that are schedules fire.
    pub fires: Vec<FireTimes>,
    /// Secrets that are needed and were not.
    pub secrets: Vec<SecretNeed>,
    /// Runs that have not ended, by status: they stay on their revision.
    pub runs: Vec<(String, u64)>,
    /// Workflows that call this one.
    pub dependents: Vec<String>,
    pub warnings: Vec<ProblemView>,
}

/// When a trigger fires next, as it is declared now and as the file has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FireTimes {
    pub trigger: String,
    /// Empty of one that is new.
    pub before: Fires,
    /// Empty of one that is taken out.
    pub after: Fires,
}

/// The first slots that are not passed over, in the time zone of the schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fires {
    pub timezone: String,
    pub slots_ms: Vec<u64>,
}

/// What becomes of one step, variable or trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemChange {
    pub name: String,
    /// `added`, `removed` or `changed`.
    pub word: String,
    /// Of a changed one: the keys that differ. Of a variable that runs must give and
    /// did not need to: also `newly required`.
    pub keys: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretNeed {
    pub name: String,
    /// Whether the daemon has it.
    pub there: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Imported {
    /// In the order of the files. Of a dry run: what would be.
    Done { files: Vec<ImportedFile> },
    /// Nothing was stored.
    Refused { problems: Vec<ProblemView> },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedFile {
    pub workflow: String,
    pub file: String,
    pub revision: u32,
    /// Not when the revision was there already.
    pub changed: bool,
}
