//! Circles of waiting: who would wait for ever.
//!
//! Runs wait for each other in three ways: for a lock or tokens, for a place at the gate of a
//! workflow, and for the runs that their steps have called. Whoever waits may itself stand in
//! something that others wait for. A wait *comes to an end* if enough of what it wants will be
//! given back; what is held is given back unless something in it waits without end:
//!
//! | is | if |
//! |---|---|
//! | given back | all that waits in the holding step or run, or in runs called from there, comes to an end |
//! | granted | all that stand before it are, and what others hold without end leaves enough |
//!
//! Whoever begins to wait and would do so for ever is refused instead, so nobody does. That
//! runs are paused, asleep, in doubt or ask a person is not looked at: they end when somebody
//! wants it.

use std::collections::{BTreeMap, BTreeSet};

use crate::name::{RunId, StepPath};
use crate::outcome::{ErrorClass, TaskError};
use crate::run::Parent;

/// Something of which there is only so much: a lock, a pool of tokens, a gate.
#[derive(Clone, Debug, Default)]
pub struct Shared<'a> {
    /// How much there is in all.
    pub capacity: u32,
    pub held: Vec<Held<'a>>,
    /// The next to be granted first. Of a gate only called runs need to be here: others hold
    /// nothing while they wait at it.
    pub waiting: Vec<Wait<'a>>,
}

/// A step, or without one a whole run, that gives back what it holds when it has ended.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    pub run: RunId,
    pub step: Option<&'a StepPath>,
    pub takes: u32,
}

/// A step, or without one a whole run, that waits.
#[derive(Clone, Copy, Debug)]
pub struct Wait<'a> {
    pub run: RunId,
    pub step: Option<&'a StepPath>,
    /// The steps that have called the run, the nearest first.
    pub callers: &'a [Parent],
    pub takes: u32,
}

impl Wait<'_> {
    fn is_within(&self, outer: &Held<'_>) -> bool {
        let in_step = |run: RunId, step: Option<&StepPath>| {
            run == outer.run
                && outer.step.is_none_or(|outer| {
                    step.is_some_and(|step| step == outer || step.is_below(outer.as_str()))
                })
        };
        in_step(self.run, self.step)
            || self.callers.iter().any(|caller| in_step(caller.run, Some(&caller.path)))
    }

    /// The runs that it stands in.
    fn runs(&self) -> BTreeSet<RunId> {
        self.callers.iter().map(|caller| caller.run).chain([self.run]).collect()
    }
}

/// Whether what waits in `all[of]` at `place`, counted from 0, waits for ever.
pub fn is_for_ever(all: &[Shared<'_>], of: usize, place: usize) -> bool {
    let Some(wait) = all.get(of).and_then(|shared| shared.waiting.get(place)) else { return false };
    // who waits for ever stands in something that is waited for
    if !all.iter().flat_map(|shared| &shared.held).any(|held| wait.is_within(held)) {
        return false;
    }
    let around = Around::of(all, of);
    // how many of those that wait for each will be granted, from the first on
    let mut granted: BTreeMap<usize, usize> = around.reached.iter().map(|at| (*at, 0)).collect();
    loop {
        let before = granted.clone();
        for at in &around.reached {
            let Some(shared) = all.get(*at) else { continue };
            let for_ever = |(_, within): &(&Held<'_>, &Vec<(usize, usize)>)| {
                within.iter().any(|(of, place)| granted.get(of).is_some_and(|n| place >= n))
            };
            let holders = shared.held.iter().zip(around.within.get(at).into_iter().flatten());
            let kept = holders.filter(for_ever).map(|(held, _)| held.takes);
            let kept = kept.fold(0, u32::saturating_add);
            let free = shared.capacity.saturating_sub(kept);
            // what nobody keeps without end is no circle, however little there is of it
            let is_granted = |wait: &&Wait<'_>| kept == 0 || wait.takes <= free;
            let enough = shared.waiting.iter().take_while(is_granted).count();
            granted.insert(*at, enough);
        }
        if granted == before {
            return granted.get(&of).is_some_and(|granted| place >= *granted);
        }
    }
}

/// What a wait depends on, near or far.
struct Around {
    reached: BTreeSet<usize>,
    /// For each that is reached, and each that holds some of it: the waits in that one, by
    /// what they wait for and their place.
    within: BTreeMap<usize, Vec<Vec<(usize, usize)>>>,
}

impl Around {
    fn of(all: &[Shared<'_>], first: usize) -> Around {
        let mut by_run: BTreeMap<RunId, Vec<(usize, usize)>> = BTreeMap::new();
        for (at, shared) in all.iter().enumerate() {
            for (place, wait) in shared.waiting.iter().enumerate() {
                for run in wait.runs() {
                    by_run.entry(run).or_default().push((at, place));
                }
            }
        }
        let waits_in = |held: &Held<'_>| -> Vec<(usize, usize)> {
            let in_run = by_run.get(&held.run).into_iter().flatten().copied();
            let wait = |(at, place): (usize, usize)| all.get(at)?.waiting.get(place);
            in_run.filter(|key| wait(*key).is_some_and(|wait| wait.is_within(held))).collect()
        };
        let mut around = Around { reached: BTreeSet::new(), within: BTreeMap::new() };
        let mut open = vec![first];
        while let Some(at) = open.pop() {
            let Some(shared) = all.get(at).filter(|_| around.reached.insert(at)) else { continue };
            let within: Vec<_> = shared.held.iter().map(waits_in).collect();
            open.extend(within.iter().flatten().map(|(at, _)| *at));
            around.within.insert(at, within);
        }
        around
    }
}

/// The error of what would wait for ever.
pub(crate) fn for_ever(message: String) -> TaskError {
    TaskError { class: ErrorClass::InvalidInput, code: "RPA0431".into(), message }
}

#[cfg(test)]
mod tests;
