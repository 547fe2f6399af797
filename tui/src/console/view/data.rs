//! The data pane: inputs, outputs and errors of a run and of the selected step.

use ratatui::layout::Rect;

use super::layout;
use super::pen::{Pen, Piece, piece};
use crate::console::state::{RunScreen, State, data_rows};
use crate::console::theme::Tone;

pub fn draw(pen: &mut Pen<'_>, state: &State, run: &RunScreen, area: Rect) {
    let rows = data_rows(state);
    let top = top(state, run, rows.len());
    for (y, (_, line)) in (area.y..area.bottom()).zip(rows.iter().skip(top)) {
        let row = Rect { y, height: 1, ..area };
        pen.text(row, line.tone, &format!(" {}", line.text));
    }
}

/// The first row: of fewer rows than there were, the last page.
fn top(state: &State, run: &RunScreen, rows: usize) -> usize {
    run.data_top.min(rows.saturating_sub(layout::log_rows(state)))
}

/// Which rows are shown, where there are more.
pub fn standing(state: &State, run: &RunScreen) -> Vec<Piece> {
    let (all, room) = (data_rows(state).len(), layout::log_rows(state));
    if all <= room {
        return Vec::new();
    }
    let top = top(state, run, all);
    vec![piece(Tone::Faint, format!("{}-{}/{all}", top + 1, (top + room).min(all)))]
}
