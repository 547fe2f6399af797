//! What a person says of a trigger: enable, disable, pause, resume.
//!
//! To let it fire takes a key: that can be taken back. To keep it from firing asks first,
//! for a word to those who will wonder.

use rpa_ipc::Fault;
use rpa_ipc::triggers::{TriggerView, TriggerWish};

use super::super::{Call, Effect, Input, Overlay, State, moving, news};
use super::TriggerName;
use crate::console::command;
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::console::view::names;
use crate::say;

/// What is said with a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// Why is wanted: a schedule that is paused for ever without a reason is a riddle.
    Pause,
    Disable,
}

/// The dialog that asks for the note.
#[derive(Clone, Debug)]
pub struct Order {
    pub name: TriggerName,
    pub noted: Noted,
    pub note: Input,
    /// The note is wanted, and was not given.
    pub missing: bool,
}

impl Order {
    pub fn wish(&self) -> TriggerWish {
        let note = self.note.text().trim().to_owned();
        match self.noted {
            Noted::Pause => TriggerWish::Pause { note },
            Noted::Disable => TriggerWish::Disable { note },
        }
    }
}

/// Whether it would skip slots that it has now.
pub fn can_pause_trigger(view: &TriggerView) -> bool {
    matches!(view.status.as_str(), "armed" | "failing" | "held" | "broken")
}

/// What keeps it from firing may hide that it is paused as well.
pub fn can_resume_trigger(view: &TriggerView) -> bool {
    matches!(view.status.as_str(), "paused" | "held" | "broken")
}

pub fn pause(state: &mut State) -> Vec<Effect> {
    match state.meant_trigger().cloned() {
        Some(view) if can_pause_trigger(&view) => ask(state, &view, Noted::Pause),
        view => stands_so(state, view.as_ref()),
    }
}

pub fn resume(state: &mut State) -> Vec<Effect> {
    match state.meant_trigger().cloned() {
        Some(view) if can_resume_trigger(&view) => send(state, &view, TriggerWish::Resume),
        view => stands_so(state, view.as_ref()),
    }
}

/// Enables one that is disabled; asks before it disables any other.
pub fn on_off(state: &mut State) -> Vec<Effect> {
    match state.meant_trigger().cloned() {
        Some(view) if view.status == "disabled" => send(state, &view, TriggerWish::Enable),
        Some(view) if view.status != "gone" => ask(state, &view, Noted::Disable),
        view => stands_so(state, view.as_ref()),
    }
}

fn ask(state: &mut State, view: &TriggerView, noted: Noted) -> Vec<Effect> {
    let name = TriggerName::of(view);
    state.notice = None;
    state.overlay =
        Some(Overlay::Order(Order { name, noted, note: Input::default(), missing: false }));
    Vec::new()
}

/// Why nothing was done.
pub(super) fn stands_so(state: &mut State, view: Option<&TriggerView>) -> Vec<Effect> {
    let text = match view {
        Some(view) => {
            let name = names::trigger(state, &TriggerName::of(view));
            let status = names::status_word(state, &view.status);
            say!(state.words, "trigger-stands", name = name, status = status)
        }
        None => say!(state.words, "trigger-none-meant"),
    };
    state.tell(Tone::Warn, text, String::new());
    Vec::new()
}

pub fn key(state: &mut State, mut order: Order, key: Key) -> Vec<Effect> {
    match key {
        Key::Esc => return Vec::new(),
        Key::Enter if order.noted == Noted::Pause && order.note.text().trim().is_empty() => {
            order.missing = true;
        }
        Key::Enter => {
            let wish = order.wish();
            return call(state, order.name, wish);
        }
        _ => {
            if order.note.key(key) {
                order.missing = false;
            }
        }
    }
    state.overlay = Some(Overlay::Order(order));
    Vec::new()
}

pub fn paste(order: &mut Order, text: &str) {
    order.note.paste(text);
    order.missing = false;
}

fn send(state: &mut State, view: &TriggerView, wish: TriggerWish) -> Vec<Effect> {
    call(state, TriggerName::of(view), wish)
}

fn call(state: &mut State, name: TriggerName, wish: TriggerWish) -> Vec<Effect> {
    let command = command::trigger(&state.namespace, &name, &wish);
    let text = say!(state.words, "trigger-asked", name = names::trigger(state, &name));
    state.tell(Tone::Busy, text, command);
    state.calls += 1;
    vec![Effect::Call(Call::Order { name, wish })]
}

/// The daemon has taken it, or not.
pub fn ordered(
    state: &mut State,
    name: &TriggerName,
    wish: &TriggerWish,
    answer: Result<TriggerView, Fault>,
) {
    let view = match answer {
        Ok(view) => view,
        Err(fault) => return news::refused(state, &fault),
    };
    let shown = names::trigger(state, name);
    let status = names::status_word(state, &view.status);
    let mut text = say!(state.words, "trigger-stands", name = shown, status = status);
    let wanted = match wish {
        TriggerWish::Enable | TriggerWish::Resume => "armed",
        TriggerWish::Disable { .. } => "disabled",
        TriggerWish::Pause { .. } => "paused",
    };
    let tone = if view.status == wanted { Tone::Good } else { Tone::Warn };
    // another reason comes first
    if let Some(why) = view.why.as_ref().filter(|_| view.status != wanted) {
        text = format!("{text}: {}", names::said(state, why));
    } else if !view.open.is_empty() && wanted != "armed" {
        let open = say!(state.words, "trigger-open", count = view.open.len());
        text = format!("{text}; {open}");
    }
    // the way back
    let command = match wish {
        TriggerWish::Enable | TriggerWish::Resume => {
            command::past(&state.namespace, name, Some(&view))
        }
        TriggerWish::Disable { .. } => command::trigger_enable(&state.namespace, name),
        TriggerWish::Pause { .. } => command::trigger_resume(&state.namespace, name),
    };
    state.tell(tone, text, command);
    if let Some(open) = state.trigger.as_mut().filter(|open| open.name == *name) {
        open.view = Some(view.clone());
    }
    state.triggers.put(view);
    moving::settle(state);
}
