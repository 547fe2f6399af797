//! Revisions: read, compared, brought back, made live. What changes what new runs are of
//! asks first.

use rpa_ipc::Fault;
use rpa_ipc::catalog::{Changed, RevisionView};
use rpa_ipc::view::Applied;

use super::super::confirm::{Answer, yes_or_no};
use super::super::{Call, Effect, Overlay, State, moving, news};
use super::text::{TextWhat, fetch};
use crate::console::command;
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::console::view::names;
use crate::say;

/// What is done with a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revision {
    /// It is the one that new runs are of.
    Publish,
    /// Its text becomes a new revision, which is live.
    RollBack,
}

/// The dialog before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revise {
    pub what: Revision,
    pub workflow: String,
    pub revision: u32,
    /// The one that is live now.
    pub live: Option<u32>,
    /// Whether the yes has the focus.
    pub yes: bool,
}

/// Whether it would change anything to make it live.
pub fn can_publish(revision: &RevisionView) -> bool {
    revision.state != "live"
}

/// The source of the selected revision.
pub fn source(state: &mut State) -> Vec<Effect> {
    let selected = state.workflow.as_ref().and_then(|open| open.revision());
    match selected.map(|revision| revision.revision) {
        Some(revision) => fetch(state, TextWhat::Source(revision)),
        None => Vec::new(),
    }
}

/// Marks the selected revision as the one that others are compared with; again, unmarks.
pub fn mark(state: &mut State) {
    let Some(open) = &mut state.workflow else { return };
    let Some(id) = open.revision().map(|revision| revision.revision.to_string()) else { return };
    let had = open.revisions.marks.remove(&id);
    open.revisions.marks.clear();
    if !had {
        open.revisions.marks.insert(id);
    }
}

/// What differs between the selected revision and the marked one, else the live one; of
/// the live one itself, what it has changed.
pub fn diff(state: &mut State) -> Vec<Effect> {
    let Some(open) = &state.workflow else { return Vec::new() };
    let Some(selected) = open.revision().map(|revision| revision.revision) else {
        return Vec::new();
    };
    let marked = open.revisions.marks.iter().find_map(|mark| mark.parse().ok());
    let older = open.history().iter().map(|r| r.revision).filter(|r| *r < selected).max();
    let other = marked.or(open.live()).filter(|other| *other != selected).or(older);
    match other {
        Some(other) => fetch(state, TextWhat::Diff(other.min(selected), other.max(selected))),
        None => {
            let text = say!(state.words, "diff-nothing");
            state.tell(Tone::Warn, text, String::new());
            Vec::new()
        }
    }
}

pub fn ask_publish(state: &mut State) {
    ask(state, Revision::Publish);
}

pub fn ask_rollback(state: &mut State) {
    ask(state, Revision::RollBack);
}

fn ask(state: &mut State, what: Revision) {
    let Some(open) = &state.workflow else { return };
    let Some(selected) = open.revision() else { return };
    if !can_publish(selected) {
        let text = say!(state.words, "revision-is-live", revision = selected.revision);
        return state.tell(Tone::Warn, text, String::new());
    }
    let dialog = Revise {
        what,
        workflow: open.name.clone(),
        revision: selected.revision,
        live: open.live(),
        yes: false,
    };
    state.notice = None;
    state.overlay = Some(Overlay::Revise(dialog));
}

pub fn key(state: &mut State, mut dialog: Revise, key: Key) -> Vec<Effect> {
    match yes_or_no(key, dialog.yes, state.settings.keyboard) {
        Answer::Yes => return send(state, dialog),
        Answer::No => return Vec::new(),
        Answer::Switch => dialog.yes = !dialog.yes,
        Answer::Other => {}
    }
    state.overlay = Some(Overlay::Revise(dialog));
    Vec::new()
}

impl Revise {
    /// The command that does the same.
    pub fn command(&self, state: &State) -> String {
        match self.what {
            Revision::Publish => command::publish(&state.namespace, &self.workflow, self.revision),
            Revision::RollBack => {
                command::rollback(&state.namespace, &self.workflow, self.revision)
            }
        }
    }
}

fn send(state: &mut State, dialog: Revise) -> Vec<Effect> {
    let name = names::workflow(state, &dialog.workflow);
    let text = say!(state.words, "trigger-asked", name = name);
    state.tell(Tone::Busy, text, dialog.command(state));
    state.calls += 1;
    let Revise { workflow, revision, .. } = dialog;
    vec![Effect::Call(match dialog.what {
        Revision::Publish => Call::Publish { workflow, revision },
        Revision::RollBack => Call::RollBack { workflow, revision },
    })]
}

pub fn published(state: &mut State, answer: Result<Changed, Fault>) {
    match answer {
        Ok(changed) => {
            let name = names::workflow(state, &changed.workflow);
            let live = changed.state.live.unwrap_or_default();
            let text = say!(state.words, "revision-published", name = name, revision = live);
            let command = command::history(&state.namespace, &changed.workflow);
            state.tell(Tone::Good, text, command);
            moving::settle(state);
        }
        Err(fault) => news::refused(state, &fault),
    }
}

pub fn rolled_back(state: &mut State, from: u32, answer: Result<Applied, Fault>) {
    match answer {
        Ok(Applied::Accepted { workflow, revision, .. }) => {
            let name = names::workflow(state, &workflow);
            let text = say!(
                state.words,
                "revision-rolled-back",
                name = name,
                revision = revision,
                from = from
            );
            let command = command::history(&state.namespace, &workflow);
            state.tell(Tone::Good, text, command);
        }
        // of a version that knows less, or more, than the one that took it
        Ok(Applied::Refused { problems }) => {
            let first = problems.iter().find(|problem| !problem.warning);
            let why = first.map(|problem| problem.message.clone()).unwrap_or_default();
            let text = say!(state.words, "revision-refused", revision = from, why = why);
            state.tell(Tone::Bad, text, String::new());
        }
        Err(fault) => news::refused(state, &fault),
    }
}
