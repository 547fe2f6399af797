//! A text in an editor of one's own, and back: the newest revision of a workflow, or a
//! new one. Comments are kept, as it is the text that is changed.
//!
//! ```text
//!  e -> newest revision -> private file -> editor -> check -> plan -> apply, or not
//!            n, name -> template ---^  ^------- again ---'------'
//! ```
//! The file is thrown away when nothing was changed, when it was applied, or when
//! somebody says so; in every other case it stays, and it is said where.

use std::path::PathBuf;

use rpa_config::workflow::check;
use rpa_ipc::Fault;
use rpa_ipc::catalog::SourceView;
use rpa_ipc::view::ProblemView;

use super::super::{Call, Effect, State, news};
use super::edited::{self, EditStage};
use super::{new, rows};
use crate::cli::checking;
use crate::console::command;
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

/// The newest revision of the workflow that is meant, for editing.
pub fn edit(state: &mut State) -> Vec<Effect> {
    let meant = match (&state.workflow, &state.run) {
        (Some(open), None) => Some(open.name.clone()),
        _ => state.workflows.selected().map(|view| view.workflow.clone()),
    };
    let Some(workflow) = meant else { return Vec::new() };
    state.calls += 1;
    vec![Effect::Call(Call::Newest { workflow })]
}

/// The newest revision has come.
pub fn fetched(state: &mut State, answer: Result<SourceView, Fault>) -> Vec<Effect> {
    match answer {
        Ok(view) => {
            let (name, number) = (&view.revision.workflow, view.revision.revision);
            let command = command::source_to_file(&state.namespace, name, number);
            state.tell(Tone::Faint, String::new(), command);
            let edit = Edit {
                workflow: view.revision.workflow.clone(),
                base: Some(view.revision.revision),
                before: view.source.clone(),
            };
            vec![Effect::Hand(Job::of(edit))]
        }
        Err(fault) => {
            news::refused(state, &fault);
            Vec::new()
        }
    }
}

/// A name for a new workflow was typed, and is sound.
pub fn typed_name(state: &State, name: &str) -> Vec<Effect> {
    let before = new::template(name, state.words.language());
    let workflow = format!("{}/{name}", state.namespace);
    vec![Effect::Hand(Job::of(Edit { workflow, base: None, before }))]
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
    fn of(edit: Edit) -> Job {
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
