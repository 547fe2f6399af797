//! Cancel, time-out, shutdown: what was begun is seen to end.

use std::fs;

use rpa_tests::{Options, World, eventually};
use rustix::process::Signal;

fn settings(text: &str) -> Options {
    Options { settings: text.to_owned(), ..Options::default() }
}

fn alive(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    let state = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next());
    state.is_some_and(|s| s != "Z" && s != "X")
}

/// A step with a child of its own that ignores TERM; both write their pids.
fn stubborn(world: &World, extra: &str) -> String {
    let dir = world.path().display();
    format!(
        "version: 1\nname: stubborn\nsteps:\n  - id: s\n{extra}    run: |\n      \
         sh -c 'trap \"\" TERM; echo $$ > {dir}/child; while :; do sleep 0.1; done' &\n      \
         echo $$ > {dir}/parent\n      wait\n  - {{id: after, run: echo never}}\n"
    )
}

fn pids(world: &World) -> [String; 2] {
    eventually("both processes run", || {
        let pids = [world.read("child"), world.read("parent")];
        pids.iter().all(|p| p.ends_with('\n')).then_some(pids)
    })
}

#[test]
fn cancel_ends_the_whole_group() {
    let world = World::new();
    let daemon = world.start_with(&settings("[runs]\ncancel_grace = \"300ms\"\n"));
    world.apply("stubborn", &stubborn(&world, ""));
    let run = world.submit(["stubborn"]);
    let pids = pids(&world);
    assert_eq!(world.rpa(["cancel", &run]).code, 0);
    let shown = world.until(&run, "cancelled");
    assert!(!pids.iter().any(|p| alive(p)), "cancelled, but a process lives");
    assert_eq!(shown["steps"][0]["status"], "cancelled");
    assert_eq!(shown["steps"][1]["status"], "cancelled");
    assert_eq!(
        world.rpa(["run", "stubborn", "--request-id", "x", "--timeout", "1ms", "--wait"]).code,
        124
    );
    assert_eq!(world.rpa(["cancel", &run]).code, 2, "it has already ended");
    let running =
        world.json(["runs", "--status", "running"])["runs"][0]["run"].as_str().unwrap().to_owned();
    assert_eq!(world.rpa(["cancel", &running]).code, 0);
    world.until(&running, "cancelled");
    assert!(daemon.stop().success());
}

#[test]
fn a_time_out_ends_the_group_and_is_a_failure() {
    let world = World::new();
    let daemon = world.start_with(&settings("[runs]\ncancel_grace = \"300ms\"\n"));
    world.apply("stubborn", &stubborn(&world, "    timeout: 500ms\n"));
    let run = world.submit(["stubborn"]);
    let pids = pids(&world);
    let shown = world.until(&run, "failed");
    assert!(!pids.iter().any(|p| alive(p)));
    assert_eq!(shown["steps"][0]["error"]["code"], "RPA0402");
    assert_eq!(shown["steps"][0]["error"]["class"], "timeout");
    assert!(daemon.stop().success());
}

#[test]
fn a_step_that_must_run_once_is_in_doubt_after_a_time_out() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "once",
        "version: 1\nname: once\nsteps:\n  - {id: s, effect: once, timeout: 300ms, run: sleep 60}\n",
    );
    let run = world.submit(["once"]);
    let shown = world.until(&run, "in_doubt");
    assert!(shown["steps"][0]["reason"].as_str().unwrap().contains("timed out"), "{shown:#}");
    assert_eq!(world.rpa(["resolve", &run, "s", "fail"]).code, 0);
    let shown = world.until(&run, "failed");
    assert_eq!(shown["error"]["code"], "RPA0416");
    assert!(daemon.stop().success());
}

/// The ways of stopping a daemon that let it end its steps: by a person, and by a
/// service manager where steps run inside of it.
const SHUTDOWNS: [(&str, Signal); 2] =
    [("", Signal::INT), ("[runner]\nprocess = false\n", Signal::TERM)];

#[test]
fn a_shutdown_lets_steps_end_and_begins_nothing_new() {
    for (text, signal) in SHUTDOWNS {
        lets_steps_end(text, signal);
    }
}

fn lets_steps_end(text: &str, signal: Signal) {
    let world = World::new();
    let daemon = world.start_with(&settings(text));
    let (dir, go) = (world.path().display(), world.path().join("go"));
    world.apply(
        "long",
        &format!(
            "version: 1\nname: long\nsteps:\n  - id: a\n    run: |\n      touch {dir}/began\n      \
             until [ -e {0} ]; do sleep 0.01; done\n      touch {dir}/ended\n  - {{id: b, run: touch {dir}/b}}\n",
            go.display()
        ),
    );
    let run = world.submit(["long"]);
    eventually("the step runs", || world.path().join("began").exists().then_some(()));
    daemon.signal(signal);
    eventually("it says that it drains", || {
        (world.json(["status"])["state"] == "draining").then_some(())
    });
    let refused = world.rpa(["run", "long"]);
    assert_eq!(refused.code, 75, "{refused:?}");
    fs::write(&go, "").unwrap();
    assert!(daemon.wait().success());
    assert!(world.path().join("ended").exists(), "the step got to its end");
    assert!(!world.path().join("b").exists(), "nothing new was begun");
    let daemon = world.start();
    let shown = world.until(&run, "completed");
    assert_eq!(shown["steps"][0]["attempts"], 1);
    assert!(world.path().join("b").exists());
    assert!(daemon.stop().success());
}

#[test]
fn a_shutdown_whose_time_is_up_ends_steps_by_their_class() {
    for (text, signal) in SHUTDOWNS {
        ends_steps(text, signal);
    }
}

fn ends_steps(text: &str, signal: Signal) {
    let world = World::new();
    let daemon = world.start_with(&settings(&format!(
        "[daemon]\ndrain_timeout = \"200ms\"\n[runs]\ncancel_grace = \"200ms\"\n{text}"
    )));
    let mut runs = Vec::new();
    for class in ["idempotent", "unknown", "once"] {
        let file = world.path().join(class).display().to_string();
        world.apply(
            class,
            &format!(
                "version: 1\nname: {class}\nsteps:\n  - id: s\n    effect: {class}\n    run: |\n      \
                 echo x >> {file}; [ $(wc -l < {file}) -ge 2 ] || sleep 60\n"
            ),
        );
        runs.push(world.submit([class]));
        eventually("the step runs", || (world.read(class) == "x\n").then_some(()));
    }
    daemon.signal(signal);
    assert!(daemon.wait().success());
    let daemon = world.start();
    world.until(&runs[0], "completed");
    let failed = world.until(&runs[1], "failed");
    assert_eq!(failed["error"]["code"], "RPA0414", "{failed:#}");
    world.until(&runs[2], "in_doubt");
    assert_eq!(world.read("unknown"), "x\n");
    assert_eq!(world.read("once"), "x\n");
    assert!(daemon.stop().success());
}
