//! The list of workflows, and the selected one in full.

use ratatui::layout::Rect;
use rpa_ipc::view::{VariableView, WorkflowView};

use super::super::pen::{Pen, Piece, piece};
use super::super::table::{self, Column, Row};
use super::super::{banner, lanes, layout, names};
use crate::console::state::State;
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State) {
    let (list, preview) = layout::list(state);
    let screen = &state.workflows;
    let shown: Vec<&WorkflowView> = screen.shown().collect();
    if shown.is_empty() {
        return empty(pen, state, layout::body(state));
    }
    let words = &state.words;
    let by_category = shown.iter().any(|w| !w.category.is_empty());
    let mut columns = vec![
        Column::new(say!(words, "col-name")).least(16),
        Column::new(say!(words, "col-revision")).right().spare(2),
        Column::new(say!(words, "col-steps")).right().spare(3),
        Column::new(say!(words, "col-last-run")),
        Column::new(say!(words, "col-when")).spare(1),
        Column::new(say!(words, "col-description")).least(12).spare(4),
    ];
    if by_category {
        columns.push(Column::new(say!(words, "col-category")).least(8).spare(5));
    }
    let cursor = &screen.cursor;
    let height = layout::list_rows(state);
    let row = |(i, w): (usize, &&WorkflowView)| {
        let (last, when) = match &w.last_run {
            None => (piece(Tone::Faint, "-"), "-".to_owned()),
            Some(run) => (names::status(state, &run.status), time::moment(state, run.accepted_ms)),
        };
        let first_line = match w.revision {
            0 => say!(words, "workflow-unsaved"),
            _ => w.description.lines().next().unwrap_or_default().to_owned(),
        };
        let mut cells = vec![
            name(state, w),
            vec![number(w, w.revision.to_string())],
            vec![number(w, w.steps.len().to_string())],
            vec![last],
            vec![piece(Tone::Plain, when)],
            vec![piece(Tone::Faint, first_line)],
        ];
        if by_category {
            cells.push(vec![piece(Tone::Plain, w.category.clone())]);
        }
        Row { cells, selected: i == cursor.index, marked: false }
    };
    let rows: Vec<Row> = shown.iter().enumerate().skip(cursor.top).take(height).map(row).collect();
    table::draw(pen, list, &columns, &rows, true);
    if let Some(workflow) = screen.selected() {
        detail(pen, state, preview, workflow);
    } else if let Some(workflow) = screen.selected_unsaved() {
        unsaved(pen, state, preview, workflow);
    }
}

/// A number of the daemon's; of a draft that it does not know there is none.
fn number(workflow: &WorkflowView, number: String) -> Piece {
    match workflow.revision {
        0 => piece(Tone::Faint, "-"),
        _ => piece(Tone::Plain, number),
    }
}

/// The name, and how the workflow stands where that is not the usual.
fn name(state: &State, workflow: &WorkflowView) -> Vec<Piece> {
    let mut pieces = vec![piece(Tone::Strong, names::workflow(state, &workflow.workflow))];
    if state.drafts.of(&workflow.workflow).is_some() {
        // as editors mark what was changed; below it is said in words
        pieces.push(piece(Tone::Busy, "*"));
    }
    // of one that the daemon does not know, nothing stands
    let standing = standing(state, workflow).filter(|_| workflow.revision > 0);
    pieces.extend(standing.map(|word| piece(Tone::Warn, format!("  {word}"))));
    pieces
}

/// A draft of a workflow that is not there yet.
fn unsaved(pen: &mut Pen<'_>, state: &State, area: Rect, workflow: &WorkflowView) {
    if area.is_empty() {
        return;
    }
    let words = &state.words;
    let moment = time::moment(state, workflow.applied_ms);
    let title = say!(words, "workflow-unsaved-new", moment = moment);
    let name = names::workflow(state, &workflow.workflow);
    pen.rule(area, &[piece(Tone::Strong, name), piece(Tone::Faint, format!("  {title}"))]);
    let (width, height) = (area.width.saturating_sub(2), area.height - 1);
    let inner = Rect { x: area.x + 1, y: area.y + 1, width, height };
    pen.paragraph(inner, Tone::Plain, &say!(words, "workflow-unsaved-about"));
}

fn standing(state: &State, workflow: &WorkflowView) -> Option<String> {
    state_word(state, &workflow.state.word)
}

/// How a workflow stands where that is not the usual. A word of a newer daemon is shown as
/// it is.
pub fn state_word(state: &State, word: &str) -> Option<String> {
    let words = &state.words;
    match word {
        "live" => None,
        "draft" => Some(say!(words, "workflow-draft")),
        "disabled" => Some(say!(words, "workflow-disabled")),
        "archived" => Some(say!(words, "workflow-archived")),
        other => Some(other.to_owned()),
    }
}

/// What a newcomer does next.
fn empty(pen: &mut Pen<'_>, state: &State, area: Rect) {
    let words = &state.words;
    let text = match (&state.workflows, state.link.is_up()) {
        (screen, _) if screen.known && !screen.filter.is_empty() => {
            say!(words, "workflows-no-match", filter = &*screen.filter)
        }
        (screen, _) if screen.known => say!(words, "workflows-none"),
        (_, true) => say!(words, "list-asking"),
        (_, false) => banner::unknown(state),
    };
    let inner = Rect { x: area.x + 2, width: area.width.saturating_sub(4), ..area };
    let inner =
        Rect { y: inner.y + 1.min(inner.height), height: inner.height.saturating_sub(1), ..inner };
    pen.paragraph(inner, Tone::Plain, &text);
}

fn detail(pen: &mut Pen<'_>, state: &State, area: Rect, workflow: &WorkflowView) {
    if area.is_empty() {
        return;
    }
    let words = &state.words;
    let applied = say!(
        words,
        "workflow-applied",
        revision = workflow.revision,
        who = workflow.applied_by.as_str(),
        moment = time::moment(state, workflow.applied_ms)
    );
    pen.rule(
        area,
        &[
            piece(Tone::Strong, names::workflow(state, &workflow.workflow)),
            piece(Tone::Faint, format!("  {applied}")),
        ],
    );
    let mut inner = Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height - 1,
    };
    let mut put = |pen: &mut Pen<'_>, tone: Tone, text: &str| {
        let rows = pen.paragraph(inner, tone, text);
        inner.y += rows;
        inner.height -= rows;
    };
    if let Some(kept) = state.drafts.of(&workflow.workflow) {
        let moment = time::moment(state, kept.at_ms);
        put(pen, Tone::Busy, &say!(words, "workflow-draft-of-yours", moment = moment));
    }
    if let (Some(word), Some(change)) = (standing(state, workflow), &workflow.state.change) {
        let moment = time::moment(state, change.at_ms);
        let who = change.who.as_str();
        put(
            pen,
            Tone::Warn,
            &say!(words, "workflow-standing", word = word, who = who, moment = moment),
        );
    }
    if !workflow.description.is_empty() {
        put(pen, Tone::Plain, &workflow.description);
    }
    if !workflow.category.is_empty() {
        let text = say!(words, "workflow-category", category = workflow.category.as_str());
        put(pen, Tone::Faint, &text);
    }
    if !workflow.tags.is_empty() {
        put(pen, Tone::Faint, &say!(words, "workflow-tags", tags = workflow.tags.join(", ")));
    }
    let variables: Vec<String> = workflow.variables.iter().map(variable).collect();
    if !variables.is_empty() {
        put(pen, Tone::Plain, &say!(words, "workflow-variables", list = variables.join("  ")));
    }
    let rows = lanes::outline(&workflow.steps, state.look);
    let room = usize::from(inner.height);
    for (i, (graph, step)) in rows.iter().zip(lanes::in_order(&workflow.steps)).enumerate() {
        let row = Rect { y: inner.y + u16::try_from(i).unwrap_or(0), height: 1, ..inner };
        if i + 1 == room && rows.len() > room {
            let more = say!(words, "workflow-more-steps", count = rows.len() - i);
            pen.text(row, Tone::Faint, &more);
            break;
        }
        if i >= room {
            break;
        }
        pen.line(
            row,
            &[
                piece(Tone::Faint, format!("{graph} ")),
                piece(Tone::Plain, step.id.clone()),
                piece(Tone::Faint, format!("  {}", step.kind)),
            ],
        );
    }
}

/// `limit:number=80`, with a star where it must be given.
fn variable(v: &VariableView) -> String {
    let star = if v.required && v.default.is_none() { "*" } else { "" };
    let default = v.default.as_ref().map(|d| format!("={d}")).unwrap_or_default();
    let text = format!("{}{star}:{}{default}", v.name, v.kind);
    crate::text::sanitize(&text).replace(['\t', '\n'], " ")
}
