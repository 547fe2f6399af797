//! Writing a document: two blanks a level, a list below its key one level in, one empty
//! line where there are any, no blanks at the end of a line.

use super::{Block, Body, Chomp, Document, Entry, Item, Lead, Map, Node, Note};

/// Blanks a level.
const STEP: usize = 2;

/// The text of a document. It ends with one line break, but for what a `|+` keeps.
pub fn print(document: &Document) -> String {
    let mut root = document.root.clone();
    settle(&mut root);
    let mut writer = Writer { out: String::new(), gap: false, sealed: false };
    match &root.body {
        Body::Map(map) if root.is_spread() && !root.has_properties() => {
            writer.entries(map, 0, false);
        }
        Body::Map(map) if map.entries.is_empty() => {
            writer.out.push_str("{}\n");
            writer.leads(&map.tail, 0, false);
        }
        _ => writer.value(&root, 0, Place::Root),
    }
    writer.out
}

/// A value from the colon on, behind a key that stands `indent` blanks in: `: 5s`, with a
/// line break.
pub fn print_value(value: &Node, indent: usize) -> String {
    let mut value = value.clone();
    settle(&mut value);
    let mut writer = Writer { out: String::from(":"), gap: false, sealed: false };
    writer.value(&value, indent, Place::Key);
    writer.out
}

/// An entry with what stands above it, `indent` blanks in.
pub fn print_entry(entry: &Entry, indent: usize) -> String {
    let mut entry = entry.clone();
    settle(&mut entry.value);
    let map = Map { flow: false, entries: vec![entry], tail: Vec::new() };
    let mut writer = Writer { out: String::new(), gap: false, sealed: false };
    writer.entries(&map, indent, false);
    writer.out
}

/// An item with what stands above it, its dash `indent` blanks in.
pub fn print_item(item: &Item, indent: usize) -> String {
    let mut item = item.clone();
    settle(&mut item.value);
    raise(&mut item);
    let mut writer = Writer { out: String::new(), gap: false, sealed: false };
    writer.items(&[item], &[], indent, false);
    writer.out
}

/// A value on one line, with its anchor and tag. It must take no more.
pub fn print_short(value: &Node) -> String {
    flow_node(value)
}

/// What a value stands behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Key,
    /// A list or map begins on the line of the dash.
    Dash,
}

struct Writer {
    out: String,
    /// Whether an empty line comes before the next.
    gap: bool,
    /// Whether the last line is of text to which an empty line would belong.
    sealed: bool,
}

impl Writer {
    fn entries(&mut self, map: &Map, indent: usize, inline: bool) {
        for (index, entry) in map.entries.iter().enumerate() {
            if !(inline && index == 0) {
                self.leads(&entry.lead, indent, index == 0);
                self.indent(indent);
            }
            self.entry(entry, indent);
        }
        self.leads(&map.tail, indent, false);
        self.gap = false;
    }

    fn items(&mut self, items: &[Item], tail: &[Lead], indent: usize, inline: bool) {
        for (index, item) in items.iter().enumerate() {
            if !(inline && index == 0) {
                self.leads(&item.lead, indent, index == 0);
                self.indent(indent);
            }
            self.out.push('-');
            self.value(&item.value, indent, Place::Dash);
        }
        self.leads(tail, indent, false);
        self.gap = false;
    }

    fn entry(&mut self, entry: &Entry, indent: usize) {
        self.out.push_str(&key(&entry.key));
        self.value(&entry.value, indent, Place::Key);
    }

    fn value(&mut self, node: &Node, indent: usize, place: Place) {
        for property in properties(node) {
            self.word(&property);
        }
        match &node.body {
            Body::Empty => self.end(node.note.as_ref()),
            Body::Text { lines, .. } if lines.len() > 1 => self.text(lines, indent, node),
            Body::Block(block) => self.block(block, indent, node),
            Body::Map(map) if node.is_spread() => {
                let inline = self.opened(node, place);
                self.entries(map, indent + STEP, inline);
            }
            Body::List(list) if node.is_spread() => {
                let inline = self.opened(node, place);
                self.items(&list.items, &list.tail, indent + STEP, inline);
            }
            _ => {
                self.word(&flow(node));
                self.end(node.note.as_ref());
            }
        }
    }

    /// Begins a list or map; gives whether its first entry goes on on the same line.
    fn opened(&mut self, node: &Node, place: Place) -> bool {
        let inline = place == Place::Dash && !node.has_properties() && node.note.is_none();
        if inline {
            self.out.push(' ');
        } else {
            self.end(node.note.as_ref());
        }
        inline
    }

    fn text(&mut self, lines: &[String], indent: usize, node: &Node) {
        let last = lines.len() - 1;
        for (index, line) in lines.iter().enumerate() {
            match index {
                0 => self.word(line),
                _ if line.is_empty() => {}
                _ => {
                    self.out.push_str(&" ".repeat(indent + STEP));
                    self.out.push_str(line);
                }
            }
            if index < last {
                self.out.push('\n');
            }
        }
        self.end(node.note.as_ref());
    }

    fn block(&mut self, block: &Block, indent: usize, node: &Node) {
        let mut header = String::from(if block.folded { ">" } else { "|" });
        // else the indentation would be taken from that line
        if block.lines.iter().find(|line| !line.is_empty()).is_some_and(|l| l.starts_with(' ')) {
            header.push(char::from(b'0' + STEP as u8));
        }
        header.push_str(match block.chomp {
            Chomp::Clip => "",
            Chomp::Strip => "-",
            Chomp::Keep => "+",
        });
        self.word(&header);
        self.end(node.note.as_ref());
        for line in &block.lines {
            if !line.is_empty() {
                self.out.push_str(&" ".repeat(indent + STEP));
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
        self.sealed = block.chomp == Chomp::Keep;
    }

    /// `fresh`: nothing of the list was written yet, so that no empty line comes before.
    fn leads(&mut self, leads: &[Lead], indent: usize, mut fresh: bool) {
        for lead in leads {
            match lead {
                Lead::Blank => self.gap = !fresh,
                Lead::Comment(text) => {
                    self.indent(indent);
                    self.out.push_str(text);
                    self.out.push('\n');
                    fresh = false;
                }
            }
        }
    }

    fn indent(&mut self, indent: usize) {
        if std::mem::take(&mut self.gap) && !self.sealed {
            self.out.push('\n');
        }
        self.sealed = false;
        self.out.push_str(&" ".repeat(indent));
    }

    fn word(&mut self, word: &str) {
        if !self.out.is_empty() {
            self.out.push(' ');
        }
        self.out.push_str(word);
    }

    fn end(&mut self, note: Option<&Note>) {
        if let Some(note) = note {
            self.out.push_str(&" ".repeat(note.gap.max(1)));
            self.out.push_str(&note.text);
        }
        self.out.push('\n');
    }
}

/// Nothing stands between a dash and what goes on behind it: comments there go above.
fn settle(node: &mut Node) {
    match &mut node.body {
        Body::Map(map) => map.entries.iter_mut().for_each(|entry| settle(&mut entry.value)),
        Body::List(list) => {
            for item in &mut list.items {
                settle(&mut item.value);
                raise(item);
            }
        }
        Body::Empty | Body::Alias(_) | Body::Text { .. } | Body::Block(_) => {}
    }
}

fn raise(item: &mut Item) {
    let node = &mut item.value;
    if !node.is_spread() || node.has_properties() {
        return;
    }
    item.lead.extend(node.note.take().map(|note| Lead::Comment(note.text)));
    let first = match &mut node.body {
        Body::Map(map) => map.entries.first_mut().map(|entry| &mut entry.lead),
        Body::List(list) => list.items.first_mut().map(|item| &mut item.lead),
        _ => None,
    };
    let raised = first.map(std::mem::take).unwrap_or_default();
    item.lead.extend(raised.into_iter().filter(|lead| *lead != Lead::Blank));
}

/// A key with its colon.
fn key(node: &Node) -> String {
    let mut text = properties(node).join(" ");
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(&flow_body(node));
    // a colon may be part of a name
    text.push_str(if matches!(node.body, Body::Alias(_)) { " :" } else { ":" });
    text
}

fn properties(node: &Node) -> Vec<String> {
    let anchor = node.anchor.as_ref().map(|name| format!("&{name}"));
    node.tag.iter().cloned().chain(anchor).collect()
}

/// What is written on one line, without its properties.
fn flow(node: &Node) -> String {
    flow_body(node)
}

fn flow_body(node: &Node) -> String {
    match &node.body {
        Body::Empty | Body::Block(_) => String::new(),
        Body::Alias(name) => format!("*{name}"),
        Body::Text { lines, .. } => lines.join(" "),
        Body::Map(map) => {
            let entries: Vec<String> = map.entries.iter().map(flow_entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Body::List(list) => {
            let items: Vec<String> = list.items.iter().map(|item| flow_node(&item.value)).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

fn flow_entry(entry: &Entry) -> String {
    let value = flow_node(&entry.value);
    let key = key(&entry.key);
    if value.is_empty() {
        return key.trim_end_matches(':').trim_end().to_owned();
    }
    format!("{key} {value}")
}

fn flow_node(node: &Node) -> String {
    let mut words = properties(node);
    words.push(flow_body(node));
    words.retain(|word| !word.is_empty());
    words.join(" ")
}
