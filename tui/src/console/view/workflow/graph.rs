//! The steps of a list as boxes with lines between them: what of it is in sight.

use ratatui::layout::Rect;

use super::super::pen::{Pen, Piece};
use super::super::{boxes, nothing};
use crate::console::graph::Spot;
use crate::console::state::{GraphPane, Pane, Scale, State, WorkflowScreen};
use crate::console::theme::{Look, Tone};
use crate::definition::Outlined;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, open: &WorkflowScreen, pane: &GraphPane, area: Rect) {
    let Some(definition) = open.definition() else { return };
    if pane.steps.is_empty() {
        return nothing::text(pen, area, &say!(state.words, "graph-nothing"));
    }
    let look = pen.look;
    let rows_of = |i: usize, spot: &Spot| -> Vec<Vec<Piece>> {
        let at = pane.steps[i];
        let step = &definition.steps[at];
        let inside = inside(open, at, look);
        match pane.scale {
            Scale::Names => {
                let name = format!("{}{inside}", step.label);
                vec![boxes::name_row(look, spot, tone(step), &name)]
            }
            Scale::Cards => {
                let [title, second] = step.card();
                let title = format!("{title}{inside}");
                boxes::card_rows(look, spot, [(tone(step), &title), (Tone::Faint, second)])
            }
        }
    };
    boxes::draw(pen, pane, area, open.focus == Pane::Steps, &rows_of);
}

/// Runs only under a condition, or is no step of its own.
fn tone(step: &Outlined) -> Tone {
    match (step.is_heading(), &step.condition) {
        (true, _) => Tone::Key,
        (false, Some(_)) => Tone::Busy,
        (false, None) => Tone::Strong,
    }
}

/// That Enter leads to more boxes.
fn inside(open: &WorkflowScreen, at: usize, look: Look) -> &'static str {
    if open.fold_of(at).is_some() { look.glyph(" ▸", " +") } else { "" }
}
