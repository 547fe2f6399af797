//! Who names a step, and another name for it everywhere.

use std::collections::HashMap;
use std::ops::Range;

use super::Refused;
use super::hold::Expected;
use super::made;
use super::refused::Mention;
use super::sheet::{Sheet, entry};
use super::splice::{Notes, Piece, Setting, unkept};
use super::turn::{Turned, edited, finish, shared};
use crate::format::STEP_ORDER;
use crate::workflow::node::{Data, Node};
use crate::yaml::{self, Body, Quote};

/// A name of a step within the text.
#[derive(Debug)]
struct Place {
    /// The step in which it stands.
    by: Option<usize>,
    key: String,
    /// The bytes of the name.
    range: Range<usize>,
    /// What repeats it by an alias.
    shared: bool,
    line: u32,
}

/// Gives a step another id.
pub(super) fn rename(sheet: &Sheet, path: &str, id: &str) -> Result<Turned, Refused> {
    let step = sheet.find(path)?;
    let found = &sheet.steps[step];
    if let Some(anchor) = &found.shared {
        return Err(shared(found, anchor));
    }
    if found.id == id {
        return Ok((sheet.clone(), path.to_owned()));
    }
    sheet.free(id, &sheet.lists[found.list].of, |other| other == step)?;
    if found.id.is_empty() {
        return named(sheet, step, id);
    }
    let changed = renamed(sheet, step, id)?;
    // whatever follows the new name must have followed the old one
    let back = renamed(&changed, step, &found.id)?;
    if back.text != normal(sheet, step)? {
        return Err(Refused::Changed("another step would be meant"));
    }
    let codes = |sheet: &Sheet| {
        let problems = &sheet.checked().problems;
        let mut codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
        codes.sort_unstable();
        codes
    };
    if codes(sheet) != codes(&changed) {
        return Err(Refused::Invalid(changed.checked().problems.clone()));
    }
    let path = changed.steps[step].path.clone();
    Ok((changed, path))
}

/// Gives a step an id that has none.
fn named(sheet: &Sheet, step: usize, id: &str) -> Result<Turned, Refused> {
    let setting = Setting {
        map: sheet.steps[step].at.clone(),
        key: "id",
        value: Some(made::text(id)),
        order: STEP_ORDER,
        notes: Notes::Stay,
    };
    let changed = sheet.set(vec![setting])?;
    let expected = Expected { set: Some((step, "id".to_owned())), ..Expected::default() };
    finish(sheet, changed, step, expected)
}

/// The text with the id written as a rename writes it.
fn normal(sheet: &Sheet, step: usize) -> Result<String, Refused> {
    Ok(renamed(sheet, step, &sheet.steps[step].id)?.text)
}

fn renamed(sheet: &Sheet, step: usize, id: &str) -> Result<Sheet, Refused> {
    let found = &sheet.steps[step];
    let map = sheet.written(&found.at).and_then(yaml::Node::map).ok_or_else(unkept)?;
    let value = map.get("id").filter(|node| !node.has_properties()).ok_or_else(unkept)?;
    let written = yaml::print_short(&made::text(id));
    let mut ranges = vec![(value.range.clone(), written)];
    for place in places(sheet, step) {
        if place.shared {
            return Err(shared(found, &place.key));
        }
        ranges.push((place.range, id.to_owned()));
    }
    ranges.sort_by_key(|(range, _)| range.start);
    ranges.dedup();
    let mut text = String::with_capacity(sheet.text.len() + 64);
    let mut at = 0;
    for (range, new) in ranges {
        text.push_str(sheet.text.get(at..range.start).ok_or_else(unkept)?);
        text.push_str(&new);
        at = range.end;
    }
    text.push_str(&sheet.text[at..]);
    sheet.with_text(text)
}

/// A piece whose step has another id, named by itself alone.
pub(super) fn of_piece(piece: Piece, old: &str, id: &str) -> Result<Piece, Refused> {
    edited(piece, |sheet, _| match sheet.steps.first() {
        Some(step) if step.id == old && !old.is_empty() => renamed(sheet, 0, id),
        _ => Err(unkept()),
    })
}

/// Who names a step by `steps.ID` or as a fallback, of those that `by` lets pass.
pub(super) fn mentions(
    sheet: &Sheet,
    step: usize,
    by: impl Fn(Option<usize>) -> bool,
) -> Vec<Mention> {
    let found = places(sheet, step).into_iter().filter(|place| place.key != "needs");
    let found = found.filter(|place| by(place.by));
    let mention = |place: Place| Mention {
        path: place.by.map(|by| sheet.steps[by].path.clone()).unwrap_or_default(),
        key: place.key,
        line: place.line,
    };
    found.map(mention).collect()
}

/// A key of a step as what names another.
pub(super) fn mention(sheet: &Sheet, step: usize, key: &str) -> Mention {
    let path = sheet.steps[step].path.clone();
    let line = entry(sheet.meant(step), key).map_or(0, |(_, node)| node.at.line);
    Mention { path, key: key.to_owned(), line }
}

/// All places that name a step.
fn places(sheet: &Sheet, step: usize) -> Vec<Place> {
    let id = sheet.steps[step].id.as_str();
    let mut search = Search { sheet, step, id, lists: HashMap::new(), found: Vec::new() };
    if id.is_empty() {
        return Vec::new();
    }
    for (index, list) in sheet.lists.iter().enumerate() {
        search.lists.entry(list.owner).or_default().push(index);
    }
    if let Data::Map(entries) = &sheet.root.data {
        for (index, entry) in entries.iter().enumerate() {
            if !matches!(entry.key.as_str(), "steps" | "handlers") {
                search.value(None, &entry.key, &[index], &entry.node);
            }
        }
    }
    for at in 0..sheet.steps.len() {
        search.step(at);
    }
    search.found
}

struct Search<'s> {
    sheet: &'s Sheet,
    step: usize,
    id: &'s str,
    /// The lists of each step, and of none.
    lists: HashMap<Option<usize>, Vec<usize>>,
    found: Vec<Place>,
}

impl Search<'_> {
    fn step(&mut self, at: usize) {
        let step = &self.sheet.steps[at];
        let same_list = step.list == self.sheet.steps[self.step].list && at != self.step;
        let Data::Map(entries) = &self.sheet.meant(at).data else { return };
        for (index, entry) in entries.iter().enumerate() {
            let address = [&step.at[..], &[index]].concat();
            match entry.key.as_str() {
                "steps" | "default" | "cases" | "compensate" | "id" | "name" | "run" | "uses"
                | "workflow" | "effect" => {}
                "needs" if same_list => self.needs(at, &address, &entry.node),
                "on_error" if same_list => self.named(at, &entry.node, "fallback", &address),
                key => self.value(Some(at), key, &address, &entry.node),
            }
        }
    }

    fn needs(&mut self, by: usize, at: &[usize], node: &Node) {
        match &node.data {
            Data::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.needs(by, &[at, &[index]].concat(), item);
                }
            }
            Data::Map(_) => self.named(by, node, "step", at),
            Data::Scalar(_) => self.whole(by, "needs", at, node),
        }
    }

    /// The id as the value of a key of a map.
    fn named(&mut self, by: usize, node: &Node, key: &str, at: &[usize]) {
        if let Some((index, value)) = entry(node, key) {
            let shown = if key == "step" { "needs" } else { "on_error" };
            self.whole(by, shown, &[at, &[index]].concat(), value);
        }
    }

    fn whole(&mut self, by: usize, key: &str, at: &[usize], node: &Node) {
        if node.scalar().is_none_or(|scalar| scalar.text != self.id) || !self.is_first() {
            return;
        }
        let raw = &self.sheet.text[node.range.clone()];
        let inner = raw.trim_matches(['"', '\'']);
        let start = node.range.start + (raw.len() - raw.trim_start_matches(['"', '\'']).len());
        self.add(Some(by), key, at, node, start..start + inner.len());
    }

    /// Whether no step before it in its list has the same id.
    fn is_first(&self) -> bool {
        let steps = &self.sheet.lists[self.sheet.steps[self.step].list].steps;
        steps.iter().find(|step| self.sheet.steps[**step].id == self.id) == Some(&self.step)
    }

    /// Whatever stands below a key.
    fn value(&mut self, by: Option<usize>, key: &str, at: &[usize], node: &Node) {
        match &node.data {
            Data::Scalar(scalar) if scalar.text.contains("steps") => {
                let last = key.rsplit('.').next().unwrap_or_default();
                let is_condition = matches!(last, "if" | "while" | "until" | "match");
                for (name, range) in self.names(node, is_condition) {
                    if name == self.id && self.means(by, key) {
                        self.add(by, key, at, node, range);
                    }
                }
            }
            Data::Scalar(_) => {}
            Data::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(by, key, &[at, &[index]].concat(), item);
                }
            }
            Data::Map(entries) => {
                for (index, entry) in entries.iter().enumerate() {
                    // keys of maps that people write may hold dots
                    let key = match key.contains('.') {
                        true => key.to_owned(),
                        false => format!("{key}.{}", entry.key),
                    };
                    self.value(by, &key, &[at, &[index]].concat(), &entry.node);
                }
            }
        }
    }

    fn add(
        &mut self,
        by: Option<usize>,
        key: &str,
        at: &[usize],
        node: &Node,
        range: Range<usize>,
    ) {
        let shared = self.sheet.written(at).is_none_or(|node| matches!(node.body, Body::Alias(_)));
        self.found.push(Place { by, key: key.to_owned(), range, shared, line: node.at.line });
    }

    /// The names behind `steps` in the expressions of a scalar, with their bytes in the text.
    fn names(&self, node: &Node, is_condition: bool) -> Vec<(String, Range<usize>)> {
        let raw = &self.sheet.text[node.range.clone()];
        let quote = match raw.as_bytes().first() {
            Some(b'"') => Quote::Double,
            Some(b'\'') => Quote::Single,
            _ => Quote::None,
        };
        let chars = decoded(raw, quote);
        let found = names(&chars, is_condition);
        let start = node.range.start;
        found.into_iter().map(|(name, r)| (name, start + r.start..start + r.end)).collect()
    }

    /// Whether `steps.ID` at a key of a step means the step that is looked for.
    fn means(&self, by: Option<usize>, key: &str) -> bool {
        let has = |list: usize| {
            let steps = &self.sheet.lists[list].steps;
            steps.iter().copied().find(|step| self.sheet.steps[*step].id == self.id)
        };
        let top = || {
            let lists = self.lists.get(&None)?.iter().copied();
            lists.filter(|list| self.sheet.lists[*list].of == super::ListOf::Top).find_map(has)
        };
        let Some(mut at) = by else { return top() == Some(self.step) };
        if key.starts_with("outputs") || key == "repeat.until" {
            let bodies = self.lists.get(&Some(at)).into_iter().flatten().copied();
            let is_body =
                |list: &usize| !matches!(self.sheet.lists[*list].of, super::ListOf::Undo(_));
            if let Some(found) = bodies.filter(is_body).find_map(has) {
                return found == self.step;
            }
        }
        loop {
            let list = self.sheet.steps[at].list;
            if let Some(found) = has(list) {
                return found == self.step;
            }
            match self.sheet.lists[list].owner {
                Some(owner) => at = owner,
                None => return top() == Some(self.step),
            }
        }
    }
}

/// The characters of a scalar with the bytes at which they are written.
fn decoded(raw: &str, quote: Quote) -> Vec<(char, Range<usize>)> {
    let mut chars = Vec::with_capacity(raw.len());
    let mut rest = raw.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let doubled = |c: char| quote == Quote::Single && c == '\'';
        match c {
            '\\' if quote == Quote::Double => {
                let Some((next, escaped)) = rest.next() else { break };
                let meant = match escaped {
                    '"' | '\\' | '/' => escaped,
                    'n' | 't' | 'r' | '\n' | ' ' | '_' => ' ',
                    // a name is not written that way
                    _ => '\u{fffd}',
                };
                chars.push((meant, at..next + escaped.len_utf8()));
            }
            '\'' if doubled(c) && rest.peek().is_some_and(|(_, c)| doubled(*c)) => {
                let end = rest.next().map_or(at + 1, |(next, _)| next + 1);
                chars.push(('\'', at..end));
            }
            // the quotes around it
            '\'' | '"' if quote != Quote::None && (at == 0 || at + 1 == raw.len()) => {}
            c => chars.push((c, at..at + c.len_utf8())),
        }
    }
    chars
}

/// The names of `steps.NAME` and `steps['NAME']` in the expressions of a text.
fn names(chars: &[(char, Range<usize>)], is_condition: bool) -> Vec<(String, Range<usize>)> {
    let at = |index: usize| chars.get(index).map(|(c, _)| *c);
    let first = chars.iter().find(|(c, _)| !c.is_whitespace()).map(|(c, _)| *c);
    let mut open = is_condition && first != Some('{');
    let bare = open;
    let mut found = Vec::new();
    let (mut index, mut before) = (0, ' ');
    while let Some(c) = at(index) {
        if !open {
            open = c == '{' && at(index + 1) == Some('{');
            index += 1 + usize::from(open);
            before = ' ';
            continue;
        }
        match c {
            '}' if !bare && at(index + 1) == Some('}') => {
                open = false;
                index += 1;
            }
            '\'' | '"' => index = end_of_text(chars, index, c),
            c if c == '_' || c.is_ascii_alphabetic() => {
                let end = end_of_word(chars, index);
                let word: String = chars[index..end].iter().map(|(c, _)| *c).collect();
                if word == "steps" && before != '.' {
                    found.extend(member(chars, end));
                }
                before = 'a';
                index = end;
                continue;
            }
            c if c.is_whitespace() => {
                index += 1;
                continue;
            }
            _ => {}
        }
        before = c;
        index += 1;
    }
    found
}

/// The name behind `steps`, which ends at `index`.
fn member(chars: &[(char, Range<usize>)], index: usize) -> Option<(String, Range<usize>)> {
    let skip = |mut index: usize| {
        while chars.get(index).is_some_and(|(c, _)| c.is_whitespace()) {
            index += 1;
        }
        index
    };
    let sign = skip(index);
    let mut start = skip(sign + 1);
    match chars.get(sign)?.0 {
        '.' => {}
        '[' if matches!(chars.get(start)?.0, '\'' | '"') => start += 1,
        _ => return None,
    }
    let end = end_of_word(chars, start);
    let name: String = chars[start..end].iter().map(|(c, _)| *c).collect();
    let range = chars.get(start)?.1.start..chars.get(end.checked_sub(1)?)?.1.end;
    (!name.is_empty()).then_some((name, range))
}

fn end_of_word(chars: &[(char, Range<usize>)], mut index: usize) -> usize {
    while chars.get(index).is_some_and(|(c, _)| *c == '_' || c.is_ascii_alphanumeric()) {
        index += 1;
    }
    index
}

/// The quote that ends a text of an expression, or the end.
fn end_of_text(chars: &[(char, Range<usize>)], start: usize, quote: char) -> usize {
    let mut index = start + 1;
    while let Some((c, _)) = chars.get(index) {
        match c {
            '\\' => index += 1,
            c if *c == quote => return index,
            _ => {}
        }
        index += 1;
    }
    index
}
