//! Time-outs of the run and of steps with a body.

use super::build::*;
use super::play::Play;
use crate::outcome::StopReason;
use crate::run::{Input, Refusal, Resolution, RunStatus};
use crate::workflow::{Handlers, OnError, OnItemError, Step, Workflow};

fn run_of(steps: impl Into<Vec<Step>>) -> Play {
    let mut workflow: Workflow = flow(steps);
    workflow.timeout_ms = Some(500);
    workflow.handlers = Handlers { failure: vec![task("f")], ..Handlers::default() };
    let mut play = Play::of_workflow(workflow);
    play.decide(Input::Start).unwrap();
    play
}

fn started(step: Step) -> Play {
    let mut play = Play::of([step, task("z")]);
    play.decide(Input::Start).unwrap();
    play.decide(ended("z", 1, gave(1))).unwrap();
    play
}

#[test]
fn a_run_out_of_time_ends_all_steps_and_fails() {
    run_of([task("a"), task("b").after(&["a"])])
        .wakes_at(Some(1500))
        .takes(wake(1499), &[])
        .takes(
            wake(1500),
            &[
                "timed out",
                "b cancelled",
                "> warn - 0: the run has timed out after 500 ms; what runs is ended",
                "> stop a 1 for cancel",
            ],
        )
        .wakes_at(None)
        .takes(wake(1500), &[])
        .takes(Input::Recover, &["> stop a 1 for cancel"])
        .takes(
            ended("a", 1, gave(1)),
            &[
                "a completed 1 1",
                "enters Handle, failed: timeout RPA0420 the run timed out after 500 ms",
                "@failure/f started 1",
                "> start @failure/f 1",
            ],
        );
}

#[test]
fn a_run_found_out_of_time_at_the_start_begins_nothing() {
    let mut play = run_of([task("a"), asking("b")]);
    play.decide(ended("a", 1, gave(1))).unwrap();
    play.at(1500).takes(
        Input::Recover,
        &[
            "timed out",
            "b cancelled",
            "enters Handle, failed: timeout RPA0420 the run timed out after 500 ms",
            "@failure/f started 1",
            "> warn - 0: the run has timed out after 500 ms; what runs is ended",
            "> start @failure/f 1",
        ],
    );
}

#[test]
fn the_time_of_a_run_stands_still_in_doubt() {
    let mut play = run_of([task("a"), task("b")]);
    play.decide(ended("b", 1, lost())).unwrap();
    play.wakes_at(None)
        .at(9000)
        .takes(wake(9000), &[])
        .takes(
            resolve("b", Resolution::Done { output: fields(1) }),
            &[
                "b resolved done by ana (cli)",
                "b completed 1 {\"n\":1}",
                "> warn b 1: declared done by ana (cli)",
            ],
        )
        .wakes_at(Some(9500));
    let mut two = run_of([task("a"), task("b"), task("c")]);
    two.decide(ended("a", 1, lost())).unwrap();
    two.at(2000).decide(ended("b", 1, lost())).unwrap();
    two.at(3000).decide(resolve("a", Resolution::Retry)).unwrap();
    two.wakes_at(None);
    two.at(4000).decide(resolve("b", Resolution::Retry)).unwrap();
    two.wakes_at(Some(4500));
}

#[test]
fn a_cancelled_run_has_no_time_out_nor_have_its_handlers() {
    let mut play = run_of([task("a")]);
    play.decide(cancel()).unwrap();
    play.wakes_at(None);
    let mut play = run_of([task("a")]);
    play.decide(ended("a", 1, broke())).unwrap();
    play.wakes_at(None);
}

#[test]
fn a_doubt_outlives_the_time_of_the_run() {
    let mut play = run_of([task("a").with_effect(crate::workflow::EffectClass::Once)]);
    play.decide(wake(1500)).unwrap();
    play.takes(
        ended("a", 1, stopped(StopReason::Cancel)),
        &[
            "a in doubt 1: stopped by a time-out around it while it ran",
            &doubted("a 1", "stopped by a time-out around it while it ran"),
        ],
    )
    .is(RunStatus::InDoubt)
    .refuses(resolve("a", Resolution::Retry), Refusal::Cancelling)
    .takes(
        resolve("a", Resolution::Fail),
        &[
            "a resolved fail by ana (cli)",
            "a failed 1: business RPA0416 declared failed by ana (cli)",
            "enters Handle, failed: timeout RPA0420 the run timed out after 500 ms",
            "@failure/f started 1",
            "> warn a 1: declared failed by ana (cli)",
            "> start @failure/f 1",
        ],
    );
}

#[test]
fn a_group_out_of_time_ends_what_is_in_it_and_fails() {
    let body = [
        group("h", [task("a"), task("b").after(&["a"])]),
        wait("w", 9000),
        asking("q"),
        task("r").with_retry(fixed(2, 9000)),
        repeat("l", 3, false, 9000, [task("t")]),
    ];
    let mut play = started(group("g", body).within(500).on_error(OnError::Continue));
    play.decide(asked("g/w", Ok(crate::run::Asked::Wait { until_ms: None }))).unwrap();
    play.decide(ended("g/r", 1, broke())).unwrap();
    play.decide(ended("g/l[0]/t", 1, gave(1))).unwrap();
    play.wakes_at(Some(1500))
        .takes(
            wake(1500),
            &[
                "g timed out",
                "g/q cancelled",
                "g/r cancelled",
                "g/w cancelled",
                "g/l cancelled",
                "g/h/b cancelled",
                "> stop g/h/a 1 for cancel",
            ],
        )
        .wakes_at(None)
        .takes(Input::Recover, &["> stop g/h/a 1 for cancel"])
        .takes(runs("g/q"), &[])
        .takes(
            ended("g/h/a", 1, stopped(StopReason::Cancel)),
            &[
                "g/h/a cancelled",
                "g/h cancelled",
                "g failed 0: timeout RPA0402 timed out after 500 ms",
                "ended completed {}",
                "> warn g/h/a 1: cancelled",
                "> error g 0: failed: timed out after 500 ms [RPA0402]",
            ],
        );
}

#[test]
fn a_loop_out_of_time_ends_its_turns_and_begins_no_other() {
    let body = [task("a"), task("b").after(&["a"])];
    let mut play = started(for_each("each", 2, OnItemError::Continue, body).within(500));
    play.takes(
        items("each", 4),
        &[
            "each loops 4 [0,1,2,3] until 1500",
            "each[0] opened",
            "each[1] opened",
            "each[0]/a started 1",
            "each[1]/a started 1",
            "> start each[0]/a 1",
            "> start each[1]/a 1",
        ],
    )
    .wakes_at(Some(1500))
    .takes(
        wake(1500),
        &[
            "each timed out",
            "each[0]/b cancelled",
            "each[1]/b cancelled",
            "> stop each[0]/a 1 for cancel",
            "> stop each[1]/a 1 for cancel",
        ],
    )
    .wakes_at(None)
    .takes(ended("each[0]/a", 1, gave(1)), &["each[0]/a completed 1 1", "each[0] cancelled"])
    .takes(
        ended("each[1]/a", 1, lost()),
        &[
            "each[1]/a in doubt 1: the machine went down",
            &doubted("each[1]/a 1", "the machine went down"),
        ],
    )
    .is(RunStatus::InDoubt)
    .refuses(resolve("each[1]/a", Resolution::Retry), Refusal::Cancelling)
    .takes(
        resolve("each[1]/a", Resolution::Fail),
        &[
            "each[1]/a resolved fail by ana (cli)",
            "each[1]/a failed 1: business RPA0416 declared failed by ana (cli)",
            "each[1] cancelled",
            "each failed 0: timeout RPA0402 timed out after 500 ms",
            "ended failed at each: timeout RPA0402 timed out after 500 ms",
            "> warn each[1]/a 1: declared failed by ana (cli)",
            "> error each 0: failed: timed out after 500 ms [RPA0402]",
        ],
    );
}

#[test]
fn a_loop_that_asks_or_pauses_times_out_at_once() {
    let mut asking = started(while_true("w", 3, [task("a")]).within(500));
    asking
        .takes(
            wake(1500),
            &[
                "w timed out",
                "w failed 0: timeout RPA0402 timed out after 500 ms",
                "ended failed at w: timeout RPA0402 timed out after 500 ms",
                "> error w 0: failed: timed out after 500 ms [RPA0402]",
            ],
        )
        .takes(again("w", 0, true), &[]);
    // the pause and the time are over together: no turn begins
    let mut pausing = started(repeat("r", 3, false, 500, [task("a")]).within(500));
    pausing.decide(ended("r[0]/a", 1, gave(1))).unwrap();
    pausing.takes(
        wake(1500),
        &[
            "r timed out",
            "r failed 0: timeout RPA0402 timed out after 500 ms",
            "ended failed at r: timeout RPA0402 timed out after 500 ms",
            "> error r 0: failed: timed out after 500 ms [RPA0402]",
        ],
    );
}

#[test]
fn a_body_that_is_closing_has_made_it_in_time() {
    let mut play = started(group("g", [task("a")]).with_outputs().within(500));
    play.takes(
        ended("g/a", 1, gave(1)),
        &["g/a completed 1 1", "g closing", "> outputs of body g"],
    )
    .wakes_at(None)
    .takes(wake(1500), &[])
    .takes(body_outputs("g", Ok(fields(1))), &["g completed 0 {\"n\":1}", "ended completed {}"]);
    let mut gathering = started(repeat("r", 1, false, 0, [task("a")]).within(500));
    gathering.decide(ended("r[0]/a", 1, gave(1))).unwrap();
    gathering
        .wakes_at(None)
        .at(1500)
        .takes(Input::Recover, &["> gather r 1"])
        .takes(gathered("r", 1), &["r completed 0 1", "ended completed {}"]);
}

#[test]
fn of_two_bodies_the_outer_time_ends_the_inner() {
    let mut play = started(group("g", [group("h", [task("a")]).within(900)]).within(500));
    play.wakes_at(Some(1500))
        .takes(wake(1500), &["g timed out", "> stop g/h/a 1 for cancel"])
        .takes(
            ended("g/h/a", 1, stopped(StopReason::Cancel)),
            &[
                "g/h/a cancelled",
                "g/h cancelled",
                "g failed 0: timeout RPA0402 timed out after 500 ms",
                "ended failed at g: timeout RPA0402 timed out after 500 ms",
                "> warn g/h/a 1: cancelled",
                "> error g 0: failed: timed out after 500 ms [RPA0402]",
            ],
        );
    let mut inner = started(group("g", [group("h", [task("a")]).within(500)]).within(900));
    inner
        .takes(wake(1500), &["g/h timed out", "> stop g/h/a 1 for cancel"])
        .wakes_at(Some(1900))
        .takes(
            ended("g/h/a", 1, broke()),
            &[
                "g/h/a failed 1: exit(1) RPA0401 it broke",
                "g/h failed 0: timeout RPA0402 timed out after 500 ms",
                "g failed 0: timeout RPA0402 g/h: timed out after 500 ms",
                "ended failed at g: timeout RPA0402 g/h: timed out after 500 ms",
                "> error g/h/a 1: failed: it broke [RPA0401]",
                "> error g/h 0: failed: timed out after 500 ms [RPA0402]",
            ],
        );
}

#[test]
fn a_time_out_in_a_handler_ends_what_is_in_it() {
    let mut workflow = flow([task("a")]);
    workflow.handlers.finally = vec![group("g", [task("z")]).within(500), task("y").after(&["g"])];
    let mut play = Play::of_workflow(workflow);
    play.decide(Input::Start).unwrap();
    play.takes(
        ended("a", 1, gave(1)),
        &[
            "a completed 1 1",
            "enters Finally, completed {}",
            "@finally/g opened until 1500",
            "@finally/g/z started 1",
            "> start @finally/g/z 1",
        ],
    )
    .wakes_at(Some(1500))
    .takes(wake(1500), &["@finally/g timed out", "> stop @finally/g/z 1 for cancel"])
    .takes(
        ended("@finally/g/z", 1, stopped(StopReason::Cancel)),
        &[
            "@finally/g/z cancelled",
            "@finally/g failed 0: timeout RPA0402 timed out after 500 ms",
            "@finally/y skipped: needs g, which failed",
            "ended completed {}",
            "> warn @finally/g/z 1: cancelled",
            "> error @finally/g 0: failed: timed out after 500 ms [RPA0402]",
            "> info @finally/y 0: skipped: needs g, which failed",
            "> error @finally/g 0: a handler failed: timed out after 500 ms [RPA0402]",
        ],
    );
}
