//! Every state against every input: what acts, what is refused, and what is stale
//! and therefore changes nothing at all.

use super::build::*;
use super::play::Play;
use crate::name::{AttemptId, RunId};
use crate::outcome::{ErrorClass, StopReason};
use crate::run::{Asked, Decision, Input, Resolution};
use crate::workflow::Step;

/// `x` acts, `.` changes nothing, `!` is refused, `-` is no answer to such a step.
const GRID: &str = "
               start | skip run set wait error | outputs old | run_outputs | ended old foreign | early due | cancel | done retry fail nobody | recover
queued         x     | .    .   .   .    .     | .       .   | .           | .     .   .       | .     .   | x      | !    !     !    !      | .
pending        .     | .    .   .   .    .     | .       .   | .           | .     .   .       | .     .   | x      | !    !     !    !      | .
ready          .     | x    x   -   -    x     | .       .   | .           | .     .   .       | .     .   | x      | !    !     !    !      | x
ready_set      .     | x    -   x   -    x     | .       .   | .           | .     .   .       | .     .   | x      | !    !     !    !      | x
ready_wait     .     | x    -   -   x    x     | .       .   | .           | .     .   .       | .     .   | x      | !    !     !    !      | x
running        .     | .    .   .   .    .     | .       .   | .           | x     .   .       | .     .   | x      | !    !     !    !      | .
stopping       .     | .    .   .   .    .     | .       .   | .           | x     .   .       | .     .   | .      | !    !     !    !      | x
waiting        .     | .    .   .   .    .     | .       .   | .           | .     .   .       | .     x   | x      | !    !     !    !      | .
retrying       .     | .    .   .   .    .     | .       .   | .           | .     .   .       | .     x   | x      | !    !     !    !      | .
confirmed      .     | .    .   .   .    .     | x       .   | .           | .     .   .       | .     .   | x      | !    !     !    !      | x
in_doubt       .     | .    .   .   .    .     | .       .   | .           | .     .   .       | .     .   | x      | x    x     x    !      | .
doubt_stopping .     | .    .   .   .    .     | .       .   | .           | .     .   .       | .     .   | .      | x    !     x    !      | .
completed      .     | .    .   .   .    .     | .       .   | .           | .     .   .       | .     .   | x      | !    !     !    !      | .
failed         .     | .    .   .   .    .     | .       .   | .           | .     .   .       | .     .   | x      | !    !     !    !      | .
skipped        .     | .    .   .   .    .     | .       .   | .           | .     .   .       | .     .   | x      | !    !     !    !      | .
cancelled      .     | .    .   .   .    .     | .       .   | .           | .     .   .       | .     .   | .      | !    !     !    !      | .
finishing      .     | .    .   .   .    .     | .       .   | x           | .     .   .       | .     .   | x      | !    !     !    !      | x
ended_good     .     | .    .   .   .    .     | .       .   | .           | .     .   .       | .     .   | !      | !    !     !    !      | .
ended_bad      .     | .    .   .   .    .     | .       .   | .           | .     .   .       | .     .   | !      | !    !     !    !      | .
ended_cancel   .     | .    .   .   .    .     | .       .   | .           | .     .   .       | .     .   | !      | !    !     !    !      | .
";

/// Where the subject `a` stands; `keep` runs beside it, so that the run goes on
/// when `a` has ended.
fn reach(state: &str) -> Play {
    let beside = |a: Step| Play::of([a, task("keep")]);
    let alone = |a: Step| Play::of([a]);
    let retrying = || task("a").with_retry(fixed(3, 100));
    let stop = || ended("a", 1, stopped(StopReason::Cancel));
    let (mut play, inputs) = match state {
        "queued" => (beside(task("a")), vec![]),
        "pending" => (beside(task("a").after(&["keep"])), vec![Input::Start]),
        "ready" => (beside(asking("a")), vec![Input::Start]),
        "ready_set" => (beside(set("a", "x")), vec![Input::Start]),
        "ready_wait" => (beside(wait("a", 100)), vec![Input::Start]),
        "running" => (beside(task("a")), vec![Input::Start]),
        "stopping" => (beside(task("a")), vec![Input::Start, cancel()]),
        "waiting" => (
            beside(wait("a", 100)),
            vec![Input::Start, asked("a", Ok(Asked::Wait { until_ms: None }))],
        ),
        "retrying" => (beside(retrying()), vec![Input::Start, ended("a", 1, broke())]),
        "confirmed" => {
            (beside(task("a").with_outputs()), vec![Input::Start, ended("a", 1, gave(1))])
        }
        "in_doubt" => (beside(task("a")), vec![Input::Start, ended("a", 1, lost())]),
        "doubt_stopping" => (alone(task("a")), vec![Input::Start, ended("a", 1, lost()), cancel()]),
        "completed" => (beside(task("a")), vec![Input::Start, ended("a", 1, gave(1))]),
        "failed" => (beside(task("a")), vec![Input::Start, ended("a", 1, broke())]),
        "skipped" => (beside(asking("a")), vec![Input::Start, asked("a", Ok(Asked::Skip))]),
        // a doubt beside it: nothing is left that a recovery would stop
        "cancelled" => {
            let keep_doubted = ended("keep", 1, lost());
            (beside(task("a")), vec![Input::Start, keep_doubted, cancel(), stop()])
        }
        "finishing" => {
            let mut workflow = flow([task("a")]);
            workflow.outputs = run_outputs();
            (Play::of_workflow(workflow), vec![Input::Start, ended("a", 1, gave(1))])
        }
        "ended_good" => (alone(task("a")), vec![Input::Start, ended("a", 1, gave(1))]),
        "ended_bad" => (alone(task("a")), vec![Input::Start, ended("a", 1, broke())]),
        "ended_cancel" => (alone(task("a")), vec![Input::Start, cancel(), stop()]),
        other => panic!("no way to {other}"),
    };
    for input in inputs {
        play.decide(input).unwrap();
    }
    play
}

fn input(column: &str, group: usize) -> Input {
    match (group, column) {
        (0, "start") => Input::Start,
        (1, "skip") => asked("a", Ok(Asked::Skip)),
        (1, "run") => runs("a"),
        (1, "set") => asked("a", Ok(Asked::Set([].into()))),
        (1, "wait") => asked("a", Ok(Asked::Wait { until_ms: None })),
        (1, "error") => asked("a", Err(error(ErrorClass::System))),
        (2, "outputs") => outputs_of("a", 1, Ok(fields(1))),
        (2, "old") => outputs_of("a", 7, Ok(fields(1))),
        (3, "run_outputs") => outputs_of_run(Ok(fields(1))),
        (4, "ended") => ended("a", 1, gave(1)),
        (4, "old") => ended("a", 7, gave(1)),
        (4, "foreign") => {
            let attempt = AttemptId { run: RunId(1), path: path("a"), number: 1 };
            Input::AttemptEnded { attempt, outcome: gave(1) }
        }
        (5, "early") => wake(1099),
        (5, "due") => wake(1100),
        (6, "cancel") => cancel(),
        (7, "done") => resolve("a", Resolution::Done { output: fields(1) }),
        (7, "retry") => resolve("a", Resolution::Retry),
        (7, "fail") => resolve("a", Resolution::Fail),
        (7, "nobody") => resolve("nobody", Resolution::Fail),
        (8, "recover") => Input::Recover,
        other => panic!("no such column {other:?}"),
    }
}

#[test]
fn what_no_longer_fits_the_state_changes_nothing() {
    let mut lines = GRID.trim_matches('\n').lines();
    let columns: Vec<(usize, &str)> = lines
        .next()
        .unwrap()
        .split('|')
        .enumerate()
        .flat_map(|(group, names)| names.split_whitespace().map(move |name| (group, name)))
        .collect();
    for line in lines {
        let (row, cells) = line.split_once(' ').unwrap();
        let cells: Vec<&str> = cells.split_whitespace().filter(|c| *c != "|").collect();
        assert_eq!(cells.len(), columns.len(), "{row}");
        for ((group, column), cell) in columns.iter().zip(cells) {
            check(row, column, cell, input(column, *group));
        }
    }
}

fn check(row: &str, column: &str, cell: &str, input: Input) {
    if cell == "-" {
        return;
    }
    let mut play = reach(row);
    let before = play.run.clone();
    let result = play.decide(input);
    let sign = match &result {
        Ok(decision) if *decision == Decision::default() => ".",
        Ok(_) => "x",
        Err(_) => "!",
    };
    assert_eq!(sign, cell, "{row} x {column}: {result:?}");
    if sign != "x" {
        assert_eq!(play.run, before, "{row} x {column} changed the state");
    }
}
