//! The form of the selected step: a row for each field, and what is typed into one.

use rpa_config::edit::{Change, Field, Kind};

use super::super::{Effect, Input, State};
use super::area::{Area, is_typable};
use super::choose::{Choose, Choosing, Offer};
use super::{EditorDialog, ops, screen, show};
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::console::view::layout;

/// What is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typing {
    pub purpose: Purpose,
    pub text: Typed,
    /// What is wrong with it.
    pub problem: Option<String>,
    /// What it was before, of several lines: what was typed there is not dropped unasked.
    pub before: Option<String>,
    /// Esc was pressed over what was typed: it is asked what becomes of it.
    pub leaving: Option<TypingStop>,
}

/// What can be chosen of a text that was not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypingStop {
    GoOn,
    TakeOver,
    Drop,
}

impl TypingStop {
    pub const ALL: [TypingStop; 3] = [TypingStop::GoOn, TypingStop::TakeOver, TypingStop::Drop];

    fn beside(self, by: usize) -> TypingStop {
        let at = Self::ALL.iter().position(|stop| *stop == self).unwrap_or(0);
        Self::ALL[(at + by) % Self::ALL.len()]
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The value of a field, by its key.
    Field(String),
    /// The id of a new step of a kind, after the selected one or beside it.
    Id { kind: String, beside: bool },
    /// The value of a new case of the switch with this path.
    Case { switch: String },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    Line(Input),
    Area(Area),
}

impl Typed {
    pub fn text(&self) -> String {
        match self {
            Typed::Line(input) => input.text().to_owned(),
            Typed::Area(area) => area.text(),
        }
    }
}

impl Typing {
    pub fn id(kind: &str, beside: bool, proposed: &str) -> Typing {
        Typing {
            purpose: Purpose::Id { kind: kind.to_owned(), beside },
            text: Typed::Line(Input::of(proposed)),
            problem: None,
            before: None,
            leaving: None,
        }
    }

    pub fn case(switch: &str) -> Typing {
        Typing {
            purpose: Purpose::Case { switch: switch.to_owned() },
            text: Typed::Line(Input::default()),
            problem: None,
            before: None,
            leaving: None,
        }
    }

    fn field(field: &Field) -> Typing {
        let value = field.value.as_deref().unwrap_or_default();
        let (text, before) = match is_long(field) {
            true => (Typed::Area(Area::of(value)), Some(value.to_owned())),
            false => (Typed::Line(Input::of(value)), None),
        };
        let purpose = Purpose::Field(field.key.clone());
        Typing { purpose, text, problem: None, before, leaving: None }
    }
}

/// Whether several lines may be typed.
fn is_long(field: &Field) -> bool {
    let lines = field.value.as_ref().is_some_and(|value| value.contains('\n'));
    let kind =
        matches!(field.kind, Kind::Lines | Kind::List | Kind::Map | Kind::Document | Kind::Needs);
    lines || kind
}

/// Moves through the rows of the form.
pub fn step(state: &mut State, by: isize) {
    let Some(editor) = state.editor_mut() else { return };
    let last = editor.fields().len().saturating_sub(1);
    editor.at = editor.at.saturating_add_signed(by).min(last);
    screen::settle(state);
}

pub fn to_end(state: &mut State, top: bool) {
    step(state, if top { isize::MIN } else { isize::MAX });
}

fn selected(state: &State) -> Option<Field> {
    state.editor()?.field().cloned()
}

/// Enter: another value, in the way that fits the field.
pub fn change(state: &mut State) -> Vec<Effect> {
    let Some(field) = selected(state) else { return Vec::new() };
    let value = field.value.as_deref().unwrap_or_default();
    match &field.kind {
        _ if field.shared => tell(state, "field-shared"),
        Kind::Boolean if is_plain(&field) => other_value(state),
        Kind::Choice(words) if is_plain(&field) => {
            let at = words.iter().position(|word| word == value).unwrap_or(0);
            let offer =
                |word: &String| Offer { word: word.clone(), about: String::new(), depth: 0 };
            let offers = words.iter().map(offer).collect();
            show(state, EditorDialog::Choose(Choose::new(Choosing::Value, offers, at)))
        }
        _ if !is_typable(value) => tell(state, "field-odd"),
        _ => show(state, EditorDialog::Typing(Typing::field(&field))),
    }
}

/// Whether its value is one of those that it could be switched to, and no expression.
fn is_plain(field: &Field) -> bool {
    let Some(value) = field.value.as_deref() else { return true };
    match &field.kind {
        Kind::Boolean => matches!(value, "true" | "false"),
        Kind::Choice(words) => words.iter().any(|word| word == value),
        _ => false,
    }
}

/// Space: the next of its values, where there are few.
pub fn other_value(state: &mut State) -> Vec<Effect> {
    let Some(field) = selected(state) else { return Vec::new() };
    let now = field.value.as_deref().unwrap_or(&field.default);
    let next = match &field.kind {
        _ if !is_plain(&field) || field.shared => None,
        Kind::Boolean => Some(if now == "true" { "false" } else { "true" }.to_owned()),
        Kind::Choice(words) => {
            let at = words.iter().position(|word| word == now);
            let next = at.map_or(0, |at| (at + 1) % words.len().max(1));
            words.get(next).cloned()
        }
        _ => None,
    };
    match next {
        Some(next) => set(state, Some(next)),
        None => change_unless_plain(state, &field),
    }
}

/// What has no few values is typed.
fn change_unless_plain(state: &mut State, field: &Field) -> Vec<Effect> {
    match field.kind {
        Kind::Boolean | Kind::Choice(_) if is_plain(field) => Vec::new(),
        _ => change(state),
    }
}

/// Takes the field out: what holds without it holds again.
pub fn clear(state: &mut State) -> Vec<Effect> {
    match selected(state) {
        Some(field) if field.kind == Kind::Id => tell(state, "field-id-stays"),
        Some(field) if field.value.is_some() => set(state, None),
        _ => Vec::new(),
    }
}

fn tell(state: &mut State, id: &str) -> Vec<Effect> {
    let text = state.words.say(id, &[]);
    state.tell(Tone::Warn, text, String::new());
    Vec::new()
}

/// Sets the selected field.
pub fn set(state: &mut State, value: Option<String>) -> Vec<Effect> {
    match selected(state).map(|field| put(state, &field.key, value)) {
        Some(Ok(effects)) => effects,
        Some(Err(why)) => {
            state.tell(Tone::Bad, why, String::new());
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// Sets a field of the selected step.
pub fn put(state: &mut State, key: &str, value: Option<String>) -> Result<Vec<Effect>, String> {
    let path = state.selected_row().map(|row| row.path.clone()).unwrap_or_default();
    let is_id = |field: &Field| field.key == key && field.kind == Kind::Id;
    let is_id = state.editor().is_some_and(|editor| editor.fields().iter().any(is_id));
    let change = match (is_id, value) {
        (true, value) => Change::Rename { path, id: value.unwrap_or_default().trim().to_owned() },
        (false, value) => Change::Set { path, field: key.to_owned(), value },
    };
    ops::change(state, &change)
}

pub fn key(state: &mut State, mut typing: Typing, key: Key) -> Vec<Effect> {
    let height = usize::from(layout::area(state).height);
    if let Some(stop) = typing.leaving {
        return leaving(state, typing, stop, key);
    }
    match (key, &mut typing.text) {
        (Key::Esc, text) if typing.before.as_ref().is_some_and(|b| *b != text.text()) => {
            typing.leaving = Some(TypingStop::GoOn);
        }
        (Key::Esc, _) => return Vec::new(),
        (Key::F(8), _) | (Key::Enter, Typed::Line(_)) => return accept(state, typing),
        (Key::F(4), Typed::Area(_)) => return elsewhere(state, &typing),
        (key, Typed::Line(input)) => {
            if input.key(key) {
                typing.problem = None;
            }
        }
        (key, Typed::Area(area)) => {
            if area.key(key, height) {
                typing.problem = None;
            }
        }
    }
    show(state, EditorDialog::Typing(typing))
}

/// What becomes of what was typed?
fn leaving(state: &mut State, mut typing: Typing, stop: TypingStop, key: Key) -> Vec<Effect> {
    typing.leaving = match key {
        Key::Esc => None,
        Key::F(8) => return accept(state, Typing { leaving: None, ..typing }),
        Key::Enter => match stop {
            TypingStop::GoOn => None,
            TypingStop::TakeOver => return accept(state, Typing { leaving: None, ..typing }),
            TypingStop::Drop => return Vec::new(),
        },
        Key::Right | Key::Tab => Some(stop.beside(1)),
        Key::Left | Key::BackTab => Some(stop.beside(2)),
        _ => Some(stop),
    };
    show(state, EditorDialog::Typing(typing))
}

/// On in an editor of one's own.
fn elsewhere(state: &mut State, typing: &Typing) -> Vec<Effect> {
    match &typing.purpose {
        // held against what the draft has: what was typed counts also when it comes back as it went
        Purpose::Field(key) => {
            let field = state.editor().and_then(|e| e.fields().iter().find(|f| f.key == *key));
            let before = field.and_then(|field| field.value.clone()).unwrap_or_default();
            super::save::hand_field(state, key, &before, typing.text.text())
        }
        Purpose::Id { .. } | Purpose::Case { .. } => Vec::new(),
    }
}

/// What was typed, or what is wrong with it.
fn accept(state: &mut State, mut typing: Typing) -> Vec<Effect> {
    let text = typing.text.text();
    let done = match &typing.purpose {
        Purpose::Id { kind, beside } => ops::add_step(state, kind, *beside, text.trim()),
        Purpose::Case { switch } => ops::add_case(state, switch, Some(text.trim())),
        Purpose::Field(key) => put(state, key, Some(text).filter(|text| !text.is_empty())),
    };
    match done {
        Ok(effects) => effects,
        Err(why) => {
            typing.problem = Some(why);
            show(state, EditorDialog::Typing(typing))
        }
    }
}

pub fn paste(typing: &mut Typing, text: &str, height: usize) {
    (typing.problem, typing.leaving) = (None, None);
    match &mut typing.text {
        Typed::Line(input) => input.paste(text),
        Typed::Area(area) => area.paste(text, height),
    }
}
