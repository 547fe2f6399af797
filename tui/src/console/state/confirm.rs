//! Asking before something ends: the dialog names what, and what comes of it.
//!
//! One run needs a yes, with the focus on keeping it; several need their number
//! typed, whatever is done to them.

use rpa_engine::RunId;

use super::{Again, Effect, Input, Overlay, State, Verb, again, bulk};
use crate::console::keys::{Key, Layout};
use crate::console::theme::Tone;
use crate::say;

/// Runs to be cancelled, paused and so on, with what names them to a person.
#[derive(Clone, Debug)]
pub struct Confirm {
    pub verb: Verb,
    pub runs: Vec<(RunId, String)>,
    /// Whether the yes has the focus.
    pub yes: bool,
    /// For several runs: their number must be typed.
    pub typed: Input,
    /// Where runs are retried and another revision is live than some of them had.
    pub revision: Option<Choice>,
}

/// Of each run its own revision, or the live one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Runs for which the two differ.
    pub other: usize,
    /// Whether the live one is chosen.
    pub newest: bool,
}

impl Confirm {
    pub fn is_typed(&self) -> bool {
        self.runs.len() > 1
    }

    fn is_answered(&self) -> bool {
        if self.is_typed() { self.typed.text().trim() == self.runs.len().to_string() } else { true }
    }

    pub fn ids(&self) -> Vec<RunId> {
        self.runs.iter().map(|(run, _)| *run).collect()
    }

    /// How runs are retried.
    pub fn retries(&self) -> Vec<Again> {
        let newest = self.revision.is_some_and(|choice| choice.newest);
        let again = |(run, _): &(RunId, String)| Again { newest, ..Again::retry(*run) };
        self.runs.iter().map(again).collect()
    }
}

/// Opens the dialog for the meant runs that can still be cancelled.
pub fn ask(state: &mut State) {
    let mut runs: Vec<(RunId, String)> = Vec::new();
    let mut add = |run: RunId, workflow: &str, status: &str| {
        if !super::is_over(status) {
            runs.push((run, workflow.to_owned()));
        }
    };
    match &state.run {
        Some(screen) => {
            let Some(detail) = &screen.detail else { return };
            add(screen.run, &detail.summary.workflow, &detail.summary.status);
        }
        None => state.runs.meant().iter().for_each(|r| add(r.run, &r.workflow, &r.status)),
    }
    if runs.is_empty() {
        let text = say!(state.words, "cancel-nothing");
        return state.tell(Tone::Warn, text, String::new());
    }
    open(state, Verb::Cancel, runs);
}

/// The dialog about these runs.
fn open(state: &mut State, verb: Verb, runs: Vec<(RunId, String)>) {
    let other = runs.iter().filter(|(run, _)| {
        let row = state.runs.rows.iter().find(|row| row.run == *run);
        row.is_some_and(|row| again::other_live(state, row).is_some())
    });
    let other = if verb == Verb::Retry { other.count() } else { 0 };
    let revision = (other > 0).then_some(Choice { other, newest: false });
    let typed = Input::default();
    state.overlay = Some(Overlay::Confirm(Confirm { verb, runs, yes: false, typed, revision }));
}

/// Does it to one run; to several after a person has typed how many there are.
pub fn ask_for_several(state: &mut State, verb: Verb, runs: &[RunId]) -> Vec<Effect> {
    if runs.len() <= 1 {
        return bulk::send(state, verb, runs);
    }
    let workflow = |run: &RunId| {
        let row = state.runs.rows.iter().find(|row| row.run == *run);
        row.map(|row| row.workflow.clone()).unwrap_or_default()
    };
    let runs = runs.iter().map(|run| (*run, workflow(run))).collect();
    open(state, verb, runs);
    Vec::new()
}

pub fn key(state: &mut State, mut dialog: Confirm, key: Key) -> Vec<Effect> {
    let layout = state.settings.keyboard;
    let answer = match key {
        Key::Tab | Key::BackTab if dialog.revision.is_some() => {
            dialog.revision.iter_mut().for_each(|choice| choice.newest = !choice.newest);
            Answer::Other
        }
        Key::Esc => Answer::No,
        Key::Enter if dialog.is_typed() => Answer::Yes,
        _ if dialog.is_typed() => Answer::Other,
        _ => yes_or_no(key, dialog.yes, layout),
    };
    match answer {
        Answer::Yes if dialog.is_answered() => {
            return match dialog.verb {
                Verb::Retry => bulk::send_again(state, dialog.retries()),
                verb => bulk::send(state, verb, &dialog.ids()),
            };
        }
        Answer::No => return Vec::new(),
        Answer::Switch => dialog.yes = !dialog.yes,
        Answer::Other if dialog.is_typed() => {
            dialog.typed.key(key);
        }
        Answer::Yes | Answer::Other => {}
    }
    state.overlay = Some(Overlay::Confirm(dialog));
    Vec::new()
}

/// What a key means to a dialog with two buttons.
pub(super) enum Answer {
    Yes,
    No,
    /// The other button gets the focus.
    Switch,
    Other,
}

pub(super) fn yes_or_no(key: Key, yes: bool, layout: Layout) -> Answer {
    match key {
        Key::Enter if yes => Answer::Yes,
        Key::Esc | Key::Enter => Answer::No,
        _ => match layout.latin(key) {
            Key::Char('y' | 'Y') => Answer::Yes,
            Key::Char('n' | 'N') => Answer::No,
            Key::Left | Key::Right | Key::Tab | Key::BackTab | Key::Up | Key::Down => {
                Answer::Switch
            }
            // the first letters of да and не, where they are not on the keys of y and n
            _ => match key {
                Key::Char('д' | 'Д') => Answer::Yes,
                Key::Char('н' | 'Н') => Answer::No,
                _ => Answer::Other,
            },
        },
    }
}
