//! The newest revision of a workflow, to be edited: in the visual editor, or as a text in
//! an editor of one's own and back. Comments are kept, as it is the text that is changed.
//!
//! ```text
//!  E -> newest revision -> private file -> editor -> check -> plan -> apply, or not
//!                                      ^------- again ---'------'
//! ```
//! The file is thrown away when nothing was changed, when it was applied, or when
//! somebody says so; in every other case it stays, and it is said where.

use std::path::PathBuf;

use rpa_config::workflow::check;
use rpa_ipc::catalog::SourceView;
use rpa_ipc::view::ProblemView;
use rpa_ipc::{Fault, FaultCode};

use super::super::{Effect, State, editor, news};
use super::edited::{self, EditStage};
use super::rows;
use crate::cli::checking;
use crate::console::command;
use crate::console::drafts::DraftName;
use crate::console::theme::Tone;
use crate::console::view::names;
use crate::say;

/// What a text is handed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// `$VISUAL`, `$EDITOR` or `vi`.
    Editor,
    /// `$PAGER` or `less`: what comes back is of no interest.
    Pager,
}

/// A text for another program, which has the terminal meanwhile.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    pub tool: Tool,
    /// What the file is called.
    pub file_name: String,
    pub text: String,
    /// The file that has the text already.
    pub path: Option<PathBuf>,
    pub edit: Option<Edit>,
}

/// What a person is editing.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// Its full name; of a new one the name that was typed.
    pub workflow: String,
    /// The newest revision when it was fetched; `None` of a new workflow.
    pub base: Option<u32>,
    /// The text that was handed to the editor first.
    pub before: String,
    pub way: EditWay,
}

/// How a workflow is edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditWay {
    /// As a text in an editor of one's own.
    Text,
    /// In the visual editor.
    Visual,
    /// In the visual editor, going on with a draft that was kept.
    Kept(DraftName),
    /// One field of the selected step of the visual editor, by its key.
    Field(String),
}

/// What an editor has left behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Edited {
    pub job: Job,
    /// `None` when it could not even be written.
    pub path: Option<PathBuf>,
    pub given: Given,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    Text(String),
    /// The program ended with something else than 0; what the file has now.
    Failed {
        code: i32,
        text: String,
    },
    /// The file could not be written, or read, or the program not started.
    Fault(String),
}

/// The newest revision of the workflow that is meant, for editing; a draft of it that was
/// kept is asked about first.
pub fn edit(state: &mut State, way: EditWay) -> Vec<Effect> {
    let meant = match (&state.workflow, &state.run) {
        (Some(open), None) => Some(open.name.clone()),
        _ => state.workflows.selected().map(|view| view.workflow.clone()),
    };
    match (meant, way) {
        (Some(workflow), EditWay::Visual) => editor::look(state, workflow, false),
        (Some(workflow), way) => editor::fetch(state, workflow, way),
        (None, _) => match state.workflows.selected_unsaved() {
            Some(row) => {
                let workflow = row.workflow.clone();
                editor::look(state, workflow, true)
            }
            None => Vec::new(),
        },
    }
}

/// The newest revision has come.
pub fn fetched(state: &mut State, way: EditWay, answer: Result<SourceView, Fault>) -> Vec<Effect> {
    let named = answer.as_ref().ok().map(|view| view.revision.workflow.clone());
    if !editor::is_awaited(state, named.as_deref(), &way) {
        return Vec::new();
    }
    let view = match (answer, &way) {
        (Ok(view), _) => view,
        // the draft is all that is left of it
        (Err(fault), EditWay::Kept(name)) if fault.code == FaultCode::NoWorkflow => {
            return editor::take_up(state, name, None);
        }
        (Err(fault), _) => {
            news::refused(state, &fault);
            return Vec::new();
        }
    };
    let (workflow, number) = (view.revision.workflow.clone(), view.revision.revision);
    let command = command::source(&state.namespace, &workflow, number);
    match way {
        EditWay::Kept(name) => editor::take_up(state, &name, Some((number, &view.source))),
        EditWay::Visual => {
            let name = state.drafts.begin(&workflow, Some(number), state.now_ms);
            editor::open(state, name, &view.source, &view.source);
            state.tell(Tone::Faint, String::new(), command);
            Vec::new()
        }
        EditWay::Text | EditWay::Field(_) => {
            state.tell(Tone::Faint, String::new(), command);
            let (base, before) = (Some(number), view.source);
            vec![Effect::Hand(Job::of(Edit { workflow, base, before, way: EditWay::Text }))]
        }
    }
}

/// A name for a new workflow was typed, and is sound.
pub fn typed_name(state: &mut State, name: &str) -> Vec<Effect> {
    let workflow = format!("{}/{name}", state.namespace);
    editor::look(state, workflow, true)
}

/// What is on the screen, in a pager.
pub fn page(state: &mut State) -> Vec<Effect> {
    let Some(open) = state.workflow.as_ref() else { return Vec::new() };
    let Some(pane) = &open.text else { return Vec::new() };
    let lines = pane.lines.iter().map(|line| format!("{}\n", line.text));
    let job = Job {
        tool: Tool::Pager,
        file_name: format!("{}.yaml", last_part(&open.name)),
        text: lines.collect(),
        path: None,
        edit: None,
    };
    vec![Effect::Hand(job)]
}

impl Job {
    /// A text of its own for an editor.
    pub fn of(edit: Edit) -> Job {
        Job {
            tool: Tool::Editor,
            file_name: format!("{}.yaml", last_part(&edit.workflow)),
            text: edit.before.clone(),
            path: None,
            edit: Some(edit),
        }
    }

    /// The same file once more.
    pub fn again(edit: Edit, path: PathBuf, text: String) -> Job {
        Job { text, path: Some(path), ..Job::of(edit) }
    }
}

fn last_part(workflow: &str) -> &str {
    workflow.rsplit('/').next().unwrap_or(workflow)
}

/// The terminal is ours again, with what became of the text.
pub fn came_back(state: &mut State, edited: Edited) -> Vec<Effect> {
    let way = edited.job.edit.as_ref().map(|edit| &edit.way);
    if matches!(way, Some(EditWay::Visual | EditWay::Field(_))) {
        return editor::came_back(state, edited);
    }
    let Edited { job, path, given } = edited;
    let discard = path.clone().map(Effect::Discard);
    let Some(edit) = job.edit else {
        if let Given::Failed { code, .. } = given {
            let text = say!(state.words, "pager-failed", code = code);
            state.tell(Tone::Warn, text, String::new());
        } else if let Given::Fault(why) = given {
            state.tell(Tone::Bad, say!(state.words, "edit-fault", why = why), String::new());
        }
        return discard.into_iter().collect();
    };
    let (text, failed) = match given {
        Given::Text(text) => (text, None),
        Given::Failed { code, text } => (text, Some(code)),
        Given::Fault(why) => {
            let why = rows::harmless(&why);
            let text = match &path {
                Some(path) => say!(
                    state.words,
                    "edit-fault-kept",
                    why = why,
                    path = path.display().to_string()
                ),
                None => say!(state.words, "edit-fault", why = why),
            };
            state.tell(Tone::Bad, text, String::new());
            return Vec::new();
        }
    };
    let Some(path) = path else { return Vec::new() };
    let name = names::workflow(state, &edit.workflow);
    if text == edit.before {
        let text = match failed {
            Some(code) => say!(state.words, "edit-failed-unchanged", code = code),
            None => say!(state.words, "edit-unchanged", name = name),
        };
        let tone = if failed.is_some() { Tone::Warn } else { Tone::Plain };
        state.tell(tone, text, String::new());
        return discard.into_iter().collect();
    }
    if let Some(code) = failed {
        let path = path.display().to_string();
        let text = say!(state.words, "edit-failed-kept", code = code, path = path);
        state.tell(Tone::Warn, text, String::new());
        return Vec::new();
    }
    state.notice = None;
    let problems = problems_of(state, &text, &job.file_name);
    let stage = match problems.iter().any(|problem| !problem.warning) {
        true => EditStage::Problems(problems),
        false => EditStage::Asking,
    };
    edited::open(state, edit, path, text, stage)
}

/// As `rpa check` finds them, harmless.
fn problems_of(state: &State, text: &str, file: &str) -> Vec<ProblemView> {
    let found = check(text, file, &state.namespace).problems;
    found.into_iter().map(checking::view).collect()
}
