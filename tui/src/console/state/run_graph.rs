//! The steps of a run as boxes: one list at a time, as of a workflow.
//!
//! Where the boxes stand hangs on which steps there are and what they need, never on what
//! they do: as long as that is the same, only what is in the boxes changes. The selection
//! is that of the lanes.

use rpa_ipc::view::StepView;

use super::{Focus, GraphPane, Lower, RunScreen, Scale, State, moving};
use crate::console::graph::{Graph, MOST, Way, place};
use crate::console::theme::Tone;
use crate::console::view::{layout, step_needs};
use crate::say;
use crate::steps::{self, parents};
use crate::text::cells;

/// Longest name in a box, in cells.
const LONGEST: usize = 28;
/// Cells of what a step is doing: a status, a duration, of a loop how far it is.
const DOING: usize = 20;
const DOING_IN_LOOP: usize = 28;

/// The boxes of a run, and what their places were reckoned from.
#[derive(Clone, Debug, Default)]
pub struct RunGraph {
    /// Its `steps` are indexes into those of the run.
    pub pane: GraphPane,
    /// Paths, and the paths that each needs.
    placed_for: Vec<(String, Vec<String>)>,
}

/// Lanes or boxes. Of more boxes than say anything only lanes are shown, and why.
pub fn switch(state: &mut State) {
    let Some(run) = &mut state.run else { return };
    if run.graph.is_some() && run.focus != Focus::Steps {
        // they are behind another pane
        if run.lower == Lower::Timeline {
            run.lower = Lower::Log;
        }
        (run.focus, run.zoom) = (Focus::Steps, false);
        return moving::settle(state);
    }
    if run.graph.take().is_some() {
        return moving::settle(state);
    }
    let Some(detail) = &run.detail else { return };
    if run.lower == Lower::Timeline {
        run.lower = Lower::Log;
    }
    (run.focus, run.zoom) = (Focus::Steps, false);
    let at = run.rows.get(run.steps.index).map(|row| row.index());
    let around = at.and_then(|at| parents(&detail.steps)[at]);
    let of = around.map(|at| detail.steps[at].path.to_string());
    show_list(state, GraphPane { of, ..GraphPane::default() });
}

/// The boxes anew, after something has changed.
pub fn renew(state: &mut State) {
    let Some(run) = &mut state.run else { return };
    let Some(mut graph) = run.graph.take() else { return };
    let Some(detail) = &run.detail else { return };
    let around = graph.pane.of.as_deref().map(|path| index_of(&detail.steps, path));
    if let Some(None) = around {
        // what it was inside of is told of no more
        return show_list(state, GraphPane { scale: graph.pane.scale, ..GraphPane::default() });
    }
    let inside = inside(&detail.steps, around.flatten());
    if topology(&detail.steps, &inside) != graph.placed_for {
        let pane = GraphPane { of: graph.pane.of, scale: graph.pane.scale, ..GraphPane::default() };
        return show_list(state, pane);
    }
    graph.pane.steps = inside;
    let selected = selected(run, &graph.pane.steps);
    graph.pane.at = selected.unwrap_or(graph.pane.at);
    run.graph = Some(graph);
}

/// Places the boxes of the list that the pane is about, if there are not too many.
fn show_list(state: &mut State, mut pane: GraphPane) {
    let Some(run) = &mut state.run else { return };
    let Some(detail) = &run.detail else { return };
    let around = pane.of.as_deref().and_then(|path| index_of(&detail.steps, path));
    pane.steps = inside(&detail.steps, around);
    if pane.steps.len() > MOST {
        let count = pane.steps.len();
        run.graph = None;
        let text = say!(state.words, "graph-too-many", count = count, most = MOST);
        state.tell(Tone::Warn, text, String::new());
        return moving::settle(state);
    }
    pane.placed = place(&boxes(&detail.steps, &pane.steps, pane.scale));
    let placed_for = topology(&detail.steps, &pane.steps);
    let known = selected(run, &pane.steps);
    pane.at = known.unwrap_or(0);
    run.graph = Some(RunGraph { pane, placed_for });
    match known {
        Some(_) => show(state),
        None => select(state, 0),
    }
}

/// What the pane has a box for of what is selected: it, or what is around it.
fn selected(run: &RunScreen, boxes: &[usize]) -> Option<usize> {
    let steps = &run.detail.as_ref()?.steps;
    let around = parents(steps);
    let mut at = Some(run.rows.get(run.steps.index)?.index());
    while let Some(step) = at {
        if let Some(place) = boxes.iter().position(|of| *of == step) {
            return Some(place);
        }
        at = around[step];
    }
    None
}

/// The steps right inside of one, or those inside of none.
fn inside(steps: &[StepView], around: Option<usize>) -> Vec<usize> {
    let parents = parents(steps);
    (0..steps.len()).filter(|at| parents[*at] == around).collect()
}

fn index_of(steps: &[StepView], path: &str) -> Option<usize> {
    steps.iter().position(|step| step.path.as_str() == path)
}

fn topology(steps: &[StepView], boxes: &[usize]) -> Vec<(String, Vec<String>)> {
    let of = |at: &usize| (steps[*at].path.to_string(), step_needs(&steps[*at]));
    boxes.iter().map(of).collect()
}

/// As wide as whatever the step may come to say, so that nothing moves.
fn boxes(steps: &[StepView], boxes: &[usize], scale: Scale) -> Graph {
    let width = |at: &usize| {
        let step = &steps[*at];
        let name = cells(steps::label(step)).min(LONGEST) + 2;
        let inner = match scale {
            Scale::Names => name,
            Scale::Cards if steps::is_loop(step) => name.max(DOING_IN_LOOP),
            Scale::Cards => name.max(DOING),
        };
        // the frame, and what says that more is inside
        u16::try_from(inner + 6).unwrap_or(u16::MAX)
    };
    let place_of = |path: &String| boxes.iter().position(|at| steps[*at].path.as_str() == path);
    let edges = boxes.iter().enumerate().flat_map(|(to, at)| {
        let needs = step_needs(&steps[*at]);
        needs.iter().filter_map(|path| Some((place_of(path)?, to))).collect::<Vec<_>>()
    });
    // what is done when the rest has ended stands below it
    let is_last = |at: &usize| steps::label(&steps[*at]).starts_with('@');
    Graph {
        widths: boxes.iter().map(width).collect(),
        height: scale.height(),
        edges: edges.collect(),
        last: (0..boxes.len()).filter(|i| is_last(&boxes[*i])).collect(),
    }
}

/// To the next box.
pub fn go(state: &mut State, way: Way) {
    let Some(pane) = pane_of(state) else { return };
    if let Some(to) = pane.placed.neighbour(pane.at, way) {
        select(state, to);
    }
}

/// To the uppermost box, or the lowest.
pub fn to_end(state: &mut State, top: bool) {
    let to = pane_of(state).and_then(|pane| pane.end(top));
    to.into_iter().for_each(|to| select(state, to));
}

fn select(state: &mut State, to: usize) {
    let Some(run) = &mut state.run else { return };
    let Some(graph) = &mut run.graph else { return };
    graph.pane.at = to;
    let step = graph.pane.steps.get(to).zip(run.detail.as_ref()).map(|(at, d)| &d.steps[*at].path);
    if let Some(path) = step.cloned() {
        moving::select_path(state, path.as_str());
    }
    show(state);
}

fn pane_of(state: &mut State) -> Option<&mut GraphPane> {
    Some(&mut state.run.as_mut()?.graph.as_mut()?.pane)
}

/// Moves the picture, whatever is selected.
pub fn pan(state: &mut State, way: Way) {
    let area = layout::run(state).steps;
    pane_of(state).into_iter().for_each(|pane| pane.pan(way, area));
}

/// Moves the picture by rows.
pub fn scroll(state: &mut State, rows: isize) {
    let height = usize::from(layout::run(state).steps.height);
    pane_of(state).into_iter().for_each(|pane| pane.scroll(rows, height));
}

/// Brings the selected box into sight.
pub fn show(state: &mut State) {
    let area = layout::run(state).steps;
    pane_of(state).into_iter().for_each(|pane| pane.show(area));
}

/// More in each box, or less.
pub fn scale(state: &mut State) {
    let Some(run) = &mut state.run else { return };
    let Some(graph) = run.graph.take() else { return };
    let (of, scale) = (graph.pane.of, graph.pane.scale.other());
    show_list(state, GraphPane { of, scale, ..GraphPane::default() });
}

/// Into what is inside of the selected step; whether there is anything.
pub fn into(state: &mut State) -> bool {
    let Some(run) = &mut state.run else { return false };
    let Some(graph) = &run.graph else { return false };
    let Some(detail) = &run.detail else { return false };
    let Some(at) = graph.pane.steps.get(graph.pane.at).copied() else { return false };
    if inside(&detail.steps, Some(at)).is_empty() {
        return false;
    }
    let (of, scale) = (detail.steps[at].path.to_string(), graph.pane.scale);
    // the lanes show what is selected in there
    run.folds.unfold(&of);
    run.refold();
    show_list(state, GraphPane { of: Some(of), scale, ..GraphPane::default() });
    true
}

/// Out of what is inside of a step; whether there was anything around it.
pub fn out(state: &mut State) -> bool {
    let Some(run) = &state.run else { return false };
    let Some((graph, detail)) = run.graph.as_ref().zip(run.detail.as_ref()) else { return false };
    let Some(path) = graph.pane.of.clone() else { return false };
    let around = index_of(&detail.steps, &path).and_then(|at| parents(&detail.steps)[at]);
    let of = around.map(|at| detail.steps[at].path.to_string());
    let scale = graph.pane.scale;
    moving::select_path(state, &path);
    show_list(state, GraphPane { of, scale, ..GraphPane::default() });
    true
}
