//! Why a step stands where it stands, and which other one that comes from.
//!
//! | it is | it is told | it comes from |
//! |---|---|---|
//! | pending | what it waits for, see `pending.rs` | that step |
//! | skipped | by its condition, or by a step that it needs | the latter |
//! | failed | its error and its tries; what became of the list | of a body or a loop, the step in it that failed; of a call, the run that it called |
//! | cancelled | by whom, or by which time-out or lease | the step whose time ran out |
//! | waiting for others | see `waits.rs` | those |
//! | anything else | since when, and until when | |

use rpa_engine::run::{Event, LoopStage, Looping, Phase, RunEnd, SkipReason, StepState};
use rpa_engine::{Action, OnError, RunId, Step, StepPath, TaskError};
use rpa_ipc::fault::{Said, count};
use rpa_ipc::said;
use rpa_ipc::why::Telling;

use super::facts::{Around, Facts, at, of, reason};
use super::pending::pending;
use super::tell::{failed, retrying, skipped};
use super::waits;
use crate::store::StoreError;

/// The code of a step whose own time ran out.
const TIMED_OUT: &str = "RPA0402";
/// The code of a step that has held its locks for too long.
const LEASE_ENDED: &str = "RPA0430";
/// The last events of a run in which its handlers may have been cancelled.
const LOOKED_AT: usize = 2000;

/// What there is to say of one step.
#[derive(Debug, Default)]
pub struct Found {
    /// The answer first.
    pub told: Vec<Telling>,
    pub cause: Option<Cause>,
}

/// What something comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A step of the same run.
    Step(StepPath),
    /// A run, or a step of one, as a rule another.
    Run(RunId, Option<StepPath>),
}

impl Found {
    pub fn new(path: &StepPath, at_ms: Option<u64>, what: Said) -> Found {
        Found { told: vec![of(path, at_ms, what)], cause: None }
    }

    pub fn because(self, cause: StepPath) -> Found {
        Found { cause: Some(Cause::Step(cause)), ..self }
    }

    pub fn because_of(self, run: RunId, step: Option<StepPath>) -> Found {
        Found { cause: Some(Cause::Run(run, step)), ..self }
    }

    pub fn and(mut self, further: Option<Telling>) -> Found {
        self.told.extend(further);
        self
    }
}

pub fn explain(facts: &Facts<'_>, path: &StepPath) -> Result<Found, StoreError> {
    let Some(state) = facts.state(path)? else { return pending(facts, path) };
    Ok(match &state {
        StepState::Skipped { reason, ended_ms } => {
            let what = skipped(path, reason, &facts.definition);
            let found = Found::new(path, Some(*ended_ms), what).and(kept(facts, path, *ended_ms));
            match reason {
                SkipReason::Needs { step, .. } => {
                    found.because(StepPath::within(path.scope(), step))
                }
                SkipReason::Condition | SkipReason::NotInvoked { .. } => found,
            }
        }
        StepState::Failed { attempt, ended_ms, error, .. } => {
            let found = Found::new(path, Some(*ended_ms), failed(path, *attempt, error));
            let found = found.and(went_on(facts, path));
            match inner_failure(facts, path, error)? {
                Some(cause) => found.because(cause),
                None => match failed_call(facts, path, *attempt)? {
                    Some(run) => found.because_of(run, None),
                    None => found,
                },
            }
        }
        StepState::Cancelled { ended_ms, .. } => cancelled(facts, path, *ended_ms)?,
        StepState::Completed { attempt, ended_ms, .. } => {
            let tries = count(*attempt);
            let what =
                said!("why-step-has-completed", step = path, at = at(*ended_ms), tries = tries);
            Found::new(path, Some(*ended_ms), what).and(kept(facts, path, *ended_ms))
        }
        StepState::Pending => pending(facts, path)?,
        StepState::Claiming(claiming) => waits::claiming(facts, path, claiming)?,
        StepState::Calling(calling) => waits::calling(facts, path, calling)?,
        StepState::Awaiting(awaiting) => waits::awaiting(facts, path, awaiting),
        StepState::Asking(asking) => waits::asking(facts, path, asking),
        StepState::Retrying { attempt, .. } => {
            let (since_ms, what) = under_way(facts, path, &state)?;
            let found = Found::new(path, since_ms, what);
            match failed_call(facts, path, *attempt)? {
                Some(run) => found.because_of(run, None),
                None => found,
            }
        }
        StepState::Ready
        | StepState::Running { .. }
        | StepState::Waiting { .. }
        | StepState::Confirmed { .. }
        | StepState::InDoubt { .. }
        | StepState::Open { .. }
        | StepState::Closing { .. }
        | StepState::Looping(_) => {
            let (since_ms, what) = under_way(facts, path, &state)?;
            Found::new(path, since_ms, what)
        }
    })
}

/// The first thing that is told of it, and since when it is so.
fn first(found: Found) -> (Option<u64>, Said) {
    let first = found.told.into_iter().next();
    first.map_or_else(|| (None, said!("why-run-goes-on")), |told| (told.at_ms, told.what))
}

/// The run that a step has called last, where that did not complete.
fn failed_call(
    facts: &Facts<'_>,
    path: &StepPath,
    attempt: u32,
) -> Result<Option<RunId>, StoreError> {
    let action = facts.definition.step_at(path).map(|step| &step.action);
    if attempt == 0 || !matches!(action, Some(Action::Call(_))) || path.as_turn().is_some() {
        return Ok(None);
    }
    let Some(run) = facts.reader.called(facts.run, path)? else { return Ok(None) };
    if facts.reader.head(run)?.is_none() {
        return Ok(None);
    }
    let failed = match facts.reader.row(run)?.phase {
        Phase::Ended { end: RunEnd::Failed { .. } | RunEnd::Cancelled, .. } => true,
        Phase::Ended { end: RunEnd::Completed { .. }, .. }
        | Phase::Queued
        | Phase::Active { .. }
        | Phase::Finishing { .. }
        | Phase::Closing { .. } => false,
    };
    Ok(failed.then_some(run))
}

/// A step that has begun and not ended, in one sentence, and since when it is so.
pub fn under_way(
    facts: &Facts<'_>,
    path: &StepPath,
    state: &StepState,
) -> Result<(Option<u64>, Said), StoreError> {
    Ok(match state {
        _ if facts.row.paused.is_some() && is_to_begin(state) => {
            let order = facts.row.paused.as_ref();
            let (by, at_ms) = order.map_or((String::new(), 0), |o| (o.by.to_string(), o.at_ms));
            let on = facts.command("resume", "");
            let what = said!("why-step-paused", step = path, by = by, at = at(at_ms), command = on);
            (Some(at_ms), what)
        }
        StepState::Ready if facts.daemon.draining => {
            (None, said!("why-step-draining", step = path))
        }
        StepState::Ready | StepState::Pending => (None, said!("why-step-asks", step = path)),
        StepState::Running { attempt, since_ms, .. } => {
            let since = at(*since_ms);
            let what = said!("why-step-runs", step = path, since = since, tries = count(*attempt));
            (Some(*since_ms), what)
        }
        StepState::Waiting { since_ms, until_ms } => {
            (Some(*since_ms), said!("why-step-waits", step = path, until = at(*until_ms)))
        }
        StepState::Retrying { attempt, since_ms, due_ms, error, .. } => {
            (Some(*since_ms), retrying(path, *attempt, error, *due_ms))
        }
        StepState::Confirmed { attempt, since_ms, .. } => {
            (Some(*since_ms), said!("why-step-confirmed", step = path, attempt = attempt))
        }
        StepState::InDoubt { doubted_ms, reason: why, .. } => {
            let decide = facts.command("resolve", &format!("{path} done|retry|fail"));
            let (since, why) = (at(*doubted_ms), reason(why));
            let what = said!(
                "why-step-in-doubt",
                step = path,
                since = since,
                reason = why,
                command = decide
            );
            (Some(*doubted_ms), what)
        }
        StepState::Open { since_ms, timed_out, .. } => {
            let since = at(*since_ms);
            let what = match timed_out {
                true => said!("why-time-of-step-out", step = path),
                false => said!("why-step-is-open", step = path, since = since),
            };
            (Some(*since_ms), what)
        }
        StepState::Closing { since_ms } => (Some(*since_ms), said!("why-body-ended", step = path)),
        StepState::Looping(looping) => (Some(looping.since_ms), turning(path, looping)),
        StepState::Completed { ended_ms, .. }
        | StepState::Failed { ended_ms, .. }
        | StepState::Skipped { ended_ms, .. }
        | StepState::Cancelled { ended_ms, .. } => {
            (Some(*ended_ms), said!("why-step-has-ended", step = path, at = at(*ended_ms)))
        }
        StepState::Claiming(claiming) => first(waits::claiming(facts, path, claiming)?),
        StepState::Calling(calling) => first(waits::calling(facts, path, calling)?),
        StepState::Awaiting(awaiting) => first(waits::awaiting(facts, path, awaiting)),
        StepState::Asking(asking) => first(waits::asking(facts, path, asking)),
    })
}

/// Whether nothing happens with it until something may begin again.
fn is_to_begin(state: &StepState) -> bool {
    match state {
        StepState::Ready | StepState::Retrying { .. } => true,
        StepState::Looping(looping) => {
            looping.open == 0 && looping.stage != LoopStage::Gathering && !looping.timed_out
        }
        StepState::Pending
        | StepState::Running { .. }
        | StepState::Waiting { .. }
        | StepState::Confirmed { .. }
        | StepState::InDoubt { .. }
        | StepState::Open { .. }
        | StepState::Closing { .. }
        | StepState::Claiming(_)
        | StepState::Calling(_)
        | StepState::Awaiting(_)
        | StepState::Asking(_)
        | StepState::Completed { .. }
        | StepState::Failed { .. }
        | StepState::Skipped { .. }
        | StepState::Cancelled { .. } => false,
    }
}

fn turning(path: &StepPath, looping: &Looping) -> Said {
    match looping.stage {
        _ if looping.timed_out => said!("why-time-of-step-out", step = path),
        LoopStage::Turning => said!(
            "why-loop-turns",
            step = path,
            since = at(looping.since_ms),
            begun = looping.next,
            turns = looping.turns,
            open = looping.open,
            failed = looping.failed
        ),
        LoopStage::Asking => said!("why-loop-asks", step = path),
        LoopStage::Pausing { until_ms } => {
            said!("why-loop-pauses", step = path, until = at(until_ms))
        }
        LoopStage::Gathering => said!("why-loop-gathers", step = path),
    }
}

/// What an earlier run has settled.
fn kept(facts: &Facts<'_>, path: &StepPath, ended_ms: u64) -> Option<Telling> {
    let run = facts.head.rerun_of.filter(|_| ended_ms < facts.head.accepted_ms)?;
    Some(of(path, None, said!("why-step-kept", step = path, run = run.short())))
}

/// What became of the others after a failure that was reckoned with.
fn went_on(facts: &Facts<'_>, path: &StepPath) -> Option<Telling> {
    if path.as_turn().is_some() {
        return None;
    }
    match &facts.definition.step_at(path)?.on_error {
        OnError::Fail => None,
        OnError::Continue => Some(of(path, None, said!("why-went-on", step = path))),
        OnError::Fallback(other) => {
            let other = StepPath::within(path.scope(), other);
            Some(of(path, None, said!("why-fell-back", step = path, fallback = other)))
        }
    }
}

/// Of a step with a body that has failed: the step in it that it has failed of.
pub fn inner_failure(
    facts: &Facts<'_>,
    path: &StepPath,
    error: &TaskError,
) -> Result<Option<StepPath>, StoreError> {
    let Some(step) = facts.definition.step_at(path) else { return Ok(None) };
    let scope = match step.action.is_loop() && path.as_turn().is_none() {
        false => path.clone(),
        true => match failed_turn(error).map(|turn| path.turn(turn)) {
            Some(turn) => turn,
            None => return Ok(None),
        },
    };
    if !matches!(facts.state(&scope)?, Some(StepState::Failed { .. })) {
        return Ok(None);
    }
    let body: Vec<&Step> = step.action.body().collect();
    let mut found: Option<(u64, StepPath)> = None;
    for inner in &body {
        let place = StepPath::within(scope.as_str(), &inner.id);
        let Some(StepState::Failed { ended_ms, .. }) = facts.state(&place)? else { continue };
        let saved = match &inner.on_error {
            OnError::Fail => false,
            OnError::Continue => true,
            OnError::Fallback(to) => {
                let to = facts.state_in(scope.as_str(), to)?;
                matches!(to, Some(StepState::Completed { .. }))
            }
        };
        if !saved && found.as_ref().is_none_or(|(first, _)| ended_ms < *first) {
            found = Some((ended_ms, place));
        }
    }
    Ok(found.map(|(_, place)| place))
}

/// The turn that failed first, which the error of a loop names.
fn failed_turn(error: &TaskError) -> Option<u32> {
    error.message.strip_prefix("turn ")?.split_once(": ")?.0.parse().ok()
}

/// What ended the step, the nearest first: a time around it, a further cancel where it
/// is a handler's, the time of the run, a cancel.
fn cancelled(facts: &Facts<'_>, path: &StepPath, ended_ms: u64) -> Result<Found, StoreError> {
    let found = |what| Found::new(path, Some(ended_ms), what);
    let mut around = Around::of(path);
    while let Around::Body(outer) | Around::Loop(outer, _) = around {
        if let Some(ended) = ended_around(facts, &outer)? {
            let what = match ended {
                Limit::Time => said!("why-cancelled-by-time-of", step = path, around = outer),
                Limit::Lease => said!("why-cancelled-by-lease-of", step = path, around = outer),
            };
            return Ok(found(what).because(outer));
        }
        around = Around::of(&outer);
    }
    if path.as_str().contains('@') {
        return Ok(match handlers_stopped(facts)? {
            Some((by, at_ms)) => {
                found(said!("why-cancelled-again", step = path, by = by, at = at(at_ms)))
            }
            None => found(said!("why-stopped-unasked", step = path)),
        });
    }
    Ok(match &facts.row.cancel {
        _ if facts.row.time.is_out => found(said!("why-cancelled-by-time-of-run", step = path)),
        Some(order) => {
            let (by, at_ms) = (&order.by, at(order.at_ms));
            found(said!("why-cancelled-by", step = path, by = by, at = at_ms))
        }
        None => found(said!("why-stopped-unasked", step = path)),
    })
}

/// What a step around others can run out of.
enum Limit {
    Time,
    Lease,
}

/// Whether what is in the step at `outer` was ended because its time or its lease had.
fn ended_around(facts: &Facts<'_>, outer: &StepPath) -> Result<Option<Limit>, StoreError> {
    if facts.row.holds.get(outer).is_some_and(|hold| hold.over) {
        return Ok(Some(Limit::Lease));
    }
    let Some(state) = facts.state(outer)? else { return Ok(None) };
    Ok(match &state {
        StepState::Open { timed_out, .. } => timed_out.then_some(Limit::Time),
        StepState::Looping(looping) => looping.timed_out.then_some(Limit::Time),
        StepState::Failed { error, .. } if error.code == LEASE_ENDED => Some(Limit::Lease),
        StepState::Failed { error, .. } => {
            let own = error.code == TIMED_OUT && inner_failure(facts, outer, error)?.is_none();
            own.then_some(Limit::Time)
        }
        // these have nothing in them, or nothing that is under way
        StepState::Pending
        | StepState::Ready
        | StepState::Running { .. }
        | StepState::Waiting { .. }
        | StepState::Retrying { .. }
        | StepState::Confirmed { .. }
        | StepState::InDoubt { .. }
        | StepState::Completed { .. }
        | StepState::Skipped { .. }
        | StepState::Cancelled { .. }
        | StepState::Closing { .. }
        | StepState::Claiming(_)
        | StepState::Calling(_)
        | StepState::Awaiting(_)
        | StepState::Asking(_) => None,
    })
}

/// Who cancelled the handlers, and when: one of the last events.
fn handlers_stopped(facts: &Facts<'_>) -> Result<Option<(String, u64)>, StoreError> {
    for row in facts.reader.journal_from(facts.run, 0)?.rev().take(LOOKED_AT) {
        let (_, row) = row?;
        if let Event::HandlersStopped { by } = row.event {
            return Ok(Some((by.to_string(), row.at_ms)));
        }
    }
    Ok(None)
}
