//! `shell`: much output, odd output, and a log that cannot keep up.

use std::time::Duration;

use rpa_engine::Value;
use rpa_tasks::{Ended, LogLine, LogStream, MAX_LINE};

use crate::support::{Bench, runs, succeeded, text, until};

async fn sh(bench: &mut Bench, command: &str) -> Ended {
    bench.run("shell", [("command", command.into())]).await
}

#[tokio::test]
async fn fifty_thousand_lines_all_arrive_in_order() {
    let mut bench = Bench::new();
    let output = succeeded(sh(&mut bench, "seq 1 50000; seq 1 50000 >&2").await);
    let expected: Vec<String> = (1..=50_000).map(|n| n.to_string()).collect();
    assert!(bench.texts(LogStream::Out) == expected);
    assert!(bench.texts(LogStream::Err) == expected);
    assert!(text(&output, "stdout").lines().eq(&expected));
    assert_eq!(output.get("truncated"), Some(&Value::Bool(false)));
}

#[tokio::test]
async fn one_line_of_a_mebibyte_comes_in_pieces() {
    let mut bench = Bench::new();
    bench.ctx.output_limit = 1000;
    let output = succeeded(sh(&mut bench, "head -c 1048576 /dev/zero | tr '\\0' x").await);
    let pieces = bench.texts(LogStream::Out);
    assert_eq!(pieces.len(), 16);
    assert!(pieces.iter().all(|piece| piece.len() == MAX_LINE));
    assert_eq!(text(&output, "stdout"), "x".repeat(1000));
    assert_eq!(output.get("truncated"), Some(&Value::Bool(true)));
}

#[tokio::test]
async fn binary_output_becomes_bounded_text() {
    let mut bench = Bench::new();
    bench.ctx.output_limit = 100_000;
    let output = succeeded(sh(&mut bench, "head -c 200000 /dev/urandom").await);
    assert!(text(&output, "stdout").len() <= 100_000);
    assert!(bench.lines.iter().all(|line| line.text.len() <= MAX_LINE));

    bench.ctx.output_limit = 4;
    let output = succeeded(sh(&mut bench, "printf 'a€€'; printf '\\377\\377' >&2").await);
    assert_eq!(text(&output, "stdout"), "a€");
    assert_eq!(text(&output, "stderr"), "\u{fffd}");
    assert_eq!(output.get("truncated"), Some(&Value::Bool(true)));
}

#[tokio::test]
async fn an_escapee_that_holds_the_output_is_not_waited_for() {
    let mut bench = Bench::new();
    let command = "setsid sh -c 'touch away; exec sleep 1000' & echo $!
        while [ ! -e away ]; do sleep 0.01; done
        echo done";
    let output = succeeded(sh(&mut bench, command).await);
    let (pid, rest) = text(&output, "stdout").split_once('\n').unwrap();
    assert_eq!(rest, "done\n");
    let expected =
        "a process that left the step's group still holds its output open; it is not read on";
    assert_eq!(bench.warnings(), [expected]);
    assert!(runs(pid), "it left, so it is not ours to end");
    let escapee = rustix::process::Pid::from_raw(pid.parse().unwrap()).unwrap();
    rustix::process::kill_process(escapee, rustix::process::Signal::KILL).unwrap();
    until("the escapee is gone", || !runs(pid)).await;
}

#[tokio::test]
async fn an_escapee_may_finish_its_output() {
    let mut bench = Bench::new();
    let command = "setsid sh -c 'touch away; sleep 0.3; echo last' &
        while [ ! -e away ]; do sleep 0.01; done";
    assert_eq!(text(&succeeded(sh(&mut bench, command).await), "stdout"), "last\n");
    assert!(bench.warnings().is_empty());
}

#[tokio::test]
async fn a_slow_log_loses_nothing() {
    let mut bench = Bench::new();
    let (log, marks) = (bench.ctx.log.clone(), bench.marks.clone());
    let full = bench.dir().join("full");
    let ended = || matches!(&marks.groups.lock().unwrap()[..], [group] if !group.alive());
    let late = async {
        until("the log is full", || log.capacity() == 0).await;
        std::fs::write(full, "").unwrap();
        until("the command has ended", ended).await;
    };
    // in the middle of what the pipe still held, longer than an escapee is waited for
    let pause = |line: &LogLine| {
        if line.text == "5000" {
            std::thread::sleep(Duration::from_secs(3));
        }
        false
    };
    let command = "seq 1 100; while [ ! -e full ]; do sleep 0.01; done; seq 101 10000";
    let input = [("command", command.into())];
    let output = succeeded(bench.drive("shell", input, pause, late).await);
    assert_eq!(text(&output, "stdout").lines().count(), 10_000);
    assert_eq!(bench.texts(LogStream::Out).len(), 10_000);
    assert!(bench.warnings().is_empty());
}

#[tokio::test]
async fn a_closed_log_does_not_hold_the_command_up() {
    let mut bench = Bench::new();
    bench.close_log();
    let input = [("command", "seq 1 20000; echo ok >&2".into())];
    let output = succeeded(bench.run_unread("shell", input).await);
    assert_eq!(text(&output, "stdout").lines().count(), 20_000);
    assert_eq!(text(&output, "stderr"), "ok\n");
}
