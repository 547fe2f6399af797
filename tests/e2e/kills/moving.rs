//! Crashes in what comes once in a while: the end of an archive, and a restore.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rpa_tests::{Daemon, Options, World, eventually};
use serde_json::Value;

/// From a new archive to its end.
pub const DROPPING: [&str; 8] = [
    "archive-drafted",
    "archive-made",
    "archive-is-over",
    "archive-is-dropped",
    "files-of-a-run-are-removed",
    "files-of-a-day-are-removed",
    "archive-is-removed",
    "archive-is-forgotten",
];
/// Before its runs are there no longer.
const BEGINS: [&str; 3] = ["archive-drafted", "archive-made", "archive-is-over"];
/// All of a restore.
pub const RESTORING: [&str; 7] = [
    "restore-begins",
    "restore-is-filled",
    "restore-moves-aside",
    "restore-has-moved-aside",
    "restore-has-placed",
    "restore-is-in-place",
    "restore-is-done",
];

const ONE: &str = "version: 1\nname: one\nsteps:\n  - {id: a, run: echo a}\n";
const NAP: &str = "version: 1\nname: nap\nsteps:\n  - {id: n, wait: 1h}\n";
/// Everything that has ended moves, and vanishes, as soon as it may.
const VANISHING: &str = "[retention]\nlive_age = \"1s\"\narchive_age = \"1s\"\n";
const KEPT: Duration = Duration::from_secs(1);

fn vanishing(failpoint: &str) -> Options {
    let env = match failpoint {
        "" => Vec::new(),
        point => vec![("FAILPOINTS".to_owned(), format!("{point}=return"))],
    };
    Options { settings: VANISHING.to_owned(), env, ..Options::default() }
}

fn listed(world: &World) -> Vec<String> {
    let runs = world.json(["runs"]);
    let id = |run: &Value| run["run"].as_str().expect("an id").to_owned();
    runs["runs"].as_array().expect("runs").iter().map(id).collect()
}

fn is_sound(world: &World) {
    let doctor = world.json(["doctor"]);
    for finding in doctor["findings"].as_array().expect("findings") {
        assert!(finding["check"] != "store" || finding["severity"] == "ok", "{doctor:#}");
    }
}

/// Files below a directory, those of directories included.
fn files(dir: &Path) -> usize {
    let entries = fs::read_dir(dir).into_iter().flatten().map(|entry| entry.expect("an entry"));
    entries.map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { 1 }).sum()
}

/// Lets all that has ended vanish.
fn vanish(world: &World, open: &str) {
    let state = world.state();
    let daemon = world.start_with(&vanishing(""));
    eventually("what has ended is gone, with its files", || {
        let archives = files(&state.join("archive"));
        let logs = files(&state.join("runs"));
        (listed(world) == [open] && archives == 0 && logs <= 1).then_some(())
    });
    // the archive itself is forgotten last
    let next_look = || {
        let next = &world.json(["status"])["kept"]["next_look"];
        next.as_str().expect("a time").to_owned()
    };
    let looks = next_look();
    eventually("that look is over", || (next_look() != looks).then_some(()));
    is_sound(world);
    assert!(daemon.stop().success());
}

/// Lets daemons die at a point until one of them has come so far with these runs: the first
/// may still have had to do with the archive of others.
fn strike(world: &World, point: &str, ended: &[String]) -> Daemon {
    for _ in 0..3 {
        let status = world.spawn(&vanishing(point)).wait();
        assert!(!status.success(), "{point}: is rpad built with failpoints (make build)?");
        let daemon = world.start();
        let list = listed(world);
        if BEGINS.contains(&point) || ended.iter().all(|run| !list.contains(run)) {
            return daemon;
        }
        assert!(daemon.stop().success());
    }
    panic!("{point}: these runs are still there: {ended:?}");
}

#[test]
fn a_crash_while_an_archive_begins_or_ends_leaves_no_half_of_it() {
    let world = World::new();
    let daemon = world.start();
    world.apply("one", ONE);
    world.apply("nap", NAP);
    let open = world.submit(["nap"]);
    world.until(&open, "waiting");
    assert!(daemon.stop().success());
    for point in DROPPING {
        let daemon = world.start();
        let ended: Vec<String> = (0..2).map(|_| world.submit(["one"])).collect();
        ended.iter().for_each(|run| drop(world.until(run, "completed")));
        let at = Instant::now();
        // else an archive of the first is dropped before the second may move
        eventually("both may move at one look", || (at.elapsed() > KEPT).then_some(()));
        assert!(daemon.stop().success());
        // whatever it was, the daemon starts, and shows each run once or no longer
        let daemon = strike(&world, point, &ended);
        let list = listed(&world);
        let count = |run: &String| list.iter().filter(|listed| *listed == run).count();
        assert_eq!(count(&open), 1, "{point}: {list:?}");
        let begins = BEGINS.contains(&point);
        for run in &ended {
            assert_eq!(count(run), usize::from(begins), "{point}: {run} of {list:?}");
        }
        is_sound(&world);
        assert!(daemon.stop().success());
        vanish(&world, &open);
        println!("killed at {point}");
    }
}

#[test]
fn a_crash_of_a_restore_leaves_what_was_there_or_no_daemon_until_it_is_made_again() {
    let world = World::new();
    let daemon = world.start();
    world.apply("one", ONE);
    world.apply("nap", NAP);
    let kept = [world.submit(["one"]), world.submit(["nap"])];
    world.until(&kept[0], "completed");
    world.until(&kept[1], "waiting");
    let file = world.path().join("rpad.tar");
    assert_eq!(world.rpa(["backup", file.to_str().expect("a path")]).code, 0);
    assert!(daemon.interrupt().success());
    for point in RESTORING {
        // a run that the backup does not know
        let daemon = world.start();
        let later = world.submit(["one"]);
        world.until(&later, "completed");
        assert!(daemon.interrupt().success());
        let struck = restore(&world, &file, point).status().expect("rpad starts");
        assert!(!struck.success(), "{point}: is rpad built with failpoints (make build)?");
        let unfinished = world.state().join("restoring").exists();
        assert_eq!(unfinished, point != "restore-is-done", "{point}");
        if unfinished {
            let status = world.spawn(&Options::default()).wait();
            assert_eq!(status.code(), Some(78), "{point}: no daemon starts");
            let again = restore(&world, &file, "").output().expect("rpad starts");
            assert!(again.status.success(), "{point}: {again:?}");
        }
        let daemon = world.start();
        let mut list = listed(&world);
        list.sort_unstable();
        let mut wanted = kept.to_vec();
        wanted.sort_unstable();
        assert_eq!(list, wanted, "{point}");
        assert_eq!(world.json(["status"])["restored"]["held"], 1, "{point}");
        is_sound(&world);
        assert!(daemon.interrupt().success());
        // nothing of what was there before is lost
        let stores = fs::read_dir(world.state()).expect("the state").flatten();
        let aside = stores.filter(|entry| entry.path().join("rpad.redb").exists()).count();
        assert!(aside >= 1, "{point}");
        println!("killed at {point}");
    }
}

fn restore(world: &World, file: &Path, failpoint: &str) -> Command {
    let mut command = world.rpad(&Options::default());
    command.arg("restore").arg(file).arg("--replace");
    if !failpoint.is_empty() {
        command.env("FAILPOINTS", format!("{failpoint}=return"));
    }
    command
}
