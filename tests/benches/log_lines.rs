//! `log_lines`: lines a second of one step that prints 1,000,000 lines, masked and stored
//! in the run's log, from the submission to the run's end. One line in a hundred holds a
//! secret.
//!
//! The limit is the same program with a file as its output: lines a second of `awk` and
//! the disk.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::site::{Ask, HERE, Site, connect, runtime};
use crate::statistics::rate;
use crate::table::{Figure, Target};

const LINES: u64 = 1_000_000;
const SECRET: &str = "hunter2-hunter2";

pub fn log_lines() -> Vec<Figure> {
    let site = Site::start();
    // the daemon makes its directory
    drop(runtime().block_on(connect(site.daemon.socket())));
    let secrets = site.world.state().join("secrets");
    fs::create_dir(&secrets).expect("a directory of secrets");
    fs::set_permissions(&secrets, fs::Permissions::from_mode(0o700)).expect("its mode");
    let secret = secrets.join("token");
    fs::write(&secret, SECRET).expect("a secret");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o400)).expect("its mode");
    let limit_before = alone(site.world.path());
    let (lines, log) = runtime().block_on(async {
        let client = connect(site.daemon.socket()).await;
        let text = format!(
            "version: 1\nname: talk\nsteps:\n  - id: talk\n    env: {{TOKEN: \"{{{{ \
             secrets.token }}}}\"}}\n    run: |\n      {}\n",
            program("\"$TOKEN\"")
        );
        client.apply(HERE, &text).await;
        let start = Instant::now();
        let run = client.submit(HERE, "talk").await;
        client.completed(&run).await;
        let lines = rate(LINES, start.elapsed());
        (lines, client.log_path(&run).await)
    });
    let log = fs::read_to_string(log).expect("the log");
    assert!(log.lines().count() as u64 >= LINES, "every line is there");
    assert!(!log.contains(SECRET), "and none tells the secret");
    let limit = f64::midpoint(limit_before, alone(site.world.path()));
    vec![Figure::new("log_lines", lines, "lines/s", limit, Target::AtLeast(500_000.0))]
}

/// Prints the lines, a hundredth of them with `token`.
fn program(token: &str) -> String {
    format!(
        "awk -v t={token} 'BEGIN {{ for (i = 1; i <= {LINES}; i++) print \"record\", i, \
         \"was read\" (i % 100 ? \"\" : \" with \" t) }}'"
    )
}

fn alone(dir: &Path) -> f64 {
    let out = dir.join("lines");
    let start = Instant::now();
    let script = format!("{} > {}", program(SECRET), out.display());
    let status = Command::new("/bin/sh").args(["-c", &script]).status().expect("a shell");
    assert!(status.success());
    rate(LINES, start.elapsed())
}
