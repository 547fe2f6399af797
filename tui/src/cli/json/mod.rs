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
//! | `test` | `{"passed","failed","files":[{"file","workflow","problems":[…],"tests":[{"name","line","ok","took_ms","stuck","mismatches":[{"at","expected","got"}]}]}]}`, with `error` when a file is bad |
//! | `test record` | `{"file","workflow","run","text","warnings":[]}` |
//! | `plan` | `{"plans":[{"file","workflow","plan","state","state_by","live","draft","keys":[],"steps":[{"name","change","keys"}],"variables":[…],"triggers":[…],"fires":[{"trigger","before":[],"after":[]}],"secrets":[{"name","there"}],"runs":{},"dependents":[],"warnings":[…]}],"changes"}`, with `error` and `files` when refused |
//! | `apply`, `rollback`, `clone` | `{"applied":[{"file","workflow","revision","changed","draft","warnings":[…]}]}`, with `error` and `files` when refused |
//! | `publish`, `enable`, `disable`, `archive`, `restore` | `{"workflow","changed","state","state_by":{"at","who","origin"},"live","draft"}` |
//! | `history` | `{"revisions":[{"workflow","revision","state","made":{"at","who","origin"},"published","file","note","from":{"kind","workflow","revision"}}],"next"}` |
//! | `source` | one of these, with `"source"` |
//! | `diff` | `{"workflow","from","to","differs","diff"}` |
//! | `export` | `{"file","exported":[{"path","namespace","name","revision","blake3"}]}` |
//! | `import` | `{"imported":[{"file","workflow","revision","changed"}],"dry_run"}`, with `error` and `files` when refused |
//! | `workflows` | `{"workflows":[{"workflow","revision","state","state_by","live","draft","description","tags","category","applied","applied_by","variables":[…],"steps":[…],"last_run"}],"next"}` |
//! | `run` | `{"run","workflow","status"}`; `"repeated":true` when the request id was seen before |
//! | `run --wait`, `--follow`; `show`, `cancel`, `pause`, `resume`, `resolve`, `locks release` | a run, see [`RunDocument`] |
//! | `run`, interrupted | `{"run","workflow","status","detached":true}` |
//! | `runs` | `{"runs":[{"run","workflow","revision","status","accepted","started","ended","actor","origin","steps_done","steps_total","at_step","needs_person","broken":[],"called","turned_away","error"}],"next"}` |
//! | `why` | `{"run","workflow","step","status","why":[…],"history":[…],"next"}`, both of `{"at","step","kind","text","fields":{}}` |
//! | `why` of a slot | `{"workflow","trigger","at","slot","why":[…],"before","after"}`: `slot` as in `slots` |
//! | `logs` | `{"run","lines":[{"number","time","path","attempt","stream","level","text"}],"next","ended","status"}` |
//! | `doubts` | `{"doubts":[{"run","workflow","path","attempt","effect","since","reason"}],"next"}` |
//! | `approvals` | `{"approvals":[{"run","workflow","path","started_by","since","due","message","shown":{},"form":[…],"approvers":[],"have","quorum","self_approval","votes":[{"by","at","comment"}],"digest"}],"next"}` |
//! | `approve`, `reject` | a run, with `"vote"` and `"approval"`, which is one of these |
//! | `notifications` | `{"notifications":[{"id","number","kind","severity","state","workflow","run","step","trigger","slot","message":{"kind","text","fields":{}},"count","mended","first","last","acknowledged":{"at","by"},"settled":{"at","how"}}],"next"}` |
//! | `notifications ack` | `{"acknowledged","missing":[]}` |
//! | `locks` | `{"locks":[{"name","kind","size","taken","holders":[{"run","workflow","path","tokens","since","granted","lease_ends","status"}],"waiting":[…],"waits"}]}` |
//! | `locks set`, `locks drop` | `{"name","size"}` |
//! | `event publish` | `{"event","name","triggers","waited","took","looking"}` |
//! | `triggers` | `{"triggers":[{"workflow","trigger","kind","status","why","paused_by_itself","description","what","timezone","revision","next":{"workflow","trigger","slot","due","passed"},"last":{"slot","fate","run","reason","late_ms","decided"},"missed","failures","open":[],"waiting","deliveries","failing":{"since","attempts","next"},"rejected":{"count","last","why"},"cadence"}]}`; `why`, `passed`, `reason`, `cadence` are `{"kind","text","fields":{}}` |
//! | `triggers enable`, `disable`, `pause`, `resume` | one of these |
//! | `slots` | `{"trigger","slots":[…],"next"}`: a trigger, and slots as its `last` |
//! | `deliveries` | `{"trigger","deliveries":[{"number","at","what","outcome","run","reason","decided"}],"next"}` |
//! | `triggers fire` | as `run` |
//! | `triggers test` | `{"workflow","trigger","starts","match","if","variables":{},"error","facts":{}}`; `match` and `if` are true, false, null or `{"error"}` |
//! | `upcoming` | `{"upcoming":[…],"until"}`: slots as `next` of a trigger, with `more` and `more_until` where others of it are left out |
//! | `schedule backfill` | `{"workflow","trigger","from","to","slots":[…],"had","forgotten","to_come","dry_run"}`: slots likewise |
//! | `schedule preview` | `{"workflow","trigger","cron","timezone","description","slots":[{"at","local","due","due_latest","passed","after_gap"}],"changes":[{"at","before","after","forward"}]}` |
//! | `tasks` | `{"tasks":[{"kind","summary","effect","inputs":[…],"outputs":[…],"example"}],"next":null}` |
//! | `tasks NAME` | one of these |
//! | `status` | `{"version","pid","instance","state","reason","state_dir","socket","http":[],"started","runs":{},"workflows","store_bytes","disk_free_bytes","attempts_running","runner":{"pid","version","state","reason","attempts"},"restored","backup":{},"kept":{"live_ended","archived","archives","archive_bytes","oldest","next_look"}}` |
//! | `overview` | `{"since","runs":{},"attention":[…],"attention_cut","failures":[{"workflow","alike","step","error","count","run","newest","oldest"}],"failed","failures_cut","doubts":[…],"approvals":[…],"triggers":[…],"open":[…],"upcoming":[…],"hours":[{"from","completed","failed","cancelled"}],"counted_from"}`: `attention` is as in `notifications`, `doubts` and `open` are runs as in `runs`, the others as in the lists of their names |
//! | `runs --group` | `{"failures":[…],"failed","failures_cut"}`, as of `overview` |
//! | `example` | `{"name","file","source"}` |
//! | `explain` | `{"faults":[{"code","title"}]}` |
//! | `explain CODE` | `{"code","title","exit","hint","page"}` |
//! | `help` | `{"topics":[{"topic","about"}]}` |
//! | `help TOPIC` | `{"topic","page"}` |
//! | `completions` | `{"shell","script"}` |
//! | `man` | `{"pages":[…]}` |
//!
//! `steps` of a workflow are ids. The steps of a run are objects, see
//! [`StepObject`], in the order of the tree: `depth` says how deep each lies, `turns` of
//! a loop is `{"total","begun","open","failed","shown"}`.
//! An `error` of a run or step is `{"code","class","message","hint"}`. A problem
//! of a file is `{"code","warning","file","line","column","message","hint"}`.

mod asking;
mod catalog;
mod fault;
mod list;
mod notifications;
mod overview;
mod run;
mod schedule;
mod status;
mod triggers;
mod value;
mod why;

pub use asking::{
    ApprovalObject, ApprovalsDocument, EventDocument, LocksDocument, PoolDocument, VoteDocument,
};
pub use catalog::{
    ChangedDocument, HistoryDocument, ImportedObject, PlanObject, SourceDocument, StateObject,
};
pub use fault::{ErrorDocument, FaultObject};
pub use list::{
    DoubtObject, DoubtsDocument, RunsDocument, VariableObject, WorkflowObject, WorkflowsDocument,
};
pub use notifications::{AcknowledgedDocument, NotificationObject, NotificationsDocument};
pub use overview::{FailuresDocument, OverviewDocument};
pub use run::{ErrorObject, LogObject, RunDocument, RunObject, StepObject, TurnsObject};
pub use schedule::{ChangeObject, PreviewDocument, SlotObject};
pub use status::StatusDocument;
pub use triggers::{
    BackfillDocument, DeliveriesDocument, SlotsDocument, TestedDocument, TriggerObject,
    TriggersDocument, UpcomingDocument,
};
pub use value::{object, time, value};
pub use why::{WhyDocument, WhySlotDocument};
