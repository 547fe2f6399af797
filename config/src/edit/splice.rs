//! Changing the text of a [`Sheet`]: keys of maps, items of lists.
//!
//! What stands on lines of its own is spliced in and out by whole lines. What stands in
//! braces or brackets is changed in the tree and written anew, up to the outermost brace.

use std::ops::Range;

use super::Refused;
use super::braces::Islands;
use super::made;
use super::sheet::{Address, Sheet};
use crate::yaml::{self, Body, Document, Entry, Item, Lead, List, Map, Node};

/// A key that is put into a map, or taken out.
#[derive(Clone, Debug)]
pub(super) struct Setting<'k> {
    /// Of the map.
    pub(super) map: Address,
    pub(super) key: &'k str,
    pub(super) value: Option<Node>,
    /// The order of the keys of such a map; others are behind.
    pub(super) order: &'static [&'static str],
    /// What becomes of the comments of a key that is taken out.
    pub(super) notes: Notes,
}

impl<'k> Setting<'k> {
    pub(super) fn new(
        map: &[usize],
        key: &'k str,
        value: Option<Node>,
        order: &'static [&'static str],
    ) -> Setting<'k> {
        Setting { map: map.to_vec(), key, value, order, notes: Notes::Stay(Vec::new()) }
    }
}

/// Comments above and beside a key that is taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Notes {
    /// And these from inside of it as well.
    Stay(Vec<String>),
    /// Those right above it and beside it go as well.
    Go,
}

/// An item that is taken from one list and put into another.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// As it is written, its dash so many blanks in; and as it was read.
    Lines {
        text: String,
        dash: usize,
        item: Item,
    },
    Made(Item),
}

/// On which side of the comments and empty lines between two items a new one comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Right behind the item before it.
    Behind,
    /// Right before the item behind it.
    Before,
}

pub(super) type Splice = (Range<usize>, String);

impl Sheet {
    /// The written node at an address.
    pub(super) fn written(&self, at: &[usize]) -> Option<&Node> {
        node_at(&self.document.root, at)
    }

    /// The byte behind the lines of the entry whose value is at an address.
    pub(super) fn end_of(&self, at: &[usize]) -> Option<usize> {
        let (index, parent) = at.split_last()?;
        let entry = self.written(parent)?.map()?.entries.get(*index)?;
        (!entry.span.is_empty()).then_some(entry.span.end)
    }

    /// With keys set. All of them are of different maps.
    pub(super) fn set(&self, settings: Vec<Setting<'_>>) -> Result<Sheet, Refused> {
        self.spliced(self.settings(settings)?)
    }

    /// The same with one change more, so that the text is read but once.
    pub(super) fn set_and(
        &self,
        settings: Vec<Setting<'_>>,
        more: Splice,
    ) -> Result<Sheet, Refused> {
        let mut splices = self.settings(settings)?;
        splices.push(more);
        self.spliced(splices)
    }

    fn settings(&self, settings: Vec<Setting<'_>>) -> Result<Vec<Splice>, Refused> {
        let mut splices = Vec::new();
        let mut islands = Islands::default();
        for setting in settings {
            let map = self.written(&setting.map).and_then(Node::map).ok_or_else(unkept)?;
            match self.island(&setting.map) {
                Some(island) => islands.set(self, island, setting)?,
                None => splices.extend(self.set_lines(map, setting)?),
            }
        }
        splices.extend(islands.splices(self)?);
        Ok(splices)
    }

    /// With another value of the whole of a key, written anew.
    pub(super) fn rewritten(&self, at: &[usize], node: Node) -> Result<Sheet, Refused> {
        let mut islands = Islands::default();
        let island = self.island(at).unwrap_or_else(|| at.to_vec());
        islands.put(self, island, at, node)?;
        let splices = islands.splices(self)?;
        self.spliced(splices)
    }

    /// With an item at `place` of the list at `at`, which may be empty or nothing yet.
    pub(super) fn inserted(
        &self,
        at: &[usize],
        place: usize,
        side: Side,
        piece: &Piece,
    ) -> Result<Sheet, Refused> {
        match self.insertion(at, place, side, piece)? {
            Some(splice) => self.spliced(vec![splice]),
            None => self.inserted_anew(at, place, piece.item().clone()),
        }
    }

    /// How an item is put in where a list has lines of its own.
    pub(super) fn insertion(
        &self,
        at: &[usize],
        place: usize,
        side: Side,
        piece: &Piece,
    ) -> Result<Option<Splice>, Refused> {
        let node = self.written(at).ok_or_else(unkept)?;
        let list = node.list().filter(|_| self.island(at).is_none() && node.is_spread());
        let Some(list) = list else { return Ok(None) };
        let dash = self.column(list.items[0].dash);
        let mut text = match piece {
            Piece::Lines { text, dash: was, .. } => shifted(text, *was, dash),
            Piece::Made(item) => yaml::print_item(item, dash),
        };
        let last = list.items.len().min(place);
        let byte = match (side, list.items.get(last)) {
            (Side::Before, Some(item)) => self.own_start(item),
            (_, Some(item)) if last == 0 => self.own_start(item),
            _ => list.items[last - 1].span.end,
        };
        if parts(list, at.len() == 1 && self.text.contains("\n\n")) {
            let above = last > 0 && side == Side::Behind;
            text.insert(if above { 0 } else { text.len() }, '\n');
        }
        Ok(Some(self.at_end(byte, text)))
    }

    /// Without the item at `place` of the list at `at`, which has others; and that item.
    pub(super) fn cut(&self, at: &[usize], place: usize) -> Result<(Sheet, Piece), Refused> {
        let piece = self.copied(at, place)?;
        if let Piece::Made(_) = piece {
            let mut node = self.written(at).ok_or_else(unkept)?.clone();
            if let Body::List(list) = &mut node.body {
                list.items.remove(place);
            }
            return Ok((self.rewritten(at, node)?, piece));
        }
        Ok((self.spliced(vec![self.cutting(at, place)?])?, piece))
    }

    /// How an item is taken out that has lines of its own.
    pub(super) fn cutting(&self, at: &[usize], place: usize) -> Result<Splice, Refused> {
        let list = self.written(at).and_then(Node::list).ok_or_else(unkept)?;
        let item = &list.items[place];
        let own = self.own_start(item);
        let from = self.blanks_above(own, item.span.start);
        let mut until = item.span.end;
        if place == 0 && from == item.span.start {
            // nothing is above the next then
            let behind = &self.text[until..];
            let blank = behind.split_inclusive('\n').take_while(|line| line.trim().is_empty());
            let blank: usize = blank.map(str::len).sum();
            until += if behind.len() == blank { 0 } else { blank };
        }
        Ok((from..until, String::new()))
    }

    /// The item at `place` of the list at `at`, with the comments right above it.
    pub(super) fn copied(&self, at: &[usize], place: usize) -> Result<Piece, Refused> {
        let node = self.written(at).ok_or_else(unkept)?;
        let item = node.list().and_then(|list| list.items.get(place)).ok_or_else(unkept)?;
        if self.island(at).is_some() || !node.is_spread() {
            return Ok(Piece::Made(item.clone()));
        }
        let mut text = self.text[self.own_start(item)..item.span.end].to_owned();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        // what stands above an empty line is about more than this
        let mut item = item.clone();
        let own = item.lead.iter().rposition(|lead| *lead == Lead::Blank).map_or(0, |at| at + 1);
        item.lead.drain(..own);
        Ok(Piece::Lines { text, dash: self.column(item.dash), item })
    }

    /// Where an item begins with the comments right above it: others are about what
    /// follows, not about it alone.
    fn own_start(&self, item: &Item) -> usize {
        let line = item.dash - self.column(item.dash);
        self.comments_above(line.max(item.span.start), item.span.start)
    }

    fn inserted_anew(&self, at: &[usize], place: usize, item: Item) -> Result<Sheet, Refused> {
        let mut node = self.written(at).ok_or_else(unkept)?.clone();
        let mut list = match std::mem::replace(&mut node.body, Body::Empty) {
            Body::List(list) => list,
            Body::Empty => List { flow: false, items: Vec::new(), tail: Vec::new() },
            // one step where a list may be
            body @ Body::Map(_) => {
                let inner = Node { body, note: None, ..node.clone() };
                node.anchor = None;
                List { flow: false, items: vec![Item::made(inner)], tail: Vec::new() }
            }
            _ => return Err(unkept()),
        };
        list.items.insert(place.min(list.items.len()), item);
        list.flow = false;
        node.body = Body::List(list);
        self.rewritten(at, node)
    }

    /// The outermost node in braces or brackets around that at `at`, or that itself.
    fn island(&self, at: &[usize]) -> Option<Address> {
        let is_enclosed = |node: &Node| {
            matches!(node.body, Body::Map(_) | Body::List(_))
                && matches!(self.text.as_bytes().get(node.range.start), Some(b'{' | b'['))
                && !node.range.is_empty()
        };
        let found =
            (0..=at.len()).find(|depth| self.written(&at[..*depth]).is_some_and(is_enclosed));
        found.map(|depth| at[..depth].to_vec())
    }

    fn set_lines(&self, map: &Map, setting: Setting<'_>) -> Result<Option<Splice>, Refused> {
        let at = map.entries.iter().position(|entry| entry.name == setting.key);
        match (at, setting.value) {
            (None, None) => Ok(None),
            (Some(at), Some(value)) => self.replaced(&map.entries[at], value).map(Some),
            (Some(at), None) => self.taken_out(map, at, &setting.notes).map(Some),
            (None, Some(value)) => {
                let place = place_of(map, setting.key, setting.order);
                let first = map.entries.first().ok_or_else(unkept)?.key.range.start;
                if place == 0 && !value.is_tall() && !value.is_spread() {
                    let value = yaml::print_short(&value);
                    let indent = " ".repeat(self.column(first));
                    return Ok(Some((first..first, format!("{}: {value}\n{indent}", setting.key))));
                }
                let place = place.max(1);
                let before = map.entries.get(place - 1).ok_or_else(unkept)?;
                let entry = made::key_of(setting.key, value);
                let mut text = yaml::print_entry(&entry, self.column(before.key.range.start));
                let parted = |entry: &Entry| entry.lead.contains(&Lead::Blank);
                if setting.map.is_empty() && map.entries.iter().skip(1).any(parted) {
                    text.insert(0, '\n');
                }
                Ok(Some(self.at_end(before.span.end, text)))
            }
        }
    }

    fn replaced(&self, entry: &Entry, mut value: Node) -> Result<Splice, Refused> {
        let old = &entry.value;
        let colon = self.colon(entry)?;
        let is_short = !value.is_spread() && !value.is_tall();
        if is_short && value.note.is_none() {
            if old.body == Body::Empty && !old.has_properties() {
                return Ok((colon + 1..colon + 1, format!(" {}", yaml::print_short(&value))));
            }
            let is_short = !old.range.is_empty() && !self.text[old.range.clone()].contains('\n');
            if is_short && value.body == Body::Empty {
                return Ok((colon + 1..old.range.end, String::new()));
            }
            if is_short {
                return Ok((old.range.clone(), yaml::print_short(&value)));
            }
        }
        value.note = value.note.or_else(|| old.note.clone());
        value.anchor = value.anchor.or_else(|| old.anchor.clone());
        Ok(self.rest_of(
            colon,
            entry.span.end,
            yaml::print_value(&value, self.column(entry.key.range.start)),
        ))
    }

    /// Takes an entry out; comments that stay get lines of their own.
    fn taken_out(&self, map: &Map, at: usize, notes: &Notes) -> Result<Splice, Refused> {
        let entry = &map.entries[at];
        let key = entry.key.range.start;
        let left: Vec<&str> = match notes {
            Notes::Go => Vec::new(),
            Notes::Stay(more) => {
                let note = entry.value.note.iter().map(|note| note.text.as_str());
                note.chain(more.iter().map(String::as_str)).collect()
            }
        };
        let is_first = self.text[key - self.column(key)..key].trim().is_empty();
        if entry.span.start == key && !is_first {
            // behind a dash: the next takes its place
            let next = map.entries.get(at + 1).ok_or_else(unkept)?;
            if !left.is_empty() || !next.lead.is_empty() {
                return Err(unkept());
            }
            return Ok((key..next.key.range.start, String::new()));
        }
        let column = self.column(key);
        let mut start = key - column;
        if *notes == Notes::Go {
            start = self.comments_above(start, entry.span.start);
        }
        if left.is_empty() {
            start = self.blanks_above(start, entry.span.start);
        }
        let lines = left.iter().map(|note| format!("{}{note}\n", " ".repeat(column)));
        Ok((start..entry.span.end, lines.collect()))
    }

    /// The start of the comments right above the line that starts at `line`, down to `least`.
    fn comments_above(&self, line: usize, least: usize) -> usize {
        self.lines_above(line, least, |line| line.starts_with('#'))
    }

    fn blanks_above(&self, line: usize, least: usize) -> usize {
        self.lines_above(line, least, str::is_empty)
    }

    fn lines_above(&self, line: usize, least: usize, is: impl Fn(&str) -> bool) -> usize {
        let mut start = line;
        while start > least {
            let before = self.text[..start - 1].rfind('\n').map_or(0, |end| end + 1);
            if before < least || !is(self.text[before..start].trim()) {
                break;
            }
            start = before;
        }
        start
    }

    /// The byte of the colon behind a key.
    pub(super) fn colon(&self, entry: &Entry) -> Result<usize, Refused> {
        let behind = &self.text[entry.key.range.end..];
        let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
        let at = entry.key.range.end + blanks;
        if entry.key.range.is_empty() || !self.text[at..].starts_with(':') {
            return Err(unkept());
        }
        Ok(at)
    }

    pub(super) fn column(&self, byte: usize) -> usize {
        byte - self.text[..byte].rfind('\n').map_or(0, |end| end + 1)
    }

    /// Lines put in at `byte`, which may be the end of a text without a line break.
    fn at_end(&self, byte: usize, mut text: String) -> Splice {
        if byte > 0 && !self.text[..byte].ends_with('\n') {
            text.insert(0, '\n');
            if text.ends_with('\n') {
                text.pop();
            }
        }
        (byte..byte, text)
    }

    /// What replaces all from `from` to the end of lines at `until`.
    pub(super) fn rest_of(&self, from: usize, until: usize, mut text: String) -> Splice {
        if !self.text[from..until].ends_with('\n') && text.ends_with('\n') {
            text.pop();
        }
        (from..until, text)
    }

    fn spliced(&self, mut splices: Vec<Splice>) -> Result<Sheet, Refused> {
        splices.sort_by_key(|(range, _)| (range.start, range.end));
        let mut text = String::with_capacity(self.text.len() + 256);
        let mut at = 0;
        for (range, new) in &splices {
            if range.start < at {
                return Err(Refused::Changed("two changes at one place"));
            }
            text.push_str(&self.text[at..range.start]);
            text.push_str(new);
            at = range.end;
        }
        text.push_str(&self.text[at..]);
        self.with_text(&text)
    }
}

impl Piece {
    /// As an item of the tree.
    pub(super) fn item(&self) -> &Item {
        match self {
            Piece::Made(item) | Piece::Lines { item, .. } => item,
        }
    }

    /// The comments that it takes along.
    pub(super) fn comments(&self) -> Vec<String> {
        let items = vec![self.item().clone()];
        comments(made::node(Body::List(List { flow: false, items, tail: Vec::new() })))
    }
}

/// The comments of a node and all below it.
pub(super) fn comments(node: Node) -> Vec<String> {
    let document = Document { root: node };
    document.comments().into_iter().map(str::to_owned).collect()
}

/// Lines moved to the right or left.
fn shifted(text: &str, from: usize, to: usize) -> String {
    let line = |line: &str| match to.checked_sub(from) {
        _ if line == "\n" => line.to_owned(),
        Some(more) => format!("{}{line}", " ".repeat(more)),
        None => {
            let blanks = line.len() - line.trim_start_matches(' ').len();
            line[blanks.min(from - to)..].to_owned()
        }
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Whether an empty line stands between the items of a list; `or` where that cannot be seen.
fn parts(list: &List, or: bool) -> bool {
    match list.items.as_slice() {
        [] => false,
        [_] => or,
        [_, others @ ..] => {
            let parted = others.iter().filter(|item| item.lead.contains(&Lead::Blank)).count();
            parted * 2 > others.len()
        }
    }
}

/// Where a key goes in a map: behind all that come before it.
pub(super) fn place_of(map: &Map, key: &str, order: &[&str]) -> usize {
    let rank = |name: &str| order.iter().position(|known| *known == name);
    let Some(own) = rank(key) else { return map.entries.len() };
    let before = |entry: &Entry| rank(&entry.name).is_some_and(|rank| rank < own);
    map.entries.iter().rposition(before).map_or(0, |at| at + 1)
}

fn node_at<'n>(root: &'n Node, at: &[usize]) -> Option<&'n Node> {
    at.iter().try_fold(root, |node, index| match &node.body {
        Body::Map(map) => map.entries.get(*index).map(|entry| &entry.value),
        Body::List(list) => list.items.get(*index).map(|item| &item.value),
        _ => None,
    })
}

/// Something stands where it cannot be changed.
pub(super) fn unkept() -> Refused {
    Refused::Unkept(yaml::Unkept { line: 1, what: "a part that cannot be changed here" })
}
