//! What becomes of slots when the clock changes, in zones that are known for it.

use super::*;

/// The slots of an expression after an instant.
fn by(text: &str, zone: &str, gap: DstGap, fold: DstOverlap, after: &str) -> Vec<String> {
    slots(&Schedule { gap, fold, ..cron(text, zone) }, after, 3)
}

/// In Sofia the clock leaps from 03:00 to 04:00 on 2027-03-28.
fn spring(text: &str, gap: DstGap) -> Vec<String> {
    by(text, "Europe/Sofia", gap, DstOverlap::First, "2027-03-28T00:00:00Z")
}

/// In Sofia the clock goes back from 04:00 to 03:00 on 2027-10-31.
fn autumn(text: &str, fold: DstOverlap) -> Vec<String> {
    by(text, "Europe/Sofia", DstGap::RunAfter, fold, "2027-10-30T23:59:00Z")
}

#[test]
fn a_fixed_job_in_a_gap_runs_after_it_or_not() {
    let run_after = spring("30 3 * * *", DstGap::RunAfter);
    assert_eq!(run_after[0], "2027-03-28 04:00:00+03:00");
    assert_eq!(run_after[1], "2027-03-29 03:30:00+03:00");
    let skipped = spring("30 3 * * *", DstGap::Skip);
    assert_eq!(skipped[0], "2027-03-28 04:00:00+03:00 Gap");
    assert_eq!(skipped[1], "2027-03-29 03:30:00+03:00");
}

#[test]
fn of_several_slots_at_the_end_of_a_gap_there_is_one() {
    for gap in DstGap::ALL {
        let own = spring("0,30 3,4 * * *", gap);
        assert_eq!(own[..2], ["2027-03-28 04:00:00+03:00", "2027-03-28 04:30:00+03:00"]);
        let two = spring("0,30 3 * * *", gap);
        assert!(two[0].starts_with("2027-03-28 04:00:00+03:00"), "{two:?}");
        assert_eq!(two[1], "2027-03-29 03:00:00+03:00");
    }
}

#[test]
fn what_comes_each_hour_follows_elapsed_time() {
    let hourly = spring("15 * * * *", DstGap::RunAfter);
    let wanted =
        ["2027-03-28 02:15:00+02:00", "2027-03-28 04:15:00+03:00", "2027-03-28 05:15:00+03:00"];
    assert_eq!(hourly, wanted);
    for fold in DstOverlap::ALL {
        let wanted =
            ["2027-10-31 03:15:00+03:00", "2027-10-31 03:15:00+02:00", "2027-10-31 04:15:00+02:00"];
        assert_eq!(autumn("15 * * * *", fold), wanted);
        assert_eq!(autumn("15 1-23/2,4 * * *", fold)[..2], wanted[..2]);
    }
    // a step of minutes in one hour: that hour does not pass
    assert_eq!(spring("*/20 3 * * *", DstGap::RunAfter)[0], "2027-03-29 03:00:00+03:00");
}

#[test]
fn a_fixed_job_in_an_overlap_runs_once_or_twice() {
    let (first, second) = ("2027-10-31 03:30:00+03:00", "2027-10-31 03:30:00+02:00");
    let passed = |slot: &str| format!("{slot} Fold");
    assert_eq!(autumn("30 3 * * *", DstOverlap::First)[..2], [first.to_owned(), passed(second)]);
    assert_eq!(autumn("30 3 * * *", DstOverlap::Second)[..2], [passed(first), second.to_owned()]);
    assert_eq!(autumn("30 3 * * *", DstOverlap::Both)[..2], [first, second]);
    // the first minute of it, and the first behind it
    assert_eq!(autumn("0 3 * * *", DstOverlap::First)[1], passed("2027-10-31 03:00:00+02:00"));
    assert_eq!(autumn("0 4 * * *", DstOverlap::First)[0], "2027-10-31 04:00:00+02:00");
}

#[test]
fn a_gap_of_half_an_hour() {
    let howe = |text| {
        let after = "2027-10-02T13:00:00Z";
        by(text, "Australia/Lord_Howe", DstGap::RunAfter, DstOverlap::First, after)
    };
    assert_eq!(howe("15 2 * * *")[0], "2027-10-03 02:30:00+11:00");
    assert_eq!(howe("30 2 * * *")[0], "2027-10-03 02:30:00+11:00");
    assert_eq!(howe("45 2 * * *")[0], "2027-10-03 02:45:00+11:00");
    let back = |text| {
        let after = "2027-04-03T14:00:00Z";
        by(text, "Australia/Lord_Howe", DstGap::RunAfter, DstOverlap::First, after)
    };
    let wanted = ["2027-04-04 01:45:00+11:00", "2027-04-04 01:45:00+10:30 Fold"];
    assert_eq!(back("45 1 * * *")[..2], wanted);
    assert_eq!(back("15 1 * * *")[0], "2027-04-04 01:15:00+11:00");
    assert_eq!(back("15 1 * * *")[1], "2027-04-05 01:15:00+10:30");
}

#[test]
fn a_midnight_that_is_not() {
    for (zone, after, wanted) in [
        ("Asia/Beirut", "2024-03-30T12:00:00Z", "2024-03-31 01:00:00+03:00"),
        ("Africa/Cairo", "2024-04-25T12:00:00Z", "2024-04-26 01:00:00+03:00"),
        ("America/Sao_Paulo", "2018-11-03T12:00:00Z", "2018-11-04 01:00:00-02:00"),
    ] {
        for text in ["@daily", "0 0 * * *", "30 0 * * *"] {
            let slots = by(text, zone, DstGap::RunAfter, DstOverlap::First, after);
            assert_eq!(slots[0], wanted, "{zone} {text}");
        }
    }
}

/// On 2018-02-18 the clock went back at midnight: 23:00 to 24:00 of the 17th came twice.
#[test]
fn an_overlap_before_midnight() {
    let after = "2018-02-18T00:00:00Z";
    let late = by("30 23 * * *", "America/Sao_Paulo", DstGap::RunAfter, DstOverlap::First, after);
    let wanted = [
        "2018-02-17 23:30:00-02:00",
        "2018-02-17 23:30:00-03:00 Fold",
        "2018-02-18 23:30:00-03:00",
    ];
    assert_eq!(late, wanted);
    let daily = by("@daily", "America/Sao_Paulo", DstGap::RunAfter, DstOverlap::First, after);
    assert_eq!(daily[0], "2018-02-18 00:00:00-03:00", "it is shown once");
}

/// Samoa left out 2011-12-30.
#[test]
fn a_day_that_is_not() {
    let apia = |text, gap| by(text, "Pacific/Apia", gap, DstOverlap::First, "2011-12-29T20:00:00Z");
    let after = ["2011-12-31 00:00:00+14:00", "2011-12-31 07:00:00+14:00"];
    assert_eq!(apia("0 7 * * *", DstGap::RunAfter)[..2], after[..]);
    let skipped = apia("0 7 * * *", DstGap::Skip);
    assert_eq!(skipped[0], format!("{} Gap", after[0]));
    assert_eq!(apia("0 7 31 * *", DstGap::RunAfter)[0], after[1], "nothing of it was leapt over");
    assert_eq!(apia("0 0 * * *", DstGap::Skip)[0], after[0], "midnight is itself");
}

#[test]
fn changes_of_the_clock_are_told() {
    let plan = plan(&cron("@daily", "Europe/Sofia"));
    let year = (ms("2027-01-01T00:00:00Z"), ms("2028-01-01T00:00:00Z"));
    let changes: Vec<_> = plan.changes(year.0, year.1).collect();
    let told = |at: &str, before, after| crate::schedule::Change { at_ms: ms(at), before, after };
    let wanted =
        [told("2027-03-28T01:00:00Z", 7200, 10800), told("2027-10-31T01:00:00Z", 10800, 7200)];
    assert_eq!(changes, wanted);
}
