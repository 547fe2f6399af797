//! What a trigger is told of, other than slots, and what becomes of it.
//!
//! ```text
//!  delivery -- its `if` is false ---------------------------------> skipped
//!           '- held: it gathers with others, too many runs began, the trigger is
//!              paused, or no run may begin now
//!                  |-- a newer one stands for it -----------------> merged
//!                  '-- its time has come --> a run, alone or with others
//! ```
//! Deliveries are numbered as they come. Each has one outcome that lasts, or is held.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::flow::{Excess, Flow, Gather};
use super::state::Paused;
use crate::name::RunId;

/// Most deliveries of one trigger that are held.
pub const MOST_HELD: usize = 1_000;
/// Most bytes of what is held of one trigger, as [`Held::bytes`] counts them: whoever sends
/// large documents waits earlier.
pub const MOST_HELD_BYTES: u64 = 64 << 20;
/// Most deliveries that become one run.
pub const MOST_GATHERED: u32 = 1_000;
/// Most bytes of deliveries that become one run: half of what an expression may read or
/// give, as the newest of them is there twice.
pub const MOST_GATHERED_BYTES: u64 = 8 << 20;
/// Most runs that a throttle counts.
pub const MOST_THROTTLED: u32 = 10_000;

/// What has become of a delivery. All but the first are for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    Held(HeldFor),
    /// It has a run, which others may have come to as well.
    Started(RunId),
    /// A newer one stands for it.
    Merged {
        into: u64,
    },
    Skipped(Unwanted),
    /// No run could be accepted.
    Refused {
        code: String,
        message: String,
    },
}

/// What a held delivery waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HeldFor {
    /// Others, which may come to the same run.
    Gathering,
    /// Too many runs have begun.
    Throttle,
    /// Somebody who lets the trigger go on.
    Pause,
    /// Its time has come, and no run is accepted: for want of space, as the workflow is
    /// disabled, or as the store was restored.
    Closed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unwanted {
    /// The condition of the trigger was false.
    Condition,
    /// Too many runs have begun, and such are skipped.
    Throttle,
    /// More wait than may.
    TooManyHeld,
    /// It was held, and the trigger was disabled or is not declared any more.
    Disarmed,
    /// It was held, and the daemon whose backup was restored may have started it.
    Restored,
    /// It was held, and the trigger listens to something else now, or believes others.
    Changed,
}

/// A delivery that is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub number: u64,
    /// Of a debounce.
    pub key: Option<String>,
    /// When it came.
    pub at_ms: u64,
    /// When the first of those came for which it stands, or it itself.
    pub since_ms: u64,
    pub why: HeldFor,
    /// About what its data takes in memory.
    pub bytes: u64,
}

/// The state of a trigger that is told of deliveries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryState {
    /// The number of the newest delivery; the first is 1.
    pub last: u64,
    /// In the order of their numbers.
    pub held: Vec<Held>,
    /// When the last runs began that a throttle counts.
    pub began_ms: VecDeque<u64>,
    /// Runs that have failed one after the other.
    pub failures: u32,
    pub paused: Option<Paused>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The next delivery, which is wanted.
    Arrived {
        key: Option<String>,
        bytes: u64,
    },
    /// The next delivery, whose condition was false.
    Unwanted,
    /// The next delivery, of which it cannot be told what it is worth.
    Broken {
        code: String,
        message: String,
    },
    /// What is held is looked at: at the end of each run of inputs, and when `next_look` says.
    Look,
    /// In place of a look: no run may begin now.
    Closed,
    /// What has become of the start that was asked for.
    Accepted {
        numbers: Vec<u64>,
        run: RunId,
    },
    Refused {
        numbers: Vec<u64>,
        code: String,
        message: String,
    },
    /// No run could be accepted now: they stay held.
    Postponed {
        numbers: Vec<u64>,
    },
    /// The run of a delivery that a person has made, which no throttle counts.
    ByHand {
        number: u64,
        run: RunId,
    },
    /// A run of this trigger has ended, and was not cancelled.
    Ended {
        failed: bool,
    },
    Pause(Paused),
    Resume,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// By the numbers of the deliveries.
    pub outcomes: Vec<(u64, Outcome)>,
    /// These are to begin as one run now: the next input says what has become of them, and
    /// until then they are held.
    pub start: Option<Vec<u64>>,
}

impl DeliveryState {
    /// Whether one more of so many bytes could be held: who delivers is sent away otherwise,
    /// before it is told that it was heard.
    pub fn has_room(&self, bytes: u64) -> bool {
        let fits = self.held_bytes().saturating_add(bytes) <= MOST_HELD_BYTES;
        self.held.is_empty() || (self.held.len() < MOST_HELD && fits)
    }

    pub fn held_bytes(&self) -> u64 {
        self.held.iter().map(|held| held.bytes).sum()
    }

    pub fn step(&mut self, flow: &Flow, now_ms: u64, input: Input) -> Decision {
        let mut out = Decision::default();
        match input {
            Input::Arrived { key, bytes } => {
                let number = self.next();
                let why = match flow.gather {
                    Some(_) => HeldFor::Gathering,
                    None => HeldFor::Throttle,
                };
                let held = Held { number, key, at_ms: now_ms, since_ms: now_ms, why, bytes };
                self.hold(flow, held, &mut out);
            }
            Input::Unwanted => {
                let number = self.next();
                out.outcomes.push((number, Outcome::Skipped(Unwanted::Condition)));
            }
            Input::Broken { code, message } => {
                let number = self.next();
                out.outcomes.push((number, Outcome::Refused { code, message }));
            }
            Input::Look => self.look(flow, now_ms, &mut out),
            Input::Closed => self.wait_for_opening(flow, now_ms, &mut out),
            Input::Accepted { numbers, run } => {
                self.let_go(&numbers);
                if let Some(throttle) = flow.throttle {
                    self.began_ms.push_back(now_ms);
                    while self.began_ms.len() > throttle.rate.limit as usize {
                        self.began_ms.pop_front();
                    }
                }
                out.outcomes.extend(numbers.into_iter().map(|n| (n, Outcome::Started(run))));
            }
            Input::Refused { numbers, code, message } => {
                self.let_go(&numbers);
                let refused = |n| {
                    let (code, message) = (code.clone(), message.clone());
                    (n, Outcome::Refused { code, message })
                };
                out.outcomes.extend(numbers.into_iter().map(refused));
            }
            Input::Postponed { numbers } => {
                let is_meant = |held: &Held| numbers.binary_search(&held.number).is_ok();
                self.become_held_for(is_meant, HeldFor::Closed, &mut out);
            }
            Input::ByHand { number, run } => out.outcomes.push((number, Outcome::Started(run))),
            Input::Ended { failed } => self.ended(flow, now_ms, failed),
            Input::Pause(paused) => self.pause(paused, &mut out),
            Input::Resume => self.resume(flow, &mut out),
        }
        out
    }

    /// The number of the next delivery, which a person has made: it begins at once, whatever
    /// else is held. [`Input::ByHand`] says with which run.
    pub fn by_hand(&mut self) -> u64 {
        self.next()
    }

    /// What is held is told that nothing comes of it, and why.
    pub fn disarm(&mut self, why: Unwanted) -> Vec<(u64, Outcome)> {
        self.tell_off(why, |_| true)
    }

    /// What was held when a backup was taken is told that it is not started here.
    pub fn forget_before(&mut self, taken_ms: u64) -> Vec<(u64, Outcome)> {
        self.tell_off(Unwanted::Restored, |held| held.at_ms <= taken_ms)
    }

    fn tell_off(&mut self, why: Unwanted, is_meant: impl Fn(&Held) -> bool) -> Vec<(u64, Outcome)> {
        let gone = self.held.extract_if(.., |held| is_meant(held));
        gone.map(|held| (held.number, Outcome::Skipped(why))).collect()
    }

    /// When something that is held is to be looked at.
    pub fn next_look(&self, flow: &Flow, now_ms: u64) -> Option<u64> {
        if self.paused.is_some() {
            return None;
        }
        let free_ms = self.free_ms(flow, now_ms);
        let gathered = match self.full_batch(flow) {
            true => Some(0),
            false => self.held.iter().map(|held| ready_ms(flow, held, now_ms)).min(),
        };
        gathered.map(|ready_ms| ready_ms.max(free_ms))
    }

    fn next(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    fn hold(&mut self, flow: &Flow, held: Held, out: &mut Decision) {
        let mut held = held;
        if let Some(Gather::Debounce { .. }) = flow.gather
            && let Some(place) = self.held.iter().position(|older| older.key == held.key)
        {
            let older = self.held.remove(place);
            held.since_ms = older.since_ms;
            out.outcomes.push((older.number, Outcome::Merged { into: held.number }));
        }
        if !self.has_room(held.bytes) {
            out.outcomes.push((held.number, Outcome::Skipped(Unwanted::TooManyHeld)));
            return;
        }
        if self.paused.is_some() {
            held.why = HeldFor::Pause;
        }
        out.outcomes.push((held.number, Outcome::Held(held.why)));
        self.held.push(held);
    }

    /// The oldest that may begin now, and what begins with it.
    fn look(&mut self, flow: &Flow, now_ms: u64, out: &mut Decision) {
        if self.paused.is_some() {
            return;
        }
        while let Some(numbers) = self.ready(flow, now_ms) {
            let excess = flow.throttle.map_or(Excess::Wait, |throttle| throttle.excess);
            let is_free = self.free_ms(flow, now_ms) <= now_ms;
            match (is_free, excess) {
                (true, _) => {
                    out.start = Some(numbers);
                    return;
                }
                (false, Excess::Skip) => {
                    self.let_go(&numbers);
                    let skipped = Outcome::Skipped(Unwanted::Throttle);
                    out.outcomes.extend(numbers.into_iter().map(|n| (n, skipped.clone())));
                }
                (false, Excess::Wait) => {
                    let is_meant = |held: &Held| numbers.binary_search(&held.number).is_ok();
                    self.become_held_for(is_meant, HeldFor::Throttle, out);
                    return;
                }
            }
        }
    }

    /// What would begin now is said to wait until runs may begin.
    fn wait_for_opening(&mut self, flow: &Flow, now_ms: u64, out: &mut Decision) {
        if self.paused.is_some() {
            return;
        }
        let is_batch = matches!(flow.gather, Some(Gather::Batch { .. }));
        let begins = self.ready(flow, now_ms).unwrap_or_default();
        let is_meant = |held: &Held| match is_batch {
            true => begins.binary_search(&held.number).is_ok(),
            false => ready_ms(flow, held, now_ms) <= now_ms,
        };
        self.become_held_for(is_meant, HeldFor::Closed, out);
    }

    fn let_go(&mut self, numbers: &[u64]) {
        self.held.retain(|held| numbers.binary_search(&held.number).is_err());
    }

    /// The numbers of those that begin together now.
    fn ready(&self, flow: &Flow, now_ms: u64) -> Option<Vec<u64>> {
        let is_ready = |held: &&Held| ready_ms(flow, held, now_ms) <= now_ms;
        match &flow.gather {
            None | Some(Gather::Debounce { .. }) => {
                Some(vec![self.held.iter().find(is_ready)?.number])
            }
            Some(Gather::Batch { size, .. }) => {
                // not the first alone: clocks that were set make another be ready before it
                let is_due = self.full_batch(flow) || self.held.iter().any(|held| is_ready(&held));
                let first = self.held.iter().take(self.gathered(*size));
                is_due.then(|| first.map(|held| held.number).collect())
            }
        }
    }

    /// How many of the oldest go into one batch: one at least, whatever it takes.
    fn gathered(&self, size: u32) -> usize {
        let mut bytes = 0u64;
        let fits = self.held.iter().take(size as usize).take_while(|held| {
            bytes = bytes.saturating_add(held.bytes);
            bytes <= MOST_GATHERED_BYTES
        });
        fits.count().max(1).min(self.held.len())
    }

    fn full_batch(&self, flow: &Flow) -> bool {
        let Some(Gather::Batch { size, .. }) = flow.gather else { return false };
        let gathered = self.gathered(size);
        gathered == size as usize || gathered < self.held.len()
    }

    /// From when on a run may begin.
    fn free_ms(&self, flow: &Flow, now_ms: u64) -> u64 {
        let Some(throttle) = flow.throttle else { return 0 };
        if self.began_ms.len() < throttle.rate.limit as usize {
            return 0;
        }
        // a clock that was set back would have it wait for as long as it was ahead
        let oldest_ms = self.began_ms.front().filter(|began_ms| **began_ms <= now_ms);
        oldest_ms.map_or(0, |began_ms| began_ms.saturating_add(throttle.rate.per_ms))
    }

    fn pause(&mut self, paused: Paused, out: &mut Decision) {
        self.paused = Some(paused);
        self.become_held_for(|_| true, HeldFor::Pause, out);
    }

    fn resume(&mut self, flow: &Flow, out: &mut Decision) {
        (self.paused, self.failures) = (None, 0);
        let why = match flow.gather {
            Some(_) => HeldFor::Gathering,
            None => HeldFor::Throttle,
        };
        self.become_held_for(|_| true, why, out);
    }

    fn become_held_for(
        &mut self,
        is_meant: impl Fn(&Held) -> bool,
        why: HeldFor,
        out: &mut Decision,
    ) {
        for held in self.held.iter_mut().filter(|held| held.why != why) {
            if is_meant(held) {
                held.why = why;
                out.outcomes.push((held.number, Outcome::Held(why)));
            }
        }
    }

    fn ended(&mut self, flow: &Flow, now_ms: u64, failed: bool) {
        self.failures = if failed { self.failures.saturating_add(1) } else { 0 };
        if let Some(most) = flow.pause_on_failure.filter(|most| self.failures >= *most)
            && self.paused.is_none()
        {
            self.paused = Some(Paused::by_itself(most, self.failures, now_ms));
        }
    }
}

/// When a held delivery has waited long enough for others. What came later than now came
/// by a clock that was set back since: it would wait for as long as that was ahead.
fn ready_ms(flow: &Flow, held: &Held, now_ms: u64) -> u64 {
    let after = |from_ms: u64, ms: u64| match from_ms <= now_ms {
        true => from_ms.saturating_add(ms),
        false => 0,
    };
    match flow.gather {
        None => 0,
        Some(Gather::Debounce { wait_ms, max_ms, .. }) => {
            let quiet_ms = after(held.at_ms, wait_ms);
            max_ms.map_or(quiet_ms, |max_ms| quiet_ms.min(after(held.since_ms, max_ms)))
        }
        Some(Gather::Batch { wait_ms, .. }) => after(held.at_ms, wait_ms),
    }
}
