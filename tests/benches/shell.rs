//! `shell_16`: steps a second that are `run: /bin/true`, 16 at once.
//!
//! The limit is spawns a second of `/bin/true` itself by tokio, as many at once: that is
//! all that a step starts whose command is one program by its full path. The same value
//! stands a second time, as `shell_16_script`, beside spawns of a shell that reads such a
//! command from a file: what other commands need.

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
        let script = site.world.file("script", "/bin/true\n").display().to_string();
        let shell = ["/bin/sh", "-eu", script.as_str()];
        let bare = spawns(&["/bin/true"], AT_ONCE).await;
        let scripts = spawns(&shell, AT_ONCE).await;
        let client = connect(site.daemon.socket()).await;
        let steps: String =
            (1..=STEPS).map(|n| format!("  - id: s{n}\n    run: /bin/true\n")).collect();
        client.apply(HERE, &format!("version: 1\nname: shells\nsteps:\n{steps}")).await;
        let time = run(&client).await;
        let value = rate(AT_ONCE as u64 * RUNS * STEPS, time);
        let figure = |name, limit| Figure::new(name, value, "steps/s", limit, Target::Ratio(0.85));
        vec![
            figure("shell_16", f64::midpoint(bare, spawns(&["/bin/true"], AT_ONCE).await)),
            figure("shell_16_script", f64::midpoint(scripts, spawns(&shell, AT_ONCE).await)),
        ]
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
