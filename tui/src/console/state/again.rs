//! A run again: a retry, or from a step on. What an ended run has settled well is kept.

use rpa_engine::RunId;
use rpa_ipc::Fault;
use rpa_ipc::service::GivenValue;
use rpa_ipc::view::{RunDetail, RunSummary, StepView};

use super::confirm::{Answer, yes_or_no};
use super::{Call, Effect, Form, Overlay, State, Verb, bulk, confirm, is_over, places};
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

    fn repeated(self) -> Again {
        Again { repeat_once: true, ..self }
    }
}

/// The question with which revision a run is retried: another one is live than it had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    pub run: RunId,
    pub workflow: String,
    /// Of the run, and the live one.
    pub revision: u32,
    pub live: u32,
    /// Whether the live one is chosen.
    pub newest: bool,
}

impl Retry {
    pub fn again(&self) -> Again {
        Again { newest: self.newest, ..Again::retry(self.run) }
    }
}

/// The question whether steps of the class `once` shall be repeated.
#[derive(Clone, Debug)]
pub struct Repeat {
    /// What was asked for, and what the daemon said; it names the steps.
    pub refused: Vec<(Again, Fault)>,
    /// Whether the yes has the focus.
    pub yes: bool,
}

impl Repeat {
    /// What a yes asks for.
    pub fn repeated(&self) -> Vec<Again> {
        self.refused.iter().map(|(again, _)| again.clone().repeated()).collect()
    }
}

/// Retries the open run, or the one that is meant in the list.
pub fn retry(state: &mut State) -> Vec<Effect> {
    if state.run.is_none() && state.runs.cursor.marks.len() > 1 {
        return retry_all(state);
    }
    let Some(summary) = meant(state) else { return Vec::new() };
    if !is_over(&summary.status) {
        not_ended(state, &summary.status);
        return Vec::new();
    }
    if summary.status == "completed" {
        let text = say!(state.words, "retry-completed");
        state.tell(Tone::Warn, text, String::new());
        return Vec::new();
    }
    retry_one(state, &summary)
}

/// At once where there is nothing to choose.
fn retry_one(state: &mut State, summary: &RunSummary) -> Vec<Effect> {
    let Some(live) = other_live(state, summary) else {
        return send(state, Again::retry(summary.run));
    };
    let RunSummary { run, revision, .. } = *summary;
    let workflow = summary.workflow.clone();
    state.overlay = Some(Overlay::Retry(Retry { run, workflow, revision, live, newest: false }));
    state.notice = None;
    Vec::new()
}

/// The live revision of a run's workflow, where it takes runs and is another than the run's.
pub(super) fn other_live(state: &State, summary: &RunSummary) -> Option<u32> {
    let workflow = state.workflows.named(&summary.workflow)?;
    let is_other = workflow.state.word == "live" && workflow.revision != summary.revision;
    is_other.then_some(workflow.revision)
}

/// Those of the marked runs that did not settle well.
fn retry_all(state: &mut State) -> Vec<Effect> {
    let may = |run: &&RunSummary| matches!(run.status.as_str(), "failed" | "cancelled");
    let runs: Vec<RunSummary> = state.runs.meant().into_iter().filter(may).cloned().collect();
    match runs.as_slice() {
        [] => {
            let text = say!(state.words, "retry-nothing");
            state.tell(Tone::Warn, text, String::new());
            Vec::new()
        }
        [one] => retry_one(state, one),
        several => {
            let ids: Vec<RunId> = several.iter().map(|run| run.run).collect();
            confirm::ask_for_several(state, Verb::Retry, &ids)
        }
    }
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

pub fn retry_key(state: &mut State, mut dialog: Retry, key: Key) -> Vec<Effect> {
    let answer = match key {
        Key::Char(' ') => Answer::Switch,
        Key::F(8) => Answer::Yes,
        _ => yes_or_no(key, true, state.settings.keyboard),
    };
    match answer {
        Answer::Yes => return send(state, dialog.again()),
        Answer::No => return Vec::new(),
        Answer::Switch => dialog.newest = !dialog.newest,
        Answer::Other => {}
    }
    state.overlay = Some(Overlay::Retry(dialog));
    Vec::new()
}

/// The daemon refuses to repeat what acts only once: a person decides.
pub fn ask_to_repeat(state: &mut State, refused: Vec<(Again, Fault)>) {
    state.notice = None;
    state.overlay = Some(Overlay::Repeat(Box::new(Repeat { refused, yes: false })));
}

pub fn key(state: &mut State, mut dialog: Repeat, key: Key) -> Vec<Effect> {
    match yes_or_no(key, dialog.yes, state.settings.keyboard) {
        Answer::Yes => {
            let mut all = dialog.repeated();
            return match all.len() {
                1 => send(state, all.remove(0)),
                _ => bulk::send_again(state, all),
            };
        }
        Answer::No => return Vec::new(),
        Answer::Switch => dialog.yes = !dialog.yes,
        Answer::Other => {}
    }
    state.overlay = Some(Overlay::Repeat(Box::new(dialog)));
    Vec::new()
}
