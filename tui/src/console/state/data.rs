//! What a run was begun with, what it gave, and what went wrong: as lines.

use rpa_engine::Value;
use rpa_ipc::view::{ErrorView, StepView};

use super::State;
use crate::console::theme::Tone;
use crate::console::time;
use crate::console::view::layout;
use crate::say;
use crate::steps::is_container;
use crate::text::{hanging, json_safe, sanitize};

/// Lines of one value: the whole of a larger one is for `rpa show --json`.
const MOST: usize = 500;

/// One line of the data pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataLine {
    pub tone: Tone,
    pub text: String,
}

/// All lines, from the most urgent to the least.
pub fn data_lines(state: &State) -> Vec<DataLine> {
    let Some((run, detail)) = state.run.as_ref().and_then(|r| Some((r, r.detail.as_ref()?))) else {
        return Vec::new();
    };
    let words = &state.words;
    let mut lines = Lines::of(MOST);
    if let Some(error) = &detail.summary.error {
        lines.title(say!(words, "data-run-error"));
        lines.error(state, error);
    }
    if let Some(step) = run.selected() {
        step_lines(state, step, &mut lines);
    }
    for (title, values) in [
        ("data-inputs", &detail.inputs),
        ("data-outputs", &detail.outputs),
        ("data-variables", &detail.variables),
    ] {
        if title == "data-variables" && detail.variables == detail.inputs {
            continue;
        }
        lines.title(say!(words, title));
        lines.values(state, values);
    }
    lines.title(say!(words, "data-run"));
    if let Some(earlier) = detail.rerun_of {
        let text = say!(words, "run-again-of", run = earlier.to_string());
        lines.put(Tone::Plain, format!("  {text}"));
    }
    if let Some((caller, step)) = &detail.parent {
        let (caller, step) = (caller.to_string(), step.as_str());
        let text = say!(words, "run-called-by", run = caller, step = step);
        lines.put(Tone::Plain, format!("  {text}"));
    }
    if !detail.gate.is_empty() {
        lines.text(Tone::Warn, &super::reason_text(state, &detail.gate));
    }
    for late in &detail.summary.broken {
        lines.text(Tone::Warn, &super::late_text(state, late));
    }
    if let Some(held_ms) = detail.held_ms {
        let text = say!(words, "data-held", left = time::elapsed(words, held_ms));
        lines.put(Tone::Warn, format!("  {text}"));
    }
    let summary = &detail.summary;
    let id = summary.run.to_string();
    let revision = summary.revision.to_string();
    for (label, value) in [
        ("data-id", id.as_str()),
        ("data-workflow", &summary.workflow),
        ("data-revision", &revision),
        ("data-actor", &summary.actor),
        ("data-origin", &summary.origin),
        ("data-log-file", &detail.log_path),
    ] {
        lines.put(Tone::Plain, format!("  {}: {value}", say!(words, label)));
    }
    lines.all
}

/// The lines as rows of the pane, each with the number of its line: what is longer goes on
/// further in, so that nothing of it is out of reach.
pub fn data_rows(state: &State) -> Vec<(usize, DataLine)> {
    let width = usize::from(layout::run(state).lower.width.saturating_sub(2)).max(1);
    let rows = data_lines(state).into_iter().enumerate().flat_map(|(number, line)| {
        let begins = line.text.len() - line.text.trim_start_matches(' ').len();
        let texts = hanging(&line.text, width, begins + 2);
        texts.into_iter().map(move |text| (number, DataLine { tone: line.tone, text }))
    });
    rows.collect()
}

fn step_lines(state: &State, step: &StepView, lines: &mut Lines) {
    let words = &state.words;
    lines.title(say!(words, "data-step", step = step.path.as_str()));
    if let Some(error) = &step.error {
        lines.error(state, error);
    }
    match &step.approval {
        Some(asked) => {
            let (have, quorum) = (super::have(asked), asked.quorum);
            let text = say!(words, "step-asks", have = have, quorum = quorum);
            lines.put(Tone::Warn, format!("  {text}"));
            lines.text(Tone::Plain, &asked.message);
        }
        None if !step.reason.is_empty() => {
            lines.text(Tone::Warn, &super::reason_text(state, &step.reason));
        }
        None => {}
    }
    if let Some(called) = step.called {
        let text = say!(words, "step-called", run = called.to_string());
        lines.put(Tone::Plain, format!("  {text}"));
    }
    if !step.holds.is_empty() {
        let text = say!(words, "step-holds", locks = step.holds.join(", "));
        lines.put(Tone::Plain, format!("  {text}"));
    }
    let effect = match is_container(step) {
        // what is inside has effects
        true => step.kind.clone(),
        false => say!(words, "data-effect", kind = &*step.kind, effect = &*step.effect),
    };
    lines.put(Tone::Faint, format!("  {effect}"));
    if let Some(turns) = super::turns_text(state, step) {
        lines.put(Tone::Plain, format!("  {turns}"));
    }
    if !step.needs.is_empty() {
        let needs = step.needs.join(", ");
        lines.put(Tone::Faint, format!("  {}", say!(words, "data-needs", steps = needs)));
    }
    match &step.output {
        Some(Value::Map(fields)) => {
            lines.put(Tone::Faint, format!("  {}", say!(words, "data-output")));
            fields.iter().for_each(|(name, value)| lines.value(state, name, value));
        }
        Some(output) => lines.value(state, &say!(words, "data-output"), output),
        None => lines.put(Tone::Faint, format!("  {}", say!(words, "data-no-output"))),
    }
}

/// Lines, as they are written one after the other.
pub(super) struct Lines {
    pub(super) all: Vec<DataLine>,
    /// Lines of one value.
    most: usize,
}

impl Lines {
    pub(super) fn of(most: usize) -> Lines {
        Lines { all: Vec::new(), most }
    }

    pub(super) fn put(&mut self, tone: Tone, text: String) {
        self.all.push(DataLine { tone, text });
    }

    pub(super) fn title(&mut self, text: String) {
        if !self.all.is_empty() {
            self.put(Tone::Plain, String::new());
        }
        self.put(Tone::Strong, text);
    }

    pub(super) fn text(&mut self, tone: Tone, text: &str) {
        for line in text.lines() {
            self.put(tone, format!("  {}", sanitize(line).replace('\t', " ")));
        }
    }

    fn error(&mut self, state: &State, error: &ErrorView) {
        let said = super::error_text(state, error);
        self.text(Tone::Bad, &format!("{} {said}", error.code));
        let hint = error.code.parse().ok().map(|code| super::hint_of(state, code));
        if let Some(hint) = hint.filter(|hint| !hint.is_empty()) {
            self.text(Tone::Plain, &say!(state.words, "fault-hint", hint = hint));
        }
        self.put(Tone::Faint, format!("  rpa explain {}", error.code));
    }

    pub(super) fn values(&mut self, state: &State, values: &[(String, Value)]) {
        if values.is_empty() {
            self.put(Tone::Faint, format!("  {}", say!(state.words, "data-none")));
        }
        for (name, value) in values {
            self.value(state, name, value);
        }
    }

    /// Short ones beside their name, text line by line, documents as JSON.
    fn value(&mut self, state: &State, name: &str, value: &Value) {
        let name = sanitize(name).into_owned();
        let json = rpa_config::json::to_json(value);
        let text = match &json {
            serde_json::Value::String(text) if text.contains('\n') => text.clone(),
            serde_json::Value::Object(_) | serde_json::Value::Array(_) => {
                serde_json::to_string_pretty(&json).unwrap_or_default()
            }
            other => json_safe(other.to_string()),
        };
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        self.put(Tone::Plain, format!("  {name}: {}", tidy(first)));
        for (number, line) in lines.enumerate() {
            if number == self.most {
                self.put(Tone::Faint, format!("    {}", say!(state.words, "data-cut")));
                break;
            }
            self.put(Tone::Plain, format!("    {}", tidy(line)));
        }
    }
}

fn tidy(line: &str) -> String {
    sanitize(line).replace('\t', "    ")
}
