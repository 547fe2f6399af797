//! The line at the bottom in which a filter or a search is typed.

use super::{
    Effect, Input, LedgerFilter, Overlay, Root, RunsFilter, State, events, filling, places, saved,
    workflow,
};
use crate::console::keys::Key;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Filter,
    Search,
    /// Of what has happened to a run.
    Events,
    /// Of a file for a log.
    Save,
    /// Of a new workflow.
    Name,
}

#[derive(Clone, Debug)]
pub struct Prompt {
    pub purpose: Purpose,
    pub input: Input,
    /// What stood there before: Esc puts it back.
    before: String,
    /// What is wrong with the text.
    pub problem: Option<String>,
    /// What the last word may become.
    pub choice: Vec<String>,
}

impl Prompt {
    pub fn filter(state: &State) -> Prompt {
        let before = match state.root {
            Root::Workflows => state.workflows.filter.clone(),
            Root::Runs => state.runs.filter.text.clone(),
            Root::Triggers => state.triggers.filter.clone(),
            Root::Notifications => state.notifications.words.clone(),
            // it is short: nothing of it is filtered
            Root::Slots => state.ledger.filter.text.clone(),
            Root::Home | Root::Upcoming | Root::Locks | Root::Approvals => String::new(),
        };
        Prompt {
            purpose: Purpose::Filter,
            input: Input::of(&before),
            before,
            problem: None,
            choice: Vec::new(),
        }
    }

    pub fn events(filter: &str) -> Prompt {
        let before = filter.to_owned();
        Prompt {
            purpose: Purpose::Events,
            input: Input::of(&before),
            before,
            problem: None,
            choice: Vec::new(),
        }
    }

    pub fn save(file: &str) -> Prompt {
        let (input, before) = (Input::of(file), String::new());
        Prompt { purpose: Purpose::Save, input, before, problem: None, choice: Vec::new() }
    }

    pub fn name() -> Prompt {
        let (input, before) = (Input::default(), String::new());
        Prompt { purpose: Purpose::Name, input, before, problem: None, choice: Vec::new() }
    }

    pub fn search(needle: &str) -> Prompt {
        // the old needle can be taken with Enter, or typed over
        let input = Input::default();
        let before = needle.to_owned();
        Prompt { purpose: Purpose::Search, input, before, problem: None, choice: Vec::new() }
    }
}

/// Takes the open prompt's key. What is typed into a filter takes effect at once.
pub fn key(state: &mut State, mut prompt: Prompt, key: Key) -> Vec<Effect> {
    match (key, prompt.purpose) {
        (Key::Esc, Purpose::Name | Purpose::Save) => {}
        (Key::Enter, Purpose::Save) => return saved::save(state, prompt.input.text()),
        (Key::Enter, Purpose::Name) => {
            let name = prompt.input.text().trim().to_owned();
            match workflow::name_problem(state, &name) {
                None => return workflow::typed_name(state, &name),
                problem => prompt.problem = problem,
            }
            state.overlay = Some(Overlay::Prompt(prompt));
        }
        (Key::Esc, Purpose::Events) => events::filter(state, &prompt.before),
        (Key::Enter, Purpose::Events) => {}
        (Key::Esc, Purpose::Filter) => {
            let before = prompt.before.clone();
            apply(state, &mut prompt, &before);
            places::tell_here(state);
        }
        (Key::Esc, Purpose::Search) => {}
        (Key::Enter, Purpose::Filter) if prompt.problem.is_some() => {
            state.overlay = Some(Overlay::Prompt(prompt));
        }
        (Key::Enter, Purpose::Filter) => places::tell_here(state),
        (Key::Enter, Purpose::Search) => {
            let typed = prompt.input.text();
            let needle = if typed.is_empty() { prompt.before } else { typed.to_owned() };
            let height = crate::console::view::layout::log_rows(state);
            let Some(run) = &mut state.run else {
                workflow::text_search(state, needle);
                return Vec::new();
            };
            run.log.needle = needle;
            run.log.search = None;
            // from the tail one looks back, from elsewhere onwards
            run.log.seek(run.log.follow, height);
        }
        (Key::Tab, Purpose::Filter) if matches!(state.root, Root::Runs | Root::Slots) => {
            let (filled, choice) = filling::fill(state, prompt.input.text());
            prompt.input = Input::of(&filled);
            prompt.choice = choice;
            apply(state, &mut prompt, &filled);
            state.overlay = Some(Overlay::Prompt(prompt));
        }
        (_, purpose) => {
            prompt.choice.clear();
            prompt.input.key(key);
            prompt.problem = None;
            typed(state, purpose, prompt);
        }
    }
    Vec::new()
}

pub fn paste(state: &mut State, mut prompt: Prompt, text: &str) {
    prompt.input.paste(text);
    typed(state, prompt.purpose, prompt);
}

fn typed(state: &mut State, purpose: Purpose, mut prompt: Prompt) {
    let text = prompt.input.text().to_owned();
    match purpose {
        Purpose::Filter => apply(state, &mut prompt, &text),
        Purpose::Events => events::filter(state, &text),
        Purpose::Search | Purpose::Name | Purpose::Save => {}
    }
    state.overlay = Some(Overlay::Prompt(prompt));
}

fn apply(state: &mut State, prompt: &mut Prompt, text: &str) {
    match state.root {
        Root::Workflows => {
            if state.workflows.filter != text {
                state.workflows.filter = text.to_owned();
                state.workflows.cursor = super::Cursor::default();
            }
        }
        Root::Runs => match RunsFilter::parse(text, &state.words) {
            Ok(filter) => {
                state.runs.set_filter(filter);
                prompt.problem = None;
            }
            Err(problem) => prompt.problem = Some(problem),
        },
        Root::Triggers => {
            if state.triggers.filter != text {
                state.triggers.filter = text.to_owned();
                state.triggers.cursor = super::Cursor::default();
            }
        }
        Root::Slots => match LedgerFilter::parse(text, &state.words) {
            Ok(filter) => {
                if state.ledger.filter != filter {
                    state.ledger.filter = filter;
                    state.ledger.cursor = super::Cursor::default();
                }
                prompt.problem = None;
            }
            Err(problem) => prompt.problem = Some(problem),
        },
        Root::Notifications => {
            if state.notifications.words != text {
                state.notifications.words = text.to_owned();
                state.notifications.cursor = super::Cursor::default();
            }
        }
        Root::Home | Root::Upcoming | Root::Locks | Root::Approvals => {}
    }
}
