//! Lists of steps: one more step in one, a list that was not there, one that goes.

use super::change::ListOf;
use super::sheet::Sheet;
use super::splice::{Notes, Piece, Setting, Side, comments, unkept};
use super::{Refused, made};
use crate::format::{STEP_ORDER, TOP_ORDER};
use crate::yaml::{self, Body, Map, Node};

/// Sets keys of steps, and puts a step into a list, which is made when it is not there.
/// Gives its index.
pub(super) fn set_and_insert(
    sheet: &Sheet,
    settings: Vec<Setting<'_>>,
    of: &ListOf,
    place: usize,
    side: Side,
    piece: &Piece,
) -> Result<(Sheet, usize), Refused> {
    if settings.is_empty() {
        return insert(sheet, of, place, side, piece);
    }
    // where both are lines of their own, the text is read but once
    let list = sheet.list(of).map(|at| &sheet.lists[at]).filter(|list| list.shared.is_none());
    let splice = match list {
        Some(list) => sheet.insertion(&list.at, place, side, piece)?,
        None => None,
    };
    let at_once = splice.and_then(|splice| sheet.set_and(settings.clone(), splice).ok());
    match at_once {
        Some(changed) => {
            let landed = landed(&changed, of, place)?;
            Ok((changed, landed))
        }
        None => insert(&sheet.set(settings)?, of, place, side, piece),
    }
}

/// Puts a step into a list.
pub(super) fn insert(
    sheet: &Sheet,
    of: &ListOf,
    place: usize,
    side: Side,
    piece: &Piece,
) -> Result<(Sheet, usize), Refused> {
    let changed = match sheet.list(of) {
        Some(list) => {
            let list = &sheet.lists[list];
            if let Some(anchor) = &list.shared {
                let path = of.to_string();
                return Err(Refused::Shared { path, anchor: anchor.clone() });
            }
            sheet.inserted(&list.at, place, side, piece)
        }
        None => make_list(sheet, of, piece),
    };
    let changed = changed.map_err(|why| match (why, first_name(piece)) {
        // an alias would come before what it repeats
        (Refused::Unread(_), Some(anchor)) => {
            Refused::Shared { path: of.to_string(), anchor: anchor.to_owned() }
        }
        (why, _) => why,
    })?;
    let landed = landed(&changed, of, place)?;
    Ok((changed, landed))
}

/// The index of the step at a place of a list.
fn landed(sheet: &Sheet, of: &ListOf, place: usize) -> Result<usize, Refused> {
    let list = &sheet.lists[sheet.list(of).ok_or_else(unkept)?];
    list.steps.get(place).copied().ok_or_else(unkept)
}

fn first_name(piece: &Piece) -> Option<&str> {
    let names = yaml::Names::of(&piece.item().value);
    names.used.first().or(names.given.first()).copied()
}

/// A list with one step, where there was none.
fn make_list(sheet: &Sheet, of: &ListOf, piece: &Piece) -> Result<Sheet, Refused> {
    let list = made::node(Body::List(yaml::List {
        flow: false,
        items: vec![piece.item().clone()],
        tail: Vec::new(),
    }));
    let root = || (Vec::new(), TOP_ORDER);
    let step = |path: &str| Ok((sheet.steps[sheet.find(path)?].at.clone(), STEP_ORDER));
    let within =
        |outer: (Vec<usize>, &'static [&'static str]), key: &'static str, inner: &str, list| {
            let map = sheet.written(&outer.0).and_then(Node::map).ok_or_else(unkept)?;
            let at = map.entries.iter().position(|entry| entry.name == key);
            let there =
                at.filter(|at| map.entries[*at].value.map().is_some_and(|m| !m.entries.is_empty()));
            match there {
                Some(at) => {
                    let map = [&outer.0[..], &[at]].concat();
                    sheet.set(vec![Setting::new(&map, inner, Some(list), &[])])
                }
                None => {
                    let value = Some(made::map(false, [(inner, list)]));
                    sheet.set(vec![Setting::new(&outer.0, key, value, outer.1)])
                }
            }
        };
    let (outer, key) = match of {
        ListOf::Top => (root(), "steps"),
        ListOf::Body(path) => (step(path)?, "steps"),
        ListOf::Default(path) => (step(path)?, "default"),
        ListOf::Undo(path) => (step(path)?, "compensate"),
        ListOf::Case(path, value) => return within(step(path)?, "cases", value, list),
        ListOf::Handler(word) => return within(root(), "handlers", word, list),
    };
    sheet.set(vec![Setting::new(&outer.0, key, Some(list), outer.1)])
}

/// Takes a whole list out whose last step goes, or moves elsewhere, where the file can do
/// without it. Gives the comments that go with it.
pub(super) fn drop_list(
    sheet: &Sheet,
    of: &ListOf,
    path: &str,
    moved: Option<&Piece>,
) -> Result<(Sheet, Vec<String>), Refused> {
    let last = || Refused::LastOfList { path: path.to_owned() };
    let list = &sheet.lists[sheet.list(of).ok_or_else(unkept)?];
    let parent = &list.at[..list.at.len() - 1];
    let map = sheet.written(parent).and_then(Node::map).ok_or_else(unkept)?;
    let alone = map.entries.len() == 1;
    let at = match of {
        ListOf::Top | ListOf::Body(_) => return Err(last()),
        ListOf::Case(..) if alone => return Err(last()),
        // `handlers` must have one
        ListOf::Handler(_) if alone => parent,
        ListOf::Case(..) | ListOf::Default(_) | ListOf::Undo(_) | ListOf::Handler(_) => &list.at,
    };
    let (index, outer) = at.split_last().ok_or_else(unkept)?;
    let map = sheet.written(outer).and_then(Node::map).ok_or_else(unkept)?;
    let entry = map.entries[*index].clone();
    let key = entry.name.clone();
    let notes = match moved {
        None => Notes::Go,
        Some(piece) => {
            let mut inside = comments(Node { note: None, ..entry.value.clone() });
            for comment in piece.comments() {
                let along = inside.iter().position(|other| *other == comment);
                along.map(|at| inside.remove(at));
            }
            Notes::Stay(inside)
        }
    };
    let entries = vec![entry];
    let gone = comments(made::node(Body::Map(Map { flow: false, entries, tail: Vec::new() })));
    let setting = Setting { notes, ..Setting::new(outer, &key, None, STEP_ORDER) };
    Ok((sheet.set(vec![setting])?, gone))
}
