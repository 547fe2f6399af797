//! Lines between two layers: down from a box, along a row, down to another box.
//!
//! All lines of one box share a row, and all that lead to one box share its column. Lines
//! that have nothing to do with each other may cross, never run in the same place: a row
//! is taken by one box only wherever another's would touch it.

use std::collections::BTreeMap;

use super::layers::Layered;
use super::{Graph, Placed, Spot};

/// What a line does in a cell: to which sides it goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wire {
    pub up: bool,
    pub down: bool,
    pub left: bool,
    pub right: bool,
    /// The line ends here, at the box below.
    pub arrow: bool,
}

/// One cell with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub x: u16,
    pub y: u16,
    pub wire: Wire,
}

impl Wire {
    const DOWN: Wire = Wire { up: true, down: true, left: false, right: false, arrow: false };

    fn is_across(self) -> bool {
        self.left && self.right && !self.up && !self.down
    }

    fn is_straight_down(self) -> bool {
        self.up && self.down && !self.left && !self.right
    }

    fn and(self, other: Wire) -> Wire {
        Wire {
            up: self.up || other.up,
            down: self.down || other.down,
            left: self.left || other.left,
            right: self.right || other.right,
            arrow: self.arrow || other.arrow,
        }
    }
}

/// The lines of one box, or of a line that passes by, to the layer below.
struct Bus {
    from: u16,
    to: Vec<u16>,
    /// The row that they share; none where all of it is straight.
    row: Option<usize>,
}

impl Bus {
    fn span(&self) -> (u16, u16) {
        let all = || self.to.iter().copied().chain([self.from]);
        (all().min().unwrap_or(0), all().max().unwrap_or(0))
    }

    fn is_straight(&self) -> bool {
        self.to.iter().all(|to| *to == self.from)
    }

    fn touches(&self, other: &Bus) -> bool {
        let (a, b) = (self.span(), other.span());
        a.0 <= b.1 && b.0 <= a.1
    }

    /// Whether its row must lie above that of another: what comes down to the other would
    /// run into what goes down from it.
    fn must_be_above(&self, other: &Bus) -> bool {
        other.to.contains(&self.from) && self.from != other.from
    }
}

pub(super) fn draw(graph: &Graph, layered: &Layered, x: &[u16]) -> Placed {
    let mut canvas = Canvas::default();
    let mut spots = vec![Spot::default(); graph.widths.len()];
    let height = graph.height.max(1);
    let middle = |item: usize| x[item] + layered.items[item].width / 2;
    let mut y = 0;
    for (layer, items) in layered.layers.iter().enumerate() {
        for item in items {
            let of = &layered.items[*item];
            match of.node {
                Some(node) => spots[node] = Spot { x: x[*item], y, width: of.width, layer },
                None => {
                    let rows = y..y.saturating_add(height);
                    rows.for_each(|y| canvas.put(middle(*item), y, *item, Wire::DOWN));
                }
            }
        }
        y = y.saturating_add(height);
        if layer + 1 == layered.layers.len() {
            break;
        }
        let bus = |item: &usize| Bus {
            from: middle(*item),
            to: layered.items[*item].below.iter().map(|lower| middle(*lower)).collect(),
            row: None,
        };
        let mut buses: Vec<(usize, Bus)> = items.iter().map(|item| (*item, bus(item))).collect();
        buses.retain(|(_, bus)| !bus.to.is_empty());
        let rows = rows(&mut buses);
        for (item, bus) in &buses {
            canvas.bus(bus, *item, y, rows);
        }
        y = y.saturating_add(u16::try_from(rows).unwrap_or(u16::MAX)).saturating_add(1);
        for lower in &layered.layers[layer + 1] {
            let of = &layered.items[*lower];
            if of.node.is_some() && !of.above.is_empty() {
                canvas.arrow(middle(*lower), y - 1);
            }
        }
    }
    let width = spots.iter().map(|spot| spot.x.saturating_add(spot.width)).max().unwrap_or(0);
    let lines = canvas.cells.keys().map(|(_, x)| x.saturating_add(1)).max().unwrap_or(0);
    let cells = canvas.cells.into_iter().map(|((y, x), (_, wire))| Cell { x, y, wire });
    Placed {
        spots,
        cells: cells.collect(),
        width: width.max(lines),
        height: y,
        edges: layered.edges.clone(),
    }
}

/// Gives each bus that needs one a row; returns how many there are.
fn rows(buses: &mut [(usize, Bus)]) -> usize {
    let mut open: Vec<usize> = (0..buses.len()).filter(|at| !buses[*at].1.is_straight()).collect();
    let mut rows = 0;
    while !open.is_empty() {
        // those above which nothing must lie; of a circle the first
        let is_free =
            |at: &usize| !open.iter().any(|other| buses[*other].1.must_be_above(&buses[*at].1));
        let mut free: Vec<usize> = open.iter().copied().filter(is_free).collect();
        if free.is_empty() {
            free.push(open[0]);
        }
        let mut taken: Vec<usize> = Vec::new();
        for at in free {
            if !taken.iter().any(|other| buses[*other].1.touches(&buses[at].1)) {
                taken.push(at);
            }
        }
        taken.iter().for_each(|at| buses[*at].1.row = Some(rows));
        open.retain(|at| !taken.contains(at));
        rows += 1;
    }
    rows
}

/// Cells by row and column, each with the item whose line took it first.
#[derive(Default)]
struct Canvas {
    cells: BTreeMap<(u16, u16), (usize, Wire)>,
}

impl Canvas {
    fn put(&mut self, x: u16, y: u16, owner: usize, wire: Wire) {
        let Some((other, there)) = self.cells.get_mut(&(y, x)) else {
            self.cells.insert((y, x), (owner, wire));
            return;
        };
        let crosses = |a: Wire, b: Wire| a.is_across() && b.is_straight_down();
        if *other != owner && (crosses(*there, wire) || crosses(wire, *there)) {
            // a bridge: the one that goes down is drawn over the other
            *there = Wire::DOWN;
            return;
        }
        *there = there.and(wire);
    }

    /// From the row below the upper layer to the one above the lower layer.
    fn bus(&mut self, bus: &Bus, owner: usize, top: u16, rows: usize) {
        let row = |row: usize| top.saturating_add(u16::try_from(row).unwrap_or(u16::MAX));
        let end = row(rows);
        let Some(at) = bus.row else {
            return (top..=end).for_each(|y| self.put(bus.from, y, owner, Wire::DOWN));
        };
        let at = row(at);
        (top..at).for_each(|y| self.put(bus.from, y, owner, Wire::DOWN));
        let (left, right) = bus.span();
        for x in left..=right {
            let wire = Wire {
                up: x == bus.from,
                down: bus.to.contains(&x),
                left: x > left,
                right: x < right,
                arrow: false,
            };
            self.put(x, at, owner, wire);
        }
        for to in &bus.to {
            (at + 1..=end).for_each(|y| self.put(*to, y, owner, Wire::DOWN));
        }
    }

    fn arrow(&mut self, x: u16, y: u16) {
        if let Some((_, wire)) = self.cells.get_mut(&(y, x)) {
            wire.arrow = true;
        }
    }
}
