//! `file_event_to_run_p50`: from the moment at which a whole file stands in a watched
//! directory, by a rename, until its run is accepted and a client can see it, in ms; an idle
//! daemon, one file at a time, `stable_for: 0s`.
//!
//! With another `stable_for` that time is added, and nothing else: 2 s unless the file says
//! so. The limit is one single commit (the delivery, the cursor and the run are one) and
//! one round trip (the client asks until it is there).

use std::fs;
use std::time::{Duration, Instant};

use rpa_ipc::client::{Client, flatten, within};
use rpa_ipc::triggers::{DeliveriesQuery, TriggerRef};

use crate::limits::{database, redb_commits, round_trips};
use crate::site::{Ask, HERE, Site, connect, runtime};
use crate::statistics::{ms, percentile};
use crate::table::{Figure, Target};

const FILES: usize = 300;
/// Files before those that count.
const WARM_UP: usize = 20;
/// Longer than a watch rests between two looks.
const PAUSE: Duration = Duration::from_millis(40);
const DEADLINE: Duration = Duration::from_secs(60);

pub fn file_event() -> Vec<Figure> {
    let site = Site::start();
    let directory = site.world.path().join("in");
    fs::create_dir(&directory).expect("a directory");
    let whole = site.world.path().join("whole");
    let source = format!(
        "version: 1\nname: drop\ntriggers:\n  - id: dropped\n    \
         file_watch: {{directory: {}, stable_for: 0s, existing: fire}}\n\
         steps: [{{id: only, uses: noop}}]\n",
        directory.display()
    );
    runtime().block_on(async {
        let mut trips = round_trips(FILES).await;
        let mut commits = redb_commits(&database(site.world.path()), FILES as u64);
        let client = connect(site.daemon.socket()).await;
        client.apply(HERE, &source).await;
        let mut times = Vec::with_capacity(FILES);
        for n in 0..WARM_UP + FILES {
            fs::write(&whole, "x").expect("a file");
            tokio::time::sleep(PAUSE).await;
            let begun = Instant::now();
            fs::rename(&whole, directory.join(format!("file-{n}"))).expect("a rename");
            while delivered(&client).await <= n as u64 {
                assert!(begun.elapsed() < DEADLINE, "file {n} has no run");
            }
            if n >= WARM_UP {
                times.push(ms(begun.elapsed()));
            }
        }
        let limit = percentile(&mut trips, 50) + percentile(&mut commits, 50);
        let time = percentile(&mut times, 50);
        vec![Figure::new("file_event_to_run_p50", time, "ms", limit, Target::AtMost(5.0))]
    })
}

/// The number of the newest delivery that has a run.
async fn delivered(client: &Client) -> u64 {
    let of = TriggerRef {
        namespace: HERE.parse().expect("a name"),
        workflow: "drop".to_owned(),
        trigger: None,
    };
    let query = DeliveriesQuery { of, before: None, limit: 1 };
    let page = flatten(client.rpc.deliveries(within(DEADLINE), query).await).expect("deliveries");
    page.deliveries.first().filter(|one| one.run.is_some()).map_or(0, |one| one.number)
}
