//! Reading a document with its comments. The parser says where nodes are; what lies
//! between them are comments, empty lines and signs that are written anew.

mod scalars;
mod trivia;

use std::ops::Range;

use serde_saphyr::granit_parser::{
    self, Event, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag,
};

use super::{Body, Document, Entry, Item, Lead, List, Map, Node, Note};
use trivia::Trivia;

/// Something is written in a way that cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} on line {line}")]
pub struct Unkept {
    /// Counts from 1.
    pub line: usize,
    /// What it is, for people.
    pub what: &'static str,
}

/// What the parser tells of a source, one thing after the other.
pub(crate) type Told<'s> = Result<(Event<'s>, Span), ScanError>;

pub(crate) fn events(source: &str) -> impl Iterator<Item = Told<'_>> {
    let options = granit_parser::options! { emit_comments: false, emit_anchor_events: true };
    Parser::new_from_str_with_options(source, options)
}

/// Reads a document in which line breaks are `\n`, without a byte order mark.
///
/// Whether it is valid in every other way is for others to say: of what is not, it gives
/// an error or a document that says something else.
pub fn parse(source: &str) -> Result<Document, Unkept> {
    read(source, events(source))
}

/// The same of what the parser has told.
pub(crate) fn read<'s>(
    source: &'s str,
    events: impl Iterator<Item = Told<'s>>,
) -> Result<Document, Unkept> {
    let tokens = tokens(events)?;
    let mut reader = Reader { source, tokens, next: 0, at: 0, ended: 0, pending: Vec::new() };
    let mut lead = Vec::new();
    reader.pass_trivia();
    let mut root = reader.value(&mut lead, false)?;
    reader.pass(source.len());
    let rest = reader.drain();
    match &mut root.body {
        Body::Map(map) => {
            match map.entries.first_mut() {
                Some(first) => {
                    lead.append(&mut first.lead);
                    first.lead = lead;
                }
                None => map.tail = lead,
            }
            map.tail.extend(rest);
        }
        _ => return Err(Unkept { line: 1, what: "no map at the top" }),
    }
    Ok(Document { root })
}

/// What the parser has found, with its place in bytes.
#[derive(Debug)]
struct Token {
    shape: Shape,
    range: Range<usize>,
    anchor: Option<String>,
    tag: Option<String>,
}

#[derive(Debug)]
enum Shape {
    Scalar(ScalarStyle, String),
    Alias,
    List(StructureStyle),
    Map(StructureStyle),
    End,
}

fn tokens<'s>(events: impl Iterator<Item = Told<'s>>) -> Result<Vec<Token>, Unkept> {
    let mut tokens: Vec<Token> = Vec::new();
    for next in events {
        let unread = |line: usize| Unkept { line: line.max(1), what: "text that is no YAML" };
        let (event, span) = next.map_err(|error| unread(error.marker().line()))?;
        let (shape, tag) = match event {
            Event::Scalar(text, style, _, tag) => (Shape::Scalar(style, text.into_owned()), tag),
            Event::Alias(_) => (Shape::Alias, None),
            Event::SequenceStart(style, _, tag) => (Shape::List(style), tag),
            Event::MappingStart(style, _, tag) => (Shape::Map(style), tag),
            Event::SequenceEnd | Event::MappingEnd => (Shape::End, None),
            Event::Anchor(_, name) => {
                if let Some(last) = tokens.last_mut() {
                    last.anchor = Some(name.into_owned());
                }
                continue;
            }
            _ => continue,
        };
        let range = place(&span).ok_or_else(|| unread(span.start.line()))?;
        tokens.push(Token { shape, range, anchor: None, tag: tag.as_deref().map(Tag::original) });
    }
    Ok(tokens)
}

fn place(span: &Span) -> Option<Range<usize>> {
    span.byte_range()
}

struct Reader<'s> {
    source: &'s str,
    tokens: Vec<Token>,
    /// Index of the token that is read next.
    next: usize,
    /// The byte after what has been read.
    at: usize,
    /// The byte after the last value or key.
    ended: usize,
    /// What was passed and belongs to nobody yet.
    pending: Vec<Trivia>,
}

impl Reader<'_> {
    /// A value, whatever it is. Comments before it that cannot stand there go to `lead`.
    fn value(&mut self, lead: &mut Vec<Lead>, in_flow: bool) -> Result<Node, Unkept> {
        let opening = self.opening_note();
        let Some(token) = self.take() else {
            return Err(self.unkept("a value that is not there"));
        };
        let Token { shape, range, anchor, tag } = token;
        let start = range.start;
        let (body, closing) = match shape {
            Shape::End => return Err(self.unkept("a list that ends too soon")),
            Shape::Map(StructureStyle::Block) => (Body::Map(self.block_map()?), None),
            Shape::List(StructureStyle::Block) => (Body::List(self.block_list()?), None),
            Shape::Map(StructureStyle::Flow) | Shape::List(StructureStyle::Flow) => {
                let is_map = matches!(shape, Shape::Map(_));
                self.before(start, lead);
                let mut node = self.flow(is_map, start, opening, lead, in_flow)?;
                (node.anchor, node.tag) = (anchor, tag);
                return Ok(node);
            }
            Shape::Scalar(ScalarStyle::Plain, _) if range.is_empty() => (Body::Empty, None),
            Shape::Scalar(ScalarStyle::Literal | ScalarStyle::Folded, text) => {
                // its comment stands behind the sign
                let (block, note) = self.block_scalar(range.end, &text)?;
                lead.extend(self.drain().into_iter().filter(|lead| *lead != Lead::Blank));
                (Body::Block(block), note)
            }
            Shape::Scalar(style, _) => {
                self.before(start, lead);
                let body = scalars::text(&self.source[range.clone()], style);
                self.end_at(range.end);
                (body, self.note(in_flow))
            }
            Shape::Alias => {
                self.before(start, lead);
                self.end_at(range.end);
                let name = self.source[range.clone()].trim_start_matches('*').to_owned();
                (Body::Alias(name), self.note(in_flow))
            }
        };
        let note = one(opening, closing, lead);
        // what is not there is said to be where the next node is
        let range = if body == Body::Empty { range } else { start..self.ended.max(start) };
        Ok(Node { anchor, tag, note, body, range })
    }

    fn block_map(&mut self) -> Result<Map, Unkept> {
        let mut entries = Vec::new();
        let mut column = None;
        while !self.at_end() {
            let token = self.take_key()?;
            self.pass_trivia();
            column.get_or_insert_with(|| self.column(self.at));
            let from = self.from();
            if !token.range.is_empty() {
                self.pass(token.range.start);
            }
            let mut lead = self.drain();
            let (key, name) = self.key(token)?;
            self.pass_colon();
            let value = self.value(&mut lead, false)?;
            entries.push(Entry { lead, key, name, value, span: from..self.until() });
        }
        self.take();
        Ok(Map { flow: false, entries, tail: self.tail(column) })
    }

    fn block_list(&mut self) -> Result<List, Unkept> {
        let mut items = Vec::new();
        let mut column = None;
        while !self.at_end() {
            self.pass_trivia();
            if !self.source[self.at..].starts_with('-') {
                return Err(self.unkept("an item without its dash"));
            }
            column.get_or_insert_with(|| self.column(self.at));
            let (from, dash) = (self.from(), self.at);
            let mut lead = self.drain();
            self.at += 1;
            let value = self.value(&mut lead, false)?;
            items.push(Item { lead, value, span: from..self.until(), dash });
        }
        self.take();
        Ok(List { flow: false, items, tail: self.tail(column) })
    }

    /// What stands in braces or brackets, or is a pair within brackets without any.
    fn flow(
        &mut self,
        is_map: bool,
        start: usize,
        opening: Option<Note>,
        lead: &mut Vec<Lead>,
        in_flow: bool,
    ) -> Result<Node, Unkept> {
        let enclosed = matches!(self.source.as_bytes().get(start), Some(b'{' | b'['));
        let mut inner = None;
        if enclosed {
            self.at = start + 1;
            inner = self.note(false);
        }
        let opening = one(opening, inner, lead);
        let (mut entries, mut items) = (Vec::new(), Vec::new());
        while !self.at_end() {
            if is_map {
                let token = self.take_key()?;
                if !token.range.is_empty() {
                    self.pass(token.range.start);
                }
                let mut lead = self.drain();
                let (key, name) = self.key(token)?;
                self.pass_colon();
                let value = self.value(&mut lead, true)?;
                entries.push(Entry { lead, key, name, value, span: 0..0 });
            } else {
                let mut lead = Vec::new();
                let value = self.value(&mut lead, true)?;
                items.push(Item { lead, ..Item::made(value) });
            }
        }
        let end = self.take().map_or(self.at, |token| token.range.end);
        if enclosed {
            self.pass(end);
            self.end_at(end);
        }
        let flow = !self.source[start.min(self.at)..self.at].contains('\n');
        let range = start.min(self.at)..self.at;
        let mut tail = self.drain();
        let mut note = opening;
        let closing = self.note(in_flow);
        if flow {
            note = one(note, closing, lead);
        } else {
            tail.extend(closing.map(|note| Lead::Comment(note.text)));
        }
        if entries.is_empty() && items.is_empty() {
            // there is no line for them between `[` and `]`
            lead.extend(tail.drain(..).filter(|lead| *lead != Lead::Blank));
            let body = match is_map {
                true => Body::Map(Map { flow: true, entries, tail }),
                false => Body::List(List { flow: true, items, tail }),
            };
            return Ok(Node { note, ..Node::new(body, range) });
        }
        let body = match is_map {
            true => Body::Map(Map { flow, entries, tail }),
            false => Body::List(List { flow, items, tail }),
        };
        Ok(Node { note, ..Node::new(body, range) })
    }

    /// A key and its text.
    fn key(&mut self, token: Token) -> Result<(Node, String), Unkept> {
        let Token { shape, range, anchor, tag } = token;
        let raw = &self.source[range.clone()];
        if raw.contains('\n') {
            return Err(self.unkept("a key of several lines"));
        }
        let (body, name) = match shape {
            Shape::Scalar(ScalarStyle::Plain, _) if range.is_empty() => {
                (Body::Empty, String::new())
            }
            Shape::Scalar(style, text) => (scalars::text(raw, style), text),
            Shape::Alias => {
                let name = raw.trim_start_matches('*').to_owned();
                (Body::Alias(name.clone()), name)
            }
            Shape::List(_) | Shape::Map(_) | Shape::End => {
                return Err(self.unkept("a list or map as a key"));
            }
        };
        self.end_at(range.end.max(self.at));
        Ok((Node { anchor, tag, ..Node::new(body, range) }, name))
    }

    /// Passes what lies before a value on the same or further lines: comments there go
    /// above its key.
    fn before(&mut self, start: usize, lead: &mut Vec<Lead>) {
        self.pass(start);
        lead.extend(self.drain().into_iter().filter(|lead| *lead != Lead::Blank));
    }

    fn end_at(&mut self, end: usize) {
        self.at = end;
        self.ended = end;
    }

    fn at_end(&self) -> bool {
        self.tokens.get(self.next).is_none_or(|token| matches!(token.shape, Shape::End))
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get_mut(self.next)?;
        self.next += 1;
        let empty = Token { shape: Shape::End, range: 0..0, anchor: None, tag: None };
        Some(std::mem::replace(token, empty))
    }

    fn take_key(&mut self) -> Result<Token, Unkept> {
        self.take().ok_or_else(|| self.unkept("a key that is not there"))
    }

    fn unkept(&self, what: &'static str) -> Unkept {
        let line = 1 + self.source[..self.at.min(self.source.len())].matches('\n').count();
        Unkept { line, what }
    }
}

/// The comment of a value, of two that there may be; the first then goes above it.
fn one(opening: Option<Note>, closing: Option<Note>, lead: &mut Vec<Lead>) -> Option<Note> {
    match (opening, closing) {
        (Some(opening), Some(closing)) => {
            lead.push(Lead::Comment(opening.text));
            Some(closing)
        }
        (opening, closing) => closing.or(opening),
    }
}
