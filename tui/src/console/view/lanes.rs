//! A graph of steps as lanes: one row a step, edges as columns, as `git log
//! --graph` and jj draw it.
//!
//! A column waits for one step. At its row all columns that wait for it meet, and
//! for each step that comes after it a column goes on.

use std::collections::HashMap;

use rpa_ipc::view::{StepOutline, StepView};

use crate::console::theme::Look;

/// Columns at most: beyond that the graph says nothing any more.
const MOST: usize = 12;

/// What is drawn of a step.
pub trait Node {
    fn id(&self) -> &str;
    fn needs(&self) -> &[String];
}

impl Node for StepOutline {
    fn id(&self) -> &str {
        &self.id
    }
    fn needs(&self) -> &[String] {
        &self.needs
    }
}

impl Node for StepView {
    fn id(&self) -> &str {
        &self.id
    }
    fn needs(&self) -> &[String] {
        &self.needs
    }
}

/// The steps, each after those that it needs; otherwise as they stand in the file.
pub fn in_order<N: Node>(steps: &[N]) -> Vec<&N> {
    order(steps).into_iter().map(|i| &steps[i]).collect()
}

fn order<N: Node>(steps: &[N]) -> Vec<usize> {
    let index: HashMap<&str, usize> = steps.iter().enumerate().map(|(i, s)| (s.id(), i)).collect();
    let mut placed = vec![false; steps.len()];
    let mut order = Vec::with_capacity(steps.len());
    while order.len() < steps.len() {
        let ready = |i: &usize| {
            let needs = steps[*i].needs().iter().filter_map(|n| index.get(n.as_str()));
            !placed[*i] && needs.clone().all(|n| placed[*n])
        };
        // a circle cannot come from a checked file; it is shown rather than looped over
        let next = (0..steps.len()).find(ready).or_else(|| placed.iter().position(|p| !p));
        let Some(next) = next else { break };
        placed[next] = true;
        order.push(next);
    }
    order
}

/// The graph beside each of [`in_order`]'s steps, all of the same width.
pub fn outline<N: Node>(steps: &[N], look: Look) -> Vec<String> {
    let dots = vec![look.glyph("●", "*"); steps.len()];
    draw(steps, &dots, look)
}

/// The same with a glyph of its own for each step, in the order of [`in_order`].
pub fn draw<N: Node>(steps: &[N], glyphs: &[&str], look: Look) -> Vec<String> {
    let order = order(steps);
    let rank: HashMap<&str, usize> =
        order.iter().enumerate().map(|(row, i)| (steps[*i].id(), row)).collect();
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for (row, i) in order.iter().enumerate() {
        for need in steps[*i].needs() {
            if let Some(from) = rank.get(need.as_str()).filter(|from| **from < row) {
                after[*from].push(row);
            }
        }
    }
    let mut columns: Vec<Option<usize>> = Vec::new();
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(order.len());
    for (row, after) in after.iter().enumerate() {
        let glyph = glyphs.get(row).copied().unwrap_or("?");
        rows.push(lane_row(&mut columns, row, after, glyph, look));
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or(0).min(2 * MOST - 1);
    let glyph = |row: usize| glyphs.get(row).copied().unwrap_or("?");
    rows.iter().enumerate().map(|(row, cells)| fitted(cells, width, glyph(row), look)).collect()
}

/// What happens to a column in one row.
#[derive(Clone, Copy, Default)]
struct Touch {
    /// It comes from above.
    from_above: bool,
    /// It goes on below.
    goes_on: bool,
    /// A line leads from it to the row's step.
    joined: bool,
}

/// Draws one row and leaves `columns` as they are below it.
fn lane_row(
    columns: &mut Vec<Option<usize>>,
    row: usize,
    after: &[usize],
    glyph: &str,
    look: Look,
) -> Vec<String> {
    let mut touches: Vec<Touch> = columns
        .iter()
        .map(|c| Touch { from_above: c.is_some(), goes_on: c.is_some(), joined: false })
        .collect();
    let here = columns.iter().position(|c| *c == Some(row)).unwrap_or_else(|| free(columns, 0));
    touches.resize(touches.len().max(columns.len()), Touch::default());
    for (at, column) in columns.iter_mut().enumerate() {
        if *column == Some(row) {
            *column = None;
            touches[at] = Touch { from_above: true, goes_on: false, joined: true };
        }
    }
    for (n, child) in after.iter().enumerate() {
        // a column for every edge: a shared one could be read as a branch
        let at = if n == 0 { here } else { free(columns, here + 1) };
        columns[at] = Some(*child);
        touches.resize(touches.len().max(columns.len()), Touch::default());
        touches[at].goes_on = true;
        touches[at].joined = true;
    }
    while columns.last().is_some_and(Option::is_none) {
        columns.pop();
    }
    paint(&touches, here, glyph, look)
}

/// The first column from `least` on that waits for nothing.
fn free(columns: &mut Vec<Option<usize>>, least: usize) -> usize {
    let found = (least..columns.len()).find(|at| columns[*at].is_none());
    found.unwrap_or_else(|| {
        let at = columns.len().max(least);
        columns.resize(at + 1, None);
        at
    })
}

fn paint(touches: &[Touch], here: usize, glyph: &str, look: Look) -> Vec<String> {
    let joined = |at: &usize| touches[*at].joined || *at == here;
    let first = (0..touches.len()).find(|at| joined(at)).unwrap_or(here);
    let last = (0..touches.len()).rev().find(|at| joined(at)).unwrap_or(here);
    let mut cells = Vec::with_capacity(touches.len() * 2);
    for (at, touch) in touches.iter().enumerate() {
        let crossed = first < at && at < last;
        let cell = if at == here {
            glyph.to_owned()
        } else {
            lane(*touch, at < here, crossed, look).to_owned()
        };
        cells.push(cell);
        let line = first <= at && at < last;
        cells.push(if line { look.glyph("─", "-").to_owned() } else { " ".to_owned() });
    }
    // the blank behind the last column
    cells.pop();
    cells
}

/// The sign of one column beside the step's own.
fn lane(touch: Touch, left: bool, crossed: bool, look: Look) -> &'static str {
    let Touch { from_above, goes_on, joined } = touch;
    let (unicode, ascii) = match (joined, from_above, goes_on) {
        (false, true, true) if crossed => ("┼", "+"),
        (false, true, true) => ("│", "|"),
        (false, _, _) if crossed => ("─", "-"),
        (false, _, _) => (" ", " "),
        (true, true, true) if crossed => ("┼", "+"),
        (true, true, true) => (if left { "├" } else { "┤" }, "+"),
        (true, true, false) if crossed => ("┴", "'"),
        (true, true, false) => (if left { "╰" } else { "╯" }, "'"),
        (true, false, _) if crossed => ("┬", "."),
        (true, false, _) => (if left { "╭" } else { "╮" }, "."),
    };
    look.glyph(unicode, ascii)
}

/// In exactly `width` cells. Of a graph that is wider, the step itself still shows.
fn fitted(cells: &[String], width: usize, glyph: &str, look: Look) -> String {
    let mut text: String = cells.iter().take(width).map(String::as_str).collect();
    if cells.len() > width {
        text.pop();
        text.push_str(if text.contains(glyph) { look.ellipsis() } else { glyph });
    }
    let used = crate::text::cells(&text);
    text.push_str(&" ".repeat(width.saturating_sub(used)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Look = Look { unicode: true, colour: false };

    fn steps(text: &str) -> Vec<StepOutline> {
        let step = |line: &str| {
            let (id, needs) = line.split_once('<').unwrap_or((line, ""));
            StepOutline {
                id: id.to_owned(),
                name: String::new(),
                kind: "noop".into(),
                needs: needs.split(',').filter(|n| !n.is_empty()).map(str::to_owned).collect(),
            }
        };
        text.split_whitespace().map(step).collect()
    }

    fn drawn(text: &str) -> Vec<String> {
        let steps = steps(text);
        let graph = outline(&steps, LOOK);
        let rows = graph.iter().zip(in_order(&steps));
        rows.map(|(graph, step)| format!("{graph} {}", step.id)).collect()
    }

    #[test]
    fn a_chain_is_one_lane() {
        assert_eq!(drawn("a b<a c<b"), ["● a", "● b", "● c"]);
    }

    #[test]
    fn branches_leave_and_meet() {
        assert_eq!(
            drawn("a b<a c<a d<b,c e<d"),
            ["●─╮ a", "● │ b", "│ ● c", "●─╯ d", "●   e"].map(|s| s.to_owned()),
        );
    }

    #[test]
    fn steps_come_after_what_they_need() {
        assert_eq!(drawn("b<a a"), ["● a", "● b"]);
    }

    #[test]
    fn roots_have_lanes_of_their_own() {
        assert_eq!(drawn("a b c<a,b"), ["●   a", "│ ● b", "●─╯ c"]);
    }

    #[test]
    fn any_graph_is_drawn_with_rows_of_one_width() {
        let mut random = 7_u64;
        for _ in 0..300 {
            let mut text = String::new();
            for i in 0..12 {
                let mut needs = Vec::new();
                for j in 0..i {
                    random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    if random >> 62 == 0 {
                        needs.push(format!("s{j}"));
                    }
                }
                text.push_str(&format!("s{i}<{} ", needs.join(",")));
            }
            let steps = steps(&text);
            let graph = outline(&steps, LOOK);
            assert_eq!(graph.len(), steps.len());
            let width = crate::text::cells(&graph[0]);
            for (row, line) in graph.iter().enumerate() {
                assert_eq!(crate::text::cells(line), width, "{text}");
                assert_eq!(line.matches('●').count(), 1, "{row} of {text}");
            }
        }
    }
}
