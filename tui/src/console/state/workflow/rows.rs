//! Rows of a workflow's steps, and the selected one in full.

use std::collections::BTreeSet;

use super::super::State;
use super::super::data::DataLine;
use super::one::WorkflowScreen;
use crate::console::theme::Tone;
use crate::console::time;
use crate::definition::{Definition, Fact, Outlined};
use crate::say;
use crate::text::{sanitize, wrapped};
use crate::words::Words;

/// Columns from one tab stop to the next.
const TAB: &str = "    ";

/// Indexes of the steps that have a row.
pub fn shown(definition: &Definition, folded: &BTreeSet<String>) -> Vec<usize> {
    let mut hidden: Option<u32> = None;
    let mut rows = Vec::with_capacity(definition.steps.len());
    for (at, step) in definition.steps.iter().enumerate() {
        if hidden.is_some_and(|depth| step.depth > depth) {
            continue;
        }
        hidden = folded.contains(&step.path).then_some(step.depth);
        rows.push(at);
    }
    rows
}

/// One of the things to be said of a step.
pub fn fact_text(words: &Words, fact: &Fact) -> String {
    match fact {
        Fact::Retry(tries) => say!(words, "fact-retry", count = *tries),
        Fact::TimeoutMs(ms) => say!(words, "fact-timeout", time = time::written(words, *ms)),
        Fact::Continue => say!(words, "fact-continue"),
        Fact::Fallback(step) => say!(words, "fact-fallback", step = step.as_str()),
        Fact::Undone(count) => say!(words, "fact-undone", count = *count),
        Fact::Lock => say!(words, "fact-lock"),
        Fact::Tokens(pool, count) => {
            say!(words, "fact-tokens", pool = pool.as_str(), count = *count)
        }
        Fact::Parallel(count) => say!(words, "fact-parallel", count = *count),
        Fact::Turns(count) => say!(words, "fact-turns", count = *count),
        Fact::Until(condition) => say!(words, "fact-until", condition = condition.as_str()),
        Fact::While(condition) => say!(words, "fact-while", condition = condition.as_str()),
        Fact::WaitMs(ms) => say!(words, "fact-wait", time = time::written(words, *ms)),
        Fact::WaitUntil => say!(words, "fact-wait-until"),
        Fact::Event(name) => say!(words, "fact-event", name = name.as_str()),
        Fact::Calls(workflow) => say!(words, "fact-calls", name = workflow.as_str()),
        Fact::Approvals(count) => say!(words, "fact-approvals", count = *count),
    }
}

/// Lines of the selected step at a width: what it is, then how it is written.
pub fn detail_lines(state: &State, width: usize) -> Vec<DataLine> {
    let Some(open) = &state.workflow else { return Vec::new() };
    let told = open.told.as_ref().filter(|_| open.editor.is_none());
    let Some((at, told)) = open.selected().zip(told) else { return Vec::new() };
    let step = &told.definition.steps[at];
    let mut lines = Vec::new();
    let mut put = |tone: Tone, text: &str| {
        let parts = wrapped(text, width.max(1)).into_iter();
        lines.extend(parts.map(|text| DataLine { tone, text }));
    };
    about(state, step, &mut put);
    lines.extend(inside_lines(&told.source.source, step));
    lines
}

fn about(state: &State, step: &Outlined, put: &mut impl FnMut(Tone, &str)) {
    let words = &state.words;
    if step.kind == "handler" {
        let id = match step.path.as_str() {
            "@success" => "handler-success",
            "@failure" => "handler-failure",
            "@cancel" => "handler-cancel",
            _ => "handler-finally",
        };
        return put(Tone::Plain, &say!(words, id));
    }
    if step.kind == "case" {
        return put(Tone::Plain, &say!(words, "case-about", value = step.label.as_str()));
    }
    if !step.name.is_empty() {
        put(Tone::Strong, &step.name);
    }
    let kind = match step.effect.as_str() {
        "" => step.kind.clone(),
        effect => say!(words, "data-effect", kind = step.kind.as_str(), effect = effect),
    };
    put(Tone::Plain, &kind);
    match step.effect.as_str() {
        "once" => put(Tone::Faint, &say!(words, "effect-once")),
        "unknown" => put(Tone::Faint, &say!(words, "effect-unknown")),
        _ => {}
    }
    if !step.needs.is_empty() {
        put(Tone::Plain, &say!(words, "data-needs", steps = needs_text(step)));
    }
    if let Some(condition) = &step.condition {
        put(Tone::Plain, &say!(words, "fact-if", condition = condition.as_str()));
    }
    for fact in &step.facts {
        put(Tone::Plain, &fact_text(words, fact));
    }
}

/// The steps before it, by their ids in its own list.
pub fn needs_text(step: &Outlined) -> String {
    let need = |(path, when): &(String, String)| {
        let id = path.rsplit('/').next().unwrap_or(path);
        if when == "completed" { id.to_owned() } else { format!("{id} ({when})") }
    };
    step.needs.iter().map(need).collect::<Vec<_>>().join(", ")
}

/// The step as it is written, with the numbers of its lines.
pub fn inside_lines(source: &str, step: &Outlined) -> Vec<DataLine> {
    let Some(passage) = &step.lines else { return Vec::new() };
    let from = usize::try_from(*passage.start()).unwrap_or(1).max(1);
    let count = passage.clone().count();
    let width = passage.end().to_string().len();
    let line = |(number, text): (usize, &str)| {
        let text = harmless(text);
        DataLine { tone: Tone::Faint, text: format!("{number:>width$}  {text}") }
    };
    (from..).zip(source.lines().skip(from - 1).take(count)).map(line).collect()
}

/// A line of a source, of which nothing is obeyed.
pub fn harmless(line: &str) -> String {
    sanitize(line).replace('\t', TAB)
}

impl WorkflowScreen {
    /// Whether something is inside of a step, and whether it is hidden.
    pub fn fold_of(&self, at: usize) -> Option<bool> {
        let definition = self.definition()?;
        let step = definition.steps.get(at)?;
        let inside = definition.steps.get(at + 1).is_some_and(|next| next.depth > step.depth);
        inside.then(|| self.folded.contains(&step.path))
    }
}
