//! How the sources of triggers stand, as far as no row knows it: what a watched directory
//! last failed with, how many requests a webhook has turned away.
//!
//! It is of this life of the daemon alone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rpa_ipc::Fault;
use rpa_ipc::fault::Said;
use tokio::sync::mpsc;

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
    listener: Option<mpsc::UnboundedSender<Turned>>,
}

/// A source fails, or fails with something else; or works.
#[derive(Clone, Debug)]
pub struct Turned {
    pub key: TriggerKey,
    pub fault: Option<Fault>,
}

impl Standings {
    /// Who listens hears of each source that begins to fail, and of all that work.
    pub fn heard_by(listener: mpsc::UnboundedSender<Turned>) -> Standings {
        Standings { listener: Some(listener), ..Standings::default() }
    }

    pub fn of(&self, key: &TriggerKey) -> Standing {
        self.lock().get(key).cloned().unwrap_or_default()
    }

    pub fn works(&self, key: &TriggerKey) {
        if let Some(standing) = self.lock().get_mut(key) {
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
        drop(all);
        if is_news {
            self.tell(key, Some(fault));
        }
    }

    fn tell(&self, key: &TriggerKey, fault: Option<Fault>) {
        if let Some(listener) = &self.listener {
            // who listens ends with the daemon
            let _ = listener.send(Turned { key: key.clone(), fault });
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
