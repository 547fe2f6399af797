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
//! | waits, is in doubt, goes on | the step that says most | the others under way |

use rpa_engine::run::{Phase, RunEnd, RunStatus, SkipReason, Stage, StepState};
use rpa_engine::{StepPath, TaskError};
use rpa_ipc::fault::{Said, count};
use rpa_ipc::said;
use rpa_ipc::why::Telling;

use super::causes::Chain;
use super::facts::{Facts, and_more, at, error, of};
use super::live::{Live, live};
use super::queue;
use super::step::under_way;
use super::tell::word;
use crate::store::StoreError;

/// Steps that are told one by one, of those that go on and of those that failed.
const MOST_STEPS: usize = 20;
/// Steps that are named in one sentence.
const MOST_NAMES: usize = 10;

pub fn now(facts: &Facts<'_>) -> Result<Vec<Telling>, StoreError> {
    let mut told = match &facts.row.phase {
        Phase::Queued => return queue::standing(facts),
        Phase::Ended { .. } => return end(facts),
        Phase::Finishing { .. } => vec![of_run(None, said!("why-finishing"))],
        Phase::Closing { stage, end, stop, .. } => closing(facts, *stage, end, *stop)?,
        Phase::Active { .. } => active(facts)?,
    };
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

/// How a run has ended, and why.
pub fn end(facts: &Facts<'_>) -> Result<Vec<Telling>, StoreError> {
    let Phase::Ended { ended_ms, end, .. } = &facts.row.phase else { return Ok(Vec::new()) };
    let when = at(*ended_ms);
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
        } => false,
        _ => false,
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
    let handler = stage.list(end).unwrap_or_default().trim_start_matches('@');
    let what = match stage {
        _ if stop => said!("why-run-stops-closing", end = word(end)),
        Stage::Undo => said!("why-run-undoes", end = word(end)),
        Stage::Handle | Stage::Finally => {
            said!("why-run-handles", end = word(end), handler = handler)
        }
    };
    let mut told = vec![of_run(None, what)];
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
    told.extend(others(facts, &live(facts, None)?, None));
    Ok(told)
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
    let halted = match facts.row.time.is_out {
        true => Some(of_run(None, said!("why-run-times-out"))),
        false => being_cancelled(facts),
    };
    if let Some(first) = halted.or_else(|| paused(facts)) {
        return Ok(std::iter::once(first).chain(others(facts, &live, None)).collect());
    }
    let telling = (0..live.steps.len()).min_by_key(|i| rank(&live.steps[*i].1));
    let Some(first) = telling else {
        return Ok(vec![of_run(None, said!("why-run-goes-on"))]);
    };
    let (path, state) = &live.steps[first];
    let (at_ms, cause) = under_way(facts, path, state);
    let what = match facts.reader.status(&facts.row)? {
        RunStatus::InDoubt => said!("why-run-in-doubt", cause = cause),
        RunStatus::Waiting => said!("why-run-waits", cause = cause),
        _ if matches!(state, StepState::Retrying { .. }) => said!("why-run-waits", cause = cause),
        _ => said!("why-run-runs", cause = cause),
    };
    let mut told = vec![Telling::new(at_ms, Some(path.clone()), what)];
    told.extend(others(facts, &live, Some(first)));
    if facts.daemon.attempts > facts.daemon.max_attempts {
        let (all, most) = (facts.daemon.attempts, facts.daemon.max_attempts);
        told.push(of_run(None, said!("why-slots-taken", attempts = all, most = most)));
    }
    Ok(told)
}

/// The lowest says most of where a run is: what runs, then what is due soonest, then
/// what is in doubt.
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
        StepState::InDoubt { doubted_ms, .. } => (4, *doubted_ms),
        StepState::Open { since_ms, .. } => (5, *since_ms),
        StepState::Pending
        | StepState::Completed { .. }
        | StepState::Failed { .. }
        | StepState::Skipped { .. }
        | StepState::Cancelled { .. } => (6, 0),
    }
}

/// Each step under way but the one that was told.
fn others(facts: &Facts<'_>, live: &Live, but: Option<usize>) -> Vec<Telling> {
    let others = live.steps.iter().enumerate().filter(|(i, _)| Some(*i) != but);
    let mut told: Vec<Telling> = others
        .take(MOST_STEPS)
        .map(|(_, (path, state))| {
            let (at_ms, what) = under_way(facts, path, state);
            of(path, at_ms, what)
        })
        .collect();
    let all = live.steps.len() - usize::from(but.is_some());
    told.extend(and_more(all.saturating_sub(told.len())));
    told
}
