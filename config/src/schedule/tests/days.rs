//! Days on which a schedule fires, and what becomes of slots on others.

use jiff::civil::Weekday;
use rpa_engine::trigger::{Day, Days};

use super::*;
use crate::calendar::{Calendar, parse_span};

fn calendars() -> Calendars {
    let mut calendars = Calendars::default();
    let mut add = |name: &str, weekdays: &[Weekday], spans: &[&str]| {
        let mut calendar = Calendar::default();
        let spans = spans.iter().map(|span| parse_span(span).unwrap()).collect();
        calendar.add(weekdays, spans, Vec::new());
        calendars.insert(name, calendar);
    };
    add("holidays", &[], &["2026-12-24..2026-12-26", "2027-01-01"]);
    add("mondays", &[Weekday::Monday], &[]);
    add("ever", &[], &["2026-01-01..2030-01-01"]);
    calendars
}

fn with(text: &str, zone: &str, terms: &[(bool, &str)], outside: Outside) -> Schedule {
    let day = |name: &str| match name {
        "weekdays" => Day::Weekdays,
        "weekends" => Day::Weekends,
        name => Day::Calendar(name.to_owned()),
    };
    let terms = terms.iter().map(|(added, name)| (*added, day(name))).collect();
    Schedule { days: Some(Days { terms }), outside, ..cron(text, zone) }
}

fn told(schedule: &Schedule, after: &str, count: usize) -> Vec<String> {
    let plan = Plan::new(schedule, "", &calendars()).unwrap();
    plan.after(ms(after)).take(count).map(|slot| shown(&plan, slot)).collect()
}

const BUSINESS: [(bool, &str); 2] = [(true, "weekdays"), (false, "holidays")];

#[test]
fn a_slot_on_another_day_is_passed_over() {
    let business = with("0 7 * * *", "UTC", &BUSINESS, Outside::Skip);
    insta::assert_snapshot!(told(&business, "2026-12-23T00:00:00Z", 6).join("\n"), @r"
    2026-12-23 07:00:00+00:00
    2026-12-24 07:00:00+00:00 Calendar
    2026-12-25 07:00:00+00:00 Calendar
    2026-12-26 07:00:00+00:00 Calendar
    2026-12-27 07:00:00+00:00 Calendar
    2026-12-28 07:00:00+00:00
    ");
}

#[test]
fn terms_add_and_take_away() {
    let fired = |terms: &[(bool, &str)]| -> Vec<String> {
        let slots = told(&with("@daily", "UTC", terms, Outside::Skip), "2026-12-20T12:00:00Z", 7);
        slots
            .iter()
            .filter(|slot| !slot.contains(' ') || !slot.ends_with("Calendar"))
            .map(|slot| slot[8..10].to_owned())
            .collect()
    };
    assert_eq!(fired(&[]), ["21", "22", "23", "24", "25", "26", "27"]);
    assert_eq!(fired(&[(true, "mondays")]), ["21"]);
    assert_eq!(fired(&[(true, "mondays"), (true, "holidays")]), ["21", "24", "25", "26"]);
    assert_eq!(fired(&[(false, "weekends")]), ["21", "22", "23", "24", "25"]);
    assert_eq!(fired(&[(false, "holidays"), (true, "weekends")]), ["27"]);
}

#[test]
fn a_slot_is_put_off_and_stands_for_those_that_come_to_the_same() {
    let business = with("0 7 * * *", "UTC", &BUSINESS, Outside::Defer);
    let all = told(&business, "2026-12-23T00:00:00Z", 7);
    insta::assert_snapshot!(all.join("\n"), @r"
    2026-12-23 07:00:00+00:00
    2026-12-24 07:00:00+00:00 -> 2026-12-28 07:00:00+00:00
    2026-12-25 07:00:00+00:00 Merged -> 2026-12-28 07:00:00+00:00
    2026-12-26 07:00:00+00:00 Merged -> 2026-12-28 07:00:00+00:00
    2026-12-27 07:00:00+00:00 Merged -> 2026-12-28 07:00:00+00:00
    2026-12-28 07:00:00+00:00 Merged -> 2026-12-28 07:00:00+00:00
    2026-12-29 07:00:00+00:00
    ");
    // whoever asks in the midst of it is told the same
    for (at, day) in (23..29).enumerate() {
        let after = format!("2026-12-{day}T07:00:00Z");
        assert_eq!(told(&business, &after, 6 - at), all[at + 1..], "{after}");
    }
}

#[test]
fn other_times_of_a_day_are_put_off_by_themselves() {
    let twice = with("0 7,19 * * SAT,SUN", "UTC", &[(true, "weekdays")], Outside::Defer);
    insta::assert_snapshot!(told(&twice, "2026-11-21T00:00:00Z", 4).join("\n"), @r"
    2026-11-21 07:00:00+00:00 -> 2026-11-23 07:00:00+00:00
    2026-11-21 19:00:00+00:00 -> 2026-11-23 19:00:00+00:00
    2026-11-22 07:00:00+00:00 Merged -> 2026-11-23 07:00:00+00:00
    2026-11-22 19:00:00+00:00 Merged -> 2026-11-23 19:00:00+00:00
    ");
}

/// A slot of a Saturday, put off to a Monday whose clock has changed since.
#[test]
fn it_is_put_off_to_the_same_time_on_the_clock() {
    let spring = with("30 3 * * SAT", "Europe/Sofia", &[(true, "weekdays")], Outside::Defer);
    let put_off = "2027-03-27 03:30:00+02:00 -> 2027-03-29 03:30:00+03:00";
    assert_eq!(told(&spring, "2027-03-26T00:00:00Z", 1), [put_off]);
    // to a time that the clock leaps over, or shows twice
    let sundays = |month, fold| {
        let mut schedule =
            with("30 3 * * SAT", "Europe/Sofia", &[(false, "saturday")], Outside::Defer);
        schedule.fold = fold;
        let mut calendars = Calendars::default();
        let mut saturdays = Calendar::default();
        saturdays.add(&[Weekday::Saturday], Vec::new(), Vec::new());
        calendars.insert("saturday", saturdays);
        let plan = Plan::new(&schedule, "", &calendars).unwrap();
        let slot = plan.after(ms(month)).next().unwrap();
        shown(&plan, slot).split(" -> ").last().unwrap().to_owned()
    };
    assert_eq!(sundays("2027-03-26T00:00:00Z", DstOverlap::First), "2027-03-28 04:00:00+03:00");
    assert_eq!(sundays("2027-10-29T00:00:00Z", DstOverlap::First), "2027-10-31 03:30:00+03:00");
    assert_eq!(sundays("2027-10-29T00:00:00Z", DstOverlap::Second), "2027-10-31 03:30:00+02:00");
}

#[test]
fn the_day_is_that_of_the_zone() {
    let sofia = with("0 1 * * *", "Europe/Sofia", &[(true, "mondays")], Outside::Skip);
    let slots = told(&sofia, "2026-11-22T12:00:00Z", 1);
    assert_eq!(slots, ["2026-11-23 01:00:00+02:00"], "in UTC it is Sunday");
}

#[test]
fn a_calendar_without_an_end_is_no_loop() {
    for outside in Outside::ALL {
        let never = with("@daily", "UTC", &[(false, "ever")], outside);
        let slots = told(&never, "2026-06-01T00:00:00Z", 3);
        assert!(slots.iter().all(|slot| slot.ends_with("Calendar")), "{slots:?}");
    }
    // 400 days before its end they are put off to it
    let defer = with("@daily", "UTC", &[(false, "ever")], Outside::Defer);
    let slots = told(&defer, "2028-11-27T00:00:00Z", 3);
    insta::assert_snapshot!(slots.join("\n"), @r"
    2028-11-28 00:00:00+00:00 -> 2030-01-02 00:00:00+00:00
    2028-11-29 00:00:00+00:00 Merged -> 2030-01-02 00:00:00+00:00
    2028-11-30 00:00:00+00:00 Merged -> 2030-01-02 00:00:00+00:00
    ");
}

#[test]
fn jitter_comes_after_days() {
    let mut late = with("0 7 * * *", "UTC", &BUSINESS, Outside::Defer);
    late.jitter_ms = HOUR_MS;
    let plan = Plan::new(&late, "", &calendars()).unwrap();
    let slots: Vec<Slot> = plan.after(ms("2026-12-24T00:00:00Z")).take(5).collect();
    let monday = ms("2026-12-28T07:00:00Z");
    assert!(slots[0].due_ms > monday && slots[0].due_ms <= monday + HOUR_MS, "{slots:?}");
    assert!(slots[1..].iter().all(|slot| slot.passed == Some(Passed::Merged)), "{slots:?}");
}
