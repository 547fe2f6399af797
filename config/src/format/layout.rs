//! Empty lines and quotes.

use crate::yaml::{Body, Document, Item, Lead, List, Map, Node, Quote};

/// Whether a document is a file of tests.
pub(super) fn is_tests(document: &Document) -> bool {
    let top = document.root.map();
    top.is_some_and(|top| top.get("tests").is_some() && top.get("steps").is_none())
}

pub(super) fn lay_out(document: &mut Document) {
    let list = if is_tests(document) { "tests" } else { "steps" };
    requote(&mut document.root);
    let Body::Map(top) = &mut document.root.body else { return };
    top.flow = top.entries.is_empty();
    part_sections(top);
    if let Some(Body::List(items)) = top.get_mut(list).map(|own| &mut own.body) {
        part_items(items);
    }
}

/// An empty line around each section of several lines; short ones stand together.
fn part_sections(top: &mut Map) {
    let mut before = false;
    for (index, entry) in top.entries.iter_mut().enumerate() {
        let section = entry.value.is_spread();
        if index > 0 && (section || before) {
            part(&mut entry.lead);
        }
        before = section;
    }
}

/// An empty line around each step of several lines.
fn part_items(list: &mut List) {
    let mut before = false;
    for (index, Item { lead, value, .. }) in list.items.iter_mut().enumerate() {
        let tall = value.is_tall();
        if index > 0 && (tall || before) {
            part(lead);
        }
        before = tall;
    }
}

fn part(lead: &mut Vec<Lead>) {
    if lead.first() != Some(&Lead::Blank) {
        lead.insert(0, Lead::Blank);
    }
}

/// One kind of quotes where both say the same.
fn requote(node: &mut Node) {
    match &mut node.body {
        Body::Text { quote, lines } => {
            if let (Quote::Single, [line]) = (*quote, lines.as_mut_slice())
                && let Some(text) = in_double(line)
            {
                *line = text;
                *quote = Quote::Double;
            }
        }
        Body::Map(map) => {
            for entry in &mut map.entries {
                requote(&mut entry.key);
                requote(&mut entry.value);
            }
        }
        Body::List(list) => list.items.iter_mut().for_each(|item| requote(&mut item.value)),
        Body::Empty | Body::Alias(_) | Body::Block(_) => {}
    }
}

/// Text in single quotes written in double ones, unless it would need escapes there.
fn in_double(line: &str) -> Option<String> {
    let inner = line.strip_prefix('\'')?.strip_suffix('\'')?;
    let needs_escape = |c: char| matches!(c, '"' | '\\') || c.is_control();
    (!inner.contains(needs_escape)).then(|| format!("\"{}\"", inner.replace("''", "'")))
}
