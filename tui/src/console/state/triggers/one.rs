//! One trigger: what it declares, what has become of its slots, what comes.

use rpa_ipc::Fault;
use rpa_ipc::triggers::{ComingSlot, SlotView, TriggerView};

use super::super::data::DataLine;
use super::super::wants::TriggerWant;
use super::super::{Cursor, Root, State, moving, places};
use super::TriggerName;
use crate::console::command;
use crate::console::theme::Tone;
use crate::console::view::names;
use crate::say;
use crate::text::{moment, wrapped};

/// Slots asked for at a time: also what the strip shows on a wide terminal.
const STEP: usize = 200;
/// Slots below the selected one that are known before they are needed.
const AHEAD: usize = 100;
/// Most slots: what is older is for `rpa slots --before`.
const MOST: usize = 5_000;

/// Which of the two lists has the focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TriggerPane {
    /// What has become of its slots.
    #[default]
    Slots,
    /// Those that are to come.
    Coming,
}

#[derive(Clone, Debug)]
pub struct TriggerScreen {
    pub name: TriggerName,
    /// As it was listed, until the daemon has told more.
    pub view: Option<TriggerView>,
    /// Whether the daemon has told its slots.
    pub known: bool,
    /// The newest first.
    pub slots: Vec<SlotView>,
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
        TriggerWant { name: self.name.clone(), slots: rows.clamp(STEP, MOST) }
    }

    pub fn ids(&self) -> Vec<String> {
        self.slots.iter().map(|slot| slot.slot_ms.to_string()).collect()
    }

    pub fn selected(&self) -> Option<&SlotView> {
        self.slots.get(self.cursor.index)
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
        Root::Workflows | Root::Runs => None,
    };
    name.into_iter().for_each(|name| open(state, name));
}

pub fn open(state: &mut State, name: TriggerName) {
    state.run = None;
    let command = command::slots(&state.namespace, &name);
    state.trigger = Some(TriggerScreen {
        view: state.triggers.named(&name).cloned(),
        name,
        known: false,
        slots: Vec::new(),
        more: false,
        coming: None,
        fault: None,
        pane: TriggerPane::default(),
        cursor: Cursor::default(),
        coming_top: 0,
    });
    state.tell(Tone::Faint, String::new(), command);
}

/// Opens the run of the selected slot, or says why there is none.
pub fn open_slot(state: &mut State) {
    let Some(screen) = state.trigger.as_ref().filter(|s| s.pane == TriggerPane::Slots) else {
        return;
    };
    let Some(slot) = screen.selected() else { return };
    match slot.run {
        Some(run) => places::open_run(state, run),
        None => {
            let why = slot.reason.as_ref().map(|why| names::said(state, why));
            let text = say!(state.words, "slot-no-run", reason = why.unwrap_or_default());
            state.tell(Tone::Warn, text, String::new());
        }
    }
}

/// The daemon has told of it.
pub fn told(
    state: &mut State,
    want: &TriggerWant,
    view: TriggerView,
    slots: Vec<SlotView>,
    more: bool,
    coming: Option<Result<Vec<ComingSlot>, Fault>>,
) {
    state.triggers.put(view.clone());
    let Some(screen) = state.trigger.as_mut().filter(|s| s.name == want.name) else { return };
    (screen.view, screen.known, screen.fault) = (Some(view), true, None);
    (screen.slots, screen.more, screen.coming) = (slots, more, coming);
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

/// Everything that is known of a trigger but its slots, in lines of at most `width` cells.
pub fn trigger_lines(state: &State, view: &TriggerView, width: usize) -> Vec<DataLine> {
    let words = &state.words;
    let mut lines = Lines { width: width.max(1), all: Vec::new() };
    if let Some(why) = &view.why {
        lines.put(Tone::Warn, &names::said(state, why));
    }
    if let Some(mends) = mends(state, view) {
        lines.put(Tone::Plain, &mends);
    }
    let what = match view.what.as_str() {
        "" => say!(words, "trigger-no-what"),
        what => what.to_owned(),
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
    if view.failures > 0 {
        lines.put(Tone::Warn, &say!(words, "trigger-failures", count = view.failures));
    }
    if !view.description.is_empty() {
        lines.put(Tone::Faint, &view.description);
    }
    lines.all
}

/// Runs that go on, slots that wait: of a schedule that fires often that comes and goes,
/// and so it has no line of its own among the others.
pub fn under_way(state: &State, view: &TriggerView) -> String {
    let mut parts = Vec::new();
    if !view.open.is_empty() {
        parts.push(say!(state.words, "trigger-open", count = view.open.len()));
    }
    if view.waiting > 0 {
        parts.push(say!(state.words, "trigger-waiting", count = view.waiting));
    }
    parts.join(", ")
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
