//! Drafts that are kept: every change of one is written, and what was written is found
//! again, whatever has ended the console.

use std::path::PathBuf;

use super::super::{Call, Effect, State};
use super::{EditorDialog, screen, show};
use crate::console::drafts::{DraftName, DraftWork, Kept};
use crate::console::keys::Key;
use crate::console::state::workflow::EditWay;
use crate::console::theme::Tone;
use crate::console::time;
use crate::console::view::names;
use crate::say;

/// What is known of kept drafts.
#[derive(Clone, Debug, Default)]
pub struct Drafts {
    /// Where they lie; `None` where there is no home directory to keep them in.
    pub directory: Option<PathBuf>,
    /// Of this console.
    pub process: u32,
    /// The one that was changed last comes first.
    pub kept: Vec<Kept>,
}

impl Drafts {
    /// The file of a draft.
    pub fn path(&self, name: &DraftName) -> PathBuf {
        let file = name.file_name();
        self.directory.as_ref().map_or_else(|| PathBuf::from(&file), |dir| dir.join(&file))
    }

    /// The newest of a workflow.
    pub fn of(&self, workflow: &str) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.name.workflow == workflow)
    }

    fn work(&self, work: DraftWork) -> Vec<Effect> {
        self.directory.iter().map(|_| Effect::Draft(work.clone())).collect()
    }
}

impl State {
    /// What was kept by earlier consoles, and where it lies.
    pub fn begin_with_drafts(&mut self, drafts: Drafts) {
        self.drafts = drafts;
        if !self.settings.read_only {
            tell(self);
        }
    }
}

/// The draft as it is now, written.
pub fn keep(state: &mut State, name: &DraftName, text: &str) -> Vec<Effect> {
    let kept = Kept { name: name.clone(), at_ms: state.now_ms, text: text.to_owned() };
    state.drafts.kept.retain(|other| other.name != *name);
    state.drafts.kept.insert(0, kept);
    let path = state.drafts.path(name);
    state.drafts.work(DraftWork::Keep { path, text: text.to_owned() })
}

/// There is nothing of it to be kept.
pub fn forget(state: &mut State, name: &DraftName) -> Vec<Effect> {
    let before = state.drafts.kept.len();
    state.drafts.kept.retain(|other| other.name != *name);
    if state.drafts.kept.len() == before {
        return Vec::new();
    }
    let path = state.drafts.path(name);
    state.drafts.work(DraftWork::Forget { path })
}

/// A draft was found: what becomes of it?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub name: DraftName,
    pub at_ms: u64,
    /// Whether going on with it has the focus, and not throwing it away.
    pub go_on: bool,
}

/// Asks about the draft of a workflow, where there is one.
pub fn ask(state: &mut State, workflow: &str) -> bool {
    let Some(kept) = state.drafts.of(workflow) else { return false };
    let found = Found { name: kept.name.clone(), at_ms: kept.at_ms, go_on: true };
    show(state, EditorDialog::Found(found));
    true
}

pub fn key(state: &mut State, mut found: Found, key: Key) -> Vec<Effect> {
    match key {
        // it is asked again the next time
        Key::Esc => return Vec::new(),
        Key::Enter if found.go_on => return go_on(state, &found.name),
        Key::Enter => {
            let mut effects = forget(state, &found.name);
            let name = names::workflow(state, &found.name.workflow);
            let text = say!(state.words, "edit-discarded", name = name);
            state.tell(Tone::Plain, text, String::new());
            if found.name.base.is_some() {
                effects.extend(fetch(state, found.name.workflow, EditWay::Visual));
            }
            return effects;
        }
        Key::Left | Key::Right | Key::Tab | Key::BackTab => found.go_on = !found.go_on,
        _ => {}
    }
    show(state, EditorDialog::Found(found))
}

/// Goes on with a draft that was kept: the revision that it began with says what was changed.
pub fn go_on(state: &mut State, name: &DraftName) -> Vec<Effect> {
    if name.base.is_some() {
        return fetch(state, name.workflow.clone(), EditWay::Kept(name.clone()));
    }
    take_up(state, name, None)
}

fn fetch(state: &mut State, workflow: String, way: EditWay) -> Vec<Effect> {
    state.calls += 1;
    vec![Effect::Call(Call::Newest { workflow, way })]
}

/// Opens a kept draft. `newest`: the revision that is the newest by now, with its text.
pub fn take_up(state: &mut State, name: &DraftName, newest: Option<(u32, &str)>) -> Vec<Effect> {
    let kept = state.drafts.kept.iter().find(|kept| kept.name == *name).cloned();
    let Some(kept) = kept else { return Vec::new() };
    let before = newest.filter(|(number, _)| Some(*number) == name.base);
    let before = before.map_or("", |(_, text)| text);
    screen::open(state, kept.name, before, &kept.text);
    let (text, tone) = match newest.filter(|(number, _)| Some(*number) != name.base) {
        Some((number, _)) => {
            let base = name.base.unwrap_or_default();
            (say!(state.words, "draft-older", base = base, newest = number), Tone::Warn)
        }
        None => {
            let moment = time::moment(state, kept.at_ms);
            (say!(state.words, "draft-taken-up", moment = moment), Tone::Plain)
        }
    };
    state.tell(tone, text, String::new());
    Vec::new()
}

/// Said when a console begins, and when one leaves a draft behind.
pub fn tell(state: &mut State) {
    let Some(kept) = state.drafts.kept.first() else { return };
    let (moment, name) = (time::moment(state, kept.at_ms), &kept.name.workflow);
    let name = names::workflow(state, name);
    let text = match state.drafts.kept.len() {
        1 => say!(state.words, "draft-kept", name = name, moment = moment),
        count => say!(state.words, "drafts-kept", count = count, name = name, moment = moment),
    };
    state.tell(Tone::Warn, text, String::new());
}
