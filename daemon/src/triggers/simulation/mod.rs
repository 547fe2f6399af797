//! Days of a firm with 1,000 workflows, in simulated time: about a million fires a day, while
//! the daemon is killed, stays away, stalls and loses what it was told, while clocks are set,
//! people fill in slots, restore backups and forgive clocks, and summer time begins and ends. The agenda, the plans and the decisions are the daemon's
//! own; which slots there are says a [`witness`] that counts minutes. Each slot must have one
//! fate that lasts, whatever happens.
//!
//! `RPA_SEED` repeats a day, `RPA_SEEDS` and `RPA_MINUTES` make more of them, `RPA_DAYS` makes
//! each longer.

mod firm;
mod witness;

use firm::Firm;

use crate::store::faults::Random;

const WORKFLOWS: usize = 1_000;
/// In each of them clocks change somewhere: the ends and the beginnings of summer time of
/// Europe, America and Lord Howe, whose is half an hour.
const DAYS: [&str; 6] = [
    "2026-10-24T18:00:00Z",
    "2027-03-27T18:00:00Z",
    "2026-11-01T00:00:00Z",
    "2027-03-14T00:00:00Z",
    "2027-04-03T06:00:00Z",
    "2026-10-03T06:00:00Z",
];

#[test]
fn slots_expected_are_slots_accounted_on_days_of_a_firm() {
    let days = std::env::var("RPA_DAYS").ok().map_or(1, |days| days.parse().expect("a number"));
    for seed in Random::range(1) {
        let begin = DAYS[usize::try_from(seed).expect("a few seeds") % DAYS.len()];
        let begin: jiff::Timestamp = begin.parse().expect("RFC 3339");
        eprintln!("RPA_SEED={seed}");
        let begin_ms = u64::try_from(begin.as_millisecond()).expect("after 1970");
        let mut firm = Firm::new(seed, WORKFLOWS, begin_ms);
        for day in 1..=days {
            firm.live_a_day();
            let held = firm.held();
            // what is kept of a schedule does not grow with its age
            assert!(held < 20 * WORKFLOWS, "day {day}: {held} slots and runs are held");
        }
        firm.come_to_rest();
        let least = WORKFLOWS as u64 * 1_000 * days;
        assert!(firm.fires >= least, "{} fires are no {days} days", firm.fires);
        eprintln!("{} fires of {} slots, {}", firm.fires, firm.slots, firm.told());
    }
}
