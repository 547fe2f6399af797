//! Locks and pools of tokens: they are few and stay in memory, their claims are rows.

use std::collections::BTreeMap;

use rpa_engine::actor::Actor;
use rpa_engine::lock::{self, Claim, Claimed, Lock};
use rpa_engine::run::{ClaimAnswer, Claimant, Cx, Input, Tokens};
use rpa_engine::{Label, RunId, TaskError};
use rpa_ipc::{FaultCode, fault, said};

use super::take::Taken;
use super::{Answer, Driver, Outbox};
use crate::store::{NamespaceId, StoreError, Tables};

/// All locks, and the next place in their queues.
#[derive(Default)]
pub(super) struct Locks {
    by_namespace: BTreeMap<NamespaceId, BTreeMap<Label, Lock>>,
    next: u64,
    /// How many claims are granted to a run: most hold nothing, and wait for nobody that
    /// waits for them.
    held: BTreeMap<RunId, usize>,
}

impl Locks {
    pub(super) fn load(tables: &Tables<'_>) -> Result<Locks, StoreError> {
        let by_namespace = tables.locks()?;
        let places = by_namespace.values().flat_map(|locks| locks.values());
        let last = places.flat_map(|lock| lock.claims().map(|(place, _)| place)).max();
        let next = last.map_or(0, |last| last + 1);
        let mut locks = Locks { by_namespace, next, held: BTreeMap::new() };
        let claims = locks.by_namespace.values().flat_map(|locks| locks.values());
        let granted = claims.flat_map(Lock::claims).filter(|(_, c)| c.granted_ms.is_some());
        for run in granted.map(|(_, claim)| claim.by.run).collect::<Vec<_>>() {
            locks.was_granted(run);
        }
        Ok(locks)
    }

    fn was_granted(&mut self, run: RunId) {
        *self.held.entry(run).or_default() += 1;
    }

    fn gives_back(&mut self, run: RunId) {
        if let Some(held) = self.held.get_mut(&run) {
            *held -= 1;
            if *held == 0 {
                self.held.remove(&run);
            }
        }
    }

    /// Whether a step of the run holds anything.
    pub(super) fn holds(&self, run: RunId) -> bool {
        self.held.contains_key(&run)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (NamespaceId, &Label, &Lock)> {
        self.by_namespace.iter().flat_map(|(namespace, locks)| {
            locks.iter().map(|(name, lock)| (*namespace, name, lock))
        })
    }

    fn of(&mut self, namespace: NamespaceId) -> &mut BTreeMap<Label, Lock> {
        self.by_namespace.entry(namespace).or_default()
    }
}

impl Driver {
    #[expect(clippy::too_many_arguments, reason = "a message with its sender, and the batch")]
    pub(super) fn claim(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        namespace: NamespaceId,
        name: Label,
        by: Claimant,
        tokens: Tokens,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let callers = tables.callers(by.run)?;
        let place = self.locks.next;
        self.locks.next += 1;
        let locks = self.locks.of(namespace);
        let lock = locks.entry(name.clone()).or_default();
        let mut answer = match lock.refusal(&name, tokens) {
            Some(error) => Claimed::Refused(error),
            None => {
                let by = by.clone();
                let claim = Claim { by, tokens, since_ms: cx.now_ms, granted_ms: None, callers };
                lock.claim(place, claim)
            }
        };
        if let Claimed::Waits { holder } = &answer
            && self.claim_is_for_ever(tables, namespace, &name, &by)?
        {
            answer = Claimed::Refused(lock::circle(&name, holder.as_ref()));
            if let Some(lock) = self.locks.of(namespace).get_mut(&name) {
                lock.release(&by);
            }
        }
        let lock = self.locks.of(namespace).get(&name);
        if let Some(claim) = lock.and_then(|lock| lock.claim_at(place)) {
            tables.put_claim(namespace, &name, place, Some(claim))?;
            if claim.granted_ms.is_some() {
                self.locks.was_granted(by.run);
            }
        }
        let answer = match answer {
            Claimed::Granted => ClaimAnswer::Granted,
            Claimed::Waits { holder } => ClaimAnswer::Waits { holder },
            Claimed::Refused(error) => ClaimAnswer::Refused(error),
        };
        self.forget_idle(namespace, &name);
        let input = Input::Claimed { path: by.path, lock: name, answer };
        let _ = self.run_input(tables, cx, by.run, input, out)?;
        Ok(())
    }

    /// Gives back what is held or waited for; whether it was.
    pub(super) fn release(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        namespace: NamespaceId,
        name: &Label,
        by: &Claimant,
        out: &mut Outbox,
    ) -> Result<bool, StoreError> {
        let Some(lock) = self.locks.of(namespace).get_mut(name) else { return Ok(false) };
        let held = lock.place_of(by).and_then(|place| lock.claim_at(place)?.granted_ms);
        let Some(place) = lock.release(by) else { return Ok(false) };
        if held.is_some() {
            self.locks.gives_back(by.run);
        }
        tables.put_claim(namespace, name, place, None)?;
        self.grant(tables, cx, namespace, name, out)?;
        self.forget_idle(namespace, name);
        Ok(true)
    }

    /// Those that wait get what is free.
    fn grant(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        namespace: NamespaceId,
        name: &Label,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let Some(lock) = self.locks.of(namespace).get_mut(name) else { return Ok(()) };
        let mut granted = Vec::new();
        for place in lock.grant(cx.now_ms) {
            if let Some(claim) = lock.claim_at(place) {
                tables.put_claim(namespace, name, place, Some(claim))?;
                granted.push(claim.by.clone());
            }
        }
        for by in granted {
            self.locks.was_granted(by.run);
            let answer = ClaimAnswer::Granted;
            let input = Input::Claimed { path: by.path, lock: name.clone(), answer };
            let _ = self.run_input(tables, cx, by.run, input, out)?;
        }
        Ok(())
    }

    /// A person makes a pool, or says how many tokens it has; without a size it is taken
    /// away once nothing of it is claimed.
    pub(super) fn size_pool(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        of: &Label,
        name: &Label,
        size: Option<u32>,
        out: &mut Outbox,
    ) -> Taken {
        let namespace = tables.namespace(of)?;
        let lock = self.locks.of(namespace).entry(name.clone()).or_default();
        if size.is_none() && lock.claims().next().is_some() {
            let fault = fault!(FaultCode::PoolInUse, "pool-in-use", pool = name);
            return Ok(Err(fault.hint(said!("hint-locks"))));
        }
        lock.size = size;
        tables.put_pool(namespace, name, size)?;
        let mut refused = lock.never_granted(name);
        refused.extend(self.now_for_ever(tables, namespace, name)?);
        for (by, error) in refused {
            let answer = ClaimAnswer::Refused(error);
            let input = Input::Claimed { path: by.path, lock: name.clone(), answer };
            let _ = self.run_input(tables, cx, by.run, input, out)?;
        }
        self.grant(tables, cx, namespace, name, out)?;
        self.forget_idle(namespace, name);
        out.touch(of);
        Ok(Ok(Answer::Done))
    }

    /// A person takes from a step what it holds: the step goes on as it is.
    #[expect(clippy::too_many_arguments, reason = "a message with its sender, and the batch")]
    pub(super) fn break_lock(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        namespace: &Label,
        name: &Label,
        holder: &Claimant,
        by: &Actor,
        out: &mut Outbox,
    ) -> Taken {
        let namespace = tables.namespace(namespace)?;
        let lock = self.locks.of(namespace).get(name);
        let place = lock.and_then(|lock| lock.claim_at(lock.place_of(holder)?));
        if place.is_none_or(|claim| claim.granted_ms.is_none()) {
            let (run, step) = (holder.run.short(), &holder.path);
            let code = FaultCode::NotHeld;
            return Ok(Err(fault!(code, "lock-not-held", lock = name, run = run, step = step)
                .hint(said!("hint-locks"))));
        }
        let (path, lock, by) = (holder.path.clone(), name.clone(), by.clone());
        let _ = self.run_input(tables, cx, holder.run, Input::Unheld { path, lock, by }, out)?;
        self.release(tables, cx, namespace, name, holder, out)?;
        Ok(Ok(Answer::Done))
    }

    /// Those that wait for ever since there are fewer tokens.
    fn now_for_ever(
        &mut self,
        tables: &mut Tables<'_>,
        namespace: NamespaceId,
        name: &Label,
    ) -> Result<Vec<(Claimant, TaskError)>, StoreError> {
        let waiting = self.locks.of(namespace).get(name).into_iter().flat_map(Lock::waiting);
        let waiting: Vec<Claimant> = waiting.map(|(_, claim)| claim.by.clone()).collect();
        let mut refused = Vec::new();
        for by in waiting {
            if self.claim_is_for_ever(tables, namespace, name, &by)?
                && let Some(lock) = self.locks.of(namespace).get_mut(name)
            {
                let error = lock::circle(name, lock.holder().as_ref());
                // who comes after it may go on without it
                if let Some(place) = lock.release(&by) {
                    tables.put_claim(namespace, name, place, None)?;
                }
                refused.push((by, error));
            }
        }
        Ok(refused)
    }

    fn forget_idle(&mut self, namespace: NamespaceId, name: &Label) {
        let locks = self.locks.of(namespace);
        if locks.get(name).is_some_and(Lock::is_idle) {
            locks.remove(name);
        }
    }
}
