//! Many runs at once, with all that they share: locks and pools, gates, the queue, and
//! runs that call one another, under a driver that crashes, drains and recovers. One seed
//! is one life of a small daemon, bit for bit.
//!
//! A failure prints its seed. `RPA_SEED=7 cargo test -p rpa-engine town -- --nocapture`
//! replays it with every message told; `RPA_SEEDS=100000` lives more.
//!
//! * [`random`] makes the workflows; [`driver`] takes inputs and delivers messages, each
//!   once and in order, one transaction after another; [`entities`] are the locks, gates
//!   and the queue as it keeps them; [`store`] is what a crash leaves; [`around`] it stand
//!   the runner, the evaluator, the clock and people;
//! * the [`witness`] believes nothing: from the events alone it keeps its own account of who
//!   holds what ([`locks`]), who was let pass ([`gates`]) and who called whom ([`calls`]),
//!   and after each transaction compares ([`agree`]). What must move when nothing else does
//!   is in [`quiet`].
//!
//! What may happen to one run by itself is held by `run/simulation`.

mod agree;
mod around;
mod calls;
mod driver;
mod entities;
mod gates;
mod locks;
mod quiet;
mod random;
mod store;
mod witness;

use std::collections::BTreeMap;

use crate::run::simulation::setting;
use driver::Town;

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
            eprintln!("this town is replayed by RPA_SEED={}", self.0);
        }
    }
}

fn live(seed: u64, told: bool) -> Town {
    let _named = Seed(seed);
    let mut town = Town::new(seed, told);
    town.live();
    town
}

#[test]
fn towns_keep_their_promises() {
    if let Some(seed) = setting("RPA_SEED") {
        live(seed, true);
        return;
    }
    let mut seen = Seen::new();
    let seeds = setting("RPA_SEEDS").unwrap_or(SEEDS);
    for seed in 0..seeds {
        let town = live(seed, false);
        if seed % TWICE == 0 {
            assert_eq!(town.journal, live(seed, false).journal, "seed {seed} lived twice");
        }
        for (what, times) in &town.witness.seen {
            *seen.entry(what).or_default() += times;
        }
    }
    println!("{seeds} towns, {} runs, all in order", seen.get("run: accepted").unwrap_or(&0));
    if seeds >= SEEDS {
        let never: Vec<_> = TO_SEE.iter().filter(|what| !seen.contains_key(*what)).collect();
        assert!(never.is_empty(), "never happened: {never:?}\nhappened: {seen:#?}");
    }
}

/// Every kind of thing that must come about in [`SEEDS`] lives.
const TO_SEE: [&str; 48] = [
    "call: a run is called",
    "call: a run is called detached",
    "call: called again",
    "call: cancelled",
    "call: completed",
    "call: failed",
    "call: failed by time",
    "call: failed, its run was cancelled",
    "call: paused",
    "call: stands otherwise",
    "driver: crash after the commit",
    "driver: crash before the commit",
    "driver: drain",
    "event: came",
    "event: offered",
    "event: published",
    "gate: failed",
    "gate: no key",
    "gate: passed",
    "gate: passed after it waited",
    "gate: replaces",
    "gate: skipped",
    "gate: too many wait",
    "gate: waits",
    "lock: a lease ended",
    "lock: a pool is shared",
    "lock: a pool is smaller than what is held of it",
    "lock: a step claims",
    "lock: a step has all",
    "lock: failed by its lease",
    "lock: given back",
    "lock: not free in time",
    "lock: refused, it would wait for itself",
    "lock: refused, there are not so many",
    "lock: waits",
    "people: approved",
    "people: rejected",
    "refused: another digest",
    "refused: not an approver",
    "refused: the own run",
    "refused: voted already",
    "run: a step in doubt",
    "run: accepted",
    "run: broke a promise",
    "run: cancelled",
    "run: completed",
    "run: failed",
    "run: started",
];
