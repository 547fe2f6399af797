//! The help: the keys of the screen beneath it, from the table of keys.

use super::{Effect, Input, Overlay, State, act};
use crate::console::keys::{Action, Binding, Key, Scope};
use crate::console::view::layout;

#[derive(Clone, Debug, Default)]
pub struct Help {
    /// Words that a row must contain.
    pub input: Input,
    pub at: usize,
}

impl Help {
    /// The bindings that hold on the screen beneath, nearest first, filtered.
    pub fn rows<'a>(&self, state: &'a State) -> Vec<&'a Binding> {
        let scopes = state.scopes();
        let rank = |scope: &Scope| scopes.iter().position(|s| s == scope);
        let holds = |b: &&Binding| rank(&b.scope).is_some() && self.matches(state, b);
        let mut rows: Vec<&Binding> = state.keys.bindings().iter().filter(holds).collect();
        rows.sort_by_key(|b| rank(&b.scope));
        rows
    }

    fn matches(&self, state: &State, binding: &Binding) -> bool {
        let keys: Vec<String> = binding.keys.iter().map(ToString::to_string).collect();
        let words = &state.words;
        let text = format!(
            "{} {} {} {}",
            keys.join(" "),
            binding.action.word(),
            words.say(&binding.action.label(), &[]),
            words.say(&binding.action.help(), &[]),
        );
        super::filter::matches_words(&text, self.input.text())
    }
}

pub fn key(state: &mut State, mut help: Help, key: Key) -> Vec<Effect> {
    let rows = help.rows(state);
    let last = rows.len().saturating_sub(1);
    let page = layout::list_rows(state);
    match key {
        Key::Esc | Key::F(1) => return Vec::new(),
        Key::Up => help.at = help.at.saturating_sub(1),
        Key::Down => help.at = (help.at + 1).min(last),
        Key::PageUp => help.at = help.at.saturating_sub(page),
        Key::PageDown => help.at = (help.at + page).min(last),
        Key::Enter => {
            let chosen: Option<Action> = rows.get(help.at).map(|b| b.action);
            return chosen.map(|action| act::perform(state, action)).unwrap_or_default();
        }
        _ => {
            if help.input.key(key) {
                help.at = 0;
            }
        }
    }
    state.overlay = Some(Overlay::Help(help));
    Vec::new()
}
