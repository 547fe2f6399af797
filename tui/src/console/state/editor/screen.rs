//! A workflow that is being edited: its draft, what that means, and what is wrong with it.

use std::collections::HashMap;

use rpa_config::edit::{Draft, Form, Row};
use rpa_config::workflow::Passage;
use rpa_engine::Label;
use rpa_ipc::view::ProblemView;

use super::super::data::DataLine;
use super::super::workflow::{WorkflowScreen, graph_renew, inside_lines, open_workflow};
use super::super::{Effect, State, moving, workflow};
use super::keep;
use super::tree::Tree;
use crate::cli::checking;
use crate::console::drafts::DraftName;
use crate::definition::{Definition, Outlined};

#[derive(Clone, Debug)]
pub struct Editor {
    pub draft: Draft,
    /// The revision that it began with; `None` of a new workflow.
    pub base: Option<u32>,
    /// The text that it began with.
    pub before: String,
    /// The name that it is kept by.
    pub name: DraftName,
    pub tree: Tree,
    /// The last text that was valid, and what it meant.
    valid: Option<(String, Definition)>,
    /// What a check finds.
    pub problems: Vec<ProblemView>,
    /// Which of them was gone to last.
    pub problem: usize,
    /// Whether one was gone to since the last change.
    pub visited: bool,
    /// Of the selected step.
    pub form: Option<Form>,
    /// The selected field, and the first that is shown.
    pub at: usize,
    pub top: usize,
    /// What of it the form is of: the step by its index, and the changes.
    form_of: Option<(usize, u64)>,
    /// Grows with every change, also back.
    generation: u64,
}

impl Editor {
    fn new(name: DraftName, before: &str, text: &str, namespace: &Label) -> Editor {
        // what was changed before this session is one change that can be taken back
        let known = if before.is_empty() { text } else { before };
        let mut draft = Draft::new(known, namespace);
        if text != known {
            draft.replace(text);
        }
        let mut editor = Editor {
            draft,
            base: name.base,
            before: before.to_owned(),
            name,
            tree: Tree::default(),
            valid: None,
            problems: Vec::new(),
            problem: 0,
            visited: false,
            form: None,
            at: 0,
            top: 0,
            form_of: None,
            generation: 0,
        };
        if editor.draft.workflow().is_none() && !before.is_empty() {
            editor.valid = Some((before.to_owned(), Definition::of(before, namespace)));
        }
        editor.read();
        editor
    }

    /// What the text means now.
    fn read(&mut self) {
        let (text, rows) = (self.draft.text(), self.draft.rows());
        if let Some(workflow) = self.draft.workflow() {
            let lines = rows.iter().map(|row| (row.path.clone(), row.lines.clone())).collect();
            self.valid = Some((text.to_owned(), Definition::meant(workflow, &lines)));
        }
        self.tree = match &self.valid {
            Some((of, definition)) if of == text => Tree::of(rows.to_vec(), definition),
            // what is wrong with one step is no reason to say less of the others
            Some((of, definition)) => {
                Tree::of(rows.to_vec(), &unchanged(definition, of, rows, text))
            }
            None => Tree::of(rows.to_vec(), &Definition::default()),
        };
        let problems = self.draft.problems().iter().cloned();
        self.problems = problems.map(checking::view).collect();
        // what keeps it from being saved comes first
        self.problems.sort_by_key(|problem| (problem.warning, problem.line));
        (self.problem, self.visited) = (0, false);
        self.generation += 1;
    }

    pub fn is_changed(&self) -> bool {
        self.draft.text() != self.before
    }

    /// How many changes can be taken back.
    pub fn changes(&self) -> usize {
        self.draft.changes()
    }

    /// Problems that keep it from being saved.
    pub fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| !problem.warning).count()
    }

    pub fn shown_problem(&self) -> Option<(usize, &ProblemView)> {
        Some((self.problem, self.problems.get(self.problem)?))
    }

    /// Another revision is the newest by now.
    pub fn overtaken(&self, open: &WorkflowScreen) -> Option<u32> {
        let newest = open.history().iter().map(|revision| revision.revision).max()?;
        self.base.filter(|base| newest > *base).map(|_| newest)
    }

    /// The fields of the selected step.
    pub fn fields(&self) -> &[rpa_config::edit::Field] {
        self.form.as_ref().map_or(&[], |form| &form.fields)
    }

    pub fn field(&self) -> Option<&rpa_config::edit::Field> {
        self.fields().get(self.at)
    }

    /// The first problem that stands at a field of the form.
    pub fn problem_at(&self, field: usize) -> Option<&ProblemView> {
        let fields = self.fields();
        let row = self.form_of.and_then(|(at, _)| self.tree.rows.get(at))?;
        let of = |line: u32| {
            let above = fields.iter().enumerate().filter(|(_, f)| f.line > 0 && f.line <= line);
            above.max_by_key(|(_, f)| f.line).map(|(at, _)| at)
        };
        self.problems.iter().find(|p| row.lines.contains(&p.line) && of(p.line) == Some(field))
    }
}

impl State {
    /// The editor, where it is what is looked at or lies below a dialog.
    pub fn editor(&self) -> Option<&Editor> {
        self.workflow.as_ref()?.editor.as_deref()
    }

    pub(super) fn editor_mut(&mut self) -> Option<&mut Editor> {
        self.workflow.as_mut()?.editor.as_deref_mut()
    }

    /// The selected step of the open workflow.
    pub fn selected_step(&self) -> Option<&Outlined> {
        let open = self.workflow.as_ref()?;
        open.definition()?.steps.get(open.selected()?)
    }

    /// The same as the text of the draft has it.
    pub(super) fn selected_row(&self) -> Option<&Row> {
        let open = self.workflow.as_ref()?;
        self.editor()?.tree.rows.get(open.selected()?)
    }

    /// The namespace of the workflow that is edited.
    pub(super) fn edited_namespace(&self) -> Label {
        let name = self.workflow.as_ref().and_then(|open| open.name.split_once('/'));
        name.and_then(|(n, _)| n.parse().ok()).unwrap_or_else(|| self.namespace.clone())
    }
}

/// The lines of the selected step, as they are written.
pub fn written_lines(state: &State) -> Vec<DataLine> {
    let Some((editor, step)) = state.editor().zip(state.selected_step()) else {
        return Vec::new();
    };
    inside_lines(editor.draft.text(), step)
}

/// Opens the editor with a draft of a workflow.
pub fn open(state: &mut State, name: DraftName, before: &str, text: &str) {
    let is_open = state.workflow.as_ref().is_some_and(|open| open.name == name.workflow);
    if !is_open {
        open_workflow(state, &name.workflow);
    }
    (state.run, state.trigger) = (None, None);
    let namespace = state.edited_namespace();
    if let Some(open) = &mut state.workflow {
        open.editor = Some(Box::new(Editor::new(name, before, text, &namespace)));
        (open.text, open.zoom) = (None, false);
        (open.focus, open.lower) = (workflow::Pane::Steps, workflow::Pane::Step);
        open.refold();
    }
    graph_renew(state);
    moving::settle(state);
}

/// Ends the editor. Whatever shall become of the draft was done before.
pub fn close(state: &mut State) {
    let Some(open) = &mut state.workflow else { return };
    let Some(editor) = open.editor.take() else { return };
    if open.told.is_none() && editor.base.is_none() {
        // there is no such workflow
        state.workflow = None;
    } else {
        (open.focus, open.zoom) = (workflow::Pane::Steps, false);
        open.rows.clear();
        open.refold();
        graph_renew(state);
    }
    moving::settle(state);
}

/// The draft has changed: what it means is read anew, `path` is selected, and it is kept.
pub fn touched(state: &mut State, path: Option<&str>) -> Vec<Effect> {
    if let Some(editor) = state.editor_mut() {
        editor.read();
    }
    state.workflow.iter_mut().for_each(WorkflowScreen::refold);
    match path {
        Some(path) => select(state, path),
        None => graph_renew(state),
    }
    moving::settle(state);
    settle(state);
    let Some(editor) = state.editor() else { return Vec::new() };
    let (name, text) = (editor.name.clone(), editor.draft.text().to_owned());
    match editor.is_changed() {
        true => keep::keep(state, &name, &text),
        false => keep::forget(state, &name),
    }
}

/// Selects a step by its path as the text has it; what it lies in is unfolded.
pub fn select(state: &mut State, path: &str) {
    if let Some(open) = &mut state.workflow
        && let Some(editor) = &open.editor
        && let Some(at) = editor.tree.index(path)
    {
        let definition = &editor.tree.definition;
        open.steps.id = Some(definition.steps[at].path.clone());
        around(definition, at).iter().for_each(|path| {
            open.folded.remove(path);
        });
        if let Some(graph) = &mut open.graph {
            // the list in which it lies
            graph.of = definition.around(at).map(|of| definition.steps[of].path.clone());
        }
        open.refold();
    }
    graph_renew(state);
}

/// Of what an earlier text meant, the steps that are written as they were.
fn unchanged(definition: &Definition, before: &str, rows: &[Row], now: &str) -> Definition {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), now.lines().collect());
    let rows: HashMap<&str, &Row> = rows.iter().map(|row| (row.path.as_str(), row)).collect();
    let is_same = |step: &&Outlined| {
        let row = rows.get(step.path.as_str());
        let both = step.lines.as_ref().zip(row.map(|row| &row.lines));
        both.is_some_and(|(was, is)| written(&old, was) == written(&new, is))
    };
    let steps = definition.steps.iter().filter(is_same).cloned().collect();
    Definition { steps, ..definition.clone() }
}

/// Lines that count from 1.
fn written<'t>(lines: &'t [&'t str], at: &Passage) -> &'t [&'t str] {
    let line = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    lines.get(line(*at.start()).saturating_sub(1)..line(*at.end())).unwrap_or_default()
}

/// Paths of what a step lies in.
fn around(definition: &Definition, at: usize) -> Vec<String> {
    let mut paths = Vec::new();
    let mut next = definition.around(at);
    while let Some(at) = next {
        paths.push(definition.steps[at].path.clone());
        next = definition.around(at);
    }
    paths
}

/// The form of the selected step, after another was selected or the draft has changed.
pub fn settle(state: &mut State) {
    let height = crate::console::view::layout::form_rows(state);
    let Some(open) = &mut state.workflow else { return };
    let selected = open.selected();
    let Some(editor) = &mut open.editor else { return };
    let of = selected.map(|at| (at, editor.generation));
    if editor.form_of != of || (of.is_none() && editor.form.is_some()) {
        let same = editor.form_of.zip(of).is_some_and(|(a, b)| a.0 == b.0);
        let key = editor.field().map(|field| field.key.clone()).filter(|_| same);
        let path = selected.and_then(|at| editor.tree.rows.get(at)).map(|row| row.path.clone());
        editor.form = path.and_then(|path| editor.draft.form(&path).ok());
        editor.form_of = of;
        let at = key.and_then(|key| editor.fields().iter().position(|f| f.key == key));
        editor.at = at.unwrap_or(if same { editor.at } else { 0 });
        if !same {
            editor.top = 0;
        }
    }
    let count = editor.fields().len();
    editor.at = editor.at.min(count.saturating_sub(1));
    editor.top = editor.top.min(editor.at).max((editor.at + 1).saturating_sub(height));
}
