//! Layers, and an order within each that has few crossings.

use super::Graph;

/// Rounds up and down; more of them change little.
const ROUNDS: usize = 8;

/// What takes a place in a layer: a node, or an edge that passes by.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// `None`: an edge passes by.
    pub(super) node: Option<usize>,
    pub(super) width: u16,
    /// Items of the layer above, and of the layer below, that a line joins it to.
    pub(super) above: Vec<usize>,
    pub(super) below: Vec<usize>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Layered {
    /// Nodes come first, by their index.
    pub(super) items: Vec<Item>,
    /// From top to bottom the items of each layer, from left to right.
    pub(super) layers: Vec<Vec<usize>>,
    /// The edges that close no circle.
    pub(super) edges: Vec<(usize, usize)>,
}

pub(super) fn layered(graph: &Graph) -> Layered {
    let count = graph.widths.len();
    let edges = acyclic(graph);
    let rank = ranks(graph, &edges);
    let node = |(at, width): (usize, &u16)| Item {
        node: Some(at),
        width: (*width).max(1),
        above: Vec::new(),
        below: Vec::new(),
    };
    let mut items: Vec<Item> = graph.widths.iter().enumerate().map(node).collect();
    let mut layers = vec![Vec::new(); rank.iter().max().map_or(0, |last| last + 1)];
    (0..count).for_each(|at| layers[rank[at]].push(at));
    for (from, to) in &edges {
        let mut before = *from;
        for layer in layers.iter_mut().take(rank[*to]).skip(rank[*from] + 1) {
            let passing = items.len();
            items.push(Item { node: None, width: 1, above: Vec::new(), below: Vec::new() });
            layer.push(passing);
            join(&mut items, before, passing);
            before = passing;
        }
        join(&mut items, before, *to);
    }
    let mut layered = Layered { items, layers, edges };
    layered.untangle();
    layered
}

fn join(items: &mut [Item], upper: usize, lower: usize) {
    items[upper].below.push(lower);
    items[lower].above.push(upper);
}

/// The edges in their order, without those that would close a circle, come twice or name
/// a node that is not there.
fn acyclic(graph: &Graph) -> Vec<(usize, usize)> {
    let count = graph.widths.len();
    let mut kept: Vec<(usize, usize)> = Vec::with_capacity(graph.edges.len());
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); count];
    for &(from, to) in &graph.edges {
        let known = from < count && to < count && from != to;
        let known = known && !graph.last.contains(&from) && !graph.last.contains(&to);
        if known && !after[from].contains(&to) && !reaches(&after, to, from) {
            after[from].push(to);
            kept.push((from, to));
        }
    }
    kept
}

fn reaches(after: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = vec![false; after.len()];
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if !std::mem::replace(&mut seen[at], true) {
            open.extend(&after[at]);
        }
    }
    false
}

/// The longest way from a root, in edges.
fn ranks(graph: &Graph, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut rank = vec![0; graph.widths.len()];
    // as often as the longest way is long, at most
    for _ in 0..rank.len() {
        let before = rank.clone();
        edges.iter().for_each(|&(from, to)| rank[to] = rank[to].max(rank[from] + 1));
        if rank == before {
            break;
        }
    }
    let below = |at: &&usize| **at < rank.len();
    let last: Vec<usize> = graph.last.iter().filter(below).copied().collect();
    let others = (0..rank.len()).filter(|at| !last.contains(at));
    let bottom = others.map(|at| rank[at] + 1).max().unwrap_or(0);
    last.into_iter().for_each(|at| rank[at] = bottom);
    rank
}

impl Layered {
    /// Where each item stands in its layer.
    fn places(&self) -> Vec<usize> {
        let mut places = vec![0; self.items.len()];
        for layer in &self.layers {
            layer.iter().enumerate().for_each(|(place, item)| places[*item] = place);
        }
        places
    }

    /// Orders each layer by the middle of what an item is joined to, down and up, and
    /// keeps the best order that was seen.
    fn untangle(&mut self) {
        let mut best = (self.crossings(), self.layers.clone());
        for round in 0..ROUNDS {
            let down = round % 2 == 0;
            for at in 0..self.layers.len() {
                let at = if down { at } else { self.layers.len() - 1 - at };
                let places = self.places();
                let items = &self.items;
                let middle = |item: &usize| {
                    let joined = if down { &items[*item].above } else { &items[*item].below };
                    match joined.len() {
                        0 => places[*item] as f64,
                        n => joined.iter().map(|j| places[*j] as f64).sum::<f64>() / n as f64,
                    }
                };
                let mut order = std::mem::take(&mut self.layers[at]);
                order.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
                self.layers[at] = order;
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
        }
        self.layers = best.1;
    }

    /// Pairs of lines that cross.
    fn crossings(&self) -> usize {
        let places = self.places();
        let mut count = 0;
        for layer in &self.layers {
            let lines = layer.iter().flat_map(|item| {
                let below = self.items[*item].below.iter();
                below.map(|lower| (places[*item], places[*lower]))
            });
            let lines: Vec<(usize, usize)> = lines.collect();
            for (at, a) in lines.iter().enumerate() {
                let crosses =
                    |b: &&(usize, usize)| (a.0 < b.0 && a.1 > b.1) || (a.0 > b.0 && a.1 < b.1);
                count += lines[at + 1..].iter().filter(crosses).count();
            }
        }
        count
    }
}
