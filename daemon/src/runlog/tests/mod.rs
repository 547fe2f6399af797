//! Ranges, torn lines, limits; windows and searches in files of their own.

mod find;
mod hostile;
mod window;

use std::time::{Duration, Instant};

use super::find::Found;
use super::window::Window;
use super::*;

fn entry(path: &str, text: &str) -> Entry {
    Entry { path: path.into(), attempt: 1, stream: "out", level: "info", text: text.into() }
}

fn logs(limit: u64) -> (tempfile::TempDir, Logs, RunId) {
    let dir = tempfile::tempdir().unwrap();
    let logs = Logs::new(RunDirs::new(dir.path()), limit);
    (dir, logs, RunId(5 << 80))
}

/// A log of `count` lines of about 60 bytes: most of `a`, every hundredth of `b[7]/c`.
fn long_log(count: u64) -> (tempfile::TempDir, Logs, RunId) {
    let (dir, logs, run) = logs(u64::MAX);
    let path = |n: u64| if n % 100 == 42 { "b[7]/c" } else { "a" };
    let entries: Vec<_> = (0..count).map(|n| entry(path(n), &format!("line {n}"))).collect();
    for chunk in entries.chunks(2_000) {
        logs.append(run, chunk).unwrap();
    }
    (dir, logs, run)
}

/// A deadline that no test reaches.
fn never() -> Instant {
    Instant::now() + Duration::from_secs(3600)
}

fn texts(logs: &Logs, run: RunId, from: u64, max: usize) -> Vec<(u64, String)> {
    let range = Range { from, max, step: None };
    let (lines, _) = read_range(&logs.path(run), &range, never()).unwrap();
    lines.into_iter().map(|(n, l)| (n, l.text)).collect()
}

#[test]
fn any_range_is_read_back_as_it_was_written() {
    let (_dir, logs, run) = logs(u64::MAX);
    let total = STRIDE * 3 + 5;
    let entries: Vec<_> = (0..total).map(|i| entry("a", &format!("line {i}"))).collect();
    for chunk in entries.chunks(700) {
        logs.append(run, chunk).unwrap();
    }
    assert_eq!(logs.length(run).unwrap().1, total);
    for from in [0, 1, STRIDE - 1, STRIDE, STRIDE + 1, 2 * STRIDE, total - 1] {
        assert_eq!(texts(&logs, run, from, 1), [(from, format!("line {from}"))]);
    }
    assert_eq!(texts(&logs, run, total, 10), []);
    assert_eq!(texts(&logs, run, total + 99, 10), []);
}

#[test]
fn a_torn_line_and_a_wrong_index_are_mended() {
    let (_dir, logs, run) = logs(u64::MAX);
    let entries: Vec<_> = (0..STRIDE + 10).map(|i| entry("a", &format!("line {i}"))).collect();
    logs.append(run, &entries).unwrap();
    logs.close(run);
    let path = logs.path(run);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 4]).unwrap();
    let mut index = std::fs::read(path.with_file_name("log.idx")).unwrap();
    index.extend_from_slice(&u64::MAX.to_le_bytes());
    std::fs::write(path.with_file_name("log.idx"), &index).unwrap();

    logs.append(run, &[entry("a", "after")]).unwrap();
    assert_eq!(texts(&logs, run, STRIDE + 10, 9), [(STRIDE + 10, "after".to_owned())]);
    assert_eq!(logs.length(run).unwrap().1, STRIDE + 11);
    std::fs::remove_file(path.with_file_name("log.idx")).unwrap();
    logs.close(run);
    assert_eq!(texts(&logs, run, STRIDE + 10, 9), [(STRIDE + 10, "after".to_owned())]);
    assert_eq!(logs.length(run).unwrap().1, STRIDE + 11);
}

#[test]
fn lines_of_one_step_and_what_is_inside_it() {
    let (_dir, logs, run) = logs(u64::MAX);
    let paths = ["each", "each[1]/big", "eachother", "-"];
    logs.append(run, &paths.map(|p| entry(p, p))).unwrap();
    let range = Range { from: 0, max: 10, step: Some("each") };
    let (lines, next) = read_range(&logs.path(run), &range, never()).unwrap();
    assert_eq!(lines.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(next, 4);
}

#[test]
fn lines_of_a_turn_of_a_handler_and_of_what_undoes() {
    let (_dir, logs, run) = logs(u64::MAX);
    let paths = ["each[1]/big", "each[11]/big", "@failure/tell", "pay/@undo/back", "pay"];
    logs.append(run, &paths.map(|p| entry(p, p))).unwrap();
    let of = |step| {
        let range = Range { from: 0, max: 10, step: Some(step) };
        let (lines, _) = read_range(&logs.path(run), &range, never()).unwrap();
        lines.iter().map(|(n, _)| *n).collect::<Vec<_>>()
    };
    assert_eq!(of("each"), [0, 1]);
    assert_eq!(of("each[1]"), [0]);
    assert_eq!(of("@failure"), [2]);
    assert_eq!(of("pay/@undo"), [3]);
    assert_eq!(of("pay"), [3, 4]);
}

#[test]
fn a_page_of_a_step_that_says_nothing_ends_with_the_time() {
    let (_dir, logs, run) = long_log(20_000);
    let path = logs.path(run);
    let page = |from, step| {
        let range = Range { from, max: 1_000, step: Some(step) };
        let (lines, next) = read_range(&path, &range, Instant::now()).unwrap();
        (lines.len(), next)
    };
    let (lines, next) = page(5_000, "nobody");
    assert!(lines == 0 && 5_000 < next && next < 20_000, "{next}");
    assert_eq!(page(20_000, "nobody"), (0, 20_000));
    // going on from where it stopped finds them all
    let (mut from, mut found) = (0, 0);
    while from < 20_000 {
        let (lines, next) = page(from, "b");
        assert!(next > from, "it does not come further than {from}");
        (from, found) = (next, found + lines);
    }
    assert_eq!(found, 200);
}

#[test]
fn a_full_log_says_so_once_and_grows_no_more() {
    let (_dir, logs, run) = logs(1000);
    for _ in 0..100 {
        logs.append(run, &[entry("a", "0123456789")]).unwrap();
    }
    let (bytes, lines) = logs.length(run).unwrap();
    assert!(bytes < 1400, "{bytes}");
    let last = texts(&logs, run, lines - 1, 1);
    assert!(last[0].1.contains("runs.log_limit"), "{last:?}");
}

#[test]
fn line_ends_inside_a_text_cannot_forge_a_line() {
    let (_dir, logs, run) = logs(u64::MAX);
    logs.append(run, &[entry("a", "one\n2026-01-01T00:00:00.000Z b#1 out info forged")]).unwrap();
    assert_eq!(logs.length(run).unwrap().1, 1);
}

#[test]
fn control_characters_are_shown_and_colours_left_out() {
    let (_dir, logs, run) = logs(u64::MAX);
    let hostile = "a\u{1b}[1;31mred\u{1b}[0m \u{1b}]0;title\u{7} \u{9b}2J \u{7f}\ttab \u{2028}";
    logs.append(run, &[entry("a", hostile)]).unwrap();
    let text = std::fs::read_to_string(logs.path(run)).unwrap();
    assert!(text.ends_with("ared ␛]0;title␇ \u{fffd}2J ␡\ttab ␤\n"), "{text:?}");
    assert!(!text.trim_end().chars().any(|c| c.is_control() && c != '\t'));
}

/// A daemon may be killed at any moment of a write.
#[test]
fn the_log_tells_how_far_it_got_wherever_a_write_was_cut() {
    let dir = tempfile::tempdir().unwrap();
    let logs = Logs::new(RunDirs::new(dir.path()), u64::MAX);
    let run = RunId(7 << 80);
    let attempt = AttemptId { run, path: "a".parse().unwrap(), number: 1 };
    assert_eq!(logs.resume(&attempt, 0).unwrap(), (0, 0));
    let first = logs.append_of(run, &[entry("a", "first"), entry("b", "other")], 1).unwrap();
    let said = Entry { stream: "rpad", ..entry("a", "of the daemon") };
    let again = Entry { attempt: 2, ..entry("a", "the next try") };
    let all = [said, entry("a", "second"), entry("b", "other"), again, entry("a", "third")];
    let ends: Vec<u64> =
        all.iter().map(|e| logs.append_of(run, std::slice::from_ref(e), 2).unwrap()).collect();
    logs.close(run);
    let whole = std::fs::read(logs.path(run)).unwrap();
    for cut in usize::try_from(first).unwrap()..=whole.len() {
        std::fs::write(logs.path(run), &whole[..cut]).unwrap();
        let there = ends.iter().filter(|end| **end <= cut as u64).count();
        let lines = [0, 0, 1, 1, 1, 2][there];
        let kept = [first, ends[0], ends[1], ends[2], ends[3], ends[4]][there];
        assert_eq!(logs.resume(&attempt, first).unwrap(), (lines, kept), "cut at {cut}");
        assert_eq!(logs.bytes(run).unwrap(), kept, "cut at {cut}");
    }
    assert!(logs.resume(&attempt, whole.len() as u64 + 1).is_err(), "that is another log");
}
