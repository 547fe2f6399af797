//! Slots, ends of runs, pauses and clocks in any order: each slot has one fate in the end.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::actor::{Actor, Origin};
use crate::name::RunId;

const MINUTE: u64 = 60_000;
/// When the schedule is armed.
const ARMED: u64 = 1_000 * MINUTE;

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
#[derive(Clone)]
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
    restored_ms: u64,
    /// How late each slot of it is due.
    jitter: fn(u64) -> u64,
    /// Slots that have had a run, in any life of the store, since a person asked for one.
    fired: BTreeSet<u64>,
}

impl Play {
    fn new(schedule: Schedule) -> Play {
        let now_ms = ARMED;
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
            restored_ms: 0,
            jitter: |_| 0,
            fired: BTreeSet::new(),
        }
    }

    fn slot(&self, at_ms: u64) -> Slot {
        Slot { due_ms: at_ms + (self.jitter)(at_ms), ..slot(at_ms) }
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
            if let Fate::Fired { how, by_ms, .. } = &fate {
                assert!(self.fired.insert(at_ms), "{at_ms} has had a run");
                let in_time = matches!(how, How::InTime | How::Late);
                let waits_for_runs = self.schedule.overlap != Overlap::Allow;
                assert!(!in_time || waits_for_runs || *by_ms <= MISSED_MS, "{at_ms}: {by_ms}");
            }
            if fate == Fate::Skipped(Skipped::Superseded) {
                let newer = self.state.pending.iter().any(|p| p.slot.at_ms > at_ms);
                assert!(newer, "{at_ms} gives way to an older slot");
            }
            self.fates.insert(at_ms, fate);
        }
    }

    fn give(&mut self, input: Input) {
        let Play { now_ms, up_since_ms, restored_ms, .. } = *self;
        let cx = Cx { now_ms, up_since_ms, restored_ms };
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
            let at_ms = self.next_ms;
            // taken by a clock that was ahead
            match self.fates.get(&at_ms) {
                Some(Fate::Fired { .. }) => self.give(Input::Upto { at_ms }),
                _ => self.give(Input::Slot(self.slot(at_ms))),
            }
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

    /// A person wants a run for a slot, if the ledger has none for it.
    fn backfill(&mut self, at_ms: u64) {
        let is_free = match self.fates.get(&at_ms) {
            Some(Fate::Fired { .. } | Fate::Waiting { .. }) => false,
            Some(_) => true,
            // before it was armed
            None => at_ms <= ARMED,
        };
        let is_taken = at_ms <= self.state.upto_ms;
        if !is_free && is_taken {
            return;
        }
        let (before, room) = (self.state.clone(), self.state.room());
        self.give(Input::Backfill { slot: self.slot(at_ms) });
        assert_eq!(self.state != before, is_taken && room > 0, "{at_ms}");
        if self.state != before {
            self.lasting.remove(&at_ms);
            self.fired.remove(&at_ms);
        }
        self.give(Input::Look);
    }

    /// The clock is ahead for a moment, and a person enables the trigger when it is right again.
    fn ahead(&mut self, ms: u64) {
        self.pass(ms);
        self.now_ms -= ms;
        self.look();
        let waited = self.state.rewind(self.now_ms);
        let taken: Vec<u64> =
            self.fates.range(self.now_ms + 1..).map(|(at_ms, _)| *at_ms).collect();
        for at_ms in taken {
            let fate = &self.fates[&at_ms];
            assert_eq!(matches!(fate, Fate::Waiting { .. }), waited.contains(&at_ms), "{at_ms}");
            if !matches!(fate, Fate::Fired { .. }) {
                self.fates.remove(&at_ms);
                self.lasting.remove(&at_ms);
            }
        }
        self.next_ms = (self.now_ms / MINUTE + 1) * MINUTE;
        self.look();
    }

    /// A backup is restored, after the daemon that it is of went on for a while, and let go on.
    fn restore(self, backup: Play) -> Play {
        // its clock may have been ahead of this one
        let last_ms = self.fired.last().map_or(0, |at_ms| at_ms + 3 * MINUTE);
        let now_ms = self.now_ms.max(backup.now_ms).max(last_ms);
        // what the other one has fired is in no ledger here
        let mut play =
            Play { now_ms, up_since_ms: now_ms, restored_ms: now_ms, fired: self.fired, ..backup };
        play.runs = self.runs;
        let missed = play.state.released(now_ms);
        play.told(missed);
        play.look();
        play
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
fn what_waited_for_its_time_is_missed_like_any_other() {
    let fates = |policy, window_ms| {
        let mut schedule = schedule(Overlap::Allow, policy);
        schedule.catch_up.window_ms = window_ms;
        let mut play = Play::new(schedule);
        play.jitter = |_| 100_000;
        play.pass(2 * MINUTE);
        assert!(matches!(play.fate(1), Fate::Waiting { why: WaitsFor::Time, .. }));
        // both were taken, and are due while nobody is there
        play.now_ms += 60 * MINUTE;
        play.up_since_ms = play.now_ms;
        play.next_ms = play.now_ms + MINUTE;
        play.look();
        [1, 2].map(|minute| play.fate(minute).clone())
    };
    let missed = Fate::Missed(Missed::Down);
    let is_caught = |fate: &Fate| matches!(fate, Fate::Fired { how: How::CaughtUp, .. });
    assert_eq!(fates(CatchUpPolicy::None, None), [missed.clone(), missed.clone()]);
    assert_eq!(fates(CatchUpPolicy::All, Some(MINUTE)), [missed.clone(), missed.clone()]);
    let [first, second] = fates(CatchUpPolicy::Last, None);
    assert!(first == missed && is_caught(&second), "the newest stands for both: {first:?}");
    assert!(fates(CatchUpPolicy::All, None).iter().all(is_caught));
}

#[test]
fn an_older_slot_that_is_caught_up_does_not_stand_for_a_newer_one() {
    for overlap in [Overlap::QueueOne, Overlap::CancelRunning] {
        let mut schedule = schedule(overlap, CatchUpPolicy::All);
        schedule.catch_up.spread_ms = 30_000;
        let mut play = Play::new(schedule);
        play.away(4 * MINUTE);
        // the oldest was caught up and goes on, the newest ones wait for it or have waited
        assert!(matches!(play.fate(1), Fate::Fired { how: How::CaughtUp, .. }));
        assert!(matches!(play.fate(4), Fate::Waiting { why: WaitsFor::Run, .. }), "{overlap:?}");
        let cancelled = play.cancelled.len();
        play.pass(30_000);
        assert_eq!(play.fate(2), &Fate::Skipped(Skipped::Superseded), "{overlap:?}");
        assert_eq!(play.cancelled.len(), cancelled);
        play.end(false);
        assert!(matches!(play.fate(4), Fate::Fired { .. }), "{overlap:?}: {:?}", play.fate(4));
    }
}

#[test]
fn no_slot_is_filled_in_that_comes_by_itself_or_has_no_room() {
    let mut play = Play::new(schedule(Overlap::QueueAll, CatchUpPolicy::None));
    play.pass(MINUTE);
    play.backfill(ARMED + 2 * MINUTE);
    assert_eq!(play.fates.get(&(ARMED + 2 * MINUTE)), None, "it is still to be taken");
    for n in 0..1_100 {
        play.backfill(ARMED - n * 500);
    }
    assert_eq!((play.state.pending.len(), play.state.room()), (MOST_QUEUED, 0));
}

#[test]
fn what_waited_in_a_backup_is_not_fired_by_the_store_that_is_restored() {
    let mut play = Play::new(schedule(Overlap::QueueAll, CatchUpPolicy::All));
    play.jitter = |at_ms| if at_ms == ARMED + 3 * MINUTE { 10 * MINUTE } else { 0 };
    play.pass(3 * MINUTE);
    play.backfill(ARMED - MINUTE);
    let missed = play.state.released(play.now_ms + 1);
    play.told(missed);
    let restored = Fate::Missed(Missed::Restore);
    assert_eq!((play.fate(2), &play.fates[&(ARMED - MINUTE)]), (&restored, &restored));
    // its time is still to come, and nobody else is there to fire it then
    assert!(matches!(play.fate(3), Fate::Waiting { .. }));
}

#[test]
fn a_clock_that_was_far_ahead_is_forgiven() {
    let mut play = Play::new(schedule(Overlap::Allow, CatchUpPolicy::Last));
    play.pass(MINUTE);
    play.ahead(24 * 60 * MINUTE);
    assert_eq!(play.state.upto_ms, play.now_ms);
    play.pass(MINUTE);
    assert!(matches!(play.fate(2), Fate::Fired { how: How::InTime, .. }));
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
    /// A slot so many minutes before or after the last that was taken.
    Backfill(i64),
    /// The clock is so far ahead for a moment.
    Ahead(u64),
    Backup,
    Restore,
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
        2 => (-40..5i64).prop_map(Act::Backfill),
        1 => (0..400 * MINUTE).prop_map(Act::Ahead),
        1 => Just(Act::Backup),
        1 => Just(Act::Restore),
    ]
}

proptest! {
    #[test]
    fn each_slot_has_one_fate(
        acts in prop::collection::vec(act(), 0..60),
        overlap in prop::sample::select(Overlap::ALL.to_vec()),
        policy in prop::sample::select(CatchUpPolicy::ALL.to_vec()),
        pause in prop::option::of(1..4u32),
        jitter in any::<bool>(),
        spread_ms in prop::sample::select(vec![0, 30_000]),
    ) {
        let mut schedule = schedule(overlap, policy);
        schedule.pause_on_failure = pause;
        schedule.catch_up.spread_ms = spread_ms;
        let mut play = Play::new(schedule);
        if jitter {
            play.jitter = |at_ms| at_ms.wrapping_mul(0x9e37_79b9) % (2 * MINUTE);
        }
        let mut backup = None::<Play>;
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
                Act::Backfill(minutes) => {
                    let last_ms = play.state.upto_ms / MINUTE * MINUTE;
                    play.backfill(last_ms.saturating_add_signed(minutes * 60_000));
                }
                Act::Ahead(ms) => play.ahead(ms),
                Act::Backup => backup = Some(play.clone()),
                Act::Restore => {
                    if let Some(backup) = backup.take() {
                        play = play.restore(backup);
                    }
                }
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
        play.now_ms = play.now_ms.max(play.next_ms).max(ARMED + MINUTE);
        play.jitter = |_| 0;
        for _ in 0..6 {
            play.pass(MINUTE);
            while !play.state.open.is_empty() {
                play.end(false);
            }
        }
        let waiting: Vec<_> = play.state.pending.iter().map(|p| p.slot.at_ms).collect();
        for (at_ms, fate) in &play.fates {
            let waits = matches!(fate, Fate::Waiting { .. });
            prop_assert_eq!(waits, waiting.contains(at_ms));
            prop_assert_eq!(play.lasting.get(at_ms).copied().unwrap_or(0), u32::from(!waits));
        }
        prop_assert!(waiting.is_empty(), "{:?}", play.state);
        let all: Vec<u64> = (ARMED + MINUTE..play.next_ms).step_by(60_000).collect();
        // those before were filled in, those behind were fired by a clock that was ahead
        let told = play.fates.range(ARMED + 1..play.next_ms).map(|(at_ms, _)| *at_ms);
        let told: Vec<u64> = told.collect();
        prop_assert_eq!(told, all, "slots expected are slots accounted");
    }
}
