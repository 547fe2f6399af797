//! Nodes that are written anew: what stands in braces or brackets, with whatever is put in
//! or taken out.

use std::collections::BTreeMap;

use super::sheet::{Address, Sheet};
use super::splice::{Notes, Setting, Splice, place_of, unkept};
use super::{Refused, made};
use crate::yaml::{self, Body, Document, Item, Lead, Node, Note};

/// Nodes that are written anew.
#[derive(Default)]
pub(super) struct Islands(BTreeMap<Address, Node>);

impl Islands {
    pub(super) fn set(
        &mut self,
        sheet: &Sheet,
        island: Address,
        setting: Setting<'_>,
    ) -> Result<(), Refused> {
        let inner = setting.map[island.len()..].to_vec();
        let root = self.open(sheet, island)?;
        let Some(Body::Map(map)) = node_at_mut(root, &inner).map(|node| &mut node.body) else {
            return Err(unkept());
        };
        let at = map.entries.iter().position(|entry| entry.name == setting.key);
        match (at, setting.value) {
            (None, None) => {}
            (Some(at), Some(mut value)) => {
                let old = &mut map.entries[at].value;
                value.note = value.note.or_else(|| old.note.take());
                value.anchor = value.anchor.or_else(|| old.anchor.take());
                *old = value;
            }
            (Some(at), None) => {
                let entry = map.entries.remove(at);
                let left: Vec<Lead> = match setting.notes {
                    Notes::Go => Vec::new(),
                    Notes::Stay(more) => {
                        let note = entry.value.note.map(Note::into_lead);
                        let more = more.into_iter().map(Lead::Comment);
                        entry.lead.into_iter().chain(note).chain(more).collect()
                    }
                };
                match map.entries.get_mut(at) {
                    Some(next) => {
                        next.lead.splice(0..0, left);
                    }
                    None => map.tail.splice(0..0, left).for_each(drop),
                }
            }
            (None, Some(value)) => {
                let place = place_of(map, setting.key, setting.order);
                map.entries.insert(place, made::key_of(setting.key, value));
            }
        }
        Ok(())
    }

    pub(super) fn put(
        &mut self,
        sheet: &Sheet,
        island: Address,
        at: &[usize],
        node: Node,
    ) -> Result<(), Refused> {
        let inner = at[island.len()..].to_vec();
        let root = self.open(sheet, island)?;
        *node_at_mut(root, &inner).ok_or_else(unkept)? = node;
        Ok(())
    }

    fn open(&mut self, sheet: &Sheet, island: Address) -> Result<&mut Node, Refused> {
        let node = sheet.written(&island).ok_or_else(unkept)?;
        Ok(self.0.entry(island).or_insert_with(|| node.clone()))
    }

    pub(super) fn splices(self, sheet: &Sheet) -> Result<Vec<Splice>, Refused> {
        self.0.into_iter().map(|(at, node)| splice_of(sheet, &at, node)).collect()
    }
}

fn splice_of(sheet: &Sheet, at: &[usize], mut node: Node) -> Result<Splice, Refused> {
    open_up(&mut node);
    let Some((index, parent)) = at.split_last() else {
        if let (Some(note), Body::Map(map)) = (&node.note, &mut node.body)
            && let Some(first) = map.entries.first_mut().filter(|_| !map.flow)
        {
            first.lead.insert(0, Lead::Comment(note.text.clone()));
        }
        return Ok((0..sheet.text.len(), yaml::print(&Document { root: node })));
    };
    match &sheet.written(parent).ok_or_else(unkept)?.body {
        Body::Map(map) => {
            let entry = &map.entries[*index];
            let colon = sheet.colon(entry)?;
            let text = yaml::print_value(&node, sheet.column(entry.key.range.start));
            Ok(sheet.rest_of(colon, entry.span.end, text))
        }
        Body::List(list) => {
            let item = &list.items[*index];
            let indent = sheet.column(item.dash);
            let text = yaml::print_item(&Item::made(node), indent);
            Ok(sheet.rest_of(item.dash - indent, item.span.end, text))
        }
        _ => Err(unkept()),
    }
}

/// Gives lines of its own to whatever has a part that needs them, and says whether it does.
fn open_up(node: &mut Node) -> bool {
    match &mut node.body {
        Body::Map(map) => {
            let mut tall = !map.tail.is_empty();
            for entry in &mut map.entries {
                tall |= open_up(&mut entry.value) || !entry.lead.is_empty();
            }
            map.flow = map.entries.is_empty() || map.flow && !tall;
            !map.flow
        }
        Body::List(list) => {
            let mut tall = !list.tail.is_empty();
            for item in &mut list.items {
                tall |= open_up(&mut item.value) || !item.lead.is_empty();
            }
            list.flow = list.items.is_empty() || list.flow && !tall;
            !list.flow
        }
        Body::Text { lines, .. } => lines.len() > 1,
        Body::Block(_) => true,
        Body::Empty | Body::Alias(_) => false,
    }
}

fn node_at_mut<'n>(root: &'n mut Node, at: &[usize]) -> Option<&'n mut Node> {
    at.iter().try_fold(root, |node, index| match &mut node.body {
        Body::Map(map) => map.entries.get_mut(*index).map(|entry| &mut entry.value),
        Body::List(list) => list.items.get_mut(*index).map(|item| &mut item.value),
        _ => None,
    })
}

impl Note {
    fn into_lead(self) -> Lead {
        Lead::Comment(self.text)
    }
}
