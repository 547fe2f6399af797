//! Groups and gates without a task around them.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rpa_tasks::process::{Environment, Gate, Group, SpawnError};
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{runs, until};

const NO_GRACE: Duration = Duration::ZERO;
const GRACE: Duration = Duration::from_secs(10);

/// A shell in a group of its own that has come to the point of writing `up`.
fn start(dir: &Path, script: &str) -> (Child, Group) {
    let child = Command::new("/bin/sh")
        .args(["-c", script])
        .current_dir(dir)
        .process_group(0)
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let group = Group::led_by(child.id() as i32).unwrap();
    let deadline = Instant::now() + GRACE;
    while !dir.join("up").exists() {
        assert!(Instant::now() < deadline, "{script} never came up");
        std::thread::yield_now();
    }
    (child, group)
}

fn argv(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

#[test]
fn a_group_is_ended_and_recognised_from_its_text() {
    let dir = tempfile::tempdir().unwrap();
    let (mut child, group) = start(dir.path(), "touch up; sleep 1000");
    let group: Group = group.to_string().parse().unwrap();
    assert!(group.alive());
    let began = Instant::now();
    assert!(group.end_blocking(GRACE));
    assert!(began.elapsed() < GRACE, "TERM was enough");
    assert!(!group.alive(), "a zombie is not alive");
    child.wait().unwrap();
    assert!(!group.alive());
    assert!(group.end_blocking(NO_GRACE), "ending the dead is no work");
}

#[test]
fn a_recycled_number_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (mut child, group) = start(dir.path(), "touch up; exec sleep 1000");
    let later = Group { leader_start: group.leader_start + 1, ..group.clone() };
    let other_boot = Group { boot_id: "another".into(), ..group };
    for foreign in [later, other_boot] {
        assert!(!foreign.alive());
        assert!(foreign.end_blocking(NO_GRACE));
        assert!(child.try_wait().unwrap().is_none(), "the process was not ours to end");
    }
    assert!(Group::led_by(group.pgid).unwrap().end_blocking(GRACE));
    child.wait().unwrap();
}

#[test]
fn who_ignores_term_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let script = "trap '' TERM; touch up; while :; do sleep 0.1; done";
    let (mut child, group) = start(dir.path(), script);
    let grace = Duration::from_millis(200);
    let began = Instant::now();
    assert!(group.end_blocking(grace));
    assert!(began.elapsed() >= grace, "grace was given");
    child.wait().unwrap();
}

#[test]
fn a_stopped_process_ends_by_term() {
    let dir = tempfile::tempdir().unwrap();
    let (mut child, group) = start(dir.path(), "touch up; exec sleep 1000");
    kill_process(Pid::from_raw(group.pgid).unwrap(), Signal::STOP).unwrap();
    let began = Instant::now();
    assert!(group.end_blocking(GRACE));
    assert!(began.elapsed() < GRACE);
    child.wait().unwrap();
}

#[tokio::test]
async fn members_outlive_their_leader() {
    let dir = tempfile::tempdir().unwrap();
    let (mut child, group) = start(dir.path(), "sleep 1000 & echo $! > pid; touch up");
    child.wait().unwrap();
    let pid = fs::read_to_string(dir.path().join("pid")).unwrap();
    assert!(group.alive());
    assert!(!group.ends_within(Duration::from_millis(50)).await);
    assert!(group.end(GRACE).await);
    assert!(!runs(pid.trim()));
}

#[tokio::test]
async fn a_gate_runs_nothing_before_it_is_opened() {
    let dir = tempfile::tempdir().unwrap();
    let touch = argv(&["touch", "ran"]);
    let gate = Gate::close(&touch, &Environment::new(), dir.path()).unwrap();
    assert!(gate.group().alive());
    let status = gate.abandon().await.unwrap();
    assert_eq!(status.code(), Some(125));
    assert!(!dir.path().join("ran").exists());

    let gate = Gate::close(&touch, &Environment::new(), dir.path()).unwrap();
    let group = gate.group().clone();
    drop(gate);
    until("the dropped gate is gone", || !group.alive()).await;
    assert!(!dir.path().join("ran").exists());

    let gate = Gate::close(&touch, &Environment::new(), dir.path()).unwrap();
    let mut running = gate.open().await.unwrap();
    assert!(running.child.wait().await.unwrap().success());
    assert!(dir.path().join("ran").exists());
}

#[tokio::test]
async fn the_opened_gate_is_the_command_itself() {
    let dir = tempfile::tempdir().unwrap();
    let sleep = argv(&["sleep", "1000"]);
    let gate = Gate::close(&sleep, &Environment::new(), dir.path()).unwrap();
    let running = gate.open().await.unwrap();
    let cmdline = format!("/proc/{}/cmdline", running.group.pgid);
    until("the shell has become sleep", || {
        fs::read(&cmdline).is_ok_and(|line| line == b"sleep\x001000\0")
    })
    .await;
    let input = fs::read_link(format!("/proc/{}/fd/0", running.group.pgid)).unwrap();
    assert_eq!(input, Path::new("/dev/null"));
    assert!(running.group.end(GRACE).await);
}

#[tokio::test]
async fn what_cannot_start_is_told_from_what_fails() {
    let dir = tempfile::tempdir().unwrap();
    let close = |words: &[&str]| Gate::close(&argv(words), &Environment::new(), dir.path());
    assert!(matches!(close(&["rpad-no-such"]), Err(SpawnError::NotFound { .. })));
    assert!(matches!(close(&["/etc/passwd"]), Err(SpawnError::NotExecutable { .. })));
    assert!(matches!(close(&[]), Err(SpawnError::NotFound { .. })));
    let long = "x".repeat(200 * 1024);
    assert!(matches!(close(&["echo", &long]), Err(SpawnError::TooLarge)));
    let nowhere = Gate::close(&argv(&["/bin/true"]), &Environment::new(), Path::new("/nowhere"));
    assert!(matches!(nowhere, Err(SpawnError::Io(_))));
}
