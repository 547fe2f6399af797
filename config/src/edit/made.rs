//! Nodes that no source has: texts, lists, maps, and whole steps.

use super::sheet::Needed;
use crate::workflow::node::ScalarKind;
use crate::workflow::scalar;
use crate::yaml::{Block, Body, Chomp, Entry, Item, List, Map, Node, Quote};
use rpa_engine::workflow::When;

/// What stands first in a plain text and means something else there.
const SIGNS: &str = "-?:,[]{}#&*!|>'\"%@`=<~";

pub(super) fn node(body: Body) -> Node {
    Node::new(body, 0..0)
}

pub(super) fn word(word: &str) -> Node {
    node(Body::Text { quote: Quote::None, lines: vec![word.to_owned()] })
}

pub(super) fn list(flow: bool, items: impl IntoIterator<Item = Node>) -> Node {
    let items: Vec<Item> = items.into_iter().map(Item::made).collect();
    let flow = flow || items.is_empty();
    node(Body::List(List { flow, items, tail: Vec::new() }))
}

pub(super) fn map<'k>(flow: bool, entries: impl IntoIterator<Item = (&'k str, Node)>) -> Node {
    let entries: Vec<Entry> = entries.into_iter().map(|(key, value)| key_of(key, value)).collect();
    let flow = flow || entries.is_empty();
    node(Body::Map(Map { flow, entries, tail: Vec::new() }))
}

/// An entry, its key in quotes where it must be.
pub(super) fn key_of(key: &str, value: Node) -> Entry {
    let written = text(key);
    let is_short = matches!(&written.body, Body::Text { lines, .. } if lines.len() == 1);
    let mut entry = Entry::made(key, value);
    entry.key = if is_short { written } else { quoted(key) };
    entry
}

/// A string, written so that it is read as just that: plain where it can be, in quotes
/// where it must, in lines of its own where it has several.
pub(super) fn text(text: &str) -> Node {
    if text.contains('\n') {
        return block(text).unwrap_or_else(|| quoted(text));
    }
    if is_plain(text) { word(text) } else { quoted(text) }
}

/// What is no string, or stays one: numbers, words, durations.
pub(super) fn literal(text: &str) -> Node {
    let kind = scalar::resolve(text);
    let is_other = kind.is_ok_and(|kind| !matches!(kind, ScalarKind::Text | ScalarKind::Null));
    if is_other { word(text) } else { self::text(text) }
}

/// Whether a text may stand without quotes, in braces as well.
fn is_plain(text: &str) -> bool {
    let is_text = scalar::resolve(text) == Ok(ScalarKind::Text);
    let first = text.chars().next();
    is_text
        && text.trim() == text
        && first.is_some_and(|c| !SIGNS.contains(c))
        && !text.contains([',', '[', ']', '{', '}'])
        && !text.contains(": ")
        && !text.ends_with(':')
        && !text.contains(" #")
        && !text.starts_with("...")
        && text.chars().all(is_printable)
}

fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn quoted(text: &str) -> Node {
    let plain = text.chars().all(is_printable);
    let (quote, line) = if plain && !text.contains(['"', '\\']) {
        (Quote::Double, format!("\"{text}\""))
    } else if plain {
        (Quote::Single, format!("'{}'", text.replace('\'', "''")))
    } else {
        (Quote::Double, escaped(text))
    };
    node(Body::Text { quote, lines: vec![line] })
}

fn escaped(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// Behind `|`; none where that could not say it.
fn block(text: &str) -> Option<Node> {
    let body = text.trim_end_matches('\n');
    let breaks = text.len() - body.len();
    let mut lines: Vec<String> = body.split('\n').map(str::to_owned).collect();
    let first = lines.iter().position(|line| !line.trim().is_empty())?;
    let sayable = |line: &String| line.chars().all(|c| c == '\t' || is_printable(c));
    // blanks before the first line would be taken for its indentation
    if !lines[..first].iter().all(String::is_empty)
        || !lines.iter().all(sayable)
        || lines[first].starts_with('\t')
    {
        return None;
    }
    let chomp = match breaks {
        0 => Chomp::Strip,
        1 => Chomp::Clip,
        _ => Chomp::Keep,
    };
    lines.extend(vec![String::new(); breaks.saturating_sub(1)]);
    Some(node(Body::Block(Block { folded: false, chomp, lines })))
}

/// An entry of `needs`.
pub(super) fn need(need: &Needed) -> Node {
    match need.when {
        When::Completed => text(&need.id),
        when => map(true, [("step", text(&need.id)), ("when", word(when.word()))]),
    }
}

/// A step of a [kind](super::kinds). `inner` is the id of the step inside of one that has
/// steps.
pub(super) fn step(id: &str, kind: &str, inner: &str) -> Node {
    let empty = || node(Body::Empty);
    let noop = || map(false, [("id", text(inner)), ("uses", word("noop"))]);
    let steps = || list(false, [noop()]);
    let mut keys = vec![("id", text(id))];
    match kind {
        "shell" => keys.push(("run", empty())),
        "group" => keys.push(("steps", steps())),
        "for_each" => keys.extend([("for_each", list(true, [])), ("steps", steps())]),
        "while" => keys.extend([
            ("while", word("false")),
            ("max_iterations", word("100")),
            ("steps", steps()),
        ]),
        "repeat" => {
            keys.extend([("repeat", map(true, [("count", word("1"))])), ("steps", steps())]);
        }
        "switch" => {
            keys.extend([("switch", empty()), ("cases", map(false, [("a", steps())]))]);
        }
        "set" | "workflow" | "approval" => keys.push((kind, empty())),
        "wait" => keys.push((kind, word("1m"))),
        task => keys.push(("uses", word(task))),
    }
    map(false, keys)
}
