//! Drafts that are kept: every change of one is written, and what was written is found
//! again, whatever has ended the console.

use std::path::PathBuf;

use rpa_ipc::catalog::WorkflowState;
use rpa_ipc::view::WorkflowView;

use super::super::{Effect, Overlay, State};
use super::{EditorDialog, awaited, screen, show};
use crate::console::command;
use crate::console::drafts::{DraftName, DraftWork, Kept};
use crate::console::keys::Key;
use crate::console::state::workflow::{EditWay, new_template};
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

    /// Whether another console writes it.
    fn is_held(&self, kept: &Kept) -> bool {
        kept.held && kept.name.process != self.process
    }

    /// The name of a draft that begins now, in a file that is this console's alone.
    pub fn begin(&self, workflow: &str, base: Option<u32>, now_ms: u64) -> DraftName {
        let (begun_ms, process) = (now_ms, self.process);
        DraftName { workflow: workflow.to_owned(), base, begun_ms, process }
    }

    fn work(&self, work: DraftWork) -> Vec<Effect> {
        self.directory.as_ref().map(|_| Effect::Draft(work)).into_iter().collect()
    }
}

impl State {
    /// What was kept by earlier consoles, and where it lies.
    pub fn begin_with_drafts(&mut self, drafts: Drafts) {
        self.drafts = drafts;
        list(self);
        if !self.settings.read_only {
            tell(self);
        }
    }
}

/// The draft as it is now, written.
pub fn keep(state: &mut State, name: &DraftName, text: &str) -> Vec<Effect> {
    remember(state, name, text);
    let path = state.drafts.path(name);
    state.drafts.work(DraftWork::Keep { path, text: text.to_owned() })
}

/// The same, in another file than before, which goes when this one is there.
pub fn keep_as(state: &mut State, from: &DraftName, name: &DraftName, text: &str) -> Vec<Effect> {
    state.drafts.kept.retain(|other| other.name != *from);
    remember(state, name, text);
    let (from, path) = (state.drafts.path(from), state.drafts.path(name));
    state.drafts.work(DraftWork::Move { from, path, text: text.to_owned() })
}

fn remember(state: &mut State, name: &DraftName, text: &str) {
    let (at_ms, text) = (state.now_ms, text.to_owned());
    state.drafts.kept.retain(|other| other.name != *name);
    state.drafts.kept.insert(0, Kept { name: name.clone(), at_ms, text, held: true });
    list(state);
}

/// There is nothing of it to be kept.
pub fn forget(state: &mut State, name: &DraftName) -> Vec<Effect> {
    let before = state.drafts.kept.len();
    state.drafts.kept.retain(|other| other.name != *name);
    if state.drafts.kept.len() == before {
        return Vec::new();
    }
    list(state);
    let path = state.drafts.path(name);
    state.drafts.work(DraftWork::Forget { path })
}

/// Drafts of workflows that are not there yet stand in the list of workflows.
pub fn list(state: &mut State) {
    let here = format!("{}/", state.namespace);
    let mut unsaved: Vec<WorkflowView> = Vec::new();
    for kept in &state.drafts.kept {
        let name = &kept.name.workflow;
        let is_listed = state.workflows.named(name).is_some()
            || unsaved.iter().any(|row| row.workflow == *name);
        if kept.name.base.is_none() && name.starts_with(&here) && !is_listed {
            unsaved.push(row(name, kept.at_ms));
        }
    }
    unsaved.sort_by(|a, b| a.workflow.cmp(&b.workflow));
    state.workflows.unsaved = unsaved;
}

fn row(workflow: &str, at_ms: u64) -> WorkflowView {
    WorkflowView {
        workflow: workflow.to_owned(),
        revision: 0,
        state: WorkflowState { word: "draft".into(), change: None, live: None, draft: None },
        description: String::new(),
        tags: Vec::new(),
        category: String::new(),
        applied_ms: at_ms,
        applied_by: String::new(),
        variables: Vec::new(),
        steps: Vec::new(),
        last_run: None,
    }
}

/// A draft was found: what becomes of it?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub name: DraftName,
    pub at_ms: u64,
    /// Another console has it open: it stays as it is, whatever is chosen.
    pub held: bool,
    /// Whether going on with it has the focus, and not throwing it away.
    pub go_on: bool,
    /// Whether it was looked at how it lies on disk by now: it is answered then.
    known: bool,
    /// It was answered before.
    chosen: bool,
}

/// Asks about the draft of a workflow, where there is one; `known` as in [`Found`].
pub fn ask(state: &mut State, workflow: &str, known: bool) -> bool {
    let Some(kept) = state.drafts.of(workflow) else { return false };
    let (name, at_ms, held) = (kept.name.clone(), kept.at_ms, state.drafts.is_held(kept));
    let found = Found { name, at_ms, held, go_on: true, known, chosen: false };
    show(state, EditorDialog::Found(found));
    true
}

/// Goes on with the draft of a workflow, as if it had been asked about and answered so.
pub fn resume(state: &mut State, workflow: &str, is_new: bool) -> Vec<Effect> {
    let mut effects = awaited::look(state, workflow.to_owned(), is_new);
    effects.extend(match state.overlay.take() {
        Some(Overlay::Editor(dialog)) => super::key(state, *dialog, Key::Enter),
        other => {
            state.overlay = other;
            Vec::new()
        }
    });
    effects
}

/// What lies on disk. Where an editor is waited for, it goes on from here.
pub fn found(state: &mut State, kept: Vec<Kept>) -> Vec<Effect> {
    // what this console has written last may not be there, when the disk is full
    let ours = state.drafts.process;
    let mut all: Vec<Kept> =
        state.drafts.kept.drain(..).filter(|kept| kept.name.process == ours).collect();
    let is_new = |kept: &Kept| !all.iter().any(|other| other.name == kept.name);
    let others: Vec<Kept> = kept.into_iter().filter(is_new).collect();
    all.extend(others);
    all.sort_by_key(|kept| std::cmp::Reverse(kept.at_ms));
    state.drafts.kept = all;
    list(state);
    match state.overlay.take() {
        Some(Overlay::Editor(dialog)) => match *dialog {
            EditorDialog::Found(found) => renewed(state, &found),
            other => {
                show(state, other);
                looked(state)
            }
        },
        other => {
            state.overlay = other;
            looked(state)
        }
    }
}

/// It is known how the draft that is asked about lies on disk.
fn renewed(state: &mut State, asked: &Found) -> Vec<Effect> {
    let workflow = asked.name.workflow.clone();
    // somebody else may have saved it, or gone on with it, meanwhile
    let same = state.drafts.kept.iter().find(|kept| kept.name == asked.name);
    let Some(kept) = same.or_else(|| state.drafts.of(&workflow)) else {
        return begin(state, workflow, asked.name.base.is_none());
    };
    let (name, at_ms, held) = (kept.name.clone(), kept.at_ms, state.drafts.is_held(kept));
    let is_same = name == asked.name && held == asked.held;
    let found = Found { name, at_ms, held, go_on: asked.go_on, known: true, chosen: false };
    match asked.chosen && is_same {
        true => key(state, found, Key::Enter),
        false => show(state, EditorDialog::Found(found)),
    }
}

/// The drafts are known: one of what is waited for is asked about, else it is opened.
pub fn looked(state: &mut State) -> Vec<Effect> {
    // a revision that is waited for has nothing to do with this
    let Some(asked) = state.awaited.take_if(|asked| asked.way == EditWay::Visual) else {
        return Vec::new();
    };
    if !awaited::is_here(state, &asked) {
        return Vec::new();
    }
    match ask(state, &asked.workflow, true) {
        true => Vec::new(),
        false => begin(state, asked.workflow, asked.is_new),
    }
}

/// A draft of its own of the newest revision, or of nothing.
fn begin(state: &mut State, workflow: String, is_new: bool) -> Vec<Effect> {
    if !is_new {
        return awaited::fetch(state, workflow, EditWay::Visual);
    }
    let name = last_part(&workflow).to_owned();
    let text = new_template(&name, state.words.language());
    let draft = state.drafts.begin(&workflow, None, state.now_ms);
    screen::open(state, draft, &text, &text);
    // it has no history yet
    let said = say!(state.words, "new-begun", name = name);
    let command = command::init(&state.namespace, &workflow);
    state.tell(Tone::Faint, said, command);
    Vec::new()
}

fn last_part(workflow: &str) -> &str {
    workflow.rsplit('/').next().unwrap_or(workflow)
}

pub fn key(state: &mut State, mut found: Found, key: Key) -> Vec<Effect> {
    found.chosen = false;
    match key {
        // it is asked again the next time
        Key::Esc => return Vec::new(),
        Key::Enter if !found.known => found.chosen = true,
        Key::Enter if found.go_on => return go_on(state, &found.name),
        Key::Enter if found.held => {
            return begin(state, found.name.workflow, found.name.base.is_none());
        }
        Key::Enter => {
            let mut effects = forget(state, &found.name);
            let name = names::workflow(state, &found.name.workflow);
            let text = say!(state.words, "edit-discarded", name = name);
            state.tell(Tone::Plain, text, String::new());
            if found.name.base.is_some() {
                effects.extend(awaited::fetch(state, found.name.workflow, EditWay::Visual));
            }
            return effects;
        }
        Key::Left | Key::Right | Key::Tab | Key::BackTab => found.go_on = !found.go_on,
        _ => {}
    }
    show(state, EditorDialog::Found(found))
}

/// Goes on with a draft that was kept: the revision that it began with says what was changed.
fn go_on(state: &mut State, name: &DraftName) -> Vec<Effect> {
    if name.base.is_some() {
        return awaited::fetch(state, name.workflow.clone(), EditWay::Kept(name.clone()));
    }
    take_up(state, name, None)
}

/// Opens a kept draft. `newest`: the revision that is the newest by now, with its text.
///
/// A file has one console that writes it. One of a console that has ended is taken over under
/// a name of our own; of one that lives, a copy is gone on with.
pub fn take_up(state: &mut State, name: &DraftName, newest: Option<(u32, &str)>) -> Vec<Effect> {
    let kept = state.drafts.kept.iter().find(|kept| kept.name == *name).cloned();
    let Some(kept) = kept else { return Vec::new() };
    let held = state.drafts.is_held(&kept);
    let own = match kept.name.process == state.drafts.process {
        true => kept.name.clone(),
        false => state.drafts.begin(&name.workflow, name.base, state.now_ms),
    };
    let before = match (newest.filter(|(number, _)| Some(*number) == name.base), name.base) {
        (Some((_, text)), _) => text.to_owned(),
        (None, None) => new_template(last_part(&name.workflow), state.words.language()),
        (None, Some(_)) => String::new(),
    };
    screen::open(state, own.clone(), &before, &kept.text);
    let effects = match (own == kept.name, held) {
        (true, _) => Vec::new(),
        (false, true) => keep(state, &own, &kept.text),
        (false, false) => keep_as(state, &kept.name, &own, &kept.text),
    };
    let moment = time::moment(state, kept.at_ms);
    let (text, tone) = match newest.filter(|(number, _)| Some(*number) != name.base) {
        Some((number, _)) => {
            let base = name.base.unwrap_or_default();
            (say!(state.words, "draft-older", base = base, newest = number), Tone::Warn)
        }
        None if held => (say!(state.words, "draft-copied", moment = moment), Tone::Warn),
        None => (say!(state.words, "draft-taken-up", moment = moment), Tone::Plain),
    };
    state.tell(tone, text, String::new());
    effects
}

/// Said when a console begins, and when one leaves a draft behind.
pub fn tell(state: &mut State) {
    // what another console has open is none that was left behind
    let mut left = state.drafts.kept.iter().filter(|kept| !state.drafts.is_held(kept));
    let count = left.clone().count();
    let Some(kept) = left.next() else { return };
    let (moment, name) = (time::moment(state, kept.at_ms), &kept.name.workflow);
    let name = names::workflow(state, name);
    let text = match count {
        1 => say!(state.words, "draft-kept", name = name, moment = moment),
        count => say!(state.words, "drafts-kept", count = count, name = name, moment = moment),
    };
    state.tell(Tone::Warn, text, String::new());
}
