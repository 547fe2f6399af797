//! `submit_p50`, `submit_p99`: from a submission to the answer that says that the
//! run has completed; one step, an idle daemon, one client, in ms.
//!
//! The limit is the least that durability and the wire allow: two round trips (the
//! submission, and the wait for the end) and two single commits (the run is
//! accepted and its step started; the step and the run have completed), each at the
//! same percentile and measured before.

use std::time::Instant;

use crate::limits::{database, redb_commits, round_trips};
use crate::site::{Ask, HERE, ONE, Site, connect, runtime};
use crate::statistics::{ms, percentile};
use crate::table::{Figure, Target};

const RUNS: usize = 1000;
/// Runs before those that count.
const WARM_UP: usize = 50;

pub fn submit() -> Vec<Figure> {
    let site = Site::start();
    runtime().block_on(async {
        let mut trips = round_trips(RUNS).await;
        let mut commits = redb_commits(&database(site.world.path()), RUNS as u64);
        let client = connect(site.daemon.socket()).await;
        client.apply(HERE, ONE).await;
        let mut times = Vec::with_capacity(RUNS);
        for n in 0..WARM_UP + RUNS {
            let start = Instant::now();
            let run = client.submit(HERE, "one").await;
            client.completed(&run).await;
            if n >= WARM_UP {
                times.push(ms(start.elapsed()));
            }
        }
        let mut figure = |name, percent, target| {
            let limit =
                2.0 * percentile(&mut trips, percent) + 2.0 * percentile(&mut commits, percent);
            Figure::new(name, percentile(&mut times, percent), "ms", limit, target)
        };
        vec![
            figure("submit_p50", 50, Target::AtMost(0.8)),
            figure("submit_p99", 99, Target::AtMost(3.0)),
        ]
    })
}
