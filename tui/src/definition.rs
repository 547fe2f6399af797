//! A workflow as its file has it: its steps as a tree, for showing.
//!
//! Made from the text of a revision by the reader that `rpa check` uses, so that a draft
//! and a file that was never applied are shown like what is live.

use std::collections::BTreeMap;

use rpa_config::workflow::{Passage, check, passages};
use rpa_engine::workflow::{Claims, Handlers, OnError, Wait, When};
use rpa_engine::{Action, Label, Step, Workflow};
use rpa_ipc::view::ProblemView;

use crate::cli::checking;

/// What the text is called in problems.
const FILE: &str = "workflow.yaml";

/// The steps of one text, or why there are none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Definition {
    /// In the order of the tree: what is inside of a step follows it.
    pub steps: Vec<Outlined>,
    /// What keeps this version from reading the text, the first problem of it.
    pub unread: Option<ProblemView>,
    pub timeout_ms: Option<u64>,
    /// Of [`rpa_engine::workflow::Priority`].
    pub priority: String,
    /// Runs at once, where they are limited.
    pub concurrency: Option<u32>,
}

/// A step, or a heading above steps: a handler, a case of a switch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlined {
    /// As a run has it, without turns. Of a heading: `@failure`, or the path of the switch
    /// with the value of the case behind a colon.
    pub path: String,
    /// What its row is called: the last part of its path, or the value of a case.
    pub label: String,
    /// For people; may be empty.
    pub name: String,
    /// `shell`, `group`, `for_each`, …; of headings `handler` and `case`.
    pub kind: String,
    /// Empty where it has no effect of its own.
    pub effect: String,
    /// Paths of the steps that it comes after, and how they must have ended.
    pub needs: Vec<(String, String)>,
    /// How deep it lies in other steps and headings.
    pub depth: u32,
    pub condition: Option<String>,
    pub facts: Vec<Fact>,
    /// Its lines in the text.
    pub lines: Option<Passage>,
}

/// What is to be said of a step beside its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Tries in all.
    Retry(u32),
    TimeoutMs(u64),
    /// Its failure does not count.
    Continue,
    /// That step runs when it fails.
    Fallback(String),
    /// Steps that undo it.
    Undone(usize),
    Lock,
    /// So many tokens of a pool.
    Tokens(String, u32),
    /// Items of a loop at once.
    Parallel(u32),
    /// Turns at most.
    Turns(u32),
    Until(String),
    While(String),
    WaitMs(u64),
    WaitUntil,
    Event(String),
    Calls(String),
    /// So many people must approve.
    Approvals(u32),
}

impl Outlined {
    /// What a box says of it: its name, or its id where it has none; and the other, or its
    /// kind.
    pub fn card(&self) -> [&str; 2] {
        match self.name.as_str() {
            "" => [&self.label, &self.kind],
            name => [name, &self.label],
        }
    }

    pub fn is_heading(&self) -> bool {
        matches!(self.kind.as_str(), "handler" | "case")
    }
}

impl Definition {
    /// Reads a text; `namespace` is the workflow's where the text names none.
    pub fn of(source: &str, namespace: &Label) -> Definition {
        let checked = check(source, FILE, namespace);
        match checked.workflow {
            Some(workflow) => Definition::meant(&workflow, &passages(source)),
            None => {
                let problem = checked.problems.into_iter().find(|problem| !problem.warning);
                Definition { unread: problem.map(checking::view), ..Definition::default() }
            }
        }
    }

    /// What a text that was checked means, with the lines of its steps by their paths.
    pub fn meant(workflow: &Workflow, lines: &BTreeMap<String, Passage>) -> Definition {
        let mut tree = Tree { lines, steps: Vec::new() };
        tree.list("", &workflow.steps, 0);
        let Handlers { success, failure, cancel, finally } = &workflow.handlers;
        let handlers =
            [("success", success), ("failure", failure), ("cancel", cancel), ("finally", finally)];
        for (word, list) in handlers {
            if list.is_empty() {
                continue;
            }
            let path = format!("@{word}");
            tree.heading(&path, &path, "handler", 0);
            tree.list(&path, list, 1);
        }
        Definition {
            steps: tree.steps,
            unread: None,
            timeout_ms: workflow.timeout_ms,
            priority: workflow.priority.word().to_owned(),
            concurrency: workflow.concurrency.as_ref().map(|c| c.limit),
        }
    }

    /// The step of a path.
    pub fn named(&self, path: &str) -> Option<&Outlined> {
        self.steps.iter().find(|step| step.path == path)
    }

    /// The indexes of what lies right inside of the step with that index; of `None` what
    /// lies in no other.
    pub fn inside(&self, of: Option<usize>) -> Vec<usize> {
        let (from, depth) = match of {
            None => (0, 0),
            Some(at) => (at + 1, self.steps[at].depth + 1),
        };
        let below = self.steps.iter().enumerate().skip(from);
        let below = below.take_while(|(_, step)| step.depth >= depth);
        below.filter(|(_, step)| step.depth == depth).map(|(at, _)| at).collect()
    }

    /// The index of the step around the one with that index.
    pub fn around(&self, at: usize) -> Option<usize> {
        let depth = self.steps.get(at)?.depth;
        self.steps[..at].iter().rposition(|step| step.depth < depth)
    }
}

struct Tree<'a> {
    lines: &'a BTreeMap<String, Passage>,
    steps: Vec<Outlined>,
}

impl Tree<'_> {
    fn list(&mut self, scope: &str, list: &[Step], depth: u32) {
        for at in in_order(list) {
            self.step(scope, &list[at], depth);
        }
    }

    fn heading(&mut self, path: &str, label: &str, kind: &str, depth: u32) {
        self.steps.push(Outlined {
            path: path.to_owned(),
            label: label.to_owned(),
            kind: kind.to_owned(),
            depth,
            ..Outlined::default()
        });
    }

    fn step(&mut self, scope: &str, step: &Step, depth: u32) {
        let within = |id: &str| match scope {
            "" => id.to_owned(),
            scope => format!("{scope}/{id}"),
        };
        let path = within(step.id.as_str());
        let need = |(id, when): (&_, &When)| {
            let id: &rpa_engine::Ident = id;
            (within(id.as_str()), when.word().to_owned())
        };
        let is_task = matches!(step.action, Action::Task { .. } | Action::Call(_));
        self.steps.push(Outlined {
            label: match scope.rsplit('/').next() {
                Some("@undo") => format!("@undo/{}", step.id),
                _ => step.id.to_string(),
            },
            name: step.name.clone(),
            kind: kind(&step.action).to_owned(),
            effect: if is_task { step.effect.word().to_owned() } else { String::new() },
            needs: step.needs.iter().map(need).collect(),
            depth,
            condition: step.condition.as_ref().map(|c| c.source.trim().to_owned()),
            facts: facts(step),
            lines: self.lines.get(&path).cloned(),
            path: path.clone(),
        });
        self.inside(&path, &step.action, depth + 1);
        self.list(&format!("{path}/@undo"), &step.compensate, depth + 1);
    }

    fn inside(&mut self, path: &str, action: &Action, depth: u32) {
        match action {
            Action::Task { .. }
            | Action::Set(_)
            | Action::Wait(_)
            | Action::Call(_)
            | Action::Approval(_) => {}
            Action::Group(steps) => self.list(path, steps, depth),
            Action::ForEach(each) => self.list(path, &each.steps, depth),
            Action::While(turns) => self.list(path, &turns.steps, depth),
            Action::Repeat(turns) => self.list(path, &turns.steps, depth),
            Action::Switch(switch) => {
                for case in &switch.cases {
                    self.heading(&format!("{path}:{}", case.value), &case.value, "case", depth);
                    self.list(path, &case.steps, depth + 1);
                }
                if !switch.default.is_empty() {
                    // a case cannot have that name and an empty value before it
                    self.heading(&format!("{path}::default"), "default", "case", depth);
                    self.list(path, &switch.default, depth + 1);
                }
            }
        }
    }
}

/// Each step after those that it needs; otherwise as they stand in the file.
fn in_order(list: &[Step]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(list.len());
    let mut placed = vec![false; list.len()];
    while order.len() < list.len() {
        let is_ready = |at: &usize| {
            let waits = |other: &Step| list[*at].needs.contains_key(&other.id);
            let missing = list.iter().zip(&placed).any(|(other, there)| !there && waits(other));
            !placed[*at] && !missing
        };
        // a checked file has no circle
        let next = (0..list.len()).find(is_ready).or_else(|| placed.iter().position(|p| !p));
        let Some(next) = next else { break };
        placed[next] = true;
        order.push(next);
    }
    order
}

/// The word that the daemon has for it as well.
fn kind(action: &Action) -> &str {
    match action {
        Action::Task { kind, .. } => kind,
        Action::Set(_) => "set",
        Action::Wait(_) => "wait",
        Action::Group(_) => "group",
        Action::ForEach(_) => "for_each",
        Action::While(_) => "while",
        Action::Repeat(_) => "repeat",
        Action::Switch(_) => "switch",
        Action::Call(_) => "workflow",
        Action::Approval(_) => "approval",
    }
}

/// What the action says first, then what holds for any step.
fn facts(step: &Step) -> Vec<Fact> {
    let mut facts = Vec::new();
    match &step.action {
        Action::Task { .. } | Action::Set(_) | Action::Group(_) | Action::Switch(_) => {}
        Action::Wait(Wait::For { ms }) => facts.push(Fact::WaitMs(*ms)),
        Action::Wait(Wait::Until(_)) => facts.push(Fact::WaitUntil),
        Action::Wait(Wait::Event(event)) => facts.push(Fact::Event(event.name.to_string())),
        Action::ForEach(each) if each.max_parallel > 1 => {
            facts.push(Fact::Parallel(each.max_parallel));
        }
        Action::ForEach(_) => {}
        Action::While(turns) => {
            facts.push(Fact::While(turns.condition.source.trim().to_owned()));
            facts.push(Fact::Turns(turns.max_iterations));
        }
        Action::Repeat(turns) => {
            facts.extend(turns.until.iter().map(|u| Fact::Until(u.source.trim().to_owned())));
            facts.push(Fact::Turns(turns.count));
        }
        Action::Call(call) => facts.push(Fact::Calls(call.workflow.to_string())),
        Action::Approval(asked) => facts.push(Fact::Approvals(asked.quorum)),
    }
    if step.retry.attempts > 1 {
        facts.push(Fact::Retry(step.retry.attempts));
    }
    facts.extend(step.timeout_ms.map(Fact::TimeoutMs));
    match &step.on_error {
        OnError::Fail => {}
        OnError::Continue => facts.push(Fact::Continue),
        OnError::Fallback(id) => facts.push(Fact::Fallback(id.to_string())),
    }
    if let Some(Claims { lock, tokens, .. }) = &step.claims {
        facts.extend(lock.iter().map(|_| Fact::Lock));
        facts.extend(tokens.iter().map(|(pool, n)| Fact::Tokens(pool.to_string(), *n)));
    }
    if !step.compensate.is_empty() {
        facts.push(Fact::Undone(step.compensate.len()));
    }
    facts
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// With steps in steps of every kind, a handler, and names in Cyrillic.
    pub(crate) const SOURCE: &str = r#"# What is nearly full, and who is told.
version: 1
name: disk-report
description: Which file systems are nearly full
timeout: 1h
variables:
  limit: {type: number, default: 80}
steps:
  - id: usage
    name: Заетост на дисковете
    run: df -P
    retry: {attempts: 3, delay: 5s}
    timeout: 30s
  - id: parse
    needs: [usage]
    uses: data.transform
    with: {value: "{{ steps.usage.output.stdout }}"}
  # the largest directories
  - id: biggest
    needs: [usage]
    for_each: ["/", "/srv"]
    max_parallel: 2
    steps:
      - id: measure
        run: du -s "$DIR"
        env: {DIR: "{{ item }}"}
        compensate: {id: tidy, uses: noop}
  - id: which
    needs: [parse, biggest]
    switch: "{{ vars.limit }}"
    cases:
      "80": [{id: usual, uses: noop}]
    default: [{id: strange, uses: noop}]
  - id: send
    needs: [which]
    if: vars.limit > 50
    uses: http.request
    with: {url: "https://example.org", method: POST}
    on_error: continue
handlers:
  failure:
    - {id: tell, uses: log, with: {message: failed}}
"#;

    pub(crate) fn sample() -> Definition {
        Definition::of(SOURCE, &"default".parse().expect("a name"))
    }

    #[test]
    fn the_tree_of_a_file() {
        let definition = sample();
        assert_eq!(definition.unread, None);
        let rows = definition.steps.iter().map(|step| {
            let needs: Vec<&str> = step.needs.iter().map(|(path, _)| path.as_str()).collect();
            let indent = "  ".repeat(step.depth as usize);
            format!("{indent}{} {} <{}", step.label, step.kind, needs.join(","))
        });
        let wanted = [
            "usage shell <",
            "parse data.transform <usage",
            "biggest for_each <usage",
            "  measure shell <",
            "    @undo/tidy noop <",
            "which switch <biggest,parse",
            "  80 case <",
            "    usual noop <",
            "  default case <",
            "    strange noop <",
            "send http.request <which",
            "@failure handler <",
            "  tell log <",
        ];
        assert_eq!(rows.collect::<Vec<_>>(), wanted);
        let of = |path: &str| definition.named(path).unwrap_or_else(|| panic!("{path}"));
        assert_eq!(of("usage").facts, [Fact::Retry(3), Fact::TimeoutMs(30_000)]);
        assert_eq!(of("usage").lines, Some(9..=13));
        assert_eq!(of("biggest/measure").facts, [Fact::Undone(1)]);
        assert_eq!(of("send").condition.as_deref(), Some("vars.limit > 50"));
        assert_eq!(of("@failure/tell").lines, Some(42..=42));
        assert_eq!(definition.inside(None).len(), 6);
        let each = definition.steps.iter().position(|step| step.path == "biggest");
        assert_eq!(definition.inside(each), [3]);
        assert_eq!(definition.around(4), Some(3));
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        let definition = Definition::of("version: 1\nname: a\n", &"default".parse().unwrap());
        assert!(definition.steps.is_empty());
        assert!(definition.unread.is_some_and(|why| why.message.contains("steps")));
    }
}
