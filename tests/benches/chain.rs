//! `chain_200`, `chain_1`: steps a second of runs that are one chain of `noop`.
//!
//! Each step has two durable events: that it was started, before it is, and that it
//! has completed, before the next is started. What the daemon does for a `noop` it
//! does for every step; the step's own work is nothing.
//!
//! `chain_200_share` is the same value: what is asked of `chain_200` is a number of steps,
//! of this one a part of its limit. The limit of both is redb itself: writes of one journal
//! row a second, in commits of 100. A step writes three rows (one of the journal, two of
//! its own), and a run some more, so that the ratio cannot come near 1. The limit of
//! `chain_1` is single commits a second: a chain of one run has one for each step.
//!
//! The clients: in `chain_200` four connections accept runs so that 200 are under
//! way, and learn from the daemon's counters how many have ended, every 2 ms. In
//! `chain_1` the one client waits for the run's end by the long poll that
//! `rpa run --wait` uses. Both run on one thread. Time is counted from the first
//! submission to the answer that says that all have completed.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::future::join_all;
use rpa_ipc::client::Client;
use tokio::sync::Semaphore;

use crate::limits::redb_writes;
use crate::site::{Ask, HERE, Site, connect, ended, runtime};
use crate::statistics::rate;
use crate::table::{Figure, Target};

const STEPS: u64 = 10;
const RUNS: u64 = 20_000;
const AT_ONCE: usize = 200;
/// Runs one after the other.
const ALONE: u64 = 500;
const CONNECTIONS: usize = 4;
/// Submissions under way on one connection; the daemon takes 16.
const SUBMITTERS: usize = 8;
const LOOK: Duration = Duration::from_millis(2);

pub fn many() -> Vec<Figure> {
    let site = Site::start();
    let (value, limit) = rates(site.world.path(), site.daemon.socket());
    let figure = |name, target| Figure::new(name, value, "steps/s", limit, target);
    vec![
        figure("chain_200", Target::AtLeast(60_000.0)),
        figure("chain_200_share", Target::Ratio(0.25)),
    ]
}

/// Steps a second of the daemon at `socket`, and its limit on the disk of `dir`.
pub fn rates(dir: &Path, socket: &Path) -> (f64, f64) {
    let limit_before = redb_writes(dir, 100);
    let time = runtime().block_on(run_many(socket));
    let limit = f64::midpoint(limit_before, redb_writes(dir, 100));
    (rate(RUNS * STEPS, time), limit)
}

pub fn one() -> Vec<Figure> {
    let site = Site::start();
    let limit_before = redb_writes(site.world.path(), 1);
    let time = runtime().block_on(run_alone(site.daemon.socket()));
    let limit = f64::midpoint(limit_before, redb_writes(site.world.path(), 1));
    let value = rate(ALONE * STEPS, time);
    vec![Figure::new("chain_1", value, "steps/s", limit, Target::Ratio(0.60))]
}

/// A workflow of [`STEPS`] steps that do nothing, one after the other.
pub fn chain() -> String {
    let steps: String = (1..=STEPS).map(|n| format!("  - id: s{n}\n    uses: noop\n")).collect();
    format!("version: 1\nname: chain\nsteps:\n{steps}")
}

async fn run_many(socket: &Path) -> Duration {
    let clients = join_all((0..CONNECTIONS).map(|_| connect(socket))).await;
    clients[0].apply(HERE, &chain()).await;
    let (before, failed_before) = ended(&clients[0].status().await);
    let window = Semaphore::new(AT_ONCE);
    let next = AtomicU64::new(0);
    let start = Instant::now();
    let submitters = clients.iter().flat_map(|client| {
        let (window, next) = (&window, &next);
        (0..SUBMITTERS).map(move |_| submit_all(client, window, next))
    });
    let looker = async {
        let mut known = 0;
        while known < RUNS {
            tokio::time::sleep(LOOK).await;
            let (completed, failed) = ended(&clients[0].status().await);
            assert_eq!(failed, failed_before, "a run has failed");
            let now = completed - before;
            window.add_permits(usize::try_from(now - known).expect("fewer than 2^32 runs"));
            known = now;
        }
        start.elapsed()
    };
    let (time, _) = tokio::join!(looker, join_all(submitters));
    time
}

async fn submit_all(client: &Client, window: &Semaphore, next: &AtomicU64) {
    while next.fetch_add(1, Ordering::Relaxed) < RUNS {
        window.acquire().await.expect("it is never closed").forget();
        client.submit(HERE, "chain").await;
    }
}

async fn run_alone(socket: &Path) -> Duration {
    let client = connect(socket).await;
    client.apply(HERE, &chain()).await;
    let start = Instant::now();
    for _ in 0..ALONE {
        let run = client.submit(HERE, "chain").await;
        client.completed(&run).await;
    }
    start.elapsed()
}
