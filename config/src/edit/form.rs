//! The fields of a step.

use rpa_engine::Label;

use super::Refused;
use super::rows;
use super::sheet::Sheet;

/// What can be said of one step, in the order in which it is written.
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
    Ok(Form { path: path.to_owned(), summary: summary.to_owned(), kind, fields: Vec::new() })
}
