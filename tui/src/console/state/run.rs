//! One run: its steps above, its log or its data below.
//!
//! The rows of the steps are those of the tree without what is inside of folded ones.

use rpa_engine::{Label, RunId, StepPath};
use rpa_ipc::Fault;
use rpa_ipc::asking::ApprovalView;
use rpa_ipc::service::{LogFindQuery, RunRef};
use rpa_ipc::view::{RunDetail, StepView};

use super::timeline::{self, Timeline};
use super::{Cursor, EventsPane, Folds, LogPane, LogWant, RunGraph, State};
use crate::console::keys::Scope;
use crate::console::view::{in_order_of_lanes, layout};
use crate::steps::{Row, rows};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    Steps,
    Lower,
}

/// What the lower pane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lower {
    Log,
    /// Inputs, outputs, errors.
    Data,
    /// When each step did what: it has the rows of the steps.
    Timeline,
    /// What has happened.
    Events,
}

impl Lower {
    /// In the order in which Tab goes through them.
    pub const ALL: [Lower; 4] = [Lower::Log, Lower::Data, Lower::Timeline, Lower::Events];
}

/// A run that one has come by, and the step that was selected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visited {
    pub run: RunId,
    pub step: Option<String>,
}

#[derive(Clone, Debug)]
pub struct RunScreen {
    pub run: RunId,
    /// The way from run to run to this one: Esc leads back along it.
    pub way: Vec<Visited>,
    /// `None` until the daemon has answered.
    pub detail: Option<RunDetail>,
    pub fault: Option<Fault>,
    pub steps: Cursor,
    /// Which rows there are, in order.
    pub rows: Vec<Row>,
    pub folds: Folds,
    pub focus: Focus,
    pub lower: Lower,
    /// The steps as boxes, rather than as lanes.
    pub graph: Option<RunGraph>,
    pub timeline: Timeline,
    pub events: EventsPane,
    /// The lower pane has the whole screen.
    pub zoom: bool,
    /// The log of all steps, whichever is selected.
    pub all_steps: bool,
    pub log: LogPane,
    /// First line of the data that is shown.
    pub data_top: usize,
}

impl RunScreen {
    pub fn new(run: RunId) -> RunScreen {
        RunScreen {
            run,
            way: Vec::new(),
            detail: None,
            fault: None,
            steps: Cursor::default(),
            rows: Vec::new(),
            folds: Folds::default(),
            focus: Focus::Steps,
            lower: Lower::Log,
            graph: None,
            timeline: Timeline::default(),
            events: EventsPane::new(),
            zoom: false,
            all_steps: true,
            log: LogPane::new(),
            data_top: 0,
        }
    }

    /// By its full id, so that the namespace cannot matter.
    pub fn run_ref(&self, namespace: &Label) -> RunRef {
        RunRef { namespace: namespace.clone(), id: self.run.to_string() }
    }

    pub fn scope(&self) -> Scope {
        match (self.focus, self.lower, self.zoom) {
            (Focus::Steps, _, false) if self.graph.is_some() => Scope::RunGraph,
            (Focus::Steps, _, false) => Scope::Run,
            (_, Lower::Log, _) => Scope::Log,
            (_, Lower::Data, _) => Scope::Data,
            (_, Lower::Timeline, _) => Scope::Timeline,
            (_, Lower::Events, _) => Scope::Events,
        }
    }

    /// What the daemon says of it. The first time, the step that says most of where
    /// the run is gets selected: nobody wants to look for what failed.
    pub fn got(&mut self, mut detail: RunDetail) {
        detail.steps = in_order_of_lanes(detail.steps);
        let first = self.detail.is_none();
        // of a doubt inside of other steps the summary names what is around it
        let in_doubt = |step: &&StepView| step.status == "in_doubt";
        let doubt = detail.steps.iter().find(in_doubt).map(|step| step.path.to_string());
        let at = doubt.unwrap_or_else(|| detail.summary.at_step.clone());
        let before = self.log_step();
        self.detail = Some(detail);
        self.fault = None;
        if first && self.steps.id.is_none() {
            self.steps.id = Some(at);
        }
        self.refold();
        if !first && self.log_step() != before {
            self.log.restart();
        }
    }

    /// Makes the rows anew. A selected one that is there no more leaves the selection
    /// with what is around it.
    pub fn refold(&mut self) {
        let Some(detail) = &self.detail else { return };
        let is_first = self.rows.is_empty();
        self.rows = rows(&detail.steps, self.folds.of(&detail.steps));
        let ids = self.ids();
        let mut wanted = self.steps.id.as_deref();
        let found = loop {
            let Some(id) = wanted else { break None };
            match ids.iter().position(|i| i == id) {
                Some(at) => break Some(at),
                None => wanted = id.rfind(['/', '[']).map(|at| &id[..at]),
            }
        };
        // a list of steps, as `@failure`, is none: the first of it
        let of_list = |id: &String| {
            let list = self.steps.id.as_deref().filter(|list| list.starts_with('@'));
            list.is_some_and(|list| id.starts_with(list))
        };
        match found.or_else(|| ids.iter().position(of_list)) {
            Some(at) => {
                // the row stays where the eye is
                let was = if is_first { at } else { self.steps.index };
                self.steps.top = (self.steps.top + at).saturating_sub(was);
                self.steps.index = at;
            }
            None => self.steps.index = self.steps.index.min(ids.len().saturating_sub(1)),
        }
        self.steps.id = ids.get(self.steps.index).cloned();
    }

    /// The run that it took over from.
    pub fn earlier(&self) -> Option<RunId> {
        self.detail.as_ref()?.rerun_of
    }

    /// The run and the step that have called it.
    pub fn parent(&self) -> Option<&(RunId, StepPath)> {
        self.detail.as_ref()?.parent.as_ref()
    }

    /// Where it came from, and the step to look at there.
    pub fn origin(&self) -> Option<Visited> {
        let earlier = self.earlier().map(|run| Visited { run, step: None });
        let caller = || self.parent().map(|(run, step)| (*run, step.to_string()));
        earlier.or_else(|| caller().map(|(run, step)| Visited { run, step: Some(step) }))
    }

    pub fn is_live(&self) -> bool {
        self.detail.as_ref().is_none_or(|d| !super::is_over(&d.summary.status))
    }

    /// Of a row that stands for several turns, the loop.
    pub fn selected(&self) -> Option<&StepView> {
        let row = self.rows.get(self.steps.index)?;
        self.detail.as_ref()?.steps.get(row.index())
    }

    pub fn ids(&self) -> Vec<String> {
        let Some(detail) = &self.detail else { return Vec::new() };
        let id = |row: &Row| match row {
            Row::Step(index) => detail.steps[*index].path.to_string(),
            // no step's path ends so
            Row::More { of, .. } => format!("{}/", detail.steps[*of].path),
        };
        self.rows.iter().map(id).collect()
    }

    /// The step whose log is shown; `None`: that of all.
    pub fn log_step(&self) -> Option<StepPath> {
        if self.all_steps { None } else { self.selected().map(|step| step.path.clone()) }
    }

    /// The step that a decision is wanted for: the selected one, or the first.
    pub fn doubt(&self) -> Option<&StepView> {
        let in_doubt = |step: &&StepView| step.status == "in_doubt";
        let first = || self.detail.as_ref()?.steps.iter().find(in_doubt);
        self.selected().filter(in_doubt).or_else(first)
    }

    /// What a person's word is wanted on: what the selected step asks, or else the first
    /// one. A doubt of the selected step, or where the selected asks nothing any doubt,
    /// goes before.
    pub fn asking(&self) -> Option<&ApprovalView> {
        let selected = self.selected();
        if let Some(asked) = selected.and_then(asks) {
            return Some(asked);
        }
        match self.doubt() {
            Some(_) => None,
            None => self.detail.as_ref()?.steps.iter().find_map(asks),
        }
    }

    pub fn log_want(&self, state: &State) -> Option<LogWant> {
        if self.lower != Lower::Log {
            return None;
        }
        let height = layout::log_rows(state);
        Some(self.log.want(self.run, self.log_step(), height))
    }

    /// The history is on the screen, or bars are that are made of it.
    pub fn events_want(&self, state: &State) -> Option<RunRef> {
        let wanted = self.lower == Lower::Events || timeline::is_shown(state, self);
        wanted.then(|| self.run_ref(&state.namespace))
    }

    pub fn find_want(&self, namespace: &Label) -> Option<LogFindQuery> {
        self.log.find_want(self.run_ref(namespace), self.log_step())
    }
}

fn asks(step: &StepView) -> Option<&ApprovalView> {
    step.approval.as_deref()
}
