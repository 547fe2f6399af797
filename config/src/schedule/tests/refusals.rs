//! Schedules that have no plan, and what a person is told.

use rpa_engine::trigger::{Day, Days};

use super::*;
use crate::calendar::Calendar;

fn told(schedule: &Schedule) -> String {
    let e = planned(schedule).expect_err("it has no plan");
    format!("{e}\n  {}", e.hint())
}

#[test]
fn expressions_that_cannot_be_read() {
    let table = [
        "",
        "@reboot",
        "@dayly",
        "@",
        "0 7 * *",
        "0 0 7 * * MON 2027",
        "60 7 * * *",
        "0 24 * * *",
        "5/10 7 * * *",
        "0 22-2 * * *",
        "0 0 20-5 * *",
        "0,,30 7 * * *",
        "0 7 0 * *",
        "0 7 * 13 *",
        "0 7 * MON *",
        "0 7 * * JAN",
        "0 7 * * 8",
        "0 7 * * MONDAY",
        "0 7 * * FRI-MON",
        "0 7 * * L",
        "0 7 * * MON#6",
        "0 7 L-3 * *",
        "0 7 * * +MON",
        "0 7 é * *",
        "0 0 31 2 *",
        "0 0 30 FEB ?",
        "0 0 31 4,6 *",
        "x 7 * * *",
        "0 */0 * * *",
        "0 7 W * *",
    ];
    let said: Vec<String> =
        table.iter().map(|text| format!("{text:?}: {}\n", told(&cron(text, "UTC")))).collect();
    insta::assert_snapshot!(said.concat());
    assert!(told(&cron(&"1,".repeat(300), "UTC")).contains("longer than 512"));
}

#[test]
fn zones_that_are_none() {
    let table =
        ["", "Sofia", "europe/sophia", "new york", "Mars/Olympus", "right/UTC", "UTC+2", "+02:00"];
    let said: Vec<String> = table.iter().map(|zone| told(&cron("@daily", zone)) + "\n").collect();
    insta::assert_snapshot!(said.concat());
}

#[test]
fn days_that_are_none() {
    let with = |terms: &[(bool, Day)]| Schedule {
        days: Some(Days { terms: terms.to_vec() }),
        ..cron("@daily", "UTC")
    };
    let named = |name: &str| Day::Calendar(name.to_owned());
    let none = told(&with(&[(true, named("holidays"))]));
    let never = told(&with(&[(true, Day::Weekdays), (false, Day::Weekdays)]));
    let mut calendars = Calendars::default();
    calendars.insert("holidays", Calendar::default());
    calendars.insert("closing", Calendar::default());
    let said = |name: &str| {
        let e = Plan::new(&with(&[(false, named(name))]), "", &calendars).unwrap_err();
        format!("{e}\n  {}", e.hint())
    };
    insta::assert_snapshot!([none, never, said("holiday"), said("xyz")].join("\n"));
}

#[test]
fn moments_that_are_none() {
    let from = bound("2027-01-01T00:00:00Z");
    let short = schedule(Moments::Every { period_ms: 999, from }, "UTC");
    let none = schedule(Moments::At(Vec::new()), "UTC");
    insta::assert_snapshot!([told(&short), told(&none)].join("\n"));
}
