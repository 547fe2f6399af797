//! A few ways to the daemon, for calls that are made at once.

use std::cell::RefCell;

use crate::cli::wire::Link;

/// Calls that are on their way at once. More gain nothing: the daemon answers all that
/// came in the meantime after one commit.
pub const AT_ONCE: usize = 16;

#[derive(Debug)]
pub struct Pool {
    /// What further links are made of. It has met the daemon.
    model: Link,
    idle: RefCell<Vec<Link>>,
}

impl Pool {
    /// Of a link that has reached the daemon before.
    pub fn new(link: Link) -> Pool {
        Pool { model: link.silent_twin(), idle: RefCell::new(vec![link]) }
    }

    /// The link that was given back last; so one that speaks is the first in use.
    pub fn take(&self) -> Link {
        let idle = self.idle.borrow_mut().pop();
        idle.unwrap_or_else(|| self.model.silent_twin())
    }

    pub fn give_back(&self, link: Link) {
        self.idle.borrow_mut().push(link);
    }
}
