//! One search over everything: workflows, their steps, triggers, runs.
//!
//! What the console knows by itself is there at once; runs are looked for by the daemon
//! and come last, so that nothing moves away under the eye.

use rpa_ipc::triggers::TriggerView;
use rpa_ipc::view::{RunSummary, StepOutline, WorkflowView};

use super::filter::matches_words;
use super::{Effect, Input, Overlay, RunsWant, State, TriggerName, places, triggers};
use crate::console::keys::Key;
use crate::console::view::layout;

/// Rows of one kind.
const MOST: usize = 30;
/// Characters from which on the daemon is asked: a shorter text is in every run.
const LEAST: usize = 2;

#[derive(Clone, Debug, Default)]
pub struct Find {
    pub input: Input,
    pub at: usize,
    /// Runs that were found so far, and for which question.
    runs: Vec<RunSummary>,
    of: Option<RunsWant>,
    /// The whole history was looked through, or enough was found.
    pub done: bool,
}

/// What was found, in the order of the kinds.
#[derive(Clone, Copy, Debug)]
pub enum Hit<'a> {
    Workflow(&'a WorkflowView),
    Step(&'a WorkflowView, &'a StepOutline),
    Trigger(&'a TriggerView),
    Run(&'a RunSummary),
}

impl Hit<'_> {
    /// The message that names its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Hit::Workflow(_) => "find-workflows",
            Hit::Step(..) => "find-steps",
            Hit::Trigger(_) => "find-triggers",
            Hit::Run(_) => "find-runs",
        }
    }
}

impl Find {
    pub fn of(text: &str) -> Find {
        Find { input: Input::of(text), ..Find::default() }
    }

    fn text(&self) -> &str {
        self.input.text().trim()
    }

    /// What the daemon shall look for.
    pub fn want(&self) -> Option<RunsWant> {
        let long = self.text().chars().count() >= LEAST;
        let contains = Some(self.text().to_owned());
        long.then(|| RunsWant { contains, rows: MOST, ..RunsWant::default() })
    }

    pub fn hits<'a>(&'a self, state: &'a State) -> Vec<Hit<'a>> {
        let text = self.text();
        if text.is_empty() {
            return Vec::new();
        }
        let named = |w: &&WorkflowView| {
            let about = format!("{} {} {}", w.workflow, w.description, w.tags.join(" "));
            matches_words(&about, text)
        };
        let all = &state.workflows.rows;
        let mut hits: Vec<Hit<'a>> =
            all.iter().filter(named).take(MOST).map(Hit::Workflow).collect();
        let steps = all.iter().flat_map(|w| w.steps.iter().map(move |step| (w, step)));
        let steps =
            steps.filter(|(_, step)| matches_words(&format!("{} {}", step.id, step.name), text));
        hits.extend(steps.take(MOST).map(|(w, step)| Hit::Step(w, step)));
        let fits = |view: &&TriggerView| {
            let TriggerView { workflow, trigger, kind, what, description, .. } = view;
            matches_words(&format!("{workflow} {trigger} {kind} {what} {description}"), text)
        };
        hits.extend(state.triggers.rows.iter().filter(fits).take(MOST).map(Hit::Trigger));
        // those of an earlier text stay away
        if self.of.is_some() && self.of == self.want() {
            hits.extend(self.runs.iter().map(Hit::Run));
        }
        hits
    }

    /// Runs are still being looked for.
    pub fn is_looking(&self) -> bool {
        self.want().is_some() && !(self.of == self.want() && self.done)
    }
}

pub fn open(state: &mut State, text: &str) {
    state.notice = None;
    state.overlay = Some(Overlay::Find(Find::of(text)));
}

pub fn got(state: &mut State, want: RunsWant, rows: Vec<RunSummary>, done: bool) {
    let Some(Overlay::Find(open)) = &mut state.overlay else { return };
    if open.want().as_ref() == Some(&want) {
        (open.of, open.runs, open.done) = (Some(want), rows, done);
    }
}

pub fn key(state: &mut State, mut open: Find, key: Key) -> Vec<Effect> {
    let (last, page) = (open.hits(state).len().saturating_sub(1), layout::find_rows(state).max(1));
    match key {
        Key::Esc | Key::F(6) => return Vec::new(),
        Key::Up | Key::BackTab => open.at = open.at.saturating_sub(1),
        Key::Down | Key::Tab => open.at = (open.at + 1).min(last),
        Key::PageUp => open.at = open.at.saturating_sub(page),
        Key::PageDown => open.at = (open.at + page).min(last),
        Key::Enter => {
            match chosen(state, &open) {
                Some(to) => go(state, to),
                None => state.overlay = Some(Overlay::Find(open)),
            }
            return Vec::new();
        }
        _ => {
            if open.input.key(key) {
                open.at = 0;
            }
        }
    }
    state.overlay = Some(Overlay::Find(open));
    Vec::new()
}

enum Place {
    Workflow(String),
    Trigger(TriggerName),
    Run(rpa_engine::RunId),
}

fn chosen(state: &State, open: &Find) -> Option<Place> {
    Some(match open.hits(state).get(open.at)? {
        Hit::Workflow(workflow) | Hit::Step(workflow, _) => {
            Place::Workflow(workflow.workflow.clone())
        }
        Hit::Trigger(view) => Place::Trigger(TriggerName::of(view)),
        Hit::Run(run) => Place::Run(run.run),
    })
}

fn go(state: &mut State, to: Place) {
    match to {
        Place::Workflow(name) => places::show_workflow(state, &name),
        Place::Trigger(name) => triggers::open(state, name),
        Place::Run(run) => places::open_run(state, run),
    }
}

pub fn paste(open: &mut Find, text: &str) {
    open.input.paste(text);
    open.at = 0;
}
