//! Locks and tokens: what a step holds while it goes on.
//!
//! | a step with claims | becomes |
//! |---|---|
//! | its needs have ended | claiming: condition and names are evaluated |
//! | its condition is false | skipped |
//! | its names are known | claiming: it asks for the first, in the order of names |
//! | that one is granted | claiming: it asks for the next |
//! | all are granted | ready, and holds them until it has ended |
//! | one is refused, or its `wait` is over | failed (RPA0428, RPA0429, RPA0431), and gives back what it has |
//! | its `lease` is over | halted: what it does is ended, then it fails (RPA0430) |
//! | it comes into doubt | in doubt, and holds them; its lease does not end |
//! | a person takes one away | goes on, and is not tried again |
//!
//! That all ask in the same order keeps two steps from waiting for each other.

use serde::{Deserialize, Serialize};

use super::effect::{Purpose, RemarkLevel};
use super::event::Event;
use super::message::{Claimant, Message, Tokens};
use super::scope::scopes_around;
use super::state::StepState;
use super::turn::Turn;
use super::verdict::human;
use crate::actor::Actor;
use crate::name::{Label, StepPath};
use crate::outcome::{ErrorClass, TaskError};
use crate::template::Template;
use crate::value::Value;
use crate::workflow::{Claims, Step};

/// A step that waits for what it claims.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claiming {
    pub since_ms: u64,
    pub until_ms: Option<u64>,
    /// In the order of names; empty while they are evaluated.
    pub wanted: Vec<(Label, Tokens)>,
    /// The first so many of them are granted.
    pub granted: usize,
}

impl Claiming {
    /// What it has asked for: all that is granted, and the one that it waits for.
    fn asked(&self) -> impl Iterator<Item = &Label> {
        self.wanted.iter().take(self.granted + 1).map(|(lock, _)| lock)
    }
}

/// What a step holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    pub locks: Vec<Label>,
    pub since_ms: u64,
    /// The end of its lease.
    pub until_ms: Option<u64>,
    /// That has passed.
    pub over: bool,
    /// A person has taken one of them away: the step is not tried again without it.
    pub broken: bool,
}

/// What a lock says.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimAnswer {
    Granted,
    /// Later. Held by this one, or mostly.
    Waits {
        holder: Option<Claimant>,
    },
    Refused(TaskError),
}

impl Claims {
    /// The names, where nothing has to be evaluated.
    fn literal(&self) -> Option<Vec<(Label, Tokens)>> {
        let lock = match self.lock.as_ref().map(Template::as_literal) {
            None => None,
            Some(Some(Value::Text(name))) => Some(name.parse().ok()?),
            Some(_) => return None,
        };
        Some(self.wanted(lock))
    }

    /// All that is claimed, in the order of names.
    pub fn wanted(&self, lock: Option<Label>) -> Vec<(Label, Tokens)> {
        let tokens = self.tokens.iter().map(|(pool, count)| (pool.clone(), Tokens::Some(*count)));
        let mut wanted: Vec<(Label, Tokens)> =
            lock.map(|lock| (lock, Tokens::Lock)).into_iter().chain(tokens).collect();
        wanted.sort_by(|a, b| a.0.cmp(&b.0));
        // a pool may be taken whole: then no tokens of it are wanted besides
        wanted.dedup_by(|a, b| a.0 == b.0);
        wanted
    }
}

impl Turn<'_> {
    fn claims(&self, path: &StepPath) -> Option<&Claims> {
        self.run.definition_of(path)?.claims.as_ref()
    }

    fn claimant(&self, path: &StepPath) -> Claimant {
        Claimant { run: self.run.id, path: path.clone() }
    }

    /// Begins to claim; the step begins when it has all.
    pub(super) fn claim(&mut self, path: &StepPath, step: &Step, claims: &Claims) {
        match claims.literal().filter(|_| step.condition.is_none()) {
            Some(wanted) => self.claims_known(path, wanted),
            None => {
                self.emit(Event::ClaimsAsked { path: path.clone() });
                self.ask_for_claims(path);
            }
        }
    }

    pub(super) fn ask_for_claims(&mut self, path: &StepPath) {
        let failed = self.failed_before_step(path);
        self.evaluate(Purpose::Claims { path: path.clone(), failed });
    }

    pub(super) fn claims_evaluated(
        &mut self,
        path: &StepPath,
        result: Result<Option<Vec<(Label, Tokens)>>, TaskError>,
    ) {
        let Some(StepState::Claiming(claiming)) = self.run.steps.get(path) else { return };
        if !claiming.wanted.is_empty() {
            return;
        }
        match result {
            Ok(None) => self.skip(path, super::SkipReason::Condition),
            Ok(Some(wanted)) => self.claims_known(path, wanted),
            Err(error) => self.fail(path, 0, error, Value::Null),
        }
    }

    fn claims_known(&mut self, path: &StepPath, wanted: Vec<(Label, Tokens)>) {
        let wait_ms = self.claims(path).and_then(|claims| claims.wait_ms);
        let until_ms = wait_ms.map(|ms| self.cx.now_ms.saturating_add(ms));
        self.emit(Event::ClaimsBegun { path: path.clone(), wanted, until_ms });
        self.claim_next(path);
    }

    fn claim_next(&mut self, path: &StepPath) {
        let Some(StepState::Claiming(claiming)) = self.run.steps.get(path) else { return };
        match claiming.wanted.get(claiming.granted).cloned() {
            Some((lock, tokens)) => {
                let by = self.claimant(path);
                self.message(Message::Claim { lock, by, tokens });
            }
            None => {
                let lease_ms = self.claims(path).and_then(|claims| claims.lease_ms);
                let until_ms = lease_ms.map(|ms| self.cx.now_ms.saturating_add(ms));
                self.emit(Event::ClaimsHeld { path: path.clone(), until_ms });
                self.begin_claimed(path);
            }
        }
    }

    /// A lock has answered.
    pub(super) fn claimed(&mut self, path: &StepPath, lock: &Label, answer: ClaimAnswer) {
        let Some(StepState::Claiming(claiming)) = self.run.steps.get(path) else { return };
        if claiming.wanted.get(claiming.granted).is_none_or(|(wanted, _)| wanted != lock) {
            return;
        }
        let lock = lock.clone();
        match answer {
            ClaimAnswer::Granted => {
                self.emit(Event::ClaimGranted { path: path.clone(), lock });
                self.claim_next(path);
            }
            ClaimAnswer::Waits { holder } => {
                let held = holder.as_ref().map_or_else(String::new, |holder| {
                    format!(", held by run {}, step {}", holder.run.short(), holder.path)
                });
                self.remark(path, 0, RemarkLevel::Info, format!("waits for {lock}{held}"));
                self.emit(Event::ClaimWaits { path: path.clone(), lock, holder });
            }
            ClaimAnswer::Refused(error) => self.fail(path, 0, error, Value::Null),
        }
    }

    /// What is claimed was not free in time.
    pub(super) fn claimed_too_long(&mut self, path: &StepPath) {
        let Some(StepState::Claiming(claiming)) = self.run.steps.get(path) else { return };
        let lock = claiming.wanted.get(claiming.granted);
        let lock = lock.map_or_else(String::new, |(lock, _)| lock.to_string());
        let wait_ms = self.claims(path).and_then(|claims| claims.wait_ms);
        let after = human(wait_ms.unwrap_or_default());
        let (class, code) = (ErrorClass::Timeout, "RPA0429".into());
        let message = format!("{lock} was not free within {after}");
        self.fail(path, 0, TaskError { class, code, message }, Value::Null);
    }

    /// The steps whose lease has ended by then are ended.
    pub(super) fn end_leases(&mut self, up_to_ms: u64) {
        let over = |hold: &Hold| !hold.over && hold.until_ms.is_some_and(|at| at <= up_to_ms);
        let holds = self.run.holds.iter();
        let over: Vec<StepPath> =
            holds.filter(|(_, hold)| over(hold)).map(|(path, _)| path.clone()).collect();
        for path in over {
            // the end of one may have been the end of what it held around
            if !self.run.holds.contains_key(&path) {
                continue;
            }
            self.remark(&path, 0, RemarkLevel::Warn, "its lease has ended".into());
            self.emit(Event::LeaseEnded { path: path.clone() });
            self.halt_step(&path);
        }
    }

    /// The error of a step whose lease has ended.
    pub(super) fn lease_error(&self, path: &StepPath) -> Option<TaskError> {
        let hold = self.run.holds.get(path).filter(|hold| hold.over)?;
        let lease_ms = self.claims(path).and_then(|claims| claims.lease_ms);
        let names: Vec<&str> = hold.locks.iter().map(Label::as_str).collect();
        let after = human(lease_ms.unwrap_or_default());
        Some(TaskError {
            class: ErrorClass::Timeout,
            code: "RPA0430".into(),
            message: format!("its lease of {} ended after {after}", names.join(", ")),
        })
    }

    /// A person has taken a lock away from the step: what runs goes on, and no further
    /// try begins.
    pub(super) fn unheld(&mut self, path: &StepPath, lock: &Label, by: &Actor) {
        if !self.run.holds.get(path).is_some_and(|hold| hold.locks.contains(lock)) {
            return;
        }
        let text = format!("{lock} was taken from it by {by}; others may hold it now");
        self.remark(path, 0, RemarkLevel::Warn, text);
        let (path, lock, by) = (path.clone(), lock.clone(), by.clone());
        self.emit(Event::HoldBroken { path, lock, by });
    }

    /// Whether the step at `path`, or one around it, lacks what it claims.
    pub(super) fn lacks_lock(&self, path: &StepPath) -> bool {
        let broken = |path: &str| self.run.holds.get(path).is_some_and(|hold| hold.broken);
        !self.run.holds.is_empty() && (broken(path.as_str()) || scopes_around(path).any(broken))
    }

    /// The error of a step that is not tried again for that.
    pub(super) fn lacking(&self) -> TaskError {
        TaskError {
            class: ErrorClass::InvalidInput,
            code: "RPA0430".into(),
            message: "what it held was taken from it: it is not tried again without it".into(),
        }
    }

    /// What the step at `path`, which ends, has asked for is free again.
    pub(super) fn release(&mut self, path: &StepPath) {
        let locks: Vec<Label> = match (self.run.holds.get(path), self.run.steps.get(path)) {
            (Some(hold), _) => hold.locks.clone(),
            (None, Some(StepState::Claiming(claiming))) => claiming.asked().cloned().collect(),
            (None, _) => return,
        };
        for lock in locks {
            let by = self.claimant(path);
            self.message(Message::Release { lock, by });
        }
    }
}
