//! Locks and pools of tokens: who holds them, who waits, and who comes next.
//!
//! | message | is free, and nobody waits | otherwise |
//! |---|---|---|
//! | a claim | granted | waits |
//! | a claim for more than there is, or that would wait for itself | refused | refused |
//! | a release, or a new size | the first of those that wait are granted, as many as there is room for | |
//!
//! First come, first served: a claim for many tokens is not overtaken by those for few. A
//! lock is a pool that one claim takes whole. Nothing is given back but by its holder, when
//! its step has ended, or by a person.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::circle::{Held, Shared, Wait, for_ever};
use crate::name::Label;
use crate::outcome::{ErrorClass, TaskError};
use crate::run::{Claimant, Parent, Tokens};

/// One claim, granted or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    pub by: Claimant,
    pub tokens: Tokens,
    pub since_ms: u64,
    /// When it was granted.
    pub granted_ms: Option<u64>,
    /// The steps that have called the claimant's run, the nearest first.
    pub callers: Vec<Parent>,
}

/// A lock, or a pool of tokens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    /// Tokens in all; none where nobody has said, as with locks.
    pub size: Option<u32>,
    /// In the order in which they came. Granted ones stand before the others, except after
    /// a person has made the pool smaller.
    claims: BTreeMap<u64, Claim>,
    places: BTreeMap<Claimant, u64>,
}

/// What a claim came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Claimed {
    Granted,
    Waits { holder: Option<Claimant> },
    Refused(TaskError),
}

impl Lock {
    /// As it was stored.
    pub fn restore(size: Option<u32>, claims: impl IntoIterator<Item = (u64, Claim)>) -> Lock {
        let claims: BTreeMap<u64, Claim> = claims.into_iter().collect();
        let places = claims.iter().map(|(place, claim)| (claim.by.clone(), *place)).collect();
        Lock { size, claims, places }
    }

    /// Claims by their places, the oldest first.
    pub fn claims(&self) -> impl Iterator<Item = (u64, &Claim)> {
        self.claims.iter().map(|(place, claim)| (*place, claim))
    }

    pub fn place_of(&self, by: &Claimant) -> Option<u64> {
        self.places.get(by).copied()
    }

    pub fn claim_at(&self, place: u64) -> Option<&Claim> {
        self.claims.get(&place)
    }

    /// Nothing of it needs to be kept.
    pub fn is_idle(&self) -> bool {
        self.size.is_none() && self.claims.is_empty()
    }

    /// As it stands for the search of circles.
    pub fn shared<'a>(&'a self) -> Shared<'a> {
        let held = |claim: &'a Claim| Held {
            run: claim.by.run,
            step: Some(&claim.by.path),
            takes: self.weight(claim.tokens),
        };
        let wait = |(_, claim): (u64, &'a Claim)| Wait {
            run: claim.by.run,
            step: Some(&claim.by.path),
            callers: &claim.callers,
            takes: self.weight(claim.tokens),
        };
        Shared {
            capacity: self.capacity(),
            held: self.holders().map(held).collect(),
            waiting: self.waiting().map(wait).collect(),
        }
    }

    fn holders(&self) -> impl Iterator<Item = &Claim> {
        self.claims.values().filter(|claim| claim.granted_ms.is_some())
    }

    pub fn waiting(&self) -> impl Iterator<Item = (u64, &Claim)> {
        self.claims().filter(|(_, claim)| claim.granted_ms.is_none())
    }

    /// Tokens that are taken; a lock is one of one.
    pub fn taken(&self) -> u32 {
        self.holders().map(|claim| self.weight(claim.tokens)).fold(0, u32::saturating_add)
    }

    pub fn capacity(&self) -> u32 {
        self.size.unwrap_or(1)
    }

    fn weight(&self, tokens: Tokens) -> u32 {
        match tokens {
            Tokens::Lock => self.capacity().max(1),
            Tokens::Some(count) => count,
        }
    }

    fn has_room(&self, tokens: Tokens) -> bool {
        let free = self.capacity().saturating_sub(self.taken());
        self.weight(tokens) <= free
    }

    /// Takes a claim, which gets the place `place`. A claim that is there stays as it is.
    pub fn claim(&mut self, place: u64, claim: Claim) -> Claimed {
        let (by, now_ms) = (claim.by.clone(), claim.since_ms);
        if let Some(known) = self.places.get(&by).and_then(|place| self.claims.get(place)) {
            return match known.granted_ms {
                Some(_) => Claimed::Granted,
                None => Claimed::Waits { holder: self.holder() },
            };
        }
        let free = self.waiting().next().is_none() && self.has_room(claim.tokens);
        let granted_ms = free.then_some(now_ms);
        self.places.insert(by, place);
        self.claims.insert(place, Claim { granted_ms, ..claim });
        match free {
            true => Claimed::Granted,
            false => Claimed::Waits { holder: self.holder() },
        }
    }

    /// Why a claim on the lock `name` can never be granted.
    pub fn refusal(&self, name: &Label, tokens: Tokens) -> Option<TaskError> {
        let Tokens::Some(count) = tokens else { return None };
        let message = match self.size {
            None => format!(
                "there is no pool of tokens {name}: make it with `rpa locks set {name} SIZE`"
            ),
            Some(size) if count > size => {
                format!("{count} tokens of {name} are claimed, and there are {size} in all")
            }
            Some(_) => return None,
        };
        Some(TaskError { class: ErrorClass::InvalidInput, code: "RPA0428".into(), message })
    }

    /// Those that wait for more than there is in all, and why they are refused.
    pub fn never_granted(&self, name: &Label) -> Vec<(Claimant, TaskError)> {
        let refused =
            |(_, claim): (u64, &Claim)| Some((claim.by.clone(), self.refusal(name, claim.tokens)?));
        self.waiting().filter_map(refused).collect()
    }

    /// Who holds most of it.
    pub fn holder(&self) -> Option<Claimant> {
        let most = self.holders().max_by_key(|claim| self.weight(claim.tokens));
        most.map(|claim| claim.by.clone())
    }

    /// Gives back what `by` holds or waits for; the place that it had.
    pub fn release(&mut self, by: &Claimant) -> Option<u64> {
        let place = self.places.remove(by)?;
        self.claims.remove(&place);
        Some(place)
    }

    /// Grants what there is room for, in order; the places of those claims.
    pub fn grant(&mut self, now_ms: u64) -> Vec<u64> {
        let mut granted = Vec::new();
        loop {
            let next = self.waiting().next().filter(|(_, claim)| self.has_room(claim.tokens));
            let Some(place) = next.map(|(place, _)| place) else { return granted };
            if let Some(claim) = self.claims.get_mut(&place) {
                claim.granted_ms = Some(now_ms);
            }
            granted.push(place);
        }
    }
}

/// The error of a claim that would wait for itself.
pub fn circle(name: &Label, holder: Option<&Claimant>) -> TaskError {
    let held = holder.map_or_else(String::new, |holder| {
        format!(": run {}, step {} has it", holder.run.short(), holder.path)
    });
    for_ever(format!("it would wait for {name} for ever{held}, and waits for this step"))
}

#[cfg(test)]
mod tests;
