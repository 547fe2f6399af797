//! From wherever it is asked, a plan says the same.

use proptest::prelude::*;
use rpa_engine::trigger::{Day, Days};

use super::*;
use crate::calendar::{Calendar, parse_span};

const TEXTS: [&str; 8] = [
    "*/10 * * * *",
    "0 * * * *",
    "30 3 * * *",
    "0,30 2-4 * * *",
    "0 0 * * *",
    "0 7 * * SAT,SUN",
    "15 1 * * *",
    "*/15 3 * * *",
];

const ZONES: [&str; 6] = [
    "UTC",
    "Europe/Sofia",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Beirut",
    "Africa/Casablanca",
];

/// Around the changes of the clock in spring and autumn, and any time.
fn instant() -> impl Strategy<Value = u64> {
    let day = 24 * HOUR_MS;
    let march = ms("2027-03-08T00:00:00Z");
    let october = ms("2027-10-01T00:00:00Z");
    prop_oneof![
        march..march + 24 * day,
        october..october + 40 * day,
        ms("2020-01-01T00:00:00Z")..ms("2040-01-01T00:00:00Z"),
    ]
}

fn any_schedule() -> impl Strategy<Value = Schedule> {
    let moments = prop_oneof![
        4 => prop::sample::select(&TEXTS[..]).prop_map(|text| Moments::Cron(text.to_owned())),
        1 => (1_000..100 * HOUR_MS, instant()).prop_map(|(period_ms, at_ms)| Moments::Every {
            period_ms: period_ms.max(600_000),
            from: Bound { text: String::new(), at_ms },
        }),
    ];
    let terms = prop::sample::select(vec![
        vec![],
        vec![(true, Day::Weekdays)],
        vec![(true, Day::Weekdays), (false, Day::Calendar("closed".to_owned()))],
        vec![(false, Day::Calendar("closed".to_owned()))],
    ]);
    let rules = (
        prop::sample::select(&DstGap::ALL[..]),
        prop::sample::select(&DstOverlap::ALL[..]),
        prop::sample::select(&Outside::ALL[..]),
    );
    let zone = prop::sample::select(&ZONES[..]);
    (moments, zone, terms, rules, 0..HOUR_MS).prop_map(
        |(moments, zone, terms, (gap, fold, outside), jitter_ms)| Schedule {
            gap,
            fold,
            outside,
            jitter_ms,
            days: Some(Days { terms }),
            ..schedule(moments, zone)
        },
    )
}

fn calendars() -> Calendars {
    let mut closed = Calendar::default();
    let spans = ["2027-03-27..2027-03-30", "2027-10-29..2027-11-08", "2030-01-01..2030-02-01"];
    closed.add(&[], spans.map(|span| parse_span(span).unwrap()).into(), Vec::new());
    let mut calendars = Calendars::default();
    calendars.insert("closed", closed);
    calendars
}

proptest! {
    #[test]
    fn a_later_question_gets_the_rest_of_the_answer(
        schedule in any_schedule(),
        from in instant(),
        later in 0..10 * 24 * HOUR_MS,
    ) {
        let plan = Plan::new(&schedule, "key", &calendars()).unwrap();
        let until = from + later;
        let whole: Vec<Slot> = plan.after(from).take_while(|slot| slot.at_ms <= until + 2 * later).collect();
        let rest: Vec<Slot> = plan.after(until).take_while(|slot| slot.at_ms <= until + 2 * later).collect();
        let wanted: Vec<Slot> = whole.iter().copied().filter(|slot| slot.at_ms > until).collect();
        prop_assert_eq!(rest, wanted);
        prop_assert!(whole.is_sorted_by(|a, b| a.at_ms < b.at_ms));
        prop_assert!(whole.iter().all(|slot| slot.at_ms > from && slot.due_ms >= slot.at_ms));
        // of those that are fired no two were put off to one instant
        let mut due: Vec<u64> = whole.iter().filter(|slot| slot.passed.is_none())
            .map(|slot| slot.due_ms).collect();
        due.sort_unstable();
        let count = due.len();
        due.dedup();
        prop_assert!(schedule.jitter_ms > 0 || count == due.len());
    }
}
