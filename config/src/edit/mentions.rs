//! Who names a step: needs, fallbacks, expressions that can see it.

use std::collections::HashMap;
use std::ops::Range;

use super::ListOf;
use super::names::{decoded, names};
use super::refused::Mention;
use super::sheet::{Sheet, entry};
use crate::workflow::node::{Data, Node};
use crate::yaml::{Body, Quote};

/// A name of a step within the text.
#[derive(Debug)]
pub(super) struct Place {
    /// The step in which it stands.
    pub(super) by: Option<usize>,
    pub(super) key: String,
    /// The bytes of the name.
    pub(super) range: Range<usize>,
    /// What repeats it by an alias.
    pub(super) shared: bool,
    pub(super) line: u32,
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
pub(super) fn places(sheet: &Sheet, step: usize) -> Vec<Place> {
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
            lists.filter(|list| self.sheet.lists[*list].of == ListOf::Top).find_map(has)
        };
        let Some(mut at) = by else { return top() == Some(self.step) };
        if key.starts_with("outputs") || key == "repeat.until" {
            let bodies = self.lists.get(&Some(at)).into_iter().flatten().copied();
            let is_body = |list: &usize| !matches!(self.sheet.lists[*list].of, ListOf::Undo(_));
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
