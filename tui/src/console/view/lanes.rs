//! A graph of steps as lanes: one row a step, edges as columns, as `git log
//! --graph` and jj draw it.
//!
//! A column waits for one step. At its row all columns that wait for it meet, and
//! for each step that comes after it a column goes on. Of a run only the steps in no
//! other step are drawn so; what is inside of one stands below it, beside the columns
//! that pass by.

use std::collections::HashMap;

use rpa_ipc::view::{StepOutline, StepView};

use crate::console::theme::Look;
use crate::definition::Outlined;

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

/// A row of a tree of steps: of a run, or of a file.
pub trait Branch {
    fn path(&self) -> &str;
    /// Paths of the steps that it comes after.
    fn after(&self) -> Vec<String>;
    /// How deep it lies in others.
    fn depth(&self) -> u32;
    fn glyph(&self, look: Look) -> &'static str;
}

impl Branch for StepView {
    fn path(&self) -> &str {
        self.path.as_str()
    }

    /// Ids are those of one list only: a handler's step is told from one of the same name
    /// by its path.
    fn after(&self) -> Vec<String> {
        let path = self.path.as_str();
        let list = path.rfind('/').map_or("", |at| &path[..=at]);
        self.needs.iter().map(|need| format!("{list}{need}")).collect()
    }

    fn depth(&self) -> u32 {
        self.depth
    }

    fn glyph(&self, look: Look) -> &'static str {
        look.mark(&self.status).glyph
    }
}

impl Branch for Outlined {
    fn path(&self) -> &str {
        &self.path
    }

    fn after(&self) -> Vec<String> {
        self.needs.iter().map(|(path, _)| path.clone()).collect()
    }

    fn depth(&self) -> u32 {
        self.depth
    }

    fn glyph(&self, look: Look) -> &'static str {
        if self.is_heading() { look.glyph("◇", "@") } else { look.glyph("●", "*") }
    }
}

/// A step that is in no other step.
struct Head {
    path: String,
    needs: Vec<String>,
}

impl Node for Head {
    fn id(&self) -> &str {
        &self.path
    }
    fn needs(&self) -> &[String] {
        &self.needs
    }
}

/// Paths of the steps that a step of a run comes after.
pub fn step_needs(step: &StepView) -> Vec<String> {
    step.after()
}

fn heads<B: Branch>(steps: &[B]) -> Vec<Head> {
    let head = |step: &B| Head { path: step.path().to_owned(), needs: step.after() };
    steps.iter().filter(|step| step.depth() == 0).map(head).collect()
}

/// The steps of a run in the order in which lanes are drawn, each with what is inside.
pub fn in_order_of_lanes(steps: Vec<StepView>) -> Vec<StepView> {
    let order = order(&heads(&steps));
    if order.is_sorted() {
        return steps;
    }
    let mut blocks: Vec<Vec<StepView>> = Vec::new();
    for step in steps {
        match blocks.last_mut() {
            Some(block) if step.depth > 0 => block.push(step),
            _ => blocks.push(vec![step]),
        }
    }
    order.into_iter().filter_map(|at| blocks.get_mut(at).map(std::mem::take)).flatten().collect()
}

/// The graph beside each row of a tree: that of a step in no other step, or the columns
/// that pass by. In the order of [`in_order_of_lanes`].
pub fn beside<B: Branch>(steps: &[B], look: Look) -> Vec<Lane> {
    let tops = steps.iter().filter(|step| step.depth() == 0);
    let glyphs: Vec<&str> = tops.map(|step| step.glyph(look)).collect();
    let mut lanes = draw(&heads(steps), &glyphs, look).into_iter();
    let mut below = String::new();
    let mut row = |step: &B| match step.depth() {
        0 => {
            let lane = lanes.next().unwrap_or_default();
            below.clone_from(&lane.below);
            lane
        }
        _ => Lane { at: below.clone(), below: below.clone() },
    };
    steps.iter().map(&mut row).collect()
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
    draw(steps, &dots, look).into_iter().map(|lane| lane.at).collect()
}

/// One row of the graph, and how it goes on below it.
#[derive(Clone, Debug, Default)]
pub struct Lane {
    pub at: String,
    pub below: String,
}

/// The same with a glyph of its own for each step, in the order of [`in_order`].
fn draw<N: Node>(steps: &[N], glyphs: &[&str], look: Look) -> Vec<Lane> {
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
    let mut rows: Vec<(Vec<String>, Vec<String>)> = Vec::with_capacity(order.len());
    for (row, after) in after.iter().enumerate() {
        let glyph = glyphs.get(row).copied().unwrap_or("?");
        let cells = lane_row(&mut columns, row, after, glyph, look);
        rows.push((cells, passing(&columns, look)));
    }
    let width = rows.iter().map(|(cells, _)| cells.len()).max().unwrap_or(0).min(2 * MOST - 1);
    let glyph = |row: usize| glyphs.get(row).copied().unwrap_or("?");
    let lane = |(row, (at, below)): (usize, &(Vec<String>, Vec<String>))| Lane {
        at: fitted(at, width, glyph(row), look),
        below: fitted(&below[..below.len().min(width)], width, "", look),
    };
    rows.iter().enumerate().map(lane).collect()
}

/// The columns as they go on.
fn passing(columns: &[Option<usize>], look: Look) -> Vec<String> {
    let cell = |column: &Option<usize>| if column.is_some() { look.glyph("│", "|") } else { " " };
    columns.iter().flat_map(|column| [cell(column).to_owned(), " ".to_owned()]).collect()
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

    const LOOK: Look = Look { unicode: true, colour: false, contrast: false };

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

    fn run_step(path: &str, needs: &[&str], depth: u32) -> StepView {
        let needs = needs.iter().map(|need| (*need).to_owned()).collect();
        StepView { needs, ..crate::steps::tests::step(path, "noop", depth) }
    }

    #[test]
    fn what_is_inside_of_a_step_stands_beside_the_lanes() {
        let steps = [
            run_step("a", &[], 0),
            run_step("a/c", &["b"], 1),
            run_step("b", &["a"], 0),
            run_step("b/@undo/a", &[], 1),
            run_step("c", &["a"], 0),
            run_step("d", &["b", "c"], 0),
            run_step("d/b", &[], 1),
            run_step("@failure/a", &[], 0),
            run_step("@failure/d", &["a"], 0),
        ];
        let graph = beside(&steps, LOOK);
        let rows =
            graph.iter().zip(&steps).map(|(lane, step)| format!("{} {}", lane.at, step.path));
        let wanted = [
            "✓─╮ a",
            "│ │ a/c",
            "✓ │ b",
            "│ │ b/@undo/a",
            "│ ✓ c",
            "✓─╯ d",
            "    d/b",
            "✓   @failure/a",
            "✓   @failure/d",
        ];
        assert_eq!(rows.collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn a_step_moves_behind_what_it_needs_with_all_that_is_inside() {
        let steps = vec![run_step("b", &["a"], 0), run_step("b/x", &[], 1), run_step("a", &[], 0)];
        let paths: Vec<String> =
            in_order_of_lanes(steps).iter().map(|step| step.path.to_string()).collect();
        assert_eq!(paths, ["a", "b", "b/x"]);
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
