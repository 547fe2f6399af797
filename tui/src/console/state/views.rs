//! Saved views: a list with its filter, under a name, in the file of settings.

use super::{Effect, Root, State, trail};
use crate::console::settings::is_view_name;
use crate::console::theme::Tone;
use crate::say;

/// The lists that can be kept, by the words of their actions.
pub const PLACES: [(&str, Root); 9] = [
    ("overview", Root::Home),
    ("workflows", Root::Workflows),
    ("runs", Root::Runs),
    ("triggers", Root::Triggers),
    ("upcoming", Root::Upcoming),
    ("locks", Root::Locks),
    ("notifications", Root::Notifications),
    ("slots", Root::Slots),
    ("approvals", Root::Approvals),
];

/// What is done about a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewAct {
    Open(String),
    Save(String),
    Delete(String),
}

impl ViewAct {
    /// As it is typed.
    pub fn word(&self) -> String {
        match self {
            ViewAct::Open(name) => format!("view {name}"),
            ViewAct::Save(name) => format!("view save {name}").trim_end().to_owned(),
            ViewAct::Delete(name) => format!("view delete {name}"),
        }
    }
}

/// What a line that begins with `view` may mean, the most likely first.
pub fn meant(state: &State, line: &str) -> Vec<ViewAct> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let names = || state.settings.views.iter().map(|(name, _)| name);
    match words[..] {
        ["view", "save", name] => vec![ViewAct::Save(name.to_owned())],
        ["view", "delete", begun] => {
            names().filter(|n| n.starts_with(begun)).cloned().map(ViewAct::Delete).collect()
        }
        ["view", begun] if !matches!(begun, "save" | "delete") => {
            names().filter(|n| n.starts_with(begun)).cloned().map(ViewAct::Open).collect()
        }
        _ => Vec::new(),
    }
}

/// All that can be done about views, for the palette.
pub fn all(state: &State) -> Vec<ViewAct> {
    let names = || state.settings.views.iter().map(|(name, _)| name.clone());
    let save = std::iter::once(ViewAct::Save(String::new()));
    names().map(ViewAct::Open).chain(save).chain(names().map(ViewAct::Delete)).collect()
}

pub fn act(state: &mut State, act: &ViewAct) -> Vec<Effect> {
    match act {
        ViewAct::Open(name) => {
            open(state, name);
            Vec::new()
        }
        ViewAct::Save(name) => save(state, name),
        ViewAct::Delete(name) => {
            state.settings.views.retain(|(known, _)| known != name);
            let text = say!(state.words, "view-deleted", name = name.as_str());
            state.tell(Tone::Good, text, String::new());
            vec![Effect::Save]
        }
    }
}

fn save(state: &mut State, name: &str) -> Vec<Effect> {
    if !is_view_name(name) {
        let text = say!(state.words, "view-bad-name");
        state.tell(Tone::Bad, text, String::new());
        return Vec::new();
    }
    let Some((word, _)) = PLACES.iter().find(|(_, root)| *root == state.root) else {
        let text = say!(state.words, "view-no-place");
        state.tell(Tone::Warn, text, String::new());
        return Vec::new();
    };
    let place = format!("{word} {}", state.filter_text()).trim_end().to_owned();
    let views = &mut state.settings.views;
    views.retain(|(known, _)| known != name);
    views.push((name.to_owned(), place.clone()));
    views.sort();
    let text = say!(state.words, "view-saved", name = name, place = place);
    state.tell(Tone::Good, text, String::new());
    vec![Effect::Save]
}

fn open(state: &mut State, name: &str) {
    let found = state.settings.views.iter().find(|(known, _)| known == name);
    let Some((_, place)) = found.cloned() else { return };
    let (word, filter) = place.split_once(' ').unwrap_or((&place, ""));
    let root = PLACES.iter().find(|(known, _)| *known == word).map(|(_, root)| *root);
    let fits = root.is_some_and(|root| trail::show(state, root, filter));
    if !fits {
        let text = say!(state.words, "view-broken", name = name, place = place);
        state.tell(Tone::Bad, text, String::new());
    }
}
