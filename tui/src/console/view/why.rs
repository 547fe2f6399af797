//! Why a run or a step stands where it stands: the answer, what it comes from, what
//! was decided.

use ratatui::layout::Rect;

use super::pen::Pen;
use super::{dialog, layout};
use crate::console::state::{State, WhyPane, why_lines};
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, pane: &WhyPane) {
    let words = &state.words;
    let run = pane.run.short();
    let title = match pane.path() {
        Some(step) => say!(words, "why-title-step", step = step.as_str(), run = run),
        None => say!(words, "why-title", run = run),
    };
    let area = dialog::open(pen, layout::why_box(state), &title);
    let lines = why_lines(state, pane);
    // the text may have become shorter since it was scrolled
    let top = pane.top.min(lines.len().saturating_sub(1));
    for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(top)) {
        pen.text(Rect { y, height: 1, ..area }, line.tone, &line.text);
    }
}
