//! The order of keys. Only keys of ours have one; names that people give stay as they are.

use super::layout::is_tests;
use crate::workflow::step_keys::STEP_KEY_NAMES;
use crate::yaml::{Body, Document, Entry, Lead, Map, Names, Node};

/// At the top of a workflow: what it is, how it runs, what goes in, what is done, what
/// comes out.
pub const TOP_ORDER: &[&str] = &[
    "version",
    "name",
    "namespace",
    "description",
    "tags",
    "category",
    "priority",
    "timeout",
    "concurrency",
    "sla",
    "variables",
    "triggers",
    "defaults",
    "steps",
    "handlers",
    "outputs",
];

/// Of a step: what it is called, when it is done, what is done, how, what comes out.
pub const STEP_ORDER: &[&str] = &STEP_KEY_NAMES;

const HANDLER_ORDER: &[&str] = &["success", "failure", "cancel", "finally"];

/// At the top of a file of tests.
pub const TEST_FILE_ORDER: &[&str] = &["version", "workflow", "workflows", "tests"];

/// Of a test.
pub const TEST_ORDER: &[&str] =
    &["name", "run", "now", "variables", "secrets", "cancel_after", "steps", "expect"];

/// First lines that editors look for at the beginning of a file.
const MODELINES: [&str; 3] = ["yaml-language-server:", "vim:", "-*-"];

pub(super) fn sort(document: &mut Document) {
    let tests = is_tests(document);
    let Body::Map(top) = &mut document.root.body else { return };
    // the comment at the top of a file is about the file
    let head = top.entries.first_mut().map(|first| head(&mut first.lead)).unwrap_or_default();
    if tests {
        sort_map(top, TEST_FILE_ORDER);
        for test in top.get_mut("tests").into_iter().flat_map(items) {
            if let Body::Map(map) = &mut test.body {
                sort_map(map, TEST_ORDER);
            }
        }
    } else {
        sort_map(top, TOP_ORDER);
        top.get_mut("steps").into_iter().for_each(steps);
        if let Some(Node { body: Body::Map(handlers), .. }) = top.get_mut("handlers") {
            sort_map(handlers, HANDLER_ORDER);
            handlers.entries.iter_mut().for_each(|entry| steps(&mut entry.value));
        }
    }
    if let Some(first) = top.entries.first_mut() {
        first.lead.splice(0..0, head);
    }
}

/// Takes what belongs to the file from what stands above its first key: all up to the
/// last empty line, and lines for editors.
fn head(lead: &mut Vec<Lead>) -> Vec<Lead> {
    let is_modeline = |lead: &Lead| matches!(lead, Lead::Comment(text) if MODELINES.iter().any(|word| text.contains(word)));
    let blank = lead.iter().rposition(|lead| *lead == Lead::Blank).map_or(0, |at| at + 1);
    let line = lead.iter().rposition(is_modeline).map_or(0, |at| at + 1);
    lead.drain(..blank.max(line)).collect()
}

fn items(node: &mut Node) -> impl Iterator<Item = &mut Node> {
    let items = match &mut node.body {
        Body::List(list) => list.items.as_mut_slice(),
        _ => &mut [],
    };
    items.iter_mut().map(|item| &mut item.value)
}

/// A list of steps, or the one that `compensate` may be. No deeper than the reader of
/// documents lets anything be.
fn steps(node: &mut Node) {
    if let Body::Map(map) = &mut node.body {
        step(map);
        return;
    }
    for item in items(node) {
        if let Body::Map(map) = &mut item.body {
            step(map);
        }
    }
}

fn step(map: &mut Map) {
    sort_map(map, STEP_ORDER);
    for name in ["steps", "default", "compensate"] {
        map.get_mut(name).into_iter().for_each(steps);
    }
    if let Some(Node { body: Body::Map(cases), .. }) = map.get_mut("cases") {
        cases.entries.iter_mut().for_each(|entry| steps(&mut entry.value));
    }
}

/// Puts the keys in order. One that has no place in it stays behind the one before it.
/// All stay where they are when an alias would come before what it repeats.
fn sort_map(map: &mut Map, order: &[&str]) {
    let mut last = 0;
    let ranks: Vec<usize> = map
        .entries
        .iter()
        .map(|entry| {
            let found = order.iter().position(|name| *name == entry.name);
            last = found.map_or(last, |at| at + 1);
            last
        })
        .collect();
    if ranks.is_sorted() || !may_move(&map.entries, &ranks) {
        return;
    }
    let entries = std::mem::take(&mut map.entries).into_iter().enumerate();
    let mut ranked: Vec<(usize, (usize, Entry))> = ranks.into_iter().zip(entries).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut before = 0;
    for (_, (place, mut entry)) in ranked {
        // an empty line parted it from another
        if place != before && entry.lead.first() == Some(&Lead::Blank) {
            entry.lead.remove(0);
        }
        before = place + 1;
        map.entries.push(entry);
    }
}

fn may_move(entries: &[Entry], ranks: &[usize]) -> bool {
    let named: Vec<(usize, Names<'_>)> = entries
        .iter()
        .zip(ranks)
        .map(|(entry, rank)| (*rank, Names::of_entry(entry)))
        .filter(|(_, names)| !names.is_empty())
        .collect();
    named.iter().enumerate().all(|(index, (rank, names))| {
        let behind = &named[index + 1..];
        behind.iter().all(|(other, after)| rank <= other || names.may_pass(after))
    })
}
