//! Loops, state by state; see the table in `run::loops`.

use super::build::*;
use super::play::Play;
use crate::outcome::{ErrorClass, StopReason};
use crate::run::{Evaluation, Input, Refusal, Resolution, RunStatus};
use crate::workflow::{OnItemError, Step};

fn each(max_parallel: u32, policy: OnItemError, count: u32) -> Play {
    let mut play = Play::of([for_each("each", max_parallel, policy, [task("a")])]);
    play.decide(Input::Start).unwrap();
    play.decide(items("each", count)).unwrap();
    play
}

fn started(step: Step) -> Play {
    let mut play = Play::of([step]);
    play.decide(Input::Start).unwrap();
    play
}

// for_each

#[test]
fn items_are_begun_in_order_as_many_at_once_as_may_be() {
    Play::of([for_each("each", 2, OnItemError::Fail, [task("a"), task("b").after(&["a"])])])
        .takes(Input::Start, &["started", "each ready", "> ask each"])
        .takes(
            items("each", 3),
            &[
                "each loops 3 [0,1,2]",
                "each[0] opened",
                "each[1] opened",
                "each[0]/a started 1",
                "each[1]/a started 1",
                "> start each[0]/a 1",
                "> start each[1]/a 1",
            ],
        )
        .takes(items("each", 3), &[])
        .takes(
            ended("each[0]/a", 1, gave(1)),
            &["each[0]/a completed 1 1", "each[0]/b started 1", "> start each[0]/b 1"],
        )
        .takes(
            ended("each[1]/a", 1, gave(1)),
            &["each[1]/a completed 1 1", "each[1]/b started 1", "> start each[1]/b 1"],
        )
        .takes(
            ended("each[1]/b", 1, gave(1)),
            &[
                "each[1]/b completed 1 1",
                "each[1] completed 0 {}",
                "each[2] opened",
                "each[2]/a started 1",
                "> start each[2]/a 1",
            ],
        )
        .takes(
            ended("each[0]/b", 1, gave(1)),
            &["each[0]/b completed 1 1", "each[0] completed 0 {}"],
        )
        .takes(
            ended("each[2]/a", 1, gave(1)),
            &["each[2]/a completed 1 1", "each[2]/b started 1", "> start each[2]/b 1"],
        )
        .takes(
            ended("each[2]/b", 1, gave(1)),
            &[
                "each[2]/b completed 1 1",
                "each[2] completed 0 {}",
                "each gathering",
                "> gather each 3",
            ],
        )
        .takes(gathered("each", 9), &["each completed 0 9", "ended completed {}"]);
}

#[test]
fn no_items_no_turns() {
    let mut play = Play::of([for_each("each", 2, OnItemError::Fail, [task("a")])]);
    play.decide(Input::Start).unwrap();
    play.takes(items("each", 0), &["each loops 0 []", "each gathering", "> gather each 0"])
        .takes(gathered("each", 0), &["each completed 0 0", "ended completed {}"]);
}

#[test]
fn by_default_no_item_is_begun_after_one_that_failed() {
    each(2, OnItemError::Fail, 4)
        .takes(
            ended("each[1]/a", 1, broke()),
            &[
                "each[1]/a failed 1: exit(1) RPA0401 it broke",
                "each[1] failed 0: exit(1) RPA0401 it broke",
                "> error each[1]/a 1: failed: it broke [RPA0401]",
            ],
        )
        .takes(Input::Recover, &[])
        .takes(
            ended("each[0]/a", 1, gave(1)),
            &[
                "each[0]/a completed 1 1",
                "each[0] completed 0 {}",
                "each failed 0: exit(1) RPA0401 turn 1: it broke",
                "ended failed at each: exit(1) RPA0401 turn 1: it broke",
                "> error each 0: failed: turn 1: it broke [RPA0401]",
            ],
        );
}

#[test]
fn with_continue_all_items_have_their_turn_and_the_loop_completes() {
    each(1, OnItemError::Continue, 2)
        .takes(
            ended("each[0]/a", 1, broke()),
            &[
                "each[0]/a failed 1: exit(1) RPA0401 it broke",
                "each[0] failed 0: exit(1) RPA0401 it broke",
                "each[1] opened",
                "each[1]/a started 1",
                "> error each[0]/a 1: failed: it broke [RPA0401]",
                "> start each[1]/a 1",
            ],
        )
        .takes(
            ended("each[1]/a", 1, broke()),
            &[
                "each[1]/a failed 1: exit(1) RPA0401 it broke",
                "each[1] failed 0: exit(1) RPA0401 it broke",
                "each gathering",
                "> error each[1]/a 1: failed: it broke [RPA0401]",
                "> gather each 2",
            ],
        )
        .takes(gathered("each", 0), &["each completed 0 0", "ended completed {}"]);
}

#[test]
fn with_stop_after_so_many_may_fail() {
    each(1, OnItemError::StopAfter(2), 4)
        .takes(
            ended("each[0]/a", 1, broke()),
            &[
                "each[0]/a failed 1: exit(1) RPA0401 it broke",
                "each[0] failed 0: exit(1) RPA0401 it broke",
                "each[1] opened",
                "each[1]/a started 1",
                "> error each[0]/a 1: failed: it broke [RPA0401]",
                "> start each[1]/a 1",
            ],
        )
        .takes(
            ended("each[1]/a", 1, broke()),
            &[
                "each[1]/a failed 1: exit(1) RPA0401 it broke",
                "each[1] failed 0: exit(1) RPA0401 it broke",
                "each failed 0: exit(1) RPA0401 turn 0: it broke (2 turns failed)",
                "ended failed at each: exit(1) RPA0401 turn 0: it broke (2 turns failed)",
                "> error each[1]/a 1: failed: it broke [RPA0401]",
                "> error each 0: failed: turn 0: it broke (2 turns failed) [RPA0401]",
            ],
        );
    let mut few = each(1, OnItemError::StopAfter(2), 2);
    few.decide(ended("each[0]/a", 1, broke())).unwrap();
    few.takes(
        ended("each[1]/a", 1, gave(1)),
        &["each[1]/a completed 1 1", "each[1] completed 0 {}", "each gathering", "> gather each 2"],
    );
}

#[test]
fn an_item_stopped_unasked_is_not_called_done() {
    let stop = || stopped(StopReason::Cancel);
    each(1, OnItemError::Fail, 2).takes(
        ended("each[0]/a", 1, stop()),
        &[
            "each[0]/a cancelled",
            "each[0] cancelled",
            "each cancelled",
            "ended cancelled",
            "> warn each[0]/a 1: cancelled",
        ],
    );
    let mut play = each(1, OnItemError::Continue, 2);
    play.takes(
        ended("each[0]/a", 1, stop()),
        &[
            "each[0]/a cancelled",
            "each[0] cancelled",
            "each[1] opened",
            "each[1]/a started 1",
            "> warn each[0]/a 1: cancelled",
            "> start each[1]/a 1",
        ],
    )
    .takes(
        ended("each[1]/a", 1, gave(1)),
        &["each[1]/a completed 1 1", "each[1] completed 0 {}", "each cancelled", "ended cancelled"],
    );
    let mut mixed = each(2, OnItemError::Fail, 2);
    mixed.decide(ended("each[0]/a", 1, stop())).unwrap();
    mixed.takes(
        ended("each[1]/a", 1, broke()),
        &[
            "each[1]/a failed 1: exit(1) RPA0401 it broke",
            "each[1] failed 0: exit(1) RPA0401 it broke",
            "each failed 0: exit(1) RPA0401 turn 1: it broke",
            "ended failed at each: exit(1) RPA0401 turn 1: it broke",
            "> error each[1]/a 1: failed: it broke [RPA0401]",
            "> error each 0: failed: turn 1: it broke [RPA0401]",
        ],
    );
}

#[test]
fn each_turn_gives_its_outputs() {
    let body = [task("a")];
    let mut play = Play::of([for_each("each", 1, OnItemError::Fail, body).with_outputs()]);
    play.decide(Input::Start).unwrap();
    play.decide(items("each", 2)).unwrap();
    play.takes(
        ended("each[0]/a", 1, gave(1)),
        &["each[0]/a completed 1 1", "each[0] closing", "> outputs of body each[0]"],
    )
    .takes(Input::Recover, &["> outputs of body each[0]"])
    .takes(
        body_outputs("each[0]", Ok(fields(1))),
        &[
            "each[0] completed 0 {\"n\":1}",
            "each[1] opened",
            "each[1]/a started 1",
            "> start each[1]/a 1",
        ],
    )
    .takes(body_outputs("each[0]", Ok(fields(1))), &[])
    .takes(
        ended("each[1]/a", 1, gave(1)),
        &["each[1]/a completed 1 1", "each[1] closing", "> outputs of body each[1]"],
    )
    .takes(
        body_outputs("each[1]", Err(error(ErrorClass::InvalidInput))),
        &[
            "each[1] failed 0: invalid_input RPA0401 it broke",
            "each failed 0: invalid_input RPA0401 turn 1: it broke",
            "ended failed at each: invalid_input RPA0401 turn 1: it broke",
            "> error each[1] 0: failed: it broke [RPA0401]",
            "> error each 0: failed: turn 1: it broke [RPA0401]",
        ],
    );
}

#[test]
fn a_crash_forgets_no_turn_and_repeats_none() {
    let mut play = each(2, OnItemError::Fail, 4);
    play.takes(Input::Recover, &[]);
    play.decide(ended("each[0]/a", 1, gave(1))).unwrap();
    play.run.prune();
    play.takes(Input::Recover, &[]).takes(ended("each[0]/a", 1, gave(1)), &[]);
    play.takes(
        ended("each[1]/a", 1, gave(1)),
        &[
            "each[1]/a completed 1 1",
            "each[1] completed 0 {}",
            "each[3] opened",
            "each[3]/a started 1",
            "> start each[3]/a 1",
        ],
    );
}

#[test]
fn gathering_is_asked_for_again_after_a_crash() {
    each(1, OnItemError::Fail, 0)
        .takes(Input::Recover, &["> gather each 0"])
        .takes(gathered("each", 0), &["each completed 0 0", "ended completed {}"]);
    let failed = Err(error(ErrorClass::System));
    let failed = Input::Evaluated(Evaluation::Gathered { path: path("each"), result: failed });
    each(1, OnItemError::Fail, 0).takes(
        failed,
        &[
            "each failed 0: system RPA0401 it broke",
            "ended failed at each: system RPA0401 it broke",
            "> error each 0: failed: it broke [RPA0401]",
        ],
    );
    each(1, OnItemError::Fail, 1).takes(gathered("each", 0), &[]);
}

#[test]
fn in_a_drain_no_turn_is_begun() {
    let mut play = each(1, OnItemError::Fail, 2);
    play.held()
        .takes(
            ended("each[0]/a", 1, gave(1)),
            &["each[0]/a completed 1 1", "each[0] completed 0 {}"],
        )
        .is(RunStatus::Running)
        .released()
        .takes(Input::Recover, &["each[1] opened", "each[1]/a started 1", "> start each[1]/a 1"]);
    let mut asked_in_a_drain = started(for_each("each", 1, OnItemError::Fail, [task("a")]));
    asked_in_a_drain
        .held()
        .takes(items("each", 2), &[])
        .released()
        .takes(Input::Recover, &["> ask each"]);
}

#[test]
fn a_cancel_ends_the_turns_and_the_loop() {
    each(2, OnItemError::Fail, 4)
        .takes(
            cancel(),
            &[
                "cancel requested by ana (cli)",
                "> warn - 0: cancel requested by ana (cli)",
                "> stop each[0]/a 1 for cancel",
                "> stop each[1]/a 1 for cancel",
            ],
        )
        .takes(ended("each[1]/a", 1, gave(1)), &["each[1]/a completed 1 1", "each[1] cancelled"])
        .takes(Input::Recover, &["> stop each[0]/a 1 for cancel"])
        .takes(
            ended("each[0]/a", 1, stopped(StopReason::Cancel)),
            &[
                "each[0]/a cancelled",
                "each[0] cancelled",
                "each cancelled",
                "ended cancelled",
                "> warn each[0]/a 1: cancelled",
            ],
        );
    // what the turns gave is kept
    each(1, OnItemError::Fail, 0)
        .takes(
            cancel(),
            &["cancel requested by ana (cli)", "> warn - 0: cancel requested by ana (cli)"],
        )
        .takes(Input::Recover, &["> gather each 0"])
        .takes(gathered("each", 0), &["each completed 0 0", "ended cancelled"]);
}

#[test]
fn a_doubt_in_a_turn_holds_up_only_its_turn() {
    each(2, OnItemError::Fail, 3)
        .takes(
            ended("each[0]/a", 1, lost()),
            &[
                "each[0]/a in doubt 1: the machine went down",
                &doubted("each[0]/a 1", "the machine went down"),
            ],
        )
        .takes(
            ended("each[1]/a", 1, gave(1)),
            &[
                "each[1]/a completed 1 1",
                "each[1] completed 0 {}",
                "each[2] opened",
                "each[2]/a started 1",
                "> start each[2]/a 1",
            ],
        )
        .takes(
            ended("each[2]/a", 1, gave(1)),
            &["each[2]/a completed 1 1", "each[2] completed 0 {}"],
        )
        .is(RunStatus::InDoubt)
        .takes(Input::Recover, &[])
        .takes(
            resolve("each[0]/a", Resolution::Done { output: fields(1) }),
            &[
                "each[0]/a resolved done by ana (cli)",
                "each[0]/a completed 1 {\"n\":1}",
                "each[0] completed 0 {}",
                "each gathering",
                "> warn each[0]/a 1: declared done by ana (cli)",
                "> gather each 3",
            ],
        );
}

#[test]
fn loops_within_loops_keep_their_turns_apart() {
    let inner = for_each("in", 1, OnItemError::Fail, [task("a")]);
    let mut play = Play::of([for_each("out", 2, OnItemError::Fail, [inner])]);
    play.decide(Input::Start).unwrap();
    play.takes(
        items("out", 2),
        &[
            "out loops 2 [0,1]",
            "out[0] opened",
            "out[1] opened",
            "out[0]/in ready",
            "out[1]/in ready",
            "> ask out[0]/in",
            "> ask out[1]/in",
        ],
    )
    .takes(
        items("out[1]/in", 1),
        &[
            "out[1]/in loops 1 [0]",
            "out[1]/in[0] opened",
            "out[1]/in[0]/a started 1",
            "> start out[1]/in[0]/a 1",
        ],
    )
    .takes(
        items("out[0]/in", 2),
        &[
            "out[0]/in loops 2 [0,1]",
            "out[0]/in[0] opened",
            "out[0]/in[0]/a started 1",
            "> start out[0]/in[0]/a 1",
        ],
    )
    .takes(
        ended("out[0]/in[0]/a", 1, gave(1)),
        &[
            "out[0]/in[0]/a completed 1 1",
            "out[0]/in[0] completed 0 {}",
            "out[0]/in[1] opened",
            "out[0]/in[1]/a started 1",
            "> start out[0]/in[1]/a 1",
        ],
    )
    .takes(
        ended("out[1]/in[0]/a", 1, gave(1)),
        &[
            "out[1]/in[0]/a completed 1 1",
            "out[1]/in[0] completed 0 {}",
            "out[1]/in gathering",
            "> gather out[1]/in 1",
        ],
    )
    .takes(gathered("out[1]/in", 1), &["out[1]/in completed 0 1", "out[1] completed 0 {}"])
    .takes(
        ended("out[0]/in[1]/a", 1, broke()),
        &[
            "out[0]/in[1]/a failed 1: exit(1) RPA0401 it broke",
            "out[0]/in[1] failed 0: exit(1) RPA0401 it broke",
            "out[0]/in failed 0: exit(1) RPA0401 turn 1: it broke",
            "out[0] failed 0: exit(1) RPA0401 turn 1: it broke",
            "out failed 0: exit(1) RPA0401 turn 0: turn 1: it broke",
            "ended failed at out: exit(1) RPA0401 turn 0: turn 1: it broke",
            "> error out[0]/in[1]/a 1: failed: it broke [RPA0401]",
            "> error out[0]/in 0: failed: turn 1: it broke [RPA0401]",
            "> error out 0: failed: turn 0: turn 1: it broke [RPA0401]",
        ],
    );
}

// while

#[test]
fn while_asks_before_each_turn() {
    Play::of([while_true("w", 2, [task("a")])])
        .takes(Input::Start, &["started", "w loops 2", "w asking", "> condition of w 0"])
        .is(RunStatus::Running)
        .takes(again("w", 0, true), &["w[0] opened", "w[0]/a started 1", "> start w[0]/a 1"])
        .takes(again("w", 0, true), &[])
        .takes(
            ended("w[0]/a", 1, gave(1)),
            &["w[0]/a completed 1 1", "w[0] completed 0 {}", "w asking", "> condition of w 1"],
        )
        .takes(again("w", 0, false), &[])
        .takes(again("w", 1, false), &["w gathering", "> gather w 1"])
        .takes(gathered("w", 1), &["w completed 0 1", "ended completed {}"]);
}

#[test]
fn while_may_have_no_turn() {
    started(while_true("w", 2, [task("a")]))
        .takes(again("w", 0, false), &["w gathering", "> gather w 0"]);
}

#[test]
fn too_many_turns_are_a_failure() {
    let mut play = started(while_true("w", 1, [task("a")]));
    play.decide(again("w", 0, true)).unwrap();
    play.decide(ended("w[0]/a", 1, gave(1))).unwrap();
    play.takes(
        again("w", 1, true),
        &[
            "w failed 0: business RPA0419 its condition is still true after 1 turn",
            "ended failed at w: business RPA0419 its condition is still true after 1 turn",
            "> error w 0: failed: its condition is still true after 1 turn [RPA0419]",
        ],
    );
}

#[test]
fn a_failed_turn_ends_a_while_and_so_does_one_stopped_unasked() {
    let turning = || {
        let mut play = started(while_true("w", 5, [task("a")]));
        play.decide(again("w", 0, true)).unwrap();
        play
    };
    turning().takes(
        ended("w[0]/a", 1, broke()),
        &[
            "w[0]/a failed 1: exit(1) RPA0401 it broke",
            "w[0] failed 0: exit(1) RPA0401 it broke",
            "w failed 0: exit(1) RPA0401 turn 0: it broke",
            "ended failed at w: exit(1) RPA0401 turn 0: it broke",
            "> error w[0]/a 1: failed: it broke [RPA0401]",
            "> error w 0: failed: turn 0: it broke [RPA0401]",
        ],
    );
    turning().takes(
        ended("w[0]/a", 1, stopped(StopReason::Cancel)),
        &[
            "w[0]/a cancelled",
            "w[0] cancelled",
            "w cancelled",
            "ended cancelled",
            "> warn w[0]/a 1: cancelled",
        ],
    );
}

#[test]
fn a_condition_that_cannot_be_evaluated_fails_the_loop() {
    let result = Err(error(ErrorClass::InvalidInput));
    let answer = Input::Evaluated(Evaluation::Again { path: path("w"), turn: 0, result });
    started(while_true("w", 2, [task("a")])).takes(
        answer,
        &[
            "w failed 0: invalid_input RPA0401 it broke",
            "ended failed at w: invalid_input RPA0401 it broke",
            "> error w 0: failed: it broke [RPA0401]",
        ],
    );
}

#[test]
fn the_condition_is_asked_again_after_a_crash_a_drain_or_a_pause() {
    let asking = || started(while_true("w", 2, [task("a")]));
    asking()
        .takes(Input::Recover, &["> condition of w 0"])
        .takes(again("w", 0, true), &["w[0] opened", "w[0]/a started 1", "> start w[0]/a 1"]);
    asking()
        .held()
        .takes(again("w", 0, true), &[])
        .released()
        .takes(Input::Recover, &["> condition of w 0"])
        .takes(again("w", 0, true), &["w[0] opened", "w[0]/a started 1", "> start w[0]/a 1"]);
    let mut paused = asking();
    paused.decide(pause()).unwrap();
    paused
        .takes(again("w", 0, true), &[])
        .is(RunStatus::Paused)
        .takes(
            resume(),
            &["resumed by ana (cli)", "> warn - 0: resumed by ana (cli)", "> condition of w 0"],
        )
        .takes(again("w", 0, true), &["w[0] opened", "w[0]/a started 1", "> start w[0]/a 1"]);
    // it is not even asked in a drain
    let mut turning = asking();
    turning.decide(again("w", 0, true)).unwrap();
    turning
        .held()
        .takes(ended("w[0]/a", 1, gave(1)), &["w[0]/a completed 1 1", "w[0] completed 0 {}"])
        .released()
        .takes(Input::Recover, &["w asking", "> condition of w 1"]);
    asking()
        .takes(
            cancel(),
            &[
                "cancel requested by ana (cli)",
                "w cancelled",
                "ended cancelled",
                "> warn - 0: cancel requested by ana (cli)",
            ],
        )
        .takes(again("w", 0, true), &[]);
}

// repeat

#[test]
fn repeat_takes_so_many_turns() {
    Play::of([repeat("r", 2, false, 0, [task("a")])])
        .takes(
            Input::Start,
            &["started", "r loops 2", "r[0] opened", "r[0]/a started 1", "> start r[0]/a 1"],
        )
        .takes(
            ended("r[0]/a", 1, gave(1)),
            &[
                "r[0]/a completed 1 1",
                "r[0] completed 0 {}",
                "r[1] opened",
                "r[1]/a started 1",
                "> start r[1]/a 1",
            ],
        )
        .takes(
            ended("r[1]/a", 1, gave(1)),
            &["r[1]/a completed 1 1", "r[1] completed 0 {}", "r gathering", "> gather r 2"],
        )
        .takes(gathered("r", 1), &["r completed 0 1", "ended completed {}"]);
}

#[test]
fn repeat_until_asks_after_each_turn() {
    let mut play = started(repeat("r", 2, true, 0, [task("a")]));
    play.takes(
        ended("r[0]/a", 1, gave(1)),
        &["r[0]/a completed 1 1", "r[0] completed 0 {}", "r asking", "> condition of r 0"],
    )
    .takes(Input::Recover, &["> condition of r 0"])
    .takes(again("r", 0, false), &["r[1] opened", "r[1]/a started 1", "> start r[1]/a 1"])
    .takes(
        ended("r[1]/a", 1, gave(1)),
        &["r[1]/a completed 1 1", "r[1] completed 0 {}", "r asking", "> condition of r 1"],
    )
    .takes(again("r", 0, true), &[])
    .takes(again("r", 1, true), &["r gathering", "> gather r 2"]);
}

#[test]
fn repeat_until_fails_when_its_turns_are_used_up() {
    let mut play = started(repeat("r", 1, true, 0, [task("a")]));
    play.decide(ended("r[0]/a", 1, gave(1))).unwrap();
    play.takes(
        again("r", 0, false),
        &[
            "r failed 0: business RPA0419 its condition is still false after 1 turn",
            "ended failed at r: business RPA0419 its condition is still false after 1 turn",
            "> error r 0: failed: its condition is still false after 1 turn [RPA0419]",
        ],
    );
}

fn pausing() -> Play {
    let mut play = started(repeat("r", 3, false, 500, [task("a")]));
    play.takes(
        ended("r[0]/a", 1, gave(1)),
        &["r[0]/a completed 1 1", "r[0] completed 0 {}", "r pausing until 1500"],
    )
    .is(RunStatus::Waiting)
    .wakes_at(Some(1500));
    play
}

#[test]
fn repeat_pauses_between_two_turns() {
    pausing()
        .at(1499)
        .takes(wake(1499), &[])
        .takes(Input::Recover, &[])
        .at(1500)
        .takes(wake(1500), &["r[1] opened", "r[1]/a started 1", "> start r[1]/a 1"])
        .wakes_at(None)
        .takes(wake(1500), &[]);
    pausing()
        .at(1500)
        .takes(Input::Recover, &["r[1] opened", "r[1]/a started 1", "> start r[1]/a 1"]);
}

#[test]
fn a_pause_that_falls_due_in_a_drain_waits_for_the_next_start() {
    pausing()
        .at(1600)
        .held()
        .takes(wake(1500), &[])
        .released()
        .takes(Input::Recover, &["r[1] opened", "r[1]/a started 1", "> start r[1]/a 1"]);
}

#[test]
fn a_cancel_ends_a_pause() {
    pausing()
        .takes(
            cancel(),
            &[
                "cancel requested by ana (cli)",
                "r cancelled",
                "ended cancelled",
                "> warn - 0: cancel requested by ana (cli)",
            ],
        )
        .wakes_at(None);
}

#[test]
fn a_pause_follows_the_condition_that_was_false() {
    let mut play = started(repeat("r", 3, true, 500, [task("a")]));
    play.decide(ended("r[0]/a", 1, gave(1))).unwrap();
    play.takes(again("r", 0, false), &["r pausing until 1500"])
        .takes(again("r", 0, true), &[])
        .takes(wake(1500), &["r[1] opened", "r[1]/a started 1", "> start r[1]/a 1"]);
}

#[test]
fn turns_that_have_ended_leave_memory() {
    let mut play = each(2, OnItemError::Fail, 9);
    play.decide(ended("each[1]/a", 1, gave(1))).unwrap();
    play.run.prune();
    let paths: Vec<&str> = play.run.steps.keys().map(|p| p.as_str()).collect();
    assert_eq!(paths, ["each", "each[0]", "each[0]/a", "each[2]", "each[2]/a"]);
}

#[test]
fn what_the_turns_gave_is_put_together_even_in_a_drain_or_a_pause() {
    let gathering = || each(1, OnItemError::Fail, 0);
    let expected = &["each completed 0 0", "ended completed {}"];
    gathering().held().takes(gathered("each", 0), expected);
    let mut paused = gathering();
    paused.decide(pause()).unwrap();
    paused.is(RunStatus::Running).takes(gathered("each", 0), expected);
}

// doubts

/// Three turns in doubt, and a step beside the loop.
fn doubtful_turns() -> Play {
    let mut play =
        Play::of([for_each("each", 3, OnItemError::Continue, [task("a")]), task("x").after(&[])]);
    play.decide(Input::Start).unwrap();
    play.decide(items("each", 3)).unwrap();
    for id in ["each[0]/a", "each[1]/a", "x"] {
        play.decide(ended(id, 1, lost())).unwrap();
    }
    play.decide(ended("each[2]/a", 1, gave(1))).unwrap();
    play
}

#[test]
fn one_word_decides_all_doubts_of_a_loop() {
    doubtful_turns()
        .takes(
            resolve_all(Some("each"), Resolution::Fail),
            &[
                "each[0]/a resolved fail by ana (cli)",
                "each[0]/a failed 1: business RPA0416 declared failed by ana (cli)",
                "each[1]/a resolved fail by ana (cli)",
                "each[1]/a failed 1: business RPA0416 declared failed by ana (cli)",
                "each[0] failed 0: business RPA0416 declared failed by ana (cli)",
                "each[1] failed 0: business RPA0416 declared failed by ana (cli)",
                "each gathering",
                "> warn each[0]/a 1: declared failed by ana (cli)",
                "> warn each[1]/a 1: declared failed by ana (cli)",
                "> gather each 3",
            ],
        )
        .refuses(resolve_all(Some("each"), Resolution::Fail), Refusal::NothingInDoubt);
}

#[test]
fn one_word_decides_all_doubts_of_a_run() {
    doubtful_turns().takes(
        resolve_all(None, Resolution::Retry),
        &[
            "each[0]/a resolved retry by ana (cli)",
            "each[0]/a started 2",
            "each[1]/a resolved retry by ana (cli)",
            "each[1]/a started 2",
            "x resolved retry by ana (cli)",
            "x started 2",
            "> warn each[0]/a 1: to be run again, says ana (cli)",
            "> start each[0]/a 2",
            "> warn each[1]/a 1: to be run again, says ana (cli)",
            "> start each[1]/a 2",
            "> warn x 1: to be run again, says ana (cli)",
            "> start x 2",
        ],
    );
}

#[test]
fn where_nothing_is_in_doubt_there_is_nothing_to_decide() {
    let none = Refusal::NothingInDoubt;
    doubtful_turns()
        .refuses(resolve_all(Some("each[2]"), Resolution::Fail), none)
        .refuses(resolve_all(Some("eac"), Resolution::Fail), none)
        .refuses(resolve_all(Some("nope"), Resolution::Retry), none);
    let mut play = doubtful_turns();
    play.decide(cancel()).unwrap();
    play.refuses(resolve_all(None, Resolution::Retry), Refusal::Cancelling);
}
