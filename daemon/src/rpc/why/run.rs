//! Why a run stands where it stands.
//!
//! | it | the first sentence names | below it |
//! |---|---|---|
//! | is queued | its place, the limit | |
//! | has failed | the step at the root and its error | the steps between, what could not run |
//! | was cancelled | by whom | |
//! | has completed | when | failures that it was to go on after |
//! | is being ended, or closes | by whom, or why | what still runs |
//! | is paused | by whom, since when | what still runs |
//! | waits, is in doubt, goes on | the step that says most | what that comes from, the others under way |
//! | was turned away | the limit of its workflow | |
//!
//! Below all of it stand what called the run, and what of its `sla` it has not kept.

use rpa_engine::run::{
    Gate, Phase, Promise, RunEnd, RunStatus, SkipReason, Stage, Stands, StepState,
};
use rpa_engine::{StepPath, TaskError};
use rpa_ipc::fault::{Said, count};
use rpa_ipc::said;
use rpa_ipc::why::Telling;

use super::causes::Chain;
use super::facts::{Facts, and_more, at, error, of, turned_away};
use super::live::{Live, live};
use super::queue;
use super::step::{Cause, Found, under_way};
use super::tell::word;
use crate::store::StoreError;

/// Steps that are told one by one, of those that go on and of those that failed.
const MOST_STEPS: usize = 20;
/// The code of a run that the limit of its workflow turned away.
const TURNED_AWAY: &str = "RPA0432";
/// Steps that are named in one sentence.
const MOST_NAMES: usize = 10;

pub fn now(facts: &Facts<'_>) -> Result<Vec<Telling>, StoreError> {
    let mut told = match &facts.row.phase {
        Phase::Queued => queue::standing(facts)?,
        Phase::Ended { .. } => end(facts)?,
        Phase::Finishing { .. } => vec![of_run(None, said!("why-finishing"))],
        Phase::Closing { stage, end, stop, .. } => closing(facts, *stage, end, *stop)?,
        Phase::Active { .. } => active(facts)?,
    };
    told.extend(late(facts));
    told.extend(called(facts)?);
    if matches!(facts.row.phase, Phase::Queued | Phase::Ended { .. }) {
        return Ok(told);
    }
    if facts.daemon.draining {
        told.push(of_run(None, said!("why-daemon-draining")));
    }
    if !facts.daemon.trouble.is_empty() {
        let trouble = super::facts::reason(&facts.daemon.trouble);
        told.push(of_run(None, said!("why-daemon-degraded", reason = trouble)));
    }
    Ok(told)
}

fn of_run(at_ms: Option<u64>, what: Said) -> Telling {
    Telling::new(at_ms, None, what)
}

/// The step of another run that has called this one.
pub fn called(facts: &Facts<'_>) -> Result<Option<Telling>, StoreError> {
    let Some(parent) = &facts.head.lineage.parent else { return Ok(None) };
    let (run, step) = (parent.run.short(), &parent.path);
    let head = facts.reader.head(parent.run)?;
    let workflow = head.map_or_else(String::new, |head| head.workflow.to_string());
    let what = match facts.head.lineage.detached {
        true => said!("why-called-detached", step = step, run = run, workflow = workflow),
        false => said!("why-called-by", step = step, run = run, workflow = workflow),
    };
    Ok(Some(of_run(Some(facts.head.accepted_ms), what)))
}

/// What was promised of its times and not kept.
fn late(facts: &Facts<'_>) -> Vec<Telling> {
    let Some(sla) = facts.definition.sla else { return Vec::new() };
    let broken = facts.row.time.broken.iter().map(|promise| {
        let within_ms = match promise {
            Promise::Start => sla.start_within_ms,
            Promise::Finish => sla.finish_within_ms,
        };
        let due_ms = facts.head.accepted_ms.saturating_add(within_ms.unwrap_or_default());
        let what = said!("why-run-late", promise = promise.word(), due = at(due_ms));
        of_run(Some(due_ms), what)
    });
    broken.collect()
}

/// Why a run stands where it stands, for another that waits for it: what is to be said of
/// the run, if anything, and the step of it that says more.
pub fn in_brief(facts: &Facts<'_>) -> Result<Found, StoreError> {
    let cause = |step: Option<StepPath>| step.map(Cause::Step);
    match &facts.row.phase {
        Phase::Queued => Ok(Found { told: queue::standing(facts)?, cause: None }),
        Phase::Ended { end: RunEnd::Failed { step: Some(step), .. }, .. } => {
            Ok(Found { told: Vec::new(), cause: cause(Some(step.clone())) })
        }
        Phase::Ended { .. } => {
            Ok(Found { told: end(facts)?.into_iter().take(1).collect(), cause: None })
        }
        Phase::Finishing { .. } => {
            Ok(Found { told: vec![of_run(None, said!("why-finishing"))], cause: None })
        }
        Phase::Closing { stage, end, stop, .. } => {
            let failed = match end {
                RunEnd::Failed { step, .. } => step.clone(),
                RunEnd::Completed { .. } | RunEnd::Cancelled => None,
            };
            let told = vec![of_run(None, how_it_closes(*stage, end, *stop))];
            Ok(Found { told, cause: cause(failed) })
        }
        Phase::Active { .. } => {
            if let Some(halted) = halted(facts) {
                return Ok(Found { told: vec![halted], cause: None });
            }
            let steps = live(facts, None)?.steps;
            let telling = steps.into_iter().min_by_key(|(_, state)| rank(state));
            Ok(match telling {
                Some((path, _)) => Found { told: Vec::new(), cause: cause(Some(path)) },
                None => Found { told: vec![of_run(None, said!("why-run-goes-on"))], cause: None },
            })
        }
    }
}

/// How a run has ended, and why.
pub fn end(facts: &Facts<'_>) -> Result<Vec<Telling>, StoreError> {
    let Phase::Ended { ended_ms, end, .. } = &facts.row.phase else { return Ok(Vec::new()) };
    let when = at(*ended_ms);
    if let Some(what) = not_let_in(facts, *ended_ms, end) {
        return Ok(vec![of_run(Some(*ended_ms), what)]);
    }
    match end {
        RunEnd::Completed { .. } => {
            let mut told = vec![of_run(Some(*ended_ms), said!("why-run-completed", at = when))];
            let failed = top_steps(facts, |state| matches!(state, StepState::Failed { .. }))?;
            for (path, _) in failed.iter().take(MOST_STEPS) {
                told.extend(Chain::of(facts, path)?.tellings());
            }
            told.extend(and_more(failed.len().saturating_sub(MOST_STEPS)));
            Ok(told)
        }
        RunEnd::Failed { step, error } => {
            let (cause, mut further) = cause(facts, step.as_ref(), error)?;
            let what = said!("why-run-failed", at = when, cause = cause);
            further.insert(0, of_run(Some(*ended_ms), what));
            further.extend(not_run(facts)?);
            Ok(further)
        }
        RunEnd::Cancelled => {
            let what = match &facts.row.cancel {
                Some(order) => {
                    said!("why-run-cancelled", at = when, by = order.by, asked = at(order.at_ms))
                }
                None => said!("why-run-stopped-unasked", at = when),
            };
            let mut told = vec![of_run(Some(*ended_ms), what)];
            told.extend(not_run(facts)?);
            Ok(told)
        }
    }
}

/// Of a run that the limit of its workflow has ended before it began.
fn not_let_in(facts: &Facts<'_>, ended_ms: u64, end: &RunEnd) -> Option<Said> {
    let Gate::TurnedAway { reason } = &facts.row.gate else { return None };
    Some(match end {
        RunEnd::Failed { error: why, .. } if why.code != TURNED_AWAY => {
            said!("why-run-without-key", at = at(ended_ms), error = error(why))
        }
        RunEnd::Failed { .. } | RunEnd::Cancelled | RunEnd::Completed { .. } => {
            said!("why-run-turned-away", at = at(ended_ms), error = turned_away(reason))
        }
    })
}

/// Why a run fails, in one sentence; and the steps on the way to the root of it.
fn cause(
    facts: &Facts<'_>,
    step: Option<&StepPath>,
    why: &TaskError,
) -> Result<(Said, Vec<Telling>), StoreError> {
    let Some(step) = step else {
        let why_said = error(why);
        let what = match facts.row.time.is_out {
            true => said!("why-error-of-run", error = why_said),
            false => said!("why-error-of-outputs", error = why_said),
        };
        return Ok((what, Vec::new()));
    };
    let told = Chain::of(facts, step)?.root_and_way();
    Ok(told.unwrap_or_else(|| (said!("why-error-of-run", error = error(why)), Vec::new())))
}

/// The steps of the workflow's own list that could not run.
fn not_run(facts: &Facts<'_>) -> Result<Option<Telling>, StoreError> {
    let left_out = |state: &StepState| match state {
        StepState::Skipped { reason: SkipReason::Needs { .. }, .. }
        | StepState::Cancelled { .. } => true,
        StepState::Skipped {
            reason: SkipReason::Condition | SkipReason::NotInvoked { .. },
            ..
        }
        | StepState::Pending
        | StepState::Ready
        | StepState::Running { .. }
        | StepState::Waiting { .. }
        | StepState::Retrying { .. }
        | StepState::Confirmed { .. }
        | StepState::InDoubt { .. }
        | StepState::Completed { .. }
        | StepState::Failed { .. }
        | StepState::Open { .. }
        | StepState::Closing { .. }
        | StepState::Looping(_)
        | StepState::Claiming(_)
        | StepState::Calling(_)
        | StepState::Awaiting(_)
        | StepState::Asking(_) => false,
    };
    let steps = top_steps(facts, left_out)?;
    if steps.is_empty() {
        return Ok(None);
    }
    let names: Vec<&str> = steps.iter().take(MOST_NAMES).map(|(path, _)| path.as_str()).collect();
    let more = if steps.len() > MOST_NAMES { ", …" } else { "" };
    let names = format!("{}{more}", names.join(", "));
    let what = said!("why-could-not-run", count = count(steps.len()), steps = names);
    Ok(Some(of_run(None, what)))
}

/// Steps of the workflow's own list that stand so, in the order of the file.
fn top_steps(
    facts: &Facts<'_>,
    wanted: impl Fn(&StepState) -> bool,
) -> Result<Vec<(StepPath, StepState)>, StoreError> {
    let ids: Vec<_> = facts.definition.steps.iter().map(|step| step.id.clone()).collect();
    let states = facts.reader.top_states(facts.run, &ids)?;
    Ok(states.into_iter().filter(|(_, state)| wanted(state)).collect())
}

/// How it ends is settled: what is still done, and why it ends so.
fn closing(
    facts: &Facts<'_>,
    stage: Stage,
    end: &RunEnd,
    stop: bool,
) -> Result<Vec<Telling>, StoreError> {
    let mut told = vec![of_run(None, how_it_closes(stage, end, stop))];
    told.extend(paused(facts));
    match end {
        RunEnd::Failed { step, error } => {
            let (cause, further) = cause(facts, step.as_ref(), error)?;
            told.push(of_run(None, said!("why-run-will-fail", cause = cause)));
            told.extend(further);
        }
        RunEnd::Cancelled => told.extend(being_cancelled(facts)),
        RunEnd::Completed { .. } => {}
    }
    told.extend(others(facts, &live(facts, None)?, None)?);
    Ok(told)
}

fn how_it_closes(stage: Stage, end: &RunEnd, stop: bool) -> Said {
    let handler = stage.list(end).unwrap_or_default().trim_start_matches('@');
    match stage {
        _ if stop => said!("why-run-stops-closing", end = word(end)),
        Stage::Undo => said!("why-run-undoes", end = word(end)),
        Stage::Handle | Stage::Finally => {
            said!("why-run-handles", end = word(end), handler = handler)
        }
    }
}

/// What keeps the whole of an active run from going on.
fn halted(facts: &Facts<'_>) -> Option<Telling> {
    match facts.row.time.is_out {
        true => Some(of_run(None, said!("why-run-times-out"))),
        false => being_cancelled(facts).or_else(|| paused(facts)),
    }
}

fn being_cancelled(facts: &Facts<'_>) -> Option<Telling> {
    let order = facts.row.cancel.as_ref()?;
    let what = said!("why-run-being-cancelled", by = order.by, at = at(order.at_ms));
    Some(of_run(Some(order.at_ms), what))
}

pub fn paused(facts: &Facts<'_>) -> Option<Telling> {
    let order = facts.row.paused.as_ref()?;
    let on = facts.command("resume", "");
    let what = said!("why-run-paused", by = order.by, at = at(order.at_ms), command = on);
    Some(of_run(Some(order.at_ms), what))
}

fn active(facts: &Facts<'_>) -> Result<Vec<Telling>, StoreError> {
    let live = live(facts, None)?;
    if let Some(first) = halted(facts) {
        return Ok(std::iter::once(first).chain(others(facts, &live, None)?).collect());
    }
    let telling = (0..live.steps.len()).min_by_key(|i| rank(&live.steps[*i].1));
    let Some(first) = telling else {
        return Ok(vec![of_run(None, said!("why-run-goes-on"))]);
    };
    let (path, state) = &live.steps[first];
    let mut told = Chain::of(facts, path)?.tellings();
    if let Some(first) = told.first_mut() {
        let what = said_of(facts, state, &first.what)?;
        *first = Telling::new(first.at_ms, Some(path.clone()), what);
    }
    told.extend(others(facts, &live, Some(first))?);
    if facts.daemon.attempts > facts.daemon.max_attempts {
        let (all, most) = (facts.daemon.attempts, facts.daemon.max_attempts);
        told.push(of_run(None, said!("why-slots-taken", attempts = all, most = most)));
    }
    Ok(told)
}

/// What `cause`, of the step that says most, is for the run.
fn said_of(facts: &Facts<'_>, state: &StepState, cause: &Said) -> Result<Said, StoreError> {
    let waits = match facts.reader.status(&facts.row)? {
        RunStatus::InDoubt => return Ok(said!("why-run-in-doubt", cause = *cause)),
        RunStatus::Waiting if facts.row.stands == Stands::Asks => {
            return Ok(said!("why-run-asks", cause = *cause));
        }
        RunStatus::Waiting => true,
        RunStatus::Queued
        | RunStatus::Running
        | RunStatus::Paused
        | RunStatus::Completed
        | RunStatus::Failed
        | RunStatus::Cancelled => {
            matches!(state, StepState::Retrying { .. } | StepState::Calling(_))
        }
    };
    Ok(match waits {
        true => said!("why-run-waits", cause = *cause),
        false => said!("why-run-runs", cause = *cause),
    })
}

/// The lowest says most of where a run is: what runs, then runs that it has called, then
/// what is due soonest, then what is in doubt, then what people are asked.
fn rank(state: &StepState) -> (u8, u64) {
    match state {
        StepState::Running { since_ms, .. }
        | StepState::Confirmed { since_ms, .. }
        | StepState::Closing { since_ms } => (0, *since_ms),
        StepState::Ready => (1, 0),
        StepState::Retrying { due_ms, .. } => (2, *due_ms),
        StepState::Waiting { until_ms, .. } => (3, *until_ms),
        StepState::Looping(looping) => match looping.pause_ends_ms() {
            Some(until_ms) => (3, until_ms),
            None => (1, 0),
        },
        StepState::Calling(calling) => match calling.stands {
            Stands::Works => (2, 0),
            Stands::Doubts => (4, calling.since_ms),
            Stands::Asks => (5, calling.since_ms),
        },
        StepState::Claiming(claiming) => (3, claiming.until_ms.unwrap_or(u64::MAX)),
        StepState::Awaiting(awaiting) => (3, awaiting.until_ms.unwrap_or(u64::MAX)),
        StepState::InDoubt { doubted_ms, .. } => (4, *doubted_ms),
        StepState::Asking(asking) => (5, asking.since_ms),
        StepState::Open { since_ms, .. } => (6, *since_ms),
        StepState::Pending
        | StepState::Completed { .. }
        | StepState::Failed { .. }
        | StepState::Skipped { .. }
        | StepState::Cancelled { .. } => (7, 0),
    }
}

/// Each step under way but the one that was told.
fn others(facts: &Facts<'_>, live: &Live, but: Option<usize>) -> Result<Vec<Telling>, StoreError> {
    let others = live.steps.iter().enumerate().filter(|(i, _)| Some(*i) != but);
    let mut told = Vec::new();
    for (_, (path, state)) in others.take(MOST_STEPS) {
        let (at_ms, what) = under_way(facts, path, state)?;
        told.push(of(path, at_ms, what));
    }
    let all = live.steps.len() - usize::from(but.is_some());
    told.extend(and_more(all.saturating_sub(told.len())));
    Ok(told)
}
