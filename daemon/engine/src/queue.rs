//! Which runs may be active: the run queue, first come first served.
//!
//! | message | room, not held | no room, or held |
//! |---|---|---|
//! | a run is offered | admitted | waits |
//! | a run has left, or the hold ends | the oldest waiting is admitted | nothing |
//!
//! The waiting runs themselves are rows in the store, not memory: the driver
//! asks [`Queue::admit`] with the oldest of them until it gets `None`.

use crate::name::RunId;

/// The runs that are active now, out of at most `limit`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    pub active: u32,
    pub limit: u32,
    /// The daemon drains: nothing is admitted.
    pub hold: bool,
}

impl Queue {
    pub fn new(limit: u32) -> Queue {
        Queue { active: 0, limit, hold: false }
    }

    /// Admits the oldest waiting run if there is room for it.
    pub fn admit(&mut self, oldest: Option<RunId>) -> Option<RunId> {
        let run = oldest.filter(|_| self.has_room())?;
        self.active += 1;
        Some(run)
    }

    /// A run was found active on recovery.
    pub fn found_active(&mut self) {
        self.active += 1;
    }

    /// An active run has ended.
    pub fn left(&mut self) {
        self.active = self.active.saturating_sub(1);
    }

    pub fn has_room(&self) -> bool {
        !self.hold && self.active < self.limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admits_up_to_the_limit_and_again_when_one_left() {
        let mut queue = Queue::new(2);
        assert_eq!(queue.admit(None), None);
        assert_eq!(queue.admit(Some(RunId(1))), Some(RunId(1)));
        queue.found_active();
        assert_eq!(queue.admit(Some(RunId(2))), None);
        queue.left();
        queue.hold = true;
        assert_eq!(queue.admit(Some(RunId(2))), None);
        queue.hold = false;
        assert_eq!(queue.admit(Some(RunId(2))), Some(RunId(2)));
    }
}
