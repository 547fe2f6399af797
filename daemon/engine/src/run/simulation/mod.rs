//! Whole lives of random runs under a driver that crashes, forgets, repeats and
//! drains, with a clock that jumps. One seed is one life, bit for bit.
//!
//! A failure prints its seed. `RPA_SEED=7 cargo test -p rpa-engine simulation --
//! --nocapture` replays it with every input told; `RPA_SEEDS=100000` lives more.
//!
//! * [`random`] makes the workflow; [`world`] is the driver; [`around`] it stand the
//!   runner, the evaluator, the clock and people;
//! * the [`witness`] believes nothing: from inputs and [`events`] alone it keeps its
//!   own account of what was done in the world and what may therefore happen.

mod around;
mod events;
mod random;
mod rng;
mod witness;
mod world;

use std::collections::BTreeMap;

use world::World;

/// Lives per test run: a few seconds without optimisation.
const SEEDS: u64 = 3000;
/// Every so many lives one is lived twice and compared.
const TWICE: u64 = 10;

/// What happened how often: a simulation that never gets anywhere tests nothing.
type Seen = BTreeMap<&'static str, u64>;

/// Names the seed of a life that panics.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this life is replayed by RPA_SEED={}", self.0);
        }
    }
}

fn live(seed: u64, told: bool) -> World {
    let _named = Seed(seed);
    let mut world = World::new(seed, told);
    world.live();
    world
}

#[expect(clippy::disallowed_methods, reason = "which lives to test is for the tester to say")]
fn setting(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is a number, not {text:?}")))
}

#[test]
fn random_lives_keep_their_promises() {
    if let Some(seed) = setting("RPA_SEED") {
        live(seed, true);
        return;
    }
    let mut seen = Seen::new();
    let seeds = setting("RPA_SEEDS").unwrap_or(SEEDS);
    for seed in 0..seeds {
        let world = live(seed, false);
        if seed % TWICE == 0 {
            assert_eq!(world.journal(), live(seed, false).journal(), "seed {seed} lived twice");
        }
        for (what, times) in world.seen() {
            *seen.entry(what).or_default() += times;
        }
    }
    if seeds >= SEEDS {
        let never: Vec<_> = TO_SEE.iter().filter(|what| !seen.contains_key(*what)).collect();
        assert!(never.is_empty(), "never happened: {never:?}\nhappened: {seen:#?}");
    }
}

/// Every kind of thing that must come about in [`SEEDS`] lives.
const TO_SEE: [&str; 48] = [
    "event: started",
    "event: ready",
    "event: skipped by its condition",
    "event: skipped by its needs",
    "event: begun",
    "event: begun again",
    "event: confirmed",
    "event: completed",
    "event: variables set",
    "event: waiting",
    "event: retrying",
    "event: in doubt",
    "event: failed",
    "event: failed before the first try",
    "event: cancelled",
    "event: doubt resolved",
    "event: cancel requested",
    "event: finishing",
    "end: completed",
    "end: failed",
    "end: failed by the outputs of the run",
    "end: cancelled",
    "end: cancelled in the queue",
    "end: cancelled without a request",
    "outcome: succeeded",
    "outcome: failed",
    "outcome: never started",
    "outcome: lost before start",
    "outcome: timed out",
    "outcome: stopped by cancel",
    "outcome: stopped by drain",
    "outcome: lost",
    "outcome: orphaned",
    "refused: the run has already ended",
    "refused: the run has no such step",
    "refused: the step is not in doubt",
    "refused: the run is being cancelled, so the step cannot be run again",
    "stale: a result",
    "stale: an answer",
    "stale: a timer",
    "driver: crash before the commit",
    "driver: crash after the commit",
    "driver: storage error, runner alive",
    "driver: drain",
    "driver: timer fired, wall clock behind",
    "driver: stop asked for again",
    "world: a once step begun again by a person",
    "world: lost too often",
];
