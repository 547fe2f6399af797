//! The nodes of a document and what stands beside them.

use std::ops::Range;

/// One document. Its comments belong to the entries below [`Document::root`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub root: Node,
}

/// A line of its own before an entry, an item or the end of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    /// One or more empty lines.
    Blank,
    /// With its `#`, without blanks around it.
    Comment(String),
}

/// A comment at the end of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Blanks before it: people align them.
    pub gap: usize,
    /// With its `#`.
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The name that `&` gives it.
    pub anchor: Option<String>,
    /// As written: `!!str`.
    pub tag: Option<String>,
    /// Behind the value; of what takes several lines behind that which opens it.
    pub note: Option<Note>,
    pub body: Body,
    /// The bytes of the source that it was read from, without what stands before it on the
    /// line; empty for what is not there, or was made.
    pub range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing is written, which means null.
    Empty,
    /// The name behind `*`.
    Alias(String),
    /// Plain or quoted text as written, quotes included, line by line.
    Text {
        quote: Quote,
        lines: Vec<String>,
    },
    Block(Block),
    Map(Map),
    List(List),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    None,
    Single,
    Double,
}

/// Text behind `|` or `>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub folded: bool,
    pub chomp: Chomp,
    /// Without indentation. With [`Chomp::Keep`] empty ones at the end count.
    pub lines: Vec<String>,
}

/// What becomes of line breaks at the end of a [`Block`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chomp {
    /// One stays.
    Clip,
    /// None stays: `-`.
    Strip,
    /// All stay: `+`.
    Keep,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// Whether it is written on one line: `{a: 1}`.
    pub flow: bool,
    pub entries: Vec<Entry>,
    /// What stands behind the last entry.
    pub tail: Vec<Lead>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub lead: Vec<Lead>,
    pub key: Node,
    /// The key, quotes and escapes resolved.
    pub name: String,
    pub value: Node,
    /// The bytes of the source that it takes, its lead included: whole lines, but for the
    /// first entry of an item, which begins behind a dash. Empty within braces and brackets,
    /// and of what was made.
    pub span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Whether it is written on one line: `[a, b]`.
    pub flow: bool,
    pub items: Vec<Item>,
    /// What stands behind the last item.
    pub tail: Vec<Lead>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub lead: Vec<Lead>,
    pub value: Node,
    /// As of an [`Entry`].
    pub span: Range<usize>,
    /// The byte of its dash, where there is one.
    pub dash: usize,
}

impl Node {
    pub(crate) fn new(body: Body, range: Range<usize>) -> Node {
        Node { anchor: None, tag: None, note: None, body, range }
    }

    /// Whether anything stands before its value.
    pub fn has_properties(&self) -> bool {
        self.anchor.is_some() || self.tag.is_some()
    }

    pub fn map(&self) -> Option<&Map> {
        match &self.body {
            Body::Map(map) => Some(map),
            _ => None,
        }
    }

    pub fn list(&self) -> Option<&List> {
        match &self.body {
            Body::List(list) => Some(list),
            _ => None,
        }
    }

    /// A text of one line without its quotes, where nothing in it is escaped.
    pub(crate) fn line(&self) -> Option<&str> {
        let Body::Text { quote, lines } = &self.body else { return None };
        let [line] = lines.as_slice() else { return None };
        match quote {
            Quote::None => Some(line),
            Quote::Single => line.strip_prefix('\'')?.strip_suffix('\''),
            Quote::Double => line.strip_prefix('"')?.strip_suffix('"'),
        }
    }

    /// Whether it is a list or map with a line for each of what is in it.
    pub fn is_spread(&self) -> bool {
        match &self.body {
            Body::Map(map) => !map.flow && !map.entries.is_empty(),
            Body::List(list) => !list.flow && !list.items.is_empty(),
            _ => false,
        }
    }

    /// Whether it takes more than the line that it begins on, as an item does.
    pub fn is_tall(&self) -> bool {
        match &self.body {
            Body::Empty | Body::Alias(_) => false,
            Body::Text { lines, .. } => lines.len() > 1,
            Body::Block(_) => true,
            Body::Map(map) => match map.entries.as_slice() {
                _ if map.flow => false,
                [] => false,
                [entry] => {
                    self.has_properties()
                        || !map.tail.is_empty()
                        || entry.value.is_spread()
                        || entry.value.is_tall()
                }
                _ => true,
            },
            Body::List(list) => match list.items.as_slice() {
                _ if list.flow => false,
                [] => false,
                [item] => self.has_properties() || !list.tail.is_empty() || item.value.is_tall(),
                _ => true,
            },
        }
    }
}

impl Item {
    /// One that no source has.
    pub(crate) fn made(value: Node) -> Item {
        Item { lead: Vec::new(), value, span: 0..0, dash: 0 }
    }
}

impl Entry {
    /// One that no source has. `name` needs no quotes.
    pub(crate) fn made(name: &str, value: Node) -> Entry {
        let key = Body::Text { quote: Quote::None, lines: vec![name.to_owned()] };
        let key = Node::new(key, 0..0);
        Entry { lead: Vec::new(), key, name: name.to_owned(), value, span: 0..0 }
    }
}

impl Map {
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.name == name).map(|entry| &entry.value)
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Node> {
        self.entries.iter_mut().find(|entry| entry.name == name).map(|entry| &mut entry.value)
    }
}

impl Document {
    /// All comments with their `#`, in the order of the tree.
    pub fn comments(&self) -> Vec<&str> {
        let mut found = Vec::new();
        collect(&self.root, &mut found);
        found
    }
}

fn collect<'a>(node: &'a Node, found: &mut Vec<&'a str>) {
    found.extend(node.note.as_ref().map(|note| note.text.as_str()));
    match &node.body {
        Body::Map(map) => {
            for entry in &map.entries {
                leads(&entry.lead, found);
                collect(&entry.key, found);
                collect(&entry.value, found);
            }
            leads(&map.tail, found);
        }
        Body::List(list) => {
            for item in &list.items {
                leads(&item.lead, found);
                collect(&item.value, found);
            }
            leads(&list.tail, found);
        }
        Body::Empty | Body::Alias(_) | Body::Text { .. } | Body::Block(_) => {}
    }
}

fn leads<'a>(leads: &'a [Lead], found: &mut Vec<&'a str>) {
    found.extend(leads.iter().filter_map(|lead| match lead {
        Lead::Comment(text) => Some(text.as_str()),
        Lead::Blank => None,
    }));
}
