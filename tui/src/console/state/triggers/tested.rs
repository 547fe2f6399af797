//! What would come of a trigger, as lines: what its expressions gave, the variables of its
//! run, and what all of them have read.

use rpa_ipc::Fault;
use rpa_ipc::triggers::Tested;

use super::super::State;
use super::super::data::DataLine;
use crate::console::theme::Tone;
use crate::say;
use crate::text::{sanitize, wrapped};

/// Lines of one document: the whole of a larger one is for `rpa triggers test --json`.
const MOST: usize = 500;

pub fn tested_lines(state: &State, tested: &Tested, width: usize) -> Vec<DataLine> {
    let mut lines = Lines { width: width.max(1), all: Vec::new() };
    for (what, asked) in [("match", &tested.fits), ("if", &tested.wanted)] {
        match asked {
            None => {}
            Some(Ok(true)) => lines.put(Tone::Plain, &format!("{what}: true")),
            Some(Ok(false)) => lines.put(Tone::Warn, &format!("{what}: false")),
            Some(Err(fault)) => lines.put(Tone::Bad, &format!("{what}: {}", said(state, fault))),
        }
    }
    match &tested.variables {
        Ok(variables) if variables.is_empty() => {
            lines.put(Tone::Faint, &say!(state.words, "fire-no-variables"));
        }
        Ok(variables) => {
            lines.put(Tone::Faint, &say!(state.words, "fire-variables"));
            variables.iter().for_each(|(name, json)| lines.document(state, name, json));
        }
        Err(fault) => lines.put(Tone::Bad, &said(state, fault)),
    }
    lines.put(Tone::Faint, &say!(state.words, "fire-facts"));
    lines.document(state, "trigger", &tested.facts);
    lines.all
}

fn said(state: &State, fault: &Fault) -> String {
    super::super::fault_text(state, fault)
}

struct Lines {
    width: usize,
    all: Vec<DataLine>,
}

impl Lines {
    fn put(&mut self, tone: Tone, text: &str) {
        let lines = text.lines().flat_map(|line| wrapped(line, self.width));
        self.all.extend(lines.map(|text| DataLine { tone, text }));
    }

    /// `name = value`; what has fields, a field in each line.
    fn document(&mut self, state: &State, name: &str, json: &str) {
        let parsed: Option<serde_json::Value> = serde_json::from_str(json).ok();
        let pretty = parsed.and_then(|value| serde_json::to_string_pretty(&value).ok());
        let text = format!("{name} = {}", pretty.as_deref().unwrap_or(json));
        for (number, line) in text.lines().enumerate() {
            if number == MOST {
                return self.put(Tone::Faint, &format!("  {}", say!(state.words, "data-cut")));
            }
            let indent = line.len() - line.trim_start_matches(' ').len();
            let room = self.width.saturating_sub(2 + indent).max(1);
            let blanks = " ".repeat((2 + indent).min(self.width - 1));
            let clean = sanitize(&line[indent..]);
            let pieces = wrapped(&clean, room).into_iter();
            let line = |text| DataLine { tone: Tone::Plain, text: format!("{blanks}{text}") };
            self.all.extend(pieces.map(line));
        }
    }
}
