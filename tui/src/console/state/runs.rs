//! The list of runs.

use rpa_ipc::Fault;
use rpa_ipc::overview::{FailureView, FailuresView};
use rpa_ipc::view::RunSummary;

use super::moving;
use super::{Cursor, RunsFilter, RunsWant, State, places};

/// Rows asked for at a time.
const STEP: usize = 200;
/// Rows below the selected one that are known before they are needed.
const AHEAD: usize = 100;
/// Most rows: what is older is found with a filter.
pub const MOST: usize = 5_000;

#[derive(Clone, Debug, Default)]
pub struct RunsScreen {
    /// Whether the daemon has answered for this filter.
    pub known: bool,
    /// The newest first.
    pub rows: Vec<RunSummary>,
    /// Older ones follow.
    pub more: bool,
    /// Why the daemon does not list them.
    pub fault: Option<Fault>,
    pub filter: RunsFilter,
    pub cursor: Cursor,
    /// The failures among the runs, by what and where, rather than the runs.
    pub groups: Option<Groups>,
}

/// Runs that have failed alike, a row for all of them.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    pub known: bool,
    pub view: FailuresView,
    pub cursor: Cursor,
}

impl Groups {
    pub fn ids(&self) -> Vec<String> {
        self.view.groups.iter().map(|group| group.alike.clone()).collect()
    }

    pub fn selected(&self) -> Option<&FailureView> {
        self.view.groups.get(self.cursor.index)
    }
}

impl RunsScreen {
    pub fn want(&self, now_ms: u64) -> RunsWant {
        let rows = (self.cursor.index + AHEAD).div_ceil(STEP) * STEP;
        self.filter.want(now_ms, rows.clamp(STEP, MOST))
    }

    pub fn ids(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.run.to_string()).collect()
    }

    pub fn is_grouped(&self) -> bool {
        self.groups.is_some()
    }

    /// None while there are groups of them.
    pub fn selected(&self) -> Option<&RunSummary> {
        self.rows.get(self.cursor.index).filter(|_| !self.is_grouped())
    }

    /// The marked runs, or else the selected one.
    pub fn meant(&self) -> Vec<&RunSummary> {
        if self.cursor.marks.is_empty() {
            return self.selected().into_iter().collect();
        }
        let marked = |row: &&RunSummary| self.cursor.marks.contains(&row.run.to_string());
        self.rows.iter().filter(marked).collect()
    }

    pub fn set_filter(&mut self, filter: RunsFilter) {
        if filter != self.filter {
            // the rows stay until the answer comes: an empty screen says less
            let rows = std::mem::take(&mut self.rows);
            let groups = self.groups.take().map(|_| Groups::default());
            *self = RunsScreen { filter, rows, groups, ..RunsScreen::default() };
        }
    }
}

/// Groups of failures, or the runs again.
pub fn group(state: &mut State) {
    state.runs.groups = match state.runs.groups {
        Some(_) => None,
        None => Some(Groups::default()),
    };
    state.runs.cursor.marks.clear();
    moving::settle(state);
    places::tell_here(state);
}

pub fn got_groups(state: &mut State, want: &RunsWant, view: FailuresView) {
    if !want.asks_the_same(&state.runs.want(state.now_ms)) {
        return;
    }
    if let Some(groups) = &mut state.runs.groups {
        (groups.view, groups.known) = (view, true);
        state.runs.fault = None;
        moving::settle(state);
    }
}

/// The runs of the selected group: exactly those that the filter lets through.
pub fn open_group(state: &mut State) {
    let Some(group) = state.runs.groups.as_ref().and_then(Groups::selected) else { return };
    let filter = state.runs.filter.with_alike(&group.alike);
    state.runs.groups = None;
    places::only(state, &filter);
}
