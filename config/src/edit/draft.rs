//! A text that is being changed, and what it was before.

use rpa_engine::{Label, Workflow};

use super::Refused;
use super::change::Change;
use super::form::Form;
use super::rows::Row;
use super::sheet::Sheet;
use super::turn::turn;
use crate::workflow::{Checked, Problem, check};

/// What a text is called in its problems.
pub(super) const FILE: &str = "workflow.yaml";

/// A text with its history.
#[derive(Clone, Debug)]
pub struct Draft {
    namespace: Label,
    base: String,
    page: Page,
    done: Vec<Delta>,
    undone: Vec<Delta>,
}

/// A text, and what is known of it.
#[derive(Clone, Debug)]
struct Page {
    text: String,
    /// What a check says of a text whose YAML cannot be read.
    read: Result<Sheet, Checked>,
}

/// What has become of a part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Delta {
    at: usize,
    before: String,
    after: String,
}

impl Draft {
    /// A draft that begins as `text`, whatever that is. `namespace` is the workflow's where
    /// the text names none.
    pub fn new(text: impl Into<String>, namespace: &Label) -> Draft {
        let text = text.into();
        let page = Page::read(text.clone(), namespace);
        let namespace = namespace.clone();
        Draft { namespace, base: text, page, done: Vec::new(), undone: Vec::new() }
    }

    /// Makes a change, and gives the path of the step that is meant now (see
    /// [`Changed`](super::Changed)). One that changes nothing is none.
    ///
    /// # Errors
    ///
    /// When the change is refused; the draft is as it was.
    pub fn apply(&mut self, change: &Change) -> Result<String, Refused> {
        let (sheet, path) = turn(self.page.sheet()?, change)?;
        let text = sheet.marked_text();
        if text != self.page.text {
            self.keep(&text);
            self.page = Page::of(text, sheet);
        }
        Ok(path)
    }

    /// Why a change would be refused; the draft is as it was in any case.
    pub fn refusal(&self, change: &Change) -> Option<Refused> {
        self.page.sheet().and_then(|sheet| turn(sheet, change)).err()
    }

    /// Puts another text in place of this one, as after a visit to another editor. It counts
    /// as one change, and may be anything.
    pub fn replace(&mut self, text: impl Into<String>) {
        self.turn(text.into());
    }

    /// Takes the last change back; whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(delta) = self.done.pop() else { return false };
        self.page = Page::read(delta.reverted(&self.page.text), &self.namespace);
        self.undone.push(delta);
        true
    }

    /// Makes the change again that was taken back last; whether there was one.
    pub fn redo(&mut self) -> bool {
        let Some(delta) = self.undone.pop() else { return false };
        self.page = Page::read(delta.applied(&self.page.text), &self.namespace);
        self.done.push(delta);
        true
    }

    pub fn text(&self) -> &str {
        &self.page.text
    }

    /// The text that the draft began as.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// How many changes there are to be taken back.
    pub fn changes(&self) -> usize {
        self.done.len()
    }

    /// How many there are to be made again.
    pub fn undone(&self) -> usize {
        self.undone.len()
    }

    pub fn is_changed(&self) -> bool {
        self.page.text != self.base
    }

    /// What a check says of the text now, in its order.
    pub fn problems(&self) -> &[Problem] {
        &self.page.checked().problems
    }

    /// Those on the lines of a step, but not on those of a step inside of it.
    pub fn problems_of<'d>(&'d self, path: &str) -> impl Iterator<Item = &'d Problem> {
        let path = path.to_owned();
        let at = move |problem: &&Problem| self.step_at(problem.line) == Some(path.as_str());
        self.problems().iter().filter(at)
    }

    /// The innermost step on a line of the text, which counts from 1.
    pub fn step_at(&self, line: u32) -> Option<&str> {
        let rows = self.rows().iter();
        let there = rows.filter(|row| !row.is_heading() && row.lines.contains(&line));
        let smallest =
            there.min_by_key(|row| (row.lines.end() - row.lines.start(), u32::MAX - row.depth));
        smallest.map(|row| row.path.as_str())
    }

    /// What the text means, when it is valid.
    pub fn workflow(&self) -> Option<&Workflow> {
        self.page.checked().workflow.as_ref()
    }

    /// The steps in the order of the file, what is inside of one behind it; none of a text
    /// whose YAML cannot be read.
    pub fn rows(&self) -> &[Row] {
        self.page.read.as_ref().map_or(&[], Sheet::rows)
    }

    /// The row of a path.
    pub fn row(&self, path: &str) -> Option<&Row> {
        self.rows().iter().find(|row| row.path == path)
    }

    /// The fields of a step.
    ///
    /// # Errors
    ///
    /// [`Refused::Unread`] and [`Refused::NoStep`].
    pub fn form(&self, path: &str) -> Result<Form, Refused> {
        super::form::of(self.page.sheet()?, path)
    }

    /// Puts `text` in place and forgets what was undone, unless it is the same.
    fn turn(&mut self, text: String) {
        if text != self.page.text {
            self.keep(&text);
            self.page = Page::read(text, &self.namespace);
        }
    }

    fn keep(&mut self, text: &str) {
        self.done.push(Delta::between(&self.page.text, text));
        self.undone.clear();
    }
}

impl Page {
    fn read(text: String, namespace: &Label) -> Page {
        let read = Sheet::read(&text, namespace);
        let read = read.map_err(|_| check(&text, FILE, namespace));
        Page { text, read }
    }

    fn of(text: String, sheet: Sheet) -> Page {
        Page { text, read: Ok(sheet) }
    }

    fn sheet(&self) -> Result<&Sheet, Refused> {
        self.read.as_ref().map_err(|checked| Refused::Unread(checked.problems.clone()))
    }

    fn checked(&self) -> &Checked {
        self.read.as_ref().map_or_else(|checked| checked, Sheet::checked)
    }
}

impl Delta {
    fn between(before: &str, after: &str) -> Delta {
        let at = common(before.char_indices(), after.char_indices());
        let (one, other) = (&before[at..], &after[at..]);
        let tail: usize = one
            .chars()
            .rev()
            .zip(other.chars().rev())
            .take_while(|(a, b)| a == b)
            .map(|(c, _)| c.len_utf8())
            .sum();
        let [before, after] = [one, other].map(|text| text[..text.len() - tail].to_owned());
        Delta { at, before, after }
    }

    fn applied(&self, text: &str) -> String {
        put(text, self.at, &self.before, &self.after)
    }

    fn reverted(&self, text: &str) -> String {
        put(text, self.at, &self.after, &self.before)
    }
}

fn put(text: &str, at: usize, old: &str, new: &str) -> String {
    [&text[..at], new, &text[at + old.len()..]].concat()
}

/// The length in bytes of what two texts begin with.
fn common(
    one: impl Iterator<Item = (usize, char)>,
    other: impl Iterator<Item = (usize, char)>,
) -> usize {
    let same = one.zip(other).take_while(|(a, b)| a.1 == b.1);
    same.map(|((at, c), _)| at + c.len_utf8()).last().unwrap_or(0)
}
