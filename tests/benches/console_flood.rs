//! `console_flood_rss`: the most memory that a console has ever taken, in MiB of anonymous
//! memory and code, while it follows the log of a step that says 50,000 lines a second for
//! a minute, in a terminal of 200 columns and 50 rows. The limit is what the same console
//! takes before.
//!
//! `console_flood_rate`: the lines a second that came into that log, the last of which is
//! on the screen when it ends: the daemon is not slowed by who looks.

use std::fs;
use std::time::{Duration, Instant};

use rpa_tests::{Console, Key, Options, Terminal};

use crate::console::SIZE;
use crate::site::{Ask, HERE, Site, connect, runtime};
use crate::table::{Figure, Target};

const SECONDS: usize = 60;
/// Each second has so many bursts.
const BURSTS: usize = 10;
const LINES: usize = 50_000;
const STILL: Duration = Duration::from_secs(1);

pub fn flood() -> Vec<Figure> {
    // each line takes some 70 bytes with its time and its step
    let settings = "[runs]\nlog_limit = \"1GiB\"\n".to_owned();
    let site = Site::start_with(&Options { settings, ..Options::default() });
    runtime().block_on(async { connect(site.daemon.socket()).await.apply(HERE, &pour()).await });
    let mut console = site.world.console_on(&Terminal::of(SIZE));
    console.wait_for("> pour");
    console.settle(STILL);
    let before = most(&console);
    console.press("R");
    console.wait_for("takes no variables");
    let begun = Instant::now();
    console.press(Key::F(8));
    console.wait_for("of the flood");
    console.press("l");
    console.wait_for("[Log]");
    // what an ended run has written is no longer followed, so this is said before its end
    console.wait_for("FOLLOW");
    // longer than any wait of a test: looked at now and then
    while !console.screen().contains("completed") {
        std::thread::sleep(Duration::from_millis(100));
        assert!(begun.elapsed() < 3 * Duration::from_secs(SECONDS as u64), "it never ends");
    }
    let took = begun.elapsed();
    let last = format!("line {} of the flood", SECONDS * LINES);
    console.wait_for(&last);
    let rate = (SECONDS * LINES) as f64 / took.as_secs_f64();
    vec![
        Figure::new("console_flood_rss", most(&console), "MiB", before, Target::AtMost(80.0)),
        Figure::new("console_flood_rate", rate, "lines/s", LINES as f64, Target::Ratio(0.9)),
    ]
}

/// A burst waits for its time, so that a slow shell says no less in a minute.
fn pour() -> String {
    let burst = LINES / BURSTS;
    let bursts = SECONDS * BURSTS;
    format!(
        "version: 1\nname: pour\nsteps:\n  - id: pour\n    run: |\n      begun=$(date +%s%N); i=0\n      \
         while [ $i -lt {bursts} ]; do\n        \
         seq -f 'line %.0f of the flood' $((i * {burst} + 1)) $(((i + 1) * {burst}))\n        \
         i=$((i + 1))\n        \
         left=$((begun / 1000000 + i * 1000 / {BURSTS} - $(date +%s%N) / 1000000))\n        \
         if [ $left -gt 0 ]; then sleep $(printf '0.%03d' $left); fi\n      done\n"
    )
}

/// `VmHWM` of proc_pid_status(5), in MiB.
fn most(console: &Console) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", console.pid())).expect("its status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.expect("VmHWM in KiB") / 1024.0
}
