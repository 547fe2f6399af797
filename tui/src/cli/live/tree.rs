//! The steps of a run as they stand, in as many lines as there is room for.

use std::collections::HashMap;

use rpa_ipc::view::{RunDetail, StepView};

use crate::cli::show::why;
use crate::cli::text::{Line, Look, Style, duration, glyph, number, status, took};
use crate::steps::{Row, is_container, is_task, label, level, rows};
use crate::text::count;

/// Rows that are left for the log, where the terminal has twice as many.
const LOG_ROWS: usize = 6;
/// Widest column of names.
const NAME_CELLS: usize = 32;
/// Cells of a time.
const TIME_CELLS: usize = 8;

/// What is drawn, and for whom.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub(super) detail: &'a RunDetail,
    pub(super) last: &'a HashMap<String, String>,
    pub(super) look: &'a Look,
    pub(super) now_ms: u64,
    /// Whether the daemon does not answer, so that all of it may be old.
    pub(super) away: bool,
}

/// Which rows go first when there is no room for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It completed, was skipped or cancelled.
    Ended,
    /// Under way, or it failed.
    Open,
    ToCome,
}

impl Tree<'_> {
    /// The run, then its steps; at most what leaves the cursor a line of its own.
    pub(super) fn lines(&self, (_, height): (usize, usize)) -> Vec<Line> {
        let left = LOG_ROWS.min(height / 2);
        let room = height.saturating_sub(left + 1).max(2);
        let mut lines = vec![self.head()];
        lines.extend(self.steps(room - 1));
        lines
    }

    fn head(&self) -> Line {
        let run = &self.detail.summary;
        let count = format!("  {} of {}", run.steps_done, count(run.steps_total.into(), "step"));
        let took = self.took(run.started_ms, run.ended_ms);
        let line = status(&run.status, self.look).push(Style::Dim, count);
        let line = if took.is_empty() { line } else { line.push(Style::Dim, format!("  {took}")) };
        if self.away {
            line.push(Style::Warn, "  the daemon is away; waiting for it")
        } else {
            line
        }
    }

    /// What is over is folded first, then what has not begun, both told of in a line.
    fn steps(&self, room: usize) -> Vec<Line> {
        let steps = &self.detail.steps;
        let all = rows(steps, |_| false);
        let shown = match all.len() > room {
            true => rows(steps, |index| is_over(&steps[index])),
            false => all,
        };
        let mut excess = shown.len().saturating_sub(room);
        if excess > 0 {
            // the line that tells of those left out
            excess += 1;
        }
        let count = |standing| shown.iter().filter(|row| self.standing(**row) == standing).count();
        let ended = excess.min(count(Standing::Ended));
        excess -= ended;
        if ended > 0 && excess > 0 {
            excess += 1;
        }
        let to_come = excess.min(count(Standing::ToCome));
        excess -= to_come;
        let width = self.name_width(&shown);
        let mut lines = Vec::new();
        if ended > 0 {
            lines.push(self.left_out(ended, "over"));
        }
        let kept_to_come = count(Standing::ToCome) - to_come;
        let (mut skip_ended, mut skip_open, mut to_come_seen) = (ended, excess, 0);
        for row in &shown {
            let skipped = match self.standing(*row) {
                Standing::Ended => take(&mut skip_ended),
                Standing::Open => take(&mut skip_open),
                Standing::ToCome => {
                    to_come_seen += 1;
                    to_come_seen > kept_to_come
                }
            };
            if !skipped {
                lines.push(self.row(*row, width));
            }
        }
        if to_come > 0 {
            lines.push(self.left_out(to_come, "to come"));
        }
        lines.truncate(room);
        lines
    }

    fn standing(&self, row: Row) -> Standing {
        let step = &self.detail.steps[row.index()];
        match step.status.as_str() {
            _ if is_over(step) => Standing::Ended,
            "pending" => Standing::ToCome,
            _ => Standing::Open,
        }
    }

    fn name_width(&self, rows: &[Row]) -> usize {
        let widths = rows.iter().map(|row| self.name(*row).cells());
        widths.max().unwrap_or(0).min(NAME_CELLS)
    }

    fn name(&self, row: Row) -> Line {
        let step = &self.detail.steps[row.index()];
        match row {
            Row::Step(_) => Line::of("  ".repeat(level(step))).plain(label(step)),
            Row::More { turns, .. } => {
                let text = format!("{} more turns", number(turns.into()));
                Line::of("  ".repeat(level(step) + 1)).push(Style::Dim, text)
            }
        }
    }

    /// `  ● fetch ×2   3.0 s  the last line that it printed`
    fn row(&self, row: Row, width: usize) -> Line {
        let step = &self.detail.steps[row.index()];
        let name = self.name(row).fit(width, self.look.ellipsis()).pad(width);
        if matches!(row, Row::More { .. }) {
            return Line::of("    ").append(name);
        }
        let tries = match step.attempts {
            tries if tries > 1 && !is_container(step) => format!("×{tries}"),
            _ => String::new(),
        };
        let tries = if self.look.utf8 { tries } else { tries.replace('×', "x") };
        let took = Line::of(self.took(step.started_ms, step.ended_ms)).pad_left(TIME_CELLS);
        let line = Line::of("  ").append(glyph(&step.status, self.look)).plain(" ").append(name);
        line.push(Style::Warn, format!(" {tries:<3}"))
            .append(took)
            .plain("  ")
            .append(self.said(step))
    }

    /// What a step says of itself: the last line of one that is under way, or why it stands
    /// as it does.
    fn said(&self, step: &StepView) -> Line {
        let printed = self.last.get(step.path.as_str());
        match printed.filter(|_| step.status == "running" && is_task(step)) {
            Some(text) => Line::new().push(Style::Dim, text),
            None => why(step, self.look, self.now_ms),
        }
    }

    fn left_out(&self, count: usize, what: &str) -> Line {
        let ellipsis = self.look.ellipsis();
        let steps = if count == 1 { "step" } else { "steps" };
        let text = format!("  {ellipsis} {} {steps} {what}", number(count as u64));
        Line::new().push(Style::Dim, text)
    }

    /// How long it took; as long as that grows, whole seconds.
    fn took(&self, started_ms: Option<u64>, ended_ms: Option<u64>) -> String {
        match (started_ms, ended_ms) {
            (Some(started), None) => match self.now_ms.saturating_sub(started) / 1_000 {
                0 => String::new(),
                seconds => duration(seconds * 1_000),
            },
            _ => took(started_ms, ended_ms, self.now_ms),
        }
    }
}

fn take(count: &mut usize) -> bool {
    let taken = *count > 0;
    *count = count.saturating_sub(1);
    taken
}

fn is_over(step: &StepView) -> bool {
    matches!(step.status.as_str(), "completed" | "skipped" | "cancelled")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    const LOOK: Look = Look { width: Some(80), ..Look::PLAIN };

    fn shown(detail: &RunDetail, height: usize) -> Vec<String> {
        let last = HashMap::from([("s1".to_owned(), "\x1b[2Jhalf way".to_owned())]);
        let tree = Tree { detail, last: &last, look: &LOOK, now_ms: sample::NOW, away: false };
        let lines = tree.lines((80, height)).into_iter().map(|line| line.fit(80, "…").text());
        lines.map(|line| line.trim_end().to_owned()).collect()
    }

    /// So many steps of each standing, one after the other.
    fn long(ended: usize, open: usize, to_come: usize) -> RunDetail {
        let mut detail = sample::completed();
        let one = detail.steps[0].clone();
        let step = |(index, status): (usize, &str)| StepView {
            id: format!("s{index}"),
            path: format!("s{index}").parse().unwrap(),
            kind: "shell".to_owned(),
            status: status.to_owned(),
            attempts: if status == "running" { 2 } else { 1 },
            started_ms: (status != "pending").then_some(sample::NOW - 3_500),
            ended_ms: (status == "completed").then_some(sample::NOW - 2_000),
            reason: String::new(),
            error: None,
            depth: 0,
            turns: None,
            called: None,
            approval: None,
            holds: Vec::new(),
            due_ms: None,
            ..one.clone()
        };
        let statuses = [("completed", ended), ("running", open), ("pending", to_come)];
        let statuses = statuses.into_iter().flat_map(|(word, n)| std::iter::repeat_n(word, n));
        detail.steps = statuses.enumerate().map(step).collect();
        detail
    }

    #[test]
    fn a_step_says_how_it_stands_how_long_it_takes_and_what_it_printed() {
        let lines = shown(&long(1, 1, 1), 40);
        assert!(lines[0].starts_with("✓ completed  "), "{lines:?}");
        let row = |sign: &str, tries: &str, took: &str| format!("  {sign} {tries:<3}{took:>8}");
        assert_eq!(lines[1], row("✓ s0", "", "1.5 s"));
        assert_eq!(lines[2], row("● s1", "×2", "3.0 s") + "  half way");
        assert_eq!(lines[3], "  · s2");
        assert_eq!(lines.len(), 4);
        // what is known of a loop and of an error stands there as rpa show has it
        let failed = shown(&sample::failed(), 40).join("\n");
        assert!(failed.contains("✗ "), "{failed}");
    }

    #[test]
    fn what_is_over_is_left_out_first_then_what_is_to_come() {
        let names = |detail: &RunDetail, height| -> Vec<String> {
            let lines = shown(detail, height).into_iter().skip(1);
            let word = |line: String| match line.trim().strip_prefix('…') {
                Some(rest) => rest.trim().to_owned(),
                None => line.split_whitespace().nth(1).unwrap().to_owned(),
            };
            lines.map(word).collect()
        };
        assert_eq!(
            names(&long(20, 2, 1), 14),
            ["18 steps over", "s18", "s19", "s20", "s21", "s22"]
        );
        assert_eq!(
            names(&long(20, 3, 20), 14),
            ["20 steps over", "s20", "s21", "s22", "s23", "19 steps to come"]
        );
        assert_eq!(names(&long(0, 1, 9), 14), ["s0", "s1", "s2", "s3", "s4", "5 steps to come"]);
        for height in 0..60 {
            for detail in [long(30, 30, 30), long(0, 50, 0), long(50, 0, 0), sample::nested()] {
                let most = height.max(3) - 1;
                assert!(shown(&detail, height).len() <= most.max(2), "{height}");
            }
        }
    }
}
