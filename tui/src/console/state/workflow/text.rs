//! A text over the whole screen: the source of a revision, or a difference.

use rpa_ipc::Fault;
use rpa_ipc::catalog::SourceView;

use super::super::data::DataLine;
use super::super::{Call, Effect, State, news};
use super::rows::harmless;
use crate::console::command;
use crate::console::theme::Tone;
use crate::console::view::layout;
use crate::say;
use crate::text::column_for;
use crate::unified::{self, Mark};

/// What a text is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextWhat {
    Source(u32),
    /// From an older revision to a newer one.
    Diff(u32, u32),
}

#[derive(Clone, Debug)]
pub struct TextPane<W = TextWhat> {
    pub what: W,
    pub lines: Vec<DataLine>,
    pub top: usize,
    /// Cells that are cut off at the left.
    pub column: usize,
    /// What is looked for; empty: nothing.
    pub needle: String,
    /// The line that has it.
    pub hit: Option<usize>,
    /// It stands nowhere.
    pub missed: bool,
}

impl<W> TextPane<W> {
    pub fn new(what: W, lines: Vec<DataLine>) -> TextPane<W> {
        let needle = String::new();
        TextPane { what, lines, top: 0, column: 0, needle, hit: None, missed: false }
    }

    pub fn scroll(&mut self, by: isize, height: usize) {
        let last = self.lines.len().saturating_sub(height);
        self.top = self.top.saturating_add_signed(by).min(last);
    }

    /// The next line with the needle, or the one before; after the last the first. `width` and
    /// `height` are what the text is seen in.
    pub fn seek(&mut self, backwards: bool, (width, height): (usize, usize)) {
        if self.needle.is_empty() {
            return;
        }
        let exact = self.needle.chars().any(char::is_uppercase);
        let fold = |text: &str| if exact { text.to_owned() } else { text.to_lowercase() };
        let wanted = fold(&self.needle);
        let count = self.lines.len();
        let from = match self.hit {
            Some(hit) => hit,
            None if backwards => self.top,
            // the first line that is shown may have it
            None => (self.top + count).saturating_sub(1),
        };
        let at = |step: usize| match backwards {
            true => (from + count - step % count.max(1)) % count.max(1),
            false => (from + step) % count.max(1),
        };
        let found = (1..=count).map(at).find(|at| fold(&self.lines[*at].text).contains(&wanted));
        (self.hit, self.missed) = (found, found.is_none());
        if let Some(hit) = found {
            // the first cell has the sign of the hit
            let room = width.saturating_sub(1);
            let text = &self.lines[hit].text;
            self.column = column_for(text, &self.needle, self.column, room);
        }
        if let Some(hit) = found
            && (hit < self.top || hit >= self.top + height)
        {
            let last = count.saturating_sub(height);
            self.top = hit.saturating_sub(height / 3).min(last);
        }
    }
}

/// The lines of a source, numbered.
pub fn source_lines(source: &str) -> Vec<DataLine> {
    let width = source.lines().count().to_string().len();
    let line = |(number, text): (usize, &str)| {
        let text = format!("{number:>width$}  {}", harmless(text));
        // a comment is for people, and so easily overlooked
        let tone = if text.trim_start_matches(|c: char| c.is_numeric() || c == ' ').starts_with('#')
        {
            Tone::Faint
        } else {
            Tone::Plain
        };
        DataLine { tone, text }
    };
    (1..).zip(source.lines()).map(line).collect()
}

/// The lines of a difference.
pub fn diff_lines(text: &str) -> Vec<DataLine> {
    let line = |line: &str| {
        let tone = match unified::mark(line) {
            Mark::Head => Tone::Strong,
            Mark::Added => Tone::Good,
            Mark::Removed => Tone::Bad,
            Mark::Place => Tone::Busy,
            Mark::Same => Tone::Plain,
        };
        DataLine { tone, text: harmless(line) }
    };
    text.lines().map(line).collect()
}

/// What is to be shown once it has come.
pub fn fetch(state: &mut State, what: TextWhat) -> Vec<Effect> {
    let Some(open) = &state.workflow else { return Vec::new() };
    let workflow = open.name.clone();
    let (revisions, command) = match what {
        TextWhat::Source(revision) => {
            (vec![revision], command::source(&state.namespace, &workflow, revision))
        }
        TextWhat::Diff(from, to) => {
            (vec![from, to], command::diff(&state.namespace, &workflow, from, to))
        }
    };
    state.tell(Tone::Faint, String::new(), command);
    state.calls += 1;
    vec![Effect::Call(Call::Sources { workflow, revisions, what })]
}

/// The sources have come.
pub fn fetched(
    state: &mut State,
    workflow: &str,
    what: TextWhat,
    answer: Result<Vec<SourceView>, Fault>,
) {
    let views = match answer {
        Ok(views) => views,
        Err(fault) => return news::refused(state, &fault),
    };
    let Some(open) = state.workflow.as_mut().filter(|open| open.name == workflow) else { return };
    let lines = match &views[..] {
        [one] => source_lines(&one.source),
        [from, to, ..] => {
            let label = |view: &SourceView| {
                format!("{} revision {}", view.revision.workflow, view.revision.revision)
            };
            let text = unified::unified((&label(from), &from.source), (&label(to), &to.source));
            if text.is_empty() {
                let (from, to) = (from.revision.revision, to.revision.revision);
                let text = say!(state.words, "diff-same", from = from, to = to);
                return state.tell(Tone::Plain, text, String::new());
            }
            diff_lines(&text)
        }
        [] => return,
    };
    open.text = Some(TextPane::new(what, lines));
}

/// Looks for another text, from the first line that is shown.
pub fn search(state: &mut State, needle: String) {
    let Some(pane) = state.workflow.as_mut().and_then(|open| open.text.as_mut()) else { return };
    (pane.needle, pane.hit) = (needle, None);
    seek(state, false);
}

/// Looks for the next line, where a text is open.
pub fn seek(state: &mut State, backwards: bool) {
    let seen = (usize::from(layout::body(state).width), layout::text_rows(state));
    if let Some(pane) = state.workflow.as_mut().and_then(|open| open.text.as_mut()) {
        pane.seek(backwards, seen);
    }
}
