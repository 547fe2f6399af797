//! The steps of a text, for drawing, whether or not it is valid.

use std::collections::HashMap;

use rpa_engine::Label;

use super::Refused;
use super::change::{ListOf, Need};
use super::graph::Graph;
use super::sheet::{Needed, Sheet, entry};
use crate::workflow::Passage;
use crate::workflow::form::{FORMS, LOOPS};
use crate::workflow::node::Node;

/// A step, or a heading above a list: a handler, a case of a switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// As a run has it, without turns: `each/ask`, `pay/@undo/refund`, `@failure/tell`. A
    /// step without an id of its own has `#` and a number. Of a heading: `@failure`, the
    /// path of the switch with `:VALUE` or `::default`.
    pub path: String,
    /// The last part of its path, or the value of a case; `@undo/ID` of what undoes.
    pub label: String,
    /// For people; may be empty.
    pub name: String,
    /// As [`kinds`](super::kinds) has it; `handler` and `case` of headings; empty of a step
    /// that does nothing, or several things.
    pub kind: String,
    /// What it comes after, written or because no step of its list says.
    pub needs: Vec<Need>,
    /// Whether `needs` are written in its list.
    pub explicit: bool,
    /// The step for which it stands in.
    pub fallback_of: Option<String>,
    /// As written, without `{{ }}`.
    pub condition: Option<String>,
    /// How deep it lies in steps and headings.
    pub depth: u32,
    /// The list in which it stands; of a heading the one that it is above.
    pub list: ListOf,
    /// Its lines in the text; of a heading the line of its key.
    pub lines: Passage,
}

/// The rows of a text; `namespace` is the workflow's where the text names none.
///
/// # Errors
///
/// [`Refused::Unread`] of a text that is no YAML.
pub fn rows(text: &str, namespace: &Label) -> Result<Vec<Row>, Refused> {
    Ok(Sheet::read(text, namespace)?.rows().to_vec())
}

impl Row {
    pub fn is_heading(&self) -> bool {
        matches!(self.kind.as_str(), "handler" | "case")
    }
}

pub(super) fn of(sheet: &Sheet) -> Vec<Row> {
    let mut writer =
        Rows { sheet, rows: Vec::with_capacity(sheet.steps.len()), inner: HashMap::new() };
    for (index, list) in sheet.lists.iter().enumerate() {
        if let Some(owner) = list.owner {
            writer.inner.entry(owner).or_default().push(index);
        }
    }
    for (index, list) in sheet.lists.iter().enumerate() {
        if list.owner.is_none() {
            writer.list(index, 0);
        }
    }
    writer.rows
}

struct Rows<'s> {
    sheet: &'s Sheet,
    rows: Vec<Row>,
    /// The lists of each step.
    inner: HashMap<usize, Vec<usize>>,
}

impl Rows<'_> {
    fn list(&mut self, index: usize, depth: u32) {
        let list = &self.sheet.lists[index];
        let depth = match list.of.heading() {
            None => depth,
            Some((label, kind)) => {
                self.rows.push(Row {
                    path: list.of.to_string(),
                    label,
                    name: String::new(),
                    kind: kind.to_owned(),
                    needs: Vec::new(),
                    explicit: false,
                    fallback_of: None,
                    condition: None,
                    depth,
                    list: list.of.clone(),
                    lines: list.line..=list.line,
                });
                depth + 1
            }
        };
        let graph = Graph::of(self.sheet, index);
        let mut places = HashMap::new();
        for (step, node) in list.steps.iter().zip(&graph.nodes) {
            // the first of that id
            places.entry(node.id.as_str()).or_insert(*step);
        }
        let path = |id: &str| places.get(id).map(|step| self.sheet.steps[*step].path.clone());
        for (step, node) in list.steps.iter().zip(&graph.nodes) {
            let need = |need: &Needed| Some(Need { path: path(&need.id)?, when: need.when });
            let needs = node.needs.iter().filter_map(need).collect();
            let fallback_of = node.stands_for.as_deref().and_then(path);
            let row = self.step(*step, needs, fallback_of, depth);
            self.rows.push(Row { explicit: graph.explicit, ..row });
            for inner in self.inner.get(step).cloned().unwrap_or_default() {
                self.list(inner, depth + 1);
            }
        }
    }

    fn step(&self, index: usize, needs: Vec<Need>, fallback_of: Option<String>, depth: u32) -> Row {
        let step = &self.sheet.steps[index];
        let list = &self.sheet.lists[step.list];
        let meant = self.sheet.meant(index);
        let text = |key: &str| entry(meant, key).and_then(|(_, node)| node.scalar());
        let last = step.path.rsplit('/').next().unwrap_or_default();
        Row {
            path: step.path.clone(),
            label: match list.of {
                ListOf::Undo(_) => format!("@undo/{last}"),
                _ => last.to_owned(),
            },
            name: text("name").map(|name| name.text.clone()).unwrap_or_default(),
            kind: word(meant).unwrap_or_default(),
            needs,
            explicit: false,
            fallback_of,
            condition: text("if").map(|condition| bare(&condition.text).to_owned()),
            depth,
            list: list.of.clone(),
            lines: step.lines.0..=step.lines.1,
        }
    }
}

/// A condition without its braces.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    inner.map_or(text, str::trim)
}

/// The kind of a step; none when it does nothing, or several things.
pub(super) fn word(step: &Node) -> Option<String> {
    let mut forms = FORMS.iter().filter_map(|key| Some((*key, entry(step, key)?.1)));
    let (key, node) = forms.next()?;
    if forms.next().is_some() {
        return None;
    }
    let mut loops = LOOPS.iter().filter(|key| entry(step, key).is_some());
    match (key, loops.next(), loops.next()) {
        (_, Some(_), Some(_)) => None,
        ("steps", Some(word), None) => Some((*word).to_owned()),
        (_, Some(_), None) => None,
        ("steps", None, _) => Some("group".to_owned()),
        ("run", None, _) => Some("shell".to_owned()),
        ("uses", None, _) => node.text().map(str::to_owned),
        (word, None, _) => Some(word.to_owned()),
    }
}
