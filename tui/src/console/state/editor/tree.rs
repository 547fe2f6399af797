//! The steps of a draft as the console draws them, also while it is not valid.

use std::collections::{HashMap, HashSet};

use rpa_config::edit::Row;

use crate::definition::{Definition, Outlined};
use crate::text::sanitize;

/// The steps of a draft: as they are drawn, and beside each its row.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub definition: Definition,
    /// In the order of the steps of the definition.
    pub rows: Vec<Row>,
}

impl Tree {
    /// `checked` is what the text means where it is valid: what holds for the steps beside
    /// their kind is taken from it.
    pub fn of(rows: Vec<Row>, checked: &Definition) -> Tree {
        let rows = in_order(rows);
        let facts: HashMap<&str, &Outlined> =
            checked.steps.iter().map(|step| (step.path.as_str(), step)).collect();
        let steps = rows.iter().map(|row| outlined(row, facts.get(row.path.as_str()).copied()));
        let steps = steps.collect();
        let definition = Definition {
            steps,
            unread: None,
            timeout_ms: checked.timeout_ms,
            priority: checked.priority.clone(),
            concurrency: checked.concurrency,
        };
        Tree { definition, rows }
    }

    /// The index of a step by its path as the text has it.
    pub fn index(&self, path: &str) -> Option<usize> {
        self.rows.iter().position(|row| row.path == path)
    }

    /// The indexes of a step and all that is inside of it.
    pub fn whole(&self, at: usize) -> std::ops::Range<usize> {
        let depth = self.rows[at].depth;
        let inside = self.rows[at + 1..].iter().take_while(|row| row.depth > depth).count();
        at..at + 1 + inside
    }
}

fn outlined(row: &Row, checked: Option<&Outlined>) -> Outlined {
    let need = |need: &rpa_config::edit::Need| (clean(&need.path), need.when.word().to_owned());
    Outlined {
        path: clean(&row.path),
        label: clean(&row.label),
        name: clean(&row.name),
        kind: clean(&row.kind),
        effect: checked.map(|step| step.effect.clone()).unwrap_or_default(),
        needs: row.needs.iter().map(need).collect(),
        depth: row.depth,
        condition: row.condition.as_deref().map(clean),
        facts: checked
            .map(|step| step.facts.iter().cloned().map(harmless).collect())
            .unwrap_or_default(),
        lines: Some(row.lines.clone()),
    }
}

fn clean(text: &str) -> String {
    text.lines().map(|line| sanitize(line).replace('\t', " ")).collect::<Vec<_>>().join(" ")
}

/// What is said of a step has texts that a person has typed.
fn harmless(fact: crate::definition::Fact) -> crate::definition::Fact {
    use crate::definition::Fact::{Calls, Event, Fallback, Tokens, Until, While};
    match fact {
        Fallback(text) => Fallback(clean(&text)),
        Tokens(pool, count) => Tokens(clean(&pool), count),
        Until(text) => Until(clean(&text)),
        While(text) => While(clean(&text)),
        Event(text) => Event(clean(&text)),
        Calls(text) => Calls(clean(&text)),
        other => other,
    }
}

/// Each step with all inside of it after those of its list that it needs; otherwise as they
/// stand in the file. Headings stay where they are.
fn in_order(rows: Vec<Row>) -> Vec<Row> {
    let Some(depth) = rows.iter().map(|row| row.depth).min() else { return rows };
    let mut blocks: Vec<Vec<Row>> = Vec::new();
    for row in rows {
        match blocks.last_mut() {
            Some(block) if row.depth > depth => block.push(row),
            _ => blocks.push(vec![row]),
        }
    }
    let there: HashSet<String> = blocks.iter().map(|block| block[0].path.clone()).collect();
    let mut placed: HashSet<String> = HashSet::new();
    let mut all = Vec::new();
    while !blocks.is_empty() {
        let ready = |block: &Vec<Row>| {
            let missing = |path: &String| there.contains(path) && !placed.contains(path);
            !block[0].needs.iter().any(|need| missing(&need.path) && need.path != block[0].path)
        };
        // of a circle the first
        let next = blocks.iter().position(ready).unwrap_or(0);
        let mut block = blocks.remove(next);
        placed.insert(block[0].path.clone());
        let inside = block.split_off(1);
        all.append(&mut block);
        all.append(&mut in_order(inside));
    }
    all
}
