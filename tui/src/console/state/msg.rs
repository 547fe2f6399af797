//! What comes into the state and what goes out.

use std::path::PathBuf;

use rpa_engine::{RunId, StepPath};
use rpa_ipc::Fault;
use rpa_ipc::asking::{ApprovalView, LockView};
use rpa_ipc::catalog::{Changed, Planned, SourceView};
use rpa_ipc::notifications::{Acknowledged, NotificationPage};
use rpa_ipc::overview::{FailuresView, Overview};
use rpa_ipc::service::{Decision, GivenValue, LogFindQuery};
use rpa_ipc::triggers::{Backfilled, ComingSlot, Tested, TriggerView, TriggerWish};
use rpa_ipc::view::{
    Applied, LogFound, LogWindow, Resolved, RunDetail, RunSummary, Started, StatusView,
    WorkflowView,
};
use rpa_ipc::why::{Telling, Why, WhyQuery};

use super::{
    Again, AskedCommand, Asking, Ballot, EditWay, Edited, Hold, Job, LedgerRow, LedgerWant,
    LogFile, LogWant, NotificationsWant, Past, Printed, RunsWant, Seen, TextWhat, TriggerName,
    TriggerWant, Trying, Unwritten, WorkflowTold, WorkflowWant, Written,
};
use crate::console::drafts::{DraftWork, Kept};
use crate::console::keys::Key;

/// Something happened. The time comes beside it.
#[derive(Clone, Debug)]
pub enum Msg {
    Key(Key),
    Paste(String),
    Resize(u16, u16),
    /// The left button was pressed on this cell.
    Click(u16, u16),
    /// The wheel was turned by so many notches, downwards where it is positive.
    Wheel(isize),
    /// Time has passed.
    Tick,
    News(Box<News>),
    /// The terminal is ours again.
    Resumed,
    /// There is no shell that could wake us up again.
    CannotSuspend,
    /// A text is back from another program.
    Edited(Box<Edited>),
    /// A command that was run has told something.
    Printed(Printed),
    /// What was too long to be copied is in this file, or could not be kept; why.
    Kept(Result<PathBuf, String>),
    /// A setting could not be written to its file; why.
    NotSaved(String),
    /// A draft could not be written to its file; why.
    DraftNotKept(String),
    /// The drafts that lie on disk, the newest first.
    Drafts(Vec<Kept>),
}

/// What the wire tells. Texts in it are sanitized.
#[derive(Clone, Debug)]
pub enum News {
    /// The daemon greets.
    Up,
    /// No connection, or the end of one.
    Lost(Fault),
    Status(StatusView),
    Workflows(Vec<WorkflowView>),
    Runs {
        want: RunsWant,
        rows: Vec<RunSummary>,
        more: bool,
    },
    /// The failed ones of a list, by what and where.
    Failures {
        want: RunsWant,
        view: FailuresView,
    },
    /// What people are asked to approve; whether more follows.
    Asked {
        rows: Vec<ApprovalView>,
        more: bool,
    },
    AskedRefused(Fault),
    /// The filter, or the list, was refused.
    RunsRefused(Fault),
    Triggers(Vec<TriggerView>),
    TriggersRefused(Fault),
    /// A trigger with what has reached it; whether there is something older; what comes, or
    /// why nobody knows.
    Trigger {
        want: TriggerWant,
        view: TriggerView,
        past: Past,
        more: bool,
        coming: Option<Result<Vec<ComingSlot>, Fault>>,
    },
    TriggerRefused(Fault),
    Workflow {
        want: WorkflowWant,
        told: WorkflowTold,
    },
    WorkflowRefused(Fault),
    /// What fires within a day.
    Upcoming(Vec<ComingSlot>),
    UpcomingRefused(Fault),
    Run(RunDetail),
    RunRefused(Fault),
    Locks(Vec<LockView>),
    Notifications {
        want: NotificationsWant,
        page: NotificationPage,
    },
    NotificationsRefused(Fault),
    LocksRefused(Fault),
    /// What has reached all triggers; whether there is something older.
    Ledger {
        want: LedgerWant,
        rows: Vec<LedgerRow>,
        more: bool,
    },
    LedgerRefused(Fault),
    /// What a search over everything has found so far, the newest first.
    FoundRuns {
        want: RunsWant,
        rows: Vec<RunSummary>,
        done: bool,
    },
    Overview(Overview),
    OverviewRefused(Fault),
    Log {
        want: LogWant,
        window: LogWindow,
    },
    /// The log has so many lines and bytes now; nothing of what is shown changed.
    LogGrew {
        run: RunId,
        total: u64,
        bytes: u64,
        ended: bool,
    },
    LogRefused(Fault),
    Found {
        query: LogFindQuery,
        found: LogFound,
    },
    Why {
        query: WhyQuery,
        why: Why,
    },
    WhyRefused(Fault),
    /// What has happened to a run; `first` when it replaces what was told before. So many
    /// older events are `left_out`.
    Events {
        run: RunId,
        first: bool,
        left_out: u64,
        tellings: Vec<Telling>,
    },
    EventsRefused(Fault),
    Done(Box<Done>),
}

/// Something to be done once.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    Submit {
        workflow: String,
        variables: Vec<(String, GivenValue)>,
    },
    /// The example that is shipped, made known to the daemon.
    ApplyExample,
    Again(Again),
    Cancel {
        run: RunId,
    },
    Pause {
        run: RunId,
    },
    Resume {
        run: RunId,
    },
    /// About the step at `path`, or with `all` about all that is in doubt below it.
    Resolve {
        run: RunId,
        path: StepPath,
        all: bool,
        decision: Decision,
    },
    Vote(Ballot),
    /// The sources of revisions, to be shown.
    Sources {
        workflow: String,
        revisions: Vec<u32>,
        what: TextWhat,
    },
    /// The newest revision, to be edited.
    Newest {
        workflow: String,
        way: EditWay,
    },
    Publish {
        workflow: String,
        revision: u32,
    },
    RollBack {
        workflow: String,
        revision: u32,
    },
    /// What an apply would change.
    Plan {
        file: String,
        source: String,
    },
    /// Makes a text the newest revision, unless another one than `base` is that by now.
    Apply {
        workflow: String,
        base: Option<u32>,
        file: String,
        source: String,
        draft: bool,
    },
    /// What a person says of a trigger.
    Order {
        name: TriggerName,
        wish: TriggerWish,
    },
    /// These notifications were seen.
    Acknowledge(Seen),
    /// Takes from a step what it holds.
    Release(Hold),
    /// Without a size the pool is taken away.
    SizePool {
        name: String,
        size: Option<u32>,
    },
    /// A run of a trigger now.
    Fire(Trying),
    /// What would come of it.
    Test(Trying),
    /// The log of a run, written to a file.
    WriteLog(LogFile),
    /// Runs for slots that had none, or which slots those are.
    Backfill {
        asking: Asking,
        dry_run: bool,
    },
}

/// The answer to a call.
#[derive(Clone, Debug)]
pub enum Done {
    Started(Result<Started, Fault>),
    ExampleApplied(Result<Applied, Fault>),
    Again(Again, Result<Started, Fault>),
    Cancelled(RunId, Result<RunDetail, Fault>),
    Paused(RunId, Result<RunDetail, Fault>),
    Resumed(RunId, Result<RunDetail, Fault>),
    Resolved(RunId, StepPath, Result<Resolved, Fault>),
    Voted(Ballot, Result<RunDetail, Fault>),
    /// Of this workflow, as many as were asked for.
    Sources(String, TextWhat, Result<Vec<SourceView>, Fault>),
    Newest(EditWay, Result<SourceView, Fault>),
    Published(Result<Changed, Fault>),
    /// From this revision.
    RolledBack(u32, Result<Applied, Fault>),
    /// Of the text in this file, as the two below: another may be edited by then.
    Planned(String, Result<Planned, Fault>),
    Applied(String, Result<Applied, Fault>),
    /// Nothing was applied: this is the newest revision by now.
    Stale(String, Box<SourceView>),
    Ordered(TriggerName, TriggerWish, Result<TriggerView, Fault>),
    Acknowledged(Seen, Result<Acknowledged, Fault>),
    Released(Hold, Result<RunDetail, Fault>),
    PoolSized(String, Option<u32>, Result<(), Fault>),
    Fired(Trying, Result<Started, Fault>),
    Tested(Trying, Result<Box<Tested>, Fault>),
    LogWritten(LogFile, Result<Written, Unwritten>),
    /// Whether it was a dry run.
    Backfilled(Asking, bool, Result<Backfilled, Fault>),
}

/// What the loop shall do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Open a connection; a [`News::Up`] or [`News::Lost`] follows.
    Connect,
    Call(Call),
    /// Everything that is wanted is asked for anew.
    Refetch,
    /// Paint every cell anew.
    Redraw,
    Suspend,
    /// Hand a text to another program; a [`Msg::Edited`] follows.
    Hand(Job),
    /// Remove the file that it was in.
    Discard(PathBuf),
    /// Write the settings to their file.
    Save,
    /// Run a command; [`Msg::Printed`] follow.
    Command(AskedCommand),
    /// End the command that runs.
    StopCommand,
    /// Clicks and the wheel are for us from now on, or for the terminal.
    Mouse(bool),
    /// Give the text to the clipboard of the terminal.
    Copy(String),
    /// Write the text into a file that nobody else reads; a [`Msg::Kept`] follows.
    Keep(String),
    /// Keep a draft, or remove the file of one.
    Draft(DraftWork),
    /// Look for drafts, also those of other consoles; a [`Msg::Drafts`] follows.
    FindDrafts,
    Quit,
}
