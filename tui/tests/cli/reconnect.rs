//! A daemon that goes away and comes back while `rpa` waits.

use std::time::Duration;

use crate::daemon::Daemon;
use crate::rpa::{Rpa, end};
use crate::sample;

#[tokio::test(flavor = "multi_thread")]
async fn waiting_outlives_a_restart() {
    let mut detail = sample::completed();
    detail.summary.status = "running".into();
    let daemon = Daemon::start(detail);
    let child = Rpa::new(daemon.socket(), "run disk-report --wait --json").start();
    daemon.until("a watch", |state| state.watches > 0).await;
    daemon.stop().await;
    // long enough for a few tries that find nobody
    tokio::time::sleep(Duration::from_millis(500)).await;
    daemon.change(|state| state.detail.summary.status = "completed".into());
    daemon.start_again();
    let ended = end(child).await;
    assert_eq!((ended.exit, ended.json()["status"].as_str()), (0, Some("completed")), "{ended:#?}");
    assert_eq!(ended.err, "the daemon is away; the run goes on when it is back\n");
    assert_eq!(daemon.state().submits.len(), 1, "only the waiting is repeated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_asked_for_again_and_starts_nothing_new() {
    let daemon = Daemon::start(sample::completed());
    daemon.state().lost_answers = 2;
    let ended = Rpa::new(daemon.socket(), "run disk-report --json").run().await;
    assert_eq!(ended.exit, 0, "{ended:#?}");
    assert_eq!(ended.json()["repeated"], true);
    let submits = &daemon.state().submits;
    assert_eq!(submits.len(), 3);
    assert!(submits.iter().all(|s| s.request_id == submits[0].request_id));
    assert!(ended.err.contains(&submits[0].request_id), "{}", ended.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_commands_do_not_wait_for_a_daemon_that_is_not_there() {
    let daemon = Daemon::start(sample::completed());
    daemon.stop().await;
    for line in ["run disk-report --wait", "runs", "logs 6666 -f"] {
        let ended =
            tokio::time::timeout(Duration::from_secs(5), Rpa::new(daemon.socket(), line).run());
        let ended = ended.await.expect("no waiting");
        assert_eq!(ended.exit, 69, "{line}: {ended:#?}");
        assert!(ended.err.starts_with("error[RPA0101]: no daemon: "), "{}", ended.err);
        assert!(ended.err.contains("  hint: start one with `rpad`"), "{}", ended.err);
        assert!(ended.err.ends_with("  see: rpa explain RPA0101\n"), "{}", ended.err);
    }
}
