//! The steps of a run as a tree: what each row is called, which rows there are, and how
//! far a loop is. The list comes from the daemon in the order of the tree.

use rpa_ipc::view::{StepView, TurnsView};

/// Levels that are indented; what lies deeper stands below the last of them.
const MOST_LEVELS: u32 = 12;

/// One row of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The step with this index.
    Step(usize),
    /// Turns of the loop with this index that the list leaves out.
    More { of: usize, turns: u32 },
}

impl Row {
    /// The step that the row is about.
    pub fn index(self) -> usize {
        match self {
            Row::Step(index) | Row::More { of: index, .. } => index,
        }
    }
}

/// The rows, without what is inside of folded steps. Turns that are left out are told
/// of behind those that are there.
pub fn rows(steps: &[StepView], is_folded: impl Fn(usize) -> bool) -> Vec<Row> {
    let mut rows = Vec::with_capacity(steps.len());
    // the loops around the row that have turns to be told of
    let mut open: Vec<(usize, u32)> = Vec::new();
    let mut folded: Option<u32> = None;
    for (index, step) in steps.iter().enumerate() {
        if folded.is_some_and(|depth| step.depth > depth) {
            continue;
        }
        folded = is_folded(index).then_some(step.depth);
        let is_over = |of: usize| {
            let depth = steps[of].depth;
            step.depth <= depth || (step.depth == depth + 1 && !is_turn(step))
        };
        while let Some((of, turns)) = open.pop_if(|(of, _)| is_over(*of)) {
            rows.push(Row::More { of, turns });
        }
        rows.push(Row::Step(index));
        let left_out = step.turns.map_or(0, |turns| turns.begun.saturating_sub(turns.shown));
        if left_out > 0 && folded.is_none() {
            open.push((index, left_out));
        }
    }
    rows.extend(open.into_iter().rev().map(|(of, turns)| Row::More { of, turns }));
    rows
}

/// For each step the index of the one that it is inside of.
pub fn parents(steps: &[StepView]) -> Vec<Option<usize>> {
    let mut around: Vec<usize> = Vec::new();
    let mut parents = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        while around.pop_if(|at| steps[*at].depth >= step.depth).is_some() {}
        parents.push(around.last().copied());
        around.push(index);
    }
    parents
}

/// The last part of its path: `usage`, `[3]` for a turn. Of what is in no step's own
/// list, which list it is: `@failure/tell`, `@undo/refund`.
pub fn label(step: &StepView) -> &str {
    let path = step.path.as_str();
    let (scope, last) = path.rsplit_once('/').unwrap_or(("", path));
    if is_turn(step) {
        return last.rfind('[').map_or(last, |at| &last[at..]);
    }
    let list = scope.rsplit('/').next().filter(|list| list.starts_with('@'));
    let length = last.len() + list.map_or(0, |list| list.len() + 1);
    &path[path.len() - length..]
}

/// How many levels its row is indented.
pub fn level(step: &StepView) -> usize {
    step.depth.min(MOST_LEVELS) as usize
}

pub fn is_turn(step: &StepView) -> bool {
    step.kind == "turn"
}

pub fn is_loop(step: &StepView) -> bool {
    matches!(step.kind.as_str(), "for_each" | "while" | "repeat")
}

/// Whether it is made of other steps: it is not tried and prints nothing itself.
pub fn is_container(step: &StepView) -> bool {
    is_loop(step) || is_turn(step) || matches!(step.kind.as_str(), "group" | "switch")
}

/// Whether it carries out a task, which may print.
pub fn is_task(step: &StepView) -> bool {
    !is_container(step) && !matches!(step.kind.as_str(), "set" | "wait" | "workflow" | "approval")
}

/// How far a loop is, as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It has ended after so many turns.
    Ended(u32),
    /// So many turns of a known number are over.
    Done { done: u32, total: u32 },
    /// The turn that it has come to, and the most that there may be.
    Turn { begun: u32, most: u32 },
}

pub fn progress(step: &StepView, turns: &TurnsView) -> Progress {
    let TurnsView { total, begun, open, .. } = *turns;
    match step.ended_ms {
        Some(_) => Progress::Ended(begun),
        None if step.kind == "for_each" => {
            Progress::Done { done: begun.saturating_sub(open), total }
        }
        None => Progress::Turn { begun, most: total },
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A step of a run, as `path kind depth`.
    pub(crate) fn step(path: &str, kind: &str, depth: u32) -> StepView {
        let last = path.rsplit('/').next().expect("a part");
        StepView {
            id: last.rsplit('[').next().expect("a part").trim_end_matches(']').to_owned(),
            path: path.parse().expect("a path"),
            name: String::new(),
            kind: kind.to_owned(),
            effect: "unknown".to_owned(),
            needs: Vec::new(),
            status: "completed".to_owned(),
            attempts: 1,
            started_ms: None,
            ended_ms: None,
            due_ms: None,
            reason: String::new(),
            error: None,
            output: None,
            depth,
            turns: None,
            called: None,
            approval: None,
            holds: Vec::new(),
        }
    }

    fn turns(begun: u32, shown: u32) -> Option<TurnsView> {
        Some(TurnsView { total: 50, begun, open: 1, failed: 0, shown })
    }

    /// Two loops, one in the other, with undone steps behind the turns.
    fn nested() -> Vec<StepView> {
        let mut all = vec![
            step("each", "for_each", 0),
            step("each[4]", "turn", 1),
            step("each[4]/poll", "repeat", 2),
            step("each[4]/poll[8]", "turn", 3),
            step("each[4]/poll[8]/ask", "shell", 4),
            step("each/@undo/back", "shell", 1),
            step("last", "noop", 0),
            step("@failure/tell", "shell", 0),
        ];
        all[0].turns = turns(5, 1);
        all[2].turns = turns(9, 1);
        all
    }

    #[test]
    fn left_out_turns_are_told_of_behind_the_others() {
        let steps = nested();
        let shown = |folded: fn(usize) -> bool| -> Vec<String> {
            let name = |row: &Row| match row {
                Row::Step(index) => label(&steps[*index]).to_owned(),
                Row::More { of, turns } => format!("{} +{turns}", label(&steps[*of])),
            };
            rows(&steps, folded).iter().map(name).collect()
        };
        let all = [
            "each",
            "[4]",
            "poll",
            "[8]",
            "ask",
            "poll +8",
            "each +4",
            "@undo/back",
            "last",
            "@failure/tell",
        ];
        assert_eq!(shown(|_| false), all);
        assert_eq!(shown(|at| at == 0), ["each", "last", "@failure/tell"]);
        let inner = ["each", "[4]", "poll", "each +4", "@undo/back", "last", "@failure/tell"];
        assert_eq!(shown(|at| at == 2), inner);
        assert_eq!(rows(&steps[..5], |_| false).last(), Some(&Row::More { of: 0, turns: 4 }));
    }

    #[test]
    fn each_step_knows_what_it_is_inside_of() {
        let wanted = [None, Some(0), Some(1), Some(2), Some(3), Some(0), None, None];
        assert_eq!(parents(&nested()), wanted);
    }

    #[test]
    fn what_a_loop_is_told_to_be_at() {
        let mut each = step("each", "for_each", 0);
        let turns = TurnsView { total: 10, begun: 7, open: 2, failed: 1, shown: 3 };
        assert_eq!(progress(&each, &turns), Progress::Done { done: 5, total: 10 });
        each.kind = "while".into();
        assert_eq!(progress(&each, &turns), Progress::Turn { begun: 7, most: 10 });
        each.ended_ms = Some(1);
        assert_eq!(progress(&each, &turns), Progress::Ended(7));
    }
}
