//! What the console says of the last thing that was done.

use super::State;
use crate::console::theme::Tone;

/// How long it stays: long enough to be read twice.
const STAYS_MS: u64 = 8_000;

#[derive(Clone, Debug)]
pub struct Notice {
    pub tone: Tone,
    pub text: String,
    /// The command that does the same; empty when there is none.
    pub command: String,
    pub until_ms: u64,
}

impl State {
    pub fn tell(&mut self, tone: Tone, text: String, command: String) {
        self.notice = Some(Notice { tone, text, command, until_ms: self.now_ms + STAYS_MS });
    }
}
