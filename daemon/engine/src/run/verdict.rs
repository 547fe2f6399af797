//! What becomes of a step when its attempt has ended: one table, used live and
//! in recovery.
//!
//! | what happened | pure, idempotent | once, unknown |
//! |---|---|---|
//! | a result came back | confirmed | confirmed |
//! | an error came back, a non-zero exit included | failed; `retry` applies | the same; `defaults.retry` not for `once` |
//! | never started (spawn failed, connection refused) | `retry` applies | `retry` applies |
//! | lost before it began | run again | run again |
//! | time-out, its end seen | failed; `retry` applies | `unknown`: failed, only the step's own `retry` applies; `once`: in doubt |
//! | cancelled, its end seen | cancelled | `unknown`: cancelled; `once`: in doubt |
//! | shut down, its end seen | run again at the next start | `unknown`: failed; `once`: in doubt |
//! | nobody saw the end | run again, same key | in doubt |
//!
//! While the run, or what the step is in, is being ended nothing is tried or run again.

use crate::outcome::{ErrorClass, Outcome, StopReason, TaskError};
use crate::value::Value;
use crate::workflow::{EffectClass, Retry};

/// How often a step that may be repeated is run again because nobody saw its end,
/// beyond its `retry`: a step that takes the daemon down with it each time must
/// not do so for ever.
pub const MAX_LOSSES: u32 = 20;

/// Longest pause before a lost attempt is run again, in milliseconds.
const LONGEST_PAUSE_MS: u64 = 60_000;

/// The pause between attempt `number` and the next when it is run again: none when
/// the daemon is what was lost, nor after the first loss; then 1 s, doubling, for a
/// peer that hangs up on every try.
pub fn pause_before_again(outcome: &Outcome, number: u32) -> u64 {
    match outcome {
        Outcome::Lost { .. } if number > 1 => (1000 << (number - 2).min(16)).min(LONGEST_PAUSE_MS),
        Outcome::Lost { .. }
        | Outcome::Orphaned { .. }
        | Outcome::LostBeforeStart { .. }
        | Outcome::Succeeded { .. }
        | Outcome::Failed { .. }
        | Outcome::NeverStarted { .. }
        | Outcome::TimedOut { .. }
        | Outcome::Stopped { .. } => 0,
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    Confirm {
        output: Value,
    },
    Fail {
        error: TaskError,
        output: Value,
    },
    Retry {
        error: TaskError,
        delay_ms: u64,
    },
    /// Not by leave of `retry`, and soon, see [`pause_before_again`].
    RunAgain {
        why: String,
    },
    Doubt {
        reason: String,
    },
    Cancel,
}

/// The circumstances of one attempt.
#[derive(Clone, Copy, Debug)]
pub struct Try {
    /// From 1.
    pub number: u32,
    /// Since the first attempt began, in milliseconds.
    pub elapsed_ms: u64,
    /// Draws the jitter, see [`Retry::delay_after`].
    pub lot: u64,
    /// The run, or something that the step is in, is being ended: nothing is tried again.
    pub halted: bool,
    /// What ends it is a time-out, and nobody's order.
    pub by_time_out: bool,
}

/// Judges the end of an attempt.
pub fn judge(effect: EffectClass, retry: &Retry, this: Try, outcome: Outcome) -> Verdict {
    let Try { number: attempt, halted, .. } = this;
    let repeatable = matches!(effect, EffectClass::Pure | EffectClass::Idempotent);
    let run_again = |why: String| {
        if halted {
            Verdict::Cancel
        } else if attempt >= retry.attempts.saturating_add(MAX_LOSSES) {
            Verdict::Doubt { reason: format!("{why}; its end was not seen {attempt} times") }
        } else {
            Verdict::RunAgain { why }
        }
    };
    let fail = |error: TaskError, output: Value, may_retry: bool| {
        let may_retry = may_retry && !halted && retry.takes(error.class);
        let pause = retry.delay_after(attempt, this.lot).filter(|_| may_retry);
        let in_time = |delay_ms: &u64| {
            retry.total_ms.is_none_or(|total| this.elapsed_ms.saturating_add(*delay_ms) <= total)
        };
        match pause.filter(in_time) {
            Some(delay_ms) => Verdict::Retry { error, delay_ms },
            None => Verdict::Fail { error, output },
        }
    };
    match outcome {
        Outcome::Succeeded { output } => Verdict::Confirm { output },
        Outcome::Failed { error, output } => {
            fail(error, output, effect != EffectClass::Once || retry.declared_on_step)
        }
        Outcome::NeverStarted { error } => fail(error, Value::Null, true),
        Outcome::LostBeforeStart { why } => run_again(why),
        Outcome::TimedOut { after_ms } => match effect {
            EffectClass::Pure | EffectClass::Idempotent => {
                fail(timeout(after_ms), Value::Null, true)
            }
            EffectClass::Unknown => fail(timeout(after_ms), Value::Null, retry.declared_on_step),
            EffectClass::Once => {
                Verdict::Doubt { reason: format!("timed out after {}", human(after_ms)) }
            }
        },
        Outcome::Stopped { why: StopReason::Cancel } => match effect {
            EffectClass::Pure | EffectClass::Idempotent | EffectClass::Unknown => Verdict::Cancel,
            EffectClass::Once => {
                let reason = match this.by_time_out {
                    true => "stopped by a time-out around it while it ran",
                    false => "stopped by a cancel while it ran",
                };
                Verdict::Doubt { reason: reason.into() }
            }
        },
        Outcome::Stopped { why: StopReason::Drain } => match effect {
            EffectClass::Pure | EffectClass::Idempotent => {
                run_again("stopped by a shutdown of the daemon".into())
            }
            EffectClass::Unknown => Verdict::Fail { error: drained(), output: Value::Null },
            EffectClass::Once => {
                Verdict::Doubt { reason: "stopped by a shutdown while it ran".into() }
            }
        },
        Outcome::Lost { why } | Outcome::Orphaned { why } if repeatable => run_again(why),
        Outcome::Lost { why } | Outcome::Orphaned { why } => Verdict::Doubt { reason: why },
    }
}

fn timeout(after_ms: u64) -> TaskError {
    TaskError {
        class: ErrorClass::Timeout,
        code: "RPA0402".into(),
        message: format!("timed out after {}", human(after_ms)),
    }
}

fn drained() -> TaskError {
    TaskError {
        class: ErrorClass::System,
        code: "RPA0414".into(),
        message: "stopped by a shutdown of the daemon before it ended".into(),
    }
}

/// A duration for people: `500 ms`, `20 s`, `1.500 s`.
pub(super) fn human(ms: u64) -> String {
    if ms < 1000 {
        format!("{ms} ms")
    } else if ms.is_multiple_of(1000) {
        format!("{} s", ms / 1000)
    } else {
        format!("{}.{:03} s", ms / 1000, ms % 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::Backoff;

    /// The verdict on the first of three tries, by row and column. What a step
    /// retries by and whether the run is being cancelled choose the block.
    const TABLE: &str = "
retry: none           pure    idempotent once    unknown
succeeded             confirm confirm    confirm confirm
failed                fail    fail       fail    fail
failed_for_good       fail    fail       fail    fail
never_started         fail    fail       fail    fail
refused_for_good      fail    fail       fail    fail
lost_before_start     again   again      again   again
timed_out             fail    fail       doubt   fail
stopped_by_cancel     cancel  cancel     doubt   cancel
stopped_by_drain      again   again      doubt   fail
lost                  again   again      doubt   doubt
orphaned              again   again      doubt   doubt

retry: defaults       pure    idempotent once    unknown
succeeded             confirm confirm    confirm confirm
failed                retry   retry      fail    retry
failed_for_good       fail    fail       fail    fail
never_started         retry   retry      retry   retry
refused_for_good      fail    fail       fail    fail
lost_before_start     again   again      again   again
timed_out             retry   retry      doubt   fail
stopped_by_cancel     cancel  cancel     doubt   cancel
stopped_by_drain      again   again      doubt   fail
lost                  again   again      doubt   doubt
orphaned              again   again      doubt   doubt

retry: step           pure    idempotent once    unknown
succeeded             confirm confirm    confirm confirm
failed                retry   retry      retry   retry
failed_for_good       fail    fail       fail    fail
never_started         retry   retry      retry   retry
refused_for_good      fail    fail       fail    fail
lost_before_start     again   again      again   again
timed_out             retry   retry      doubt   retry
stopped_by_cancel     cancel  cancel     doubt   cancel
stopped_by_drain      again   again      doubt   fail
lost                  again   again      doubt   doubt
orphaned              again   again      doubt   doubt

cancelling            pure    idempotent once    unknown
succeeded             confirm confirm    confirm confirm
failed                fail    fail       fail    fail
failed_for_good       fail    fail       fail    fail
never_started         fail    fail       fail    fail
refused_for_good      fail    fail       fail    fail
lost_before_start     cancel  cancel     cancel  cancel
timed_out             fail    fail       doubt   fail
stopped_by_cancel     cancel  cancel     doubt   cancel
stopped_by_drain      cancel  cancel     doubt   fail
lost                  cancel  cancel     doubt   doubt
orphaned              cancel  cancel     doubt   doubt
";

    const COLUMNS: [EffectClass; 4] =
        [EffectClass::Pure, EffectClass::Idempotent, EffectClass::Once, EffectClass::Unknown];

    fn outcomes() -> [Outcome; 11] {
        let why = || "gone".to_owned();
        let failed = |class| Outcome::Failed { error: error(class), output: Value::Int(7) };
        [
            Outcome::Succeeded { output: Value::Int(7) },
            failed(ErrorClass::Exit(1)),
            failed(ErrorClass::Business),
            Outcome::NeverStarted { error: error(ErrorClass::Connection) },
            Outcome::NeverStarted { error: error(ErrorClass::InvalidInput) },
            Outcome::LostBeforeStart { why: why() },
            Outcome::TimedOut { after_ms: 1500 },
            Outcome::Stopped { why: StopReason::Cancel },
            Outcome::Stopped { why: StopReason::Drain },
            Outcome::Lost { why: why() },
            Outcome::Orphaned { why: why() },
        ]
    }

    /// The row of an outcome. A new kind of outcome does not compile without one.
    fn row(outcome: &Outcome) -> &'static str {
        match outcome {
            Outcome::Succeeded { .. } => "succeeded",
            Outcome::Failed { error, .. } if error.class.retryable() => "failed",
            Outcome::Failed { .. } => "failed_for_good",
            Outcome::NeverStarted { error } if error.class.retryable() => "never_started",
            Outcome::NeverStarted { .. } => "refused_for_good",
            Outcome::LostBeforeStart { .. } => "lost_before_start",
            Outcome::TimedOut { .. } => "timed_out",
            Outcome::Stopped { why: StopReason::Cancel } => "stopped_by_cancel",
            Outcome::Stopped { why: StopReason::Drain } => "stopped_by_drain",
            Outcome::Lost { .. } => "lost",
            Outcome::Orphaned { .. } => "orphaned",
        }
    }

    fn cell(verdict: &Verdict) -> &'static str {
        match verdict {
            Verdict::Confirm { .. } => "confirm",
            Verdict::Fail { .. } => "fail",
            Verdict::Retry { .. } => "retry",
            Verdict::RunAgain { .. } => "again",
            Verdict::Doubt { .. } => "doubt",
            Verdict::Cancel => "cancel",
        }
    }

    fn error(class: ErrorClass) -> TaskError {
        TaskError { class, code: "RPA0401".into(), message: "it broke".into() }
    }

    fn three(declared_on_step: bool) -> Retry {
        let backoff = Backoff::Fixed;
        Retry {
            attempts: 3,
            backoff,
            delay_ms: 100,
            max_delay_ms: 1000,
            declared_on_step,
            ..Retry::NONE
        }
    }

    fn nth(number: u32, halted: bool) -> Try {
        Try { number, elapsed_ms: 0, lot: 0, halted, by_time_out: false }
    }

    #[test]
    fn no_try_begins_after_the_total_time() {
        let retry = Retry { total_ms: Some(500), ..three(true) };
        let failed = Outcome::Failed { error: error(ErrorClass::Exit(1)), output: Value::Null };
        let judged = |elapsed_ms| {
            let this = Try { elapsed_ms, ..nth(1, false) };
            cell(&judge(EffectClass::Pure, &retry, this, failed.clone()))
        };
        assert_eq!([judged(400), judged(401)], ["retry", "fail"]);
    }

    #[test]
    fn the_table_row_by_row_and_column_by_column() {
        let mut judged = 0;
        for block in TABLE.trim().split("\n\n") {
            let title = block.split("  ").next().unwrap();
            let (retries, cancelling) = match title {
                "retry: none" => (vec![Retry::NONE], false),
                "retry: defaults" => (vec![three(false)], false),
                "retry: step" => (vec![three(true)], false),
                "cancelling" => (vec![Retry::NONE, three(false), three(true)], true),
                other => panic!("no such block {other}"),
            };
            let rows: Vec<&str> = block.lines().skip(1).collect();
            assert_eq!(rows.len(), outcomes().len(), "{title}");
            for (line, outcome) in rows.into_iter().zip(outcomes()) {
                let mut words = line.split_whitespace();
                assert_eq!(words.next(), Some(row(&outcome)), "{title}");
                for (effect, expected) in COLUMNS.into_iter().zip(words) {
                    for retry in &retries {
                        let verdict = judge(effect, retry, nth(1, cancelling), outcome.clone());
                        assert_eq!(cell(&verdict), expected, "{title}: {effect:?}, {line}");
                        judged += 1;
                    }
                }
            }
        }
        assert_eq!(judged, (3 + 3) * outcomes().len() * COLUMNS.len(), "cells judged");
    }

    #[test]
    fn the_last_try_is_not_followed_by_another() {
        for outcome in outcomes() {
            for effect in COLUMNS {
                let before = judge(effect, &three(true), nth(2, false), outcome.clone());
                let last = judge(effect, &three(true), nth(3, false), outcome.clone());
                match before {
                    Verdict::Retry { error, delay_ms } => {
                        assert_eq!(delay_ms, 100);
                        assert!(matches!(last, Verdict::Fail { error: e, .. } if e == error));
                    }
                    same => assert_eq!(last, same, "{effect:?} {outcome:?}"),
                }
            }
        }
    }

    #[test]
    fn losses_beyond_the_retries_are_bounded() {
        let why = || "gone".to_owned();
        for outcome in [Outcome::Lost { why: why() }, Outcome::LostBeforeStart { why: why() }] {
            let judged = |attempt, cancelling| {
                judge(EffectClass::Pure, &three(false), nth(attempt, cancelling), outcome.clone())
            };
            let reason = "gone; its end was not seen 23 times".to_owned();
            assert_eq!(judged(2 + MAX_LOSSES, false), Verdict::RunAgain { why: why() });
            assert_eq!(judged(3 + MAX_LOSSES, false), Verdict::Doubt { reason });
            assert_eq!(judged(3 + MAX_LOSSES, true), Verdict::Cancel);
        }
    }

    #[test]
    fn verdicts_carry_what_the_attempt_gave() {
        let judged = |effect, outcome| judge(effect, &Retry::NONE, nth(1, false), outcome);
        let output = Value::Int(7);
        assert_eq!(
            judged(EffectClass::Once, Outcome::Succeeded { output: output.clone() }),
            Verdict::Confirm { output: output.clone() }
        );
        let broken = error(ErrorClass::Exit(1));
        assert_eq!(
            judged(
                EffectClass::Pure,
                Outcome::Failed { error: broken.clone(), output: output.clone() }
            ),
            Verdict::Fail { error: broken.clone(), output }
        );
        assert_eq!(
            judged(EffectClass::Pure, Outcome::NeverStarted { error: broken.clone() }),
            Verdict::Fail { error: broken, output: Value::Null }
        );
        assert_eq!(
            judged(EffectClass::Once, Outcome::Lost { why: "gone".into() }),
            Verdict::Doubt { reason: "gone".into() }
        );
        assert_eq!(
            judged(EffectClass::Once, Outcome::TimedOut { after_ms: 1500 }),
            Verdict::Doubt { reason: "timed out after 1.500 s".into() }
        );
        let timeout = TaskError {
            class: ErrorClass::Timeout,
            code: "RPA0402".into(),
            message: "timed out after 90 s".into(),
        };
        assert_eq!(
            judged(EffectClass::Unknown, Outcome::TimedOut { after_ms: 90_000 }),
            Verdict::Fail { error: timeout, output: Value::Null }
        );
    }
}
