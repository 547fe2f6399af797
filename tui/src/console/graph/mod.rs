//! Steps as boxes in layers, with lines between them: where everything stands.
//!
//! The way of Sugiyama, Tagawa and Toda (IEEE Trans. SMC-11(2), 1981), in four steps:
//! layers by the longest way from a root; an order within each layer that has few
//! crossings, by barycentres; columns by least squares over the neighbours; then lines in
//! the rows between two layers. Nothing is random: the same graph looks the same.
//!
//! It knows no steps, no words and no colours. It is made once for each topology; what a
//! step is doing changes how its box is painted, not where it stands.

mod columns;
mod layers;
mod lines;
#[cfg(test)]
mod tests;

pub use lines::{Cell, Wire};

/// Boxes beyond which lanes say more: it would be several screens in each direction.
pub const MOST: usize = 60;

/// What is to be placed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// Cells that the box of each node takes across; at least 1.
    pub widths: Vec<u16>,
    /// Rows that every box takes; at least 1.
    pub height: u16,
    /// From node to node, by index. One that would close a circle is left out.
    pub edges: Vec<(usize, usize)>,
    /// Nodes below all others: no lines lead to or from them.
    pub last: Vec<usize>,
}

/// Where a box stands: its left upper corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub layer: usize,
}

impl Spot {
    /// The column in which lines come and go.
    pub fn middle(&self) -> u16 {
        self.x + self.width / 2
    }
}

/// A graph with its places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// Of each node, by index.
    pub spots: Vec<Spot>,
    /// Cells that lines take, none of them within a box.
    pub cells: Vec<Cell>,
    pub width: u16,
    pub height: u16,
    /// The edges that were kept.
    pub edges: Vec<(usize, usize)>,
}

/// Where to look for another box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
    Left,
    Right,
}

/// Places everything.
pub fn place(graph: &Graph) -> Placed {
    let layered = layers::layered(graph);
    let x = columns::columns(&layered);
    lines::draw(graph, &layered, &x)
}

impl Placed {
    /// The box to go to from another one: along a line where there is one that way, else
    /// the nearest.
    pub fn neighbour(&self, from: usize, way: Way) -> Option<usize> {
        let here = self.spots.get(from)?;
        let ahead = |at: &usize| {
            let there = &self.spots[*at];
            match way {
                Way::Up => there.layer < here.layer,
                Way::Down => there.layer > here.layer,
                Way::Left => there.layer == here.layer && there.x < here.x,
                Way::Right => there.layer == here.layer && there.x > here.x,
            }
        };
        let linked: Vec<usize> = match way {
            Way::Up => self.edges.iter().filter(|e| e.1 == from).map(|e| e.0).collect(),
            Way::Down => self.edges.iter().filter(|e| e.0 == from).map(|e| e.1).collect(),
            Way::Left | Way::Right => Vec::new(),
        };
        let far = |at: &usize| {
            let there = &self.spots[*at];
            let layers = there.layer.abs_diff(here.layer);
            (layers, there.middle().abs_diff(here.middle()), *at)
        };
        let across = |at: &usize| (self.spots[*at].middle().abs_diff(here.middle()), far(at));
        let along = linked.into_iter().min_by_key(across);
        along.or_else(|| (0..self.spots.len()).filter(ahead).min_by_key(far))
    }
}
