//! One run: its steps above, its log or its data below.

use rpa_engine::{Label, RunId, StepPath};
use rpa_ipc::Fault;
use rpa_ipc::service::{LogFindQuery, RunRef};
use rpa_ipc::view::{RunDetail, StepView};

use super::{Cursor, LogPane, LogWant, State};
use crate::console::keys::Scope;
use crate::console::view::layout;

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
}

#[derive(Clone, Debug)]
pub struct RunScreen {
    pub run: RunId,
    /// `None` until the daemon has answered.
    pub detail: Option<RunDetail>,
    pub fault: Option<Fault>,
    pub steps: Cursor,
    pub focus: Focus,
    pub lower: Lower,
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
            detail: None,
            fault: None,
            steps: Cursor::default(),
            focus: Focus::Steps,
            lower: Lower::Log,
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
            (Focus::Steps, _, false) => Scope::Run,
            (_, Lower::Log, _) => Scope::Log,
            (_, Lower::Data, _) => Scope::Data,
        }
    }

    /// What the daemon says of it. The first time, the step that says most of where
    /// the run is gets selected: nobody wants to look for what failed.
    pub fn got(&mut self, detail: RunDetail) {
        if self.detail.is_none() {
            let at = detail.steps.iter().position(|s| s.path.as_str() == detail.summary.at_step);
            self.steps.index = at.unwrap_or(0);
            self.steps.id = detail.steps.get(self.steps.index).map(|s| s.path.to_string());
        }
        self.detail = Some(detail);
        self.fault = None;
    }

    pub fn is_live(&self) -> bool {
        self.detail.as_ref().is_none_or(|d| !super::is_over(&d.summary.status))
    }

    pub fn selected(&self) -> Option<&StepView> {
        self.detail.as_ref()?.steps.get(self.steps.index)
    }

    pub fn ids(&self) -> Vec<String> {
        let steps = self.detail.iter().flat_map(|d| &d.steps);
        steps.map(|step| step.path.to_string()).collect()
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

    pub fn log_want(&self, state: &State) -> Option<LogWant> {
        if self.lower != Lower::Log {
            return None;
        }
        let height = layout::log_rows(state);
        Some(self.log.want(self.run, self.log_step(), height))
    }

    pub fn find_want(&self, namespace: &Label) -> Option<LogFindQuery> {
        self.log.find_want(self.run_ref(namespace), self.log_step())
    }
}
