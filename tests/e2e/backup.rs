//! Backups under load, and what a restore makes of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rpa_tests::{Options, World, eventually};
use serde_json::Value;

/// Steps that say in one write who they are; the middle one waits for the file `go`.
fn lines(dir: &Path, middle: &str) -> String {
    let dir = dir.display();
    format!(
        "version: 1\nname: lines\nsteps:\n  \
         - {{id: first, effect: once, run: \"echo $RPA_RUN_ID first >> {dir}/lines\"}}\n  \
         - id: middle\n    effect: {middle}\n    run: |\n      \
         echo $RPA_RUN_ID middle >> {dir}/lines\n      \
         until [ -e {dir}/go ]; do sleep 0.02; done\n      \
         echo $RPA_RUN_ID late >> {dir}/lines\n  \
         - {{id: last, effect: once, run: \"echo $RPA_RUN_ID last >> {dir}/lines\"}}\n"
    )
}

fn said(world: &World, run: &str, step: &str) -> usize {
    world.read("lines").lines().filter(|line| *line == format!("{run} {step}")).count()
}

/// A daemon's world made of a backup: the directory of the state is new.
pub fn restore(world: &World, file: &Path, extra: &[&str]) -> rpa_tests::Rpa {
    let mut command = world.rpad(&Options::default());
    command.arg("restore").arg(file).args(extra);
    rpa_tests::Rpa::from(command.output().unwrap())
}

pub fn backup(world: &World, name: &str) -> PathBuf {
    let file = world.path().join(name);
    let taken = world.rpa(["backup", file.to_str().unwrap()]);
    assert_eq!(taken.code, 0, "{taken:?}");
    file
}

#[test]
fn a_confirmed_step_is_not_run_again_before_a_person_says_so() {
    let world = World::new();
    let daemon = world.start();
    world.apply("lines", &lines(world.path(), "idempotent"));
    let run = world.submit(["lines"]);
    eventually("the middle step runs", || (said(&world, &run, "middle") == 1).then_some(()));
    let file = backup(&world, "a.tar");
    // what comes now is not known to the backup
    world.file("go", "");
    world.until(&run, "completed");
    assert_eq!((said(&world, &run, "middle"), said(&world, &run, "last")), (1, 1));
    assert!(daemon.interrupt().success());

    let refused = restore(&world, &file, &[]);
    assert_eq!(refused.code, 2, "a store is there: {refused:?}");
    assert!(refused.stderr.contains("RPA0223"), "{refused:?}");
    let restored = restore(&world, &file, &["--replace"]);
    assert_eq!(restored.code, 0, "{restored:?}");
    assert!(restored.stdout.contains("1 run, 1 of them open"), "{restored:?}");
    assert!(restored.stdout.contains("never let both go on"), "{restored:?}");

    let daemon = world.start();
    let status = world.json(["status"]);
    assert_eq!(status["state"], "held", "{status}");
    assert_eq!(status["restored"]["held"], 1);
    let shown = world.rpa(["status"]).stdout;
    assert!(shown.contains("HELD: restored"), "{shown}");
    let listed = world.rpa(["runs"]).stdout;
    assert!(listed.contains("held since a restore"), "{listed}");
    assert_eq!(world.show(&run)["held"], true);
    // new work is taken and done meanwhile
    world.apply("other", "version: 1\nname: other\nsteps:\n  - {id: s, uses: noop}\n");
    assert_eq!(world.rpa(["run", "other", "--wait"]).code, 0);
    let plan = world.json(["resume", "--restored", "--dry-run"]);
    assert_eq!(plan["released"], 0);
    assert_eq!(plan["runs"][0]["run"], run.as_str());
    assert_eq!(plan["runs"][0]["steps"][0]["path"], "middle", "{plan:#}");
    assert_eq!(plan["runs"][0]["steps"][0]["next"], "again", "{plan:#}");
    let why = world.rpa(["why", &run]).stdout;
    assert!(why.contains("is held until `rpa resume --restored`"), "{why}");
    // a restart changes nothing of it
    daemon.kill();
    let daemon = world.start();
    assert_eq!(world.json(["status"])["restored"]["held"], 1);
    assert_eq!(world.rpa(["run", "other", "--wait"]).code, 0);
    assert_eq!((said(&world, &run, "middle"), said(&world, &run, "last")), (1, 1));

    let resumed = world.rpa(["resume", "--restored"]);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    world.until(&run, "completed");
    // what a person has been told of: it was done after the backup, and is done again
    let each = ["first", "middle", "last"].map(|step| said(&world, &run, step));
    assert_eq!(each, [1, 2, 2]);
    let status = world.json(["status"]);
    assert_eq!((&status["state"], &status["restored"]), (&"ready".into(), &Value::Null));
    let again = world.rpa(["resume", "--restored"]);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.stderr.contains("RPA0550"), "{again:?}");
    assert!(daemon.interrupt().success());
}

#[test]
fn a_step_that_may_not_be_repeated_becomes_a_doubt_when_it_goes_on() {
    let world = World::new();
    let daemon = world.start();
    world.apply("lines", &lines(world.path(), "once"));
    let run = world.submit(["lines"]);
    let dropped = world.submit(["lines"]);
    for run in [&run, &dropped] {
        eventually("the middle step runs", || (said(&world, run, "middle") == 1).then_some(()));
    }
    let file = backup(&world, "a.tar");
    // its processes live on: the daemon dies, and so does the disk
    daemon.kill();
    fs::remove_dir_all(world.state()).unwrap();
    assert_eq!(restore(&world, &file, &[]).code, 0);
    let daemon = world.start();
    let plan = world.json(["resume", "--restored", "--dry-run"]);
    assert_eq!(plan["runs"][0]["steps"][0]["next"], "doubt", "{plan:#}");
    assert_eq!(world.show(&run)["status"], "running", "a look changes nothing");
    // nothing begins in what is cancelled either, but what is lost is accounted for
    assert_eq!(world.rpa(["cancel", &dropped]).code, 0);
    world.until(&dropped, "in_doubt");
    assert_eq!(world.rpa(["resolve", &dropped, "middle", "fail"]).code, 0);
    world.until(&dropped, "cancelled");
    assert_eq!(world.json(["status"])["restored"]["held"], 1);
    assert_eq!(said(&world, &dropped, "last"), 0);

    assert_eq!(world.rpa(["resume", "--restored"]).code, 0);
    world.until(&run, "in_doubt");
    world.file("go", "");
    assert_eq!(world.rpa(["resolve", &run, "middle", "done"]).code, 0);
    world.until(&run, "completed");
    let each = ["first", "middle", "last"].map(|step| said(&world, &run, step));
    assert_eq!(each, [1, 1, 1]);
    let late = [&run, &dropped].map(|run| said(&world, run, "late"));
    assert_eq!(late, [0, 0], "what the first daemon had left running was ended");
    assert!(daemon.interrupt().success());
}

#[test]
fn a_cancel_begins_no_handler_before_it_goes_on() {
    let world = World::new();
    let daemon = world.start();
    let dir = world.path().display().to_string();
    world.apply(
        "told",
        &format!(
            "version: 1\nname: told\nsteps:\n  - {{id: s, wait: 1h}}\n  - {{id: t, uses: noop}}\n\
             handlers:\n  cancel: [{{id: tell, run: \"echo $RPA_RUN_ID told >> {dir}/lines\"}}]\n"
        ),
    );
    let run = world.submit(["told"]);
    world.until(&run, "waiting");
    let file = backup(&world, "a.tar");
    assert!(daemon.interrupt().success());
    assert_eq!(restore(&world, &file, &["--replace"]).code, 0);
    let daemon = world.start();
    assert_eq!(world.rpa(["cancel", &run]).code, 0);
    // what is done after it has its time to come about
    world.apply("other", "version: 1\nname: other\nsteps:\n  - {id: s, run: echo done}\n");
    assert_eq!(world.rpa(["run", "other", "--wait"]).code, 0);
    assert_eq!((said(&world, &run, "told"), &world.show(&run)["held"]), (0, &Value::Bool(true)));
    let plan = world.json(["resume", "--restored", "--dry-run"]);
    assert_eq!(plan["runs"][0]["steps"][0]["path"], "@cancel/tell", "{plan:#}");
    assert_eq!(world.rpa(["resume", "--restored"]).code, 0);
    world.until(&run, "cancelled");
    assert_eq!(said(&world, &run, "told"), 1);
    assert!(daemon.interrupt().success());
}

#[test]
fn queues_timers_and_gates_stand_still_until_then() {
    let world = World::new();
    let settings = Options { settings: "[runs]\nmax_active = 1\n".into(), ..Options::default() };
    let daemon = world.start_with(&settings);
    world.apply("lines", &lines(world.path(), "idempotent"));
    world.apply("nap", "version: 1\nname: nap\nsteps:\n  - {id: s, wait: 10s}\n");
    world.apply(
        "gated",
        &format!(
            "version: 1\nname: gated\nconcurrency: {{limit: 1}}\nsteps:\n  \
             - {{id: s, run: \"echo $RPA_RUN_ID gated >> {}/lines\"}}\n",
            world.path().display()
        ),
    );
    let (nap, begun) = (world.submit(["nap"]), Instant::now());
    world.until(&nap, "waiting");
    let active = world.submit(["lines"]);
    eventually("it has the only place", || (said(&world, &active, "middle") == 1).then_some(()));
    let queued = world.submit(["lines"]);
    let gated = [world.submit(["gated"]), world.submit(["gated"])];
    let file = backup(&world, "a.tar");
    daemon.kill();
    assert_eq!(restore(&world, &file, &["--replace"]).code, 0);
    world.file("go", "");
    let daemon = world.start_with(&settings);
    // the place of what is held is free for others; meanwhile the timer would be due
    world.apply("other", "version: 1\nname: other\nsteps:\n  - {id: s, uses: noop}\n");
    while begun.elapsed() < Duration::from_secs(11) {
        assert_eq!(world.rpa(["run", "other", "--wait"]).code, 0);
    }
    let statuses = || {
        let all = [&nap, &active, &queued, &gated[0], &gated[1]];
        all.map(|run| world.show(run)["status"].as_str().unwrap().to_owned())
    };
    assert_eq!(statuses(), ["waiting", "running", "queued", "queued", "queued"]);
    assert_eq!(world.json(["status"])["restored"]["held"], 5);
    assert_eq!(world.rpa(["resume", "--restored"]).code, 0);
    for run in [&nap, &active, &queued, &gated[0], &gated[1]] {
        world.until(run, "completed");
    }
    assert_eq!(said(&world, &gated[0], "gated"), 1);
    assert_eq!(world.rpa(["run", "other", "--wait"]).code, 0, "all places are given back");
    assert!(daemon.interrupt().success());
}

/// Once; `RPA_BACKUPS=100` for more.
#[test]
fn a_backup_under_load_is_whole_and_goes_on_elsewhere() {
    let rounds = std::env::var("RPA_BACKUPS").map_or(1, |n| n.parse().unwrap());
    (0..rounds).for_each(|_| one_backup_under_load());
}

fn one_backup_under_load() {
    let world = World::new();
    let daemon = world.start();
    // what is under way when the backup is taken can be run again
    world.apply("lines", &lines(world.path(), "idempotent").replace("once", "idempotent"));
    world.file("go", "");
    // what is too large for a row is in a file beside it
    let large = "version: 1\nname: large\nsteps:\n  \
        - {id: s, run: 'head -c 200000 /dev/zero | tr \"\\\\0\" x'}\n  - {id: t, uses: noop}\n\
        outputs: {n: \"{{ steps.s.output.stdout | length }}\"}\n";
    let before = world.ended("large", large)["run"].as_str().unwrap().to_owned();
    let over = AtomicBool::new(false);
    let known = thread::scope(|scope| {
        let submitters: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let mut runs = Vec::new();
                    while !over.load(Ordering::Relaxed) {
                        runs.push(world.submit(["lines"]));
                    }
                    runs
                })
            })
            .collect();
        eventually("there is load", || (world.read("lines").lines().count() > 10).then_some(()));
        let file = backup(&world, "one.tar");
        let two = backup(&world, "two.tar");
        over.store(true, Ordering::Relaxed);
        let runs: Vec<String> = submitters.into_iter().flat_map(|s| s.join().unwrap()).collect();
        fs::remove_file(file).unwrap();
        fs::rename(two, world.path().join("one.tar")).unwrap();
        runs
    });
    let file = world.path().join("one.tar");
    let path = file.to_str().unwrap();
    let checked = world.json(["backup", "--check", path]);
    let runs = checked["runs"].as_u64().unwrap();
    assert!(runs >= 3, "{checked:#}");
    // each is in four lists
    assert_eq!(checked["tables"]["run_index"], 4 * runs);
    assert_eq!(fs::metadata(&file).unwrap().len(), checked["bytes"].as_u64().unwrap());
    for run in &known {
        world.until(run, "completed");
    }
    assert!(daemon.interrupt().success());

    let other = World::new();
    let restored = restore(&other, &file, &[]);
    assert_eq!(restored.code, 0, "{restored:?}");
    let daemon = other.start();
    let status = other.json(["status"]);
    let counted: u64 =
        status["runs"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(counted, runs, "{status:#}");
    assert_eq!(status["restored"]["held"], checked["open_runs"]);
    let shown = other.show(&before);
    assert_eq!(shown["status"], "completed");
    let again = other.json(["rerun", &before, "--from", "t", "--wait"]);
    assert_eq!(again["outputs"]["n"], 200_000, "{again:#}");
    assert_eq!(other.rpa(["doctor", "--quiet"]).code, 5, "runs are held");
    assert_eq!(other.rpa(["resume", "--restored"]).code, 0);
    eventually("all of it has ended", || {
        let status = other.json(["status"]);
        (status["runs"]["completed"] == runs + 1).then_some(())
    });
    // those that it knows had all been accepted
    let listed = other.json(["runs", "--limit", "1000", "--workflow", "lines"]);
    for run in listed["runs"].as_array().unwrap() {
        assert!(known.contains(&run["run"].as_str().unwrap().to_owned()), "{run}");
    }
    assert!(daemon.interrupt().success());
}

#[test]
fn a_damaged_backup_is_refused_by_the_name_of_what_is_damaged() {
    let world = World::new();
    let daemon = world.start();
    world.apply("other", "version: 1\nname: other\nsteps:\n  - {id: s, uses: noop}\n");
    world.submit(["other"]);
    let file = backup(&world, "a.tar");
    assert!(daemon.interrupt().success());
    let good = fs::read(&file).unwrap();
    let member = b"store/workflows/000000";
    let at = good.windows(member.len()).position(|w| w == member).unwrap() + 512 + 20;
    let mut bad = good.clone();
    bad[at] ^= 1;
    fs::write(&file, &bad).unwrap();
    let path = file.to_str().unwrap();
    for refused in [world.rpa(["backup", "--check", path]), restore(&world, &file, &["--replace"])]
    {
        assert_eq!(refused.code, 65, "{refused:?}");
        assert!(refused.stderr.contains("\"store/workflows/000000\""), "{refused:?}");
    }
    fs::write(&file, &good[..good.len() / 2]).unwrap();
    let torn = world.rpa(["backup", "--check", path]);
    assert!(torn.code == 65 && torn.stderr.contains("breaks off"), "{torn:?}");
    let daemon = world.start();
    assert_eq!(world.json(["status"])["state"], "ready", "nothing was touched");
    assert!(daemon.interrupt().success());
}

#[test]
fn files_that_are_there_and_directories_in_use_are_left_alone() {
    let world = World::new();
    let daemon = world.start();
    let file = backup(&world, "a.tar");
    let path = file.to_str().unwrap();
    assert_eq!(world.rpa(["backup", "--check", path]).code, 0);
    let there = world.rpa(["backup", path]);
    assert!(there.code == 2 && there.stderr.contains("RPA0221"), "{there:?}");
    assert_eq!(world.rpa(["backup", path, "--force"]).code, 0);
    let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(&file).unwrap());
    assert_eq!(mode & 0o777, 0o600);
    let in_use = restore(&world, &file, &["--replace"]);
    assert!(in_use.code == 75 && in_use.stderr.contains("RPA0205"), "{in_use:?}");
    assert!(daemon.interrupt().success());
    // nothing is in the store: it may be taken the place of
    let restored = restore(&world, &file, &[]);
    assert_eq!(restored.code, 0, "{restored:?}");
    // one that was broken off keeps daemons away, and is begun anew
    fs::create_dir(world.state().join("restoring")).unwrap();
    let refused = world.rpad(&Options::default()).output().unwrap();
    assert_eq!(refused.status.code(), Some(78), "{refused:?}");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("RPA0224"), "{refused:?}");
    assert_eq!(restore(&world, &file, &[]).code, 0);
    let daemon = world.start();
    // secrets are no part of it, and neither are they touched
    assert!(!String::from_utf8_lossy(&fs::read(&file).unwrap()).contains("secrets/"));
    assert!(daemon.interrupt().success());
}

#[test]
fn scheduled_backups_are_made_kept_and_told_of() {
    let world = World::new();
    let dir = world.path().join("backups");
    let settings = format!("[backup]\ndirectory = {dir:?}\nevery = \"1s\"\nkeep = \"2s\"\n");
    let options = Options { settings, ..Options::default() };
    let daemon = world.start_with(&options);
    let names = || -> Vec<String> {
        let entries = fs::read_dir(&dir).into_iter().flatten();
        let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| name.ends_with(".tar")).collect();
        names.sort();
        names
    };
    let first = eventually("a backup is made", || names().first().cloned());
    let path = dir.join(&first);
    assert_eq!(world.rpa(["backup", "--check", path.to_str().unwrap()]).code, 0);
    eventually("the daemon says so", || {
        let status = world.json(["status"]);
        (status["backup"]["last"].is_string() && status["backup"]["every_ms"] == 1000).then_some(())
    });
    eventually("the first one is removed", || (!names().contains(&first)).then_some(()));
    assert!(!names().is_empty(), "the newest is kept");
    // what cannot be written is told of: here somebody put a file in the way
    fs::rename(&dir, world.path().join("aside")).unwrap();
    fs::write(&dir, "").unwrap();
    eventually("the failure is told", || {
        let status = world.json(["status"]);
        status["backup"]["error"].is_string().then_some(())
    });
    let doctor = world.json(["doctor"]);
    let findings = doctor["findings"].as_array().unwrap();
    let failed = findings.iter().any(|f| f["check"] == "backup" && f["severity"] == "error");
    assert!(failed, "{doctor:#}");
    assert_eq!(world.rpa(["doctor"]).code, 3);
    fs::remove_file(&dir).unwrap();
    fs::create_dir(&dir).unwrap();
    eventually("it is mended by itself", || {
        (world.json(["status"])["backup"]["error"].is_null()).then_some(())
    });
    assert!(daemon.interrupt().success());
}
