//! Finding the steps of a document, as it is written and as it is meant at once.

use std::collections::HashSet;
use std::ops::Range;

use super::change::ListOf;
use super::sheet::{Address, List, Step, entry, needed};
use crate::workflow::node::{Data, Node};
use crate::workflow::outline::Event;
use crate::yaml::{self, Body};

/// Goes through a document and its tree side by side.
pub(super) struct Finder<'f> {
    pub(super) lists: &'f mut Vec<List>,
    pub(super) steps: &'f mut Vec<Step>,
    pub(super) used: HashSet<String>,
    pub(super) lines: Lines,
}

/// A node in both. In what an alias repeats there is no written one.
#[derive(Clone)]
pub(super) struct Both<'n> {
    written: Option<&'n yaml::Node>,
    meant: &'n Node,
    at: Address,
    shared: Option<String>,
}

impl<'n> Both<'n> {
    pub(super) fn new(
        written: Option<&'n yaml::Node>,
        meant: &'n Node,
        at: Address,
        shared: Option<String>,
    ) -> Both<'n> {
        match written.map(|node| &node.body) {
            Some(Body::Alias(name)) => {
                let shared = shared.or_else(|| Some(name.clone()));
                Both { written: None, meant, at, shared }
            }
            _ => Both { written, meant, at, shared },
        }
    }

    /// The value of a key.
    fn get(&self, key: &str) -> Option<Both<'n>> {
        let (index, meant) = entry(self.meant, key)?;
        let written = self.written.and_then(yaml::Node::map).and_then(|map| map.entries.get(index));
        let at = [&self.at[..], &[index]].concat();
        Some(Both::new(written.map(|entry| &entry.value), meant, at, self.shared.clone()))
    }

    fn entries(&self) -> Vec<(&'n str, u32, Both<'n>)> {
        let Data::Map(entries) = &self.meant.data else { return Vec::new() };
        let all =
            entries.iter().filter_map(|e| Some((e.key.as_str(), e.key_at.line, self.get(&e.key)?)));
        all.collect()
    }

    fn items(&self) -> Vec<Both<'n>> {
        let Data::List(items) = &self.meant.data else { return Vec::new() };
        let written = |index: usize| Some(&self.written?.list()?.items.get(index)?.value);
        let item = |(index, meant)| {
            let at = [&self.at[..], &[index]].concat();
            Both::new(written(index), meant, at, self.shared.clone())
        };
        items.iter().enumerate().map(item).collect()
    }
}

impl Finder<'_> {
    pub(super) fn file(&mut self, root: &Both<'_>) {
        if let Some(steps) = root.get("steps") {
            self.list(ListOf::Top, None, &steps);
        }
        let handlers = root.get("handlers").map(|node| node.entries()).unwrap_or_default();
        for (word, line, node) in handlers {
            if Event::ALL.iter().any(|event| event.word() == word) {
                self.list_at(ListOf::Handler(word.to_owned()), None, &node, line);
            }
        }
    }

    fn list(&mut self, of: ListOf, owner: Option<usize>, node: &Both<'_>) {
        let line = node.meant.at.line;
        self.list_at(of, owner, node, line);
    }

    fn list_at(&mut self, of: ListOf, owner: Option<usize>, node: &Both<'_>, line: u32) {
        let single = matches!(of, ListOf::Undo(_)) && matches!(node.meant.data, Data::Map(_));
        let index = self.lists.len();
        let (at, shared) = (node.at.clone(), node.shared.clone());
        self.lists.push(List { of, owner, at, steps: Vec::new(), single, shared, line });
        let items = if single { vec![node.clone()] } else { node.items() };
        for item in &items {
            self.step(index, item);
        }
    }

    fn step(&mut self, list: usize, node: &Both<'_>) {
        let text = |key: &str| entry(node.meant, key).and_then(|(_, value)| value.scalar());
        let id = text("id").map(|id| id.text.clone()).unwrap_or_default();
        let scope = self.lists[list].of.scope();
        let within = |label: &str| {
            if scope.is_empty() { label.to_owned() } else { format!("{scope}/{label}") }
        };
        let place = self.lists[list].steps.len();
        let mut path = within(&id);
        let mut number = place;
        while id.is_empty() && number == place || self.used.contains(&path) {
            number += 1;
            path = within(&format!("#{number}"));
        }
        self.used.insert(path.clone());
        let fallback = entry(node.meant, "on_error").and_then(|(_, on)| entry(on, "fallback"));
        let fallback = fallback.and_then(|(_, id)| id.scalar()).map(|id| id.text.clone());
        let index = self.steps.len();
        self.lists[list].steps.push(index);
        self.steps.push(Step {
            path: path.clone(),
            id,
            list,
            place,
            at: node.at.clone(),
            needs: entry(node.meant, "needs").map(|(_, needs)| needed(needs)),
            fallback,
            shared: node.shared.clone(),
            lines: match node.written {
                Some(written) => self.lines.of(&written.range),
                None => (node.meant.at.line, node.meant.at.line),
            },
        });
        for (key, line, value) in node.entries() {
            match key {
                "steps" => self.list_at(ListOf::Body(path.clone()), Some(index), &value, line),
                "default" => self.list_at(ListOf::Default(path.clone()), Some(index), &value, line),
                "compensate" => self.list_at(ListOf::Undo(path.clone()), Some(index), &value, line),
                "cases" => {
                    for (case, line, value) in value.entries() {
                        let of = ListOf::Case(path.clone(), case.to_owned());
                        self.list_at(of, Some(index), &value, line);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Where lines begin.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn new(text: &str) -> Lines {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Lines(std::iter::once(0).chain(breaks).collect())
    }

    /// The line of a byte, which counts from 1.
    fn at(&self, byte: usize) -> u32 {
        u32::try_from(self.0.partition_point(|start| *start <= byte)).unwrap_or(u32::MAX)
    }

    fn of(&self, range: &Range<usize>) -> (u32, u32) {
        let last = range.end.saturating_sub(1).max(range.start);
        (self.at(range.start), self.at(last))
    }
}
