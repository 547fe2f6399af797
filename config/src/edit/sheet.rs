//! A text that can be changed: the document as it is written, as it is meant, and where its
//! steps stand in both.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use rpa_engine::Label;
use rpa_engine::workflow::When;

use super::Refused;
use super::change::ListOf;
use super::find::{Both, Finder, Lines};
use super::rows::{self, Row};
use crate::workflow::node::{Data, Node};
use crate::workflow::problem::Problems;
use crate::workflow::{Checked, check_read, tree};
use crate::yaml::{self, Document};

/// The way to a node: an index for each map or list on it.
pub(super) type Address = Vec<usize>;

#[derive(Clone, Debug)]
pub(super) struct Sheet {
    /// With `\n` alone, without a byte order mark.
    pub(super) text: String,
    marks: Marks,
    pub(super) namespace: Label,
    pub(super) document: Document,
    pub(super) root: Node,
    pub(super) lists: Vec<List>,
    /// In the order of the file, what is inside of one behind it.
    pub(super) steps: Vec<Step>,
    by_path: HashMap<String, usize>,
    rows: OnceLock<Vec<Row>>,
    checked: OnceLock<Checked>,
}

/// What a text has that is not in [`Sheet::text`].
#[derive(Clone, Copy, Debug, Default)]
struct Marks {
    mark: bool,
    returns: bool,
}

/// One list of steps.
#[derive(Clone, Debug)]
pub(super) struct List {
    pub(super) of: ListOf,
    /// The step that has it.
    pub(super) owner: Option<usize>,
    /// Of its value; in the document.
    pub(super) at: Address,
    pub(super) steps: Vec<usize>,
    /// Whether it is one step without a list around it, as `compensate` may be.
    pub(super) single: bool,
    /// It stands in what is repeated by this anchor.
    pub(super) shared: Option<String>,
    /// The line of its key.
    pub(super) line: u32,
}

/// One step.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) path: String,
    /// As written; empty when it has none.
    pub(super) id: String,
    pub(super) list: usize,
    /// Its place in the list.
    pub(super) place: usize,
    /// Of its map; in the document, and the same in the tree. What repeats another has the
    /// way to the alias.
    pub(super) at: Address,
    /// None without the key.
    pub(super) needs: Option<Vec<Needed>>,
    /// The step of its list that stands in for it.
    pub(super) fallback: Option<String>,
    pub(super) shared: Option<String>,
    pub(super) lines: (u32, u32),
}

/// An entry of `needs`, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Needed {
    pub(super) id: String,
    pub(super) when: When,
}

impl Sheet {
    pub(super) fn read(source: &str, namespace: &Label) -> Result<Sheet, Refused> {
        let (text, marks) = Marks::off(source)?;
        let (root, document) = both(&text)?;
        let mut sheet = Sheet {
            text,
            marks,
            namespace: namespace.clone(),
            document,
            root,
            lists: Vec::new(),
            steps: Vec::new(),
            by_path: HashMap::new(),
            rows: OnceLock::new(),
            checked: OnceLock::new(),
        };
        let (mut lists, mut steps) = (Vec::new(), Vec::new());
        let lines = Lines::new(&sheet.text);
        let (used, written) = (HashSet::new(), Some(&sheet.document.root));
        let mut finder = Finder { lists: &mut lists, steps: &mut steps, used, lines };
        finder.file(&Both::new(written, &sheet.root, Vec::new(), None));
        (sheet.lists, sheet.steps) = (lists, steps);
        sheet.by_path =
            sheet.steps.iter().enumerate().map(|(at, step)| (step.path.clone(), at)).collect();
        Ok(sheet)
    }

    /// As it is to be written.
    pub(super) fn marked_text(&self) -> String {
        self.marks.on(&self.text)
    }

    /// What a check says of it.
    pub(super) fn checked(&self) -> &Checked {
        self.checked
            .get_or_init(|| check_read(&self.text, super::draft::FILE, &self.root, &self.namespace))
    }

    /// Another text in the place of this one.
    pub(super) fn with_text(&self, text: &str) -> Result<Sheet, Refused> {
        let sheet = Sheet::read(text, &self.namespace)?;
        Ok(Sheet { marks: self.marks, ..sheet })
    }

    pub(super) fn rows(&self) -> &[Row] {
        self.rows.get_or_init(|| rows::of(self))
    }

    pub(super) fn find(&self, path: &str) -> Result<usize, Refused> {
        let found = self.by_path.get(path).copied();
        found.ok_or_else(|| Refused::NoStep { path: path.to_owned() })
    }

    /// The tree's node of a step, an alias followed.
    pub(super) fn meant(&self, step: usize) -> &Node {
        below(&self.root, &self.steps[step].at)
    }
}

/// A text as it is meant and as it is written: it is parsed once for both.
fn both(text: &str) -> Result<(Node, Document), Refused> {
    let mut problems = Problems::new(super::draft::FILE);
    if !tree::fits(text.len(), &mut problems) {
        return Err(Refused::Unread(problems.into_sorted()));
    }
    let mut told = Vec::new();
    for next in yaml::events(text) {
        let is_over = next.is_err();
        told.push(next);
        if is_over {
            break;
        }
    }
    let root = tree::read(text, told.iter().cloned(), &mut problems);
    let root = root.filter(|_| !problems.failed());
    let root = root.ok_or_else(|| Refused::Unread(problems.into_sorted()))?;
    let document = yaml::read(text, told.into_iter()).map_err(Refused::Unkept)?;
    Ok((root, document))
}

/// What lies at an address; the root when there is nothing.
pub(super) fn below<'n>(root: &'n Node, at: &[usize]) -> &'n Node {
    let mut node = root;
    for index in at {
        let next = match &node.data {
            Data::List(items) => items.get(*index),
            Data::Map(entries) => entries.get(*index).map(|entry| &entry.node),
            Data::Scalar(_) => None,
        };
        let Some(next) = next else { return root };
        node = next;
    }
    node
}

/// The place of a key in a map, and its value.
pub(super) fn entry<'n>(node: &'n Node, key: &str) -> Option<(usize, &'n Node)> {
    let Data::Map(entries) = &node.data else { return None };
    let at = entries.iter().position(|entry| entry.key == key)?;
    Some((at, &entries[at].node))
}

impl Marks {
    fn off(source: &str) -> Result<(String, Marks), Refused> {
        let plain = source.strip_prefix('\u{feff}');
        let mark = plain.is_some();
        let plain = plain.unwrap_or(source);
        if !plain.contains('\r') {
            return Ok((plain.to_owned(), Marks { mark, returns: false }));
        }
        let text = plain.replace("\r\n", "\n");
        // what is written in two ways could not be written back
        if text.contains('\r') || text.replace('\n', "\r\n") != plain {
            let what = "line breaks of several kinds";
            return Err(Refused::Unkept(yaml::Unkept { line: 1, what }));
        }
        Ok((text, Marks { mark, returns: true }))
    }

    fn on(self, text: &str) -> String {
        let text = if self.returns { text.replace('\n', "\r\n") } else { text.to_owned() };
        if self.mark { format!("\u{feff}{text}") } else { text }
    }
}

/// The entries of `needs` that can be read.
pub(super) fn needed(node: &Node) -> Vec<Needed> {
    let one = |node: &Node| {
        let plain = |node: &Node| node.scalar().map(|id| id.text.clone());
        let (id, when) = match &node.data {
            Data::Map(_) => {
                let when = entry(node, "when").and_then(|(_, when)| when.text());
                let when = when.and_then(|word| When::ALL.into_iter().find(|w| w.word() == word));
                (entry(node, "step").and_then(|(_, id)| plain(id)), when)
            }
            Data::Scalar(_) | Data::List(_) => (plain(node), None),
        };
        let id = id.filter(|id| !id.is_empty())?;
        Some(Needed { id, when: when.unwrap_or(When::Completed) })
    };
    match &node.data {
        Data::List(items) => items.iter().filter_map(one).collect(),
        Data::Scalar(_) | Data::Map(_) => one(node).into_iter().collect(),
    }
}
