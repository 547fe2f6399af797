//! One workflow: its steps as lanes or as a graph, and beside them the selected step in
//! full, the triggers, the revisions.

use std::collections::BTreeSet;

use rpa_ipc::Fault;
use rpa_ipc::catalog::{RevisionView, SourceView};
use rpa_ipc::triggers::{ComingSlot, TriggerView};
use rpa_ipc::view::RunSummary;

use super::super::wants::WorkflowWant;
use super::super::{Cursor, Editor, State, TriggerName, editor, moving, triggers};
use super::{GraphPane, TextPane, graph, revise, rows};
use crate::console::command;
use crate::console::keys::Scope;
use crate::console::theme::Tone;
use crate::console::view::layout;
use crate::definition::Definition;
use crate::say;

/// Which part has the focus: the steps, or what is shown below or beside them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    #[default]
    Steps,
    /// The selected step in full.
    Step,
    Triggers,
    Revisions,
}

/// What the daemon tells of a workflow.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkflowTold {
    /// The live revision, or the newest where none is live. Its source is as it was
    /// applied: whoever shows it makes it harmless.
    pub source: SourceView,
    /// What the source means.
    pub definition: Definition,
    /// The newest first.
    pub history: Vec<RevisionView>,
    /// Older ones follow.
    pub more: bool,
    /// The newest first.
    pub runs: Vec<RunSummary>,
}

#[derive(Clone, Debug)]
pub struct WorkflowScreen {
    /// With its namespace.
    pub name: String,
    /// `None` until the daemon has answered.
    pub told: Option<WorkflowTold>,
    /// Why the daemon does not tell of it.
    pub fault: Option<Fault>,
    pub focus: Pane,
    /// Which pane is shown below or beside the steps.
    pub lower: Pane,
    /// What has the focus has the whole screen.
    pub zoom: bool,
    pub steps: Cursor,
    /// Indexes of the steps that have a row.
    pub rows: Vec<usize>,
    /// Paths of those that hide what is inside of them.
    pub folded: BTreeSet<String>,
    /// Instead of the lanes.
    pub graph: Option<GraphPane>,
    /// The first line of the selected step that is shown.
    pub detail_top: usize,
    pub triggers: Cursor,
    /// One of them at most is marked: what others are compared with.
    pub revisions: Cursor,
    /// A source or a difference, over everything else.
    pub text: Option<TextPane>,
    /// It is being edited: the steps are those of the draft.
    pub editor: Option<Box<Editor>>,
}

/// The steps of the draft where there is one, else those of the revision.
pub fn defined<'a>(
    editor: &'a Option<Box<Editor>>,
    told: &'a Option<WorkflowTold>,
) -> Option<&'a Definition> {
    match editor {
        Some(editor) => Some(&editor.tree.definition),
        None => told.as_ref().map(|told| &told.definition),
    }
}

impl WorkflowScreen {
    pub fn new(name: String) -> WorkflowScreen {
        WorkflowScreen {
            name,
            told: None,
            fault: None,
            focus: Pane::Steps,
            lower: Pane::Step,
            zoom: false,
            steps: Cursor::default(),
            rows: Vec::new(),
            folded: BTreeSet::new(),
            graph: None,
            detail_top: 0,
            triggers: Cursor::default(),
            revisions: Cursor::default(),
            text: None,
            editor: None,
        }
    }

    pub fn scope(&self) -> Scope {
        if self.editor.is_some() {
            return match (self.focus, &self.graph) {
                (Pane::Steps, None) => Scope::Editor,
                (Pane::Steps, Some(_)) => Scope::EditorGraph,
                (_, _) => Scope::EditorForm,
            };
        }
        match (&self.text, self.focus, &self.graph) {
            (Some(_), ..) => Scope::Text,
            (None, Pane::Steps, None) => Scope::Workflow,
            (None, Pane::Steps, Some(_)) => Scope::Graph,
            (None, Pane::Step, _) => Scope::Step,
            (None, Pane::Triggers, _) => Scope::ItsTriggers,
            (None, Pane::Revisions, _) => Scope::Revisions,
        }
    }

    /// The boxes have the focus.
    fn scope_is_graph(&self) -> bool {
        matches!(self.scope(), Scope::Graph | Scope::EditorGraph)
    }

    pub fn want(&self) -> WorkflowWant {
        WorkflowWant { workflow: self.name.clone() }
    }

    pub fn definition(&self) -> Option<&Definition> {
        defined(&self.editor, &self.told)
    }

    /// The rows of the steps anew, after the definition or what is folded has changed.
    pub fn refold(&mut self) {
        let Some(definition) = defined(&self.editor, &self.told) else { return };
        self.rows = rows::shown(definition, &self.folded);
    }

    pub fn step_ids(&self) -> Vec<String> {
        let Some(definition) = self.definition() else { return Vec::new() };
        self.rows.iter().map(|at| definition.steps[*at].path.clone()).collect()
    }

    /// The index of the selected step among all.
    pub fn selected(&self) -> Option<usize> {
        match &self.graph {
            Some(graph) => graph.selected(),
            None => self.rows.get(self.steps.index).copied(),
        }
    }

    pub fn history(&self) -> &[RevisionView] {
        self.told.as_ref().map_or(&[], |told| &told.history)
    }

    pub fn revision_ids(&self) -> Vec<String> {
        self.history().iter().map(|revision| revision.revision.to_string()).collect()
    }

    pub fn revision(&self) -> Option<&RevisionView> {
        self.history().get(self.revisions.index)
    }

    /// The revision that new runs are of.
    pub fn live(&self) -> Option<u32> {
        self.told.as_ref()?.source.state.live
    }

    /// Its triggers, among all.
    pub fn triggers<'a>(&self, all: &'a [TriggerView]) -> Vec<&'a TriggerView> {
        all.iter().filter(|trigger| trigger.workflow == self.name).collect()
    }

    pub fn trigger<'a>(&self, all: &'a [TriggerView]) -> Option<&'a TriggerView> {
        self.triggers(all).get(self.triggers.index).copied()
    }

    fn trigger_ids(&self, all: &[TriggerView]) -> Vec<String> {
        self.triggers(all).iter().map(|trigger| trigger.trigger.clone()).collect()
    }
}

/// When a trigger of the workflow fires next.
pub fn next_fire<'a>(open: &WorkflowScreen, all: &'a [TriggerView]) -> Option<&'a ComingSlot> {
    let next = open.triggers(all).into_iter().filter_map(|trigger| trigger.next.as_ref());
    next.min_by_key(|slot| slot.due_ms)
}

/// Opens a workflow by its full name.
pub fn open(state: &mut State, name: &str) {
    (state.run, state.trigger) = (None, None);
    state.workflow = Some(WorkflowScreen::new(name.to_owned()));
    let command = command::history(&state.namespace, name);
    state.tell(Tone::Faint, String::new(), command);
}

/// The daemon has told of it.
pub fn told(state: &mut State, want: &WorkflowWant, told: WorkflowTold) {
    let Some(open) = state.workflow.as_mut().filter(|open| open.name == want.workflow) else {
        return;
    };
    // the steps of a draft are its own
    let same = open.editor.is_some() || open.definition() == Some(&told.definition);
    (open.told, open.fault) = (Some(told), None);
    if !same {
        open.refold();
        graph::renew(state);
    }
    settle(state);
    moving::settle(state);
}

/// The selected rows again.
pub fn settle(state: &mut State) {
    let steps = layout::workflow_rows(state);
    let lower = layout::workflow_lower_rows(state);
    let all = std::mem::take(&mut state.triggers.rows);
    if let Some(open) = &mut state.workflow {
        let ids = open.step_ids();
        open.steps.settle(&ids, steps);
        let ids = open.trigger_ids(&all);
        open.triggers.settle(&ids, lower);
        let ids = open.revision_ids();
        open.revisions.settle(&ids, lower);
    }
    state.triggers.rows = all;
    graph::show(state);
}

/// Moves the selection, or the text, of what has the focus.
pub fn step(state: &mut State, by: isize) {
    if state.workflow.as_ref().is_some_and(|open| open.scope() == Scope::EditorForm) {
        return editor::step_in_form(state, by);
    }
    let steps = layout::workflow_rows(state);
    let lower = layout::workflow_lower_rows(state);
    let text = layout::text_rows(state);
    let lines = rows::detail_lines(state, layout::detail_width(state)).len();
    let all = std::mem::take(&mut state.triggers.rows);
    if let Some(open) = &mut state.workflow {
        match (&mut open.text, open.focus) {
            (Some(pane), _) => pane.scroll(by, text),
            (None, Pane::Steps) if open.graph.is_some() => {
                open.graph.iter_mut().for_each(|pane| pane.scroll(by, steps));
            }
            (None, Pane::Steps) => {
                let ids = open.step_ids();
                open.steps.go(open.steps.index.saturating_add_signed(by), &ids, steps);
                open.steps.id = ids.get(open.steps.index).cloned();
                open.detail_top = 0;
            }
            (None, Pane::Step) => {
                let last = lines.saturating_sub(lower);
                open.detail_top = open.detail_top.saturating_add_signed(by).min(last);
            }
            (None, Pane::Triggers) => {
                let ids = open.trigger_ids(&all);
                open.triggers.go(open.triggers.index.saturating_add_signed(by), &ids, lower);
            }
            (None, Pane::Revisions) => {
                let ids = open.revision_ids();
                open.revisions.go(open.revisions.index.saturating_add_signed(by), &ids, lower);
            }
        }
    }
    state.triggers.rows = all;
}

pub fn to_end(state: &mut State, top: bool) {
    if state.workflow.as_ref().is_some_and(|open| open.scope() == Scope::EditorForm) {
        return editor::form_to_end(state, top);
    }
    if state.workflow.as_ref().is_some_and(|open| open.scope_is_graph()) {
        return graph::to_end(state, top);
    }
    step(state, if top { isize::MIN } else { isize::MAX });
}

/// The next part, or the one before.
pub fn next_pane(state: &mut State) {
    let Some(open) = &mut state.workflow else { return };
    open.focus = match open.focus {
        Pane::Steps => Pane::Step,
        _ if open.editor.is_some() => Pane::Steps,
        Pane::Step => Pane::Triggers,
        Pane::Triggers => Pane::Revisions,
        Pane::Revisions => Pane::Steps,
    };
    if open.focus != Pane::Steps {
        open.lower = open.focus;
    }
    moving::settle(state);
}

/// Takes one thing back.
pub fn back(state: &mut State) -> Vec<super::super::Effect> {
    let Some(open) = &mut state.workflow else { return Vec::new() };
    let edited = open.editor.is_some();
    if open.text.is_some() {
        open.text = None;
    } else if open.zoom {
        open.zoom = false;
    } else if open.focus != Pane::Steps {
        open.focus = Pane::Steps;
    } else if graph::out(state) {
    } else if edited {
        return editor::leave(state, false);
    } else {
        state.workflow = None;
    }
    moving::settle(state);
    Vec::new()
}

/// Enter.
pub fn open_selected(state: &mut State) -> Vec<super::super::Effect> {
    let Some(open) = &mut state.workflow else { return Vec::new() };
    if open.text.is_some() {
        return Vec::new();
    }
    match open.focus {
        Pane::Steps if open.graph.is_some() => graph::into(state),
        Pane::Steps | Pane::Step => {
            (open.focus, open.lower) = (Pane::Step, Pane::Step);
            moving::settle(state);
        }
        Pane::Triggers => {
            let name = open.trigger(&state.triggers.rows).map(TriggerName::of);
            name.into_iter().for_each(|name| triggers::open(state, name));
        }
        Pane::Revisions => return revise::source(state),
    }
    Vec::new()
}

/// Hides what is inside of the selected step; where nothing is, goes to the step around.
pub fn fold(state: &mut State) {
    let Some(open) = &mut state.workflow else { return };
    let Some(at) = open.selected() else { return };
    let Some(definition) = defined(&open.editor, &open.told) else { return };
    let path = definition.steps[at].path.clone();
    let inside = !definition.inside(Some(at)).is_empty();
    if inside && !open.folded.contains(&path) {
        open.folded.insert(path);
        open.refold();
    } else if let Some(around) = definition.around(at) {
        let id = definition.steps[around].path.clone();
        open.steps.id = Some(id);
    }
    moving::settle(state);
}

pub fn unfold(state: &mut State) {
    let Some(open) = &mut state.workflow else { return };
    let Some((at, definition)) = open.selected().zip(open.definition()) else { return };
    let path = definition.steps[at].path.clone();
    if open.folded.remove(&path) {
        open.refold();
        moving::settle(state);
    } else {
        let text = say!(state.words, "unfold-nothing");
        state.tell(Tone::Faint, text, String::new());
    }
}
