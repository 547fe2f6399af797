//! `log_open`: from the key that opens the log of a run to its last line on the
//! screen, in ms; a log of 5,000,000 lines, a terminal of 200 columns and 50 rows,
//! the median of several openings.
//!
//! The limit is what the way there is made of: a terminal that echoes by itself, one
//! round trip, and reading the last 64 KiB of the file, each at its median.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rpa_tests::{Options, Terminal};

use crate::console::{SIZE, echoes};
use crate::limits::round_trips;
use crate::site::{Ask, HERE, Site, connect, runtime};
use crate::statistics::{median, ms};
use crate::table::{Figure, Target};

const LINES: usize = 5_000_000;
const LAST: &str = "line 5000000 of a long log";
/// Bytes at the end of the file: more than the lines of a screen.
const TAIL: usize = 64 * 1024;
const OPENINGS: usize = 11;
const ROUND_TRIPS: usize = 200;
/// When nothing has been painted for as long, the console has come to rest.
const STILL: Duration = Duration::from_millis(300);

pub fn log_open() -> Vec<Figure> {
    // each line takes some 70 bytes with its time and its step
    let settings = "[runs]\nlog_limit = \"1GiB\"\n".to_owned();
    let site = Site::start_with(&Options { settings, ..Options::default() });
    let log = runtime().block_on(async {
        let client = connect(site.daemon.socket()).await;
        let pour = format!("seq -f 'line %.0f of a long log' {LINES}");
        let steps = format!("steps:\n  - id: pour\n    run: {pour}\n");
        client.apply(HERE, &format!("version: 1\nname: long\n{steps}")).await;
        let run = client.submit(HERE, "long").await;
        client.completed(&run).await;
        client.log_path(&run).await
    });
    let limit = limit(&site, Path::new(&log));
    let mut console = site.world.console_on(&Terminal::of(SIZE));
    console.wait_for("> long");
    console.press("2");
    console.wait_for("completed");
    let mut times = Vec::new();
    for _ in 0..OPENINGS {
        console.settle(STILL);
        let start = Instant::now();
        console.press("l");
        console.wait_for(LAST);
        times.push(ms(start.elapsed()));
        console.press("2");
        console.wait_gone(LAST);
    }
    vec![Figure::new("log_open", median(&mut times), "ms", limit, Target::AtMost(100.0))]
}

fn limit(site: &Site, log: &Path) -> f64 {
    let file = File::open(log).expect("the log");
    let length = file.metadata().expect("the log").len();
    let read = || {
        let (mut tail, start) = (vec![0; TAIL], Instant::now());
        file.read_exact_at(&mut tail, length - TAIL as u64).expect("the log's tail");
        ms(start.elapsed())
    };
    let mut reads: Vec<f64> = (0..ROUND_TRIPS).map(|_| read()).collect();
    let mut trips = runtime().block_on(round_trips(ROUND_TRIPS));
    median(&mut reads) + median(&mut trips) + median(&mut echoes(site))
}
