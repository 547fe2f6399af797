//! Approvals: people are asked, and enough of them must say yes.
//!
//! | a vote on a step that asks | becomes |
//! |---|---|
//! | by somebody who may not, twice by one person, for something else than is asked, with other fields than those before it | refused, nothing changes |
//! | rejected | failed (RPA0426) |
//! | approved, and that is the quorum | completed |
//! | approved, and more are needed | asking |
//!
//! | its time has come, and `on_timeout` is | becomes |
//! |---|---|
//! | fail | failed (RPA0427) |
//! | reject | failed (RPA0426) |
//! | approve | completed |
//!
//! A vote is for exactly what was shown: it carries the digest of that.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::effect::RemarkLevel;
use super::event::Event;
use super::input::Refusal;
use super::state::{Phase, StepState};
use super::turn::Turn;
use super::verdict::human;
use crate::actor::{Actor, is_among};
use crate::name::StepPath;
use crate::outcome::{ErrorClass, TaskError};
use crate::value::{Map, Value};
use crate::workflow::{Action, Approval, OnTimeout};

/// What people are asked, evaluated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApprovalRequest {
    pub message: String,
    /// Shown with it.
    pub shown: Map,
    /// Users, and groups with an `@` before; empty for everybody.
    pub approvers: Vec<String>,
    /// BLAKE3 over run, path, message and what is shown, as hexadecimal digits.
    pub digest: String,
}

/// A person's word on what was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vote {
    pub by: Actor,
    pub approves: bool,
    /// The fields of the form.
    pub fields: Map,
    pub comment: String,
    /// When, as text for expressions: RFC 3339, UTC.
    pub at: String,
}

/// A step that waits for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asking {
    pub since_ms: u64,
    pub until_ms: Option<u64>,
    pub request: ApprovalRequest,
    /// All of them approve.
    pub votes: Vec<Vote>,
}

/// How an approval was decided: what the step gives as `decision`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    Approved,
    Rejected,
    TimedOut,
}

impl Decided {
    pub fn word(self) -> &'static str {
        match self {
            Decided::Approved => "approved",
            Decided::Rejected => "rejected",
            Decided::TimedOut => "timed_out",
        }
    }
}

impl Asking {
    /// What the step gives. All votes have the same fields.
    fn output(&self, decided: Decided) -> Value {
        let by = self.votes.iter().map(|vote| Value::Text(vote.by.who.clone()));
        let fields = self.votes.first().map(|vote| vote.fields.clone()).unwrap_or_default();
        let last = self.votes.last();
        Value::from([
            ("decision", Value::from(decided.word())),
            ("by", Value::List(by.collect())),
            ("fields", Value::Map(fields)),
            ("comment", Value::Text(last.map(|vote| vote.comment.clone()).unwrap_or_default())),
            ("at", last.map_or(Value::Null, |vote| Value::Text(vote.at.clone()))),
        ])
    }
}

impl Approval {
    /// Whether `vote` counts, for a step that asks `asking`.
    fn takes(
        &self,
        asking: &Asking,
        starter: &Actor,
        vote: &Vote,
        groups: &BTreeSet<String>,
    ) -> Result<(), Refusal> {
        let who = &vote.by.who;
        if !is_among(&asking.request.approvers, who, groups) {
            Err(Refusal::NotApprover)
        } else if vote.approves && !self.self_approval && *who == starter.who {
            Err(Refusal::OwnRun)
        } else if asking.votes.iter().any(|earlier| earlier.by.who == *who) && vote.approves {
            Err(Refusal::Voted)
        } else if vote.approves && asking.votes.iter().any(|earlier| earlier.fields != vote.fields)
        {
            Err(Refusal::OtherFields)
        } else {
            Ok(())
        }
    }
}

impl Turn<'_> {
    fn approval(&self, path: &StepPath) -> Option<Approval> {
        match &self.run.definition_of(path)?.action {
            Action::Approval(approval) => Some((**approval).clone()),
            _ => None,
        }
    }

    pub(super) fn begin_asking(&mut self, path: &StepPath, request: ApprovalRequest) {
        let Some(approval) = self.approval(path) else { return };
        let whom = match request.approvers.is_empty() {
            true => String::new(),
            false => format!(" of {}", request.approvers.join(", ")),
        };
        let text = format!("waits for approval{whom}: {}", request.message);
        self.remark(path, 0, RemarkLevel::Warn, text);
        let until_ms = approval.timeout_ms.map(|ms| self.cx.now_ms.saturating_add(ms));
        self.emit(Event::ApprovalAsked { path: path.clone(), request, until_ms });
    }

    pub(super) fn vote(
        &mut self,
        path: &StepPath,
        vote: Vote,
        groups: &BTreeSet<String>,
        digest: &str,
    ) -> Result<(), Refusal> {
        if matches!(self.run.phase, Phase::Ended { .. }) {
            return Err(Refusal::RunEnded);
        }
        let state = self.run.steps.get(path).ok_or(Refusal::NoStep)?;
        let (StepState::Asking(asking), Some(approval)) = (state, self.approval(path)) else {
            return Err(Refusal::NotAsking);
        };
        if asking.request.digest != digest {
            return Err(Refusal::OtherDigest);
        }
        approval.takes(asking, &self.run.actor, &vote, groups)?;
        let (by, approves) = (vote.by.clone(), vote.approves);
        let comment = match vote.comment.is_empty() {
            true => String::new(),
            false => format!(": {}", vote.comment),
        };
        let word = if approves { Decided::Approved.word() } else { Decided::Rejected.word() };
        self.remark(path, 0, RemarkLevel::Warn, format!("{word} by {by}{comment}"));
        self.emit(Event::ApprovalVoted { path: path.clone(), vote });
        let Some(StepState::Asking(asking)) = self.run.steps.get(path) else { return Ok(()) };
        if !approves {
            let output = asking.output(Decided::Rejected);
            self.reject(path, format!("rejected by {by}{comment}"), output);
        } else if asking.votes.len() >= approval.quorum as usize {
            let output = asking.output(Decided::Approved);
            self.confirm(path, 1, output);
        }
        Ok(())
    }

    fn reject(&mut self, path: &StepPath, message: String, output: Value) {
        let (class, code) = (ErrorClass::Business, "RPA0426".into());
        self.fail(path, 1, TaskError { class, code, message }, output);
    }

    /// Not enough people have decided in time.
    pub(super) fn asked_too_long(&mut self, path: &StepPath) {
        let Some(approval) = self.approval(path) else { return };
        let Some(StepState::Asking(asking)) = self.run.steps.get(path) else { return };
        let after = human(approval.timeout_ms.unwrap_or_default());
        let votes = format!("{} of {} approvals", asking.votes.len(), approval.quorum);
        match approval.on_timeout {
            OnTimeout::Continue => {
                let output = asking.output(Decided::Approved);
                let text = format!("{votes} within {after}: goes on, as `on_timeout` says");
                self.remark(path, 0, RemarkLevel::Warn, text);
                self.confirm(path, 1, output);
            }
            OnTimeout::Reject => {
                let output = asking.output(Decided::Rejected);
                self.reject(path, format!("rejected: {votes} within {after}"), output);
            }
            OnTimeout::Fail => {
                let output = asking.output(Decided::TimedOut);
                let (class, code) = (ErrorClass::Timeout, "RPA0427".into());
                let message = format!("{votes} within {after}");
                self.fail(path, 1, TaskError { class, code, message }, output);
            }
        }
    }
}
