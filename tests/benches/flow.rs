//! `fanout_100`: 100 parallel steps that do nothing and one that comes after all of
//! them, from submission to completion in ms; the median of several runs. The limit is
//! the least that durability allows: three commits of the rows that such a run writes
//! (its steps begin, they end, the last ends).
//!
//! `foreach_10k`: a loop over 10,000 items, 16 at once, of one step that does nothing,
//! in seconds; and by how much anonymous memory grows meanwhile, in MiB. The limit of
//! the time is redb alone: the rows of an item, 16 items in a commit. That of the memory
//! is what an idle daemon has.
//!
//! `queued_100k`: anonymous memory of a daemon in which 100,000 runs wait for their
//! turn, in MiB, beside that of the least daemon.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::future::join_all;
use rpa_engine::Value;
use rpa_ipc::client::Client;
use rpa_ipc::service::GivenValue;
use rpa_tests::Options;

use crate::limits::{commit, database};
use crate::minimal::Minimal;
use crate::process::rss_anon;
use crate::site::{Ask, HERE, Site, connect, runtime};
use crate::statistics::{median, ms};
use crate::table::{Figure, Target};

const WIDTH: u64 = 100;
const FANS: usize = 30;
/// Rows of each of the three commits: all steps begin, in one decision; each ends, in one
/// of its own; the last ends.
const FAN_ROWS: [u64; 3] = [WIDTH + 1, 2 * WIDTH, 3];

const ITEMS: u64 = 10_000;
const PARALLEL: u64 = 16;
/// Rows of one item: of its step and of its turn two each, of the loop and of the journal
/// one each.
const ITEM_ROWS: u64 = 6;

const QUEUED: u64 = 100_000;
const CONNECTIONS: usize = 4;
const SUBMITTERS: usize = 8;

const LOOK: Duration = Duration::from_millis(20);

pub fn fanout() -> Vec<Figure> {
    let site = Site::start();
    let steps: String =
        (0..WIDTH).map(|n| format!("  - {{id: s{n}, needs: [], uses: noop}}\n")).collect();
    let needs: Vec<String> = (0..WIDTH).map(|n| format!("s{n}")).collect();
    let source = format!(
        "version: 1\nname: fan\nsteps:\n{steps}  - {{id: join, needs: [{}], uses: noop}}\n",
        needs.join(", ")
    );
    let mut times = runtime().block_on(async {
        let client = connect(site.daemon.socket()).await;
        client.apply(HERE, &source).await;
        let mut times = Vec::with_capacity(FANS);
        for _ in 0..FANS {
            let start = Instant::now();
            let run = client.submit(HERE, "fan").await;
            client.completed(&run).await;
            times.push(ms(start.elapsed()));
        }
        times
    });
    let db = database(site.world.path());
    let mut next = 0;
    let mut limits: Vec<f64> = (0..FANS)
        .map(|_| {
            let start = Instant::now();
            for rows in FAN_ROWS {
                commit(&db, next..next + rows);
                next += rows;
            }
            ms(start.elapsed())
        })
        .collect();
    let (value, limit) = (median(&mut times), median(&mut limits));
    vec![Figure::new("fanout_100", value, "ms", limit, Target::AtMost(5.0))]
}

pub fn foreach() -> Vec<Figure> {
    let site = Site::start();
    let source = "version: 1\nname: each\nvariables: {items: {type: list}}\nsteps:\n  - id: each\n    \
                  for_each: \"{{ vars.items }}\"\n    max_parallel: 16\n    \
                  steps: [{id: nop, uses: noop}]\n";
    let items = (0..i64::try_from(ITEMS).expect("few")).map(Value::Int).collect();
    let idle = rss_anon(site.daemon.pid());
    let (time, most) = runtime().block_on(async {
        let client = connect(site.daemon.socket()).await;
        client.apply(HERE, source).await;
        let given = vec![("items".to_owned(), GivenValue::Typed(Value::List(items)))];
        let done = AtomicBool::new(false);
        let start = Instant::now();
        let work = async {
            let run = client.submit_with(HERE, "each", given).await;
            client.completed(&run).await;
            done.store(true, Ordering::Relaxed);
            start.elapsed()
        };
        let look = async {
            let mut most = idle;
            while !done.load(Ordering::Relaxed) {
                most = most.max(rss_anon(site.daemon.pid()));
                tokio::time::sleep(LOOK).await;
            }
            most
        };
        tokio::join!(work, look)
    });
    let db = database(site.world.path());
    let start = Instant::now();
    let rows = PARALLEL * ITEM_ROWS;
    (0..ITEMS / PARALLEL).for_each(|n| commit(&db, n * rows..(n + 1) * rows));
    let limit = start.elapsed().as_secs_f64();
    vec![
        Figure::new("foreach_10k", time.as_secs_f64(), "s", limit, Target::AtMost(0.4)),
        Figure::new("foreach_10k_rss", most - idle, "MiB", idle, Target::AtMost(60.0)),
    ]
}

pub fn queued() -> Vec<Figure> {
    let settings = "[runs]\nmax_active = 1\n".to_owned();
    let site = Site::start_with(&Options { settings, ..Options::default() });
    runtime().block_on(async {
        let clients: Vec<Client> =
            join_all((0..CONNECTIONS).map(|_| connect(site.daemon.socket()))).await;
        // longer than the bench, and ended with the daemon
        let source = "version: 1\nname: busy\nsteps:\n  - {id: s, run: sleep 600}\n";
        clients[0].apply(HERE, source).await;
        let next = AtomicU64::new(0);
        let submitters = clients.iter().flat_map(|client| {
            let next = &next;
            (0..SUBMITTERS).map(move |_| async move {
                while next.fetch_add(1, Ordering::Relaxed) <= QUEUED {
                    client.submit(HERE, "busy").await;
                }
            })
        });
        join_all(submitters).await;
    });
    let minimal = Minimal::spawn(site.world.path());
    minimal.call();
    let (value, limit) = (rss_anon(site.daemon.pid()), rss_anon(minimal.pid()));
    vec![Figure::new("queued_100k", value, "MiB", limit, Target::AtMost(100.0))]
}
