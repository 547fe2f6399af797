//! The steps of a run as boxes with what each is doing.

use ratatui::layout::Rect;
use rpa_ipc::view::{RunDetail, StepView};

use super::pen::{Pen, Piece};
use super::{boxes, names, nothing};
use crate::console::graph::Spot;
use crate::console::state::{Focus, RunGraph, RunScreen, Scale, State, has_inside};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;
use crate::steps::{self, Progress};

pub fn draw(
    pen: &mut Pen<'_>,
    state: &State,
    run: &RunScreen,
    detail: &RunDetail,
    graph: &RunGraph,
    area: Rect,
) {
    let pane = &graph.pane;
    if pane.steps.is_empty() {
        return nothing::text(pen, area, &say!(state.words, "graph-nothing"));
    }
    let look = pen.look;
    let inside = has_inside(&detail.steps);
    let rows_of = |i: usize, spot: &Spot| -> Vec<Vec<Piece>> {
        let at = pane.steps[i];
        let step = &detail.steps[at];
        let mark = look.mark(&step.status);
        let more = if inside[at] { look.glyph(" ▸", " +") } else { "" };
        let title = format!("{} {}{more}", mark.glyph, steps::label(step));
        match pane.scale {
            Scale::Names => vec![boxes::name_row(look, spot, mark.tone, &title)],
            Scale::Cards => {
                let doing = doing(state, step);
                boxes::card_rows(look, spot, [(mark.tone, &title), (Tone::Plain, &doing)])
            }
        }
    };
    boxes::draw(pen, pane, area, run.focus == Focus::Steps, &rows_of);
}

/// `failed 1.2s`, `running 42s 5/10`, and how often it was tried.
fn doing(state: &State, step: &StepView) -> String {
    let mut parts = vec![names::status_word(state, &step.status)];
    if step.started_ms.is_some() {
        parts.push(time::took(&state.words, step.started_ms, step.ended_ms, state.now_ms));
    }
    let count = |n: u32| names::number(n.into());
    parts.extend(step.turns.map(|turns| match steps::progress(step, &turns) {
        Progress::Ended(turns) => count(turns),
        Progress::Done { done, total } => format!("{}/{}", count(done), count(total)),
        Progress::Turn { begun, most } => format!("{}/{}", count(begun), count(most)),
    }));
    if step.attempts > 1 && !steps::is_container(step) {
        parts.push(format!("#{}", step.attempts));
    }
    parts.join(" ")
}
