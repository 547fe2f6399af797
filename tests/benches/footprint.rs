//! `idle_rss`: anonymous memory of a daemon that has done one run and waits, in
//! MiB. `cold_start`: from the start of the process to its first accepted run, with
//! a store in which there is a workflow, in ms; the median of several starts.
//!
//! The limit of both is [`crate::minimal`], the least daemon on the same libraries:
//! its memory, and the time to its first commit for a client.

use std::time::{Duration, Instant};

use rpa_tests::{Daemon, World};

use crate::minimal::Minimal;
use crate::place;
use crate::process::rss_anon;
use crate::site::{Ask, HERE, ONE, Site, connect, runtime};
use crate::statistics::{median, ms};
use crate::table::{Figure, Target};

/// How long a daemon has had nothing to do when it is looked at.
const REST: Duration = Duration::from_secs(2);
const STARTS: usize = 15;

pub fn idle() -> Vec<Figure> {
    let site = Site::start();
    runtime().block_on(async {
        let client = connect(site.daemon.socket()).await;
        client.apply(HERE, ONE).await;
        let run = client.submit(HERE, "one").await;
        client.completed(&run).await;
    });
    let minimal = Minimal::spawn(site.world.path());
    minimal.call();
    std::thread::sleep(REST);
    let (value, limit) = (rss_anon(site.daemon.pid()), rss_anon(minimal.pid()));
    vec![Figure::new("idle_rss", value, "MiB", limit, Target::AtMost(30.0))]
}

pub fn cold_start() -> Vec<Figure> {
    let world = World::within(&place::worlds());
    start(&world, true);
    let mut times: Vec<f64> = (0..STARTS).map(|_| start(&world, false)).collect();
    // makes its store: one that is killed before would leave half of it
    start_minimal(&world);
    let mut limits: Vec<f64> = (0..STARTS).map(|_| start_minimal(&world)).collect();
    let (value, limit) = (median(&mut times), median(&mut limits));
    vec![Figure::new("cold_start", value, "ms", limit, Target::AtMost(150.0))]
}

/// One life of a daemon, from its start to an order to stop; the time to its first
/// accepted run.
fn start(world: &World, apply: bool) -> f64 {
    let start = Instant::now();
    let daemon = world.spawn(&rpa_tests::Options::default());
    let time = runtime().block_on(async {
        let client = connect(daemon.socket()).await;
        if apply {
            client.apply(HERE, ONE).await;
        }
        client.submit(HERE, "one").await;
        ms(start.elapsed())
    });
    assert!(daemon.stop().success(), "the daemon stops when it is told to");
    time
}

/// The time in ms from `begun` to the daemon's first accepted run.
pub async fn first_run(daemon: &Daemon, workflow: &str, begun: Instant) -> f64 {
    let client = connect(daemon.socket()).await;
    client.submit(HERE, workflow).await;
    ms(begun.elapsed())
}

fn start_minimal(world: &World) -> f64 {
    let start = Instant::now();
    let minimal = Minimal::spawn(world.path());
    minimal.call();
    ms(start.elapsed())
}
