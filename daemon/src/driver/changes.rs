//! News of runs and namespaces, for those who wait for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rpa_engine::{Label, RunId};
use tokio::sync::futures::Notified;
use tokio::sync::{Notify, watch};

use super::numbers::Numbers;

/// Who waits for which run, and the number of each namespace.
#[derive(Debug)]
pub struct Changes {
    /// Holds an entry only while somebody waits.
    waiting: Mutex<HashMap<RunId, Arc<News>>>,
    numbers: Numbers,
}

/// What is told of one run.
#[derive(Debug, Default)]
struct News {
    changed: Notify,
    settled: Notify,
}

/// A place in the waiting list of one run.
#[derive(Debug)]
pub struct Watcher {
    changes: Arc<Changes>,
    run: RunId,
    news: Option<Arc<News>>,
}

impl Changes {
    pub fn since(started_ms: u64) -> Changes {
        Changes { waiting: Mutex::default(), numbers: Numbers::since(started_ms) }
    }

    /// The number of the last change of a run or a workflow in `namespace`.
    pub fn numbers(&self, namespace: &Label) -> watch::Receiver<u64> {
        self.numbers.follow(namespace)
    }

    pub(super) fn publish_namespace(&self, namespace: &Label) {
        self.numbers.publish(namespace);
    }

    /// Something that is shown in all of them has changed.
    pub(super) fn publish_namespaces(&self) {
        self.numbers.publish_all();
    }

    /// After the store was opened anew: a transaction may have been durable and
    /// have said that it was not.
    pub(super) fn publish_all(&self) {
        self.numbers.publish_all();
        for news in self.entries().values() {
            news.changed.notify_waiters();
            news.settled.notify_waiters();
        }
    }

    /// Take the place first, look at the run then, and wait last: what changes in
    /// between is not missed.
    pub fn watch(self: &Arc<Self>, run: RunId) -> Watcher {
        let news = self.entries().entry(run).or_default().clone();
        Watcher { changes: self.clone(), run, news: Some(news) }
    }

    /// `settled`: nothing more happens to the run unless a person acts.
    pub(super) fn publish(&self, run: RunId, settled: bool) {
        if let Some(news) = self.entries().get(&run) {
            news.changed.notify_waiters();
            if settled {
                news.settled.notify_waiters();
            }
        }
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<RunId, Arc<News>>> {
        // the map is valid whatever a panicking holder was doing
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watcher {
    /// Resolves at the next change after the returned future was made.
    pub fn changed(&self) -> impl Future<Output = ()> + '_ {
        wait(self.news.as_ref().map(|news| news.changed.notified()))
    }

    /// Resolves when the run settles after the returned future was made.
    pub fn settled(&self) -> impl Future<Output = ()> + '_ {
        wait(self.news.as_ref().map(|news| news.settled.notified()))
    }
}

async fn wait(notified: Option<Notified<'_>>) {
    match notified {
        Some(notified) => notified.await,
        None => std::future::pending().await,
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.news = None;
        let mut entries = self.changes.entries();
        if entries.get(&self.run).is_some_and(|n| Arc::strong_count(n) == 1) {
            entries.remove(&self.run);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn a_change_after_the_future_was_made_is_not_missed() {
        let changes = Arc::new(Changes::since(1));
        let watcher = changes.watch(RunId(1));
        let changed = watcher.changed();
        let settled = watcher.settled();
        changes.publish(RunId(2), true);
        changes.publish(RunId(1), false);
        assert!(changed.now_or_never().is_some());
        assert!(settled.now_or_never().is_none());
        let (changed, settled) = (watcher.changed(), watcher.settled());
        changes.publish(RunId(1), true);
        assert!(changed.now_or_never().is_some() && settled.now_or_never().is_some());
        let (changed, settled) = (watcher.changed(), watcher.settled());
        changes.publish_all();
        assert!(changed.now_or_never().is_some() && settled.now_or_never().is_some());
        assert!(watcher.changed().now_or_never().is_none());
        drop(watcher);
        assert!(changes.entries().is_empty());
    }
}
