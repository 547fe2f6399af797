//! The triggers of one workflow.

use ratatui::layout::Rect;
use rpa_ipc::triggers::TriggerView;

use super::super::pen::{Pen, piece};
use super::super::table::{self, Column, Row};
use super::super::triggers::list::standing;
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
    let all = open.triggers(&state.triggers.rows);
    if all.is_empty() {
        return nothing::text(pen, area, &say!(words, "workflow-no-triggers"));
    }
    let columns = [
        Column::new(say!(words, "col-trigger")).least(12),
        Column::new(say!(words, "col-kind")).spare(3),
        Column::new(say!(words, "col-status")),
        Column::new(say!(words, "col-next")).spare(1),
        Column::new(say!(words, "col-what")).least(12).spare(2),
    ];
    let height = usize::from(area.height.saturating_sub(1)).max(1);
    let row = |(i, view): (usize, &&TriggerView)| {
        let next = view.next.as_ref().map(|next| time::moment(state, next.due_ms));
        Row {
            cells: vec![
                vec![piece(Tone::Strong, view.trigger.clone())],
                vec![piece(Tone::Plain, names::kind(state, &view.kind))],
                standing(state, view),
                vec![piece(Tone::Plain, next.unwrap_or_else(|| "-".to_owned()))],
                vec![piece(Tone::Faint, names::what(state, view))],
            ],
            selected: i == open.triggers.index,
            marked: false,
        }
    };
    let shown = all.iter().enumerate().skip(open.triggers.top).take(height);
    let rows: Vec<Row> = shown.map(row).collect();
    table::draw(pen, area, &columns, &rows, open.focus == Pane::Triggers);
}
