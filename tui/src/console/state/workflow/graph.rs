//! The steps of one list as boxes: which list, which box, and what part of it is seen.

use std::collections::HashMap;

use ratatui::layout::Rect;

use super::super::State;
use super::one::{WorkflowScreen, defined};
use crate::console::graph::{Graph, MOST, Placed, Way, place};
use crate::console::theme::Tone;
use crate::console::view::layout;
use crate::definition::Definition;
use crate::say;
use crate::text::cells;

/// Longest name in a box, in cells.
const LONGEST: usize = 28;
/// Cells that one step sideways moves the picture; rows have half of it.
const PAN: i32 = 8;

/// How much a box says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// `[name]`, a row each.
    Names,
    /// A frame with name and kind.
    #[default]
    Cards,
}

impl Scale {
    /// Rows of a box.
    pub fn height(self) -> u16 {
        match self {
            Scale::Names => 1,
            Scale::Cards => 4,
        }
    }

    pub fn other(self) -> Scale {
        match self {
            Scale::Names => Scale::Cards,
            Scale::Cards => Scale::Names,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct GraphPane {
    /// The path of the step whose inside is shown; `None`: the workflow's own list.
    pub of: Option<String>,
    pub scale: Scale,
    /// Indexes of the steps that have a box, as they are placed.
    pub steps: Vec<usize>,
    pub placed: Placed,
    /// Which box is selected.
    pub at: usize,
    /// The upper left corner of what is seen.
    pub left: i32,
    pub top: i32,
}

impl GraphPane {
    /// The index of the selected step among all.
    pub fn selected(&self) -> Option<usize> {
        self.steps.get(self.at).copied()
    }

    /// Moves the picture, whatever is selected.
    pub fn pan(&mut self, way: Way, area: Rect) {
        let (x, y) = match way {
            Way::Up => (0, -PAN / 2),
            Way::Down => (0, PAN / 2),
            Way::Left => (-PAN, 0),
            Way::Right => (PAN, 0),
        };
        let most = |whole: u16, seen: u16| i32::from(whole.saturating_sub(seen));
        self.left = (self.left + x).clamp(0, most(self.placed.width, area.width));
        self.top = (self.top + y).clamp(0, most(self.placed.height, area.height));
    }

    /// Brings the selected box into sight. A picture for which there is room is not moved.
    pub fn show(&mut self, area: Rect) {
        let Some(spot) = self.placed.spots.get(self.at).copied() else { return };
        let height = self.scale.height();
        let seen = |at: i32, from: u16, size: u16, room: u16, whole: u16| {
            let (from, size, room) = (i32::from(from), i32::from(size), i32::from(room));
            // the beginning of what is larger than the screen
            let at = at.max(from + size - room).min(from).max(0);
            at.min((i32::from(whole) - room).max(0))
        };
        self.left = seen(self.left, spot.x, spot.width, area.width, self.placed.width);
        self.top = seen(self.top, spot.y, height, area.height, self.placed.height);
    }

    /// The uppermost box, or the lowest.
    pub fn end(&self, top: bool) -> Option<usize> {
        let all = 0..self.placed.spots.len();
        let place = |at: &usize| (self.placed.spots[*at].y, self.placed.spots[*at].x);
        if top { all.min_by_key(place) } else { all.max_by_key(place) }
    }

    /// Moves the picture by rows.
    pub fn scroll(&mut self, by: isize, height: usize) {
        let last = usize::from(self.placed.height).saturating_sub(height);
        let top = usize::try_from(self.top).unwrap_or(0).saturating_add_signed(by).min(last);
        self.top = i32::try_from(top).unwrap_or(0);
    }
}

/// What the box of a step is as wide as: its name, and the frame around it.
pub fn boxes_of(definition: &Definition, steps: &[usize], scale: Scale) -> Graph {
    let index: HashMap<&str, usize> =
        steps.iter().enumerate().map(|(i, at)| (definition.steps[*at].path.as_str(), i)).collect();
    let width = |at: &usize| {
        let step = &definition.steps[*at];
        let inner = match scale {
            Scale::Names => cells(&step.label),
            Scale::Cards => step.card().map(cells).into_iter().max().unwrap_or(0),
        };
        // two blanks are for the sign before it, and what says that more is inside
        u16::try_from(inner.min(LONGEST) + 6).unwrap_or(u16::MAX)
    };
    let edges = steps.iter().enumerate().flat_map(|(to, at)| {
        let needs = definition.steps[*at].needs.iter();
        needs.filter_map(|(path, _)| Some((*index.get(path.as_str())?, to))).collect::<Vec<_>>()
    });
    let is_last = |at: &usize| definition.steps[*at].kind == "handler";
    Graph {
        widths: steps.iter().map(width).collect(),
        height: scale.height(),
        edges: edges.collect(),
        last: (0..steps.len()).filter(|i| is_last(&steps[*i])).collect(),
    }
}

/// Lanes or graph. Of more boxes than say anything only lanes are shown, and why.
pub fn switch(state: &mut State) {
    let Some(open) = &mut state.workflow else { return };
    if let Some(graph) = open.graph.take() {
        let path = graph.selected().zip(open.definition()).map(|(at, d)| d.steps[at].path.clone());
        open.steps.id = path;
        return super::one::settle(state);
    }
    let selected = open.selected();
    let Some(definition) = open.definition() else { return };
    // the list in which the selected step lies
    let of = selected.and_then(|at| definition.around(at));
    let of = of.map(|at| definition.steps[at].path.clone());
    let pane = GraphPane { of, ..GraphPane::default() };
    show_list(state, pane, selected);
}

/// Boxes of the list that the pane is about, if there are not too many.
fn show_list(state: &mut State, mut pane: GraphPane, selected: Option<usize>) {
    let Some(open) = &mut state.workflow else { return };
    let Some(definition) = defined(&open.editor, &open.told) else { return };
    let around = pane.of.as_deref().and_then(|path| index_of(definition, path));
    pane.steps = definition.inside(around);
    if pane.steps.len() > MOST {
        let count = pane.steps.len();
        open.graph = None;
        let text = say!(state.words, "graph-too-many", count = count, most = MOST);
        state.tell(Tone::Warn, text, String::new());
        return super::one::settle(state);
    }
    pane.placed = place(&boxes_of(definition, &pane.steps, pane.scale));
    let at = selected.and_then(|at| pane.steps.iter().position(|step| *step == at));
    pane.at = at.unwrap_or(0);
    open.graph = Some(pane);
    open.detail_top = 0;
    show(state);
}

fn index_of(definition: &Definition, path: &str) -> Option<usize> {
    definition.steps.iter().position(|step| step.path == path)
}

/// Places the boxes anew, after the definition has changed.
pub fn renew(state: &mut State) {
    let Some(open) = &mut state.workflow else { return };
    let Some(pane) = open.graph.take() else { return };
    let Some(definition) = open.definition() else { return };
    let of = pane.of.filter(|path| index_of(definition, path).is_some());
    let path = open.steps.id.clone();
    let selected = path.and_then(|path| index_of(definition, &path));
    show_list(state, GraphPane { of, scale: pane.scale, ..GraphPane::default() }, selected);
}

/// More in each box, or less.
pub fn scale(state: &mut State) {
    let Some(open) = &mut state.workflow else { return };
    let Some(mut pane) = open.graph.take() else { return };
    let selected = pane.selected();
    pane.scale = pane.scale.other();
    (pane.left, pane.top) = (0, 0);
    show_list(state, pane, selected);
}

/// To the next box.
pub fn go(state: &mut State, way: Way) {
    let Some(pane) = graph_of(state) else { return };
    if let Some(to) = pane.placed.neighbour(pane.at, way) {
        select(state, to);
    }
}

/// To the uppermost box, or the lowest.
pub fn to_end(state: &mut State, top: bool) {
    let to = graph_of(state).and_then(|pane| pane.end(top));
    to.into_iter().for_each(|to| select(state, to));
}

fn select(state: &mut State, to: usize) {
    if let Some(open) = &mut state.workflow {
        open.detail_top = 0;
        open.graph.iter_mut().for_each(|pane| pane.at = to);
        let path = open.selected().zip(open.definition()).map(|(at, d)| d.steps[at].path.clone());
        open.steps.id = path;
    }
    show(state);
}

fn graph_of(state: &mut State) -> Option<&mut GraphPane> {
    state.workflow.as_mut()?.graph.as_mut()
}

/// Moves the picture, whatever is selected.
pub fn pan(state: &mut State, way: Way) {
    let area = layout::workflow(state).steps;
    graph_of(state).into_iter().for_each(|pane| pane.pan(way, area));
}

/// Brings the selected box into sight. A picture for which there is room is not moved.
pub fn show(state: &mut State) {
    let area = layout::workflow(state).steps;
    graph_of(state).into_iter().for_each(|pane| pane.show(area));
}

/// Into what is inside of the selected step; of one that has nothing inside, to its text.
pub fn into(state: &mut State) {
    let Some(open) = &mut state.workflow else { return };
    let Some((at, definition)) = open.selected().zip(open.definition()) else { return };
    if definition.inside(Some(at)).is_empty() {
        (open.focus, open.lower) = (super::Pane::Step, super::Pane::Step);
        return super::one::settle(state);
    }
    let of = Some(definition.steps[at].path.clone());
    let scale = open.graph.as_ref().map(|pane| pane.scale).unwrap_or_default();
    show_list(state, GraphPane { of, scale, ..GraphPane::default() }, None);
}

/// Out of what is inside of a step; whether there was anything around it.
pub fn out(state: &mut State) -> bool {
    let Some(pane) = graph_of(state) else { return false };
    let Some(path) = pane.of.clone() else { return false };
    let scale = pane.scale;
    let definition = state.workflow.as_ref().and_then(WorkflowScreen::definition);
    let Some((definition, at)) = definition.and_then(|d| Some((d, index_of(d, &path)?))) else {
        return false;
    };
    let of = definition.around(at).map(|at| definition.steps[at].path.clone());
    show_list(state, GraphPane { of, scale, ..GraphPane::default() }, Some(at));
    true
}
