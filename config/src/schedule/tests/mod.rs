//! What moments schedules name: by tables, and beside a witness that counts minutes.

mod clock;
mod cron;
mod days;
mod refusals;
mod steady;
mod witness;
mod zones;

use jiff::Timestamp;
use rpa_engine::trigger::{
    Bound, CatchUp, CatchUpPolicy, DstGap, DstOverlap, Moments, Outside, Overlap, Passed, Schedule,
    Slot,
};

use super::{Plan, PlanError};
use crate::calendar::Calendars;

/// In all zones of this module.
const HOUR_MS: u64 = 3_600_000;

fn schedule(moments: Moments, zone: &str) -> Schedule {
    Schedule {
        moments,
        timezone: zone.to_owned(),
        gap: DstGap::default(),
        fold: DstOverlap::default(),
        jitter_ms: 0,
        start: None,
        end: None,
        days: None,
        outside: Outside::default(),
        catch_up: CatchUp { policy: CatchUpPolicy::Last, window_ms: None, max: 1, spread_ms: 0 },
        overlap: Overlap::default(),
        pause_on_failure: None,
    }
}

fn cron(text: &str, zone: &str) -> Schedule {
    schedule(Moments::Cron(text.to_owned()), zone)
}

fn plan(schedule: &Schedule) -> Plan {
    planned(schedule).unwrap_or_else(|e| panic!("{schedule:?}: {e}"))
}

fn planned(schedule: &Schedule) -> Result<Plan, PlanError> {
    Plan::new(schedule, "default/report/nightly", &Calendars::default())
}

fn ms(text: &str) -> u64 {
    u64::try_from(text.parse::<Timestamp>().unwrap().as_millisecond()).unwrap()
}

fn bound(text: &str) -> Bound {
    Bound { text: text.to_owned(), at_ms: ms(text) }
}

/// What the clock of the zone shows at a slot, and what becomes of it.
fn shown(plan: &Plan, slot: Slot) -> String {
    let clock = |at_ms: u64| {
        let at = Timestamp::from_millisecond(i64::try_from(at_ms).unwrap()).unwrap();
        at.to_zoned(plan.zone().clone()).strftime("%Y-%m-%d %H:%M:%S%:z").to_string()
    };
    let at = clock(slot.at_ms);
    match slot.passed {
        None if slot.due_ms == slot.at_ms => at,
        None => format!("{at} -> {}", clock(slot.due_ms)),
        Some(Passed::Merged) => format!("{at} Merged -> {}", clock(slot.due_ms)),
        Some(passed) => format!("{at} {passed:?}"),
    }
}

/// So many slots after an instant.
fn slots(schedule: &Schedule, after: &str, count: usize) -> Vec<String> {
    let plan = plan(schedule);
    plan.after(ms(after)).take(count).map(|slot| shown(&plan, slot)).collect()
}

/// Random numbers (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
}

/// `RPA_SEED`, or another one each time.
fn seed() -> u64 {
    let given = std::env::var("RPA_SEED").ok().map(|seed| seed.parse().expect("a number"));
    let seed = given.unwrap_or_else(|| u64::try_from(Timestamp::now().as_microsecond()).unwrap());
    eprintln!("RPA_SEED={seed}");
    seed
}
