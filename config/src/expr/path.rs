//! The plain references of an expression, such as `steps.usage.output.rows[0]`.
//!
//! They are followed in the scope itself: to see whether a secret is read, and
//! to say what was missing when a name is undefined.

use rpa_engine::{Ident, Map, Reads, Value};

use super::role::{Role, Tokens};
use super::token::Kind;

/// A root with the names and numbers after it, as far as they are literal.
#[derive(Clone, Debug)]
pub(super) struct Path {
    root: String,
    keys: Vec<Key>,
    /// Whether a missing value is expected, as in `x | default(1)`.
    pub(super) optional: bool,
    /// Whether the expression is nothing but this path.
    pub(super) whole: bool,
}

#[derive(Clone, Debug)]
enum Key {
    Name(String),
    Index(usize),
}

/// Where a path leads.
pub(super) enum Found<'a> {
    Value(&'a Value),
    /// It passes through a sealed value.
    Sealed,
    /// It goes on inside this, where only an evaluation can look.
    Inside(&'a Value),
    /// What is missing, in words.
    Missing(String),
}

/// The scope of an expression: what is local to an item, then what is common.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) local: &'a Map,
    pub(super) common: &'a Map,
}

impl<'a> Names<'a> {
    pub(super) fn of(common: &'a Map) -> Names<'a> {
        const NONE: &Map = &Map::new();
        Names { local: NONE, common }
    }

    pub(super) fn get(&self, root: &str) -> Option<&'a Value> {
        self.local.get(root).or_else(|| self.common.get(root))
    }

    /// The parts that `reads` names, except secrets, as a scope of their own.
    pub(super) fn part(&self, reads: &Reads) -> Map {
        let mut part = Map::new();
        for (namespace, members) in [("vars", &reads.vars), ("steps", &reads.steps)] {
            let values = self.get(namespace);
            let member = |id: &Ident| {
                let value = values?.get(id.as_str())?;
                Some((id.as_str().to_owned(), value.clone()))
            };
            let found: Map = members.iter().filter_map(member).collect();
            if !found.is_empty() {
                part.insert(namespace.to_owned(), Value::Map(found));
            }
        }
        for root in &reads.roots {
            if let Some(value) = self.get(root) {
                part.insert(root.clone(), value.clone());
            }
        }
        part
    }
}

/// The paths of an expression, in order.
pub(super) fn paths(tokens: &Tokens<'_>) -> Vec<Path> {
    let roots = (0..tokens.list.len()).filter(|i| tokens.roles[*i] == Role::Root);
    roots.map(|i| read(tokens, i)).collect()
}

/// The names after each `root` in the source of an expression, up to the first that
/// is not literal; none when the source cannot be read.
pub fn members(source: &str, root: &str) -> Vec<Vec<String>> {
    let Ok((tokens, _)) = Tokens::read(source, 0, false) else { return Vec::new() };
    let names = |path: Path| {
        let names = path.keys.into_iter().map_while(|key| match key {
            Key::Name(name) => Some(name),
            Key::Index(_) => None,
        });
        names.collect()
    };
    paths(&tokens).into_iter().filter(|path| path.root == root).map(names).collect()
}

/// The steps of which an expression reads a part of the output that must be there, and
/// how many keys lead from the output to it; none when the source cannot be read.
pub fn parts_of_outputs(source: &str) -> Vec<(String, usize)> {
    let Ok((tokens, _)) = Tokens::read(source, 0, false) else { return Vec::new() };
    let part = |path: Path| {
        let [Key::Name(id), Key::Name(fact), rest @ ..] = path.keys.as_slice() else { return None };
        let reads = path.root == "steps" && fact == "output" && !path.optional;
        reads.then(|| (id.clone(), rest.len()))
    };
    paths(&tokens).into_iter().filter_map(part).collect()
}

fn read(tokens: &Tokens<'_>, root: usize) -> Path {
    let mut keys = Vec::new();
    let mut next = root + 1;
    while let Some((key, len)) = read_key(tokens, next) {
        keys.push(key);
        next += len;
    }
    let word = |i: usize| tokens.list.get(i).map_or("", |t| t.text);
    let optional = match word(next) {
        "|" => matches!(word(next + 1), "default" | "d"),
        "is" => ["defined", "undefined"].contains(&word(next + 1)) || word(next + 2) == "defined",
        _ => false,
    };
    let whole = root == 0 && next == tokens.list.len();
    Path { root: tokens.list[root].text.to_owned(), keys, optional, whole }
}

/// `.name`, `.0`, `['name']` or `[0]`, and how many tokens it has.
fn read_key(tokens: &Tokens<'_>, at: usize) -> Option<(Key, usize)> {
    let sign = tokens.list.get(at)?;
    let key = tokens.list.get(at + 1)?;
    let len = if sign.is_sign(".") { 2 } else { 3 };
    if len == 3 && !(sign.is_sign("[") && tokens.list.get(at + 2)?.is_sign("]")) {
        return None;
    }
    match key.kind {
        Kind::Name if len == 2 => Some((Key::Name(key.text.to_owned()), len)),
        Kind::Number => Some((Key::Index(key.text.parse().ok()?), len)),
        Kind::Text if !key.text.contains('\\') => {
            Some((Key::Name(key.text[1..key.text.len() - 1].to_owned()), len))
        }
        _ => None,
    }
}

impl Path {
    pub(super) fn find<'a>(&self, names: Names<'a>) -> Found<'a> {
        let mut place = self.root.clone();
        let Some(mut value) = names.get(&self.root) else {
            return Found::Missing(self.missing_root());
        };
        for key in &self.keys {
            let found = match (value, key) {
                (Value::Sealed(_), _) => return Found::Sealed,
                (Value::Map(map), Key::Name(name)) => map.get(name),
                (Value::List(items), Key::Index(i)) => items.get(*i),
                (Value::List(_) | Value::Text(_), Key::Name(_))
                | (Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_), _) => None,
                (Value::Blob(_) | Value::Text(_) | Value::Map(_), _) => {
                    return Found::Inside(value);
                }
            };
            let Some(found) = found else {
                return Found::Missing(missing(&place, value, key));
            };
            match key {
                Key::Name(name) => place.push_str(&format!(".{name}")),
                Key::Index(i) => place.push_str(&format!("[{i}]")),
            }
            value = found;
        }
        Found::Value(value)
    }

    fn missing_root(&self) -> String {
        match (self.root.as_str(), self.keys.first()) {
            (root @ ("vars" | "steps" | "secrets"), Some(Key::Name(name))) => {
                missing_member(root, name)
            }
            (root, _) => format!("{root} is not defined here"),
        }
    }
}

fn missing(place: &str, value: &Value, key: &Key) -> String {
    match (value, key) {
        (Value::Map(_), Key::Name(name)) if ["vars", "steps", "secrets"].contains(&place) => {
            missing_member(place, name)
        }
        (Value::Map(map), Key::Name(name)) if map.is_empty() => {
            format!("{place} has no field `{name}`; it is empty")
        }
        (Value::Map(map), Key::Name(name)) => {
            /// So many fields are named; the rest would drown the message.
            const SHOWN: usize = 20;
            let mut fields: Vec<_> = map.keys().take(SHOWN).map(String::as_str).collect();
            if map.len() > SHOWN {
                fields.push("...");
            }
            format!("{place} has no field `{name}`; it has {}", fields.join(", "))
        }
        (Value::List(items), Key::Index(i)) => {
            format!("{place} has no item {i}; it has {} items, from 0", items.len())
        }
        (value, Key::Name(name)) => {
            format!("{place} has no field `{name}`; it is a {}", value.type_name())
        }
        (value, Key::Index(i)) => {
            format!("{place} has no item {i}; it is a {}", value.type_name())
        }
    }
}

fn missing_member(namespace: &str, name: &str) -> String {
    match namespace {
        "vars" => format!("variable `{name}` has no value"),
        "steps" => format!("step `{name}` has no output: it was skipped or has not run"),
        _ => format!("{namespace}.{name} is not there"),
    }
}

/// Whether something sealed is anywhere in `value`.
pub(super) fn has_sealed(value: &Value) -> bool {
    match value {
        Value::Sealed(_) => true,
        Value::List(items) => items.iter().any(has_sealed),
        Value::Map(map) => map.values().any(has_sealed),
        _ => false,
    }
}
