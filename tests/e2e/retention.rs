//! Finished runs in archives: they are found as before, wherever the daemon dies, and
//! vanish with their files when their time is over.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use rpa_tests::{Options, Random, World, eventually};
use serde_json::{Value, json};

use crate::again::flow;

/// A second in the live store, a long time in an archive.
const MOVING: &str = "[retention]\nlive_age = \"1s\"\n";
const VANISHING: &str = "[retention]\nlive_age = \"1s\"\narchive_age = \"1s\"\n";

fn with(settings: &str) -> Options {
    Options { settings: settings.to_owned(), ..Options::default() }
}

fn kept(world: &World) -> Value {
    world.json(["status"])["kept"].clone()
}

/// Waits until so many runs are in archives, and no run that has ended is elsewhere.
fn archived(world: &World, runs: u64) {
    eventually(&format!("{runs} runs are archived"), || {
        let kept = kept(world);
        (kept["archived"] == runs && kept["live_ended"] == 0).then_some(())
    });
}

/// The directories of runs.
fn run_dirs(state: &Path) -> Vec<PathBuf> {
    let below = |dir: &Path| {
        let entries = fs::read_dir(dir).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    };
    below(&state.join("runs")).iter().flat_map(|day| below(day)).collect()
}

/// What people can ask of some runs, as it is answered.
fn answers(world: &World, runs: &[String]) -> BTreeMap<String, Value> {
    let mut answers = BTreeMap::new();
    let mut ask = |args: &[&str]| {
        let mut answer = world.json(args.iter().copied());
        // it tells when it was asked
        if let Some(fields) = answer.as_object_mut() {
            fields.remove("now");
        }
        answers.insert(args.join(" "), answer);
    };
    for run in runs {
        let suffix = &run[run.len() - 12..];
        ask(&["show", run]);
        ask(&["show", suffix]);
        ask(&["logs", run]);
        ask(&["logs", run, "--step", "b"]);
        ask(&["why", run]);
        ask(&["why", run, "b"]);
    }
    let [oldest, .., newest] = runs else { panic!("{runs:?}") };
    for filter in [
        &["runs"][..],
        &["runs", "--status", "completed"],
        &["runs", "--status", "failed"],
        &["runs", "--status", "cancelled"],
        &["runs", "--status", "running"],
        &["runs", "--workflow", "flow"],
        &["runs", "--workflow", "slow"],
        &["runs", "--workflow", "flow", "--status", "failed"],
        &["runs", "--since", "1h"],
        &["runs", "--limit", "2"],
        &["workflows"],
    ] {
        ask(filter);
    }
    assert_eq!(answers["runs"]["runs"].as_array().unwrap().len(), runs.len());
    assert_eq!(answers["runs"]["runs"][0]["run"], *newest);
    assert_eq!(answers["runs"]["runs"][runs.len() - 1]["run"], *oldest);
    answers
}

#[test]
fn an_archived_run_is_found_as_any_other() {
    let world = World::new();
    let daemon = world.start();
    world.file("bad", "");
    let failed = world.ended("flow", &flow(&world))["run"].as_str().unwrap().to_owned();
    fs::remove_file(world.path().join("bad")).unwrap();
    world.apply("slow", "version: 1\nname: slow\nsteps:\n  - {id: b, run: sleep 60}\n");
    let cancelled = world.submit(["slow"]);
    assert_eq!(world.rpa(["cancel", &cancelled]).code, 0);
    world.until(&cancelled, "cancelled");
    let once = ["flow", "--request-id", "just-once"];
    let done = world.submit(once);
    world.until(&done, "completed");
    let runs = [failed, cancelled, done];
    let before = answers(&world, &runs);
    let counts = world.json(["status"])["runs"].clone();
    // their time begins to count
    assert!(daemon.stop().success());
    let daemon = world.start_with(&with(MOVING));
    archived(&world, 3);
    let same = |when: &str| {
        for (question, answer) in answers(&world, &runs) {
            assert_eq!(answer, before[&question], "{when}: {question}");
        }
        assert_eq!(world.json(["status"])["runs"], counts, "{when}");
    };
    same("archived");
    let [failed, cancelled, done] = &runs;
    // to the end of the list in pages of one
    let mut paged = Vec::new();
    let mut cursor = None::<String>;
    loop {
        let mut args = vec!["runs", "--limit", "1"];
        args.extend(cursor.iter().flat_map(|cursor| ["--cursor", cursor]));
        let page = world.json(args);
        paged.extend(page["runs"].as_array().unwrap().iter().map(|run| run["run"].clone()));
        cursor = page["next"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(paged, [done, cancelled, failed].map(|run| json!(run)));
    // what changes a run says that it has ended
    for act in ["cancel", "pause", "resume"] {
        let refused = world.json([act, done]);
        assert_eq!(refused["error"]["code"], "RPA0507", "{act}: {refused:#}");
    }
    // the same request is the same run, and nothing runs twice
    let again = world.json(["run"].into_iter().chain(once));
    assert_eq!((&again["run"], &again["status"]), (&json!(done), &json!("completed")));
    daemon.kill();
    let daemon = world.start_with(&with(MOVING));
    same("after a kill");
    // a new run takes over what the archived one has settled, large values too
    let trace = crate::again::trace(&world).len();
    let retried = world.json(["retry", failed, "--wait"]);
    assert_eq!(retried["status"], "completed", "{retried:#}");
    assert_eq!(retried["rerun_of"], *failed);
    assert_eq!(crate::again::trace(&world)[trace..], ["b", "c from a ann"]);
    let recorded = world.rpa(["test", "record", failed]);
    assert_eq!(recorded.code, 0, "{recorded:?}");
    assert!(daemon.stop().success());
}

/// The ids in the list of all runs, newest first, as pages of ten give them.
fn listed(world: &World) -> Vec<String> {
    let runs = world.json(["runs", "--limit", "1000"]);
    let id = |run: &Value| run["run"].as_str().unwrap().to_owned();
    runs["runs"].as_array().unwrap().iter().map(id).collect()
}

/// Each item is a run of its own.
const MANY: &str = "version: 1\nname: many\nsteps:\n  - id: each\n    \
    for_each: \"{{ range(30) }}\"\n    max_parallel: 30\n    steps:\n      \
    - {id: call, workflow: one}\n";
const ONE: &str =
    "version: 1\nname: one\nsteps:\n  - {id: a, uses: noop}\n  - {id: b, uses: noop}\n";

#[test]
fn a_kill_while_runs_are_moved_loses_none_and_shows_none_twice() {
    const KILLS: usize = 12;
    let mut random = Random::from_env();
    let world = World::new();
    let mut daemon = world.start_with(&with(MOVING));
    world.apply("one", ONE);
    world.apply("many", MANY);
    let mut runs = 0;
    let mut halfway = 0;
    for _ in 0..KILLS {
        let many = world.json(["run", "many", "--wait"]);
        assert_eq!(many["status"], "completed", "{many:#}");
        runs += 31;
        let before = kept(&world)["archived"].as_u64().unwrap();
        eventually("runs begin to leave", || {
            (kept(&world)["archived"].as_u64().unwrap() > before).then_some(())
        });
        // the point of the crash: any moment of it
        sleep(Duration::from_micros(random.below(30_000)));
        daemon.kill();
        daemon = world.start_with(&with(MOVING));
        let now = kept(&world);
        halfway += usize::from(now["live_ended"] != 0);
        let list = listed(&world);
        let mut unique = list.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!((list.len(), unique.len()), (runs, runs), "{now:#}");
        assert_eq!(world.json(["status"])["runs"]["completed"], runs, "{now:#}");
    }
    println!("{halfway} of {KILLS} kills were halfway");
    archived(&world, runs as u64);
    for run in listed(&world) {
        let shown = world.show(&run);
        let steps = shown["steps"].as_array().unwrap();
        assert_eq!(shown["status"], "completed", "{shown:#}");
        assert!(steps.iter().all(|step| step["status"] == "completed"), "{shown:#}");
    }
    assert!(daemon.stop().success());
}

#[test]
fn runs_vanish_with_their_files_and_those_that_are_needed_stay() {
    let world = World::new();
    let daemon = world.start_with(&with(VANISHING));
    let once = "version: 1\nname: once\nsteps:\n  \
        - {id: s, run: \"echo x >> $OUT; head -c 100000 /dev/zero | tr '\\\\0' x\", env: {OUT: \"@\"}}\n";
    let out = world.path().join("out");
    world.apply("once", &once.replace('@', &out.display().to_string()));
    world.apply("one", ONE);
    world.apply(
        "open",
        "version: 1\nname: open\nsteps:\n  - {id: call, workflow: one}\n  - {id: nap, wait: 1h}\n",
    );
    let open = world.submit(["open"]);
    let shown = world.until(&open, "waiting");
    let child = shown["steps"][0]["called"].as_str().unwrap().to_owned();
    let gone = world.submit(["once", "--request-id", "r"]);
    assert_eq!(world.until(&gone, "completed")["status"], "completed");
    let dir = |run: &str| run_dirs(&world.state()).iter().any(|dir| dir.ends_with(run));
    assert!(dir(&gone));
    eventually("its time is over", || {
        let none = world.json(["show", &gone])["error"]["code"] == "RPA0502";
        (none && !dir(&gone) && kept(&world)["archives"] == 0).then_some(())
    });
    assert_eq!(fs::read_dir(world.state().join("archive")).unwrap().count(), 0);
    // it is not done again because nobody remembers how it ended
    let again = world.json(["run", "once", "--request-id", "r"]);
    assert_eq!(again["error"]["code"], "RPA0502", "{again:#}");
    assert_eq!(world.read("out"), "x\n");
    let mut left = listed(&world);
    left.sort_unstable();
    let mut wanted = [open.clone(), child];
    wanted.sort_unstable();
    assert_eq!(left, wanted, "a run and the one that it has called");
    assert_eq!(world.json(["status"])["runs"], json!({"completed": 1, "waiting": 1}));
    // once the caller has ended, both go
    assert_eq!(world.rpa(["cancel", &open]).code, 0);
    eventually("both are gone", || listed(&world).is_empty().then_some(()));
    let shown = world.json(["workflows"]);
    assert!(shown["workflows"][0]["last_run"].is_null(), "{shown:#}");
    assert!(daemon.stop().success());
}

#[test]
fn files_of_no_run_are_removed_and_no_others() {
    let world = World::new();
    let daemon = world.start_with(&with(MOVING));
    world.apply("files", "version: 1\nname: files\nsteps:\n  - {id: s, run: echo here}\n");
    let done = world.submit(["files"]);
    world.until(&done, "completed");
    let mine = run_dirs(&world.state()).into_iter().find(|dir| dir.ends_with(&done)).unwrap();
    let runs = world.state().join("runs");
    // ids of 2024-01-01, when nothing ran here
    let [old, new] = ["1", "2"]
        .map(|n| runs.join("2024-01-01").join(format!("018cc251-f400-7000-8000-00000000000{n}")));
    let others =
        [runs.join("2024-01-01/notes"), runs.join("mine/018cc251-f400-7000-8000-000000000001")];
    for dir in [&old, &new, &others[0], &others[1]] {
        fs::create_dir_all(dir.join("blobs")).unwrap();
        fs::write(dir.join("blobs/x"), "x").unwrap();
    }
    for dir in [&old, &others[0], &others[1], &mine] {
        let touched = Command::new("touch").args(["-d", "3 days ago"]).arg(dir).status();
        assert!(touched.unwrap().success());
    }
    eventually("what belongs to nobody is gone", || (!old.exists()).then_some(()));
    archived(&world, 1);
    // twice more, now that the run is in an archive
    fs::create_dir_all(&old).unwrap();
    let touched = Command::new("touch").args(["-d", "3 days ago"]).arg(&old).arg(&mine).status();
    assert!(touched.unwrap().success());
    eventually("what belongs to nobody is gone again", || (!old.exists()).then_some(()));
    for dir in [&new, &others[0], &others[1], &mine] {
        assert!(dir.exists(), "{}", dir.display());
    }
    assert!(daemon.stop().success());
}

#[test]
fn a_store_is_compacted_while_no_daemon_runs() {
    let world = World::new();
    let daemon = world.start_with(&with(MOVING));
    world.apply("one", ONE);
    world.apply("many", MANY);
    assert_eq!(world.json(["run", "many", "--wait"])["status"], "completed");
    archived(&world, 31);
    let compact = || world.rpad(&with(MOVING)).arg("compact").output().unwrap();
    let refused = compact();
    assert_eq!(refused.status.code(), Some(75), "{refused:?}");
    assert!(daemon.stop().success());
    let done = compact();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let files: Vec<&str> = said.lines().map(|l| l.split(' ').next().unwrap()).collect();
    assert_eq!(files.len(), 2, "{said}");
    assert_eq!(files[0], "rpad.redb");
    assert!(said.lines().all(|line| line.contains("iB -> ")), "{said}");
    let daemon = world.start_with(&with(MOVING));
    assert_eq!(listed(&world).len(), 31);
    assert!(daemon.stop().success());
    let nowhere = Options { state_dir: Some(world.path().join("empty")), ..Options::default() };
    let none = world.rpad(&nowhere).arg("compact").output().unwrap();
    let said = String::from_utf8_lossy(&none.stderr).into_owned();
    assert_eq!(none.status.code(), Some(74), "{said}");
    assert!(said.contains("there is no store in"), "{said}");
}

#[test]
fn little_space_stops_new_work_and_lets_the_rest_go_on() {
    let world = World::new();
    let daemon = world.start();
    let go = world.path().join("go");
    world.apply(
        "slow",
        &format!(
            "version: 1\nname: slow\nsteps:\n  - {{id: a, wait: 1s}}\n  \
             - {{id: b, run: \"until [ -e {} ]; do sleep 0.01; done\"}}\n  - {{id: c, run: echo c}}\n",
            go.display()
        ),
    );
    let run = world.submit(["slow"]);
    assert!(daemon.stop().success());
    // more than any disk has
    let env = vec![("RPAD_STORE_LOW_DISK".to_owned(), "1024TiB".to_owned())];
    let daemon = world.start_with(&Options { env, ..Options::default() });
    let status = world.json(["status"]);
    assert_eq!(status["state"], "degraded", "{status:#}");
    assert_eq!(status["reason"], "the disk is nearly full: no new work is accepted");
    let refused = world.json(["run", "slow"]);
    assert_eq!(refused["error"]["code"], "RPA0203", "{refused:#}");
    let file = world.file("slow.yaml", "version: 1\nname: slow\nsteps:\n  - {id: a, uses: noop}\n");
    assert_eq!(world.json(["apply", file.to_str().unwrap()])["error"]["code"], "RPA0203");
    fs::write(&go, "").unwrap();
    let done = world.until(&run, "completed");
    assert_eq!(done["steps"][2]["status"], "completed", "steps begin: {done:#}");
    assert!(daemon.stop().success());
    let daemon = world.start();
    assert_eq!(world.json(["status"])["state"], "ready");
    assert!(daemon.stop().success());
}

#[test]
fn a_kill_of_an_idle_daemon_costs_the_next_start_no_walk_through_the_store() {
    const WALK: &str = "the store was not closed in order";
    let telling = with("[daemon]\nlog = \"debug\"\n");
    let world = World::new();
    let walks = || world.read("rpad.log").matches(WALK).count();
    let settled = || world.read("rpad.log").matches("the store is settled").count();
    let mut daemon = world.start_with(&telling);
    world.apply("one", ONE);
    // killed behind a commit it is walked through, and says so
    while walks() == 0 {
        world.submit(["one"]);
        daemon.kill();
        daemon = world.start_with(&telling);
    }
    let before = settled();
    let run = world.submit(["one"]);
    world.until(&run, "completed");
    eventually("it is settled", || (settled() > before).then_some(()));
    daemon.kill();
    let walked = walks();
    let daemon = world.start_with(&telling);
    assert_eq!(walks(), walked, "{}", world.read("rpad.log"));
    let runs = world.json(["runs", "--status", "completed", "--limit", "1000"]);
    assert!(!runs["runs"].as_array().unwrap().is_empty(), "{runs:#}");
    assert!(daemon.stop().success());
}
