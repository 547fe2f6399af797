//! What the wire shall keep coming, as a function of what is on the screen.

use rpa_engine::{RunId, StepPath};
use rpa_ipc::service::{LogAnchor, LogFindQuery, RunRef, RunTerm};
use rpa_ipc::triggers::Stretches;

use rpa_ipc::why::WhyQuery;

use super::{ForWhat, NotificationsWant, Overlay, Root, State, TriggerName, triggers};

/// Everything that is wanted at a moment. Equal wants need no new calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// Beside the status, which is always wanted.
    pub workflows: bool,
    pub runs: Option<RunsWant>,
    /// The failed ones among them, by what and where.
    pub failures: Option<RunsWant>,
    /// All triggers of the namespace: those that want a person are counted everywhere.
    pub triggers: Option<TriggersWant>,
    pub workflow: Option<WorkflowWant>,
    pub trigger: Option<TriggerWant>,
    /// What fires within a day, one for each of these.
    pub upcoming: Option<Stretches>,
    /// What of the namespace a person looks at first.
    pub glance: bool,
    pub locks: bool,
    /// What has reached all triggers.
    pub ledger: Option<LedgerWant>,
    /// Those that nobody has seen are counted everywhere.
    pub notifications: Option<NotificationsWant>,
    /// Runs that a search over everything looks for.
    pub search: Option<RunsWant>,
    pub run: Option<RunRef>,
    pub log: Option<LogWant>,
    pub find: Option<LogFindQuery>,
    pub why: Option<WhyQuery>,
    /// What has happened to the open run.
    pub events: Option<RunRef>,
}

/// The newest runs that fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunsWant {
    pub statuses: Vec<String>,
    pub workflow: Option<String>,
    pub since_ms: Option<u64>,
    pub until_ms: Option<u64>,
    pub ended_since_ms: Option<u64>,
    pub alike: Option<String>,
    pub terms: Vec<RunTerm>,
    pub contains: Option<String>,
    /// So many at most.
    pub rows: usize,
}

impl RunsWant {
    /// Whether the rows of one are rows of the other: the number of rows and the
    /// minute may differ.
    pub fn asks_the_same(&self, other: &RunsWant) -> bool {
        let question = |want: &RunsWant| RunsWant {
            rows: 0,
            since_ms: want.since_ms.map(|_| 0),
            until_ms: want.until_ms.map(|_| 0),
            ended_since_ms: want.ended_since_ms.map(|_| 0),
            ..want.clone()
        };
        question(self) == question(other)
    }
}

/// The newest of what has reached triggers that fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerWant {
    /// Fates and outcomes; all when empty.
    pub became: Vec<String>,
    pub workflow: Option<String>,
    pub trigger: Option<String>,
    pub since_ms: Option<u64>,
    pub contains: Option<String>,
    /// So many at most.
    pub rows: usize,
}

impl LedgerWant {
    /// As of [`RunsWant::asks_the_same`].
    pub fn asks_the_same(&self, other: &LedgerWant) -> bool {
        let question = |want: &LedgerWant| LedgerWant {
            rows: 0,
            since_ms: want.since_ms.map(|_| 0),
            ..want.clone()
        };
        question(self) == question(other)
    }
}

/// How soon a change of a trigger shall be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriggersWant {
    /// They are on the screen.
    Shown,
    /// They are counted.
    Counted,
}

/// One trigger, its newest slots or deliveries, and the next slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriggerWant {
    pub name: TriggerName,
    /// So many slots or deliveries at most.
    pub rows: usize,
}

/// One workflow: its text, its revisions, its newest runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkflowWant {
    /// With its namespace.
    pub workflow: String,
}

/// A piece of a log, and to be told when the log grows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogWant {
    pub run: RunId,
    pub step: Option<StepPath>,
    /// Only lines that tell of trouble.
    pub troubles: bool,
    pub anchor: LogAnchor,
    pub before: u32,
    pub after: u32,
    /// Grows when the same piece shall be read again.
    pub epoch: u64,
}

impl LogWant {
    /// Whether there are lines that are passed over.
    pub fn is_sparse(&self) -> bool {
        self.step.is_some() || self.troubles
    }
}

impl State {
    /// What the screen shows, and what a dialog over it needs.
    pub fn wants(&self) -> Wants {
        if !self.link.is_up() {
            return Wants::default();
        }
        let run = self.run.as_ref();
        let trigger = self.trigger.as_ref().filter(|_| run.is_none());
        // of one that is new the daemon knows nothing
        let is_new = self.editor().is_some_and(|editor| editor.base.is_none());
        let workflow = self.shown_workflow().filter(|_| !is_new);
        let lists = !self.is_open();
        let runs = lists && self.root == Root::Runs;
        // also beside the steps of a workflow
        let shown = (lists && self.root == Root::Triggers) || workflow.is_some();
        Wants {
            // the run form needs the variables, also when opened from a run
            workflows: true,
            runs: (runs && !self.runs.is_grouped()).then(|| self.runs.want(self.now_ms)),
            failures: (runs && self.runs.is_grouped()).then(|| self.runs.want(self.now_ms)),
            triggers: Some(if shown { TriggersWant::Shown } else { TriggersWant::Counted }),
            workflow: workflow.map(|open| open.want()),
            trigger: trigger.map(|trigger| trigger.want()),
            upcoming: (lists && matches!(self.root, Root::Upcoming | Root::Home))
                .then(|| triggers::hours(self)),
            ledger: (lists && self.root == Root::Slots).then(|| self.ledger.want(self.now_ms)),
            locks: lists && self.root == Root::Locks,
            notifications: Some(self.notifications.want(match self.root {
                Root::Notifications if lists => ForWhat::List,
                Root::Home if lists => ForWhat::Glance,
                _ => ForWhat::Count,
            })),
            search: match &self.overlay {
                Some(Overlay::Find(open)) => open.want(),
                _ => None,
            },
            glance: lists && self.root == Root::Home,
            run: run.map(|run| run.run_ref(&self.namespace)),
            log: run.and_then(|run| run.log_want(self)),
            find: run.and_then(|run| run.find_want(&self.namespace)),
            events: run.and_then(|run| run.events_want(self)),
            why: match &self.overlay {
                Some(Overlay::Why(pane)) => pane.want(&self.namespace),
                _ => None,
            },
        }
    }
}
