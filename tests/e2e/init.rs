//! The first minutes: a workflow is written, a daemon started, the workflow run.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use rpa_tests::{Key, Rpa, Terminal, World, binary, eventually};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// A disk that is nearly full is no matter of these tests.
const ROOM: [(&str, &str); 2] =
    [("RPAD_STORE_LOW_DISK", "0B"), ("RPAD_STORE_LOW_DISK_PERCENT", "0")];

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
        command.env("XDG_STATE_HOME", &home).envs(ROOM);
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
    end(&made["pid"]);
}

/// Whoever calls it once more, for the daemon, has the file already.
#[test]
fn a_file_that_is_there_keeps_no_daemon_from_being_started() {
    let world = World::new();
    world.file("hello.yaml", "mine");
    let mut command = world.rpa_command(["init", "--start", "--json"]);
    command.env("XDG_STATE_HOME", world.path().join("state-home")).envs(ROOM);
    let output = Rpa::from(command.output().unwrap());
    let made: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!((&made["daemon"], &made["files"]), (&"started".into(), &serde_json::json!([])));
    assert_eq!(world.read("hello.yaml"), "mine");
    end(&made["pid"]);
}

/// Ends a daemon in the background, and waits until it has gone.
fn end(pid: &Value) {
    let pid = i32::try_from(pid.as_i64().unwrap()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
    eventually("it has ended", || {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        (stat.is_empty() || stat.contains(") Z ")).then_some(())
    });
}

/// At a terminal it asks, and only a yes is one.
#[test]
fn at_a_terminal_it_asks_whether_to_start_one() {
    let world = World::new();
    let home = world.path().join("state-home").display().to_string();
    let asked = |name: &str, answer: &str| {
        let terminal = Terminal::default().arg("init").arg(name).env("XDG_STATE_HOME", &home);
        let terminal = ROOM.iter().fold(terminal, |t, (name, value)| t.env(name, value));
        let mut console = world.in_terminal(binary("rpa"), &terminal);
        console.wait_for("start one of yours now? [y/N]");
        console.press(answer);
        console.press(Key::Enter);
        let screen = console.wait_for("rpa run");
        assert_eq!(console.wait_exit().code, 0);
        screen
    };
    let no = asked("first", "n");
    assert!(no.contains("no daemon answers: rpa init --start starts one"), "{no}");
    assert!(!world.socket().exists());
    let yes = asked("second", "y");
    assert!(yes.contains("rpad runs in the background, pid "), "{yes}");
    let status = world.json(["status"]);
    assert_eq!(status["state"], "ready", "{status:#}");
    end(&status["pid"]);
}

/// Where the manager of the user's services has our unit it starts it, unless another
/// daemon than that one is asked for. What `systemctl` does is played here: a user manager
/// is only where a whole system runs.
#[test]
fn the_unit_of_the_user_is_started_where_there_is_one() {
    let world = World::new();
    let (bin, runtime) = (world.path().join("bin"), world.path().join("runtime"));
    fs::create_dir_all(&bin).unwrap();
    fs::create_dir_all(&runtime).unwrap();
    let state = world.path().join("unit-state");
    let log = world.path().join("calls");
    let script = format!(
        "#!/bin/sh\necho \"$*\" >> {log}\ncase \"$*\" in\n*' start rpad.service')\n  \
         setsid {rpad} --state-dir {state} > /dev/null 2>&1 < /dev/null &\n  echo $! > {pid};;\nesac\n",
        log = log.display(),
        rpad = binary("rpad").display(),
        state = state.display(),
        pid = world.path().join("pid").display(),
    );
    fs::write(bin.join("systemctl"), script).unwrap();
    fs::set_permissions(bin.join("systemctl"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = world.rpa_command(["init", "--start", "--json"]);
    command.env_remove("RPA_SOCKET").env("PATH", path).env("XDG_RUNTIME_DIR", &runtime).envs(ROOM);
    let output = Rpa::from(command.output().unwrap());
    let made: Value = serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    assert_eq!((&made["daemon"], &made["pid"]), (&"started".into(), &Value::Null), "{made:#}");
    assert_eq!(made["stop"], "systemctl --user stop rpad");
    let calls = "--user --no-ask-password cat rpad.service\n\
                 --user --no-ask-password start rpad.service\n";
    assert_eq!(world.read("calls"), calls);
    let pid: i64 = world.read("pid").trim().parse().unwrap();
    end(&pid.into());
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
