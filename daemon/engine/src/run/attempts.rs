//! Attempts: handed to the runner, judged when they have ended, tried again.

use super::effect::{Attempt, Effect, RemarkLevel};
use super::event::Event;
use super::state::{Run, StepState};
use super::turn::Turn;
use super::verdict::{self, Try, Verdict};
use crate::name::{AttemptId, StepPath};
use crate::outcome::{ErrorClass, Outcome, StopReason, TaskError};
use crate::value::Value;
use crate::workflow::{Action, EffectClass, Retry};

impl Turn<'_> {
    /// Begins attempt `attempt`. While nothing may be begun it is left for later:
    /// a first attempt stays ready, a further one becomes due at the next start.
    pub(super) fn begin(&mut self, path: &StepPath, attempt: u32, input: Value) {
        if self.holding() {
            return;
        }
        if attempt > 1 && self.lacks_lock(path) {
            let error = self.lacking();
            return self.fail(path, attempt - 1, error, Value::Null);
        }
        let Some(step) = self.run.definition_of(path) else { return };
        let Action::Task { kind, .. } = &step.action else {
            return self.begin_call(path, attempt, input);
        };
        let start = Effect::Start(Attempt {
            id: AttemptId { run: self.run.id, path: path.clone(), number: attempt },
            workflow: self.run.definition.name.clone(),
            kind: kind.clone(),
            effect: step.effect,
            priority: self.run.priority,
            input: input.clone(),
            timeout_ms: step.timeout_ms,
        });
        self.emit(Event::StepStarted { path: path.clone(), attempt, input });
        self.effect(start);
    }

    /// Begins the attempt after `attempt`, whose end is settled: after a pause, or
    /// at the next start while nothing may be begun.
    pub(super) fn begin_again(
        &mut self,
        path: &StepPath,
        attempt: u32,
        input: Value,
        why: &str,
        pause_ms: u64,
    ) {
        if !self.holding() && pause_ms == 0 {
            self.begin(path, attempt + 1, input);
            return;
        }
        let error = TaskError {
            class: ErrorClass::System,
            code: if self.cx.hold { "RPA0414" } else { "RPA0413" }.into(),
            message: why.to_owned(),
        };
        let due_ms = self.cx.now_ms.saturating_add(pause_ms);
        self.emit(Event::StepRetrying { path: path.clone(), attempt, error, due_ms });
    }

    pub(super) fn attempt_ended(&mut self, id: &AttemptId, outcome: Outcome) {
        let Some(StepState::Running { attempt, input, since_ms }) = self.run.steps.get(&id.path)
        else {
            return;
        };
        if *attempt != id.number || id.run != self.run.id {
            return;
        }
        let (attempt, input, since_ms) = (*attempt, input.clone(), *since_ms);
        self.judged(&id.path, attempt, input, since_ms, outcome);
    }

    /// Attempt `attempt`, of which the first began at `since_ms`, has ended so.
    pub(super) fn judged(
        &mut self,
        path: &StepPath,
        attempt: u32,
        input: Value,
        since_ms: u64,
        outcome: Outcome,
    ) {
        let (effect, retry) = self
            .run
            .definition_of(path)
            .map_or((EffectClass::Unknown, Retry::NONE), |s| (s.effect, s.retry.clone()));
        let pause_ms = verdict::pause_before_again(&outcome, attempt);
        let this = Try {
            number: attempt,
            elapsed_ms: self.cx.now_ms.saturating_sub(since_ms),
            lot: lot(self.run, path, attempt),
            halted: self.is_halted(path) || self.lacks_lock(path),
            by_time_out: self.run.cancel.is_none(),
        };
        match verdict::judge(effect, &retry, this, outcome) {
            Verdict::Confirm { output } => self.confirm(path, attempt, output),
            Verdict::Fail { error, output } => self.fail(path, attempt, error, output),
            Verdict::Retry { error, delay_ms } => {
                let due_ms = self.cx.now_ms.saturating_add(delay_ms);
                let text = format!(
                    "attempt {attempt} failed: {} [{}]; next try in {}",
                    error.message,
                    error.code,
                    verdict::human(delay_ms)
                );
                self.remark(path, attempt, RemarkLevel::Warn, text);
                self.emit(Event::StepRetrying { path: path.clone(), attempt, error, due_ms });
            }
            Verdict::RunAgain { why } => {
                self.remark(path, attempt, RemarkLevel::Warn, format!("{why}; it is run again"));
                self.begin_again(path, attempt, input, &why, pause_ms);
            }
            Verdict::Doubt { reason } => {
                let text = format!("in doubt: {reason}; a person must decide, see `rpa doubts`");
                self.remark(path, attempt, RemarkLevel::Error, text);
                self.emit(Event::StepInDoubt { path: path.clone(), attempt, reason });
            }
            Verdict::Cancel => {
                self.remark(path, attempt, RemarkLevel::Warn, "cancelled".into());
                self.cancel_step(path);
            }
        }
    }

    pub(super) fn stop(&mut self, path: StepPath, number: u32) {
        let attempt = AttemptId { run: self.run.id, path, number };
        self.effect(Effect::Stop { attempt, why: StopReason::Cancel });
    }
}

/// A number that differs between runs, steps and tries, and is the same each time it is
/// asked for (FNV-1a, then the last step of splitmix64).
fn lot(run: &Run, path: &StepPath, attempt: u32) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let id = run.id.0.to_be_bytes();
    for byte in id.iter().chain(path.as_str().as_bytes()).chain(&attempt.to_be_bytes()) {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
