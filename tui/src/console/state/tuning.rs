//! The settings: each with its value, what else it can be, and where it comes from.

use super::{Effect, Input, Overlay, State, prefer};
use crate::console::keys::Key;
use crate::console::settings::{DEFINITIONS, Definition, Kind};

/// The dialog of settings.
#[derive(Clone, Debug, Default)]
pub struct Tuning {
    /// Which setting is selected.
    pub at: usize,
    /// Its value while it is typed.
    pub typed: Option<Input>,
}

impl Tuning {
    pub fn definition(&self) -> &'static Definition {
        &DEFINITIONS[self.at.min(DEFINITIONS.len() - 1)]
    }
}

pub fn open(state: &mut State) {
    state.overlay = Some(Overlay::Tuning(Tuning::default()));
}

pub fn key(state: &mut State, mut open: Tuning, key: Key) -> Vec<Effect> {
    let definition = open.definition();
    if let Some(mut input) = open.typed.take() {
        let effects = match key {
            Key::Esc => Vec::new(),
            Key::Enter => prefer::choose(state, definition, input.text().trim()),
            _ => {
                input.key(key);
                open.typed = Some(input);
                Vec::new()
            }
        };
        state.overlay = Some(Overlay::Tuning(open));
        return effects;
    }
    let last = DEFINITIONS.len() - 1;
    let mut effects = Vec::new();
    match state.settings.keyboard.latin(key) {
        Key::Esc | Key::Char('q') => return effects,
        Key::Up | Key::BackTab | Key::Char('k') => open.at = open.at.saturating_sub(1),
        Key::Down | Key::Tab | Key::Char('j') => open.at = (open.at + 1).min(last),
        Key::Home | Key::PageUp => open.at = 0,
        Key::End | Key::PageDown => open.at = last,
        Key::Left => effects = turn(state, definition, false),
        Key::Right | Key::Enter | Key::Char(' ') => match definition.kind {
            Kind::Words(_) => effects = turn(state, definition, true),
            Kind::Number { .. } | Kind::Zone => {
                open.typed = Some(Input::of(&(definition.text)(&state.settings)));
            }
        },
        Key::Delete | Key::Char('d') => {
            effects = prefer::choose(state, definition, definition.default);
        }
        _ => {}
    }
    state.overlay = Some(Overlay::Tuning(open));
    effects
}

/// The next or the previous of the words.
fn turn(state: &mut State, definition: &'static Definition, on: bool) -> Vec<Effect> {
    let Kind::Words(words) = definition.kind else { return Vec::new() };
    let now = (definition.text)(&state.settings);
    let at = words.iter().position(|word| *word == now).unwrap_or(0);
    let step = if on { 1 } else { words.len() - 1 };
    let mut next = (at + step) % words.len();
    // the locale was read when the console started: here a language is one by name
    if definition.name == "language" && words[next] == "auto" {
        next = (next + step) % words.len();
    }
    prefer::choose(state, definition, words[next])
}

pub fn paste(open: &mut Tuning, text: &str) {
    if let Some(input) = &mut open.typed {
        input.paste(text);
    }
}
