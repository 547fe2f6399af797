//! Everything the console knows, and how it changes.
//!
//! [`update`] takes a [`Msg`] and returns [`Effect`]s; [`State::wants`] says what
//! the wire shall keep coming. Nothing here reads a clock, a file or a socket: the
//! time comes with every message.

mod act;
mod again;
mod asked;
mod bulk;
mod confirm;
mod copy;
mod cursor;
mod data;
mod editor;
mod events;
mod faults;
mod field;
mod filling;
mod filter;
mod find;
mod folds;
mod form;
mod freeze;
mod help;
mod home;
mod input;
mod link;
mod locks;
mod log;
mod moving;
mod msg;
mod news;
mod notice;
mod notifications;
mod overlay;
mod palette;
mod pause;
mod places;
mod pointer;
mod prefer;
mod prompt;
mod readonly;
mod resolve;
mod run;
mod run_graph;
mod runs;
mod saved;
mod shell;
mod timeline;
mod trail;
mod triggers;
mod tuning;
mod turns;
mod update;
mod views;
mod vote;
mod wants;
mod welcome;
mod why;
mod workflow;

use jiff::tz::TimeZone;
use rpa_engine::Label;
use rpa_ipc::view::StatusView;

use super::keys::{Keymap, Scope};
use super::settings::Settings;
use super::theme::Look;
use crate::words::Words;

pub use again::{Again, Repeat, Retry};
pub use asked::{Asked, approval_lines, have, voters_missing};
pub use bulk::{Bulk, Verb};
pub use confirm::Confirm;
pub use cursor::Cursor;
pub use data::{DataLine, data_lines, data_rows};
pub use editor::{
    Area, Awaited, Choose, Choosing, Drafts, Editor, EditorDialog, Found, Leave, LeaveStop, Offer,
    Removal, Typed, Typing, TypingPurpose, TypingStop, field_summary, field_words, kind_summary,
    written_lines,
};
pub use events::{EventsPane, MOST_EVENTS, event_text, event_who};
pub use faults::{error_text, fault_hint, fault_text, hint_of, late_text, reason_text};
pub use field::{Field, Given};
pub use filter::{RunsFilter, WORDS as FILTER_WORDS};
pub use find::{Find, Hit};
pub use folds::{Folds, can_unfold, has_inside};
pub use form::{Earlier, Form, Source};
pub use freeze::Frozen;
pub use help::Help;
pub use home::{Glance, Health, HomeRow, HomeScreen, Section, health_text};
pub use input::Input;
pub use link::{Absence, Link};
pub use locks::{Hold, LockDialog, LockRow, LocksScreen};
pub use log::{LogPane, Search};
pub use msg::{Call, Done, Effect, Msg, News};
pub use notice::Notice;
pub use notifications::{
    AckDialog, ForWhat, NotificationsScreen, NotificationsWant, Seen, ack_command,
    source as notification_source,
};
pub use overlay::Overlay;
pub use palette::{Entry, Palette};
pub use pause::can_pause;
pub use prompt::{Prompt, Purpose};
pub use resolve::{Choice, Resolve, resolve_command};
pub use run::{Focus, Lower, RunScreen, Visited};
pub use run_graph::RunGraph;
pub use runs::{Groups, MOST as MOST_RUNS, RunsScreen};
pub use saved::{LogFile, Unwritten, Written};
pub use shell::{Asked as AskedCommand, Composer, Printed, Reader, Slot as ComposerSlot, Told};
pub use timeline::{Bar, Part, Span, bar, grows, seen as seen_span, whole as whole_span};
pub use trail::Trail;
pub use triggers::{
    AHEAD_MS, Asking, Backfill, BackfillStop, Bunch, Fire, FireStage, FireStop, LedgerFilter,
    LedgerRow, LedgerScreen, MOST_BACKFILLED, NO_FIELDS, Noted, Order, Past,
    Purpose as FirePurpose, Stage, TriggerName, TriggerPane, TriggerScreen, TriggersScreen,
    Trouble, Trying, UpcomingScreen, can_pause_trigger, can_resume_trigger, fire_command,
    has_deliveries, tested_lines, trigger_lines, troubles, under_way,
};
pub use tuning::Tuning;
pub use turns::turns_text;
pub use update::update;
pub use views::{PLACES, ViewAct};
pub use vote::{Ballot, Stop, Vote, vote_command};
pub use wants::{LedgerWant, LogWant, RunsWant, TriggerWant, TriggersWant, Wants, WorkflowWant};
pub use welcome::{Welcome, stage as welcome_stage};
pub use why::{WhyPane, why_lines};
pub use workflow::{
    Edit, EditDialog, EditGiven, EditStage, EditStop, EditWay, Edited, GraphPane, Job, Pane,
    Revise, Revision, Scale, TextPane, TextWhat, Tool, WorkflowScreen, WorkflowTold,
    WorkflowsScreen, boxes_of, can_publish, detail_lines, fact_text, needs_text, next_fire,
    plan_lines,
};

/// Smallest terminal that the screens are drawn on.
pub const SMALLEST: (u16, u16) = (60, 15);

/// The lists that everything else opens from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    Home,
    Workflows,
    Runs,
    Triggers,
    Upcoming,
    Locks,
    Notifications,
    Slots,
    /// What people are asked to approve.
    Approvals,
}

#[derive(Debug)]
pub struct State {
    /// Milliseconds since the Unix epoch, as of the last message.
    pub now_ms: u64,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    pub settings: Settings,
    pub keys: Keymap,
    pub look: Look,
    /// What the terminal can show by itself, whatever is set.
    pub able: Look,
    /// The terminal is that of tmux, which takes what is copied only when it is set to.
    pub in_tmux: bool,
    pub words: Words,
    /// Of whoever reads.
    pub zone: TimeZone,
    /// Where the daemon is expected, as text for people.
    pub socket: String,
    pub namespace: Label,
    pub link: Link,
    pub status: Option<StatusView>,
    pub root: Root,
    pub home: HomeScreen,
    pub workflows: WorkflowsScreen,
    pub runs: RunsScreen,
    /// What people are asked to approve.
    pub asked: Asked,
    pub triggers: TriggersScreen,
    /// What fires next, over all triggers.
    pub upcoming: UpcomingScreen,
    pub locks: LocksScreen,
    /// What has reached all triggers, and what became of it.
    pub ledger: LedgerScreen,
    /// Drafts of workflows that were not saved.
    pub drafts: Drafts,
    /// What is to be edited as soon as it is there.
    pub awaited: Option<Awaited>,
    pub notifications: NotificationsScreen,
    /// The workflow that was opened, above the lists.
    pub workflow: Option<WorkflowScreen>,
    /// The trigger that was opened, above the lists and the open workflow.
    pub trigger: Option<TriggerScreen>,
    /// The run that was opened, above everything else.
    pub run: Option<RunScreen>,
    pub overlay: Option<Overlay>,
    pub notice: Option<Notice>,
    /// The screen stands still.
    pub frozen: Option<Frozen>,
    /// Calls whose answer has not come.
    pub calls: usize,
    /// What was entered into the palette, the last at the end.
    pub entered: Vec<String>,
    /// Where one has been.
    pub trail: Trail,
    /// When and where the mouse was clicked last.
    pub clicked: Option<(u64, u16, u16)>,
    /// Commands that were run so far.
    pub commands: u64,
    /// What was asked for several runs at once, and is not all done.
    pub bulk: Vec<Bulk>,
    /// The layout chooser has been shown: it is shown once.
    pub layout_offered: bool,
}

impl State {
    pub fn new(now_ms: u64, size: (u16, u16), settings: Settings, look: Look) -> State {
        State {
            now_ms,
            size,
            words: Words::new(settings.language),
            zone: settings.zone(),
            root: settings.start.root(),
            settings,
            keys: Keymap::default(),
            look,
            able: look,
            in_tmux: false,
            socket: String::new(),
            namespace: "default".parse().expect("a sound name"),
            link: Link::new(now_ms),
            status: None,
            home: HomeScreen::default(),
            workflows: WorkflowsScreen::default(),
            runs: RunsScreen::default(),
            asked: Asked::default(),
            triggers: TriggersScreen::default(),
            upcoming: UpcomingScreen::default(),
            locks: LocksScreen::default(),
            ledger: LedgerScreen::default(),
            drafts: Drafts::default(),
            awaited: None,
            notifications: NotificationsScreen::default(),
            workflow: None,
            trigger: None,
            run: None,
            overlay: None,
            notice: None,
            frozen: None,
            calls: 0,
            entered: Vec::new(),
            trail: Trail::default(),
            clicked: None,
            commands: 0,
            bulk: Vec::new(),
            layout_offered: false,
        }
    }

    pub fn too_small(&self) -> bool {
        self.size.0 < SMALLEST.0 || self.size.1 < SMALLEST.1
    }

    /// The scopes of the keys, nearest first.
    pub fn scopes(&self) -> Vec<Scope> {
        let screen = match (&self.run, &self.trigger, &self.workflow, self.root) {
            (Some(run), ..) => run.scope(),
            (None, Some(_), ..) => Scope::Trigger,
            (None, None, Some(open), _) => open.scope(),
            (None, None, None, Root::Home) if welcome::stage(self).is_some() => Scope::Welcome,
            (None, None, None, Root::Home) => Scope::Home,
            (None, None, None, Root::Workflows) => Scope::Workflows,
            (None, None, None, Root::Runs) if self.runs.is_grouped() => Scope::Groups,
            (None, None, None, Root::Runs) => Scope::Runs,
            (None, None, None, Root::Triggers) => Scope::Triggers,
            (None, None, None, Root::Upcoming) => Scope::Upcoming,
            (None, None, None, Root::Locks) => Scope::Locks,
            (None, None, None, Root::Slots) => Scope::Slots,
            (None, None, None, Root::Approvals) => Scope::Approvals,
            (None, None, None, Root::Notifications) => Scope::Notifications,
        };
        // boxes are moved through otherwise, and all else is the same
        let beside = (screen == Scope::EditorGraph).then_some(Scope::Editor);
        let rest = [Scope::Moving, Scope::Everywhere];
        [screen].into_iter().chain(beside).chain(rest).collect()
    }

    /// When something on the screen changes by itself next.
    pub fn wake_at(&self) -> Option<u64> {
        let link = self.link.wake_at(self.now_ms);
        let notice = self.notice.as_ref().map(|n| n.until_ms);
        let step_ms = self.settings.motion.step_ms();
        let second = self.shows_elapsed().then(|| (self.now_ms / step_ms + 1) * step_ms);
        let countdown = self.shows_upcoming().then(|| self.upcoming.wake_at(self)).flatten();
        let home = (self.at_home() && self.link.is_up()).then(|| self.home_wake_at()).flatten();
        let retry = self.retry_changes();
        [link, notice, second, countdown, home, retry].into_iter().flatten().min()
    }

    /// Whether something was opened from the lists.
    pub fn is_open(&self) -> bool {
        self.run.is_some() || self.trigger.is_some() || self.workflow.is_some()
    }

    /// The open workflow, where it is what is looked at.
    pub fn shown_workflow(&self) -> Option<&WorkflowScreen> {
        self.workflow.as_ref().filter(|_| self.run.is_none() && self.trigger.is_none())
    }

    /// Whether a duration that grows is on the screen.
    fn shows_elapsed(&self) -> bool {
        if !self.link.is_up() || self.is_frozen() {
            return false;
        }
        match (&self.run, self.root) {
            (Some(run), _) => run.is_live(),
            (None, _) if self.is_open() => false,
            (None, Root::Runs) => self.runs.rows.iter().any(|r| is_live(&r.status)),
            (None, Root::Home) => {
                let overview = self.home.overview.as_ref().filter(|_| self.trigger.is_none());
                overview.is_some_and(|o| o.open.iter().any(|r| is_live(&r.status)))
            }
            (None, Root::Workflows | Root::Triggers | Root::Upcoming) => false,
            (None, Root::Locks | Root::Notifications | Root::Slots | Root::Approvals) => false,
        }
    }

    /// Whether what comes next is on the screen, and counted down to.
    fn shows_upcoming(&self) -> bool {
        self.root == Root::Upcoming && !self.is_open() && self.link.is_up() && !self.too_small()
    }
}

/// Whether a run or a step is on its way, so that its duration grows.
pub fn is_live(status: &str) -> bool {
    matches!(status, "running" | "waiting" | "retrying" | "in_doubt" | "paused")
}

/// Whether nothing will happen to a run any more.
pub fn is_over(status: &str) -> bool {
    matches!(status, "completed" | "failed" | "cancelled")
}
