//! Pause and resume: what runs goes on, nothing new begins.

use super::build::*;
use super::play::Play;
use crate::outcome::StopReason;
use crate::run::{Asked, Input, Refusal, Resolution, RunStatus};
use crate::workflow::{EffectClass, Handlers};

fn paused(steps: impl Into<Vec<crate::workflow::Step>>) -> Play {
    let mut play = Play::of(steps);
    play.decide(Input::Start).unwrap();
    play.takes(
        pause(),
        &[
            "pause requested by ana (cli)",
            "> warn - 0: paused by ana (cli): what runs goes on, nothing new begins",
        ],
    );
    play
}

#[test]
fn what_runs_goes_on_and_what_follows_waits() {
    paused([task("a"), task("b").after(&["a"])])
        .is(RunStatus::Running)
        .refuses(pause(), Refusal::Paused)
        .takes(ended("a", 1, gave(1)), &["a completed 1 1"])
        .is(RunStatus::Paused)
        .wakes_at(None)
        .takes(Input::Recover, &[])
        .takes(
            resume(),
            &[
                "resumed by ana (cli)",
                "b started 1",
                "> warn - 0: resumed by ana (cli)",
                "> start b 1",
            ],
        )
        .is(RunStatus::Running)
        .refuses(resume(), Refusal::NotPaused);
}

#[test]
fn a_queued_run_is_admitted_and_stands_still() {
    Play::of([task("a")])
        .takes(
            pause(),
            &[
                "pause requested by ana (cli)",
                "> warn - 0: paused by ana (cli): what runs goes on, nothing new begins",
            ],
        )
        .is(RunStatus::Queued)
        .takes(Input::Start, &["started"])
        .is(RunStatus::Paused)
        .takes(
            resume(),
            &[
                "resumed by ana (cli)",
                "a started 1",
                "> warn - 0: resumed by ana (cli)",
                "> start a 1",
            ],
        );
}

#[test]
fn an_ended_run_is_not_paused() {
    let mut play = Play::of([task("a")]);
    play.decide(cancel()).unwrap();
    play.refuses(pause(), Refusal::RunEnded).refuses(resume(), Refusal::RunEnded);
}

#[test]
fn a_ready_step_stays_ready() {
    paused([asking("a")])
        .is(RunStatus::Paused)
        .takes(runs("a"), &[])
        .takes(resume(), &["resumed by ana (cli)", "> warn - 0: resumed by ana (cli)", "> ask a"])
        .takes(runs("a"), &["a started 1", "> start a 1"]);
}

#[test]
fn a_retry_that_falls_due_waits_and_no_timer_is_armed_for_it() {
    paused([task("a").with_retry(fixed(2, 100))])
        .takes(
            ended("a", 1, broke()),
            &[
                "a retrying 1 at 1100: exit(1) RPA0401 it broke",
                "> warn a 1: attempt 1 failed: it broke [RPA0401]; next try in 100 ms",
            ],
        )
        .is(RunStatus::Paused)
        .wakes_at(None)
        .at(5000)
        .takes(wake(5000), &[])
        .takes(
            resume(),
            &[
                "resumed by ana (cli)",
                "a started 2",
                "> warn - 0: resumed by ana (cli)",
                "> start a 2",
            ],
        );
}

#[test]
fn what_is_to_run_again_at_once_waits_as_well() {
    paused([task("a").with_effect(EffectClass::Pure)])
        .takes(
            ended("a", 1, lost()),
            &[
                "a retrying 1 at 1000: system RPA0413 the machine went down",
                "> warn a 1: the machine went down; it is run again",
            ],
        )
        .wakes_at(None)
        .takes(
            resume(),
            &[
                "resumed by ana (cli)",
                "a started 2",
                "> warn - 0: resumed by ana (cli)",
                "> start a 2",
            ],
        );
    paused([task("a")])
        .takes(
            ended("a", 1, lost()),
            &["a in doubt 1: the machine went down", &doubted("a 1", "the machine went down")],
        )
        .is(RunStatus::Paused)
        .takes(
            resolve("a", Resolution::Retry),
            &[
                "a resolved retry by ana (cli)",
                "a retrying 1 at 1000: system RPA0413 to be run again",
                "> warn a 1: to be run again, says ana (cli)",
            ],
        )
        .takes(
            resume(),
            &[
                "resumed by ana (cli)",
                "a started 2",
                "> warn - 0: resumed by ana (cli)",
                "> start a 2",
            ],
        );
}

#[test]
fn waits_go_on_and_are_woken() {
    let mut play = paused([wait("a", 500), task("b").after(&["a"])]);
    play.takes(asked("a", Ok(Asked::Wait { until_ms: None })), &["a waiting until 1500"])
        .is(RunStatus::Paused)
        .wakes_at(Some(1500))
        .takes(wake(1500), &["a completed 1 {}"])
        .wakes_at(None)
        .takes(
            resume(),
            &[
                "resumed by ana (cli)",
                "b started 1",
                "> warn - 0: resumed by ana (cli)",
                "> start b 1",
            ],
        );
}

#[test]
fn loops_begin_no_turn() {
    let mut play = paused([repeat("r", 2, false, 500, [task("a")]).within(10_000)]);
    play.takes(
        ended("r[0]/a", 1, gave(1)),
        &["r[0]/a completed 1 1", "r[0] completed 0 {}", "r pausing until 1500"],
    )
    .is(RunStatus::Paused)
    // its time goes on
    .wakes_at(Some(11_000))
    .at(1600)
    .takes(wake(1600), &[])
    .takes(
        resume(),
        &[
            "resumed by ana (cli)",
            "r[1] opened",
            "r[1]/a started 1",
            "> warn - 0: resumed by ana (cli)",
            "> start r[1]/a 1",
        ],
    );
}

#[test]
fn time_outs_go_on() {
    let mut workflow = flow([task("a"), task("b").after(&["a"])]);
    workflow.timeout_ms = Some(500);
    let mut play = Play::of_workflow(workflow);
    play.decide(Input::Start).unwrap();
    play.decide(pause()).unwrap();
    play.decide(ended("a", 1, gave(1))).unwrap();
    play.wakes_at(Some(1500))
        .takes(
            wake(1500),
            &[
                "timed out",
                "b cancelled",
                "ended failed: timeout RPA0420 the run timed out after 500 ms",
                "> warn - 0: the run has timed out after 500 ms; what runs is ended",
            ],
        )
        .wakes_at(None);
}

#[test]
fn a_cancel_lifts_the_pause() {
    let mut workflow = flow([task("a"), task("b").after(&["a"])]);
    workflow.handlers = Handlers { cancel: vec![task("c")], ..Handlers::default() };
    let mut play = Play::of_workflow(workflow);
    play.decide(Input::Start).unwrap();
    play.decide(pause()).unwrap();
    play.takes(
        cancel(),
        &[
            "cancel requested by ana (cli)",
            "b cancelled",
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
    .refuses(resume(), Refusal::NotPaused);
}

#[test]
fn handlers_and_undoing_wait() {
    let mut workflow = flow([task("a").undone_by([task("u")]), task("b").after(&["a"])]);
    workflow.handlers = Handlers { failure: vec![task("f")], ..Handlers::default() };
    let mut play = Play::of_workflow(workflow);
    play.decide(Input::Start).unwrap();
    play.decide(ended("a", 1, gave(1))).unwrap();
    play.decide(pause()).unwrap();
    play.takes(
        ended("b", 1, broke()),
        &[
            "b failed 1: exit(1) RPA0401 it broke",
            "enters Undo, failed at b: exit(1) RPA0401 it broke",
            "> error b 1: failed: it broke [RPA0401]",
        ],
    )
    .is(RunStatus::Paused)
    .takes(
        resume(),
        &[
            "resumed by ana (cli)",
            "a is undone",
            "a/@undo/u started 1",
            "> warn - 0: resumed by ana (cli)",
            "> info a 0: is being undone",
            "> start a/@undo/u 1",
        ],
    )
    .takes(
        pause(),
        &[
            "pause requested by ana (cli)",
            "> warn - 0: paused by ana (cli): what runs goes on, nothing new begins",
        ],
    )
    .takes(
        ended("a/@undo/u", 1, gave(1)),
        &[
            "a/@undo/u completed 1 1",
            "a was undone",
            "enters Handle, failed at b: exit(1) RPA0401 it broke",
        ],
    )
    .takes(
        resume(),
        &[
            "resumed by ana (cli)",
            "@failure/f started 1",
            "> warn - 0: resumed by ana (cli)",
            "> start @failure/f 1",
        ],
    )
    .takes(
        pause(),
        &[
            "pause requested by ana (cli)",
            "> warn - 0: paused by ana (cli): what runs goes on, nothing new begins",
        ],
    )
    // and a cancel of what is left ends them though it is paused
    .takes(
        cancel(),
        &[
            "handlers stopped by ana (cli)",
            "> warn - 0: cancel requested by ana (cli): its handlers are ended",
            "> stop @failure/f 1 for cancel",
        ],
    )
    .takes(
        ended("@failure/f", 1, stopped(StopReason::Cancel)),
        &[
            "@failure/f cancelled",
            "ended failed at b: exit(1) RPA0401 it broke",
            "> warn @failure/f 1: cancelled",
        ],
    );
}

#[test]
fn outputs_are_evaluated_all_the_same() {
    let mut workflow = flow([group("g", [task("a").with_outputs()]).with_outputs()]);
    workflow.outputs = run_outputs();
    let mut play = Play::of_workflow(workflow);
    play.decide(Input::Start).unwrap();
    play.decide(pause()).unwrap();
    play.takes(ended("g/a", 1, gave(1)), &["g/a confirmed 1 1", "> outputs of g/a 1 1"])
        .is(RunStatus::Running)
        .takes(resume(), &["resumed by ana (cli)", "> warn - 0: resumed by ana (cli)"])
        .takes(
            outputs_of("g/a", 1, Ok(fields(1))),
            &["g/a completed 1 {\"n\":1,\"value\":1}", "g closing", "> outputs of body g"],
        )
        .takes(
            body_outputs("g", Ok(fields(1))),
            &["g completed 0 {\"n\":1}", "finishing", "> outputs of the run"],
        )
        .takes(
            pause(),
            &[
                "pause requested by ana (cli)",
                "> warn - 0: paused by ana (cli): what runs goes on, nothing new begins",
            ],
        )
        .takes(outputs_of_run(Ok(fields(1))), &["ended completed {\"n\":1}"]);
}
