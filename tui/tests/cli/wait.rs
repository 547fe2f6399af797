//! `--wait`: the exit code says how the run stands.

use serde_json::json;

use crate::daemon::Daemon;
use crate::rpa::{Rpa, end};
use crate::sample;

fn running() -> rpa_ipc::view::RunDetail {
    let mut detail = sample::completed();
    detail.summary.status = "running".into();
    detail.summary.ended_ms = None;
    detail
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_waited_for_until_it_settles() {
    for (status, exit) in [("completed", 0), ("failed", 3), ("cancelled", 4), ("in_doubt", 5)] {
        let daemon = Daemon::start(running());
        let child = Rpa::new(daemon.socket(), "run disk-report --wait --json").start();
        daemon.until("a watch", |state| state.watches > 0).await;
        // a change that settles nothing is no reason to stop
        daemon.change(|state| state.detail.summary.status = "waiting".into());
        daemon.change(|state| state.detail.summary.status = status.into());
        let ended = end(child).await;
        assert_eq!(ended.exit, exit, "{status}: {ended:#?}");
        let document = ended.json();
        assert_eq!(document["status"], status);
        assert_eq!(document["run"], sample::failed().summary.run.to_string());
        assert_eq!(document["steps"].as_array().map(Vec::len), Some(2));
        assert_eq!(ended.err, "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_in_which_people_are_asked_is_waited_for_no_longer() {
    let daemon = Daemon::start(running());
    let child = Rpa::new(daemon.socket(), "run disk-report --wait").start();
    daemon.until("a watch", |state| state.watches > 0).await;
    daemon.change(|state| state.detail = sample::asking());
    let ended = end(child).await;
    assert_eq!(ended.exit, 5, "{ended:#?}");
    for wanted in [
        "  Release 1.4 to production?\n",
        "  rpa approve 444455556666 sign_off --digest 0123456789ab ",
        "  rpa reject 444455556666 sign_off ",
    ] {
        assert!(ended.out.contains(wanted), "{wanted}: {}", ended.out);
    }
    let ended = Rpa::new(daemon.socket(), "logs 6666 -f").run().await;
    assert_eq!(ended.exit, 5, "{ended:#?}");
    assert!(ended.out.contains("rpa approve 444455556666 sign_off"), "{}", ended.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_wait_the_acceptance_is_the_answer() {
    let daemon = Daemon::start(running());
    let line = "run disk-report --request-id day-1 --json --var day=monday";
    let first = Rpa::new(daemon.socket(), line).run().await;
    let run = sample::failed().summary.run.to_string();
    let accepted = json!({"run": run, "workflow": "default/disk-report", "status": "queued"});
    assert_eq!((first.exit, first.json()), (0, accepted.clone()));
    assert_eq!(first.out.lines().count(), 1);
    let second = Rpa::new(daemon.socket(), line).run().await;
    let mut repeated = accepted;
    repeated["repeated"] = json!(true);
    assert_eq!((second.exit, second.json()), (0, repeated));
    let submits = &daemon.state().submits;
    assert_eq!(submits[0].request_id, "day-1");
    assert_eq!(submits[0].variables[0].0, "day");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_run_says_why_and_what_to_do() {
    let daemon = Daemon::start(sample::failed());
    let ended = Rpa::new(daemon.socket(), "run disk-report --wait").run().await;
    assert_eq!(ended.exit, 3);
    for wanted in [
        "○ queued  default/disk-report  run 444455556666\n",
        "✗ failed  default/disk-report  run 444455556666  1.2 s\n",
        "error[RPA0401]: exit(2): ",
        "see: rpa explain RPA0401\n",
        "rpa logs 444455556666 --step usage --tail 50",
    ] {
        assert!(ended.out.contains(wanted), "{wanted}: {}", ended.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_out_ends_the_waiting_and_not_the_run() {
    let daemon = Daemon::start(running());
    let line = "run disk-report --wait --timeout 200ms --json";
    let ended = Rpa::new(daemon.socket(), line).run().await;
    assert_eq!(ended.exit, 124);
    let error = &ended.json()["error"];
    assert_eq!(error["code"], "RPA0105");
    assert_eq!(error["context"]["run"], sample::failed().summary.run.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_utf8_everything_of_ours_is_ascii() {
    let daemon = Daemon::start(sample::failed());
    let rpa = Rpa::new(daemon.socket(), "show 6666").env("LC_ALL", "C");
    let ended = rpa.run().await;
    assert_eq!(ended.exit, 0);
    assert!(ended.out.starts_with("x failed"), "{}", ended.out);
    assert!(ended.out.is_ascii(), "{}", ended.out);
}
