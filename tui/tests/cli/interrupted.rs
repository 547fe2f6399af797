//! Ctrl-C ends the looking, not the run.

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tokio::process::Child;

use crate::daemon::Daemon;
use crate::rpa::{Rpa, end};
use crate::sample;

fn daemon() -> Daemon {
    let mut detail = sample::completed();
    detail.summary.status = "running".into();
    detail.summary.workflow = "ops/disk-report".into();
    Daemon::start(detail)
}

fn interrupt(child: &Child) {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    kill_process(pid.expect("rpa runs"), Signal::INT).expect("it can be signalled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_is_left_with_the_commands_to_come_back() {
    let daemon = daemon();
    let child = Rpa::new(daemon.socket(), "run ops/disk-report --wait --json").start();
    daemon.until("a watch", |state| state.watches > 0).await;
    interrupt(&child);
    let ended = end(child).await;
    assert_eq!(ended.exit, 130, "{ended:#?}");
    let run = sample::failed().summary.run.to_string();
    let wanted = json!({
        "run": run, "workflow": "ops/disk-report", "status": "queued", "detached": true
    });
    assert_eq!(ended.json(), wanted);
    assert!(ended.err.starts_with("the run 444455556666 goes on"), "{}", ended.err);
    assert!(ended.err.contains("  rpa -n ops logs 444455556666 -f\n"), "{}", ended.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn following_a_log_is_left_with_a_whole_document() {
    let daemon = daemon();
    let child = Rpa::new(daemon.socket(), "logs 6666 -f --json").start();
    daemon.until("a stream", |state| state.follows > 0).await;
    interrupt(&child);
    let ended = end(child).await;
    assert_eq!(ended.exit, 130, "{ended:#?}");
    assert_eq!(ended.json()["ended"], false);
}
