//! Windows: both sides, both ends, one step, limits, time.

use proptest::prelude::*;

use super::*;

const TOTAL: u64 = 20_000;

fn look(logs: &Logs, run: RunId, wanted: &Wanted<'_>, deadline: Instant) -> Window {
    read_window(&logs.path(run), logs.length(run).unwrap(), wanted, deadline).unwrap()
}

fn numbers(window: &Window) -> Vec<u64> {
    window.lines.iter().map(|(number, _)| *number).collect()
}

fn wanted(anchor: u64, before: usize, after: usize) -> Wanted<'static> {
    Wanted { anchor, before, after, step: None, text: None }
}

#[test]
fn lines_on_both_sides_of_any_place() {
    let (_dir, logs, run) = long_log(TOTAL);
    let (bytes, _) = logs.length(run).unwrap();
    let table = [
        (u64::MAX, 3, 3, TOTAL - 3..TOTAL),
        (TOTAL, 2, 1, TOTAL - 2..TOTAL),
        (TOTAL - 1, 0, 5, TOTAL - 1..TOTAL),
        (0, 5, 2, 0..2),
        (1, 5, 0, 0..1),
        (STRIDE, 1, 1, STRIDE - 1..STRIDE + 1),
        (7_777, 2, 3, 7_775..7_780),
        (7_777, 0, 0, 7_777..7_777),
        (9_000, 1_000, 1_000, 8_000..10_000),
    ];
    for close in [false, true] {
        for (anchor, before, after, range) in table.clone() {
            // without a step time does not matter
            let window = look(&logs, run, &wanted(anchor, before, after), Instant::now());
            assert_eq!(numbers(&window), range.clone().collect::<Vec<_>>(), "at {anchor}");
            assert_eq!((window.from, window.to), (range.start, range.end), "at {anchor}");
            assert_eq!((window.total, window.bytes), (TOTAL, bytes));
            assert!(window.lines.iter().all(|(n, line)| line.text == format!("line {n}")));
        }
        if close {
            logs.close(run);
        }
    }
}

#[test]
fn a_log_that_is_not_there_is_empty() {
    let (_dir, logs, run) = logs(u64::MAX);
    assert_eq!(look(&logs, run, &wanted(u64::MAX, 9, 9), never()), Window::default());
}

#[test]
fn lines_with_a_text_alone() {
    let (_dir, logs, run) = long_log(TOTAL);
    let text = Text::new("line 1999").unwrap();
    let some =
        |anchor, before, after| Wanted { text: Some(&text), ..wanted(anchor, before, after) };
    let window = look(&logs, run, &some(u64::MAX, 3, 0), never());
    assert_eq!(numbers(&window), [19_997, 19_998, 19_999]);
    let window = look(&logs, run, &some(10_000, 9, 2), never());
    assert_eq!(numbers(&window), [1_999, 19_990, 19_991]);
    assert_eq!((window.from, window.to), (0, 19_992), "every line there was looked at");
    // without time a block is looked at, and how far is said
    let window = look(&logs, run, &some(u64::MAX, 50, 0), Instant::now());
    assert!(window.from > 0 && window.lines.len() < 11, "{} lines", window.lines.len());
}

#[test]
fn lines_of_one_step() {
    let (_dir, logs, run) = long_log(TOTAL);
    let one = |anchor, before, after| Wanted { step: Some("b"), ..wanted(anchor, before, after) };
    let window = look(&logs, run, &one(10_000, 2, 2), never());
    assert_eq!(numbers(&window), [9_842, 9_942, 10_042, 10_142]);
    assert_eq!((window.from, window.to), (9_842, 10_143));
    let window = look(&logs, run, &one(u64::MAX, 500, 0), never());
    assert_eq!((window.lines.len(), window.from, window.to), (200, 0, TOTAL));
    let none = Wanted { step: Some("nobody"), ..wanted(500, 9, 9) };
    let window = look(&logs, run, &none, never());
    assert_eq!((window.lines.len(), window.from, window.to), (0, 0, TOTAL));
}

#[test]
fn looking_for_a_step_ends_with_the_time() {
    let (_dir, logs, run) = long_log(TOTAL);
    let none = Wanted { step: Some("nobody"), ..wanted(10_000, 9, 9) };
    let window = look(&logs, run, &none, Instant::now());
    assert!(0 < window.from && window.from < 10_000, "{}", window.from);
    assert!(10_000 < window.to && window.to < TOTAL, "{}", window.to);
    // going on from where it stopped comes to the ends
    let (mut from, mut to) = (window.from, window.to);
    for _ in 0..TOTAL {
        let up = look(&logs, run, &Wanted { anchor: from, after: 0, ..none }, Instant::now());
        let down = look(&logs, run, &Wanted { anchor: to, before: 0, ..none }, Instant::now());
        assert!(up.from < from || from == 0);
        assert!(down.to > to || to == TOTAL);
        (from, to) = (up.from, down.to);
        if (from, to) == (0, TOTAL) {
            return;
        }
    }
    panic!("stopped at {from}..{to}");
}

#[test]
fn long_lines_make_a_window_short_and_never_empty() {
    let (_dir, logs, run) = logs(u64::MAX);
    let long = |n| entry("a", &format!("{n} {}", "x".repeat(200_000)));
    logs.append(run, &(0..20).map(long).collect::<Vec<_>>()).unwrap();
    let window = look(&logs, run, &wanted(10, 9, 9), never());
    assert_eq!(numbers(&window), [8, 9, 10, 11], "the nearest on each side");
    assert_eq!((window.from, window.to), (8, 12));
    logs.append(run, &[entry("a", &"y".repeat(900_000))]).unwrap();
    assert_eq!(numbers(&look(&logs, run, &wanted(u64::MAX, 9, 0), never())), [20]);
    assert_eq!(numbers(&look(&logs, run, &wanted(20, 0, 9), never())), [20]);
}

/// All lines of a log as pages give them.
fn whole(logs: &Logs, run: RunId, step: Option<&str>) -> Vec<(u64, Line)> {
    let mut all = Vec::new();
    let mut from = 0;
    loop {
        let range = Range { from, max: 1_000, step };
        let (lines, next) = read_range(&logs.path(run), &range, Instant::now()).unwrap();
        if next == from {
            return all;
        }
        all.extend(lines);
        from = next;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn windows_stitched_together_are_the_whole_log(
        lines in prop::collection::vec((0..3usize, prop_oneof![8 => 0..200usize, 1 => 0..10_000usize]), 0..150),
        size in 1..50usize,
        split in 0..150u64,
        step in prop::option::of(0..3usize),
        close in any::<bool>(),
    ) {
        let names = ["a", "b", "b[1]/c"];
        let step = step.map(|i| names[i]);
        let (_dir, logs, run) = logs(u64::MAX);
        let entries: Vec<_> =
            lines.iter().map(|(i, length)| entry(names[*i], &"x".repeat(*length))).collect();
        if !entries.is_empty() {
            logs.append(run, &entries).unwrap();
        }
        if close {
            logs.close(run);
        }
        let total = entries.len() as u64;
        // no time at all: each window still comes further
        let window = |anchor, before, after| {
            look(&logs, run, &Wanted { anchor, before, after, step, text: None }, Instant::now())
        };
        let first = window(split, size, size);
        let (mut from, mut to) = (first.from, first.to);
        let mut stitched = first.lines;
        while from > 0 {
            let up = window(from, size, 0);
            prop_assert!(up.from < from && up.to == from);
            from = up.from;
            up.lines.into_iter().rev().for_each(|line| stitched.push_front(line));
        }
        while to < total {
            let down = window(to, 0, size);
            prop_assert!(down.to > to && down.from == to);
            to = down.to;
            stitched.extend(down.lines);
        }
        prop_assert_eq!(Vec::from(stitched), whole(&logs, run, step));
    }
}
