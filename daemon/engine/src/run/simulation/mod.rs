//! Whole lives of random runs under a driver that crashes, forgets, repeats and
//! drains, with a clock that jumps. One seed is one life, bit for bit.
//!
//! A failure prints its seed. `RPA_SEED=7 cargo test -p rpa-engine simulation --
//! --nocapture` replays it with every input told; `RPA_SEEDS=100000` lives more.
//!
//! * [`random`] makes the workflow; [`world`] is the driver; [`around`] it stand the
//!   runner, the evaluator, the clock and people, and [`others`] with whom the run shares
//!   what it claims, calls and waits for;
//! * the [`witness`] believes nothing: from inputs and events alone it keeps its own
//!   account of what was done in the world and what may therefore happen: to steps
//!   ([`events`]), to those that claim, call, await or ask ([`shared`]), to steps with a body
//!   ([`bodies`]), to the run ([`endings`]). What lists
//!   come to it reckons by itself ([`model`]), over all steps ever, and after each commit
//!   it looks whether anything was forgotten ([`settled`]).

mod around;
mod bodies;
mod endings;
mod events;
mod model;
mod others;
mod random;
pub(crate) mod rng;
mod settled;
mod shared;
mod witness;
mod world;

use std::collections::BTreeMap;

use world::World;

/// Lives per test run: a few seconds without optimisation.
const SEEDS: u64 = 2000;
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
pub(crate) fn setting(name: &str) -> Option<u64> {
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
    println!("{seeds} lives, all in order");
    if seeds >= SEEDS {
        let never: Vec<_> = TO_SEE.iter().filter(|what| !seen.contains_key(*what)).collect();
        assert!(never.is_empty(), "never happened: {never:?}\nhappened: {seen:#?}");
    }
}

/// Every kind of thing that must come about in [`SEEDS`] lives.
const TO_SEE: [&str; 132] = [
    "event: a body closes",
    "event: a body completed",
    "event: a body failed",
    "event: a body has closed",
    "event: a body has timed out",
    "event: a body times out",
    "event: a body was cancelled",
    "event: a fallback not invoked",
    "event: a group begins",
    "event: a loop asks",
    "event: a loop begins",
    "event: a loop completed",
    "event: a loop completes though turns failed",
    "event: a loop failed by a turn",
    "event: a loop failed by its condition",
    "event: a loop failed by its outputs",
    "event: a loop gathers",
    "event: a loop over nothing",
    "event: a loop pauses",
    "event: a loop times out",
    "event: a loop was ended",
    "event: a loop was stopped unasked",
    "event: a step is undone",
    "event: a step was not undone",
    "event: a step was undone",
    "event: a switch begins",
    "event: a turn begins",
    "event: begun",
    "event: begun again",
    "event: cancel requested",
    "event: cancelled",
    "event: cancelled in a pause",
    "event: completed",
    "event: confirmed",
    "event: doubt resolved",
    "event: failed",
    "event: failed before the first try",
    "event: finally",
    "event: finishing",
    "event: handlers stopped",
    "event: handles",
    "event: in doubt",
    "event: paused",
    "event: ready",
    "event: resumed",
    "event: retrying",
    "event: skipped by its condition",
    "event: skipped by its needs",
    "event: started",
    "event: the run timed out",
    "event: turns side by side",
    "event: undoes",
    "event: variables set",
    "event: waiting",
    "end: cancelled",
    "end: cancelled in the queue",
    "end: cancelled while its outputs were evaluated",
    "end: cancelled without a request",
    "end: completed",
    "end: completed with outputs",
    "end: failed",
    "end: failed by its time-out",
    "end: failed by the outputs of the run",
    "outcome: failed",
    "outcome: lost",
    "outcome: lost before start",
    "outcome: never started",
    "outcome: orphaned",
    "outcome: stopped by cancel",
    "outcome: stopped by drain",
    "outcome: succeeded",
    "outcome: timed out",
    "refused: the run has already ended",
    "refused: the run has no such step",
    "refused: the run is being cancelled, so the step cannot be run again",
    "refused: the run is not paused",
    "refused: the run is paused already",
    "refused: the step is not in doubt",
    "refused: nothing there is in doubt",
    "stale: a result",
    "stale: a timer",
    "stale: an answer",
    "driver: crash after the commit",
    "driver: crash before the commit",
    "driver: drain",
    "driver: due as soon as it began",
    "driver: stop asked for again",
    "driver: storage error, runner alive",
    "driver: timer fired, wall clock behind",
    "world: a once step begun again by a person",
    "world: lost too often",
    "world: no time for another try",
    "call: called",
    "call: cancelled",
    "call: completed",
    "call: detached",
    "call: failed",
    "call: its run was cancelled",
    "call: stands otherwise",
    "call: the caller is told",
    "call: timed out",
    "claim: a lease ended",
    "claim: begun",
    "claim: failed by its lease",
    "claim: granted",
    "claim: holds",
    "claim: names are asked for",
    "claim: no names",
    "claim: not free in time",
    "claim: refused",
    "claim: waits",
    "end: turned away",
    "event: a body failed by its lease",
    "event: a promise is broken",
    "event: answered",
    "event: approved",
    "event: asks people",
    "event: awaits",
    "event: declined",
    "event: goes on though nobody has answered",
    "event: nobody has answered",
    "event: offered",
    "event: rejected",
    "event: rejected by one",
    "gate: passed",
    "gate: turned away",
    "gate: waits",
    "refused: another digest",
    "refused: nobody is asked",
    "refused: not an approver",
    "refused: the own run",
    "refused: voted already",
];
