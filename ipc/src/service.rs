//! The calls: each one unary, with the client's deadline.
//!
//! Every method has its permission in `rpad`'s `authorize`; the daemon's
//! implementation cannot act without the proof that it was asked.

use rpa_engine::{Label, RunId, StepPath, Value};
use serde::{Deserialize, Serialize};

use crate::asking::{
    ApprovalView, ApprovalsQuery, BreakRequest, EventPublished, EventRequest, LockView, LocksQuery,
    PoolRequest, VoteRequest,
};
use crate::catalog::{
    ApplyRequest, Changed, CloneRequest, HistoryQuery, ImportRequest, Imported, PlanRequest,
    Planned, RevisionName, RevisionView, RollbackRequest, SourceView, WorkflowName,
};
use crate::doctor::Finding;
use crate::fault::Fault;
use crate::notifications::{AckRequest, Acknowledged, NotificationPage, NotificationsQuery};
use crate::overview::{FailuresView, Overview, OverviewQuery};
use crate::recording::Recording;
use crate::restored::{HeldPage, Released};
use crate::triggers::{
    BackfillRequest, Backfilled, ComingSlot, DeliveriesQuery, DeliveryPage, FireRequest,
    LedgerQuery, LedgerView, Preview, PreviewQuery, SlotPage, SlotsQuery, TestRequest, Tested,
    TriggerRequest, TriggerView, TriggersQuery, UpcomingQuery,
};
use crate::view::{
    Applied, LogFound, LogPage, LogWindow, Page, Resolved, RunDetail, RunSummary, Started,
    StatusView, StepDoubt, WorkflowView,
};
use crate::why::{Why, WhyQuery, WhySlot, WhySlotQuery};

pub type Reply<T> = Result<T, Fault>;

#[tarpc::service]
pub trait Rpad {
    /// What the daemon is and how it does.
    async fn status() -> Reply<StatusView>;
    /// Checks a workflow file and makes it the newest revision: live, or a draft.
    async fn apply(request: ApplyRequest) -> Reply<Applied>;
    /// What `apply` would change. Nothing is changed.
    async fn plan(request: PlanRequest) -> Reply<Planned>;
    /// Makes a revision live; without a number the draft that waits.
    async fn publish(revision: RevisionName) -> Reply<Changed>;
    /// Lets a workflow take new runs again.
    async fn enable(workflow: WorkflowName) -> Reply<Changed>;
    /// New runs are refused; those that are there go on.
    async fn disable(workflow: WorkflowName) -> Reply<Changed>;
    /// Puts a workflow away: out of lists, without new runs. Nothing is deleted.
    async fn archive(workflow: WorkflowName) -> Reply<Changed>;
    async fn restore(workflow: WorkflowName) -> Reply<Changed>;
    /// The revisions of a workflow, newest first.
    async fn history(query: HistoryQuery) -> Reply<Page<RevisionView>>;
    /// A revision with its source; without a number the live one, or the newest where
    /// none is live.
    async fn source(revision: RevisionName) -> Reply<SourceView>;
    /// A new live revision with the source and the meaning of an earlier one.
    async fn rollback(request: RollbackRequest) -> Reply<Applied>;
    /// A copy under another name, which must be free.
    async fn clone_workflow(request: CloneRequest) -> Reply<Applied>;
    /// Applies all files or none.
    async fn import(request: ImportRequest) -> Reply<Imported>;
    /// The names of all namespaces that have or have had a workflow, in their order.
    async fn namespaces() -> Reply<Vec<String>>;
    async fn workflows(query: WorkflowsQuery) -> Reply<Page<WorkflowView>>;
    /// Accepts a run durably. The same request id is the same run.
    async fn submit(request: SubmitRequest) -> Reply<Started>;
    /// Accepts a new run that takes over what an ended one has settled.
    async fn rerun(request: RerunRequest) -> Reply<Started>;
    async fn runs(query: RunsQuery) -> Reply<Page<RunSummary>>;
    /// The failed ones among them, by what and where. Bounded; `limit` and `cursor` are of
    /// no use to it.
    async fn failures(query: RunsQuery) -> Reply<FailuresView>;
    /// What of a namespace a person looks at first. Bounded, however many runs there are.
    async fn overview(query: OverviewQuery) -> Reply<Overview>;
    /// What deserves a person's attention, what happened last first.
    async fn notifications(query: NotificationsQuery) -> Reply<NotificationPage>;
    /// A person has seen some of them.
    async fn acknowledge(request: AckRequest) -> Reply<Acknowledged>;
    /// The number of the namespace's last change, of a run or of a workflow, as
    /// soon as it differs from `seen`, or when `wait_ms` (at most 30,000) have
    /// passed. Numbers of one daemon's life grow; those of two lives never meet.
    async fn changes(namespace: Label, seen: u64, wait_ms: u64) -> Reply<u64>;
    async fn show(run: RunRef) -> Reply<RunDetail>;
    /// What the attempts of a run that has settled gave, for a test of its workflow.
    async fn recording(run: RunRef) -> Reply<Recording>;
    /// As `show`, but answers only when the run's sequence number differs from
    /// `seen`, or when `wait_ms` (at most 30,000) have passed.
    async fn watch(run: RunRef, seen: u64, wait_ms: u64) -> Reply<RunDetail>;
    /// As `show`, but answers only when the run has settled: it has ended or a person
    /// must decide; or when `wait_ms` (at most 30,000) have passed.
    async fn settled(run: RunRef, wait_ms: u64) -> Reply<RunDetail>;
    /// Why a run, or one step of it, stands where it stands, and how it came there.
    async fn why(query: WhyQuery) -> Reply<Why>;
    /// Why a slot of a trigger has the fate that it has.
    async fn why_slot(query: WhySlotQuery) -> Reply<WhySlot>;
    /// A range of a run's log by line number, from 0.
    async fn log_page(query: LogQuery) -> Reply<LogPage>;
    /// The lines around a place of a run's log: what a screen shows.
    async fn log_window(query: LogWindowQuery) -> Reply<LogWindow>;
    /// The next line that holds a text.
    async fn log_find(query: LogFindQuery) -> Reply<LogFound>;
    async fn cancel(run: RunRef) -> Reply<RunDetail>;
    /// Begins nothing new in the run until `resume`; what runs goes on.
    async fn pause(run: RunRef) -> Reply<RunDetail>;
    async fn resume(run: RunRef) -> Reply<RunDetail>;
    async fn doubts(query: DoubtsQuery) -> Reply<Page<StepDoubt>>;
    async fn resolve(request: ResolveRequest) -> Reply<Resolved>;
    /// Steps that wait for people to approve.
    async fn approvals(query: ApprovalsQuery) -> Reply<Page<ApprovalView>>;
    /// Approves or rejects exactly what an [`ApprovalView`] has shown.
    async fn vote(request: VoteRequest) -> Reply<RunDetail>;
    /// All locks that are held, and all pools of tokens.
    async fn locks(query: LocksQuery) -> Reply<Vec<LockView>>;
    async fn size_pool(request: PoolRequest) -> Reply<()>;
    async fn break_lock(request: BreakRequest) -> Reply<RunDetail>;
    /// Runs that are held since a restore, after `after`, and what they would do first.
    async fn held(after: Option<RunId>) -> Reply<HeldPage>;
    /// Lets what is held go on; to be asked again as long as there is more.
    async fn resume_restored() -> Reply<Released>;
    /// Looks at everything that can be wrong with the daemon and its machine.
    async fn doctor() -> Reply<Vec<Finding>>;
    /// Gives an event to all steps that wait for one of its name.
    async fn publish_event(request: EventRequest) -> Reply<EventPublished>;
    /// All triggers of a namespace, by workflow and name.
    async fn triggers(query: TriggersQuery) -> Reply<Vec<TriggerView>>;
    /// Arms a trigger, pauses it, lets it go on.
    async fn order_trigger(request: TriggerRequest) -> Reply<TriggerView>;
    /// What has become of a trigger's slots.
    async fn slots(query: SlotsQuery) -> Reply<SlotPage>;
    /// What has reached all triggers of a namespace, the newest first.
    async fn ledger(query: LedgerQuery) -> Reply<Page<LedgerView>>;
    /// Which slots a trigger will have.
    async fn preview(query: PreviewQuery) -> Reply<Preview>;
    /// Which slots of all armed triggers come next.
    async fn upcoming(query: UpcomingQuery) -> Reply<Vec<ComingSlot>>;
    /// What has become of what was delivered to a trigger.
    async fn deliveries(query: DeliveriesQuery) -> Reply<DeliveryPage>;
    /// A run of a trigger now.
    async fn fire(request: FireRequest) -> Reply<Started>;
    /// What a trigger would do; nothing is started.
    async fn test_trigger(request: TestRequest) -> Reply<Tested>;
    /// Runs for slots that have had none.
    async fn backfill(request: BackfillRequest) -> Reply<Backfilled>;
}

/// A run again, from where it stopped to settle well or from a step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RerunRequest {
    pub run: RunRef,
    /// A step of the workflow's own list: it and all that comes after it runs again.
    pub from: Option<String>,
    /// With the newest revision, rather than that of the run.
    pub newest: bool,
    /// Variables that are other than they were.
    pub variables: Vec<(String, GivenValue)>,
    /// Run steps of the class `once` again, although they may have done their work.
    pub repeat_once: bool,
    pub request_id: String,
}

/// A run as a person names it: a unique suffix of an id, among those of the namespace; or a
/// full id, which needs none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRef {
    pub namespace: Label,
    pub id: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WorkflowsQuery {
    pub namespace: Label,
    /// Only those with this tag. Many workflows are looked through a piece at a
    /// time: a page may have few rows, or none, and yet a `next`.
    pub tag: Option<String>,
    /// Only those of this category.
    pub category: Option<String>,
    /// The archived ones as well.
    pub archived: bool,
    pub limit: u32,
    pub cursor: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SubmitRequest {
    pub namespace: Label,
    /// `NAME` or `NAMESPACE/NAME`.
    pub workflow: String,
    pub variables: Vec<(String, GivenValue)>,
    /// At most 128 printable characters; made by the client when the user gives none.
    pub request_id: String,
}

/// A variable as it was given: text is converted to the variable's type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum GivenValue {
    Text(String),
    Typed(Value),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunsQuery {
    pub namespace: Label,
    /// Run status words, see [`crate::view::RUN_STATUSES`]; all when empty.
    pub statuses: Vec<String>,
    pub workflow: Option<String>,
    /// Only runs accepted at this time or later.
    pub since_ms: Option<u64>,
    /// Only runs in whose id, workflow, actor or error this text stands, whatever
    /// the case. Long histories are searched a piece at a time: a page may have
    /// few rows, or none, and yet a `next`.
    pub contains: Option<String>,
    /// Only runs accepted before this time.
    pub until_ms: Option<u64>,
    /// Only runs that have ended, at this time or later.
    pub ended_since_ms: Option<u64>,
    /// Only runs that have failed alike, see [`RunSummary::alike`].
    pub alike: Option<String>,
    /// Further conditions, all of which hold; they are looked at row by row as `contains`
    /// is. At most 20.
    pub terms: Vec<RunTerm>,
    /// At most 1,000.
    pub limit: u32,
    pub cursor: Option<String>,
}

impl RunsQuery {
    /// All runs of a namespace, the newest 1,000 of them.
    pub fn of(namespace: Label) -> RunsQuery {
        RunsQuery {
            namespace,
            statuses: Vec::new(),
            workflow: None,
            since_ms: None,
            contains: None,
            until_ms: None,
            ended_since_ms: None,
            alike: None,
            terms: Vec::new(),
            limit: 1_000,
            cursor: None,
        }
    }
}

/// A condition on a run: that something of it is `value`, or with `not` that it is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunTerm {
    pub field: RunField,
    pub value: String,
    pub not: bool,
}

/// What of a run a condition looks at. Case never counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunField {
    /// The text stands in its id, workflow, actor or error.
    Text,
    /// Its workflow is `NAME` of the namespace, or `NAMESPACE/NAME`.
    Workflow,
    /// Who began it, or how it came: `cli`, `console`, `http`, `trigger`.
    By,
    /// The step that it is at, or at which it failed, or one that this step is inside of.
    Step,
    /// The trigger of its workflow that has fired it.
    Trigger,
    /// A tag of its workflow, as of its revision.
    Tag,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LogQuery {
    pub run: RunRef,
    /// First line wanted, from 0.
    pub from: u64,
    /// At most 10,000 lines and 1 MiB a page.
    pub max: u32,
    /// Only lines of this step (and of what is inside it).
    pub step: Option<StepPath>,
}

/// Lines on both sides of a place. Without the whole log being read: only a
/// `step` makes the daemon look at lines that it does not send, and then for at
/// most 50 ms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogWindowQuery {
    pub run: RunRef,
    /// Only lines of this step (and of what is inside it).
    pub step: Option<StepPath>,
    /// Only lines that tell of trouble: of stderr, warnings, errors.
    pub troubles: bool,
    pub anchor: LogAnchor,
    /// Lines wanted before the anchor, at most 1,000 and 512 KiB: the nearest.
    pub before: u32,
    /// Lines wanted from the anchor on, likewise.
    pub after: u32,
    /// Answer only when the log has another number of lines than this, when the
    /// run has ended, or when `wait_ms` have passed. While the log grows, answers
    /// are 20 ms apart.
    pub seen: Option<u64>,
    /// At most 30,000; only with `seen`.
    pub wait_ms: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogAnchor {
    /// Behind the last line.
    Tail,
    /// At this line, from 0.
    Line(u64),
}

/// Looks for at most 50 ms; where it stopped the next query goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogFindQuery {
    pub run: RunRef,
    pub step: Option<StepPath>,
    /// A part of the line's text, 1 to 1,024 bytes; of either case, in every
    /// script, when it is all lower case.
    pub text: String,
    /// Rather than lines with a text, those that tell of trouble: what a step has printed
    /// on stderr, and what is of the level `warn` or `error`.
    pub troubles: bool,
    /// The first line looked at.
    pub from: u64,
    /// Towards the beginning.
    pub backwards: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DoubtsQuery {
    pub namespace: Label,
    pub limit: u32,
    pub cursor: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResolveRequest {
    pub run: RunRef,
    pub doubts: Doubts,
    pub decision: Decision,
}

/// Which steps in doubt are decided about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Doubts {
    One(StepPath),
    /// All of this loop or group, or of the step itself: all or none.
    Below(StepPath),
    /// All of the run.
    All,
}

/// What a person says of a step in doubt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Decision {
    /// It was done; these are its outputs.
    Done { output: Vec<(String, GivenValue)> },
    /// It was not done: run it again, with the same idempotency key.
    Retry,
    /// It failed.
    Fail,
}

/// What the stream mode of a connection asks for, right after the hello.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FollowRequest {
    pub query: LogQuery,
}

/// The full id of a run, for callers that already have it.
pub fn run_ref(namespace: &Label, run: RunId) -> RunRef {
    RunRef { namespace: namespace.clone(), id: run.to_string() }
}
