//! One trigger: what it declares, what has become of its slots or deliveries, what comes.

use rpa_ipc::Fault;
use rpa_ipc::triggers::{ComingSlot, FailingView, TriggerView};

use super::super::data::DataLine;
use super::super::wants::TriggerWant;
use super::super::{Cursor, Root, State, moving, places};
use super::past::Told;
use super::{Past, TriggerName, has_deliveries};
use crate::console::command;
use crate::console::theme::Tone;
use crate::console::time;
use crate::console::view::names;
use crate::say;
use crate::text::{moment, wrapped};

/// Slots or deliveries asked for at a time: also what the strip shows on a wide terminal.
const STEP: usize = 200;
/// Those below the selected one that are known before they are needed.
const AHEAD: usize = 100;
/// Most of them: what is older is for `rpa slots --before` or `rpa deliveries --before`.
const MOST: usize = 5_000;

/// Which of the two lists has the focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TriggerPane {
    /// What has become of its slots or deliveries.
    #[default]
    Past,
    /// Slots that are to come.
    Coming,
}

#[derive(Clone, Debug)]
pub struct TriggerScreen {
    pub name: TriggerName,
    /// As it was listed, until the daemon has told more.
    pub view: Option<TriggerView>,
    /// Whether the daemon has told what became of what reached it.
    pub known: bool,
    pub past: Past,
    /// Older ones follow.
    pub more: bool,
    /// What comes, or why nobody knows; `None` when nothing was asked.
    pub coming: Option<Result<Vec<ComingSlot>, Fault>>,
    /// Why the daemon does not tell of it.
    pub fault: Option<Fault>,
    pub pane: TriggerPane,
    pub cursor: Cursor,
    /// The first slot to come that is shown.
    pub coming_top: usize,
}

impl TriggerScreen {
    pub fn want(&self) -> TriggerWant {
        let rows = (self.cursor.index + AHEAD).div_ceil(STEP) * STEP;
        TriggerWant { name: self.name.clone(), rows: rows.clamp(STEP, MOST) }
    }

    pub fn ids(&self) -> Vec<String> {
        self.past.ids()
    }

    pub fn selected(&self) -> Option<Told<'_>> {
        self.past.at(self.cursor.index)
    }

    /// Whether it has slots, so that some are to come. Of what is delivered nothing is
    /// known before.
    pub fn has_slots(&self) -> bool {
        matches!(self.past, Past::Slots(_))
    }

    /// What comes, as far as it is known.
    pub fn to_come(&self) -> &[ComingSlot] {
        match &self.coming {
            Some(Ok(slots)) => slots,
            Some(Err(_)) | None => &[],
        }
    }
}

/// Opens the trigger that is meant.
pub fn open_meant(state: &mut State) {
    let name = match state.root {
        Root::Triggers => state.triggers.selected().map(TriggerName::of),
        Root::Upcoming => state.upcoming.selected().map(|bunch| bunch.name.clone()),
        Root::Slots => state.ledger_selected().map(|row| row.name.clone()),
        Root::Home
        | Root::Workflows
        | Root::Runs
        | Root::Locks
        | Root::Notifications
        | Root::Approvals => None,
    };
    name.into_iter().for_each(|name| open(state, name));
}

pub fn open(state: &mut State, name: TriggerName) {
    state.run = None;
    let view = state.triggers.named(&name).cloned();
    let command = command::past(&state.namespace, &name, view.as_ref());
    state.trigger = Some(TriggerScreen {
        past: Past::none(view.as_ref()),
        view,
        name,
        known: false,
        more: false,
        coming: None,
        fault: None,
        pane: TriggerPane::default(),
        cursor: Cursor::default(),
        coming_top: 0,
    });
    state.tell(Tone::Faint, String::new(), command);
}

/// Opens the run of the selected slot or delivery, or says why there is none.
pub fn open_past(state: &mut State) {
    let Some(screen) = state.trigger.as_ref().filter(|s| s.pane == TriggerPane::Past) else {
        return;
    };
    let Some(told) = screen.selected() else { return };
    match told.run {
        Some(run) => places::open_run(state, run),
        None => {
            let why = told.reason.map(|why| names::said(state, why)).unwrap_or_default();
            let text = match screen.has_slots() {
                true => say!(state.words, "slot-no-run", reason = why),
                false => say!(state.words, "delivery-no-run", reason = why),
            };
            state.tell(Tone::Warn, text, String::new());
        }
    }
}

/// The daemon has told of it.
pub fn told(
    state: &mut State,
    want: &TriggerWant,
    view: TriggerView,
    past: Past,
    more: bool,
    coming: Option<Result<Vec<ComingSlot>, Fault>>,
) {
    state.triggers.put(view.clone());
    let Some(screen) = state.trigger.as_mut().filter(|s| s.name == want.name) else { return };
    (screen.view, screen.known, screen.fault) = (Some(view), true, None);
    (screen.past, screen.more, screen.coming) = (past, more, coming);
    if !screen.has_slots() {
        screen.pane = TriggerPane::Past;
    }
    screen.coming_top = screen.coming_top.min(screen.to_come().len().saturating_sub(1));
    moving::settle(state);
}

/// Lines of a width, the most important first.
struct Lines {
    width: usize,
    all: Vec<DataLine>,
}

impl Lines {
    fn put(&mut self, tone: Tone, text: &str) {
        let lines = wrapped(text, self.width).into_iter();
        self.all.extend(lines.map(|text| DataLine { tone, text }));
    }
}

/// Everything that is known of a trigger but its slots or deliveries, in lines of at most `width` cells.
pub fn trigger_lines(state: &State, view: &TriggerView, width: usize) -> Vec<DataLine> {
    let words = &state.words;
    let mut lines = Lines { width: width.max(1), all: Vec::new() };
    if let Some(why) = &view.why {
        lines.put(Tone::Warn, &names::said(state, why));
    }
    if let Some(failing) = &view.failing {
        lines.put(Tone::Plain, &tries(state, failing));
    }
    if let Some(mends) = mends(state, view) {
        lines.put(Tone::Plain, &mends);
    }
    let what = match view.what.as_str() {
        "" => say!(words, "trigger-no-what"),
        _ => names::what(state, view),
    };
    lines.put(Tone::Plain, &what);
    if let Some(next) = &view.next {
        let zone = moment::zone(view);
        let at = moment::in_zone(next.slot_ms, &zone);
        let text = match moment::other(next.due_ms, next.slot_ms, &zone) {
            same if same.is_empty() => say!(words, "trigger-next", moment = at),
            due => say!(words, "trigger-next-due", moment = at, due = due),
        };
        lines.put(Tone::Plain, &text);
    }
    if view.missed > 0 {
        let text = match has_deliveries(view) {
            false => say!(words, "trigger-missed", count = view.missed),
            true => say!(words, "trigger-refused", count = view.missed),
        };
        lines.put(Tone::Bad, &text);
    }
    if let Some(rejected) = &view.rejected {
        let count = names::number(rejected.count);
        let moment = time::moment(state, rejected.last_ms);
        let reason = names::said(state, &rejected.why);
        let text = say!(words, "trigger-rejected", count = count, moment = moment, reason = reason);
        lines.put(Tone::Warn, &text);
    }
    if view.failures > 0 {
        lines.put(Tone::Warn, &say!(words, "trigger-failures", count = view.failures));
    }
    if !view.description.is_empty() {
        lines.put(Tone::Faint, &view.description);
    }
    lines.all
}

/// Runs that go on, slots or deliveries that wait: of a schedule that fires often that comes and goes,
/// and so it has no line of its own among the others.
pub fn under_way(state: &State, view: &TriggerView) -> String {
    let mut parts = Vec::new();
    if !view.open.is_empty() {
        parts.push(say!(state.words, "trigger-open", count = view.open.len()));
    }
    if view.waiting > 0 {
        parts.push(match has_deliveries(view) {
            false => say!(state.words, "trigger-waiting", count = view.waiting),
            true => say!(state.words, "trigger-holds", count = view.waiting),
        });
    }
    parts.join(", ")
}

/// Since when its source hears nothing, and when it tries again.
fn tries(state: &State, failing: &FailingView) -> String {
    let words = &state.words;
    let since = time::moment(state, failing.since_ms);
    let count = failing.attempts;
    match failing.next_ms {
        Some(next_ms) => {
            let left = time::countdown(words, next_ms, state.now_ms);
            say!(words, "trigger-tries", since = since, count = count, left = left)
        }
        None => say!(words, "trigger-tried", since = since, count = count),
    }
}

impl State {
    /// When a countdown to the next try of a source, if one is on the screen, says something
    /// else.
    pub(in super::super) fn retry_changes(&self) -> Option<u64> {
        let shown = self.run.is_none() && self.link.is_up() && !self.too_small();
        let listed = self.trigger.is_some() || self.root == Root::Triggers;
        let view = self.meant_trigger().filter(|_| shown && listed)?;
        time::countdown_changes(view.failing.as_ref()?.next_ms?, self.now_ms)
    }
}

/// What is done so that it fires. Of one that is held its reason says so.
fn mends(state: &State, view: &TriggerView) -> Option<String> {
    let name = TriggerName::of(view);
    match view.status.as_str() {
        "paused" => {
            let command = command::trigger_resume(&state.namespace, &name);
            Some(say!(state.words, "trigger-mend", key = "P", command = command))
        }
        "disabled" => {
            let command = command::trigger_enable(&state.namespace, &name);
            Some(say!(state.words, "trigger-mend", key = "o", command = command))
        }
        "broken" => Some(say!(state.words, "trigger-mend-file")),
        "gone" => Some(say!(state.words, "trigger-mend-gone")),
        _ => None,
    }
}
