//! News of which only the newest of each matters: whoever is slow hears less, and late, but
//! never in another order, and what waits for him is bounded by what there is news of.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

type Waiting<K, V> = Arc<Mutex<BTreeMap<K, V>>>;

/// The end that tells. Cheap to clone.
#[derive(Debug)]
pub struct Teller<K, V> {
    waiting: Waiting<K, V>,
    /// One token: there is something.
    wake: mpsc::Sender<()>,
}

/// The end that hears.
#[derive(Debug)]
pub struct Hearer<K, V> {
    waiting: Waiting<K, V>,
    wake: mpsc::Receiver<()>,
}

pub fn gathered<K: Ord, V>() -> (Teller<K, V>, Hearer<K, V>) {
    let waiting = Waiting::default();
    let (sender, receiver) = mpsc::channel(1);
    (Teller { waiting: waiting.clone(), wake: sender }, Hearer { waiting, wake: receiver })
}

impl<K, V> Clone for Teller<K, V> {
    fn clone(&self) -> Teller<K, V> {
        Teller { waiting: self.waiting.clone(), wake: self.wake.clone() }
    }
}

impl<K: Ord, V> Teller<K, V> {
    /// Takes the place of what was told of `of` and nobody has heard yet.
    pub fn tell(&self, of: K, news: V) {
        lock(&self.waiting).insert(of, news);
        // a token that is there already is taken after this; who hears ends with the daemon
        let _ = self.wake.try_send(());
    }
}

impl<K: Ord, V> Hearer<K, V> {
    /// What was told since the last time, as soon as there is something; `None` when nobody
    /// is left to tell. May be dropped while it waits: nothing is lost by that.
    pub async fn next(&mut self) -> Option<BTreeMap<K, V>> {
        loop {
            let is_open = self.wake.recv().await.is_some();
            let news = std::mem::take(&mut *lock(&self.waiting));
            if !news.is_empty() {
                return Some(news);
            }
            if !is_open {
                return None;
            }
        }
    }
}

fn lock<K, V>(waiting: &Waiting<K, V>) -> MutexGuard<'_, BTreeMap<K, V>> {
    // each change is whole before the lock is let go
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_is_slow_hears_the_newest_of_each() {
        let (teller, mut hearer) = gathered();
        for n in 0..10_000 {
            teller.tell(n % 3, n);
        }
        assert_eq!(hearer.next().await, Some(BTreeMap::from([(0, 9999), (1, 9997), (2, 9998)])));
        teller.clone().tell(1, 7);
        drop(teller);
        assert_eq!(hearer.next().await, Some(BTreeMap::from([(1, 7)])), "told before the end");
        assert_eq!(hearer.next().await, None);
    }
}
