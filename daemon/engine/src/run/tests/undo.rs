//! Undoing: the completed steps of a failed run, the last first.

use super::build::*;
use super::play::{Play, state};
use crate::outcome::StopReason;
use crate::run::{Acceptance, Input, Resolution, Run, RunStatus, StepState, StepStatus};
use crate::workflow::{Handlers, OnError, OnItemError, Step};

fn undoable(id: &str) -> Step {
    task(id).undone_by([task("u")])
}

/// `b` completed before `a`, then `c` failed.
fn failed() -> Play {
    let mut workflow = flow([undoable("a"), undoable("b"), task("c").undone_by([task("u")])]);
    workflow.handlers = Handlers { failure: vec![task("f")], ..Handlers::default() };
    let mut play = Play::of_workflow(workflow);
    play.decide(Input::Start).unwrap();
    play.decide(ended("b", 1, gave(1))).unwrap();
    play.decide(ended("a", 1, gave(1))).unwrap();
    play.takes(
        ended("c", 1, broke()),
        &[
            "c failed 1: exit(1) RPA0401 it broke",
            "enters Undo, failed at c: exit(1) RPA0401 it broke",
            "a is undone",
            "a/@undo/u started 1",
            "> error c 1: failed: it broke [RPA0401]",
            "> info a 0: is being undone",
            "> start a/@undo/u 1",
        ],
    );
    play
}

#[test]
fn what_completed_is_undone_one_by_one_the_last_first() {
    failed()
        .is(RunStatus::Running)
        .takes(
            ended("a/@undo/u", 1, gave(1)),
            &[
                "a/@undo/u completed 1 1",
                "a was undone",
                "b is undone",
                "b/@undo/u started 1",
                "> info b 0: is being undone",
                "> start b/@undo/u 1",
            ],
        )
        .takes(
            ended("b/@undo/u", 1, gave(1)),
            &[
                "b/@undo/u completed 1 1",
                "b was undone",
                "enters Handle, failed at c: exit(1) RPA0401 it broke",
                "@failure/f started 1",
                "> start @failure/f 1",
            ],
        )
        .takes(
            ended("@failure/f", 1, gave(1)),
            &["@failure/f completed 1 1", "ended failed at c: exit(1) RPA0401 it broke"],
        );
}

#[test]
fn what_cannot_be_undone_is_told_and_the_rest_is_undone() {
    failed().takes(
        ended("a/@undo/u", 1, broke()),
        &[
            "a/@undo/u failed 1: exit(1) RPA0401 it broke",
            "a was not undone: exit(1) RPA0401 it broke",
            "b is undone",
            "b/@undo/u started 1",
            "> error a/@undo/u 1: failed: it broke [RPA0401]",
            "> error a 0: could not be undone: it broke [RPA0401]",
            "> info b 0: is being undone",
            "> start b/@undo/u 1",
        ],
    );
    failed().takes(
        ended("a/@undo/u", 1, stopped(StopReason::Cancel)),
        &[
            "a/@undo/u cancelled",
            "a was not undone: system RPA0415 cancelled before it was undone",
            "b is undone",
            "b/@undo/u started 1",
            "> warn a/@undo/u 1: cancelled",
            "> error a 0: could not be undone: cancelled before it was undone [RPA0415]",
            "> info b 0: is being undone",
            "> start b/@undo/u 1",
        ],
    );
}

#[test]
fn a_run_that_completes_or_is_cancelled_undoes_nothing() {
    let mut play = Play::of([undoable("a"), task("b").after(&["a"])]);
    play.decide(Input::Start).unwrap();
    play.decide(ended("a", 1, gave(1))).unwrap();
    play.takes(ended("b", 1, gave(1)), &["b completed 1 1", "ended completed {}"]);
    let mut play = Play::of([undoable("a"), task("b").after(&["a"])]);
    play.decide(Input::Start).unwrap();
    play.decide(ended("a", 1, gave(1))).unwrap();
    play.decide(cancel()).unwrap();
    play.takes(
        ended("b", 1, stopped(StopReason::Cancel)),
        &["b cancelled", "ended cancelled", "> warn b 1: cancelled"],
    );
    let mut play = Play::of([undoable("a"), task("b").on_error(OnError::Continue)]);
    play.decide(Input::Start).unwrap();
    play.decide(ended("b", 1, broke())).unwrap();
    play.takes(ended("a", 1, gave(1)), &["a completed 1 1", "ended completed {}"]);
}

#[test]
fn a_crash_goes_on_where_the_undoing_was() {
    let mut play = failed();
    play.takes(Input::Recover, &[]).takes(
        ended("a/@undo/u", 1, gave(1)),
        &[
            "a/@undo/u completed 1 1",
            "a was undone",
            "b is undone",
            "b/@undo/u started 1",
            "> info b 0: is being undone",
            "> start b/@undo/u 1",
        ],
    );
    play.run.prune();
    play.takes(Input::Recover, &[]).takes(ended("a/@undo/u", 1, gave(1)), &[]);
}

#[test]
fn in_a_drain_no_step_is_undone() {
    failed()
        .held()
        .takes(ended("a/@undo/u", 1, gave(1)), &["a/@undo/u completed 1 1", "a was undone"])
        .is(RunStatus::Running)
        .released()
        .takes(
            Input::Recover,
            &[
                "b is undone",
                "b/@undo/u started 1",
                "> info b 0: is being undone",
                "> start b/@undo/u 1",
            ],
        );
}

#[test]
fn a_cancel_ends_the_undoing_and_skips_the_handlers() {
    failed()
        .takes(
            cancel(),
            &[
                "handlers stopped by ana (cli)",
                "> warn - 0: cancel requested by ana (cli): nothing more is undone, and no handler runs",
                "> stop a/@undo/u 1 for cancel",
            ],
        )
        .takes(Input::Recover, &["> stop a/@undo/u 1 for cancel"])
        .takes(
            ended("a/@undo/u", 1, stopped(StopReason::Cancel)),
            &[
                "a/@undo/u cancelled",
                "a was not undone: system RPA0415 cancelled before it was undone",
                "ended failed at c: exit(1) RPA0401 it broke",
                "> warn a/@undo/u 1: cancelled",
                "> error a 0: could not be undone: cancelled before it was undone [RPA0415]",
            ],
        )
        .is(RunStatus::Failed);
}

#[test]
fn a_doubt_while_undoing_is_decided_by_a_person() {
    failed()
        .takes(
            ended("a/@undo/u", 1, lost()),
            &[
                "a/@undo/u in doubt 1: the machine went down",
                &doubted("a/@undo/u 1", "the machine went down"),
            ],
        )
        .is(RunStatus::InDoubt)
        .takes(Input::Recover, &[])
        .takes(
            resolve("a/@undo/u", Resolution::Retry),
            &[
                "a/@undo/u resolved retry by ana (cli)",
                "a/@undo/u started 2",
                "> warn a/@undo/u 1: to be run again, says ana (cli)",
                "> start a/@undo/u 2",
            ],
        );
}

#[test]
fn steps_of_turns_and_of_groups_are_undone_though_their_bodies_are_forgotten() {
    let mut play = Play::of([
        for_each("each", 1, OnItemError::Fail, [undoable("a")]),
        group("g", [undoable("b")]).undone_by([task("v")]).after(&["each"]),
        task("c").after(&["g"]),
    ]);
    let mut then = |input: Input| {
        play.decide(input).unwrap();
        play.run.prune();
    };
    then(Input::Start);
    then(items("each", 2));
    then(ended("each[0]/a", 1, gave(1)));
    then(ended("each[1]/a", 1, gave(1)));
    then(gathered("each", 0));
    then(ended("g/b", 1, gave(1)));
    then(ended("c", 1, broke()));
    assert_eq!(state(&play.run, "g/@undo/v").status(), StepStatus::Running);
    play.takes(
        ended("g/@undo/v", 1, gave(1)),
        &[
            "g/@undo/v completed 1 1",
            "g was undone",
            "g/b is undone",
            "g/b/@undo/u started 1",
            "> info g/b 0: is being undone",
            "> start g/b/@undo/u 1",
        ],
    );
    play.run.prune();
    play.takes(Input::Recover, &[]).takes(
        ended("g/b/@undo/u", 1, gave(1)),
        &[
            "g/b/@undo/u completed 1 1",
            "g/b was undone",
            "each[1]/a is undone",
            "each[1]/a/@undo/u started 1",
            "> info each[1]/a 0: is being undone",
            "> start each[1]/a/@undo/u 1",
        ],
    );
    play.run.prune();
    play.takes(
        ended("each[1]/a/@undo/u", 1, gave(1)),
        &[
            "each[1]/a/@undo/u completed 1 1",
            "each[1]/a was undone",
            "each[0]/a is undone",
            "each[0]/a/@undo/u started 1",
            "> info each[0]/a 0: is being undone",
            "> start each[0]/a/@undo/u 1",
        ],
    );
    play.run.prune();
    play.takes(
        ended("each[0]/a/@undo/u", 1, gave(1)),
        &[
            "each[0]/a/@undo/u completed 1 1",
            "each[0]/a was undone",
            "ended failed at c: exit(1) RPA0401 it broke",
        ],
    );
}

#[test]
fn a_step_may_be_undone_by_a_list_within_a_list() {
    let undo = [repeat("r", 2, false, 0, [task("u")]), task("v").after(&["r"])];
    let mut play = Play::of([task("a").undone_by(undo), task("b").after(&["a"])]);
    play.decide(Input::Start).unwrap();
    play.decide(ended("a", 1, gave(1))).unwrap();
    play.takes(
        ended("b", 1, broke()),
        &[
            "b failed 1: exit(1) RPA0401 it broke",
            "enters Undo, failed at b: exit(1) RPA0401 it broke",
            "a is undone",
            "a/@undo/r loops 2",
            "a/@undo/r[0] opened",
            "a/@undo/r[0]/u started 1",
            "> error b 1: failed: it broke [RPA0401]",
            "> info a 0: is being undone",
            "> start a/@undo/r[0]/u 1",
        ],
    )
    .takes(
        ended("a/@undo/r[0]/u", 1, gave(1)),
        &[
            "a/@undo/r[0]/u completed 1 1",
            "a/@undo/r[0] completed 0 {}",
            "a/@undo/r[1] opened",
            "a/@undo/r[1]/u started 1",
            "> start a/@undo/r[1]/u 1",
        ],
    )
    .takes(Input::Recover, &[])
    .takes(
        ended("a/@undo/r[1]/u", 1, gave(1)),
        &[
            "a/@undo/r[1]/u completed 1 1",
            "a/@undo/r[1] completed 0 {}",
            "a/@undo/r gathering",
            "> gather a/@undo/r 2",
        ],
    )
    .takes(
        gathered("a/@undo/r", 1),
        &["a/@undo/r completed 0 1", "a/@undo/v started 1", "> start a/@undo/v 1"],
    )
    .takes(
        ended("a/@undo/v", 1, gave(1)),
        &["a/@undo/v completed 1 1", "a was undone", "ended failed at b: exit(1) RPA0401 it broke"],
    );
}

#[test]
fn what_an_earlier_run_completed_is_undone_in_the_order_of_its_end() {
    let done = |ended_ms| StepState::Completed { attempt: 1, since_ms: 1, ended_ms };
    let mut play = Play::of([undoable("a"), undoable("b"), task("c")]);
    let accepted = &play.run;
    play.run = Run::accept(Acceptance {
        id: accepted.id,
        revision: accepted.revision,
        definition: accepted.definition.clone(),
        actor: ana(),
        request_id: "request".into(),
        accepted_ms: 900,
        parent: None,
        priority: accepted.priority,
        vars: accepted.vars.clone(),
        kept: vec![(ident("a"), done(9)), (ident("b"), done(5))],
    });
    play.takes(Input::Start, &["started", "c started 1", "> start c 1"]).takes(
        ended("c", 1, broke()),
        &[
            "c failed 1: exit(1) RPA0401 it broke",
            "enters Undo, failed at c: exit(1) RPA0401 it broke",
            "a is undone",
            "a/@undo/u started 1",
            "> error c 1: failed: it broke [RPA0401]",
            "> info a 0: is being undone",
            "> start a/@undo/u 1",
        ],
    );
}

#[test]
fn of_a_loop_that_can_be_undone_the_loop_is_and_not_each_turn() {
    let each = for_each("each", 1, OnItemError::Fail, [task("a")]).undone_by([task("u")]);
    let mut play = Play::of([each, task("b").after(&["each"])]);
    play.decide(Input::Start).unwrap();
    play.decide(items("each", 1)).unwrap();
    play.decide(ended("each[0]/a", 1, gave(1))).unwrap();
    play.decide(gathered("each", 1)).unwrap();
    play.decide(ended("b", 1, broke())).unwrap();
    play.takes(
        ended("each/@undo/u", 1, gave(1)),
        &[
            "each/@undo/u completed 1 1",
            "each was undone",
            "ended failed at b: exit(1) RPA0401 it broke",
        ],
    );
}

#[test]
fn what_was_forgotten_is_restored_from_rows() {
    let mut play = failed();
    let rows = play.run.steps.clone();
    play.decide(ended("a/@undo/u", 1, gave(1))).unwrap();
    let mut rows = rows;
    // the row of what has been undone stays, and brings nothing back
    let undone = StepState::Completed { attempt: 1, since_ms: 1000, ended_ms: 1000 };
    rows.insert(path("a/@undo/u"), undone);
    rows.extend(play.run.steps.clone());
    play.run.prune();
    let expected = play.run.clone();
    // no row tells of what has not been touched
    play.run.steps = rows.into_iter().filter(|(_, s)| s.status() != StepStatus::Pending).collect();
    play.run.restore([]);
    assert_eq!(play.run, expected);
}
