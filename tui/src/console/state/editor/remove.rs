//! Before a step goes: what goes with it, and who needed it.

use rpa_config::edit::Change;

use super::super::confirm::{Answer, yes_or_no};
use super::super::{Effect, State};
use super::{EditorDialog, ops, show};
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::say;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// As the text has it.
    pub path: String,
    pub label: String,
    /// Steps inside of it.
    pub inside: usize,
    /// Steps that come after it: they will come after what it came after.
    pub needed_by: Vec<String>,
    /// Whether the yes has the focus.
    pub yes: bool,
}

pub fn ask(state: &mut State) -> Vec<Effect> {
    let Some((editor, open)) = state.editor().zip(state.workflow.as_ref()) else {
        return Vec::new();
    };
    let Some(at) = open.selected() else { return Vec::new() };
    let (row, step) = (&editor.tree.rows[at], &editor.tree.definition.steps[at]);
    if ops::is_heading(row) {
        let text = say!(state.words, "heading-stays");
        state.tell(Tone::Warn, text, String::new());
        return Vec::new();
    }
    let whole = editor.tree.whole(at);
    let inside = editor.tree.rows[whole].iter().skip(1).filter(|row| !ops::is_heading(row));
    let needs = |other: &&crate::definition::Outlined| {
        other.needs.iter().any(|(path, _)| *path == step.path)
    };
    let needed_by = editor.tree.definition.steps.iter().filter(needs);
    let removal = Removal {
        path: row.path.clone(),
        label: step.label.clone(),
        inside: inside.count(),
        needed_by: needed_by.map(|step| step.label.clone()).collect(),
        // it can be taken back
        yes: true,
    };
    show(state, EditorDialog::Remove(removal))
}

pub fn key(state: &mut State, mut removal: Removal, key: Key) -> Vec<Effect> {
    match yes_or_no(key, removal.yes, state.settings.keyboard) {
        Answer::Yes => {
            let label = removal.label.clone();
            let effects = match ops::change(state, &Change::Remove { path: removal.path }) {
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
