//! Searches: both directions, smart case, text only, one step, time.

use super::*;

struct Finder<'a> {
    logs: &'a Logs,
    run: RunId,
    step: Option<&'static str>,
    deadline: Instant,
}

impl Finder<'_> {
    fn find(&self, text: &str, from: u64, backwards: bool) -> Found {
        let text = Text::new(text).unwrap();
        let search = Search { text: &text, step: self.step, from, backwards };
        let extent = self.logs.length(self.run).unwrap();
        find(&self.logs.path(self.run), extent, &search, self.deadline).unwrap()
    }

    /// All lines in the order in which they are found, going on where each stopped.
    fn all(&self, text: &str, from: u64, backwards: bool) -> Vec<u64> {
        let mut found = Vec::new();
        let mut next = from;
        loop {
            let one = self.find(text, next, backwards);
            found.extend(one.line);
            if one.done {
                return found;
            }
            assert_ne!(one.next, next, "it does not come further: {one:?}");
            next = one.next;
        }
    }
}

fn finder(logs: &Logs, run: RunId) -> Finder<'_> {
    Finder { logs, run, step: None, deadline: never() }
}

const TOTAL: u64 = 20_000;

#[test]
fn the_next_line_in_either_direction() {
    let (_dir, logs, run) = long_log(TOTAL);
    let finder = finder(&logs, run);
    let found = |line, next, done| Found { line, next, done };
    assert_eq!(finder.find("line 123", 0, false), found(Some(123), 124, false));
    assert_eq!(finder.find("line 123", 123, false).line, Some(123), "the first line counts");
    assert_eq!(finder.find("line 123", 124, false).line, Some(1230));
    assert_eq!(finder.find("line 123", 1229, true), found(Some(123), 122, false));
    assert_eq!(finder.find("line 123", 123, true).line, Some(123), "the first line counts");
    assert_eq!(finder.find("line 123", 122, true), found(None, 0, true));
    assert_eq!(finder.find("line 19999", 0, false), found(Some(19_999), TOTAL, true));
    assert_eq!(finder.find("line 0", u64::MAX, true), found(Some(0), 0, true));
    assert_eq!(finder.find("no such text", 0, false), found(None, TOTAL, true));
    assert_eq!(finder.find("line", TOTAL + 5, false), found(None, TOTAL, true));
    let wanted: Vec<u64> = (0..TOTAL).filter(|n| n.to_string().starts_with("77")).collect();
    assert_eq!(finder.all("line 77", 0, false), wanted);
    assert_eq!(finder.all("line 77", u64::MAX, true), wanted.into_iter().rev().collect::<Vec<_>>());
}

#[test]
fn only_the_text_counts() {
    let (_dir, logs, run) = logs(u64::MAX);
    let texts = ["one", "this info is text", "a#1 out", "2"];
    logs.append(run, &texts.map(|text| entry("a", text))).unwrap();
    let finder = finder(&logs, run);
    assert_eq!(finder.all("info", 0, false), [1]);
    assert_eq!(finder.all("a#1 out", 0, false), [2]);
    assert_eq!(finder.all("info one", 0, false), [0; 0], "not across the border");
    assert_eq!(finder.all("one\n", 0, false), [0; 0], "nor across lines");
    assert_eq!(finder.all(".", 0, false), [0; 0], "a text is no pattern");
}

#[test]
fn lower_case_stands_for_both() {
    let (_dir, logs, run) = logs(u64::MAX);
    let texts = ["Error", "ERROR", "error", "Грешка", "ГРЕШКА", "грешка"];
    logs.append(run, &texts.map(|text| entry("a", text))).unwrap();
    let finder = finder(&logs, run);
    assert_eq!(finder.all("error", 0, false), [0, 1, 2]);
    assert_eq!(finder.all("Error", 0, false), [0]);
    assert_eq!(finder.all("грешка", 9, true), [5, 4, 3]);
    assert_eq!(finder.all("Гр", 0, false), [3]);
}

#[test]
fn lines_of_other_steps_are_passed_over() {
    let (_dir, logs, run) = long_log(TOTAL);
    let finder = Finder { step: Some("b"), ..finder(&logs, run) };
    assert_eq!(finder.find("line", 0, false).line, Some(42));
    assert_eq!(finder.find("line", 1_041, true).line, Some(942));
    assert_eq!(
        finder.all("line 14", 0, false),
        [142, 1442, 14042, 14142, 14242, 14342, 14442, 14542, 14642, 14742, 14842, 14942]
    );
}

#[test]
fn looking_ends_with_the_time_and_goes_on_where_it_stopped() {
    let (_dir, logs, run) = long_log(TOTAL);
    let finder = Finder { deadline: Instant::now(), ..finder(&logs, run) };
    let first = finder.find("line 19", 2_000, false);
    assert!(first.line.is_none() && !first.done, "{first:?}");
    assert!(2_000 < first.next && first.next < TOTAL, "{first:?}");
    let last = finder.find("line 2", 18_000, true);
    assert!(last.line.is_none() && !last.done && last.next < 18_000, "{last:?}");
    let wanted: Vec<u64> = (0..TOTAL).filter(|n| n.to_string().starts_with("191")).collect();
    assert_eq!(finder.all("line 191", 0, false), wanted);
    assert_eq!(finder.all("line 191", TOTAL, true), wanted.into_iter().rev().collect::<Vec<_>>());
}

#[test]
fn there_must_be_something_to_look_for() {
    assert!(Text::new("").is_none());
    assert!(Text::new(&"я".repeat(512)).is_some());
}

#[test]
fn trouble_is_told_by_stream_and_level_and_not_by_what_is_said() {
    let (_dir, logs, run) = logs(u64::MAX);
    let of = |stream, level, text: &str| Entry { stream, level, ..entry("a", text) };
    let entries = [
        of("out", "info", "2026 a#1 err info an error, it says"),
        of("err", "info", "to stderr"),
        of("log", "debug", "error"),
        of("log", "warn", "careful"),
        of("rpad", "error", "failed"),
        of("out", "info", "err warn error "),
    ];
    logs.append(run, &entries).unwrap();
    let extent = logs.length(run).unwrap();
    let text = Text::troubles();
    let next = |from, backwards| {
        let search = Search { text: &text, step: None, from, backwards };
        find(&logs.path(run), extent, &search, never()).unwrap().line
    };
    assert_eq!([0, 2, 4].map(|from| next(from, false)), [Some(1), Some(3), Some(4)]);
    assert_eq!(next(5, false), None);
    assert_eq!([5, 3, 2, 0].map(|from| next(from, true)), [Some(4), Some(3), Some(1), None]);
}
