//! A store in which a million runs have ended, as the daemon itself makes it: most of
//! them in archives, the rest in the live store. It is made once and kept in
//! `target/bench/million` for as long as `rpad` is the same binary; `RPA_BENCH_RUNS` says
//! how many runs it is to have.
//!
//! `rss_1m_runs`: anonymous memory of a daemon on it that has done one run, has shown
//! the lists below and waits, in MiB; the limit is that of the least daemon.
//!
//! `cold_start_1m`: from the start of the process to its first accepted run, in ms, the
//! median of several starts; `cold_start_1m_killed` the same after a kill in the moment
//! after a commit, when the whole live store has to be walked through. The limit of both
//! is the least daemon on an empty store.
//!
//! `chain_200_1m`: `chain_200` on this store.
//!
//! `runs_list_1m`: ms of `rpa runs --limit 50` as a person sees it, the process and all:
//! the slowest of several lists, each the median of several calls. Without a filter, by
//! status, by workflow, by both, and far below in the archives. The limit is the process
//! alone: `rpa --version`. `overview_1m` is the same for `rpa overview`, which is what the
//! first screen of the console asks for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, UNIX_EPOCH};

use futures::future::join_all;
use rpa_ipc::client::Client;
use rpa_tests::{Daemon, Options, World, binary};

use crate::chain;
use crate::footprint::first_run;
use crate::minimal::Minimal;
use crate::place;
use crate::process::rss_anon;
use crate::site::{Ask, HERE, connect, runtime};
use crate::statistics::{median, ms};
use crate::table::{Figure, Target};

const RUNS: u64 = 1_000_000;
/// One in so many fails, and is of another workflow.
const RARE: u64 = 100;
const USUAL: &str = "version: 1\nname: usual\nsteps:\n  - {id: fetch, uses: noop}\n  \
    - {id: convert, uses: noop}\n  - {id: store, uses: noop}\n";
const FAILING: &str = "version: 1\nname: rare\nvariables: {n: {type: number, default: 0}}\nsteps:\n  \
    - {id: fetch, uses: noop}\n  - {id: convert, set: {x: \"{{ 1 // vars.n }}\"}}\n  \
    - {id: store, uses: noop}\n";
const CONNECTIONS: usize = 16;
/// Submissions under way on one connection; the daemon takes 16.
const SUBMITTERS: usize = 12;
const LOOK: Duration = Duration::from_secs(1);
const REST: Duration = Duration::from_secs(2);
const STARTS: usize = 5;
const CALLS: usize = 15;

pub fn million() -> Vec<Figure> {
    let state = made();
    let world = World::within(&place::worlds());
    let options = Options { state_dir: Some(state), ..Options::default() };
    let mut starts: Vec<f64> = (0..STARTS).map(|_| start(&world, &options)).collect();
    let mut kills: Vec<f64> = (0..STARTS).map(|_| start_killed(&world, &options)).collect();
    let daemon = world.spawn(&options);
    runtime().block_on(async { connect(daemon.socket()).await });
    let slowest = lists(&world);
    let mut overviews: Vec<f64> = (0..CALLS).map(|_| call(&world, &["overview"])).collect();
    let minimal = Minimal::spawn(world.path());
    let begun = Instant::now();
    minimal.call();
    let least = ms(begun.elapsed());
    std::thread::sleep(REST);
    let (rss, least_rss) = (rss_anon(daemon.pid()), rss_anon(minimal.pid()));
    let beside = World::within(&place::worlds());
    let (steps, redb) = chain::rates(beside.path(), daemon.socket());
    // as it was found: the next time it is measured at rest as well
    runtime().block_on(async { settled(&connect(daemon.socket()).await).await });
    assert!(daemon.stop().success(), "the daemon stops when it is told to");
    let mut alone: Vec<f64> = (0..CALLS).map(|_| call(&world, &["--version"])).collect();
    let second = Target::AtMost(1000.0);
    vec![
        Figure::new("rss_1m_runs", rss, "MiB", least_rss, Target::AtMost(64.0)),
        Figure::new("cold_start_1m", median(&mut starts), "ms", least, second),
        Figure::new("cold_start_1m_killed", median(&mut kills), "ms", least, second),
        Figure::new("chain_200_1m", steps, "steps/s", redb, Target::Ratio(0.25)),
        Figure::new("runs_list_1m", slowest, "ms", median(&mut alone), Target::AtMost(20.0)),
        Figure::new(
            "overview_1m",
            median(&mut overviews),
            "ms",
            median(&mut alone),
            Target::AtMost(50.0),
        ),
    ]
}

/// One life of a daemon that ends in order.
fn start(world: &World, options: &Options) -> f64 {
    let begun = Instant::now();
    let daemon = world.spawn(options);
    let time = runtime().block_on(first_run(&daemon, "usual", begun));
    assert!(daemon.stop().success(), "the daemon stops when it is told to");
    time
}

/// One that comes after a kill right behind a commit.
fn start_killed(world: &World, options: &Options) -> f64 {
    let daemon = world.spawn(options);
    runtime().block_on(first_run(&daemon, "usual", Instant::now()));
    daemon.kill();
    start(world, options)
}

/// Times of lists, the slowest of them, in ms.
fn lists(world: &World) -> f64 {
    // the thousandth that has failed is a hundred thousand back: in an archive
    let page = world.json(["runs", "--limit", "1000", "--status", "failed"]);
    let failed = page["runs"].as_array().expect("runs");
    let old = failed[failed.len() - 1]["run"].as_str().expect("an id").to_owned();
    let lists: [&[&str]; 6] = [
        &[],
        &["--status", "failed"],
        &["--workflow", "rare"],
        &["--workflow", "rare", "--status", "failed"],
        &["--cursor", &old],
        &["--cursor", &old, "--workflow", "rare", "--status", "failed"],
    ];
    let time = |filter: &&[&str]| {
        let args: Vec<&str> = ["runs", "--limit", "50"].iter().chain(*filter).copied().collect();
        let mut times: Vec<f64> = (0..CALLS).map(|_| call(world, &args)).collect();
        let time = median(&mut times);
        eprintln!("  rpa {}: {time:.1} ms", args.join(" "));
        time
    };
    lists.iter().map(time).fold(0.0, f64::max)
}

fn call(world: &World, args: &[&str]) -> f64 {
    let mut command = world.rpa_command(args.iter().copied());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let begun = Instant::now();
    let status = command.status().expect("rpa starts");
    let time = ms(begun.elapsed());
    assert!(status.success(), "rpa {args:?}");
    time
}

/// The state directory with the runs in it.
fn made() -> PathBuf {
    let dir = place::worlds().join("million");
    let (state, mark) = (dir.join("state"), dir.join("made-by"));
    let runs = std::env::var("RPA_BENCH_RUNS").ok().and_then(|n| n.parse().ok()).unwrap_or(RUNS);
    let wanted = format!("{runs} {}", fingerprint(&binary("rpad")));
    if fs::read_to_string(&mark).is_ok_and(|made| made == wanted) {
        return state;
    }
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("a directory for the store");
    let world = World::within(&place::worlds());
    let options = Options { state_dir: Some(state.clone()), ..Options::default() };
    let daemon = world.spawn(&options);
    let begun = Instant::now();
    runtime().block_on(fill(&daemon, runs));
    assert!(daemon.stop().success(), "the daemon stops when it is told to");
    eprintln!("  {runs} runs made in {:.0} s", begun.elapsed().as_secs_f64());
    show_sizes(&state);
    fs::write(&mark, wanted).expect("a mark beside the store");
    state
}

async fn fill(daemon: &Daemon, runs: u64) {
    let clients = join_all((0..CONNECTIONS).map(|_| connect(daemon.socket()))).await;
    clients[0].apply(HERE, USUAL).await;
    clients[0].apply(HERE, FAILING).await;
    let next = AtomicU64::new(0);
    let all = clients.iter().flat_map(|client| {
        let next = &next;
        (0..SUBMITTERS).map(move |_| submit_all(client, next, runs))
    });
    join_all(all).await;
    settled(&clients[0]).await;
}

/// Waits until all runs have ended, and those that are to be in archives are there.
async fn settled(client: &Client) {
    loop {
        let status = client.status().await;
        let is_open = |word: &str| ["queued", "running"].contains(&word);
        let open = status.runs.iter().any(|(word, n)| is_open(word) && *n > 0);
        if !open && status.kept.live_ended <= 50_000 {
            return;
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn submit_all(client: &Client, next: &AtomicU64, runs: u64) {
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= runs {
            return;
        }
        client.submit(HERE, if n.is_multiple_of(RARE) { "rare" } else { "usual" }).await;
    }
}

fn show_sizes(state: &Path) {
    let sizes = Command::new("du").args(["-h", "--apparent-size", "-d1"]).arg(state).output();
    eprint!("{}", String::from_utf8_lossy(&sizes.expect("du starts").stdout));
}

/// What tells one build of a binary from another.
fn fingerprint(path: &Path) -> String {
    let meta = fs::metadata(path).expect("the binary");
    let changed = meta.modified().expect("its time").duration_since(UNIX_EPOCH);
    format!("{} {}", meta.len(), changed.expect("a time after 1970").as_nanos())
}
