//! What is done with steps: added, connected, moved; and what was done taken back.

use std::collections::HashSet;

use rpa_config::edit::{Change, Field, ListOf, Place, Row, Source, kinds};

use super::super::workflow::Pane;
use super::super::{Effect, State};
use super::choose::{Choose, Choosing, Offer};
use super::form::Typing;
use super::refused::refused_text;
use super::{EditorDialog, form, screen, show};
use crate::console::theme::Tone;
use crate::say;

/// What stands among the kinds of step at a case of a switch: keys of the format.
const CASE: &str = "case";
const DEFAULT: &str = "default";

/// Makes a change. Whoever asked for it is told what comes of it.
pub fn change(state: &mut State, change: &Change) -> Result<Vec<Effect>, String> {
    let Some(editor) = state.editor_mut() else { return Ok(Vec::new()) };
    match editor.draft.apply(change) {
        Ok(path) => {
            state.notice = None;
            Ok(screen::touched(state, Some(&path)))
        }
        Err(refused) => Err(refused_text(state, &refused)),
    }
}

/// The same where there is no dialog to say it in.
pub fn change_or_tell(state: &mut State, what: &Change) -> Vec<Effect> {
    change(state, what).unwrap_or_else(|why| {
        state.tell(Tone::Bad, why, String::new());
        Vec::new()
    })
}

/// Which kind of step is to be added after the selected one, or beside it.
pub fn add(state: &mut State, beside: bool) -> Vec<Effect> {
    let offers = kinds().map(|kind| Offer {
        word: kind.word.to_owned(),
        about: kind_summary(state, kind.word, kind.summary),
        depth: 0,
    });
    let offers: Vec<Offer> = case_offers(state).into_iter().chain(offers).collect();
    let at = offers.iter().position(|offer| offer.word == "shell").unwrap_or(0);
    show(state, EditorDialog::Choose(Choose::new(Choosing::Kind { beside }, offers, at)))
}

/// The switch of the selected heading.
fn selected_switch(state: &State) -> Option<&str> {
    match state.selected_row()? {
        row if !is_heading(row) => None,
        row => match &row.list {
            ListOf::Case(switch, _) | ListOf::Default(switch) => Some(switch),
            _ => None,
        },
    }
}

/// At a case: other cases of its switch.
fn case_offers(state: &State) -> Vec<Offer> {
    let (Some(switch), Some(editor)) = (selected_switch(state), state.editor()) else {
        return Vec::new();
    };
    let words = &state.words;
    let offer = |word: String, about: String| Offer { word, about, depth: 0 };
    let mut offers = vec![offer(CASE.to_owned(), say!(words, "choose-case-about"))];
    let default = ListOf::Default(switch.to_owned());
    if !editor.tree.rows.iter().any(|row| is_heading(row) && row.list == default) {
        offers.push(offer(DEFAULT.to_owned(), say!(words, "choose-default-about")));
    }
    offers
}

/// What steps of a kind do, in the reader's language.
pub fn kind_summary(state: &State, word: &str, summary: &str) -> String {
    let id = format!("step-kind-{}", word.replace('.', "-"));
    state.words.find(&id).unwrap_or_else(|| summary.to_owned())
}

/// What a field of a step of this kind is about, in the reader's language.
pub fn field_summary(state: &State, kind: &str, field: &Field) -> String {
    state.words.find(&field_words(kind, field)).unwrap_or_else(|| field.summary.clone())
}

/// The message with the words for a field: an input of a task has one of that task.
pub fn field_words(kind: &str, field: &Field) -> String {
    let whose = if field.source == Source::Task { kind } else { "step" };
    format!("field-of-{whose}-{}", field.key).replace('.', "-")
}

/// Where a step goes that is added at the selected one.
pub fn place(state: &State, beside: bool) -> Place {
    match state.selected_row() {
        None => Place::Last(ListOf::Top),
        Some(row) if is_heading(row) => Place::Last(row.list.clone()),
        Some(row) if beside => Place::Beside(row.path.clone()),
        Some(row) => Place::After(row.path.clone()),
    }
}

pub fn is_heading(row: &Row) -> bool {
    matches!(row.kind.as_str(), "handler" | "case")
}

/// An id that no step has: what is proposed for a new one.
pub fn free_id(state: &State, kind: &str) -> String {
    let word = kind.rsplit('.').next().unwrap_or(kind);
    let taken: Vec<&str> = match state.editor() {
        Some(editor) => editor.tree.rows.iter().filter_map(|r| r.path.rsplit('/').next()).collect(),
        None => Vec::new(),
    };
    let mut number = 1;
    loop {
        let id = if number == 1 { word.to_owned() } else { format!("{word}_{number}") };
        if !taken.contains(&id.as_str()) {
            return id;
        }
        number += 1;
    }
}

/// What the selected step shall come after.
pub fn link(state: &mut State) -> Vec<Effect> {
    let others = candidates(state);
    offer(state, Choosing::Link, others.into_iter().map(|row| as_offer(&row, 0)), "link-nothing")
}

/// What it comes after and need not.
pub fn unlink(state: &mut State) -> Vec<Effect> {
    let needed = needed(state);
    offer(
        state,
        Choosing::Unlink,
        needed.into_iter().map(|row| as_offer(&row, 0)),
        "unlink-nothing",
    )
}

/// Where it shall stand.
pub fn move_step(state: &mut State) -> Vec<Effect> {
    if state.selected_row().is_none_or(is_heading) {
        return nothing(state, "heading-stays");
    }
    let offers: Vec<Offer> = places(state).into_iter().map(|(offer, _)| offer).collect();
    offer(state, Choosing::Place, offers.into_iter(), "move-nowhere")
}

fn offer(
    state: &mut State,
    what: Choosing,
    offers: impl Iterator<Item = Offer>,
    nothing_id: &'static str,
) -> Vec<Effect> {
    let offers: Vec<Offer> = offers.collect();
    if offers.is_empty() {
        return nothing(state, nothing_id);
    }
    show(state, EditorDialog::Choose(Choose::new(what, offers, 0)))
}

fn nothing(state: &mut State, id: &str) -> Vec<Effect> {
    let text = state.words.say(id, &[]);
    state.tell(Tone::Warn, text, String::new());
    Vec::new()
}

fn as_offer(row: &Row, depth: u32) -> Offer {
    let clean = |text: &str| crate::text::sanitize(text).replace(['\t', '\n'], " ");
    let about = match row.name.as_str() {
        "" => clean(&row.kind),
        name => format!("{}  {}", clean(&row.kind), clean(name)),
    };
    Offer { word: clean(&row.label), about, depth }
}

/// Steps of the same list, but for those that it needs already and those that wait for it.
fn candidates(state: &State) -> Vec<Row> {
    let Some((editor, selected)) = state.editor().zip(state.selected_row()) else {
        return Vec::new();
    };
    let behind = after(&editor.tree.rows, &selected.path);
    // what is not written may be
    let written = selected.needs.iter().filter(|_| selected.explicit);
    let needed: Vec<&str> = written.map(|need| need.path.as_str()).collect();
    let is_other = |row: &&Row| {
        row.list == selected.list
            && !behind.contains(&row.path)
            && !is_heading(row)
            && !needed.contains(&row.path.as_str())
    };
    match is_heading(selected) {
        true => Vec::new(),
        false => editor.tree.rows.iter().filter(is_other).cloned().collect(),
    }
}

/// A step, and those that come after it, also by others.
fn after(rows: &[Row], path: &str) -> HashSet<String> {
    let mut found = HashSet::from([path.to_owned()]);
    loop {
        let waits = |row: &&Row| {
            !found.contains(&row.path) && row.needs.iter().any(|need| found.contains(&need.path))
        };
        let more: Vec<String> = rows.iter().filter(waits).map(|row| row.path.clone()).collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

fn needed(state: &State) -> Vec<Row> {
    let Some((editor, selected)) = state.editor().zip(state.selected_row()) else {
        return Vec::new();
    };
    let rows = &editor.tree.rows;
    let row = |need: &rpa_config::edit::Need| rows.iter().find(|row| row.path == need.path);
    selected.needs.iter().filter_map(row).cloned().collect()
}

/// Where the selected step can go.
fn places(state: &State) -> Vec<(Offer, Place)> {
    let Some((editor, open)) = state.editor().zip(state.workflow.as_ref()) else {
        return Vec::new();
    };
    let Some(at) = open.selected() else { return Vec::new() };
    let (words, rows) = (&state.words, &editor.tree.rows);
    let itself = editor.tree.whole(at);
    let mut all = vec![(
        Offer { word: say!(words, "place-first"), about: String::new(), depth: 0 },
        Place::First(ListOf::Top),
    )];
    for (at, row) in rows.iter().enumerate().filter(|(at, _)| !itself.contains(at)) {
        let label = as_offer(row, row.depth).word;
        let offer = |id: &str| Offer {
            word: say!(words, id, step = label.as_str()),
            about: as_offer(row, 0).about,
            depth: row.depth,
        };
        if is_heading(row) {
            all.push((offer("place-into"), Place::Last(row.list.clone())));
            continue;
        }
        all.push((offer("place-after"), Place::After(row.path.clone())));
        let is_container = matches!(row.kind.as_str(), "group" | "for_each" | "while" | "repeat");
        if is_container && rows.get(at + 1).is_none_or(|next| next.depth <= row.depth) {
            all.push((offer("place-into"), Place::Last(ListOf::Body(row.path.clone()))));
        } else if is_container {
            all.push((offer("place-into"), Place::First(ListOf::Body(row.path.clone()))));
        }
        all.push((offer("place-before"), Place::Before(row.path.clone())));
    }
    for word in ["failure", "success", "cancel", "finally"] {
        let list = ListOf::Handler(word.to_owned());
        if !rows.iter().any(|row| row.list == list) {
            let about = say!(words, &format!("handler-{word}"));
            all.push((Offer { word: format!("@{word}"), about, depth: 0 }, Place::Last(list)));
        }
    }
    let undoing = rows.iter().enumerate().filter(|(at, row)| {
        !itself.contains(at) && !is_heading(row) && !matches!(row.list, ListOf::Undo(_))
    });
    for (_, row) in undoing {
        let label = as_offer(row, 0).word;
        let word = say!(words, "place-undo", step = label.as_str());
        let about = say!(words, "place-undo-about");
        all.push((Offer { word, about, depth: 0 }, Place::Last(ListOf::Undo(row.path.clone()))));
    }
    all
}

/// A row was chosen: which, among all that were offered.
pub fn chosen(state: &mut State, what: Choosing, at: usize, offer: &Offer) -> Vec<Effect> {
    let path = state.selected_row().map(|row| row.path.clone()).unwrap_or_default();
    match what {
        Choosing::Kind { .. } if offer.word == CASE => match selected_switch(state) {
            Some(switch) => {
                let typing = Typing::case(switch);
                show(state, EditorDialog::Typing(typing))
            }
            None => Vec::new(),
        },
        Choosing::Kind { .. } if offer.word == DEFAULT => {
            let switch = selected_switch(state).map(str::to_owned);
            let added = switch.map(|switch| add_case(state, &switch, None));
            added.unwrap_or(Ok(Vec::new())).unwrap_or_else(|why| {
                state.tell(Tone::Bad, why, String::new());
                Vec::new()
            })
        }
        Choosing::Kind { beside } => {
            let id = free_id(state, &offer.word);
            show(state, EditorDialog::Typing(Typing::id(&offer.word, beside, &id)))
        }
        Choosing::Link => {
            let from = candidates(state).get(at).map(|row| row.path.clone());
            let change = from.map(|from| Change::Link { from, to: path });
            change.map(|change| change_or_tell(state, &change)).unwrap_or_default()
        }
        Choosing::Unlink => {
            let from = needed(state).get(at).map(|row| row.path.clone());
            let change = from.map(|from| Change::Unlink { from, to: path });
            change.map(|change| change_or_tell(state, &change)).unwrap_or_default()
        }
        Choosing::Place => {
            let place = places(state).into_iter().nth(at).map(|(_, place)| place);
            let change = place.map(|place| Change::Move { path, place });
            change.map(|change| change_or_tell(state, &change)).unwrap_or_default()
        }
        Choosing::Value => form::set(state, Some(offer.word.clone())),
    }
}

/// The id of a new step was typed.
pub fn add_step(
    state: &mut State,
    kind: &str,
    beside: bool,
    id: &str,
) -> Result<Vec<Effect>, String> {
    let place = place(state, beside);
    let new = Change::Add { place, id: id.to_owned(), kind: kind.to_owned() };
    let effects = change(state, &new)?;
    // what it still misses is filled in next
    if let Some(open) = &mut state.workflow {
        open.focus = Pane::Step;
    }
    let missing = state.editor().and_then(|editor| {
        editor.fields().iter().position(|field| field.required && field.value.is_none())
    });
    let first = state.editor().and_then(|editor| {
        editor
            .fields()
            .iter()
            .position(|field| field.required && field.line > 0 && field.key != "id")
    });
    if let (Some(editor), Some(at)) = (state.editor_mut(), missing.or(first)) {
        editor.at = at;
    }
    screen::settle(state);
    // the keys are those of the form from here on
    let text = say!(state.words, "step-added", step = id);
    state.tell(Tone::Good, text, String::new());
    Ok(effects)
}

/// Another case of a switch; without a value its default.
pub fn add_case(
    state: &mut State,
    switch: &str,
    value: Option<&str>,
) -> Result<Vec<Effect>, String> {
    let (path, value) = (switch.to_owned(), value.map(str::to_owned));
    let effects = change(state, &Change::AddCase { path, value })?;
    let text = say!(state.words, "case-added");
    state.tell(Tone::Good, text, String::new());
    Ok(effects)
}

pub fn undo(state: &mut State) -> Vec<Effect> {
    back_or_forth(state, false)
}

pub fn redo(state: &mut State) -> Vec<Effect> {
    back_or_forth(state, true)
}

fn back_or_forth(state: &mut State, again: bool) -> Vec<Effect> {
    let Some(editor) = state.editor_mut() else { return Vec::new() };
    let done = if again { editor.draft.redo() } else { editor.draft.undo() };
    if !done {
        return nothing(state, if again { "redo-nothing" } else { "undo-nothing" });
    }
    state.notice = None;
    screen::touched(state, None)
}
