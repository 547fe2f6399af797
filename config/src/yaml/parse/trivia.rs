//! What lies between nodes: comments, empty lines, signs.

use super::Reader;
use crate::yaml::{Lead, Note};

/// What was passed on the way to a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trivia {
    /// The line that begins at this byte.
    Blank(usize),
    Comment {
        text: String,
        column: usize,
        at: usize,
    },
}

impl Trivia {
    fn at(&self) -> usize {
        match self {
            Trivia::Blank(at) | Trivia::Comment { at, .. } => *at,
        }
    }
}

impl<'s> Reader<'s> {
    /// Goes on to `to`, over signs, and keeps the comments on the way.
    pub(super) fn pass(&mut self, to: usize) {
        while self.at < to {
            if !self.pass_one() {
                self.at += 1;
            }
        }
    }

    /// Goes on over blanks, empty lines and comments, up to a sign or node.
    pub(super) fn pass_trivia(&mut self) {
        while self.pass_one() {}
    }

    /// Goes on over anchors and tags as well.
    pub(super) fn pass_properties(&mut self) {
        self.pass_trivia();
        while self.source[self.at..].starts_with(['&', '!']) {
            let word = self.source[self.at..].find([' ', '\t', '\n']);
            self.at = word.map_or(self.source.len(), |length| self.at + length);
            self.pass_trivia();
        }
    }

    /// One blank, line break or comment; gives whether there was one.
    fn pass_one(&mut self) -> bool {
        match self.source.as_bytes().get(self.at) {
            Some(b' ' | b'\t') => {}
            Some(b'\n') => {
                if self.line_before(self.at).trim_ascii().is_empty() {
                    self.pending.push(Trivia::Blank(self.line_start(self.at)));
                }
            }
            Some(b'#') if self.is_comment(self.at) => {
                let (column, at) = (self.column(self.at), self.line_or(self.at));
                let text = self.comment(self.at);
                self.at += text.len();
                let text = text.trim_end().to_owned();
                self.pending.push(Trivia::Comment { text, column, at });
                return true;
            }
            _ => return false,
        }
        self.at += 1;
        true
    }

    /// Goes on behind the colon of a key, where there is one.
    pub(super) fn pass_colon(&mut self) {
        self.pass_trivia();
        if self.source[self.at..].starts_with(':') {
            self.at += 1;
        }
    }

    /// A comment on this line behind what was read; in brackets also behind a comma.
    pub(super) fn note(&mut self, in_flow: bool) -> Option<Note> {
        let start = self.behind_blanks(self.at);
        let comma = in_flow && self.source[start..].starts_with(',');
        let hash = if comma { self.behind_blanks(start + 1) } else { start };
        self.note_at(hash)
    }

    /// A comment on this line behind a key or dash, of which an anchor may be part.
    pub(super) fn opening_note(&mut self) -> Option<Note> {
        let mut at = self.behind_blanks(self.at);
        while self.source[at..].starts_with(['&', '!']) {
            let word = self.source[at..].find([' ', '\t', '\n']);
            at = self.behind_blanks(word.map_or(self.source.len(), |length| at + length));
        }
        self.note_at(at)
    }

    fn note_at(&mut self, at: usize) -> Option<Note> {
        if !self.source[at..].starts_with('#') || !self.is_comment(at) {
            return None;
        }
        let before = &self.source[..at];
        let blanks = &before[before.trim_end_matches([' ', '\t']).len()..];
        let gap = if blanks.contains('\t') { 1 } else { blanks.len() };
        let text = self.comment(at);
        self.at = at + text.len();
        Some(Note { gap, text: text.trim_end().to_owned() })
    }

    /// What was passed, as lines of their own.
    pub(super) fn drain(&mut self) -> Vec<Lead> {
        leads(&mut self.pending, usize::MAX)
    }

    /// What belongs behind the last of a list or map whose entries begin at `column`:
    /// comments that stand no further left, up to the first that does.
    pub(super) fn tail(&mut self, column: Option<usize>) -> Vec<Lead> {
        self.pass_trivia();
        let column = column.unwrap_or(0);
        let next = (self.at < self.source.len()).then(|| self.indentation(self.at));
        let mut kept = 0;
        for (index, trivia) in self.pending.iter().enumerate() {
            match trivia {
                Trivia::Blank(_) => {}
                Trivia::Comment { column: at, .. }
                    if *at >= column && next.is_none_or(|next| *at > next) =>
                {
                    kept = index + 1;
                }
                Trivia::Comment { .. } => break,
            }
        }
        leads(&mut self.pending, kept)
    }

    /// Where what comes next begins, with what was passed before it.
    pub(super) fn from(&self) -> usize {
        self.pending.first().map_or_else(|| self.line_or(self.at), Trivia::at)
    }

    /// Where what has been read ends: behind its last line.
    pub(super) fn until(&self) -> usize {
        if let Some(first) = self.pending.first() {
            return first.at();
        }
        if self.line_before(self.at).trim_ascii().is_empty() {
            return self.line_start(self.at);
        }
        let rest = &self.source[self.at..];
        rest.find('\n').map_or(self.source.len(), |end| self.at + end + 1)
    }

    /// The start of the line at `at`, or `at` itself when something stands before it.
    fn line_or(&self, at: usize) -> usize {
        if self.line_before(at).trim_ascii().is_empty() { self.line_start(at) } else { at }
    }

    /// How far the line at `at` is indented.
    pub(super) fn indentation(&self, at: usize) -> usize {
        let start = self.line_start(at);
        let line = &self.source[start..];
        line.len() - line.trim_start_matches(' ').len()
    }

    /// Bytes before `at` on its line.
    pub(super) fn column(&self, at: usize) -> usize {
        at - self.line_start(at)
    }

    fn line_start(&self, at: usize) -> usize {
        self.source[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    fn line_before(&self, at: usize) -> &'s str {
        &self.source[self.line_start(at)..at]
    }

    fn behind_blanks(&self, at: usize) -> usize {
        let rest = &self.source[at..];
        at + rest.len() - rest.trim_start_matches([' ', '\t']).len()
    }

    /// Whether a `#` begins a comment: one within a word does not.
    fn is_comment(&self, at: usize) -> bool {
        self.source[..at].chars().next_back().is_none_or(|c| matches!(c, ' ' | '\t' | '\n'))
    }

    fn comment(&self, at: usize) -> &'s str {
        let rest = &self.source[at..];
        &rest[..rest.find('\n').unwrap_or(rest.len())]
    }
}

fn leads(pending: &mut Vec<Trivia>, most: usize) -> Vec<Lead> {
    let count = pending.len().min(most);
    let mut leads: Vec<Lead> = Vec::with_capacity(count);
    for trivia in pending.drain(..count) {
        match trivia {
            Trivia::Blank(_) if leads.last() == Some(&Lead::Blank) => {}
            Trivia::Blank(_) => leads.push(Lead::Blank),
            Trivia::Comment { text, .. } => leads.push(Lead::Comment(text)),
        }
    }
    leads
}
