//! The door of a listener: how many may be inside at once, and how many of one address.
//!
//! Each listener has a door of its own, so that the network cannot take the places of the
//! Unix socket.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections of one listener at once. Each has a buffer of some KiB at most.
pub(super) const CONNECTIONS: usize = 512;
/// Large bodies of one listener that are read or checked at once: 32 MiB at most.
const LARGE_BODIES: usize = 32;
/// One address has at most this part of each.
const SHARE: usize = 4;

/// What one connection brings to each of its requests. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub(super) door: Arc<Door>,
    pub(super) from: Option<Block>,
}

/// The places of a listener.
#[derive(Debug)]
pub(super) struct Door {
    pub seats: Arc<Semaphore>,
    seats_of: Arc<Shares>,
    large: Arc<Semaphore>,
    large_of: Arc<Shares>,
}

/// Who has one share together: an address of IPv4, of IPv6 the 64 bits of a network, of
/// which everybody has all addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Block(IpAddr);

/// A place for a large body, until it is dropped.
#[derive(Debug)]
pub struct Large {
    _place: OwnedSemaphorePermit,
    _share: Share,
}

/// How many places of one kind each address has.
#[derive(Debug)]
struct Shares {
    most: usize,
    taken: Mutex<BTreeMap<Block, usize>>,
}

/// One of them, until it is dropped.
#[derive(Debug)]
pub(super) struct Share(Option<(Arc<Shares>, Block)>);

impl Visitor {
    /// A place for a body that is large, if there is one.
    pub fn large(&self) -> Option<Large> {
        let place = self.door.large.clone().try_acquire_owned().ok()?;
        let share = self.door.large_of.take(self.from)?;
        Some(Large { _place: place, _share: share })
    }

    #[cfg(test)]
    pub fn of_test() -> Visitor {
        Visitor { door: Arc::new(Door::new()), from: None }
    }
}

impl Door {
    pub fn new() -> Door {
        Door {
            seats: Arc::new(Semaphore::new(CONNECTIONS)),
            seats_of: Shares::new(CONNECTIONS / SHARE),
            large: Arc::new(Semaphore::new(LARGE_BODIES)),
            large_of: Shares::new(LARGE_BODIES / SHARE),
        }
    }

    /// Counts a connection; none if there are too many from there.
    pub fn enters(&self, from: Option<Block>) -> Option<Share> {
        self.seats_of.take(from)
    }
}

impl Block {
    /// None of this machine itself: a proxy here has one address for everybody that it
    /// stands before, and who may open sockets here may reach the daemon anyway.
    pub fn of(address: IpAddr) -> Option<Block> {
        match address.to_canonical() {
            address if address.is_loopback() => None,
            IpAddr::V4(address) => Some(Block(address.into())),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Some(Block(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()))
            }
        }
    }
}

impl Shares {
    fn new(most: usize) -> Arc<Shares> {
        Arc::new(Shares { most, taken: Mutex::default() })
    }

    /// Who has no address is not counted.
    fn take(self: &Arc<Self>, from: Option<Block>) -> Option<Share> {
        let Some(block) = from else { return Some(Share(None)) };
        let mut taken = self.lock();
        let count = taken.entry(block).or_insert(0);
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Share(Some((self.clone(), block))))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Block, usize>> {
        // each change is whole before the lock is let go
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let Some((shares, block)) = self.0.take() else { return };
        let mut taken = shares.lock();
        if let Some(count) = taken.get_mut(&block) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&block);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(address: &str) -> Option<Block> {
        Block::of(address.parse().unwrap())
    }

    fn visitor(door: &Arc<Door>, address: &str) -> Visitor {
        Visitor { door: door.clone(), from: from(address) }
    }

    #[test]
    fn one_address_has_a_quarter_of_the_places_and_others_have_the_rest() {
        let door = Arc::new(Door::new());
        let greedy: Vec<_> =
            std::iter::from_fn(|| door.enters(from("192.0.2.1"))).take(CONNECTIONS).collect();
        assert_eq!(greedy.len(), CONNECTIONS / 4);
        assert!(door.enters(from("::ffff:192.0.2.1")).is_none(), "written in another way");
        assert!(door.enters(from("192.0.2.2")).is_some());
        drop(greedy);
        assert!(door.enters(from("192.0.2.1")).is_some(), "what ended is not counted");
        assert!(door.seats_of.lock().is_empty(), "who has gone is forgotten");

        let (first, second) = (visitor(&door, "2001:db8::1"), visitor(&door, "2001:db8::2"));
        let large: Vec<_> = (0..LARGE_BODIES).map_while(|_| first.large()).collect();
        assert_eq!(large.len(), LARGE_BODIES / 4);
        assert!(second.large().is_none(), "the same network");
        assert!(visitor(&door, "2001:db8:0:1::1").large().is_some());
    }

    #[test]
    fn a_proxy_on_this_machine_has_all_places_of_its_listener_and_none_of_others() {
        let door = Arc::new(Door::new());
        let proxy = visitor(&door, "127.0.0.1");
        let large: Vec<_> = (0..LARGE_BODIES).map_while(|_| proxy.large()).collect();
        assert_eq!(large.len(), LARGE_BODIES);
        assert!(visitor(&door, "::1").large().is_none(), "there are no more");
        assert!(Visitor::of_test().large().is_some(), "another listener");
        let all = (0..CONNECTIONS).map_while(|_| door.enters(from("::ffff:127.0.0.1")));
        assert_eq!(all.count(), CONNECTIONS);
    }
}
