//! The fields of a step.

use rpa_engine::Label;

use super::set::{self, parts};
use super::sheet::{Sheet, entry};
use super::table::{Spec, specs};
use super::{Refused, rows};
use crate::workflow::node::{Data, Scalar, ScalarKind};
use crate::yaml::{Body, Names};

/// What can be said of one step: its id and name, what it does, when and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub path: String,
    /// The [kind](super::kinds) of the step; empty when it has none, or several.
    pub kind: String,
    /// What the task type or the kind is for.
    pub summary: String,
    pub fields: Vec<Field>,
}

/// One field of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As [`Change::Set`](super::Change::Set) takes it: `timeout`, `with.url`.
    pub key: String,
    /// What is said of it in the contract or the schema.
    pub summary: String,
    pub kind: Kind,
    pub source: Source,
    pub required: bool,
    /// What holds without it, as text; empty when there is nothing.
    pub default: String,
    /// Whether `{{ }}` may stand in it.
    pub takes_expressions: bool,
    /// What is written: the text of a plain value, without quotes and escapes; of a list, a
    /// map or anything else its YAML, without indentation. None when nothing is.
    pub value: Option<String>,
    /// It repeats another value by an alias, or is repeated: it cannot be set in part.
    pub shared: bool,
    /// The line of its key; 0 when it is not there. Counts from 1.
    pub line: u32,
}

/// Whence a field comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An input of the task type.
    Task,
    /// What this kind of step does.
    Action,
    /// Any step may have it.
    Step,
}

/// What may stand in a field, and how text that is set is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The id of the step; [`Change::Rename`](super::Change::Rename) changes it, not `Set`.
    Id,
    /// Text as it stands.
    Text,
    /// Text of several lines as it stands.
    Lines,
    Number,
    Boolean,
    /// `90s`, `1h30m`.
    Duration,
    /// `64KiB`.
    Size,
    /// One of these words.
    Choice(Vec<String>),
    /// An expression that is true or false, without `{{ }}`.
    Condition,
    /// Text with `{{ }}`.
    Expression,
    /// YAML: a list.
    List,
    /// YAML: a map.
    Map,
    /// YAML: whatever it is.
    Document,
    /// The steps that it needs, as YAML.
    Needs,
}

/// The fields of the step `path` of a text. `namespace` is the workflow's where the text
/// names none.
///
/// # Errors
///
/// [`Refused::Unread`] of a text that is no YAML, [`Refused::NoStep`].
pub fn form(text: &str, path: &str, namespace: &Label) -> Result<Form, Refused> {
    of(&Sheet::read(text, namespace)?, path)
}

pub(super) fn of(sheet: &Sheet, path: &str) -> Result<Form, Refused> {
    let step = sheet.find(path)?;
    let kind = rows::word(sheet.meant(step)).unwrap_or_default();
    let summary = super::kinds().find(|known| known.word == kind).map_or("", |known| known.summary);
    let field = |spec: Spec| {
        let (key, below) = parts(&spec.key);
        let shown = shown(sheet, step, key, below, &spec.kind);
        Field {
            summary: spec.summary,
            kind: spec.kind,
            source: spec.source,
            required: spec.required,
            default: spec.default,
            takes_expressions: spec.takes_expressions,
            value: shown.value,
            shared: shown.shared,
            line: shown.line,
            key: spec.key,
        }
    };
    let fields = specs(sheet.meant(step), &others(sheet, step)).into_iter().map(field).collect();
    Ok(Form { path: path.to_owned(), summary: summary.to_owned(), kind, fields })
}

/// The ids of the other steps of its list.
pub(super) fn others(sheet: &Sheet, step: usize) -> Vec<String> {
    let list = &sheet.lists[sheet.steps[step].list];
    let others = list.steps.iter().filter(|other| **other != step);
    let ids = others.map(|other| sheet.steps[*other].id.clone());
    ids.filter(|id| !id.is_empty()).collect()
}

/// What is written in a field.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) value: Option<String>,
    pub(super) shared: bool,
    pub(super) line: u32,
}

pub(super) fn shown(
    sheet: &Sheet,
    step: usize,
    key: &str,
    below: Option<&str>,
    kind: &Kind,
) -> Shown {
    let Some((index, meant)) = entry(sheet.meant(step), key) else { return Shown::default() };
    let mut at = [&sheet.steps[step].at[..], &[index]].concat();
    let mut meant = meant;
    let mut shared = sheet.steps[step].shared.is_some() || is_shared(sheet, &at);
    match (below, &meant.data) {
        (Some(below), Data::Map(_)) => {
            let Some((index, inner)) = entry(meant, below) else {
                return Shown { shared, ..Shown::default() };
            };
            at.push(index);
            meant = inner;
            shared |= is_shared(sheet, &at);
        }
        // a short form stands for one of its keys
        (Some(below), Data::Scalar(_)) if set::short(key) == Some(below) => {}
        (Some(_), _) => return Shown::default(),
        // what has keys of its own is shown by them
        (None, Data::Map(_)) if matches!(key, "wait" | "on_error" | "on_item_error") => {
            return Shown::default();
        }
        (None, _) => {}
    }
    let is_yaml = matches!(kind, Kind::List | Kind::Map | Kind::Document | Kind::Needs);
    let value = match meant.scalar() {
        Some(scalar) if scalar.text.is_empty() && scalar.kind == ScalarKind::Null => None,
        Some(scalar)
            if !is_yaml || scalar.text.contains("{{") || reads_as(&scalar.text, scalar) =>
        {
            Some(scalar.text.clone())
        }
        _ => source(sheet, &at).or_else(|| Some(String::new())),
    };
    Shown { value, shared, line: meant.at.line }
}

/// Whether a text that is read as YAML is that scalar.
fn reads_as(text: &str, scalar: &Scalar) -> bool {
    !text.contains('\n') && set::read_plain(text).is_some_and(|read| read == *scalar)
}

/// Whether a value is an alias, or has an anchor that is repeated.
fn is_shared(sheet: &Sheet, at: &[usize]) -> bool {
    let Some(node) = sheet.written(at) else { return true };
    let repeated = |name: &&str| super::turn::repeats(&sheet.document.root, name) > 0;
    matches!(node.body, Body::Alias(_)) || Names::of(node).given.iter().any(repeated)
}

/// A value as it is written, its first column at the left.
fn source(sheet: &Sheet, at: &[usize]) -> Option<String> {
    let node = sheet.written(at)?;
    if let Body::Alias(name) = &node.body {
        return Some(format!("*{name}"));
    }
    let text = &sheet.text;
    let line = text[..node.range.start].rfind('\n').map_or(0, |end| end + 1);
    let column = node.range.start - line;
    let end = match node.is_spread() {
        true => sheet.end_of(at).unwrap_or(node.range.end),
        false => node.range.end,
    };
    let left = |line: &str| {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        line[blanks.min(column)..].to_owned()
    };
    let whole = text[node.range.start..end.max(node.range.end)].trim_end();
    let lines: Vec<String> = whole.split('\n').map(left).collect();
    Some(lines.join("\n"))
}
