//! The list of workflows.

use rpa_ipc::view::WorkflowView;

use super::super::Cursor;
use super::super::filter::matches_words;

#[derive(Clone, Debug, Default)]
pub struct WorkflowsScreen {
    /// Whether the daemon has told them at least once.
    pub known: bool,
    pub rows: Vec<WorkflowView>,
    /// Drafts of workflows that are not there yet, at the end of the list; of revision 0.
    pub unsaved: Vec<WorkflowView>,
    /// Words that name, description or tags must contain.
    pub filter: String,
    pub cursor: Cursor,
}

impl WorkflowsScreen {
    /// The rows that the filter lets through, with those of drafts.
    pub fn shown(&self) -> impl Iterator<Item = &WorkflowView> + Clone {
        self.rows.iter().chain(&self.unsaved).filter(|row| {
            let text = format!("{} {} {}", row.workflow, row.description, row.tags.join(" "));
            matches_words(&text, &self.filter)
        })
    }

    pub fn ids(&self) -> Vec<String> {
        self.shown().map(|row| row.workflow.clone()).collect()
    }

    /// The selected workflow, which the daemon knows.
    pub fn selected(&self) -> Option<&WorkflowView> {
        self.shown().nth(self.cursor.index).filter(|row| row.revision > 0)
    }

    /// The selected row, where it is a draft of a workflow that is not there yet.
    pub fn selected_unsaved(&self) -> Option<&WorkflowView> {
        self.shown().nth(self.cursor.index).filter(|row| row.revision == 0)
    }

    pub fn named(&self, workflow: &str) -> Option<&WorkflowView> {
        self.rows.iter().find(|row| row.workflow == workflow)
    }
}
