//! `needs` as it is written: of steps of the text, and of one that is on its way.

use rpa_engine::workflow::When;

use super::graph::{Graph, Write};
use super::sheet::{Needed, Sheet};
use super::splice::{Piece, Setting, comments, unkept};
use super::turn::shared;
use super::{Refused, made};
use crate::format::STEP_ORDER;
use crate::yaml::{self, Body, Item, Lead};

pub(super) fn write_needs(
    sheet: &Sheet,
    graph: &Graph,
    writes: &[Write],
) -> Result<Sheet, Refused> {
    write_needs_at(sheet, sheet, graph, writes)
}

/// Writes the needs of the steps of a graph of `known` into `sheet`, which has the same
/// steps.
pub(super) fn write_needs_at(
    sheet: &Sheet,
    known: &Sheet,
    graph: &Graph,
    writes: &[Write],
) -> Result<Sheet, Refused> {
    debug_assert_eq!(sheet.steps.len(), known.steps.len(), "steps are neither put in nor out");
    let settings = needs_settings(sheet, graph, writes)?;
    match settings.is_empty() {
        true => Ok(sheet.clone()),
        false => sheet.set(settings),
    }
}

/// What is to be set for that.
pub(super) fn needs_settings(
    sheet: &Sheet,
    graph: &Graph,
    writes: &[Write],
) -> Result<Vec<Setting<'static>>, Refused> {
    let mut settings = Vec::new();
    for (node, write) in graph.nodes.iter().zip(writes) {
        let Some(step) = node.step.filter(|_| *write != Write::Keep) else { continue };
        let step = &sheet.steps[step];
        if let Some(anchor) = &step.shared {
            return Err(shared(step, anchor));
        }
        // what is no step needs nothing
        let Some(old) = sheet.written(&step.at).and_then(yaml::Node::map) else { continue };
        let old = old.get("needs");
        if let Some(anchor) = old.and_then(|old| old.anchor.as_deref()) {
            return Err(shared(step, anchor));
        }
        let value = match write {
            Write::Keep | Write::TakeOut => None,
            Write::Put(needs) if needs.iter().any(|need| need.id.is_empty()) => {
                return Err(Refused::BadId { id: String::new() });
            }
            Write::Put(needs) => Some(needs_node(old, needs)),
        };
        settings.push(Setting::new(&step.at, "needs", value, STEP_ORDER));
    }
    Ok(settings)
}

/// `needs`, with the entries that stay as they are written.
fn needs_node(old: Option<&yaml::Node>, needs: &[Needed]) -> yaml::Node {
    let is = |node: &yaml::Node, need: &Needed| {
        let same = |key: &str, wanted: &str| {
            let value = node.map().and_then(|map| map.get(key));
            let text = value.and_then(yaml::Node::line);
            text.map_or(key == "when" && wanted == When::Completed.word(), |text| text == wanted)
        };
        match node.map() {
            Some(_) => same("step", &need.id) && same("when", need.when.word()),
            None => need.when == When::Completed && node.line() == Some(&need.id),
        }
    };
    let Some(list) = old.and_then(yaml::Node::list).filter(|list| !list.items.is_empty()) else {
        let old = old.filter(|old| old.body != Body::Empty && old.list().is_none());
        let items = needs.iter().map(|need| match old {
            Some(old) if is(old, need) => yaml::Node { note: None, ..old.clone() },
            _ => made::need(need),
        });
        return made::list(true, items);
    };
    let mut list = list.clone();
    let mut old: Vec<Option<Item>> =
        std::mem::take(&mut list.items).into_iter().map(Some).collect();
    let same_size = old.len() == needs.len();
    for (place, need) in needs.iter().enumerate() {
        let kept = old.iter_mut().find(|item| item.as_ref().is_some_and(|i| is(&i.value, need)));
        let item = kept.and_then(Option::take).unwrap_or_else(|| {
            // another in the place of one has its comments
            let replaced = old
                .get_mut(place)
                .filter(|_| same_size)
                .and_then(|old| old.take_if(|old| !needs.iter().any(|need| is(&old.value, need))));
            let mut item = Item::made(made::need(need));
            if let Some(replaced) = replaced {
                item.lead = replaced.lead;
                item.value.note = replaced.value.note;
            }
            item
        });
        list.items.push(item);
    }
    for gone in old.into_iter().flatten().filter(|_| !needs.is_empty()) {
        let node =
            made::node(Body::List(yaml::List { flow: false, items: vec![gone], tail: Vec::new() }));
        list.tail.extend(comments(node).into_iter().map(Lead::Comment));
    }
    list.flow |= list.items.is_empty();
    made::node(Body::List(list))
}

/// The same step with these `needs`.
pub(super) fn with_needs(piece: &Piece, needs: &[Needed]) -> Result<Piece, Refused> {
    edited(piece, |sheet, at| {
        let value = Some(needs_node(None, needs));
        sheet.set(vec![Setting::new(at, "needs", value, STEP_ORDER)])
    })
}

/// Without what ties it to its neighbours: what it needs, and the fallback, which stands in for
/// one step only.
pub(super) fn without_ties(piece: &Piece, has_fallback: bool) -> Result<Piece, Refused> {
    let keys = if has_fallback { &["needs", "on_error"][..] } else { &["needs"] };
    edited(piece, |sheet, at| {
        sheet.set(keys.iter().map(|key| Setting::new(at, key, None, STEP_ORDER)).collect())
    })
}

/// Changes a piece as a text of its own.
pub(super) fn edited(
    piece: &Piece,
    change: impl Fn(&Sheet, &[usize]) -> Result<Sheet, Refused>,
) -> Result<Piece, Refused> {
    let (text, dash) = match piece {
        Piece::Lines { text, dash, .. } => (text.clone(), *dash),
        Piece::Made(item) => (yaml::print_item(item, 0), 0),
    };
    // what it repeats must be there to be read
    let used = yaml::Names::of(&piece.item().value).used;
    let head: String =
        used.iter().enumerate().map(|(n, name)| format!("x{n}: &{name} 0\n")).collect();
    let head = format!("{head}steps:\n");
    let namespace = "default".parse().expect("a sound label: the word is a constant");
    let sheet = Sheet::read(&format!("{head}{text}"), &namespace)?;
    let sheet = change(&sheet, &[used.len(), 0])?;
    let item = sheet.written(&[used.len()]).and_then(yaml::Node::list);
    let item = item.and_then(|list| list.items.first()).cloned().ok_or_else(unkept)?;
    let text = sheet.text[head.len()..].to_owned();
    Ok(match piece {
        Piece::Lines { .. } => Piece::Lines { text, dash, item },
        Piece::Made(_) => Piece::Made(item),
    })
}
