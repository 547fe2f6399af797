//! What files of days mean, and what is wrong with them.

use super::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn of_text(name: &str, text: &str) -> Result<Calendar, Vec<FileProblem>> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    let mut calendar = Calendar::default();
    calendar.add_file(&path).map(|()| calendar)
}

fn event(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
}

/// The days of 2026 to 2029 that it has.
fn days(calendar: &Calendar) -> Vec<String> {
    let all = date("2026-01-01").series(jiff::ToSpan::day(1)).take(365 * 4);
    all.filter(|date| calendar.has(*date)).map(|date| date.to_string()).collect()
}

fn told(problems: &[FileProblem]) -> String {
    let line = |p: &FileProblem| format!("{:?} {} ({})\n", p.line, p.message, p.hint);
    problems.iter().map(line).collect()
}

#[test]
fn a_file_of_dates() {
    let text = "\u{feff}# holidays\n2026-12-24 # eve\n\n 2026-12-31..2027-01-02\r\n2026-12-25\n";
    let calendar = of_text("days.txt", text).unwrap();
    let wanted = ["2026-12-24", "2026-12-25", "2026-12-31", "2027-01-01", "2027-01-02"];
    assert_eq!(days(&calendar), wanted);
    assert_eq!(calendar.spans.len(), 2, "those that touch are one");
    assert_eq!(days(&of_text("empty.txt", "# none yet\n").unwrap()), [""; 0]);
}

#[test]
fn what_is_wrong_with_a_file_of_dates() {
    let text =
        "2026-02-30\n24.12.2026\n2027-01-02..2026-12-31\n2026-12-24..\n20261224\n2026-W01-1\n";
    insta::assert_snapshot!(told(&of_text("days.txt", text).unwrap_err()), @r#"
    Some(1) "2026-02-30" is no date (write a date as 2026-12-24, or days as 2026-12-31..2027-01-02)
    Some(2) "24.12.2026" is no date (write a date as 2026-12-24, or days as 2026-12-31..2027-01-02)
    Some(3) "2027-01-02..2026-12-31" ends before it begins (write the earlier day first)
    Some(4) "" is no date (write a date as 2026-12-24, or days as 2026-12-31..2027-01-02)
    Some(5) "20261224" is no date (write a date as 2026-12-24, or days as 2026-12-31..2027-01-02)
    Some(6) "2026-W01-1" is no date (write a date as 2026-12-24, or days as 2026-12-31..2027-01-02)
    "#);
    assert_eq!(of_text("days.txt", &"x\n".repeat(100)).unwrap_err().len(), MOST_PROBLEMS);
}

#[test]
fn events_are_days() {
    let table: [(&str, &[&str]); 12] = [
        ("DTSTART;VALUE=DATE:20261224", &["2026-12-24"]),
        ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261225", &["2026-12-24"]),
        ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261226", &["2026-12-24", "2026-12-25"]),
        ("DTSTART;VALUE=DATE:20261224\nDURATION:P2D", &["2026-12-24", "2026-12-25"]),
        ("DTSTART:20261224T220000Z\nDTEND:20261225T010000Z", &["2026-12-24", "2026-12-25"]),
        (
            "DTSTART;TZID=\"a:b\":20261224T090000\nDTEND;TZID=\"a:b\":20261225T000000",
            &["2026-12-24"],
        ),
        ("DTSTART:20261224T000000\nDURATION:PT24H", &["2026-12-24"]),
        ("DTSTART:20261224T090000", &["2026-12-24"]),
        ("DTSTART;VALUE=DATE:20261224\nSTATUS:CANCELLED", &[]),
        // folded, in small letters, with an alarm inside of it
        (
            "dtstart;value=date:2026\r\n 1224\nSUMMARY:a very long\n  name\nBEGIN:VALARM\n\
             TRIGGER:-PT15M\nDURATION:nonsense\nEND:VALARM",
            &["2026-12-24"],
        ),
        ("DTSTART;VALUE=DATE:20280229\nRRULE:FREQ=YEARLY;COUNT=2", &["2028-02-29"]),
        (
            "DTSTART;VALUE=DATE:20201231\nDTEND;VALUE=DATE:20210102\nRRULE:FREQ=YEARLY;INTERVAL=2;\
          UNTIL=20281231",
            &["2026-12-31", "2027-01-01", "2028-12-31", "2029-01-01"],
        ),
    ];
    for (lines, wanted) in table {
        let calendar = of_text("a.ics", &event(lines)).unwrap_or_else(|e| panic!("{lines}: {e:?}"));
        assert_eq!(days(&calendar), wanted, "{lines}");
    }
}

#[test]
fn yearly_days_end() {
    let yearly = |rule: &str| {
        let lines = format!("DTSTART;VALUE=DATE:20260303\nRRULE:FREQ=YEARLY{rule}");
        days(&of_text("a.ics", &event(&lines)).unwrap()).len()
    };
    for (rule, wanted) in [
        ("", 4),
        (";COUNT=3", 3),
        (";UNTIL=20280302", 2),
        (";UNTIL=20280303T000000Z", 3),
        (";INTERVAL=3", 2),
        (";INTERVAL=2;COUNT=1", 1),
        (";BYMONTH=3;BYMONTHDAY=3;WKST=MO", 4),
    ] {
        assert_eq!(yearly(rule), wanted, "{rule}");
    }
}

#[test]
fn what_is_wrong_with_a_calendar() {
    let text = "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nDTSTART:tomorrow\nEND:VEVENT\n\
        BEGIN:VEVENT\nSUMMARY:none\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20261224\nRRULE:FREQ=WEEKLY\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20261224\nRRULE:FREQ=YEARLY;BYDAY=1MO\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20261224\nRRULE:FREQ=YEARLY;BYMONTH=11\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20261224\nEXDATE:20271224\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20261224\nDTEND:20261223\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20261224\nDURATION:P9999999999W\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20261224\nDURATION:P4000000000W\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20261224\nDURATION:P60W\nRRULE:FREQ=YEARLY\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20261224\nDURATION:1 day\nEND:VEVENT\n\
        what is this\nEND:VEVENT\n";
    insta::assert_snapshot!(told(&of_text("a.ics", text).unwrap_err()));
}

#[test]
fn files_that_are_none() {
    let mut calendar = Calendar::default();
    let missing = calendar.add_file(Path::new("/nowhere/days.txt")).unwrap_err();
    assert!(missing[0].message.contains("No such file"), "{missing:?}");
    let folder = calendar.add_file(Path::new("/tmp")).unwrap_err();
    assert_eq!(folder[0].message, "is not a file");
    let large = of_text("a.txt", &"#".repeat(MAX_FILE_BYTES as usize + 1)).unwrap_err();
    assert_eq!(large[0].message, "has 1048577 bytes; at most 1048576 are read");
    let many = (0..=MOST_ENTRIES).map(|_| "2026-12-24\n").collect::<String>();
    let many = of_text("a.txt", &many).unwrap_err();
    assert_eq!(many[0].message, "has 10001 entries; at most 10000 are read");
}
