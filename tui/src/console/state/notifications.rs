//! Notifications: what deserves a person's attention, and what was seen of it.
//!
//! How many nobody has seen is known on every screen; the rows are of the screen itself.

use rpa_ipc::Fault;
use rpa_ipc::notifications::{
    Acknowledged, NotificationFilter, NotificationPage, NotificationView,
};

use super::confirm::{Answer, yes_or_no};
use super::filter::matches_words;
use super::{
    Call, Cursor, Effect, Glance, HomeRow, Overlay, Root, State, TriggerName, Visited, moving,
    news, places, triggers, vote,
};
use crate::console::command;
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::console::view::names;
use crate::say;

/// Rows on the screen at most.
pub const MOST: u32 = 500;
/// Rows that are asked for where they are only counted: the newest errors.
const COUNTED: u32 = 20;
/// Ids that a command names one by one where it need not.
const NAMED: usize = 12;

#[derive(Clone, Debug, Default)]
pub struct NotificationsScreen {
    /// Whether the daemon has told the rows of this filter.
    pub known: bool,
    pub rows: Vec<NotificationView>,
    /// Older ones follow.
    pub more: bool,
    pub unread: u64,
    /// The number of the last happening that is known.
    newest: Option<u64>,
    /// Why the daemon does not list them.
    pub fault: Option<Fault>,
    pub filter: NotificationFilter,
    /// Words that a row must contain.
    pub words: String,
    pub cursor: Cursor,
}

/// Which of them are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotificationsWant {
    pub filter: NotificationFilter,
    pub rows: u32,
    pub for_what: ForWhat,
}

/// What notifications are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForWhat {
    /// Their own list.
    List,
    /// The dashboard: those that are not done.
    Glance,
    /// Elsewhere they are counted.
    Count,
}

/// What a person says to have seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub ids: Vec<u64>,
    /// What has happened after this number stays unread; without it, whatever has become of
    /// them is meant.
    pub upto: Option<u64>,
    /// They are all that were unread in the namespace.
    pub all: bool,
}

/// Whether all that are shown were seen.
#[derive(Clone, Debug)]
pub struct AckDialog {
    pub seen: Seen,
    pub yes: bool,
}

impl NotificationsScreen {
    pub fn want(&self, for_what: ForWhat) -> NotificationsWant {
        let (filter, rows) = match for_what {
            ForWhat::List => (self.filter, MOST),
            ForWhat::Glance => (NotificationFilter::Open, MOST),
            ForWhat::Count => (NotificationFilter::Unread, COUNTED),
        };
        NotificationsWant { filter, rows, for_what }
    }
}

impl State {
    /// The rows that the words let through.
    pub fn notification_rows(&self) -> Vec<&NotificationView> {
        let screen = &self.notifications;
        let fits = |view: &&NotificationView| {
            let step = view.step.as_ref().map_or("", |step| step.as_str());
            let text = format!(
                "{} {step} {} {} {}",
                source(self, view),
                view.run.map(|run| run.to_string()).unwrap_or_default(),
                view.kind,
                names::said(self, &view.what)
            );
            screen.words.is_empty() || matches_words(&text, &screen.words)
        };
        screen.rows.iter().filter(fits).collect()
    }

    pub(super) fn notification_ids(&self) -> Vec<String> {
        self.notification_rows().iter().map(|view| view.id.to_string()).collect()
    }

    pub fn notification(&self) -> Option<&NotificationView> {
        self.notification_rows().get(self.notifications.cursor.index).copied()
    }

    /// Those that are marked, or the selected one, also of the dashboard, as far as nobody has seen them.
    pub fn unseen(&self) -> Vec<u64> {
        if self.at_home() {
            return match self.home_selected() {
                Some(HomeRow::Told(view)) => unread(vec![view]),
                _ => Vec::new(),
            };
        }
        let marks = &self.notifications.cursor.marks;
        let meant: Vec<&NotificationView> = match marks.is_empty() {
            true => self.notification().into_iter().collect(),
            false => {
                let rows = self.notification_rows().into_iter();
                rows.filter(|view| marks.contains(&view.id.to_string())).collect()
            }
        };
        unread(meant)
    }

    fn at_notifications(&self) -> bool {
        self.root == Root::Notifications && !self.is_open()
    }
}

fn unread(views: Vec<&NotificationView>) -> Vec<u64> {
    views.into_iter().filter(|view| view.state == "unread").map(|view| view.id).collect()
}

/// `disk-report`, `disk-report nightly`, or the daemon.
pub fn source(state: &State, view: &NotificationView) -> String {
    let workflow = names::workflow(state, &view.workflow);
    match (workflow.as_str(), view.trigger.as_str()) {
        ("", _) => "rpad".to_owned(),
        (_, "") => workflow,
        (_, trigger) => format!("{workflow} {trigger}"),
    }
}

pub fn got(state: &mut State, want: NotificationsWant, page: NotificationPage) {
    let screen = &mut state.notifications;
    screen.unread = page.unread;
    let known = screen.newest.replace(page.newest);
    if let Some(known) = known {
        announce(state, known, &page.items);
    }
    let screen = &mut state.notifications;
    let more = page.next.is_some();
    match want.for_what {
        ForWhat::List if want == screen.want(ForWhat::List) => {
            (screen.rows, screen.more) = (page.items, more);
            (screen.known, screen.fault) = (true, None);
        }
        ForWhat::Glance => {
            state.home.told = Some(Glance { rows: page.items, more });
            screen.fault = None;
        }
        ForWhat::List | ForWhat::Count => return,
    }
    moving::settle(state);
}

/// Says of a new error that it is there, unless something else is being said, or it is seen.
fn announce(state: &mut State, known: u64, items: &[NotificationView]) {
    let seen = state.run.as_ref().map(|run| run.run);
    let is_news = |view: &&NotificationView| {
        let elsewhere = view.run.is_none() || view.run != seen;
        view.number > known && view.state == "unread" && view.severity == "error" && elsewhere
    };
    let Some(view) = items.iter().find(is_news) else { return };
    if state.notice.is_some() || state.at_notifications() {
        return;
    }
    let (source, what) = (source(state, view), names::said(state, &view.what));
    let text = say!(state.words, "notification-new", source = source, what = what);
    let command = command::notifications(&state.namespace, NotificationFilter::Open);
    state.tell(Tone::Bad, text, command);
}

/// What the selected one is about.
pub fn open(state: &mut State) {
    let Some(view) = state.notification().cloned() else { return };
    open_one(state, view);
}

/// What this one is about.
pub(super) fn open_one(state: &mut State, view: NotificationView) {
    if let Some(run) = view.run {
        let step = view.step.as_ref().map(ToString::to_string);
        places::visit(state, Visited { run, step });
        let is_asked = view.kind == "approval_waiting" && view.state != "done";
        let asked = state.asked.rows.iter().find(|asked| {
            asked.run == run && view.step.as_ref().is_none_or(|step| asked.path == *step)
        });
        if let Some(asked) = asked.filter(|_| is_asked).cloned() {
            vote::open(state, asked);
        }
    } else if !view.trigger.is_empty() {
        let name = TriggerName { workflow: view.workflow, trigger: view.trigger };
        triggers::open(state, name);
    } else {
        let command = match view.kind.as_str() {
            "store_restored" => "rpa resume --restored --dry-run",
            "backup_failed" => "rpa status",
            _ => "rpa doctor",
        };
        let text = names::said(state, &view.what);
        state.tell(Tone::Faint, text, command.to_owned());
    }
}

pub fn mark(state: &mut State) {
    let Some(id) = state.notification().map(|view| view.id.to_string()) else { return };
    state.notifications.cursor.toggle_mark(&id);
    let last = state.notification_rows().len().saturating_sub(1);
    moving::select_row(state, (state.notifications.cursor.index + 1).min(last));
}

/// Unread ones, those that are open, all.
pub fn next_filter(state: &mut State) {
    let screen = &mut state.notifications;
    screen.filter = match screen.filter {
        NotificationFilter::Open => NotificationFilter::Unread,
        NotificationFilter::Unread => NotificationFilter::All,
        NotificationFilter::All => NotificationFilter::Open,
    };
    (screen.known, screen.rows, screen.more) = (false, Vec::new(), false);
    let command = command::notifications(&state.namespace, screen.filter);
    moving::settle(state);
    state.tell(Tone::Faint, String::new(), command);
}

/// Those that are meant were seen.
pub fn acknowledge(state: &mut State) -> Vec<Effect> {
    let ids = state.unseen();
    if ids.is_empty() {
        let text = say!(state.words, "ack-nothing");
        state.tell(Tone::Warn, text, String::new());
        return Vec::new();
    }
    state.notifications.cursor.marks.clear();
    call(state, Seen { ids, upto: None, all: false })
}

/// Asks whether all that are shown were seen.
pub fn ask(state: &mut State) {
    let ids = unread(state.notification_rows());
    if ids.is_empty() {
        let text = say!(state.words, "ack-nothing");
        return state.tell(Tone::Warn, text, String::new());
    }
    let screen = &state.notifications;
    // words let only some through, and a page may not have all
    let all = screen.words.is_empty() && !screen.more;
    let seen = Seen { ids, upto: screen.newest, all };
    state.overlay = Some(Overlay::Ack(AckDialog { seen, yes: false }));
}

pub fn key(state: &mut State, mut dialog: AckDialog, key: Key) -> Vec<Effect> {
    match yes_or_no(key, dialog.yes, state.settings.keyboard) {
        Answer::Yes => return call(state, dialog.seen),
        Answer::No => return Vec::new(),
        Answer::Switch => dialog.yes = !dialog.yes,
        Answer::Other => {}
    }
    state.overlay = Some(Overlay::Ack(dialog));
    Vec::new()
}

/// The command that does the same: by ids, but for many that are all there are.
pub fn ack_command(state: &State, seen: &Seen) -> String {
    let ids = (!seen.all || seen.ids.len() <= NAMED).then_some(seen.ids.as_slice());
    command::acknowledge(&state.namespace, ids, seen.upto)
}

fn call(state: &mut State, seen: Seen) -> Vec<Effect> {
    let text = say!(state.words, "ack-asked");
    let command = ack_command(state, &seen);
    state.tell(Tone::Busy, text, command);
    state.calls += 1;
    vec![Effect::Call(Call::Acknowledge(seen))]
}

pub fn acknowledged(state: &mut State, seen: &Seen, answer: Result<Acknowledged, Fault>) {
    match answer {
        Ok(Acknowledged { count, missing }) => {
            let mut text = say!(state.words, "ack-done", count = count);
            let tone = if missing.is_empty() { Tone::Good } else { Tone::Warn };
            if !missing.is_empty() {
                text.push_str("; ");
                text.push_str(&say!(state.words, "ack-missing", count = missing.len()));
            }
            let command = ack_command(state, seen);
            state.tell(tone, text, command);
        }
        Err(fault) => news::refused(state, &fault),
    }
}
