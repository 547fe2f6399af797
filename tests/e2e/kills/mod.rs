//! The real daemon, killed again and again under load: at random moments, and at every
//! place that its source names (`failpoint!`). What was acknowledged is there, what was
//! confirmed was done once, decided by [`checker`] from outside.
//!
//! `RPA_MINUTES` makes both tests longer; `RPA_SEED` repeats the random choices.

mod checker;
mod history;
mod load;
mod moving;
mod planted;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use rpa_tests::{Deadline, Options, Random, World, root};

use load::Load;

const KILLS: usize = 50;
const STEPS: usize = 2_000;

/// Until when the tests of a long run go on; at once over in a usual one.
fn time() -> Deadline {
    let minutes = std::env::var("RPA_MINUTES").ok();
    let minutes: f64 = minutes.map_or(0.0, |text| text.parse().expect("RPA_MINUTES is a number"));
    Deadline::within(Duration::from_secs_f64(minutes * 60.0))
}

/// Ends a world: everything comes to its end, and is looked at.
fn look(mut load: Load) -> (usize, usize) {
    let history = load.finish();
    let wrong = checker::check(history);
    assert!(wrong.is_empty(), "{wrong:#?}\n{}", load.world.read("rpad.log"));
    let (runs, steps) = (history.runs.len(), history.lines.len());
    assert!(load.daemon.take().expect("it runs").stop().success());
    (runs, steps)
}

#[test]
fn nothing_is_lost_and_nothing_confirmed_runs_twice_over_fifty_kills() {
    let deadline = time();
    let (mut kills, mut runs, mut steps) = (0, 0, 0);
    loop {
        let mut load = Load::new(Random::from_env());
        for kill in 0..KILLS {
            for _ in 0..1 + load.random.below(2) {
                load.act();
            }
            if kill % 5 == 0 {
                load.remember();
                load.examine();
            }
            if kill % 10 == 0 {
                load.back_up();
            }
            load.kill();
            load.start();
            println!("{} requests, killed {} times", load.history.sent.len(), kills + kill + 1);
        }
        let seen = look(load);
        (kills, runs, steps) = (kills + KILLS, runs + seen.0, steps + seen.1);
        if deadline.passed() {
            break;
        }
    }
    println!("{kills} kills, {runs} runs, {steps} steps");
    assert!(steps >= STEPS, "only {steps} steps");
}

/// The failpoints that the daemon's source names.
fn failpoints() -> BTreeSet<String> {
    fn gather(dir: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(dir).expect("the source") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                gather(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs")
                && !path.ends_with("failpoint.rs")
            {
                let source = fs::read_to_string(&path).expect("a source file");
                let names = source.split("failpoint!(\"").skip(1);
                for name in names.filter_map(|rest| rest.split('"').next()) {
                    assert!(found.insert(name.to_owned()), "two failpoints are called {name}");
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    gather(&root().join("daemon/src"), &mut found);
    found
}

/// Those that are visited once in a life, and not under load.
const NEW_STORE: [&str; 2] = ["before-store-is-there", "store-is-there"];
/// Those that are visited when runs have ended a second ago, and when there is a backup.
const RETENTION: [&str; 5] = [
    "archive-before-commit",
    "archive-after-commit",
    "runs-are-copied",
    "runs-have-left",
    "leftovers-are-gone",
];
const BACKUP: [&str; 5] = [
    "backup-is-begun",
    "backup-is-written",
    "backup-is-kept",
    "backup-is-sending",
    "backup-is-sent",
];
const LAST: [&str; 2] = ["before-settle", "after-settle"];

#[test]
fn a_crash_at_every_failpoint_loses_nothing() {
    let deadline = time();
    let points = failpoints();
    assert!(points.len() >= 20, "{points:?}");
    let (mut kills, mut runs, mut steps) = (0, 0, 0);
    loop {
        let mut load = Load::new(Random::from_env());
        load.act();
        load.kill();
        let alone = |point: &&String| {
            let elsewhere = [&NEW_STORE[..], &moving::DROPPING, &moving::RESTORING];
            elsewhere.into_iter().flatten().any(|name| name == point)
        };
        for point in points.iter().filter(|point| !alone(point)) {
            strike(&mut load, point);
            println!("{} requests, killed at {point}", load.history.sent.len());
            kills += 1;
        }
        load.start();
        let seen = look(load);
        (runs, steps) = (runs + seen.0, steps + seen.1);
        if deadline.passed() {
            break;
        }
    }
    println!("{} failpoints, {kills} kills, {runs} runs, {steps} steps", points.len());
}

/// Lets a daemon die at this point, at one of its first visits.
fn strike(load: &mut Load, point: &str) {
    let once = point.starts_with("recovery") || point == "housekeeping" || LAST.contains(&point);
    let seldom = RETENTION.contains(&point) || BACKUP.contains(&point);
    let most: u64 = match () {
        () if once => 1,
        () if seldom => 2,
        () => 8,
    };
    load.backs_up = BACKUP.contains(&point);
    for missed in 0..20u64 {
        // each life counts its visits anew, and some points see few of them
        let visits = load.random.below(most.saturating_sub(missed).max(1));
        let after = if visits > 0 { format!("{visits}*off->") } else { String::new() };
        let mut lives = load.start_to_die(&format!("{point}={after}return"));
        if lives && LAST.contains(&point) {
            let status = load.daemon.take().expect("it runs").stop();
            assert!(!status.success(), "{point}: {status}");
            return;
        }
        for _ in 0..10 {
            if !lives {
                load.daemon = None;
                return;
            }
            load.act();
            lives = !load.is_dead();
        }
        if !lives {
            load.daemon = None;
            return;
        }
        // a point of recovery needs something to recover
        load.kill();
    }
    panic!("{point} was never reached: is rpad built with failpoints (make build)?");
}

#[test]
fn a_crash_while_the_store_is_made_leaves_none_or_a_whole_one() {
    for point in NEW_STORE {
        let world = World::new();
        let env = vec![("FAILPOINTS".to_owned(), format!("{point}=return"))];
        let status = world.spawn(&Options { env, ..Options::default() }).wait();
        assert!(!status.success(), "{point}: is rpad built with failpoints (make build)?");
        let daemon = world.start();
        assert_eq!(world.json(["runs"])["runs"], serde_json::json!([]), "{point}");
        assert!(daemon.stop().success());
    }
}
