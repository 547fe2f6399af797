//! `shell_16`: steps a second that run `/bin/true` in a shell, 16 at once.
//!
//! The limit is spawns a second of `/bin/true` by tokio in the same number.

use std::time::{Duration, Instant};

use futures::future::join_all;
use rpa_ipc::client::Client;

use crate::limits::spawns;
use crate::site::{Ask, HERE, Site, connect, runtime};
use crate::statistics::rate;
use crate::table::{Figure, Target};

const AT_ONCE: usize = 16;
const STEPS: u64 = 10;
const RUNS: u64 = 25;

pub fn shell() -> Vec<Figure> {
    let site = Site::start();
    runtime().block_on(async {
        let before = spawns(&["/bin/true"], AT_ONCE).await;
        let client = connect(site.daemon.socket()).await;
        let steps: String =
            (1..=STEPS).map(|n| format!("  - id: s{n}\n    run: /bin/true\n")).collect();
        client.apply(HERE, &format!("version: 1\nname: shells\nsteps:\n{steps}")).await;
        let time = run(&client).await;
        let limit = f64::midpoint(before, spawns(&["/bin/true"], AT_ONCE).await);
        let value = rate(AT_ONCE as u64 * RUNS * STEPS, time);
        vec![Figure::new("shell_16", value, "steps/s", limit, Target::Ratio(0.70))]
    })
}

/// 16 clients' worth of runs, each after the last of its own.
async fn run(client: &Client) -> Duration {
    let start = Instant::now();
    let worker = async || {
        for _ in 0..RUNS {
            let run = client.submit(HERE, "shells").await;
            client.completed(&run).await;
        }
    };
    join_all((0..AT_ONCE).map(|_| worker())).await;
    start.elapsed()
}
