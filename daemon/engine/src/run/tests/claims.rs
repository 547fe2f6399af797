//! Claims: asked for one after the other, held until the step has ended.

use super::build::*;
use super::play::{Play, state};
use crate::name::StepPath;
use crate::outcome::{ErrorClass, TaskError};
use crate::run::{Asked, ClaimAnswer, Claimant, Input, Resolution, RunStatus, StepState, Tokens};
use crate::template::Template;
use crate::value::Value;
use crate::workflow::{Claims, EffectClass, OnError, OnItemError, Step};

/// A task that claims a lock and two pools, which stand on both sides of it by name.
fn three(id: &str) -> Step {
    task(id).claiming(claims(Some("m"), &[("z", 2), ("a", 1)]))
}

fn lock(id: &str) -> Step {
    task(id).claiming(claims(Some("m"), &[]))
}

fn refused() -> ClaimAnswer {
    ClaimAnswer::Refused(TaskError {
        class: ErrorClass::InvalidInput,
        code: "RPA0431".into(),
        message: "no".into(),
    })
}

fn by(path: &str) -> Option<Claimant> {
    Some(Claimant { run: RUN, path: path.parse::<StepPath>().unwrap() })
}

#[test]
fn all_are_asked_for_in_the_order_of_names_and_given_back_when_the_step_has_ended() {
    Play::of([three("t")])
        .takes(Input::Start, &["started", "t claims a*1 m z*2", "=> claim a*1 for t"])
        .is(RunStatus::Waiting)
        .takes(granted("t", "a"), &["t granted a", "=> claim m for t"])
        .takes(granted("t", "m"), &["t granted m", "=> claim z*2 for t"])
        .takes(granted("t", "z"), &["t granted z", "t holds", "t started 1", "> start t 1"])
        .is(RunStatus::Running)
        .takes(
            ended("t", 1, gave(1)),
            &[
                "t completed 1 1",
                "ended completed {}",
                "=> release a of t",
                "=> release m of t",
                "=> release z of t",
            ],
        );
}

#[test]
fn a_step_whose_inputs_are_evaluated_is_asked_when_it_has_all() {
    Play::of([asking("t").claiming(claims(Some("m"), &[]))])
        .takes(Input::Start, &["started", "t claims m", "=> claim m for t"])
        .takes(granted("t", "m"), &["t granted m", "t holds", "> ask t"])
        .takes(runs("t"), &["t started 1", "> start t 1"]);
}

#[test]
fn names_are_evaluated_with_the_condition() {
    let step = || task("t").claiming(claims_asked(&[("a", 1)]));
    let asks = ["started", "t asks what it claims", "> claims of t"];
    Play::of([step()])
        .takes(Input::Start, &asks)
        .is(RunStatus::Running)
        .takes(
            claimed_names("t", Ok(Some(vec![(label("a"), Tokens::Some(1))]))),
            &["t claims a*1", "=> claim a*1 for t"],
        )
        // the second answer to one question
        .takes(claimed_names("t", Ok(None)), &[]);
    Play::of([step(), task("u")])
        .takes(
            Input::Start,
            &["started", "t asks what it claims", "u started 1", "> claims of t", "> start u 1"],
        )
        .takes(
            claimed_names("t", Ok(None)),
            &["t skipped: its condition was false", "> info t 0: skipped: its condition was false"],
        );
    Play::of([step(), task("u")]).takes_all(Input::Start).takes(
        claimed_names("t", Err(error(ErrorClass::InvalidInput))),
        &["t failed 0: invalid_input RPA0401 it broke", "> error t 0: failed: it broke [RPA0401]"],
    );
}

#[test]
fn a_condition_is_asked_for_before_anything_is_claimed_and_again_with_all_held() {
    Play::of([lock("t").only_if("vars.x"), task("u")])
        .takes_all(Input::Start)
        .takes(
            claimed_names("t", Ok(Some(vec![(label("m"), Tokens::Lock)]))),
            &["t claims m", "=> claim m for t"],
        )
        .takes(granted("t", "m"), &["t granted m", "t holds", "> ask t"])
        .takes(
            asked("t", Ok(Asked::Skip)),
            &[
                "t skipped: its condition was false",
                "> info t 0: skipped: its condition was false",
                "=> release m of t",
            ],
        );
}

#[test]
fn a_lock_that_is_not_free_is_waited_for() {
    let text = "> info t 0: waits for m, held by run 444455556666, step x";
    Play::of([lock("t")])
        .takes_all(Input::Start)
        .takes(
            claim_answer("t", "m", ClaimAnswer::Waits { holder: by("x") }),
            &["t waits for m of x", text],
        )
        .is(RunStatus::Waiting)
        .wakes_at(None)
        .takes(granted("t", "m"), &["t granted m", "t holds", "t started 1", "> start t 1"]);
}

#[test]
fn what_is_refused_fails_the_step_and_what_it_has_is_given_back() {
    Play::of([three("t"), task("u")]).takes_all(Input::Start).takes_all(granted("t", "a")).takes(
        claim_answer("t", "m", refused()),
        &[
            "t failed 0: invalid_input RPA0431 no",
            "> error t 0: failed: no [RPA0431]",
            "=> release a of t",
            "=> release m of t",
        ],
    );
}

#[test]
fn what_is_not_free_in_time_fails_the_step() {
    let waits = Claims { wait_ms: Some(50), ..claims(Some("m"), &[("a", 1)]) };
    Play::of([task("t").claiming(waits), task("u")])
        .takes(
            Input::Start,
            &[
                "started",
                "t claims a*1 m until 1050",
                "u started 1",
                "> start u 1",
                "=> claim a*1 for t",
            ],
        )
        .takes_all(granted("t", "a"))
        .wakes_at(Some(1050))
        .takes(wake(1049), &[])
        .takes(
            wake(1050),
            &[
                "t failed 0: timeout RPA0429 m was not free within 50 ms",
                "> error t 0: failed: m was not free within 50 ms [RPA0429]",
                "=> release a of t",
                "=> release m of t",
            ],
        )
        .wakes_at(None);
}

#[test]
fn answers_that_fit_no_claim_change_nothing() {
    let mut play = Play::of([three("t"), task("u")]);
    play.takes(granted("t", "a"), &[]);
    play.takes_all(Input::Start)
        .takes(granted("t", "m"), &[])
        .takes(granted("u", "a"), &[])
        .takes(granted("nobody", "a"), &[])
        .takes_all(granted("t", "a"))
        .takes(granted("t", "a"), &[])
        .takes_all(granted("t", "m"))
        .takes_all(granted("t", "z"))
        .takes(granted("t", "z"), &[])
        .takes(claim_answer("t", "z", refused()), &[])
        .takes_all(ended("t", 1, gave(1)))
        .takes(granted("t", "z"), &[]);
}

#[test]
fn in_a_drain_or_a_pause_nothing_is_claimed_and_what_is_granted_is_kept() {
    let mut drained = Play::of([lock("t")]);
    drained
        .held()
        .takes(Input::Start, &["started"])
        .released()
        .takes(Input::Recover, &["t claims m", "=> claim m for t"])
        .held()
        .takes(granted("t", "m"), &["t granted m", "t holds"])
        .released()
        .takes(Input::Recover, &["> ask t"])
        .takes(runs("t"), &["t started 1", "> start t 1"]);

    let mut paused = Play::of([lock("t")]);
    paused.takes_all(Input::Start).takes_all(pause());
    paused
        .takes(granted("t", "m"), &["t granted m", "t holds"])
        .is(RunStatus::Paused)
        .takes(resume(), &["resumed by ana (cli)", "> warn - 0: resumed by ana (cli)", "> ask t"]);
}

#[test]
fn after_a_crash_names_are_asked_for_again_and_claims_are_not() {
    Play::of([task("t").claiming(claims_asked(&[])), lock("u")])
        .takes_all(Input::Start)
        .takes(Input::Recover, &["> claims of t"]);
}

#[test]
fn one_name_is_claimed_once() {
    let both = claims(Some("a"), &[("a", 2), ("b", 1)]);
    assert_eq!(
        both.wanted(Some(label("a"))),
        [(label("a"), Tokens::Lock), (label("b"), Tokens::Some(1))]
    );
}

#[test]
fn a_name_that_is_no_text_is_left_to_the_evaluator() {
    let odd = Claims { lock: Some(Template::Literal(Value::Int(1))), ..claims(None, &[]) };
    Play::of([task("t").claiming(odd)])
        .takes(Input::Start, &["started", "t asks what it claims", "> claims of t"]);
}

#[test]
fn tries_retries_and_doubts_keep_what_is_held() {
    let mut play = Play::of([lock("t").with_retry(fixed(2, 100)).with_effect(EffectClass::Once)]);
    play.takes_all(Input::Start).takes_all(granted("t", "m"));
    let silent = |decision: crate::run::Decision| assert_eq!(decision.messages, []);
    silent(play.decide(ended("t", 1, broke())).unwrap());
    silent(play.decide(wake(1100)).unwrap());
    silent(play.decide(ended("t", 2, lost())).unwrap());
    play.is(RunStatus::InDoubt);
    assert_eq!(play.run.holds.len(), 1);
    silent(play.decide(resolve("t", Resolution::Retry)).unwrap());
    silent(play.decide(ended("t", 3, lost())).unwrap());
    play.takes(
        resolve("t", Resolution::Done { output: fields(1) }),
        &[
            "t resolved done by ana (cli)",
            "t completed 3 {\"n\":1}",
            "ended completed {}",
            "> warn t 3: declared done by ana (cli)",
            "=> release m of t",
        ],
    );
}

#[test]
fn outputs_are_evaluated_with_all_held() {
    let mut play = Play::of([lock("t").with_outputs(), task("u")]);
    play.takes_all(Input::Start).takes_all(granted("t", "m"));
    play.takes(ended("t", 1, gave(1)), &["t confirmed 1 1", "> outputs of t 1 1"]).takes(
        outputs_of("t", 1, Ok(fields(2))),
        &["t completed 1 {\"n\":2,\"value\":1}", "=> release m of t"],
    );
}

#[test]
fn a_group_and_a_loop_hold_until_all_in_them_has_ended() {
    let mut play = Play::of([group("g", [task("a")]).claiming(claims(Some("m"), &[]))]);
    play.takes_all(Input::Start)
        .takes(
            granted("g", "m"),
            &["g granted m", "g holds", "g opened", "g/a started 1", "> start g/a 1"],
        )
        .takes(
            ended("g/a", 1, gave(1)),
            &["g/a completed 1 1", "g completed 0 {}", "ended completed {}", "=> release m of g"],
        );
    let each = for_each("e", 1, OnItemError::Fail, [lock("a")]);
    let mut play = Play::of([each.claiming(claims(None, &[("p", 1)]))]);
    play.takes_all(Input::Start)
        .takes(granted("e", "p"), &["e granted p", "e holds", "> ask e"])
        .takes(
            items("e", 2),
            &["e loops 2 [0,1]", "e[0] opened", "e[0]/a claims m", "=> claim m for e[0]/a"],
        )
        .takes_all(granted("e[0]/a", "m"))
        .takes(
            ended("e[0]/a", 1, gave(1)),
            &[
                "e[0]/a completed 1 1",
                "e[0] completed 0 {}",
                "e[1] opened",
                "e[1]/a claims m",
                "=> release m of e[0]/a",
                "=> claim m for e[1]/a",
            ],
        )
        .takes_all(granted("e[1]/a", "m"))
        .takes_all(ended("e[1]/a", 1, gave(1)))
        .takes(gathered("e", 2), &["e completed 0 2", "ended completed {}", "=> release p of e"]);
}

#[test]
fn handlers_fallbacks_and_what_undoes_a_step_claim_for_themselves() {
    let mut workflow = flow([
        lock("a").undone_by([lock("u")]),
        lock("b").on_error(OnError::Fallback(ident("f"))).after(&["a"]),
        lock("f"),
    ]);
    workflow.handlers.finally = vec![lock("h")];
    let mut play = Play::of_workflow(workflow);
    play.takes_all(Input::Start).takes_all(granted("a", "m"));
    play.takes(
        ended("a", 1, gave(1)),
        &["a completed 1 1", "b claims m", "=> release m of a", "=> claim m for b"],
    )
    .takes_all(granted("b", "m"))
    .takes(
        ended("b", 1, broke()),
        &[
            "b failed 1: exit(1) RPA0401 it broke",
            "f claims m",
            "> error b 1: failed: it broke [RPA0401]",
            "=> release m of b",
            "=> claim m for f",
        ],
    )
    .takes_all(granted("f", "m"));
    let last = play.decide(ended("f", 1, broke())).unwrap();
    assert!(format!("{:?}", last.messages).contains("a/@undo/u"), "{last:?}");
    play.takes_all(granted("a/@undo/u", "m"));
    let undone = play.decide(ended("a/@undo/u", 1, gave(1))).unwrap();
    assert!(format!("{:?}", undone.messages).contains("@finally/h"), "{undone:?}");
    play.takes_all(granted("@finally/h", "m"));
    let ended = play.decide(ended("@finally/h", 1, gave(1))).unwrap();
    assert_eq!(ended.messages.len(), 1);
    play.is(RunStatus::Failed);
}

#[test]
fn a_step_that_an_earlier_run_has_settled_claims_nothing() {
    let done = StepState::Completed { attempt: 1, since_ms: 1, ended_ms: 2 };
    let mut play = Play::of_kept([lock("t"), task("u")], vec![(ident("t"), done)]);
    play.takes(Input::Start, &["started", "u started 1", "> start u 1"])
        .takes(ended("u", 1, gave(1)), &["u completed 1 1", "ended completed {}"]);
    assert!(matches!(state(&play.run, "t"), StepState::Completed { .. }));
}
