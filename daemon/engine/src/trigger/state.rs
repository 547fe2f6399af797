//! What is known of a schedule's slots, and what becomes of each.
//!
//! ```text
//!                    .-- passed over: calendar, clock change, condition ---> a fate
//!  slot -- taken --+---- its time is still to come ------------------------> waits
//!                  +---- its time has long passed ---> catch-up: waits, or is missed
//!                  '---- now ---> may it start beside what runs? ---> starts, waits, skipped
//! ```
//! What waits for its time is looked at in the same way when that has come: whether it has
//! long passed by then, and what it may start beside.
//!
//! Slots are taken in the order of their instants, each once: `upto_ms` says how far. Each
//! that was taken has one fate that lasts, or stands among those that wait. Only a clock that
//! was far ahead makes a person set it back ([`ScheduleState::rewind`]).

use serde::{Deserialize, Serialize};

use super::schedule::{CatchUp, CatchUpPolicy, Overlap, Schedule};
use crate::actor::{Actor, Origin};
use crate::name::RunId;

/// A slot that is fired so much later is told as late.
pub const LATE_MS: u64 = 5_000;
/// A slot that is so much behind was missed by its time, and is caught up or not.
pub const MISSED_MS: u64 = 60_000;
/// Most slots of one schedule that wait for their turn behind a run.
pub const MOST_QUEUED: usize = 1_000;

/// A moment that a schedule names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Its name. Of a time that the clock leaps over: the first instant after the gap.
    pub at_ms: u64,
    /// When it is to be fired: later than `at_ms` by jitter, or because it was put off to
    /// another day. Of one that is passed over: `at_ms`, or when another stands for it.
    pub due_ms: u64,
    pub passed: Option<Passed>,
}

/// Why a slot is passed over by its own schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Passed {
    /// The clock leaps over it when summer time begins.
    Gap,
    /// The clock shows it twice when summer time ends, and this is the other one.
    Fold,
    /// Its day is none of the schedule's.
    Calendar,
    /// Another slot that was put off stands for it.
    Merged,
}

impl Passed {
    pub fn word(self) -> &'static str {
        match self {
            Passed::Gap => "gap",
            Passed::Fold => "fold",
            Passed::Calendar => "calendar",
            Passed::Merged => "merged",
        }
    }
}

/// What has become of a slot. All but the first are for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    Waiting {
        due_ms: u64,
        why: WaitsFor,
    },
    Fired {
        run: RunId,
        how: How,
        by_ms: u64,
    },
    PassedOver(Passed),
    Skipped(Skipped),
    /// No run could be accepted.
    Refused {
        code: String,
        message: String,
    },
    Missed(Missed),
}

/// How a slot has come to its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum How {
    InTime,
    Late,
    CaughtUp,
    Backfilled,
    /// It is no moment of the schedule: a person has fired it.
    ByHand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WaitsFor {
    /// Its time: jitter, or another day.
    Time,
    /// Its place among those that are caught up.
    CatchUp,
    /// The end of a run.
    Run,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Skipped {
    /// This run of an earlier slot was still going on.
    Overlap {
        run: RunId,
    },
    /// It waited for a run to end, and a newer slot stands for it.
    Superseded,
    /// More slots wait than may.
    QueueFull,
    Paused,
    /// Its condition was false.
    Condition,
    /// It waited, and the trigger was disabled or is not declared any more.
    Disarmed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Missed {
    /// The daemon was not there.
    Down,
    /// It was there, and the clock was set forward or the machine slept.
    Clock,
    /// It was held after a restore.
    Restore,
}

/// A slot that was taken and has no lasting fate yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub slot: Slot,
    pub why: WaitsFor,
    pub how: How,
}

/// A schedule that fires nothing until somebody lets it go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    pub by: Actor,
    pub note: String,
    pub since_ms: u64,
}

impl Paused {
    /// Because as many runs have failed one after the other as the trigger says.
    pub(super) fn by_itself(most: u32, failures: u32, now_ms: u64) -> Paused {
        let by = Actor { who: "rpad".into(), origin: Origin::Daemon };
        let note = match most {
            1 => "its run failed".to_owned(),
            _ => format!("{failures} runs failed one after the other"),
        };
        Paused { by, note, since_ms: now_ms }
    }
}

/// The state of a schedule that is armed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleState {
    /// All slots up to this instant were taken.
    pub upto_ms: u64,
    /// In the order of their instants.
    pub pending: Vec<Pending>,
    /// Runs of this schedule that go on, the oldest first.
    pub open: Vec<RunId>,
    /// Runs that have failed one after the other.
    pub failures: u32,
    pub paused: Option<Paused>,
    /// When the last slot was caught up.
    pub caught_ms: u64,
}

/// What is decided with.
#[derive(Clone, Copy, Debug)]
pub struct Cx {
    pub now_ms: u64,
    /// Since when the daemon has been there to fire.
    pub up_since_ms: u64,
    /// Slots before it may have been fired by the daemon whose backup this is; 0 when the
    /// store was not restored.
    pub restored_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The next slot.
    Slot(Slot),
    /// There are no more slots up to this instant.
    Upto {
        at_ms: u64,
    },
    /// What waits is looked at: at the end of each run of inputs, and when `next_look` says.
    Look,
    /// A person wants the run of a slot that was taken and has had none. Nothing becomes of
    /// one that is still to be taken, nor of one for which there is no [`ScheduleState::room`].
    Backfill {
        slot: Slot,
    },
    /// What has become of the `Start` that was asked for.
    Accepted {
        start: Start,
        run: RunId,
    },
    Refused {
        start: Start,
        code: String,
        message: String,
    },
    /// The trigger's condition was false.
    Unwanted {
        start: Start,
    },
    /// A run of this schedule has ended; whether it failed, unless it was cancelled.
    Ended {
        run: RunId,
        failed: Option<bool>,
    },
    Pause {
        by: Actor,
        note: String,
    },
    Resume,
}

/// A run is to be accepted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    pub slot: Slot,
    pub how: How,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// By the instants of the slots.
    pub fates: Vec<(u64, Fate)>,
    /// At most one: the next input says what has become of it.
    pub start: Option<Start>,
    pub cancel: Vec<RunId>,
}

impl ScheduleState {
    /// A schedule that is armed at this moment: slots before it are none of its.
    pub fn armed(now_ms: u64) -> ScheduleState {
        ScheduleState { upto_ms: now_ms, ..ScheduleState::default() }
    }

    pub fn step(&mut self, schedule: &Schedule, cx: Cx, input: Input) -> Decision {
        let mut out = Decision::default();
        match input {
            // it was taken before, by a clock that was set back since
            Input::Slot(slot) if slot.at_ms <= self.upto_ms => {}
            Input::Slot(slot) => {
                self.upto_ms = slot.at_ms;
                self.take(schedule, cx, slot, &mut out);
            }
            Input::Upto { at_ms } => self.upto_ms = self.upto_ms.max(at_ms),
            Input::Look => self.look(schedule, cx, &mut out),
            // what is still to be taken comes by itself, and what has no room has had none
            Input::Backfill { slot } if slot.at_ms > self.upto_ms || self.room() == 0 => {}
            Input::Backfill { slot } => {
                let (why, how) = (WaitsFor::Run, How::Backfilled);
                self.wait(Pending { slot, why, how }, &mut out);
            }
            Input::Accepted { start: Start { slot, how }, run } => {
                // a run that a person wanted beside all others is in nobody's way
                if how != How::ByHand {
                    self.open.push(run);
                }
                let by_ms = cx.now_ms.saturating_sub(slot.due_ms);
                out.fates.push((slot.at_ms, Fate::Fired { run, how, by_ms }));
            }
            Input::Refused { start, code, message } => {
                out.fates.push((start.slot.at_ms, Fate::Refused { code, message }));
            }
            Input::Unwanted { start } => {
                out.fates.push((start.slot.at_ms, Fate::Skipped(Skipped::Condition)));
            }
            Input::Ended { run, failed } => self.ended(schedule, cx, run, failed),
            Input::Pause { by, note } => {
                self.paused = Some(Paused { by, note, since_ms: cx.now_ms });
            }
            Input::Resume => (self.paused, self.failures) = (None, 0),
        }
        out
    }

    /// How many more slots may wait for the end of a run.
    pub fn room(&self) -> usize {
        let queued = self.pending.iter().filter(|pending| pending.why == WaitsFor::Run).count();
        MOST_QUEUED.saturating_sub(queued)
    }

    /// When something that waits is to be looked at; of slots that are still to be taken it
    /// knows nothing.
    pub fn next_look(&self, rule: &CatchUp, now_ms: u64) -> Option<u64> {
        let at = |pending: &Pending| match pending.why {
            WaitsFor::Time => Some(pending.slot.due_ms),
            WaitsFor::CatchUp => Some(self.next_catch_up(rule, now_ms)),
            // its end is an input
            WaitsFor::Run if !self.open.is_empty() => None,
            WaitsFor::Run => Some(0),
        };
        self.pending.iter().filter_map(at).min()
    }

    fn next_catch_up(&self, rule: &CatchUp, now_ms: u64) -> u64 {
        match self.caught_ms {
            0 => 0,
            // by a clock that was set back since: the rest would wait for as long as it was ahead
            last if last > now_ms => 0,
            last => last.saturating_add(rule.spread_ms),
        }
    }

    fn take(&mut self, schedule: &Schedule, cx: Cx, slot: Slot, out: &mut Decision) {
        let at_ms = slot.at_ms;
        if let Some(passed) = slot.passed {
            out.fates.push((at_ms, Fate::PassedOver(passed)));
        } else if slot.due_ms < cx.restored_ms {
            out.fates.push((at_ms, Fate::Missed(Missed::Restore)));
        } else if self.paused.is_some() {
            out.fates.push((at_ms, Fate::Skipped(Skipped::Paused)));
        } else if cx.now_ms.saturating_sub(slot.due_ms) > MISSED_MS {
            self.catch_up(schedule, cx, slot, out);
        } else {
            self.wait(Pending { slot, why: WaitsFor::Time, how: How::InTime }, out);
        }
    }

    /// It has passed: it is missed, or waits until it is known whether newer ones have too.
    fn catch_up(&mut self, schedule: &Schedule, cx: Cx, slot: Slot, out: &mut Decision) {
        let rule = &schedule.catch_up;
        let most = match rule.policy {
            CatchUpPolicy::None => 0,
            CatchUpPolicy::Last => 1,
            CatchUpPolicy::All => rule.max as usize,
        };
        let behind_ms = cx.now_ms.saturating_sub(slot.due_ms);
        if most == 0 || rule.window_ms.is_some_and(|window_ms| behind_ms > window_ms) {
            out.fates.push((slot.at_ms, Fate::Missed(missed(cx, slot))));
            return;
        }
        self.wait(Pending { slot, why: WaitsFor::CatchUp, how: How::CaughtUp }, out);
        let is_caught = |pending: &&Pending| pending.why == WaitsFor::CatchUp;
        if self.pending.iter().filter(is_caught).count() > most
            && let Some(oldest) = self.pending.iter().position(|p| is_caught(&p))
        {
            let Pending { slot, .. } = self.pending.remove(oldest);
            out.fates.push((slot.at_ms, Fate::Missed(missed(cx, slot))));
        }
    }

    fn wait(&mut self, pending: Pending, out: &mut Decision) {
        let Pending { slot, why, .. } = pending;
        out.fates.push((slot.at_ms, Fate::Waiting { due_ms: slot.due_ms, why }));
        let place = self.pending.partition_point(|p| p.slot.at_ms <= slot.at_ms);
        self.pending.insert(place, pending);
    }

    /// The oldest slot whose time has come starts, or is given a fate.
    fn look(&mut self, schedule: &Schedule, cx: Cx, out: &mut Decision) {
        self.find_overdue(schedule, cx, out);
        while let Some(place) = self.pending.iter().position(|p| self.is_due(p, schedule, cx)) {
            let pending = self.pending.remove(place);
            let Pending { slot, how, why } = pending;
            if self.paused.is_some() {
                out.fates.push((slot.at_ms, Fate::Skipped(Skipped::Paused)));
                continue;
            }
            if why == WaitsFor::CatchUp {
                self.caught_ms = cx.now_ms;
            }
            match self.open.last().copied() {
                Some(run) if schedule.overlap != Overlap::Allow => {
                    self.behind(schedule, Pending { slot, how, why: WaitsFor::Run }, run, out);
                }
                Some(_) | None => {
                    let late = cx.now_ms.saturating_sub(slot.due_ms) > LATE_MS;
                    let how = match how {
                        How::InTime if late => How::Late,
                        how => how,
                    };
                    out.start = Some(Start { slot, how });
                    return;
                }
            }
        }
    }

    /// Slots that waited for a time that has long passed by now are missed as any other,
    /// all of them before one is fired: the newest may stand for the others.
    fn find_overdue(&mut self, schedule: &Schedule, cx: Cx, out: &mut Decision) {
        if self.paused.is_some() {
            return;
        }
        let is_over = |pending: &mut Pending| {
            let behind_ms = cx.now_ms.saturating_sub(pending.slot.due_ms);
            pending.why == WaitsFor::Time && behind_ms > MISSED_MS
        };
        let over: Vec<Pending> = self.pending.extract_if(.., is_over).collect();
        for Pending { slot, .. } in over {
            self.catch_up(schedule, cx, slot, out);
        }
    }

    fn is_due(&self, pending: &Pending, schedule: &Schedule, cx: Cx) -> bool {
        match pending.why {
            WaitsFor::Time => pending.slot.due_ms <= cx.now_ms,
            // newer ones may still be to come
            WaitsFor::CatchUp => {
                cx.now_ms.saturating_sub(self.upto_ms) <= MISSED_MS
                    && self.next_catch_up(&schedule.catch_up, cx.now_ms) <= cx.now_ms
            }
            WaitsFor::Run => self.open.is_empty() || schedule.overlap == Overlap::Allow,
        }
    }

    /// A slot whose time has come while a run goes on.
    fn behind(&mut self, schedule: &Schedule, pending: Pending, run: RunId, out: &mut Decision) {
        let at_ms = pending.slot.at_ms;
        // a person who fills in slots wants each of them
        let rule = match pending.how {
            How::Backfilled => Overlap::QueueAll,
            How::InTime | How::Late | How::CaughtUp | How::ByHand => schedule.overlap,
        };
        match rule {
            Overlap::Skip => out.fates.push((at_ms, Fate::Skipped(Skipped::Overlap { run }))),
            Overlap::QueueAll | Overlap::Allow => match self.room() {
                0 => out.fates.push((at_ms, Fate::Skipped(Skipped::QueueFull))),
                _ => self.wait(pending, out),
            },
            Overlap::QueueOne | Overlap::CancelRunning => {
                let stands_for = |p: &Pending| p.why == WaitsFor::Run && p.how != How::Backfilled;
                // one that is caught up comes behind newer ones
                if self.pending.iter().any(|p| stands_for(p) && p.slot.at_ms > at_ms) {
                    out.fates.push((at_ms, Fate::Skipped(Skipped::Superseded)));
                    return;
                }
                let older = self.pending.iter().filter(|p| stands_for(p)).map(|p| p.slot.at_ms);
                out.fates.extend(older.map(|at_ms| (at_ms, Fate::Skipped(Skipped::Superseded))));
                self.pending.retain(|p| !stands_for(p));
                if rule == Overlap::CancelRunning {
                    out.cancel.extend(&self.open);
                }
                self.wait(pending, out);
            }
        }
    }

    /// Nothing declares it any more, or a person does not want it: what waits is told so.
    pub fn disarm(&mut self) -> Vec<(u64, Fate)> {
        let waiting = self.pending.drain(..).map(|pending| pending.slot.at_ms);
        waiting.map(|at_ms| (at_ms, Fate::Skipped(Skipped::Disarmed))).collect()
    }

    /// A restored store goes on: what waited when its backup was taken, and was due since, may
    /// have been fired by the daemon whose backup it is. What a person had filled in as well.
    pub fn released(&mut self, now_ms: u64) -> Vec<(u64, Fate)> {
        let past = self.pending.extract_if(.., |pending| pending.slot.due_ms < now_ms);
        past.map(|pending| (pending.slot.at_ms, Fate::Missed(Missed::Restore))).collect()
    }

    /// The clock was ahead of what it shows now: slots from now on are taken, those again that
    /// were taken already. Which of them have had a run the ledger knows, not the state. Gives
    /// those that waited: they are as if they had never come.
    pub fn rewind(&mut self, now_ms: u64) -> Vec<u64> {
        self.upto_ms = self.upto_ms.min(now_ms);
        self.caught_ms = self.caught_ms.min(now_ms);
        let ahead = self.pending.extract_if(.., |pending| pending.slot.at_ms > now_ms);
        ahead.map(|pending| pending.slot.at_ms).collect()
    }

    /// A run that has ended after the schedule was disarmed.
    pub fn forget(&mut self, run: RunId) {
        self.open.retain(|open| *open != run);
    }

    fn ended(&mut self, schedule: &Schedule, cx: Cx, run: RunId, failed: Option<bool>) {
        let before = self.open.len();
        self.forget(run);
        if self.open.len() == before {
            return;
        }
        self.failures = match failed {
            Some(true) => self.failures.saturating_add(1),
            Some(false) => 0,
            None => return,
        };
        if let Some(most) = schedule.pause_on_failure.filter(|most| self.failures >= *most)
            && self.paused.is_none()
        {
            self.paused = Some(Paused::by_itself(most, self.failures, cx.now_ms));
        }
    }
}

fn missed(cx: Cx, slot: Slot) -> Missed {
    match slot.due_ms < cx.up_since_ms {
        true => Missed::Down,
        false => Missed::Clock,
    }
}
