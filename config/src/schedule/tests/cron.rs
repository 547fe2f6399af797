//! What cron expressions name, where no clock is changed.

use super::*;

/// The days and times after 2026-11-21 00:00 UTC, without what all of them have.
fn utc(text: &str, count: usize) -> Vec<String> {
    let slots = slots(&cron(text, "UTC"), "2026-11-21T00:00:00Z", count);
    slots.iter().map(|slot| slot.trim_end_matches("+00:00").to_owned()).collect()
}

#[test]
fn fields_and_names() {
    let table: [(&str, &[&str]); 14] = [
        ("0 7 * * MON-FRI", &["2026-11-23 07:00:00", "2026-11-24 07:00:00"]),
        ("0 7 * * mon,7", &["2026-11-22 07:00:00", "2026-11-23 07:00:00", "2026-11-29 07:00:00"]),
        ("0 7 * * 5-7", &["2026-11-21 07:00:00", "2026-11-22 07:00:00", "2026-11-27 07:00:00"]),
        ("0 7 * * SUN-TUE", &["2026-11-22 07:00:00", "2026-11-23 07:00:00"]),
        ("*/20 1 * * *", &["2026-11-21 01:00:00", "2026-11-21 01:20:00", "2026-11-21 01:40:00"]),
        ("*/30 * * * * *", &["2026-11-21 00:00:30", "2026-11-21 00:01:00"]),
        ("5 4 3 2 1 *", &["2027-01-02 03:04:05"]),
        ("0 0 1 JAN,jul *", &["2027-01-01 00:00:00", "2027-07-01 00:00:00"]),
        (
            "10-50/20 23 31 * *",
            &["2026-12-31 23:10:00", "2026-12-31 23:30:00", "2026-12-31 23:50:00"],
        ),
        ("0 12 L * *", &["2026-11-30 12:00:00", "2026-12-31 12:00:00"]),
        ("0 12 LW * *", &["2026-11-30 12:00:00", "2026-12-31 12:00:00", "2027-01-29 12:00:00"]),
        ("0 12 15W * *", &["2026-12-15 12:00:00", "2027-01-15 12:00:00", "2027-02-15 12:00:00"]),
        ("0 12 * * MON#2", &["2026-12-14 12:00:00", "2027-01-11 12:00:00"]),
        ("0 12 ? * FRIL", &["2026-11-27 12:00:00", "2026-12-25 12:00:00"]),
    ];
    for (text, wanted) in table {
        assert_eq!(utc(text, wanted.len()), wanted, "{text}");
    }
}

#[test]
fn nicknames() {
    for (text, wanted) in [
        ("@hourly", "2026-11-21 01:00:00"),
        ("@daily", "2026-11-22 00:00:00"),
        ("@Midnight", "2026-11-22 00:00:00"),
        ("@weekly", "2026-11-22 00:00:00"),
        ("@monthly", "2026-12-01 00:00:00"),
        ("@yearly", "2027-01-01 00:00:00"),
        (" @annually ", "2027-01-01 00:00:00"),
    ] {
        assert_eq!(utc(text, 1), [wanted], "{text}");
    }
}

/// crontab(5): either of them, unless one begins with a star.
#[test]
fn the_day_of_the_month_and_the_day_of_the_week() {
    let either = ["2026-11-23 00:00:00", "2026-11-30 00:00:00", "2026-12-01 00:00:00"];
    assert_eq!(utc("0 0 1 * MON", 3), either);
    let both = ["2026-11-23 00:00:00", "2026-12-07 00:00:00", "2026-12-21 00:00:00"];
    assert_eq!(utc("0 0 */2 * MON", 3), both, "odd days that are Mondays");
    assert_eq!(utc("0 0 1-7 * */7", 2), ["2026-12-06 00:00:00", "2027-01-03 00:00:00"]);
}

#[test]
fn a_day_that_is_seldom_is_found() {
    let leap = slots(&cron("0 0 29 2 *", "UTC"), "2096-03-01T00:00:00Z", 1);
    assert_eq!(leap, ["2104-02-29 00:00:00+00:00"], "2100 is no leap year");
}

#[test]
fn slots_end_where_the_look_ahead_does() {
    let seldom = plan(&cron("0 0 29 2 *", "UTC"));
    assert_eq!(seldom.after(0).count(), 10, "41 years from 1970 on");
    assert_eq!(seldom.after(u64::MAX).count(), 0);
    assert_eq!(seldom.after(u64::MAX / 2).count(), 0);
    let often = plan(&schedule(
        Moments::Every { period_ms: u64::MAX / 2, from: bound("1970-01-01T00:00:00Z") },
        "UTC",
    ));
    assert_eq!(often.after(u64::MAX - 1).count(), 0);
}

#[test]
fn a_period_is_counted_from_its_beginning() {
    let mut every = schedule(
        Moments::Every { period_ms: 36 * HOUR_MS, from: bound("2027-03-27T01:00:00.500Z") },
        "Europe/Sofia",
    );
    let wanted =
        ["2027-03-27 03:00:00+02:00", "2027-03-28 16:00:00+03:00", "2027-03-30 04:00:00+03:00"];
    assert_eq!(slots(&every, "2026-01-01T00:00:00Z", 3), wanted, "elapsed time");
    assert_eq!(slots(&every, "2027-03-27T01:00:00.500Z", 2), wanted[1..], "after means after");
    assert_eq!(slots(&every, "2027-03-27T01:00:00.499Z", 1), wanted[..1]);
    every.start = Some(bound("2027-03-28T13:00:00.500Z"));
    every.end = Some(bound("2027-03-30T01:00:00.500Z"));
    assert_eq!(slots(&every, "2026-01-01T00:00:00Z", 5), wanted[1..2], "start is in, end is not");
}

#[test]
fn listed_moments_come_in_order_and_once() {
    let listed = ["2027-05-01T10:00:00Z", "2027-01-01T00:00:00Z", "2027-05-01T10:00:00Z"];
    let at = schedule(Moments::At(listed.map(bound).into()), "Europe/Sofia");
    let wanted = ["2027-01-01 02:00:00+02:00", "2027-05-01 13:00:00+03:00"];
    assert_eq!(slots(&at, "2026-01-01T00:00:00Z", 5), wanted);
    assert_eq!(slots(&at, "2027-01-01T00:00:00Z", 5), wanted[1..]);
}

#[test]
fn jitter_is_bounded_and_always_the_same() {
    let mut daily = cron("0 7 * * *", "UTC");
    daily.jitter_ms = 300_000;
    let due = |key: &str, after: &str| -> Vec<u64> {
        let plan = Plan::new(&daily, key, &Calendars::default()).unwrap();
        plan.after(ms(after)).take(200).map(|slot| slot.due_ms - slot.at_ms).collect()
    };
    let here = due("a", "2026-01-01T00:00:00Z");
    assert!(here.iter().all(|late| *late <= 300_000), "{here:?}");
    assert!(here.iter().any(|late| *late < 60_000) && here.iter().any(|late| *late > 240_000));
    assert_eq!(here[1..], due("a", "2026-01-02T00:00:00Z")[..199], "a slot has its own");
    assert_ne!(here, due("b", "2026-01-01T00:00:00Z"), "and another schedule another");
    // on each machine, and in each version: slots that wait have been told to people
    assert_eq!(here[..3], [208_284, 48_647, 75_758]);
}

#[test]
fn schedules_in_words() {
    let said = |schedule: &Schedule| crate::schedule::describe(schedule);
    assert_eq!(
        said(&cron("0 7 * * MON-FRI", "Europe/Sofia")),
        "At 07:00, on Monday, Tuesday, Wednesday, Thursday, and Friday (Europe/Sofia)"
    );
    assert_eq!(said(&cron("nonsense", "UTC")), "nonsense (UTC)");
    let every = Moments::Every { period_ms: 90_000, from: bound("2027-01-01T00:00:00Z") };
    assert_eq!(said(&schedule(every, "UTC")), "Every 1m30s from 2027-01-01T00:00:00Z");
    let once = Moments::At(vec![bound("2027-01-01T00:00:00Z")]);
    assert_eq!(said(&schedule(once, "UTC")), "Once, at 2027-01-01T00:00:00Z");
}

#[test]
fn expressions_in_bulgarian() {
    for (cron, words) in [
        ("0 7 * * MON-FRI", "В 07:00, понеделник, вторник, сряда, четвъртък и петък"),
        ("*/15 * * * *", "На всеки 15 минути"),
        ("0 * * * *", "Минута 0 от всеки час"),
        ("5 */2 * * *", "Минута 5, на всеки 2 часа"),
        ("* 9-17 * * *", "Всяка минута, час 9-17"),
        ("0 20 L * *", "В 20:00, последния ден на месеца"),
        ("30 6 1,15 JAN *", "В 06:30, ден 1 и 15, януари"),
        ("0 12 * * MON#2", "В 12:00, понеделник, за 2-ви път в месеца"),
    ] {
        assert_eq!(crate::schedule::in_bulgarian(cron).as_deref(), Some(words));
    }
    assert_eq!(crate::schedule::in_bulgarian("nonsense"), None);
}
