//! What a failure means for others: `needs` with `when`, `on_error`.

use super::build::*;
use super::play::{Play, state};
use crate::outcome::{Outcome, StopReason};
use crate::run::{Input, StepStatus};
use crate::workflow::{OnError, When};

fn fallback(to: &str) -> OnError {
    OnError::Fallback(ident(to))
}

fn started(steps: impl Into<Vec<crate::workflow::Step>>) -> Play {
    let mut play = Play::of(steps);
    play.decide(Input::Start).unwrap();
    play
}

/// Who begins when `a` has ended so, by what it needs of `a`.
#[test]
fn needs_say_how_a_step_must_have_ended() {
    let skip = || crate::run::Asked::Skip;
    let rows: [(&str, OnError, Input, [bool; 4]); 6] = [
        ("completed", OnError::Fail, ended("a", 1, gave(1)), [true, false, false, true]),
        ("failed", OnError::Fail, ended("a", 1, broke()), [false, true, false, true]),
        ("tolerated", OnError::Continue, ended("a", 1, broke()), [true, true, false, true]),
        ("skipped", OnError::Fail, asked("a", Ok(skip())), [false, false, true, true]),
        ("skipped", OnError::Continue, asked("a", Ok(skip())), [false, false, true, true]),
        (
            "cancelled",
            OnError::Continue,
            ended("a", 1, stopped(StopReason::Cancel)),
            [false, false, false, true],
        ),
    ];
    for (name, on_error, input, expected) in rows {
        let mut a = task("a").on_error(on_error);
        if name == "skipped" {
            a = a.only_if("vars.x");
        }
        let mut steps = vec![a];
        steps.extend(When::ALL.map(|when| task(when.word()).when("a", when)));
        let mut play = started(steps);
        play.decide(input).unwrap();
        let begun = When::ALL.map(|w| state(&play.run, w.word()).status() == StepStatus::Running);
        assert_eq!(begun, expected, "{name}: completed, failed, skipped, always");
    }
}

#[test]
fn a_tolerated_failure_shows_and_does_not_count() {
    started([task("a").on_error(OnError::Continue), task("b").after(&["a"])])
        .takes(
            ended("a", 1, broke()),
            &[
                "a failed 1: exit(1) RPA0401 it broke",
                "b started 1",
                "> error a 1: failed: it broke [RPA0401]",
                "> start b 1",
            ],
        )
        .takes(ended("b", 1, gave(1)), &["b completed 1 1", "ended completed {}"]);
}

#[test]
fn a_need_that_is_not_met_skips_the_step() {
    started([task("a"), task("b").when("a", When::Failed)]).takes(
        ended("a", 1, gave(1)),
        &[
            "a completed 1 1",
            "b skipped: needs a, which completed",
            "ended completed {}",
            "> info b 0: skipped: needs a, which completed",
        ],
    );
}

#[test]
fn a_fallback_stands_for_the_step_that_failed() {
    let mut play = started([
        task("a").on_error(fallback("b")),
        task("b"),
        task("c").after(&["a"]),
        task("d").when("a", When::Failed),
    ]);
    play.takes(
        ended("a", 1, broke()),
        &[
            "a failed 1: exit(1) RPA0401 it broke",
            "b started 1",
            "> error a 1: failed: it broke [RPA0401]",
            "> start b 1",
        ],
    )
    .takes(Input::Recover, &[])
    .takes(
        ended("b", 1, gave(2)),
        &[
            "b completed 1 2",
            "c started 1",
            "d skipped: needs a, which completed",
            "> start c 1",
            "> info d 0: skipped: needs a, which completed",
        ],
    )
    .takes(ended("c", 1, gave(3)), &["c completed 1 3", "ended completed {}"]);
}

#[test]
fn a_fallback_that_is_not_invoked_is_skipped() {
    started([task("a").on_error(fallback("b")), task("b"), task("c").after(&["a"])])
        .takes(
            ended("a", 1, gave(1)),
            &[
                "a completed 1 1",
                "b skipped: only if a fails, which it did not",
                "c started 1",
                "> info b 0: skipped: only if a fails, which it did not",
                "> start c 1",
            ],
        )
        .takes(ended("c", 1, gave(1)), &["c completed 1 1", "ended completed {}"]);
}

#[test]
fn a_fallback_that_fails_as_well_saves_nothing() {
    let mut play = started([
        task("a").on_error(fallback("b")),
        task("b"),
        task("c").after(&["a"]),
        task("d").when("a", When::Failed),
    ]);
    play.decide(ended("a", 1, broke())).unwrap();
    play.takes(
        ended("b", 1, broke()),
        &[
            "b failed 1: exit(1) RPA0401 it broke",
            "c skipped: needs a, which failed",
            "d started 1",
            "> error b 1: failed: it broke [RPA0401]",
            "> info c 0: skipped: needs a, which failed",
            "> start d 1",
        ],
    )
    .takes(
        ended("d", 1, gave(1)),
        &["d completed 1 1", "ended failed at a: exit(1) RPA0401 it broke"],
    );
}

#[test]
fn a_fallback_that_is_skipped_saves_nothing() {
    let mut play = started([
        task("a").on_error(fallback("b")),
        task("b").only_if("vars.x"),
        task("c").after(&["a"]),
    ]);
    play.takes(
        ended("a", 1, broke()),
        &[
            "a failed 1: exit(1) RPA0401 it broke",
            "b ready",
            "> error a 1: failed: it broke [RPA0401]",
            "> ask b",
        ],
    )
    .takes(
        asked("b", Ok(crate::run::Asked::Skip)),
        &[
            "b skipped: its condition was false",
            "c skipped: needs a, which failed",
            "ended failed at a: exit(1) RPA0401 it broke",
            "> info b 0: skipped: its condition was false",
            "> info c 0: skipped: needs a, which failed",
        ],
    );
}

#[test]
fn fallbacks_may_have_fallbacks() {
    let chain = || {
        let mut play = started([
            task("a").on_error(fallback("b")),
            task("b").on_error(fallback("c")),
            task("c"),
            task("d").after(&["a"]),
        ]);
        play.decide(ended("a", 1, broke())).unwrap();
        play
    };
    chain().takes(
        ended("b", 1, gave(1)),
        &[
            "b completed 1 1",
            "c skipped: only if b fails, which it did not",
            "d started 1",
            "> info c 0: skipped: only if b fails, which it did not",
            "> start d 1",
        ],
    );
    chain()
        .takes(
            ended("b", 1, broke()),
            &[
                "b failed 1: exit(1) RPA0401 it broke",
                "c started 1",
                "> error b 1: failed: it broke [RPA0401]",
                "> start c 1",
            ],
        )
        .takes(ended("c", 1, gave(1)), &["c completed 1 1", "d started 1", "> start d 1"]);
    started([task("a").on_error(fallback("b")), task("b").on_error(fallback("c")), task("c")])
        .takes(
            ended("a", 1, gave(1)),
            &[
                "a completed 1 1",
                "b skipped: only if a fails, which it did not",
                "c skipped: only if b fails, which it did not",
                "ended completed {}",
                "> info b 0: skipped: only if a fails, which it did not",
                "> info c 0: skipped: only if b fails, which it did not",
            ],
        );
}

#[test]
fn in_a_drain_a_fallback_waits_for_the_next_start() {
    started([task("a").on_error(fallback("b")), task("b")])
        .held()
        .takes(
            ended("a", 1, broke()),
            &["a failed 1: exit(1) RPA0401 it broke", "> error a 1: failed: it broke [RPA0401]"],
        )
        .released()
        .takes(Input::Recover, &["b started 1", "> start b 1"]);
}

#[test]
fn a_cancelled_run_falls_back_on_nothing() {
    let mut play = started([task("a").on_error(fallback("b")), task("b")]);
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
        ended("a", 1, broke()),
        &[
            "a failed 1: exit(1) RPA0401 it broke",
            "ended cancelled",
            "> error a 1: failed: it broke [RPA0401]",
        ],
    );
}

#[test]
fn the_fallback_of_a_group_and_a_group_as_fallback() {
    let mut play = started([
        group("g", [task("a")]).on_error(fallback("h")),
        group("h", [task("b")]),
        task("c").after(&["g"]),
    ]);
    play.takes(
        ended("g/a", 1, Outcome::TimedOut { after_ms: 1000 }),
        &[
            "g/a failed 1: timeout RPA0402 timed out after 1 s",
            "g failed 0: timeout RPA0402 g/a: timed out after 1 s",
            "h opened",
            "h/b started 1",
            "> error g/a 1: failed: timed out after 1 s [RPA0402]",
            "> start h/b 1",
        ],
    )
    .takes(
        ended("h/b", 1, gave(1)),
        &["h/b completed 1 1", "h completed 0 {}", "c started 1", "> start c 1"],
    );
}

#[test]
fn failed_looks_through_the_bodies_that_a_step_is_in() {
    let body = [task("x").whatever_happened()];
    let turns = repeat("r", 1, false, 0, [group("g", body)]).after(&["a"]);
    let mut play = started([task("a").on_error(OnError::Continue), turns]);
    play.takes(
        ended("a", 1, broke()),
        &[
            "a failed 1: exit(1) RPA0401 it broke",
            "r loops 1",
            "r[0] opened",
            "r[0]/g opened",
            "r[0]/g/x ready",
            "> error a 1: failed: it broke [RPA0401]",
            "> ask r[0]/g/x, failed",
        ],
    );
}
