//! A firm: its schedules with their rows, the runs that go on, its clocks and its mishaps.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use jiff::tz::TimeZone;
use rpa_config::calendar::Calendars;
use rpa_config::schedule::Plan;
use rpa_engine::RunId;
use rpa_engine::actor::{Actor, Origin};
use rpa_engine::trigger::{
    Bound, CatchUp, CatchUpPolicy, Cx, Decision, DstGap, DstOverlap, Fate, How, Input, LATE_MS,
    MISSED_MS, Missed, Moments, Outside, Overlap, Schedule, ScheduleState, Slot, Source,
};

use super::witness::{Shown, Times};
use crate::driver::Slots;
use crate::store::faults::Random;
use crate::store::{NamespaceId, TriggerKey, TriggerRow, TriggerState};
use crate::triggers::agenda::{Agenda, Planned};

const SECOND_MS: u64 = 1_000;
const MINUTE_MS: u64 = 60 * SECOND_MS;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;
/// How far the wall clock may be set from the right time, either way.
const ASTRAY_MS: u64 = 2 * HOUR_MS;
/// Slots are known that far ahead of the day that is lived.
const AHEAD_MS: u64 = ASTRAY_MS + 4 * HOUR_MS;
const REVISION: u32 = 1;
const ZONES: [&str; 6] = [
    "Europe/Sofia",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "UTC",
];

pub(super) struct Firm {
    all: Vec<One>,
    places: BTreeMap<TriggerKey, usize>,
    agenda: Agenda,
    /// The clock that nobody sets, and how far the one on the wall is astray.
    now_ms: u64,
    astray_ms: i64,
    up_since_ms: u64,
    /// When a backup was restored last.
    restored_ms: u64,
    /// When runs end, and of which schedule they are.
    ends: BinaryHeap<Reverse<(u64, u128, usize)>>,
    runs: u128,
    random: Random,
    mishap_ms: u64,
    day: u64,
    begin_ms: u64,
    pub fires: u64,
    pub slots: u64,
    fates: BTreeMap<&'static str, u64>,
    mishaps: BTreeMap<&'static str, u64>,
}

struct One {
    key: TriggerKey,
    times: Times,
    zone: usize,
    schedule: Schedule,
    row: TriggerRow,
    /// What the witness says, as far as it has no fate yet.
    expected: VecDeque<Expected>,
}

#[derive(Clone, Copy)]
struct Expected {
    at_ms: u64,
    meant: bool,
    done: bool,
    /// It has had its run.
    fired: bool,
}

impl Firm {
    pub(super) fn new(seed: u64, workflows: usize, begin_ms: u64) -> Firm {
        let mut random = Random::new(seed);
        let all: Vec<One> = (0..workflows).map(|n| One::new(n, begin_ms, &mut random)).collect();
        let places = all.iter().enumerate().map(|(place, one)| (one.key.clone(), place)).collect();
        let mut firm = Firm {
            all,
            places,
            agenda: Agenda::default(),
            now_ms: begin_ms,
            astray_ms: 0,
            up_since_ms: begin_ms,
            restored_ms: 0,
            ends: BinaryHeap::new(),
            runs: 0,
            random,
            mishap_ms: begin_ms + HOUR_MS,
            day: 0,
            begin_ms,
            fires: 0,
            slots: 0,
            fates: BTreeMap::new(),
            mishaps: BTreeMap::new(),
        };
        firm.expect(begin_ms + 1, begin_ms + AHEAD_MS);
        firm.start();
        firm
    }

    pub(super) fn live_a_day(&mut self) {
        let known_ms = self.begin_ms + self.day * DAY_MS + AHEAD_MS;
        self.expect(known_ms, known_ms + DAY_MS);
        self.day += 1;
        self.live_until(self.begin_ms + self.day * DAY_MS);
    }

    /// Clocks are right again and nothing goes wrong any more, until nothing is left to do.
    pub(super) fn come_to_rest(&mut self) {
        self.mishap_ms = u64::MAX;
        for place in 0..self.all.len() {
            self.drive(place, vec![Input::Resume]);
        }
        // no clock has shown a later time
        self.astray_ms = i64::try_from(ASTRAY_MS).expect("hours");
        self.live_until(self.now_ms + 5 * MINUTE_MS);
        let wall_ms = self.wall_ms();
        for one in &self.all {
            let waiting = one.state().pending.iter().map(|pending| pending.slot.at_ms);
            let waiting: Vec<u64> = waiting.collect();
            for slot in one.expected.iter().filter(|slot| slot.at_ms < wall_ms) {
                let waits = waiting.contains(&slot.at_ms);
                assert!(slot.done != waits, "{}: no fate, or two: {}", one.name(), slot.at_ms);
            }
        }
    }

    /// Slots that wait and runs that go on.
    pub(super) fn held(&self) -> usize {
        self.all.iter().map(|one| one.state().pending.len() + one.state().open.len()).sum()
    }

    pub(super) fn told(&self) -> String {
        format!("{:?}, {:?}", self.fates, self.mishaps)
    }

    fn wall_ms(&self) -> u64 {
        self.now_ms.saturating_add_signed(self.astray_ms)
    }

    /// The witness says what is to come.
    fn expect(&mut self, from_ms: u64, to_ms: u64) {
        let zone = |name: &&str| TimeZone::get(name).expect("a zone of this machine");
        let shown: Vec<Shown> =
            ZONES.iter().map(|name| Shown::of(&zone(name), from_ms, to_ms)).collect();
        for one in &mut self.all {
            let rules = (one.schedule.gap, one.schedule.fold);
            let slots = one.times.slots(&shown[one.zone], (from_ms, to_ms), rules);
            self.slots += slots.len() as u64;
            let slots = slots.into_iter();
            one.expected.extend(slots.map(Expected::of));
        }
    }

    /// The daemon begins: all that it knows is in its rows.
    fn start(&mut self) {
        self.up_since_ms = self.wall_ms();
        self.agenda = Agenda::default();
        for place in 0..self.all.len() {
            self.arm(place);
        }
    }

    fn arm(&mut self, place: usize) {
        let one = &self.all[place];
        let planned = |key: &TriggerKey, _| {
            let plan = Plan::new(&one.schedule, &key.seed(), &Calendars::default());
            let plan = plan.unwrap_or_else(|e| panic!("{}: {e}", one.name()));
            Some(Planned { plan, catch_up: one.schedule.catch_up })
        };
        self.agenda.arm(one.key.clone(), Some(&one.row), self.wall_ms(), planned);
    }

    fn live_until(&mut self, end_ms: u64) {
        loop {
            let wall_ms = self.wall_ms();
            let due = self.agenda.next_ms().map(|due_ms| due_ms.saturating_sub(wall_ms));
            let due = due.map(|in_ms| self.now_ms + in_ms);
            let end = self.ends.peek().map(|Reverse((end_ms, ..))| *end_ms);
            let next = [due, end, Some(self.mishap_ms)].into_iter().flatten().min();
            match next.filter(|at_ms| *at_ms < end_ms) {
                Some(at_ms) => self.now_ms = self.now_ms.max(at_ms),
                None => break,
            }
            if self.now_ms >= self.mishap_ms {
                self.mishap();
            }
            self.end_runs();
            while let Some(told) = self.agenda.come(self.wall_ms()) {
                self.take(&told);
            }
        }
        self.now_ms = self.now_ms.max(end_ms);
    }

    /// What the clock tells reaches the driver, is lost, or comes twice.
    fn take(&mut self, told: &Slots) {
        let place = self.places[&told.trigger];
        let is_calm = self.mishap_ms == u64::MAX;
        let times = match self.random.below(200) {
            0 if !is_calm => return,
            1 => 2,
            _ => 1,
        };
        for _ in 0..times {
            let one = &self.all[place];
            let slots = told.slots.iter().map(|slot| match one.has_fired(slot.at_ms) {
                true => Input::Upto { at_ms: slot.at_ms },
                false => Input::Slot(*slot),
            });
            let mut inputs: Vec<Input> = slots.collect();
            inputs.push(Input::Upto { at_ms: told.upto_ms });
            self.drive(place, inputs);
        }
        self.arm(place);
    }

    fn end_runs(&mut self) {
        while let Some(Reverse((at_ms, run, place))) = self.ends.peek().copied() {
            if at_ms > self.now_ms {
                return;
            }
            self.ends.pop();
            let failed = Some(self.random.percent(5));
            self.drive(place, vec![Input::Ended { run: RunId(run), failed }]);
            self.arm(place);
        }
    }

    fn mishap(&mut self) {
        let name = match self.random.below(9) {
            0 => {
                self.now_ms += self.random.number() % (3 * SECOND_MS);
                self.start();
                "kills"
            }
            1 => {
                self.now_ms += self.random.number() % (HOUR_MS / 2);
                // what ends while the daemon is away is told when it begins
                self.start();
                "absences"
            }
            2 => {
                self.now_ms += self.random.number() % (2 * MINUTE_MS);
                "stalls"
            }
            3 | 4 => {
                let astray = self.random.number() % (2 * ASTRAY_MS);
                let (before, limit) = (self.astray_ms, i64::try_from(ASTRAY_MS).expect("hours"));
                self.astray_ms = i64::try_from(astray).expect("hours") - limit;
                if self.astray_ms < before { "clocks set back" } else { "clocks set forward" }
            }
            5 => {
                (0..100).for_each(|_| self.backfill());
                "backfills"
            }
            6 => {
                self.restore();
                "restores"
            }
            7 => {
                self.rewind();
                "clocks forgiven"
            }
            _ => {
                let place = self.random.below(self.all.len());
                let by = Actor { who: "ana".into(), origin: Origin::Cli };
                let input = match &self.all[place].state().paused {
                    Some(_) => Input::Resume,
                    None => Input::Pause { by, note: String::new() },
                };
                self.drive(place, vec![input]);
                self.arm(place);
                "pauses and resumptions"
            }
        };
        *self.mishaps.entry(name).or_default() += 1;
        self.mishap_ms = self.now_ms + MINUTE_MS + self.random.number() % (40 * MINUTE_MS);
    }

    /// A person wants the run of a slot, if it has had none.
    fn backfill(&mut self) {
        let place = self.random.below(self.all.len());
        let upto_ms = self.all[place].state().upto_ms;
        let has_room = self.all[place].state().room() > 0;
        let slots = &mut self.all[place].expected;
        let known = slots.partition_point(|slot| slot.at_ms <= upto_ms);
        if known == 0 {
            return;
        }
        let slot = &mut slots[self.random.below(known)];
        if slot.done && !slot.fired && slot.meant && has_room {
            slot.done = false;
            let at_ms = slot.at_ms;
            let slot = Slot { at_ms, due_ms: at_ms, passed: None };
            self.drive(place, vec![Input::Backfill { slot }]);
            self.arm(place);
        }
    }

    /// A backup that was made this moment is restored, and let go on at once: nobody else has
    /// fired anything, and nobody can know that.
    fn restore(&mut self) {
        self.restored_ms = self.wall_ms();
        let cx = self.cx();
        for one in &mut self.all {
            for (at_ms, fate) in one.state_mut().released(cx.now_ms) {
                one.told(cx, at_ms, &fate);
            }
        }
        self.start();
    }

    /// People enable what a clock that was ahead has silenced.
    fn rewind(&mut self) {
        let now_ms = self.wall_ms();
        for one in &mut self.all {
            if one.state().upto_ms <= now_ms {
                continue;
            }
            let waited = one.state_mut().rewind(now_ms);
            for slot in one.expected.iter_mut().filter(|slot| slot.at_ms > now_ms) {
                assert!(!(slot.done && waited.contains(&slot.at_ms)), "it waited, and did not");
                slot.done = slot.fired;
            }
        }
        self.start();
    }

    fn cx(&self) -> Cx {
        let (up_since_ms, restored_ms) = (self.up_since_ms, self.restored_ms);
        Cx { now_ms: self.wall_ms(), up_since_ms, restored_ms }
    }

    /// As the driver does it: inputs, and then whatever is due, one run after the other.
    fn drive(&mut self, place: usize, inputs: Vec<Input>) {
        let cx = self.cx();
        let mut open = inputs;
        open.push(Input::Look);
        open.reverse();
        while let Some(input) = open.pop() {
            let one = &mut self.all[place];
            let decision = one.step(cx, input);
            for (at_ms, fate) in &decision.fates {
                *self.fates.entry(one.told(cx, *at_ms, fate)).or_default() += 1;
                self.fires += u64::from(matches!(fate, Fate::Fired { .. }));
            }
            for run in decision.cancel {
                self.ends.push(Reverse((self.now_ms, run.0, place)));
            }
            let Some(start) = decision.start else { continue };
            open.push(Input::Look);
            open.push(match self.random.below(1_000) {
                0 => Input::Refused { start, code: "RPA0203".into(), message: "full".into() },
                1 => Input::Unwanted { start },
                _ => {
                    self.runs += 1;
                    let lasts_ms = self.random.number() % (80 * SECOND_MS);
                    self.ends.push(Reverse((self.now_ms + lasts_ms, self.runs, place)));
                    Input::Accepted { start, run: RunId(self.runs) }
                }
            });
        }
        let one = &self.all[place];
        if one.schedule.overlap != Overlap::Allow {
            assert!(one.state().open.len() <= 1, "{}: two runs at once", one.name());
        }
    }
}

impl Expected {
    fn of((at_ms, meant): (u64, bool)) -> Expected {
        Expected { at_ms, meant, done: false, fired: false }
    }
}

impl One {
    fn state(&self) -> &ScheduleState {
        self.row.state.schedule().expect("a schedule")
    }

    fn state_mut(&mut self) -> &mut ScheduleState {
        match &mut self.row.state {
            TriggerState::Schedule(state) => state,
            TriggerState::Deliveries(_) => unreachable!("a schedule"),
        }
    }

    fn step(&mut self, cx: Cx, input: Input) -> Decision {
        match &mut self.row.state {
            TriggerState::Schedule(state) => state.step(&self.schedule, cx, input),
            TriggerState::Deliveries(_) => unreachable!("a schedule"),
        }
    }

    fn has_fired(&self, at_ms: u64) -> bool {
        let place = self.expected.partition_point(|slot| slot.at_ms < at_ms);
        self.expected.get(place).is_some_and(|slot| slot.at_ms == at_ms && slot.fired)
    }

    fn new(number: usize, begin_ms: u64, random: &mut Random) -> One {
        let times = match random.below(10) {
            0..=4 => Times::Minutes(1),
            5..=7 => Times::Every { period_ms: (12 + random.number() % 20) * SECOND_MS },
            8 => Times::Minutes([2, 5, 15][random.below(3)]),
            _ => {
                let first = u8::try_from(random.below(4)).expect("small");
                let minute = u8::try_from(random.below(60)).expect("small");
                Times::Clock { minute, first, last: first + 2 }
            }
        };
        let pick = |random: &mut Random, most: usize| random.below(most);
        let zone = pick(random, ZONES.len());
        let moments = match (&times, times.cron()) {
            (_, Some(cron)) => Moments::Cron(cron),
            (Times::Every { period_ms }, _) => Moments::Every {
                period_ms: *period_ms,
                from: Bound { text: String::new(), at_ms: 0 },
            },
            (Times::Minutes(_) | Times::Clock { .. }, None) => unreachable!("it has one"),
        };
        let schedule = Schedule {
            moments,
            timezone: ZONES[zone].to_owned(),
            gap: DstGap::ALL[pick(random, DstGap::ALL.len())],
            fold: DstOverlap::ALL[pick(random, DstOverlap::ALL.len())],
            jitter_ms: if random.percent(20) { 30 * SECOND_MS } else { 0 },
            start: None,
            end: None,
            days: None,
            outside: Outside::Skip,
            catch_up: CatchUp {
                policy: CatchUpPolicy::ALL[pick(random, CatchUpPolicy::ALL.len())],
                window_ms: random.percent(30).then_some(HOUR_MS),
                max: 1 + u32::try_from(random.below(20)).expect("small"),
                spread_ms: if random.percent(50) { 5 * SECOND_MS } else { 0 },
            },
            // most let runs go on beside each other: what is skipped does not fire
            overlap: match random.below(10) {
                n @ 0..5 => Overlap::ALL[n],
                _ => Overlap::Allow,
            },
            pause_on_failure: None,
        };
        let key = TriggerKey {
            namespace: NamespaceId(1),
            workflow: format!("w{number}").parse().expect("a name"),
            trigger: "t".parse().expect("a name"),
        };
        let source = Source::Schedule(Box::new(schedule.clone()));
        let mut row = TriggerRow::new(&source, begin_ms);
        row.armed = Some(REVISION);
        One { key, times, zone, schedule, row, expected: VecDeque::new() }
    }

    fn name(&self) -> String {
        format!("{} {:?} {}", self.key.workflow, self.schedule.moments, self.schedule.timezone)
    }

    /// A fate is told of a slot: what is wrong with that is said.
    fn told(&mut self, cx: Cx, at_ms: u64, fate: &Fate) -> &'static str {
        let place = self.expected.partition_point(|slot| slot.at_ms < at_ms);
        let known = self.expected.get(place).filter(|slot| slot.at_ms == at_ms).copied();
        let Some(slot) = known else {
            panic!("{}: no slot, or one of long ago: {at_ms}", self.name())
        };
        assert!(!slot.done, "{}: {at_ms} has a second fate, {fate:?}", self.name());
        let word = match fate {
            Fate::Waiting { .. } => return "waited",
            Fate::Fired { how, by_ms, .. } => match how {
                How::InTime => {
                    assert!(*by_ms <= LATE_MS, "{}: {fate:?}", self.name());
                    "fired"
                }
                How::Late => "late",
                How::CaughtUp => "caught up",
                How::Backfilled => "backfilled",
                How::ByHand => unreachable!("nobody fires one by hand here"),
            },
            Fate::PassedOver(_) => "passed over",
            Fate::Skipped(_) => "skipped",
            Fate::Refused { .. } => "refused",
            Fate::Missed(Missed::Restore) => "not fired after a restore",
            Fate::Missed(_) => {
                assert!(cx.now_ms > at_ms + MISSED_MS, "{}: {at_ms} {fate:?}", self.name());
                "missed"
            }
        };
        let passed = matches!(fate, Fate::PassedOver(_));
        assert!(slot.meant != passed, "{}: {at_ms} {fate:?}", self.name());
        assert!(!slot.fired, "{}: {at_ms} has a second run", self.name());
        self.expected[place].done = true;
        self.expected[place].fired = matches!(fate, Fate::Fired { .. });
        // what is before the oldest that may still be told is over
        let over_ms = self.state().upto_ms.saturating_sub(3 * ASTRAY_MS);
        while self.expected.front().is_some_and(|slot| slot.done && slot.at_ms < over_ms) {
            self.expected.pop_front();
        }
        word
    }
}
