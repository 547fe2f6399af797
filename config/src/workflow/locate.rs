//! Where in the file a part of a scalar's text stands.

use super::node::Node;
use super::problem::Pos;

/// The place of the bytes `start..end` of `node`'s text.
///
/// Exact as long as the source has that part verbatim, so for plain and quoted
/// text without escapes and for block scalars; else the start of the scalar.
pub(crate) fn part(source: &str, node: &Node, start: usize, end: usize) -> Pos {
    let found = || {
        let text = &node.scalar()?.text;
        let raw = source.get(node.range.clone())?;
        let line_end = text.get(start..)?.find('\n').map_or(text.len(), |n| start + n);
        let offset = offset(text, raw, start, line_end)
            .or_else(|| offset(text, raw, start, end.min(line_end)))?;
        Some(advance(node.at, &raw[..offset]))
    };
    found().unwrap_or(node.at)
}

/// The place where `needle` first stands in `node`'s text as a whole word.
pub(crate) fn word(source: &str, node: &Node, needle: &str) -> Pos {
    let text = node.scalar().map_or("", |s| s.text.as_str());
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let whole = |start: usize| {
        let before = text[..start].chars().next_back();
        let after = text[start + needle.len()..].chars().next();
        !before.is_some_and(|c| part_of_word(c) || c == '.') && !after.is_some_and(part_of_word)
    };
    match text.match_indices(needle).map(|(start, _)| start).find(|start| whole(*start)) {
        Some(start) => part(source, node, start, start + needle.len()),
        None => node.at,
    }
}

/// The place right after `text`, which begins the file.
pub(crate) fn end_of(text: &str) -> Pos {
    advance(Pos::START, text)
}

/// The place in `raw` of the occurrence of `text[start..end]` that has as many
/// before it there as in `text`.
fn offset(text: &str, raw: &str, start: usize, end: usize) -> Option<usize> {
    let needle = text.get(start..end).filter(|needle| !needle.is_empty())?;
    let earlier = text.match_indices(needle).take_while(|(i, _)| *i < start).count();
    raw.match_indices(needle).nth(earlier).map(|(i, _)| i)
}

fn advance(from: Pos, passed: &str) -> Pos {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    match passed.rfind('\n') {
        None => Pos { column: from.column + count(passed.chars().count()), ..from },
        Some(last) => Pos {
            line: from.line + count(passed.matches('\n').count()),
            column: 1 + count(passed[last + 1..].chars().count()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::node::Data;
    use super::super::problem::Problems;
    use super::super::tree;
    use super::*;

    /// The place of `needle` in the value of the only key.
    fn place(source: &str, needle: &str) -> (u32, u32) {
        let mut problems = Problems::new("f");
        let root = tree::parse(source, &mut problems).unwrap();
        let Data::Map(entries) = root.data else { panic!("no map") };
        let Pos { line, column } = word(source, &entries[0].node, needle);
        (line, column)
    }

    #[test]
    fn parts_of_scalars() {
        for (source, at) in [
            ("k: a {{ vars.x }}", (1, 9)),
            ("k: \"{{ vars.x }}\"", (1, 8)),
            ("k: '{{ vars.x }}'", (1, 8)),
            ("k: \"é {{ vars.x }}\"", (1, 10)),
            ("k: \"\\u0076ars.x\"", (1, 4)), // escaped: the scalar's start
            ("k: \"a \\\" {{ vars.x }}\"", (1, 13)),
            ("k: |\n  a\n  b {{ vars.x }}\n", (3, 8)),
            ("k: |\n\n  a vars.x1 vars.x\n", (3, 13)),
            ("k: >-\n  a\n  b vars.x\n", (3, 5)),
            ("k: a\n  vars.x\n", (2, 3)),
        ] {
            assert_eq!(place(source, "vars.x"), at, "{source}");
        }
    }
}
