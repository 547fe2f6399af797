//! A run again: a retry, or from a step on. What an ended run has settled well is kept.

use rpa_engine::RunId;
use rpa_ipc::Fault;
use rpa_ipc::service::GivenValue;
use rpa_ipc::view::{RunDetail, RunSummary, StepView};

use super::confirm::{Answer, yes_or_no};
use super::{Call, Effect, Form, Overlay, State, Verb, confirm, is_over, places};
use crate::console::command;
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::say;

/// What is asked of the daemon.
#[derive(Clone, Debug, PartialEq)]
pub struct Again {
    pub run: RunId,
    /// The step to begin from; `None`: all that did not settle well.
    pub from: Option<String>,
    /// With the live revision, rather than that of the run.
    pub newest: bool,
    /// Those that are other than they were.
    pub variables: Vec<(String, GivenValue)>,
    /// The same as a command may show them.
    pub shown: Vec<(String, String)>,
    /// Steps of the class `once` too.
    pub repeat_once: bool,
}

impl Again {
    /// What did not settle well once more, with the same values.
    pub fn retry(run: RunId) -> Again {
        let (variables, shown) = Default::default();
        Again { run, from: None, newest: false, variables, shown, repeat_once: false }
    }
}

/// The question whether steps of the class `once` shall be repeated.
#[derive(Clone, Debug)]
pub struct Repeat {
    pub again: Again,
    /// What the daemon said; it names the steps.
    pub fault: Fault,
    /// Whether the yes has the focus.
    pub yes: bool,
}

/// Retries the open run, or the one that is meant in the list.
pub fn retry(state: &mut State) -> Vec<Effect> {
    if state.run.is_none() && state.runs.cursor.marks.len() > 1 {
        return retry_all(state);
    }
    let Some(RunSummary { run, status, .. }) = meant(state) else { return Vec::new() };
    if !is_over(&status) {
        not_ended(state, &status);
        return Vec::new();
    }
    if status == "completed" {
        let text = say!(state.words, "retry-completed");
        state.tell(Tone::Warn, text, String::new());
        return Vec::new();
    }
    send(state, Again::retry(run))
}

/// Those of the marked runs that did not settle well.
fn retry_all(state: &mut State) -> Vec<Effect> {
    let may = |run: &&RunSummary| matches!(run.status.as_str(), "failed" | "cancelled");
    let runs: Vec<RunId> = state.runs.meant().into_iter().filter(may).map(|r| r.run).collect();
    if runs.is_empty() {
        let text = say!(state.words, "retry-nothing");
        state.tell(Tone::Warn, text, String::new());
        return Vec::new();
    }
    confirm::ask_for_several(state, Verb::Retry, runs)
}

/// Opens the form that runs again from the selected step; from the list the run first:
/// only there are steps to select.
pub fn rerun(state: &mut State) {
    let Some(RunSummary { run, status, .. }) = meant(state) else { return };
    if !is_over(&status) {
        return not_ended(state, &status);
    }
    if state.run.is_none() {
        places::open_run(state, run);
        let text = say!(state.words, "rerun-select");
        return state.tell(Tone::Plain, text, String::new());
    }
    let open = state.run.as_ref().and_then(|run| Some((run.detail.as_ref()?, run.selected()?)));
    let Some((detail, step)) = open else { return };
    match begins_from(state, step) {
        Ok(from) => {
            let form = Form::again(detail, from, state.workflows.named(&detail.summary.workflow));
            state.overlay = Some(Overlay::Form(form));
            state.notice = None;
        }
        Err(why) => state.tell(Tone::Warn, why, String::new()),
    }
}

/// A step of the workflow's own list; else why not, and what to do.
fn begins_from(state: &State, step: &StepView) -> Result<String, String> {
    let path = step.path.as_str();
    match path.split(['/', '[']).next() {
        Some(top) if top.starts_with('@') => Err(say!(state.words, "rerun-handler")),
        Some(top) if top != path => Err(say!(state.words, "rerun-inside", step = top)),
        _ => Ok(path.to_owned()),
    }
}

/// The open run, or the one of the list; says why when there is none, or several are.
fn meant(state: &mut State) -> Option<RunSummary> {
    let (found, why) = match &state.run {
        Some(screen) => {
            (screen.detail.as_ref().map(|detail: &RunDetail| &detail.summary), "list-asking")
        }
        None => match state.runs.meant().as_slice() {
            [one] => (Some(*one), ""),
            [] => return None,
            _ => (None, "again-one"),
        },
    };
    let found = found.cloned();
    if found.is_none() {
        let text = say!(state.words, why);
        state.tell(Tone::Warn, text, String::new());
    }
    found
}

fn not_ended(state: &mut State, status: &str) {
    let id = if status == "in_doubt" { "again-in-doubt" } else { "again-not-ended" };
    let text = say!(state.words, id);
    state.tell(Tone::Warn, text, String::new());
}

pub fn send(state: &mut State, again: Again) -> Vec<Effect> {
    let text = say!(state.words, "again-asked", run = again.run.short());
    state.tell(Tone::Busy, text, command::again(&state.namespace, &again));
    if state.run.is_none() {
        state.runs.cursor.marks.clear();
    }
    state.calls += 1;
    vec![Effect::Call(Call::Again(again))]
}

pub fn key(state: &mut State, mut dialog: Repeat, key: Key) -> Vec<Effect> {
    match yes_or_no(key, dialog.yes, state.settings.keyboard) {
        Answer::Yes => return send(state, Again { repeat_once: true, ..dialog.again }),
        Answer::No => return Vec::new(),
        Answer::Switch => dialog.yes = !dialog.yes,
        Answer::Other => {}
    }
    state.overlay = Some(Overlay::Repeat(Box::new(dialog)));
    Vec::new()
}
