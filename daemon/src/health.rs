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
    /// What the last reading of the settings has left to be said.
    reload: Mutex<Option<String>>,
}

impl Default for Health {
    fn default() -> Health {
        Health { now: Mutex::new((State::Ready, String::new())), reload: Mutex::default() }
    }
}

impl Health {
    pub fn set(&self, state: State, reason: &str) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now = (state, reason.to_owned());
    }

    pub fn set_reload(&self, said: Option<String>) {
        *self.reload.lock().unwrap_or_else(PoisonError::into_inner) = said;
    }

    /// That the settings could not be read again, or which of them wait for a restart.
    pub fn reload(&self) -> Option<String> {
        self.reload.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn get(&self) -> (State, String) {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
