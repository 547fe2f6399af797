//! One field of a step.

use rpa_engine::workflow::When;

use super::Refused;
use super::form::{self, Kind};
use super::graph::Graph;
use super::hold::Expected;
use super::made;
use super::needs::write_needs_at;
use super::rename;
use super::sheet::{Needed, Sheet, entry, needed};
use super::splice::{Setting, comments, unkept};
use super::table::{Spec, specs};
use super::turn::{Turned, finish, linked, repeats, shared, take};
use crate::format::STEP_ORDER;
use crate::format::meaning::same;
use crate::workflow::form::FORMS;
use crate::workflow::node::{Data, Scalar, ScalarKind};
use crate::workflow::problem::Problems;
use crate::workflow::tree;
use crate::yaml::{self, Body, Names, Node};

pub(super) fn set(
    sheet: &Sheet,
    path: &str,
    field: &str,
    value: Option<&str>,
) -> Result<Turned, Refused> {
    let step = sheet.find(path)?;
    if field == "id" {
        return rename::rename(sheet, path, value.unwrap_or_default());
    }
    let found = &sheet.steps[step];
    if let Some(anchor) = &found.shared {
        return Err(shared(found, anchor));
    }
    let spec = spec(sheet, step, field)?;
    let (key, below) = parts(field);
    let now = form::shown(sheet, step, key, below, &spec.kind);
    if now.value.as_deref() == value {
        return Ok((sheet.clone(), path.to_owned()));
    }
    if field == "needs" {
        return set_needs(sheet, step, value);
    }
    let node = value.map(|value| node_of(field, &spec.kind, value)).transpose()?;
    let wanted = node.clone();
    let target = Target { sheet, step, key, below };
    let comments = target.goes_free(value.is_none())?;
    let settings = target.settings(node)?;
    let changed = sheet.set(settings)?;
    let (changed, needs) = set_fallback(sheet, changed, step)?;
    if let Some(wanted) = wanted {
        target.holds(&changed, &wanted)?;
    }
    let emptied = value.is_none().then_some(step);
    let expected = Expected {
        set: Some((step, key.to_owned())),
        comments,
        emptied,
        needs,
        ..Expected::default()
    };
    finish(sheet, changed, step, &expected)
}

/// `with.url` as the key of a step and what is below it.
pub(super) fn parts(field: &str) -> (&str, Option<&str>) {
    field.split_once('.').map_or((field, None), |(key, below)| (key, Some(below)))
}

/// What is known of a field: one of the form, or an entry of a map that people name.
fn spec(sheet: &Sheet, step: usize, field: &str) -> Result<Spec, Refused> {
    let all = specs(sheet.meant(step), &form::others(sheet, step));
    if let Some(found) = all.iter().find(|spec| spec.key == field) {
        return Ok(found.clone());
    }
    let unknown = || Refused::UnknownField { field: field.to_owned() };
    let (key, below) = parts(field);
    // the whole of what has fields of its own
    let prefix = format!("{key}.");
    let mut parts = all.iter().filter(|spec| spec.key.starts_with(&prefix));
    if let Some(part) = parts.next().filter(|_| below.is_none()) {
        let key = field.to_owned();
        return Ok(Spec { key, kind: Kind::Document, required: false, ..part.clone() });
    }
    let map = all.into_iter().find(|spec| spec.key == key && spec.kind == Kind::Map);
    let map = map.filter(|_| below.is_some_and(|name| !name.is_empty())).ok_or_else(unknown)?;
    let kind = match key {
        "env" => Kind::Text,
        "tokens" => Kind::Number,
        _ => Kind::Document,
    };
    Ok(Spec { key: field.to_owned(), kind, required: false, ..map })
}

fn set_needs(sheet: &Sheet, step: usize, value: Option<&str>) -> Result<Turned, Refused> {
    let found = &sheet.steps[step];
    let wanted = match value {
        None => Vec::new(),
        Some(value) => {
            let bad = |why: String| Refused::BadValue { field: "needs".to_owned(), why };
            let source = fragment(value);
            let mut problems = Problems::new(super::draft::FILE);
            let root = tree::parse(&source, &mut problems).filter(|_| !problems.failed());
            let root = root.ok_or_else(|| bad(first(problems)))?;
            entry(&root, "x").map(|(_, node)| needed(node)).unwrap_or_default()
        }
    };
    let mut graph = Graph::of(sheet, found.list);
    let node = &mut graph.nodes[found.place];
    if let Some(of) = &node.stands_for {
        let (path, of) = (found.path.clone(), of.clone());
        return Err(Refused::Fallback { path, of });
    }
    node.needs = wanted;
    linked(sheet, &graph, found.place)
}

/// What each step of a list is to need.
type Wanted = Vec<(Option<usize>, Vec<Needed>)>;

/// Writes what becomes of the order when a step has another fallback than before: the new
/// one has no turn of its own any more, the old one has one when that step has failed.
fn set_fallback(sheet: &Sheet, changed: Sheet, step: usize) -> Result<(Sheet, Wanted), Refused> {
    let (old, new) = (&sheet.steps[step], &changed.steps[step]);
    if old.fallback == new.fallback {
        return Ok((changed, Vec::new()));
    }
    let mut graph = Graph::of(sheet, old.list);
    let own = Some(old.id.as_str());
    if let Some(was) = old.fallback.as_deref().and_then(|id| graph.place(id))
        && graph.nodes[was].stands_for.as_deref() == own
    {
        graph.nodes[was].stands_for = None;
        let when = When::Failed;
        graph.nodes[was].needs = vec![Needed { id: old.id.clone(), when }];
    }
    if let Some(now) = new.fallback.as_deref().and_then(|id| graph.place(id))
        && now != old.place
        && graph.nodes[now].stands_for.is_none()
    {
        let mut node = take(sheet, &mut graph, now)?;
        node.needs = Vec::new();
        node.stands_for = Some(old.id.clone());
        graph.nodes.insert(now, node);
    }
    let written = write_needs_at(&changed, sheet, &graph, &graph.writes())?;
    Ok((written, Expected::of(&graph).needs))
}

/// Where a value goes.
struct Target<'s> {
    sheet: &'s Sheet,
    step: usize,
    key: &'s str,
    below: Option<&'s str>,
}

impl Target<'_> {
    fn old(&self) -> Option<&Node> {
        let map = self.sheet.written(&self.sheet.steps[self.step].at)?.map()?;
        map.get(self.key)
    }

    /// Refuses what others repeat, or what repeats another in part. Gives the comments that
    /// go with the old value.
    fn goes_free(&self, out: bool) -> Result<Vec<String>, Refused> {
        let found = &self.sheet.steps[self.step];
        let Some(mut old) = self.old() else { return Ok(Vec::new()) };
        if let Some(below) = self.below {
            if let Body::Alias(anchor) = &old.body {
                return Err(shared(found, anchor));
            }
            self.is_free(old.anchor.as_deref(), old)?;
            match old.map().map(|map| map.get(below)) {
                // the last one takes its map along
                Some(Some(_)) if out && old.map().is_some_and(|map| map.entries.len() == 1) => {}
                Some(Some(inner)) => old = inner,
                Some(None) => return Ok(Vec::new()),
                None => {}
            }
        }
        for anchor in Names::of(old).given {
            self.is_free(Some(anchor), old)?;
        }
        let mut value = old.clone();
        value.note = None;
        Ok(comments(value))
    }

    fn is_free(&self, anchor: Option<&str>, within: &Node) -> Result<(), Refused> {
        let Some(anchor) = anchor else { return Ok(()) };
        let outside = repeats(&self.sheet.document.root, anchor) - repeats(within, anchor);
        match outside {
            0 => Ok(()),
            _ => Err(shared(&self.sheet.steps[self.step], anchor)),
        }
    }

    fn settings(&self, node: Option<Node>) -> Result<Vec<Setting<'_>>, Refused> {
        let step = self.sheet.steps[self.step].at.clone();
        let whole = |value: Option<Node>| {
            // what a step does stays what it does, although nothing is said of it
            let is_form = FORMS.contains(&self.key);
            let value = value.or_else(|| is_form.then(|| made::node(Body::Empty)));
            vec![Setting::new(&step, self.key, value, STEP_ORDER)]
        };
        let Some(below) = self.below else { return Ok(whole(node)) };
        let old = self.old();
        let order = match self.key {
            "wait" => exclusive(below),
            _ => &[][..],
        };
        match old.map(|old| (&old.body, old)) {
            Some((Body::Map(map), old)) if !map.entries.is_empty() => {
                let others = map.entries.iter().filter(|entry| entry.name != below);
                let others = others.filter(|entry| !order.contains(&entry.name.as_str()));
                let excluded = map.entries.iter().any(|e| order.contains(&e.name.as_str()));
                match node {
                    None if others.count() == 0 => Ok(whole(None)),
                    Some(value) if excluded => {
                        let mut map = map.clone();
                        map.entries.retain(|e| !order.contains(&e.name.as_str()));
                        map.entries.push(made::key_of(below, value));
                        let node = Node { body: Body::Map(map), ..old.clone() };
                        Ok(whole(Some(node)))
                    }
                    value => {
                        let index = self.index()?;
                        let map = [&step[..], &[index]].concat();
                        Ok(vec![Setting::new(&map, below, value, self.order())])
                    }
                }
            }
            Some((Body::Text { .. } | Body::Block(_), _)) if short(self.key) == Some(below) => {
                Ok(whole(node))
            }
            Some((Body::Text { .. } | Body::Block(_), old)) => {
                let Some(value) = node else { return Ok(Vec::new()) };
                let bare = Node { note: None, anchor: None, ..old.clone() };
                let first = short(self.key).map(|key| (key, bare));
                let tall = value.is_tall() || value.is_spread();
                let flow = !tall && !matches!(old.body, Body::Block(_));
                let entries = first.into_iter().chain([(below, value)]);
                Ok(whole(Some(made::map(flow, entries))))
            }
            _ => {
                let Some(value) = node else { return Ok(Vec::new()) };
                // inputs and variables stand below each other, the rest in braces
                let spread =
                    matches!(self.key, "with" | "env" | "approval" | "set" | "vars" | "outputs");
                let flow = !spread && !value.is_tall() && !value.is_spread();
                Ok(whole(Some(made::map(flow, [(below, value)]))))
            }
        }
    }

    /// The place of its key among those of the step.
    fn index(&self) -> Result<usize, Refused> {
        let map = self.sheet.written(&self.sheet.steps[self.step].at).and_then(Node::map);
        let entries = &map.ok_or_else(unkept)?.entries;
        entries.iter().position(|entry| entry.name == self.key).ok_or_else(unkept)
    }

    /// The order of the keys below this one.
    fn order(&self) -> &'static [&'static str] {
        use crate::workflow::{approval, claims, loops, retry, wait};
        match self.key {
            "retry" => retry::KEYS.known,
            "approval" => approval::KEYS.known,
            "wait" => wait::KEYS.known,
            "lock" => claims::KEYS.known,
            "repeat" => loops::REPEAT_KEYS.known,
            _ => &[],
        }
    }

    /// Whether the value is read as it was meant.
    fn holds(&self, changed: &Sheet, wanted: &Node) -> Result<(), Refused> {
        let value = entry(changed.meant(self.step), self.key).map(|(_, node)| node);
        let value = value.and_then(|node| match (&node.data, self.below) {
            (Data::Map(_), Some(below)) => entry(node, below).map(|(_, node)| node),
            _ => Some(node),
        });
        let source = format!("x{}", yaml::print_value(wanted, 0));
        let mut problems = Problems::new(super::draft::FILE);
        let meant = tree::parse(&source, &mut problems).filter(|_| !problems.failed());
        let meant = meant.as_ref().and_then(|root| entry(root, "x")).map(|(_, node)| node);
        let is_same = match (value, meant) {
            (Some(value), Some(meant)) => same(value, meant),
            _ => false,
        };
        is_same.then_some(()).ok_or(Refused::Changed("the value would be another"))
    }
}

/// What a value without keys is short for.
pub(super) fn short(key: &str) -> Option<&'static str> {
    match key {
        "retry" => Some("preset"),
        "approval" => Some("message"),
        "lock" => Some("name"),
        _ => None,
    }
}

/// Of `wait`, what cannot be said beside `key`.
fn exclusive(key: &str) -> &'static [&'static str] {
    match key {
        "until" => &["event", "match", "timeout", "on_timeout"],
        "event" => &["until"],
        _ => &[],
    }
}

/// Text as a node of the kind that a field has.
fn node_of(field: &str, kind: &Kind, value: &str) -> Result<Node, Refused> {
    Ok(match kind {
        Kind::Id | Kind::Text | Kind::Expression => made::text(value),
        Kind::Lines if value.contains('\n') && !value.ends_with('\n') => {
            made::text(&format!("{value}\n"))
        }
        Kind::Lines => made::text(value),
        Kind::Number
        | Kind::Boolean
        | Kind::Duration
        | Kind::Size
        | Kind::Choice(_)
        | Kind::Condition => made::literal(value),
        Kind::List | Kind::Map | Kind::Document | Kind::Needs => document(field, value)?,
    })
}

/// YAML that a person has written into a field.
fn document(field: &str, value: &str) -> Result<Node, Refused> {
    if value.trim_start().starts_with("{{") {
        return Ok(made::text(value));
    }
    let bad = |why: String| Refused::BadValue { field: field.to_owned(), why };
    let source = fragment(value);
    let mut problems = Problems::new(super::draft::FILE);
    let root = tree::parse(&source, &mut problems).filter(|_| !problems.failed());
    let root = root.ok_or_else(|| bad(first(problems)))?;
    let (_, meant) = entry(&root, "x").ok_or_else(|| bad("nothing that can be kept".to_owned()))?;
    if let Some(scalar) = meant.scalar() {
        return Ok(match scalar.kind {
            ScalarKind::Text => made::text(&scalar.text),
            _ => made::word(scalar.text.trim()),
        });
    }
    let read = yaml::parse(&source).map_err(|why| bad(why.to_string()))?;
    let node = read.root.map().filter(|top| top.entries.len() == 1).and_then(|top| top.get("x"));
    node.cloned().ok_or_else(|| bad("more than one value".to_owned()))
}

/// The scalar that a text of one line is, as YAML.
pub(super) fn read_plain(text: &str) -> Option<Scalar> {
    let mut problems = Problems::new(super::draft::FILE);
    let root = tree::parse(&fragment(text), &mut problems).filter(|_| !problems.failed())?;
    entry(&root, "x").and_then(|(_, node)| node.scalar().cloned())
}

/// A value as the only one of a file.
fn fragment(value: &str) -> String {
    let value = value.trim_end();
    let opens = value.starts_with(['|', '>', '[', '{', '"', '\'', '&', '!']);
    if opens || !value.contains('\n') && !value.starts_with("- ") && !looks_like_a_map(value) {
        return format!("x: {}\n", value.replace('\n', "\n  "));
    }
    format!("x:\n  {}\n", value.replace('\n', "\n  "))
}

fn looks_like_a_map(value: &str) -> bool {
    value.contains(": ") || value.ends_with(':')
}

fn first(problems: Problems) -> String {
    let first = problems.into_sorted().into_iter().next();
    first.map(|problem| problem.message).unwrap_or_default()
}
