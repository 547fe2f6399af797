//! Before a step or a list of steps goes: what goes with it, who needed it, and whether it
//! can go at all.

use rpa_config::edit::{Change, ListOf, Row};

use super::super::confirm::{Answer, yes_or_no};
use super::super::{Effect, State};
use super::refused::refused_text;
use super::{EditorDialog, ops, show};
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::say;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// What would be done.
    pub change: Change,
    pub label: String,
    /// Whether it is a heading with its steps, and no step.
    pub is_list: bool,
    /// Steps inside of it.
    pub inside: usize,
    /// Steps that come after it: they will come after what it came after.
    pub needed_by: Vec<String>,
    /// Why it cannot go, before anybody says yes.
    pub refused: Option<String>,
    /// Whether the yes has the focus.
    pub yes: bool,
}

pub fn ask(state: &mut State) -> Vec<Effect> {
    let Some((editor, open)) = state.editor().zip(state.workflow.as_ref()) else {
        return Vec::new();
    };
    let Some(at) = open.selected() else { return Vec::new() };
    let (row, step) = (&editor.tree.rows[at], &editor.tree.definition.steps[at]);
    let is_list = ops::is_heading(row);
    let whole = editor.tree.whole(at);
    let inside = editor.tree.rows[whole].iter().skip(1).filter(|row| !ops::is_heading(row));
    let needs = |other: &&crate::definition::Outlined| {
        !is_list && other.needs.iter().any(|(path, _)| *path == step.path)
    };
    let needed_by = editor.tree.definition.steps.iter().filter(needs);
    let change = change(row);
    let refused = editor.draft.refusal(&change);
    let removal = Removal {
        change,
        label: step.label.clone(),
        is_list,
        inside: inside.count(),
        needed_by: needed_by.map(|step| step.label.clone()).collect(),
        refused: refused.map(|refused| refused_text(state, &refused)),
        yes: false,
    };
    show(state, EditorDialog::Remove(removal))
}

fn change(row: &Row) -> Change {
    match (ops::is_heading(row), &row.list) {
        (false, _) | (true, ListOf::Top | ListOf::Body(_) | ListOf::Undo(_)) => {
            Change::Remove { path: row.path.clone() }
        }
        (true, list) => Change::RemoveList { list: list.clone() },
    }
}

pub fn key(state: &mut State, mut removal: Removal, key: Key) -> Vec<Effect> {
    if removal.refused.is_some() {
        return match key {
            Key::Esc | Key::Enter => Vec::new(),
            _ => show(state, EditorDialog::Remove(removal)),
        };
    }
    match yes_or_no(key, removal.yes, state.settings.keyboard) {
        Answer::Yes => {
            let label = removal.label.clone();
            let effects = match ops::change(state, &removal.change) {
                Ok(effects) => effects,
                Err(why) => {
                    state.tell(Tone::Bad, why, String::new());
                    return Vec::new();
                }
            };
            let text = say!(state.words, "removed", step = label);
            state.tell(Tone::Plain, text, String::new());
            return effects;
        }
        Answer::No => return Vec::new(),
        Answer::Switch => removal.yes = !removal.yes,
        Answer::Other => {}
    }
    show(state, EditorDialog::Remove(removal))
}
