//! `recover_10k`: from the start of the process to its first accepted run, in ms, after
//! a kill in the moment after a commit, with 10,000 open runs: half of them wait for
//! time, half at the gate of their workflow. The median of several kills. The limit is
//! the least daemon on an empty store.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use futures::future::join_all;
use rpa_ipc::client::Client;
use rpa_tests::{Options, World};

use crate::footprint::first_run;
use crate::minimal::Minimal;
use crate::place;
use crate::site::{Ask, HERE, ONE, connect, runtime};
use crate::statistics::{median, ms};
use crate::table::{Figure, Target};

const OPEN: u64 = 10_000;
const WAITING: &str =
    "version: 1\nname: nap\nsteps:\n  - {id: a, uses: noop}\n  - {id: b, wait: 1d}\n";
/// The first waits for a day, the others for the first.
const BEHIND: &str = "version: 1\nname: behind\nconcurrency: 1\nsteps:\n  - {id: a, wait: 1d}\n";
const CONNECTIONS: usize = 4;
const SUBMITTERS: usize = 8;
const KILLS: usize = 7;

pub fn recover() -> Vec<Figure> {
    let world = World::within(&place::worlds());
    let options = Options::default();
    let daemon = world.spawn(&options);
    runtime().block_on(async {
        let clients = join_all((0..CONNECTIONS).map(|_| connect(daemon.socket()))).await;
        for source in [WAITING, BEHIND, ONE] {
            clients[0].apply(HERE, source).await;
        }
        for workflow in ["nap", "behind"] {
            let left = AtomicU64::new(OPEN / 2);
            let all = clients.iter().flat_map(|client| {
                let left = &left;
                (0..SUBMITTERS).map(move |_| submit_all(client, workflow, left))
            });
            join_all(all).await;
        }
    });
    daemon.kill();
    let mut times: Vec<f64> = (0..KILLS)
        .map(|_| {
            let begun = Instant::now();
            let daemon = world.spawn(&options);
            let time = runtime().block_on(first_run(&daemon, "one", begun));
            daemon.kill();
            time
        })
        .collect();
    let minimal = Minimal::spawn(world.path());
    let begun = Instant::now();
    minimal.call();
    let least = ms(begun.elapsed());
    vec![Figure::new("recover_10k", median(&mut times), "ms", least, Target::AtMost(2000.0))]
}

async fn submit_all(client: &Client, workflow: &str, left: &AtomicU64) {
    while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok() {
        client.submit(HERE, workflow).await;
    }
}
