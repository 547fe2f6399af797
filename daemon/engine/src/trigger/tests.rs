//! Slots, ends of runs, pauses and clocks in any order: each slot has one fate in the end.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::actor::{Actor, Origin};
use crate::name::RunId;

const MINUTE: u64 = 60_000;

fn schedule(overlap: Overlap, policy: CatchUpPolicy) -> Schedule {
    Schedule {
        moments: Moments::Cron("* * * * *".into()),
        timezone: "UTC".into(),
        gap: DstGap::RunAfter,
        fold: DstOverlap::First,
        jitter_ms: 0,
        start: None,
        end: None,
        days: None,
        outside: Outside::Skip,
        catch_up: CatchUp { policy, window_ms: None, max: 3, spread_ms: 0 },
        overlap,
        pause_on_failure: None,
    }
}

fn person() -> Actor {
    Actor { who: "ana".into(), origin: Origin::Cli }
}

fn slot(at_ms: u64) -> Slot {
    Slot { at_ms, due_ms: at_ms, passed: None }
}

/// A daemon around a schedule of a slot each minute.
struct Play {
    schedule: Schedule,
    state: ScheduleState,
    now_ms: u64,
    up_since_ms: u64,
    next_ms: u64,
    /// The last word on each slot, and how often there was one.
    fates: BTreeMap<u64, Fate>,
    lasting: BTreeMap<u64, u32>,
    cancelled: BTreeSet<RunId>,
    runs: u128,
    refuses: bool,
}

impl Play {
    fn new(schedule: Schedule) -> Play {
        let now_ms = 1_000 * MINUTE;
        Play {
            schedule,
            state: ScheduleState::armed(now_ms),
            now_ms,
            up_since_ms: now_ms,
            next_ms: now_ms + MINUTE,
            fates: BTreeMap::new(),
            lasting: BTreeMap::new(),
            cancelled: BTreeSet::new(),
            runs: 0,
            refuses: false,
        }
    }

    fn disarm(&mut self) {
        let fates = self.state.disarm();
        self.told(fates);
    }

    fn told(&mut self, fates: Vec<(u64, Fate)>) {
        for (at_ms, fate) in fates {
            if !matches!(fate, Fate::Waiting { .. }) {
                *self.lasting.entry(at_ms).or_default() += 1;
            }
            self.fates.insert(at_ms, fate);
        }
    }

    fn give(&mut self, input: Input) {
        let cx = Cx { now_ms: self.now_ms, up_since_ms: self.up_since_ms, restored_ms: 0 };
        let mut next = Some(input);
        while let Some(input) = next.take() {
            let looks = input == Input::Look;
            let decision = self.state.step(&self.schedule, cx, input);
            self.told(decision.fates);
            self.cancelled.extend(decision.cancel);
            assert!(looks || decision.start.is_none());
            if let Some(start) = decision.start {
                self.runs += 1;
                let run = RunId(self.runs);
                let answer = match self.refuses {
                    true => Input::Refused { start, code: "RPA0203".into(), message: "no".into() },
                    false => Input::Accepted { start, run },
                };
                self.give(answer);
                next = Some(Input::Look);
            }
        }
    }

    /// The clock is looked at: slots that have passed are taken.
    fn look(&mut self) {
        // one that was told before, by a clock that does not know of it
        self.give(Input::Slot(slot(self.next_ms - MINUTE)));
        while self.next_ms <= self.now_ms {
            self.give(Input::Slot(slot(self.next_ms)));
            self.next_ms += MINUTE;
        }
        self.give(Input::Upto { at_ms: self.now_ms });
        self.give(Input::Look);
    }

    fn pass(&mut self, ms: u64) {
        self.now_ms += ms;
        self.look();
    }

    /// The daemon is away.
    fn away(&mut self, ms: u64) {
        self.now_ms += ms;
        self.up_since_ms = self.now_ms;
        self.look();
    }

    fn end(&mut self, failed: bool) {
        if let Some(run) = self.state.open.first().copied() {
            self.give(Input::Ended { run, failed: Some(failed) });
            self.give(Input::Look);
        }
    }

    fn fate(&self, minute: u64) -> &Fate {
        &self.fates[&((1_000 + minute) * MINUTE)]
    }
}

#[test]
fn slots_fire_in_time() {
    let mut play = Play::new(schedule(Overlap::Skip, CatchUpPolicy::Last));
    play.pass(MINUTE);
    assert!(matches!(play.fate(1), Fate::Fired { how: How::InTime, by_ms: 0, .. }));
    play.end(false);
    play.pass(MINUTE + LATE_MS + 1);
    assert!(matches!(play.fate(2), Fate::Fired { how: How::Late, by_ms: 5_001, .. }));
}

#[test]
fn what_overlaps_is_skipped_queued_or_cancels() {
    let told = |overlap| {
        let mut play = Play::new(schedule(overlap, CatchUpPolicy::Last));
        (0..3).for_each(|_| play.pass(MINUTE));
        let before = (play.fate(2).clone(), play.fate(3).clone(), play.cancelled.len());
        play.end(false);
        (before, play.fate(2).clone(), play.fate(3).clone(), play.state.open.len())
    };
    let run = RunId(1);
    let skipped = Fate::Skipped(Skipped::Overlap { run });
    assert_eq!(
        told(Overlap::Skip),
        ((skipped.clone(), skipped.clone(), 0), skipped.clone(), skipped, 0)
    );
    let superseded = Fate::Skipped(Skipped::Superseded);
    let ((two, three, cancelled), _, after, open) = told(Overlap::QueueOne);
    assert!(matches!(three, Fate::Waiting { why: WaitsFor::Run, .. }));
    assert_eq!((two, cancelled, open), (superseded.clone(), 0, 1));
    assert!(matches!(after, Fate::Fired { .. }));
    let ((two, _, cancelled), _, after, open) = told(Overlap::CancelRunning);
    assert_eq!((two, cancelled, open), (superseded, 1, 1));
    assert!(matches!(after, Fate::Fired { .. }));
    let (_, two, three, open) = told(Overlap::QueueAll);
    assert!(matches!(two, Fate::Fired { .. }));
    assert!(matches!(three, Fate::Waiting { why: WaitsFor::Run, .. }));
    assert_eq!(open, 1);
    let ((two, three, _), ..) = told(Overlap::Allow);
    assert!(matches!((two, three), (Fate::Fired { .. }, Fate::Fired { .. })));
}

#[test]
fn what_was_missed_is_caught_up_as_declared() {
    let fired = |policy| {
        let mut play = Play::new(schedule(Overlap::Allow, policy));
        play.away(10 * MINUTE);
        let is_fired =
            |minute: &u64| matches!(play.fate(*minute), Fate::Fired { how: How::CaughtUp, .. });
        let fired: Vec<u64> = (1..=8).filter(is_fired).collect();
        for minute in (1..=8).filter(|minute| !fired.contains(minute)) {
            assert_eq!(play.fate(minute), &Fate::Missed(Missed::Down), "{policy:?} {minute}");
        }
        // the last minute is no time to speak of
        assert!(matches!(play.fate(10), Fate::Fired { how: How::InTime, .. }));
        assert!(matches!(play.fate(9), Fate::Fired { how: How::Late, .. }));
        fired
    };
    assert_eq!(fired(CatchUpPolicy::None), [0; 0]);
    assert_eq!(fired(CatchUpPolicy::Last), [8]);
    assert_eq!(fired(CatchUpPolicy::All), [6, 7, 8]);
}

#[test]
fn what_is_caught_up_is_spread_and_nothing_is_older_than_its_window() {
    let mut schedule = schedule(Overlap::Allow, CatchUpPolicy::All);
    schedule.catch_up = CatchUp {
        policy: CatchUpPolicy::All,
        window_ms: Some(5 * MINUTE),
        max: 100,
        spread_ms: 10_000,
    };
    let mut play = Play::new(schedule);
    play.away(10 * MINUTE);
    let caught = |play: &Play| {
        let is_caught = |fate: &&Fate| matches!(fate, Fate::Fired { how: How::CaughtUp, .. });
        play.fates.values().filter(is_caught).count()
    };
    assert_eq!(play.fate(4), &Fate::Missed(Missed::Down));
    assert_eq!(caught(&play), 1);
    for n in 2..=4 {
        let next_ms = play.state.next_look(&play.schedule.catch_up, play.now_ms).unwrap();
        assert_eq!(next_ms, play.now_ms + 10_000);
        play.pass(10_000);
        assert_eq!(caught(&play), n);
    }
    assert!(matches!(play.fate(5), Fate::Fired { .. }));
    assert_eq!(play.state.next_look(&play.schedule.catch_up, play.now_ms), None);
}

#[test]
fn what_is_caught_up_does_not_wait_for_as_long_as_the_clock_was_ahead() {
    let mut schedule = schedule(Overlap::Allow, CatchUpPolicy::All);
    let (policy, window_ms) = (CatchUpPolicy::All, None);
    schedule.catch_up = CatchUp { policy, window_ms, max: 100, spread_ms: 10_000 };
    let mut play = Play::new(schedule);
    play.away(10 * MINUTE);
    let waiting = play.state.pending.len();
    play.now_ms -= 5 * MINUTE;
    let look_ms = play.state.next_look(&play.schedule.catch_up, play.now_ms);
    assert_eq!(look_ms, Some(0), "it was caught up by a clock that was ahead");
    play.pass(10_000);
    assert!(play.state.pending.len() < waiting, "{:?}", play.state);
}

#[test]
fn who_fails_too_often_pauses_and_says_so() {
    let mut schedule = schedule(Overlap::Skip, CatchUpPolicy::Last);
    schedule.pause_on_failure = Some(2);
    let mut play = Play::new(schedule);
    for failed in [true, false, true, true] {
        play.pass(MINUTE);
        play.end(failed);
    }
    let paused = play.state.paused.clone().unwrap();
    assert_eq!(paused.note, "2 runs failed one after the other");
    play.pass(MINUTE);
    assert_eq!(play.fate(5), &Fate::Skipped(Skipped::Paused));
    play.give(Input::Resume);
    play.pass(MINUTE);
    assert!(matches!(play.fate(6), Fate::Fired { .. }));
}

#[test]
fn a_restored_schedule_fires_nothing_that_the_original_may_have_fired() {
    let schedule = schedule(Overlap::Skip, CatchUpPolicy::All);
    let mut state = ScheduleState::armed(0);
    let cx = Cx { now_ms: 10 * MINUTE, up_since_ms: 10 * MINUTE, restored_ms: 9 * MINUTE };
    let decision = state.step(&schedule, cx, Input::Slot(slot(MINUTE)));
    assert_eq!(decision.fates, [(MINUTE, Fate::Missed(Missed::Restore))]);
}

#[test]
fn what_waits_for_a_trigger_that_is_disarmed_is_told_so() {
    let mut play = Play::new(schedule(Overlap::QueueAll, CatchUpPolicy::Last));
    (0..3).for_each(|_| play.pass(MINUTE));
    play.disarm();
    let disarmed = Fate::Skipped(Skipped::Disarmed);
    assert_eq!((play.fate(2), play.fate(3)), (&disarmed, &disarmed));
    assert_eq!(play.state.next_look(&play.schedule.catch_up, play.now_ms), None);
}

#[test]
fn slots_that_are_passed_over_or_not_wanted_say_why() {
    let mut play = Play::new(schedule(Overlap::Skip, CatchUpPolicy::All));
    play.now_ms += 3 * MINUTE;
    let base = 1_000 * MINUTE;
    play.give(Input::Slot(Slot { passed: Some(Passed::Gap), ..slot(base + 1) }));
    let start = Start { slot: slot(base + 2), how: How::InTime };
    play.give(Input::Unwanted { start });
    let told: Vec<Fate> = play.fates.into_values().collect();
    assert_eq!(told, [Fate::PassedOver(Passed::Gap), Fate::Skipped(Skipped::Condition)]);
}

#[derive(Clone, Debug)]
enum Act {
    Pass(u64),
    Away(u64),
    Back(u64),
    End(bool),
    Pause,
    Resume,
    Refuse(bool),
    Disarm,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..3 * MINUTE).prop_map(Act::Pass),
        1 => (0..500 * MINUTE).prop_map(Act::Away),
        1 => (0..90 * MINUTE).prop_map(Act::Back),
        4 => any::<bool>().prop_map(Act::End),
        1 => Just(Act::Pause),
        1 => Just(Act::Resume),
        1 => any::<bool>().prop_map(Act::Refuse),
        1 => Just(Act::Disarm),
    ]
}

proptest! {
    #[test]
    fn each_slot_has_one_fate(
        acts in prop::collection::vec(act(), 0..60),
        overlap in prop::sample::select(Overlap::ALL.to_vec()),
        policy in prop::sample::select(CatchUpPolicy::ALL.to_vec()),
        pause in prop::option::of(1..4u32),
    ) {
        let mut schedule = schedule(overlap, policy);
        schedule.pause_on_failure = pause;
        let mut play = Play::new(schedule);
        for act in acts {
            match act {
                Act::Pass(ms) => play.pass(ms),
                Act::Away(ms) => play.away(ms),
                Act::Back(ms) => {
                    play.now_ms -= ms.min(play.now_ms - 900 * MINUTE);
                    play.look();
                }
                Act::End(failed) => play.end(failed),
                Act::Pause => play.give(Input::Pause { by: person(), note: "x".into() }),
                Act::Resume => play.give(Input::Resume),
                Act::Disarm => play.disarm(),
                Act::Refuse(refuses) => play.refuses = refuses,
            }
            if overlap != Overlap::Allow {
                prop_assert!(play.state.open.len() <= 1, "two runs at once");
            }
            let most = match policy {
                CatchUpPolicy::None => 0,
                CatchUpPolicy::Last => 1,
                CatchUpPolicy::All => 3,
            };
            let catching = play.state.pending.iter().filter(|p| p.why == WaitsFor::CatchUp);
            prop_assert!(catching.count() <= most);
        }
        // all comes to rest
        play.now_ms = play.now_ms.max(play.next_ms);
        play.look();
        while !play.state.open.is_empty() {
            play.end(false);
        }
        play.pass(MINUTE);
        while !play.state.open.is_empty() {
            play.end(false);
        }
        let waiting: Vec<_> = play.state.pending.iter().map(|p| p.slot.at_ms).collect();
        for (at_ms, fate) in &play.fates {
            let waits = matches!(fate, Fate::Waiting { .. });
            prop_assert_eq!(waits, waiting.contains(at_ms));
            prop_assert_eq!(play.lasting.get(at_ms).copied().unwrap_or(0), u32::from(!waits));
        }
        prop_assert!(waiting.is_empty(), "{:?}", play.state);
        let all: Vec<u64> = (1_001 * MINUTE..play.next_ms).step_by(60_000).collect();
        let told: Vec<u64> = play.fates.keys().copied().collect();
        prop_assert_eq!(told, all, "slots expected are slots accounted");
    }
}
