//! What is done with a text that came from an editor: nothing is applied that was
//! not checked, planned and wanted.

use std::path::PathBuf;

use rpa_config::workflow::check;
use rpa_ipc::Fault;
use rpa_ipc::catalog::{PlanView, Planned, SourceView};
use rpa_ipc::fault::problem_in;
use rpa_ipc::view::{Applied, ProblemView};

use super::super::data::DataLine;
use super::super::{Call, Effect, Overlay, State, editor, fault_text, moving};
use super::edit::{Edit, EditWay, Job};
use super::rows::harmless;
use super::{one, plan_lines, text};
use crate::console::command;
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::console::view::{layout, names};
use crate::say;
use crate::text::wrapped;
use crate::unified;

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditStop {
    /// In the editor once more.
    Again,
    /// As the live revision.
    Apply,
    /// As a draft.
    Draft,
    /// The file stays, and nothing else happens.
    Keep,
    Discard,
}

/// How far it has come.
#[derive(Clone, Debug, PartialEq)]
pub enum EditStage {
    Problems(Vec<ProblemView>),
    /// The daemon is asked what would change.
    Asking,
    Plan(Box<PlanView>),
    /// Another revision than `base` has become the newest meanwhile, and how the text
    /// differs from it.
    Stale {
        newest: u32,
        base: Option<u32>,
        diff: Vec<DataLine>,
    },
    /// It is being applied.
    Applying,
    /// The daemon did not answer, or refused.
    Fault(Box<Fault>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct EditDialog {
    pub edit: Edit,
    pub path: PathBuf,
    pub text: String,
    pub stage: EditStage,
    pub at: EditStop,
    /// The first line that is shown.
    pub top: usize,
}

impl EditDialog {
    /// Whether it is about the text in that file.
    fn is_of(&self, file: &str) -> bool {
        self.path.display().to_string() == file
    }

    /// What can be chosen now.
    pub fn stops(&self) -> &'static [EditStop] {
        use EditStop::{Again, Apply, Discard, Draft, Keep};
        // a draft that is kept in no file cannot be left for another time
        let is_kept = self.path.is_absolute();
        match &self.stage {
            EditStage::Problems(_) | EditStage::Fault(_) if !is_kept => &[Again, Discard],
            EditStage::Stale { .. } if !is_kept => &[Again, Apply, Draft, Discard],
            EditStage::Plan(plan) if !is_kept && plan.word == "unchanged" => &[Again, Discard],
            EditStage::Plan(_) if !is_kept => &[Again, Apply, Draft, Discard],
            EditStage::Problems(_) | EditStage::Fault(_) => &[Again, Keep, Discard],
            EditStage::Plan(plan) if plan.word == "unchanged" => &[Again, Keep, Discard],
            EditStage::Plan(_) | EditStage::Stale { .. } => &[Again, Apply, Draft, Keep, Discard],
            EditStage::Asking | EditStage::Applying if self.is_draft() => &[Again],
            EditStage::Asking | EditStage::Applying => &[Keep],
        }
    }

    /// Whether it is of the visual editor, which lies below.
    pub fn is_draft(&self) -> bool {
        self.edit.way != EditWay::Text
    }

    /// The first of them.
    fn first(&self) -> EditStop {
        self.stops()[0]
    }

    /// The command that does what the button with the focus does.
    pub fn command(&self, state: &State) -> String {
        let path = self.path.display().to_string();
        match (&self.stage, self.at) {
            (EditStage::Problems(_), _) => command::check(&state.namespace, &path),
            (_, EditStop::Draft) => command::apply(&state.namespace, &path, self.edit.base, true),
            (_, EditStop::Apply) => command::apply(&state.namespace, &path, self.edit.base, false),
            _ => command::plan(&state.namespace, &path),
        }
    }

    /// Everything that is said, in lines of a width.
    pub fn lines(&self, state: &State, width: usize) -> Vec<DataLine> {
        let words = &state.words;
        let mut lines = Vec::new();
        let mut put = |tone: Tone, text: &str| {
            let parts = text.lines().flat_map(|line| wrapped(line, width.max(1)));
            lines.extend(parts.map(|text| DataLine { tone, text }));
        };
        match &self.stage {
            EditStage::Problems(problems) => {
                return problem_lines(state, problems, &self.text, width);
            }
            EditStage::Asking => put(Tone::Plain, &say!(words, "list-asking")),
            EditStage::Applying => put(Tone::Plain, &say!(words, "edit-applying")),
            EditStage::Plan(plan) => return plan_lines(state, plan, width),
            EditStage::Stale { newest, base, diff } => {
                let text = match base {
                    Some(base) => say!(words, "edit-stale", newest = *newest, base = *base),
                    None => say!(words, "edit-stale-new", newest = *newest),
                };
                put(Tone::Warn, &text);
                lines.push(DataLine { tone: Tone::Plain, text: String::new() });
                lines.extend(diff.iter().cloned());
            }
            EditStage::Fault(fault) => {
                put(Tone::Bad, &fault_text(state, fault));
                put(Tone::Plain, &super::super::fault_hint(state, fault));
            }
        }
        lines
    }
}

/// Place, code, message and hint of each problem, and the line that it is about.
pub fn problem_lines(
    state: &State,
    problems: &[ProblemView],
    source: &str,
    width: usize,
) -> Vec<DataLine> {
    let mut lines = Vec::new();
    let mut put = |tone: Tone, text: &str| {
        let parts = wrapped(&harmless(text), width.max(1)).into_iter();
        lines.extend(parts.map(|text| DataLine { tone, text }));
    };
    // what keeps it from being applied comes first
    let errors = problems.iter().filter(|p| !p.warning);
    for problem in errors.chain(problems.iter().filter(|p| p.warning)) {
        let (message, hint) = problem_in(state.words.language(), problem);
        let tone = if problem.warning { Tone::Warn } else { Tone::Bad };
        let place = match problem.line {
            0 => problem.code.clone(),
            line => say!(state.words, "problem-place", line = line, code = problem.code.as_str()),
        };
        put(tone, &format!("{place}: {message}"));
        let at = usize::try_from(problem.line).unwrap_or(0).checked_sub(1);
        if let Some(line) = at.and_then(|at| source.lines().nth(at)) {
            put(Tone::Faint, &format!("  {} | {}", problem.line, harmless(line)));
        }
        if !hint.is_empty() {
            put(
                Tone::Plain,
                &format!("  {}", say!(state.words, "fault-hint", hint = hint.into_owned())),
            );
        }
    }
    lines
}

/// Shows what came back, and asks for the plan where there is one to be had.
pub fn open(
    state: &mut State,
    edit: Edit,
    path: PathBuf,
    text: String,
    stage: EditStage,
) -> Vec<Effect> {
    let dialog = EditDialog { edit, path, text, stage, at: EditStop::Again, top: 0 };
    match dialog.stage {
        EditStage::Asking => ask(state, dialog),
        _ => show(state, dialog),
    }
}

fn show(state: &mut State, dialog: EditDialog) -> Vec<Effect> {
    state.overlay = Some(Overlay::Edited(Box::new(dialog)));
    Vec::new()
}

fn ask(state: &mut State, mut dialog: EditDialog) -> Vec<Effect> {
    dialog.stage = EditStage::Asking;
    dialog.at = dialog.first();
    let (file, source) = (dialog.path.display().to_string(), dialog.text.clone());
    state.calls += 1;
    show(state, dialog);
    vec![Effect::Call(Call::Plan { file, source })]
}

/// What would change is known.
pub fn planned(state: &mut State, file: &str, answer: Result<Planned, Fault>) {
    let Some(Overlay::Edited(dialog)) = &mut state.overlay else { return };
    if dialog.stage != EditStage::Asking || !dialog.is_of(file) {
        return;
    }
    dialog.stage = match answer {
        Ok(Planned::Plan(plan)) => EditStage::Plan(plan),
        Ok(Planned::Refused { problems }) => EditStage::Problems(problems),
        Err(fault) => EditStage::Fault(Box::new(fault)),
    };
    (dialog.at, dialog.top) = (EditStop::Again, 0);
}

/// Another revision is the newest.
pub fn stale(state: &mut State, file: &str, newest: &SourceView) {
    let open = match &mut state.overlay {
        Some(Overlay::Edited(dialog)) if dialog.is_of(file) => Some(dialog),
        _ => None,
    };
    let Some(dialog) = open else {
        let revision = newest.revision.revision;
        let name = names::workflow(state, &newest.revision.workflow);
        let text = say!(state.words, "edited-stale", name = name, revision = revision);
        return state.tell(Tone::Warn, text, String::new());
    };
    let number = newest.revision.revision;
    let label = format!("{} revision {number}", newest.revision.workflow);
    let file = dialog.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let diff = unified::unified((&label, &newest.source), (&file, &dialog.text));
    // whoever applies it now, or edits it again, has seen that one
    let base = dialog.edit.base.replace(number);
    let diff = text::diff_lines(&diff);
    dialog.stage = EditStage::Stale { newest: number, base, diff };
    (dialog.at, dialog.top) = (EditStop::Again, 0);
}

/// It is a revision, or is not.
pub fn applied(state: &mut State, file: &str, answer: Result<Applied, Fault>) -> Vec<Effect> {
    let open = match state.overlay.take() {
        Some(Overlay::Edited(dialog)) if dialog.is_of(file) => Some(dialog),
        other => {
            state.overlay = other;
            None
        }
    };
    match answer {
        Ok(Applied::Accepted { workflow, revision, changed, draft, .. }) => {
            // the text lies with the daemon now
            let waits = open.is_some();
            let effects = match open {
                Some(dialog) if dialog.is_draft() => editor::finished(state, true),
                Some(dialog) => vec![Effect::Discard(dialog.path)],
                // it was gone back to meanwhile: what is saved next takes the place of this one
                None => editor::saved(state, file, revision),
            };
            accepted(state, &workflow, (revision, changed, draft), waits);
            effects
        }
        Ok(Applied::Refused { problems }) => again(state, open, EditStage::Problems(problems)),
        Err(fault) => again(state, open, EditStage::Fault(Box::new(fault))),
    }
}

fn again(state: &mut State, open: Option<Box<EditDialog>>, stage: EditStage) -> Vec<Effect> {
    if let Some(mut dialog) = open {
        (dialog.stage, dialog.at, dialog.top) = (stage, EditStop::Again, 0);
        state.overlay = Some(Overlay::Edited(dialog));
    } else if let EditStage::Fault(fault) = stage {
        super::super::news::refused(state, &fault);
    }
    Vec::new()
}

/// `waits`: whoever asked for it waits for it, and has gone nowhere else meanwhile.
fn accepted(
    state: &mut State,
    workflow: &str,
    (revision, changed, draft): (u32, bool, bool),
    waits: bool,
) {
    let name = names::workflow(state, workflow);
    let id = match (changed, draft) {
        (false, _) => "edit-same",
        (true, false) => "edit-live",
        (true, true) => "edit-draft",
    };
    let elsewhere = state.workflow.as_ref().is_none_or(|open| open.name != workflow);
    if waits && elsewhere && state.run.is_none() {
        one::open(state, workflow);
    }
    let text = say!(state.words, id, name = name, revision = revision);
    let command = match draft {
        false => command::history(&state.namespace, workflow),
        true => command::publish(&state.namespace, workflow, revision),
    };
    state.tell(Tone::Good, text, command);
    moving::settle(state);
}

pub fn key(state: &mut State, mut dialog: Box<EditDialog>, key: Key) -> Vec<Effect> {
    let stops = dialog.stops();
    let at = stops.iter().position(|stop| *stop == dialog.at).unwrap_or(0);
    let (height, lines) = layout::edited_rows(state, &dialog);
    let last = lines.saturating_sub(height);
    match key {
        // whatever else: a text that somebody has typed is not thrown away by Esc
        Key::Esc if dialog.is_draft() => return once_more(state, *dialog),
        Key::Esc => return keep(state, &dialog),
        Key::Left | Key::BackTab => dialog.at = stops[(at + stops.len() - 1) % stops.len()],
        Key::Right | Key::Tab => dialog.at = stops[(at + 1) % stops.len()],
        Key::Up => dialog.top = dialog.top.saturating_sub(1),
        Key::Down => dialog.top = (dialog.top + 1).min(last),
        Key::PageUp => dialog.top = dialog.top.saturating_sub(height),
        Key::PageDown => dialog.top = (dialog.top + height).min(last),
        Key::Home => dialog.top = 0,
        Key::End => dialog.top = last,
        Key::F(8) if stops.contains(&EditStop::Apply) => return apply(state, *dialog, false),
        Key::F(4) if stops.contains(&EditStop::Again) => return once_more(state, *dialog),
        Key::Enter => match stops.get(at) {
            Some(EditStop::Again) => return once_more(state, *dialog),
            Some(EditStop::Apply) => return apply(state, *dialog, false),
            Some(EditStop::Draft) => return apply(state, *dialog, true),
            Some(EditStop::Keep) => return keep(state, &dialog),
            Some(EditStop::Discard) => {
                let effects = match dialog.is_draft() {
                    true => editor::finished(state, true),
                    false => vec![Effect::Discard(dialog.path)],
                };
                let name = names::workflow(state, &dialog.edit.workflow);
                let text = say!(state.words, "edit-discarded", name = name);
                state.tell(Tone::Plain, text, String::new());
                return effects;
            }
            None => {}
        },
        _ => {}
    }
    show(state, *dialog)
}

/// Back to where it was edited. Whoever has seen another revision applies over that one.
fn once_more(state: &mut State, dialog: EditDialog) -> Vec<Effect> {
    if dialog.is_draft() {
        return editor::rebase(state, dialog.edit.base);
    }
    vec![Effect::Hand(Job::again(dialog.edit, dialog.path, dialog.text))]
}

fn keep(state: &mut State, dialog: &EditDialog) -> Vec<Effect> {
    let path = dialog.path.display().to_string();
    let command = command::apply(&state.namespace, &path, dialog.edit.base, false);
    let text = say!(state.words, "edit-kept", path = path);
    let effects = match dialog.is_draft() {
        true => editor::finished(state, false),
        false => Vec::new(),
    };
    state.tell(Tone::Plain, text, command);
    effects
}

fn apply(state: &mut State, mut dialog: EditDialog, draft: bool) -> Vec<Effect> {
    let file = dialog.path.display().to_string();
    let found = check(&dialog.text, &file, &state.namespace).workflow;
    // it was checked before it came here
    let Some(found) = found else { return show(state, dialog) };
    let workflow = found.name.to_string();
    // under another name it is another workflow
    let base = dialog.edit.base.filter(|_| workflow == dialog.edit.workflow);
    dialog.edit.workflow.clone_from(&workflow);
    dialog.edit.base = base;
    let command = command::apply(&state.namespace, &file, base, draft);
    let text = say!(state.words, "edit-applying");
    state.tell(Tone::Busy, text, command);
    state.calls += 1;
    let source = dialog.text.clone();
    dialog.stage = EditStage::Applying;
    dialog.at = dialog.first();
    show(state, dialog);
    vec![Effect::Call(Call::Apply { workflow, base, file, source, draft })]
}
