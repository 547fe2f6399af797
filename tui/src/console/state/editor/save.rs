//! The draft on its way out: checked, planned and applied as what comes from an editor of
//! one's own is; and through that editor and back.

use super::super::workflow::{Edit, EditGiven, EditStage, EditWay, Edited, Job, open_edited};
use super::super::{Effect, State};
use super::{form, keep, problems, screen};
use crate::console::drafts::DraftName;
use crate::console::theme::Tone;
use crate::console::view::names;
use crate::say;

/// Shows what it would change, and asks; or goes to what is wrong.
pub fn save(state: &mut State) -> Vec<Effect> {
    let Some(editor) = state.editor() else { return Vec::new() };
    let name = names::workflow(state, &editor.name.workflow);
    if !editor.is_changed() && editor.base.is_some() {
        let text = say!(state.words, "edit-unchanged", name = name);
        state.tell(Tone::Plain, text, String::new());
        return Vec::new();
    }
    let errors = editor.errors();
    if errors > 0 {
        if let Some(editor) = state.editor_mut() {
            (editor.problem, editor.visited) = (0, true);
        }
        problems::go(state);
        let text = say!(state.words, "save-problems", count = errors);
        state.tell(Tone::Bad, text, String::new());
        return Vec::new();
    }
    let edit = Edit {
        workflow: editor.name.workflow.clone(),
        base: editor.base,
        before: editor.before.clone(),
        way: EditWay::Visual,
    };
    let (draft, text) = (editor.name.clone(), editor.draft.text().to_owned());
    let path = state.drafts.path(&draft);
    state.notice = None;
    // also one that was not changed yet: the command that does the same names its file
    let mut effects = keep::keep(state, &draft, &text);
    effects.extend(open_edited(state, edit, path, text, EditStage::Asking));
    effects
}

/// It is a revision now, or thrown away, or left for another time.
pub fn finished(state: &mut State, forget: bool) -> Vec<Effect> {
    let Some(editor) = state.editor() else { return Vec::new() };
    let name = editor.name.clone();
    let effects = if forget { keep::forget(state, &name) } else { Vec::new() };
    screen::close(state);
    effects
}

/// Another revision was seen: what is saved from now on takes its place.
pub fn rebase(state: &mut State, base: Option<u32>) -> Vec<Effect> {
    let Some(editor) = state.editor_mut() else { return Vec::new() };
    if editor.base == base {
        return Vec::new();
    }
    editor.base = base;
    let before = editor.name.clone();
    editor.name = DraftName { base, ..before.clone() };
    let (name, text) = (editor.name.clone(), editor.draft.text().to_owned());
    keep::keep_as(state, &before, &name, &text)
}

/// The draft in that file has become a revision, while somebody goes on with it.
pub fn saved(state: &mut State, file: &str, revision: u32) -> Vec<Effect> {
    let is_it =
        |editor: &screen::Editor| state.drafts.path(&editor.name).display().to_string() == file;
    match state.editor().is_some_and(is_it) {
        true => rebase(state, Some(revision)),
        false => Vec::new(),
    }
}

/// The whole draft in an editor of one's own; from the form, the selected field.
pub fn edit_text(state: &mut State) -> Vec<Effect> {
    let on_form = state.workflow.as_ref().is_some_and(|open| open.focus != super::Pane::Steps);
    if on_form {
        let field = state.editor().and_then(|editor| editor.field().cloned());
        let Some(field) = field else { return Vec::new() };
        if field.shared {
            let text = say!(state.words, "field-shared");
            state.tell(Tone::Warn, text, String::new());
            return Vec::new();
        }
        let value = field.value.unwrap_or_default();
        return hand_field(state, &field.key, &value.clone(), value);
    }
    let Some(editor) = state.editor() else { return Vec::new() };
    let edit = Edit {
        workflow: editor.name.workflow.clone(),
        base: editor.base,
        before: editor.draft.text().to_owned(),
        way: EditWay::Visual,
    };
    vec![Effect::Hand(Job::of(edit))]
}

/// One field of the selected step in an editor of one's own: `before` is what it has in the
/// draft, `text` what is handed over.
pub fn hand_field(state: &mut State, key: &str, before: &str, text: String) -> Vec<Effect> {
    let Some(editor) = state.editor() else { return Vec::new() };
    let edit = Edit {
        workflow: editor.name.workflow.clone(),
        base: editor.base,
        before: before.to_owned(),
        way: EditWay::Field(key.to_owned()),
    };
    let mut job = Job { text, ..Job::of(edit) };
    // an editor goes by the ending of a name
    let ending = match key {
        "run" | "with.command" => "sh",
        _ => "txt",
    };
    let name = key.rsplit('.').next().unwrap_or(key);
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    job.file_name = format!("{name}.{ending}");
    vec![Effect::Hand(job)]
}

/// A text is back from the other editor.
pub fn came_back(state: &mut State, edited: Edited) -> Vec<Effect> {
    let Edited { job, path, given } = edited;
    let Some(edit) = job.edit else { return Vec::new() };
    let discard: Vec<Effect> = path.clone().map(Effect::Discard).into_iter().collect();
    let text = match given {
        EditGiven::Text(text) => text,
        EditGiven::Failed { code, text } => {
            let (said, effects) = match path.filter(|_| text != edit.before) {
                Some(path) => {
                    let path = path.display().to_string();
                    (say!(state.words, "edit-failed-kept", code = code, path = path), Vec::new())
                }
                None => (say!(state.words, "edit-failed-unchanged", code = code), discard),
            };
            state.tell(Tone::Warn, said, String::new());
            return effects;
        }
        EditGiven::Fault(why) => {
            let why = crate::text::sanitize(&why).replace(['\n', '\t'], " ");
            let said = match path {
                Some(path) => {
                    let path = path.display().to_string();
                    say!(state.words, "edit-fault-kept", why = why, path = path)
                }
                None => say!(state.words, "edit-fault", why = why),
            };
            state.tell(Tone::Bad, said, String::new());
            return Vec::new();
        }
    };
    if text == edit.before {
        let name = names::workflow(state, &edit.workflow);
        let said = say!(state.words, "edit-unchanged", name = name);
        state.tell(Tone::Plain, said, String::new());
        return discard;
    }
    let is_of = |editor: &screen::Editor| editor.name.workflow == edit.workflow;
    if !state.editor().is_some_and(is_of) {
        // it was closed meanwhile: the file stays
        let path = path.map(|path| path.display().to_string()).unwrap_or_default();
        let said = say!(state.words, "edit-kept", path = path);
        state.tell(Tone::Warn, said, String::new());
        return Vec::new();
    }
    let taken = match &edit.way {
        EditWay::Field(key) => {
            // editors end a file with a line break
            let had = edit.before.ends_with('\n');
            let text = if had { &text[..] } else { text.strip_suffix('\n').unwrap_or(&text) };
            form::put(state, key, Some(text.to_owned()).filter(|text| !text.is_empty()))
        }
        _ => {
            let path = state.selected_row().map(|row| row.path.clone());
            if let Some(editor) = state.editor_mut() {
                editor.draft.replace(text);
            }
            Ok(screen::touched(state, path.as_deref()))
        }
    };
    match taken {
        Ok(effects) => effects.into_iter().chain(discard).collect(),
        Err(why) => {
            let path = path.map(|path| path.display().to_string()).unwrap_or_default();
            let said = say!(state.words, "field-refused", why = why, path = path);
            state.tell(Tone::Bad, said, String::new());
            Vec::new()
        }
    }
}
