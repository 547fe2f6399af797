//! Locks and pools of tokens: they are few and stay in memory, their claims are rows.

use std::collections::BTreeMap;

use rpa_engine::actor::Actor;
use rpa_engine::lock::{self, Claim, Claimed, Lock};
use rpa_engine::run::{ClaimAnswer, Claimant, Cx, Input, Parent, Tokens};
use rpa_engine::{Label, RunId};
use rpa_ipc::{FaultCode, fault, said};

use super::take::Taken;
use super::{Answer, Driver, Outbox};
use crate::store::{NamespaceId, StoreError, Tables};

/// All locks, and the next place in their queues.
#[derive(Default)]
pub(super) struct Locks {
    by_namespace: BTreeMap<NamespaceId, BTreeMap<Label, Lock>>,
    next: u64,
}

impl Locks {
    pub(super) fn load(tables: &Tables<'_>) -> Result<Locks, StoreError> {
        let by_namespace = tables.locks()?;
        let places = by_namespace.values().flat_map(|locks| locks.values());
        let last = places.flat_map(|lock| lock.claims().map(|(place, _)| place)).max();
        Ok(Locks { by_namespace, next: last.map_or(0, |last| last + 1) })
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
        let callers = callers(tables, by.run)?;
        let place = self.locks.next;
        self.locks.next += 1;
        let locks = self.locks.of(namespace);
        let lock = locks.entry(name.clone()).or_default();
        let mut answer = match lock.refusal(&name, tokens) {
            Some(error) => Claimed::Refused(error),
            None => {
                let (by, callers) = (by.clone(), callers.clone());
                let claim = Claim { by, tokens, since_ms: cx.now_ms, granted_ms: None, callers };
                lock.claim(place, claim)
            }
        };
        if let Claimed::Waits { holder } = &answer
            && lock::closes_circle(locks, &name, &by, &callers)
        {
            let error = lock::circle(&name, holder.as_ref());
            answer = Claimed::Refused(error);
            if let Some(lock) = locks.get_mut(&name) {
                lock.release(&by);
            }
        } else if let Some(claim) = locks.get(&name).and_then(|lock| lock.claim_at(place)) {
            tables.put_claim(namespace, &name, place, Some(claim))?;
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
        let Some(place) = lock.release(by) else { return Ok(false) };
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
        for (by, error) in lock.never_granted(name) {
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

    fn forget_idle(&mut self, namespace: NamespaceId, name: &Label) {
        let locks = self.locks.of(namespace);
        if locks.get(name).is_some_and(Lock::is_idle) {
            locks.remove(name);
        }
    }
}

/// The steps that have called the run of a claimant, the nearest first.
fn callers(tables: &Tables<'_>, run: RunId) -> Result<Vec<Parent>, StoreError> {
    let mut callers = Vec::new();
    let mut next = tables.parent_of(run)?;
    while let Some(parent) = next {
        next = tables.parent_of(parent.run)?;
        callers.push(parent);
    }
    Ok(callers)
}
