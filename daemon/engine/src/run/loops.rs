//! Loops: `for_each`, `while` and `repeat`, one turn after or beside another.
//!
//! | a loop is | left by | to |
//! |---|---|---|
//! | turning | it may begin a turn (see below) | turning, one more open |
//! | turning, nothing open | `while`: always; `repeat` with `until`: after a turn | asking |
//! | turning, nothing open | `repeat` has turns left and a pause between them | pausing |
//! | turning, nothing open | no turn is left, or none may begin any more | gathering; failed when turns failed; cancelled when some were stopped unasked |
//! | asking | the condition is evaluated | turning, pausing, gathering, failed |
//! | pausing | its time has come | turning |
//! | gathering | the outputs are put together | completed, failed |
//! | turning, asking, pausing, and halted | nothing is open | failed (time-out) or cancelled |
//!
//! `for_each` begins turns while fewer than `max_parallel` are open, unless so many have
//! failed or were stopped unasked that it stops: then those that are open go on to their
//! end. `while` and `repeat` stop at the first such turn. While the run is held or paused
//! no turn begins and no condition is asked; the answer to one that was being asked is
//! dropped if a turn would begin by it, and asked for again. Turns that have ended are not in memory: `next` and `open` say
//! all that has to be known of them.

use serde::{Deserialize, Serialize};

use super::effect::Purpose;
use super::event::Event;
use super::state::StepState;
use super::turn::Turn;
use crate::name::StepPath;
use crate::outcome::{ErrorClass, TaskError};
use crate::value::Value;
use crate::workflow::{Action, OnItemError, Step};

/// A loop under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Looping {
    pub since_ms: u64,
    /// What `for_each` goes over; null for the others.
    pub items: Value,
    /// How many turns there will be, at most.
    pub turns: u32,
    /// The index of the next turn; those before it have begun.
    pub next: u32,
    /// Turns that have begun and not ended.
    pub open: u32,
    pub failed: u32,
    /// Turns that the runner stopped though nobody had asked for it.
    pub cancelled: u32,
    /// The first turn that failed, and why.
    pub first_failure: Option<(u32, TaskError)>,
    pub stage: LoopStage,
    pub deadline_ms: Option<u64>,
    pub timed_out: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoopStage {
    Turning,
    Asking,
    Pausing { until_ms: u64 },
    Gathering,
}

/// How one turn of a loop has ended.
#[derive(Clone, Copy, Debug)]
pub(super) enum TurnEnd<'e> {
    Completed,
    Failed(&'e TaskError),
    Cancelled,
}

impl Looping {
    pub(super) fn begin(
        since_ms: u64,
        items: Value,
        turns: u32,
        deadline_ms: Option<u64>,
    ) -> Looping {
        Looping {
            since_ms,
            items,
            turns,
            next: 0,
            open: 0,
            failed: 0,
            cancelled: 0,
            first_failure: None,
            stage: LoopStage::Turning,
            deadline_ms,
            timed_out: false,
        }
    }

    pub(super) fn turn_begins(&mut self) {
        self.next += 1;
        self.open += 1;
        self.stage = LoopStage::Turning;
    }

    pub(super) fn turn_ends(&mut self, index: u32, end: TurnEnd<'_>) {
        self.open = self.open.saturating_sub(1);
        match end {
            TurnEnd::Completed => {}
            TurnEnd::Failed(error) => {
                self.failed += 1;
                self.first_failure.get_or_insert_with(|| (index, error.clone()));
            }
            TurnEnd::Cancelled => self.cancelled += 1,
        }
    }

    pub(super) fn ask(&mut self) {
        self.stage = LoopStage::Asking;
    }

    pub(super) fn pause(&mut self, until_ms: u64) {
        self.stage = LoopStage::Pausing { until_ms };
    }

    pub(super) fn gather(&mut self) {
        self.stage = LoopStage::Gathering;
    }

    pub(super) fn time_out(&mut self) {
        self.timed_out = true;
    }

    /// When the pause between two turns is over.
    pub fn pause_ends_ms(&self) -> Option<u64> {
        match self.stage {
            LoopStage::Pausing { until_ms } => Some(until_ms),
            LoopStage::Turning | LoopStage::Asking | LoopStage::Gathering => None,
        }
    }

    /// When its time runs out, if it has not; what only gathers has made it in time.
    pub fn open_deadline_ms(&self) -> Option<u64> {
        self.deadline_ms.filter(|_| !self.timed_out && self.stage != LoopStage::Gathering)
    }

    /// Whether so many turns have failed, or were stopped, that no other begins.
    fn stops(&self, policy: OnItemError) -> bool {
        let not_done = self.failed + self.cancelled;
        match policy {
            OnItemError::Fail => not_done > 0,
            OnItemError::Continue => false,
            OnItemError::StopAfter(most) => not_done >= most.max(1),
        }
    }
}

impl Turn<'_> {
    fn looping(&self, path: &StepPath) -> Option<&Looping> {
        match self.run.steps.get(path)? {
            StepState::Looping(looping) => Some(looping),
            _ => None,
        }
    }

    /// Goes on with a loop that is between turns, or has room for more of them.
    pub(super) fn go_round(&mut self, path: &StepPath) {
        let definition = self.run.definition.clone();
        let Some(step) = definition.step_at(path) else { return };
        let Some(looping) = self.looping(path) else { return };
        if looping.stage == LoopStage::Gathering {
            return;
        }
        if self.is_halted_at(path.as_str()) {
            if looping.open == 0 {
                self.end_halted(path, looping.timed_out, step.timeout_ms);
            }
            return;
        }
        if looping.stage != LoopStage::Turning {
            return;
        }
        match &step.action {
            Action::ForEach(each) => {
                let (stops, room) = (looping.stops(each.on_item_error), each.max_parallel);
                self.next_items(path, stops, room);
            }
            Action::While(_) | Action::Repeat(_) if looping.open > 0 => {}
            Action::While(_) | Action::Repeat(_) if looping.failed + looping.cancelled > 0 => {
                self.end_by_turns(path, true);
            }
            Action::While(_) => self.ask_again(path, looping.next),
            Action::Repeat(repeat) => match looping.next {
                0 => self.open_turn(path, 0),
                next if repeat.until.is_some() => self.ask_again(path, next - 1),
                next if next < looping.turns => self.turn_after_pause(path, repeat.every_ms),
                _ => self.gather(path),
            },
            Action::Task { .. }
            | Action::Set(_)
            | Action::Wait(_)
            | Action::Group(_)
            | Action::Switch(_)
            | Action::Call(_)
            | Action::Approval(_) => {}
        }
    }

    fn next_items(&mut self, path: &StepPath, stops: bool, room: u32) {
        loop {
            let Some(looping) = self.looping(path) else { return };
            let (next, open, turns) = (looping.next, looping.open, looping.turns);
            if stops || next >= turns {
                if open == 0 {
                    match stops || looping.cancelled > 0 {
                        true => self.end_by_turns(path, stops),
                        false => self.gather(path),
                    }
                }
                return;
            }
            if open >= room.max(1) || self.holding() {
                return;
            }
            self.open_turn(path, next);
        }
    }

    fn open_turn(&mut self, path: &StepPath, index: u32) {
        if !self.holding() {
            let path = path.turn(index);
            self.emit(Event::ScopeOpened { path, case: None, deadline_ms: None });
        }
    }

    fn turn_after_pause(&mut self, path: &StepPath, every_ms: u64) {
        let Some(looping) = self.looping(path) else { return };
        match every_ms {
            0 => self.open_turn(path, looping.next),
            every_ms => {
                let until_ms = self.cx.now_ms.saturating_add(every_ms);
                self.emit(Event::LoopPausing { path: path.clone(), until_ms });
            }
        }
    }

    /// The pause between two turns is over.
    pub(super) fn pause_over(&mut self, path: &StepPath) {
        if let Some(looping) = self.looping(path)
            && !self.is_halted_at(path.as_str())
        {
            self.open_turn(path, looping.next);
        }
    }

    fn ask_again(&mut self, path: &StepPath, turn: u32) {
        if self.holding() {
            return;
        }
        self.emit(Event::LoopAsking { path: path.clone() });
        self.evaluate(Purpose::Again { path: path.clone(), turn });
    }

    /// The condition is known.
    pub(super) fn asked_again(
        &mut self,
        path: &StepPath,
        turn: u32,
        result: Result<bool, TaskError>,
    ) {
        let definition = self.run.definition.clone();
        let (Some(step), Some(looping)) = (definition.step_at(path), self.looping(path)) else {
            return;
        };
        if looping.stage != LoopStage::Asking {
            return;
        }
        let (next, turns) = (looping.next, looping.turns);
        if self.is_halted_at(path.as_str()) {
            self.end_halted(path, looping.timed_out, step.timeout_ms);
            return;
        }
        let asked_for = match &step.action {
            Action::While(_) => next,
            _ => next.saturating_sub(1),
        };
        if asked_for != turn {
            return;
        }
        match (&step.action, result) {
            (_, Err(error)) => self.fail(path, 0, error, Value::Null),
            (Action::While(_), Ok(false)) | (Action::Repeat(_), Ok(true)) => self.gather(path),
            (Action::While(_), Ok(true)) if next < turns => self.open_turn(path, next),
            (Action::While(_), Ok(true)) => {
                let message = format!("its condition is still true after {}", in_words(turns));
                self.fail(path, 0, too_often(message), Value::Null);
            }
            (Action::Repeat(repeat), Ok(false)) if next < turns => {
                self.turn_after_pause(path, repeat.every_ms);
            }
            (_, Ok(_)) => {
                let message = format!("its condition is still false after {}", in_words(turns));
                self.fail(path, 0, too_often(message), Value::Null);
            }
        }
    }

    fn gather(&mut self, path: &StepPath) {
        let Some(turns) = self.looping(path).map(|looping| looping.next) else { return };
        self.emit(Event::LoopGathering { path: path.clone() });
        self.evaluate(Purpose::Gather { path: path.clone(), turns });
    }

    pub(super) fn gathered(&mut self, path: &StepPath, result: Result<Value, TaskError>) {
        if self.looping(path).is_some_and(|looping| looping.stage == LoopStage::Gathering) {
            match result {
                Ok(output) => self.complete(path, 0, output),
                Err(error) => self.fail(path, 0, error, Value::Null),
            }
        }
    }

    /// The loop fails as its first failed turn did, where that counts; otherwise turns
    /// were stopped unasked, and what did not happen is not called done.
    fn end_by_turns(&mut self, path: &StepPath, failure_counts: bool) {
        let Some(looping) = self.looping(path) else { return };
        let failed = looping.failed;
        let Some((index, error)) = looping.first_failure.clone().filter(|_| failure_counts) else {
            self.emit(Event::StepCancelled { path: path.clone() });
            return;
        };
        let more = match failed {
            1 => String::new(),
            n => format!(" ({n} turns failed)"),
        };
        let message = format!("turn {index}: {}{more}", error.message);
        self.fail(path, 0, TaskError { message, ..error }, Value::Null);
    }

    /// Asks for the condition again: the answer was lost, or came while nothing could
    /// begin. Of two answers the first counts.
    pub(super) fn ask_for_condition(&mut self, path: &StepPath) {
        let Some(looping) = self.looping(path) else { return };
        let (stage, next) = (looping.stage, looping.next);
        if stage == LoopStage::Asking && !self.is_halted_at(path.as_str()) {
            let is_while = self.run.definition_of(path).is_some_and(Step::is_while);
            let turn = if is_while { next } else { next.saturating_sub(1) };
            self.evaluate(Purpose::Again { path: path.clone(), turn });
        }
    }

    /// Asks again for the outputs, whose evaluation was lost.
    pub(super) fn gather_again(&mut self, path: &StepPath) {
        let Some(looping) = self.looping(path) else { return };
        let (stage, turns) = (looping.stage, looping.next);
        if stage == LoopStage::Gathering {
            self.evaluate(Purpose::Gather { path: path.clone(), turns });
        }
    }
}

impl Step {
    fn is_while(&self) -> bool {
        matches!(self.action, Action::While(_))
    }
}

fn in_words(turns: u32) -> String {
    match turns {
        1 => "1 turn".into(),
        turns => format!("{turns} turns"),
    }
}

fn too_often(message: String) -> TaskError {
    TaskError { class: ErrorClass::Business, code: "RPA0419".into(), message }
}
