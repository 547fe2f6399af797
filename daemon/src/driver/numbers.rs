//! A number for each namespace that grows with every change in it, for those who
//! show lists and want to know when to ask again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rpa_engine::Label;
use tokio::sync::watch;

/// The numbers of one life of the daemon.
#[derive(Debug)]
pub struct Numbers(Mutex<Known>);

#[derive(Debug)]
struct Known {
    /// The number of every namespace in which nothing has changed.
    unchanged: u64,
    /// Those that have changed, and those that somebody waits for.
    namespaces: HashMap<Label, watch::Sender<u64>>,
}

impl Numbers {
    /// The time leaves room for a million changes in each millisecond, so that no
    /// number of an earlier life is given again.
    pub fn since(started_ms: u64) -> Numbers {
        let known = Known { unchanged: started_ms << 20, namespaces: HashMap::new() };
        Numbers(Mutex::new(known))
    }

    /// The number of a namespace as it grows. One that does not exist yet has one too.
    pub fn follow(&self, namespace: &Label) -> watch::Receiver<u64> {
        let mut known = self.known();
        if let Some(number) = known.namespaces.get(namespace) {
            return number.subscribe();
        }
        // names that were only asked for must not pile up
        let unchanged = known.unchanged;
        let in_use = |number: &watch::Sender<u64>| {
            number.receiver_count() > 0 || *number.borrow() != unchanged
        };
        known.namespaces.retain(|_, number| in_use(number));
        let (number, follower) = watch::channel(unchanged);
        known.namespaces.insert(namespace.clone(), number);
        follower
    }

    pub(super) fn publish(&self, namespace: &Label) {
        let mut known = self.known();
        if let Some(number) = known.namespaces.get(namespace) {
            number.send_modify(|number| *number += 1);
            return;
        }
        let number = watch::Sender::new(known.unchanged + 1);
        known.namespaces.insert(namespace.clone(), number);
    }

    /// Nobody knows what has changed, so everything may have.
    pub(super) fn publish_all(&self) {
        let mut known = self.known();
        known.unchanged += 1;
        for number in known.namespaces.values() {
            number.send_modify(|number| *number += 1);
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // the map is valid whatever a panicking holder was doing
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(name: &str) -> Label {
        name.parse().unwrap()
    }

    #[test]
    fn a_change_wakes_those_of_its_namespace_only() {
        let numbers = Numbers::since(1);
        let [ops, other] = ["ops", "other"].map(|name| numbers.follow(&label(name)));
        let seen = *ops.borrow();
        numbers.publish(&label("ops"));
        assert!(ops.has_changed().unwrap() && !other.has_changed().unwrap());
        assert_eq!((*ops.borrow(), *other.borrow()), (seen + 1, seen));
        numbers.publish(&label("ops"));
        assert_eq!(*numbers.follow(&label("ops")).borrow(), seen + 2);
    }

    #[test]
    fn a_change_that_nobody_waited_for_is_told_later() {
        let numbers = Numbers::since(1);
        let seen = *numbers.follow(&label("ops")).borrow();
        numbers.follow(&label("other"));
        numbers.publish(&label("ops"));
        assert_ne!(*numbers.follow(&label("ops")).borrow(), seen);
        let seen = *numbers.follow(&label("other")).borrow();
        numbers.publish_all();
        for name in ["ops", "other", "new"] {
            assert_ne!(*numbers.follow(&label(name)).borrow(), seen, "{name}");
        }
    }

    #[test]
    fn names_that_were_only_asked_for_are_forgotten() {
        let numbers = Numbers::since(1);
        numbers.publish(&label("real"));
        for i in 0..100 {
            numbers.follow(&label(&format!("made-up-{i}")));
        }
        assert_eq!(numbers.known().namespaces.len(), 2, "the real one and the last");
    }

    #[test]
    fn numbers_of_two_lives_do_not_meet() {
        let earlier = Numbers::since(1_795_137_004_000);
        for _ in 0..100_000 {
            earlier.publish(&label("ops"));
        }
        let later = Numbers::since(1_795_137_004_001);
        let [before, after] =
            [earlier, later].map(|numbers| *numbers.follow(&label("ops")).borrow());
        assert!(before < after);
    }
}
