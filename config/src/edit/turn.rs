//! The changes: each decides what is to hold, then changes the text so that it does.

use super::change::{Change, ListOf, Place};
use super::graph::{Graph, Node, Write};
use super::hold::{Expected, hold};
use super::lists::{drop_list, insert, set_and_insert};
use super::made;
use super::mentions::{mention, mentions};
use super::needs::{needs_settings, with_needs, without_ties, write_needs, write_needs_at};
use super::sheet::{Needed, Sheet, Step};
use super::splice::{Piece, Setting, unkept};
use super::{Refused, kinds, rename, set};
use crate::yaml::{self, Body, Item};

/// A text after a change, and the path of the step that is meant now.
pub(super) type Turned = (Sheet, String);

pub(super) fn turn(sheet: &Sheet, change: &Change) -> Result<Turned, Refused> {
    match change {
        Change::Add { place, id, kind } => add(sheet, place, id, kind),
        Change::Remove { path } => remove(sheet, path),
        Change::AddCase { path, value } => add_case(sheet, path, value.as_deref()),
        Change::RemoveList { list } => remove_list(sheet, list),
        Change::Move { path, place } => relocate(sheet, path, place),
        Change::Duplicate { path, id } => duplicate(sheet, path, id),
        Change::Link { from, to } => link(sheet, from, to),
        Change::Unlink { from, to } => unlink(sheet, from, to),
        Change::Rename { path, id } => rename::rename(sheet, path, id),
        Change::Set { path, field, value } => {
            set::set(sheet, path, field, value.as_deref().filter(|value| !value.is_empty()))
        }
    }
}

fn add(sheet: &Sheet, place: &Place, id: &str, kind: &str) -> Result<Turned, Refused> {
    if !kinds().any(|known| known.word == kind) {
        return Err(Refused::UnknownKind { kind: kind.to_owned() });
    }
    let list = sheet.list_of(place)?;
    sheet.free(id, &list, |_| false)?;
    let inner = inner_id(sheet, &list, id);
    let piece = Piece::Made(Item::made(made::step(id, kind, &inner)));
    land(sheet, place, id, piece)
}

fn add_case(sheet: &Sheet, path: &str, value: Option<&str>) -> Result<Turned, Refused> {
    let owner = sheet.find(path)?;
    let list = match value {
        Some("") => return Err(Refused::BadCase),
        Some(value) => ListOf::Case(path.to_owned(), value.to_owned()),
        None => ListOf::Default(path.to_owned()),
    };
    if sheet.list(&list).is_some() {
        return Err(Refused::CaseTaken { case: value.unwrap_or("default").to_owned() });
    }
    let id = inner_id(sheet, &list, &sheet.steps[owner].id);
    let piece = Piece::Made(Item::made(made::step(&id, "noop", "")));
    land(sheet, &Place::Last(list), &id, piece)
}

/// An id for the step inside of a new one.
fn inner_id(sheet: &Sheet, list: &ListOf, id: &str) -> String {
    let stem: String = id.chars().take(60).collect();
    let mut numbered = (1_u32..).map(|n| format!("{stem}_{n}"));
    let free = numbered.find(|id| sheet.free(id, list, |_| false).is_ok());
    free.unwrap_or(stem)
}

fn duplicate(sheet: &Sheet, path: &str, id: &str) -> Result<Turned, Refused> {
    let step = sheet.find(path)?;
    refuse_shared(sheet, step)?;
    let list = &sheet.lists[sheet.steps[step].list];
    // ids inside of it may be there twice: none of them stands in the other
    sheet.free(id, &list.of, |_| false)?;
    let piece = match list.single {
        true => Piece::Made(Item::made(sheet.written(&list.at).ok_or_else(unkept)?.clone())),
        false => sheet.copied(&list.at, sheet.steps[step].place)?,
    };
    if let Some(anchor) = yaml::Names::of(&piece.item().value).given.first() {
        return Err(shared(&sheet.steps[step], anchor));
    }
    let piece = rename::of_piece(&piece, &sheet.steps[step].id, id)?;
    let piece = without_ties(&piece, sheet.steps[step].fallback.is_some())?;
    land(sheet, &Place::After(path.to_owned()), id, piece)
}

/// Puts a new step in, with what it must need there.
fn land(sheet: &Sheet, place: &Place, id: &str, piece: Piece) -> Result<Turned, Refused> {
    let node =
        Node { id: id.to_owned(), step: None, written: None, needs: Vec::new(), stands_for: None };
    let landing = sheet.landing(place, node, None)?;
    let writes = landing.graph.writes();
    let settings = needs_settings(sheet, &landing.graph, &writes)?;
    let piece = match &writes[landing.place] {
        Write::Put(needs) if needs.iter().any(|need| need.id.is_empty()) => {
            return Err(Refused::BadId { id: String::new() });
        }
        Write::Put(needs) => with_needs(&piece, needs)?,
        Write::Keep | Write::TakeOut => piece,
    };
    let (list, place, side) = (&landing.list, landing.place, landing.side);
    let (changed, landed) = set_and_insert(sheet, settings, list, place, side, &piece)?;
    let expected = Expected { landed: Some(landed), ..Expected::of(&landing.graph) };
    finish(sheet, changed, landed, &expected)
}

fn remove(sheet: &Sheet, path: &str) -> Result<Turned, Refused> {
    let step = sheet.find(path)?;
    refuse_shared(sheet, step)?;
    let named = mentions(sheet, step, |by| by.is_none_or(|by| !sheet.is_inside(by, step)));
    if !named.is_empty() {
        return Err(Refused::Named { path: path.to_owned(), by: named });
    }
    let Step { list, place, .. } = sheet.steps[step];
    let mut graph = Graph::of(sheet, list);
    refuse_fallbacks(sheet, &graph, place)?;
    take(sheet, &mut graph, place)?;
    let settings = needs_settings(sheet, &graph, &graph.writes())?;
    let of = sheet.lists[list].of.clone();
    let (changed, comments) = match sheet.lists[list].steps.len() {
        // nothing else is in the list that could need it
        1 => drop_list(sheet, &of, path, None)?,
        _ => set_and_cut(sheet, settings, &of, place)?,
    };
    let expected = Expected { removed: vec![step], comments, ..Expected::of(&graph) };
    hold(sheet, &changed, &expected)?;
    let next = changed.list(&of).and_then(|list| {
        let steps = &changed.lists[list].steps;
        steps.get(place).or(steps.last()).map(|step| changed.steps[*step].path.clone())
    });
    let around = || of.owner().filter(|path| changed.find(path).is_ok()).map(str::to_owned);
    let path = next.or_else(around).unwrap_or_default();
    Ok((changed, path))
}

/// A whole list that has a heading. What a step is made of goes with the step alone.
fn remove_list(sheet: &Sheet, of: &ListOf) -> Result<Turned, Refused> {
    let path = of.to_string();
    let list = sheet.list(of).filter(|_| of.heading().is_some());
    let list = &sheet.lists[list.ok_or_else(|| Refused::NoList { of: path.clone() })?];
    if let Some(anchor) = &list.shared {
        return Err(Refused::Shared { path, anchor: anchor.clone() });
    }
    refuse_repeated(sheet, &list.at, &path)?;
    let goes = |by: usize| list.steps.iter().any(|step| sheet.is_inside(by, *step));
    let named = |step: &usize| mentions(sheet, *step, |by| by.is_none_or(|by| !goes(by)));
    let named: Vec<_> = list.steps.iter().flat_map(named).collect();
    if !named.is_empty() {
        return Err(Refused::Named { path, by: named });
    }
    let (changed, comments) = drop_list(sheet, of, &path, None)?;
    let expected = Expected { removed: list.steps.clone(), comments, ..Expected::default() };
    hold(sheet, &changed, &expected)?;
    Ok((changed, of.owner().unwrap_or_default().to_owned()))
}

/// Sets keys of steps of a list and takes another one out; gives the comments that go.
fn set_and_cut(
    sheet: &Sheet,
    settings: Vec<Setting<'_>>,
    of: &ListOf,
    place: usize,
) -> Result<(Sheet, Vec<String>), Refused> {
    let at = &sheet.lists[sheet.list(of).ok_or_else(unkept)?].at;
    let piece = sheet.copied(at, place)?;
    if let (Piece::Lines { .. }, false) = (&piece, settings.is_empty())
        && let Ok(changed) = sheet.set_and(settings.clone(), sheet.cutting(at, place)?)
    {
        return Ok((changed, piece.comments()));
    }
    let set = match settings.is_empty() {
        true => None,
        false => Some(sheet.set(settings)?),
    };
    let sheet = set.as_ref().unwrap_or(sheet);
    let at = &sheet.lists[sheet.list(of).ok_or_else(unkept)?].at;
    let (without, piece) = sheet.cut(at, place)?;
    Ok((without, piece.comments()))
}

pub(super) fn take(sheet: &Sheet, graph: &mut Graph, place: usize) -> Result<Node, Refused> {
    let steps: Vec<Option<usize>> = graph.nodes.iter().map(|node| node.step).collect();
    graph.remove(place).map_err(|hanging| {
        let path = |at: usize| steps[at].map(|step| sheet.steps[step].path.clone());
        let by = hanging.into_iter().filter_map(|at| steps[at]);
        let by = by.map(|step| mention(sheet, step, "needs")).collect();
        Refused::Named { path: path(place).unwrap_or_default(), by }
    })
}

/// A step that stands in for another, or that another stands in for, goes nowhere alone.
fn refuse_fallbacks(sheet: &Sheet, graph: &Graph, place: usize) -> Result<(), Refused> {
    let path = |at: usize| graph.nodes[at].step.map(|step| sheet.steps[step].path.clone());
    let id = graph.nodes[place].id.as_str();
    let fallback = graph.nodes.iter().position(|node| node.stands_for.as_deref() == Some(id));
    if let Some(fallback) = fallback.filter(|_| !id.is_empty()) {
        let (path, of) = (path(fallback).unwrap_or_default(), path(place).unwrap_or_default());
        return Err(Refused::Fallback { path, of });
    }
    if let Some(of) = graph.nodes[place].stands_for.as_deref().and_then(|id| graph.place(id)) {
        let (path, of) = (path(place).unwrap_or_default(), path(of).unwrap_or_default());
        return Err(Refused::Fallback { path, of });
    }
    Ok(())
}

fn relocate(sheet: &Sheet, path: &str, place: &Place) -> Result<Turned, Refused> {
    let step = sheet.find(path)?;
    let target = sheet.list_of(place)?;
    let anchor = match place {
        Place::After(path) | Place::Before(path) | Place::Beside(path) => Some(sheet.find(path)?),
        Place::First(list) | Place::Last(list) => {
            list.owner().map(|path| sheet.find(path)).transpose()?
        }
    };
    if anchor.is_some_and(|anchor| sheet.is_inside(anchor, step)) {
        return Err(Refused::IntoItself { path: path.to_owned() });
    }
    refuse_shared(sheet, step)?;
    let Step { list, place: was, ref id, .. } = sheet.steps[step];
    let of = sheet.lists[list].of.clone();
    if sheet.lists[list].steps.len() == 1 && of == target {
        return Ok((sheet.clone(), path.to_owned()));
    }
    let mut graph = Graph::of(sheet, list);
    refuse_fallbacks(sheet, &graph, was)?;
    if of != target {
        sheet.free(id, &target, |other| other == step)?;
    }
    let mut node = take(sheet, &mut graph, was)?;
    node.needs = Vec::new();
    let (changed, landing, expected) = if of == target {
        let landing = sheet.landing(place, node, Some(graph))?;
        let changed = write_needs(sheet, &landing.graph, &landing.graph.writes())?;
        let expected = Expected::of(&landing.graph);
        (changed, landing, expected)
    } else {
        let changed = write_needs(sheet, &graph, &graph.writes())?;
        let landing = sheet.landing(place, node, None)?;
        let writes = landing.graph.writes();
        let changed = write_needs_at(&changed, sheet, &landing.graph, &writes)?;
        let mut expected = Expected::of(&graph);
        expected.needs.extend(Expected::of(&landing.graph).needs);
        (changed, landing, expected)
    };
    let (changed, piece) = cut_step(&changed, &of, was, path)?;
    let put = insert(&changed, &landing.list, landing.place, landing.side, &piece);
    let (changed, landed) = put.map_err(|why| match why {
        Refused::Shared { anchor, .. } => Refused::Shared { path: path.to_owned(), anchor },
        why => why,
    })?;
    let expected = Expected { moved: Some(step), landed: Some(landed), ..expected };
    finish(sheet, changed, landed, &expected)
}

/// Takes a step out of its list, and the list with it when nothing else is in it.
fn cut_step(
    sheet: &Sheet,
    of: &ListOf,
    place: usize,
    path: &str,
) -> Result<(Sheet, Piece), Refused> {
    let list = &sheet.lists[sheet.list(of).ok_or_else(unkept)?];
    if list.steps.len() > 1 {
        return sheet.cut(&list.at, place);
    }
    let piece = match list.single {
        true => Piece::Made(Item::made(sheet.written(&list.at).ok_or_else(unkept)?.clone())),
        false => sheet.copied(&list.at, place)?,
    };
    Ok((drop_list(sheet, of, path, Some(&piece))?.0, piece))
}

fn link(sheet: &Sheet, from: &str, to: &str) -> Result<Turned, Refused> {
    let (mut graph, first, second) = ends(sheet, from, to)?;
    for place in [first, second] {
        if graph.nodes[place].stands_for.is_some() {
            refuse_fallbacks(sheet, &graph, place)?;
        }
    }
    let id = graph.nodes[first].id.clone();
    if graph.nodes[second].needs.iter().any(|need| need.id == id) {
        let (from, to) = (from.to_owned(), to.to_owned());
        return Err(Refused::AlreadyLinked { from, to });
    }
    graph.nodes[second].needs.push(Needed::completed(&id));
    linked(sheet, &graph, second)
}

fn unlink(sheet: &Sheet, from: &str, to: &str) -> Result<Turned, Refused> {
    let (mut graph, first, second) = ends(sheet, from, to)?;
    let id = graph.nodes[first].id.clone();
    let needs = &mut graph.nodes[second].needs;
    let Some(at) = needs.iter().position(|need| need.id == id) else {
        return Err(Refused::NotLinked { from: from.to_owned(), to: to.to_owned() });
    };
    needs.remove(at);
    linked(sheet, &graph, second)
}

/// The graph of the list of two steps, and their places in it.
fn ends(sheet: &Sheet, from: &str, to: &str) -> Result<(Graph, usize, usize), Refused> {
    let (one, other) = (sheet.find(from)?, sheet.find(to)?);
    if one == other {
        return Err(Refused::ItsOwn { path: to.to_owned() });
    }
    let (first, second) = (&sheet.steps[one], &sheet.steps[other]);
    if first.list != second.list {
        return Err(Refused::OtherList { from: from.to_owned(), to: to.to_owned() });
    }
    if first.id.is_empty() {
        return Err(Refused::BadId { id: String::new() });
    }
    Ok((Graph::of(sheet, first.list), first.place, second.place))
}

/// Writes what the step at `place` of a graph needs now, and the others needed before.
pub(super) fn linked(sheet: &Sheet, graph: &Graph, place: usize) -> Result<Turned, Refused> {
    if let Some(way) = graph.circle(place) {
        let path = |at: usize| graph.nodes[at].step.map(|step| sheet.steps[step].path.clone());
        return Err(Refused::Cycle { paths: way.into_iter().rev().filter_map(path).collect() });
    }
    let changed = write_needs(sheet, graph, &graph.writes())?;
    let step = graph.nodes[place].step.ok_or_else(unkept)?;
    finish(sheet, changed, step, &Expected::of(graph))
}

/// Holds the new text against the old one; `meant` is the index of a step of the new one.
pub(super) fn finish(
    before: &Sheet,
    after: Sheet,
    meant: usize,
    expected: &Expected,
) -> Result<Turned, Refused> {
    hold(before, &after, expected)?;
    let path = after.steps[meant].path.clone();
    Ok((after, path))
}

fn refuse_shared(sheet: &Sheet, step: usize) -> Result<(), Refused> {
    let found = &sheet.steps[step];
    if let Some(anchor) = &found.shared {
        return Err(shared(found, anchor));
    }
    refuse_repeated(sheet, &found.at, &found.path)
}

/// Refuses a part of which something is repeated elsewhere.
fn refuse_repeated(sheet: &Sheet, at: &[usize], path: &str) -> Result<(), Refused> {
    let written = sheet.written(at).ok_or_else(unkept)?;
    let names = yaml::Names::of(written);
    let everywhere = yaml::Names::of(&sheet.document.root);
    // one that is repeated inside alone goes along
    let outside = names.given.iter().find(|name| {
        let count = |node: &yaml::Node| repeats(node, name);
        everywhere.used.contains(*name) && count(&sheet.document.root) > count(written)
    });
    let shared =
        |anchor: &str| Refused::Shared { path: path.to_owned(), anchor: anchor.to_owned() };
    outside.map_or(Ok(()), |anchor| Err(shared(anchor)))
}

/// How often an anchor is repeated in a node.
pub(super) fn repeats(node: &yaml::Node, name: &str) -> usize {
    match &node.body {
        Body::Alias(alias) => usize::from(alias == name),
        Body::Map(map) => map.entries.iter().map(|entry| repeats(&entry.value, name)).sum(),
        Body::List(list) => list.items.iter().map(|item| repeats(&item.value, name)).sum(),
        Body::Empty | Body::Text { .. } | Body::Block(_) => 0,
    }
}

pub(super) fn shared(step: &Step, anchor: &str) -> Refused {
    Refused::Shared { path: step.path.clone(), anchor: anchor.to_owned() }
}
