//! The list of runs.

use rpa_ipc::Fault;
use rpa_ipc::view::RunSummary;

use super::{Cursor, RunsFilter, RunsWant};

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
}

impl RunsScreen {
    pub fn want(&self, now_ms: u64) -> RunsWant {
        let rows = (self.cursor.index + AHEAD).div_ceil(STEP) * STEP;
        self.filter.want(now_ms, rows.clamp(STEP, MOST))
    }

    pub fn ids(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.run.to_string()).collect()
    }

    pub fn selected(&self) -> Option<&RunSummary> {
        self.rows.get(self.cursor.index)
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
            *self = RunsScreen { filter, rows, ..RunsScreen::default() };
        }
    }
}
