//! What scripts read: the shape of every document that `--json` prints.
//!
//! Shapes only grow: a field is never renamed, removed or given another type.
//! Times are RFC 3339, UTC, with milliseconds; what is not there is `null`.
//! A document with a field `error` at its top (other than a run's) is a failure.
//!
//! | command | document |
//! |---|---|
//! | any, failing | `{"error":{"code","message","hint","context":{}}}` |
//! | `check` | `{"files":[{"file","ok","workflow","steps","problems":[…]}]}`, with `error` when a file is bad |
//! | `apply` | `{"applied":[{"file","workflow","revision","changed","warnings":[…]}]}`, with `error` and `files` when refused |
//! | `workflows` | `{"workflows":[{"workflow","revision","description","tags","applied","applied_by","variables":[…],"steps":[…],"last_run"}],"next"}` |
//! | `run` | `{"run","workflow","status"}`; `"repeated":true` when the request id was seen before |
//! | `run --wait`, `--follow`; `show`, `cancel`, `pause`, `resume`, `resolve` | a run, see [`RunDocument`] |
//! | `run`, interrupted | `{"run","workflow","status","detached":true}` |
//! | `runs` | `{"runs":[{"run","workflow","revision","status","accepted","started","ended","actor","origin","steps_done","steps_total","at_step","error"}],"next"}` |
//! | `logs` | `{"run","lines":[{"number","time","path","attempt","stream","level","text"}],"next","ended","status"}` |
//! | `doubts` | `{"doubts":[{"run","workflow","path","attempt","effect","since","reason"}],"next"}` |
//! | `tasks` | `{"tasks":[{"kind","summary","effect","inputs":[…],"outputs":[…],"example"}],"next":null}` |
//! | `tasks NAME` | one of these |
//! | `status` | `{"version","pid","instance","state","reason","state_dir","socket","started","runs":{},"workflows","store_bytes","disk_free_bytes","attempts_running"}` |
//! | `explain` | `{"faults":[{"code","title"}]}` |
//! | `explain CODE` | `{"code","title","exit","hint","page"}` |
//! | `completions` | `{"shell","script"}` |
//! | `man` | `{"pages":[…]}` |
//!
//! `steps` of a workflow are ids. The steps of a run are objects, see
//! [`StepObject`], in the order of the tree: `depth` says how deep each lies, `turns` of
//! a loop is `{"total","begun","open","failed","shown"}`.
//! An `error` of a run or step is `{"code","class","message","hint"}`. A problem
//! of a file is `{"code","warning","file","line","column","message","hint"}`.

mod fault;
mod list;
mod run;
mod status;
mod value;

pub use fault::{ErrorDocument, FaultObject};
pub use list::{DoubtObject, DoubtsDocument, RunsDocument, WorkflowObject, WorkflowsDocument};
pub use run::{ErrorObject, LogObject, RunDocument, RunObject, StepObject, TurnsObject};
pub use status::StatusDocument;
pub use value::{object, time, value};
