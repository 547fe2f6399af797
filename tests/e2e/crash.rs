//! Nothing acknowledged is lost, nothing confirmed runs twice: SIGKILL at random.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use rpa_tests::{Daemon, Random, World, eventually};
use rustix::process::Signal;
use serde_json::Value;

const KILLS: usize = 50;
const STEPS: usize = 20;
const CLASSES: [&str; 3] = ["idempotent", "unknown", "once"];

/// Twenty steps; each says in one write who it is, and marks while it runs.
fn workflow(dir: &Path) -> String {
    let dir = dir.display();
    let mut text = String::from("version: 1\nname: lines\nsteps:\n");
    for i in 0..STEPS {
        let class = CLASSES[i % CLASSES.len()];
        text.push_str(&format!(
            "  - id: s{i}\n    effect: {class}\n    run: |\n      : > {dir}/in.$RPA_STEP.$RPA_ATTEMPT\n      \
             echo \"$RPA_RUN_ID $RPA_STEP $RPA_ATTEMPT\" >> {dir}/lines\n      \
             sleep 0.05\n      rm -f {dir}/in.$RPA_STEP.$RPA_ATTEMPT\n"
        ));
    }
    text
}

fn inside_a_step(dir: &Path) -> bool {
    fs::read_dir(dir)
        .expect("the world")
        .any(|e| e.expect("entry").file_name().to_string_lossy().starts_with("in."))
}

/// What goes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Crash {
    Daemon,
    DaemonAndRunner,
}

/// Stops the daemon dead, looks whether a step is in flight, and kills it.
fn kill(world: &World, daemon: Daemon, crash: Crash, random: &mut Random) -> bool {
    // the point of the crash: any moment of the next step or two
    sleep(Duration::from_micros(random.below(60_000)));
    daemon.signal(Signal::STOP);
    let inside = inside_a_step(world.path());
    match crash {
        Crash::Daemon => daemon.kill_alone(),
        Crash::DaemonAndRunner => daemon.kill(),
    }
    inside
}

/// Marks of attempts that were killed would look like a step in flight.
fn forget_orphans(dir: &Path) {
    for entry in fs::read_dir(dir).expect("the world") {
        let path = entry.expect("entry").path();
        if path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("in.")) {
            let _ = fs::remove_file(path);
        }
    }
}

/// What a person would do about each doubt: look whether the line is there.
fn resolve_doubts(world: &World, resolved: &mut BTreeMap<(String, String), u32>) {
    let doubts = world.json(["doubts"]);
    for doubt in doubts["doubts"].as_array().expect("doubts") {
        let (run, path) = (doubt["run"].as_str().unwrap(), doubt["path"].as_str().unwrap());
        let line = format!("{run} {path} {}\n", doubt["attempt"]);
        let decision = if world.read("lines").contains(&line) { "done" } else { "retry" };
        let rpa = world.rpa(["resolve", run, path, decision]);
        assert_eq!(rpa.code, 0, "{rpa:?}");
        if decision == "retry" {
            *resolved.entry((run.to_owned(), path.to_owned())).or_default() += 1;
        }
    }
}

#[test]
fn every_confirmed_line_exactly_once_over_fifty_kills() {
    let retried = confirmed_over_kills(Crash::DaemonAndRunner);
    println!("{} doubts were retried", retried.len());
}

/// Without the loss of the runner nothing is in doubt, and nothing runs twice.
#[test]
fn every_line_exactly_once_over_fifty_kills_of_the_daemon_alone() {
    let retried = confirmed_over_kills(Crash::Daemon);
    assert!(retried.is_empty(), "{retried:?}");
}

/// The steps that a person had to decide about, and to have run again.
fn confirmed_over_kills(crash: Crash) -> BTreeMap<(String, String), u32> {
    let mut random = Random::from_env();
    let world = World::new();
    let mut daemon = world.start();
    world.apply("lines", &workflow(world.path()));
    let mut runs: Vec<String> = Vec::new();
    let mut retried = BTreeMap::new();
    let mut inside = 0;
    for kill_number in 0..KILLS {
        forget_orphans(world.path());
        let wanted = kill_number % 4 != 3;
        eventually("a step is in flight", || {
            let open = runs.last().is_some_and(|run| world.show(run)["status"] != "completed");
            if !open {
                runs.push(world.submit(["lines"]));
            }
            match crash {
                Crash::DaemonAndRunner => resolve_doubts(&world, &mut retried),
                Crash::Daemon => {
                    let doubts = world.json(["doubts"]);
                    assert_eq!(doubts["doubts"].as_array().map(Vec::len), Some(0), "{doubts:#}");
                }
            }
            (!wanted || inside_a_step(world.path())).then_some(())
        });
        inside += usize::from(kill(&world, daemon, crash, &mut random));
        daemon = world.start();
    }
    println!("{inside} of {KILLS} kills were inside a step, {} runs", runs.len());
    // a step that goes on has often ended by the time at which it is looked for
    let least = match crash {
        Crash::DaemonAndRunner => KILLS / 2,
        Crash::Daemon => KILLS / 4,
    };
    assert!(inside >= least, "only {inside} kills were inside a step");
    for run in &runs {
        eventually(&format!("run {run} ends"), || {
            resolve_doubts(&world, &mut retried);
            (world.show(run)["status"] == "completed").then_some(())
        });
        check_run(&world, run, crash, &retried);
    }
    assert!(daemon.stop().success());
    retried
}

/// The independent check, from what the steps wrote and what was acknowledged.
fn check_run(world: &World, run: &str, crash: Crash, retried: &BTreeMap<(String, String), u32>) {
    let mut written: BTreeMap<(String, u32), usize> = BTreeMap::new();
    for line in world.read("lines").lines().filter(|l| l.starts_with(run)) {
        let fields: Vec<&str> = line.split(' ').collect();
        assert_eq!(fields.len(), 3, "torn line {line:?}");
        *written.entry((fields[1].to_owned(), fields[2].parse().unwrap())).or_default() += 1;
    }
    let shown = world.show(run);
    let steps = shown["steps"].as_array().expect("steps");
    assert_eq!(steps.len(), STEPS);
    for (i, step) in steps.iter().enumerate() {
        let id = step["id"].as_str().unwrap().to_owned();
        let attempts = u32::try_from(step["attempts"].as_u64().unwrap()).unwrap();
        assert_eq!(step["status"], "completed", "{step}");
        for attempt in 1..=attempts {
            let count = written.remove(&(id.clone(), attempt)).unwrap_or(0);
            assert!(count <= 1, "{id}#{attempt} wrote {count} lines");
            let is_first = crash == Crash::Daemon && attempt < attempts;
            assert!(!is_first || count == 0, "{id}#{attempt} had begun and was not waited for");
            if attempt == attempts {
                assert_eq!(count, 1, "the confirmed attempt {id}#{attempt} wrote no line");
            } else if CLASSES[i % CLASSES.len()] != "idempotent" {
                // repeated only when a person said so, or when it had not begun
                let told = retried.contains_key(&(run.to_owned(), id.clone()));
                assert!(count == 0 || told, "{id}#{attempt} was blindly repeated");
            }
        }
    }
    assert!(written.is_empty(), "lines of attempts that nobody knows: {written:?}");
}

#[test]
fn an_orphan_is_ended_before_its_step_is_run_again() {
    let world = World::new();
    let daemon = world.start();
    let file = world.path().join("f");
    world.apply(
        "orphan",
        &format!(
            "version: 1\nname: orphan\nsteps:\n  - id: slow\n    effect: idempotent\n    run: |\n      \
             echo $$ > {0}.pid; sleep 5; echo x >> {0}\n",
            file.display()
        ),
    );
    let run = world.submit(["orphan"]);
    let pid = eventually("the step runs", || world.read("f.pid").trim().parse::<u32>().ok());
    sleep(Duration::from_secs(1));
    daemon.kill();
    assert!(alive(pid), "the orphan lives on until the daemon is back");
    let daemon = world.start();
    let shown = world.until(&run, "completed");
    assert_eq!(world.read("f"), "x\n");
    assert!(!alive(pid), "the orphan is alive");
    assert_eq!(shown["steps"][0]["attempts"], 2);
    assert!(daemon.stop().success());
}

fn alive(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next());
    state.is_some_and(|s| s != "Z" && s != "X")
}

#[test]
fn a_step_that_must_not_be_repeated_waits_for_a_person() {
    let world = World::new();
    let daemon = world.start();
    let file = world.path().join("f");
    world.apply(
        "doubtful",
        &format!(
            "version: 1\nname: doubtful\nsteps:\n  - id: pay\n    effect: once\n    run: echo paid >> {0}; sleep 60\n  \
             - {{id: other, needs: [], uses: noop}}\n  - {{id: after, needs: [pay], run: echo \"after\" }}\n",
            file.display()
        ),
    );
    let run = world.submit(["doubtful", "--request-id", "pay-once"]);
    eventually("the step has acted", || (world.read("f") == "paid\n").then_some(()));
    daemon.kill();
    let daemon = world.start();
    let waited = world.rpa(["run", "doubtful", "--request-id", "pay-once", "--wait"]);
    assert_eq!(waited.code, 5, "{waited:?}");
    let shown = world.until(&run, "in_doubt");
    assert_eq!(shown["steps"][0]["status"], "in_doubt");
    assert_eq!(shown["steps"][1]["status"], "completed", "other branches go on");
    assert_eq!(shown["steps"][2]["status"], "pending", "joins wait");
    assert_eq!(world.rpa(["resolve", &run, "after", "done"]).code, 2);
    let rpa = world.rpa(["resolve", &run, "pay", "done", "--output", "receipt=17"]);
    assert_eq!(rpa.code, 0, "{rpa:?}");
    let shown = world.until(&run, "completed");
    assert_eq!(shown["steps"][0]["output"], serde_json::json!({"receipt": "17"}));
    assert!(world.read("f").starts_with("paid\n"));
    daemon.kill();
}

#[test]
fn the_same_request_is_the_same_run_even_across_a_crash() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "one",
        "version: 1\nname: one\nvariables: {n: {type: number, default: 1}}\nsteps:\n  - {id: a, run: \"true\"}\n",
    );
    let first = world.json(["run", "one", "--request-id", "r1"]);
    let again = world.json(["run", "one", "--request-id", "r1"]);
    daemon.kill();
    let daemon = world.start();
    let later = world.json(["run", "one", "--request-id", "r1"]);
    for other in [&again, &later] {
        assert_eq!(first["run"], other["run"], "{other}");
    }
    assert_eq!(world.json(["runs"])["runs"].as_array().map(Vec::len), Some(1));
    let reused = world.rpa(["--json", "run", "one", "--request-id", "r1", "--var", "n=2"]);
    assert_eq!(reused.code, 2);
    let fault: Value = serde_json::from_str(&reused.stdout).unwrap();
    assert_eq!(fault["error"]["code"], "RPA0508", "{fault}");
    assert!(daemon.stop().success());
}
