//! Who holds which lock, by the events of the runs alone.

use super::entities::Entities;
use super::witness::Witness;
use crate::name::{Label, RunId};
use crate::run::{Claimant, Event, Tokens};

impl Witness {
    fn capacity(&self, lock: &Label) -> u32 {
        self.sizes.get(lock).copied().unwrap_or(1)
    }

    fn weight(&self, lock: &Label, tokens: Tokens) -> u32 {
        match tokens {
            Tokens::Lock => self.capacity(lock),
            Tokens::Some(count) => count,
        }
    }

    fn taken(&self, lock: &Label) -> u32 {
        let holders = self.holders.get(lock).into_iter().flatten();
        holders.map(|(_, tokens)| self.weight(lock, *tokens)).sum()
    }

    pub(super) fn resized(&mut self, pool: &Label, size: u32) {
        self.sizes.insert(pool.clone(), size);
        if self.taken(pool) > size {
            self.saw("lock: a pool is smaller than what is held of it");
        }
    }

    pub(super) fn claims(&mut self, lock: &Label, by: &Claimant, tokens: Tokens) {
        let Some(wanted) = self.wanted.get(by) else {
            // its step has ended in the same transaction: a release is on its way
            self.to_release.insert((lock.clone(), by.clone()));
            return self.saw("lock: claimed by a step that has ended");
        };
        assert_eq!(wanted.get(lock), Some(&tokens), "{by:?}");
        let line = self.in_line.entry(lock.clone()).or_default();
        assert!(line.iter().all(|(other, _)| other != by), "{by:?} claims {lock} twice");
        line.push((by.clone(), tokens));
    }

    /// Only what was asked for is given back, and only once.
    pub(super) fn releases(&mut self, lock: &Label, by: &Claimant) {
        let due = self.to_release.remove(&(lock.clone(), by.clone()));
        assert!(due, "{lock} is given back by {by:?}, which has not had it");
    }

    pub(super) fn lock_event(&mut self, run: RunId, event: &Event) {
        if let Event::Ended { .. } = event {
            let held = self.holders.values().any(|held| held.keys().any(|by| by.run == run));
            assert!(!held, "a run has ended that holds something: {:?}", self.holders);
        }
        let Some(path) = event.path() else { return };
        let by = Claimant { run, path: path.clone() };
        match event {
            Event::ClaimsBegun { wanted, .. } => {
                let names: Vec<&Label> = wanted.iter().map(|(lock, _)| lock).collect();
                assert!(names.is_sorted(), "all ask in one order: {names:?}");
                self.wanted.insert(by, wanted.iter().cloned().collect());
                self.saw("lock: a step claims");
            }
            Event::ClaimWaits { .. } => self.saw("lock: waits"),
            Event::ClaimGranted { lock, .. } => {
                let line = self.in_line.entry(lock.clone()).or_default();
                assert_eq!(line.first().map(|(first, _)| first), Some(&by), "it overtook another");
                let (_, tokens) = line.remove(0);
                let fresh =
                    self.holders.entry(lock.clone()).or_default().insert(by, tokens).is_none();
                assert!(fresh, "{path} has {lock} already");
                let (taken, all) = (self.taken(lock), self.capacity(lock));
                assert!(taken <= all, "{taken} of {all} tokens of {lock} are held");
                if self.holders[lock].len() > 1 {
                    self.saw("lock: a pool is shared");
                }
            }
            Event::ClaimsHeld { .. } => {
                let has = |lock: &Label| {
                    self.holders.get(lock).is_some_and(|holders| holders.contains_key(&by))
                };
                assert!(self.wanted[&by].keys().all(has), "{path} begins without what it claims");
                self.saw("lock: a step has all");
            }
            Event::LeaseEnded { .. } => self.saw("lock: a lease ended"),
            _ if event.ends_step() => self.gives_back(&by, event),
            _ => {}
        }
    }

    fn gives_back(&mut self, by: &Claimant, event: &Event) {
        if let Event::StepFailed { error, .. } = event {
            match error.code.as_str() {
                "RPA0428" => self.saw("lock: refused, there are not so many"),
                "RPA0429" => self.saw("lock: not free in time"),
                "RPA0430" => self.saw("lock: failed by its lease"),
                "RPA0431" => self.saw("lock: refused, it would wait for itself"),
                _ => {}
            }
        }
        let Some(wanted) = self.wanted.remove(by) else { return };
        for lock in wanted.keys() {
            let held = self.holders.get_mut(lock).is_some_and(|held| held.remove(by).is_some());
            let line = self.in_line.entry(lock.clone()).or_default();
            let before = line.len();
            line.retain(|(other, _)| other != by);
            if held || line.len() < before {
                self.to_release.insert((lock.clone(), by.clone()));
            }
        }
        self.saw("lock: given back");
    }

    /// Locks hold what steps hold, and nobody waits for what is free.
    pub(super) fn locks_agree(&self, entities: &Entities) {
        assert!(self.to_release.is_empty(), "not given back: {:?}", self.to_release);
        for lock in self.holders.keys().chain(self.in_line.keys()) {
            let claims: Vec<_> = match entities.locks.get(lock) {
                Some(lock) => lock.claims().map(|(_, claim)| claim).collect(),
                None => Vec::new(),
            };
            let granted = claims.iter().filter(|c| c.granted_ms.is_some());
            let granted = granted.map(|c| (c.by.clone(), c.tokens)).collect();
            let held = self.holders.get(lock).cloned().unwrap_or_default();
            assert_eq!(held, granted, "left: held by steps of {lock}, right: granted");
            let waiting = claims.iter().filter(|c| c.granted_ms.is_none());
            let waiting: Vec<_> = waiting.map(|c| (c.by.clone(), c.tokens)).collect();
            let line = self.in_line.get(lock).cloned().unwrap_or_default();
            assert_eq!(line, waiting, "left: steps that wait for {lock}, right: its line");
            if let Some((first, tokens)) = line.first() {
                let room = self.capacity(lock).saturating_sub(self.taken(lock));
                assert!(self.weight(lock, *tokens) > room, "{lock} is free, {first:?} waits");
            }
        }
        for (lock, state) in &entities.locks {
            let known = self.holders.contains_key(lock) || self.in_line.contains_key(lock);
            assert!(known || state.claims().next().is_none(), "nobody claims {lock}");
            assert_eq!(state.size, self.sizes.get(lock).copied(), "the size of {lock}");
        }
    }
}
