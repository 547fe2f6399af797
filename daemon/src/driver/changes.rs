//! News of runs, for those who wait for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rpa_engine::RunId;
use tokio::sync::Notify;

/// Who waits for which run. Holds an entry only while somebody waits.
#[derive(Debug, Default)]
pub struct Changes {
    waiting: Mutex<HashMap<RunId, Arc<Notify>>>,
}

/// A place in the waiting list of one run.
#[derive(Debug)]
pub struct Watcher {
    changes: Arc<Changes>,
    run: RunId,
    notify: Option<Arc<Notify>>,
}

impl Changes {
    /// Take the place first, look at the run then, and wait last: what changes in
    /// between is not missed.
    pub fn watch(self: &Arc<Self>, run: RunId) -> Watcher {
        let notify = self.entries().entry(run).or_default().clone();
        Watcher { changes: self.clone(), run, notify: Some(notify) }
    }

    pub(super) fn publish(&self, run: RunId) {
        if let Some(notify) = self.entries().get(&run) {
            notify.notify_waiters();
        }
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<RunId, Arc<Notify>>> {
        // the map is valid whatever a panicking holder was doing
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watcher {
    /// Resolves at the next change after the returned future was made.
    pub fn changed(&self) -> impl Future<Output = ()> + '_ {
        let notified = self.notify.as_ref().map(|n| n.notified());
        async move {
            match notified {
                Some(notified) => notified.await,
                None => std::future::pending().await,
            }
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.notify = None;
        let mut entries = self.changes.entries();
        if entries.get(&self.run).is_some_and(|n| Arc::strong_count(n) == 1) {
            entries.remove(&self.run);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_change_after_the_future_was_made_is_not_missed() {
        let changes = Arc::new(Changes::default());
        let watcher = changes.watch(RunId(1));
        let changed = watcher.changed();
        changes.publish(RunId(2));
        changes.publish(RunId(1));
        changed.await;
        drop(watcher);
        assert!(changes.entries().is_empty());
    }
}
