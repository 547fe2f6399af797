//! Calls: a step that is a run of another workflow, seen from both.

use super::build::*;
use super::play::{Play, state};
use crate::name::RunId;
use crate::outcome::{ErrorClass, StopReason};
use crate::run::{Asked, Input, News, RunEnd, RunStatus, Stands, StepStatus};
use crate::workflow::{Cause, Handlers, OnError, Retry, Step};

fn under_way(step: Step) -> (Play, RunId) {
    let mut play = Play::of([step, task("keep")]);
    play.takes_all(Input::Start).takes_all(calls("c"));
    (play, child("c", 1, 1000))
}

fn failed() -> RunEnd {
    RunEnd::Failed { step: Some(path("x/y")), error: error(ErrorClass::Exit(3)) }
}

fn completed() -> RunEnd {
    RunEnd::Completed { outputs: fields(4) }
}

/// The messages that `input` leads to, as text.
fn sends(play: &mut Play, input: Input) -> Vec<String> {
    let messages = play.decide(input).unwrap().messages;
    messages.iter().map(|message| format!("{message:?}")).collect()
}

#[test]
fn a_step_calls_a_run_and_gives_what_that_gives() {
    let run = child("c", 1, 1000);
    let short = run.short();
    let mut play = Play::of([call("c", "w")]);
    play.takes(Input::Start, &["started", "c ready", "> ask c"])
        .takes(
            calls("c"),
            &[
                &format!("c called 1 {run} default/w 2 {{\"revision\":2,\"with\":{{\"n\":7}}}}"),
                &format!("> info c 1: calls default/w, revision 2, as run {short}"),
                &format!("=> call {run} default/w 2 {{\"n\":7}} by c, ana (cli), Normal"),
            ],
        )
        .is(RunStatus::Running)
        .wakes_at(None)
        // the second answer to one question
        .takes(calls("c"), &[]);
    assert!(!play.run.is_at_work(), "the run that it has called needs the place");
    play.takes(child_ended("c", RunId(9), completed()), &[])
        .takes(
            child_ended("c", run, completed()),
            &[
                "c completed 1 {\"n\":4}",
                "ended completed {}",
                &format!("> info c 1: run {short} has completed"),
            ],
        )
        .takes(child_ended("c", run, completed()), &[]);
}

#[test]
fn outputs_are_evaluated_over_those_of_the_run() {
    let (mut play, run) = under_way(call("c", "w").with_outputs());
    play.takes(
        child_ended("c", run, completed()),
        &[
            "c confirmed 1 {\"n\":4}",
            &format!("> info c 1: run {} has completed", run.short()),
            "> outputs of c 1 {\"n\":4}",
        ],
    );
    // and news of it come too late
    play.takes(child_ended("c", run, failed()), &[]);
}

#[test]
fn a_step_fails_as_its_run_does() {
    let (mut play, run) = under_way(call("c", "w"));
    let text = format!("run {}, x/y: it broke", run.short());
    play.takes(
        child_ended("c", run, failed()),
        &[
            &format!("c failed 1: exit(3) RPA0401 {text}"),
            &format!("> error c 1: failed: {text} [RPA0401]"),
        ],
    );
    let (mut play, run) = under_way(call("c", "w"));
    let of_run = RunEnd::Failed { step: None, error: error(ErrorClass::System) };
    let text = format!("run {}: it broke", run.short());
    play.takes(
        child_ended("c", run, of_run),
        &[
            &format!("c failed 1: system RPA0401 {text}"),
            &format!("> error c 1: failed: {text} [RPA0401]"),
        ],
    );
}

#[test]
fn a_run_that_somebody_else_cancels_fails_the_step() {
    let (mut play, run) = under_way(call("c", "w").with_retry(fixed(3, 10)));
    let text = format!("its run {} was cancelled", run.short());
    play.takes(
        child_ended("c", run, RunEnd::Cancelled),
        &[
            &format!("c failed 1: business RPA0425 {text}"),
            &format!("> error c 1: failed: {text} [RPA0425]"),
        ],
    );
    let retry = Retry { on: Some(vec![Cause::Business]), ..fixed(3, 10) };
    let (mut play, run) = under_way(call("c", "w").with_retry(retry));
    play.takes_all(child_ended("c", run, RunEnd::Cancelled));
    assert_eq!(state(&play.run, "c").status(), StepStatus::Retrying);
}

#[test]
fn every_further_try_is_a_new_run_with_the_same_variables() {
    let (mut play, first) = under_way(call("c", "w").with_retry(fixed(2, 100)));
    let text = format!("run {}, x/y: it broke", first.short());
    play.takes(
        child_ended("c", first, failed()),
        &[
            &format!("c retrying 1 at 1100: exit(3) RPA0401 {text}"),
            &format!("> warn c 1: attempt 1 failed: {text} [RPA0401]; next try in 100 ms"),
        ],
    );
    let second = child("c", 2, 1100);
    assert_ne!(first, second);
    play.at(1100)
        .takes(
            wake(1100),
            &[
                &format!("c called 2 {second} default/w 2 {{\"revision\":2,\"with\":{{\"n\":7}}}}"),
                &format!("> info c 2: calls default/w, revision 2, as run {}", second.short()),
                &format!("=> call {second} default/w 2 {{\"n\":7}} by c, ana (cli), Normal"),
            ],
        )
        // of the run before
        .takes(child_ended("c", first, completed()), &[])
        .takes(news("c", first, News::Stands(Stands::Doubts)), &[]);
    play.takes_all(child_ended("c", second, failed()));
    assert_eq!(state(&play.run, "c").attempts(), 2);
}

#[test]
fn a_detached_run_goes_its_own_way() {
    let run = child("c", 1, 1000);
    let mut play = Play::of([call_detached("c", "w"), task("keep")]);
    play.takes_all(Input::Start).takes(
        calls("c"),
        &[
            &format!("c called 1 {run} default/w 2 {{\"revision\":2,\"with\":{{\"n\":7}}}}"),
            &format!("c completed 1 {{\"run\":\"{run}\"}}"),
            &format!("> info c 1: calls default/w, revision 2, as run {}", run.short()),
            &format!("=> call {run} default/w 2 {{\"n\":7}} by c, ana (cli), Normal, detached"),
        ],
    );
    play.takes(child_ended("c", run, failed()), &[]);
    assert_eq!(sends(&mut play, cancel()), [""; 0]);
}

#[test]
fn a_cancel_reaches_the_run_and_waits_for_its_end() {
    let (mut play, run) = under_way(call("c", "w"));
    play.takes(
        cancel(),
        &[
            "cancel requested by ana (cli)",
            "> warn - 0: cancel requested by ana (cli)",
            "> stop keep 1 for cancel",
            &format!("=> cancel {run} by ana (cli)"),
        ],
    )
    .takes(
        child_ended("c", run, RunEnd::Cancelled),
        &["c cancelled", &format!("> warn c 1: run {} is cancelled", run.short())],
    );
    // what has come back is kept
    let (mut play, run) = under_way(call("c", "w"));
    play.takes_all(cancel()).takes_all(child_ended("c", run, completed()));
    assert_eq!(state(&play.run, "c").status(), StepStatus::Completed);
    // and nothing is tried again
    let (mut play, run) = under_way(call("c", "w").with_retry(fixed(3, 10)));
    play.takes_all(cancel()).takes_all(child_ended("c", run, failed()));
    assert_eq!(state(&play.run, "c").status(), StepStatus::Failed);
}

#[test]
fn a_step_that_is_over_its_time_has_its_run_cancelled_and_fails() {
    let (mut play, run) = under_way(call("c", "w").within(50).with_retry(fixed(2, 100)));
    let ordered = format!("=> cancel {run} by run 444455556666, step c (daemon)");
    play.wakes_at(Some(1050))
        .takes(wake(1049), &[])
        .takes(wake(1050), &["c call timed out", &ordered])
        .takes(wake(1051), &[])
        .wakes_at(None);
    let text = format!("timed out after 50 ms; its run {} is cancelled", run.short());
    play.takes(
        child_ended("c", run, RunEnd::Cancelled),
        &[
            &format!("c retrying 1 at 1100: timeout RPA0402 {text}"),
            &format!("> warn c 1: attempt 1 failed: {text} [RPA0402]; next try in 100 ms"),
        ],
    );
    // what has come back is kept
    let (mut play, run) = under_way(call("c", "w").within(50));
    play.takes_all(wake(1050)).takes_all(child_ended("c", run, completed()));
    assert_eq!(state(&play.run, "c").status(), StepStatus::Completed);
}

#[test]
fn time_outs_around_it_reach_the_run() {
    let mut workflow = flow([call("c", "w")]);
    workflow.timeout_ms = Some(500);
    let mut play = Play::of_workflow(workflow);
    play.takes_all(Input::Start).takes_all(calls("c"));
    let run = child("c", 1, 1000);
    assert_eq!(sends(&mut play, wake(1500)).len(), 1);
    play.takes_all(child_ended("c", run, RunEnd::Cancelled)).is(RunStatus::Failed);

    let mut play = Play::of([group("g", [call("c", "w")]).within(500)]);
    play.takes_all(Input::Start).takes_all(calls("g/c"));
    let run = child("g/c", 1, 1000);
    assert_eq!(sends(&mut play, wake(1500)).len(), 1);
    play.takes_all(child_ended("g/c", run, RunEnd::Cancelled)).is(RunStatus::Failed);
}

#[test]
fn a_run_is_cancelled_once_whatever_else_comes() {
    // a second cancel would end its handlers
    let mut workflow = flow([group("g", [call("c", "w").within(300)]).within(400)]);
    workflow.timeout_ms = Some(500);
    let mut play = Play::of_workflow(workflow);
    play.takes_all(Input::Start).takes_all(calls("g/c"));
    assert_eq!(sends(&mut play, wake(1300)).len(), 1);
    assert_eq!(sends(&mut play, wake(1400)), [""; 0]);
    assert_eq!(sends(&mut play, wake(1500)), [""; 0]);
    assert_eq!(sends(&mut play, cancel()), [""; 0]);
    assert_eq!(sends(&mut play, cancel()), [""; 0]);

    let (mut play, _) = under_way(call("c", "w").within(300));
    assert_eq!(sends(&mut play, cancel()).len(), 1);
    assert_eq!(sends(&mut play, wake(1300)), [""; 0]);
}

#[test]
fn runs_that_handlers_have_called_are_ended_by_a_further_cancel() {
    let mut workflow = flow([task("a")]);
    workflow.handlers = Handlers { finally: vec![call("c", "w")], ..Handlers::default() };
    let mut play = Play::of_workflow(workflow);
    play.takes_all(Input::Start)
        .takes_all(cancel())
        .takes_all(ended("a", 1, stopped(StopReason::Cancel)))
        .takes_all(calls("@finally/c"));
    assert_eq!(sends(&mut play, cancel()).len(), 1);
    let run = child("@finally/c", 1, 1000);
    play.takes_all(child_ended("@finally/c", run, RunEnd::Cancelled)).is(RunStatus::Cancelled);
}

#[test]
fn pausing_and_resuming_reach_every_run_that_is_called() {
    let (mut play, run) = under_way(call("c", "w"));
    play.takes(
        pause(),
        &[
            "pause requested by ana (cli)",
            "> warn - 0: paused by ana (cli): what runs goes on, nothing new begins",
            &format!("=> pause {run} by ana (cli)"),
        ],
    )
    .takes(
        resume(),
        &[
            "resumed by ana (cli)",
            "> warn - 0: resumed by ana (cli)",
            &format!("=> resume {run} by ana (cli)"),
        ],
    );
}

#[test]
fn while_nothing_may_begin_nobody_is_called() {
    let mut play = Play::of([call("c", "w").with_retry(fixed(2, 100))]);
    play.takes_all(Input::Start)
        .takes_all(pause())
        .takes(calls("c"), &[])
        .takes(resume(), &["resumed by ana (cli)", "> warn - 0: resumed by ana (cli)", "> ask c"]);
    play.takes_all(calls("c")).takes_all(child_ended("c", child("c", 1, 1000), failed()));
    play.held().takes(wake(1100), &[]);
    play.released().at(1200);
    assert_eq!(sends(&mut play, Input::Recover).len(), 1);
    // what was called before a crash is not called again
    play.takes(Input::Recover, &[]);
}

#[test]
fn a_doubt_in_the_run_stops_the_clock_of_its_caller() {
    let mut workflow = flow([call("c", "w"), call("d", "w")]);
    workflow.timeout_ms = Some(1000);
    let mut play = Play::of_workflow(workflow);
    play.takes_all(Input::Start).takes_all(calls("c")).takes_all(calls("d"));
    let (c, d) = (child("c", 1, 1000), child("d", 1, 1000));
    let doubts = News::Stands(Stands::Doubts);
    let works = News::Stands(Stands::Works);
    play.wakes_at(Some(2000))
        .at(1100)
        .takes(news("c", c, doubts.clone()), &["c call stands Doubts"])
        .takes(news("c", c, doubts.clone()), &[])
        .is(RunStatus::Running)
        .wakes_at(None)
        .at(1200)
        .takes_all(news("d", d, doubts))
        .is(RunStatus::InDoubt)
        .at(1300)
        .takes(news("c", c, works.clone()), &["c call stands Works"])
        .takes(news("c", c, works), &[])
        .wakes_at(None)
        .at(1400)
        .takes(
            child_ended("d", d, completed()),
            &[
                "d call stands Works",
                "d completed 1 {\"n\":4}",
                &format!("> info d 1: run {} has completed", d.short()),
            ],
        )
        // 300 ms in doubt
        .wakes_at(Some(2300))
        .takes_all(child_ended("c", c, completed()))
        .is(RunStatus::Completed);
}

#[test]
fn a_run_that_asks_people_is_told_of() {
    let mut play = Play::of([call("c", "w")]);
    play.takes_all(Input::Start).takes_all(calls("c"));
    let run = child("c", 1, 1000);
    play.takes(news("c", run, News::Stands(Stands::Asks)), &["c call stands Asks"])
        .is(RunStatus::Waiting);
    assert_eq!(play.run.stands(), Stands::Asks);
    assert!(play.run.is_settled());
}

#[test]
fn what_cannot_be_called_fails_or_falls_back() {
    let mut play = Play::of([call("c", "w").on_error(OnError::Fallback(ident("f"))), task("f")]);
    play.takes_all(Input::Start).takes(
        asked("c", Err(error(ErrorClass::InvalidInput))),
        &[
            "c failed 0: invalid_input RPA0401 it broke",
            "f started 1",
            "> error c 0: failed: it broke [RPA0401]",
            "> start f 1",
        ],
    );
    let mut play = Play::of([call("c", "w").only_if("false"), task("keep")]);
    play.takes_all(Input::Start).takes(
        asked("c", Ok(Asked::Skip)),
        &["c skipped: its condition was false", "> info c 0: skipped: its condition was false"],
    );
}

#[test]
fn a_called_run_tells_how_it_stands_and_how_it_has_ended() {
    let mut play = Play::of_called(flow([task("a"), approval("b", 1).after(&["a"])]));
    play.takes(Input::Start, &["started", "a started 1", "> start a 1"])
        .takes(
            ended("a", 1, lost()),
            &[
                "a in doubt 1: the machine went down",
                &doubted("a 1", "the machine went down"),
                "=> call stands Doubts",
            ],
        )
        .takes_all(pause());
    // nothing that somebody can decide as long as it is paused
    assert_eq!(play.run.stands(), Stands::Works);
    play.takes(
        resume(),
        &["resumed by ana (cli)", "> warn - 0: resumed by ana (cli)", "=> call stands Doubts"],
    );
    let done = crate::run::Resolution::Done { output: fields(1) };
    assert_eq!(sends(&mut play, resolve("a", done)).len(), 1);
    assert_eq!(sends(&mut play, approve("b", &[])).len(), 1);
    play.takes(
        vote("b", "bob", false),
        &[
            "b rejected by bob (console) {\"f\":1} \"\" at now",
            "b failed 1 {\"at\":\"now\",\"by\":[\"bob\"],\"comment\":\"\",\
             \"decision\":\"rejected\",\"fields\":{\"f\":1}}: \
             business RPA0426 rejected by bob (console)",
            "ended failed at b: business RPA0426 rejected by bob (console)",
            "> warn b 0: rejected by bob (console)",
            "> error b 1: failed: rejected by bob (console) [RPA0426]",
            "=> call ended failed at b: business RPA0426 rejected by bob (console)",
        ],
    );
    play.takes(Input::Recover, &[]);
}

#[test]
fn a_called_run_that_never_began_tells_its_end_too() {
    Play::of_called(flow([task("a")])).takes(
        cancel(),
        &[
            "cancel requested by ana (cli)",
            "ended cancelled",
            "> warn - 0: cancel requested by ana (cli)",
            "=> call ended cancelled",
        ],
    );
}
