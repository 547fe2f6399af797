//! The revisions of one workflow, the newest first.

use ratatui::layout::Rect;
use rpa_ipc::catalog::{CauseView, RevisionView};

use super::super::pen::{Pen, Piece, piece};
use super::super::table::{self, Column, Row};
use super::super::{names, nothing};
use crate::console::state::{Pane, State, WorkflowScreen};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, open: &WorkflowScreen, area: Rect) {
    if area.is_empty() {
        return;
    }
    let words = &state.words;
    if open.history().is_empty() {
        return nothing::text(pen, area, &say!(words, "list-asking"));
    }
    let columns = [
        Column::new(say!(words, "col-revision")).right(),
        Column::new(say!(words, "col-status")),
        Column::new(say!(words, "col-when")),
        Column::new(say!(words, "col-by")).least(6).spare(2),
        Column::new(say!(words, "col-via")).spare(4),
        Column::new(say!(words, "col-from")).least(8).spare(3),
        Column::new(say!(words, "col-note")).least(8).spare(1),
    ];
    let height = usize::from(area.height.saturating_sub(1)).max(1);
    let row = |(i, revision): (usize, &RevisionView)| Row {
        cells: cells(state, revision),
        selected: i == open.revisions.index,
        marked: open.revisions.marks.contains(&revision.revision.to_string()),
    };
    let shown = open.history().iter().enumerate().skip(open.revisions.top).take(height);
    let rows: Vec<Row> = shown.map(row).collect();
    table::draw(pen, area, &columns, &rows, open.focus == Pane::Revisions);
}

fn cells(state: &State, revision: &RevisionView) -> Vec<table::Cell> {
    let plain = |text: &str| vec![piece(Tone::Plain, text)];
    vec![
        plain(&revision.revision.to_string()),
        vec![standing(state, revision)],
        plain(&time::moment(state, revision.made.at_ms)),
        plain(&revision.made.who),
        plain(&revision.made.origin),
        plain(&from(state, &revision.cause)),
        plain(&revision.note),
    ]
}

/// A sign and a word; a newer daemon's word as it comes.
fn standing(state: &State, revision: &RevisionView) -> Piece {
    let words = &state.words;
    match revision.state.as_str() {
        "live" => {
            let sign = state.look.glyph("●", "*");
            piece(Tone::Good, format!("{sign} {}", say!(words, "workflow-live")))
        }
        "draft" => {
            let sign = state.look.glyph("○", "o");
            piece(Tone::Warn, format!("{sign} {}", say!(words, "workflow-draft")))
        }
        "published" => piece(Tone::Faint, format!("  {}", say!(words, "revision-was-live"))),
        other => piece(Tone::Plain, format!("  {other}")),
    }
}

/// What a revision came from; nothing for the usual.
fn from(state: &State, cause: &CauseView) -> String {
    let words = &state.words;
    let revision = cause.revision.unwrap_or_default();
    match (cause.word.as_str(), &cause.workflow) {
        ("apply", _) => String::new(),
        ("rollback", _) => say!(words, "revision-of", revision = revision),
        ("clone", Some(of)) => {
            let name = names::workflow(state, of);
            say!(words, "revision-clone", name = name, revision = revision)
        }
        ("import", _) => say!(words, "revision-import"),
        (word, _) => word.to_owned(),
    }
}
