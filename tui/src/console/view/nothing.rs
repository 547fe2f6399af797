//! What stands where a list would: that it is empty, or why it is not shown.

use ratatui::layout::Rect;
use rpa_ipc::Fault;

use super::pen::Pen;
use crate::console::state::{State, fault_hint, fault_text};
use crate::console::theme::Tone;

pub fn text(pen: &mut Pen<'_>, area: Rect, text: &str) {
    pen.paragraph(inset(area), Tone::Plain, text);
}

pub fn refused(pen: &mut Pen<'_>, state: &State, area: Rect, fault: &Fault) {
    let mut area = inset(area);
    let rows = pen.paragraph(area, Tone::Bad, &fault_text(state, fault));
    area.y += rows;
    area.height -= rows;
    pen.paragraph(area, Tone::Plain, &fault_hint(state, fault));
}

fn inset(area: Rect) -> Rect {
    Rect {
        x: area.x + 2.min(area.width),
        y: area.y + 1.min(area.height),
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(1),
    }
}
