//! How runs end: by their time, by a person, by a failure; who is told, and what is
//! undone. And how they stand still.

use std::fs;

use rpa_tests::{Options, World, eventually};
use serde_json::json;

use crate::loops::{last_turn, step};

fn alive(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    let state = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next());
    state.is_some_and(|s| s != "Z" && s != "X")
}

fn quick() -> Options {
    let settings = "[runs]\ncancel_grace = \"300ms\"\n".to_owned();
    Options { settings, ..Options::default() }
}

/// Commands of a step that has a child, which ignores TERM; both write their pids.
fn stubborn(world: &World) -> String {
    let dir = world.path().display();
    format!(
        "sh -c 'trap \"\" TERM; echo $$ >> {dir}/pids; while :; do sleep 0.1; done' & \
         echo $$ >> {dir}/pids; wait"
    )
}

/// The pids, once there are so many.
fn pids(world: &World, count: usize) -> Vec<String> {
    eventually("the processes run", || {
        let pids: Vec<String> = world.read("pids").lines().map(str::to_owned).collect();
        (pids.len() == count).then_some(pids)
    })
}

const HANDLERS: &str = r#"
version: 1
name: handlers
variables: {ok: {type: boolean}}
steps:
  - id: group
    steps:
      - {id: inner, run: "$OK", env: {OK: "{{ vars.ok }}"}}
handlers:
  success:
    - {id: good, run: echo success "$S" >> DIR/told, env: {S: "{{ run.status }} {{ run.error }}"}}
  failure:
    - id: bad
      run: echo failure "$WHAT" >> DIR/told
      env: {WHAT: "{{ run.status }} {{ run.error.step }} {{ run.error.code }} {{ run.error.class }} {{ run.error.message }}"}
    - {id: itself, run: exit 9}
    - {id: late, if: always(), run: echo late >> DIR/told}
  finally:
    - {id: tidy, run: echo finally "$S" >> DIR/told, env: {S: "{{ run.status }} {{ steps.group.status }}"}}
"#;

#[test]
fn handlers_are_told_how_the_run_ends() {
    let world = World::new();
    let daemon = world.start();
    world.apply("handlers", &HANDLERS.replace("DIR", &world.path().display().to_string()));
    let good = world.json(["run", "handlers", "--var", "ok=true", "--wait"]);
    assert_eq!(good["status"], "completed", "{good:#}");
    assert_eq!(world.read("told"), "success completed \nfinally completed completed\n");
    fs::remove_file(world.path().join("told")).unwrap();
    let bad = world.json(["run", "handlers", "--var", "ok=false", "--wait"]);
    assert_eq!(bad["status"], "failed", "{bad:#}");
    let told = world.read("told");
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].ends_with("inner: exited with 1"), "{told}");
    assert!(lines[0].starts_with("failure failed group RPA0401 exit(1) "), "{told}");
    assert_eq!(lines[1..], ["late", "finally failed failed"]);
    assert_eq!(bad["error"]["code"], "RPA0401", "a handler that fails changes nothing");
    assert_eq!(step(&bad, "@failure/itself")["status"], "failed");
    let log = world.rpa(["logs", bad["run"].as_str().unwrap()]).stdout;
    assert!(log.contains("a handler failed: "), "{log}");
    assert!(daemon.stop().success());
}

const UNDO: &str = r#"
version: 1
name: undo
steps:
  - id: account
    uses: data.transform
    with: {value: {name: ann}}
    compensate: {id: drop, run: echo account "$NAME" >> DIR/undone, env: {NAME: "{{ steps.account.output.name }}"}}
  - id: shares
    for_each: [x, y, z]
    as: share
    steps:
      - id: grant
        run: echo "$SHARE"
        env: {SHARE: "{{ share }}"}
        compensate:
          - {id: first, run: echo "$SHARE" first >> DIR/undone, env: {SHARE: "{{ share }}"}}
          - {id: second, run: echo "$SHARE" second >> DIR/undone, env: {SHARE: "{{ share }}"}}
  - id: broken
    run: echo broken
    compensate: {id: bad, run: exit 5}
  - id: failing
    run: exit 1
    compensate: {id: never, run: echo never >> DIR/undone}
handlers:
  failure: [{id: tell, run: echo told >> DIR/undone}]
"#;

#[test]
fn what_was_done_is_undone_from_the_last() {
    let world = World::new();
    let daemon = world.start();
    let shown = world.ended("undo", &UNDO.replace("DIR", &world.path().display().to_string()));
    assert_eq!(shown["status"], "failed", "{shown:#}");
    let wanted = [
        "z first",
        "z second",
        "y first",
        "y second",
        "x first",
        "x second",
        "account ann",
        "told",
    ];
    assert_eq!(world.read("undone").lines().collect::<Vec<_>>(), wanted);
    let log = world.rpa(["logs", shown["run"].as_str().unwrap()]).stdout;
    assert!(log.contains("could not be undone: "), "{log}");
    assert!(daemon.stop().success());
}

#[test]
fn the_time_of_a_run_ends_what_runs_in_its_loops() {
    let world = World::new();
    let daemon = world.start_with(&quick());
    world.apply(
        "late",
        &format!(
            "version: 1\nname: late\ntimeout: 3s\nsteps:\n  - id: each\n    for_each: [1, 2, 3]\n    \
             max_parallel: 2\n    on_item_error: continue\n    steps:\n      - id: work\n        run: |\n          {}\n  \
             - {{id: after, run: echo never}}\nhandlers:\n  \
             failure: [{{id: tell, run: echo \"$E\" > {}/told, env: {{E: \"{{{{ run.error.code }}}}\"}}}}]\n",
            stubborn(&world),
            world.path().display()
        ),
    );
    let run = world.submit(["late"]);
    let pids = pids(&world, 4);
    let shown = world.until(&run, "failed");
    assert_eq!(pids.iter().filter(|pid| alive(pid)).count(), 0, "a process lives");
    assert_eq!(shown["error"]["code"], "RPA0420", "{shown:#}");
    assert_eq!(world.read("told"), "RPA0420\n", "handlers have their own time");
    assert_eq!(world.read("pids").lines().count(), 4, "the third item never began");
    assert_eq!(step(&shown, "after")["status"], "cancelled");
    assert!(daemon.stop().success());
}

#[test]
fn the_time_of_a_group_ends_what_runs_in_it_and_the_run_goes_on() {
    let world = World::new();
    let daemon = world.start_with(&quick());
    world.apply(
        "slow",
        &format!(
            "version: 1\nname: slow\nsteps:\n  - id: group\n    timeout: 2s\n    on_error: {{fallback: quick}}\n    \
             steps:\n      - id: inner\n        repeat: {{count: 5}}\n        steps:\n          - id: work\n            run: |\n              {}\n  \
             - {{id: quick, uses: data.transform, with: {{value: {{by: fallback}}}}}}\n\
             outputs: {{by: \"{{{{ steps.group.output.by }}}}\"}}\n",
            stubborn(&world)
        ),
    );
    let run = world.submit(["slow"]);
    let pids = pids(&world, 2);
    let shown = world.until(&run, "completed");
    assert!(!pids.iter().any(|pid| alive(pid)), "a process lives");
    assert_eq!(shown["outputs"], json!({"by": "fallback"}));
    let error = &step(&shown, "group")["error"];
    assert_eq!((&error["code"], &error["class"]), (&json!("RPA0402"), &json!("timeout")));
    assert!(daemon.stop().success());
}

#[test]
fn a_cancel_reaches_into_a_loop() {
    let world = World::new();
    let daemon = world.start_with(&quick());
    let dir = world.path().display();
    world.apply(
        "cancelled",
        &format!(
            "version: 1\nname: cancelled\nsteps:\n  - id: each\n    for_each: \"{{{{ range(100) }}}}\"\n    \
             max_parallel: 2\n    on_item_error: continue\n    steps:\n      - id: work\n        run: |\n          {}\n\
             handlers:\n  cancel: [{{id: told, run: echo cancel >> {dir}/told}}]\n  \
             finally: [{{id: last, run: echo finally >> {dir}/told}}]\n",
            stubborn(&world)
        ),
    );
    let run = world.submit(["cancelled"]);
    let pids = pids(&world, 4);
    assert_eq!(world.rpa(["cancel", &run]).code, 0);
    let shown = world.until(&run, "cancelled");
    assert!(!pids.iter().any(|pid| alive(pid)), "a process lives");
    assert_eq!(world.read("pids").lines().count(), 4, "no further item began");
    assert_eq!(world.read("told"), "cancel\nfinally\n");
    assert_eq!(step(&shown, "each")["status"], "cancelled");
    assert!(daemon.stop().success());
}

#[test]
fn a_paused_run_begins_nothing_until_it_is_resumed() {
    let world = World::new();
    let mut daemon = world.start();
    let dir = world.path().display();
    world.apply(
        "stands",
        &format!(
            "version: 1\nname: stands\nsteps:\n  - id: each\n    for_each: [0, 1, 2]\n    steps:\n      - id: work\n        \
             run: touch {dir}/began.$N; until [ -e {dir}/go ]; do sleep 0.01; done; touch {dir}/ended.$N\n        \
             env: {{N: \"{{{{ item }}}}\"}}\n"
        ),
    );
    world.apply("fence", "version: 1\nname: fence\nsteps: [{id: s, run: \"true\"}]\n");
    let run = world.submit(["stands"]);
    let there = |name: &str| world.path().join(name).exists();
    eventually("the first item runs", || there("began.0").then_some(()));
    let paused = world.rpa(["pause", &run]);
    assert_eq!(paused.code, 0, "{paused:?}");
    assert_eq!(world.json(["pause", &run])["error"]["code"], "RPA0530", "it is paused already");
    fs::write(world.path().join("go"), "").unwrap();
    eventually("the first item ends", || {
        let shown = world.show(&run);
        (there("ended.0") && last_turn(&shown, "each") == Some((0, true))).then_some(())
    });
    // a whole other run had the time for it
    world.json(["run", "fence", "--wait"]);
    assert!(!there("began.1"), "the next item began in a paused run");
    daemon.kill();
    daemon = world.start();
    world.json(["run", "fence", "--wait"]);
    assert_eq!(world.show(&run)["status"], "paused");
    assert!(!there("began.1"), "a restart resumed the run");
    let resumed = world.rpa(["resume", &run]);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    world.until(&run, "completed");
    assert!(there("ended.2"));
    assert_eq!(world.rpa(["resume", &run]).code, 2);
    assert!(daemon.stop().success());
}
