//! `--follow` and `rpa logs`.

use rpa_ipc::view::{LogLine, RunDetail};
use serde_json::json;

use crate::daemon::Daemon;
use crate::rpa::{Rpa, end};
use crate::sample;

fn line(number: u64, path: &str, text: &str) -> LogLine {
    LogLine {
        number,
        time_ms: 1_795_137_004_000 + number * 1_000,
        path: path.into(),
        attempt: 1,
        stream: "out".into(),
        level: "info".into(),
        text: text.into(),
    }
}

/// Lines of two steps in turn.
fn log(count: u64) -> Vec<LogLine> {
    let path = |n| if n % 2 == 0 { "usage" } else { "parse" };
    (0..count).map(|n| line(n, path(n), &format!("line {n}"))).collect()
}

fn running() -> RunDetail {
    let mut detail = sample::completed();
    detail.summary.status = "running".into();
    detail.summary.ended_ms = None;
    detail
}

#[tokio::test(flavor = "multi_thread")]
async fn a_followed_run_shows_every_line_once_over_a_lost_connection() {
    let daemon = Daemon::start(running());
    daemon.change(|state| state.log = log(5));
    daemon.state().pages_before_cut = Some(1);
    let child = Rpa::new(daemon.socket(), "run disk-report --follow").start();
    daemon.until("a second stream", |state| state.follows == 2).await;
    daemon.change(|state| {
        state.log = log(9);
        state.detail.summary.status = "completed".into();
    });
    let ended = end(child).await;
    assert_eq!(ended.exit, 0, "{ended:#?}");
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines[1], "01:10:04 usage#1 | line 0");
    assert_eq!(lines[2], "01:10:05 parse#1 | line 1");
    assert_eq!(lines[9], "01:10:12 usage#1 | line 8");
    assert!(lines[10].starts_with("✓ completed"), "{}", ended.out);
    assert!(!ended.out.contains('\u{1b}'), "no colour in a pipe");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doubt_ends_the_following_after_the_last_line() {
    let daemon = Daemon::start(running());
    daemon.change(|state| state.log = log(3));
    let child = Rpa::new(daemon.socket(), "run disk-report --follow --json").start();
    daemon.until("a stream", |state| state.follows == 1).await;
    daemon.change(|state| {
        state.log = log(4);
        state.detail.summary.status = "in_doubt".into();
    });
    let ended = end(child).await;
    assert_eq!(ended.exit, 5, "{ended:#?}");
    assert_eq!(ended.json()["status"], "in_doubt");
    assert_eq!(ended.err.lines().count(), 4, "the log is beside the document");
    assert!(ended.err.ends_with("parse#1 | line 3\n"), "{}", ended.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_shown_whole_by_step_or_from_its_end() {
    let daemon = Daemon::start(sample::failed());
    daemon.change(|state| state.log = log(7));
    let table: [(&str, &[u64]); 5] = [
        ("logs 6666", &[0, 1, 2, 3, 4, 5, 6]),
        ("logs 6666 --tail 2", &[5, 6]),
        ("logs 6666 --tail 0", &[]),
        ("logs 6666 --step parse", &[1, 3, 5]),
        ("logs 6666 --step parse --tail 2", &[3, 5]),
    ];
    for (command, wanted) in table {
        let ended = Rpa::new(daemon.socket(), command).run().await;
        let numbers = ended.out.lines().map(|line| line.rsplit(' ').next().unwrap().to_owned());
        let wanted: Vec<String> = wanted.iter().map(u64::to_string).collect();
        assert_eq!(numbers.collect::<Vec<_>>(), wanted, "{command}");
        assert_eq!(ended.exit, 0, "only --follow tells how the run ended");
        let json = Rpa::new(daemon.socket(), command).arg("--json").run().await.json();
        assert_eq!(json["lines"].as_array().map(Vec::len), Some(wanted.len()), "{command}");
    }
    let ended = Rpa::new(daemon.socket(), "logs 6666 -f").run().await;
    assert_eq!((ended.exit, ended.out.lines().filter(|l| l.contains(" | ")).count()), (3, 7));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shape_of_a_log() {
    let daemon = Daemon::start(sample::failed());
    daemon.change(|state| state.log = log(1));
    let ended = Rpa::new(daemon.socket(), "logs 6666 --json").run().await;
    let run = sample::failed().summary.run.to_string();
    let wanted = json!({
        "run": run,
        "lines": [{
            "number": 0, "time": "2026-11-20T01:10:04.000Z", "path": "usage", "attempt": 1,
            "stream": "out", "level": "info", "text": "line 0"
        }],
        "next": 1, "ended": true, "status": "failed",
    });
    assert_eq!(ended.json(), wanted);
    let tail = Rpa::new(daemon.socket(), "logs 6666 --json --tail 0").run().await.json();
    assert_eq!((&tail["lines"], &tail["next"]), (&json!([]), &json!(1)));
    let followed = Rpa::new(daemon.socket(), "logs 6666 --json -f").run().await;
    assert_eq!((followed.exit, followed.json()), (3, wanted));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_prints_cannot_reach_the_terminal() {
    let daemon = Daemon::start(sample::failed());
    let hostile = "\u{1b}[2J\u{1b}]52;c;cm0gLXJmIC8=\u{7}\u{202e}x\nforged";
    daemon.change(|state| state.log = vec![line(0, "usage", hostile)]);
    let ended = Rpa::new(daemon.socket(), "logs 6666").run().await;
    let shown = "01:10:04 usage#1 | \\e]52;c;cm0gLXJmIC8=\\x07\\u{202e}x\\nforged\n";
    assert_eq!(ended.out, shown);
    // a script gets exactly what was printed
    let json = Rpa::new(daemon.socket(), "logs 6666 --json").run().await.json();
    assert_eq!(json["lines"][0]["text"], hostile);
}
