//! From YAML events to [`Node`]s, within limits.
//!
//! The parser's events are used rather than serde because a check has to report
//! every problem with its place, and serde stops at the first.

use std::collections::HashMap;

use serde_saphyr::granit_parser::{Event, ScalarStyle, ScanError, Span, Tag};

use super::build::Builder;
use super::limits::MAX_FILE_BYTES;
use super::node::{Node, Scalar, ScalarKind};
use super::problem::{Pos, ProblemCode, Problems};
use super::scalar;
use crate::yaml::{Told, events};

/// Reading cannot go on; the problem has been reported.
#[derive(Debug)]
pub(crate) struct Stop;

/// The one document in `source`; `None` when a problem was found that leaves
/// nothing to look at.
pub(crate) fn parse(source: &str, problems: &mut Problems) -> Option<Node> {
    if !fits(source.len(), problems) {
        return None;
    }
    read(source, events(source), problems)
}

/// The same of what the parser has told of a source that is not too large.
pub(crate) fn read<'s>(
    source: &'s str,
    events: impl Iterator<Item = Told<'s>>,
    problems: &mut Problems,
) -> Option<Node> {
    let mut reader =
        Reader { source, problems, builder: Builder::default(), anchors: HashMap::new() };
    let root = reader.read(events).ok()?;
    if root.is_none() {
        problems.error(
            ProblemCode::MissingKey,
            Pos::START,
            "the file is empty",
            "begin with `version: 1`, `name:` and `steps:`",
        );
    }
    root
}

/// Whether a file of so many bytes is read at all; reports it when not.
pub(crate) fn fits(bytes: usize, problems: &mut Problems) -> bool {
    let fits = bytes <= MAX_FILE_BYTES;
    if !fits {
        problems.error(
            ProblemCode::FileLimit,
            Pos::START,
            format!("the file has {bytes} bytes; at most {MAX_FILE_BYTES} are allowed"),
            "keep data in files of its own and read them with file.read",
        );
    }
    fits
}

struct Reader<'s, 'p> {
    source: &'s str,
    problems: &'p mut Problems,
    builder: Builder,
    /// Completed anchored nodes by the parser's id.
    anchors: HashMap<usize, Node>,
}

impl Reader<'_, '_> {
    fn read<'e>(&mut self, events: impl Iterator<Item = Told<'e>>) -> Result<Option<Node>, Stop> {
        let mut documents = 0;
        for next in events {
            let (event, span) = next.map_err(|error| self.broken(&error))?;
            if matches!(event, Event::DocumentStart(..)) {
                documents += 1;
                if documents > 1 {
                    return Err(self.second_document(&span));
                }
            }
            self.event(event, &span)?;
        }
        Ok(self.builder.take_root())
    }

    fn event(&mut self, event: Event<'_>, span: &Span) -> Result<(), Stop> {
        let at = place(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let node = self.scalar(text.into_owned(), style, tag.as_deref(), span);
                self.complete(node, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), "seq", at);
                self.builder.open_list(at, anchor, self.problems)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), "map", at);
                self.builder.open_map(at, anchor, self.problems)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.builder.close() {
                Some((node, anchor)) => self.complete(node, anchor),
                None => Ok(()),
            },
            Event::Alias(id) => self.alias(id, at),
            // without a place in the tree; an anchor comes with its node as well
            _ => Ok(()),
        }
    }

    fn complete(&mut self, node: Node, anchor: usize) -> Result<(), Stop> {
        if anchor != 0 {
            self.builder.charge(&node, self.problems)?;
            self.anchors.insert(anchor, node.clone());
        }
        self.builder.attach(node, self.problems)
    }

    fn alias(&mut self, id: usize, at: Pos) -> Result<(), Stop> {
        let Some(node) = self.anchors.get(&id) else {
            self.problems.error(
                ProblemCode::Yaml,
                at,
                "an alias stands inside the node that it repeats",
                "write the value out",
            );
            return Err(Stop);
        };
        self.builder.charge(node, self.problems)?;
        self.builder.attach(node.clone(), self.problems)
    }

    fn scalar(&mut self, text: String, style: ScalarStyle, tag: Option<&Tag>, span: &Span) -> Node {
        let at = place(span);
        let range = span.byte_range().unwrap_or_default();
        // the parser writes `~` for a value that is not there
        let text =
            if style == ScalarStyle::Plain && range.is_empty() { String::new() } else { text };
        let plain = match tag.map(Tag::core_suffix) {
            None => style == ScalarStyle::Plain,
            Some(Some("str")) => false,
            Some(_) => {
                self.refuse_tag(tag, "str", at);
                false
            }
        };
        let kind = match plain.then(|| scalar::resolve(&text)) {
            None => ScalarKind::Text,
            Some(Ok(kind)) => kind,
            Some(Err(error)) => {
                let message = format!("{text} {error}");
                self.problems.error(ProblemCode::WrongType, at, message, "quote it to mean text");
                ScalarKind::Text
            }
        };
        Node::new_scalar(at, range, Scalar { text, kind })
    }

    /// Tags other than the one that a node of this shape has anyway.
    fn refuse_tag(&mut self, tag: Option<&Tag>, natural: &str, at: Pos) {
        if let Some(tag) = tag
            && tag.core_suffix() != Some(natural)
        {
            self.problems.error(
                ProblemCode::NotSupported,
                at,
                format!("the YAML tag {} is not supported", tag.original()),
                "leave the tag out; quotes make a string of anything",
            );
        }
    }

    fn broken(&mut self, error: &ScanError) -> Stop {
        let at = pos(error.marker().line(), error.marker().col());
        // a tab makes the parser stumble on its line or on the one before it
        let near = self.source.lines().skip(error.marker().line().saturating_sub(1)).take(2);
        let has_tab = |line: &str| line[..line.len() - line.trim_start().len()].contains('\t');
        let hint = if near.into_iter().any(has_tab) {
            "indent with spaces: YAML allows no tabs there"
        } else {
            "look at the indentation, brackets and quotes up to there; \
             quote text that contains `: ` or begins with one of { [ * & ! % @ `"
        };
        let info = error.info();
        let message = info.lines().next().unwrap_or("not valid YAML");
        self.problems.error(ProblemCode::Yaml, at, message, hint);
        Stop
    }

    fn second_document(&mut self, span: &Span) -> Stop {
        self.problems.error(
            ProblemCode::Yaml,
            place(span),
            "a second document begins here",
            "one file holds one workflow: move it to a file of its own",
        );
        Stop
    }
}

fn place(span: &Span) -> Pos {
    pos(span.start.line(), span.start.col())
}

fn pos(line: usize, column_from_0: usize) -> Pos {
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Pos { line: narrow(line.max(1)), column: narrow(column_from_0.saturating_add(1)) }
}
