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
//! While the run is being cancelled nothing is tried or run again.

use crate::outcome::{ErrorClass, Outcome, StopReason, TaskError};
use crate::value::Value;
use crate::workflow::{EffectClass, Retry};

/// How often a step that may be repeated is run again because nobody saw its end,
/// beyond its `retry`: a step that takes the daemon down with it each time must
/// not do so for ever.
pub const MAX_LOSSES: u32 = 20;

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
    /// At once, and not by leave of `retry`.
    RunAgain {
        why: String,
    },
    Doubt {
        reason: String,
    },
    Cancel,
}

/// Judges the end of attempt number `attempt`.
pub fn judge(
    effect: EffectClass,
    retry: &Retry,
    attempt: u32,
    cancelling: bool,
    outcome: Outcome,
) -> Verdict {
    let repeatable = matches!(effect, EffectClass::Pure | EffectClass::Idempotent);
    let run_again = |why: String| {
        if cancelling {
            Verdict::Cancel
        } else if attempt >= retry.attempts.saturating_add(MAX_LOSSES) {
            Verdict::Doubt { reason: format!("{why}; its end was not seen {attempt} times") }
        } else {
            Verdict::RunAgain { why }
        }
    };
    let fail = |error: TaskError, output: Value, may_retry: bool| {
        let pause = if may_retry && !cancelling && error.class.retryable() {
            retry.delay_after(attempt)
        } else {
            None
        };
        match pause {
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
                Verdict::Doubt { reason: format!("timed out after {}", seconds(after_ms)) }
            }
        },
        Outcome::Stopped { why: StopReason::Cancel } => match effect {
            EffectClass::Pure | EffectClass::Idempotent | EffectClass::Unknown => Verdict::Cancel,
            EffectClass::Once => {
                Verdict::Doubt { reason: "stopped by a cancel while it ran".into() }
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
        Outcome::Lost { why } if repeatable => run_again(why),
        Outcome::Lost { why } => Verdict::Doubt { reason: why },
    }
}

fn timeout(after_ms: u64) -> TaskError {
    TaskError {
        class: ErrorClass::Timeout,
        code: "RPA0402".into(),
        message: format!("timed out after {}", seconds(after_ms)),
    }
}

fn drained() -> TaskError {
    TaskError {
        class: ErrorClass::System,
        code: "RPA0414".into(),
        message: "stopped by a shutdown of the daemon before it ended".into(),
    }
}

fn seconds(ms: u64) -> String {
    if ms.is_multiple_of(1000) {
        format!("{} s", ms / 1000)
    } else {
        format!("{}.{:03} s", ms / 1000, ms % 1000)
    }
}
