//! `idle_rss`: anonymous memory of a daemon that has done one run and waits, in
//! MiB. `cold_start`: from the start of the process to its first accepted run, with
//! a store in which there is a workflow, in ms; the median of several starts.
//!
//! `idle_cpu`: the part of a processor that it takes with 1,000 timers armed, none of which
//! is due, in percent over 60 s. There is nothing to do: the limit is nothing.
//!
//! The limit of the others is [`crate::minimal`], the least daemon on the same libraries:
//! its memory, and the time to its first commit for a client.

use std::time::{Duration, Instant};

use rpa_tests::{Daemon, World};

use crate::minimal::Minimal;
use crate::place;
use crate::process::{cpu_time, rss_anon};
use crate::site::{Ask, HERE, ONE, Site, connect, runtime};
use crate::statistics::{median, ms};
use crate::table::{Figure, Target};

/// How long a daemon has had nothing to do when it is looked at.
const REST: Duration = Duration::from_secs(2);
const STARTS: usize = 15;
const TIMERS: usize = 1000;
const IDLE: Duration = Duration::from_secs(60);
const SLEEPER: &str = "version: 1\nname: sleeper\nsteps: [{id: rest, wait: 10h}]\n";

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
    vec![Figure::new("idle_rss", value, "MiB", limit, Target::AtMost(16.0))]
}

pub fn idle_cpu() -> Vec<Figure> {
    let site = Site::start();
    runtime().block_on(async {
        let client = connect(site.daemon.socket()).await;
        client.apply(HERE, SLEEPER).await;
        for _ in 0..TIMERS {
            client.submit(HERE, "sleeper").await;
        }
    });
    std::thread::sleep(REST);
    let before = cpu_time(site.daemon.pid());
    std::thread::sleep(IDLE);
    let used = cpu_time(site.daemon.pid()) - before;
    let percent = 100.0 * used.as_secs_f64() / IDLE.as_secs_f64();
    vec![Figure::new("idle_cpu", percent, "% of a core", 0.0, Target::AtMost(0.2))]
}

pub fn cold_start() -> Vec<Figure> {
    let world = World::within(&place::worlds());
    start(&world, true);
    let mut times: Vec<f64> = (0..STARTS).map(|_| start(&world, false)).collect();
    // makes its store: one that is killed before would leave half of it
    start_minimal(&world);
    let mut limits: Vec<f64> = (0..STARTS).map(|_| start_minimal(&world)).collect();
    let (value, limit) = (median(&mut times), median(&mut limits));
    vec![Figure::new("cold_start", value, "ms", limit, Target::AtMost(50.0))]
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
