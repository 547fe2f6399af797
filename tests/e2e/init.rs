//! The first minutes: a workflow is written, a daemon started, the workflow run.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use rpa_tests::{Rpa, World, eventually};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

fn rpa(world: &World, arguments: &[&str]) -> Rpa {
    Rpa::from(world.rpa_command(arguments.iter().copied()).output().unwrap())
}

#[test]
fn the_first_workflow_runs_as_it_is_told() {
    let world = World::new();
    let _daemon = world.start();
    let made = rpa(&world, &["init"]);
    assert_eq!(made.code, 0, "{made:?}");
    assert_eq!(
        made.stdout,
        "hello.yaml: written\nnext\n  rpa check hello.yaml\n  rpa apply hello.yaml\n  rpa run hello --follow\n"
    );
    for line in made.stdout.lines().filter(|line| line.starts_with("  rpa ")) {
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        let done = rpa(&world, &words);
        assert_eq!(done.code, 0, "{line}: {done:?}");
    }
    let shown = world.json(["runs"]);
    assert_eq!(shown["runs"][0]["status"], "completed", "{shown:#}");
    let same = rpa(&world, &["fmt", "--check", "hello.yaml"]);
    assert_eq!((same.code, same.stdout.as_str()), (0, ""));
}

#[test]
fn nothing_is_written_over() {
    let world = World::new();
    world.file("hello.yaml", "mine");
    let refused = world.json(["init"]);
    assert_eq!(refused["error"]["code"], "RPA0221", "{refused}");
    assert_eq!(world.read("hello.yaml"), "mine");
    // of two files neither is written when one is there
    world.file("site-check.test.yaml", "mine");
    assert_eq!(rpa(&world, &["init", "--example", "site-check"]).code, 2);
    assert!(!world.path().join("site-check.yaml").exists());
    fs::create_dir(world.path().join("jobs")).unwrap();
    let made = world.json(["init", "jobs", "--example", "site-check", "--schema"]);
    assert_eq!(made["files"].as_array().unwrap().len(), 3, "{made}");
    assert_eq!(made["daemon"], "none");
    let first = world.read("jobs/site-check.yaml");
    assert!(first.starts_with("# yaml-language-server: $schema=workflow.schema.json\n"), "{first}");
    serde_json::from_str::<Value>(&world.read("jobs/workflow.schema.json")).unwrap();
    assert_eq!(
        rpa(&world, &["check", "jobs/site-check.yaml", "jobs/site-check.test.yaml"]).code,
        0
    );
    assert_eq!(rpa(&world, &["fmt", "--check", "jobs/site-check.yaml"]).code, 0);
    assert_eq!(rpa(&world, &["init", "--example", "nope"]).code, 2);
    assert_eq!(rpa(&world, &["init", "Not A Name"]).code, 2);
    let listed = rpa(&world, &["init", "--list"]);
    assert!(listed.stdout.contains("offboarding") && listed.code == 0, "{listed:?}");
    assert!(listed.stdout.lines().all(|line| line.chars().count() <= 100), "{listed:?}");
}

#[test]
fn a_daemon_is_started_where_none_answers_and_stopped_as_it_says() {
    let world = World::new();
    let home = world.path().join("state-home");
    let start = |arguments: &[&str]| -> Value {
        let mut command = world.rpa_command(arguments.iter().copied());
        command.env("XDG_STATE_HOME", &home).env("RPAD_STORE_LOW_DISK", "0B");
        command.env("RPAD_STORE_LOW_DISK_PERCENT", "0");
        let output = Rpa::from(command.output().unwrap());
        serde_json::from_str(&output.stdout).unwrap_or_else(|e| panic!("{e}: {output:?}"))
    };
    let made = start(&["init", "--start", "--json"]);
    assert_eq!(made["daemon"], "started", "{made:#}");
    let pid = i32::try_from(made["pid"].as_i64().unwrap()).unwrap();
    assert_eq!(made["stop"], format!("kill {pid}"));
    let log = home.join("rpad/rpad.log");
    assert_eq!(made["log"], log.display().to_string());
    assert_eq!(fs::metadata(&log).unwrap().permissions().mode() & 0o777, 0o600);
    // it is nobody's child here, and in no group of ours
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    assert_eq!(fields[2], pid.to_string(), "a group of its own");
    let again = start(&["init", "again", "--start", "--json"]);
    assert_eq!(again["daemon"], "answers", "{again:#}");
    assert_eq!(world.rpa(["apply", "hello.yaml"]).code, 0);
    let run = world.rpa(["run", "hello", "--wait"]);
    assert_eq!(run.code, 0, "{run:?}");
    kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
    eventually("it has ended", || {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        (stat.is_empty() || stat.contains(") Z ")).then_some(())
    });
}

#[test]
fn a_daemon_that_does_not_come_up_is_told_with_its_log() {
    let world = World::new();
    let mut command: Command = world.rpa_command(["init", "--start"]);
    command
        .env("XDG_STATE_HOME", world.path().join("state-home"))
        .env("RPAD_RUNS_MAX_ACTIVE", "no");
    let failed = Rpa::from(command.output().unwrap());
    assert_eq!(failed.code, 69, "{failed:?}");
    assert!(
        failed.stderr.contains("RPA0109") && failed.stderr.contains("MAX_ACTIVE"),
        "{failed:?}"
    );
    assert!(world.path().join("hello.yaml").exists(), "what was written stays");
}
