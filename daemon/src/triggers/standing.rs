//! How the sources of triggers stand, as far as no row knows it: what a watched directory
//! last failed with, how many requests a webhook has turned away.
//!
//! It is of this life of the daemon alone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rpa_ipc::Fault;
use rpa_ipc::fault::Said;

use crate::gathered::Teller;
use crate::store::TriggerKey;

/// What a source says of itself.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    pub failing: Option<Failing>,
    /// How many were turned away, when the last one, and why.
    pub rejected: Option<(u64, u64, Said)>,
}

/// A source that hears nothing for now.
#[derive(Clone, Debug)]
pub struct Failing {
    pub fault: Fault,
    pub since_ms: u64,
    pub attempts: u32,
    /// When it tries again.
    pub next_ms: Option<u64>,
}

/// The standings of all sources. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Standings {
    all: Arc<Mutex<BTreeMap<TriggerKey, Standing>>>,
    listener: Option<Teller<TriggerKey, Turned>>,
}

/// A source fails, or fails with something else; or works, without a fault.
pub type Turned = Option<Fault>;

impl Standings {
    /// Who listens hears of each source that begins to fail, and of all that work: of each
    /// what is so now, however long he has not listened.
    pub fn heard_by(listener: Teller<TriggerKey, Turned>) -> Standings {
        Standings { listener: Some(listener), ..Standings::default() }
    }

    pub fn of(&self, key: &TriggerKey) -> Standing {
        self.lock().get(key).cloned().unwrap_or_default()
    }

    pub fn works(&self, key: &TriggerKey) {
        let mut all = self.lock();
        if let Some(standing) = all.get_mut(key) {
            standing.failing = None;
        }
        self.tell(key, None);
    }

    /// It has failed at `now_ms`, and tries again at `next_ms`.
    pub fn fails(&self, key: &TriggerKey, fault: Fault, now_ms: u64, next_ms: Option<u64>) {
        let mut all = self.lock();
        let standing = all.entry(key.clone()).or_default();
        let before = standing.failing.take();
        let since_ms = before.as_ref().map_or(now_ms, |before| before.since_ms);
        let is_news = before.as_ref().is_none_or(|before| before.fault.message != fault.message);
        let attempts = before.map_or(1, |before| before.attempts.saturating_add(1));
        standing.failing = Some(Failing { fault: fault.clone(), since_ms, attempts, next_ms });
        if is_news {
            self.tell(key, Some(fault));
        }
    }

    /// What it was told to fail with is over for people, as another declaration has come into
    /// force: it is news if it fails still. What was turned away stays counted.
    pub fn begins_anew(&self, key: &TriggerKey) {
        if let Some(standing) = self.lock().get_mut(key) {
            standing.failing = None;
        }
    }

    /// Tells of all that fail once more: what was told may not have come to be known.
    pub fn tell_again(&self) {
        for (key, standing) in self.lock().iter() {
            if let Some(failing) = &standing.failing {
                self.tell(key, Some(failing.fault.clone()));
            }
        }
    }

    /// Only while all are locked: what two threads say of a source is told in the order in
    /// which it is kept.
    fn tell(&self, key: &TriggerKey, turned: Turned) {
        if let Some(listener) = &self.listener {
            listener.tell(key.clone(), turned);
        }
    }

    /// Something that came was turned away.
    pub fn rejects(&self, key: &TriggerKey, why: Said, now_ms: u64) {
        let mut all = self.lock();
        let standing = all.entry(key.clone()).or_default();
        let count = standing.rejected.as_ref().map_or(0, |(count, ..)| *count);
        standing.rejected = Some((count.saturating_add(1), now_ms, why));
    }

    /// It is not armed any more.
    pub fn forget(&self, key: &TriggerKey) {
        self.lock().remove(key);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<TriggerKey, Standing>> {
        // each change is whole before the lock is let go
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rpa_ipc::{FaultCode, fault};

    use super::*;
    use crate::gathered::gathered;
    use crate::store::NamespaceId;

    fn key(trigger: &str) -> TriggerKey {
        let [workflow, trigger] = ["w", trigger].map(str::to_owned);
        let (workflow, trigger) = (workflow.parse().unwrap(), trigger.parse().unwrap());
        TriggerKey { namespace: NamespaceId(1), workflow, trigger }
    }

    fn gone() -> Fault {
        fault!(FaultCode::NoSecret, "webhook-secret-missing", name = "key")
    }

    /// What is heard now: whether each fails.
    async fn heard(
        hearer: &mut crate::gathered::Hearer<TriggerKey, Turned>,
    ) -> BTreeMap<TriggerKey, bool> {
        let news = hearer.next().await.unwrap();
        news.into_iter().map(|(key, turned)| (key, turned.is_some())).collect()
    }

    #[tokio::test]
    async fn who_does_not_listen_hears_how_each_stands_and_no_more() {
        let (teller, mut hearer) = gathered();
        let standings = Standings::heard_by(teller);
        for _ in 0..1_000 {
            standings.fails(&key("a"), gone(), 1, None);
            standings.works(&key("b"));
            standings.works(&key("a"));
            standings.fails(&key("b"), gone(), 2, None);
        }
        let all = BTreeMap::from([(key("a"), false), (key("b"), true)]);
        assert_eq!(heard(&mut hearer).await, all);
    }

    #[tokio::test]
    async fn a_fault_is_news_once_and_again_when_another_declaration_has_it() {
        let (teller, mut hearer) = gathered();
        let standings = Standings::heard_by(teller);
        let a = key("a");
        standings.fails(&a, gone(), 1, None);
        assert_eq!(heard(&mut hearer).await, BTreeMap::from([(a.clone(), true)]));
        standings.fails(&a, gone(), 2, None);
        standings.works(&key("b"));
        let only_b = BTreeMap::from([(key("b"), false)]);
        assert_eq!(heard(&mut hearer).await, only_b, "it fails as before");
        standings.begins_anew(&a);
        standings.fails(&a, gone(), 3, None);
        assert_eq!(heard(&mut hearer).await, BTreeMap::from([(a.clone(), true)]));
        standings.tell_again();
        assert_eq!(heard(&mut hearer).await, BTreeMap::from([(a, true)]));
    }
}
