//! The chain of causes: from a step to the one that its state comes from, and on, down
//! to the root: into runs that it has called, and those that hold what it waits for.

use std::collections::BTreeSet;

use rpa_engine::run::StepState;
use rpa_engine::{RunId, StepPath};
use rpa_ipc::fault::Said;
use rpa_ipc::said;
use rpa_ipc::why::Telling;

use super::facts::{Facts, and_more, elsewhere, of};
use super::live::live;
use super::run;
use super::step::{Cause, Found, explain, under_way};
use crate::store::StoreError;

/// Links of a chain that are followed.
const MOST_LINKS: usize = 100;
/// Other runs that it is followed into.
const MOST_RUNS: usize = 16;
/// Links that are told: the first ones, and the root.
const MOST_TOLD: usize = 20;
/// Steps inside of one under way that are told.
const MOST_INSIDE: usize = 10;

/// A step of a run, or the run as a whole.
type Place = (RunId, Option<StepPath>);

/// What is told of a step and of what it comes from, the root last.
#[derive(Debug, Default)]
pub struct Chain {
    links: Vec<Found>,
}

impl Chain {
    pub fn of(facts: &Facts<'_>, path: &StepPath) -> Result<Chain, StoreError> {
        Chain::follow(facts, (facts.run, Some(path.clone())))
    }

    /// From a step on, or from a run as a whole.
    fn follow(facts: &Facts<'_>, from: Place) -> Result<Chain, StoreError> {
        let mut links = Vec::new();
        let mut seen = BTreeSet::new();
        let mut entered = 0;
        let mut other: Option<Facts<'_>> = None;
        let mut next = Some(from);
        while let Some((run, step)) = next.filter(|place| seen.insert(place.clone())) {
            if run != other.as_ref().unwrap_or(facts).run {
                entered += 1;
                let found = Facts::find(facts.reader, run, facts.daemon.clone())?;
                match found.filter(|_| entered <= MOST_RUNS) {
                    Some(found) => other = Some(found),
                    None => break,
                }
            }
            let here = other.as_ref().unwrap_or(facts);
            let mut found = match &step {
                Some(step) => explain(here, step)?,
                None => run::in_brief(here)?,
            };
            let cause = found.cause.take().filter(|_| seen.len() < MOST_LINKS);
            next = cause.map(|cause| match cause {
                Cause::Step(step) => (run, Some(step)),
                Cause::Run(run, step) => (run, step),
            });
            if run != facts.run {
                found.told = found.told.into_iter().map(|told| elsewhere(here, told)).collect();
            }
            if !found.told.is_empty() {
                links.push(found);
            }
        }
        Ok(Chain { links })
    }

    /// Everything that is told: the first sentence names the root as well.
    pub fn tellings(self) -> Vec<Telling> {
        let root = match self.links.as_slice() {
            [_, .., last] => last.told.first().map(|root| root.what.clone()),
            _ => None,
        };
        let mut told = self.told();
        if let (Some(root), Some(first)) = (root, told.first_mut()) {
            let what = said!("why-at-the-root", first = first.what, root = root);
            *first = Telling { kind: first.kind.clone(), ..of_same(first, what) };
        }
        told
    }

    /// The sentence about the root, and what else is told of the way to it.
    pub fn root_and_way(mut self) -> Option<(Said, Vec<Telling>)> {
        let last = self.links.last_mut()?;
        let root = (!last.told.is_empty()).then(|| last.told.remove(0))?;
        Some((root.what, self.told()))
    }

    fn told(self) -> Vec<Telling> {
        let left_out = self.links.len().saturating_sub(MOST_TOLD);
        let last = self.links.len().saturating_sub(1);
        let is_told = |link: usize| link == last || link + left_out < last;
        let links = self.links.into_iter().enumerate().filter(|(link, _)| is_told(*link));
        let mut told: Vec<Telling> = links.flat_map(|(_, found)| found.told).collect();
        told.extend(and_more(left_out));
        told
    }
}

fn of_same(telling: &Telling, what: Said) -> Telling {
    Telling::new(telling.at_ms, telling.path.clone(), what)
}

/// Why one step stands where it stands; of one with a body, what is under way in it.
pub fn of_step(facts: &Facts<'_>, path: &StepPath) -> Result<Vec<Telling>, StoreError> {
    let mut told = Chain::of(facts, path)?.tellings();
    let state = facts.state(path)?;
    if matches!(state, Some(StepState::Open { .. } | StepState::Looping(_))) {
        let inside = live(facts, Some(path))?;
        let shown = inside.steps.iter().filter(|(place, _)| place != path).take(MOST_INSIDE);
        let before = told.len();
        for (path, state) in shown {
            let (at_ms, what) = under_way(facts, path, state)?;
            told.push(of(path, at_ms, what));
        }
        let shown = told.len() - before;
        told.extend(and_more(inside.count(path).saturating_sub(shown)));
    }
    let is_told = told.iter().any(|telling| telling.kind == "step_paused");
    if !is_told && !state.is_some_and(|state| state.ended()) {
        told.extend(run::paused(facts));
    }
    Ok(told)
}
