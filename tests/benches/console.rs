//! `console_idle`, `console_idle_cpu`: what a console that nobody touches, on a
//! daemon that has nothing to do, writes in 60 s, in bytes, and what part of a
//! processor it takes. There is nothing new to show: the limit is nothing.
//!
//! `console_key_p99`: from a key to the first byte of its answer, in ms: up and down
//! in a list of 1,000 runs, while the daemon carries out chains in another namespace,
//! so that nothing else makes the console paint. The limit is the 99th percentile of
//! the same in a terminal that echoes by itself.
//!
//! `console_first_paint`: from the start of the process to its first whole frame, in ms,
//! with no daemon to be reached; the median of several starts. The limit is the program
//! alone: `rpa-tui --version`.
//!
//! All in a real terminal of 200 columns and 50 rows.

use std::thread::sleep;
use std::time::{Duration, Instant};

use rpa_tests::{Console, Key, Keys, Terminal, World, binary};

use crate::load::Load;
use crate::place;
use crate::process::cpu_time;
use crate::site::{Ask, HERE, ONE, Site, connect, runtime};
use crate::statistics::{median, ms, percentile};
use crate::table::{Figure, Target};

pub const SIZE: (u16, u16) = (200, 50);
/// When nothing has been painted for as long, the console has come to rest.
const STILL: Duration = Duration::from_secs(2);
const IDLE: Duration = Duration::from_secs(60);
const STARTS: usize = 15;
const RUNS: usize = 1000;
const KEYS: usize = 300;
/// Between two keys: faster than any hand, and no queue.
const PAUSE: Duration = Duration::from_millis(10);

pub fn idle() -> Vec<Figure> {
    let site = Site::start();
    site.runs(1);
    let console = site.world.console_on(&Terminal::of(SIZE));
    console.wait_for("> one");
    console.settle(STILL);
    let (bytes, cpu) = (console.bytes(), cpu_time(console.pid()));
    sleep(IDLE);
    let bytes = console.bytes() - bytes;
    let cpu = cpu_time(console.pid()) - cpu;
    let percent = 100.0 * cpu.as_secs_f64() / IDLE.as_secs_f64();
    vec![
        Figure::new("console_idle", bytes as f64, "bytes", 0.0, Target::AtMost(0.0)),
        Figure::new("console_idle_cpu", percent, "% of a core", 0.0, Target::AtMost(0.2)),
    ]
}

pub fn keys() -> Vec<Figure> {
    let site = Site::start();
    site.runs(RUNS);
    let mut limits = echoes(&site);
    let mut console = site.world.console_on(&Terminal::of(SIZE));
    console.wait_for("> one");
    console.press("2");
    console.wait_for("completed");
    console.settle(STILL);
    let load = Load::start(site.daemon.socket());
    let mut times = answers(&mut console, &[Key::Down, Key::Up].map(Keys::from));
    drop(load);
    let (value, limit) = (percentile(&mut times, 99), percentile(&mut limits, 99));
    vec![Figure::new("console_key_p99", value, "ms", limit, Target::AtMost(30.0))]
}

pub fn first_paint() -> Vec<Figure> {
    let world = World::within(&place::worlds());
    let time = |args: &[&str], is_there: fn(&str) -> bool| {
        let terminal = args.iter().fold(Terminal::of(SIZE), |terminal, arg| terminal.arg(arg));
        let begun = Instant::now();
        let console = world.in_terminal(binary("rpa-tui"), &terminal);
        console.wait_raw("its first words", |raw| {
            is_there(&String::from_utf8_lossy(raw)).then_some(())
        });
        ms(begun.elapsed())
    };
    // one synchronized update
    let frame = |raw: &str| raw.split_once("[?2026h").is_some_and(|(_, it)| it.contains("[?2026l"));
    let starts = (0..STARTS).map(|_| time(&["--start", "overview"], frame));
    let mut starts: Vec<f64> = starts.collect();
    let alone = (0..STARTS).map(|_| time(&["--version"], |raw| raw.contains("rpa-tui")));
    let mut alone: Vec<f64> = alone.collect();
    let (value, limit) = (median(&mut starts), median(&mut alone));
    vec![Figure::new("console_first_paint", value, "ms", limit, Target::AtMost(150.0))]
}

/// Times in ms of a terminal that shows what is typed.
pub fn echoes(site: &Site) -> Vec<f64> {
    let mut echo = site.world.in_terminal("/bin/cat".into(), &Terminal::of(SIZE));
    answers(&mut echo, &["a", "b"].map(Keys::from))
}

/// Times in ms from a key to what comes next, for two keys by turns.
fn answers(console: &mut Console, keys: &[Keys; 2]) -> Vec<f64> {
    let answer = |key: Keys| {
        sleep(PAUSE);
        let (before, start) = (console.bytes(), Instant::now());
        console.press(key);
        console.wait_raw("an answer", |raw| (raw.len() as u64 > before).then_some(()));
        ms(start.elapsed())
    };
    keys.iter().cycle().take(KEYS).cloned().map(answer).collect()
}

impl Site {
    /// Completed runs of a workflow of one step.
    pub fn runs(&self, count: usize) {
        runtime().block_on(async {
            let client = connect(self.daemon.socket()).await;
            client.apply(HERE, ONE).await;
            for _ in 0..count {
                let run = client.submit(HERE, "one").await;
                client.completed(&run).await;
            }
        });
    }
}
