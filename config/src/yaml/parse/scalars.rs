//! Text as it is written.

use serde_saphyr::granit_parser::ScalarStyle;

use super::{Reader, Unkept};
use crate::yaml::{Block, Body, Chomp, Note, Quote};

const BLANKS: [char; 2] = [' ', '\t'];

/// Plain or quoted text. Blanks around its line breaks say nothing.
pub(super) fn text(raw: &str, style: ScalarStyle) -> Body {
    let quote = match style {
        ScalarStyle::SingleQuoted => Quote::Single,
        ScalarStyle::DoubleQuoted => Quote::Double,
        _ => Quote::None,
    };
    let raw = if quote == Quote::None { raw.trim_end() } else { raw };
    let count = raw.matches('\n').count();
    let line = |(index, line): (usize, &str)| {
        let line = if index == 0 { line } else { line.trim_start_matches(BLANKS) };
        let trimmed = line.trim_end_matches(BLANKS);
        // `\ ` at the end of a line is a blank that was meant
        if index == count || trimmed.ends_with('\\') { line } else { trimmed }.to_owned()
    };
    Body::Text { quote, lines: raw.split('\n').enumerate().map(line).collect() }
}

impl Reader<'_> {
    /// Text behind `|` or `>` up to `end`, with the comment behind the sign. `text` is what
    /// it means.
    pub(super) fn block_scalar(
        &mut self,
        end: usize,
        text: &str,
    ) -> Result<(Block, Option<Note>), Unkept> {
        self.pass_properties();
        let folded = match self.source.as_bytes().get(self.at) {
            Some(b'|') => false,
            Some(b'>') => true,
            _ => return Err(self.unkept("a block of text without its sign")),
        };
        let rest = &self.source[self.at..];
        let is_sign = |c: char| matches!(c, '|' | '>' | '+' | '-') || c.is_ascii_digit();
        let signs = &rest[..rest.find(|c| !is_sign(c)).unwrap_or(rest.len())];
        let chomp = match (signs.contains('+'), signs.contains('-')) {
            (true, _) => Chomp::Keep,
            (false, true) => Chomp::Strip,
            (false, false) => Chomp::Clip,
        };
        self.end_at(self.at + signs.len());
        let note = self.note(false);
        let body =
            rest.find('\n').map_or(end, |length| self.source.len() - rest.len() + length + 1);
        let raw = self.source.get(body..end).unwrap_or_default();
        // what the parser has passed may go on over empty lines that are none of it: the
        // last line break stays before them, so that they are seen
        let length = match chomp {
            // the last line of a file may have no break
            Chomp::Keep => raw.trim_end_matches([' ', '\t']).len(),
            Chomp::Clip | Chomp::Strip => raw.trim_end_matches([' ', '\t', '\n']).len(),
        };
        if length > 0 {
            self.end_at(body + length);
        }
        Ok((Block { folded, chomp, lines: lines(raw, text, chomp) }, note))
    }
}

/// The lines without their indentation, which is that of the first that says anything.
fn lines(body: &str, text: &str, chomp: Chomp) -> Vec<String> {
    let leading = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let raw: Vec<&str> = body.split('\n').collect();
    let first = text.split('\n').enumerate().find(|(_, line)| !line.is_empty());
    let Some((index, line)) = first else {
        let kept = if chomp == Chomp::Keep { text.len() } else { 0 };
        return vec![String::new(); kept];
    };
    let written = raw.get(index).copied().unwrap_or_default();
    let indent = leading(written).saturating_sub(leading(line));
    let mut lines: Vec<String> =
        raw.iter().map(|line| line.get(indent..).unwrap_or_default().to_owned()).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    if chomp == Chomp::Keep {
        let breaks = text.len() - text.trim_end_matches('\n').len();
        lines.extend(vec![String::new(); breaks.saturating_sub(1)]);
    }
    lines
}
