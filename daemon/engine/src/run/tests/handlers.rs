//! Handlers: what runs when all steps have ended.

use super::build::*;
use super::play::Play;
use crate::outcome::{ErrorClass, StopReason};
use crate::run::{Asked, Input, Refusal, Resolution, RunStatus};
use crate::workflow::{Handlers, Workflow};

fn handled() -> Workflow {
    let mut workflow = flow([task("a")]);
    workflow.handlers = Handlers {
        success: vec![task("s")],
        failure: vec![task("f")],
        cancel: vec![task("c")],
        finally: vec![task("z")],
    };
    workflow
}

fn play(workflow: Workflow) -> Play {
    let mut play = Play::of_workflow(workflow);
    play.decide(Input::Start).unwrap();
    play
}

#[test]
fn success_then_finally() {
    play(handled())
        .takes(
            ended("a", 1, gave(1)),
            &[
                "a completed 1 1",
                "enters Handle, completed {}",
                "@success/s started 1",
                "> start @success/s 1",
            ],
        )
        .is(RunStatus::Running)
        .takes(
            ended("@success/s", 1, gave(1)),
            &[
                "@success/s completed 1 1",
                "enters Finally, completed {}",
                "@finally/z started 1",
                "> start @finally/z 1",
            ],
        )
        .takes(ended("@finally/z", 1, gave(1)), &["@finally/z completed 1 1", "ended completed {}"])
        .is(RunStatus::Completed);
}

#[test]
fn failure_then_finally_whatever_becomes_of_them() {
    play(handled())
        .takes(
            ended("a", 1, broke()),
            &[
                "a failed 1: exit(1) RPA0401 it broke",
                "enters Handle, failed at a: exit(1) RPA0401 it broke",
                "@failure/f started 1",
                "> error a 1: failed: it broke [RPA0401]",
                "> start @failure/f 1",
            ],
        )
        .takes(
            ended("@failure/f", 1, broke()),
            &[
                "@failure/f failed 1: exit(1) RPA0401 it broke",
                "enters Finally, failed at a: exit(1) RPA0401 it broke",
                "@finally/z started 1",
                "> error @failure/f 1: failed: it broke [RPA0401]",
                "> error @failure/f 0: a handler failed: it broke [RPA0401]",
                "> start @finally/z 1",
            ],
        )
        .takes(
            ended("@finally/z", 1, broke()),
            &[
                "@finally/z failed 1: exit(1) RPA0401 it broke",
                "ended failed at a: exit(1) RPA0401 it broke",
                "> error @finally/z 1: failed: it broke [RPA0401]",
                "> error @finally/z 0: a handler failed: it broke [RPA0401]",
            ],
        )
        .is(RunStatus::Failed);
}

#[test]
fn cancel_then_finally() {
    play(handled())
        .takes(
            cancel(),
            &[
                "cancel requested by ana (cli)",
                "> warn - 0: cancel requested by ana (cli)",
                "> stop a 1 for cancel",
            ],
        )
        .takes(
            ended("a", 1, stopped(StopReason::Cancel)),
            &[
                "a cancelled",
                "enters Handle, cancelled",
                "@cancel/c started 1",
                "> warn a 1: cancelled",
                "> start @cancel/c 1",
            ],
        )
        .takes(
            ended("@cancel/c", 1, gave(1)),
            &[
                "@cancel/c completed 1 1",
                "enters Finally, cancelled",
                "@finally/z started 1",
                "> start @finally/z 1",
            ],
        )
        .takes(ended("@finally/z", 1, gave(1)), &["@finally/z completed 1 1", "ended cancelled"])
        .is(RunStatus::Cancelled);
}

#[test]
fn a_run_stopped_unasked_is_handled_as_cancelled() {
    play(handled()).takes(
        ended("a", 1, stopped(StopReason::Cancel)),
        &[
            "a cancelled",
            "enters Handle, cancelled",
            "@cancel/c started 1",
            "> warn a 1: cancelled",
            "> start @cancel/c 1",
        ],
    );
}

#[test]
fn a_run_that_was_never_begun_has_nobody_to_tell() {
    Play::of_workflow(handled()).takes(
        cancel(),
        &[
            "cancel requested by ana (cli)",
            "ended cancelled",
            "> warn - 0: cancel requested by ana (cli)",
        ],
    );
}

#[test]
fn stages_without_steps_are_passed_over() {
    let mut workflow = handled();
    workflow.handlers.failure = Vec::new();
    play(workflow).takes(
        ended("a", 1, broke()),
        &[
            "a failed 1: exit(1) RPA0401 it broke",
            "enters Finally, failed at a: exit(1) RPA0401 it broke",
            "@finally/z started 1",
            "> error a 1: failed: it broke [RPA0401]",
            "> start @finally/z 1",
        ],
    );
}

#[test]
fn the_outputs_of_the_run_come_before_its_handlers() {
    let with_outputs = || {
        let mut workflow = handled();
        workflow.outputs = run_outputs();
        let mut play = play(workflow);
        play.takes(
            ended("a", 1, gave(1)),
            &["a completed 1 1", "finishing", "> outputs of the run"],
        );
        play
    };
    with_outputs().takes(
        outputs_of_run(Ok(fields(1))),
        &["enters Handle, completed {\"n\":1}", "@success/s started 1", "> start @success/s 1"],
    );
    with_outputs().takes(
        outputs_of_run(Err(error(ErrorClass::InvalidInput))),
        &[
            "enters Handle, failed: invalid_input RPA0401 it broke",
            "@failure/f started 1",
            "> start @failure/f 1",
        ],
    );
    with_outputs()
        .takes(
            cancel(),
            &[
                "cancel requested by ana (cli)",
                "enters Handle, cancelled",
                "@cancel/c started 1",
                "> warn - 0: cancel requested by ana (cli)",
                "> start @cancel/c 1",
            ],
        )
        .takes(outputs_of_run(Ok(fields(1))), &[]);
}

#[test]
fn a_second_cancel_ends_the_handlers() {
    let cancelled = || {
        let mut play = play(handled());
        play.decide(cancel()).unwrap();
        play.decide(ended("a", 1, stopped(StopReason::Cancel))).unwrap();
        play
    };
    cancelled()
        .takes(
            cancel(),
            &[
                "handlers stopped by ana (cli)",
                "> warn - 0: cancel requested by ana (cli): its handlers are ended",
                "> stop @cancel/c 1 for cancel",
            ],
        )
        .takes(cancel(), &[])
        .takes(Input::Recover, &["> stop @cancel/c 1 for cancel"])
        .takes(
            ended("@cancel/c", 1, stopped(StopReason::Cancel)),
            &["@cancel/c cancelled", "ended cancelled", "> warn @cancel/c 1: cancelled"],
        )
        .refuses(cancel(), Refusal::RunEnded);
    cancelled().held().takes(
        cancel(),
        &[
            "handlers stopped by ana (cli)",
            "> warn - 0: cancel requested by ana (cli): its handlers are ended",
            "> stop @cancel/c 1 for cancel",
        ],
    );
    // of a run that has ended well it is the first, and ends the handlers all the same
    let mut done = play(handled());
    done.decide(ended("a", 1, gave(1))).unwrap();
    done.takes(
        cancel(),
        &[
            "handlers stopped by ana (cli)",
            "> warn - 0: cancel requested by ana (cli): its handlers are ended",
            "> stop @success/s 1 for cancel",
        ],
    )
    .takes(ended("@success/s", 1, gave(1)), &["@success/s completed 1 1", "ended completed {}"])
    .is(RunStatus::Completed);
}

#[test]
fn a_crash_repeats_no_handler() {
    let mut play = play(handled());
    play.decide(ended("a", 1, gave(1))).unwrap();
    play.takes(Input::Recover, &[]).takes(ended("a", 1, gave(1)), &[]);
    play.decide(ended("@success/s", 1, gave(1))).unwrap();
    play.takes(Input::Recover, &[]);
}

#[test]
fn handlers_wait_for_the_end_of_a_drain() {
    play(handled())
        .held()
        .takes(ended("a", 1, gave(1)), &["a completed 1 1", "enters Handle, completed {}"])
        .is(RunStatus::Running)
        .released()
        .takes(Input::Recover, &["@success/s started 1", "> start @success/s 1"])
        .held()
        .takes(
            ended("@success/s", 1, gave(1)),
            &["@success/s completed 1 1", "enters Finally, completed {}"],
        )
        .released()
        .takes(Input::Recover, &["@finally/z started 1", "> start @finally/z 1"]);
}

#[test]
fn a_doubt_in_a_handler_is_decided_by_a_person() {
    let mut play = play(handled());
    play.decide(ended("a", 1, gave(1))).unwrap();
    play.takes(
        ended("@success/s", 1, lost()),
        &[
            "@success/s in doubt 1: the machine went down",
            &doubted("@success/s 1", "the machine went down"),
        ],
    )
    .is(RunStatus::InDoubt)
    .takes(Input::Recover, &[])
    .takes(
        resolve("@success/s", Resolution::Done { output: fields(1) }),
        &[
            "@success/s resolved done by ana (cli)",
            "@success/s completed 1 {\"n\":1}",
            "enters Finally, completed {}",
            "@finally/z started 1",
            "> warn @success/s 1: declared done by ana (cli)",
            "> start @finally/z 1",
        ],
    );
}

#[test]
fn what_is_asked_in_a_handler_knows_that_the_run_has_failed() {
    let ended_so = |outcome| {
        let mut workflow = flow([task("a")]);
        workflow.handlers.finally = vec![task("z").whatever_happened()];
        let mut play = play(workflow);
        play.decide(ended("a", 1, outcome)).unwrap();
        play
    };
    ended_so(broke()).takes(Input::Recover, &["> ask @finally/z, failed"]).takes(
        asked("@finally/z", Ok(Asked::Skip)),
        &[
            "@finally/z skipped: its condition was false",
            "ended failed at a: exit(1) RPA0401 it broke",
            "> info @finally/z 0: skipped: its condition was false",
        ],
    );
    ended_so(gave(1))
        .takes(Input::Recover, &["> ask @finally/z"])
        .takes(runs("@finally/z"), &["@finally/z started 1", "> start @finally/z 1"]);
}

#[test]
fn loops_in_handlers() {
    let mut workflow = flow([task("a")]);
    workflow.handlers.success = vec![repeat("r", 2, false, 0, [group("g", [task("s")])])];
    let mut play = play(workflow);
    play.takes(
        ended("a", 1, gave(1)),
        &[
            "a completed 1 1",
            "enters Handle, completed {}",
            "@success/r loops 2",
            "@success/r[0] opened",
            "@success/r[0]/g opened",
            "@success/r[0]/g/s started 1",
            "> start @success/r[0]/g/s 1",
        ],
    )
    .takes(
        ended("@success/r[0]/g/s", 1, gave(1)),
        &[
            "@success/r[0]/g/s completed 1 1",
            "@success/r[0]/g completed 0 {}",
            "@success/r[0] completed 0 {}",
            "@success/r[1] opened",
            "@success/r[1]/g opened",
            "@success/r[1]/g/s started 1",
            "> start @success/r[1]/g/s 1",
        ],
    )
    .takes(
        cancel(),
        &[
            "handlers stopped by ana (cli)",
            "> warn - 0: cancel requested by ana (cli): its handlers are ended",
            "> stop @success/r[1]/g/s 1 for cancel",
        ],
    )
    .takes(
        ended("@success/r[1]/g/s", 1, gave(1)),
        &[
            "@success/r[1]/g/s completed 1 1",
            "@success/r[1]/g cancelled",
            "@success/r[1] cancelled",
            "@success/r cancelled",
            "ended completed {}",
        ],
    );
}
