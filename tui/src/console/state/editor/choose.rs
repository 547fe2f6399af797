//! A list of which one row is chosen, by arrows or by typing: the kind of a new step, what
//! a step is linked with, where it is moved to, the value of a field.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::super::{Effect, Input, State};
use super::{EditorDialog, ops, show};
use crate::console::keys::Key;

/// Rows that PgUp and PgDn go over.
const PAGE: usize = 8;

/// What is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choosing {
    /// The kind of a step that comes after the selected one, or beside it.
    Kind { beside: bool },
    /// What the selected step shall come after.
    Link,
    /// What it shall come after no more.
    Unlink,
    /// Where it shall stand.
    Place,
    /// The value of the selected field.
    Value,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What is chosen by it.
    pub word: String,
    /// What it means.
    pub about: String,
    /// How deep it lies in others.
    pub depth: u32,
}

#[derive(Clone, Debug)]
pub struct Choose {
    pub what: Choosing,
    /// All there is to choose from.
    pub offers: Vec<Offer>,
    pub input: Input,
    /// The selected row among those that fit what was typed.
    pub at: usize,
}

impl Choose {
    pub fn new(what: Choosing, offers: Vec<Offer>, at: usize) -> Choose {
        Choose { what, offers, input: Input::default(), at }
    }

    /// The indexes of the rows that fit what was typed, the best first.
    pub fn rows(&self) -> Vec<usize> {
        let typed = self.input.text().trim();
        if typed.is_empty() {
            return (0..self.offers.len()).collect();
        }
        let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut score = |offer: &Offer| {
            let text = format!("{} {}", offer.word, offer.about);
            pattern.score(Utf32Str::new(&text, &mut buffer), &mut matcher)
        };
        let scored = self.offers.iter().enumerate();
        let mut scored: Vec<(u32, usize)> =
            scored.filter_map(|(at, offer)| Some((score(offer)?, at))).collect();
        // what begins with it comes first; among equals the order holds
        scored.sort_by_key(|(score, at)| {
            (!self.offers[*at].word.starts_with(typed), std::cmp::Reverse(*score))
        });
        scored.into_iter().map(|(_, at)| at).collect()
    }
}

pub fn key(state: &mut State, mut open: Choose, key: Key) -> Vec<Effect> {
    let rows = open.rows();
    let last = rows.len().saturating_sub(1);
    match key {
        Key::Esc => return Vec::new(),
        Key::Up | Key::BackTab => open.at = open.at.saturating_sub(1),
        Key::Down | Key::Tab => open.at = (open.at + 1).min(last),
        Key::PageUp => open.at = open.at.saturating_sub(PAGE),
        Key::PageDown => open.at = (open.at + PAGE).min(last),
        Key::Enter => {
            if let Some(chosen) = rows.get(open.at) {
                let offer = open.offers.swap_remove(*chosen);
                return ops::chosen(state, open.what, *chosen, &offer);
            }
        }
        _ => {
            let before = open.input.text().len();
            if open.input.key(key) && open.input.text().len() != before {
                open.at = 0;
            }
        }
    }
    show(state, EditorDialog::Choose(open))
}

pub fn paste(open: &mut Choose, text: &str) {
    open.input.paste(text);
    open.at = 0;
}
