//! How the daemon does, for `rpa status` and for the operator's log.

use std::sync::{Mutex, PoisonError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Ready,
    Draining,
    Degraded,
    /// Restored from a backup: what was open in it is held.
    Held,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            State::Ready => "ready",
            State::Draining => "draining",
            State::Degraded => "degraded",
            State::Held => "held",
        }
    }
}

#[derive(Debug)]
pub struct Health {
    now: Mutex<(State, String)>,
}

impl Default for Health {
    fn default() -> Health {
        Health { now: Mutex::new((State::Ready, String::new())) }
    }
}

impl Health {
    pub fn set(&self, state: State, reason: &str) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now = (state, reason.to_owned());
    }

    pub fn get(&self) -> (State, String) {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
