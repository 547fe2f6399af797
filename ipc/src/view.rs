//! What the daemon shows: flat, display-ready, stable on the wire.
//!
//! Times are milliseconds since the Unix epoch, UTC. Statuses are words, so that
//! an older client can still print a newer one's.

use rpa_engine::{RunId, StepPath, Value};
use serde::{Deserialize, Serialize};

use crate::asking::ApprovalView;
use crate::catalog::WorkflowState;
use crate::restored::RestoredView;

/// The words a run's `status` can be.
pub const RUN_STATUSES: [&str; 8] =
    ["queued", "running", "waiting", "paused", "in_doubt", "completed", "failed", "cancelled"];

/// The words a step's `status` can be.
pub const STEP_STATUSES: [&str; 10] = [
    "pending",
    "ready",
    "running",
    "waiting",
    "retrying",
    "in_doubt",
    "completed",
    "failed",
    "skipped",
    "cancelled",
];

/// One page of a list; `next` is the cursor of the following page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatusView {
    pub version: String,
    pub pid: u32,
    pub instance: String,
    pub state_dir: String,
    pub socket: String,
    /// Where HTTP is spoken: the path of a socket, then addresses.
    pub http: Vec<String>,
    pub started_ms: u64,
    /// `ready`, `draining`, `degraded`, or `held` after a restore.
    pub state: String,
    /// Why the state is not `ready`; empty otherwise.
    pub reason: String,
    /// Runs by status word, only those that are not zero.
    pub runs: Vec<(String, u64)>,
    pub workflows: u64,
    pub store_bytes: u64,
    pub disk_free_bytes: u64,
    /// Attempts being run at this moment.
    pub attempts_running: u64,
    /// The runner in a process of its own, unless steps run inside the daemon.
    pub runner: Option<RunnerView>,
    /// While runs of a backup that was restored are held.
    pub restored: Option<RestoredView>,
    pub backup: BackupView,
    pub kept: KeptView,
}

/// What is known of backups.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BackupView {
    /// When the last good one was taken, and where it lies.
    pub last: Option<(u64, String)>,
    /// When the last scheduled one did not come about, and why.
    pub failed: Option<(u64, String)>,
    /// One is being made at this moment.
    pub under_way: bool,
    /// How often one is made without being asked for; `None` for never.
    pub every_ms: Option<u64>,
    /// Where those lie; empty when there are none.
    pub directory: String,
}

/// What is kept of runs, and where.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeptView {
    /// Runs in the live store that have ended.
    pub live_ended: u64,
    pub archived: u64,
    pub archives: u64,
    /// Of the archives, with the files of their runs.
    pub archive_bytes: u64,
    /// When the oldest run that is kept was accepted; of one in an archive the day.
    pub oldest_ms: Option<u64>,
    /// When is looked next for runs whose time is over.
    pub next_look_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunnerView {
    /// 0 while there is none.
    pub pid: u32,
    pub version: String,
    /// `ready`, `retiring` (of another version: it takes nothing new) or `gone`.
    pub state: String,
    /// Why it is gone; empty otherwise.
    pub reason: String,
    /// Attempts that it runs, or whose ends it keeps.
    pub attempts: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Applied {
    /// The file is now revision `revision`; not `changed` when it already was.
    /// `draft` when it waits to be published.
    Accepted {
        workflow: String,
        revision: u32,
        changed: bool,
        draft: bool,
        warnings: Vec<ProblemView>,
    },
    /// Nothing was stored.
    Refused { problems: Vec<ProblemView> },
}

/// One thing wrong with a workflow file. Lines and columns count from 1; 0 means
/// the whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProblemView {
    pub code: String,
    pub warning: bool,
    pub file: String,
    pub line: u32,
    pub column: u32,
    pub message: String,
    pub hint: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowView {
    pub workflow: String,
    /// The live revision, or the newest where none is live: what the rest is of.
    pub revision: u32,
    pub state: WorkflowState,
    pub description: String,
    pub tags: Vec<String>,
    /// Empty when the file gives none.
    pub category: String,
    pub applied_ms: u64,
    pub applied_by: String,
    pub variables: Vec<VariableView>,
    pub steps: Vec<StepOutline>,
    pub last_run: Option<RunSummary>,
}

/// A step as the file has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepOutline {
    pub id: String,
    pub name: String,
    /// `shell`, `http.request`, `set`, `wait`, `group`, `for_each`, `turn`, …
    pub kind: String,
    /// The steps that it comes after.
    pub needs: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariableView {
    pub name: String,
    pub kind: String,
    pub required: bool,
    pub default: Option<Value>,
    pub description: String,
    /// Its values are shown to nobody.
    pub sensitive: bool,
}

/// The durable acceptance of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Started {
    pub run: RunId,
    pub workflow: String,
    pub status: String,
    /// The request id was seen before: this is the run that it started then.
    pub repeated: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunSummary {
    pub run: RunId,
    pub workflow: String,
    pub revision: u32,
    pub status: String,
    pub accepted_ms: u64,
    pub started_ms: Option<u64>,
    pub ended_ms: Option<u64>,
    pub actor: String,
    /// How it came: `cli`, `console`, `http`, `trigger`.
    pub origin: String,
    /// The fault that ended the run, in one sentence.
    pub error: Option<ErrorView>,
    /// Steps that are over, however they ended.
    pub steps_done: u32,
    pub steps_total: u32,
    /// The step that says most of where the run is: one in doubt, failed, running
    /// or waiting, in this order; empty when there is none.
    pub at_step: String,
    /// Nothing more happens unless a person acts: decides a doubt or an approval, here or
    /// in a run that this one has called.
    pub needs_person: bool,
    /// It was open in a backup that was restored: nothing happens before
    /// `rpa resume --restored`.
    pub held: bool,
    /// What of `sla` was not kept: `start`, `finish`.
    pub broken: Vec<String>,
    /// A step of another run has called it.
    pub called: bool,
    /// Why it was not let go on at all: the limit of its workflow was reached.
    pub turned_away: Option<String>,
    /// Of one that has failed: the same for all runs that failed alike, for one place, code
    /// and meaning. 12 hexadecimal digits.
    pub alike: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunDetail {
    pub summary: RunSummary,
    /// Grows with every change of the run: pass it to `watch`.
    pub seq: u64,
    /// What the run was begun with: given ones and defaults.
    pub inputs: Vec<(String, Value)>,
    /// The variables now, those that steps have set included.
    pub variables: Vec<(String, Value)>,
    /// Empty until the run has completed.
    pub outputs: Vec<(String, Value)>,
    pub steps: Vec<StepView>,
    /// How the workflow stands now, whatever the run's revision is.
    pub workflow_state: WorkflowState,
    /// Lines in the run's log now.
    pub log_lines: u64,
    /// Where the log lies on the daemon's machine.
    pub log_path: String,
    /// The run from which settled steps were taken over.
    pub rerun_of: Option<RunId>,
    /// The run and the step that have called this one.
    pub parent: Option<(RunId, StepPath)>,
    /// Why it does not begin, or was turned away, where runs of its workflow are limited;
    /// empty otherwise.
    pub gate: String,
    /// Names of variables whose values are not shown.
    pub masked: Vec<String>,
    /// The variables that the run's revision declares.
    pub declared: Vec<VariableView>,
    /// What is left of the run's time-out while it stands still: a step is in doubt.
    pub held_ms: Option<u64>,
}

/// What a person's word on doubts has led to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resolved {
    /// How many steps were decided about.
    pub decided: u32,
    pub detail: RunDetail,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepView {
    /// The id in the file; of a turn of a loop, its index.
    pub id: String,
    pub path: StepPath,
    pub name: String,
    /// `shell`, `http.request`, `set`, `wait`, `group`, `for_each`, `turn`, …
    pub kind: String,
    pub effect: String,
    /// The steps that it comes after.
    pub needs: Vec<String>,
    pub status: String,
    /// Tries begun.
    pub attempts: u32,
    pub started_ms: Option<u64>,
    pub ended_ms: Option<u64>,
    /// When the next try or the end of a wait is due.
    pub due_ms: Option<u64>,
    /// Why it was skipped, is in doubt, and the like; empty otherwise.
    pub reason: String,
    pub error: Option<ErrorView>,
    /// What the step gave; large documents as a reference.
    pub output: Option<Value>,
    /// How deep it lies in other steps: 0 for those of the workflow itself. What is
    /// inside a step follows it.
    pub depth: u32,
    /// Of a loop, how far it is; its turns that say most follow it.
    pub turns: Option<TurnsView>,
    /// The run that it has called, the last of them.
    pub called: Option<RunId>,
    /// What it waits for people to approve.
    pub approval: Option<Box<ApprovalView>>,
    /// Locks and pools of tokens that it holds.
    pub holds: Vec<String>,
}

/// How far a loop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnsView {
    /// At most so many turns.
    pub total: u32,
    pub begun: u32,
    pub open: u32,
    pub failed: u32,
    /// Turns that follow in the list of steps.
    pub shown: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorView {
    pub code: String,
    /// `exit(2)`, `timeout`, `business`, …
    pub class: String,
    pub message: String,
}

/// A step that waits for a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepDoubt {
    pub run: RunId,
    pub workflow: String,
    pub path: StepPath,
    pub attempt: u32,
    pub effect: String,
    pub since_ms: u64,
    pub reason: String,
}

/// Lines of a run's log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogPage {
    pub lines: Vec<LogLine>,
    /// Pass as `from` to go on.
    pub next: u64,
    /// No line follows, and none will: the run has ended.
    pub ended: bool,
    /// The run's status when the page was made.
    pub status: String,
}

/// Lines around a place of a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogWindow {
    pub lines: Vec<LogLine>,
    /// Every line from `from` up to `to` was looked at: those that are not among
    /// `lines` belong to other steps. 0 and `total` are the ends of the log.
    pub from: u64,
    pub to: u64,
    /// Lines and bytes of the whole log now.
    pub total: u64,
    pub bytes: u64,
    /// No line follows `total`: the run has ended.
    pub ended: bool,
}

/// The answer to one search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogFound {
    /// The line that holds the text.
    pub line: Option<u64>,
    /// Where to go on: the line past `line`, or the first not looked at.
    pub next: u64,
    /// The end of the log in that direction was reached: there is nothing to go on
    /// with, unless the log grows.
    pub done: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogLine {
    /// Line number from 0.
    pub number: u64,
    pub time_ms: u64,
    pub path: String,
    pub attempt: u32,
    /// `out`, `err`, `log`, or `rpad` for the daemon's own remarks.
    pub stream: String,
    /// `info`, `warn`, `error`, `debug`.
    pub level: String,
    pub text: String,
}
