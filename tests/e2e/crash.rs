//! What a crash leaves behind: orphans, doubts, requests. See `kills` for crashes at random.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use rpa_tests::{World, eventually};
use serde_json::Value;

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
