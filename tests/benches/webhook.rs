//! `webhook_like`: 5,000 submissions a second for 10 s from 64 clients, each by a clock of
//! its own and not by the answer to the one before; `webhook_lost`: those that were
//! acknowledged and are not there after a kill, or had no answer.
//!
//! The time of a submission begins when it was due, not when it could be sent: a client
//! that is late because the daemon was slow counts as slow. The limit of `webhook_like` is
//! twice a round trip at the same percentile: one for the submission, and one for the
//! commit that it shares.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use futures::future::join_all;
use rpa_ipc::client::Client;

use crate::limits::round_trips;
use crate::site::{Ask, HERE, ONE, Site, connect, runtime};
use crate::statistics::{ms, percentile};
use crate::table::{Figure, Target};

const CLIENTS: u32 = 64;
const RATE: u32 = 5_000;
const TIME: Duration = Duration::from_secs(10);
/// Before what counts.
const WARM_UP: Duration = Duration::from_secs(1);
/// Between two submissions of one client.
const PAUSE: Duration = Duration::from_micros(1_000_000 * CLIENTS as u64 / RATE as u64);

/// What one client saw: the time of each submission, and the run that it was told of.
type Seen = Vec<(f64, String)>;

pub fn webhook() -> Vec<Figure> {
    let site = Site::start();
    let runtime = runtime();
    let (mut trips, seen) = runtime.block_on(async {
        let trips = round_trips(1000).await;
        let client = connect(site.daemon.socket()).await;
        client.apply(HERE, ONE).await;
        let clients = join_all((0..CLIENTS).map(|_| connect(site.daemon.socket()))).await;
        let begin = Instant::now() + Duration::from_millis(50);
        let seen = join_all(clients.iter().zip(0..).map(|(c, n)| by_the_clock(c, n, begin))).await;
        (trips, seen.concat())
    });
    let wanted = f64::from(CLIENTS * submissions());
    let Site { world, daemon } = site;
    // what was acknowledged must be there however the daemon ends
    daemon.kill();
    let daemon = world.start();
    let there = runtime.block_on(async {
        let client = connect(daemon.socket()).await;
        client.all_runs(HERE).await
    });
    let acknowledged: HashSet<&String> = seen.iter().map(|(_, run)| run).collect();
    let lost = acknowledged.iter().filter(|run| !there.contains(**run)).count();
    let unanswered = wanted - seen.len() as f64;
    let mut times: Vec<f64> = seen.iter().map(|(time, _)| *time).filter(|t| *t >= 0.0).collect();
    let limit = 2.0 * percentile(&mut trips, 99);
    vec![
        Figure::new("webhook_like", percentile(&mut times, 99), "ms", limit, Target::AtMost(20.0)),
        Figure::new(
            "webhook_lost",
            lost as f64 + unanswered.max(0.0),
            "runs",
            0.0,
            Target::AtMost(0.0),
        ),
    ]
}

/// Of each client, over the whole time.
fn submissions() -> u32 {
    u32::try_from((TIME + WARM_UP).as_nanos() / PAUSE.as_nanos()).expect("few")
}

/// Submits whenever it is time, whatever became of the one before.
async fn by_the_clock(client: &Client, number: u32, begin: Instant) -> Seen {
    let first = begin + PAUSE * number / CLIENTS;
    // a few are under way at once where the daemon is slow; more than a connection may
    // have wait here, and the wait counts
    let at_once = tokio::sync::Semaphore::new(16);
    let one = async |n: u32| {
        let due = first + PAUSE * n;
        tokio::time::sleep_until(due.into()).await;
        let _turn = at_once.acquire().await.expect("it is never closed");
        let run = client.try_submit(HERE, "one").await?;
        let time = if due < begin + WARM_UP { -1.0 } else { ms(due.elapsed()) };
        Some((time, run))
    };
    let all = join_all((0..submissions()).map(one)).await;
    // what was refused, or had no answer, counts as lost
    all.into_iter().flatten().collect()
}
