//! `shell`: commands that are ended before their time.

use std::time::{Duration, Instant};

use rpa_tasks::{Ended, LogStream};

use crate::support::{Bench, until};

#[tokio::test]
async fn cancelled_before_it_begins_nothing_runs() {
    let mut bench = Bench::new();
    bench.ctx.cancel.cancel();
    let ended = bench.run("shell", [("command", "touch ran".into())]).await;
    assert_eq!(ended, Ended::Stopped);
    assert_eq!(bench.marked(), 0);
    assert!(bench.names().is_empty());
}

#[tokio::test]
async fn cancel_ends_the_whole_group() {
    let mut bench = Bench::new();
    let began = Instant::now();
    let input = [("command", "sleep 1000 & echo up; sleep 1000".into())];
    let ended = bench.run_with("shell", input, |line| line.text == "up").await;
    assert_eq!(ended, Ended::Stopped);
    assert!(began.elapsed() < bench.ctx.grace, "TERM was enough");
    assert!(!bench.group().alive());
}

#[tokio::test]
async fn a_command_may_tidy_up_within_its_grace() {
    let mut bench = Bench::new();
    let command = "trap 'touch tidied; echo bye; exit 0' TERM
        echo up
        while :; do sleep 0.05 || :; done";
    let ended = bench.run_with("shell", [("command", command.into())], |l| l.text == "up").await;
    assert_eq!(ended, Ended::Stopped);
    assert_eq!(bench.names(), ["tidied"]);
    assert_eq!(bench.texts(LogStream::Out), ["up", "bye"]);
}

#[tokio::test]
async fn who_ignores_term_is_killed() {
    let mut bench = Bench::new();
    bench.ctx.grace = Duration::from_millis(200);
    let command = "trap '' TERM; echo up; while :; do sleep 0.05; done";
    let began = Instant::now();
    let ended = bench.run_with("shell", [("command", command.into())], |l| l.text == "up").await;
    assert_eq!(ended, Ended::Stopped);
    assert!(began.elapsed() >= bench.ctx.grace);
    assert!(!bench.group().alive());
}

#[tokio::test]
async fn a_log_that_takes_nothing_does_not_hold_a_cancel_up() {
    let bench = Bench::new();
    let cancel = bench.ctx.cancel.clone();
    let log = bench.ctx.log.clone();
    let run = bench.run_unread("shell", [("command", "yes".into())]);
    let (ended, ()) = tokio::join!(run, async {
        until("the log is full", || log.capacity() == 0).await;
        cancel.cancel();
    });
    assert_eq!(ended, Ended::Stopped);
    assert!(!bench.group().alive());
}

#[tokio::test]
async fn dropping_the_work_leaves_no_leader() {
    let bench = Bench::new();
    let up = bench.dir().join("up");
    let run = bench.run_unread("shell", [("command", "touch up; exec sleep 1000".into())]);
    tokio::select! {
        ended = run => panic!("{ended:?}"),
        () = until("the command is up", || up.exists() && bench.is_marked()) => {}
    }
    until("the group is gone", || !bench.group().alive()).await;
}
