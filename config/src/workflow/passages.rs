//! Which lines of a file are about which step: for showing a step as it is written.
//!
//! A file of which only the YAML can be read has them too.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::node::{Data, Entry, Node};
use super::outline::Event;
use super::problem::Problems;
use super::tree;

/// Lines of a file, both counted from 1.
pub type Passage = RangeInclusive<u32>;

/// The lines of each step by its path as a run has it, without turns: `each/ask`,
/// `pay/@undo/refund`, `@failure/tell`. Comments above a step are not among them. A step
/// that repeats another by an alias has the lines of that one.
pub fn passages(source: &str) -> BTreeMap<String, Passage> {
    let mut problems = Problems::new("");
    let Some(root) = tree::parse(source, &mut problems) else { return BTreeMap::new() };
    let lines: Vec<&str> = source.lines().collect();
    let last = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    let mut found = Finder { lines: &lines, found: BTreeMap::new() };
    for (entry, end) in entries(&root, last) {
        match entry.key.as_str() {
            "steps" => found.list("", &entry.node, end),
            "handlers" => {
                for (handler, end) in entries(&entry.node, end) {
                    let known = Event::ALL.iter().any(|event| event.word() == handler.key);
                    if known {
                        found.list(&format!("@{}", handler.key), &handler.node, end);
                    }
                }
            }
            _ => {}
        }
    }
    found.found
}

struct Finder<'s> {
    lines: &'s [&'s str],
    found: BTreeMap<String, Passage>,
}

impl Finder<'_> {
    /// One step, or a list of them, up to line `end`.
    fn list(&mut self, scope: &str, node: &Node, end: u32) {
        let Data::List(items) = &node.data else { return self.step(scope, node, end) };
        for (at, item) in items.iter().enumerate() {
            let next = items.get(at + 1).map(|next| next.at.line);
            self.step(scope, item, before(next, item.at.line, end));
        }
    }

    fn step(&mut self, scope: &str, node: &Node, end: u32) {
        let Data::Map(keys) = &node.data else { return };
        let id = keys.iter().find(|entry| entry.key == "id").and_then(|entry| entry.node.scalar());
        let Some(id) = id else { return };
        let path = match scope {
            "" => id.text.clone(),
            scope => format!("{scope}/{}", id.text),
        };
        let from = node.at.line;
        self.found.insert(path.clone(), from..=self.without_tail(from, end));
        for (entry, end) in entries(node, end) {
            match entry.key.as_str() {
                "steps" | "default" => self.list(&path, &entry.node, end),
                "compensate" => self.list(&format!("{path}/@undo"), &entry.node, end),
                "cases" => {
                    for (case, end) in entries(&entry.node, end) {
                        self.list(&path, &case.node, end);
                    }
                }
                _ => {}
            }
        }
    }

    /// The last line of a step that ends before the line after `end`: blank lines and
    /// comments behind it belong to what follows.
    fn without_tail(&self, from: u32, end: u32) -> u32 {
        let is_tail = |line: u32| {
            let text = self.lines.get(line as usize - 1).map_or("", |line| line.trim());
            text.is_empty() || text.starts_with('#')
        };
        let mut last = end.max(from);
        while last > from && is_tail(last) {
            last -= 1;
        }
        last
    }
}

/// The entries of a map, each with its last line.
fn entries(node: &Node, end: u32) -> impl Iterator<Item = (&Entry, u32)> {
    let all: &[Entry] = match &node.data {
        Data::Map(entries) => entries,
        Data::Scalar(_) | Data::List(_) => &[],
    };
    all.iter().enumerate().map(move |(at, entry)| {
        let next = all.get(at + 1).map(|next| next.key_at.line);
        (entry, before(next, entry.key_at.line, end))
    })
}

/// The line before what follows; an alias may stand for what is elsewhere.
fn before(next: Option<u32>, from: u32, end: u32) -> u32 {
    match next {
        Some(next) if next > from => (next - 1).min(end.max(from)),
        Some(_) => from,
        None => end.max(from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str) -> Vec<(String, u32, u32)> {
        let all = passages(source).into_iter();
        all.map(|(path, lines)| (path, *lines.start(), *lines.end())).collect()
    }

    #[test]
    fn each_step_has_its_lines() {
        let source = "\
version: 1
name: a
steps:
  # the first
  - id: first
    run: |
      echo # no comment

  # about the second
  - id: each
    for_each: \"{{ vars.all }}\"
    steps:
      - {id: one, uses: noop}
      - id: two
        uses: noop
        compensate: {id: back, uses: noop}
    outputs: {x: 1}
  - id: which
    switch: \"{{ vars.kind }}\"
    cases:
      a: [{id: yes, uses: noop}]
      b:
        - id: no
          uses: noop
    default:
      - id: other
        uses: noop

handlers:
  failure:
    - id: tell
      uses: log
";
        let wanted = [
            ("@failure/tell", 31, 32),
            ("each", 10, 17),
            ("each/one", 13, 13),
            ("each/two", 14, 16),
            ("each/two/@undo/back", 16, 16),
            ("first", 5, 7),
            ("which", 18, 27),
            ("which/no", 23, 24),
            ("which/other", 26, 27),
            ("which/yes", 21, 21),
        ];
        let wanted = wanted.map(|(path, from, to)| (path.to_owned(), from, to));
        assert_eq!(shown(source), wanted);
    }

    #[test]
    fn any_text_has_passages_within_its_lines() {
        for source in ["", "steps: [", "steps: [{id: a}]", "a: &a {id: x}\nsteps: [*a, *a]", "- 1"]
        {
            let lines = u32::try_from(source.lines().count()).unwrap();
            for (path, from, to) in shown(source) {
                assert!(from >= 1 && from <= to && to <= lines, "{source:?} {path}");
            }
        }
    }
}
