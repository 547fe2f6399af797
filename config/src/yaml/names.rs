//! Which anchors a part of a document defines and which it repeats: parts that share one
//! keep their order.

use std::collections::BTreeSet;

use super::{Body, Entry, Node};

/// The names of anchors in a node and all below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names<'a> {
    /// Given by `&`.
    pub given: BTreeSet<&'a str>,
    /// Repeated by `*`.
    pub used: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    pub fn of(node: &'a Node) -> Names<'a> {
        let mut names = Names::default();
        names.add(node);
        names
    }

    pub fn of_entry(entry: &'a Entry) -> Names<'a> {
        let mut names = Names::of(&entry.key);
        names.add(&entry.value);
        names
    }

    /// Whether the two may change places: neither repeats what the other names, and they
    /// do not name the same.
    pub fn may_pass(&self, other: &Names<'_>) -> bool {
        let apart = |a: &BTreeSet<&str>, b: &BTreeSet<&str>| a.iter().all(|name| !b.contains(name));
        apart(&self.given, &other.used)
            && apart(&self.used, &other.given)
            && apart(&self.given, &other.given)
    }

    pub fn is_empty(&self) -> bool {
        self.given.is_empty() && self.used.is_empty()
    }

    fn add(&mut self, node: &'a Node) {
        self.given.extend(node.anchor.as_deref());
        match &node.body {
            Body::Alias(name) => {
                self.used.insert(name);
            }
            Body::Map(map) => {
                for entry in &map.entries {
                    self.add(&entry.key);
                    self.add(&entry.value);
                }
            }
            Body::List(list) => list.items.iter().for_each(|item| self.add(&item.value)),
            Body::Empty | Body::Text { .. } | Body::Block(_) => {}
        }
    }
}
