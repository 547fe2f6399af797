//! The steps of a workflow as lanes, as in a run, with what there is to say before one.

use ratatui::layout::Rect;
use rpa_ipc::fault::problem_in;

use super::super::pen::{Pen, piece};
use super::super::table::{self, Column, Row};
use super::super::{lanes, layout, nothing};
use crate::console::state::{Pane, State, WorkflowScreen, fact_text, needs_text};
use crate::console::theme::Tone;
use crate::definition::Outlined;
use crate::say;

/// What each level inside of a step is indented by.
const INDENT: &str = "  ";
/// Levels that are indented.
const MOST_LEVELS: u32 = 12;

pub fn draw(pen: &mut Pen<'_>, state: &State, open: &WorkflowScreen, area: Rect) {
    if area.is_empty() {
        return;
    }
    let Some(definition) = open.definition() else { return };
    let words = &state.words;
    if let Some(problem) = &definition.unread {
        let (message, _) = problem_in(words.language(), problem);
        let line = problem.line;
        let text = say!(words, "workflow-unread", line = line, why = message.into_owned());
        return nothing::text(pen, area, &text);
    }
    let columns = [
        Column::new(say!(words, "col-step")).least(24),
        Column::new(say!(words, "col-kind")).least(6).spare(2),
        Column::new(say!(words, "col-after")).least(6).spare(3),
        Column::new(say!(words, "col-note")).least(12).spare(1),
    ];
    let graph = lanes::beside(&definition.steps, state.look);
    let height = layout::workflow_rows(state);
    let fold = |at: usize| match open.fold_of(at) {
        None => "",
        Some(true) => state.look.glyph(" ▸", " +"),
        Some(false) => state.look.glyph(" ▾", " -"),
    };
    let shown = open.rows.iter().enumerate().skip(open.steps.top).take(height);
    let rows: Vec<Row> = shown
        .map(|(i, at)| Row {
            cells: cells(state, &definition.steps[*at], &graph[*at].at, fold(*at)),
            selected: i == open.steps.index,
            marked: false,
        })
        .collect();
    table::draw(pen, area, &columns, &rows, open.focus == Pane::Steps);
}

fn cells(state: &State, step: &Outlined, lane: &str, fold: &str) -> Vec<table::Cell> {
    let tone = if step.is_heading() { Tone::Strong } else { Tone::Plain };
    let mut name = match step.depth.min(MOST_LEVELS) as usize {
        0 => vec![piece(Tone::Key, format!("{lane} "))],
        level => {
            let sign = match step.is_heading() {
                true => state.look.glyph("◇", "@"),
                false => state.look.glyph("●", "*"),
            };
            vec![
                piece(Tone::Faint, format!("{lane} {}", INDENT.repeat(level - 1))),
                piece(Tone::Key, format!("{sign} ")),
            ]
        }
    };
    name.push(piece(tone, step.label.clone()));
    name.push(piece(Tone::Faint, fold.to_owned()));
    if !step.name.is_empty() {
        name.push(piece(Tone::Faint, format!("  {}", step.name)));
    }
    let kind = match step.kind.as_str() {
        "handler" => say!(state.words, "kind-of-handler"),
        "case" => say!(state.words, "kind-of-case"),
        kind => kind.to_owned(),
    };
    vec![
        name,
        vec![piece(Tone::Faint, kind)],
        vec![piece(Tone::Plain, needs_text(step))],
        vec![piece(Tone::Plain, note(state, step))],
    ]
}

/// When it runs, and what else holds for it.
fn note(state: &State, step: &Outlined) -> String {
    let words = &state.words;
    let condition = step.condition.as_deref();
    let condition = condition.map(|c| say!(words, "fact-if", condition = c));
    let facts = step.facts.iter().map(|fact| fact_text(words, fact));
    condition.into_iter().chain(facts).collect::<Vec<_>>().join("; ")
}
