//! Leaving the editor: what was changed and not saved asks first.

use super::super::{Effect, State};
use super::{EditorDialog, keep, screen, show};
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::console::view::names;
use crate::say;

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveStop {
    Stay,
    /// The draft stays for another time.
    Keep,
    Discard,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    pub at: LeaveStop,
    /// The console ends afterwards.
    pub quits: bool,
}

impl Leave {
    /// What can be chosen: without a home directory nothing is kept.
    pub fn stops(state: &State) -> &'static [LeaveStop] {
        match state.drafts.directory {
            Some(_) => &[LeaveStop::Stay, LeaveStop::Keep, LeaveStop::Discard],
            None => &[LeaveStop::Stay, LeaveStop::Discard],
        }
    }
}

/// Leaves, or asks before.
pub fn leave(state: &mut State, quits: bool) -> Vec<Effect> {
    let Some(editor) = state.editor() else { return Vec::new() };
    if editor.is_changed() {
        return show(state, EditorDialog::Leave(Leave { at: LeaveStop::Stay, quits }));
    }
    let name = editor.name.clone();
    let mut effects = keep::forget(state, &name);
    screen::close(state);
    effects.extend(quits.then_some(Effect::Quit));
    effects
}

pub fn key(state: &mut State, mut leave: Leave, key: Key) -> Vec<Effect> {
    let stops = Leave::stops(state);
    let at = stops.iter().position(|stop| *stop == leave.at).unwrap_or(0);
    match key {
        Key::Esc => return Vec::new(),
        Key::Left | Key::BackTab => leave.at = stops[(at + stops.len() - 1) % stops.len()],
        Key::Right | Key::Tab => leave.at = stops[(at + 1) % stops.len()],
        Key::Enter => return done(state, leave),
        _ => {}
    }
    show(state, EditorDialog::Leave(leave))
}

fn done(state: &mut State, leave: Leave) -> Vec<Effect> {
    let Some(editor) = state.editor() else { return Vec::new() };
    let name = editor.name.clone();
    let mut effects = match leave.at {
        LeaveStop::Stay => return Vec::new(),
        LeaveStop::Keep => Vec::new(),
        LeaveStop::Discard => {
            let text = names::workflow(state, &name.workflow);
            let text = say!(state.words, "edit-discarded", name = text);
            state.tell(Tone::Plain, text, String::new());
            keep::forget(state, &name)
        }
    };
    screen::close(state);
    if leave.at == LeaveStop::Keep {
        keep::tell(state);
    }
    effects.extend(leave.quits.then_some(Effect::Quit));
    effects
}
