//! Groups and commands without a task around them.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rpa_engine::{AttemptId, RunId};
use rpa_tasks::process::{Environment, Group, Running, SpawnError, Tag};
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
async fn a_command_leads_its_own_group_and_reads_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let sleep = argv(&["sleep", "1000"]);
    let running = Running::start(&sleep, &Environment::new(), dir.path()).unwrap();
    let proc = format!("/proc/{}", running.group.pgid);
    // the kernel puts the words into place a moment after the program
    let cmdline = || fs::read(format!("{proc}/cmdline")).unwrap();
    until("the command has its words", || cmdline() == b"sleep\x001000\0").await;
    assert_eq!(fs::read_link(format!("{proc}/fd/0")).unwrap(), Path::new("/dev/null"));
    assert_eq!(fs::read_link(format!("{proc}/cwd")).unwrap(), dir.path());
    let group = running.group.clone();
    assert!(group.alive());
    drop(running);
    until("the leader of a dropped command is gone", || !group.alive()).await;
}

/// What a daemon finds that was killed before it had the group on record: every
/// group in which the attempt has a process, and no other attempt's.
#[tokio::test]
async fn processes_are_found_by_what_their_environment_says() {
    let dir = tempfile::tempdir().unwrap();
    let attempt = |number| AttemptId { run: RunId(7), path: "a".parse().unwrap(), number };
    let key = format!("{:?}", dir.path());
    let start = |number: u32, words: &[&str]| {
        let mut env = Environment::new();
        for (name, value) in [
            ("RPA_RUN_ID", RunId(7).to_string()),
            ("RPA_STEP", "a".into()),
            ("RPA_ATTEMPT", number.to_string()),
            ("RPA_IDEMPOTENCY_KEY", key.clone()),
        ] {
            env.insert(name.into(), value.into());
        }
        Running::start(&argv(words), &env, dir.path()).unwrap()
    };
    let one = start(1, &["sleep", "1000"]);
    // the leader's own environment is gone with it, its child has it still
    let mut two = start(2, &["sh", "-c", "sleep 1000 & exec env -i touch up"]);
    until("the leader of the second has ended", || dir.path().join("up").exists()).await;
    two.child.wait().await.unwrap();

    let groups = |number| Tag::new(&attempt(number), &key).groups().unwrap();
    assert_eq!(groups(1), std::slice::from_ref(&one.group));
    let [group] = &groups(2)[..] else { panic!("{:?}", groups(2)) };
    assert_eq!(group.pgid, two.group.pgid);
    assert!(group.alive() && group.end(GRACE).await);
    assert_eq!(groups(2), []);
    assert_eq!(groups(3), []);
    assert!(one.group.alive());
    assert!(one.group.end(GRACE).await);
}

#[tokio::test]
async fn what_cannot_start_is_told_from_what_fails() {
    let dir = tempfile::tempdir().unwrap();
    let start = |words: &[&str]| Running::start(&argv(words), &Environment::new(), dir.path());
    assert!(matches!(start(&["rpad-no-such"]), Err(SpawnError::NotFound { .. })));
    assert!(matches!(start(&["/etc/passwd"]), Err(SpawnError::NotExecutable { .. })));
    assert!(matches!(start(&[]), Err(SpawnError::NotFound { .. })));
    let long = "x".repeat(200 * 1024);
    assert!(matches!(start(&["echo", &long]), Err(SpawnError::TooLarge)));
    let nowhere = Running::start(&argv(&["/bin/true"]), &Environment::new(), Path::new("/nowhere"));
    assert!(matches!(nowhere, Err(SpawnError::Io(_))));
}
