//! Every change of the clock from 2020 to 2040, beside the witness.
//!
//! A random sample of the machine's zones in each run, by `RPA_SEED`; all with
//! `RPA_ZONES=all`, which takes some minutes.

use jiff::civil::date;
use jiff::tz::{self, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::witness::Witness;
use super::*;

const SAMPLE: usize = 20;

/// Changes of one zone that are looked at in the sample.
const CHANGES: usize = 2;

/// Known for changes at midnight, of half an hour, or every year on another day.
const ALWAYS: [&str; 6] = [
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Asia/Beirut",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Africa/Casablanca",
];

const EXPRESSIONS: [&str; 30] = [
    "* * * * *",
    "*/5 * * * *",
    "*/7 * * * *",
    "0 * * * *",
    "30 * * * *",
    "15 */2 * * *",
    "0 */3 * * *",
    "10,40 1-5/2 * * *",
    "*/20 2 * * *",
    "* 3 * * *",
    "0 0 * * *",
    "30 0 * * *",
    "0 1 * * *",
    "30 1 * * *",
    "0 2 * * *",
    "15 2 * * *",
    "30 2 * * *",
    "59 2 * * *",
    "0 3 * * *",
    "30 3 * * *",
    "0 4 * * *",
    "30 23 * * *",
    "0,30 0-5 * * *",
    "45 1,2,3 * * *",
    "0 2 * * 0",
    "30 1 * * 0L",
    "0 3 * * 0#2",
    "30 2 L * *",
    "0 1 1-7 * 0",
    "5 2 */2 3-11 7",
];

fn zones() -> Vec<String> {
    let all: Vec<String> = tz::db().available().map(|zone| zone.to_string()).collect();
    let all: Vec<String> =
        all.into_iter().filter(|zone| crate::schedule::find_zone(zone).is_ok()).collect();
    assert!(all.len() > 300, "this machine has no time zones: {all:?}");
    all
}

/// Zones, and how many changes of each are looked at.
fn chosen(dice: &mut Dice) -> (Vec<String>, usize) {
    let all = zones();
    if std::env::var("RPA_ZONES").is_ok_and(|zones| zones == "all") {
        return (all, usize::MAX);
    }
    let mut chosen: Vec<String> = ALWAYS.map(str::to_owned).into();
    while chosen.len() < SAMPLE {
        let zone = dice.pick(&all);
        if !chosen.contains(zone) {
            chosen.push(zone.clone());
        }
    }
    (chosen, CHANGES)
}

fn span() -> (Timestamp, Timestamp) {
    ("2020-01-01T00:00:00Z".parse().unwrap(), "2040-01-01T00:00:00Z".parse().unwrap())
}

#[test]
fn around_each_change_the_witness_agrees() {
    let mut dice = Dice(seed());
    let (zones, most) = chosen(&mut dice);
    let (mut compared, mut passed) = (0, 0);
    for name in zones {
        let zone = crate::schedule::find_zone(&name).unwrap();
        let (from, to) = span();
        let mut changes: Vec<i64> = zone
            .following(from)
            .map(|change| change.timestamp())
            .take_while(|at| *at < to)
            // some files end with a change that is none, at the end of 32 bits
            .map(|at| at.as_second() / 60 * 60)
            .collect();
        // a zone that has none is right as well
        changes.push(from.as_second() + 86_400);
        while changes.len() > most {
            let out = dice.below(changes.len() as u64);
            changes.remove(usize::try_from(out).unwrap());
        }
        for at in changes {
            let window = (at - 86_400 - 3_600, at + 86_400 + 3_600);
            for text in EXPRESSIONS {
                let gap = *dice.pick(&DstGap::ALL);
                let fold = *dice.pick(&DstOverlap::ALL);
                let plan = plan(&Schedule { gap, fold, ..cron(text, &name) });
                let wanted = Witness::of(text).slots(&zone, window, gap, fold);
                let after = u64::try_from(window.0 * 1000 - 1).unwrap();
                let found: Vec<(i64, Option<Passed>)> = plan
                    .after(after)
                    .map(|slot| (i64::try_from(slot.at_ms / 1000).unwrap(), slot.passed))
                    .take_while(|(at, _)| *at < window.1)
                    .collect();
                assert!(found.is_sorted_by(|a, b| a.0 < b.0), "{name} {text} {at}");
                let differs = found.iter().zip(&wanted).find(|(found, wanted)| found != wanted);
                let said = format!("{name} {text:?} {gap:?} {fold:?} around {at}");
                assert_eq!((differs, found.len()), (None, wanted.len()), "{said}");
                compared += found.len();
                passed += found.iter().filter(|(_, passed)| passed.is_some()).count();
            }
        }
    }
    assert!(compared > 10_000 && passed > 10, "{compared} {passed}");
}

#[test]
fn a_fixed_daily_job_fires_once_each_day() {
    let mut dice = Dice(seed());
    for name in chosen(&mut dice).0 {
        let zone = crate::schedule::find_zone(&name).unwrap();
        let (from, to) = span();
        for _ in 0..3 {
            let (hour, minute) = (*dice.pick(&[0, 1, 2, 3, 23]), *dice.pick(&[0, 15, 30, 59]));
            let plan = plan(&cron(&format!("{minute} {hour} * * *"), &name));
            let mut slots = plan
                .after(u64::try_from(from.as_millisecond()).unwrap() - 1)
                .filter(|slot| slot.passed.is_none());
            let first = zone.to_datetime(from).date();
            for day in first.series(1.day()) {
                let meant = zone.to_ambiguous_timestamp(day.at(hour, minute, 0, 0));
                // in a gap it lies between, else both are the first showing
                let (least, most) = match meant.is_ambiguous() {
                    true => (meant.earlier().unwrap(), meant.later().unwrap()),
                    false => (meant.compatible().unwrap(), meant.compatible().unwrap()),
                };
                if most < from {
                    continue;
                }
                if most > to {
                    break;
                }
                let at = slots.next().unwrap().at_ms;
                let at = Timestamp::from_millisecond(i64::try_from(at).unwrap()).unwrap();
                assert!((least..=most).contains(&at), "{name} {day} {hour}:{minute} at {at}");
            }
        }
    }
}

/// What is left out of a zone as of 2011 does not exist for any job.
#[test]
fn samoa_is_right_with_its_missing_day() {
    let zone = TimeZone::get("Pacific/Apia").unwrap();
    let around =
        zone.to_timestamp(date(2011, 12, 29).at(12, 0, 0, 0)).unwrap().as_second() / 60 * 60;
    let window = (around - 40_020, around + 200_040);
    for text in ["0 * * * *", "30 */2 * * *"] {
        let plan = plan(&cron(text, "Pacific/Apia"));
        let wanted = Witness::of(text).slots(&zone, window, DstGap::RunAfter, DstOverlap::First);
        let found: Vec<_> = plan
            .after(u64::try_from(window.0 * 1000 - 1).unwrap())
            .map(|slot| (i64::try_from(slot.at_ms / 1000).unwrap(), slot.passed))
            .take_while(|(at, _)| *at < window.1)
            .collect();
        assert_eq!(found, wanted, "{text}");
    }
}
