//! The list of triggers, what wants a person first.

use rpa_engine::Label;
use rpa_ipc::Fault;
use rpa_ipc::triggers::{TriggerRef, TriggerView};

use super::super::filter::matches_words;
use super::super::{Cursor, Root, State, moving};
use crate::console::keys::Scope;
use crate::trouble::Trouble;

/// Which trigger is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriggerName {
    /// With its namespace.
    pub workflow: String,
    pub trigger: String,
}

impl TriggerName {
    pub fn of(view: &TriggerView) -> TriggerName {
        TriggerName { workflow: view.workflow.clone(), trigger: view.trigger.clone() }
    }

    pub fn is_of(&self, view: &TriggerView) -> bool {
        self.workflow == view.workflow && self.trigger == view.trigger
    }

    pub fn to_ref(&self, namespace: &Label) -> TriggerRef {
        TriggerRef {
            namespace: namespace.clone(),
            workflow: self.workflow.clone(),
            trigger: Some(self.trigger.clone()),
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct TriggersScreen {
    /// Whether the daemon has told them at least once.
    pub known: bool,
    /// Those that want a person first, then by workflow and name.
    pub rows: Vec<TriggerView>,
    /// Why the daemon does not list them.
    pub fault: Option<Fault>,
    /// Words that a row must contain.
    pub filter: String,
    pub cursor: Cursor,
}

impl TriggersScreen {
    /// The rows that the filter lets through.
    pub fn shown(&self) -> impl Iterator<Item = &TriggerView> + Clone {
        self.rows.iter().filter(|row| {
            if self.filter.is_empty() {
                return true;
            }
            let TriggerView { workflow, trigger, kind, what, status, description, .. } = row;
            let text = format!("{workflow} {trigger} {kind} {status} {what} {description}");
            matches_words(&text, &self.filter)
        })
    }

    pub fn ids(&self) -> Vec<String> {
        self.shown().map(|row| format!("{} {}", row.workflow, row.trigger)).collect()
    }

    pub fn selected(&self) -> Option<&TriggerView> {
        self.shown().nth(self.cursor.index)
    }

    pub fn named(&self, name: &TriggerName) -> Option<&TriggerView> {
        self.rows.iter().find(|row| name.is_of(row))
    }

    /// One of them stands otherwise now.
    pub fn put(&mut self, view: TriggerView) {
        let name = TriggerName::of(&view);
        if let Some(row) = self.rows.iter_mut().find(|row| name.is_of(row)) {
            *row = view;
        }
    }
}

pub fn got(state: &mut State, mut rows: Vec<TriggerView>) {
    // the daemon's order holds among equals
    rows.sort_by_key(|view| Trouble::of(view).map_or(usize::MAX, |trouble| trouble as usize));
    let screen = &mut state.triggers;
    (screen.rows, screen.known, screen.fault) = (rows, true, None);
    moving::settle(state);
}

impl State {
    /// The open trigger, or the one of the selected row.
    pub fn meant_trigger(&self) -> Option<&TriggerView> {
        if let Some(open) = &self.trigger {
            return open.view.as_ref();
        }
        if let Some(open) = self.shown_workflow() {
            let rows = &self.triggers.rows;
            return open.trigger(rows).filter(|_| open.scope() == Scope::ItsTriggers);
        }
        match self.root {
            Root::Triggers => self.triggers.selected(),
            Root::Upcoming => self.triggers.named(&self.upcoming.selected()?.name),
            Root::Slots => self.triggers.named(&self.ledger_selected()?.name),
            Root::Home
            | Root::Workflows
            | Root::Runs
            | Root::Locks
            | Root::Notifications
            | Root::Approvals => None,
        }
    }
}
