//! Deliveries, ends of runs, pauses and time in any order: each delivery has one outcome in
//! the end, and no more runs begin than the flow allows.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::actor::{Actor, Origin};
use crate::trigger::{Rate, Throttle};

const SECOND: u64 = 1_000;
const DAY: u64 = 86_400 * SECOND;

fn debounce(wait_ms: u64, max_ms: Option<u64>) -> Flow {
    Flow { gather: Some(Gather::Debounce { wait_ms, max_ms, key: None }), ..Flow::default() }
}

fn batch(size: u32, wait_ms: u64) -> Flow {
    Flow { gather: Some(Gather::Batch { size, wait_ms }), ..Flow::default() }
}

fn throttle(limit: u32, excess: Excess) -> Flow {
    let throttle = Throttle { rate: Rate { limit, per_ms: 10 * SECOND }, excess };
    Flow { throttle: Some(throttle), ..Flow::default() }
}

fn paused() -> Paused {
    let by = Actor { who: "ana".into(), origin: Origin::Cli };
    Paused { by, note: "x".into(), since_ms: 0 }
}

/// A daemon around a trigger.
struct Play {
    flow: Flow,
    state: DeliveryState,
    now_ms: u64,
    /// The last word on each delivery.
    outcomes: BTreeMap<u64, Outcome>,
    /// How often there was a word that lasts.
    lasting: BTreeMap<u64, u32>,
    /// When each run began, and with which deliveries.
    runs: Vec<(u64, Vec<u64>)>,
    refuses: bool,
    /// No run can be accepted: what is told to start is to be tried again.
    postpones: bool,
    /// No run may begin: it is not even looked.
    closed: bool,
}

impl Play {
    fn new(flow: Flow) -> Play {
        Play {
            flow,
            state: DeliveryState::default(),
            now_ms: 1_000 * DAY,
            outcomes: BTreeMap::new(),
            lasting: BTreeMap::new(),
            runs: Vec::new(),
            refuses: false,
            postpones: false,
            closed: false,
        }
    }

    fn give(&mut self, input: Input) {
        let look = if self.closed { Input::Closed } else { Input::Look };
        let mut open = vec![look, input];
        while let Some(input) = open.pop() {
            let looks = input == Input::Look;
            let decision = self.state.step(&self.flow, self.now_ms, input);
            self.told(decision.outcomes);
            assert!(looks || decision.start.is_none());
            let Some(numbers) = decision.start else { continue };
            // what was told to begin is held until it is said what has become of it
            let held = |number| self.state.held.iter().any(|held| held.number == number);
            assert!(numbers.iter().all(|number| held(*number)), "{numbers:?}");
            if self.postpones {
                open.push(Input::Postponed { numbers });
                continue;
            }
            open.push(Input::Look);
            open.push(match self.refuses {
                true => Input::Refused { numbers, code: "RPA0203".into(), message: "no".into() },
                false => {
                    self.runs.push((self.now_ms, numbers.clone()));
                    Input::Accepted { numbers, run: RunId(self.runs.len() as u128) }
                }
            });
        }
    }

    fn told(&mut self, outcomes: Vec<(u64, Outcome)>) {
        for (number, outcome) in outcomes {
            if !matches!(outcome, Outcome::Held(_)) {
                *self.lasting.entry(number).or_default() += 1;
            }
            self.outcomes.insert(number, outcome);
        }
    }

    fn arrive(&mut self, key: &str) {
        self.arrive_with(key, 100);
    }

    fn arrive_with(&mut self, key: &str, bytes: u64) {
        self.give(Input::Arrived { key: Some(key.to_owned()), bytes });
    }

    /// A person fires it.
    fn by_hand(&mut self) {
        let number = self.state.by_hand();
        self.give(Input::ByHand { number, run: RunId(77) });
    }

    /// Time goes by, and each moment that the trigger asks for is looked at.
    fn pass(&mut self, ms: u64) {
        let end_ms = self.now_ms + ms;
        while !self.closed
            && !self.postpones
            && let Some(due_ms) = self.state.next_look(&self.flow, self.now_ms)
            && due_ms <= end_ms
        {
            let before = (self.now_ms, self.state.clone());
            self.now_ms = self.now_ms.max(due_ms);
            self.give(Input::Look);
            assert_ne!((self.now_ms, self.state.clone()), before, "it is looked at in vain");
        }
        self.now_ms = end_ms;
    }

    fn numbers(&self) -> Vec<&[u64]> {
        self.runs.iter().map(|(_, numbers)| numbers.as_slice()).collect()
    }
}

#[test]
fn without_a_flow_each_delivery_is_a_run_at_once() {
    let mut play = Play::new(Flow::default());
    play.arrive("a");
    play.arrive("a");
    play.give(Input::Unwanted);
    assert_eq!(play.numbers(), [[1], [2]]);
    assert_eq!(play.outcomes[&2], Outcome::Started(RunId(2)));
    assert_eq!(play.outcomes[&3], Outcome::Skipped(Unwanted::Condition));
    assert_eq!(play.state.next_look(&play.flow, play.now_ms), None);
}

#[test]
fn a_debounced_delivery_stands_for_those_before_it_of_the_same_key() {
    let mut play = Play::new(debounce(5 * SECOND, None));
    play.arrive("a");
    play.pass(3 * SECOND);
    play.arrive("b");
    play.arrive("a");
    play.pass(4 * SECOND);
    assert!(play.runs.is_empty(), "both keys have been quiet for four seconds only");
    play.pass(SECOND);
    assert_eq!(play.numbers(), [[2], [3]]);
    assert_eq!(play.outcomes[&1], Outcome::Merged { into: 3 });
}

#[test]
fn a_debounce_that_never_comes_to_rest_fires_at_its_most() {
    let mut play = Play::new(debounce(5 * SECOND, Some(12 * SECOND)));
    let began_ms = play.now_ms;
    for _ in 0..6 {
        play.arrive("a");
        play.pass(3 * SECOND);
    }
    assert_eq!(play.runs, [(began_ms + 12 * SECOND, vec![4])]);
}

#[test]
fn a_batch_is_one_run_when_it_is_full_or_old() {
    let mut play = Play::new(batch(3, 10 * SECOND));
    (0..4).for_each(|_| play.arrive("a"));
    assert_eq!(play.numbers(), [[1, 2, 3]]);
    play.pass(10 * SECOND);
    assert_eq!(play.numbers(), [&[1, 2, 3][..], &[4]]);
}

#[test]
fn a_throttle_lets_the_rest_wait_or_skips_it() {
    let mut play = Play::new(throttle(2, Excess::Wait));
    let began_ms = play.now_ms;
    (0..5).for_each(|_| play.arrive("a"));
    assert_eq!(play.numbers(), [[1], [2]]);
    assert_eq!(play.outcomes[&3], Outcome::Held(HeldFor::Throttle));
    play.pass(25 * SECOND);
    let began: Vec<u64> = play.runs.iter().map(|(at_ms, _)| (at_ms - began_ms) / SECOND).collect();
    assert_eq!(began, [0, 0, 10, 10, 20]);

    let mut play = Play::new(throttle(2, Excess::Skip));
    (0..3).for_each(|_| play.arrive("a"));
    assert_eq!(play.outcomes[&3], Outcome::Skipped(Unwanted::Throttle));
}

#[test]
fn a_paused_trigger_holds_what_comes_and_lets_it_go_on_later() {
    let mut play = Play::new(Flow::default());
    play.give(Input::Pause(paused()));
    play.arrive("a");
    assert_eq!(play.outcomes[&1], Outcome::Held(HeldFor::Pause));
    assert_eq!(play.state.next_look(&play.flow, play.now_ms), None);
    play.give(Input::Resume);
    assert_eq!(play.outcomes[&1], Outcome::Started(RunId(1)));
}

#[test]
fn it_pauses_when_as_many_runs_fail_as_it_says() {
    let mut play = Play::new(Flow { pause_on_failure: Some(2), ..Flow::default() });
    for failed in [true, false, true, true] {
        assert!(play.state.paused.is_none());
        play.give(Input::Ended { failed });
    }
    assert_eq!(play.state.paused.as_ref().unwrap().note, "2 runs failed one after the other");
    play.give(Input::Resume);
    assert_eq!((play.state.failures, &play.state.paused), (0, &None));
}

#[test]
fn what_is_held_when_a_trigger_is_disarmed_is_told_so() {
    let mut play = Play::new(batch(9, SECOND));
    (0..2).for_each(|_| play.arrive("a"));
    let outcomes = play.state.disarm(Unwanted::Disarmed);
    play.told(outcomes);
    assert_eq!(play.outcomes[&2], Outcome::Skipped(Unwanted::Disarmed));
    assert_eq!(play.lasting.values().sum::<u32>(), 2);
}

#[test]
fn more_than_may_be_held_is_skipped_and_told() {
    let mut play = Play::new(batch(1_000, SECOND));
    play.give(Input::Pause(paused()));
    (0..=MOST_HELD).for_each(|_| play.arrive("a"));
    assert!(!play.state.has_room(0));
    let last = play.state.last;
    assert_eq!(play.outcomes[&last], Outcome::Skipped(Unwanted::TooManyHeld));
}

#[test]
fn a_clock_that_is_set_back_does_not_stop_a_throttle() {
    let mut play = Play::new(throttle(1, Excess::Wait));
    play.arrive("a");
    play.now_ms -= 500 * SECOND;
    play.arrive("a");
    play.pass(10 * SECOND);
    assert_eq!(play.runs.len(), 2);
}

#[test]
fn what_is_held_does_not_wait_for_as_long_as_the_clock_was_ahead() {
    for flow in [debounce(5 * SECOND, None), batch(9, 5 * SECOND)] {
        let mut play = Play::new(flow);
        play.arrive("a");
        play.now_ms -= DAY;
        play.pass(10 * SECOND);
        assert_eq!(play.numbers(), [[1]]);
    }
    let mut play = Play::new(debounce(5 * SECOND, Some(12 * SECOND)));
    play.arrive("a");
    play.now_ms -= DAY;
    let back_ms = play.now_ms;
    play.arrive("a");
    play.pass(4 * SECOND);
    assert_eq!(play.runs, [(back_ms, vec![2])], "the first of them came long ago");
}

#[test]
fn a_run_by_hand_uses_up_no_throttle() {
    let mut play = Play::new(throttle(1, Excess::Skip));
    (0..3).for_each(|_| play.by_hand());
    play.arrive("a");
    assert_eq!(play.outcomes[&3], Outcome::Started(RunId(77)));
    assert_eq!(play.outcomes[&4], Outcome::Started(RunId(1)));
}

#[test]
fn a_batch_is_full_by_what_it_takes_as_well() {
    let mut play = Play::new(batch(1_000, 10 * SECOND));
    for _ in 0..9 {
        play.arrive_with("a", MOST_GATHERED_BYTES / 4);
    }
    assert_eq!(play.numbers(), [[1, 2, 3, 4], [5, 6, 7, 8]]);
    // one that is larger than a batch may be is one by itself
    play.arrive_with("a", 3 * MOST_GATHERED_BYTES);
    assert_eq!(play.numbers()[2..], [[9]]);
    play.pass(10 * SECOND);
    assert_eq!(play.numbers()[3..], [[10]]);
}

#[test]
fn no_more_bytes_are_held_than_may() {
    let mut play = Play::new(batch(1_000, SECOND));
    play.give(Input::Pause(paused()));
    let large = MOST_HELD_BYTES / 8;
    for _ in 0..8 {
        assert!(play.state.has_room(large));
        play.arrive_with("a", large);
    }
    assert!(!play.state.has_room(1));
    play.arrive_with("a", 1);
    assert_eq!(play.outcomes[&9], Outcome::Skipped(Unwanted::TooManyHeld));
}

#[test]
fn what_may_not_begin_now_is_kept_and_begins_later() {
    for flow in
        [Flow::default(), debounce(SECOND, None), batch(2, SECOND), throttle(1, Excess::Skip)]
    {
        let mut play = Play::new(flow);
        play.closed = true;
        (0..2).for_each(|_| play.arrive("a"));
        play.now_ms += SECOND;
        play.give(Input::Unwanted);
        assert_eq!(play.outcomes[&2], Outcome::Held(HeldFor::Closed));
        assert!(play.runs.is_empty());
        (play.closed, play.postpones) = (false, true);
        play.give(Input::Unwanted);
        assert_eq!(play.outcomes[&2], Outcome::Held(HeldFor::Closed));
        play.postpones = false;
        play.pass(20 * SECOND);
        assert!(play.state.held.is_empty());
        assert!(matches!(play.outcomes[&1], Outcome::Started(_) | Outcome::Merged { .. }));
    }
}

#[test]
fn what_was_held_in_a_backup_is_told_off_and_what_came_since_goes_on() {
    let mut play = Play::new(batch(9, DAY));
    play.arrive("a");
    let taken_ms = play.now_ms;
    play.now_ms += 1;
    play.arrive("a");
    let outcomes = play.state.forget_before(taken_ms);
    play.told(outcomes);
    assert_eq!(play.outcomes[&1], Outcome::Skipped(Unwanted::Restored));
    play.pass(DAY);
    assert_eq!(play.numbers(), [[2]]);
}

#[derive(Clone, Debug)]
enum Act {
    Arrive(u8, u64),
    Unwanted,
    Pass(u64),
    Back(u64),
    Pause,
    Resume,
    Disarm,
    Refuse(bool),
    Postpone(bool),
    Close(bool),
    ByHand,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (0..3u8, bytes()).prop_map(|(key, bytes)| Act::Arrive(key, bytes)),
        1 => Just(Act::Unwanted),
        6 => (0..20 * SECOND).prop_map(Act::Pass),
        1 => prop_oneof![0..20 * SECOND, Just(DAY)].prop_map(Act::Back),
        1 => Just(Act::Pause),
        2 => Just(Act::Resume),
        1 => Just(Act::Disarm),
        1 => any::<bool>().prop_map(Act::Refuse),
        1 => any::<bool>().prop_map(Act::Postpone),
        1 => any::<bool>().prop_map(Act::Close),
        1 => Just(Act::ByHand),
    ]
}

/// Most are small, some as large as a batch.
fn bytes() -> impl Strategy<Value = u64> {
    prop_oneof![4 => 0..1_000u64, 1 => 0..=2 * MOST_GATHERED_BYTES]
}

fn flow() -> impl Strategy<Value = Flow> {
    let debounce = (1..10 * SECOND, proptest::option::of(1..30 * SECOND))
        .prop_map(|(wait_ms, max_ms)| Gather::Debounce { wait_ms, max_ms, key: None });
    let batch =
        (1..5u32, 1..10 * SECOND).prop_map(|(size, wait_ms)| Gather::Batch { size, wait_ms });
    let excess = prop_oneof![Just(Excess::Wait), Just(Excess::Skip)];
    let rate = (1..4u32, 1..10 * SECOND).prop_map(|(limit, per_ms)| Rate { limit, per_ms });
    let throttle = (rate, excess).prop_map(|(rate, excess)| Throttle { rate, excess });
    (proptest::option::of(prop_oneof![debounce, batch]), proptest::option::of(throttle))
        .prop_map(|(gather, throttle)| Flow { gather, throttle, pause_on_failure: None })
}

proptest! {
    #[test]
    fn each_delivery_has_one_outcome(flow in flow(), acts in prop::collection::vec(act(), 1..80)) {
        let mut play = Play::new(flow.clone());
        let mut is_set_back = false;
        let mut sizes = BTreeMap::new();
        for act in acts {
            match act {
                Act::Arrive(key, bytes) => {
                    // whoever delivers asks before
                    let bytes = if play.state.has_room(bytes) { bytes } else { 0 };
                    sizes.insert(play.state.last + 1, bytes);
                    play.arrive_with(&key.to_string(), bytes);
                }
                Act::Unwanted => play.give(Input::Unwanted),
                Act::Pass(ms) => play.pass(ms),
                Act::Back(ms) => {
                    play.now_ms -= ms;
                    is_set_back = true;
                }
                Act::Pause => play.give(Input::Pause(paused())),
                Act::Resume => play.give(Input::Resume),
                Act::Disarm => {
                    let outcomes = play.state.disarm(Unwanted::Disarmed);
                    play.told(outcomes);
                }
                Act::Refuse(refuses) => play.refuses = refuses,
                Act::Postpone(postpones) => play.postpones = postpones,
                Act::Close(closed) => play.closed = closed,
                Act::ByHand => {
                    let before = play.state.began_ms.clone();
                    play.closed = true;
                    play.by_hand();
                    play.closed = false;
                    prop_assert_eq!(&play.state.began_ms, &before, "a throttle counts it");
                }
            }
            prop_assert!(play.state.held_bytes() <= MOST_HELD_BYTES);
            // what waits is what was said to wait, once each
            let held: BTreeSet<u64> = play.state.held.iter().map(|held| held.number).collect();
            prop_assert_eq!(held.len(), play.state.held.len());
            for number in 1..=play.state.last {
                let is_held = matches!(play.outcomes[&number], Outcome::Held(_));
                prop_assert_eq!(is_held, held.contains(&number));
                let lasting = play.lasting.get(&number).copied().unwrap_or(0);
                prop_assert_eq!(lasting, u32::from(!is_held), "delivery {}", number);
            }
        }
        // nothing waits for ever, nor for as long as a clock was ahead
        (play.refuses, play.postpones, play.closed) = (false, false, false);
        play.give(Input::Resume);
        play.pass(3_600 * SECOND);
        prop_assert!(play.state.held.is_empty());
        prop_assert_eq!(play.lasting.values().sum::<u32>() as u64, play.state.last);
        // no delivery has two runs, and no more began than may
        let numbers: Vec<u64> = play.runs.iter().flat_map(|(_, of)| of.iter().copied()).collect();
        prop_assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
        if let Some(throttle) = flow.throttle.filter(|_| !is_set_back) {
            let limit = throttle.rate.limit as usize;
            for window in play.runs.windows(limit + 1) {
                let between_ms = window[limit].0 - window[0].0;
                prop_assert!(between_ms >= throttle.rate.per_ms, "{} ms", between_ms);
            }
        }
        if let Some(Gather::Batch { size, .. }) = flow.gather {
            for (_, of) in &play.runs {
                prop_assert!(of.len() <= size as usize);
                let bytes: u64 = of.iter().map(|number| sizes[number]).sum();
                prop_assert!(bytes <= MOST_GATHERED_BYTES || of.len() == 1, "{} bytes", bytes);
            }
        }
    }
}
