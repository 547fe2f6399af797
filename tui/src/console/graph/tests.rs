//! Graphs as text, and any graph at all.

use std::collections::{BTreeMap, HashSet};

use super::*;

/// `a b<a c<a,b`: names, each with those before it.
fn read(text: &str) -> (Graph, Vec<String>) {
    let words: Vec<(&str, &str)> =
        text.split_whitespace().map(|word| word.split_once('<').unwrap_or((word, ""))).collect();
    let names: Vec<String> = words.iter().map(|(name, _)| (*name).to_owned()).collect();
    let index = |name: &str| names.iter().position(|n| n == name).expect("a name");
    let edges = words.iter().flat_map(|(name, before)| {
        let before = before.split(',').filter(|b| !b.is_empty());
        before.map(|before| (index(before), index(name))).collect::<Vec<_>>()
    });
    let edges = edges.collect();
    let widths =
        names.iter().map(|name| u16::try_from(name.chars().count()).unwrap() + 2).collect();
    (Graph { widths, height: 1, edges, last: Vec::new() }, names)
}

fn sign(wire: Wire) -> char {
    let Wire { up, down, left, right, arrow } = wire;
    match (arrow, up, down, left, right) {
        (true, ..) => '▼',
        (_, true, true, true, true) => '┼',
        (_, true, true, true, false) => '┤',
        (_, true, true, false, true) => '├',
        (_, true, true, false, false) => '│',
        (_, true, false, true, true) => '┴',
        (_, true, false, true, false) => '╯',
        (_, true, false, false, true) => '╰',
        (_, false, true, true, true) => '┬',
        (_, false, true, true, false) => '╮',
        (_, false, true, false, true) => '╭',
        (_, false, false, ..) => '─',
        _ => '?',
    }
}

fn shown(placed: &Placed, names: &[String]) -> Vec<String> {
    let mut rows = vec![vec![' '; usize::from(placed.width)]; usize::from(placed.height)];
    for cell in &placed.cells {
        rows[usize::from(cell.y)][usize::from(cell.x)] = sign(cell.wire);
    }
    for (spot, name) in placed.spots.iter().zip(names) {
        for (at, c) in (usize::from(spot.x)..).zip(format!("[{name}]").chars()) {
            rows[usize::from(spot.y)][at] = c;
        }
    }
    rows.iter().map(|row| row.iter().collect::<String>().trim_end().to_owned()).collect()
}

fn drawn(text: &str) -> String {
    let (graph, names) = read(text);
    shown(&place(&graph), &names).join("\n")
}

#[test]
fn a_chain_goes_straight_down() {
    assert_eq!(drawn("a b<a"), "[a]\n ▼\n[b]");
}

#[test]
fn branches_leave_and_meet() {
    insta::assert_snapshot!(drawn("start left<start right<start end<left,right last<end"));
    insta::assert_snapshot!(drawn(
        "usage parse<usage biggest<usage which<parse,biggest send<which"
    ));
    insta::assert_snapshot!(drawn("a b<a c<b d<c e<a,d"));
    insta::assert_snapshot!(drawn("one two three x<one,two,three y<one,three z<y,x"));
}

#[test]
fn nothing_and_circles_are_placed_too() {
    assert_eq!(place(&Graph::default()), Placed::default());
    let (mut graph, _) = read("a b<a");
    graph.edges.extend([(1, 0), (0, 0), (0, 1), (7, 0)]);
    assert_eq!(place(&graph).edges, [(0, 1)]);
}

#[test]
fn what_is_last_stands_below_all_others() {
    let (mut graph, names) = read("a @x b<a");
    graph.last = vec![1];
    let placed = place(&graph);
    let y = |name: &str| placed.spots[names.iter().position(|n| n == name).unwrap()].y;
    assert!(y("@x") > y("b"));
}

#[test]
fn arrows_lead_along_lines_first() {
    let (graph, names) = read("a b<a c<a d<b e<c f");
    let placed = place(&graph);
    let go = |from: &str, way: Way| {
        let from = names.iter().position(|n| n == from).unwrap();
        placed.neighbour(from, way).map_or("", |to| &names[to])
    };
    assert_eq!([go("b", Way::Down), go("c", Way::Down), go("e", Way::Up)], ["d", "e", "c"]);
    assert_eq!([go("b", Way::Right), go("c", Way::Left), go("a", Way::Up)], ["c", "b", ""]);
    assert_ne!(go("f", Way::Down), "", "without a line, the nearest below");
}

struct Lot(u64);

impl Lot {
    fn below(&mut self, most: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from((self.0 >> 33) % most).unwrap()
    }
}

fn random(lot: &mut Lot) -> Graph {
    let count = lot.below(40) + 1;
    let widths = (0..count).map(|_| u16::try_from(lot.below(24) + 1).unwrap()).collect();
    let edges = (1..count).flat_map(|to| {
        let before = lot.below(4);
        (0..before).map(|_| (lot.below(to as u64), to)).collect::<Vec<_>>()
    });
    let edges = edges.collect();
    let last = if lot.below(3) == 0 { vec![0] } else { Vec::new() };
    Graph { widths, height: u16::try_from(lot.below(4) + 1).unwrap(), edges, last }
}

/// Every box is on the canvas, no two touch, no line runs through one, and from the box
/// that an edge leaves its lines lead to the box that it comes to.
#[test]
fn any_graph_is_whole() {
    let mut lot = Lot(7);
    for round in 0..400 {
        let graph = random(&mut lot);
        let placed = place(&graph);
        let mut taken: BTreeMap<(u16, u16), usize> = BTreeMap::new();
        for (node, spot) in placed.spots.iter().enumerate() {
            assert_eq!(spot.width, graph.widths[node], "{round}");
            assert!(spot.x + spot.width <= placed.width, "{round}");
            assert!(spot.y + graph.height <= placed.height, "{round}");
            for y in spot.y..spot.y + graph.height {
                for x in spot.x..spot.x + spot.width {
                    assert_eq!(taken.insert((y, x), node), None, "{round}: boxes overlap");
                }
            }
        }
        let wires: BTreeMap<(u16, u16), Wire> =
            placed.cells.iter().map(|cell| ((cell.y, cell.x), cell.wire)).collect();
        for at in wires.keys() {
            assert!(!taken.contains_key(at), "{round}: a line runs through a box");
            assert!(at.0 < placed.height && at.1 < placed.width, "{round}");
        }
        for &(from, to) in &placed.edges {
            assert!(placed.spots[from].layer < placed.spots[to].layer, "{round}");
            let is_there = leads(&wires, &placed, graph.height, from, to);
            assert!(is_there, "{round}: no line from {from} to {to}\n{graph:?}");
        }
    }
}

/// Whether one gets along lines downwards from a box to another.
fn leads(
    wires: &BTreeMap<(u16, u16), Wire>,
    placed: &Placed,
    height: u16,
    from: usize,
    to: usize,
) -> bool {
    let (start, end) = (placed.spots[from], placed.spots[to]);
    let mut open = vec![(start.y + height, start.middle(), 'd')];
    let mut seen = HashSet::new();
    while let Some((y, x, way)) = open.pop() {
        if (y, x) == (end.y, end.middle()) && way == 'd' {
            return true;
        }
        let Some(wire) = wires.get(&(y, x)).filter(|_| seen.insert((y, x, way))) else { continue };
        // over a bridge one goes straight on
        let bridged = !wire.left && !wire.right && way != 'd';
        if bridged {
            open.push(if way == 'l' { (y, x - 1, 'l') } else { (y, x + 1, 'r') });
            continue;
        }
        if wire.down {
            open.push((y + 1, x, 'd'));
        }
        if wire.left && way != 'r' {
            open.push((y, x - 1, 'l'));
        }
        if wire.right && way != 'l' {
            open.push((y, x + 1, 'r'));
        }
    }
    false
}
