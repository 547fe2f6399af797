//! The data pane: inputs, outputs and errors of a run and of the selected step.

use ratatui::layout::Rect;

use super::pen::Pen;
use crate::console::state::{RunScreen, State, data_lines};

pub fn draw(pen: &mut Pen<'_>, state: &State, run: &RunScreen, area: Rect) {
    let lines = data_lines(state);
    let top = run.data_top.min(lines.len().saturating_sub(1));
    for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(top)) {
        let row = Rect { y, height: 1, ..area };
        pen.text(row, line.tone, &format!(" {}", line.text));
    }
}
