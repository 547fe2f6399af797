//! Why a step has not begun: what is around it has not, what it needs has not ended, or
//! nothing may begin.

use rpa_engine::run::{Phase, StepState};
use rpa_engine::{OnError, Step, StepPath};
use rpa_ipc::fault::Said;
use rpa_ipc::said;

use super::facts::{Around, Facts, at, owner_of_fallback};
use super::step::Found;
use super::{queue, run};
use crate::store::StoreError;

pub fn pending(facts: &Facts<'_>, path: &StepPath) -> Result<Found, StoreError> {
    let found = |what| Found::new(path, None, what);
    match Around::of(path) {
        Around::Loop(of, turn) => return of_turn(facts, path, of, turn),
        Around::Undo(undone) => {
            let is_closing = facts.stage().is_some();
            if !is_closing || facts.state(&undone)?.is_none() {
                return Ok(found(said!("why-only-to-undo", step = path, undone = undone)));
            }
        }
        Around::Handler(list) if facts.closing_list() != Some(list.as_str()) => {
            let handler = list.trim_start_matches('@');
            return Ok(match facts.ended() {
                true => found(said!("why-handler-not-run", step = path, handler = handler)),
                false => found(said!("why-handler-waits", step = path, handler = handler)),
            });
        }
        Around::Body(outer) => {
            let chosen = |case| facts.definition.list_at(outer.as_str(), |_| Some(case));
            match facts.state(&outer)? {
                Some(StepState::Open { case, .. }) => {
                    let here = path.id();
                    let list = chosen(case).unwrap_or_default();
                    if !list.iter().any(|step| Some(&step.id) == here.as_ref()) {
                        return Ok(found(said!("why-other-case", step = path, around = outer)));
                    }
                }
                _ => {
                    let what = match never(facts, path)? {
                        true => said!("why-around-ended", step = path, around = outer),
                        false => said!("why-around-waits", step = path, around = outer),
                    };
                    return Ok(found(what).because(outer));
                }
            }
        }
        Around::Handler(_) | Around::Top => {}
    }
    match &facts.row.phase {
        Phase::Queued => {
            let mut queued = found(said!("why-waits-for-queue", step = path));
            queued.told.extend(queue::standing(facts)?);
            return Ok(queued);
        }
        Phase::Ended { .. } => {
            let mut never = found(said!("why-never-began", step = path));
            never.told.extend(run::end(facts)?);
            return Ok(never);
        }
        Phase::Active { .. } | Phase::Finishing { .. } | Phase::Closing { .. } => {}
    }
    of_list(facts, path)
}

/// A turn that has not begun.
fn of_turn(
    facts: &Facts<'_>,
    path: &StepPath,
    of: StepPath,
    turn: u32,
) -> Result<Found, StoreError> {
    let what = match facts.state(&of)? {
        Some(StepState::Looping(looping)) if turn < looping.turns => {
            said!("why-turn-waits", turn = turn, step = of, begun = looping.next)
        }
        Some(StepState::Looping(looping)) => {
            said!("why-no-such-turn", turn = turn, step = of, turns = looping.turns)
        }
        Some(state) if state.ended() => said!("why-turn-never-began", turn = turn, step = of),
        _ => said!("why-around-waits", step = path, around = of),
    };
    Ok(Found::new(path, None, what).because(of))
}

/// Whether it can begin no more: the run, or something around it, has ended.
fn never(facts: &Facts<'_>, path: &StepPath) -> Result<bool, StoreError> {
    let mut around = Around::of(path);
    while let Around::Body(outer) | Around::Loop(outer, _) = around {
        if facts.state(&outer)?.is_some_and(|state| state.ended()) {
            return Ok(true);
        }
        around = Around::of(&outer);
    }
    Ok(facts.ended())
}

/// A step of a list that is under way.
fn of_list(facts: &Facts<'_>, path: &StepPath) -> Result<Found, StoreError> {
    let scope = path.scope();
    let case = match scope.parse().map(|outer| facts.state(&outer)) {
        Ok(state) => match state? {
            Some(StepState::Open { case, .. }) => Some(case),
            _ => None,
        },
        Err(_) => None,
    };
    let list = facts.definition.list_at(scope, |_| case).unwrap_or_default();
    let here = path.id();
    let Some(step) = list.iter().find(|step| Some(&step.id) == here.as_ref()) else {
        return Ok(Found::new(path, None, said!("why-step-begins", step = path)));
    };
    for need in step.needs.keys() {
        if let Some(open) = open_need(facts, scope, list, need)? {
            let what = said!("why-waits-for", step = path, need = open);
            return Ok(Found::new(path, None, what).because(open));
        }
    }
    if let Some(owner) = owner_of_fallback(list, &step.id) {
        let place = StepPath::within(scope, &owner.id);
        if !facts.state(&place)?.is_some_and(|state| state.ended()) {
            let what = said!("why-fallback-waits", step = path, owner = place);
            return Ok(Found::new(path, None, what).because(place));
        }
    }
    let (at_ms, what) = held(facts, path);
    Ok(Found::new(path, at_ms, what))
}

/// The step that keeps a need open: the need itself, or what takes its place.
fn open_need(
    facts: &Facts<'_>,
    scope: &str,
    list: &[Step],
    need: &rpa_engine::Ident,
) -> Result<Option<StepPath>, StoreError> {
    let mut need = need;
    // fallbacks of fallbacks come to an end: a check of the file sees to it
    for _ in 0..=list.len() {
        match facts.state_in(scope, need)? {
            Some(StepState::Failed { .. }) => {}
            Some(state) if state.ended() => return Ok(None),
            _ => return Ok(Some(StepPath::within(scope, need))),
        }
        let step = list.iter().find(|step| step.id == *need);
        match step.map(|step| &step.on_error) {
            Some(OnError::Fallback(to)) => need = to,
            Some(OnError::Fail | OnError::Continue) | None => return Ok(None),
        }
    }
    Ok(None)
}

/// All that it needs has ended: nothing may begin, or it begins now.
fn held(facts: &Facts<'_>, path: &StepPath) -> (Option<u64>, Said) {
    match &facts.row.paused {
        Some(order) => {
            let (by, since) = (&order.by, at(order.at_ms));
            let on = facts.command("resume", "");
            let what = said!("why-step-paused", step = path, by = by, at = since, command = on);
            (Some(order.at_ms), what)
        }
        None if facts.daemon.draining => (None, said!("why-step-draining", step = path)),
        None => (None, said!("why-step-begins", step = path)),
    }
}
